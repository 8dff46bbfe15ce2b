//! The one shape of every error that leaves the server: a sentence, and `extensions.code`.
//!
//! What a resolver refused carries its code already. The library's own errors get one here; what is left is our fault
//! and is masked: its text goes to the log, and the client gets the request's id to quote.

use std::fmt::Display;

use async_graphql::parser::types::OperationType;
use async_graphql::{Pos, Response, ServerError, Value};

use crate::error::{Error, INTERNAL};
use crate::in_place::TOO_MUCH;

/// The mistakes of one document that are worth telling at once.
const TOLD: usize = 20;

/// An error of ours with its code.
pub(super) fn coded(code: &str, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    error
}

/// The request is wrong in a way that its sender can mend.
pub(super) fn mistake(message: impl Into<String>) -> ServerError {
    coded("BAD_USER_INPUT", message)
}

/// The same of what stands at one place of the document.
pub(super) fn mistake_at(pos: Pos, message: impl Into<String>) -> ServerError {
    let mut error = mistake(message);
    error.locations = vec![pos];
    error
}

/// The request is larger than the server serves.
pub(super) fn limit(what: &str, found: impl Display, most: impl Display) -> ServerError {
    coded("LIMIT_EXCEEDED", format!("This document has {found} {what}; at most {most} are served."))
}

/// One of our own errors as the transport's, its cause masked where it is not for clients.
pub(super) fn refusal(error: &Error, request: &str) -> ServerError {
    let mut refusal = ServerError::new(error.to_string(), None);
    refusal.extensions = Some(error.extensions());
    if error.code() == "INTERNAL" {
        tracing::error!(request, cause = %error, "internal error");
        mask(&mut refusal, request);
    }
    refusal
}

/// After how many seconds it is worth trying again, if one of the errors says so.
pub(super) fn retry_after(errors: &[ServerError]) -> Option<u64> {
    let told = |error: &ServerError| match error.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    };
    errors.iter().filter_map(told).max()
}

/// Our fault: nothing but the request's id.
pub(super) fn internal(request: &str) -> ServerError {
    blamed(INTERNAL, request)
}

/// Our fault, with something that the client does well to know.
pub(super) fn blamed(message: &str, request: &str) -> ServerError {
    let mut error = coded("INTERNAL", message);
    error.extensions.get_or_insert_default().set("requestId", request);
    error
}

/// Told once, where an answer was stopped on its way: it has a path, since it was executed. What else went wrong with a
/// mutation is told beside it.
pub(super) fn too_much(kind: OperationType, most: u64, errors: Vec<ServerError>) -> Vec<ServerError> {
    let (stopped, mut others): (Vec<_>, Vec<_>) = errors.into_iter().partition(|error| error.message == TOO_MUCH);
    if kind != OperationType::Mutation {
        others.clear();
    }
    let done = kind == OperationType::Mutation && others.is_empty();
    let mut message =
        format!("The answer would have more than {most} fields, which is the most that is sent: ask for less.");
    if done {
        message.push_str(" What was asked for has been done.");
    }
    let mut error = coded("LIMIT_EXCEEDED", message);
    error.path = stopped.into_iter().find_map(|error| error.path.into_iter().next()).into_iter().collect();
    others.push(error);
    others
}

/// It took longer than it may.
pub(super) fn late(kind: OperationType, id: &str) -> ServerError {
    let message = match kind {
        OperationType::Mutation => "This took too long. It may still be carried out: read before you try again.",
        _ => "This took too long. Ask for less at a time, or try again later.",
    };
    blamed(message, id)
}

/// What the parser did not understand, in one line instead of a drawing.
pub(super) fn syntax(error: &async_graphql::parser::Error) -> ServerError {
    let text = error.to_string();
    let reason = text.rsplit_once("= ").map_or(text.as_str(), |(_, reason)| reason).trim().replace('_', " ");
    let mut refusal = mistake(format!("This is not a GraphQL document: {}.", reason.trim_end_matches('.')));
    refusal.locations = error.positions().collect();
    refusal
}

/// The JSON that answers a request which was not executed.
pub(super) fn body(errors: &[ServerError]) -> String {
    #[derive(serde::Serialize)]
    struct Body<'a> {
        errors: &'a [ServerError],
    }
    // Errors are made of texts and numbers, which always have a JSON form.
    serde_json::to_string(&Body { errors }).unwrap_or_default()
}

/// The code of an error, once it has one.
pub(super) fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// True when the document was refused as a whole, so that nothing was executed: only then do errors have no path.
pub(super) fn was_refused(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Gives every error of a response its code, and masks what must not be told.
pub(super) fn settle(response: &mut Response, request: &str) {
    if was_refused(response) {
        response.errors = distinct(std::mem::take(&mut response.errors));
    }
    for error in &mut response.errors {
        settle_one(error, request);
    }
}

/// The library looks over a document twice, and may tell one mistake thousands of times.
fn distinct(errors: Vec<ServerError>) -> Vec<ServerError> {
    let mut told: Vec<ServerError> = Vec::new();
    for error in errors {
        if told.len() == TOLD {
            break;
        }
        if !told.contains(&error) {
            told.push(error);
        }
    }
    told
}

fn settle_one(error: &mut ServerError, request: &str) {
    if let Some(ours) = error.source::<Error>() {
        if ours.code() == "INTERNAL" {
            tracing::error!(request, path = ?error.path, cause = %ours, "internal error");
        }
        error.extensions = Some(ours.extensions());
    }
    match code(error) {
        Some("INTERNAL") => mask(error, request),
        Some(_) => {}
        None if error.path.is_empty() || is_coercion(&error.message) => {
            error.extensions.get_or_insert_default().set("code", "BAD_USER_INPUT");
        }
        None => {
            tracing::error!(request, path = ?error.path, cause = error.message, "an error without a code");
            mask(error, request);
        }
    }
}

fn mask(error: &mut ServerError, request: &str) {
    let masked = internal(request);
    error.message = masked.message;
    error.extensions = masked.extensions;
    error.source = None;
}

/// Values that do not fit their type are found at execution when they come from a variable's default or a scalar of
/// ours; the library tells them by its words alone.
fn is_coercion(message: &str) -> bool {
    message.starts_with("Failed to parse \"")
        || message.starts_with("Expected input type \"")
        || (message.starts_with("Variable ") && message.ends_with(" is not defined."))
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    fn settled(error: ServerError) -> ServerError {
        let mut response = Response::from_errors(vec![error]);
        settle(&mut response, "r1");
        response.errors.remove(0)
    }

    fn at_field(message: &str) -> ServerError {
        ServerError::new(message, None).with_path(vec![PathSegment::Field("viewer".into())])
    }

    #[test]
    fn the_librarys_errors_get_a_code() {
        for error in [
            ServerError::new("Unknown field \"x\" on type \"Query\".", None),
            at_field("Failed to parse \"Int\": too large"),
            at_field("Expected input type \"ID\", found true. (occurred while parsing \"LoginInput\")"),
        ] {
            let settled = settled(error.clone());
            assert_eq!(code(&settled), Some("BAD_USER_INPUT"));
            assert_eq!(settled.message, error.message);
        }
    }

    #[test]
    fn our_own_failures_are_masked() {
        let mut internal = at_field("secret");
        internal.extensions.get_or_insert_default().set("code", "INTERNAL");
        for error in [internal, at_field("connection to 10.0.0.1 refused")] {
            let settled = settled(error);
            assert_eq!(settled.message, INTERNAL);
            let extensions = settled.extensions.unwrap();
            assert_eq!(extensions.get("code"), Some(&Value::from("INTERNAL")));
            assert_eq!(extensions.get("requestId"), Some(&Value::from("r1")));
        }
    }

    #[test]
    fn mistakes_are_told_once_and_not_without_end() {
        let mut response = Response::from_errors(vec![ServerError::new("A", None), ServerError::new("A", None)]);
        settle(&mut response, "r1");
        assert_eq!(response.errors.len(), 1);
        let many = (0..1000).map(|n| ServerError::new(n.to_string(), None)).collect();
        let mut response = Response::from_errors(many);
        settle(&mut response, "r1");
        assert_eq!(response.errors.len(), TOLD);
    }

    #[test]
    fn a_syntax_error_is_one_line() {
        let error = syntax(&async_graphql::parser::parse_query("{ a ( }").unwrap_err());
        assert!(!error.message.contains('\n'), "{}", error.message);
        assert_eq!(error.locations.len(), 1);
        assert_eq!(code(&error), Some("BAD_USER_INPUT"));
    }

    #[test]
    fn a_body_has_no_data_key() {
        assert_eq!(
            body(&[mistake("Say what.")]),
            r#"{"errors":[{"message":"Say what.","extensions":{"code":"BAD_USER_INPUT"}}]}"#
        );
    }
}
