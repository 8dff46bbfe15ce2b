//! An alert as clients see it.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::{project, project_workflow, user, workflow_alert, workflow_line_item, workflow_step};

use crate::accounts::types::User;
use crate::data::page::Node;
use crate::data::relation::Relation;
use crate::data::scope::Asking;
use crate::error::{Error, Result};
use crate::in_place::InPlace;
use crate::projects::types::Project;
use crate::workflow::types::{ProjectWorkflow, WorkflowLineItem, WorkflowStep};

/// The call to do a project's current line item. At most one of a project is live (ACTIVE or ACKNOWLEDGED).
#[derive(SimpleObject)]
#[graphql(complex, name = "WorkflowAlert")]
pub struct WorkflowAlertFields {
    #[graphql(flatten)]
    row: Arc<workflow_alert::Model>,
}

pub type WorkflowAlert = InPlace<WorkflowAlertFields>;

#[ComplexObject]
impl WorkflowAlertFields {
    /// The project whose item is to be done.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        let row = ctx.scope()?.one::<project::Entity>(&self.row.project_id).await?;
        row.map(Project::of).ok_or_else(|| Error::not_found("project"))
    }

    /// The workflow of that project.
    async fn workflow(&self, ctx: &Context<'_>) -> Result<ProjectWorkflow> {
        let row = ctx.scope()?.one::<project_workflow::Entity>(&self.row.workflow_id).await?;
        row.map(ProjectWorkflow::of).ok_or_else(|| Error::not_found("workflow"))
    }

    /// The step that the item belongs to: the project's copy of a section.
    async fn step(&self, ctx: &Context<'_>) -> Result<WorkflowStep> {
        let row = ctx.scope()?.one::<workflow_step::Entity>(&self.row.step_id).await?;
        row.map(WorkflowStep::of).ok_or_else(|| Error::not_found("step"))
    }

    /// The line item to be done; null once it is no longer part of the template.
    async fn line_item(&self, ctx: &Context<'_>) -> Result<Option<WorkflowLineItem>> {
        let row = ctx.scope()?.maybe::<workflow_line_item::Entity>(self.row.line_item_id.as_ref()).await?;
        Ok(row.map(WorkflowLineItem::of))
    }

    /// Who is to do it; null while it is unassigned.
    async fn assigned_to(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.assigned_to_id.as_ref()).await
    }

    /// Who raised it by hand; null for those the workflow raises.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.created_by_id.as_ref()).await
    }

    /// Who dismissed it; null when nobody did, or the system.
    async fn dismissed_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.dismissed_by_id.as_ref()).await
    }

    /// Is it live and past its due date?
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.scope()?.now();
        Ok(self.row.status.is_live() && self.row.due_date.is_some_and(|due| due < now))
    }
}

async fn person(ctx: &Context<'_>, id: Option<&entity::scalar::Id>) -> Result<Option<User>> {
    Ok(ctx.scope()?.maybe::<user::Entity>(id).await?.map(User::of))
}

impl Node for WorkflowAlert {
    type Entity = workflow_alert::Entity;

    fn of(row: impl Into<Arc<workflow_alert::Model>>) -> Self {
        Self(WorkflowAlertFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<workflow_alert::Entity>> {
        vec![
            Relation::to::<Project>("project", "projectId"),
            Relation::to::<ProjectWorkflow>("workflow", "workflowId"),
            Relation::to::<WorkflowStep>("step", "stepId"),
            Relation::to::<WorkflowLineItem>("lineItem", "lineItemId"),
            Relation::to::<User>("assignedTo", "assignedToId"),
            Relation::to::<User>("createdBy", "createdById"),
            Relation::to::<User>("dismissedBy", "dismissedById"),
        ]
    }
}
