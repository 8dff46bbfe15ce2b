//! The messages of the sub-protocol `graphql-transport-ws`, and the codes that a socket is closed with.

use std::borrow::Cow;

use async_graphql::{Response, ServerError};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::request::Params;

/// The sub-protocol's name.
pub(super) const NAME: &str = "graphql-transport-ws";
/// What a close frame has room for.
const REASON: usize = 123;
/// Letters of an operation's id.
const ID: usize = 256;

/// Why the server closes a socket. Clients try again after 1012, 1013, 4403 and 4408, and give up after the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    pub(super) const NOT_UTF8: Self = Self::new(1007, "Text must be UTF-8");
    pub(super) const BROKEN_FRAME: Self = Self::new(1002, "Protocol error");
    pub(super) const TOO_LARGE: Self = Self::new(1009, "Message too large");
    pub(super) const STOPPING: Self = Self::new(1012, "Service restart");
    pub(super) const TRY_LATER: Self = Self::new(1013, "Try again later");
    pub(super) const BINARY: Self = Self::new(4400, "Messages must be text");
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    pub(super) const WRONG_PROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub(super) const NO_INIT: Self = Self::new(4408, "Connection initialisation timeout");
    pub(super) const SECOND_INIT: Self = Self::new(4429, "Too many initialisation requests");

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self { code: 4400, reason: Cow::Owned(reason.into()) }
    }

    pub(super) fn duplicate(id: &str) -> Self {
        Self { code: 4409, reason: Cow::Owned(format!("Subscriber for {id} already exists")) }
    }

    /// The reason, cut to what a close frame has room for.
    pub(super) fn reason(&self) -> &str {
        let end = (0..=REASON).rev().find(|end| self.reason.is_char_boundary(*end)).unwrap_or_default();
        self.reason.get(..end.min(self.reason.len())).unwrap_or(&self.reason)
    }
}

/// A message from a client.
#[derive(Debug)]
pub(super) enum Incoming {
    /// With the value of `authorization`, if the payload has one.
    Init(Option<String>),
    Ping(Option<Value>),
    Pong,
    Subscribe(String, Params),
    Complete(String),
}

impl Incoming {
    /// Reads a message; any that the protocol does not know ends the socket with a reason.
    pub(super) fn read(text: &str) -> Result<Self, Close> {
        let Ok(value) = serde_json::from_str(text) else { return Err(Close::invalid("Messages must be JSON")) };
        let Value::Object(mut message) = value else { return Err(Close::invalid("Messages must be JSON objects")) };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Err(Close::invalid("Messages must have a `type`, a string"));
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(payload(&mut message)?.and_then(authorization))),
            "ping" => Ok(Self::Ping(payload(&mut message)?.map(Value::Object))),
            "pong" => payload(&mut message).map(|_| Self::Pong),
            "complete" => id(&mut message).map(Self::Complete),
            "subscribe" => {
                let id = id(&mut message)?;
                let payload = message.remove("payload").unwrap_or_default();
                let params = Params::from_json(payload).map_err(|malformed| Close::invalid(malformed.0))?;
                Ok(Self::Subscribe(id, params))
            }
            kind => Err(Close::invalid(format!("Clients do not send messages of type `{kind}`"))),
        }
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=ID).contains(&id.len()) => Ok(id),
        _ => Err(Close::invalid(format!("An operation needs an `id`, a string of 1 to {ID} bytes"))),
    }
}

fn payload(message: &mut Map<String, Value>) -> Result<Option<Map<String, Value>>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Close::invalid("A `payload` must be an object")),
    }
}

fn authorization(payload: Map<String, Value>) -> Option<String> {
    payload.into_iter().find_map(|(key, value)| match value {
        Value::String(text) if key.eq_ignore_ascii_case("authorization") => Some(text),
        _ => None,
    })
}

/// The answer to `connection_init`.
pub(super) const ACK: &str = r#"{"type":"connection_ack"}"#;

/// The answer to a client's `ping`, with what it carried.
pub(super) fn pong(payload: Option<&Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

/// A result of an operation.
pub(super) fn next(id: &str, response: &Response) -> String {
    message("next", id, response)
}

/// Why an operation was not executed, or cannot go on. It ends the operation.
pub(super) fn error(id: &str, errors: &[ServerError]) -> String {
    message("error", id, errors)
}

fn message(kind: &'static str, id: &str, payload: impl Serialize) -> String {
    #[derive(Serialize)]
    struct Message<'a, P> {
        id: &'a str,
        r#type: &'static str,
        payload: P,
    }
    // Only a map with keys other than texts has no JSON form, and there is none here.
    serde_json::to_string(&Message { id, r#type: kind, payload }).unwrap_or_default()
}

/// An operation is done.
pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::errors::mistake;

    fn code(text: &str) -> u16 {
        Incoming::read(text).unwrap_err().code
    }

    #[test]
    fn init_with_and_without_a_token() {
        let token = |text: &str| match Incoming::read(text) {
            Ok(Incoming::Init(token)) => token,
            other => panic!("{other:?}"),
        };
        assert_eq!(token(r#"{"type":"connection_init"}"#), None);
        assert_eq!(token(r#"{"type":"connection_init","payload":null}"#), None);
        assert_eq!(
            token(r#"{"type":"connection_init","payload":{"Authorization":"Bearer x"}}"#).as_deref(),
            Some("Bearer x")
        );
        assert_eq!(token(r#"{"type":"connection_init","payload":{"authorization":7}}"#), None);
        assert_eq!(code(r#"{"type":"connection_init","payload":"x"}"#), 4400);
    }

    #[test]
    fn subscribe_carries_a_request() {
        let text =
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":{"n":1},"operationName":null}}"#;
        let Ok(Incoming::Subscribe(id, params)) = Incoming::read(text) else { panic!("a subscribe message") };
        assert_eq!((id.as_str(), params.query.as_deref(), params.variables.len()), ("1", Some("{ a }"), 1));
    }

    #[test]
    fn what_the_protocol_does_not_know_is_4400() {
        for text in [
            "",
            "nonsense",
            "[]",
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":7,"payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":"x"}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","payload":7}"#,
            r#"{"type":"pong","payload":[]}"#,
        ] {
            assert_eq!(code(text), 4400, "{text}");
        }
    }

    #[test]
    fn reasons_fit_into_a_close_frame() {
        assert_eq!(Close::FORBIDDEN.reason(), "Forbidden");
        let long = Close::duplicate(&"é".repeat(200));
        assert!(long.reason().len() <= REASON && long.reason().starts_with("Subscriber for é"));
        assert!(Close::invalid("x".repeat(500)).reason().len() == REASON);
    }

    #[test]
    fn messages_to_the_client() {
        assert_eq!(pong(None), r#"{"type":"pong"}"#);
        assert_eq!(pong(Some(&json!({ "a": 1 }))), r#"{"payload":{"a":1},"type":"pong"}"#);
        assert_eq!(complete("a\"b"), r#"{"id":"a\"b","type":"complete"}"#);
        let response = Response::new(async_graphql::Value::from(true));
        assert_eq!(next("1", &response), r#"{"id":"1","type":"next","payload":{"data":true}}"#);
        let told: Value = serde_json::from_str(&error("1", &[mistake("No.")])).unwrap();
        assert_eq!(told["payload"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
}
