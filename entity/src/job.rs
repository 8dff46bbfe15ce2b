//! Work to be done later, written in the transaction that asks for it. The table `jobs`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// The id of the job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the job was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// Which work it is.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub kind: String,
    /// What the work needs to know, as JSON.
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    /// When to do it at the earliest.
    #[sea_orm(column_name = "runAt")]
    pub run_at: Instant,
    /// What makes it the same work as another, so that it is done once; null where that does not matter.
    #[sea_orm(column_name = "dedupeKey", column_type = "String(StringLen::N(200))", nullable, unique)]
    pub dedupe_key: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// Until when an instance has it to itself; null while none has.
    #[sea_orm(column_name = "lockedUntil", nullable)]
    pub locked_until: Option<Instant>,
    /// When it was done; null while it is not.
    #[sea_orm(column_name = "doneAt", nullable)]
    pub done_at: Option<Instant>,
    /// When it was given up; null while it was not.
    #[sea_orm(column_name = "failedAt", nullable)]
    pub failed_at: Option<Instant>,
    /// Why the last try failed; null if none did.
    #[sea_orm(column_name = "lastError", column_type = "String(StringLen::N(1000))", nullable)]
    pub last_error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
