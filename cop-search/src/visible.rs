//! Which documents of a segment a viewer sees, and what those amount to.
//!
//! Invariant: all that an answer says comes from these documents alone, its statistics included. What is
//! remembered is keyed by everything it depends on (the segment, its deletions and the audience classes), so
//! nothing remembered is ever out of date.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;

use crate::bits::Bits;
use crate::generation::Segment;

/// Most memory for what is remembered.
const CAPACITY_BYTES: usize = 16 << 20;
/// What an entry takes beside its bits, roughly.
const ENTRY_BYTES: usize = 200;

/// The documents of a segment that a viewer sees.
pub(crate) struct Visible {
    pub documents: Bits,
    /// How many they are.
    pub count: u64,
    /// How many words they have together.
    pub words: u64,
}

impl Visible {
    /// Looks at every document. `classes` are those that the viewer may read.
    fn of(segment: &Segment, classes: &[i64]) -> Self {
        let reader = &segment.reader;
        let mut visible = Self { documents: Bits::none(reader.max_doc()), count: 0, words: 0 };
        for document in 0..reader.max_doc() {
            let readable = classes.binary_search(&segment.classes.get_val(document)).is_ok();
            if readable && !reader.is_deleted(document) {
                visible.documents.insert(document);
                visible.count += 1;
                visible.words += segment.lengths.get_val(document);
            }
        }
        visible
    }
}

type Key = (SegmentId, Option<u64>, Arc<[i64]>);

/// Remembers [`Visible`] sets, the recently used.
#[derive(Default)]
pub(crate) struct VisibleCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    sets: HashMap<Key, (u64, Arc<Visible>)>,
    bytes: usize,
    /// Counts the uses.
    now: u64,
}

impl VisibleCache {
    /// The documents of `segment` whose class is among `classes`, which are sorted.
    pub fn get(&self, segment: &Segment, classes: &Arc<[i64]>) -> Arc<Visible> {
        let key = (segment.reader.segment_id(), segment.reader.delete_opstamp(), Arc::clone(classes));
        {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.now += 1;
            let now = kept.now;
            if let Some((used, visible)) = kept.sets.get_mut(&key) {
                *used = now;
                return Arc::clone(visible);
            }
        }
        // Made without the lock; when two make the same, they are equal.
        let visible = Arc::new(Visible::of(segment, classes));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(key, &visible);
        visible
    }
}

impl Kept {
    fn keep(&mut self, key: Key, visible: &Arc<Visible>) {
        self.bytes += cost(&key, visible);
        if let Some((_, old)) = self.sets.insert(key.clone(), (self.now, Arc::clone(visible))) {
            self.bytes -= cost(&key, &old);
        }
        while self.bytes > CAPACITY_BYTES {
            let oldest = self.sets.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            if let Some((_, visible)) = self.sets.remove(&oldest) {
                self.bytes -= cost(&oldest, &visible);
            }
        }
    }
}

fn cost((_, _, classes): &Key, visible: &Visible) -> usize {
    visible.documents.bytes() + classes.len() * 8 + ENTRY_BYTES
}
