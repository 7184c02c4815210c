//! Words of a query that stand near each other in a document: the best documents are looked at more closely.
//!
//! A pair of neighbouring words counts for `2 · mean((idf + idf) · n / (n + 1))` over the query's pairs, where `n` is how
//! often the second follows the first within two places. Of all that was tried on judged collections, this helps most
//! to find what somebody remembers the title or the objective of, and does not hurt descriptive queries.

use super::{Asked, Statistics};

/// So many documents, the best by their words alone, are looked at more closely; from 10 on the number hardly matters.
pub const CLOSE_LOOK: usize = 30;
/// Most documents that are looked at more closely on a later page.
pub const MOST_CLOSE: usize = 1_000;
/// How much the pairs count.
const WEIGHT: f64 = 2.0;
/// How many places the second word may come after the first.
const WITHIN: u32 = 2;

/// The pairs of neighbouring words of a query, by their places in [`Asked::units`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(usize, usize)>);

impl Pairs {
    /// Those of `asked`: words, not phrases or prefixes, that differ.
    pub fn of(asked: &Asked) -> Self {
        let units = 1..asked.units.len();
        let differ = |&second: &usize| {
            let (one, other) = (&asked.units[second - 1], &asked.units[second]);
            one.is_word() && other.is_word() && one.words != other.words
        };
        Self(units.filter(differ).map(|second| (second - 1, second)).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The units that are in a pair, in order.
    pub fn units(&self) -> Vec<usize> {
        let mut units: Vec<usize> = self.0.iter().flat_map(|(first, second)| [*first, *second]).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The pairs that stand near each other in a document, by their units, with how often and what that counts there.
    pub(super) fn reasons<'a>(
        &self,
        statistics: &Statistics,
        places: impl Fn(usize) -> &'a [u32],
    ) -> Vec<((usize, usize), u32, f64)> {
        let reason = |&(first, second): &(usize, usize)| {
            let times = follows(places(first), places(second));
            (times > 0).then(|| {
                let alone = Self(vec![(first, second)]).score(statistics, &places);
                ((first, second), times, alone / self.0.len() as f64)
            })
        };
        self.0.iter().filter_map(reason).collect()
    }

    /// What the pairs count in a document where unit `n` stands at `places(n)`, which are sorted.
    pub fn score<'a>(&self, statistics: &Statistics, places: impl Fn(usize) -> &'a [u32]) -> f64 {
        let idf = |unit: usize| statistics.bm25.idf(statistics.matching[unit]);
        let mut sum = 0.0;
        for &(first, second) in &self.0 {
            let times = f64::from(follows(places(first), places(second)));
            sum += (idf(first) + idf(second)) * times / (times + 1.0);
        }
        WEIGHT / self.0.len().max(1) as f64 * sum
    }
}

/// After how many of `first` one of `second` follows soon.
fn follows(first: &[u32], second: &[u32]) -> u32 {
    let mut rest = second;
    let mut count = 0;
    for &place in first {
        while rest.first().is_some_and(|next| *next <= place) {
            rest = &rest[1..];
        }
        count += u32::from(rest.first().is_some_and(|next| next - place <= WITHIN));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_follows_soon_is_counted() {
        for (first, second, expected) in [
            (&[1, 5, 9][..], &[2, 7, 12][..], 2),
            (&[1, 2, 3], &[3], 2),
            (&[3], &[1, 3], 0),
            (&[], &[1], 0),
            (&[1], &[], 0),
            (&[0, 10], &[1, 2, 11, 12], 2),
        ] {
            assert_eq!(follows(first, second), expected, "{first:?} {second:?}");
        }
    }
}
