//! A phase of the company's workflow template, at most one for each phase type. The table `workflow_phases`.

use sea_orm::entity::prelude::*;

use crate::enums::ProjectPhase;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "workflow_phases")]
#[graphql(name = "WorkflowPhaseRow")]
pub struct Model {
    /// The id of the phase.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the phase was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the phase last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The phase's name, for example "Lead".
    #[sea_orm(column_name = "phaseName", column_type = "String(StringLen::N(100))")]
    pub phase_name: String,
    /// Which of the six phases this is.
    #[sea_orm(column_name = "phaseType", unique)]
    pub phase_type: ProjectPhase,
    /// The place among the phases; gaps are normal.
    #[sea_orm(column_name = "displayOrder")]
    pub display_order: i32,
    /// What happens in the phase; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub description: Option<String>,
    /// False for a phase that new projects do not copy.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
