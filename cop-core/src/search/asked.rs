//! A query, made ready to be answered: words, phrases, and what must hold.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use chrono::{NaiveDate, NaiveTime};

use super::syntax::{Body, Field, Piece, placed_clauses, write_filter};
use super::widen::widen;
use super::{
    Analyzer, Bm25, Document, Recency, Respelling, Resume, SearchCursor, SearchQuery, SearchSort, SortKey, Statistics,
    document_words, filter_groups, most_common,
};
use crate::access::Viewer;
use crate::error::Result;

/// Most bytes of query text that are read, filters that were understood not counted; the rest is reported as not
/// understood.
pub const MAX_TEXT_BYTES: usize = 4096;
/// Most words, phrases and values of filters in the text of a query that are used. Words that are common or were there
/// before do not count: teachers paste whole objectives, and what comes last in them may matter most.
pub const MAX_UNITS: usize = 64;
/// Most common or repeated words that are used.
pub const MAX_REPEATED: usize = 192;
/// Most prefixes of a query; more are words.
pub const MAX_PREFIXES: usize = 8;
/// Most words that a prefix stands for.
pub const MAX_EXPANSIONS: usize = 50;
/// Most words that say what records shall be like.
pub const MAX_LIKE: usize = 24;
/// Fewest letters and digits of a prefix.
pub const MIN_PREFIX_CHARS: usize = 2;

/// A query, made ready to be answered.
///
/// A document is found when every group holds, nothing excluded occurs in it, and it was made in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The words and phrases that count for the score, in the query's order; repeated ones count repeatedly.
    pub units: Vec<Unit>,
    /// What must hold.
    pub groups: Vec<Group>,
    /// What must not occur.
    pub excluded: Vec<Unit>,
    /// The filter keys that a document must not have.
    pub excluded_keys: BTreeSet<String>,
    /// When a document must have been made, in milliseconds since 1970.
    pub created: Range<i64>,
    /// Where the page before ended.
    pub resume: Option<Resume>,
    /// What was left aside.
    pub not_understood: Vec<String>,
    /// The words that are read as others.
    pub respelled: Vec<Respelling>,
    recency: Option<Recency>,
    query: SearchQuery,
}

/// A word, or the words of a phrase one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// For each word its alternative forms.
    pub words: Vec<Vec<String>>,
    /// What the words begin with that are alternatives too.
    prefix: Option<String>,
    /// The word as it was written, where its forms are those of others that were meant.
    pub(super) written: Option<String>,
    /// Whether it is a word of another record, which has no neighbours here.
    of_another: bool,
}

impl Unit {
    pub(super) fn of(words: Vec<Vec<String>>) -> Self {
        Self { words, ..Self::default() }
    }

    /// Whether it is a single word, and not the beginning of one.
    pub(super) fn is_word(&self) -> bool {
        self.words.len() == 1 && self.prefix.is_none() && !self.of_another
    }

    /// What it is called, in small letters without accents.
    pub(super) fn name(&self) -> String {
        match (&self.written, &self.prefix) {
            (Some(written), _) => written.clone(),
            (None, Some(prefix)) => format!("{prefix}*"),
            (None, None) => {
                let words: Vec<&str> =
                    self.words.iter().filter_map(|forms| word_of(forms)).map(String::as_str).collect();
                words.join(" ")
            }
        }
    }
}

/// Alternatives of which one must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// A unit that occurs, by its place in [`Asked::units`].
    pub units: Vec<usize>,
    /// A filter key that the document has.
    pub keys: BTreeSet<String>,
}

impl Asked {
    /// Reads a query as `viewer` asks it, with the groups of words that mean the same. The text never fails, and takes a
    /// bounded amount of work.
    ///
    /// # Errors
    /// `search.cursor` when the query continues after a page of another.
    pub fn read(
        query: &SearchQuery,
        viewer: &Viewer,
        analyzer: &dyn Analyzer,
        synonyms: &[Vec<String>],
    ) -> Result<Self> {
        let query = query.clone().parsed();
        let mut reader = Reader::new(viewer, analyzer);
        reader.text(&query.text);
        let (mut units, mut groups) = reader.settled();
        if !synonyms.is_empty() {
            widen(&mut units, &mut groups, analyzer, synonyms);
        }
        groups.extend(filter_groups(&query, viewer).into_iter().map(|keys| Group { units: Vec::new(), keys }));
        let begin = |day: Option<NaiveDate>| day.map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
        let created = begin(query.created_from).unwrap_or(i64::MIN)..begin(query.created_before).unwrap_or(i64::MAX);
        let resume = Resume::read(&query, units.len())?;
        let today = viewer.today.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        let recency = query.prefer_recent.then_some(Recency { today });
        let Reader { excluded, excluded_keys, not_understood, .. } = reader;
        let respelled = Vec::new();
        Ok(Self { units, groups, excluded, excluded_keys, created, resume, not_understood, respelled, recency, query })
    }

    /// Adds to the prefixes the words that begin so. `continued` counts, for every such word, the documents that
    /// the viewer sees it in.
    ///
    /// # Errors
    /// Those of `continued`.
    pub fn expand<E>(&mut self, mut continued: impl FnMut(&str) -> Result<BTreeMap<String, u64>, E>) -> Result<(), E> {
        let mut known: HashMap<String, Vec<String>> = HashMap::new();
        for unit in self.units.iter_mut().chain(&mut self.excluded) {
            let (Some(prefix), [forms]) = (&unit.prefix, unit.words.as_mut_slice()) else { continue };
            if !known.contains_key(prefix) {
                known.insert(prefix.clone(), most_frequent(continued(prefix)?, MAX_EXPANSIONS));
            }
            forms.extend(known[prefix].iter().cloned());
            forms.sort_unstable();
            forms.dedup();
        }
        Ok(())
    }

    /// Demands one of the words of `document` that tell most: those that stand often in it, and in few of the documents
    /// that the viewer sees. `count` says in how many each of some terms occurs.
    ///
    /// # Errors
    /// Those of `count`.
    pub fn resemble<E>(
        &mut self,
        document: &Document,
        analyzer: &dyn Analyzer,
        bm25: Bm25,
        count: impl FnOnce(&BTreeSet<String>) -> Result<BTreeMap<String, u64>, E>,
    ) -> Result<(), E> {
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for (word, _) in document_words(document, analyzer) {
            *times.entry(word.to_string()).or_default() += 1;
        }
        times.retain(|word, _| !analyzer.is_common(std::slice::from_ref(word)));
        let counts = count(&times.keys().cloned().collect())?;
        let telling = |(word, times): (String, u32)| {
            counts.get(&word).map(|&records| (f64::from(times) * bm25.idf(records), word))
        };
        let mut telling: Vec<(f64, String)> = times.into_iter().filter_map(telling).collect();
        telling.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        telling.truncate(MAX_LIKE);
        let units = self.units.len()..self.units.len() + telling.len();
        self.groups.push(Group { units: units.collect(), keys: BTreeSet::new() });
        let unit = |word| Unit { of_another: true, ..Unit::of(vec![vec![word]]) };
        self.units.extend(telling.into_iter().map(|(_, word)| unit(word)));
        Ok(())
    }

    /// Whether snippets are cut.
    pub fn shows_snippets(&self) -> bool {
        self.query.snippets
    }

    /// Whether hits are explained.
    pub fn explains(&self) -> bool {
        self.query.explain
    }

    /// How hits are ordered.
    pub fn sort(&self) -> SearchSort {
        self.query.sort
    }

    /// What documents are scored with: on later pages that of the first, so that the order stays.
    pub fn statistics(&self, now: Statistics) -> Statistics {
        let first = self.resume.as_ref().and_then(|resume| resume.statistics.clone());
        first.unwrap_or(Statistics { recency: self.recency, ..now })
    }

    /// Where the next page begins, if this one ends with a hit of this `key` and `ordinal`. What is like another record
    /// has no pages: which words tell most of that may change between them.
    pub fn next(&self, key: SortKey, ordinal: i64, statistics: &Statistics) -> Option<SearchCursor> {
        let scored = matches!(key, SortKey::Score(_));
        let resume = Resume { key, ordinal, statistics: scored.then(|| statistics.clone()) };
        self.query.like.is_none().then(|| resume.cursor(&self.query))
    }

    /// How much each form counts towards choosing a snippet: the idf of the word or phrase it belongs to.
    pub fn weights(&self, statistics: &Statistics) -> HashMap<String, f64> {
        let mut weights = HashMap::new();
        for (unit, &matching) in self.units.iter().zip(&statistics.matching) {
            let idf = statistics.bm25.idf(matching);
            for form in unit.words.iter().flatten() {
                let weight = weights.entry(form.clone()).or_insert(idf);
                *weight = f64::max(*weight, idf);
            }
        }
        weights
    }
}

/// The words that are in most documents, at most `most` of them; of equals the first.
pub(super) fn most_frequent(counts: BTreeMap<String, u64>, most: usize) -> Vec<String> {
    most_common(counts.into_iter().collect(), most).into_iter().map(|(word, _)| word).collect()
}

/// What a word or phrase is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// One of these must occur, if nothing else must.
    Free,
    /// It is an alternative of the group with this number.
    In(usize),
}

/// Reads a text.
struct Reader<'a> {
    viewer: &'a Viewer,
    analyzer: &'a dyn Analyzer,
    found: Vec<(Unit, Role)>,
    /// For each group its filter keys.
    groups: Vec<BTreeSet<String>>,
    excluded: Vec<Unit>,
    excluded_keys: BTreeSet<String>,
    not_understood: Vec<String>,
    cost: usize,
    repeated: usize,
    dropped: usize,
    prefixes: usize,
}

impl<'a> Reader<'a> {
    fn new(viewer: &'a Viewer, analyzer: &'a dyn Analyzer) -> Self {
        Self {
            viewer,
            analyzer,
            found: Vec::new(),
            groups: Vec::new(),
            excluded: Vec::new(),
            excluded_keys: BTreeSet::new(),
            not_understood: Vec::new(),
            cost: 0,
            repeated: 0,
            dropped: 0,
            prefixes: 0,
        }
    }

    fn text(&mut self, text: &str) {
        let mut cut = text.len().min(MAX_TEXT_BYTES);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        if cut < text.len() {
            self.not_understood.push(format!("everything after {cut} bytes"));
        }
        let text = &text[..cut];
        let mut read = 0;
        for (at, clause) in placed_clauses(text) {
            match clause.as_slice() {
                _ if at < read => {}
                [Piece { negated: false, body: Body::Run(run) }] => {
                    // Some words have spaces: `y = mx + b`.
                    let length = self.analyzer.whole(&text[at..]).unwrap_or(0).max(run.len());
                    let whole = text.get(at..at + length).unwrap_or(run);
                    self.piece(&Piece { negated: false, body: Body::Run(whole) });
                    read = at + length;
                }
                [piece] => self.piece(piece),
                pieces => self.alternatives(pieces),
            }
        }
        if self.dropped > 0 {
            self.not_understood.push(format!("{} words beyond the first {MAX_UNITS}", self.dropped));
        }
    }

    /// A piece by itself.
    fn piece(&mut self, piece: &Piece<'_>) {
        if let Body::Filter(field, name, values) = &piece.body {
            let keys = self.keys(piece.negated, *field, name, values);
            // What is understood of a filter that narrows is in the query's fields already.
            if piece.negated && self.pay(keys.len(), values.len()) {
                self.excluded_keys.extend(keys);
            }
            return;
        }
        for unit in self.units(&piece.body, piece.negated) {
            let room = match !piece.negated && self.says_little(&unit) {
                true => self.repeat(),
                false => self.pay(1, unit.words.len()),
            };
            if !room {
                continue;
            }
            if piece.negated {
                self.excluded.push(unit);
            } else if unit.words.len() > 1 {
                self.groups.push(BTreeSet::new());
                self.found.push((unit, Role::In(self.groups.len() - 1)));
            } else {
                self.found.push((unit, Role::Free));
            }
        }
    }

    /// Pieces with `OR` between them.
    fn alternatives(&mut self, pieces: &[Piece<'_>]) {
        let mut keys = BTreeSet::new();
        let mut rest = Vec::new();
        for piece in pieces {
            match &piece.body {
                Body::Filter(field, name, values) => {
                    let found = self.keys(false, *field, name, values);
                    if self.pay(found.len(), values.len()) {
                        keys.extend(found);
                    }
                }
                // What is one word, or several by the analyzer's doing, is an alternative anyway.
                _ => rest.push(piece),
            }
        }
        let words = |piece: &&Piece<'_>| match &piece.body {
            Body::Phrase(phrase) => self.analyzer.query_words(phrase).len() < 2,
            _ => true,
        };
        if keys.is_empty() && rest.iter().all(words) {
            rest.into_iter().for_each(|piece| self.piece(piece));
            return;
        }
        let group = self.groups.len();
        self.groups.push(keys);
        for piece in rest {
            // Together, as where it is excluded.
            for unit in self.units(&piece.body, true) {
                if self.pay(1, unit.words.len()) {
                    self.found.push((unit, Role::In(group)));
                }
            }
        }
    }

    /// The filter keys of some values; reports those that are not understood.
    fn keys(
        &mut self,
        negated: bool,
        field: Field,
        name: &str,
        values: &[std::borrow::Cow<'_, str>],
    ) -> BTreeSet<String> {
        let mut query = SearchQuery::default();
        let mut left = Vec::new();
        for value in values {
            // There are no keys of days.
            if matches!(field, Field::After | Field::Before) || !query.take(field, value) {
                left.push(value.as_ref());
            }
        }
        if !left.is_empty() {
            let mut text = if negated { "-".to_owned() } else { String::new() };
            write_filter(&mut text, name, left).expect("a text takes everything");
            self.not_understood.push(text);
        }
        filter_groups(&query, self.viewer).into_iter().flatten().collect()
    }

    /// The words of a piece, or all of them as one phrase where they are `together`.
    fn units(&mut self, body: &Body<'_>, together: bool) -> Vec<Unit> {
        let (text, whole) = match body {
            Body::Run(run) => (*run, together),
            Body::Phrase(phrase) => (*phrase, true),
            Body::Filter(..) | Body::Or => return Vec::new(),
        };
        let mut words = self.analyzer.query_words(text);
        words.retain(|forms| !forms.is_empty());
        if words.is_empty() {
            return Vec::new();
        }
        if let (Body::Run(_), [forms], true) = (body, words.as_slice(), text.ends_with('*'))
            && let Some(prefix) = prefix(forms)
            && self.prefixes < MAX_PREFIXES
        {
            self.prefixes += 1;
            return vec![Unit { prefix: Some(prefix), ..Unit::of(words) }];
        }
        match whole {
            true => vec![Unit::of(words)],
            false => words.into_iter().map(|forms| Unit::of(vec![forms])).collect(),
        }
    }

    /// Whether it is a common word.
    fn is_common(&self, unit: &Unit) -> bool {
        unit.is_word() && self.analyzer.is_common(&unit.words[0])
    }

    /// Whether it is a word that is common or was there before.
    fn says_little(&self, unit: &Unit) -> bool {
        self.is_common(unit) || unit.is_word() && self.found.iter().any(|(found, _)| found == unit)
    }

    /// Whether there is room for one more word that says little.
    fn repeat(&mut self) -> bool {
        self.repeated += 1;
        self.dropped += usize::from(self.repeated > MAX_REPEATED);
        self.repeated <= MAX_REPEATED
    }

    /// Whether there is room for so many more; a phrase of `length` words must not be too long either.
    fn pay(&mut self, cost: usize, length: usize) -> bool {
        if self.cost + cost > MAX_UNITS || length > MAX_UNITS {
            self.dropped += cost;
            return false;
        }
        self.cost += cost;
        true
    }

    /// The units that count, and the groups of the text.
    fn settled(&mut self) -> (Vec<Unit>, Vec<Group>) {
        // Common words would find half the library; they are asked for only when nothing else is.
        let telling = self.found.iter().any(|(unit, _)| !self.is_common(unit));
        let tells: Vec<bool> = self
            .groups
            .iter()
            .enumerate()
            .map(|(group, keys)| {
                !keys.is_empty()
                    || self.found.iter().any(|(unit, role)| *role == Role::In(group) && !self.is_common(unit))
            })
            .collect();
        let mut groups: Vec<Group> =
            std::mem::take(&mut self.groups).into_iter().map(|keys| Group { units: Vec::new(), keys }).collect();
        let mut units = Vec::new();
        let mut free = Vec::new();
        for (unit, role) in std::mem::take(&mut self.found) {
            let others = match role {
                Role::Free => telling,
                Role::In(group) => tells[group],
            };
            if others && self.is_common(&unit) {
                continue;
            }
            match role {
                Role::Free => free.push(units.len()),
                Role::In(group) => groups[group].units.push(units.len()),
            }
            units.push(unit);
        }
        groups.retain(|group| !group.units.is_empty() || !group.keys.is_empty());
        // Words are alternatives, and need not occur where a text must that says more.
        if !free.is_empty() && !groups.iter().any(|group| group.keys.is_empty()) {
            groups.push(Group { units: free, keys: BTreeSet::new() });
        }
        (units, groups)
    }
}

/// The word itself among its forms: the longest, for a stem may look like another word.
pub(super) fn word_of(forms: &[String]) -> Option<&String> {
    forms.iter().max_by_key(|form| form.len())
}

/// The word among its forms, if it is long enough to be continued.
fn prefix(forms: &[String]) -> Option<String> {
    let word = word_of(forms)?;
    (word.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_PREFIX_CHARS).then(|| word.clone())
}
