//! Where one word or phrase of a query occurs among the documents that a viewer sees, with bounds that say where its
//! best documents cannot be.
//!
//! A part's documents are numbered; [`WINDOW`] of them in a row are a window. Of each document, and of each window, it is
//! known how much the word can count there at most (a block-max index by document: Dimopoulos, Nepomnyachiy & Suel 2013,
//! "Optimizing top-k document retrieval strategies for block-max indexes"; in steps of a byte as impacts are: Anh & Moffat
//! 2006, "Pruned query evaluation using pre-computed impacts"). The bounds are those of the visible documents, so that
//! hidden ones neither help nor hinder.
//!
//! Invariant: a bound is never too low, whatever the average length of the documents has become since.

use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use cop_core::search::Bm25;

use crate::bits::{Bits, InWindow, WINDOW};
use crate::cache::Weighed;

/// Stands for a frequency that is this or more.
const MORE: u32 = u16::MAX as u32;
/// Steps from nothing to the whole of what a word counts.
pub(crate) const STEPS: u8 = u8::MAX;
/// So many documents are taken in at once.
const BLOCK: usize = 128;
/// So many windows after the last one are looked at before it is searched for the next.
const NEAR: usize = 8;
/// So many windows that promise most are known.
const BEST: usize = 12;
/// Who occurs in at least one of so many documents is kept as a set too.
const OFTEN: usize = 32;

/// The occurrences of a word or phrase in one part.
pub(crate) struct Bounded {
    /// In order, and one after the last that says where the documents end.
    windows: Vec<Window>,
    /// In order.
    documents: Vec<InDocument>,
    /// The documents in which it occurs more often, in order.
    more: Vec<(u32, u32)>,
    /// So many documents the part has.
    of: u32,
    /// All documents, once they were asked for, if they are many.
    set: OnceLock<Arc<Bits>>,
    /// The windows that promise most, by their places in [`Bounded::windows`], the best first.
    best: Vec<u32>,
    /// The statistics with which the bounds were made.
    then: Bm25,
}

/// What a unit has in one document, in one number: a compiler makes few instructions of many.
#[derive(Clone, Copy)]
struct InDocument(u32);

impl InDocument {
    /// `bound` is in [`STEPS`].
    fn new(document: u32, times: u32, bound: u32) -> Self {
        // As signed numbers, which any processor can compare side by side.
        let times = (times as i32).min(MORE as i32) as u32;
        Self((document % WINDOW as u32) | (times << 8) | (bound << 24))
    }

    /// The document's place in its window.
    fn place(self) -> u8 {
        self.0 as u8
    }

    /// How often it occurs, or [`MORE`].
    fn times(self) -> u32 {
        self.0 >> 8 & MORE
    }

    /// The most that [`Bm25::share`] is, in [`STEPS`].
    fn bound(self) -> u8 {
        (self.0 >> 24) as u8
    }
}

/// What a unit has in one window.
struct Window {
    number: u32,
    /// Where its documents begin in [`Bounded::documents`].
    start: u32,
    /// The most that is a bound of any of them.
    most: u8,
}

impl Window {
    /// Its number, and the most that [`Bm25::share`] is in any of its documents.
    fn promise(&self) -> (u32, f32) {
        (self.number, f32::from(self.most) / f32::from(STEPS))
    }
}

/// A [`Bounded`] in the making: takes in where it occurs, in order.
pub(crate) struct Bounding<'a> {
    unit: Bounded,
    bound: Bound,
    lengths: &'a [u32],
}

impl<'a> Bounding<'a> {
    /// Nothing so far; `lengths` are those of the segment's documents.
    pub fn new(lengths: &'a [u32], bm25: Bm25) -> Self {
        let unit = Bounded {
            windows: Vec::new(),
            documents: Vec::new(),
            more: Vec::new(),
            of: lengths.len() as u32,
            set: OnceLock::new(),
            best: Vec::new(),
            then: bm25,
        };
        Self { unit, bound: Bound::new(&bm25), lengths }
    }

    /// Makes room for some `count` documents.
    pub fn expect(&mut self, count: usize) {
        self.unit.documents.reserve(count);
        self.unit.windows.reserve(count.min(self.lengths.len().div_ceil(WINDOW)));
    }

    /// Takes in the next documents, with how often it occurs in each.
    pub fn take_all(&mut self, next: &[(u32, u32)]) {
        let (documents, times): (Vec<_>, Vec<_>) = next.iter().copied().unzip();
        self.take(&documents, &times);
    }

    /// The same side by side.
    pub fn take(&mut self, documents: &[u32], times: &[u32]) {
        for (documents, times) in documents.chunks(BLOCK).zip(times.chunks(BLOCK)) {
            self.take_block(documents, times);
        }
    }

    /// Step by step for all of them, so that a compiler makes few instructions of each step.
    fn take_block(&mut self, documents: &[u32], times: &[u32]) {
        let Self { unit, bound, lengths } = self;
        let (mut of, mut shares) = ([0; BLOCK], [0.0; BLOCK]);
        let (of, shares) = (&mut of[..documents.len()], &mut shares[..documents.len()]);
        of.iter_mut().zip(documents).for_each(|(length, document)| *length = lengths[*document as usize]);
        for ((share, length), times) in shares.iter_mut().zip(&*of).zip(times) {
            *share = bound.share(*times, *length);
        }
        let mut start = unit.documents.len();
        let all = documents.iter().zip(times).zip(&*shares);
        unit.documents
            .extend(all.map(|((document, times), share)| InDocument::new(*document, *times, in_steps(*share))));
        for in_window in documents.chunk_by(|a, b| a / WINDOW as u32 == b / WINDOW as u32) {
            let (number, end) = (in_window[0] / WINDOW as u32, start + in_window.len());
            let most = unit.documents[start..end].iter().map(|it| it.bound()).fold(0, u8::max);
            match unit.windows.last_mut() {
                Some(window) if window.number == number => window.most = window.most.max(most),
                _ => unit.windows.push(Window { number, start: start as u32, most }),
            }
            start = end;
        }
        if times.iter().fold(0, |most, times| most.max(*times as i32)) >= MORE as i32 {
            let all = documents.iter().copied().zip(times.iter().copied());
            unit.more.extend(all.filter(|(_, times)| *times >= MORE));
        }
    }

    /// That was all.
    pub fn done(self) -> Bounded {
        let mut unit = self.unit;
        unit.windows.push(Window { number: u32::MAX, start: unit.documents.len() as u32, most: 0 });
        let promises = unit.windows().map(|(_, most)| most).zip(0..);
        unit.best = best(promises, BEST).into_iter().map(|(_, at)| at).collect();
        // To move them takes time: a little room may be left.
        let room = unit.documents.len() + unit.documents.len() / 4;
        unit.documents.shrink_to(room);
        unit
    }
}

impl Bounded {
    /// In how many documents it occurs.
    pub fn len(&self) -> u64 {
        self.documents.len() as u64
    }

    /// By how much bounds have grown since they were made, of the average length now.
    pub fn growth(&self, now: &Bm25) -> f64 {
        // With s = tf / (tf + norm), 1/s - 1 = norm / tf, and a change of the average by the factor r changes a norm by
        // a factor between 1 and r. So s grows at most by max(r, 1/r), wherever in the window the best document lies.
        let ratio = self.then.average() / now.average();
        ratio.max(1.0 / ratio) * (1.0 + 1e-9)
    }

    /// The windows that have any of its documents, with the most that it counts in any of these, as a share.
    pub fn windows(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.windows[..self.windows.len() - 1].iter().map(Window::promise)
    }

    /// Of these the ones that promise most, the best first.
    pub fn best(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.best.iter().map(|&at| self.windows[at as usize].promise())
    }

    /// The documents of a window, by their places in it, with their bounds in [`STEPS`].
    ///
    /// Windows are mostly asked for in order: `hint` says where the last one was found.
    pub fn bounds(&self, number: u32, hint: &Cell<usize>) -> impl Iterator<Item = (u8, u8)> + '_ {
        self.documents_from(number, hint).iter().map(|it| (it.place(), it.bound()))
    }

    /// The documents of a window whose bounds are no less than `least`, by their places in it, with the frequencies.
    pub fn promising(&self, number: u32, least: u8, hint: &Cell<usize>) -> impl Iterator<Item = (u8, u32)> + '_ {
        let close = self.documents_from(number, hint).iter().filter(move |it| it.bound() >= least);
        close.map(move |it| (it.place(), self.frequency(number, *it)))
    }

    /// The documents of a window.
    pub fn in_window(&self, number: u32) -> InWindow {
        if let Some(set) = self.set.get() {
            return set.in_window(number);
        }
        let mut found = InWindow::default();
        self.documents_of(number).iter().for_each(|it| found.insert(it.place()));
        found
    }

    /// How often it occurs in a document, if it does.
    pub fn times(&self, document: u32, hint: &Cell<usize>) -> Option<u32> {
        let (number, place) = (document / WINDOW as u32, (document % WINDOW as u32) as u8);
        let of_window = self.documents_from(number, hint);
        let at = of_window.binary_search_by_key(&place, |it| it.place()).ok()?;
        Some(self.frequency(number, of_window[at]))
    }

    /// Whether it occurs in a document.
    pub fn has(&self, document: u32) -> bool {
        self.times(document, &Cell::default()).is_some()
    }

    /// Whether it occurs so often that its documents are kept as a set too.
    fn is_frequent(&self) -> bool {
        self.documents.len() >= self.of as usize / OFTEN
    }

    /// Its documents as a set.
    pub fn set(&self) -> Arc<Bits> {
        let all = || {
            let mut all = Bits::none(self.of);
            self.mark_each(&mut all);
            Arc::new(all)
        };
        match self.is_frequent() {
            true => Arc::clone(self.set.get_or_init(all)),
            false => all(),
        }
    }

    /// Adds its documents to a set.
    pub fn mark(&self, into: &mut Bits) {
        match self.is_frequent() {
            true => into.add(&self.set()),
            false => self.mark_each(into),
        }
    }

    fn mark_each(&self, into: &mut Bits) {
        self.each_window(|number, documents| into.mark(number, documents.iter().map(|it| it.place())));
    }

    /// Hands out its documents, in order.
    pub fn each(&self, mut each: impl FnMut(u32)) {
        self.each_window(|number, documents| {
            let first = number * WINDOW as u32;
            documents.iter().for_each(|it| each(first + u32::from(it.place())));
        });
    }

    /// Hands out its windows, with what it has there.
    fn each_window(&self, mut each: impl FnMut(u32, &[InDocument])) {
        self.windows.array_windows().for_each(|pair| each(pair[0].number, self.between(pair)));
    }

    fn documents_of(&self, number: u32) -> &[InDocument] {
        self.documents_from(number, &Cell::default())
    }

    fn documents_from(&self, number: u32, hint: &Cell<usize>) -> &[InDocument] {
        let pair = self.windows[self.find(number, hint)..].first_chunk();
        pair.filter(|[window, _]| window.number == number).map_or(&[], |pair| self.between(pair))
    }

    /// What it has in the first of two windows that follow each other.
    fn between(&self, [window, next]: &[Window; 2]) -> &[InDocument] {
        &self.documents[window.start as usize..next.start as usize]
    }

    /// Where the first window is that is not before this one.
    fn find(&self, number: u32, hint: &Cell<usize>) -> usize {
        // What occurs everywhere has every window.
        let at = number as usize;
        if self.windows.get(at).is_some_and(|window| window.number == number) {
            return at;
        }
        let near = &self.windows[hint.get()..];
        let at = match near.iter().take(NEAR).position(|window| window.number >= number) {
            Some(step) if step > 0 || near[0].number == number => hint.get() + step,
            _ => self.windows.partition_point(|window| window.number < number),
        };
        hint.set(at);
        at
    }

    fn frequency(&self, window: u32, of: InDocument) -> u32 {
        if of.times() < MORE {
            return of.times();
        }
        let document = window * WINDOW as u32 + u32::from(of.place());
        let at = self.more.binary_search_by_key(&document, |(document, _)| *document);
        at.map_or(MORE, |at| self.more[at].1)
    }
}

/// The most that [`Bm25::share`] can be; in single precision, whose errors are less than what is added.
struct Bound {
    /// The norm of a document without words, and what every word adds to it.
    least: f32,
    word: f32,
}

impl Bound {
    fn new(bm25: &Bm25) -> Self {
        let least = bm25.norm(0);
        Self { least: least as f32, word: (bm25.norm(1) - least) as f32 }
    }

    fn share(&self, times: u32, length: u32) -> f32 {
        let times = times as f32;
        times / (times + self.least + self.word * length as f32) * (1.0 + 1e-5)
    }
}

/// Those of `all` that promise most, at most `most` of them, the best first; of equals the first.
pub(crate) fn best<P: PartialOrd, T>(all: impl Iterator<Item = (P, T)>, most: usize) -> Vec<(P, T)> {
    let mut best: Vec<(P, T)> = Vec::with_capacity(most + 1);
    all.for_each(|(promise, it)| {
        if best.len() < most || best.last().is_some_and(|(least, _)| promise > *least) {
            best.insert(best.partition_point(|(other, _)| *other >= promise), (promise, it));
            best.truncate(most);
        }
    });
    best
}

/// A number of [`STEPS`] that is no less, nor more than a step above.
fn in_steps(share: f32) -> u32 {
    /// From here on the lowest bits of single precision are whole numbers.
    const WHOLES: f32 = (1 << 23) as f32;
    let steps = (share * f32::from(STEPS) + 0.5).min(f32::from(STEPS));
    (steps + WHOLES).to_bits() & u32::from(STEPS)
}

impl Weighed for Bounded {
    fn bytes(&self) -> usize {
        // It may become one at any time.
        let set = if self.is_frequent() { self.of as usize / 8 } else { 0 };
        self.windows.len() * size_of::<Window>()
            + self.best.len() * 4
            + self.documents.len() * size_of::<InDocument>()
            + self.more.len() * 8
            + set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postings::Occurrences;

    fn bounded(occurrences: &Occurrences, lengths: &[u32], bm25: Bm25) -> Bounded {
        let mut bounding = Bounding::new(lengths, bm25);
        bounding.take_all(occurrences);
        bounding.done()
    }

    #[test]
    fn occurrences_are_kept_as_they_are() {
        let occurrences: Occurrences = vec![(0, 1), (3, 254), (255, 255), (256, 256), (700, 70_000), (1_023, 2)];
        let unit = bounded(&occurrences, &[10; 1_024], Bm25 { documents: 6, words: 60 });
        let mut read = Vec::new();
        for number in 0..5 {
            read.extend(
                unit.promising(number, 0, &Cell::default())
                    .map(|(place, times)| (number * 256 + u32::from(place), times)),
            );
        }
        assert_eq!(read, occurrences);
        assert_eq!(unit.best().map(|(number, _)| number).collect::<Vec<_>>(), [2, 0, 1, 3], "the most often first");
        assert_eq!(unit.len(), 6);
        assert!(unit.has(255) && unit.has(256) && !unit.has(254) && !unit.has(2_000));
        assert_eq!(unit.promising(0, 1, &Cell::default()).collect::<Vec<_>>(), [(0, 1), (3, 254), (255, 255)]);
        assert_eq!(
            unit.promising(0, 200, &Cell::default()).collect::<Vec<_>>(),
            [(3, 254), (255, 255)],
            "once among ten tells less"
        );
        assert_eq!(unit.in_window(3).iter().collect::<Vec<_>>(), [255]);
        let bits = unit.set();
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 3, 255, 256, 700, 1_023]);
    }

    #[test]
    fn windows_are_found_in_any_order() {
        let numbers = [1, 2, 3, 40, 41, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 99];
        let occurrences: Occurrences = numbers.iter().map(|number| (number * WINDOW as u32 + 5, 1)).collect();
        let unit = bounded(&occurrences, &vec![10; 100 * WINDOW], Bm25 { documents: 17, words: 170 });
        let hint = Cell::default();
        for asked in (0..100).chain((0..100).rev()).chain([99, 0, 41, 40, 70, 60]) {
            let expected = usize::from(numbers.contains(&asked));
            assert_eq!(unit.promising(asked, 0, &hint).count(), expected, "{asked}");
        }
    }

    /// Every pair of frequency and length, under every change of the average: no document counts more than its bound.
    #[test]
    fn bounds_hold_when_the_average_changes() {
        let documents: Vec<(u32, u32)> = [1, 2, 3, 7, 50, 300]
            .into_iter()
            .flat_map(|times| [1, 5, 40, 400, 9_000].map(|len| (times, len)))
            .collect();
        let lengths: Vec<u32> = documents.iter().map(|(_, length)| *length).collect();
        for then in [1, 30, 100, 5_000] {
            let bm25 = |average: u64| Bm25 { documents: 10, words: average * 10 };
            for (times, length) in &documents {
                let at = lengths.iter().position(|other| other == length).expect("one of them") as u32;
                let unit = bounded(&vec![(at, *times)], &lengths, bm25(then));
                for now in [1, 29, 31, 100, 4_000, 50_000].map(bm25) {
                    let (number, of_window) = unit.windows().next().expect("one window");
                    let (_, steps) = unit.bounds(number, &Cell::default()).next().expect("one document");
                    let share = now.share(*times, *length);
                    let most = f64::from(of_window) * unit.growth(&now);
                    assert!(most >= share, "{times} in {length}: {then} to {now:?}");
                    let most = f64::from(steps) / f64::from(STEPS) * unit.growth(&now);
                    assert!(most >= share, "{times} in {length}: {then} to {now:?}");
                }
            }
        }
    }
}
