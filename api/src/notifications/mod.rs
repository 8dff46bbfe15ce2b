//! Notifications: what one person is told, in the product itself.
//!
//! Alerts, tasks and the like send them ([`send`]) in the transaction of what they tell of. Nobody but the recipient
//! sees one; they read it, or throw it away.

pub mod list;
pub mod mutation;
pub mod query;
pub mod subscription;
pub mod types;

pub mod discard;
pub mod read;

pub(crate) mod send;
