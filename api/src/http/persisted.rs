//! Persisted queries as Apollo clients send them: a document once, and from then on its SHA-256.
//!
//! What is kept is a cache of documents that passed the limits, in two halves: when the young half is full it becomes
//! the old one, and what is asked for again moves back. So what is in use stays, and nobody can make it grow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::ServerError;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::errors::{coded, mistake};
use super::request::Params;

/// What one half holds at most.
const DOCUMENTS: usize = 500;
const BYTES: usize = 1 << 20;

type Hash = [u8; 32];

/// The documents that clients may name by their hash.
#[derive(Default)]
pub(super) struct Persisted {
    halves: Mutex<Halves>,
}

#[derive(Default)]
struct Halves {
    young: HashMap<Hash, Arc<str>>,
    young_bytes: usize,
    old: HashMap<Hash, Arc<str>>,
}

/// A document to remember once it has proved to be one.
pub(super) struct Promise(Hash);

impl Persisted {
    /// The document of a request; looked up if only its hash is there.
    pub(super) fn document(&self, params: &mut Params) -> Result<(Arc<str>, Option<Promise>), ServerError> {
        let hash = match params.extensions.get("persistedQuery") {
            Some(Value::Object(extension)) => Some(hash(extension)?),
            Some(_) => return Err(mistake("`extensions.persistedQuery` must be an object.")),
            None => None,
        };
        match (params.query.take(), hash) {
            (Some(query), None) => Ok((query.into(), None)),
            (Some(query), Some(hash)) if *Sha256::digest(&query) == hash => Ok((query.into(), Some(Promise(hash)))),
            (Some(_), Some(_)) => Err(mistake("`sha256Hash` is not the SHA-256 of the query.")),
            // The words are those that clients wait for before they send the whole document.
            (None, Some(hash)) => {
                let found = self.find(&hash).ok_or_else(|| coded("NOT_FOUND", "PersistedQueryNotFound"))?;
                Ok((found, None))
            }
            (None, None) => Err(mistake("The request has no `query`.")),
        }
    }

    /// Remembers a document from now on.
    pub(super) fn remember(&self, promise: &Promise, document: &Arc<str>) {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner).insert(promise.0, document.clone());
    }

    fn find(&self, hash: &Hash) -> Option<Arc<str>> {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = halves.young.get(hash) {
            return Some(document.clone());
        }
        let document = halves.old.remove(hash)?;
        halves.insert(*hash, document.clone());
        Some(document)
    }
}

impl Halves {
    fn insert(&mut self, hash: Hash, document: Arc<str>) {
        if self.young.len() >= DOCUMENTS || self.young_bytes + document.len() > BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        let length = document.len();
        if self.young.insert(hash, document).is_none() {
            self.young_bytes += length;
        }
    }
}

fn hash(extension: &Map<String, Value>) -> Result<Hash, ServerError> {
    if extension.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(mistake("PersistedQueryNotSupported"));
    }
    let wrong = || mistake("`sha256Hash` must be 64 hexadecimal digits.");
    let text = extension.get("sha256Hash").and_then(Value::as_str).ok_or_else(wrong)?;
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|digit| digit.try_into().ok()).collect();
    if text.len() != 64 || digits.len() != 64 {
        return Err(wrong());
    }
    let (pairs, _) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        let unknown = persisted.document(&mut params(None, &hex(QUERY))).err().unwrap();
        assert_eq!(unknown.message, "PersistedQueryNotFound");

        let (document, promise) = persisted.document(&mut params(Some(QUERY), &hex(QUERY))).unwrap();
        persisted.remember(&promise.unwrap(), &document);
        let (found, promise) = persisted.document(&mut params(None, &hex(QUERY).to_uppercase())).unwrap();
        assert_eq!(&*found, QUERY);
        assert!(promise.is_none());
    }

    #[test]
    fn a_wrong_hash_is_refused() {
        let persisted = Persisted::default();
        assert!(persisted.document(&mut params(Some(QUERY), &hex("{ other }"))).is_err());
        for wrong in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
            assert!(persisted.document(&mut params(None, wrong)).err().unwrap().message.contains("64"), "{wrong}");
        }
    }

    #[test]
    fn the_cache_forgets_what_is_not_used() {
        let persisted = Persisted::default();
        let keep = |n: usize| {
            let text: Arc<str> = format!("{{ f{n} }}").into();
            persisted.remember(&Promise(Sha256::digest(text.as_bytes()).into()), &text);
        };
        keep(0);
        for n in 1..=DOCUMENTS * 3 {
            keep(n);
            assert!(persisted.find(&Sha256::digest("{ f0 }").into()).is_some());
        }
        assert!(persisted.find(&Sha256::digest("{ f1 }").into()).is_none());
        let halves = persisted.halves.lock().unwrap();
        assert!(halves.young.len() + halves.old.len() <= 2 * DOCUMENTS);
    }
}
