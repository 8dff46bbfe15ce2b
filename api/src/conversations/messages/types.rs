//! A message of a conversation as clients see it.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::scalar::{Id, Instant};
use entity::{conversation, conversation_participant as participant, message, message_read, user};
use futures_util::future::try_join;

use super::list::my_mark;
use super::{Reacted, list_in};
use crate::accounts::types::User;
use crate::conversations::types::{Conversation, ConversationParticipant};
use crate::data::page::Node;
use crate::data::relation::Relation;
use crate::data::scope::{Asking, Scope};
use crate::data::wanted::Wanted;
use crate::error::Result;
use crate::in_place::InPlace;

/// A message of a conversation, seen by those who take part alone. A deleted one keeps its place: its text is empty,
/// `isDeleted` is true, and it has no attachments and reactions.
#[derive(SimpleObject)]
#[graphql(complex, name = "Message")]
pub struct MessageFields {
    #[graphql(flatten)]
    row: Arc<message::Model>,
}

pub type Message = InPlace<MessageFields>;

#[ComplexObject]
impl MessageFields {
    /// The documents sent along, by their ids, in the order given. Whether the signed-in user reaches one is a matter of
    /// its project.
    async fn attachments(&self) -> Result<Vec<Id>> {
        list_in(self.row.attachments.as_ref())
    }

    /// Who reacted with what, the first one first.
    async fn reactions(&self) -> Result<Vec<MessageReaction>> {
        let reactions: Vec<Reacted> = list_in(self.row.reactions.as_ref())?;
        Ok(reactions.into_iter().map(MessageReaction::of).collect())
    }

    /// The person who sent it; for a SYSTEM message, the one who did what it tells of.
    async fn sender(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.sender_id).await?))
    }

    /// The conversation that it belongs to.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Conversation> {
        Ok(Conversation::of(ctx.scope()?.load::<conversation::Entity>(&self.row.conversation_id).await?))
    }

    /// The message that it answers; null if none.
    async fn reply_to(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        Ok(ctx.scope()?.maybe::<message::Entity>(self.row.reply_to_id.as_ref()).await?.map(Message::of))
    }

    /// Who has read it, whoever did first comes first. Without its sender.
    async fn read_by(&self, ctx: &Context<'_>) -> Result<Vec<MessageRead>> {
        ctx.scope()?.nodes_of("messageId", &self.row.id, "readAt").await
    }

    /// Has the signed-in user read it? What one wrote oneself counts as read.
    async fn read_by_me(&self, ctx: &Context<'_>) -> Result<bool> {
        let scope = ctx.scope()?;
        Ok(self.row.sender_id == scope.viewer().id || scope.tally(my_mark(scope), &self.row.id).await? > 0)
    }

    /// Those who take part now and whom it has reached. Without its sender.
    async fn delivered_to(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let scope = ctx.scope()?;
        let people = scope.of::<participant::Entity>("conversationId", &self.row.conversation_id, "joinedAt").await?;
        let reached = people.iter().filter(|person| {
            let others = person.left_at.is_none() && person.user_id != self.row.sender_id;
            others && person.last_delivered_at.is_some_and(|at| at >= self.row.created_at)
        });
        let ids: Vec<&Id> = reached.map(|person| &person.user_id).collect();
        let mut rows = scope.known::<user::Entity>(ids.iter().copied()).await?;
        rows.sort_by_key(|row| ids.iter().position(|id| **id == row.id));
        Ok(rows.into_iter().map(User::of).collect())
    }
}

impl Node for Message {
    type Entity = message::Entity;

    fn of(row: impl Into<Arc<message::Model>>) -> Self {
        Self(MessageFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<message::Entity>> {
        vec![
            Relation::to::<User>("sender", "senderId"),
            Relation::to::<Conversation>("conversation", "conversationId"),
            Relation::to::<Message>("replyTo", "replyToId"),
            Relation::beside::<ConversationParticipant>("deliveredTo", "conversationId", "joinedAt"),
        ]
    }

    async fn lists(scope: &Scope, ids: &[&Id], wanted: &Wanted<'_>) -> Result<()> {
        let read_by = wanted.ids("readBy", ids);
        try_join(
            scope.prefetch_of::<message_read::Entity>("messageId", read_by, "readAt"),
            scope.prefetch_tally(my_mark(scope), wanted.ids("readByMe", ids)),
        )
        .await?;
        Ok(())
    }
}

/// Somebody's reaction to a message.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MessageReaction {
    /// The emoji.
    pub emoji: String,
    /// When the person reacted.
    pub reacted_at: Instant,
    /// The person's id.
    pub user_id: Id,
}

impl MessageReaction {
    fn of(reacted: Reacted) -> Self {
        Self { emoji: reacted.emoji, reacted_at: reacted.at, user_id: reacted.user_id }
    }
}

#[ComplexObject]
impl MessageReaction {
    /// The person; null once their account is gone.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.scope()?.one::<user::Entity>(&self.user_id).await?.map(User::of))
    }
}

/// That somebody has read a message, and when.
#[derive(SimpleObject)]
#[graphql(complex, name = "MessageRead")]
pub struct MessageReadFields {
    #[graphql(flatten)]
    row: Arc<message_read::Model>,
}

pub type MessageRead = InPlace<MessageReadFields>;

#[ComplexObject]
impl MessageReadFields {
    /// The person who has read it.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.user_id).await?))
    }

    /// The message that was read.
    async fn message(&self, ctx: &Context<'_>) -> Result<Message> {
        Ok(Message::of(ctx.scope()?.load::<message::Entity>(&self.row.message_id).await?))
    }
}

impl Node for MessageRead {
    type Entity = message_read::Entity;

    fn of(row: impl Into<Arc<message_read::Model>>) -> Self {
        Self(MessageReadFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<message_read::Entity>> {
        vec![Relation::to::<User>("user", "userId"), Relation::to::<Message>("message", "messageId")]
    }
}
