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

/// What all words together count at most, in whole numbers: bounds are added up in these.
const WHOLE: f64 = (1 << 30) as f64;

/// What one part offers for the best.
pub(crate) struct Ranking<'a> {
    found: &'a Found<'a>,
    /// In the query's order, which scores are summed in.
    units: Vec<Weighted>,
    /// How much of [`WHOLE`] a score of 1 is.
    scale: f64,
    bm25: Bm25,
    pub matches: Bits,
}

/// A word or phrase.
struct Weighted {
    unit: Arc<Bounded>,
    /// What it counts at most.
    weight: f64,
    /// What a step of its bounds is at most, of [`WHOLE`].
    step: i32,
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
        let bm25 = statistics.bm25;
        let weighted: Vec<_> = units
            .into_iter()
            .zip(&statistics.matching)
            .map(|(unit, &matching)| (bm25.weight(matching), unit))
            .map(|(weight, unit)| (weight, weight * unit.step(&bm25), unit))
            .collect();
        let most: f64 = weighted.iter().map(|(_, step, _)| step * 255.0).sum();
        let scale = if most > 0.0 { WHOLE / most } else { 0.0 };
        let unit = |(weight, step, unit)| Weighted { unit, weight, step: f64::ceil(step * scale) as i32 };
        Self { found, units: weighted.into_iter().map(unit).collect(), scale, bm25, matches }
    }

    /// The part.
    pub fn part(&self) -> Part<'a> {
        self.found.part
    }

    /// The score of a document.
    pub fn score(&self, document: u32) -> f64 {
        let (window, place) = (document / WINDOW as u32, document as usize % WINDOW);
        let mut only = [false; WINDOW];
        only[place] = true;
        self.scores(window, &only)[place]
    }

    /// The windows that have matches, with the most that a document there can score.
    fn bounds(&self) -> Vec<(u32, f64)> {
        let windows = self.found.lengths.0.len().div_ceil(WINDOW);
        let mut bounds = vec![0; windows];
        for Weighted { unit, step, .. } in &self.units {
            unit.windows().for_each(|(window, bound)| bounds[window as usize] += step * i32::from(bound));
        }
        let matched = |(window, _): &(u32, i32)| self.matches.any_within(*window as usize * WINDOW, WINDOW);
        (0..).zip(bounds).filter(matched).map(|(window, bound)| (window, self.most(bound))).collect()
    }

    /// The most that a score can be whose bounds add up to this.
    fn most(&self, bound: i32) -> f64 {
        match bound {
            0 => 0.0,
            _ => f64::from(bound) / self.scale * (1.0 + 1e-9),
        }
    }

    /// The least that the bounds of a score must add up to.
    fn least(&self, score: f64) -> i32 {
        (score * self.scale * (1.0 - 1e-9)).floor() as i32
    }

    /// Offers the documents of a window with their scores, those that may be among the best.
    fn offer(&self, number: usize, window: u32, top: &mut Top) {
        let least = self.least(top.least());
        let mut bounds = [0; WINDOW];
        for Weighted { unit, step, .. } in &self.units {
            unit.bounds(window).for_each(|(place, bound)| bounds[usize::from(place)] += step * i32::from(bound));
        }
        if bounds.iter().copied().fold(0, i32::max) < least {
            return;
        }
        let first = window * WINDOW as u32;
        let places = || self.matches.within(first as usize, WINDOW).map(|document| (document - first) as usize);
        let mut close = [false; WINDOW];
        places().for_each(|place| close[place] = bounds[place] >= least);
        let scores = self.scores(window, &close);
        for place in places().filter(|&place| close[place]) {
            let document = first + place as u32;
            top.offer(SortKey::Score(scores[place]), (number, document), || self.found.part.ordinal(document));
        }
    }

    /// The scores of some of a window's documents.
    fn scores(&self, window: u32, of: &[bool; WINDOW]) -> [f64; WINDOW] {
        let lengths = &self.found.lengths.0[window as usize * WINDOW..];
        let mut scores = [0.0; WINDOW];
        for Weighted { unit, weight, .. } in &self.units {
            for (place, times) in unit.window(window).filter(|(place, _)| of[usize::from(*place)]) {
                scores[usize::from(place)] += weight * self.bm25.share(times, lengths[usize::from(place)]);
            }
        }
        scores
    }
}
