//! What the workflow's mutations take and answer.

use async_graphql::{InputObject, SimpleObject};
use entity::enums::ProjectPhase;
use entity::scalar::Id;

use crate::alerts::types::WorkflowAlert;
use crate::projects::types::Project;
use crate::workflow::types::{CompletedWorkflowItem, ProjectPhaseOverride, WorkflowStep};

/// The new project.
#[derive(SimpleObject)]
pub struct CreateProjectPayload {
    /// With its workflow, tracker and first alert.
    pub project: Project,
}

/// A line item to complete.
#[derive(InputObject)]
pub struct CompleteLineItemInput {
    /// The project.
    pub project_id: Id,
    /// The line item of the template; current or not, crews work out of order.
    pub line_item_id: Id,
    /// Notes for the audit trail; at most 1000 characters.
    pub notes: Option<String>,
}

/// What completing the item came to.
#[derive(SimpleObject)]
pub struct CompleteLineItemPayload {
    /// The project as it is now.
    pub project: Project,
    /// The completion in the audit trail: the new one, or the one that stands already.
    pub completed_item: CompletedWorkflowItem,
    /// The item was completed before; nothing has changed.
    pub already_completed: bool,
    /// The live alert of the item that is current now, new or not; null at the end, or where alerts are off or
    /// suppressed.
    pub next_alert: Option<WorkflowAlert>,
}

/// A completed line item to reopen.
#[derive(InputObject)]
pub struct ReopenLineItemInput {
    /// The project.
    pub project_id: Id,
    /// The line item of the template.
    pub line_item_id: Id,
    /// Why, for the record; at most 1000 characters.
    pub reason: Option<String>,
}

/// The project whose item was reopened.
#[derive(SimpleObject)]
pub struct ReopenLineItemPayload {
    /// As it is now.
    pub project: Project,
}

/// A project to move to another phase by hand.
#[derive(InputObject)]
pub struct OverridePhaseInput {
    /// The project.
    pub project_id: Id,
    /// The phase to move to. Forward, open items left behind are skipped; backward, skipped ones are open again.
    pub to_phase: ProjectPhase,
    /// Why, for the record; at most 500 characters.
    pub reason: Option<String>,
    /// The phases whose alerts are held back; if left out, going forward the phases strictly between, going backward
    /// none.
    pub suppress_alerts_for: Option<Vec<ProjectPhase>>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// The project that was moved.
#[derive(SimpleObject)]
pub struct OverridePhasePayload {
    /// As it is now.
    pub project: Project,
    /// The record of the move.
    #[graphql(name = "override")]
    pub phase_override: ProjectPhaseOverride,
}

/// The project whose last move is to be taken back.
#[derive(InputObject)]
pub struct RevertOverrideInput {
    /// The project.
    pub project_id: Id,
    /// The same key again from the same person within a day answers the first result and reverts nothing more; with
    /// another input it is a CONFLICT.
    pub idempotency_key: Option<String>,
}

/// A project to hold, archive or cancel.
#[derive(InputObject)]
pub struct HaltProjectInput {
    /// The project.
    pub project_id: Id,
    /// Why, for the record; at most 500 characters.
    pub reason: Option<String>,
}

/// A project to set going again.
#[derive(InputObject)]
pub struct ContinueProjectInput {
    /// The project.
    pub project_id: Id,
}

/// Whether a project raises alerts.
#[derive(InputObject)]
pub struct SetProjectAlertsInput {
    /// The project.
    pub project_id: Id,
    /// Off closes the live alert; on raises the current item's.
    pub enabled: bool,
}

/// The project that was stopped or set going again.
#[derive(SimpleObject)]
pub struct ProjectStatePayload {
    /// As it is now.
    pub project: Project,
}

/// A step to give to a person.
#[derive(InputObject)]
pub struct AssignStepInput {
    /// The project.
    pub project_id: Id,
    /// The step's own id (`WorkflowStep.id`).
    pub step_id: Id,
    /// Somebody who works here now; null takes the step from whoever has it.
    pub user_id: Option<Id>,
}

/// The step that was assigned.
#[derive(SimpleObject)]
pub struct AssignStepPayload {
    /// As it is now.
    pub step: WorkflowStep,
}
