//! What is said in conversations. A message can be edited by whoever wrote it and is never removed: a deleted one keeps
//! its row and its place, without its text. Who has read it is kept beside it, and is not told of.

pub mod list;
pub mod mutation;
pub mod query;
pub mod types;

pub mod delete;
pub mod edit;
pub mod react;
pub mod read;
pub mod send;

use entity::scalar::Id;
use entity::{message, message_read};
use serde::{Deserialize, Serialize};

use crate::conversations::part::Part;
use crate::data::tx::Tx;
use crate::error::{Error, Result};
use entity::enums::MessageType;
use entity::scalar::Instant;

/// Somebody's reaction, as the column keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reacted {
    pub(crate) user_id: Id,
    pub(crate) emoji: String,
    pub(crate) at: Instant,
}

/// A JSON column that holds a list, or nothing.
pub(in crate::conversations) fn list_in<T: for<'de> Deserialize<'de>>(
    json: Option<&serde_json::Value>,
) -> Result<Vec<T>> {
    Ok(json.map(Vec::deserialize).transpose().map_err(Error::internal)?.unwrap_or_default())
}

/// The same, to be stored: nothing instead of an empty list.
pub(crate) fn list_of<T: Serialize>(items: &[T]) -> Option<serde_json::Value> {
    (!items.is_empty()).then(|| serde_json::json!(items))
}

/// A message and its conversation, locked.
struct Spoken {
    part: Part,
    message: message::Model,
}

impl Spoken {
    /// # Errors
    /// NOT_FOUND for whoever takes no part in its conversation.
    async fn lock(tx: &Tx<'_>, id: &Id) -> Result<Self> {
        let conversation = tx.load::<message::Entity>(id).await?.conversation_id;
        let part = Part::lock(tx, &conversation).await?;
        // Read again now that nobody else can change it.
        Ok(Self { part, message: tx.load::<message::Entity>(id).await? })
    }

    /// # Errors
    /// CONFLICT for a deleted message.
    fn ensure_there(&self) -> Result<()> {
        if self.message.is_deleted { Err(Error::conflict("This message was deleted.")) } else { Ok(()) }
    }

    /// # Errors
    /// CONFLICT for what the system noted down.
    fn ensure_by_a_person(&self) -> Result<()> {
        let system = self.message.message_type == MessageType::System;
        if system { Err(Error::conflict("What the system noted down stays as it is.")) } else { Ok(()) }
    }

    /// Writes the message; lists of conversations that show it hear of it too.
    async fn save(&self, tx: &mut Tx<'_>, after: message::Model) -> Result<Id> {
        if after != self.message {
            tx.save::<message::Entity>(&self.message, after).await?;
            if self.part.conversation.last_message_id.as_ref() == Some(&self.message.id) {
                tx.tell(self.part.feed());
            }
        }
        Ok(self.message.id.clone())
    }
}

/// What is unique about a reading.
const READING: [message_read::Column; 2] = [message_read::Column::MessageId, message_read::Column::UserId];
