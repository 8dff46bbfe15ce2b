//! `GET` and `POST /graphql`, after the GraphQL-over-HTTP specification.

use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::StreamExt;

use super::Http;
use super::answer::{executed, failed, plain, problem, refused};
use super::caller::{Sender, bearer};
use super::errors::{code, coded, internal, mistake};
use super::limits::refusals;
use super::negotiate::{Format, accepted, check_body};
use super::operation::{Operation, Outcome};
use super::request::Params;
use crate::data::sessions::Session;
use crate::error::Error;

/// Answers a request to `/graphql`.
pub(super) async fn serve(State(http): State<Arc<Http>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(format) = accepted(&parts.headers) else {
        let message = "Answers are `application/json` or `application/graphql-response+json`: accept one of them.";
        return problem(StatusCode::NOT_ACCEPTABLE, &mistake(message));
    };
    match answer(&http, format, &parts, body).await {
        Ok(response) => response,
        Err(response) => *response,
    }
}

async fn answer(http: &Arc<Http>, format: Format, parts: &Parts, body: Body) -> Result<Response, Box<Response>> {
    let fail = |status, message: &str| Box::new(failed(format, status, &mistake(message)));
    let params = match parts.method {
        Method::GET | Method::HEAD => Params::from_uri(&parts.uri),
        Method::POST => {
            check_body(&parts.headers).map_err(|message| fail(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))?;
            Params::from_body(&read(http, format, &parts.headers, body).await?)
        }
        _ => return Err(allow("GET, POST", fail(StatusCode::METHOD_NOT_ALLOWED, "Use GET or POST."))),
    };
    let params = params.map_err(|malformed| fail(StatusCode::BAD_REQUEST, &malformed.0))?;
    let sender = Sender::new(&parts.headers, &parts.extensions, &http.app.settings.trusted_proxies);
    let session = session(http, format, &parts.headers, &sender).await?;
    let operation = match Operation::prepare(http, params, session, &sender) {
        Ok(operation) => operation,
        Err(errors) => {
            refusals(http, &errors, &sender).await;
            return Ok(refused(format, &errors));
        }
    };
    match operation.kind {
        OperationType::Mutation if parts.method != Method::POST => {
            let response = fail(StatusCode::METHOD_NOT_ALLOWED, "Mutations change data: send them with POST.");
            return Err(allow("POST", response));
        }
        OperationType::Subscription => {
            http.counters.refused();
            let refusal = mistake("Subscriptions are served over WebSocket, at `/graphql/ws`.");
            return Ok(refused(format, &[refusal]));
        }
        _ => {}
    }
    let dress = if operation.kind == OperationType::Query { std::convert::identity } else { plain };
    Ok(match operation.run(http).await {
        Outcome::Executed(response) => dress(executed(format, response)),
        Outcome::Refused(errors) => {
            http.counters.refused();
            refused(format, &errors)
        }
        Outcome::Late(error) => failed(format, StatusCode::SERVICE_UNAVAILABLE, &error),
        Outcome::Broken(error) => failed(format, StatusCode::INTERNAL_SERVER_ERROR, &error),
        Outcome::TooMuch(error) => failed(format, not_now(&error), &error),
    })
}

/// Too much was asked for, or whether it was could not be found out.
fn not_now(error: &ServerError) -> StatusCode {
    let limited = code(error) == Some("RATE_LIMITED");
    if limited { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::SERVICE_UNAVAILABLE }
}

#[expect(clippy::unnecessary_box_returns, reason = "it is an error on its way, and errors are kept small")]
fn allow(methods: &'static str, mut response: Box<Response>) -> Box<Response> {
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}

/// A missing, bad or expired token is nobody's: the fields refuse, so that signing in still works.
async fn session(
    http: &Arc<Http>,
    format: Format,
    headers: &HeaderMap,
    sender: &Sender,
) -> Result<Option<Session>, Box<Response>> {
    let Some(token) = bearer(headers) else { return Ok(None) };
    let found = tokio::time::timeout(http.app.settings.request_timeout, http.app.authenticate(token)).await;
    found.unwrap_or_else(|_| Err(Error::internal("it took too long"))).map_err(|error| {
        tracing::error!(request = &*sender.id, cause = %error, "a session could not be read");
        Box::new(failed(format, StatusCode::SERVICE_UNAVAILABLE, &internal(&sender.id)))
    })
}

/// The whole body, as long as it is neither larger nor slower than it may be.
async fn read(http: &Http, format: Format, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Box<Response>> {
    let most = http.app.settings.limits.body_bytes;
    let too_large = || {
        let message = format!("The request's body is larger than {most} bytes, which is the most that is read.");
        Box::new(failed(format, StatusCode::PAYLOAD_TOO_LARGE, &coded("LIMIT_EXCEEDED", message)))
    };
    let broken = |status, message| Box::new(failed(format, status, &mistake(message)));
    let told = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let reading = async {
        let mut whole = Vec::with_capacity(told.unwrap_or_default());
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| broken(StatusCode::BAD_REQUEST, "The request's body broke off."))?;
            if whole.len() + chunk.len() > most {
                return Err(too_large());
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole)
    };
    tokio::time::timeout(http.app.settings.request_timeout, reading)
        .await
        .unwrap_or_else(|_| Err(broken(StatusCode::REQUEST_TIMEOUT, "The request's body did not arrive in time.")))
}
