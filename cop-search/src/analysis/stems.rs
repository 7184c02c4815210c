//! The forms of a word brought together: by what its language knows of it, then by its ending.

use std::borrow::Cow;
use std::cell::RefCell;

use cop_core::Language;
use cop_core::search::SmolStr;
use frostem::{Algorithm, Stemmer};

use super::families::{ENGLISH, Families, SPANISH};

/// So many stems are remembered for each language and thread, as a power of two.
const REMEMBERED_BITS: u32 = 13;
/// Longer words are rare, and not remembered.
const MAX_REMEMBERED_BYTES: usize = 24;

/// Languages whose endings are known.
#[derive(Clone, Copy)]
pub(super) enum Stems {
    English,
    Spanish,
}

thread_local! {
    /// The stems of the last words: a stemmer takes several times as long as a look-up, and few words make most of
    /// any text.
    static STEMMED: RefCell<[Remembered; 2]> = RefCell::default();
}

/// The stems of the last words: each word has one place, which it takes from the one before.
#[derive(Default)]
struct Remembered(Vec<Place>);

/// A word, with zeros behind it, and its stem.
type Place = ([u8; MAX_REMEMBERED_BYTES], SmolStr);

impl Remembered {
    /// The stem of a word of at most [`MAX_REMEMBERED_BYTES`].
    fn get(&mut self, word: &str, stem: impl FnOnce() -> SmolStr) -> SmolStr {
        let mut padded = [0; MAX_REMEMBERED_BYTES];
        padded[..word.len()].copy_from_slice(word.as_bytes());
        let (parts, _) = padded.as_chunks();
        let mark = parts.iter().fold(0u64, |mark, part| mark.rotate_left(21) ^ u64::from_le_bytes(*part));
        // Fibonacci hashing: the upper bits of the product tell most.
        let at = mark.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - REMEMBERED_BITS);
        if self.0.is_empty() {
            // As if the word without letters, whose stem has none, had been everywhere.
            self.0 = vec![Place::default(); 1 << REMEMBERED_BITS];
        }
        let place = &mut self.0[at as usize];
        if place.0 != padded {
            *place = (padded, stem());
        }
        place.1.clone()
    }
}

impl Stems {
    pub fn of(language: &Language) -> Option<Self> {
        match language.primary() {
            "en" => Some(Stems::English),
            "es" => Some(Stems::Spanish),
            _ => None,
        }
    }

    fn rules(self) -> (&'static Families, Algorithm) {
        match self {
            Stems::English => (&ENGLISH, Algorithm::English),
            Stems::Spanish => (&SPANISH, Algorithm::Spanish),
        }
    }

    /// Whether a folded word stays as it is, although it has an ending.
    pub fn keeps(self, word: &str) -> bool {
        self.rules().0.head(word).is_some_and(|head| head.kept)
    }

    /// What a folded word has in common with the others of its family.
    pub fn stem(self, word: &str) -> Cow<'_, str> {
        let (families, algorithm) = self.rules();
        match families.head(word) {
            Some(head) if head.kept => head.word.into(),
            head => Stemmer::new(algorithm).stem(head.map_or(word, |head| head.word)),
        }
    }

    /// The same for a word of a text, where most were there before.
    pub fn stem_of_many(self, word: &str) -> SmolStr {
        let stem = || SmolStr::from(self.stem(word));
        match word.len() > MAX_REMEMBERED_BYTES {
            true => stem(),
            false => STEMMED.with_borrow_mut(|stemmed| stemmed[self as usize].get(word, stem)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        let words =
            (0..40_000u32).map(|n| format!("{}ings", n % 20_000)).chain(["", "a", "\u{e9}t\u{e9}s"].map(String::from));
        for word in words {
            for stems in [Stems::English, Stems::Spanish] {
                assert_eq!(*stems.stem_of_many(&word), *stems.stem(&word), "{word}");
            }
        }
    }
}
