//! Answers a query from one generation of the index, for one viewer.
//!
//! Invariant: answers are those of `cop_core::search::ScanIndex`, bit for bit. Everything is counted over the
//! documents the viewer sees, in every segment, before anything is scored; scores are sums in the query's
//! order; ties go to the document that was added first, wherever it lies.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use cop_core::Viewer;
use cop_core::search::{
    Analyzer, Asked, Bm25, Bm25Unit, SearchHits, SearchQuery, SearchSource, Statistics, hit, sort_facets,
};

use crate::bits::Bits;
use crate::fault::Fault;
use crate::generation::{Generation, Segment};
use crate::postings::{Occurrences, continued, keyed, phrase};
use crate::schema::{FACETS, Fields};
use crate::top::Top;
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
    /// Where each word and phrase occurs among the visible documents.
    units: Vec<Occurrences>,
}

impl Evaluation<'_> {
    /// The answer.
    pub fn answer(&self, query: &SearchQuery) -> Result<SearchHits, Fault> {
        let classes: Arc<[i64]> = BTreeSet::from_iter(self.source.classes(self.viewer)?).into_iter().collect();
        let segments = self.generation.segments.iter();
        let seen: Vec<_> = segments.map(|segment| (segment, self.visible.get(segment, &classes))).collect();
        let mut asked = Asked::read(query, self.viewer, self.analyzer)?;
        asked.expand(|prefix| {
            let mut counts = BTreeMap::new();
            seen.iter().try_for_each(|(segment, seen)| continued(segment, prefix, &seen.documents, &mut counts))?;
            Ok::<_, Fault>(counts)
        })?;
        let found = seen.into_iter().map(|(segment, visible)| self.find(segment, visible, &asked));
        let found: Vec<Found<'_>> = found.collect::<Result<_, _>>()?;

        let units = 0..asked.units.len();
        let statistics = asked.statistics(Statistics {
            bm25: Bm25 {
                documents: found.iter().map(|found| found.visible.count).sum(),
                words: found.iter().map(|found| found.visible.words).sum(),
            },
            matching: units.map(|unit| found.iter().map(|found| found.units[unit].len() as u64).sum()).collect(),
        });
        let scores: Vec<Bm25Unit> =
            statistics.matching.iter().map(|&matching| statistics.bm25.unit(matching)).collect();

        let mut total = 0;
        let mut top = Top::new(query.offset + query.limit, asked.sort(), asked.resume.clone());
        let mut facets = Facets::default();
        for found in &found {
            let eligible = self.eligible(found, &asked)?;
            let mut matches = Vec::new();
            found.score(self.fields, &asked, &scores, &eligible, |document, score| matches.push((document, score)))?;
            top.take(found.segment, &matches)?;
            total += matches.len() as u64;
            if query.facets {
                facets.count(found.segment, &matches)?;
            }
        }

        let weights = asked.weights(&statistics);
        let (best, more) = top.into_sorted();
        let page = best.get(query.offset..).unwrap_or_default();
        let last = page.last().filter(|_| more);
        let next = last.map(|last| asked.next(last.key.clone(), last.ordinal, &statistics));
        let mut hits = Vec::new();
        for ranked in page {
            // The store has the last word on what may be seen; that it differs means that the index is wrong.
            let Some(document) = self.source.visible(self.viewer, ranked.ordinal)? else {
                return Err(Fault::Index(format!("document {} is not the viewer's to see", ranked.ordinal)));
            };
            hits.push(hit(document, ranked.score, &weights, self.analyzer));
        }
        Ok(SearchHits { total, hits, facets: sort_facets(facets.0), not_understood: asked.not_understood, next })
    }

    fn find<'a>(&self, segment: &'a Segment, visible: Arc<Visible>, asked: &Asked) -> Result<Found<'a>, Fault> {
        let units = asked.units.iter().map(|unit| phrase(segment, self.fields, &unit.words, &visible.documents));
        let units = units.collect::<Result<_, _>>()?;
        Ok(Found { segment, visible, units })
    }

    /// The visible documents that filters and exclusions leave.
    fn eligible(&self, found: &Found<'_>, asked: &Asked) -> Result<Bits, Fault> {
        let mut eligible = found.visible.documents.clone();
        for group in asked.groups.iter().filter(|group| group.units.is_empty()) {
            eligible.keep(&keyed(found.segment, self.fields, &group.keys)?);
        }
        if !asked.excluded_keys.is_empty() {
            eligible.drop(&keyed(found.segment, self.fields, &asked.excluded_keys)?);
        }
        let mut excluded = Bits::none(found.segment.reader.max_doc());
        for unit in &asked.excluded {
            for (document, _) in phrase(found.segment, self.fields, &unit.words, &found.visible.documents)? {
                excluded.insert(document);
            }
        }
        if asked.created != (i64::MIN..i64::MAX) {
            let made = |document: &u32| asked.created.contains(&found.segment.created.get_val(*document));
            eligible.iter().filter(|document| !made(document)).for_each(|document| excluded.insert(document));
        }
        eligible.drop(&excluded);
        Ok(eligible)
    }
}

impl Found<'_> {
    /// Hands out every eligible document in which the groups of the query's text hold, with its score.
    fn score(
        &self,
        fields: &Fields,
        asked: &Asked,
        scores: &[Bm25Unit],
        eligible: &Bits,
        mut each: impl FnMut(u32, f64),
    ) -> Result<(), Fault> {
        // For each group the units that it holds by, and the documents that have one of its keys.
        let mut groups = Vec::new();
        for group in asked.groups.iter().filter(|group| !group.units.is_empty()) {
            let units = group.units.iter().fold(0u64, |units, unit| units | 1 << unit);
            let keyed = (!group.keys.is_empty()).then(|| keyed(self.segment, fields, &group.keys)).transpose()?;
            groups.push((units, keyed));
        }
        // Documents in which nothing of the text occurs, where all groups may hold by their keys.
        let mut silent = match groups.iter().all(|(_, keyed)| keyed.is_some()) {
            true => eligible.clone(),
            false => Bits::none(self.segment.reader.max_doc()),
        };
        groups.iter().filter_map(|(_, keyed)| keyed.as_ref()).for_each(|keyed| silent.keep(keyed));
        let mut silent = silent.iter().peekable();

        let mut rest: Vec<&[(u32, u32)]> = self.units.iter().map(Vec::as_slice).collect();
        loop {
            let next = rest.iter().filter_map(|unit| unit.first()).map(|(document, _)| *document).min();
            let Some(document) = next.into_iter().chain(silent.peek().copied()).min() else { return Ok(()) };
            silent.next_if_eq(&document);
            let length = self.segment.lengths.get_val(document) as u32;
            let mut score = 0.0;
            let mut found = 0u64;
            for (index, (unit, scoring)) in rest.iter_mut().zip(scores).enumerate() {
                if let Some(((_, frequency), others)) = unit.split_first().filter(|((at, _), _)| *at == document) {
                    score += scoring.score(*frequency, length);
                    found |= 1 << index;
                    *unit = others;
                }
            }
            let holds = |(units, keyed): &(u64, Option<Bits>)| {
                found & units != 0 || keyed.as_ref().is_some_and(|keyed| keyed.has(document))
            };
            if eligible.has(document) && groups.iter().all(holds) {
                each(document, score);
            }
        }
    }
}

/// How often each value occurs.
#[derive(Default)]
struct Facets(BTreeMap<&'static str, HashMap<String, u64>>);

impl Facets {
    fn count(&mut self, segment: &Segment, matches: &[(u32, f64)]) -> Result<(), Fault> {
        for (facet, column) in FACETS.iter().zip(&segment.facets) {
            let Some(column) = column else { continue };
            let ords = column.ords();
            let mut counts = vec![0u64; column.num_terms()];
            for &(document, _) in matches {
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
