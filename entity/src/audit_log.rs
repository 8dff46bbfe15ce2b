//! Who did what to what: written, never changed. The table `audit_log`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// The id of the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the entry was recorded, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The id of the person who did it, which outlives the person; null for the system.
    #[sea_orm(column_name = "userId", nullable)]
    pub user_id: Option<Id>,
    /// What was done.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub action: String,
    /// The table of the row to which it was done.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub entity: String,
    /// The id of that row; null if it was done to none.
    #[sea_orm(column_name = "entityId", nullable)]
    pub entity_id: Option<Id>,
    /// The row before, without secrets, as JSON; null if there was none.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    /// The row after, without secrets, as JSON; null if there is none.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub after: Option<Json>,
    /// The IP address that it came from; null if unknown.
    #[sea_orm(column_name = "ipAddress", column_type = "String(StringLen::N(45))", nullable)]
    pub ip_address: Option<String>,
    /// The request in which it was done; null for the system's own.
    #[sea_orm(column_name = "requestId", column_type = "String(StringLen::N(64))", nullable)]
    pub request_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
