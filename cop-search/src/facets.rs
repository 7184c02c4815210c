//! Counts the facet values of the documents of a segment that match.
//!
//! Where matches are many, each frequent value has a set of documents, which is intersected with theirs, and the other
//! values are looked up document by document where a match has any. Where they are few, each says its own values: in a
//! row of bytes those of facets of which every document has one value at most, of few.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tantivy::columnar::StrColumn;

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::matches::Matches;
use crate::schema::FACETS;

/// A value is frequent that at least one in so many documents has.
const FREQUENT: u32 = 64;

/// To look at a document takes about as long as to intersect so many words of a set.
const LOOK: usize = 12;
/// No value.
const NONE: u8 = u8::MAX;

/// How often each value occurs, by facet.
pub(crate) type Counts = BTreeMap<&'static str, HashMap<Arc<str>, u64>>;

/// The values of a segment's documents.
pub(crate) struct FacetIndex {
    /// In the order of [`FACETS`].
    facets: Vec<Option<Facet>>,
    /// Of each document the numbers of its values of single facets, or [`NONE`].
    rows: Vec<Row>,
}

type Row = [u8; FACETS.len()];

struct Facet {
    /// By their numbers in the column.
    values: Vec<Arc<str>>,
    /// Whether every document has one value at most, of few.
    single: bool,
    /// By the values' numbers in the column; nothing for a value that is not frequent.
    frequent: Vec<Option<Bits>>,
    /// The documents that have a value which is not frequent; nothing where all are.
    others: Option<Bits>,
}

impl FacetIndex {
    /// Reads the values of all documents.
    pub fn of(segment: &Segment) -> Result<Self, Fault> {
        let documents = segment.reader.max_doc();
        let mut rows = vec![[NONE; FACETS.len()]; documents as usize];
        let facet = |(at, column): (usize, &Option<StrColumn>)| {
            column.as_ref().map(|column| Facet::of(column, at, &mut rows)).transpose()
        };
        let facets = segment.facets()?.iter().enumerate().map(facet).collect::<Result<_, _>>()?;
        Ok(Self { facets, rows })
    }

    /// Adds to `counts` the values of `matches`, which are in these columns.
    pub fn count(&self, columns: &[Option<StrColumn>], matches: &Matches, counts: &mut Counts) {
        let words = self.rows.len().div_ceil(64);
        let sets = |facet: &Facet| facet.frequent.iter().flatten().count();
        let by_sets: usize = self.facets.iter().flatten().map(sets).sum::<usize>() * words;
        let found = match (matches.count() as usize).saturating_mul(LOOK) < by_sets {
            true => self.count_each(columns, matches),
            false => self.count_sets(columns, &matches.set()),
        };
        for ((facet, index), found) in FACETS.iter().zip(&self.facets).zip(found) {
            let values = index.iter().flat_map(|index| &index.values).zip(found).filter(|(_, count)| *count > 0);
            for (value, count) in values {
                *counts.entry(facet).or_default().entry(Arc::clone(value)).or_default() += count;
            }
        }
    }

    /// By facet and number of the value, how many of `matches` have it, document by document.
    fn count_each(&self, columns: &[Option<StrColumn>], matches: &Matches) -> Vec<Vec<u64>> {
        let mut single = [[0u32; NONE as usize + 1]; FACETS.len()];
        matches.each(|document| {
            for (counts, value) in single.iter_mut().zip(self.rows[document as usize]) {
                counts[usize::from(value)] += 1;
            }
        });
        let of = |((index, column), single): ((&Option<Facet>, &Option<StrColumn>), &[u32])| {
            let (Some(index), Some(column)) = (index, column) else { return Vec::new() };
            if index.single {
                return single.iter().take(index.values.len()).copied().map(u64::from).collect();
            }
            let mut counts = vec![0; index.values.len()];
            matches.each(|document| {
                column.ords().values_for_doc(document).for_each(|value| counts[value as usize] += 1);
            });
            counts
        };
        self.facets.iter().zip(columns).zip(single.iter().map(|it| it.as_slice())).map(of).collect()
    }

    /// The same, set by set.
    fn count_sets(&self, columns: &[Option<StrColumn>], matches: &Bits) -> Vec<Vec<u64>> {
        let of = |(index, column): (&Option<Facet>, &Option<StrColumn>)| {
            let (Some(index), Some(column)) = (index, column) else { return Vec::new() };
            let common = |bits: &Option<Bits>| bits.as_ref().map_or(0, |bits| bits.common(matches));
            let mut counts: Vec<u64> = index.frequent.iter().map(common).collect();
            for document in index.others.iter().flat_map(|others| others.iter_common(matches)) {
                for value in column.ords().values_for_doc(document) {
                    counts[value as usize] += u64::from(index.frequent[value as usize].is_none());
                }
            }
            counts
        };
        self.facets.iter().zip(columns).map(of).collect()
    }
}

impl Facet {
    /// Reads a column, and into place `at` of `rows` where it is single.
    fn of(column: &StrColumn, at: usize, rows: &mut [Row]) -> Result<Self, Fault> {
        let documents = rows.len() as u32;
        let ords = column.ords();
        let value = |number| -> Result<Arc<str>, Fault> {
            let mut value = String::new();
            match column.ord_to_str(number, &mut value)? {
                true => Ok(value.into()),
                false => Err(Fault::Index("a value of a facet is missing".to_owned())),
            }
        };
        let mut totals = vec![0u32; column.num_terms()];
        let mut single = totals.len() < usize::from(NONE);
        for (document, row) in (0..documents).zip(rows.iter_mut()) {
            for (place, value) in ords.values_for_doc(document).enumerate() {
                totals[value as usize] += 1;
                single &= place == 0;
                row[at] = value.min(u64::from(NONE)) as u8;
            }
        }
        let is_frequent = |&total: &u32| total >= documents.div_ceil(FREQUENT);
        let mut facet = Self {
            values: (0..column.num_terms() as u64).map(value).collect::<Result<_, _>>()?,
            single,
            frequent: totals.iter().map(|total| is_frequent(total).then(|| Bits::none(documents))).collect(),
            others: (!totals.iter().all(is_frequent)).then(|| Bits::none(documents)),
        };
        for document in 0..documents {
            let mut insert = |value: usize| {
                let set = facet.frequent[value].as_mut().or(facet.others.as_mut());
                set.expect("a value that is not frequent is among the others").insert(document);
            };
            match (single, rows[document as usize][at]) {
                (true, NONE) => {}
                (true, value) => insert(usize::from(value)),
                (false, _) => ords.values_for_doc(document).for_each(|value| insert(value as usize)),
            }
        }
        Ok(facet)
    }
}

impl Weighed for FacetIndex {
    fn bytes(&self) -> usize {
        let of = |facet: &Facet| {
            let sets: usize = facet.frequent.iter().flatten().chain(&facet.others).map(Bits::bytes).sum();
            let values: usize = facet.values.iter().map(|value| value.len() + 32).sum();
            values + sets + facet.frequent.len() * size_of::<Option<Bits>>()
        };
        self.facets.iter().flatten().map(of).sum::<usize>() + self.rows.len() * size_of::<Row>()
    }
}
