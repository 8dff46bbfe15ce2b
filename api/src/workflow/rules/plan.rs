//! A project's own copy of the template as the rules see it: steps in order, each with its items in order, and what
//! can be read off their states alone (where the project stands, how far it is, whether it has ended).
//!
//! Extra subtasks (items without a line item) count for progress, for their step and for the end, but the project
//! never *stands* on one: the current item is the first open item that has a line item.

use entity::enums::{AlertPriority, ProjectPhase, ResponsibleRole};
use entity::scalar::{Id, Instant};
use serde::{Deserialize, Serialize};

/// What has become of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemState {
    /// Still to be done.
    Open,
    /// Left behind by a move to a later phase.
    Skipped,
    /// Done.
    Completed,
}

/// A completion: when, and by whom as long as that person's row exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub at: Instant,
    pub by: Option<Id>,
}

/// A subtask: the project's copy of a line item, or an extra one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The id of the subtask's row; what every other part of the rules calls "the item".
    pub id: Id,
    /// The line item that it copies; none for an extra subtask.
    pub copy_of: Option<Id>,
    pub name: String,
    /// Its place in the step (`displayOrder`).
    pub order: i32,
    pub role: ResponsibleRole,
    /// How many days it may stay current before it is due.
    pub alert_days: i32,
    pub completed: Option<Done>,
    /// When a move left it behind. Completing keeps it, so that reopening can return the item to where it was.
    pub skipped_at: Option<Instant>,
    /// When its row was last changed, as stored.
    pub changed_at: Instant,
}

impl Item {
    #[must_use]
    pub const fn state(&self) -> ItemState {
        match (&self.completed, self.skipped_at) {
            (Some(_), _) => ItemState::Completed,
            (None, Some(_)) => ItemState::Skipped,
            (None, None) => ItemState::Open,
        }
    }

    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state(), ItemState::Open)
    }
}

/// What the engine records about a step as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepRecord {
    /// `actualStartDate`: the first time an item of it was current or completed.
    pub started_at: Option<Instant>,
    /// Its last completion while the step is complete: `isCompleted`, `completedAt`, `actualEndDate`, `completedById`.
    pub completed: Option<Done>,
}

/// The project's copy of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub id: Id,
    /// The section that it copies (`stepId`).
    pub section: Id,
    pub name: String,
    pub phase: ProjectPhase,
    /// Its place in the project (`stepOrder`).
    pub order: i32,
    /// The person it is assigned to; none for whoever holds the role of its items.
    pub assignee: Option<Id>,
    /// How urgent the alerts of its items are.
    pub priority: AlertPriority,
    /// As stored before settling.
    pub record: StepRecord,
    /// When its row was last changed, as stored.
    pub changed_at: Instant,
    pub items: Vec<Item>,
}

impl Step {
    /// Whether something of it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.items.iter().any(Item::is_open)
    }

    /// Its latest completion; of two at the same instant the later in order.
    #[must_use]
    pub fn last_done(&self) -> Option<&Done> {
        self.items.iter().filter_map(|item| item.completed.as_ref()).max_by_key(|done| done.at)
    }
}

/// The whole copy, in its own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<Step>,
}

impl Plan {
    /// Puts steps and items in order, so that nobody need remember to; equal places go by id.
    #[must_use]
    pub fn new(mut steps: Vec<Step>) -> Self {
        steps.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        for step in &mut steps {
            step.items.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        }
        Self { steps }
    }

    /// Every item with its step, in order.
    pub fn items(&self) -> impl Iterator<Item = (&Step, &Item)> {
        self.steps.iter().flat_map(|step| step.items.iter().map(move |item| (step, item)))
    }

    #[must_use]
    pub fn step(&self, id: &Id) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == *id)
    }

    #[must_use]
    pub fn item(&self, id: &Id) -> Option<(&Step, &Item)> {
        self.items().find(|(_, item)| item.id == *id)
    }

    /// The project's copy of a line item.
    #[must_use]
    pub fn copy_of(&self, line_item: &Id) -> Option<(&Step, &Item)> {
        self.items().find(|(_, item)| item.copy_of.as_ref() == Some(line_item))
    }

    pub(super) fn items_mut(&mut self) -> impl Iterator<Item = (ProjectPhase, &mut Item)> {
        self.steps.iter_mut().flat_map(|step| {
            let phase = step.phase;
            step.items.iter_mut().map(move |item| (phase, item))
        })
    }

    pub(super) fn item_mut(&mut self, id: &Id) -> Option<&mut Item> {
        self.items_mut().map(|(_, item)| item).find(|item| item.id == *id)
    }

    /// Where the project stands: the first open item that has a line item. None at the end, and none while only
    /// extra subtasks are open.
    #[must_use]
    pub fn current(&self) -> Option<(&Step, &Item)> {
        self.items().find(|(_, item)| item.is_open() && item.copy_of.is_some())
    }

    /// The first step with something to do: that of the current item, else that of the first open extra subtask.
    #[must_use]
    pub fn current_step(&self) -> Option<&Step> {
        self.current().map(|(step, _)| step).or_else(|| self.steps.iter().find(|step| step.is_open()))
    }

    #[must_use]
    pub fn count(&self, state: ItemState) -> usize {
        self.items().filter(|(_, item)| item.state() == state).count()
    }

    /// The end: nothing is open, extra subtasks included. A plan in which nothing was ever done has not ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.count(ItemState::Open) == 0 && self.count(ItemState::Completed) > 0
    }

    /// Percent done of what was not left behind, rounded half up; 100 at the end and only there. A plan in which
    /// nothing counts (no items, or all left behind) stands at 0.
    #[must_use]
    pub fn progress(&self) -> i32 {
        if self.has_ended() {
            return 100;
        }
        let completed = self.count(ItemState::Completed);
        let counted = completed + self.count(ItemState::Open);
        let percent = (200 * completed + counted).checked_div(2 * counted).unwrap_or(0);
        i32::try_from(percent.min(99)).unwrap_or(99)
    }

    /// The phase of the current item; without one that of the last completed item in order; in a plan that has
    /// neither, that of its first step.
    #[must_use]
    pub fn phase(&self) -> Option<ProjectPhase> {
        let last_completed = || self.items().filter(|(_, item)| item.completed.is_some()).last();
        let standing = self.current().or_else(last_completed).map(|(step, _)| step);
        standing.or(self.steps.first()).map(|step| step.phase)
    }

    /// Whether a completion in the audit trail stands; extra subtasks have none there.
    #[must_use]
    pub fn has_standing_completion(&self) -> bool {
        self.standing_completions().next().is_some()
    }

    pub(super) fn standing_completions(&self) -> impl Iterator<Item = (&Id, &Done)> {
        self.items().filter_map(|(_, item)| item.copy_of.as_ref().zip(item.completed.as_ref()))
    }
}
