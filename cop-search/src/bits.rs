//! A set of documents of one segment.

/// Documents of a window: so many in a row, the first of them a multiple. A document's place in it is a byte.
pub(crate) const WINDOW: usize = 256;

/// A bit for every document.
#[derive(Clone, Debug)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// No document of `documents`; there is room for whole windows of them.
    pub fn none(documents: u32) -> Self {
        Self(vec![0; (documents as usize).div_ceil(WINDOW) * (WINDOW / 64)])
    }

    pub fn insert(&mut self, document: u32) {
        self.0[document as usize / 64] |= 1 << (document % 64);
    }

    /// Adds the documents of a window, by their places in it.
    pub fn mark(&mut self, number: u32, places: impl Iterator<Item = u8>) {
        let mut window = self.in_window(number);
        places.for_each(|place| window.insert(place));
        let (windows, _) = self.0.as_chunks_mut::<{ WINDOW / 64 }>();
        windows[number as usize] = window.0;
    }

    pub fn remove(&mut self, document: u32) {
        self.0[document as usize / 64] &= !(1 << (document % 64));
    }

    pub fn has(&self, document: u32) -> bool {
        self.0[document as usize / 64] >> (document % 64) & 1 == 1
    }

    /// The first document from `from` on.
    pub fn first_from(&self, from: u32) -> Option<u32> {
        let mut at = from as usize / 64;
        let mut word = self.0.get(at)? & u64::MAX << (from % 64);
        while word == 0 {
            at += 1;
            word = *self.0.get(at)?;
        }
        Some(at as u32 * 64 + word.trailing_zeros())
    }

    /// Whether it has `first` and `last` and all between.
    pub fn has_all(&self, first: u32, last: u32) -> bool {
        let (from, to) = (u64::MAX << (first % 64), u64::MAX >> (63 - last % 64));
        match &self.0[first as usize / 64..=last as usize / 64] {
            [] => true,
            [only] => only & from & to == from & to,
            [head, between @ .., tail] => {
                head & from == from && tail & to == to && between.iter().all(|word| *word == u64::MAX)
            }
        }
    }

    /// How many documents there are.
    pub fn count(&self) -> u64 {
        self.common(self)
    }

    /// How many documents both have.
    pub fn common(&self, other: &Self) -> u64 {
        let (rows, last) = self.0.as_chunks::<{ LANES * ROWS }>();
        let (other_rows, other_last) = other.0.as_chunks::<{ LANES * ROWS }>();
        let mut sum = Sum::default();
        for (words, others) in rows.iter().zip(other_rows) {
            sum.add(std::array::from_fn(|row| lanes(|at| words[row * LANES + at] & others[row * LANES + at])));
        }
        let last = last.iter().zip(other_last).map(|(word, other)| u64::from((word & other).count_ones()));
        sum.total() + last.sum::<u64>()
    }

    /// Adds what `other` has.
    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Keeps what `other` has too.
    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Drops what `other` has.
    pub fn drop(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// The documents, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        places(self.0.iter().copied())
    }

    /// The documents that both have, in order.
    pub fn iter_common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u32> + 'a {
        places(self.0.iter().zip(&other.0).map(|(word, other)| word & other))
    }

    /// The documents of a window, by its number.
    pub fn in_window(&self, number: u32) -> InWindow {
        let (windows, _) = self.0.as_chunks::<{ WINDOW / 64 }>();
        InWindow(windows[number as usize])
    }

    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        self.0.len() * 8
    }
}

/// Documents of one window, by their places in it.
#[derive(Clone, Copy, Default)]
pub(crate) struct InWindow([u64; WINDOW / 64]);

impl InWindow {
    pub fn insert(&mut self, place: u8) {
        self.0[usize::from(place) / 64] |= 1 << (place % 64);
    }

    pub fn has(&self, place: u8) -> bool {
        self.0[usize::from(place) / 64] >> (place % 64) & 1 == 1
    }

    pub fn is_empty(&self) -> bool {
        self.0 == [0; WINDOW / 64]
    }

    pub fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        places(self.0.iter().copied()).map(|place| place as u8)
    }
}

/// The numbers of the bits that are set, in order.
fn places(words: impl Iterator<Item = u64>) -> impl Iterator<Item = u32> {
    words.zip((0..).step_by(64)).flat_map(|(word, first)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros())?;
            rest &= rest - 1;
            Some(first + bit)
        })
    })
}

/// So many words side by side: a compiler makes few instructions of what is done to all of them.
const LANES: usize = 8;
/// So many times [`LANES`] words are added up at once.
const ROWS: usize = 8;

type Lanes = [u64; LANES];

/// Counts ones by adding up words bit by bit, so that most of them are counted eight at a time: Harley and Seal's way,
/// in Warren 2012, "Hacker's Delight", 5-1. No processor's instruction for it can be taken for granted.
#[derive(Default)]
struct Sum {
    ones: Lanes,
    twos: Lanes,
    fours: Lanes,
    eights: u64,
}

impl Sum {
    fn add(&mut self, rows: [Lanes; ROWS]) {
        let [a, b, c, d, e, f, g, h] = rows;
        let (two_a, ones) = full_add(self.ones, a, b);
        let (two_b, ones) = full_add(ones, c, d);
        let (four_a, twos) = full_add(self.twos, two_a, two_b);
        let (two_a, ones) = full_add(ones, e, f);
        let (two_b, ones) = full_add(ones, g, h);
        let (four_b, twos) = full_add(twos, two_a, two_b);
        let (eight, fours) = full_add(self.fours, four_a, four_b);
        (self.ones, self.twos, self.fours) = (ones, twos, fours);
        self.eights += ones_of(eight);
    }

    fn total(&self) -> u64 {
        self.eights * 8 + ones_of(self.fours) * 4 + ones_of(self.twos) * 2 + ones_of(self.ones)
    }
}

/// Adds three bits in each place: what is carried, and what is left.
fn full_add(a: Lanes, b: Lanes, c: Lanes) -> (Lanes, Lanes) {
    let either = lanes(|at| a[at] ^ b[at]);
    (lanes(|at| a[at] & b[at] | either[at] & c[at]), lanes(|at| either[at] ^ c[at]))
}

fn ones_of(words: Lanes) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}

fn lanes(word: impl Fn(usize) -> u64) -> Lanes {
    std::array::from_fn(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_words_are_counted_as_one_by_one() {
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        for words in [0, 1, 63, 64, 65, 200, 1_000] {
            for all in [false, true] {
                let mut bits = || Bits((0..words).map(|_| if all { u64::MAX } else { random() }).collect());
                let (a, b) = (bits(), bits());
                let one_by_one = a.0.iter().zip(&b.0).map(|(a, b)| u64::from((a & b).count_ones())).sum::<u64>();
                assert_eq!(a.common(&b), one_by_one, "{words} words");
            }
        }
    }

    #[test]
    fn sets_are_sets() {
        let of = |documents: &[u32]| {
            let mut bits = Bits::none(200);
            documents.iter().for_each(|&document| bits.insert(document));
            bits
        };
        let mut bits = of(&[0, 63, 64, 127, 199]);
        assert!(bits.has(63) && !bits.has(62));
        assert_eq!((bits.count(), bits.common(&of(&[0, 1, 127]))), (5, 2));
        assert_eq!(bits.iter_common(&of(&[0, 1, 127, 199])).collect::<Vec<_>>(), [0, 127, 199]);
        let mut window = bits.in_window(0);
        assert!(window.has(127) && !window.has(126) && !window.is_empty() && InWindow::default().is_empty());
        window.insert(126);
        assert_eq!(window.iter().collect::<Vec<_>>(), [0, 63, 64, 126, 127, 199]);
        bits.keep(&of(&[0, 64, 100]));
        bits.add(&of(&[199]));
        bits.drop(&of(&[64]));
        bits.insert(100);
        bits.remove(100);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 199]);
        assert_eq!(Bits::none(0).iter().count(), 0);
    }

    #[test]
    fn runs_are_found_as_one_by_one() {
        for runs in [(0..0, 0..0), (0..1, 0..0), (63..65, 0..0), (0..64, 70..300), (100..228, 511..512), (0..512, 0..0)]
        {
            let mut bits = Bits::none(512);
            runs.0.clone().chain(runs.1.clone()).for_each(|document| bits.insert(document));
            for first in 0..512 {
                assert_eq!(
                    bits.first_from(first),
                    (first..512).find(|&document| bits.has(document)),
                    "{runs:?} {first}"
                );
                for last in [first, first + 1, first + 63, first + 64, first + 200, 511].map(|last: u32| last.min(511))
                {
                    let all = (first..=last).all(|document| bits.has(document));
                    assert_eq!(bits.has_all(first, last), all, "{runs:?} {first} {last}");
                }
            }
            assert_eq!(bits.first_from(512), None);
        }
    }
}
