//! Reading alerts.

use async_graphql::{Context, Object};
use entity::scalar::Id;

use crate::alerts::list::{self, AlertFilter, AlertOrder};
use crate::alerts::types::WorkflowAlert;
use crate::data::page::{Connection, Window};
use crate::data::scope::Asking;
use crate::error::Result;

#[derive(Default)]
pub struct AlertsQuery;

#[Object]
impl AlertsQuery {
    /// An alert by id; null where there is none within the viewer's reach.
    async fn alert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The alert's id.")] id: Id,
    ) -> Result<Option<WorkflowAlert>> {
        ctx.scope()?.node::<WorkflowAlert>(&id, ctx).await
    }

    /// The alerts within the viewer's reach, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn alerts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<AlertFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<AlertOrder>,
    ) -> Result<Connection<WorkflowAlert>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, filter.as_ref(), order_by.as_ref());
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }
}
