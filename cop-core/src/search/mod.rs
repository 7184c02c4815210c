//! The port to full-text search: what is asked, what comes back, and a naive index as oracle.
//!
//! The specification: **a viewer's hits, order, scores, counts, facets and snippets equal those of a
//! community that holds only what that viewer may see.** [`ScanIndex`] fulfils it by doing exactly that,
//! slowly; every other index is tested against it.

mod scan;
mod snippet;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::Viewer;
use crate::clock::Stamp;
use crate::error::{Error, Problem, Result};
use crate::id::{ResourceId, TeamId};
use crate::model::{Grade, Language, Resource, ResourceKind, SchoolYear, StandardCode};

pub use scan::{PlainAnalyzer, ScanIndex};
pub use snippet::snippet;

/// Most bytes of query text that are read; the rest is reported as not understood.
pub const MAX_TEXT_BYTES: usize = 4096;
/// Most words and phrases of a query that are used.
pub const MAX_UNITS: usize = 32;
/// Most hits a page may have.
pub const MAX_LIMIT: usize = 1_000;
/// Most hits that may be skipped and returned together.
pub const MAX_REACH: usize = 10_000;
/// How much more a word in the title counts than one in the body.
pub const TITLE_WEIGHT: u32 = 3;
/// How much more a word in a tag counts than one in the body.
pub const TAG_WEIGHT: u32 = 2;
/// Counts the ways [`document_words`], [`facet_values`] and [`filter_keys`] have read a resource; an index that was
/// written another way is built anew. Add one with every change of theirs.
pub const DOCUMENT_VERSION: u32 = 2;
/// Most characters of a snippet.
pub const SNIPPET_CHARS: usize = 200;

/// A question to the library of resources.
///
/// In `text`, words are alternatives and the more of them match the better (words such as `the` only count where
/// nothing else is asked), `"a phrase"` must occur as
/// it stands, and `-word` must not occur. Every text is a query; nothing in it is an error. The filters narrow: values of one filter are
/// alternatives, different filters must all hold. An empty text lists everything the filters leave.
///
/// ```
/// use cop_core::{ResourceKind, SearchQuery};
/// let query = SearchQuery::new("\"number line\" fractions -decimals")
///     .with_kind(ResourceKind::Task)
///     .with_grade("05".parse()?)
///     .with_standard("5.NF")
///     .with_limit(20);
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchQuery {
    /// What to look for.
    pub text: String,
    /// Kinds of resources.
    pub kinds: BTreeSet<ResourceKind>,
    /// Grades.
    pub grades: BTreeSet<Grade>,
    /// Subjects, in any case.
    pub subjects: BTreeSet<String>,
    /// Standards, in any usual spelling; each finds what is aligned to it or to anything below it.
    pub standards: BTreeSet<String>,
    /// Languages; `es` also finds `es-419`.
    pub languages: BTreeSet<Language>,
    /// Teams.
    pub teams: BTreeSet<TeamId>,
    /// School years.
    pub school_years: BTreeSet<SchoolYear>,
    /// How many hits to skip.
    pub offset: usize,
    /// How many hits to return, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// Whether to count facets.
    pub facets: bool,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            kinds: BTreeSet::new(),
            grades: BTreeSet::new(),
            subjects: BTreeSet::new(),
            standards: BTreeSet::new(),
            languages: BTreeSet::new(),
            teams: BTreeSet::new(),
            school_years: BTreeSet::new(),
            offset: 0,
            limit: 10,
            facets: true,
        }
    }
}

impl SearchQuery {
    /// A query for `text`, without filters: the first ten hits, with facets.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Only (or also) resources of this kind.
    #[must_use]
    pub fn with_kind(mut self, kind: ResourceKind) -> Self {
        self.kinds.insert(kind);
        self
    }

    /// Only (or also) resources for this grade.
    #[must_use]
    pub fn with_grade(mut self, grade: Grade) -> Self {
        self.grades.insert(grade);
        self
    }

    /// Only (or also) resources on this subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subjects.insert(subject.into());
        self
    }

    /// Only (or also) resources aligned to this standard or one below it.
    #[must_use]
    pub fn with_standard(mut self, code: impl Into<String>) -> Self {
        self.standards.insert(code.into());
        self
    }

    /// Only (or also) resources in this language.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.languages.insert(language);
        self
    }

    /// Only (or also) resources of this team.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.teams.insert(team);
        self
    }

    /// Only (or also) resources of this school year.
    #[must_use]
    pub fn with_school_year(mut self, year: SchoolYear) -> Self {
        self.school_years.insert(year);
        self
    }

    /// Skips `offset` hits.
    #[must_use]
    pub fn with_offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Returns at most `limit` hits.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Leaves the facets out.
    #[must_use]
    pub fn without_facets(mut self) -> Self {
        self.facets = false;
        self
    }

    /// Checks the numbers; the text cannot be wrong.
    ///
    /// # Errors
    /// `InvalidInput` naming `limit` and `offset` when they reach too far.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if self.limit > MAX_LIMIT {
            problems.push(Problem::new("limit", "search.limit", format!("at most {MAX_LIMIT} hits a page")));
        }
        if self.offset.saturating_add(self.limit.min(MAX_LIMIT)) > MAX_REACH {
            problems.push(Problem::new("offset", "search.offset", format!("reaches at most {MAX_REACH} hits deep")));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::InvalidInput(problems)) }
    }
}

/// A page of hits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchHits {
    /// How many resources match in all, exactly.
    pub total: u64,
    /// This page: best first; equal scores in the order the resources were added.
    pub hits: Vec<SearchHit>,
    /// Exact counts over all matches: `kind`, `grade`, `subject`, `standard`, `language`, `team`,
    /// `school_year`, `licence`; most frequent first, then by value.
    pub facets: BTreeMap<String, Vec<FacetCount>>,
    /// The parts of the query's text that were left aside.
    pub not_understood: Vec<String>,
}

/// One resource found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// Which.
    pub id: ResourceId,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Its language.
    pub language: Language,
    /// How well it matches (BM25); 0 for a query without words.
    pub score: f32,
    /// The passage that shows best why it matched.
    pub snippet: Snippet,
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

/// A word of a text, as an index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The form under which it is found.
    pub term: String,
    /// Its place among the words of the text.
    pub position: u32,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Takes texts apart into words. An index and its oracle must use the same one.
pub trait Analyzer: Send + Sync {
    /// The words of `text`, written in `language`.
    fn words(&self, text: &str, language: &Language) -> Vec<Word>;

    /// The forms under which a query's text may be found in any language: one set of alternatives for each of
    /// its words, in order.
    fn query_words(&self, text: &str) -> Vec<Vec<String>>;

    /// Whether a query's word, with these forms, says so little that it only counts where it stands alone or
    /// in a phrase: `the`, `de`.
    fn is_common(&self, forms: &[String]) -> bool {
        let _ = forms;
        false
    }

    /// Changes whenever the words of some text change.
    fn fingerprint(&self) -> String;
}

impl Analyzer for &dyn Analyzer {
    fn words(&self, text: &str, language: &Language) -> Vec<Word> {
        (**self).words(text, language)
    }
    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        (**self).query_words(text)
    }
    fn is_common(&self, forms: &[String]) -> bool {
        (**self).is_common(forms)
    }
    fn fingerprint(&self) -> String {
        (**self).fingerprint()
    }
}

/// One consistent snapshot of the store, as an index sees it.
pub trait SearchSource {
    /// Which store it is.
    fn store_id(&self) -> Uuid;
    /// The position of the last change in this snapshot.
    fn head(&self) -> i64;
    /// The stamp of the change at `seq`; tells whether an index grew from this history.
    fn stamp_at(&self, seq: i64) -> Result<Option<Stamp>>;
    /// The current state of every resource that changed after `seq`, in the order they were added;
    /// `None` stands for one that was deleted.
    fn changed_since(&self, seq: i64, each: &mut dyn FnMut(SourceDoc) -> Result<()>) -> Result<()>;
    /// The audience classes that `viewer` may read.
    fn classes(&self, viewer: &Viewer) -> Result<Vec<i64>>;
    /// The resource at this ordinal, if `viewer` may read it in this snapshot.
    fn visible(&self, viewer: &Viewer, ordinal: i64) -> Result<Option<Resource>>;
}

/// A resource as an index takes it in.
#[derive(Clone, Debug)]
pub struct SourceDoc {
    /// Its dense number in this store: the position of the change that added it.
    pub ordinal: i64,
    /// Its audience class.
    pub class: i64,
    /// The resource; none when it was deleted.
    pub resource: Option<Resource>,
}

/// A full-text index beside the store: derived data, rebuilt whenever in doubt.
pub trait SearchIndex: Send + Sync {
    /// Answers `query` for `viewer` as of the snapshot `source`, after catching up with it.
    ///
    /// # Errors
    /// [`IndexError::Behind`] when the index already knows changes that are newer than the snapshot,
    /// [`IndexError::Unavailable`] when it cannot be used, and whatever the store answers with.
    fn search(&self, source: &dyn SearchSource, viewer: &Viewer, query: &SearchQuery)
    -> Result<SearchHits, IndexError>;

    /// Catches up with `source`; returns how many resources were indexed.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    fn catch_up(&self, source: &dyn SearchSource) -> Result<u64, IndexError>;

    /// Builds the index from `source` alone, whatever it holds now; returns how many resources were indexed.
    ///
    /// # Errors
    /// As [`SearchIndex::search`], but never [`IndexError::Behind`].
    fn rebuild(&self, source: &dyn SearchSource) -> Result<u64, IndexError>;

    /// The words this index knows texts by.
    fn analyzer(&self) -> &dyn Analyzer;
}

/// Why an index gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The index knows the store's changes up to `seq`, but the snapshot is older. Take a new one; when that is
    /// older still, the store is not the one the index grew from, and the index has to be rebuilt.
    #[error("the index is at {seq}, the snapshot is older")]
    Behind {
        /// How far the index has come.
        seq: i64,
    },
    /// The index cannot be used at the moment; the store can still be scanned.
    #[error("the index cannot be used now: {0}")]
    Unavailable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A query's text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedText {
    /// What may occur: for each word its alternative forms. Repeated words count repeatedly.
    pub words: Vec<Vec<String>>,
    /// What must occur: for each phrase, its words' alternative forms.
    pub phrases: Vec<Vec<Vec<String>>>,
    /// What must not occur.
    pub excluded: Vec<Vec<Vec<String>>>,
    /// What was left aside.
    pub not_understood: Vec<String>,
}

impl ParsedText {
    /// Takes a query's text apart. Never fails, never recurses, and does a bounded amount of work.
    pub fn parse(text: &str, analyzer: &dyn Analyzer) -> Self {
        let mut parsed = Self::default();
        let mut cut = text.len().min(MAX_TEXT_BYTES);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        if cut < text.len() {
            parsed.not_understood.push(format!("everything after {cut} bytes"));
        }
        let mut units = 0;
        let mut dropped = 0;
        for (negated, quoted, piece) in pieces(&text[..cut]) {
            let words: Vec<_> = analyzer.query_words(piece).into_iter().filter(|forms| !forms.is_empty()).collect();
            if words.is_empty() {
                continue;
            }
            let cost = if quoted || negated { 1 } else { words.len() };
            if units + cost > MAX_UNITS || words.len() > MAX_UNITS {
                dropped += cost;
                continue;
            }
            units += cost;
            // What the analyzer splits, such as `x-intercept`, stays together when excluded.
            match (negated, quoted && words.len() > 1) {
                (true, _) => parsed.excluded.push(words),
                (false, true) => parsed.phrases.push(words),
                (false, false) => parsed.words.extend(words),
            }
        }
        // Common words would find half the library; they are asked for only when nothing else is.
        if !parsed.phrases.is_empty() || parsed.words.iter().any(|forms| !analyzer.is_common(forms)) {
            parsed.words.retain(|forms| !analyzer.is_common(forms));
        }
        if dropped > 0 {
            parsed.not_understood.push(format!("{dropped} words beyond the first {MAX_UNITS}"));
        }
        parsed
    }

    /// How much each form counts towards choosing a snippet: the idf of the word or phrase it belongs to.
    /// `matching` has the number of visible documents for each word, then for each phrase.
    pub fn weights(&self, matching: &[u64], bm25: &Bm25) -> HashMap<String, f64> {
        let mut weights = HashMap::new();
        let words = self.words.iter().map(|forms| vec![forms]);
        let phrases = self.phrases.iter().map(|phrase| phrase.iter().collect());
        for (unit, &matching) in words.chain(phrases).zip(matching) {
            let idf = bm25.idf(matching);
            for form in unit.into_iter().flatten() {
                let weight = weights.entry(form.clone()).or_insert(idf);
                *weight = f64::max(*weight, idf);
            }
        }
        weights
    }

    /// Whether any text is asked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }
}

/// Splits at white space and double quotes into (negated, quoted, text).
fn pieces(text: &str) -> Vec<(bool, bool, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let negated = rest.starts_with('-') && rest[1..].starts_with(|c: char| c == '"' || c.is_alphanumeric());
        let body = if negated { &rest[1..] } else { rest };
        let (quoted, piece, after) = match body.strip_prefix(['"', '“', '”']) {
            Some(inner) => match inner.find(['"', '“', '”']) {
                Some(end) => {
                    let closing = inner[end..].chars().next().map_or(1, char::len_utf8);
                    (true, &inner[..end], &inner[end + closing..])
                }
                None => (true, inner, ""),
            },
            None => {
                let end = body.find(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”')).unwrap_or(body.len());
                (false, &body[..end], &body[end..])
            }
        };
        pieces.push((negated, quoted, piece));
        rest = after.trim_start();
    }
    pieces
}

/// The texts of a resource that are searched, each with how often it counts.
pub fn parts(resource: &Resource) -> Vec<(u32, String)> {
    let mut parts =
        vec![(TITLE_WEIGHT, resource.title.clone()), (1, resource.description.clone()), (1, resource.body.clone())];
    parts.extend(resource.tags.iter().map(|tag| (TAG_WEIGHT, tag.clone())));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// The words of a resource with their positions; a phrase never spans two parts.
pub fn document_words(resource: &Resource, analyzer: &dyn Analyzer) -> Vec<(String, u32)> {
    const GAP: u32 = 100;
    let mut words = Vec::new();
    let mut start = 0;
    for (weight, text) in parts(resource) {
        let part = analyzer.words(&text, &resource.language);
        let Some(last) = part.iter().map(|word| word.position).max() else { continue };
        for _ in 0..weight {
            words.extend(part.iter().map(|word| (word.term.clone(), start + word.position)));
            start += last + GAP;
        }
    }
    // A resource is found under its standards and everything above them, as a text too.
    for code in resource.alignments.iter().filter_map(|alignment| StandardCode::new(&alignment.code)) {
        for key in code.keys() {
            words.push((key, start));
            start += GAP;
        }
    }
    words
}

/// The facet values of a resource, by facet.
pub fn facet_values(resource: &Resource) -> Vec<(&'static str, String)> {
    let mut values = vec![("kind", resource.kind.code().to_owned()), ("language", resource.language.code().to_owned())];
    values.extend(resource.grades.iter().map(|grade| ("grade", grade.code().to_owned())));
    values.extend(resource.subjects.iter().map(|subject| ("subject", subject.clone())));
    let standards: BTreeSet<String> =
        resource.alignments.iter().filter_map(|a| StandardCode::new(&a.code)).map(|code| code.to_string()).collect();
    values.extend(standards.into_iter().map(|code| ("standard", code)));
    values.extend(resource.team.map(|team| ("team", team.to_string())));
    values.extend(resource.school_year.map(|year| ("school_year", year.to_string())));
    values.extend(resource.licence.as_ref().map(|licence| ("licence", licence.code().to_owned())));
    values
}

/// The keys by which filters find a resource: `kind:task`, `grade:05`, `standard:5.nf`, …
pub fn filter_keys(resource: &Resource) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (facet, value) in facet_values(resource) {
        match facet {
            "subject" => keys.insert(format!("subject:{}", value.to_lowercase())),
            "language" => {
                keys.insert(format!("language:{}", resource.language.primary()));
                keys.insert(format!("language:{value}"))
            }
            "standard" => true,
            _ => keys.insert(format!("{facet}:{value}")),
        };
    }
    for code in resource.alignments.iter().filter_map(|alignment| StandardCode::new(&alignment.code)) {
        keys.extend(code.keys().into_iter().map(|key| format!("standard:{key}")));
    }
    keys
}

/// What a query's filters demand: of each group at least one key.
pub fn filter_groups(query: &SearchQuery) -> Vec<BTreeSet<String>> {
    let group = |facet: &str, values: Vec<String>| -> BTreeSet<String> {
        values.into_iter().map(|value| format!("{facet}:{value}")).collect()
    };
    let code = |text: &String| StandardCode::new(text).map_or_else(|| "?".to_owned(), |code| code.to_string());
    let mut groups = vec![
        group("kind", query.kinds.iter().map(|k| k.code().to_owned()).collect()),
        group("grade", query.grades.iter().map(|g| g.code().to_owned()).collect()),
        group("subject", query.subjects.iter().map(|s| s.to_lowercase()).collect()),
        group("standard", query.standards.iter().map(code).collect()),
        group("language", query.languages.iter().map(|l| l.code().to_owned()).collect()),
        group("team", query.teams.iter().map(TeamId::to_string).collect()),
        group("school_year", query.school_years.iter().map(SchoolYear::to_string).collect()),
    ];
    groups.retain(|group| !group.is_empty());
    groups
}

/// Okapi BM25 with k₁ = 1.2 and b = 0.75 (Robertson & Zaragoza 2009), idf = ln(1 + (N − n + ½)/(n + ½)).
///
/// In double precision and summed in the query's order, so that equal inputs give equal bits.
#[derive(Clone, Copy, Debug)]
pub struct Bm25 {
    /// How many documents the viewer sees.
    pub documents: u64,
    /// How many words those documents have together.
    pub words: u64,
}

impl Bm25 {
    /// The score of one word or phrase that occurs `frequency` times in a document of `length` words and
    /// in `matching` of the visible documents.
    pub fn score(&self, matching: u64, frequency: u32, length: u32) -> f64 {
        self.unit(matching).score(frequency, length)
    }

    /// What all documents' scores for one word or phrase have in common.
    pub fn unit(&self, matching: u64) -> Bm25Unit {
        let average = self.words as f64 / (self.documents as f64).max(1.0);
        Bm25Unit { idf: self.idf(matching), average: average.max(f64::MIN_POSITIVE) }
    }

    /// How much a word or phrase tells that occurs in `matching` of the visible documents.
    pub fn idf(&self, matching: u64) -> f64 {
        let (documents, matching) = (self.documents as f64, matching as f64);
        (1.0 + (documents - matching + 0.5) / (matching + 0.5)).ln()
    }
}

/// [`Bm25`] for one word or phrase.
#[derive(Clone, Copy, Debug)]
pub struct Bm25Unit {
    idf: f64,
    average: f64,
}

impl Bm25Unit {
    /// The score where it occurs `frequency` times in a document of `length` words.
    pub fn score(&self, frequency: u32, length: u32) -> f64 {
        let tf = f64::from(frequency);
        let norm = 1.2 * (0.25 + 0.75 * f64::from(length) / self.average);
        self.idf * tf * 2.2 / (tf + norm)
    }
}

/// Facet counts in the order of [`SearchHits::facets`]: most frequent first, then by value.
pub fn sort_facets(counts: BTreeMap<&'static str, HashMap<String, u64>>) -> BTreeMap<String, Vec<FacetCount>> {
    counts
        .into_iter()
        .map(|(facet, values)| {
            let mut values: Vec<FacetCount> =
                values.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            (facet.to_owned(), values)
        })
        .collect()
}

/// The hit for `resource`, with its snippet. `weights` says how much each form of each query word counts
/// towards choosing the passage.
pub fn hit(resource: Resource, score: f64, weights: &HashMap<String, f64>, analyzer: &dyn Analyzer) -> SearchHit {
    let snippet = snippet(&resource, weights, analyzer);
    SearchHit {
        id: resource.id,
        title: resource.title,
        kind: resource.kind,
        language: resource.language,
        score: score as f32,
        snippet,
    }
}
