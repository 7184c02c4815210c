//! Answers a query from one generation of the index, for one viewer.
//!
//! Invariant: answers are those of `cop_core::search::ScanIndex`, bit for bit. Everything is counted over the
//! documents the viewer sees, in every segment, before anything is scored; scores are sums in the query's
//! order; ties go to the document that was added first, wherever it lies.

use std::collections::BTreeSet;
use std::sync::Arc;

use cop_core::Viewer;
use cop_core::search::{
    Analyzer, Bm25, ParsedText, SearchHits, SearchQuery, SearchSource, filter_groups, hit, sort_facets,
};

use crate::bits::Bits;
use crate::bounded::{Bounded, WINDOW};
use crate::facets::Counts;
use crate::fault::Fault;
use crate::generation::{Generation, Segment};
use crate::memory::{Classes, Lengths, Memory, Words};
use crate::postings::{keyed, phrase};
use crate::schema::Fields;
use crate::top::Top;
use crate::visible::Visible;

/// From so many windows with the highest bounds on, the others are tried only where they may still matter.
const FIRST_WINDOWS: usize = 16;

/// What an answer is made from.
pub(crate) struct Evaluation<'a> {
    pub generation: &'a Generation,
    pub fields: &'a Fields,
    pub analyzer: &'a dyn Analyzer,
    pub memory: &'a Memory,
    pub source: &'a dyn SearchSource,
    pub viewer: &'a Viewer,
}

/// What one segment has to do with the query.
pub(crate) struct Found<'a> {
    pub segment: &'a Segment,
    pub classes: Classes,
    pub lengths: Arc<Lengths>,
    pub visible: Arc<Visible>,
}

/// A word or phrase of the query, in one segment, with what it counts at most.
type Counted = (Arc<Bounded>, f64);

impl Evaluation<'_> {
    /// The answer.
    pub fn answer(&self, query: &SearchQuery) -> Result<SearchHits, Fault> {
        let classes: Classes = BTreeSet::from_iter(self.source.classes(self.viewer)?).into_iter().collect();
        let asked = ParsedText::parse(&query.text, self.analyzer);
        let found: Vec<Found<'_>> =
            self.generation.segments.iter().map(|segment| self.find(segment, &classes)).collect();
        let bm25 = Bm25 {
            documents: found.iter().map(|found| found.visible.count).sum(),
            words: found.iter().map(|found| found.visible.words).sum(),
        };

        let words = asked.words.iter().map(|forms| vec![forms.clone()]);
        let wanted: Vec<Words> = words.chain(asked.phrases.iter().cloned()).collect();
        let units: Vec<Vec<Arc<Bounded>>> = found
            .iter()
            .map(|found| wanted.iter().map(|words| self.memory.unit(found, self.fields, words, bm25)).collect())
            .collect::<Result<_, Fault>>()?;
        let matching: Vec<u64> = (0..wanted.len()).map(|at| units.iter().map(|units| units[at].len()).sum()).collect();

        let groups = filter_groups(query);
        let mut total = 0;
        let mut top = Top::new(query.offset + query.limit);
        let mut counts = Counts::new();
        let mut ranked = Vec::with_capacity(found.len());
        for (found, units) in found.iter().zip(units) {
            let matches = self.matches(found, &units, &groups, &asked)?;
            total += matches.count();
            if query.facets {
                self.memory.facets(found.segment).count(found.segment, &matches, &mut counts)?;
            }
            let counted = units.into_iter().zip(matching.iter().map(|&matching| bm25.weight(matching))).collect();
            ranked.push(Ranking { found, counted, matches });
        }
        match asked.is_empty() {
            true => ranked.iter().for_each(|ranking| ranking.list(&mut top)),
            false => rank(&ranked, &bm25, &mut top),
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
        Ok(SearchHits { total, hits, facets: sort_facets(counts), not_understood: asked.not_understood })
    }

    fn find<'a>(&self, segment: &'a Segment, classes: &Classes) -> Found<'a> {
        let lengths = self.memory.lengths(segment);
        let visible = self.memory.visible(segment, classes, &lengths);
        Found { segment, classes: Arc::clone(classes), lengths, visible }
    }

    /// The documents that answer the query.
    fn matches(
        &self,
        found: &Found<'_>,
        units: &[Arc<Bounded>],
        groups: &[BTreeSet<String>],
        asked: &ParsedText,
    ) -> Result<Bits, Fault> {
        let none = || Bits::none(found.segment.reader.max_doc());
        let (words, phrases) = units.split_at(asked.words.len());
        let mut matches = match asked.is_empty() {
            true => found.visible.documents.clone(),
            false => none(),
        };
        // Words are alternatives, unless there are phrases: these must all occur.
        match phrases {
            [] => words.iter().for_each(|unit| unit.mark(&mut matches)),
            [first, others @ ..] => {
                first.mark(&mut matches);
                for unit in others {
                    let mut marked = none();
                    unit.mark(&mut marked);
                    matches.keep(&marked);
                }
            }
        }
        for group in groups {
            matches.keep(&keyed(found.segment, self.fields, group)?);
        }
        for words in &asked.excluded {
            let mut excluded = none();
            for (document, _) in phrase(found.segment, self.fields, words, &found.visible)? {
                excluded.insert(document);
            }
            matches.drop(&excluded);
        }
        Ok(matches)
    }
}

/// What one segment offers for the best.
struct Ranking<'a> {
    found: &'a Found<'a>,
    /// In the query's order, which scores are summed in.
    counted: Vec<Counted>,
    matches: Bits,
}

/// Finds the best documents of all segments: first in the windows that promise most, then in those that still may
/// have better ones.
fn rank(ranked: &[Ranking<'_>], bm25: &Bm25, top: &mut Top) {
    let mut windows: Vec<(f64, usize, u32)> = Vec::new();
    for (at, ranking) in ranked.iter().enumerate() {
        let bounds = ranking.bounds(bm25).into_iter().zip(0..).filter(|(bound, _)| *bound > 0.0);
        windows.extend(bounds.map(|(bound, number)| (bound, at, number)));
    }
    let first = FIRST_WINDOWS.min(windows.len());
    if first > 0 {
        windows.select_nth_unstable_by(first - 1, |a, b| b.0.total_cmp(&a.0));
    }
    let (promising, others) = windows.split_at_mut(first);
    promising.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    for &(bound, at, number) in promising.iter().chain(others.iter()) {
        if bound >= top.least() {
            ranked[at].score(number, bm25, top);
        }
    }
}

impl Ranking<'_> {
    /// The most that a document of each window can score.
    fn bounds(&self, bm25: &Bm25) -> Vec<f64> {
        let mut bounds = vec![0.0; (self.found.lengths.0.len()).div_ceil(WINDOW)];
        for (unit, weight) in &self.counted {
            unit.bounds(bm25).for_each(|(number, share)| bounds[number as usize] += weight * share);
        }
        bounds
    }

    /// Offers the documents of a window with their scores.
    fn score(&self, number: u32, bm25: &Bm25, top: &mut Top) {
        let first = number as usize * WINDOW;
        let lengths = &self.found.lengths.0[first..];
        let mut scores = [0.0; WINDOW];
        for (unit, weight) in &self.counted {
            for (place, times) in unit.window(number) {
                scores[usize::from(place)] += weight * bm25.share(times, lengths[usize::from(place)]);
            }
        }
        for document in self.matches.within(first, WINDOW) {
            top.offer(scores[document as usize - first], || self.found.segment.ordinals.get_val(document));
        }
    }

    /// Offers all documents, where no text is asked for.
    fn list(&self, top: &mut Top) {
        let documents = self.matches.iter();
        documents.for_each(|document| top.offer(0.0, || self.found.segment.ordinals.get_val(document)));
    }
}
