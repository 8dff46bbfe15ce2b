//! A person's notifications as they come.

use async_graphql::{Context, SimpleObject, Subscription};
use entity::enums::ChangeKind;
use entity::scalar::Id;
use futures_util::{Stream, TryStreamExt};

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::stream::Seen;
use crate::data::told::Told;
use crate::error::Result;
use crate::notifications::types::Notification;

#[derive(Default)]
pub struct NotificationsSubscription;

/// A notification came, was read, or was thrown away.
#[derive(SimpleObject)]
pub struct NotificationChange {
    /// Where this change stands in the log. Subscribe with it as `after` to go on from here.
    pub cursor: String,
    /// What happened to the notification.
    pub kind: ChangeKind,
    /// The notification's id.
    pub id: Id,
    /// The notification as it is now; null for DELETED.
    pub notification: Option<Notification>,
}

impl NotificationChange {
    fn of(seen: Seen) -> Self {
        let notification = match seen.told() {
            Some(Told::Notification(row)) => Some(Notification::of(row.clone())),
            _ => None,
        };
        Self { cursor: seen.cursor, kind: seen.kind, id: seen.id, notification }
    }
}

#[Subscription]
impl NotificationsSubscription {
    /// The signed-in user's notifications as they come, are read (here or on another screen) and are thrown away.
    async fn notification_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last cursor received, or `changeCursor`: first comes everything after it, in order.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<NotificationChange>>> {
        let changes = ctx.scope()?.changes("notifications", after).await?;
        Ok(changes.map_ok(NotificationChange::of))
    }
}
