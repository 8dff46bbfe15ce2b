//! Reactions to messages. They are written as a whole list, under the conversation's lock: none is lost.

use async_graphql::InputObject;
use entity::message;
use entity::scalar::Id;

use super::{Reacted, Spoken, list_in, list_of};
use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;

const EMOJI: usize = 32;
/// Different reactions of one person to one message.
const MOST: usize = 20;

/// A reaction to a message.
#[derive(Clone, Debug, InputObject)]
pub struct ReactToMessageInput {
    /// The message's id.
    pub message_id: Id,
    /// An emoji, or a short word like one: 1 to 32 characters without white space.
    pub emoji: String,
}

/// Adds a reaction of the viewer's; the same once more changes nothing. Answers the message's id.
pub struct ReactToMessage {
    pub input: ReactToMessageInput,
}

impl UseCase for ReactToMessage {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let emoji = checked(&self.input.emoji)?;
        let spoken = Spoken::lock(tx, &self.input.message_id).await?;
        spoken.ensure_there()?;
        spoken.part.ensure_open()?;
        let mut reactions: Vec<Reacted> = list_in(spoken.message.reactions.as_ref())?;
        let me = &tx.viewer().id;
        let mut mine = reactions.iter().filter(|reacted| reacted.user_id == *me);
        if mine.clone().any(|reacted| reacted.emoji == emoji) {
            return Ok(spoken.message.id);
        }
        if mine.by_ref().count() >= MOST {
            return Err(Error::conflict("These are enough reactions to one message. Remove one first."));
        }
        reactions.push(Reacted { user_id: me.clone(), emoji, at: tx.now() });
        let after = message::Model { reactions: list_of(&reactions), ..spoken.message.clone() };
        spoken.save(tx, after).await
    }
}

/// A reaction to take back.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveReactionInput {
    /// The message's id.
    pub message_id: Id,
    /// The reaction, as it was given.
    pub emoji: String,
}

/// Takes back a reaction of the viewer's; where there is none, nothing changes. Answers the message's id.
pub struct RemoveReaction {
    pub input: RemoveReactionInput,
}

impl UseCase for RemoveReaction {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let emoji = checked(&self.input.emoji)?;
        let spoken = Spoken::lock(tx, &self.input.message_id).await?;
        let mut reactions: Vec<Reacted> = list_in(spoken.message.reactions.as_ref())?;
        let (before, me) = (reactions.len(), &tx.viewer().id);
        reactions.retain(|reacted| reacted.user_id != *me || reacted.emoji != emoji);
        if reactions.len() == before {
            return Ok(spoken.message.id);
        }
        let after = message::Model { reactions: list_of(&reactions), ..spoken.message.clone() };
        spoken.save(tx, after).await
    }
}

fn checked(emoji: &str) -> Result<String> {
    let mut check = Check::default();
    let emoji = check.text("emoji", emoji, EMOJI);
    let plain = !emoji.chars().any(|c| c.is_whitespace() || (c.is_control() && c != '\0'));
    check.ensure(plain, "emoji", "A reaction has no white space.");
    check.done()?;
    Ok(emoji)
}
