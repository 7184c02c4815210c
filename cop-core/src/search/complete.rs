//! Half a word becomes a word: those of titles and tags, for people who type on a phone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Analyzer, Document, MIN_PREFIX_CHARS};

/// Most completions that are answered.
pub const MAX_COMPLETIONS: usize = 20;
/// Most letters of a word that is a completion.
const MOST_CHARS: usize = 40;

/// What a text may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The text, its last word complete.
    pub text: String,
    /// How many records that the viewer sees have the word in their title or tags.
    pub count: u64,
}

/// A text whose last word is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished<'a> {
    /// What stands before that word.
    before: &'a str,
    /// What the word begins with, folded.
    pub prefix: String,
}

impl<'a> Unfinished<'a> {
    /// Reads a text; none if too little is there of its last word.
    pub fn of(text: &'a str, analyzer: &dyn Analyzer) -> Option<Self> {
        let start =
            text.rfind(|c: char| !belongs(c)).map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
        let (before, begun) = text.split_at(start);
        let length = begun.chars().filter(|c| c.is_alphanumeric()).count();
        let prefix = analyzer.fold(begun);
        ((MIN_PREFIX_CHARS..=MOST_CHARS).contains(&length) && !prefix.is_empty()).then_some(Self { before, prefix })
    }

    /// The text with this word at its end.
    pub fn completed(&self, word: &str, count: u64) -> Completion {
        Completion { text: format!("{}{word}", self.before), count }
    }
}

/// Whether a character may stand in a word that is completed: codes of standards and compounds are whole.
fn belongs(c: char) -> bool {
    c.is_alphanumeric() || "'’.-".contains(c)
}

/// The words of a document that completions are made of, each with how it is folded: of its title and tags, in small
/// letters, without those that tell nothing.
pub fn completing_words(document: &Document, analyzer: &dyn Analyzer) -> BTreeSet<(String, String)> {
    let texts = document.tags.iter().chain([&document.title]);
    let words = texts
        .flat_map(|text| text.split(|c| !belongs(c)))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let telling = |word: &&str| {
        (MIN_PREFIX_CHARS..=MOST_CHARS).contains(&word.chars().count())
            && !analyzer.query_words(word).iter().all(|forms| analyzer.is_common(forms))
    };
    words.filter(telling).map(|word| (analyzer.fold(word), word.to_lowercase())).collect()
}

/// The words that most documents have, at most `most`; of equals the first.
pub fn most_common(mut counted: Vec<(String, u64)>, most: usize) -> Vec<(String, u64)> {
    counted.retain(|(_, count)| *count > 0);
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted.truncate(most);
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::PlainAnalyzer;

    #[test]
    fn the_last_word_is_being_typed() {
        let read = |text: &'static str| Unfinished::of(text, &PlainAnalyzer).map(|it| (it.before, it.prefix));
        assert_eq!(read("adding Frac"), Some(("adding ", "frac".to_owned())));
        assert_eq!(read("5.NF"), Some(("", "5.nf".to_owned())));
        assert_eq!(read("\"number li"), Some(("\"number ", "li".to_owned())));
        assert_eq!(read("kind:ta"), Some(("kind:", "ta".to_owned())));
        for nothing in ["", "f", "fractions ", "…", "a ..", &"x".repeat(41)] {
            assert_eq!(Unfinished::of(nothing, &PlainAnalyzer), None, "{nothing}");
        }
        let text = Unfinished::of("Brüche und Wür", &PlainAnalyzer).expect("half a word");
        assert_eq!(text.completed("würfel", 2), Completion { text: "Brüche und würfel".to_owned(), count: 2 });
    }
}
