//! What people do to a project's workflow.

use async_graphql::{Context, Object};
use entity::scalar::Id;
use entity::{completed_workflow_item, project, project_phase_override, workflow_alert, workflow_step};

use crate::alerts::types::WorkflowAlert;
use crate::data::page::Node;
use crate::data::scope::{Asking, Scope};
use crate::error::Result;
use crate::projects::types::Project;
use crate::workflow::assign_step::AssignStep;
use crate::workflow::complete::CompleteLineItem;
use crate::workflow::create::{CreateProject, CreateProjectInput};
use crate::workflow::halt::SetHalt;
use crate::workflow::inputs::{
    AssignStepInput, AssignStepPayload, CompleteLineItemInput, CompleteLineItemPayload, ContinueProjectInput,
    CreateProjectPayload, HaltProjectInput, OverridePhaseInput, OverridePhasePayload, ProjectStatePayload,
    ReopenLineItemInput, ReopenLineItemPayload, RevertOverrideInput, SetProjectAlertsInput,
};
use crate::workflow::override_phase::{OverridePhase, RevertOverride};
use crate::workflow::reopen::ReopenLineItem;
use crate::workflow::rules::Halt;
use crate::workflow::types::{CompletedWorkflowItem, ProjectPhaseOverride, WorkflowStep};

#[derive(Default)]
pub struct WorkflowMutation;

#[Object]
impl WorkflowMutation {
    /// Creates the project together with its workflow, tracker and first alert, or nothing.
    async fn create_project(&self, ctx: &Context<'_>, input: CreateProjectInput) -> Result<CreateProjectPayload> {
        let scope = ctx.scope()?;
        let id = scope.write(&CreateProject { input }).await?;
        Ok(CreateProjectPayload { project: project(scope, &id).await? })
    }

    /// Completes one line item and moves the workflow on. Repeating it changes nothing and says `alreadyCompleted`.
    async fn complete_line_item(
        &self,
        ctx: &Context<'_>,
        input: CompleteLineItemInput,
    ) -> Result<CompleteLineItemPayload> {
        let scope = ctx.scope()?;
        let CompleteLineItemInput { project_id, line_item_id, notes } = input;
        let complete = CompleteLineItem { project: project_id, line_item: line_item_id, notes };
        let completed = scope.write(&complete).await?;
        let completion = scope.load::<completed_workflow_item::Entity>(&completed.completion).await?;
        Ok(CompleteLineItemPayload {
            project: project(scope, &complete.project).await?,
            completed_item: CompletedWorkflowItem::of(completion),
            already_completed: completed.already,
            next_alert: scope.maybe::<workflow_alert::Entity>(completed.alert.as_ref()).await?.map(WorkflowAlert::of),
        })
    }

    /// Reopens a completed line item. Its completion stays in the audit trail, marked as reopened.
    async fn reopen_line_item(&self, ctx: &Context<'_>, input: ReopenLineItemInput) -> Result<ReopenLineItemPayload> {
        let scope = ctx.scope()?;
        let ReopenLineItemInput { project_id, line_item_id, reason } = input;
        scope.write(&ReopenLineItem { project: project_id.clone(), line_item: line_item_id, reason }).await?;
        Ok(ReopenLineItemPayload { project: project(scope, &project_id).await? })
    }

    /// Moves the project to another phase by hand. A phase in which nothing would be open is a CONFLICT, as is the
    /// phase the project is in.
    async fn override_phase(&self, ctx: &Context<'_>, input: OverridePhaseInput) -> Result<OverridePhasePayload> {
        let scope = ctx.scope()?;
        let OverridePhaseInput {
            project_id,
            to_phase: to,
            reason,
            suppress_alerts_for: suppress,
            idempotency_key: key,
        } = input;
        let id = scope.write(&OverridePhase { project: project_id.clone(), to, reason, suppress, key }).await?;
        moved(scope, &project_id, &id).await
    }

    /// Takes the override in force back: items still in the state it gave them return to the one they had, and the
    /// override before it is in force again.
    async fn revert_override(&self, ctx: &Context<'_>, input: RevertOverrideInput) -> Result<OverridePhasePayload> {
        let scope = ctx.scope()?;
        let key = input.idempotency_key;
        let id = scope.write(&RevertOverride { project: input.project_id.clone(), key }).await?;
        moved(scope, &input.project_id, &id).await
    }

    /// Puts the project on hold: its items may still be completed, but there are no alerts until it is resumed.
    async fn hold_project(&self, ctx: &Context<'_>, input: HaltProjectInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::Held, true, input.reason).await
    }

    /// Ends the hold; the current item's alert is raised anew.
    async fn resume_project(&self, ctx: &Context<'_>, input: ContinueProjectInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::Held, false, None).await
    }

    /// Puts the project into the archive: it is left out of lists unless asked for, and has no alerts.
    async fn archive_project(&self, ctx: &Context<'_>, input: HaltProjectInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::Archived, true, input.reason).await
    }

    /// Takes the project out of the archive.
    async fn unarchive_project(&self, ctx: &Context<'_>, input: ContinueProjectInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::Archived, false, None).await
    }

    /// Cancels the workflow: it is CANCELLED until resumed. The project's own status stays what it is.
    async fn cancel_workflow(&self, ctx: &Context<'_>, input: HaltProjectInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::Cancelled, true, input.reason).await
    }

    /// Sets a cancelled workflow going again.
    async fn resume_workflow(&self, ctx: &Context<'_>, input: ContinueProjectInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::Cancelled, false, None).await
    }

    /// Turns the project's alerts on or off.
    async fn set_project_alerts(&self, ctx: &Context<'_>, input: SetProjectAlertsInput) -> Result<ProjectStatePayload> {
        halt(ctx, input.project_id, Halt::AlertsOff, !input.enabled, None).await
    }

    /// Gives a step to a person: they get its alerts and may complete its items.
    async fn assign_step(&self, ctx: &Context<'_>, input: AssignStepInput) -> Result<AssignStepPayload> {
        let scope = ctx.scope()?;
        let AssignStepInput { project_id: project, step_id: step, user_id: to } = input;
        scope.write(&AssignStep { project, step: step.clone(), to }).await?;
        Ok(AssignStepPayload { step: WorkflowStep::of(scope.load::<workflow_step::Entity>(&step).await?) })
    }
}

async fn halt(ctx: &Context<'_>, id: Id, halt: Halt, on: bool, reason: Option<String>) -> Result<ProjectStatePayload> {
    let scope = ctx.scope()?;
    scope.write(&SetHalt { project: id.clone(), halt, on, reason }).await?;
    Ok(ProjectStatePayload { project: project(scope, &id).await? })
}

async fn moved(scope: &Scope, id: &Id, moved: &Id) -> Result<OverridePhasePayload> {
    let phase_override = ProjectPhaseOverride::of(scope.load::<project_phase_override::Entity>(moved).await?);
    Ok(OverridePhasePayload { project: project(scope, id).await?, phase_override })
}

async fn project(scope: &Scope, id: &Id) -> Result<Project> {
    Ok(Project::of(scope.load::<project::Entity>(id).await?))
}
