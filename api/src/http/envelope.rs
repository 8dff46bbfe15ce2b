//! What every answer has: an id to quote, headers that browsers heed, a place in the counters; and an answer at all,
//! even where the code behind it panics.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::Http;
use super::answer::{problem, settle_encoding};
use super::errors::{coded, internal, mistake};
use crate::config::Settings;

/// The header with the id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Every origin, among those that are allowed.
pub(super) const ANY_ORIGIN: &str = "*";
/// No page of another site keeps a hold on ours, or takes in what we serve; those that may ask do so by CORS.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Pages that need more say so themselves.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

/// The id of one request: ours alone, whatever the client sends.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestId(pub(super) Arc<str>);

impl RequestId {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let mut bytes = [0_u8; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Unique in this process is enough to find a line in its log.
            bytes = u128::from(COUNT.fetch_add(1, Ordering::Relaxed)).to_be_bytes();
        }
        Self(URL_SAFE_NO_PAD.encode(bytes).into())
    }
}

/// Wraps the answering of one request.
pub(super) async fn wrap(State(http): State<Arc<Http>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new();
    request.extensions_mut().insert(id.clone());
    settle_encoding(request.headers_mut());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!(request = &*id.0, "a request panicked");
        problem(StatusCode::INTERNAL_SERVER_ERROR, &internal(&id.0))
    });
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE, HeaderValue::from_static("same-origin"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(POLICY);
    if http.app.settings.public_url.as_deref().is_some_and(|url| url.starts_with("https://")) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    http.counters.answered(response.status());
    response
}

/// Which pages of other sites may call us from a browser. No cookies are involved.
pub(super) fn cors(settings: &Settings) -> CorsLayer {
    use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
    let known = &settings.allowed_origins;
    let origins = if known.iter().any(|origin| origin == ANY_ORIGIN) {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(known.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
        .expose_headers([REQUEST_ID, RETRY_AFTER])
        .max_age(std::time::Duration::from_mins(10))
}

/// There is nothing at this address.
pub(super) async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, &coded("NOT_FOUND", "There is nothing at this address."))
}

/// There is, but not for this method.
pub(super) async fn wrong_method() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, &mistake("This address does not serve that method."))
}
