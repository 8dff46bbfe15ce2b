//! New ids: CUIDs in the order of their making.
//!
//! Rows that are made together stand together, in tables' indexes too: ids without an order scatter a project's rows
//! over pages that have nothing else to do with it, and every read and write pays for each. An id is `c`, the
//! milliseconds since 1970 (anew from 2059 on), a counter, and chance; nobody who sees one can tell what others there are.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use entity::scalar::Id;

/// Tells apart what one instance makes within a millisecond; where it starts tells nothing.
static MADE: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(chance() % 36_u64.pow(3)));

#[expect(
    clippy::disallowed_methods,
    reason = "an id orders rows by the machine's time and tells nobody the business's"
)]
pub(crate) fn new_id() -> Id {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut id = String::with_capacity(25);
    id.push('c');
    digits(&mut id, u64::try_from(now.as_millis()).unwrap_or(u64::MAX), 8);
    digits(&mut id, MADE.fetch_add(1, Ordering::Relaxed), 4);
    digits(&mut id, chance(), 12);
    Id(id)
}

/// The last `count` digits of a number to the base of 36.
fn digits(id: &mut String, number: u64, count: u32) {
    let places = (0..count).rev().map(|place| number / 36_u64.pow(place) % 36);
    id.extend(places.filter_map(|digit| char::from_digit(u32::try_from(digit).ok()?, 36)));
}

fn chance() -> u64 {
    getrandom::u64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{digits, new_id};

    #[test]
    fn ids_differ_and_keep_their_order() {
        let ids: Vec<String> = (0..10_000).map(|_| new_id().0).collect();
        let mut sorted = ids.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), ids.len());
        let first = |id: &String| id.get(..9).map(str::to_owned);
        assert!(ids.iter().map(first).is_sorted());
        assert!(ids.iter().all(|id| id.len() == 25 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    }

    #[test]
    fn digits_are_cut_and_filled_up() {
        let mut text = String::new();
        digits(&mut text, 35, 3);
        digits(&mut text, 36 * 36 + 1, 2);
        assert_eq!(text, "00z01");
    }
}
