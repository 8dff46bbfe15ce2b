//! Answers over HTTP: which status, which type, and whether there is a `data` key.

use async_graphql::{Response as Executed, ServerError};
use async_graphql_axum::GraphQLResponse;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::errors::{self, code};
use super::negotiate::Format;

/// What came of an executed operation, its data null or not.
pub(super) fn executed(format: Format, response: Executed) -> Response {
    dressed(GraphQLResponse::from(response).into_response(), StatusCode::OK, format)
}

/// A document that was not executed. Under `application/json` the request was well-formed and so gets 200, as older
/// clients expect; nowhere is there a `data` key.
pub(super) fn refused(format: Format, errors: &[ServerError]) -> Response {
    let status = if errors.iter().any(|error| code(error) == Some("INTERNAL")) {
        StatusCode::INTERNAL_SERVER_ERROR
    } else if format == Format::Json {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    dressed(errors::body(errors).into_response(), status, format)
}

/// What is not a GraphQL request, or not one that can be served now: the status tells whatever the format.
pub(super) fn failed(format: Format, status: StatusCode, error: &ServerError) -> Response {
    dressed(errors::body(std::slice::from_ref(error)).into_response(), status, format)
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
    use crate::http::errors::{internal, mistake};

    #[test]
    fn the_status_tells_under_the_new_type_only() {
        let errors = [mistake("No.")];
        assert_eq!(refused(Format::Json, &errors).status(), StatusCode::OK);
        assert_eq!(refused(Format::GraphQl, &errors).status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused(Format::Json, &[internal("r")]).status(), StatusCode::INTERNAL_SERVER_ERROR);
        let response = executed(Format::GraphQl, Executed::new(async_graphql::Value::Null));
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    }
}
