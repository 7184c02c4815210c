//! The forms of a word brought together: by what its language knows of it, then by its ending.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use cop_core::Language;
use frostem::{Algorithm, Stemmer};

use super::families::{ENGLISH, Families, SPANISH};

/// Stems that are remembered for each language and thread, twice over.
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
    static STEMMED: RefCell<[Remembered; 2]> = RefCell::default();
}

/// The stems of the last words. When many are remembered, those that were asked for since the last time stay.
#[derive(Default)]
struct Remembered {
    recent: HashMap<Box<str>, Arc<str>>,
    older: HashMap<Box<str>, Arc<str>>,
}

impl Remembered {
    fn get(&mut self, word: &str, stem: impl FnOnce() -> Arc<str>) -> Arc<str> {
        if let Some(stem) = self.recent.get(word) {
            return Arc::clone(stem);
        }
        let (word, stem) = self.older.remove_entry(word).unwrap_or_else(|| (word.into(), stem()));
        if self.recent.len() >= MAX_REMEMBERED {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(word, Arc::clone(&stem));
        stem
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
    pub fn stem_of_many(self, word: &str) -> Arc<str> {
        let stem = || Arc::from(self.stem(word));
        match word.len() > MAX_REMEMBERED_BYTES {
            true => stem(),
            false => STEMMED.with_borrow_mut(|stemmed| stemmed[self as usize].get(word, stem)),
        }
    }
}
