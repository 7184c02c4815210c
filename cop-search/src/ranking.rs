//! Finds the best documents without scoring them all.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use cop_core::search::{Bm25, Recency, SortKey, Statistics};

use crate::bits::{InWindow, WINDOW};
use crate::bounded::{Bounded, STEPS, best};
use crate::evaluate::Found;
use crate::matches::Matches;
use crate::part::Part;
use crate::top::Top;

/// So many windows that promise most are scored before the others.
const FIRST_WINDOWS: usize = 16;

/// What all words together count at most, in whole numbers: bounds are added up in these. A number has room for as much
/// again, for what is rounded up.
const WHOLE: f64 = (1 << 14) as f64;
/// What they can count at most, unless the documents' average length became another beyond measure.
const SOUND: Range<f64> = 1e-30..1e30;

/// What one part offers for the best.
pub(crate) struct Ranking<'a> {
    found: &'a Found<'a>,
    /// In the query's order, which scores are summed in.
    units: Vec<Weighted>,
    /// How much of [`WHOLE`] a score of 1 is; none where the bounds tell nothing.
    scale: Option<f64>,
    bm25: Bm25,
    recency: Option<Recency>,
    pub matches: Matches,
}

/// A word or phrase.
struct Weighted {
    unit: Arc<Bounded>,
    /// What it counts at most.
    weight: f64,
    /// The same where the bounds are too low by now.
    grown: f64,
    /// What its bounds are at most, of [`WHOLE`].
    wholes: Box<[i16; STEPS as usize + 1]>,
    /// Where its last window was found.
    hint: Cell<usize>,
}

/// Offers to `top` every document that may be among the best of all parts: first those in the windows that promise
/// most, then those in windows that may still have better ones.
pub(crate) fn rank(rankings: &[Ranking<'_>], top: &mut Top) {
    if rankings.iter().all(|it| it.is_of_one()) {
        return rankings.iter().enumerate().for_each(|(number, it)| it.offer_best_first(number, top));
    }
    let mut windows: Vec<Vec<f32>> = rankings.iter().map(Ranking::bounds).collect();
    let mut scores = [0.0; WINDOW];
    for (number, window) in promising(&windows) {
        rankings[number].offer(number, window, top, &mut scores);
        windows[number][window as usize] = f32::NEG_INFINITY;
    }
    for (number, windows) in windows.iter().enumerate() {
        for (&bound, window) in windows.iter().zip(0..) {
            if f64::from(bound) >= top.least() && bound > f32::NEG_INFINITY {
                rankings[number].offer(number, window, top, &mut scores);
            }
        }
    }
}

/// The windows that promise most, the best first.
fn promising(windows: &[Vec<f32>]) -> Vec<(usize, u32)> {
    let windows = windows.iter().enumerate();
    let all =
        windows.flat_map(|(number, windows)| windows.iter().zip(0..).map(move |(&bound, at)| (bound, (number, at))));
    best(all, FIRST_WINDOWS).into_iter().map(|(_, window)| window).collect()
}

impl<'a> Ranking<'a> {
    /// What `found` offers among `matches`.
    pub fn new(found: &'a Found<'a>, units: Vec<Arc<Bounded>>, matches: Matches, statistics: &Statistics) -> Self {
        let bm25 = statistics.bm25;
        let units: Vec<Weighted> = units
            .into_iter()
            .zip(&statistics.matching)
            .map(|(unit, &matching)| (bm25.weight(matching), unit))
            .map(|(weight, unit)| Weighted {
                weight,
                grown: weight * unit.growth(&bm25),
                unit,
                wholes: Box::new([0; STEPS as usize + 1]),
                hint: Cell::default(),
            })
            .collect();
        let most: f64 = units.iter().map(|it| it.grown).sum();
        let scale = Some(WHOLE / most).filter(|_| SOUND.contains(&most));
        let mut ranking = Self { found, units, scale, bm25, recency: statistics.recency, matches };
        // Of one word or phrase nothing is added up.
        if !ranking.is_of_one() {
            for Weighted { grown, wholes, .. } in &mut ranking.units {
                let step = scale.map_or(0.0, |scale| *grown * scale / f64::from(STEPS) * (1.0 + 1e-5)) as f32;
                // One more than what is next below is never too low.
                wholes.iter_mut().zip(0..=STEPS).for_each(|(most, bound)| *most = (step * f32::from(bound)) as i16 + 1);
            }
        }
        ranking
    }

    /// The part.
    pub fn part(&self) -> Part<'a> {
        self.found.part
    }

    /// The score of a document.
    pub fn score(&self, document: u32) -> f64 {
        let length = self.found.lengths.0[document as usize];
        let mut score = 0.0;
        for Weighted { unit, weight, hint, .. } in &self.units {
            if let Some(times) = unit.times(document, hint) {
                score += weight * self.bm25.share(times, length);
            }
        }
        self.recent(score, document)
    }

    /// The most that a document can score, by window.
    fn bounds(&self) -> Vec<f32> {
        let windows = self.found.lengths.0.len().div_ceil(WINDOW);
        if self.scale.is_none() {
            return vec![f32::INFINITY; windows];
        }
        let mut bounds = vec![0.0; windows];
        for Weighted { unit, grown, .. } in &self.units {
            // Single precision is wrong by less than what is added.
            let grown = (grown * (1.0 + 1e-5)) as f32;
            unit.windows().for_each(|(window, most)| bounds[window as usize] += grown * most);
        }
        bounds
    }

    /// Whether it is about one word or phrase, and all documents that have it.
    fn is_of_one(&self) -> bool {
        self.units.len() == 1 && matches!(self.matches, Matches::Of(_))
    }

    /// Offers what may be among the best of one word or phrase.
    fn offer_best_first(&self, number: usize, top: &mut Top) {
        let only = &self.units[0];
        let grown = self.scale.map_or(f64::INFINITY, |_| only.grown * (1.0 + 1e-5));
        let promises = |most: f32, top: &Top| grown * f64::from(most) >= top.least();
        for (window, most) in only.unit.best() {
            if promises(most, top) {
                self.offer_of(only, number, window, top);
            }
        }
        for (window, most) in only.unit.windows() {
            // Those that did not promise enough among the best do so even less now.
            if promises(most, top) && !only.unit.best().any(|(offered, _)| offered == window) {
                self.offer_of(only, number, window, top);
            }
        }
    }

    /// The least that the bounds of a score must add up to.
    fn least(&self, score: f64) -> i16 {
        self.scale.map_or(i16::MIN, |scale| (score * scale * (1.0 - 1e-9)) as i16)
    }

    /// Offers the documents of a window with their scores, those that may be among the best; `scores` are 0 and become
    /// so again.
    fn offer(&self, number: usize, window: u32, top: &mut Top, scores: &mut [f64; WINDOW]) {
        // Where it must occur in what is kept, nothing else counts.
        if let [only] = self.units.as_slice()
            && (matches!(self.matches, Matches::Of(_)) || top.least() > 0.0)
        {
            return self.offer_of(only, number, window, top);
        }
        let matches = self.matches.in_window(window);
        if matches.is_empty() {
            return;
        }
        let first = window * WINDOW as u32;
        let least = self.least(top.least());
        let mut bounds = [0; WINDOW];
        for Weighted { unit, wholes, hint, .. } in &self.units {
            let add = |(place, bound)| bounds[usize::from(place)] += wholes[usize::from(bound)];
            unit.bounds(window, hint).for_each(add);
        }
        if bounds.iter().copied().fold(0, i16::max) < least {
            return;
        }
        let mut close = InWindow::default();
        matches.iter().filter(|place| bounds[usize::from(*place)] >= least).for_each(|place| close.insert(place));
        self.add_scores(window, close, scores);
        close.iter().for_each(|place| {
            let document = first + u32::from(place);
            let score = self.recent(std::mem::take(&mut scores[usize::from(place)]), document);
            top.offer(SortKey::Score(score), (number, document), || self.found.part.ordinal(document));
        });
    }

    /// The same where it is about one word or phrase and those documents that have it.
    fn offer_of(&self, only: &Weighted, number: usize, window: u32, top: &mut Top) {
        let least = self.scale.map_or(0.0, |_| top.least() / only.grown * f64::from(STEPS) * (1.0 - 1e-9));
        if least > f64::from(STEPS) {
            return;
        }
        let least = least.max(0.0) as u8;
        let set = match &self.matches {
            Matches::Of(_) => None,
            Matches::Set(set) => Some(set.in_window(window)),
        };
        for (place, times) in only.unit.promising(window, least, &only.hint) {
            if set.is_some_and(|set| !set.has(place)) {
                continue;
            }
            let document = window * WINDOW as u32 + u32::from(place);
            let length = self.found.lengths.0[document as usize];
            let score = self.recent(only.weight * self.bm25.share(times, length), document);
            top.offer(SortKey::Score(score), (number, document), || self.found.part.ordinal(document));
        }
    }

    /// Adds up what the words count in some of a window's documents.
    fn add_scores(&self, window: u32, of: InWindow, scores: &mut [f64; WINDOW]) {
        let lengths = &self.found.lengths.0[window as usize * WINDOW..];
        for Weighted { unit, weight, hint, .. } in &self.units {
            for (place, times) in unit.promising(window, 0, hint).filter(|(place, _)| of.has(*place)) {
                scores[usize::from(place)] += weight * self.bm25.share(times, lengths[usize::from(place)]);
            }
        }
    }

    /// A document's score, where newer ones may count more.
    fn recent(&self, score: f64, document: u32) -> f64 {
        self.recency.map_or(score, |recency| score * recency.factor(self.found.part.created(document)))
    }
}
