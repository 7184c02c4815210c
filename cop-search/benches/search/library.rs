//! The documents as an index is given them, without a store.
//!
//! Invariant: what [`SearchSource::visible`] answers says only which document it is, so that an answer costs what the
//! index does: ids, counts and facets, neither rows that are read nor snippets that are cut.

use std::collections::BTreeSet;
use std::sync::Arc;

use cop_core::search::{Document, SearchSource, SourceDoc};
use cop_core::{RecordRef, Result, Stamp, Viewer};
use uuid::Uuid;

use crate::corpus;

/// A library, as somebody sees it.
#[derive(Clone, Copy)]
pub struct Library<'a> {
    /// How many documents it was founded with.
    pub documents: u64,
    /// Their texts, as far as they are ready made.
    pub texts: &'a [String],
    /// How many documents have been added after these.
    pub added: u64,
    /// What is seen of it.
    pub classes: &'a Arc<[i64]>,
}

impl Library<'_> {
    fn document(&self, n: u64) -> Document {
        let mut document = corpus::document(n, self.text(n));
        if n > self.documents {
            document.title = corpus::unheard(n);
        }
        document
    }

    fn text(&self, n: u64) -> String {
        self.texts.get(n as usize - 1).cloned().unwrap_or_else(|| corpus::text(n))
    }
}

impl SearchSource for Library<'_> {
    fn store_id(&self) -> Uuid {
        Uuid::from_u64_pair(0xbe9c4, self.documents)
    }

    fn head(&self) -> i64 {
        (self.documents + self.added) as i64
    }

    fn stamp_at(&self, seq: i64) -> Result<Option<Stamp>> {
        Ok((1..=self.head()).contains(&seq).then(|| corpus::stamp(seq as u64)))
    }

    fn changed_since(&self, seq: i64, each: &mut dyn FnMut(SourceDoc) -> Result<()>) -> Result<()> {
        let class = |ordinal| corpus::class(ordinal as u64, self.documents);
        let mut changed: Vec<(i64, i64)> =
            (seq.max(0) + 1..=self.head()).map(|ordinal| (class(ordinal), ordinal)).collect();
        changed.sort_unstable();
        changed.into_iter().try_for_each(|(class, ordinal)| {
            each(SourceDoc { ordinal, class, document: Some(self.document(ordinal as u64)) })
        })
    }

    fn count_changed(&self, seq: i64) -> Result<u64> {
        Ok((self.head() - seq.max(0)) as u64)
    }

    fn erased_since(&self, _: i64) -> Result<bool> {
        Ok(false)
    }

    fn classes(&self, _: &Viewer) -> Result<Arc<[i64]>> {
        Ok(Arc::clone(self.classes))
    }

    fn document(&self, _: &Viewer, _: RecordRef) -> Result<Option<(i64, Document)>> {
        Ok(None)
    }

    fn synonyms(&self) -> Result<Vec<BTreeSet<String>>> {
        Ok(Vec::new())
    }

    fn related(&self, _: &Viewer, _: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    fn visible(&self, _: &Viewer, ordinal: i64) -> Result<Option<Document>> {
        let n = ordinal as u64;
        let seen = self.classes.binary_search(&corpus::class(n, self.documents)).is_ok();
        Ok(seen.then(|| corpus::bare(n)))
    }
}
