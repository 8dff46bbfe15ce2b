//! A task that waits for another. The table `task_dependencies`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "task_dependencies")]
pub struct Model {
    /// The id of the dependency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the dependency was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The task that comes first.
    #[sea_orm(column_name = "parentTaskId")]
    pub parent_task_id: Id,
    /// The task that waits for it.
    #[sea_orm(column_name = "dependentTaskId")]
    pub dependent_task_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
