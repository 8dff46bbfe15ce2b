//! Persisted queries as Apollo clients send them: a document once, and from then on its SHA-256.
//!
//! A client may also name a document as the appendix of GraphQL over HTTP says, `documentId: "sha256:…"`.
//!
//! What is kept is what passed the limits and was used [lately](super::lately).

use std::sync::Arc;

use async_graphql::ServerError;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::errors::{coded, mistake};
use super::lately::Lately;
use super::request::Params;
use super::trusted::{Trusted, unlisted};
use crate::data::sessions::Session;

/// Bytes of documents, twice over.
const BYTES: usize = 1 << 20;

pub(super) type Hash = [u8; 32];

/// The SHA-256 of a document's text.
pub(super) fn hash_of(text: &str) -> Hash {
    Sha256::digest(text).into()
}

/// The documents that clients may name by their hash.
pub(super) struct Persisted(Lately<Hash, Arc<str>>);

impl Default for Persisted {
    fn default() -> Self {
        Self(Lately::new(BYTES))
    }
}

/// A document to remember once it has proved to be one.
pub(super) struct Promise(Hash);

impl Persisted {
    /// The document of a request; looked up if only its hash is there.
    pub(super) fn document(
        &self,
        trusted: &Trusted,
        params: &mut Params,
        session: Option<&Session>,
    ) -> Result<(Arc<str>, Option<Promise>), ServerError> {
        let hash = match params.extensions.get("persistedQuery") {
            Some(Value::Object(extension)) => Some(hash(extension)?),
            Some(_) => return Err(mistake("`extensions.persistedQuery` must be an object.")),
            None => None,
        };
        match (params.query.take(), hash) {
            (Some(query), None) => Ok((query.into(), None)),
            (Some(query), Some(hash)) if hash_of(&query) == hash => Ok((query.into(), Some(Promise(hash)))),
            (Some(_), Some(_)) => Err(mistake("`sha256Hash` is not the SHA-256 of the query.")),
            (None, hash) => {
                let named = params.document_id.as_deref().map(identified);
                let hash = match (hash, named) {
                    (Some(hash), Some(named)) if named != Some(hash) => {
                        return Err(mistake("`documentId` and `sha256Hash` name different documents."));
                    }
                    (Some(hash), _) => Some(hash),
                    (None, named) => named.ok_or_else(|| mistake("The request has no `query`."))?,
                };
                self.named(trusted, hash, session).map(|document| (document, None))
            }
        }
    }

    /// A document of which only the hash was sent.
    fn named(&self, trusted: &Trusted, hash: Option<Hash>, session: Option<&Session>) -> Result<Arc<str>, ServerError> {
        if let Some(document) = hash.and_then(|hash| trusted.find(&hash)) {
            return Ok(document);
        }
        if trusted.binds(session) {
            return Err(unlisted());
        }
        hash.and_then(|hash| self.0.find(&hash)).ok_or_else(not_found)
    }

    /// Remembers a document from now on.
    pub(super) fn remember(&self, promise: &Promise, document: &Arc<str>) {
        self.0.keep(promise.0, document.clone(), document.len());
    }
}

/// Clients wait for these words, or for this code, before they send the whole document.
fn not_found() -> ServerError {
    coded("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
}

/// The hash in a `documentId`. Documents have no other names here.
fn identified(id: &str) -> Option<Hash> {
    digits(id.strip_prefix("sha256:").unwrap_or(id))
}

fn hash(extension: &Map<String, Value>) -> Result<Hash, ServerError> {
    if extension.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(coded("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"));
    }
    let text = extension.get("sha256Hash").and_then(Value::as_str);
    text.and_then(digits).ok_or_else(|| mistake("`sha256Hash` must be 64 hexadecimal digits."))
}

fn digits(text: &str) -> Option<Hash> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|digit| digit.try_into().ok()).collect();
    if text.len() != 64 || digits.len() != 64 {
        return None;
    }
    let (pairs, _) = digits.as_chunks::<2>();
    pairs.iter().map(|[high, low]| high << 4 | low).collect::<Vec<_>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(persisted: &Persisted, mut params: Params) -> Result<(Arc<str>, Option<Promise>), ServerError> {
        persisted.document(&Trusted::default(), &mut params, None)
    }

    const QUERY: &str = "{ viewer { id } }";

    fn hex(text: &str) -> String {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
    }

    fn params(query: Option<&str>, hash: &str) -> Params {
        let extension = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
        Params::from_json(json!({ "query": query, "extensions": extension })).unwrap()
    }

    #[test]
    fn sent_once_and_named_from_then_on() {
        let persisted = Persisted::default();
        let unknown = document(&persisted, params(None, &hex(QUERY))).err().unwrap();
        assert_eq!(unknown.message, "PersistedQueryNotFound");

        let (text, promise) = document(&persisted, params(Some(QUERY), &hex(QUERY))).unwrap();
        persisted.remember(&promise.unwrap(), &text);
        let (found, promise) = document(&persisted, params(None, &hex(QUERY).to_uppercase())).unwrap();
        assert_eq!(&*found, QUERY);
        assert!(promise.is_none());
    }

    #[test]
    fn named_by_its_document_id() {
        let persisted = Persisted::default();
        let named = |id: &str| {
            let params = Params::from_json(json!({ "documentId": id })).unwrap();
            document(&persisted, params).map(|(document, _)| document)
        };
        assert_eq!(named(&hex(QUERY)).unwrap_err().message, "PersistedQueryNotFound");
        persisted.remember(&Promise(hash_of(QUERY)), &QUERY.into());
        assert_eq!(&*named(&hex(QUERY)).unwrap(), QUERY);
        assert_eq!(&*named(&format!("sha256:{}", hex(QUERY))).unwrap(), QUERY);
        for other in ["", "sha256:", "md5:abc", "ProjectsQuery"] {
            assert_eq!(named(other).unwrap_err().message, "PersistedQueryNotFound", "{other}");
        }
    }

    #[test]
    fn a_wrong_hash_is_refused() {
        let persisted = Persisted::default();
        assert!(document(&persisted, params(Some(QUERY), &hex("{ other }"))).is_err());
        for wrong in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
            assert!(document(&persisted, params(None, wrong)).err().unwrap().message.contains("64"), "{wrong}");
        }
    }
}
