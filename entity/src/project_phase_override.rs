//! A move of a project to another phase, past the order of its workflow. The table `project_phase_overrides`.

use sea_orm::entity::prelude::*;

use crate::enums::ProjectPhase;
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "project_phase_overrides")]
#[graphql(name = "ProjectPhaseOverrideRow")]
pub struct Model {
    /// The id of the override.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the override was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the override last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The project that was moved.
    #[sea_orm(column_name = "projectId")]
    pub project_id: Id,
    /// The workflow of the project.
    #[sea_orm(column_name = "workflowId")]
    pub workflow_id: Id,
    /// The phase that the project was in.
    #[sea_orm(column_name = "fromPhase")]
    pub from_phase: ProjectPhase,
    /// The phase that it was moved to.
    #[sea_orm(column_name = "toPhase")]
    pub to_phase: ProjectPhase,
    /// The person who moved it.
    #[sea_orm(column_name = "overriddenById")]
    pub overridden_by_id: Id,
    /// Why; null if nobody said.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    #[graphql(skip)]
    pub reason: Option<String>,
    /// The phases whose items raise no alerts while the override is active.
    #[sea_orm(column_name = "suppressAlertsFor", column_type = "JsonBinary")]
    pub suppress_alerts_for: List<ProjectPhase>,
    /// What the project's record says of the move.
    #[sea_orm(column_name = "autoLogMessage", column_type = "Text")]
    #[graphql(skip)]
    pub auto_log_message: String,
    /// Is this the override in force? At most one of a project is.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// The id of the project message that tells of the move; null if there is none.
    #[sea_orm(column_name = "conversationMessage", nullable)]
    pub conversation_message: Option<Id>,
    /// Which items went from which state to which, as JSON, so that the override can be reverted. (An addition to the
    /// report.)
    #[sea_orm(column_type = "JsonBinary")]
    #[graphql(skip)]
    pub effects: Json,
    /// The override that was in force before; null if none was. (An addition to the report.)
    #[sea_orm(column_name = "previousOverrideId", nullable)]
    pub previous_override_id: Option<Id>,
    /// When it was reverted; null if it was not. (An addition to the report.)
    #[sea_orm(column_name = "revertedAt", nullable)]
    pub reverted_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
