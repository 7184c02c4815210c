//! The orders in which hits come.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// How hits are ordered. Equal ones come in the order in which the records were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchSort {
    /// What matches best comes first.
    #[default]
    Relevance,
    /// What was made last comes first. That a record changed later, by a review or a grant, says nothing to who
    /// searches, and would move it from page to page.
    Newest,
    /// What was made first comes first.
    Oldest,
    /// By title, without case, diacritics and punctuation, numbers by value: `Área`, `«Lesson 2»`, `lesson 10`.
    Title,
}

impl SearchSort {
    /// The codes, in order.
    pub const CODES: &'static [&'static str] = &["relevance", "newest", "oldest", "title"];
}

/// What a hit is ordered by; the smaller, the earlier it comes.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey {
    /// How well it matches.
    Score(f64),
    /// When it was made, in milliseconds since 1970; the last first.
    Newest(i64),
    /// When it was made, in milliseconds since 1970; the first first.
    Oldest(i64),
    /// Its [`title_key`].
    Title(String),
}

impl SortKey {
    fn rank(&self) -> u8 {
        match self {
            SortKey::Score(_) => 0,
            SortKey::Newest(_) => 1,
            SortKey::Oldest(_) => 2,
            SortKey::Title(_) => 3,
        }
    }
}

impl Eq for SortKey {}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (SortKey::Score(a), SortKey::Score(b)) => b.total_cmp(a),
            (SortKey::Newest(a), SortKey::Newest(b)) => b.cmp(a),
            (SortKey::Oldest(a), SortKey::Oldest(b)) => a.cmp(b),
            (SortKey::Title(a), SortKey::Title(b)) => a.cmp(b),
            // One search has keys of one kind.
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

/// What titles are ordered by: their letters and digits in lower case, without diacritics, with one space between
/// words; a number begins with how many digits it has, so that 2 comes before 10.
///
/// ```
/// use cop_core::search::title_key;
/// assert!(title_key("Área y perímetro") < title_key("Lesson 2"));
/// assert!(title_key("“Lesson 2”") < title_key("lesson 10"));
/// ```
pub fn title_key(title: &str) -> String {
    // Case first and last: folding compatibility characters may bring capitals in.
    let folded = title.chars().flat_map(char::to_lowercase).nfkd().flat_map(char::to_lowercase);
    let folded: String = folded.filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().collect();
    let mut key = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !key.is_empty() {
            key.push(' ');
        }
        push_word(&mut key, word);
    }
    key
}

fn push_word(key: &mut String, mut word: &str) {
    while !word.is_empty() {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let number = word[..digits].trim_start_matches('0');
        if digits > 0 {
            // Ten digits and more are no numbers that anybody counts with.
            key.push(char::from(b'0' + number.len().min(9) as u8));
            key.push_str(number);
        }
        let letters = word[digits..].bytes().take_while(|b| !b.is_ascii_digit()).count();
        key.push_str(&word[digits..digits + letters]);
        word = &word[digits + letters..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_in_a_readers_order() {
        let mut titles = ["Zebra", "lesson 10", "Über uns", "«Lesson 2»", "¿Qué es un área?", "Lesson 2b", "", "área"];
        titles.sort_by_key(|title| title_key(title));
        assert_eq!(
            titles,
            ["", "área", "«Lesson 2»", "Lesson 2b", "lesson 10", "¿Qué es un área?", "Über uns", "Zebra"]
        );
        assert_eq!(title_key("ＡＢＣ　007"), title_key("abc 7"));
        assert!(title_key("Lesson 2: x") > title_key("Lesson 2"));
    }

    #[test]
    fn codes_are_what_is_written() {
        let sorts = [SearchSort::Relevance, SearchSort::Newest, SearchSort::Oldest, SearchSort::Title];
        assert_eq!(serde_json::json!(sorts), serde_json::json!(SearchSort::CODES));
    }

    #[test]
    fn keys_order_as_they_say() {
        assert!(SortKey::Score(2.0) < SortKey::Score(1.0));
        assert!(SortKey::Newest(2) < SortKey::Newest(1));
        assert!(SortKey::Oldest(1) < SortKey::Oldest(2));
        assert!(SortKey::Title("a".into()) < SortKey::Title("b".into()));
    }
}
