//! Somebody puts right what they wrote.

use async_graphql::InputObject;
use entity::message;
use entity::scalar::{Id, Instant};

use super::Spoken;
use super::send::TEXT;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::fold::fold;
use crate::input::{Check, unchanged};

/// Another text for a message.
#[derive(Clone, Debug, InputObject)]
pub struct EditMessageInput {
    /// The message's id.
    pub message_id: Id,
    /// The new text, in 1 to 10,000 characters.
    pub text: String,
    /// `updatedAt` as last read; if the message has changed since, nothing is written and the answer is CONFLICT.
    /// Reactions count as a change.
    pub expected_updated_at: Option<Instant>,
}

/// Changes the text of a message of one's own. Answers its id.
pub struct EditMessage {
    pub input: EditMessageInput,
}

impl UseCase for EditMessage {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let mut check = Check::default();
        let text = check.text("text", &self.input.text, TEXT);
        check.done()?;
        let spoken = Spoken::lock(tx, &self.input.message_id).await?;
        let before = &spoken.message;
        ensure(before.sender_id == tx.viewer().id, "Only whoever wrote a message may edit it.")?;
        spoken.ensure_by_a_person()?;
        spoken.ensure_there()?;
        spoken.part.ensure_open()?;
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        if before.text == text {
            return Ok(before.id.clone());
        }
        let after = message::Model {
            text_folded: fold(&text),
            text,
            is_edited: true,
            edited_at: Some(tx.now()),
            ..before.clone()
        };
        spoken.save(tx, after).await
    }
}
