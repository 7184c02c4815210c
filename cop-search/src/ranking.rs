//! Finds the best documents without scoring them all.

use std::sync::Arc;

use cop_core::search::{Bm25, SortKey, Statistics};

use crate::bits::Bits;
use crate::bounded::{Bounded, WINDOW};
use crate::evaluate::Found;
use crate::part::Part;
use crate::top::Top;

/// So many windows that promise most are scored before the others.
const FIRST_WINDOWS: usize = 16;

/// What one part offers for the best.
pub(crate) struct Ranking<'a> {
    found: &'a Found<'a>,
    /// Words and phrases in the query's order, which scores are summed in; each with what it counts at most.
    weighted: Vec<(Arc<Bounded>, f64)>,
    bm25: Bm25,
    pub matches: Bits,
}

/// Offers to `top` every document that may be among the best of all parts: first those in the windows that promise
/// most, then those in windows that may still have better ones.
pub(crate) fn rank(rankings: &[Ranking<'_>], top: &mut Top) {
    let mut windows: Vec<(f64, usize, u32)> = Vec::new();
    for (number, ranking) in rankings.iter().enumerate() {
        windows.extend(ranking.bounds().into_iter().map(|(window, bound)| (bound, number, window)));
    }
    let first = FIRST_WINDOWS.min(windows.len());
    if first > 0 {
        windows.select_nth_unstable_by(first - 1, |a, b| b.0.total_cmp(&a.0));
    }
    let (promising, others) = windows.split_at_mut(first);
    promising.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    for &(bound, number, window) in promising.iter().chain(others.iter()) {
        if bound >= top.least() {
            rankings[number].offer(number, window, top);
        }
    }
}

impl<'a> Ranking<'a> {
    /// What `found` offers among `matches`.
    pub fn new(found: &'a Found<'a>, units: Vec<Arc<Bounded>>, matches: Bits, statistics: &Statistics) -> Self {
        let weights = statistics.matching.iter().map(|&matching| statistics.bm25.weight(matching));
        Self { found, weighted: units.into_iter().zip(weights).collect(), bm25: statistics.bm25, matches }
    }

    /// The part.
    pub fn part(&self) -> Part<'a> {
        self.found.part
    }

    /// The score of a document.
    pub fn score(&self, document: u32) -> f64 {
        self.scores(document / WINDOW as u32)[document as usize % WINDOW]
    }

    /// The windows that have matches, with the most that a document there can score.
    fn bounds(&self) -> Vec<(u32, f64)> {
        let windows = self.found.lengths.0.len().div_ceil(WINDOW);
        let mut bounds = vec![0.0; windows];
        for (unit, weight) in &self.weighted {
            unit.bounds(&self.bm25).for_each(|(window, share)| bounds[window as usize] += weight * share);
        }
        let matched = |window: &u32| self.matches.within(*window as usize * WINDOW, WINDOW).next().is_some();
        (0..windows as u32).filter(matched).map(|window| (window, bounds[window as usize])).collect()
    }

    /// Offers the documents of a window with their scores.
    fn offer(&self, number: usize, window: u32, top: &mut Top) {
        let scores = self.scores(window);
        for document in self.matches.within(window as usize * WINDOW, WINDOW) {
            let score = SortKey::Score(scores[document as usize % WINDOW]);
            top.offer(score, (number, document), || self.found.part.ordinal(document));
        }
    }

    /// The scores of a window's documents.
    fn scores(&self, window: u32) -> [f64; WINDOW] {
        let lengths = &self.found.lengths.0[window as usize * WINDOW..];
        let mut scores = [0.0; WINDOW];
        for (unit, weight) in &self.weighted {
            for (place, times) in unit.window(window) {
                scores[usize::from(place)] += weight * self.bm25.share(times, lengths[usize::from(place)]);
            }
        }
        scores
    }
}
