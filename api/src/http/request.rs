//! The parameters of a GraphQL request, from a JSON body, from an address or from a WebSocket message.

use async_graphql::Variables;
use axum::extract::Query;
use axum::http::Uri;
use serde_json::{Map, Value};

/// Values in a body. More than a few thousand nobody needs, and each costs more to read than its bytes tell.
const VALUES: usize = 20_000;

/// What a client asks for. Without a query only where `extensions.persistedQuery` or `documentId` names one.
#[derive(Debug, Default)]
pub(super) struct Params {
    pub(super) query: Option<String>,
    pub(super) document_id: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    pub(super) extensions: Map<String, Value>,
}

/// Why a request is not one: a sentence for whoever wrote the client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) String);

impl Malformed {
    fn new(message: &str) -> Self {
        Self(message.to_owned())
    }
}

impl Params {
    /// From the body of a POST.
    pub(super) fn from_body(body: &[u8]) -> Result<Self, Malformed> {
        if values(body) > VALUES {
            return Err(Malformed(format!(
                "The request's body has more than {VALUES} values, which is the most that is read."
            )));
        }
        let value = serde_json::from_slice(body)
            .map_err(|error| Malformed(format!("The request's body is not valid JSON: {error}.")))?;
        Self::from_json(value)
    }

    /// From JSON that is already read.
    pub(super) fn from_json(value: Value) -> Result<Self, Malformed> {
        let mut map = match value {
            Value::Object(map) => map,
            Value::Array(_) => return Err(Malformed::new("Send one request at a time: batches are not served.")),
            _ => return Err(Malformed::new("A request is a JSON object with the key `query`.")),
        };
        let params = Self {
            query: text(&mut map, "query")?,
            document_id: text(&mut map, "documentId")?,
            operation_name: text(&mut map, "operationName")?,
            variables: variables(object(&mut map, "variables")?)?,
            extensions: object(&mut map, "extensions")?,
        };
        params.checked()
    }

    /// From the query string of a GET: `variables` and `extensions` are JSON in text.
    pub(super) fn from_uri(uri: &Uri) -> Result<Self, Malformed> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Malformed::new("The address's query string cannot be read."))?;
        let mut map = Map::new();
        for (name, value) in pairs {
            let value = match name.as_str() {
                "query" | "documentId" | "operationName" => Value::String(value),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&value)
                    .map_err(|error| Malformed(format!("The parameter `{name}` is not valid JSON: {error}.")))?,
                _ => continue,
            };
            if map.insert(name.clone(), value).is_some() {
                return Err(Malformed(format!("The parameter `{name}` is given more than once.")));
            }
        }
        Self::from_json(Value::Object(map))
    }

    fn checked(mut self) -> Result<Self, Malformed> {
        let named = self.document_id.is_some() || self.extensions.contains_key("persistedQuery");
        if self.query.is_none() && !named {
            return Err(Malformed::new("The request has no `query`."));
        }
        // Several clients send an empty name for "the only one there is".
        self.operation_name = self.operation_name.filter(|name| !name.is_empty());
        Ok(self)
    }
}

/// How many values a body has, or a few more: what is in a text does not count.
fn values(body: &[u8]) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

fn text(map: &mut Map<String, Value>, key: &str) -> Result<Option<String>, Malformed> {
    match map.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Malformed(format!("`{key}` must be a string."))),
    }
}

fn object(map: &mut Map<String, Value>, key: &str) -> Result<Map<String, Value>, Malformed> {
    match map.remove(key) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Malformed(format!("`{key}` must be an object."))),
    }
}

fn variables(map: Map<String, Value>) -> Result<Variables, Malformed> {
    serde_json::from_value(Value::Object(map))
        .map_err(|error| Malformed(format!("`variables` cannot be read: {error}.")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_request() {
        let params = Params::from_body(
            r#"{"query":"{ a(b: \"é\") }","operationName":"Q","variables":{"n":1},"extensions":{"x":{}}, "id": 7}"#
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(params.query.as_deref(), Some("{ a(b: \"é\") }"));
        assert_eq!(params.operation_name.as_deref(), Some("Q"));
        assert_eq!(params.variables.len(), 1);
        assert!(params.extensions.contains_key("x"));
    }

    #[test]
    fn null_is_the_same_as_absent() {
        let params = Params::from_json(json!({
            "query": "{ a }", "operationName": null, "variables": null, "extensions": null
        }));
        assert!(params.unwrap().variables.is_empty());
        assert_eq!(Params::from_json(json!({ "query": "{ a }", "operationName": "" })).unwrap().operation_name, None);
    }

    #[test]
    fn wrong_types_are_malformed() {
        for wrong in [json!(7), json!(true), json!([]), json!({})] {
            assert!(Params::from_json(json!({ "query": wrong })).is_err());
            assert!(Params::from_json(json!({ "query": "{ a }", "operationName": wrong })).is_err());
        }
        for wrong in [json!(7), json!(true), json!([]), json!("x")] {
            assert!(Params::from_json(json!({ "query": "{ a }", "variables": wrong })).is_err());
            assert!(Params::from_json(json!({ "query": "{ a }", "extensions": wrong })).is_err());
        }
        assert!(Params::from_json(json!({})).is_err());
        assert!(Params::from_json(json!([{ "query": "{ a }" }])).unwrap_err().0.contains("batches"));
        assert!(Params::from_body(b"{ \"not a JSON").unwrap_err().0.contains("not valid JSON"));
        assert!(Params::from_body(b"").is_err());
        assert!(Params::from_body(b"{\"query\":\"\xff\"}").is_err());
    }

    #[test]
    fn values_are_counted_before_they_are_read() {
        assert_eq!(values(br#"{"a":[1,"x,[{\",",{}]}"#), 1 + 1 + 2 + 1);
        let many = format!(r#"{{"query":"{{ a }}","variables":{{"a":[{}1]}}}}"#, "1,".repeat(VALUES));
        assert!(Params::from_body(many.as_bytes()).unwrap_err().0.contains("values"));
        let text = format!(r#"{{"query":"{{ a }}","variables":{{"a":"{}"}}}}"#, ",[{".repeat(VALUES));
        assert!(Params::from_body(text.as_bytes()).is_ok());
    }

    #[test]
    fn from_an_address() {
        let read = |text: &str| Params::from_uri(&text.parse().unwrap());
        let params = read("/graphql?query=%7B%20a%20%7D&variables=%7B%22n%22%3A1%7D&operationName=Q&other=1").unwrap();
        assert_eq!(params.query.as_deref(), Some("{ a }"));
        assert_eq!(params.variables.len(), 1);
        assert!(read("/graphql").is_err());
        assert!(read("/graphql?query=a&query=b").is_err());
        assert!(read("/graphql?query=a&variables=nope").is_err());
        assert!(read("/graphql?query=a&variables=%22text%22").is_err());
        assert!(read("/graphql?extensions=%7B%22persistedQuery%22%3A%7B%7D%7D").unwrap().query.is_none());
    }
}
