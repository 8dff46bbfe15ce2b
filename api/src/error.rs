//! The one error: a variant for each code a client can meet, and what the client may see of it.
//!
//! Messages are sentences a person can act on. The cause of an [`Error::Internal`] goes to the log and never to the
//! client, who gets the request's id to quote.

use async_graphql::ErrorExtensionValues;
use entity::scalar::{Id, Instant};
use sea_orm::DbErr;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing wrong with an input: where (`input.email`, `input.contacts.0.name`) and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    pub message: String,
}

impl Fault {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the sign-in was refused.
    #[error("{0}")]
    Unauthenticated(String),
    /// Signed in, but this is not theirs to do.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such row, or none that this viewer reaches.
    #[error("{0}")]
    NotFound(String),
    /// The input is wrong; every fault at once.
    #[error("{}", summary(.0))]
    BadUserInput(Vec<Fault>),
    /// The state of the row, or another row's unique value, does not allow it.
    #[error("{message}")]
    Conflict { message: String, fields: Vec<Fault>, current: Option<(Id, Instant)> },
    /// Too often; again after so many seconds.
    #[error("{message}")]
    RateLimited { message: String, retry_after: u64 },
    /// The change log no longer reaches back to the cursor.
    #[error("This cursor can no longer be resumed from. Read afresh, taking `changeCursor` first.")]
    CursorExpired,
    /// The request is larger than the server serves.
    #[error("{0}")]
    LimitExceeded(String),
    /// Our fault. The text is for the log.
    #[error("{0}")]
    Internal(String),
    /// Another transaction was in the way; the use-case is run again, so no client meets it.
    #[error("the database asked for another try: {0}")]
    Retry(String),
}

impl Error {
    pub fn not_found(what: &str) -> Self {
        Self::NotFound(format!("There is no such {what}."))
    }

    pub fn input(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadUserInput(vec![Fault::new(path, message)])
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into(), fields: Vec::new(), current: None }
    }

    pub fn taken(path: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Conflict { fields: vec![Fault::new(path, message.clone())], message, current: None }
    }

    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    pub fn unauthenticated() -> Self {
        Self::Unauthenticated("Sign in first: send `authorization: Bearer <access token>`.".into())
    }

    /// The value of `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::BadUserInput(_) => "BAD_USER_INPUT",
            Self::Conflict { .. } => "CONFLICT",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::LimitExceeded(_) => "LIMIT_EXCEEDED",
            Self::Internal(_) | Self::Retry(_) => "INTERNAL",
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        crate::data::refusal::of(&error)
    }
}

impl Error {
    /// What reaches the client beside the message: the code and what belongs to it. Set by the transport, which finds
    /// this error as the source of the resolver's.
    #[must_use]
    pub fn extensions(&self) -> ErrorExtensionValues {
        let mut extensions = ErrorExtensionValues::default();
        extend(self, &mut extensions);
        extensions
    }
}

/// What a client reads in place of an internal cause.
pub const INTERNAL: &str = "Something went wrong on our side. Quote the request id when you report it.";

fn extend(error: &Error, extensions: &mut ErrorExtensionValues) {
    extensions.set("code", error.code());
    match error {
        Error::BadUserInput(fields) => extensions.set("fields", faults(fields)),
        Error::Conflict { fields, current, .. } => {
            if !fields.is_empty() {
                extensions.set("fields", faults(fields));
            }
            if let Some((id, updated_at)) = current {
                extensions.set("id", id.as_str());
                extensions.set("updatedAt", updated_at.to_string());
            }
        }
        Error::RateLimited { retry_after, .. } => extensions.set("retryAfter", *retry_after),
        _ => {}
    }
}

fn faults(faults: &[Fault]) -> async_graphql::Value {
    let list = faults
        .iter()
        .map(|fault| async_graphql::value!({ "path": fault.path.as_str(), "message": fault.message.as_str() }));
    async_graphql::Value::List(list.collect())
}

fn summary(faults: &[Fault]) -> String {
    match faults {
        [only] => only.message.clone(),
        many => format!(
            "{} things need another look: {}",
            many.len(),
            many.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" ")
        ),
    }
}
