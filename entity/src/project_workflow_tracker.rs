//! Where a project stands in its workflow, one for each project. The table `project_workflow_trackers`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "project_workflow_trackers")]
#[graphql(name = "ProjectWorkflowTrackerRow")]
pub struct Model {
    /// The id of the tracker.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the tracker was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the tracker last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The project.
    #[sea_orm(column_name = "projectId", unique)]
    pub project_id: Id,
    /// The phase of the current item; null when nothing of the template is open.
    #[sea_orm(column_name = "currentPhaseId", nullable)]
    pub current_phase_id: Option<Id>,
    /// The section of the current item; null when nothing of the template is open.
    #[sea_orm(column_name = "currentSectionId", nullable)]
    pub current_section_id: Option<Id>,
    /// The line item that is to be done next; null when nothing of the template is open.
    #[sea_orm(column_name = "currentLineItemId", nullable)]
    pub current_line_item_id: Option<Id>,
    /// The line item of the latest completion that still stands; null before the first.
    #[sea_orm(column_name = "lastCompletedItemId", nullable)]
    pub last_completed_item_id: Option<Id>,
    /// Since when the current phase has been current; null without one.
    #[sea_orm(column_name = "phaseStartedAt", nullable)]
    pub phase_started_at: Option<Instant>,
    /// Since when the current section has been current; null without one.
    #[sea_orm(column_name = "sectionStartedAt", nullable)]
    pub section_started_at: Option<Instant>,
    /// Since when the current item has been current; null without one.
    #[sea_orm(column_name = "lineItemStartedAt", nullable)]
    pub line_item_started_at: Option<Instant>,
    /// The workflow that is tracked. (An addition to the report.)
    #[sea_orm(column_name = "workflowId", unique)]
    pub workflow_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
