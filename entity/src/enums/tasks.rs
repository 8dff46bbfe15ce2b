//! The enums of tasks.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a task stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "TaskStatus", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    /// Not begun; the default.
    ToDo,
    /// Begun.
    InProgress,
    /// Done.
    Done,
}

/// What kind of work a task is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "TaskCategory", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskCategory {
    /// Planning.
    Planning,
    /// Design.
    Design,
    /// Construction.
    Construction,
    /// Inspection.
    Inspection,
    /// Paperwork.
    Documentation,
    /// Talking to people.
    Communication,
    /// Anything else; the default.
    Other,
}
