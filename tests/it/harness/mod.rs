//! What the tests stand on: the runner, and a database for each test.

pub mod client;
pub mod database;
pub mod office;
mod postgres;
mod sqlite;
pub mod suite;

use std::sync::LazyLock;

use tokio::runtime::Runtime;

/// The one runtime of all tests, with as many threads as the machine has, as in production.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
    &RUNTIME
}
