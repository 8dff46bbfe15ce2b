//! What the transport counts, and `/metrics`, where Prometheus reads it.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use async_graphql::parser::types::OperationType;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::Http;

/// The statuses there are: from 100 to 599.
const STATUSES: usize = 500;

/// Counters of one process. Reading them never waits for a request.
pub(super) struct Counters {
    requests: Vec<AtomicU64>,
    queries: AtomicU64,
    mutations: AtomicU64,
    subscriptions: AtomicU64,
    refused: AtomicU64,
    operations_open: AtomicI64,
    sockets: AtomicU64,
    sockets_open: AtomicI64,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            requests: (0..STATUSES).map(|_| AtomicU64::new(0)).collect(),
            queries: AtomicU64::default(),
            mutations: AtomicU64::default(),
            subscriptions: AtomicU64::default(),
            refused: AtomicU64::default(),
            operations_open: AtomicI64::default(),
            sockets: AtomicU64::default(),
            sockets_open: AtomicI64::default(),
        }
    }
}

impl Counters {
    pub(super) fn answered(&self, status: StatusCode) {
        let place = usize::from(status.as_u16()).saturating_sub(100);
        if let Some(counter) = self.requests.get(place) {
            counter.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    fn text(&self) -> String {
        let mut text = String::new();
        metric(&mut text, "ridgeline_http_requests_total", "counter", "Requests answered, by status.");
        for (status, counter) in (100..).zip(&self.requests) {
            let count = counter.load(Relaxed);
            if count > 0 {
                line(&mut text, &format!("ridgeline_http_requests_total{{status=\"{status}\"}}"), count);
            }
        }
        metric(&mut text, "ridgeline_graphql_operations_total", "counter", "Operations executed, by kind.");
        let kinds = [("query", &self.queries), ("mutation", &self.mutations), ("subscription", &self.subscriptions)];
        for (kind, counter) in kinds {
            line(&mut text, &format!("ridgeline_graphql_operations_total{{kind=\"{kind}\"}}"), counter.load(Relaxed));
        }
        metric(&mut text, "ridgeline_graphql_refusals_total", "counter", "Documents refused before anything ran.");
        line(&mut text, "ridgeline_graphql_refusals_total", self.refused.load(Relaxed));
        metric(
            &mut text,
            "ridgeline_graphql_operations_open",
            "gauge",
            "Operations under way, subscriptions included.",
        );
        line(&mut text, "ridgeline_graphql_operations_open", self.operations_open.load(Relaxed));
        metric(&mut text, "ridgeline_sockets_total", "counter", "WebSockets opened.");
        line(&mut text, "ridgeline_sockets_total", self.sockets.load(Relaxed));
        metric(&mut text, "ridgeline_sockets_open", "gauge", "WebSockets open.");
        line(&mut text, "ridgeline_sockets_open", self.sockets_open.load(Relaxed));
        text
    }
}

fn metric(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "{name} {value}");
}

/// Something that is open until this is dropped.
pub(super) struct Open {
    http: Arc<Http>,
    gauge: fn(&Counters) -> &AtomicI64,
}

impl Open {
    pub(super) fn socket(http: &Arc<Http>) -> Self {
        http.counters.sockets.fetch_add(1, Relaxed);
        Self::new(http, |counters| &counters.sockets_open)
    }

    pub(super) fn operation(http: &Arc<Http>, kind: OperationType) -> Self {
        let counter = match kind {
            OperationType::Query => &http.counters.queries,
            OperationType::Mutation => &http.counters.mutations,
            OperationType::Subscription => &http.counters.subscriptions,
        };
        counter.fetch_add(1, Relaxed);
        Self::new(http, |counters| &counters.operations_open)
    }

    fn new(http: &Arc<Http>, gauge: fn(&Counters) -> &AtomicI64) -> Self {
        gauge(&http.counters).fetch_add(1, Relaxed);
        Self { http: http.clone(), gauge }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        (self.gauge)(&self.http.counters).fetch_sub(1, Relaxed);
    }
}

/// `GET /metrics`.
pub(super) async fn serve(State(http): State<Arc<Http>>) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], http.counters.text()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_happened() {
        let counters = Counters::default();
        counters.answered(StatusCode::OK);
        counters.answered(StatusCode::OK);
        counters.answered(StatusCode::PAYLOAD_TOO_LARGE);
        counters.refused();
        let text = counters.text();
        assert!(text.contains("ridgeline_http_requests_total{status=\"200\"} 2\n"));
        assert!(text.contains("ridgeline_http_requests_total{status=\"413\"} 1\n"));
        assert!(!text.contains("status=\"404\""));
        assert!(text.contains("ridgeline_graphql_refusals_total 1\n"));
        assert!(text.lines().all(|line| line.starts_with("# ") || line.split(' ').count() == 2));
    }
}
