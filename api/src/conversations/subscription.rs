//! Conversations as they go on: the list of them, and what is said.

use std::future::ready;

use async_graphql::{Context, SimpleObject, Subscription};
use entity::conversation;
use entity::enums::ChangeKind;
use entity::scalar::Id;
use futures_util::{Stream, TryStreamExt};

use super::messages::types::Message;
use super::types::Conversation;
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::stream::Seen;
use crate::data::told::Told;
use crate::error::Result;

#[derive(Default)]
pub struct ConversationsSubscription;

/// A message came, was edited, reacted to or deleted.
#[derive(SimpleObject)]
pub struct MessageChange {
    /// Where this change stands in the log. Subscribe with it as `after` to go on from here.
    pub cursor: String,
    /// What happened: CREATED for a new message, UPDATED for a changed or deleted one, whose row stays.
    pub kind: ChangeKind,
    /// The message's id.
    pub id: Id,
    /// The message as it is now; null for DELETED.
    pub message: Option<Message>,
}

impl MessageChange {
    fn of(seen: Seen) -> Self {
        let message = match seen.told() {
            Some(Told::Said(row)) => Some(Message::of(row.as_ref().clone())),
            _ => None,
        };
        Self { cursor: seen.cursor, kind: seen.kind, id: seen.id, message }
    }
}

/// A conversation came, went, or something about it changed.
#[derive(SimpleObject)]
pub struct ConversationChange {
    /// Where this change stands in the log. Subscribe with it as `after` to go on from here.
    pub cursor: String,
    /// What happened, as far as the signed-in user can see: CREATED when they came into it, DELETED when they left or were
    /// removed, UPDATED for a new latest message, other people in it, title, description or closing.
    pub kind: ChangeKind,
    /// The conversation's id.
    pub id: Id,
    /// The conversation as it is now; null for DELETED.
    pub conversation: Option<Conversation>,
}

impl ConversationChange {
    fn of(seen: Seen) -> Self {
        let conversation = match seen.told() {
            Some(Told::Conversation(row)) => Some(Conversation::of(row.as_ref().clone())),
            _ => None,
        };
        Self { cursor: seen.cursor, kind: seen.kind, id: seen.id, conversation }
    }
}

#[Subscription]
impl ConversationsSubscription {
    /// What is said in one's conversations. Reading is not told of. Whoever leaves a conversation hears no more of it; that
    /// they have is told by `conversationChanged`.
    async fn message_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only messages of this conversation; without it, of all one takes part in.")]
        conversation_id: Option<Id>,
        #[graphql(desc = "The last cursor received, or `changeCursor`: first comes everything after it, in order.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<MessageChange>>> {
        let scope = ctx.scope()?;
        // Whoever resumes may have been removed meanwhile, and is told so elsewhere.
        if let (Some(conversation), None) = (&conversation_id, &after) {
            scope.load::<conversation::Entity>(conversation).await?;
        }
        let changes = scope.changes("messages", after).await?;
        Ok(changes
            .try_filter(move |seen| ready(conversation_id.is_none() || seen.event.conversation == conversation_id))
            .map_ok(MessageChange::of))
    }

    /// The list of one's conversations, kept up to date.
    async fn conversation_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last cursor received, or `changeCursor`: first comes everything after it, in order.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<ConversationChange>>> {
        Ok(ctx.scope()?.changes("conversations", after).await?.map_ok(ConversationChange::of))
    }
}
