//! What was worked out once and may be asked for again.
//!
//! Invariant: a key says everything that its value depends on, so nothing that is remembered is ever out of date.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// What an entry takes beside its value, roughly.
const ENTRY_BYTES: usize = 200;

/// A value that knows how much memory it takes.
pub(crate) trait Weighed {
    fn bytes(&self) -> usize;
}

/// Remembers values, the recently used.
pub(crate) struct Cache<K, V> {
    capacity: usize,
    kept: Mutex<Kept<K, V>>,
}

struct Kept<K, V> {
    values: HashMap<K, (u64, Arc<V>)>,
    bytes: usize,
    /// Counts the uses.
    now: u64,
}

impl<K: Eq + Hash, V: Weighed> Cache<K, V> {
    /// Remembers some `capacity` bytes of values.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, kept: Mutex::new(Kept { values: HashMap::new(), bytes: 0, now: 0 }) }
    }

    /// The value of `key`, made with `make` unless it is remembered.
    pub fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        match self.try_get(key, || Ok::<_, Infallible>(make())) {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }

    /// The value of `key`, made with `make` unless it is remembered; nothing is when it cannot be made.
    pub fn try_get<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.now += 1;
            let now = kept.now;
            if let Some((used, value)) = kept.values.get_mut(&key) {
                *used = now;
                return Ok(Arc::clone(value));
            }
        }
        // Made without the lock; when two make the same, they are equal.
        let value = Arc::new(make()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.keep(key, Arc::clone(&value), self.capacity);
        Ok(value)
    }
}

impl<K: Eq + Hash, V: Weighed> Kept<K, V> {
    fn keep(&mut self, key: K, value: Arc<V>, capacity: usize) {
        self.bytes += value.bytes() + ENTRY_BYTES;
        if let Some((_, old)) = self.values.insert(key, (self.now, value)) {
            self.bytes -= old.bytes() + ENTRY_BYTES;
        }
        // The older half goes at once: looking for the oldest one would take time at every miss.
        while self.bytes > capacity && !self.values.is_empty() {
            let mut uses: Vec<u64> = self.values.values().map(|(used, _)| *used).collect();
            let middle = uses.len() / 2;
            let newest_to_go = *uses.select_nth_unstable(middle).1;
            let bytes = &mut self.bytes;
            self.values.retain(|_, (used, value)| {
                let stays = *used > newest_to_go;
                if !stays {
                    *bytes -= value.bytes() + ENTRY_BYTES;
                }
                stays
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for u32 {
        fn bytes(&self) -> usize {
            100
        }
    }

    #[test]
    fn the_recently_used_stay() {
        let cache: Cache<u32, u32> = Cache::new(3_000);
        let made = std::cell::Cell::new(0);
        let get = |key: u32| {
            let make = || {
                made.set(made.get() + 1);
                key * 2
            };
            assert_eq!(*cache.get(key, make), key * 2);
        };
        (0..10).for_each(get);
        (0..10).for_each(get);
        assert_eq!(made.get(), 10, "ten fit");
        get(0);
        get(10);
        get(0);
        assert_eq!(made.get(), 11, "what was used last stays");
        get(1);
        assert_eq!(made.get(), 12, "what was not goes");
        assert!(cache.kept.lock().expect("whole").bytes <= 3_000);
        assert_eq!(cache.try_get(99, || Err("no")), Err("no"));
    }
}
