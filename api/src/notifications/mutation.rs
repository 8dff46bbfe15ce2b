//! What people do with their notifications: read them and throw them away.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use entity::notification;
use entity::scalar::{Id, Instant};

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;
use crate::notifications::discard::DeleteNotification;
use crate::notifications::read::{MarkAllNotificationsRead, MarkNotificationRead};
use crate::notifications::types::Notification;

#[derive(Default)]
pub struct NotificationsMutation;

/// A notification that was read.
#[derive(InputObject)]
pub struct MarkNotificationReadInput {
    /// The notification's id.
    pub notification_id: Id,
}

/// What `markNotificationRead` answers.
#[derive(SimpleObject)]
pub struct MarkNotificationReadPayload {
    /// The notification as it is now.
    pub notification: Notification,
}

/// Which notifications were read; all of them if nothing is given.
#[derive(InputObject)]
pub struct MarkAllNotificationsReadInput {
    /// Only those created no later than this, so that what came after the screen was drawn stays unread.
    pub created_until: Option<Instant>,
}

/// What `markAllNotificationsRead` answers.
#[derive(SimpleObject)]
pub struct MarkAllNotificationsReadPayload {
    /// How many notifications were unread until now.
    pub marked_count: i64,
}

/// A notification that is no longer wanted.
#[derive(InputObject)]
pub struct DeleteNotificationInput {
    /// The notification's id.
    pub notification_id: Id,
}

/// What `deleteNotification` answers.
#[derive(SimpleObject)]
pub struct DeleteNotificationPayload {
    /// The id of the notification that is gone.
    pub deleted_id: Id,
}

#[Object]
impl NotificationsMutation {
    /// Marks a notification as read. Repeating it changes nothing.
    async fn mark_notification_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notification that was read.")] input: MarkNotificationReadInput,
    ) -> Result<MarkNotificationReadPayload> {
        let scope = ctx.scope()?;
        let id = input.notification_id;
        scope.write(&MarkNotificationRead { id: id.clone() }).await?;
        let notification = Notification::of(scope.load::<notification::Entity>(&id).await?);
        Ok(MarkNotificationReadPayload { notification })
    }

    /// Marks all of the signed-in user's notifications as read.
    async fn mark_all_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which notifications were read.")] input: MarkAllNotificationsReadInput,
    ) -> Result<MarkAllNotificationsReadPayload> {
        let read = MarkAllNotificationsRead { until: input.created_until };
        let marked_count = ctx.scope()?.write(&read).await?;
        Ok(MarkAllNotificationsReadPayload { marked_count })
    }

    /// Throws a notification away.
    async fn delete_notification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notification that is no longer wanted.")] input: DeleteNotificationInput,
    ) -> Result<DeleteNotificationPayload> {
        let deleted_id = ctx.scope()?.write(&DeleteNotification { id: input.notification_id }).await?;
        Ok(DeleteNotificationPayload { deleted_id })
    }
}
