//! Words whose forms no rule of endings brings together: irregular plurals, and operations with their verbs.
//!
//! One family a line in `families.en.txt` and `families.es.txt`: its head, then the forms that are read as the head.
//! Regular endings of the head are the stemmer's: `add: addition` also brings `adding` and `adds` together. A head
//! with an exclamation mark is no stemmer's, so that `meaning!` is no `mean`.

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) static ENGLISH: LazyLock<Families> = LazyLock::new(|| Families::read(include_str!("families.en.txt")));
pub(super) static SPANISH: LazyLock<Families> = LazyLock::new(|| Families::read(include_str!("families.es.txt")));

/// The families of one language.
pub(super) struct Families(HashMap<&'static str, Head>);

/// The word that stands for its family.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub word: &'static str,
    /// Whether its own ending is left as it is.
    pub kept: bool,
}

impl Families {
    fn read(list: &'static str) -> Self {
        let kept = families(list).filter(|(head, _)| head.kept).map(|(head, _)| (head.word, head));
        Self(kept.chain(families(list).flat_map(|(head, forms)| forms.map(move |form| (form, head)))).collect())
    }

    /// The head of the family that `word` is listed in, itself or, unless it is kept, without the
    /// ending of a plural: `planes` are English planes or Spanish plans.
    pub fn head(&self, word: &str) -> Option<Head> {
        let singular =
            |ending| word.strip_suffix(ending).and_then(|singular| self.0.get(singular)).filter(|head| !head.kept);
        self.0.get(word).or_else(|| singular("s")).or_else(|| singular("es")).copied()
    }
}

fn families(list: &'static str) -> impl Iterator<Item = (Head, std::str::SplitWhitespace<'static>)> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let (head, forms) = line.split_once(':')?;
        let word = head.trim_end_matches('!');
        Some((Head { word, kept: word.len() < head.len() }, forms.split_whitespace()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use frostem::{Algorithm, Stemmer};

    use super::*;
    use crate::analysis::fold::fold;
    use crate::analysis::stop_words::STOP_WORDS;

    #[test]
    fn lists_are_in_order_and_every_word_has_one_family() {
        for list in [include_str!("families.en.txt"), include_str!("families.es.txt")] {
            let lines = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
            assert_eq!(families(list).count(), lines, "a line is no family");
            let heads: Vec<&str> = families(list).map(|(head, _)| head.word).collect();
            for pair in heads.windows(2) {
                assert!(pair[0] < pair[1], "{} and {} are out of order", pair[0], pair[1]);
            }
            let mut words: BTreeSet<&str> = heads.into_iter().collect();
            for (head, forms) in families(list) {
                assert!(head.kept || forms.clone().count() > 0, "{} has no forms", head.word);
                for form in forms {
                    assert!(words.insert(form), "{form} is in two families");
                }
            }
            for word in words {
                assert_eq!(fold(word), word, "words are folded before they are looked up");
                assert!(!STOP_WORDS.contains(&word), "{word} is left out of queries");
            }
        }
    }

    /// A form that its ending brings to its head anyway is no use here.
    #[test]
    fn every_form_is_needed() {
        for (list, algorithm) in [
            (include_str!("families.en.txt"), Algorithm::English),
            (include_str!("families.es.txt"), Algorithm::Spanish),
        ] {
            let stem = |word| Stemmer::new(algorithm).stem(word).into_owned();
            for (head, forms) in families(list) {
                for form in forms {
                    let met = if head.kept { head.word.to_owned() } else { stem(head.word) };
                    assert_ne!(stem(form), met, "{form}");
                }
            }
        }
    }
}
