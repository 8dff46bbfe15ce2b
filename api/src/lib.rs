//! Ridgeline: the office of a roofing contractor.
//!
//! A request comes in through [`http`], which finds out who asks and hands the document to the [`schema`]. Resolvers
//! stand in the parts of the business ([`workflow`], [`alerts`], …) and do nothing but run a use-case or read through a
//! [`data::scope::Scope`]: the only door to stored data. What changes goes out through the change log.

pub mod app;
pub mod clock;
pub mod config;
pub mod data;
pub mod error;
pub mod fold;
pub mod in_place;
pub mod input;
pub mod jobs;
pub mod network;

pub mod http;
pub mod schema;

pub mod accounts;
pub mod alerts;
pub mod conversations;
pub mod customers;
pub mod messages;
pub mod notifications;
pub mod projects;
pub mod security;
pub mod workflow;

/// Requests, rows and answers are many small pieces that live for a moment.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod commands;
pub mod demo;
mod logging;
