//! The workflow of a project: its own copy of the template as a whole, one for each project. The table
//! `project_workflows`.

use sea_orm::entity::prelude::*;

use crate::enums::{AlertMethod, WorkflowStatus, WorkflowType};
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "project_workflows")]
#[graphql(name = "ProjectWorkflowRow")]
pub struct Model {
    /// The id of the workflow.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the workflow was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the workflow last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The project to which the workflow belongs.
    #[sea_orm(column_name = "projectId", unique)]
    pub project_id: Id,
    /// Which trade it follows; a label.
    #[sea_orm(column_name = "workflowType")]
    pub workflow_type: WorkflowType,
    /// Where the workflow stands.
    pub status: WorkflowStatus,
    /// The `stepOrder` of the current step; the number of steps once all are done.
    #[sea_orm(column_name = "currentStepIndex")]
    pub current_step_index: i32,
    /// How much of it is done, in percent from 0 to 100.
    #[sea_orm(column_name = "overallProgress")]
    pub overall_progress: i32,
    /// When the first item was completed; null before.
    #[sea_orm(column_name = "workflowStartDate", nullable)]
    pub workflow_start_date: Option<Instant>,
    /// When the last item was completed; null until then, and again once one is reopened.
    #[sea_orm(column_name = "workflowEndDate", nullable)]
    pub workflow_end_date: Option<Instant>,
    /// When it should be finished, judging by the days that the open items may take; null when nothing is open.
    #[sea_orm(column_name = "estimatedCompletionDate", nullable)]
    pub estimated_completion_date: Option<Instant>,
    /// When it was finished; null until then, and again once an item is reopened.
    #[sea_orm(column_name = "actualCompletionDate", nullable)]
    pub actual_completion_date: Option<Instant>,
    /// Are alerts raised for the project?
    #[sea_orm(column_name = "enableAlerts")]
    pub enable_alerts: bool,
    /// The ways by which its alerts reach people.
    #[sea_orm(column_name = "alertMethods", column_type = "JsonBinary")]
    pub alert_methods: List<AlertMethod>,
    /// Do overdue alerts also go to those above?
    #[sea_orm(column_name = "escalationEnabled")]
    pub escalation_enabled: bool,
    /// How many days after its due date an alert does.
    #[sea_orm(column_name = "escalationDelayDays")]
    pub escalation_delay_days: i32,
    /// Who answers for which role in this project, as JSON from role to a person's id; null for the company's own
    /// holders.
    #[sea_orm(column_name = "teamAssignments", column_type = "JsonBinary", nullable)]
    #[graphql(skip)]
    pub team_assignments: Option<Json>,
    /// The person who created it; null for the system, or once they are deleted.
    #[sea_orm(column_name = "createdById", nullable)]
    pub created_by_id: Option<Id>,
    /// The person who last moved it on; null for the system, or once they are deleted.
    #[sea_orm(column_name = "lastModifiedById", nullable)]
    pub last_modified_by_id: Option<Id>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
