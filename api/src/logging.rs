//! The log: for people on a terminal, as JSON everywhere else, always on standard error.
//!
//! Each request is a span with its id, so every line written on its behalf can be found by it.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// What is not worth a line at the usual levels.
const QUIETER: &str = "sqlx=warn,sea_orm_migration=warn";

/// Starts the log at a level, or as `RUST_LOG` says.
///
/// # Errors
/// When `RUST_LOG` cannot be understood.
pub fn start(level: &str) -> Result<(), String> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|text| !text.trim().is_empty());
    let filter = match wanted {
        Some(text) => EnvFilter::try_new(&text).map_err(|_| {
            format!("RUST_LOG is not understood: write it like info or info,sqlx=debug; this is {text}")
        })?,
        None => EnvFilter::try_new(format!("{level},{QUIETER}")).map_err(|error| error.to_string())?,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Started a second time in one process, the first log stays.
    let _ = if std::io::stderr().is_terminal() {
        log.with_target(false).try_init()
    } else {
        log.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    };
    Ok(())
}
