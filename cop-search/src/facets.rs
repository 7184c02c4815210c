//! Counts the facet values of the documents of a segment that match.
//!
//! Frequent values have a set of documents each, which is intersected with the matches; the others are looked up
//! document by document where a match has any. Where every document has one value at most, of few, and the matches are
//! few too, each match says its own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tantivy::columnar::StrColumn;

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::schema::FACETS;

/// A value is frequent that at least one in so many documents has.
const FREQUENT: u32 = 64;

/// To look at a document takes about as long as to intersect so many words of a set.
const LOOK: usize = 3;
/// No value.
const NONE: u8 = u8::MAX;

/// How often each value occurs, by facet.
pub(crate) type Counts = BTreeMap<&'static str, HashMap<Arc<str>, u64>>;

/// The values of a segment's documents, in the order of [`FACETS`].
pub(crate) struct FacetIndex(Vec<Option<Facet>>);

struct Facet {
    /// By their numbers in the column.
    values: Vec<Arc<str>>,
    /// Of each document the number of its value, or [`NONE`]; nothing where some have several, or there are many.
    single: Option<Vec<u8>>,
    /// By the values' numbers in the column; nothing for a value that is not frequent.
    frequent: Vec<Option<Bits>>,
    /// The documents that have a value which is not frequent.
    others: Bits,
}

impl FacetIndex {
    /// Reads the values of all documents.
    pub fn of(segment: &Segment) -> Result<Self, Fault> {
        let documents = segment.reader.max_doc();
        let facet = |column: &Option<StrColumn>| column.as_ref().map(|column| Facet::of(column, documents)).transpose();
        segment.facets.iter().map(facet).collect::<Result<_, _>>().map(Self)
    }

    /// Adds to `counts` the values of `matches`.
    pub fn count(&self, segment: &Segment, matches: &Bits, counts: &mut Counts) {
        let many = matches.count() as usize;
        let listed = std::cell::OnceCell::new();
        let list = || listed.get_or_init(|| matches.iter().collect::<Vec<u32>>()).as_slice();
        for ((facet, column), index) in FACETS.iter().zip(&segment.facets).zip(&self.0) {
            let (Some(column), Some(index)) = (column, index) else { continue };
            let found =
                index.values.iter().zip(index.count(column, matches, many, list)).filter(|(_, count)| *count > 0);
            for (value, count) in found {
                *counts.entry(facet).or_default().entry(Arc::clone(value)).or_default() += count;
            }
        }
    }
}

impl Facet {
    fn of(column: &StrColumn, documents: u32) -> Result<Self, Fault> {
        let ords = column.ords();
        let value = |number| -> Result<Arc<str>, Fault> {
            let mut value = String::new();
            match column.ord_to_str(number, &mut value)? {
                true => Ok(value.into()),
                false => Err(Fault::Index("a value of a facet is missing".to_owned())),
            }
        };
        let mut totals = vec![0u32; column.num_terms()];
        for document in 0..documents {
            ords.values_for_doc(document).for_each(|value| totals[value as usize] += 1);
        }
        let frequent = |&total: &u32| (total >= documents.div_ceil(FREQUENT)).then(|| Bits::none(documents));
        let few = totals.len() < usize::from(NONE);
        let mut facet = Self {
            values: (0..column.num_terms() as u64).map(value).collect::<Result<_, _>>()?,
            single: few.then(|| vec![NONE; documents as usize]),
            frequent: totals.iter().map(frequent).collect(),
            others: Bits::none(documents),
        };
        for document in 0..documents {
            for (place, value) in ords.values_for_doc(document).enumerate() {
                match &mut facet.single {
                    Some(single) if place == 0 => single[document as usize] = value as u8,
                    single => *single = None,
                }
                facet.frequent[value as usize].as_mut().unwrap_or(&mut facet.others).insert(document);
            }
        }
        Ok(facet)
    }

    /// How many of the `many` `matches`, which `list` lists, have each value.
    fn count<'a>(&self, column: &StrColumn, matches: &Bits, many: usize, list: impl Fn() -> &'a [u32]) -> Vec<u64> {
        let by_sets = self.frequent.iter().flatten().count() * matches.bytes() / size_of::<u64>();
        if let Some(single) = self.single.as_ref().filter(|_| many * LOOK < by_sets) {
            let mut counts = vec![0; usize::from(NONE) + 1];
            list().iter().for_each(|&document| counts[usize::from(single[document as usize])] += 1);
            counts.truncate(self.frequent.len());
            return counts;
        }
        let common = |bits: &Option<Bits>| bits.as_ref().map_or(0, |bits| bits.common(matches));
        let mut counts: Vec<u64> = self.frequent.iter().map(common).collect();
        let mut others = self.others.clone();
        others.keep(matches);
        for document in others.iter() {
            for value in column.ords().values_for_doc(document) {
                counts[value as usize] += u64::from(self.frequent[value as usize].is_none());
            }
        }
        counts
    }
}

impl Weighed for FacetIndex {
    fn bytes(&self) -> usize {
        let of = |facet: &Facet| {
            let frequent: usize = facet.frequent.iter().flatten().map(Bits::bytes).sum();
            let single = facet.single.as_ref().map_or(0, Vec::len);
            let values: usize = facet.values.iter().map(|value| value.len() + 32).sum();
            values + single + frequent + facet.frequent.len() * size_of::<Option<Bits>>() + facet.others.bytes()
        };
        self.0.iter().flatten().map(of).sum()
    }
}
