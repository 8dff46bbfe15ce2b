//! Everything that Ridgeline promises, tried on the real thing: each test runs once for every database at hand.
//!
//! `cargo test` takes the filters that libtest takes: `cargo test -- sqlite::schema`. SQLite always runs; PostgreSQL
//! when `TEST_DATABASE_URL` names a server on which databases may be made.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds nothing where something must be should fail right there"
)]
#![expect(
    clippy::format_collect,
    clippy::large_enum_variant,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::unused_self,
    reason = "a test tells its story in one go, and takes what reads best"
)]

mod access;
mod connections;
mod contract;
mod conversations;
mod corpus;
mod customers;
mod data_bench;
mod data_jobs;
mod data_left;
mod data_log;
mod data_together;
mod data_writes;
mod demo;
mod fuzz;
mod harness;
mod limits;
mod messages;
mod notifications;
mod people;
mod processes;
mod projects;
mod repeats;
mod schema;
mod security;
mod statements;
mod subscriptions;
mod template;
mod transport;
mod workflow;
mod workflow_rules;

use std::process::ExitCode;

use crate::harness::suite::Suite;

fn main() -> ExitCode {
    if std::env::var_os(processes::AS_PROGRAM).is_some() {
        return processes::run_as_program();
    }
    let mut suite = Suite::default();
    schema::register(&mut suite);
    data_log::register(&mut suite);
    data_left::register(&mut suite);
    data_together::register(&mut suite);
    data_writes::register(&mut suite);
    data_jobs::register(&mut suite);
    messages::register(&mut suite);
    conversations::register(&mut suite);
    notifications::register(&mut suite);
    security::register(&mut suite);
    limits::register(&mut suite);
    repeats::register(&mut suite);
    workflow::register(&mut suite);
    template::register(&mut suite);
    subscriptions::register(&mut suite);
    people::register(&mut suite);
    customers::register(&mut suite);
    projects::register(&mut suite);
    access::register(&mut suite);
    statements::register(&mut suite);
    transport::register(&mut suite);
    processes::register(&mut suite);
    connections::register(&mut suite);
    contract::register(&mut suite);
    demo::register(&mut suite);
    corpus::register(&mut suite);
    fuzz::register(&mut suite);
    for (name, test) in workflow_rules::tests() {
        suite.pure(name, test);
    }
    suite.run()
}
