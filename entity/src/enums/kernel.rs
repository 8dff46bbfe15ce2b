//! The enums of the change log.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What happened to the row that a change tells of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// It is new, or newly within your reach.
    Created,
    /// Something about it changed.
    Updated,
    /// It is gone, or no longer within your reach.
    Deleted,
}
