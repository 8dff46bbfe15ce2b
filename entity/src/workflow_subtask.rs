//! An item of a project's workflow: its own copy of a line item of the template, or one that only this project has. The
//! table `workflow_subtasks`.

use sea_orm::entity::prelude::*;

use crate::enums::ResponsibleRole;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "workflow_subtasks")]
#[graphql(name = "WorkflowSubtaskRow")]
pub struct Model {
    /// The id of the item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the item was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the item last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The id of the line item it was copied from; an id of its own for an extra item.
    #[sea_orm(column_name = "subTaskId", column_type = "String(StringLen::N(50))")]
    pub sub_task_id: String,
    /// What is to be done.
    #[sea_orm(column_name = "subTaskName", column_type = "String(StringLen::N(500))")]
    pub sub_task_name: String,
    /// How it is done; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    pub description: Option<String>,
    /// Is it done?
    #[sea_orm(column_name = "isCompleted")]
    pub is_completed: bool,
    /// When it was completed; null while it is not.
    #[sea_orm(column_name = "completedAt", nullable)]
    pub completed_at: Option<Instant>,
    /// The person who completed it; null while it is not completed, or once they are deleted.
    #[sea_orm(column_name = "completedById", nullable)]
    pub completed_by_id: Option<Id>,
    /// What was noted at the completion; null if nothing was.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    #[graphql(skip)]
    pub notes: Option<String>,
    /// The step that the item belongs to.
    #[sea_orm(column_name = "stepId")]
    pub step_id: Id,
    /// The line item it was copied from; null for an extra item. (An addition to the report.)
    #[sea_orm(column_name = "lineItemId", nullable)]
    pub line_item_id: Option<Id>,
    /// The place in the step; gaps are normal. (An addition to the report.)
    #[sea_orm(column_name = "displayOrder")]
    pub display_order: i32,
    /// Who in the company answers for it. (An addition to the report.)
    #[sea_orm(column_name = "responsibleRole")]
    pub responsible_role: ResponsibleRole,
    /// How long it takes, in minutes. (An addition to the report.)
    #[sea_orm(column_name = "estimatedMinutes")]
    pub estimated_minutes: i32,
    /// How many days of 24 hours a person has for it once it is current. (An addition to the report.)
    #[sea_orm(column_name = "alertDays")]
    pub alert_days: i32,
    /// When an override left it behind; null if none did. A completed item keeps it. (An addition to the report.)
    #[sea_orm(column_name = "skippedAt", nullable)]
    pub skipped_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
