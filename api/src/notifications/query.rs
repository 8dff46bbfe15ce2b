//! What people read of their notifications.

use async_graphql::{Context, Object};

use crate::data::page::{Connection, Window};
use crate::data::scope::Asking;
use crate::error::Result;
use crate::notifications::list::{self, NotificationFilter};
use crate::notifications::types::Notification;

#[derive(Default)]
pub struct NotificationsQuery;

#[Object]
impl NotificationsQuery {
    /// The signed-in user's notifications, newest first.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many notifications from the start, 1 to 200; 50 if neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only notifications after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many notifications from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only notifications before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which notifications to list.")] filter: Option<NotificationFilter>,
    ) -> Result<Connection<Notification>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, &filter.unwrap_or_default());
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }

    /// How many notifications the signed-in user has not read yet.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let scope = ctx.scope()?;
        scope.count(list::unread(scope)).await
    }
}
