//! The forms of a word brought together: by what its language knows of it, then by its ending.

use std::cell::RefCell;
use std::collections::HashMap;

use cop_core::Language;
use frostem::{Algorithm, Stemmer};

use super::families::{ENGLISH, Families, SPANISH};

/// Stems that are remembered for each language and thread.
const MAX_REMEMBERED: usize = 8_192;
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
    static STEMMED: RefCell<[HashMap<String, String>; 2]> = RefCell::default();
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
    pub fn stem(self, word: &str) -> String {
        let stem = || {
            let (families, algorithm) = self.rules();
            match families.head(word) {
                Some(head) if head.kept => head.word.to_owned(),
                head => Stemmer::new(algorithm).stem(head.map_or(word, |head| head.word)).into_owned(),
            }
        };
        if word.len() > MAX_REMEMBERED_BYTES {
            return stem();
        }
        STEMMED.with_borrow_mut(|stemmed| {
            let stemmed = &mut stemmed[self as usize];
            if let Some(stem) = stemmed.get(word) {
                return stem.clone();
            }
            if stemmed.len() >= MAX_REMEMBERED {
                stemmed.clear();
            }
            let stem = stem();
            stemmed.insert(word.to_owned(), stem.clone());
            stem
        })
    }
}
