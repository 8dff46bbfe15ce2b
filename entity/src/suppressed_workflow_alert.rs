//! An alert that an override held back: what would have been raised, and why it was not. The table
//! `suppressed_workflow_alerts`.

use sea_orm::entity::prelude::*;

use crate::enums::{AlertPriority, ProjectPhase};
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "suppressed_workflow_alerts")]
#[graphql(name = "SuppressedWorkflowAlertRow")]
pub struct Model {
    /// The id of the held-back alert.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the held-back alert was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The id that the alert would have had.
    #[sea_orm(column_name = "originalAlertId", unique)]
    pub original_alert_id: Id,
    /// The override that held it back.
    #[sea_orm(column_name = "overrideId")]
    pub override_id: Id,
    /// The phase of the item.
    #[sea_orm(column_name = "suppressedPhase")]
    pub suppressed_phase: ProjectPhase,
    /// The id of the item of the project's workflow.
    #[sea_orm(column_name = "suppressedStepId")]
    pub suppressed_step_id: Id,
    /// The name of the item.
    #[sea_orm(column_name = "suppressedStepName", column_type = "String(StringLen::N(255))")]
    pub suppressed_step_name: String,
    /// The title that it would have had.
    #[sea_orm(column_name = "originalTitle", column_type = "String(StringLen::N(255))")]
    pub original_title: String,
    /// The message that it would have had.
    #[sea_orm(column_name = "originalMessage", column_type = "Text")]
    pub original_message: String,
    /// The priority that it would have had.
    #[sea_orm(column_name = "originalPriority")]
    pub original_priority: AlertPriority,
    /// Why it was held back, in a sentence.
    #[sea_orm(column_name = "suppressionReason", column_type = "String(StringLen::N(500))")]
    pub suppression_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
