//! What is remembered of a generation's segments, for one index.

use std::sync::Arc;

use cop_core::search::Bm25;
use tantivy::index::SegmentId;

use crate::bounded::Bounded;
use crate::cache::{Cache, Weighed};
use crate::evaluate::Found;
use crate::facets::FacetIndex;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::postings::phrase;
use crate::schema::Fields;
use crate::visible::Visible;

/// The audience classes that a viewer may read, sorted.
pub(crate) type Classes = Arc<[i64]>;
/// The words of a phrase, each in any of its forms; a single word is a phrase of one.
pub(crate) type Words = Vec<Vec<String>>;

/// A segment, as its deletions leave it.
type Place = (SegmentId, Option<u64>);

/// What was read from segments, and may be asked for again.
pub(crate) struct Memory {
    lengths: Cache<SegmentId, Lengths>,
    facets: Cache<SegmentId, FacetIndex>,
    visible: Cache<(Place, Classes), Visible>,
    units: Cache<(Place, Classes, Words), Bounded>,
}

/// How many words each document of a segment has.
pub(crate) struct Lengths(pub Vec<u32>);

impl Default for Memory {
    fn default() -> Self {
        Self {
            lengths: Cache::new(16 << 20),
            facets: Cache::new(16 << 20),
            visible: Cache::new(8 << 20),
            units: Cache::new(24 << 20),
        }
    }
}

impl Memory {
    /// How many words the documents have.
    pub fn lengths(&self, segment: &Segment) -> Arc<Lengths> {
        self.lengths.get(segment.reader.segment_id(), || Lengths(segment.lengths()))
    }

    /// The documents whose class is among `classes`.
    pub fn visible(&self, segment: &Segment, classes: &Classes, lengths: &Lengths) -> Arc<Visible> {
        let key = (place(segment), Arc::clone(classes));
        self.visible.get(key, || Visible::of(segment, classes, &lengths.0))
    }

    /// Where a word or phrase occurs among the visible documents.
    pub fn unit(&self, found: &Found<'_>, fields: &Fields, words: &Words, bm25: Bm25) -> Result<Arc<Bounded>, Fault> {
        let key = (place(found.segment), Arc::clone(&found.classes), words.clone());
        self.units.try_get(key, || {
            let occurrences = phrase(found.segment, fields, words, &found.visible)?;
            Ok(Bounded::new(&occurrences, &found.lengths.0, bm25))
        })
    }

    /// The values of the segment's documents.
    pub fn facets(&self, segment: &Segment) -> Arc<FacetIndex> {
        self.facets.get(segment.reader.segment_id(), || FacetIndex::of(segment))
    }
}

fn place(segment: &Segment) -> Place {
    (segment.reader.segment_id(), segment.reader.delete_opstamp())
}

impl Weighed for Lengths {
    fn bytes(&self) -> usize {
        self.0.len() * 4
    }
}
