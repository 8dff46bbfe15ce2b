//! Reading the template, and where the change log stands.

use async_graphql::{Context, Object};
use entity::scalar::Id;
use entity::{project_phase_override, workflow_phase};
use sea_orm::QueryOrder;

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;
use crate::workflow::types::{ProjectPhaseOverride, WorkflowPhase};

#[derive(Default)]
pub struct WorkflowQuery;

#[Object]
impl WorkflowQuery {
    /// The template: phases in display order, each with its sections and line items.
    async fn workflow_phases(&self, ctx: &Context<'_>) -> Result<Vec<WorkflowPhase>> {
        let scope = ctx.scope()?;
        let select = scope.find::<workflow_phase::Entity>().order_by_asc(workflow_phase::Column::DisplayOrder);
        Ok(scope.all(select).await?.into_iter().map(WorkflowPhase::of).collect())
    }

    /// The moves of a project between phases by hand, the oldest first. Empty for clients of the company.
    async fn project_phase_overrides(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project's id.")] project_id: Id,
    ) -> Result<Vec<ProjectPhaseOverride>> {
        let rows = ctx.scope()?.of::<project_phase_override::Entity>("projectId", &project_id, "createdAt").await?;
        Ok(rows.into_iter().map(ProjectPhaseOverride::of).collect())
    }

    /// Where the change log stands, taken before any other field of this operation is read. Pass it as `after` to a
    /// subscription and nothing between the two is missed.
    async fn change_cursor(&self, ctx: &Context<'_>) -> Result<String> {
        ctx.scope()?;
        Ok(ctx.caller().change_cursor.clone())
    }
}
