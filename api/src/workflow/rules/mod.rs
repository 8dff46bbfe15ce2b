//! The rules of the workflow: pure functions over a project's own copy of the template. No database, no clock.
//!
//! A use-case reads rows into a [`Plan`] (steps and items in order) and into [`Facts`] (what halts the project, the
//! override in force, live alerts, the tracker's position), changes item states with one of the moves ([`complete`],
//! [`reopen`], [`override_to`], [`revert`]) or a fact with its own hands, and calls [`settle`]. The answer,
//! [`Settled`], says what every row is to contain, which alerts close and why, whether the current item gets one, and
//! which milestones were reached; the use-case writes that down and decides nothing.
//!
//! An item is COMPLETED, else SKIPPED if a move left it behind, else OPEN. The current item is the first open one
//! with a line item; extra subtasks count for progress and for the end, but the project never stands on one and they
//! get no alert. Settling reads states and never history, so it can be repeated at will: told of nothing new, it
//! changes nothing and raises nothing.
//!
//! [`recipient`](recipient()) says who gets an alert, [`wording`] what the system writes.

mod alerting;
mod facts;
mod moves;
mod phases;
mod plan;
mod recipient;
mod settle;
pub mod wording;

#[cfg(test)]
mod tests;

pub use facts::{
    ActiveOverride, Alerting, Cause, Closed, Due, Facts, Figures, Halt, LiveAlert, Milestone, Position, Settled,
};
pub use moves::{Completion, Effect, PhaseMove, Refusal, check_hold, complete, override_to, reopen, revert};
pub use phases::{PHASES, between, name as phase_name, rank};
pub use plan::{Done, Item, ItemState, Plan, Step, StepRecord};
pub use recipient::{Staffing, held_role, recipient};
pub use settle::settle;
