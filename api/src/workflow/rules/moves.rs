//! What people do to a plan: complete an item, reopen it, move the project to another phase, take that back. Each
//! changes item states in the plan at hand and nothing else; whatever follows from it is for
//! [`settle`](super::settle()). A refused move leaves the plan as it was.

use entity::enums::ProjectPhase;
use entity::scalar::{Id, Instant};
use serde::{Deserialize, Serialize};

use super::phases::{PHASES, between, name, rank};
use super::plan::{Done, Item, ItemState, Plan};
use crate::error::Error;

/// Why a move is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("There is no such item in this project.")]
    NoSuchItem,
    #[error("This item is not completed, so there is nothing to reopen.")]
    NotCompleted,
    #[error("The project is already in the phase {}.", name(*.0))]
    SamePhase(ProjectPhase),
    #[error("This project has nothing to do in the phase {}, so it cannot move there.", name(*.0))]
    PhaseNotFollowed(ProjectPhase),
    #[error(
        "Nothing in the phase {} would be open, so the project cannot move there. Reopen one of its completed items \
         instead, or take back the move that left them behind.",
        name(*.0)
    )]
    NothingOpen(ProjectPhase),
    #[error("Only the move that is in force can be taken back.")]
    NotInForce,
    #[error("This project is finished, and a finished project cannot be put on hold.")]
    Finished,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuchItem => Self::NotFound(refusal.to_string()),
            _ => Self::conflict(refusal.to_string()),
        }
    }
}

/// What completing an item came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    JustNow,
    /// It was completed before; nothing changed, nothing needs settling.
    Already,
}

/// Completes an item that is open or was left behind, current or not: crews work out of order.
///
/// # Errors
/// [`Refusal::NoSuchItem`].
pub fn complete(plan: &mut Plan, item: &Id, who: Option<&Id>, now: Instant) -> Result<Completion, Refusal> {
    let item = plan.item_mut(item).ok_or(Refusal::NoSuchItem)?;
    if item.completed.is_some() {
        return Ok(Completion::Already);
    }
    item.completed = Some(Done { at: now, by: who.cloned() });
    Ok(Completion::JustNow)
}

/// Reopens a completed item and says what it is now: left behind again if it was, else open.
///
/// # Errors
/// [`Refusal::NoSuchItem`] and [`Refusal::NotCompleted`].
pub fn reopen(plan: &mut Plan, item: &Id) -> Result<ItemState, Refusal> {
    let item = plan.item_mut(item).ok_or(Refusal::NoSuchItem)?;
    item.completed.take().ok_or(Refusal::NotCompleted)?;
    Ok(item.state())
}

/// One thing that an override did: which subtask went from which state to which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub item: Id,
    pub from: ItemState,
    pub to: ItemState,
}

/// An override as it is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseMove {
    pub from: ProjectPhase,
    pub to: ProjectPhase,
    /// `suppressAlertsFor`, in the order of the phases.
    pub suppresses: Vec<ProjectPhase>,
    pub effects: Vec<Effect>,
}

/// Moves the project to another phase. Forward, what is open in the phases left behind is skipped; backward, what was
/// skipped from the target on is open again. Without `suppress`, a move forward holds back the alerts of the phases
/// it jumps over, a move backward none.
///
/// # Errors
/// [`Refusal::SamePhase`], [`Refusal::PhaseNotFollowed`] and [`Refusal::NothingOpen`].
pub fn override_to(
    plan: &mut Plan,
    to: ProjectPhase,
    suppress: Option<&[ProjectPhase]>,
    now: Instant,
) -> Result<PhaseMove, Refusal> {
    let from = plan.phase().ok_or(Refusal::PhaseNotFollowed(to))?;
    if from == to {
        return Err(Refusal::SamePhase(to));
    }
    let suppresses = match suppress {
        Some(chosen) => PHASES.into_iter().filter(|phase| chosen.contains(phase)).collect(),
        None => between(from, to),
    };
    let mut moved = plan.clone();
    let effects =
        if rank(from) < rank(to) { skip_before(&mut moved, to, now) } else { unskip_from(&mut moved, to, now) };
    check_target(&moved, to)?;
    *plan = moved;
    Ok(PhaseMove { from, to, suppresses, effects })
}

/// The project must stand in the target afterwards, and it stands on line items alone: an extra subtask will not do.
fn check_target(moved: &Plan, target: ProjectPhase) -> Result<(), Refusal> {
    let in_target = || moved.items().filter(|(step, item)| step.phase == target && item.copy_of.is_some());
    if in_target().any(|(_, item)| item.is_open()) {
        Ok(())
    } else if in_target().next().is_some() {
        Err(Refusal::NothingOpen(target))
    } else {
        Err(Refusal::PhaseNotFollowed(target))
    }
}

fn skip_before(plan: &mut Plan, target: ProjectPhase, now: Instant) -> Vec<Effect> {
    let left_behind = plan.items_mut().filter(|(phase, item)| rank(*phase) < rank(target) && item.is_open());
    left_behind.map(|(_, item)| put(item, ItemState::Skipped, now)).collect()
}

fn unskip_from(plan: &mut Plan, target: ProjectPhase, now: Instant) -> Vec<Effect> {
    let skipped =
        plan.items_mut().filter(|(phase, item)| rank(*phase) >= rank(target) && item.state() == ItemState::Skipped);
    skipped.map(|(_, item)| put(item, ItemState::Open, now)).collect()
}

/// Leaves an item behind, or opens it again.
fn put(item: &mut Item, state: ItemState, now: Instant) -> Effect {
    let from = item.state();
    item.skipped_at = (state == ItemState::Skipped).then_some(now);
    Effect { item: item.id.clone(), from, to: item.state() }
}

/// Takes an override back: the items still in the state that it gave them return to the one they had. What was
/// completed since, and what is gone, stays as it is. Answers what this changed.
pub fn revert(plan: &mut Plan, effects: &[Effect], now: Instant) -> Vec<Effect> {
    let mut undone = Vec::new();
    for effect in effects {
        let item = plan.item_mut(&effect.item).filter(|item| item.state() == effect.to);
        undone.extend(item.map(|item| put(item, effect.from, now)));
    }
    undone
}

/// Whether the project can be put on hold.
///
/// # Errors
/// [`Refusal::Finished`].
pub fn check_hold(plan: &Plan) -> Result<(), Refusal> {
    if plan.has_ended() { Err(Refusal::Finished) } else { Ok(()) }
}
