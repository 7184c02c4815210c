//! The first hits of a search, in the order asked for, after the page before.

use std::collections::BinaryHeap;

use cop_core::search::{Resume, SearchSort, SortKey};
use tantivy::columnar::StrColumn;

use crate::bits::Bits;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::part::Part;

/// The first so far.
pub(crate) struct Top {
    most: usize,
    sort: SearchSort,
    /// Where the page before ended.
    after: Option<Resume>,
    /// The last that may be kept, by its score and ordinal.
    until: Option<(f64, i64)>,
    /// The last of them first.
    kept: BinaryHeap<Ranked>,
}

/// A document's place in the order.
#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub key: SortKey,
    pub ordinal: i64,
    pub at: At,
}

impl Ranked {
    /// Its score and ordinal, where the order is by score.
    pub fn place(&self) -> Option<(f64, i64)> {
        match self.key {
            SortKey::Score(score) => Some((score, self.ordinal)),
            _ => None,
        }
    }
}

/// A document: its part's number, and its own in there.
pub(crate) type At = (usize, u32);

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key).then(self.ordinal.cmp(&other.ordinal))
    }
}

impl Top {
    pub fn new(most: usize, sort: SearchSort, after: Option<Resume>) -> Self {
        Self { most, sort, after, until: None, kept: BinaryHeap::new() }
    }

    /// None after this score and ordinal.
    pub fn until(mut self, last: Option<(f64, i64)>) -> Self {
        self.until = last;
        self
    }

    /// What a document's score must at least be for it to be among the first, where the order is by score.
    pub fn least(&self) -> f64 {
        let kept = match self.kept.peek() {
            _ if self.most == 0 => f64::INFINITY,
            Some(Ranked { key: SortKey::Score(score), .. }) if self.kept.len() == self.most => *score,
            _ => f64::NEG_INFINITY,
        };
        self.until.map_or(kept, |(score, _)| kept.max(score))
    }

    /// Takes a part's matches, where the order is not by score.
    pub fn take(&mut self, number: usize, part: Part<'_>, matches: &Bits) -> Result<(), Fault> {
        for document in matches.iter() {
            let key = match (self.sort, part) {
                (SearchSort::Relevance, _) => SortKey::Score(0.0),
                (SearchSort::Newest, _) => SortKey::Newest(part.created(document)),
                (SearchSort::Oldest, _) => SortKey::Oldest(part.created(document)),
                (SearchSort::Title, Part::Segment(segment)) => return self.take_titles(number, segment, matches),
                (SearchSort::Title, Part::Recent(recent)) => SortKey::Title(recent[document as usize].title.clone()),
            };
            self.offer(key, (number, document), || part.ordinal(document));
        }
        Ok(())
    }

    /// By title: a column's numbers are in the titles' order, so that the titles of few documents are read.
    fn take_titles(&mut self, number: usize, segment: &Segment, matches: &Bits) -> Result<(), Fault> {
        let missing = || Fault::Index("a title is missing".to_owned());
        let titles = segment.titles()?.ok_or_else(missing)?;
        let mut ordered = Vec::new();
        for document in matches.iter() {
            let title = titles.term_ords(document).next().ok_or_else(missing)?;
            ordered.push((title, segment.ordinals.get_val(document), document));
        }
        ordered.sort_unstable_by_key(|(title, ordinal, _)| (*title, *ordinal));
        let first = match &self.after {
            Some(Resume { key: SortKey::Title(last), .. }) => first_from(titles, &ordered, last)?,
            _ => 0,
        };
        let mut kept = 0;
        for &(number_of_title, ordinal, document) in &ordered[first..] {
            // What comes after the first of this segment cannot be among the first of all.
            if kept >= self.most {
                break;
            }
            let key = SortKey::Title(title(titles, number_of_title)?);
            kept += usize::from(self.offer(key, (number, document), || ordinal));
        }
        Ok(())
    }

    /// Keeps a document if it is among the first; its ordinal is asked for only when it may be. Whether it comes
    /// after the page before.
    pub fn offer(&mut self, key: SortKey, at: At, ordinal: impl Fn() -> i64) -> bool {
        if let Some(after) = &self.after {
            let place = key.cmp(&after.key);
            if place.is_lt() || place.is_eq() && ordinal() <= after.ordinal {
                return false;
            }
        }
        if let (Some((last, last_ordinal)), SortKey::Score(score)) = (self.until, &key)
            && (*score < last || *score == last && ordinal() > last_ordinal)
        {
            return false;
        }
        if self.kept.len() < self.most {
            self.kept.push(Ranked { key, ordinal: ordinal(), at });
        } else if let Some(mut last) = self.kept.peek_mut()
            && key <= last.key
        {
            let ranked = Ranked { key, ordinal: ordinal(), at };
            if ranked < *last {
                *last = ranked;
            }
        }
        true
    }

    /// In order.
    pub fn into_sorted(self) -> Vec<Ranked> {
        self.kept.into_sorted_vec()
    }
}

/// Of documents in the order of their titles, the first whose title is not before `last`.
fn first_from(titles: &StrColumn, ordered: &[(u64, i64, u32)], last: &str) -> Result<usize, Fault> {
    let (mut from, mut to) = (0, ordered.len());
    while from < to {
        let middle = from + (to - from) / 2;
        match title(titles, ordered[middle].0)?.as_str() < last {
            true => from = middle + 1,
            false => to = middle,
        }
    }
    Ok(from)
}

fn title(titles: &StrColumn, number: u64) -> Result<String, Fault> {
    let mut title = String::new();
    match titles.ord_to_str(number, &mut title)? {
        true => Ok(title),
        false => Err(Fault::Index("a title is missing".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(most: usize, after: Option<Resume>) -> Vec<(f64, i64)> {
        let mut top = Top::new(most, SearchSort::Relevance, after);
        for (score, ordinal) in [(1.0, 7), (2.0, 9), (2.0, 4), (0.5, 1), (2.0, 2), (1.0, 3)] {
            top.offer(SortKey::Score(score), (0, 0), || ordinal);
        }
        let score = |ranked: &Ranked| match ranked.key {
            SortKey::Score(score) => score,
            _ => unreachable!("ordered by score"),
        };
        top.into_sorted().iter().map(|ranked| (score(ranked), ranked.ordinal)).collect()
    }

    #[test]
    fn the_first_are_kept_and_ties_go_to_the_first_added() {
        assert_eq!(offered(3, None), [(2.0, 2), (2.0, 4), (2.0, 9)]);
        assert_eq!(offered(0, None), []);
        assert_eq!(offered(9, None).len(), 6);
    }

    #[test]
    fn what_cannot_be_among_the_first_is_known() {
        let mut top = Top::new(2, SearchSort::Relevance, None);
        assert_eq!(Top::new(0, SearchSort::Relevance, None).least(), f64::INFINITY);
        for (score, least) in [(1.0, f64::NEG_INFINITY), (3.0, 1.0), (2.0, 2.0), (0.5, 2.0)] {
            top.offer(SortKey::Score(score), (0, 0), || 1);
            assert_eq!(top.least(), least);
        }
    }

    #[test]
    fn none_is_kept_after_the_last() {
        let mut top = Top::new(9, SearchSort::Relevance, None).until(Some((2.0, 4)));
        assert_eq!(top.least(), 2.0);
        for (score, ordinal) in [(2.0, 5), (2.0, 4), (1.0, 1), (3.0, 9)] {
            top.offer(SortKey::Score(score), (0, 0), || ordinal);
        }
        assert_eq!(top.into_sorted().iter().map(|ranked| ranked.ordinal).collect::<Vec<_>>(), [9, 4]);
    }

    #[test]
    fn a_page_goes_on_where_the_last_ended() {
        let after = |score, ordinal| Some(Resume { key: SortKey::Score(score), ordinal, statistics: None });
        assert_eq!(offered(2, after(2.0, 4)), [(2.0, 9), (1.0, 3)]);
        assert_eq!(offered(2, after(1.0, 3)), [(1.0, 7), (0.5, 1)]);
        assert_eq!(offered(2, after(0.5, 1)), []);
        // Also after a hit that is gone.
        assert_eq!(offered(9, after(1.5, 0)), [(1.0, 3), (1.0, 7), (0.5, 1)]);
    }
}
