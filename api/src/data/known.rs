//! What an operation has read so far, found again without asking anybody.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Answers by their questions, of every kind of question.
#[derive(Default)]
pub(in crate::data) struct Known(Mutex<HashMap<TypeId, Box<dyn Any + Send>>>);

impl Known {
    pub(in crate::data) fn get<K, V>(&self, key: &K) -> Option<V>
    where
        K: Hash + Eq + 'static,
        V: Clone + 'static,
    {
        let kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.get(&TypeId::of::<K>())?.downcast_ref::<HashMap<K, V>>()?.get(key).cloned()
    }

    pub(in crate::data) fn keep<K, V>(&self, found: impl Iterator<Item = (K, V)>)
    where
        K: Hash + Eq + Send + 'static,
        V: Send + 'static,
    {
        self.keep_while(|| true, found);
    }

    /// Forgets every answer to this kind of question.
    pub(in crate::data) fn forget<K: 'static>(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&TypeId::of::<K>());
    }

    pub(in crate::data) fn forget_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn keep_while<K, V>(&self, holds: impl FnOnce() -> bool, found: impl Iterator<Item = (K, V)>)
    where
        K: Hash + Eq + Send + 'static,
        V: Send + 'static,
    {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !holds() {
            return;
        }
        let kind = kinds.entry(TypeId::of::<K>()).or_insert_with(|| Box::new(HashMap::<K, V>::new()));
        if let Some(kind) = kind.downcast_mut::<HashMap<K, V>>() {
            kind.extend(found);
        }
    }
}

/// The same for rows that everybody sees and that hardly ever change, the template's: an instance keeps them until the
/// log says that they did.
#[derive(Default)]
pub(in crate::data) struct Standing {
    known: Known,
    forgotten: AtomicU64,
}

impl Standing {
    /// To be asked before reading what is to be kept: what was read before they changed must not be kept after.
    pub(in crate::data) fn generation(&self) -> u64 {
        self.forgotten.load(Ordering::SeqCst)
    }

    pub(in crate::data) fn get<K, V>(&self, key: &K) -> Option<V>
    where
        K: Hash + Eq + 'static,
        V: Clone + 'static,
    {
        self.known.get(key)
    }

    pub(in crate::data) fn keep<K, V>(&self, generation: u64, found: impl Iterator<Item = (K, V)>)
    where
        K: Hash + Eq + Send + 'static,
        V: Send + 'static,
    {
        self.known.keep_while(|| self.generation() == generation, found);
    }

    pub(in crate::data) fn forget(&self) {
        let mut kinds = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        kinds.clear();
    }
}
