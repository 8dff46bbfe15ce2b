//! A step of a project's workflow: its own copy of a section of the template. The table `workflow_steps`.

use sea_orm::entity::prelude::*;

use crate::enums::{AlertPriority, ProjectPhase, ResponsibleRole};
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "workflow_steps")]
#[graphql(name = "WorkflowStepRow")]
pub struct Model {
    /// The id of the step.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the step was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the step last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The id of the section it was copied from.
    #[sea_orm(column_name = "stepId", column_type = "String(StringLen::N(50))")]
    pub step_id: String,
    /// The step's name.
    #[sea_orm(column_name = "stepName", column_type = "String(StringLen::N(200))")]
    pub step_name: String,
    /// What the step is about.
    #[sea_orm(column_type = "String(StringLen::N(1000))")]
    pub description: String,
    /// The phase that the step belongs to.
    pub phase: ProjectPhase,
    /// Who in the company answers for it, as its first item says.
    #[sea_orm(column_name = "defaultResponsible")]
    pub default_responsible: ResponsibleRole,
    /// The person to whom the step is assigned; null for whoever holds the role.
    #[sea_orm(column_name = "assignedToId", nullable)]
    pub assigned_to_id: Option<Id>,
    /// How long it takes, in minutes.
    #[sea_orm(column_name = "estimatedDuration")]
    pub estimated_duration: i32,
    /// The place in the project's workflow, all phases together.
    #[sea_orm(column_name = "stepOrder")]
    pub step_order: i32,
    /// When it is planned to begin, in UTC; null if unplanned.
    #[sea_orm(column_name = "scheduledStartDate", nullable)]
    pub scheduled_start_date: Option<Instant>,
    /// When it is planned to be finished, in UTC; null if unplanned.
    #[sea_orm(column_name = "scheduledEndDate", nullable)]
    pub scheduled_end_date: Option<Instant>,
    /// When an item of it was first current or completed; null before.
    #[sea_orm(column_name = "actualStartDate", nullable)]
    pub actual_start_date: Option<Instant>,
    /// When its last item was completed; null while one is open.
    #[sea_orm(column_name = "actualEndDate", nullable)]
    pub actual_end_date: Option<Instant>,
    /// Is nothing of it open any more, and something of it completed?
    #[sea_orm(column_name = "isCompleted")]
    pub is_completed: bool,
    /// When it was completed; null while it is not.
    #[sea_orm(column_name = "completedAt", nullable)]
    pub completed_at: Option<Instant>,
    /// The person who completed its last item; null while it is not completed, or once they are deleted.
    #[sea_orm(column_name = "completedById", nullable)]
    pub completed_by_id: Option<Id>,
    /// How urgent the alerts of its items are.
    #[sea_orm(column_name = "alertPriority")]
    pub alert_priority: AlertPriority,
    /// The most days that one of its items may take.
    #[sea_orm(column_name = "alertDays")]
    pub alert_days: i32,
    /// On which days after the due date people are reminded again.
    #[sea_orm(column_name = "overdueIntervals", column_type = "JsonBinary")]
    pub overdue_intervals: List<i32>,
    /// Notes of the office; null if there are none.
    #[sea_orm(column_type = "String(StringLen::N(2000))", nullable)]
    #[graphql(skip)]
    pub notes: Option<String>,
    /// What was noted at the completion; null if nothing was.
    #[sea_orm(column_name = "completionNotes", column_type = "String(StringLen::N(2000))", nullable)]
    #[graphql(skip)]
    pub completion_notes: Option<String>,
    /// Ids of steps that should come before; for planning only.
    #[sea_orm(column_type = "JsonBinary")]
    pub dependencies: List<String>,
    /// The workflow that the step belongs to.
    #[sea_orm(column_name = "workflowId")]
    pub workflow_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
