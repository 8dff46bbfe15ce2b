//! The workflow: where each project stands, what is to be done next, and who is told.
//!
//! Every operation reads the project whole under its lock ([`running`]), changes item states by the pure [`rules`],
//! and ends in [`settle`], which writes down all that follows: position, progress, phase, status, alerts, messages.

pub mod audit;
pub mod inputs;
pub mod mutation;
pub mod query;
pub mod rules;
pub mod template;
pub mod types;

pub mod assign_step;
pub mod complete;
pub mod create;
pub mod halt;
pub mod override_phase;
pub mod reopen;

pub(crate) mod copy;
pub(crate) mod handover;
pub(crate) mod may_complete;
pub(crate) mod running;
pub(crate) mod settle;
mod stored;
