//! What an operation has read so far, found again without asking anybody.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
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
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = kinds.entry(TypeId::of::<K>()).or_insert_with(|| Box::new(HashMap::<K, V>::new()));
        if let Some(kind) = kind.downcast_mut::<HashMap<K, V>>() {
            kind.extend(found);
        }
    }
}
