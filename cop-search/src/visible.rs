//! Which documents of a part a viewer sees, and what those amount to.
//!
//! Invariant: all that an answer says comes from these documents alone, its statistics included.

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::part::Part;

/// The documents of a part that a viewer sees.
pub(crate) struct Visible {
    pub documents: Bits,
    /// How many they are.
    pub count: u64,
    /// How many words they have together.
    pub words: u64,
}

impl Visible {
    /// Looks at every document. `classes` are those that the viewer may read, sorted; `lengths` the documents'.
    pub fn of(part: Part<'_>, classes: &[i64], lengths: &[u32]) -> Self {
        let mut visible = Self { documents: Bits::none(part.size()), count: 0, words: 0 };
        for (document, &length) in (0..part.size()).zip(lengths) {
            if part.class(document).is_some_and(|class| classes.binary_search(&class).is_ok()) {
                visible.documents.insert(document);
                visible.count += 1;
                visible.words += u64::from(length);
            }
        }
        visible
    }

    /// Without some that are among them.
    pub fn without(&self, gone: &[u32], lengths: &[u32]) -> Self {
        let mut documents = self.documents.clone();
        gone.iter().for_each(|&document| documents.remove(document));
        let words: u64 = gone.iter().map(|&document| u64::from(lengths[document as usize])).sum();
        Self { documents, count: self.count - gone.len() as u64, words: self.words - words }
    }
}

impl Weighed for Visible {
    fn bytes(&self) -> usize {
        self.documents.bytes()
    }
}
