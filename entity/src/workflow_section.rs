//! A section of a phase of the workflow template; a project's copy of it is a step. The table `workflow_sections`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "workflow_sections")]
#[graphql(name = "WorkflowSectionRow")]
pub struct Model {
    /// The id of the section.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the section was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the section last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The section's number in its phase, for example "1" or "5b".
    #[sea_orm(column_name = "sectionNumber", column_type = "String(StringLen::N(10))")]
    pub section_number: String,
    /// The section's name.
    #[sea_orm(column_name = "sectionName", column_type = "String(StringLen::N(200))")]
    pub section_name: String,
    /// The name as it is shown, with symbol and role.
    #[sea_orm(column_name = "displayName", column_type = "String(StringLen::N(255))")]
    pub display_name: String,
    /// The place in the phase; gaps are normal.
    #[sea_orm(column_name = "displayOrder")]
    pub display_order: i32,
    /// What the section is about; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub description: Option<String>,
    /// False for a section that is copied only when it is asked for by name, such as those for work without insurance.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// The phase that the section belongs to.
    #[sea_orm(column_name = "phaseId")]
    pub phase_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
