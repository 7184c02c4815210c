//! Where a page of hits ends, so that the next one goes on there.
//!
//! Invariant: a record that did not change comes on exactly one of the pages, whatever is added, changed or deleted
//! between them. So a cursor holds the last hit's own place in the order, never a number of hits; and where the
//! order is by score, the statistics of the first page, for a new record changes what every other one scores, and which
//! was the last record that was looked at closely, for better ones must not take its place there.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::{Bm25, Recency, SearchQuery, SearchSort, SortKey};
use crate::error::{Problem, Result};
use crate::id::natural;

/// Where the next page of a search begins. Opaque; valid for the same question, by whomever and on whatever page
/// size it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SearchCursor(String);

impl SearchCursor {
    /// The cursor as text, to be handed out and taken back.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for SearchCursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What a [`SearchCursor`] says.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    /// What the last hit was ordered by.
    pub key: SortKey,
    /// The last hit's ordinal.
    pub ordinal: i64,
    /// What the first page was scored with, where the order is by score.
    pub statistics: Option<Statistics>,
}

/// What scores depend on beside the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// The documents that are seen.
    pub bm25: Bm25,
    /// For each word and phrase, how many of them have it.
    pub matching: Vec<u64>,
    /// Whether newer documents count more, and on which day.
    pub recency: Option<Recency>,
    /// The last document that is looked at closely, by its score for words alone and its ordinal; none where all are.
    pub last_close: Option<(f64, i64)>,
}

impl Statistics {
    /// What the score of a document is multiplied with that was made at `created`, in milliseconds since 1970.
    pub fn factor(&self, created: i64) -> f64 {
        self.recency.map_or(1.0, |recency| recency.factor(created))
    }
}

impl Resume {
    /// As a cursor of `query`.
    pub fn cursor(&self, query: &SearchQuery) -> SearchCursor {
        let mut text = format!("{:x}.{:x}", fingerprint(query), self.ordinal);
        let add = |text: &mut String, number: u64| write!(text, ".{number:x}").expect("a text takes everything");
        match &self.key {
            SortKey::Score(score) => add(&mut text, score.to_bits()),
            SortKey::Newest(at) | SortKey::Oldest(at) => add(&mut text, *at as u64),
            SortKey::Title(key) => text.extend([".", &key.replace(' ', "_")]),
        }
        if let Some(Statistics { bm25, matching, recency, last_close }) = &self.statistics {
            let numbers = [bm25.documents, bm25.words].into_iter().chain(recency.map(|it| it.today as u64));
            let numbers = numbers.chain(matching.iter().copied());
            let last_close = last_close.iter().flat_map(|(score, ordinal)| [score.to_bits(), *ordinal as u64]);
            numbers.chain(last_close).for_each(|number| add(&mut text, number));
        }
        SearchCursor(text)
    }

    /// Reads the cursor that `query` continues after; `units` is how many words and phrases it has.
    ///
    /// # Errors
    /// `search.cursor` when it is no cursor of this question.
    pub fn read(query: &SearchQuery, units: usize) -> Result<Option<Self>> {
        let Some(cursor) = &query.after else { return Ok(None) };
        let read = read(&cursor.0, query, units);
        read.map(Some).ok_or_else(|| Problem::new("after", "search.cursor", "not a cursor of this search").into())
    }
}

fn read(cursor: &str, query: &SearchQuery, units: usize) -> Option<Resume> {
    let hex = |part: &str| u64::from_str_radix(part, 16).ok();
    let signed = |part: &str| hex(part).map(|bits| bits as i64);
    let mut parts = cursor.split('.');
    if hex(parts.next()?)? != fingerprint(query) {
        return None;
    }
    let ordinal = signed(parts.next()?)?;
    let key = parts.next()?;
    let key = match query.sort {
        SearchSort::Relevance => SortKey::Score(f64::from_bits(hex(key)?)),
        SearchSort::Newest => SortKey::Newest(signed(key)?),
        SearchSort::Oldest => SortKey::Oldest(signed(key)?),
        SearchSort::Title => SortKey::Title(key.replace('_', " ")),
    };
    let statistics = match query.sort {
        SearchSort::Relevance => {
            let (documents, words) = (hex(parts.next()?)?, hex(parts.next()?)?);
            let recency = match query.prefer_recent {
                true => Some(Recency { today: signed(parts.next()?)? }),
                false => None,
            };
            let matching: Vec<u64> = parts.by_ref().take(units).map(hex).collect::<Option<_>>()?;
            // Numbers that contradict each other would score what is no number.
            let sound = matching.len() == units && matching.iter().all(|matching| *matching <= documents);
            let last_close = match parts.next() {
                Some(score) => Some((f64::from_bits(hex(score)?), signed(parts.next()?)?)),
                None => None,
            };
            Some(Statistics { bm25: Bm25 { documents, words }, matching, recency, last_close })
                .filter(|_| sound)?
                .into()
        }
        _ => None,
    };
    parts.next().is_none().then_some(Resume { key, ordinal, statistics })
}

/// Tells one question from another, whatever page of it is asked for.
fn fingerprint(query: &SearchQuery) -> u64 {
    let SearchQuery { text, records, kinds, grades, subjects, standards, languages, teams, school_years, by, .. } =
        query;
    let SearchQuery { created_from, created_before, like, widen, sort, prefer_recent, .. } = query;
    let SearchQuery { after: _, offset: _, limit: _, facets: _, snippets: _, explain: _, .. } = query;
    let filters = (records, kinds, grades, subjects, standards, languages, teams, school_years, by);
    let question = (text, filters, created_from, created_before, like, widen, sort, prefer_recent);
    natural(&serde_json::to_string(&question).expect("plain values become JSON")).as_u64_pair().0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_say_what_they_were_told() {
        let statistics = Statistics {
            bm25: Bm25 { documents: 40, words: 9_000 },
            matching: vec![3, 40],
            recency: None,
            last_close: None,
        };
        let far = Statistics { last_close: Some((0.25, 7)), ..statistics.clone() };
        let recent = Statistics { recency: Some(Recency { today: -7 }), ..far.clone() };
        let keys = [
            (SortKey::Score(1.5), SearchSort::Relevance, Some(statistics)),
            (SortKey::Score(1.5), SearchSort::Relevance, Some(recent)),
            (SortKey::Score(1.5), SearchSort::Relevance, Some(far)),
            (SortKey::Newest(-7), SearchSort::Newest, None),
            (SortKey::Oldest(1_700_000_000_000), SearchSort::Oldest, None),
            (SortKey::Title("lesson 12 分数".to_owned()), SearchSort::Title, None),
            (SortKey::Title(String::new()), SearchSort::Title, None),
        ];
        for (key, sort, statistics) in keys {
            let query = SearchQuery {
                prefer_recent: statistics.as_ref().is_some_and(|statistics| statistics.recency.is_some()),
                ..SearchQuery::new("a b").with_sort(sort)
            };
            let resume = Resume { key, ordinal: 12, statistics };
            let next = query.clone().with_limit(3).after(resume.cursor(&query));
            assert_eq!(Resume::read(&next, 2).expect("a cursor"), Some(resume), "{next:?}");
            for other in [SearchQuery::new("a c").with_sort(sort), query.clone().with_record(crate::RecordKind::Goal)] {
                assert!(Resume::read(&other.after(next.after.clone()), 2).is_err());
            }
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let query = SearchQuery::new("a");
        let statistics =
            Statistics { bm25: Bm25 { documents: 4, words: 9 }, matching: vec![5], recency: None, last_close: None };
        let wrong = Resume { key: SortKey::Score(1.0), ordinal: 1, statistics: Some(statistics) }.cursor(&query);
        let mark = format!("{:x}", fingerprint(&query));
        for text in [
            "",
            ".",
            &mark,
            &format!("{mark}.1.1"),
            &format!("{mark}.1.1.4.9.1.1"),
            &format!("{mark}.1.1.4.9.1.1.1.1"),
            wrong.as_str(),
        ] {
            let after = query.clone().after(SearchCursor::from(text.to_owned()));
            let refused = Resume::read(&after, 1).expect_err(text);
            assert_eq!(refused.code(), "search.cursor");
        }
        assert!(Resume::read(&query, 1).expect("none").is_none());
    }
}
