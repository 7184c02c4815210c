//! An index that is none: it reads everything the viewer may see, each time. The oracle of all others,
//! and the answer when an index cannot be used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Analyzer, Bm25, Document, IndexError, ParsedText, SearchHits, SearchIndex, SearchQuery, SearchSource,
    document_words, facet_values, filter_groups, filter_keys, hit, sort_facets,
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
}

struct Read {
    document: Document,
    ordinal: i64,
    words: Vec<(String, u32)>,
}

impl Read {
    /// How often any of `forms` occurs.
    fn count_word(&self, forms: &[String]) -> u32 {
        self.words.iter().filter(|(term, _)| forms.contains(term)).count() as u32
    }

    /// How often the phrase occurs.
    fn count_phrase(&self, phrase: &[Vec<String>]) -> u32 {
        let places: Vec<BTreeSet<u32>> = phrase
            .iter()
            .map(|forms| self.words.iter().filter(|(term, _)| forms.contains(term)).map(|(_, at)| *at).collect())
            .collect();
        let Some((first, rest)) = places.split_first() else { return 0 };
        let follows = |at: u32| rest.iter().zip(1..).all(|(places, offset)| places.contains(&(at + offset)));
        first.iter().filter(|&&at| follows(at)).count() as u32
    }
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
        let classes: BTreeSet<i64> = source.classes(viewer)?.into_iter().collect();
        let mut documents = Vec::new();
        source.changed_since(0, &mut |doc| {
            if let Some(document) = doc.document.filter(|_| classes.contains(&doc.class)) {
                let words = document_words(&document, analyzer);
                documents.push(Read { document, ordinal: doc.ordinal, words });
            }
            Ok(())
        })?;

        let asked = ParsedText::parse(&query.text, analyzer);
        let groups = filter_groups(query);
        let bm25 = Bm25 {
            documents: documents.len() as u64,
            words: documents.iter().map(|document| document.words.len() as u64).sum(),
        };
        let counts = |document: &Read| -> Vec<u32> {
            let words = asked.words.iter().map(|forms| document.count_word(forms));
            words.chain(asked.phrases.iter().map(|phrase| document.count_phrase(phrase))).collect()
        };
        let frequencies: Vec<Vec<u32>> = documents.iter().map(counts).collect();
        let units = asked.words.len() + asked.phrases.len();
        let matching: Vec<u64> =
            (0..units).map(|unit| frequencies.iter().filter(|counts| counts[unit] > 0).count() as u64).collect();

        let mut matches: Vec<(f64, &Read)> = Vec::new();
        for (document, counts) in documents.iter().zip(&frequencies) {
            let keys = filter_keys(&document.document);
            let filtered = groups.iter().all(|group| !group.is_disjoint(&keys));
            let excluded = asked.excluded.iter().any(|phrase| document.count_phrase(phrase) > 0);
            let (words, phrases) = counts.split_at(asked.words.len());
            let found = phrases.iter().all(|&n| n > 0)
                && (!phrases.is_empty() || words.is_empty() || words.iter().any(|&n| n > 0));
            if filtered && found && !excluded {
                let length = document.words.len() as u32;
                let mut score = 0.0;
                for (unit, &frequency) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                    score += bm25.score(matching[unit], frequency, length);
                }
                matches.push((score, document));
            }
        }

        let mut facets: BTreeMap<&'static str, HashMap<String, u64>> = BTreeMap::new();
        if query.facets {
            for (_, document) in &matches {
                for (facet, value) in facet_values(&document.document) {
                    *facets.entry(facet).or_default().entry(value).or_default() += 1;
                }
            }
        }
        let total = matches.len() as u64;
        matches.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.ordinal.cmp(&b.1.ordinal)));
        let weights = asked.weights(&matching, &bm25);
        let hits = matches
            .into_iter()
            .skip(query.offset)
            .take(query.limit)
            .map(|(score, document)| hit(document.document.clone(), score, &weights, analyzer))
            .collect();
        Ok(SearchHits { total, hits, facets: sort_facets(facets), not_understood: asked.not_understood })
    }

    fn catch_up(&self, _: &dyn SearchSource) -> Result<u64, IndexError> {
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
                    words.push(super::Word { term: text[from..at].to_lowercase(), position, range: from..at });
                    start = None;
                }
                _ => {}
            }
        }
        words
    }

    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        self.words(text, &Language::english()).into_iter().map(|word| vec![word.term]).collect()
    }

    fn fingerprint(&self) -> String {
        "plain-1".to_owned()
    }
}
