//! When people work: where the events of a sample project lie in the past.

use chrono::{Datelike, Duration, Timelike, Weekday};
use chrono_tz::Tz;
use entity::scalar::Instant;

use super::dice::Dice;

/// The first hour of a working day, and the first one after it.
const OPEN: u32 = 7;
const CLOSED: u32 = 18;
/// The longest time from closing on a Friday to Monday morning, in hours, and a little more.
const LONGEST_BREAK: u32 = 72;

/// The company's hours, in its time zone.
pub(super) struct Hours(pub(super) Tz);

impl Hours {
    /// The latest working hour that is no later than this.
    pub(super) fn by(&self, mut at: Instant) -> Instant {
        for _ in 0..LONGEST_BREAK {
            if self.working(at) {
                break;
            }
            at = at + Duration::hours(-1);
        }
        at
    }

    fn working(&self, at: Instant) -> bool {
        let local = at.0.with_timezone(&self.0);
        let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend && (OPEN..CLOSED).contains(&local.hour())
    }

    /// So many moments before the last one, and the last one, the earliest first.
    pub(super) fn leading_to(&self, last: Instant, before: usize, dice: &mut Dice) -> Vec<Instant> {
        let mut moments = vec![last];
        let mut at = last;
        for _ in 0..before {
            // Some things are done one right after the other, others wait until the next day.
            let gap = if dice.one_in(3) { dice.minutes(20, 90) } else { dice.minutes(90, 1_500) };
            at = self.by(at + -gap);
            moments.push(at);
        }
        moments.reverse();
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Kind;
    use super::*;

    #[test]
    fn work_is_done_in_working_hours_and_in_order() {
        let hours = Hours(chrono_tz::America::Denver);
        let sunday: chrono::DateTime<chrono::Utc> = "2026-03-08T17:30:00Z".parse().unwrap();
        let last = Instant::new(sunday);
        assert!(!hours.working(last));
        let moments = hours.leading_to(last, 200, &mut Dice::of(Kind::Course, 1));
        assert_eq!((moments.len(), moments.last()), (201, Some(&last)));
        assert!(moments.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(moments[..200].iter().all(|at| hours.working(*at)));
    }
}
