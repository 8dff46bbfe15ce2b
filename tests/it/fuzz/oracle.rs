//! What every answer must be, whatever was asked; and what those to valid operations must be besides.

use async_graphql::parser::types::{BaseType, Type};
use serde_json::Value;

use super::generate::{Kind, Node, Operation};
use super::schema::{Schema, named};
use super::values::Ids;

/// The codes that the documentation names.
pub const CODES: [&str; 10] = [
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "BAD_USER_INPUT",
    "CONFLICT",
    "RATE_LIMITED",
    "CURSOR_EXPIRED",
    "LIMIT_EXCEEDED",
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_NOT_SUPPORTED",
];

/// What is wrong with an answer to anything at all.
pub fn wrong(status: u16, answer: &Value) -> Option<String> {
    if status >= 500 {
        return Some(format!("status {status}"));
    }
    let Some(body) = answer.as_object() else { return Some("not an object".into()) };
    if body.keys().any(|key| !["data", "errors", "extensions"].contains(&key.as_str())) {
        return Some("a key that no answer has".into());
    }
    let errors = match body.get("errors") {
        None if body.contains_key("data") => return None,
        Some(Value::Array(errors)) if !errors.is_empty() => errors,
        _ => return Some("neither data nor errors".into()),
    };
    errors.iter().find_map(|error| {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        if !CODES.contains(&code) {
            return Some(format!("the code `{code}`"));
        }
        let told = error["message"].as_str().is_some_and(|message| !message.is_empty());
        (!told).then(|| "an error without a message".into())
    })
}

/// What is wrong with an answer to a valid operation.
pub fn wrong_for(operation: &Operation, schema: &Schema, answer: &Value) -> Option<String> {
    let Some(data) = answer.get("data") else {
        // A subscription's field refuses without data, too, and says where; a document that is refused does not.
        let at_field = |error: &Value| operation.kind == Kind::Subscription && error["path"].is_array();
        let may_be = |error: &&Value| error["extensions"]["code"] == "LIMIT_EXCEEDED" || at_field(error);
        let mut errors = answer["errors"].as_array().into_iter().flatten();
        return errors.find(|error| !may_be(error)).map(|error| format!("a valid operation is refused: {error}"));
    };
    if data.is_null() {
        return answer.get("errors").is_none().then(|| "null without an error".into());
    }
    object(&operation.shape, schema, data, "data")
}

fn object(nodes: &[Node], schema: &Schema, value: &Value, at: &str) -> Option<String> {
    let Some(map) = value.as_object() else { return Some(format!("{at} is no object")) };
    let shown = || nodes.iter().filter(|node| node.shown);
    if map.len() != shown().count() {
        return Some(format!("{at} has {} keys instead of {}", map.len(), shown().count()));
    }
    shown().find_map(|node| {
        let at = format!("{at}.{}", node.key);
        let Some(value) = map.get(&node.key) else { return Some(format!("{at} is missing")) };
        match &node.ty {
            None => (*value != node.parent).then(|| format!("{at} is not {}", node.parent)),
            Some(ty) => typed(node, schema, ty, value, &at),
        }
    })
}

fn typed(node: &Node, schema: &Schema, ty: &Type, value: &Value, at: &str) -> Option<String> {
    if value.is_null() {
        return (!ty.nullable).then(|| format!("{at} is null"));
    }
    if let BaseType::List(item) = &ty.base {
        let Some(items) = value.as_array() else { return Some(format!("{at} is no list")) };
        return items.iter().enumerate().find_map(|(n, value)| typed(node, schema, item, value, &format!("{at}.{n}")));
    }
    if schema.is_object(ty) {
        return object(&node.below, schema, value, at);
    }
    let fits = match named(ty) {
        "Int" => value.is_i64(),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "JSON" => true,
        kind => match (schema.enums.get(kind), value.as_str()) {
            (Some(values), Some(text)) => values.iter().any(|value| value == text),
            (None, Some(_)) => true,
            (_, None) => false,
        },
    };
    (!fits).then(|| format!("{at} is {value}, which is no {ty}"))
}

/// Keeps the ids in an answer for later.
pub fn learn(nodes: &[Node], value: &Value, ids: &mut Ids) {
    for node in nodes {
        let value = &value[&node.key];
        match value {
            Value::String(id) if node.field == "id" || node.field.ends_with("Id") => {
                ids.learn(&if node.field == "id" { node.parent.clone() } else { node.field.clone() }, id);
            }
            Value::String(cursor) if node.field.to_lowercase().ends_with("cursor") => ids.learn("cursor", cursor),
            Value::Array(items) => items.iter().for_each(|item| learn(&node.below, item, ids)),
            Value::Object(_) => learn(&node.below, value, ids),
            _ => {}
        }
    }
}
