//! The record of what was done: completions, moves between phases, alerts held back.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::{
    completed_workflow_item, project, project_phase_override, project_workflow, project_workflow_tracker,
    suppressed_workflow_alert, workflow_line_item, workflow_phase, workflow_section,
};

use super::{
    ProjectWorkflow, ProjectWorkflowTracker, WorkflowLineItem, WorkflowPhase, WorkflowSection, for_staff, person,
};
use crate::accounts::types::User;
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::{Error, Result};
use crate::in_place::InPlace;
use crate::projects::types::Project;

/// A completion in the audit trail. It stands until it is reopened, and keeps its row after that.
#[derive(SimpleObject)]
#[graphql(complex, name = "CompletedWorkflowItem")]
pub struct CompletedWorkflowItemFields {
    #[graphql(flatten)]
    row: Arc<completed_workflow_item::Model>,
}

pub type CompletedWorkflowItem = InPlace<CompletedWorkflowItemFields>;

#[ComplexObject]
impl CompletedWorkflowItemFields {
    /// The tracker whose trail it is in.
    async fn tracker(&self, ctx: &Context<'_>) -> Result<ProjectWorkflowTracker> {
        let row = ctx.scope()?.one::<project_workflow_tracker::Entity>(&self.row.tracker_id).await?;
        row.map(ProjectWorkflowTracker::of).ok_or_else(|| Error::not_found("tracker"))
    }

    /// The phase of the item.
    async fn phase(&self, ctx: &Context<'_>) -> Result<WorkflowPhase> {
        let row = ctx.scope()?.one::<workflow_phase::Entity>(&self.row.phase_id).await?;
        row.map(WorkflowPhase::of).ok_or_else(|| Error::not_found("phase"))
    }

    /// The section of the item.
    async fn section(&self, ctx: &Context<'_>) -> Result<WorkflowSection> {
        let row = ctx.scope()?.one::<workflow_section::Entity>(&self.row.section_id).await?;
        row.map(WorkflowSection::of).ok_or_else(|| Error::not_found("section"))
    }

    /// What was done.
    async fn line_item(&self, ctx: &Context<'_>) -> Result<WorkflowLineItem> {
        let row = ctx.scope()?.one::<workflow_line_item::Entity>(&self.row.line_item_id).await?;
        row.map(WorkflowLineItem::of).ok_or_else(|| Error::not_found("line item"))
    }

    /// Who did it; null once that person's account is gone.
    async fn completed_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.completed_by_id.as_ref()).await
    }

    /// Who reopened it.
    async fn reopened_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.reopened_by_id.as_ref()).await
    }

    /// Notes on the completion; null for clients of the company.
    async fn notes(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        for_staff(ctx, self.row.notes.as_ref())
    }

    /// Why it was reopened; null for clients of the company.
    async fn reopen_reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        for_staff(ctx, self.row.reopen_reason.as_ref())
    }
}

impl Node for CompletedWorkflowItem {
    type Entity = completed_workflow_item::Entity;
    fn of(row: impl Into<Arc<completed_workflow_item::Model>>) -> Self {
        Self(CompletedWorkflowItemFields { row: row.into() })
    }
}

/// A move of a project to another phase by hand. Only staff sees it.
#[derive(SimpleObject)]
#[graphql(complex, name = "ProjectPhaseOverride")]
pub struct ProjectPhaseOverrideFields {
    #[graphql(flatten)]
    row: Arc<project_phase_override::Model>,
}

pub type ProjectPhaseOverride = InPlace<ProjectPhaseOverrideFields>;

#[ComplexObject]
impl ProjectPhaseOverrideFields {
    /// The project that was moved.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        let row = ctx.scope()?.one::<project::Entity>(&self.row.project_id).await?;
        row.map(Project::of).ok_or_else(|| Error::not_found("project"))
    }

    /// Its workflow.
    async fn workflow(&self, ctx: &Context<'_>) -> Result<ProjectWorkflow> {
        let row = ctx.scope()?.one::<project_workflow::Entity>(&self.row.workflow_id).await?;
        row.map(ProjectWorkflow::of).ok_or_else(|| Error::not_found("workflow"))
    }

    /// Who moved it.
    async fn overridden_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, Some(&self.row.overridden_by_id)).await
    }

    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// The text of the system message about it.
    async fn auto_log_message(&self) -> &str {
        &self.row.auto_log_message
    }

    /// Which item went from which state to which: `[{ "item", "from", "to" }]`.
    async fn effects(&self) -> &serde_json::Value {
        &self.row.effects
    }

    /// The override that was in force before it.
    async fn previous_override(&self, ctx: &Context<'_>) -> Result<Option<ProjectPhaseOverride>> {
        let id = self.row.previous_override_id.as_ref();
        Ok(ctx.scope()?.maybe::<project_phase_override::Entity>(id).await?.map(ProjectPhaseOverride::of))
    }

    /// The alerts that it held back, oldest first.
    async fn suppressed_alerts(&self, ctx: &Context<'_>) -> Result<Vec<SuppressedWorkflowAlert>> {
        let scope = ctx.scope()?;
        let rows = scope.of::<suppressed_workflow_alert::Entity>("overrideId", &self.row.id, "createdAt").await?;
        Ok(rows.into_iter().map(SuppressedWorkflowAlert::of).collect())
    }
}

impl Node for ProjectPhaseOverride {
    type Entity = project_phase_override::Entity;
    fn of(row: impl Into<Arc<project_phase_override::Model>>) -> Self {
        Self(ProjectPhaseOverrideFields { row: row.into() })
    }
}

/// An alert that an override held back.
#[derive(SimpleObject)]
#[graphql(complex, name = "SuppressedWorkflowAlert")]
pub struct SuppressedWorkflowAlertFields {
    #[graphql(flatten)]
    row: Arc<suppressed_workflow_alert::Model>,
}

pub type SuppressedWorkflowAlert = InPlace<SuppressedWorkflowAlertFields>;

#[ComplexObject]
impl SuppressedWorkflowAlertFields {
    /// The override that held it back.
    #[graphql(name = "override")]
    async fn held_back_by(&self, ctx: &Context<'_>) -> Result<ProjectPhaseOverride> {
        let row = ctx.scope()?.one::<project_phase_override::Entity>(&self.row.override_id).await?;
        row.map(ProjectPhaseOverride::of).ok_or_else(|| Error::not_found("override"))
    }
}

impl Node for SuppressedWorkflowAlert {
    type Entity = suppressed_workflow_alert::Entity;
    fn of(row: impl Into<Arc<suppressed_workflow_alert::Model>>) -> Self {
        Self(SuppressedWorkflowAlertFields { row: row.into() })
    }
}
