//! Trusted documents: where a list of them is set, only the company's own people may send any other.
//!
//! The list is a file that a client's build writes: what Apollo's tools call a persisted-query manifest, or the plain map
//! of Relay and GraphQL Code Generator. Signing in is possible without being listed, because nobody is staff before.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::parser::{parse_query, types::Field};
use async_graphql::{ServerError, Variables};
use serde_json::{Map, Value};

use super::document::Selected;
use super::errors::coded;
use super::persisted::{Hash, hash_of};
use super::types::FieldTypes;
use super::{limits, size};
use crate::config::Settings;
use crate::data::sessions::Session;

/// What signs in and out.
const SIGN_INS: [&str; 3] = ["login", "refreshSession", "logout"];
/// How deep they may be asked: `login { user { firstName } }`, and nothing that leads further.
const SIGN_IN_DEPTH: usize = 3;

/// The documents that everybody may run; without a list, any.
#[derive(Debug, Default)]
pub(crate) struct Trusted {
    listed: Option<HashMap<Hash, Arc<str>>>,
}

impl Trusted {
    /// Reads and checks the list that the settings name.
    ///
    /// # Errors
    /// With a sentence for whoever set it.
    pub(crate) fn of(settings: &Settings) -> Result<Self, String> {
        let Some(path) = &settings.trusted_documents else { return Ok(Self::default()) };
        let told = |why: String| format!("TRUSTED_DOCUMENTS, {}: {why}", path.display());
        let listed = read(path).map_err(told)?;
        for text in listed.values() {
            check(text, settings).map_err(|why| told(format!("{why} This is the document: {text}")))?;
        }
        Ok(Self { listed: Some(listed) })
    }

    /// For a process whose list was checked at its start. Should it be unreadable now, nothing is listed.
    pub(super) fn of_process(settings: &Settings) -> Self {
        Self::of(settings).unwrap_or_else(|why| {
            tracing::error!(why, "no document is trusted");
            Self { listed: Some(HashMap::new()) }
        })
    }

    /// A document by its hash.
    pub(super) fn find(&self, hash: &Hash) -> Option<Arc<str>> {
        self.listed.as_ref()?.get(hash).cloned()
    }

    /// Whether this viewer may send only what is listed.
    pub(super) fn binds(&self, session: Option<&Session>) -> bool {
        self.listed.is_some() && !session.is_some_and(|session| session.viewer.is_staff())
    }

    /// Refuses a document that this viewer may not send.
    pub(super) fn check(
        &self,
        text: &str,
        document: &ExecutableDocument,
        selected: &Selected,
        session: Option<&Session>,
    ) -> Result<(), ServerError> {
        if !self.binds(session) || self.find(&hash_of(text)).is_some() || signs_in(document, selected) {
            return Ok(());
        }
        Err(unlisted())
    }
}

pub(super) fn unlisted() -> ServerError {
    coded("FORBIDDEN", "This server runs only the documents on its list of trusted ones, and this is none of them.")
}

/// Does nothing but signing in or out.
fn signs_in(document: &ExecutableDocument, selected: &Selected) -> bool {
    let Some(operation) = selected.of(document) else { return false };
    let root = &operation.selection_set.node;
    operation.ty == OperationType::Mutation
        && document.fragments.is_empty()
        && fields(root).is_some_and(|fields| fields.iter().all(|field| SIGN_INS.contains(&field.name.node.as_str())))
        && depth(root).is_some_and(|depth| depth <= SIGN_IN_DEPTH)
}

/// The fields of a selection; none if it has anything else.
fn fields(set: &SelectionSet) -> Option<Vec<&Field>> {
    let field = |item: &'_ async_graphql::Positioned<Selection>| matches!(item.node, Selection::Field(_));
    if !set.items.iter().all(field) {
        return None;
    }
    let fields = set.items.iter().filter_map(|item| match &item.node {
        Selection::Field(field) => Some(&field.node),
        _ => None,
    });
    Some(fields.collect())
}

fn depth(set: &SelectionSet) -> Option<usize> {
    let below = fields(set)?.into_iter().map(|field| depth(&field.selection_set.node));
    let deepest = below.collect::<Option<Vec<_>>>()?.into_iter().max();
    Some(deepest.map_or(0, |deepest| deepest + 1))
}

fn read(path: &Path) -> Result<HashMap<Hash, Arc<str>>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("the file cannot be read: {error}"))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("the file is not JSON: {error}"))?;
    let Value::Object(map) = value else { return Err("the file must hold a JSON object".into()) };
    pairs(&map)?.into_iter().map(|(id, text)| listed(id, text)).collect()
}

/// Ids and documents, of either form.
fn pairs(map: &Map<String, Value>) -> Result<Vec<(&str, &str)>, String> {
    let Some(Value::Array(operations)) = map.get("operations") else {
        let pair = |(id, text): (&'_ String, &'_ Value)| text.as_str().is_some() && !id.is_empty();
        if map.contains_key("format") || !map.iter().all(pair) {
            return Err("it is neither a persisted-query manifest nor a map from SHA-256 to document".into());
        }
        return Ok(map.iter().filter_map(|(id, text)| Some((id.as_str(), text.as_str()?))).collect());
    };
    let is = |key: &str, wanted: Value| map.get(key) == Some(&wanted);
    if !is("format", "apollo-persisted-query-manifest".into()) || !is("version", 1.into()) {
        return Err("only version 1 of the format apollo-persisted-query-manifest is read".into());
    }
    operations.iter().enumerate().map(|(place, operation)| pair(place, operation)).collect()
}

/// Id and document of one operation.
fn pair(place: usize, operation: &Value) -> Result<(&str, &str), String> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    text("id").zip(text("body")).ok_or_else(|| format!("operation {place} has no `id` and `body`"))
}

fn listed(id: &str, text: &str) -> Result<(Hash, Arc<str>), String> {
    let hash = hash_of(text);
    let wanted: String = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(hex_digit).collect();
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    if !id.eq_ignore_ascii_case(&wanted) {
        return Err(format!("`{id}` is not the SHA-256 of its document, which is {wanted}"));
    }
    Ok((hash, text.into()))
}

fn hex_digit(digit: u8) -> Option<char> {
    char::from_digit(u32::from(digit), 16)
}

/// Is it a document that this server runs?
fn check(text: &str, settings: &Settings) -> Result<(), String> {
    let first = |errors: Vec<ServerError>| {
        errors.into_iter().next().map_or_else(|| "It is refused.".to_owned(), |error| error.message)
    };
    size::check(text, &settings.limits).map_err(|error| error.message)?;
    let document = parse_query(text).map_err(|error| super::errors::syntax(&error).message)?;
    let types = FieldTypes::of_process(crate::schema::sdl);
    for (name, _) in document.operations.iter() {
        let selected = Selected::find(&document, name.map(async_graphql::Name::as_str)).map_err(|e| e.message)?;
        limits::check(&document, &selected, &Variables::default(), &settings.limits).map_err(first)?;
    }
    types.check(&document).map_err(first)?;
    crate::schema::validate(document).map_err(first)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn only_signs_in(text: &str) -> bool {
        let document = parse_query(text).unwrap();
        signs_in(&document, &Selected::find(&document, None).unwrap())
    }

    #[test]
    fn signing_in_leads_nowhere_else() {
        for text in [
            "mutation($i: LoginInput!) { login(input: $i) { accessToken user { firstName } mfaChallenge { methods } } }",
            "mutation { logout { __typename } }",
            "mutation { a: refreshSession(input: {refreshToken: \"x\"}) { accessToken } }",
        ] {
            assert!(only_signs_in(text), "{text}");
        }
        for text in [
            "{ viewer { id } }",
            "mutation { login { user { projects { totalCount } } } }",
            "mutation { login { accessToken } createProject { project { id } } }",
            "mutation { login { ...F } } fragment F on LoginPayload { user { id } }",
            "mutation { ... { login { accessToken } } }",
            "subscription { login { accessToken } }",
        ] {
            assert!(!only_signs_in(text), "{text}");
        }
    }

    #[test]
    fn both_forms_of_lists() {
        let read =
            |text: &str| pairs(serde_json::from_str::<Value>(text).unwrap().as_object().unwrap()).map(|p| p.len());
        assert_eq!(read(r#"{"abc":"{ a }","def":"{ b }"}"#), Ok(2));
        assert_eq!(read("{}"), Ok(0));
        let apollo =
            r#"{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"x","body":"{ a }"}]}"#;
        assert_eq!(read(apollo), Ok(1));
        for wrong in [
            apollo.replace("\"version\":1", "\"version\":2"),
            apollo.replace("apollo-", "other-"),
            apollo.replace("\"body\"", "\"text\""),
            r#"{"abc":7}"#.into(),
            r#"{"format":"apollo-persisted-query-manifest","version":1}"#.into(),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_are_the_hashes_of_their_documents() {
        let of_viewer: String =
            Sha256::digest("{ viewer { id } }").iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert!(listed(&of_viewer, "{ viewer { id } }").is_ok());
        assert!(listed(&format!("sha256:{of_viewer}"), "{ viewer { id } }").is_ok());
        assert!(listed(&of_viewer, "{ viewer { id} }").unwrap_err().contains("is not the SHA-256"));
    }
}
