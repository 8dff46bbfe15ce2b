//! Answers over HTTP: which status, which type, and whether there is a `data` key.

use async_graphql::{Response as Executed, ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::errors::{self, code, retry_after};
use super::negotiate::Format;

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
    let wait = retry_after(std::slice::from_ref(error));
    later(dressed(errors::body(std::slice::from_ref(error)).into_response(), status, format), wait)
}

/// Says when to try again, in the header that programs look for.
fn later(mut response: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
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
    use crate::http::errors::{internal, mistake, refusal};

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
