//! The best of many documents.

use std::collections::BinaryHeap;

/// The best so far.
pub(crate) struct Top {
    most: usize,
    /// The worst of them first.
    kept: BinaryHeap<Ranked>,
}

/// A document's score and ordinal; the greater, the worse.
#[derive(Clone, Copy, PartialEq)]
struct Ranked(f64, i64);

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.total_cmp(&self.0).then(self.1.cmp(&other.1))
    }
}

impl Top {
    pub fn new(most: usize) -> Self {
        Self { most, kept: BinaryHeap::new() }
    }

    /// Keeps a document if it is among the best; its ordinal is asked for only when it may be.
    pub fn offer(&mut self, score: f64, ordinal: impl FnOnce() -> i64) {
        if self.kept.len() < self.most {
            self.kept.push(Ranked(score, ordinal()));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && score >= worst.0
        {
            let ranked = Ranked(score, ordinal());
            if ranked < *worst {
                *worst = ranked;
            }
        }
    }

    /// What a document must at least reach to be among the best.
    pub fn least(&self) -> f64 {
        match self.kept.peek() {
            _ if self.most == 0 => f64::INFINITY,
            Some(worst) if self.kept.len() == self.most => worst.0,
            _ => f64::NEG_INFINITY,
        }
    }

    /// Best first.
    pub fn into_sorted(self) -> Vec<(f64, i64)> {
        self.kept.into_sorted_vec().into_iter().map(|Ranked(score, ordinal)| (score, ordinal)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_and_ties_go_to_the_first() {
        let mut top = Top::new(3);
        for (score, ordinal) in [(1.0, 7), (2.0, 9), (2.0, 4), (0.5, 1), (2.0, 2), (1.0, 3)] {
            top.offer(score, || ordinal);
        }
        assert_eq!(top.least(), 2.0);
        assert_eq!(top.into_sorted(), [(2.0, 2), (2.0, 4), (2.0, 9)]);
        let mut none = Top::new(0);
        none.offer(1.0, || 1);
        assert_eq!((none.least(), Top::new(1).least()), (f64::INFINITY, f64::NEG_INFINITY));
        assert!(none.into_sorted().is_empty());
    }
}
