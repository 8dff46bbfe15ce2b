//! What clients read of conversations.

use async_graphql::{Context, Object};
use entity::scalar::Id;

use super::list::{self, ConversationFilter};
use super::types::Conversation;
use crate::data::page::{Connection, Window};
use crate::data::scope::Asking;
use crate::error::Result;

#[derive(Default)]
pub struct ConversationsQuery;

#[Object]
impl ConversationsQuery {
    /// A conversation; null where the signed-in user takes no part in it.
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conversation's id.")] id: Id,
    ) -> Result<Option<Conversation>> {
        ctx.scope()?.node::<Conversation>(&id, ctx).await
    }

    /// The signed-in user's conversations; the one in which something was said last comes first.
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ConversationFilter>,
    ) -> Result<Connection<Conversation>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, &filter.unwrap_or_default())?;
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }
}
