//! What settling must know beyond the plan ([`Facts`], [`Cause`]) and what it answers ([`Settled`]): plain values, so
//! that the use-cases turn rows into facts, and the answer into rows, changes and jobs, without deciding anything.

use std::collections::BTreeSet;

use entity::enums::{AlertStatus, ClosedReason, ProjectPhase, ProjectStatus, WorkflowStatus};
use entity::scalar::{Id, Instant};

use super::plan::StepRecord;

/// What keeps a project from having alerts at all, in the order in which it is named as the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Halt {
    /// The workflow is cancelled.
    Cancelled,
    /// The project is on hold.
    Held,
    Archived,
    /// `enableAlerts` is off.
    AlertsOff,
}

impl Halt {
    /// The halts that stored rows tell of: holding is kept as the project's status, cancelling as the workflow's.
    #[must_use]
    pub fn stored(project: ProjectStatus, workflow: WorkflowStatus, archived: bool, alerts_on: bool) -> BTreeSet<Self> {
        let halts = [
            (workflow == WorkflowStatus::Cancelled, Self::Cancelled),
            (project == ProjectStatus::OnHold, Self::Held),
            (archived, Self::Archived),
            (!alerts_on, Self::AlertsOff),
        ];
        halts.into_iter().filter_map(|(holds, halt)| holds.then_some(halt)).collect()
    }

    /// Why an alert closes when this comes into force.
    #[must_use]
    pub const fn reason(self) -> ClosedReason {
        match self {
            Self::Cancelled => ClosedReason::Cancelled,
            Self::Held => ClosedReason::OnHold,
            Self::Archived => ClosedReason::Archived,
            Self::AlertsOff => ClosedReason::AlertsOff,
        }
    }
}

/// The phase override in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveOverride {
    pub id: Id,
    /// The phases whose alerts it holds back (`suppressAlertsFor`).
    pub suppresses: Vec<ProjectPhase>,
    /// The items for which it already holds a suppressed alert.
    pub recorded: BTreeSet<Id>,
}

/// An alert that is ACTIVE or ACKNOWLEDGED.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveAlert {
    pub id: Id,
    /// The subtask that its step and line item lead to; none when there is no such subtask any more.
    pub item: Option<Id>,
}

/// Where the tracker stands and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub phase: Option<ProjectPhase>,
    pub section: Option<Id>,
    pub line_item: Option<Id>,
    pub phase_started_at: Option<Instant>,
    pub section_started_at: Option<Instant>,
    pub line_item_started_at: Option<Instant>,
    /// The line item of the latest standing completion.
    pub last_completed: Option<Id>,
}

/// What settling must know beyond the plan: the project as stored, with the flags that the operation has just set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub halts: BTreeSet<Halt>,
    pub active_override: Option<ActiveOverride>,
    /// One at most when all is well; any others are closed.
    pub live: Vec<LiveAlert>,
    /// Items whose latest alert a person dismissed and that have not changed since: the alert is DISMISSED and its
    /// `closedReason` is null. [`Alerting::lapsed`] says when a dismissal stops holding and with which reason.
    pub dismissed: BTreeSet<Id>,
    pub position: Position,
    /// `workflowStartDate`.
    pub started_at: Option<Instant>,
}

/// What the operation was that makes settling necessary. Items are named by their subtask's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Completed(Id),
    Reopened(Id),
    /// An override, or one taken back.
    Overridden,
    /// The copy itself was changed: steps or items came, went or changed places.
    PlanChanged,
    /// Anything else: created, held, resumed, archived, cancelled, alerts switched.
    Other,
}

/// How a live alert ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    Completed,
    Dismissed(ClosedReason),
}

impl Closed {
    #[must_use]
    pub const fn status(self) -> AlertStatus {
        match self {
            Self::Completed => AlertStatus::Completed,
            Self::Dismissed(_) => AlertStatus::Dismissed,
        }
    }

    #[must_use]
    pub const fn reason(self) -> Option<ClosedReason> {
        match self {
            Self::Completed => None,
            Self::Dismissed(reason) => Some(reason),
        }
    }
}

/// The one alert that the current item may be due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// There is one already, or there is to be none.
    Nothing,
    Raise {
        item: Id,
        due_at: Instant,
    },
    /// The active override holds it back: to be recorded, once per override and item.
    Suppress {
        item: Id,
        override_id: Id,
    },
}

/// What happens to the alerts. Close before raising, so that there is never more than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerting {
    /// Live alerts to close, by id.
    pub close: Vec<(Id, Closed)>,
    pub due: Due,
    /// Items whose latest alert a person had dismissed and that have changed since: give that alert this
    /// `closedReason`, and the item counts as dismissed no more.
    pub lapsed: Vec<(Id, ClosedReason)>,
}

/// What the rows of the project and its workflow are to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    pub progress: i32,
    pub phase: Option<ProjectPhase>,
    pub project_status: ProjectStatus,
    pub workflow_status: WorkflowStatus,
    /// `currentStepIndex`.
    pub step_index: i32,
    /// `workflowStartDate`.
    pub started_at: Option<Instant>,
    /// `workflowEndDate` and `actualCompletionDate`.
    pub ended_at: Option<Instant>,
    /// `estimatedCompletionDate`.
    pub estimated_at: Instant,
}

/// What a completion brought to its end: the completed item's section, its phase, the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Milestone {
    Section,
    Phase,
    Project,
}

/// Everything that follows from the states of the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub position: Position,
    /// The steps whose record changes, by id.
    pub steps: Vec<(Id, StepRecord)>,
    pub figures: Figures,
    pub alerting: Alerting,
    /// The system messages due, in this order.
    pub milestones: Vec<Milestone>,
}
