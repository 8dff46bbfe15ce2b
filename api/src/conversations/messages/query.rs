//! What clients read of messages.

use async_graphql::{Context, Object};
use entity::conversation;
use entity::scalar::Id;

use super::list;
use super::types::Message;
use crate::data::page::{Connection, Window};
use crate::data::scope::Asking;
use crate::error::Result;

#[derive(Default)]
pub struct SaidQuery;

#[Object]
impl SaidQuery {
    /// A message of a conversation; null where the signed-in user takes no part in it.
    async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message's id.")] id: Id,
    ) -> Result<Option<Message>> {
        ctx.scope()?.node::<Message>(&id, ctx).await
    }

    /// The messages that say this, newest first, without regard to case: in the signed-in user's own conversations.
    /// Deleted messages are not found.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn search_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they say, 1 to 200 characters.")] query: String,
        #[graphql(desc = "Only in this conversation.")] conversation_id: Option<Id>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Message>> {
        let scope = ctx.scope()?;
        if let Some(id) = &conversation_id {
            scope.load::<conversation::Entity>(id).await?;
        }
        let listing = list::saying(scope, &query, conversation_id.as_ref())?;
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }

    /// How many messages the signed-in user has not read, in all conversations. One's own, deleted ones, what the system
    /// noted down, and what was said before one joined do not count.
    async fn unread_message_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let scope = ctx.scope()?;
        scope.count(list::unread(scope)).await
    }
}
