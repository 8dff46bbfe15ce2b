//! Alerts: who has to do what next, on which project, and until when.
//!
//! The workflow raises and closes them as it moves ([`raise`]); people acknowledge, dismiss and assign them. Each is
//! told of as it comes, changes and goes ([`subscription`]); at its due date a job turns it overdue ([`due`]).

pub mod list;
pub mod mutation;
pub mod query;
pub mod subscription;
pub mod types;

pub mod acknowledge;
pub mod assign;
pub mod dismiss;
pub mod read;

pub(crate) mod due;
pub(crate) mod raise;
pub(crate) mod reassign;
pub(crate) mod recipient;
