//! Answers a query from one generation of the index, for one viewer.
//!
//! Invariant: answers are those of `cop_core::search::ScanIndex`, bit for bit. Everything is counted over the
//! documents the viewer sees, in every segment, before anything is scored; scores are sums in the query's
//! order; ties go to the document that was added first, wherever it lies.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;

use cop_core::Viewer;
use cop_core::search::{
    Analyzer, Bm25, Bm25Unit, ParsedText, SearchHits, SearchQuery, SearchSource, filter_groups, hit, sort_facets,
};

use crate::bits::Bits;
use crate::fault::Fault;
use crate::generation::{Generation, Segment};
use crate::postings::{Occurrences, keyed, phrase, word};
use crate::schema::{FACETS, Fields};
use crate::visible::{Visible, VisibleCache};

/// What an answer is made from.
pub(crate) struct Evaluation<'a> {
    pub generation: &'a Generation,
    pub fields: &'a Fields,
    pub analyzer: &'a dyn Analyzer,
    pub visible: &'a VisibleCache,
    pub source: &'a dyn SearchSource,
    pub viewer: &'a Viewer,
}

/// What one segment has to do with the query.
struct Found<'a> {
    segment: &'a Segment,
    visible: Arc<Visible>,
    /// Where each word, then each phrase, occurs among the visible documents.
    units: Vec<Occurrences>,
}

impl Evaluation<'_> {
    /// The answer.
    pub fn answer(&self, query: &SearchQuery) -> Result<SearchHits, Fault> {
        let classes: Arc<[i64]> = BTreeSet::from_iter(self.source.classes(self.viewer)?).into_iter().collect();
        let asked = ParsedText::parse(&query.text, self.analyzer);
        let segments = self.generation.segments.iter();
        let found: Vec<Found<'_>> =
            segments.map(|segment| self.find(segment, &classes, &asked)).collect::<Result<_, _>>()?;

        let bm25 = Bm25 {
            documents: found.iter().map(|found| found.visible.count).sum(),
            words: found.iter().map(|found| found.visible.words).sum(),
        };
        let units = 0..asked.words.len() + asked.phrases.len();
        let matching: Vec<u64> =
            units.map(|unit| found.iter().map(|found| found.units[unit].len() as u64).sum()).collect();
        let scores: Vec<Bm25Unit> = matching.iter().map(|&matching| bm25.unit(matching)).collect();

        let groups = filter_groups(query);
        let mut total = 0;
        let mut top = Top::new(query.offset + query.limit);
        let mut facets = Facets::default();
        for found in &found {
            let eligible = self.eligible(found, &groups, &asked)?;
            let mut matches = Vec::new();
            let mut take = |document, score| {
                matches.push(document);
                top.offer(score, || found.segment.ordinals.get_val(document));
            };
            match asked.is_empty() {
                true => eligible.iter().for_each(|document| take(document, 0.0)),
                false => found.score(&asked, &scores, |document, score| {
                    if eligible.has(document) {
                        take(document, score);
                    }
                }),
            }
            total += matches.len() as u64;
            if query.facets {
                facets.count(found.segment, &matches)?;
            }
        }

        let weights = asked.weights(&matching, &bm25);
        let mut hits = Vec::new();
        for (score, ordinal) in top.into_sorted().into_iter().skip(query.offset) {
            // The store has the last word on what may be seen; that it differs means that the index is wrong.
            let Some(document) = self.source.visible(self.viewer, ordinal)? else {
                return Err(Fault::Index(format!("document {ordinal} is not the viewer's to see")));
            };
            hits.push(hit(document, score, &weights, self.analyzer));
        }
        Ok(SearchHits { total, hits, facets: sort_facets(facets.0), not_understood: asked.not_understood })
    }

    fn find<'a>(&self, segment: &'a Segment, classes: &Arc<[i64]>, asked: &ParsedText) -> Result<Found<'a>, Fault> {
        let visible = self.visible.get(segment, classes);
        let words = asked.words.iter().map(|forms| word(segment, self.fields, forms, &visible.documents));
        let phrases = asked.phrases.iter().map(|words| phrase(segment, self.fields, words, &visible.documents));
        let units = words.chain(phrases).collect::<Result<_, _>>()?;
        Ok(Found { segment, visible, units })
    }

    /// The visible documents that filters and exclusions leave.
    fn eligible(&self, found: &Found<'_>, groups: &[BTreeSet<String>], asked: &ParsedText) -> Result<Bits, Fault> {
        let mut eligible = found.visible.documents.clone();
        for group in groups {
            eligible.keep(&keyed(found.segment, self.fields, group)?);
        }
        for words in &asked.excluded {
            let mut excluded = Bits::none(found.segment.reader.max_doc());
            for (document, _) in phrase(found.segment, self.fields, words, &found.visible.documents)? {
                excluded.insert(document);
            }
            eligible.drop(&excluded);
        }
        Ok(eligible)
    }
}

impl Found<'_> {
    /// Hands out every document that matches the query's text, with its score.
    fn score(&self, asked: &ParsedText, scores: &[Bm25Unit], mut each: impl FnMut(u32, f64)) {
        let mut rest: Vec<&[(u32, u32)]> = self.units.iter().map(Vec::as_slice).collect();
        let phrases = asked.phrases.len();
        while let Some(document) = rest.iter().filter_map(|unit| unit.first()).map(|(document, _)| *document).min() {
            let length = self.segment.lengths.get_val(document) as u32;
            let mut score = 0.0;
            let mut phrases_found = 0;
            for (index, (unit, scoring)) in rest.iter_mut().zip(scores).enumerate() {
                if let Some(((_, frequency), others)) = unit.split_first().filter(|((at, _), _)| *at == document) {
                    score += scoring.score(*frequency, length);
                    phrases_found += usize::from(index >= asked.words.len());
                    *unit = others;
                }
            }
            // Words are alternatives, unless there are phrases: these must all occur.
            if phrases_found == phrases {
                each(document, score);
            }
        }
    }
}

/// The best so far.
struct Top {
    most: usize,
    /// The worst of them first.
    kept: BinaryHeap<Ranked>,
}

/// A document's score and ordinal; the greater, the worse.
#[derive(Clone, Copy, PartialEq)]
struct Ranked(f64, i64);

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.total_cmp(&self.0).then(self.1.cmp(&other.1))
    }
}

impl Top {
    fn new(most: usize) -> Self {
        Self { most, kept: BinaryHeap::new() }
    }

    /// Keeps a document if it is among the best; its ordinal is asked for only when it may be.
    fn offer(&mut self, score: f64, ordinal: impl FnOnce() -> i64) {
        if self.kept.len() < self.most {
            self.kept.push(Ranked(score, ordinal()));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && score >= worst.0
        {
            let ranked = Ranked(score, ordinal());
            if ranked < *worst {
                *worst = ranked;
            }
        }
    }

    /// Best first.
    fn into_sorted(self) -> Vec<(f64, i64)> {
        self.kept.into_sorted_vec().into_iter().map(|Ranked(score, ordinal)| (score, ordinal)).collect()
    }
}

/// How often each value occurs.
#[derive(Default)]
struct Facets(BTreeMap<&'static str, HashMap<String, u64>>);

impl Facets {
    fn count(&mut self, segment: &Segment, documents: &[u32]) -> Result<(), Fault> {
        for (facet, column) in FACETS.iter().zip(&segment.facets) {
            let Some(column) = column else { continue };
            let ords = column.ords();
            let mut counts = vec![0u64; column.num_terms()];
            for &document in documents {
                ords.values_for_doc(document).for_each(|ord| counts[ord as usize] += 1);
            }
            let mut value = String::new();
            for (ord, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                if !column.ord_to_str(ord as u64, &mut value)? {
                    return Err(Fault::Index(format!("a value of {facet} is missing")));
                }
                *self.0.entry(facet).or_default().entry(value.clone()).or_default() += count;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_and_ties_go_to_the_first() {
        let mut top = Top::new(3);
        for (score, ordinal) in [(1.0, 7), (2.0, 9), (2.0, 4), (0.5, 1), (2.0, 2), (1.0, 3)] {
            top.offer(score, || ordinal);
        }
        assert_eq!(top.into_sorted(), [(2.0, 2), (2.0, 4), (2.0, 9)]);
        let mut none = Top::new(0);
        none.offer(1.0, || 1);
        assert!(none.into_sorted().is_empty());
    }
}
