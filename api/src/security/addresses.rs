//! How often an address may get it wrong.
//!
//! Decided before anything is looked up, so it tells nothing of any account, and counted in the database, so that all
//! instances count together. Whoever is let in gets back what the attempt cost: an office full of people behind one
//! address signs in as often as it likes.

use std::net::IpAddr;

use chrono::Duration;

use crate::app::App;
use crate::data::limits::{Bucket, Taken};
use crate::error::{Error, Result};
use crate::network::Network;

/// Of IPv6 a household or an office has this much; of IPv4 a whole address.
const BLOCK: u8 = 64;
const WINDOW: Duration = Duration::minutes(15);

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door {
    /// A password, at sign-in or for a new one.
    Password,
    /// A refresh token.
    Refresh,
}

impl Door {
    /// How many attempts may fail in a window.
    const fn failures(self) -> i32 {
        match self {
            Self::Password => 20,
            // Nobody can guess them; clients that have lost their way try one again and again.
            Self::Refresh => 60,
        }
    }
}

/// An attempt that has been counted.
pub(crate) struct Knock(Bucket);

impl Knock {
    /// Counts an attempt from an address.
    ///
    /// # Errors
    /// RATE_LIMITED when too many have failed lately.
    pub(crate) async fn at(app: &App, door: Door, from: Option<IpAddr>) -> Result<Self> {
        let bucket = bucket(door, from);
        match app.db.take(&bucket, 1, app.now()).await? {
            Taken::Granted => Ok(Self(bucket)),
            Taken::Refused { retry_after } => {
                let minutes = retry_after.div_ceil(60);
                let message = format!("Too many attempts from your address have failed. Try again in {minutes} min.");
                Err(Error::RateLimited { message, retry_after })
            }
        }
    }

    /// It was no wrong one after all.
    pub(crate) async fn welcome(self, app: &App) {
        // Whoever was let in is in; that an attempt too many stays counted for a while does not change it.
        if let Err(error) = app.db.give_back(&self.0, 1, app.now()).await {
            tracing::warn!(%error, "an attempt could not be given back");
        }
    }
}

/// A request was refused that tried to sign in several times at once: together they count as one attempt, and none of
/// them is looked at.
pub(crate) async fn refused_at_sight(app: &App, from: Option<IpAddr>) {
    if let Err(error) = Knock::at(app, Door::Password, from).await {
        tracing::debug!(%error, "attempts refused at sight");
    }
}

fn bucket(door: Door, from: Option<IpAddr>) -> Bucket {
    let door_name = match door {
        Door::Password => "password",
        Door::Refresh => "refresh",
    };
    let from = from.map_or_else(|| "unknown".to_owned(), |from| Network::around(from, bits(from)).to_string());
    Bucket { name: format!("{door_name}:{from}"), points: door.failures(), window: WINDOW }
}

fn bits(address: IpAddr) -> u8 {
    if address.to_canonical().is_ipv4() { 32 } else { BLOCK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_ipv6_are_one() {
        let name = |address: &str| bucket(Door::Password, Some(address.parse().unwrap())).name;
        assert_eq!(name("2001:db8:0:1::1"), name("2001:db8:0:1:ffff::2"));
        assert_ne!(name("2001:db8:0:1::1"), name("2001:db8:0:2::1"));
        assert_ne!(name("203.0.113.9"), name("203.0.113.10"));
        assert_eq!(name("::ffff:203.0.113.9"), name("203.0.113.9"));
        assert_ne!(bucket(Door::Refresh, None).name, bucket(Door::Password, None).name);
    }
}
