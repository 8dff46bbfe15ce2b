//! Who somebody is, and how they prove it: sign-in, sessions, passwords and the server's own keys.
//!
//! A person signs in ([`login`]) and gets a session: a short access token ([`tokens`]) that every request carries, and a
//! refresh token that is spent once for the next pair ([`refresh`]). An attempt is counted before its password is looked
//! at, for the address it comes from ([`addresses`]) and for the account ([`attempts`]), so that no number of guesses at
//! the same moment tests more of them than the limits allow. The session is what everything hangs on: when it ends ([`sessions`]), its tokens are worth nothing and its sockets close.

mod addresses;
mod attempts;
mod change_password;
pub mod keys;
mod login;
mod logout;
mod mutation;
pub mod passwords;
mod policy;
mod query;
mod refresh;
mod rules;
pub mod sessions;
pub mod tokens;
pub mod types;

pub(crate) use self::addresses::refused_at_sight;
pub use self::mutation::SecurityMutation;
pub(crate) use self::policy::{Known, faults};
pub use self::query::SecurityQuery;

use self::keys::Keys;
use self::passwords::Passwords;
use self::tokens::AccessTokens;
use crate::config::Settings;
use crate::error::{Error, Result};

/// What the server needs to know people by.
pub struct Security {
    pub keys: Keys,
    pub passwords: Passwords,
    pub tokens: AccessTokens,
}

impl Security {
    /// # Errors
    /// When a key is missing or is none, with a sentence for whoever runs the server.
    pub fn new(settings: &Settings) -> Result<Self> {
        let keys = Keys::of(settings).map_err(Error::Internal)?;
        let tokens = AccessTokens::new(&keys, settings.access_token_ttl)?;
        Ok(Self { keys, passwords: Passwords::default(), tokens })
    }
}
