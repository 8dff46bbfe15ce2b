//! The cursor of a list: where a row stands in an order, and in which order of which list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::scalar::{Id, Instant};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Grows when cursors change their meaning; older ones are then refused.
const VERSION: u8 = 1;

/// A row's value in one key of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    #[serde(rename = "n")]
    Null,
    #[serde(rename = "i")]
    Int(i64),
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "a")]
    At(Instant),
}

impl Mark {
    pub(in crate::data) fn value(&self) -> Option<Value> {
        match self {
            Self::Null => None,
            Self::Int(int) => Some((*int).into()),
            Self::Text(text) => Some(text.as_str().into()),
            Self::At(at) => Some((*at).into()),
        }
    }
}

impl From<Option<Instant>> for Mark {
    fn from(at: Option<Instant>) -> Self {
        at.map_or(Self::Null, Self::At)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Place {
    pub(in crate::data) marks: Vec<Mark>,
    pub(in crate::data) id: Id,
}

impl Place {
    /// The cursor in the list with this fingerprint.
    pub(in crate::data) fn encode(&self, fingerprint: &str) -> String {
        let whole = (VERSION, fingerprint, &self.marks, &self.id);
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&whole).unwrap_or_default())
    }

    /// # Errors
    /// BAD_USER_INPUT for a cursor of another list, order or filter, or none at all.
    pub(in crate::data) fn decode(cursor: &str, list: &str, argument: &str) -> Result<Self> {
        let whole = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let whole: Option<(u8, String, Vec<Mark>, Id)> = whole;
        match whole {
            Some((VERSION, of, marks, id)) if of == fingerprint(list) => Ok(Self { marks, id }),
            _ => Err(Error::input(argument, "This cursor is not from this list with this order and filter.")),
        }
    }
}

/// Names list, order and filter in a few characters.
pub(in crate::data) fn fingerprint(list: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(list).iter().take(6).copied().collect::<Vec<u8>>())
}
