//! Projects: what is done for a customer, who runs it and who works on it.
//!
//! A project is created together with its workflow, and held, archived and moved by it; those stand in
//! [`crate::workflow`]. Here are its lists ([`list`]), what people change about it by hand ([`update`]), its team
//! ([`team`]) and its end ([`delete`]); how they change is told by its [`subscription`].

pub mod list;
pub mod mutation;
pub mod query;
pub mod subscription;
pub mod types;

pub mod delete;
pub mod team;
pub mod update;
