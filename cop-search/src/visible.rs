//! Which documents of a segment a viewer sees, and what those amount to.
//!
//! Invariant: all that an answer says comes from these documents alone, its statistics included.

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::generation::Segment;

/// The documents of a segment that a viewer sees.
pub(crate) struct Visible {
    pub documents: Bits,
    /// How many they are.
    pub count: u64,
    /// How many words they have together.
    pub words: u64,
}

impl Visible {
    /// Looks at every document. `classes` are those that the viewer may read, sorted; `lengths` the documents'.
    pub fn of(segment: &Segment, classes: &[i64], lengths: &[u32]) -> Self {
        let reader = &segment.reader;
        let mut visible = Self { documents: Bits::none(reader.max_doc()), count: 0, words: 0 };
        for (document, &length) in (0..reader.max_doc()).zip(lengths) {
            let readable = classes.binary_search(&segment.classes.get_val(document)).is_ok();
            if readable && !reader.is_deleted(document) {
                visible.documents.insert(document);
                visible.count += 1;
                visible.words += u64::from(length);
            }
        }
        visible
    }
}

impl Weighed for Visible {
    fn bytes(&self) -> usize {
        self.documents.bytes()
    }
}
