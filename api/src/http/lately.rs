//! What was used lately, in two halves: when the young half is full it becomes the old one, and what is asked for again
//! moves back. So what is in use stays, and nobody can make it grow.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// What one half holds at most.
const ENTRIES: usize = 500;

/// Values by their keys; each says how many bytes of text it stands for.
pub(super) struct Lately<K, V> {
    halves: Mutex<Halves<K, V>>,
    /// How many bytes one half holds at most.
    most: usize,
}

struct Halves<K, V> {
    young: HashMap<K, (V, usize)>,
    bytes: usize,
    old: HashMap<K, (V, usize)>,
}

impl<K: Hash + Eq, V: Clone> Lately<K, V> {
    pub(super) fn new(most: usize) -> Self {
        let halves = Halves { young: HashMap::new(), bytes: 0, old: HashMap::new() };
        Self { halves: Mutex::new(halves), most }
    }

    pub(super) fn keep(&self, key: K, value: V, bytes: usize) {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (value, bytes), self.most);
    }

    pub(super) fn find<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, _)) = halves.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, bytes)) = halves.old.remove_entry(key)?;
        halves.insert(key, (value.clone(), bytes), self.most);
        Some(value)
    }
}

impl<K: Hash + Eq, V> Halves<K, V> {
    fn insert(&mut self, key: K, (value, bytes): (V, usize), most: usize) {
        if self.young.len() >= ENTRIES || self.bytes + bytes > most {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if self.young.insert(key, (value, bytes)).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_used_is_forgotten() {
        let lately: Lately<String, usize> = Lately::new(1 << 20);
        let keep = |n: usize| lately.keep(n.to_string(), n, 10);
        keep(0);
        for n in 1..=ENTRIES * 3 {
            keep(n);
            assert_eq!(lately.find("0"), Some(0));
        }
        assert!(lately.find("1").is_none());
        let halves = lately.halves.lock().unwrap();
        assert!(halves.young.len() + halves.old.len() <= 2 * ENTRIES);
    }

    #[test]
    fn a_half_holds_so_many_bytes() {
        let lately: Lately<u32, u32> = Lately::new(100);
        for n in 0..10 {
            lately.keep(n, n, 40);
        }
        let halves = lately.halves.lock().unwrap();
        assert_eq!((halves.young.len(), halves.old.len(), halves.bytes), (2, 2, 80));
    }
}
