//! A completion of an item: the audit trail of a workflow. A reopening leaves the row and marks it. The table
//! `completed_workflow_items`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "completed_workflow_items")]
#[graphql(name = "CompletedWorkflowItemRow")]
pub struct Model {
    /// The id of the completion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the completion was recorded, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The tracker of the project.
    #[sea_orm(column_name = "trackerId")]
    pub tracker_id: Id,
    /// The phase of the item.
    #[sea_orm(column_name = "phaseId")]
    pub phase_id: Id,
    /// The section of the item.
    #[sea_orm(column_name = "sectionId")]
    pub section_id: Id,
    /// The line item that was completed.
    #[sea_orm(column_name = "lineItemId")]
    pub line_item_id: Id,
    /// When it was completed, in UTC.
    #[sea_orm(column_name = "completedAt")]
    pub completed_at: Instant,
    /// The person who completed it; null once they are deleted.
    #[sea_orm(column_name = "completedById", nullable)]
    pub completed_by_id: Option<Id>,
    /// What was noted at the completion; null if nothing was.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    #[graphql(skip)]
    pub notes: Option<String>,
    /// When the item was reopened, after which this completion no longer stands; null while it does. (An addition to
    /// the report.)
    #[sea_orm(column_name = "reopenedAt", nullable)]
    pub reopened_at: Option<Instant>,
    /// The person who reopened it; null while the completion stands, or once they are deleted. (An addition to the
    /// report.)
    #[sea_orm(column_name = "reopenedById", nullable)]
    pub reopened_by_id: Option<Id>,
    /// Why it was reopened; null if nobody said. (An addition to the report.)
    #[sea_orm(column_name = "reopenReason", column_type = "String(StringLen::N(1000))", nullable)]
    #[graphql(skip)]
    pub reopen_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
