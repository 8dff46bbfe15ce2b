//! Answers over HTTP: which status, which type, and whether there is a `data` key.

use async_graphql::{Response as Executed, ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_TYPE, ETAG, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

use super::errors::{self, code, retry_after};
use super::negotiate::{Format, takes_gzip};

/// Bytes from which on an answer is compressed: fewer go into one packet anyway.
const WORTHWHILE: u64 = 1024;
/// Seconds after which what could not be served is worth another try.
const SOON: u64 = 5;

/// What came of an executed operation, its data null or not. Where nothing at all came of it because it was asked for
/// too often, the status says so under the new type.
pub(super) fn executed(format: Format, response: Executed) -> Response {
    let limited = |error: &ServerError| code(error) == Some("RATE_LIMITED");
    let nothing = response.data == Value::Null && !response.errors.is_empty();
    let status = if nothing && format == Format::GraphQl && response.errors.iter().all(limited) {
        StatusCode::TOO_MANY_REQUESTS
    } else {
        StatusCode::OK
    };
    let wait = retry_after(&response.errors);
    later(dressed(GraphQLResponse::from(response).into_response(), status, format), wait)
}

/// A document that was not executed. Under `application/json` the request was well-formed and so gets 200, as older
/// clients expect; nowhere is there a `data` key.
pub(super) fn refused(format: Format, errors: &[ServerError]) -> Response {
    let has = |wanted: &str| errors.iter().any(|error| code(error) == Some(wanted));
    let status = match format {
        _ if has("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        Format::Json => StatusCode::OK,
        Format::GraphQl if has("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Format::GraphQl if has("FORBIDDEN") => StatusCode::FORBIDDEN,
        Format::GraphQl => StatusCode::BAD_REQUEST,
    };
    let mut response = dressed(errors::body(errors).into_response(), status, format);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// What is not a GraphQL request, or not one that can be served now: the status tells whatever the format.
pub(super) fn failed(format: Format, status: StatusCode, error: &ServerError) -> Response {
    let told = retry_after(std::slice::from_ref(error));
    let wait = told.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(SOON));
    later(dressed(errors::body(std::slice::from_ref(error)).into_response(), status, format), wait)
}

/// Says when to try again, in the header that programs look for.
fn later(mut response: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// An answer that may hold a secret, and so is not compressed: its length would tell of what is in it.
#[derive(Clone, Copy)]
struct Plain;

/// What came of a mutation. Tokens are given out by mutations alone.
pub(super) fn plain(mut response: Response) -> Response {
    response.extensions_mut().insert(Plain);
    response
}

/// Makes plain what a client says of encodings, if anything: `gzip` or not. Whoever refuses what is not compressed is
/// answered as it is all the same (RFC 9110 12.5.3 allows it): by then the request has been carried out.
pub(super) fn settle_encoding(headers: &mut HeaderMap) {
    let Some(takes) = takes_gzip(headers) else { return };
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(if takes { "gzip" } else { "identity" }));
}

/// Compresses what is worth it, for clients that accept it; never what may hold a secret, nor the files that are kept
/// compressed or by their tag.
pub(super) fn compression() -> CompressionLayer<impl Predicate> {
    let may = |_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions| {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_text = kind.starts_with("text/") || kind.contains("json") || kind.contains("javascript");
        is_text && !headers.contains_key(ETAG) && extensions.get::<Plain>().is_none()
    };
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(WORTHWHILE).and(may))
}

/// The same outside of GraphQL: one shape for all errors.
pub(super) fn problem(status: StatusCode, error: &ServerError) -> Response {
    failed(Format::Json, status, error)
}

fn dressed(mut response: Response, status: StatusCode, format: Format) -> Response {
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    // Answers are for whoever asked, and of this moment.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("accept, authorization"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::http::errors::{coded, internal, mistake, refusal};

    #[test]
    fn the_status_tells_under_the_new_type_only() {
        let errors = [mistake("No.")];
        assert_eq!(refused(Format::Json, &errors).status(), StatusCode::OK);
        assert_eq!(refused(Format::GraphQl, &errors).status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused(Format::Json, &[internal("r")]).status(), StatusCode::INTERNAL_SERVER_ERROR);
        let nobody = refused(Format::GraphQl, &[coded("UNAUTHENTICATED", "Who?")]);
        assert_eq!(
            (nobody.status(), nobody.headers()[WWW_AUTHENTICATE].as_bytes()),
            (StatusCode::UNAUTHORIZED, &b"Bearer"[..])
        );
        assert_eq!(refused(Format::GraphQl, &[coded("FORBIDDEN", "No.")]).status(), StatusCode::FORBIDDEN);
        let late = failed(Format::Json, StatusCode::SERVICE_UNAVAILABLE, &internal("r"));
        assert_eq!(late.headers()[RETRY_AFTER], HeaderValue::from(SOON));
        let response = executed(Format::GraphQl, Executed::new(async_graphql::Value::Null));
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn too_often_is_a_status_where_nothing_came_of_it() {
        let error = Error::RateLimited { message: "Later.".into(), retry_after: 7 };
        let only = || Executed::from_errors(vec![refusal(&error, "r")]);
        let answer = executed(Format::GraphQl, only());
        assert_eq!(
            (answer.status(), &answer.headers()[RETRY_AFTER]),
            (StatusCode::TOO_MANY_REQUESTS, &"7".parse().unwrap())
        );
        let answer = executed(Format::Json, only());
        assert_eq!((answer.status(), &answer.headers()[RETRY_AFTER]), (StatusCode::OK, &"7".parse().unwrap()));
        let mut partial = only();
        partial.data = Value::from_json(serde_json::json!({ "a": 1, "b": null })).unwrap();
        assert_eq!(executed(Format::GraphQl, partial).status(), StatusCode::OK, "something came of it");
        let mut two = only();
        two.errors.push(mistake("No."));
        assert_eq!(executed(Format::GraphQl, two).status(), StatusCode::OK, "something else went wrong as well");
    }
}
