//! The runner: a test is registered once and becomes a trial for each database.

use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};

use crate::harness::database::{self, Backend};
use crate::harness::runtime;

/// A test that takes longer than this hangs. None should come near it.
const PATIENCE: Duration = Duration::from_mins(5);

pub struct Suite {
    backends: Vec<Backend>,
    trials: Vec<Trial>,
}

impl Default for Suite {
    fn default() -> Self {
        Self { backends: Backend::at_hand(), trials: Vec::new() }
    }
}

impl Suite {
    /// A test that must hold on every database.
    pub fn on_each_database<F>(&mut self, name: &str, test: impl Fn(Backend) -> F + Copy + Send + 'static)
    where
        F: Future<Output = ()>,
    {
        for backend in Backend::ALL {
            self.on(backend, name, test);
        }
    }

    /// A measurement: run when asked for by `--ignored`, for people to read, since what takes how long is no promise.
    pub fn measured<F>(&mut self, name: &str, measure: impl Fn(Backend) -> F + Copy + Send + 'static)
    where
        F: Future<Output = ()>,
    {
        for backend in self.backends.clone() {
            let trial = Trial::test(format!("{}::{name}", backend.name()), move || {
                runtime().block_on(in_time(measure(backend)));
                Ok(())
            });
            self.trials.push(trial.with_ignored_flag(true));
        }
    }

    /// A test of something that only one of the databases has.
    pub fn on<F>(&mut self, backend: Backend, name: &str, test: impl FnOnce(Backend) -> F + Send + 'static)
    where
        F: Future<Output = ()>,
    {
        if self.backends.contains(&backend) {
            self.trials.push(Trial::test(format!("{}::{name}", backend.name()), move || {
                runtime().block_on(in_time(test(backend)));
                Ok(())
            }));
        }
    }

    /// A test that needs no database.
    pub fn pure(&mut self, name: &str, test: impl FnOnce() + Send + 'static) {
        self.trials.push(Trial::test(name, move || {
            test();
            Ok(())
        }));
    }

    /// Runs what the command line asks for, and tidies up.
    pub fn run(self) -> ExitCode {
        let arguments = Arguments::from_args();
        if !arguments.list {
            println!("databases: {}", self.databases());
        }
        let conclusion = libtest_mimic::run(&arguments, self.trials);
        runtime().block_on(database::tidy_up());
        conclusion.exit_code()
    }

    fn databases(&self) -> String {
        let titles: Vec<_> = self.backends.iter().map(|backend| backend.title()).collect();
        let hint = if self.backends == Backend::ALL { "" } else { " (set TEST_DATABASE_URL for PostgreSQL)" };
        format!("{}{hint}", titles.join(", "))
    }
}

async fn in_time(test: impl Future<Output = ()>) {
    tokio::time::timeout(PATIENCE, test).await.expect("the test should have come to an end long ago");
}
