//! What is remembered of segments, for one index; what is not committed is quickly looked at again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use cop_core::search::{Bm25, Meant};
use tantivy::index::SegmentId;

use crate::bounded::{Bounded, Bounding};
use crate::cache::{Cache, Weighed};
use crate::complete::Completing;
use crate::evaluate::Found;
use crate::facets::{Counts, FacetIndex};
use crate::fault::Fault;
use crate::generation::Segment;
use crate::matches::Matches;
use crate::part::Part;
use crate::recent::count_facets;
use crate::schema::Fields;
use crate::visible::Visible;

/// What is compared often: by where it lies, by a mark that tells most of them apart, and only then as a whole.
pub(crate) struct Key<T: ?Sized> {
    mark: u64,
    all: Arc<T>,
}

/// The audience classes that a viewer may read; who looks after a community reads thousands.
pub(crate) type Classes = Key<[i64]>;

/// The words of a phrase, each in any of its forms; a single word is a phrase of one.
pub(crate) type Words = Key<[Vec<String>]>;

impl<T: ?Sized + Hash> Key<T> {
    pub fn new(all: Arc<T>) -> Self {
        let mut hasher = DefaultHasher::new();
        all.hash(&mut hasher);
        Self { mark: hasher.finish(), all }
    }
}

impl<T: ?Sized> Clone for Key<T> {
    fn clone(&self) -> Self {
        Self { mark: self.mark, all: Arc::clone(&self.all) }
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.all, &other.all) || self.mark == other.mark && self.all == other.all
    }
}

impl<T: ?Sized + Eq> Eq for Key<T> {}

impl<T: ?Sized> Hash for Key<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.mark.hash(state);
    }
}

/// Classes as a store gave them, and the key that they are: the first of those that are equal.
struct Given {
    classes: Arc<[i64]>,
    key: Classes,
}

/// A segment, as its deletions leave it.
type Place = (SegmentId, Option<u64>);

/// What was read from segments, and may be asked for again.
pub(crate) struct Memory {
    /// By where they lie: nothing else does while they are kept.
    given: Cache<usize, Given>,
    classes: Cache<Classes, Classes>,
    lengths: Cache<SegmentId, Lengths>,
    facets: Cache<SegmentId, FacetIndex>,
    visible: Cache<(Place, Classes), Visible>,
    units: Cache<(Place, Classes, Words), Bounded>,
    completing: Cache<(Place, Classes), Completing>,
    meant: Cache<(Vec<Place>, Classes, String), Meanings>,
}

/// What a word stands for.
struct Meanings(Vec<Meant>);

/// How many words each document of a segment has.
pub(crate) struct Lengths(pub Vec<u32>);

impl Default for Memory {
    fn default() -> Self {
        Self::of(1)
    }
}

impl Memory {
    /// The usual memory divided by `divisor`.
    pub fn of(divisor: usize) -> Self {
        Self {
            given: Cache::new((1 << 20) / divisor),
            classes: Cache::new((1 << 20) / divisor),
            lengths: Cache::new((16 << 20) / divisor),
            facets: Cache::new((16 << 20) / divisor),
            visible: Cache::new((8 << 20) / divisor),
            units: Cache::new((24 << 20) / divisor),
            completing: Cache::new((8 << 20) / divisor),
            meant: Cache::new((1 << 20) / divisor),
        }
    }

    /// Audience classes as a key.
    pub fn classes(&self, classes: &Arc<[i64]>) -> Classes {
        let given = self.given.get(classes.as_ptr().addr(), || {
            let key = Classes::new(Arc::clone(classes));
            Given { classes: Arc::clone(classes), key: Classes::clone(&self.classes.get(key.clone(), || key)) }
        });
        given.key.clone()
    }

    /// How many words the documents have.
    pub fn lengths(&self, part: Part<'_>) -> Arc<Lengths> {
        match part {
            Part::Segment(segment) => self.lengths.get(segment.reader.segment_id(), || Lengths(segment.lengths())),
            Part::Recent(documents) => Arc::new(Lengths(documents.iter().map(|document| document.length).collect())),
        }
    }

    /// The documents whose class is among `classes`.
    pub fn visible(&self, part: Part<'_>, classes: &Classes, lengths: &Lengths) -> Arc<Visible> {
        let visible = || Visible::of(part, &classes.all, &lengths.0);
        match part {
            Part::Segment(segment) => self.visible.get((place(segment), classes.clone()), visible),
            Part::Recent(_) => Arc::new(visible()),
        }
    }

    /// Where a word or phrase occurs among the visible documents.
    pub fn unit(&self, found: &Found<'_>, fields: &Fields, words: &Words, bm25: Bm25) -> Result<Arc<Bounded>, Fault> {
        let unit = || {
            let mut bounding = Bounding::new(&found.lengths.0, bm25);
            found.part.bound(fields, &words.all, &found.committed, &mut bounding)?;
            Ok(bounding.done())
        };
        match found.part {
            Part::Segment(segment) => self.units.try_get((place(segment), found.classes.clone(), words.clone()), unit),
            Part::Recent(_) => unit().map(Arc::new),
        }
    }

    /// In how many of the documents that were visible each word is that completes.
    pub fn completing(&self, segment: &Segment, found: &Found<'_>) -> Result<Arc<Completing>, Fault> {
        let count = || Completing::of(segment, &found.committed.documents);
        self.completing.try_get((place(segment), found.classes.clone()), count)
    }

    /// What `word` stands for among all that was `found`, as `look` finds out.
    pub fn meant(
        &self,
        found: &[Found<'_>],
        word: &str,
        look: impl FnOnce() -> Result<Vec<Meant>, Fault>,
    ) -> Result<Vec<Meant>, Fault> {
        let mut places = Vec::new();
        for found in found {
            match found.part {
                Part::Segment(segment) if found.gone.is_empty() => places.push(place(segment)),
                Part::Recent([]) => {}
                // What is not committed changes with every write.
                Part::Segment(_) | Part::Recent(_) => return look(),
            }
        }
        let Some(classes) = found.first().map(|found| found.classes.clone()) else { return look() };
        let meant = self.meant.try_get((places, classes, word.to_owned()), || look().map(Meanings))?;
        Ok(meant.0.clone())
    }

    /// Adds to `counts` the values of `matches`.
    pub fn count_facets(&self, part: Part<'_>, matches: &Matches, counts: &mut Counts) -> Result<(), Fault> {
        match part {
            Part::Segment(segment) => {
                let facets = self.facets.try_get(segment.reader.segment_id(), || FacetIndex::of(segment))?;
                facets.count(segment.facets()?, matches, counts);
            }
            Part::Recent(documents) => count_facets(documents, matches, counts),
        }
        Ok(())
    }
}

fn place(segment: &Segment) -> Place {
    (segment.reader.segment_id(), segment.reader.delete_opstamp())
}

impl Weighed for Classes {
    fn bytes(&self) -> usize {
        size_of_val(&*self.all)
    }
}

impl Weighed for Given {
    fn bytes(&self) -> usize {
        size_of_val(&*self.classes)
    }
}

impl Weighed for Meanings {
    fn bytes(&self) -> usize {
        self.0.iter().map(|meant| meant.term.len() + meant.spelling.len() + 48).sum()
    }
}

impl Weighed for Lengths {
    fn bytes(&self) -> usize {
        self.0.len() * 4
    }
}
