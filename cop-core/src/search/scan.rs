//! An index that is none: it reads everything the viewer may see, each time. The oracle of all others,
//! and the answer when an index cannot be used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use smol_str::SmolStr;

use super::{
    Analyzer, Asked, Bm25, CLOSE_LOOK, Completion, Document, Hits, IndexError, MOST_CLOSE, Pairs, SearchHits,
    SearchIndex, SearchQuery, SearchSort, SearchSource, SortKey, Statistics, Told, Unfinished, Unit, completing_words,
    document_words, facet_values, filter_keys, likened, meant, most_common, sort_facets, title_key, widened,
};
use crate::access::Viewer;
use crate::model::Language;

/// The specification of search, written down as directly as possible.
pub struct ScanIndex<A>(A);

impl<A: Analyzer> ScanIndex<A> {
    /// A scan that knows words as `analyzer` does.
    pub fn new(analyzer: A) -> Self {
        Self(analyzer)
    }

    /// What the viewer sees, taken apart.
    fn read(&self, source: &dyn SearchSource, viewer: &Viewer) -> Result<Vec<Read>, IndexError> {
        let classes = source.classes(viewer)?;
        let mut documents = Vec::new();
        source.changed_since(0, &mut |doc| {
            if let Some(document) = doc.document.filter(|_| classes.contains(&doc.class)) {
                documents.push(Read::of(document, doc.ordinal, &self.0));
            }
            Ok(())
        })?;
        Ok(documents)
    }
}

/// A document, taken apart.
pub(super) struct Read {
    document: Document,
    ordinal: i64,
    words: Vec<(SmolStr, u32)>,
}

impl Read {
    pub fn of(document: Document, ordinal: i64, analyzer: &dyn Analyzer) -> Self {
        let words = document_words(&document, analyzer);
        Self { document, ordinal, words }
    }

    /// How many words it has.
    pub fn length(&self) -> u32 {
        self.words.len() as u32
    }

    /// How often the word or phrase occurs.
    pub fn count(&self, unit: &Unit) -> u32 {
        let places: Vec<Vec<u32>> = unit.words.iter().map(|forms| self.occurrences(forms)).collect();
        let Some((first, rest)) = places.split_first() else { return 0 };
        let follows = |at: u32| rest.iter().zip(1..).all(|(places, offset)| places.contains(&(at + offset)));
        first.iter().filter(|&&at| follows(at)).count() as u32
    }

    /// Where a word stands, in order.
    pub fn places(&self, word: &Unit) -> Vec<u32> {
        BTreeSet::from_iter(word.words.iter().flat_map(|forms| self.occurrences(forms))).into_iter().collect()
    }

    fn occurrences(&self, forms: &[String]) -> Vec<u32> {
        self.words.iter().filter(|(term, _)| forms.iter().any(|form| **form == **term)).map(|(_, at)| *at).collect()
    }

    fn created(&self) -> i64 {
        self.document.created_at.timestamp_millis()
    }

    fn key(&self, sort: SearchSort, score: f64) -> SortKey {
        match sort {
            SearchSort::Relevance => SortKey::Score(score),
            SearchSort::Newest => SortKey::Newest(self.created()),
            SearchSort::Oldest => SortKey::Oldest(self.created()),
            SearchSort::Title => SortKey::Title(title_key(&self.document.title)),
        }
    }
}

/// In how many documents each term occurs that `wanted` holds of.
fn count_terms(documents: &[Read], wanted: impl Fn(&str) -> bool) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for document in documents {
        let terms: BTreeSet<&str> = document.words.iter().map(|(term, _)| term.as_ref()).collect();
        for term in terms.into_iter().filter(|term| wanted(term)) {
            *counts.entry(term.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// For every document, how often each word and phrase occurs.
fn counted(documents: &[Read], asked: &Asked) -> Vec<Vec<u32>> {
    documents.iter().map(|document| asked.units.iter().map(|unit| document.count(unit)).collect()).collect()
}

/// In how many documents each word and phrase occurs.
fn matching(frequencies: &[Vec<u32>], units: usize) -> Vec<u64> {
    (0..units).map(|unit| frequencies.iter().filter(|counts| counts[unit] > 0).count() as u64).collect()
}

impl<A: Analyzer> SearchIndex for ScanIndex<A> {
    fn search(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        query: &SearchQuery,
    ) -> Result<SearchHits, IndexError> {
        query.check()?;
        let analyzer = &self.0;
        let (query, synonyms) = &widened(query, source, viewer)?;
        let documents = self.read(source, viewer)?;
        let like = likened(source, viewer, query)?;
        let bm25 = Bm25 {
            documents: documents.len() as u64,
            words: documents.iter().map(|document| u64::from(document.length())).sum(),
        };

        let mut asked = Asked::read(query, viewer, analyzer, synonyms)?;
        asked.expand(|prefix| Ok::<_, IndexError>(count_terms(&documents, |term| term.starts_with(prefix))))?;
        if let Some((_, like)) = &like {
            let count = |terms: &BTreeSet<String>| count_terms(&documents, |term| terms.contains(term));
            asked.resemble(like, analyzer, bm25, |terms| Ok::<_, IndexError>(count(terms)))?;
        }
        let mut frequencies = counted(&documents, &asked);
        let mended = asked.mend(&matching(&frequencies, asked.units.len()), |word| {
            meant(word, analyzer, |terms| Ok::<_, IndexError>(count_terms(&documents, |term| terms.contains(term))))
        })?;
        if mended {
            frequencies = counted(&documents, &asked);
        }
        let mut statistics = asked.statistics(Statistics {
            bm25,
            matching: matching(&frequencies, asked.units.len()),
            recency: None,
            last_close: None,
        });

        let mut matches: Vec<(SortKey, f64, &Read)> = Vec::new();
        for (document, counts) in documents.iter().zip(&frequencies) {
            let keys = filter_keys(&document.document);
            let holds = asked
                .groups
                .iter()
                .all(|group| group.units.iter().any(|&unit| counts[unit] > 0) || !group.keys.is_disjoint(&keys));
            let itself = like.as_ref().is_some_and(|(ordinal, _)| *ordinal == document.ordinal);
            let excluded = itself
                || asked.excluded.iter().any(|unit| document.count(unit) > 0)
                || !asked.excluded_keys.is_disjoint(&keys);
            if holds && !excluded && asked.created.contains(&document.created()) {
                let mut score = 0.0;
                for (unit, &frequency) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                    score += statistics.bm25.score(statistics.matching[unit], frequency, document.length());
                }
                score *= statistics.factor(document.created());
                matches.push((document.key(asked.sort(), score), score, document));
            }
        }

        let mut facets: BTreeMap<&'static str, HashMap<String, u64>> = BTreeMap::new();
        if query.facets {
            for (.., document) in &matches {
                for (facet, value) in facet_values(&document.document) {
                    *facets.entry(facet).or_default().entry(value).or_default() += 1;
                }
            }
        }
        let total = matches.len() as u64;
        let order = |matches: &mut Vec<(SortKey, f64, &Read)>| {
            matches.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.ordinal.cmp(&b.2.ordinal)));
        };
        order(&mut matches);
        let pairs = Pairs::of(&asked);
        if asked.sort() == SearchSort::Relevance && !pairs.is_empty() {
            let place = |(_, score, document): &(SortKey, f64, &Read)| (*score, document.ordinal);
            if asked.resume.is_none() {
                statistics.last_close = matches.get(CLOSE_LOOK - 1).map(place);
            }
            let is_close = |found: &&mut (SortKey, f64, &Read)| {
                let (score, ordinal) = place(found);
                statistics.last_close.is_none_or(|last| score > last.0 || score == last.0 && ordinal <= last.1)
            };
            for (key, score, document) in matches.iter_mut().take_while(is_close).take(MOST_CLOSE) {
                let places: Vec<Vec<u32>> = asked.units.iter().map(|unit| document.places(unit)).collect();
                *score += pairs.score(&statistics, |unit| &places[unit]) * statistics.factor(document.created());
                *key = SortKey::Score(*score);
            }
            order(&mut matches);
        }
        if let Some(last) = &asked.resume {
            matches.retain(|(key, _, document)| (key, document.ordinal) > (&last.key, last.ordinal));
        }
        let end = query.offset.saturating_add(query.limit);
        let page = &matches[query.offset.min(matches.len())..end.min(matches.len())];
        let more = page.last().filter(|_| matches.len() > end);
        let next = more.and_then(|(key, _, document)| asked.next(key.clone(), document.ordinal, &statistics));
        let of = Hits::new(&asked, &statistics, analyzer);
        let hits = page.iter().map(|(_, score, document)| of.hit(document.document.clone(), *score)).collect();
        let Asked { not_understood, respelled, .. } = asked;
        Ok(SearchHits { total, hits, facets: sort_facets(facets), not_understood, respelled, next })
    }

    fn complete(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Completion>, IndexError> {
        let Some(unfinished) = Unfinished::of(text, &self.0) else { return Ok(Vec::new()) };
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for document in self.read(source, viewer)? {
            for (folded, word) in completing_words(&document.document, &self.0) {
                if folded.starts_with(&unfinished.prefix) {
                    *counts.entry(word).or_default() += 1;
                }
            }
        }
        let best = most_common(counts.into_iter().collect(), limit);
        Ok(best.into_iter().map(|(word, count)| unfinished.completed(&word, count)).collect())
    }

    fn catch_up(&self, _: &dyn SearchSource, _: Told<'_>) -> Result<u64, IndexError> {
        Ok(0)
    }

    fn rebuild(&self, _: &dyn SearchSource) -> Result<u64, IndexError> {
        Ok(0)
    }

    fn analyzer(&self) -> &dyn Analyzer {
        &self.0
    }
}

/// Words as they are, in lower case, without their accents' help: for stores opened without a search
/// engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainAnalyzer;

impl Analyzer for PlainAnalyzer {
    fn words(&self, text: &str, _: &Language) -> Vec<super::Word> {
        let mut words = Vec::new();
        let mut start = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (start, c.is_alphanumeric()) {
                (None, true) => start = Some(at),
                (Some(from), false) => {
                    let position = words.len() as u32;
                    words.push(super::Word { term: text[from..at].to_lowercase().into(), position, range: from..at });
                    start = None;
                }
                _ => {}
            }
        }
        words
    }

    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        self.words(text, &Language::english()).into_iter().map(|word| vec![word.term.to_string()]).collect()
    }

    fn fingerprint(&self) -> String {
        "plain-1".to_owned()
    }
}
