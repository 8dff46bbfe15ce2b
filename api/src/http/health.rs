//! `/healthz` says that the process runs, `/readyz` that it can serve: the database answers and is migrated.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Extension, http::HeaderValue};
use tokio::time::timeout;

use super::Http;
use super::answer::problem;
use super::envelope::RequestId;
use super::errors::blamed;

/// Whoever asks decides within seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`.
pub(super) async fn alive() -> Response {
    well("alive")
}

/// `GET /readyz`.
pub(super) async fn ready(State(http): State<Arc<Http>>, Extension(id): Extension<RequestId>) -> Response {
    let cause = match timeout(PATIENCE, http.app.ready()).await {
        Ok(Ok(())) => return well("ready"),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the database does not answer".to_owned(),
    };
    tracing::warn!(request = &*id.0, cause, "not ready");
    problem(StatusCode::SERVICE_UNAVAILABLE, &blamed("The database is not reachable, or not migrated.", &id.0))
}

fn well(status: &str) -> Response {
    let mut response = serde_json::json!({ "status": status }).to_string().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
