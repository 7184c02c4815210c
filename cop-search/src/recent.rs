//! Documents that changed since the last commit, kept in memory: a commit of tantivy's takes a hundred times as long as
//! taking one document apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use cop_core::search::{
    Analyzer, Document, SmolStr, completing_words, document_words, facet_values, filter_keys, title_key,
};

use crate::bits::Bits;
use crate::facets::Counts;
use crate::matches::Matches;
use crate::postings::{Occurrences, following};

/// One of them.
pub(crate) struct Recent {
    pub ordinal: i64,
    pub class: i64,
    /// In milliseconds since 1970.
    pub created: i64,
    /// What titles are ordered by.
    pub title: String,
    /// How many words it has.
    pub length: u32,
    /// Where each word stands, in order.
    places: HashMap<SmolStr, Vec<u32>>,
    keys: BTreeSet<String>,
    /// The words that completions are made of, as they are folded and as they are.
    completing: BTreeSet<(String, String)>,
    facets: Vec<(&'static str, Arc<str>)>,
}

impl Recent {
    /// Takes a document apart.
    pub fn of(ordinal: i64, class: i64, document: &Document, analyzer: &dyn Analyzer) -> Self {
        let words = document_words(document, analyzer);
        let length = words.len() as u32;
        let mut places: HashMap<SmolStr, Vec<u32>> = HashMap::with_capacity(words.len());
        for (word, place) in words {
            places.entry(word).or_default().push(place);
        }
        places.values_mut().for_each(|places| places.sort_unstable());
        Self {
            ordinal,
            class,
            created: document.created_at.timestamp_millis(),
            title: title_key(&document.title),
            length,
            places,
            keys: filter_keys(document),
            completing: completing_words(document, analyzer),
            facets: facet_values(document).into_iter().map(|(facet, value)| (facet, value.into())).collect(),
        }
    }

    /// The words of its title and tags whose folded form begins with `prefix`, with that form.
    pub fn completing(&self, prefix: &str) -> impl Iterator<Item = &(String, String)> {
        self.completing.iter().filter(move |(folded, _)| folded.starts_with(prefix))
    }

    /// Where a word in any of its forms stands, in order.
    pub fn places(&self, forms: &[String]) -> Vec<u32> {
        let mut places: Vec<u32> =
            forms.iter().filter_map(|form| self.places.get(form.as_str())).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// How often words, each in any of its forms, stand one after the other; a single word, how often its forms do.
    fn times(&self, words: &[Vec<String>]) -> u32 {
        if let [forms] = words {
            return forms
                .iter()
                .filter_map(|form| self.places.get(form.as_str()))
                .map(|places| places.len() as u32)
                .sum();
        }
        let places: Vec<Vec<u32>> = words.iter().map(|forms| self.places(forms)).collect();
        let Some((first, rest)) = places.split_first() else { return 0 };
        let mut first = first.clone();
        rest.iter().zip(1..).for_each(|(next, offset)| following(&mut first, next, offset));
        first.len() as u32
    }
}

/// In how many of `visible` a word occurs.
pub(crate) fn count(documents: &[Arc<Recent>], word: &str, visible: &Bits) -> u64 {
    visible.iter().filter(|&number| documents[number as usize].places.contains_key(word)).count() as u64
}

/// Where words occur one after the other among `visible`, and how often.
pub(crate) fn phrase(documents: &[Arc<Recent>], words: &[Vec<String>], visible: &Bits) -> Occurrences {
    let times = visible.iter().map(|number| (number, documents[number as usize].times(words)));
    times.filter(|(_, times)| *times > 0).collect()
}

/// Counts the visible documents of every word that begins with `prefix`.
pub(crate) fn continued(documents: &[Arc<Recent>], prefix: &str, visible: &Bits, counts: &mut BTreeMap<String, u64>) {
    for number in visible.iter() {
        for word in documents[number as usize].places.keys().filter(|word| word.starts_with(prefix)) {
            *counts.entry(word.to_string()).or_default() += 1;
        }
    }
}

/// The documents that have any of the filter keys.
pub(crate) fn keyed<'a>(documents: &[Arc<Recent>], keys: impl IntoIterator<Item = &'a String>) -> Bits {
    let mut bits = Bits::none(documents.len() as u32);
    for key in keys {
        let has = documents.iter().zip(0..).filter(|(document, _)| document.keys.contains(key));
        has.for_each(|(_, number)| bits.insert(number));
    }
    bits
}

/// Adds to `counts` the values of `matches`.
pub(crate) fn count_facets(documents: &[Arc<Recent>], matches: &Matches, counts: &mut Counts) {
    matches.each(|number| {
        for (facet, value) in &documents[number as usize].facets {
            *counts.entry(facet).or_default().entry(Arc::clone(value)).or_default() += 1;
        }
    });
}
