//! A message is deleted: its row stays, in its place and without what it said.

use async_graphql::InputObject;
use entity::enums::ConversationRole;
use entity::message;
use entity::scalar::Id;

use super::Spoken;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;

/// Which message to delete.
#[derive(Clone, Debug, InputObject)]
pub struct DeleteMessageInput {
    /// The message's id.
    pub message_id: Id,
}

/// Deletes a message: one's own, or as a MODERATOR or ADMIN of a group anybody's. Answers its id.
pub struct DeleteMessage {
    pub input: DeleteMessageInput,
}

impl UseCase for DeleteMessage {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let spoken = Spoken::lock(tx, &self.input.message_id).await?;
        let (before, part) = (&spoken.message, &spoken.part);
        let keeps_order = part.conversation.is_group && part.me.role != ConversationRole::Member;
        let sentence = "Only whoever wrote a message, and the moderators of a group, may delete it.";
        ensure(keeps_order || before.sender_id == tx.viewer().id, sentence)?;
        spoken.ensure_by_a_person()?;
        if before.is_deleted {
            return Ok(before.id.clone());
        }
        let after = message::Model {
            text: String::new(),
            text_folded: String::new(),
            is_deleted: true,
            deleted_at: Some(tx.now()),
            attachments: None,
            reactions: None,
            ..before.clone()
        };
        spoken.save(tx, after).await
    }
}
