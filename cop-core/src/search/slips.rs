//! Words that the viewer's documents do not have, and what was probably meant: words one slip away.
//!
//! A slip is one letter too many, one too few, another one, or two in the wrong order (Damerau 1964).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::asked::{most_frequent, word_of};
use super::{Analyzer, Asked};

/// Fewest letters of a word that is taken for a slip: shorter ones have too many neighbours.
const LEAST_CHARS: usize = 4;
/// Most letters; bounds the work.
const MOST_CHARS: usize = 32;
/// Most words of a query that are taken for slips; bounds the work.
const MOST_WORDS: usize = 8;
/// Most words that are meant by a slip.
const MOST_MEANT: usize = 3;

/// How a word was read that nothing seen has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Respelling {
    /// The word, in small letters without accents.
    pub word: String,
    /// What was looked for in its place: at most three words, those first that more records have.
    pub read_as: Vec<String>,
}

/// What a word that nothing seen has may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// What documents have.
    pub term: String,
    /// A word that is known by it: the term itself, or the first.
    pub spelling: String,
}

/// What `word`, which no visible document has, probably stands for: the terms one slip away which most documents have, at
/// most three; of equals the first. `count` says in how many documents each of some terms occurs.
///
/// # Errors
/// Those of `count`.
pub fn meant<E>(
    word: &str,
    analyzer: &dyn Analyzer,
    count: impl FnOnce(&BTreeSet<String>) -> Result<BTreeMap<String, u64>, E>,
) -> Result<Vec<Meant>, E> {
    let mut spellings = spellings(word, analyzer);
    let terms = most_frequent(count(&spellings.keys().cloned().collect())?, MOST_MEANT);
    let meant = |term: String| spellings.remove(&term).map(|spelling| Meant { term, spelling });
    Ok(terms.into_iter().filter_map(meant).collect())
}

impl Asked {
    /// Reads words that no visible document has as those that are meant by them. `matching` says how many documents have
    /// each unit, `meant` what a word stands for. Whether any word is read otherwise now.
    ///
    /// # Errors
    /// Those of `meant`.
    pub fn mend<E>(
        &mut self,
        matching: &[u64],
        mut meant: impl FnMut(&str) -> Result<Vec<Meant>, E>,
    ) -> Result<bool, E> {
        let unknown = self.units.iter_mut().zip(matching).filter(|(unit, matching)| **matching == 0 && unit.is_word());
        let mut mended = false;
        for unit in unknown.map(|(unit, _)| unit).take(MOST_WORDS) {
            let [forms] = unit.words.as_mut_slice() else { continue };
            let Some(word) = spelled(forms).map(str::to_owned) else { continue };
            let meant = meant(&word)?;
            if meant.is_empty() {
                continue;
            }
            let mut read_as: Vec<String> = Vec::new();
            for Meant { spelling, .. } in &meant {
                if !read_as.contains(spelling) {
                    read_as.push(spelling.clone());
                }
            }
            let respelling = Respelling { word: word.clone(), read_as };
            if !self.respelled.contains(&respelling) {
                self.respelled.push(respelling);
            }
            unit.written = Some(word);
            *forms = meant.into_iter().map(|meant| meant.term).collect();
            forms.sort_unstable();
            mended = true;
        }
        Ok(mended)
    }
}

/// The word as it was written, if it can be a slip.
fn spelled(forms: &[String]) -> Option<&str> {
    let word = word_of(forms)?;
    let letters = (LEAST_CHARS..=MOST_CHARS).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic);
    letters.then_some(word)
}

/// The terms that are one slip away from `word`, each with a word that is known by it: the term itself, or the first.
fn spellings(word: &str, analyzer: &dyn Analyzer) -> BTreeMap<String, String> {
    let mut spellings = BTreeMap::new();
    for neighbour in neighbours(word) {
        if let [forms] = analyzer.query_words(&neighbour).as_mut_slice() {
            for form in forms.drain(..) {
                if form == neighbour {
                    spellings.insert(form, neighbour.clone());
                } else {
                    spellings.entry(form).or_insert_with(|| neighbour.clone());
                }
            }
        }
    }
    spellings
}

/// Every text that is one slip away from `word`, with the letters from a to z; in order.
fn neighbours(word: &str) -> Vec<String> {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    let mut all = Vec::with_capacity((word.len() + 1) * 54);
    let letters = word.char_indices().map(|(at, letter)| (at, letter.len_utf8()));
    for (at, length) in letters.chain([(word.len(), 0)]) {
        let (before, rest) = word.split_at(at);
        let (letter, after) = rest.split_at(length);
        for new in (0..LETTERS.len()).map(|at| &LETTERS[at..=at]) {
            all.push([before, new, rest].concat());
            if !letter.is_empty() {
                all.push([before, new, after].concat());
            }
        }
        if !letter.is_empty() {
            all.push([before, after].concat());
        }
        if let Some(next) = after.chars().next() {
            let (next, after) = after.split_at(next.len_utf8());
            all.push([before, next, letter, after].concat());
        }
    }
    all.retain(|neighbour| neighbour != word);
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_is_a_neighbour() {
        let all = neighbours("tikcet");
        for meant in ["ticket", "tikct", "tikcets", "bikcet", "atikcet"] {
            assert!(all.iter().any(|word| word == meant), "{meant}");
        }
        assert!(all.iter().all(|word| word != "tikcet" && word != "tciket1"));
        assert_eq!(all.len(), 6 + 5 + 25 * 6 + 26 * 7 - 6, "of equal results one");
    }

    #[test]
    fn numbers_codes_and_short_words_are_no_slips() {
        let word = |text: &str| spelled(&[text.to_owned()]).is_some();
        assert!(word("tikcet") && word("años") && word("fracc"));
        assert!(!word("cat") && !word("5.nf.b.3") && !word("x2yz") && !word(&"a".repeat(33)));
        assert!(spelled(&[]).is_none());
    }
}
