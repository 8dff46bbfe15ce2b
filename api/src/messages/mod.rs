//! The record of a project: what its people write to one another, and what the system notes down as the workflow moves.
//!
//! It is a record, so nothing in it is ever edited or deleted, and what the system wrote says so: its author is
//! "Ridgeline" and no person stands behind it. Threads are one level deep: whoever answers an answer answers the message
//! that the thread began with. Who has read a message is kept with it; reading is nobody else's business and is not
//! told of.

pub mod list;
pub mod mutation;
pub mod query;
pub mod subscription;
pub mod types;

pub mod read;
pub mod send;

pub(crate) mod system;
