//! Which documents of a part a viewer sees, and what those amount to.
//!
//! Invariant: all that an answer says comes from these documents alone, its statistics included.

use std::sync::Arc;

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::part::Part;

/// The documents of a part that a viewer sees.
pub(crate) struct Visible {
    pub documents: Arc<Bits>,
    /// How many they are.
    pub count: u64,
    /// How many words they have together.
    pub words: u64,
}

impl Visible {
    /// Looks at every document. `classes` are those that the viewer may read, sorted; `lengths` the documents'.
    pub fn of(part: Part<'_>, classes: &[i64], lengths: &[u32]) -> Self {
        let mut documents = Bits::none(part.size());
        let (mut count, mut words) = (0, 0);
        for (document, &length) in (0..part.size()).zip(lengths) {
            if part.class(document).is_some_and(|class| classes.binary_search(&class).is_ok()) {
                documents.insert(document);
                count += 1;
                words += u64::from(length);
            }
        }
        Self { documents: Arc::new(documents), count, words }
    }

    /// Without some that are among them.
    pub fn without(&self, gone: &[u32], lengths: &[u32]) -> Self {
        let mut documents = Arc::clone(&self.documents);
        gone.iter().for_each(|&document| Arc::make_mut(&mut documents).remove(document));
        let words: u64 = gone.iter().map(|&document| u64::from(lengths[document as usize])).sum();
        Self { documents, count: self.count - gone.len() as u64, words: self.words - words }
    }
}

impl Weighed for Visible {
    fn bytes(&self) -> usize {
        self.documents.bytes()
    }
}
