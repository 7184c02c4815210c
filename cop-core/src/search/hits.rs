//! What comes back: hits with snippets, exact counts and facets.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use uuid::Uuid;

use super::explain::explain;
use super::{Analyzer, Asked, Document, Reason, Respelling, SearchCursor, Statistics, snippet};
use crate::model::{Language, RecordKind, RecordRef, ResourceKind};

/// Most characters of a snippet.
pub const SNIPPET_CHARS: usize = 200;

/// A page of hits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchHits {
    /// How many records match in all, exactly.
    pub total: u64,
    /// This page, in the order asked for; equal ones in the order the records were added.
    pub hits: Vec<SearchHit>,
    /// Exact counts over all matches: `kind`, `grade`, `subject`, `standard`, `language`, `team`,
    /// `school_year`, `licence`; most frequent first, then by value.
    pub facets: BTreeMap<String, Vec<FacetCount>>,
    /// The parts of the query's text that were left aside.
    pub not_understood: Vec<String>,
    /// The words that nothing seen has, and what was looked for in their place.
    pub respelled: Vec<Respelling>,
    /// Where the next page begins; none after the last. See [`SearchQuery::after`](super::SearchQuery::after).
    pub next: Option<SearchCursor>,
}

/// One record found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// What kind of record it is.
    pub record: RecordKind,
    /// Which.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// What it is: a resource's kind, or `story`, `goal`, `cycle`, `convening`.
    pub kind: ResourceKind,
    /// Its language.
    pub language: Language,
    /// How well it matches: BM25, and for the best what words count that stand near each other; 0 without words.
    pub score: f32,
    /// The passage that shows best why it matched; empty where it was [left out](super::SearchQuery::without_snippets).
    pub snippet: Snippet,
    /// What the score is the sum of, where that was [asked for](super::SearchQuery::explained): first the words and
    /// phrases in the query's order, then the words that stand near each other.
    pub explanation: Vec<Reason>,
}

impl SearchHit {
    /// The record's name, to read it by.
    pub fn reference(&self) -> RecordRef {
        RecordRef { kind: self.record, id: self.id }
    }
}

/// A passage with the matched words marked. Plain text: escape it before it becomes HTML, or use
/// [`Snippet::to_html`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The passage.
    pub text: String,
    /// Byte ranges of `text` that matched, in order, not overlapping.
    pub highlights: Vec<Range<usize>>,
}

impl Snippet {
    /// The passage as HTML: everything escaped, matches in `<mark>`.
    ///
    /// ```
    /// let snippet = cop_core::Snippet { text: "a <b> fraction".into(), highlights: vec![6..14] };
    /// assert_eq!(snippet.to_html(), "a &lt;b&gt; <mark>fraction</mark>");
    /// ```
    pub fn to_html(&self) -> String {
        let mut html = String::with_capacity(self.text.len() + 16 * self.highlights.len());
        let mut at = 0;
        for range in &self.highlights {
            escape(&self.text[at..range.start], &mut html);
            html.push_str("<mark>");
            escape(&self.text[range.clone()], &mut html);
            html.push_str("</mark>");
            at = range.end;
        }
        escape(&self.text[at..], &mut html);
        html
    }
}

fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            c => into.push(c),
        }
    }
}

/// How often a facet's value occurs among the matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCount {
    /// The value's code.
    pub value: String,
    /// How many matches have it.
    pub count: u64,
}

/// Facet counts in the order of [`SearchHits::facets`]: most frequent first, then by value.
pub fn sort_facets<S: AsRef<str>>(
    counts: BTreeMap<&'static str, HashMap<S, u64>>,
) -> BTreeMap<String, Vec<FacetCount>> {
    counts
        .into_iter()
        .map(|(facet, values)| {
            let mut values: Vec<FacetCount> = values
                .into_iter()
                .map(|(value, count)| FacetCount { value: value.as_ref().to_owned(), count })
                .collect();
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            (facet.to_owned(), values)
        })
        .collect()
}

/// Makes hits of the documents that were found.
pub struct Hits<'a> {
    asked: &'a Asked,
    statistics: &'a Statistics,
    analyzer: &'a dyn Analyzer,
    weights: HashMap<String, f64>,
}

impl<'a> Hits<'a> {
    /// Hits of `asked`, scored with `statistics`.
    pub fn new(asked: &'a Asked, statistics: &'a Statistics, analyzer: &'a dyn Analyzer) -> Self {
        let weights = if asked.shows_snippets() { asked.weights(statistics) } else { HashMap::new() };
        Self { asked, statistics, analyzer, weights }
    }

    /// The hit for `document`, with its snippet.
    pub fn hit(&self, document: Document, score: f64) -> SearchHit {
        let Self { asked, statistics, analyzer, weights } = self;
        let snippet = match asked.shows_snippets() {
            true => snippet(&document, weights, *analyzer),
            false => Snippet::default(),
        };
        let explanation = match asked.explains() {
            true => explain(&document, score, asked, statistics, *analyzer),
            false => Vec::new(),
        };
        SearchHit {
            record: document.record.kind,
            id: document.record.id,
            title: document.title,
            kind: document.kind,
            language: document.language,
            score: score as f32,
            snippet,
            explanation,
        }
    }
}
