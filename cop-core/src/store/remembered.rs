//! What members hold and which audience classes that opens, remembered until something changes: every call of theirs asks
//! for it.
//!
//! Invariant: an answer was found in the state that its position names. Every change of the store makes another
//! position, also one of what is derived from the records.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use super::schema::Position;
use crate::access::{Token, Viewer};
use crate::error::Result;
use crate::id::MemberId;

/// Most answers of a kind that are remembered.
const MOST: usize = 256;

/// What was found in one state of the store.
#[derive(Default)]
pub(super) struct Remembered {
    /// What a member holds on a day.
    pub viewers: Answers<(MemberId, NaiveDate), Viewer>,
    /// The audience classes that somebody may read who holds this on a day, in order.
    pub classes: Answers<(BTreeSet<Token>, NaiveDate), [i64]>,
}

/// Answers of one kind.
pub(super) struct Answers<K, V: ?Sized>(Mutex<Known<K, V>>);

struct Known<K, V: ?Sized> {
    at: Position,
    found: HashMap<K, Arc<V>>,
}

impl<K, V: ?Sized> Default for Answers<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Known { at: Position::default(), found: HashMap::new() }))
    }
}

impl<K: Eq + Hash, V: ?Sized> Answers<K, V> {
    /// The answer to `asked`; `look_up` finds it out in the state `at`.
    pub fn get(&self, at: Position, asked: K, look_up: impl FnOnce() -> Result<Arc<V>>) -> Result<Arc<V>> {
        let known = self.known();
        let found = known.found.get(&asked).filter(|_| known.at == at).cloned();
        drop(known);
        if let Some(found) = found {
            return Ok(found);
        }
        let found = look_up()?;
        let mut known = self.known();
        // Whoever still reads an older state does not push a newer one out.
        if at.is_after(known.at) {
            *known = Known { at, found: HashMap::new() };
        }
        if known.at == at && known.found.len() < MOST {
            known.found.insert(asked, Arc::clone(&found));
        }
        Ok(found)
    }

    fn known(&self) -> MutexGuard<'_, Known<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_remembered_until_something_changes() {
        let viewers = Answers::default();
        let day = NaiveDate::from_ymd_opt(2021, 9, 14).expect("a day");
        let ana = (MemberId::new(uuid::Uuid::from_u128(1)), day);
        let looks = std::cell::Cell::new(0);
        let look = |head: i64, stamp: i64, of| {
            let at = Position { store: uuid::Uuid::from_u128(7), head, stamp };
            let look_up = || {
                looks.set(looks.get() + 1);
                Ok(Arc::new(Viewer::host(day)))
            };
            viewers.get(at, of, look_up).expect("found");
            looks.get()
        };
        assert_eq!((look(1, 1, ana), look(1, 1, ana)), (1, 1));
        assert_eq!(look(1, 1, (ana.0, day.succ_opt().expect("a day"))), 2, "tomorrow they may hold something else");
        assert_eq!((look(2, 2, ana), look(2, 2, ana)), (3, 3), "something was written");
        assert_eq!((look(1, 1, ana), look(2, 2, ana)), (4, 4), "an older state is another, and leaves the newer one");
        assert_eq!((look(2, 3, ana), look(2, 3, ana)), (5, 5), "something was repaired");
        for n in 0..2 * MOST {
            look(2, 3, (MemberId::new(uuid::Uuid::from_u128(n as u128)), day));
        }
        assert_eq!(viewers.known().found.len(), MOST);
    }
}
