//! Counts the facet values of the documents of a segment that match.
//!
//! Frequent values have a set of documents each, which is intersected with the matches; the others are looked up
//! document by document where a match has any. Where every document has one value at most, of few, and the matches are
//! few too, each says its own.

use std::collections::{BTreeMap, HashMap};

use tantivy::columnar::StrColumn;

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::schema::FACETS;

/// A value is frequent that at least one in so many documents has.
const FREQUENT: u32 = 64;

/// Matches are few that are less than one in so many documents.
const FEW: u64 = 4;
/// No value.
const NONE: u8 = u8::MAX;

/// How often each value occurs, by facet.
pub(crate) type Counts = BTreeMap<&'static str, HashMap<String, u64>>;

/// The values of a segment's documents, in the order of [`FACETS`].
pub(crate) struct FacetIndex(Vec<Option<Facet>>);

struct Facet {
    /// Of each document the number of its value, or [`NONE`]; nothing where some have several, or there are many.
    single: Option<Vec<u8>>,
    /// By the values' numbers in the column; nothing for a value that is not frequent.
    frequent: Vec<Option<Bits>>,
    /// The documents that have a value which is not frequent.
    others: Bits,
}

impl FacetIndex {
    /// Reads the values of all documents.
    pub fn of(segment: &Segment) -> Self {
        let documents = segment.reader.max_doc();
        Self(segment.facets.iter().map(|column| column.as_ref().map(|column| Facet::of(column, documents))).collect())
    }

    /// Adds to `counts` the values of `matches`.
    pub fn count(&self, segment: &Segment, matches: &Bits, counts: &mut Counts) -> Result<(), Fault> {
        let listed: Option<Vec<u32>> =
            (matches.count() < u64::from(segment.reader.max_doc()) / FEW).then(|| matches.iter().collect());
        for ((facet, column), index) in FACETS.iter().zip(&segment.facets).zip(&self.0) {
            let (Some(column), Some(index)) = (column, index) else { continue };
            let of_facet = counts.entry(facet).or_default();
            let mut value = String::new();
            for (number, count) in
                index.count(column, matches, listed.as_deref()).into_iter().enumerate().filter(|(_, count)| *count > 0)
            {
                if !column.ord_to_str(number as u64, &mut value)? {
                    return Err(Fault::Index(format!("a value of {facet} is missing")));
                }
                *of_facet.entry(value.clone()).or_default() += count;
            }
            if of_facet.is_empty() {
                counts.remove(facet);
            }
        }
        Ok(())
    }
}

impl Facet {
    fn of(column: &StrColumn, documents: u32) -> Self {
        let ords = column.ords();
        let mut totals = vec![0u32; column.num_terms()];
        for document in 0..documents {
            ords.values_for_doc(document).for_each(|value| totals[value as usize] += 1);
        }
        let frequent = |&total: &u32| (total >= documents.div_ceil(FREQUENT)).then(|| Bits::none(documents));
        let few = totals.len() < usize::from(NONE);
        let mut facet = Self {
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
        facet
    }

    /// How many of `matches`, which are `listed` too if they are few, have each value.
    fn count(&self, column: &StrColumn, matches: &Bits, listed: Option<&[u32]>) -> Vec<u64> {
        // To look at a document takes about as long as to intersect 64 of a set.
        let by_sets = self.frequent.iter().flatten().count() * matches.bytes() / size_of::<u64>();
        if let (Some(single), Some(listed)) = (&self.single, listed.filter(|listed| listed.len() < by_sets)) {
            let mut counts = vec![0; usize::from(NONE) + 1];
            listed.iter().for_each(|&document| counts[usize::from(single[document as usize])] += 1);
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
            single + frequent + facet.frequent.len() * size_of::<Option<Bits>>() + facet.others.bytes()
        };
        self.0.iter().flatten().map(of).sum()
    }
}
