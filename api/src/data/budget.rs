//! What a person may ask for in a minute, at all instances together.
//!
//! Each operation costs its points. An instance takes points from the shared minute ahead, a slice at a time, and then
//! spends them from memory: almost no request costs a statement, and what all instances spend is never more than the
//! budget. What a slice has left when the minute is over is gone.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use entity::scalar::{Id, Instant};
use tokio::sync::Mutex;

use crate::app::App;
use crate::data::limits::{Bucket, Taken};
use crate::data::sessions::Session;
use crate::error::{Error, Result};

/// So many slices make a minute's budget.
const SLICES: u32 = 50;

/// The points that this instance has taken ahead for a person.
#[derive(Default)]
pub(in crate::data) struct Purse {
    points: Points,
    /// A minute, and how many points were too many in it: nobody asks for so many again. Held while points are taken,
    /// so that many requests at once take one slice.
    refused: Mutex<(u32, u32)>,
}

impl App {
    /// Has a person pay for an operation.
    ///
    /// # Errors
    /// RATE_LIMITED when the minute's budget is spent.
    pub async fn pay(&self, session: &Session, points: u64) -> Result<()> {
        let budget = self.settings.person_budget();
        if budget == 0 || points == 0 {
            return Ok(());
        }
        // More than there ever is is refused by the bucket as well.
        let points = u32::try_from(points).unwrap_or(u32::MAX);
        loop {
            let now = self.now();
            if session.purse.points.spend(minute(now), points) {
                return Ok(());
            }
            let bucket = bucket(&session.viewer.id, budget);
            if !self.fill(&session.purse, &bucket, points, now).await? {
                return Err(spent(bucket.retry_after(now)));
            }
        }
    }

    /// Takes a slice for the purse, a smaller one where there is no whole one left, at the least what one operation
    /// costs. False when there is not even that.
    async fn fill(&self, purse: &Purse, bucket: &Bucket, points: u32, now: Instant) -> Result<bool> {
        let minute = minute(now);
        let mut refused = purse.refused.lock().await;
        if purse.points.holds(minute, points) {
            return Ok(true);
        }
        if refused.0 != minute {
            *refused = (minute, u32::MAX);
        }
        while points < refused.1 {
            let slice = bucket.points.unsigned_abs() / SLICES;
            let wanted = slice.min(refused.1 / 8).max(points);
            let asked = i32::try_from(wanted).unwrap_or(i32::MAX);
            if self.db.lease(bucket, asked, now).await? == Taken::Granted {
                purse.points.add(minute, wanted);
                return Ok(true);
            }
            refused.1 = wanted;
        }
        Ok(false)
    }
}

fn bucket(person: &Id, budget: i32) -> Bucket {
    Bucket { name: format!("budget:{person}"), points: budget, window: Duration::minutes(1) }
}

fn minute(now: Instant) -> u32 {
    u32::try_from(now.millis().div_euclid(60_000)).unwrap_or(0)
}

fn spent(retry_after: u64) -> Error {
    let message = "You have asked for more than one person may in a minute. Ask for less, or wait for the next one.";
    Error::RateLimited { message: message.into(), retry_after }
}

/// Points of one minute, the minute in the upper half: both change together, without a lock.
#[derive(Default)]
struct Points(AtomicU64);

impl Points {
    fn holds(&self, minute: u32, points: u32) -> bool {
        left(self.0.load(Ordering::Acquire), minute) >= points
    }

    /// False, and nothing is spent, where there are not so many of this minute.
    fn spend(&self, minute: u32, points: u32) -> bool {
        let spend = |held| left(held, minute).checked_sub(points).map(|left| pack(minute, left));
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, spend).is_ok()
    }

    /// Points of an older minute are gone.
    fn add(&self, minute: u32, points: u32) {
        let add = |held| Some(pack(minute, left(held, minute).saturating_add(points)));
        let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, add);
    }
}

fn pack(minute: u32, points: u32) -> u64 {
    u64::from(minute) << 32 | u64::from(points)
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of what was packed")]
fn left(held: u64, minute: u32) -> u32 {
    if (held >> 32) as u32 == minute { held as u32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_of_one_minute() {
        let points = Points::default();
        assert!(!points.spend(7, 1));
        points.add(7, 10);
        assert!(points.spend(7, 4) && !points.spend(7, 7) && points.spend(7, 6) && !points.spend(7, 1));
        points.add(7, 10);
        assert!(!points.spend(8, 1), "a minute's points end with it");
        points.add(8, 3);
        assert!(points.holds(8, 3) && !points.holds(8, 4) && !points.holds(7, 1));
    }

    #[test]
    fn never_more_is_spent_than_was_added() {
        let (points, mut minute, mut held) = (Points::default(), 0, 0);
        for step in 0_u32..20_000 {
            // Steps in no order, the same each time.
            let amount = step.wrapping_mul(2_654_435_761) >> 25;
            match step.wrapping_mul(40_503) >> 3 & 7 {
                0 => (minute, held) = (minute + 1, 0),
                1 | 2 => {
                    points.add(minute, amount);
                    held += amount;
                }
                _ => {
                    let spends = points.spend(minute, amount);
                    assert_eq!(spends, amount <= held, "{amount} of {held}");
                    held -= if spends { amount } else { 0 };
                }
            }
            assert!(points.holds(minute, held) && !points.holds(minute, held + 1));
        }
        assert!(minute > 1_000 && minute < 5_000);
    }
}
