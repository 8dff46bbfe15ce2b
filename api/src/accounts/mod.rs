//! Accounts: the people who sign in, what each says about themselves, and who holds the company's roles.
//!
//! Signing in, permissions and the end of an account are matters of security and stand in [`crate::security`].

pub mod list;
pub mod mutation;
pub mod profile;
pub mod query;
pub mod types;

pub mod roles;
pub mod update;

pub(crate) mod staff;
