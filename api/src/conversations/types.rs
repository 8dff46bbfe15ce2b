//! A conversation and the people in it as clients see them.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::scalar::Id;
use entity::{conversation, conversation_participant as participant, message, user};
use futures_util::future::try_join3;

use super::messages::list::{listing, unread_in};
use super::messages::types::Message;
use crate::accounts::types::User;
use crate::data::page::{Connection, Node, Window};
use crate::data::relation::Relation;
use crate::data::scope::{Asking, Scope};
use crate::data::wanted::Wanted;
use crate::error::Result;
use crate::in_place::InPlace;

/// A conversation between two people, or in a group. Only those who take part see it.
#[derive(SimpleObject)]
#[graphql(complex, name = "Conversation")]
pub struct ConversationFields {
    #[graphql(flatten)]
    row: Arc<conversation::Model>,
}

pub type Conversation = InPlace<ConversationFields>;

#[ComplexObject]
impl ConversationFields {
    /// Those who take part now, whoever joined first comes first. Between two people always both: `leftAt` tells of one
    /// who has taken it out of their list until something is said.
    async fn participants(&self, ctx: &Context<'_>) -> Result<Vec<ConversationParticipant>> {
        let rows = ctx.scope()?.of::<participant::Entity>("conversationId", &self.row.id, "joinedAt").await?;
        let shown = rows.into_iter().filter(|row| row.left_at.is_none() || !self.row.is_group);
        Ok(shown.map(ConversationParticipant::of).collect())
    }

    /// What was said, the newest first.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Message>> {
        let (scope, window) = (ctx.scope()?, Window { first, after, last, before });
        scope.page_of("conversationId", &self.row.id, listing(scope), &window, ctx).await
    }

    /// The latest message, a deleted one included; null before the first.
    async fn last_message(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        let latest = ctx.scope()?.maybe::<message::Entity>(self.row.last_message_id.as_ref()).await?;
        Ok(latest.map(Message::of))
    }

    /// How many messages the signed-in user has not read. One's own, deleted ones, what the system noted down, and what
    /// was said before one joined do not count.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let scope = ctx.scope()?;
        scope.tally(unread_in(scope), &self.row.id).await
    }
}

impl Node for Conversation {
    type Entity = conversation::Entity;

    fn of(row: impl Into<Arc<conversation::Model>>) -> Self {
        Self(ConversationFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<conversation::Entity>> {
        vec![Relation::to::<Message>("lastMessage", "lastMessageId")]
    }

    async fn lists(scope: &Scope, ids: &[&Id], wanted: &Wanted<'_>) -> Result<()> {
        let people = wanted.ids("participants", ids);
        try_join3(
            scope.prefetch_of::<participant::Entity>("conversationId", people, "joinedAt"),
            scope.prefetch_tally(unread_in(scope), wanted.ids("unreadCount", ids)),
            scope.prefetch_pages("conversationId", ids, wanted.pages("messages"), |_| Ok(listing(scope))),
        )
        .await?;
        Ok(())
    }
}

/// Somebody's part in a conversation.
#[derive(SimpleObject)]
#[graphql(complex, name = "ConversationParticipant")]
pub struct ConversationParticipantFields {
    #[graphql(flatten)]
    row: Arc<participant::Model>,
}

pub type ConversationParticipant = InPlace<ConversationParticipantFields>;

#[ComplexObject]
impl ConversationParticipantFields {
    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.user_id).await?))
    }

    /// The conversation.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Conversation> {
        Ok(Conversation::of(ctx.scope()?.load::<conversation::Entity>(&self.row.conversation_id).await?))
    }
}

impl Node for ConversationParticipant {
    type Entity = participant::Entity;

    fn of(row: impl Into<Arc<participant::Model>>) -> Self {
        Self(ConversationParticipantFields { row: row.into() })
    }
}
