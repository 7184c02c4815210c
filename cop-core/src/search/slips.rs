//! Words that the viewer's documents do not have, and what was probably meant: words one slip away.
//!
//! A slip is one letter too many, one too few, another one, or two in the wrong order (Damerau 1964).

use std::collections::{BTreeMap, BTreeSet};

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

impl Asked {
    /// Reads words that no visible document has as those one slip away which most documents have; of equals the
    /// first. `matching` says how many documents have each unit, `count` in how many each of some terms occurs.
    /// Whether any word is read otherwise now.
    ///
    /// # Errors
    /// Those of `count`.
    pub fn mend<E>(
        &mut self,
        analyzer: &dyn Analyzer,
        matching: &[u64],
        mut count: impl FnMut(&BTreeSet<String>) -> Result<BTreeMap<String, u64>, E>,
    ) -> Result<bool, E> {
        let unknown = self.units.iter_mut().zip(matching).filter(|(unit, matching)| **matching == 0 && unit.is_word());
        let mut mended = false;
        for unit in unknown.map(|(unit, _)| unit).take(MOST_WORDS) {
            let [forms] = unit.words.as_mut_slice() else { continue };
            let Some(word) = spelled(forms) else { continue };
            let mut terms = BTreeSet::new();
            for neighbour in neighbours(word) {
                if let [neighbour] = analyzer.query_words(&neighbour).as_mut_slice() {
                    terms.append(&mut BTreeSet::from_iter(neighbour.drain(..)));
                }
            }
            let mut meant = most_frequent(count(&terms)?, MOST_MEANT);
            if !meant.is_empty() {
                meant.sort_unstable();
                *forms = meant;
                mended = true;
            }
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

/// Every text that is one slip away from `word`, with the letters from a to z.
fn neighbours(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let with = |change: &dyn Fn(&mut Vec<char>)| -> String {
        let mut changed = letters.clone();
        change(&mut changed);
        changed.into_iter().collect()
    };
    let mut all = BTreeSet::new();
    for at in 0..=letters.len() {
        for letter in 'a'..='z' {
            all.insert(with(&|word| word.insert(at, letter)));
            if at < letters.len() {
                all.insert(with(&|word| word[at] = letter));
            }
        }
        if at < letters.len() {
            all.insert(with(&|word| word.truncate(at)) + &letters[at + 1..].iter().collect::<String>());
        }
        if at + 1 < letters.len() {
            all.insert(with(&|word| word.swap(at, at + 1)));
        }
    }
    all.remove(word);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_is_a_neighbour() {
        let all = neighbours("tikcet");
        for meant in ["ticket", "tikct", "tikcets", "bikcet", "atikcet"] {
            assert!(all.contains(meant), "{meant}");
        }
        assert!(!all.contains("tikcet") && !all.contains("tciket1"));
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
