//! A notification to one person. The table `notifications`.

use sea_orm::entity::prelude::*;

use crate::enums::NotificationType;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "notifications")]
#[graphql(name = "NotificationRow")]
pub struct Model {
    /// The id of the notification.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the notification was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the notification last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The notification in a line.
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    /// The notification in a sentence or two.
    #[sea_orm(column_type = "String(StringLen::N(1000))")]
    pub message: String,
    /// What it is about.
    #[sea_orm(column_name = "type")]
    #[graphql(name = "type")]
    pub notification_type: NotificationType,
    /// Has the person read it?
    #[sea_orm(column_name = "isRead")]
    pub is_read: bool,
    /// When they did; null while they have not.
    #[sea_orm(column_name = "readAt", nullable)]
    pub read_at: Option<Instant>,
    /// Where it leads in the application, as a path; null if nowhere.
    #[sea_orm(column_name = "actionUrl", column_type = "String(StringLen::N(500))", nullable)]
    pub action_url: Option<String>,
    /// The ids that it is about, as JSON; null if none.
    #[sea_orm(column_name = "actionData", column_type = "JsonBinary", nullable)]
    pub action_data: Option<Json>,
    /// The person to whom it is addressed.
    #[sea_orm(column_name = "recipientId")]
    pub recipient_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
