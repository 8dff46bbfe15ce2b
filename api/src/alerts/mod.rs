//! Alerts: who has to do what next, on which project, and until when.
//!
//! The workflow raises and closes them as it moves ([`raise`]); people acknowledge, dismiss and assign them. Each is
//! told of as it comes, changes and goes ([`subscription`]); at its due date a job turns it overdue ([`due`]).

pub mod types;
pub mod list;
pub mod query;
pub mod mutation;
pub mod subscription;

pub mod acknowledge;
pub mod assign;
pub mod dismiss;
pub mod read;

pub(crate) mod due;
pub(crate) mod raise;
pub(crate) mod reassign;
pub(crate) mod recipient;
