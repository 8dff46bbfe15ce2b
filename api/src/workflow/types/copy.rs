//! A project's own copy of the template, and where the project stands in it.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, SimpleObject};
use entity::enums::ResponsibleRole;
use entity::{
    completed_workflow_item, project, project_workflow, project_workflow_tracker, user, workflow_line_item,
    workflow_phase, workflow_section, workflow_step, workflow_subtask,
};

use super::{CompletedWorkflowItem, WorkflowLineItem, WorkflowPhase, WorkflowSection, for_staff, person};
use crate::accounts::types::User;
use crate::alerts::recipient::assignments;
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::{Error, Result};
use crate::in_place::InPlace;
use crate::projects::types::Project;

/// A project's workflow: its own copy of the template, and how far it is.
#[derive(SimpleObject)]
#[graphql(complex, name = "ProjectWorkflow")]
pub struct ProjectWorkflowFields {
    #[graphql(flatten)]
    row: Arc<project_workflow::Model>,
}

pub type ProjectWorkflow = InPlace<ProjectWorkflowFields>;

/// Who answers for a role in one project, in place of the company's holder.
#[derive(SimpleObject)]
pub struct TeamAssignment {
    /// The role.
    role: ResponsibleRole,
    /// The person.
    user: User,
}

#[ComplexObject]
impl ProjectWorkflowFields {
    /// Per-project copies of the sections, in order.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<WorkflowStep>> {
        ctx.scope()?.nodes_of("workflowId", &self.row.id, "stepOrder").await
    }

    /// The project it belongs to.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        let row = ctx.scope()?.one::<project::Entity>(&self.row.project_id).await?;
        row.map(Project::of).ok_or_else(|| Error::not_found("project"))
    }

    /// Who answers for which role in this project; null for clients of the company.
    async fn team_assignments(&self, ctx: &Context<'_>) -> Result<Option<Vec<TeamAssignment>>> {
        let scope = ctx.scope()?;
        if !scope.viewer().is_staff() {
            return Ok(None);
        }
        let mut list = Vec::new();
        for (role, id) in assignments(self.row.team_assignments.as_ref()) {
            list.extend(scope.one::<user::Entity>(&id).await?.map(|row| TeamAssignment { role, user: User::of(row) }));
        }
        list.sort_by_key(|assignment| assignment.role as u8);
        Ok(Some(list))
    }

    /// Who created it.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.created_by_id.as_ref()).await
    }

    /// Who changed it last.
    async fn last_modified_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.last_modified_by_id.as_ref()).await
    }
}

impl Node for ProjectWorkflow {
    type Entity = project_workflow::Entity;
    fn of(row: impl Into<Arc<project_workflow::Model>>) -> Self {
        Self(ProjectWorkflowFields { row: row.into() })
    }
}

/// A section of the template as this project follows it.
#[derive(SimpleObject)]
#[graphql(complex, name = "WorkflowStep")]
pub struct WorkflowStepFields {
    #[graphql(flatten)]
    row: Arc<workflow_step::Model>,
}

pub type WorkflowStep = InPlace<WorkflowStepFields>;

#[ComplexObject]
impl WorkflowStepFields {
    /// The project's copies of the section's line items, in order.
    async fn subtasks(&self, ctx: &Context<'_>) -> Result<Vec<WorkflowSubtask>> {
        ctx.scope()?.nodes_of("stepId", &self.row.id, "displayOrder").await
    }

    /// The workflow it belongs to.
    async fn workflow(&self, ctx: &Context<'_>) -> Result<ProjectWorkflow> {
        let row = ctx.scope()?.one::<project_workflow::Entity>(&self.row.workflow_id).await?;
        row.map(ProjectWorkflow::of).ok_or_else(|| Error::not_found("workflow"))
    }

    /// Who gets the alerts of its items, in place of the holders of their roles.
    async fn assigned_to(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.assigned_to_id.as_ref()).await
    }

    /// Who completed its last item; null while it is open.
    async fn completed_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.completed_by_id.as_ref()).await
    }

    /// Notes of the staff's; null for clients of the company.
    async fn notes(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        for_staff(ctx, self.row.notes.as_ref())
    }

    /// Notes on its completion; null for clients of the company.
    async fn completion_notes(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        for_staff(ctx, self.row.completion_notes.as_ref())
    }
}

impl Node for WorkflowStep {
    type Entity = workflow_step::Entity;
    fn of(row: impl Into<Arc<workflow_step::Model>>) -> Self {
        Self(WorkflowStepFields { row: row.into() })
    }
}

/// What has become of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "WorkflowItemState")]
pub enum ItemStateName {
    /// Still to be done.
    Open,
    /// Left behind by a move to a later phase.
    Skipped,
    /// Done.
    Completed,
}

/// A line item of the template as this project follows it.
#[derive(SimpleObject)]
#[graphql(complex, name = "WorkflowSubtask")]
pub struct WorkflowSubtaskFields {
    #[graphql(flatten)]
    row: Arc<workflow_subtask::Model>,
}

pub type WorkflowSubtask = InPlace<WorkflowSubtaskFields>;

#[ComplexObject]
impl WorkflowSubtaskFields {
    /// Open, left behind, or done.
    async fn state(&self) -> ItemStateName {
        match (self.row.is_completed, self.row.skipped_at) {
            (true, _) => ItemStateName::Completed,
            (false, Some(_)) => ItemStateName::Skipped,
            (false, None) => ItemStateName::Open,
        }
    }

    /// The step it belongs to.
    async fn step(&self, ctx: &Context<'_>) -> Result<WorkflowStep> {
        let row = ctx.scope()?.one::<workflow_step::Entity>(&self.row.step_id).await?;
        row.map(WorkflowStep::of).ok_or_else(|| Error::not_found("step"))
    }

    /// The line item that it copies; null for an extra one of the project's own.
    async fn line_item(&self, ctx: &Context<'_>) -> Result<Option<WorkflowLineItem>> {
        let row = ctx.scope()?.maybe::<workflow_line_item::Entity>(self.row.line_item_id.as_ref()).await?;
        Ok(row.map(WorkflowLineItem::of))
    }

    /// Who completed it.
    async fn completed_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.completed_by_id.as_ref()).await
    }

    /// Notes of the staff's; null for clients of the company.
    async fn notes(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        for_staff(ctx, self.row.notes.as_ref())
    }
}

impl Node for WorkflowSubtask {
    type Entity = workflow_subtask::Entity;
    fn of(row: impl Into<Arc<workflow_subtask::Model>>) -> Self {
        Self(WorkflowSubtaskFields { row: row.into() })
    }
}

/// Where a project stands, and the audit trail of how it came there.
#[derive(SimpleObject)]
#[graphql(complex, name = "ProjectWorkflowTracker")]
pub struct ProjectWorkflowTrackerFields {
    #[graphql(flatten)]
    row: Arc<project_workflow_tracker::Model>,
}

pub type ProjectWorkflowTracker = InPlace<ProjectWorkflowTrackerFields>;

#[ComplexObject]
impl ProjectWorkflowTrackerFields {
    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        let row = ctx.scope()?.one::<project::Entity>(&self.row.project_id).await?;
        row.map(Project::of).ok_or_else(|| Error::not_found("project"))
    }

    /// Its workflow.
    async fn workflow(&self, ctx: &Context<'_>) -> Result<ProjectWorkflow> {
        let row = ctx.scope()?.one::<project_workflow::Entity>(&self.row.workflow_id).await?;
        row.map(ProjectWorkflow::of).ok_or_else(|| Error::not_found("workflow"))
    }

    /// The phase of the current item; null at the end.
    async fn current_phase(&self, ctx: &Context<'_>) -> Result<Option<WorkflowPhase>> {
        let row = ctx.scope()?.maybe::<workflow_phase::Entity>(self.row.current_phase_id.as_ref()).await?;
        Ok(row.map(WorkflowPhase::of))
    }

    /// The section of the current item; null at the end.
    async fn current_section(&self, ctx: &Context<'_>) -> Result<Option<WorkflowSection>> {
        let row = ctx.scope()?.maybe::<workflow_section::Entity>(self.row.current_section_id.as_ref()).await?;
        Ok(row.map(WorkflowSection::of))
    }

    /// The first open line item of the project; null at the end.
    async fn current_line_item(&self, ctx: &Context<'_>) -> Result<Option<WorkflowLineItem>> {
        let row = ctx.scope()?.maybe::<workflow_line_item::Entity>(self.row.current_line_item_id.as_ref()).await?;
        Ok(row.map(WorkflowLineItem::of))
    }

    /// The line item of the latest completion that stands.
    async fn last_completed_item(&self, ctx: &Context<'_>) -> Result<Option<WorkflowLineItem>> {
        let row = ctx.scope()?.maybe::<workflow_line_item::Entity>(self.row.last_completed_item_id.as_ref()).await?;
        Ok(row.map(WorkflowLineItem::of))
    }

    /// The audit trail, oldest first; reopened ones stay in it.
    async fn completed_items(&self, ctx: &Context<'_>) -> Result<Vec<CompletedWorkflowItem>> {
        let scope = ctx.scope()?;
        let rows = scope.of::<completed_workflow_item::Entity>("trackerId", &self.row.id, "completedAt").await?;
        Ok(rows.into_iter().map(CompletedWorkflowItem::of).collect())
    }
}

impl Node for ProjectWorkflowTracker {
    type Entity = project_workflow_tracker::Entity;
    fn of(row: impl Into<Arc<project_workflow_tracker::Model>>) -> Self {
        Self(ProjectWorkflowTrackerFields { row: row.into() })
    }
}
