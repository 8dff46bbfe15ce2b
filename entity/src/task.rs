//! A task of a project, beside its workflow. The table `tasks`.

use sea_orm::entity::prelude::*;

use crate::enums::{Priority, TaskCategory, TaskStatus};
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    /// The id of the task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the task was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the task last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// What is to be done, in a line.
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    /// What is to be done, at length; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(2000))", nullable)]
    pub description: Option<String>,
    /// When it is due, in UTC.
    #[sea_orm(column_name = "dueDate")]
    pub due_date: Instant,
    /// Where it stands.
    pub status: TaskStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// How long it should take, in hours; null if unknown.
    #[sea_orm(column_name = "estimatedHours", nullable)]
    pub estimated_hours: Option<i32>,
    /// How long it took, in hours; null if unknown.
    #[sea_orm(column_name = "actualHours", nullable)]
    pub actual_hours: Option<i32>,
    /// What kind of work it is.
    pub category: TaskCategory,
    /// Words to find it by.
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: List<String>,
    /// Notes; null if there are none.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    pub notes: Option<String>,
    /// When it was done; null while it is not.
    #[sea_orm(column_name = "completedAt", nullable)]
    pub completed_at: Option<Instant>,
    /// The project that it belongs to.
    #[sea_orm(column_name = "projectId")]
    pub project_id: Id,
    /// The person who is to do it.
    #[sea_orm(column_name = "assignedToId")]
    pub assigned_to_id: Id,
    /// The person who created it; null for the system, or once they are deleted.
    #[sea_orm(column_name = "createdById", nullable)]
    pub created_by_id: Option<Id>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
