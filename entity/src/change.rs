//! A change that a transaction made, written in that transaction: the log from which subscriptions are fed. The table
//! `changes`.

use sea_orm::entity::prelude::*;

use crate::enums::ChangeKind;
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "changes")]
pub struct Model {
    /// The order of insertion, which is not yet the order of the log.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The place in the log, given after the commit; null until then.
    #[sea_orm(nullable, unique)]
    pub seq: Option<i64>,
    /// What happened.
    pub kind: ChangeKind,
    /// The table of the row that it happened to.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub entity: String,
    /// The id of that row.
    #[sea_orm(column_name = "entityId")]
    pub entity_id: Id,
    /// The project of that row; null if it has none.
    #[sea_orm(column_name = "projectId", nullable)]
    pub project_id: Option<Id>,
    /// The ids of the people who can reach the row since then.
    #[sea_orm(column_type = "JsonBinary")]
    pub gained: List<Id>,
    /// The ids of the people who cannot reach the row any more; for a deletion, of all who could.
    #[sea_orm(column_type = "JsonBinary")]
    pub lost: List<Id>,
    /// What filters compare, before the change, as JSON; null for a new row.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    /// What filters compare, after the change, as JSON; null for a deletion.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub after: Option<Json>,
    /// The request that made it; null for the system's own.
    #[sea_orm(column_name = "requestId", column_type = "String(StringLen::N(64))", nullable)]
    pub request_id: Option<String>,
    /// When the change was recorded, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
