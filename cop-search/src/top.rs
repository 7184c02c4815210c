//! The first hits of a search, in the order asked for, after the page before.

use std::collections::BinaryHeap;

use cop_core::search::{Resume, SearchSort, SortKey};
use tantivy::columnar::StrColumn;

use crate::fault::Fault;
use crate::generation::Segment;

/// The first so far.
pub(crate) struct Top {
    most: usize,
    sort: SearchSort,
    /// Where the page before ended.
    after: Option<Resume>,
    /// The last of them first.
    kept: BinaryHeap<Ranked>,
    /// How many there are after the page before.
    count: u64,
}

/// A document's place in the order.
#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub key: SortKey,
    pub ordinal: i64,
    pub score: f64,
}

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
        Self { most, sort, after, kept: BinaryHeap::new(), count: 0 }
    }

    /// Takes a segment's matches, each with its score.
    pub fn take(&mut self, segment: &Segment, matches: &[(u32, f64)]) -> Result<(), Fault> {
        let created = |document| segment.created.get_val(document);
        for &(document, score) in matches {
            let key = match self.sort {
                SearchSort::Relevance => SortKey::Score(score),
                SearchSort::Newest => SortKey::Newest(created(document)),
                SearchSort::Oldest => SortKey::Oldest(created(document)),
                SearchSort::Title => return self.take_titles(segment, matches),
            };
            self.offer(key, score, || segment.ordinals.get_val(document));
        }
        Ok(())
    }

    /// By title: a column's numbers are in the titles' order, so that the titles of few documents are read.
    fn take_titles(&mut self, segment: &Segment, matches: &[(u32, f64)]) -> Result<(), Fault> {
        let missing = || Fault::Index("a title is missing".to_owned());
        let titles = segment.titles.as_ref().ok_or_else(missing)?;
        let mut ordered = Vec::with_capacity(matches.len());
        for &(document, score) in matches {
            let number = titles.term_ords(document).next().ok_or_else(missing)?;
            ordered.push((number, segment.ordinals.get_val(document), score));
        }
        ordered.sort_unstable_by_key(|(number, ordinal, _)| (*number, *ordinal));
        let first = match &self.after {
            Some(Resume { key: SortKey::Title(last), .. }) => first_from(titles, &ordered, last)?,
            _ => 0,
        };
        let mut kept = 0;
        for &(number, ordinal, score) in &ordered[first..] {
            // What comes after the first of this segment cannot be among the first of all.
            if kept >= self.most {
                self.count += 1;
            } else if self.offer(SortKey::Title(title(titles, number)?), score, || ordinal) {
                kept += 1;
            }
        }
        Ok(())
    }

    /// Keeps a document if it is among the first; its ordinal is asked for only when it may be. Whether it comes
    /// after the page before.
    fn offer(&mut self, key: SortKey, score: f64, ordinal: impl Fn() -> i64) -> bool {
        if let Some(after) = &self.after {
            let place = key.cmp(&after.key);
            if place.is_lt() || place.is_eq() && ordinal() <= after.ordinal {
                return false;
            }
        }
        self.count += 1;
        if self.kept.len() < self.most {
            self.kept.push(Ranked { key, ordinal: ordinal(), score });
        } else if let Some(mut last) = self.kept.peek_mut()
            && key <= last.key
        {
            let ranked = Ranked { key, ordinal: ordinal(), score };
            if ranked < *last {
                *last = ranked;
            }
        }
        true
    }

    /// In order, and whether there are more.
    pub fn into_sorted(self) -> (Vec<Ranked>, bool) {
        let more = self.count > self.kept.len() as u64;
        (self.kept.into_sorted_vec(), more)
    }
}

/// Of documents in the order of their titles, the first whose title is not before `last`.
fn first_from(titles: &StrColumn, ordered: &[(u64, i64, f64)], last: &str) -> Result<usize, Fault> {
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

    fn offered(most: usize, after: Option<Resume>) -> (Vec<(f64, i64)>, bool) {
        let mut top = Top::new(most, SearchSort::Relevance, after);
        for (score, ordinal) in [(1.0, 7), (2.0, 9), (2.0, 4), (0.5, 1), (2.0, 2), (1.0, 3)] {
            top.offer(SortKey::Score(score), score, || ordinal);
        }
        let (kept, more) = top.into_sorted();
        (kept.into_iter().map(|ranked| (ranked.score, ranked.ordinal)).collect(), more)
    }

    #[test]
    fn the_first_are_kept_and_ties_go_to_the_first_added() {
        assert_eq!(offered(3, None), (vec![(2.0, 2), (2.0, 4), (2.0, 9)], true));
        assert_eq!(offered(0, None), (vec![], true));
        let (all, more) = offered(6, None);
        assert!(all.len() == 6 && !more);
    }

    #[test]
    fn a_page_goes_on_where_the_last_ended() {
        let after = |score, ordinal| Some(Resume { key: SortKey::Score(score), ordinal, statistics: None });
        assert_eq!(offered(2, after(2.0, 4)), (vec![(2.0, 9), (1.0, 3)], true));
        assert_eq!(offered(2, after(1.0, 3)), (vec![(1.0, 7), (0.5, 1)], false));
        assert_eq!(offered(2, after(0.5, 1)), (vec![], false));
        // Also after a hit that is gone.
        assert_eq!(offered(9, after(1.5, 0)), (vec![(1.0, 3), (1.0, 7), (0.5, 1)], false));
    }
}
