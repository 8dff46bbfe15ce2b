//! An alert: an item of a project's workflow is to be done, and by whom. The table `workflow_alerts`.

use sea_orm::entity::prelude::*;

use crate::enums::{AlertPriority, AlertStatus, ClosedReason, ResponsibleRole};
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "workflow_alerts")]
#[graphql(name = "WorkflowAlertRow")]
pub struct Model {
    /// The id of the alert.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the alert was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the alert last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// What the alert is about; "Work Flow Line Item" for items of the workflow.
    #[sea_orm(column_name = "type", column_type = "String(StringLen::N(100))")]
    #[graphql(name = "type")]
    pub alert_type: String,
    /// How urgent it is.
    pub priority: AlertPriority,
    /// Where it stands; live while ACTIVE or ACKNOWLEDGED.
    pub status: AlertStatus,
    /// The item and the customer, in one line.
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub title: String,
    /// What is to be done, in a sentence.
    #[sea_orm(column_type = "Text")]
    pub message: String,
    /// The name of the item.
    #[sea_orm(column_name = "stepName", column_type = "String(StringLen::N(255))")]
    pub step_name: String,
    /// Has the person to whom it is assigned read it?
    #[sea_orm(column_name = "isRead")]
    pub is_read: bool,
    /// When they did; null while they have not.
    #[sea_orm(column_name = "readAt", nullable)]
    pub read_at: Option<Instant>,
    /// Has somebody said that they are on it?
    pub acknowledged: bool,
    /// When they did; null while nobody has.
    #[sea_orm(column_name = "acknowledgedAt", nullable)]
    pub acknowledged_at: Option<Instant>,
    /// When the item is due, in UTC; null for an alert without a date.
    #[sea_orm(column_name = "dueDate", nullable)]
    pub due_date: Option<Instant>,
    /// The project.
    #[sea_orm(column_name = "projectId")]
    pub project_id: Id,
    /// The workflow of the project.
    #[sea_orm(column_name = "workflowId")]
    pub workflow_id: Id,
    /// The step that the item belongs to.
    #[sea_orm(column_name = "stepId")]
    pub step_id: Id,
    /// The person whose turn it is; null while it is nobody's.
    #[sea_orm(column_name = "assignedToId", nullable)]
    pub assigned_to_id: Option<Id>,
    /// The person whose action raised it; null for the system, or once they are deleted.
    #[sea_orm(column_name = "createdById", nullable)]
    pub created_by_id: Option<Id>,
    /// Phase, section, item, project number, customer and address when it was raised, as JSON; null if there are none.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub metadata: Option<Json>,
    /// Who in the company answers for the item.
    #[sea_orm(column_name = "responsibleRole")]
    pub responsible_role: ResponsibleRole,
    /// The line item that it is about; null for an extra item of the project, or once the line item is deleted. (An
    /// addition to the report.)
    #[sea_orm(column_name = "lineItemId", nullable)]
    pub line_item_id: Option<Id>,
    /// Was it assigned by a person? Then it stays with that person when roles change hands. (An addition to the
    /// report.)
    #[sea_orm(column_name = "assignedByHand")]
    pub assigned_by_hand: bool,
    /// When its item was completed; null unless it was. (An addition to the report.)
    #[sea_orm(column_name = "completedAt", nullable)]
    pub completed_at: Option<Instant>,
    /// When it was dismissed; null unless it was. (An addition to the report.)
    #[sea_orm(column_name = "dismissedAt", nullable)]
    pub dismissed_at: Option<Instant>,
    /// The person who dismissed it; null if the system did, or once they are deleted. (An addition to the report.)
    #[sea_orm(column_name = "dismissedById", nullable)]
    pub dismissed_by_id: Option<Id>,
    /// Why the system closed it before its item was completed; null if it did not. (An addition to the report.)
    #[sea_orm(column_name = "closedReason", nullable)]
    pub closed_reason: Option<ClosedReason>,
    /// Why a person dismissed it; null if nobody said. (An addition to the report.)
    #[sea_orm(column_name = "dismissReason", column_type = "String(StringLen::N(500))", nullable)]
    pub dismiss_reason: Option<String>,
    /// When it was announced as overdue; null before. (An addition to the report.)
    #[sea_orm(column_name = "overdueAt", nullable)]
    pub overdue_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
