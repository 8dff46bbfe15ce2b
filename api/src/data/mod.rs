//! The only door to stored data.
//!
//! No [`scope::Scope`], no data: a request without a session has none. Reads start from what the viewer reaches
//! ([`reach`]), a write opens only by naming its [`access::Permission`] ([`tx`]), and what a write changes goes out
//! through the change log ([`changes`]) that it is written to in the same transaction.

mod abreast;
pub mod access;
mod among;
pub mod budget;
pub mod changes;
mod columns;
pub mod cursor;
pub mod database;
pub mod gather;
mod held;
pub mod idempotency;
pub(crate) mod ids;
pub mod joined;
mod known;
pub mod limits;
pub mod listing;
pub mod loader;
pub mod nested;
pub mod numbers;
pub mod openings;
pub mod packed;
pub mod page;
pub mod reach;
pub mod refusal;
pub mod relation;
pub mod scope;
pub mod sessions;
pub mod stream;
pub mod tail;
pub mod tally;
pub mod told;
pub mod tx;
pub mod viewer;
pub mod wanted;
pub mod whole;
mod writes;
mod writing;
