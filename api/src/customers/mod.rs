//! Customers: whom the company works for, and the further people to talk to there.
//!
//! A client's account reaches the projects of the customer whose `primaryEmail` is its own. So whatever gives or takes
//! such an address starts that person's view afresh (`reach`).

pub mod list;
pub mod mutation;
pub mod query;
pub mod types;

pub mod contacts;
pub mod create;
pub mod delete;
pub mod update;

mod reach;
