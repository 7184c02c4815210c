//! The documents of a part that answer a query.

use std::sync::Arc;

use crate::bits::{Bits, InWindow};
use crate::bounded::Bounded;

/// Which documents they are.
#[derive(Clone)]
pub(crate) enum Matches {
    /// All those in which a word or phrase occurs: what is asked most often needs no set.
    Of(Arc<Bounded>),
    Set(Arc<Bits>),
}

impl Matches {
    /// How many they are.
    pub fn count(&self) -> u64 {
        match self {
            Self::Of(unit) => unit.len(),
            Self::Set(set) => set.count(),
        }
    }

    /// Hands them out in order.
    pub fn each(&self, mut each: impl FnMut(u32)) {
        match self {
            Self::Of(unit) => unit.each(each),
            Self::Set(set) => set.iter().for_each(&mut each),
        }
    }

    /// Those in a window.
    pub fn in_window(&self, number: u32) -> InWindow {
        match self {
            Self::Of(unit) => unit.in_window(number),
            Self::Set(set) => set.in_window(number),
        }
    }

    /// As a set.
    pub fn set(&self) -> Arc<Bits> {
        match self {
            Self::Of(unit) => unit.set(),
            Self::Set(set) => Arc::clone(set),
        }
    }
}
