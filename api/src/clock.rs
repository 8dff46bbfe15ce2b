//! What time it is: asked of the clock that the program was given, so that tests can say.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use entity::scalar::Instant;

#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's own clock.
    #[default]
    System,
    /// A clock that a test sets and moves: milliseconds since 1970.
    Manual(Arc<AtomicI64>),
    /// "Now" as a file has it, for tests of whole processes: RFC 3339 in the file.
    #[cfg(feature = "test-clock")]
    File(std::path::PathBuf),
}

impl Clock {
    #[must_use]
    pub fn manual(start: Instant) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.millis())))
    }

    /// The clock of this process: the system's, or in test builds the file that `CLOCK_FILE` names.
    #[must_use]
    pub fn of_process() -> Self {
        #[cfg(feature = "test-clock")]
        if let Some(path) = std::env::var_os("CLOCK_FILE") {
            return Self::File(path.into());
        }
        Self::System
    }

    #[must_use]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => system_now(),
            Self::Manual(millis) => {
                DateTime::from_timestamp_millis(millis.load(Ordering::SeqCst)).map_or_else(system_now, Instant::new)
            }
            #[cfg(feature = "test-clock")]
            Self::File(path) => std::fs::read_to_string(path)
                .ok()
                .and_then(|text| DateTime::parse_from_rfc3339(text.trim()).ok())
                .map_or_else(system_now, |at| Instant::new(at.with_timezone(&Utc))),
        }
    }

    /// Moves a manual clock on; any other stays as it is.
    pub fn advance(&self, by: chrono::Duration) {
        if let Self::Manual(millis) = self {
            millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine's clock")]
fn system_now() -> Instant {
    Instant::new(Utc::now())
}
