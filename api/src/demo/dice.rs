//! Chance that falls the same way every time, so that the demo has the same content each time it is made.

use chrono::Duration;
use entity::scalar::Instant;

/// What is made with the dice: each kind has its own, so that changing one leaves the others as they are.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Customer = 1,
    Project = 2,
    Course = 3,
    Talk = 4,
    Chat = 5,
}

/// A linear congruential generator with the constants of Knuth's MMIX.
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of one thing. What falls depends on its kind and its number, and on nothing made before it.
    pub(super) fn of(kind: Kind, number: u32) -> Self {
        let mut seed = (kind as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(number);
        // Neighbours would begin alike: each bit of the number must reach all bits of the seed.
        for _ in 0..2 {
            seed = (seed ^ (seed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        Self(seed ^ (seed >> 29))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The upper bits are the better ones.
        self.0 >> 33
    }

    /// From 0 up to, and without, the limit.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    /// Both ends included.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = usize::try_from(to - from + 1).unwrap_or(1);
        from + i64::try_from(self.below(span)).unwrap_or_default()
    }

    pub(super) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    #[expect(clippy::indexing_slicing, reason = "the place is below the length, and no table of the demo is empty")]
    pub(super) fn pick<'a, T>(&mut self, table: &'a [T]) -> &'a T {
        &table[self.below(table.len())]
    }

    pub(super) fn minutes(&mut self, from: i64, to: i64) -> Duration {
        Duration::seconds(self.between(from * 60, to * 60))
    }

    /// A moment after the first and no later than the second.
    pub(super) fn moment(&mut self, after: Instant, until: Instant) -> Instant {
        let seconds = (until - after).num_seconds();
        if seconds < 1 { until } else { after + Duration::seconds(self.between(1, seconds)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_fall_the_same_way_every_time_and_another_for_the_neighbour() {
        let throw = |number| {
            let mut dice = Dice::of(Kind::Project, number);
            [(); 8].map(|()| dice.below(1_000))
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        let firsts: std::collections::HashSet<usize> = (0..100).map(|number| throw(number)[0]).collect();
        assert!(firsts.len() > 80, "neighbours begin alike: {firsts:?}");
    }

    #[test]
    fn they_stay_within_their_limits() {
        let mut dice = Dice::of(Kind::Talk, 0);
        let thrown: std::collections::HashSet<i64> = (0..500).map(|_| dice.between(-2, 2)).collect();
        assert_eq!(thrown, (-2..=2).collect());
    }
}
