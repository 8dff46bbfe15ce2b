//! The enums of the tables, by the part of the business they belong to: types of their own on PostgreSQL, checked text
//! on SQLite.

mod accounts;
mod alerts;
mod calendar;
mod customers;
mod documents;
mod kernel;
mod messages;
mod projects;
mod security;
mod tasks;
mod workflow;

pub use accounts::*;
pub use alerts::*;
pub use calendar::*;
pub use customers::*;
pub use documents::*;
pub use kernel::*;
pub use messages::*;
pub use projects::*;
pub use security::*;
pub use tasks::*;
pub use workflow::*;
