//! A set of documents of one segment.

/// A bit for every document.
#[derive(Clone, Debug)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// No document of `documents`.
    pub fn none(documents: u32) -> Self {
        Self(vec![0; documents.div_ceil(64) as usize])
    }

    pub fn insert(&mut self, document: u32) {
        self.0[document as usize / 64] |= 1 << (document % 64);
    }

    pub fn remove(&mut self, document: u32) {
        self.0[document as usize / 64] &= !(1 << (document % 64));
    }

    pub fn has(&self, document: u32) -> bool {
        self.0[document as usize / 64] >> (document % 64) & 1 == 1
    }

    /// How many documents there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many documents both have.
    pub fn common(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).map(|(word, other)| u64::from((word & other).count_ones())).sum()
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
        self.within(0, self.0.len() * 64)
    }

    /// The documents from `first` on, of the next `most`, in order; both are multiples of 64.
    pub fn within(&self, first: usize, most: usize) -> impl Iterator<Item = u32> + '_ {
        let words = first / 64..((first + most) / 64).min(self.0.len());
        self.0[words].iter().zip((first as u32..).step_by(64)).flat_map(|(&word, first)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(first + bit)
            })
        })
    }

    /// Whether there are documents from `first` on, of the next `most`; both are multiples of 64.
    pub fn any_within(&self, first: usize, most: usize) -> bool {
        self.0[first / 64..((first + most) / 64).min(self.0.len())].iter().any(|word| *word != 0)
    }

    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        self.0.len() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(bits.within(64, 64).collect::<Vec<_>>(), [64, 127]);
        assert!(bits.any_within(64, 64) && !of(&[199]).any_within(64, 64));
        assert_eq!(bits.within(128, 256).collect::<Vec<_>>(), [199]);
        bits.keep(&of(&[0, 64, 100]));
        bits.add(&of(&[199]));
        bits.drop(&of(&[64]));
        bits.insert(100);
        bits.remove(100);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 199]);
        assert_eq!(Bits::none(0).iter().count(), 0);
    }
}
