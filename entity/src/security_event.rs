//! Something that happened to an account and may matter to its safety. The table `security_events`.

use sea_orm::entity::prelude::*;

use crate::enums::SecurityEventType;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "security_events")]
pub struct Model {
    /// The id of the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the event was recorded, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The person whose account it is; null if unknown, or once they are deleted.
    #[sea_orm(column_name = "userId", nullable)]
    pub user_id: Option<Id>,
    /// What happened.
    #[sea_orm(column_name = "eventType")]
    pub event_type: SecurityEventType,
    /// How dangerous it looks, from 0 to 100; null if it was not judged.
    #[sea_orm(column_name = "riskScore", nullable)]
    pub risk_score: Option<i32>,
    /// What is known about it, as JSON; null if nothing is.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub details: Option<Json>,
    /// The IP address that it came from; null if unknown.
    #[sea_orm(column_name = "ipAddress", column_type = "String(StringLen::N(45))", nullable)]
    pub ip_address: Option<String>,
    /// The browser's or application's own description; null if unknown.
    #[sea_orm(column_name = "userAgent", column_type = "String(StringLen::N(500))", nullable)]
    pub user_agent: Option<String>,
    /// The id of the device that it came from; null if unknown.
    #[sea_orm(column_name = "deviceId", nullable)]
    pub device_id: Option<Id>,
    /// Has somebody looked into it?
    pub resolved: bool,
    /// When they did; null while nobody has.
    #[sea_orm(column_name = "resolvedAt", nullable)]
    pub resolved_at: Option<Instant>,
    /// The person who did; null while nobody has, or once they are deleted.
    #[sea_orm(column_name = "resolvedBy", nullable)]
    pub resolved_by: Option<Id>,
    /// What was done about it, as JSON; null if nothing.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub response: Option<Json>,
    /// When the event last changed, in UTC. It grows with every change. (An addition to the report.)
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
