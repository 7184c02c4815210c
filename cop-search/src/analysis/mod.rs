//! Texts taken apart into words: codes of standards and mathematical notation whole, everything else folded and
//! brought together by families and endings.
//!
//! | file | its job |
//! |---|---|
//! | `pieces` | where the words of a text are |
//! | `codes`, `numbers`, `powers`, `equations` | what is more than a word, and its names |
//! | `fold` | letters as they are compared |
//! | `families`, `stems` | the forms of a word brought together, by language |
//! | `stop_words` | the words that tell nothing |
//!
//! Invariants: a text has the same words wherever it is asked for, in the index, in its oracle and in
//! snippets; the work is linear in the text; a term has at most 64 characters and none of control; words are in the
//! order of their beginnings; at one position no term stands twice. Whatever changes the words of any text changes
//! [`FINGERPRINT`], and with it every index is rebuilt.

mod codes;
mod equations;
mod families;
mod fold;
mod numbers;
mod pieces;
mod powers;
mod stems;
mod stop_words;

use std::borrow::Cow;
use std::ops::Range;

use cop_core::search::{Analyzer, SmolStr, Word};
use cop_core::{Language, StandardCode};

use fold::{fold, is_character_word};
use pieces::{Depth, Kind, Piece, Pieces};
use stems::Stems;
use stop_words::STOP_WORDS;

/// Names these rules, and the stemmers' version.
const FINGERPRINT: &str = "edu-2 snowball-20261016";

/// Knows words as teachers write them.
///
/// - A standard's code in any usual spelling is one word: `CCSS.MATH.CONTENT.5.NF.B.3`, `5NFB3` and `5.nf.b.3`
///   are the same.
/// - Mathematical notation is one word however it is written: `½` and `\frac{1}{2}` are `1/2`, `−3` is `-3`, `x²` is
///   `x^2`, `y = mx + b` is `y=mx+b`; percents, money, decimals, thousands, `×`. In a text its parts are words as
///   well, at the same position: `50%` is found by `50`. In a query only the whole is meant: `50%` does not find 50.
/// - Every other word is without case and diacritics, and by the text's language without its English or Spanish
///   endings; forms that no ending tells are brought together by a list: `vertices` and `vertex`, `raíces` and
///   `raíz`, `división` and `dividir`. Chinese and Japanese characters are words of their own.
///
/// ```
/// use cop_core::search::Analyzer;
/// use cop_search::EduAnalyzer;
/// let terms = |text: &str, language: &str| -> Vec<String> {
///     let language = language.parse().expect("a language");
///     EduAnalyzer::new().words(text, &language).into_iter().map(|word| word.term.to_string()).collect()
/// };
/// assert_eq!(terms("Comparing fractions (5.NF.B.3)", "en"), ["compar", "fraction", "5.nf.b.3"]);
/// assert_eq!(terms("Fracción, fracciones", "es"), ["fraccion", "fraccion"]);
/// assert_eq!(terms("½ + 3/4", "en"), ["1/2", "3/4"]);
/// assert_eq!(terms("30% of −3", "en"), ["30%", "30", "of", "-3", "3"]);
/// assert_eq!(terms("vertices of a vertex", "en"), ["vertex", "of", "a", "vertex"]);
/// ```
pub struct EduAnalyzer(());

impl Default for EduAnalyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl EduAnalyzer {
    /// The one there is.
    pub fn new() -> Self {
        Self(())
    }
}

impl Analyzer for EduAnalyzer {
    fn words(&self, text: &str, language: &Language) -> Vec<Word> {
        let mut reading =
            Reading { text, stems: Stems::of(language), words: Vec::with_capacity(text.len() / 7), position: 0 };
        for piece in Pieces::of(text) {
            reading.take(piece);
        }
        reading.words
    }

    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        let forms = |piece: Piece| match piece.kind {
            // Who writes a number whole means it whole.
            Kind::Number(names) | Kind::Power(names) => names.into_iter().next().map(|(name, _)| vec![name]),
            Kind::Equation(name) => Some(vec![name]),
            Kind::Times => Some(vec![TIMES.to_owned()]),
            Kind::Code => code(&text[piece.range]).map(|code| vec![code]),
            Kind::Word => match Folded::read(&text[piece.range])? {
                Folded::Whole(term) => Some(vec![term.into_owned()]),
                Folded::Plain(folded) => Some(forms_of(folded.into_owned())),
            },
        };
        // Codes with spaces, `5 NF B 3`, are read in queries only: in prose these may be other words.
        if StandardCode::spelled(text) == Some(text.len()) {
            return code(text).map(|code| vec![vec![code]]).unwrap_or_default();
        }
        Pieces::of(text).filter_map(forms).collect()
    }

    fn whole(&self, text: &str) -> Option<usize> {
        let bracketed = text.len() - text.trim_start_matches(['(', '[', '{', '¿', '¡']).len();
        let whole = StandardCode::spelled(&text[bracketed..]).map(|length| bracketed + length);
        whole.or_else(|| {
            let piece = Pieces::of(text).begins(bracketed)?;
            let raw = &text[piece.range.clone()];
            // A minus leaves out what comes next, unless that is a number.
            let signed =
                raw.strip_prefix('-').map(|rest| rest.starts_with(|c: char| c.is_numeric() || "$.".contains(c)));
            let whole = match signed {
                Some(number) => number && bracketed == 0,
                None => raw.contains(char::is_whitespace),
            };
            whole.then_some(piece.range.end)
        })
    }

    fn is_common(&self, forms: &[String]) -> bool {
        // The longest form is the word itself: a stem may look like another word.
        forms.iter().max_by_key(|form| form.len()).is_some_and(|word| STOP_WORDS.contains(&word.as_str()))
    }

    fn fold(&self, word: &str) -> String {
        fold(word).into_owned()
    }

    fn fingerprint(&self) -> String {
        FINGERPRINT.to_owned()
    }
}

/// The word for multiplying.
const TIMES: &str = "×";

fn code(raw: &str) -> Option<String> {
    StandardCode::new(raw).map(|code| code.to_string())
}

/// Under what a word is found in any language.
fn forms_of(folded: String) -> Vec<String> {
    let known = [Stems::English, Stems::Spanish];
    // A word that one language keeps from its stemmer is no word of the other, whose stemmer would undo that.
    let kept = known.iter().position(|stems| stems.keeps(&folded));
    let stems = kept.map_or(&known[..], |at| &known[at..=at]).iter().map(|stems| stems.stem(&folded));
    let mut forms: Vec<String> = stems.filter(|stem| *stem != folded).map(Cow::into_owned).collect();
    forms.push(folded);
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// The words of a text, as far as it was read.
struct Reading<'a> {
    text: &'a str,
    stems: Option<Stems>,
    words: Vec<Word>,
    position: u32,
}

impl Reading<'_> {
    /// Adds a piece; whatever it is found by has one position.
    fn take(&mut self, piece: Piece) {
        let first = self.words.len();
        let simple = matches!(piece.kind, Kind::Word | Kind::Code | Kind::Times);
        self.push(piece);
        if !simple {
            let words = &mut self.words[first..];
            words.sort_by(|a, b| a.range.start.cmp(&b.range.start).then(b.range.end.cmp(&a.range.end)));
            let mut kept = first;
            for at in first..self.words.len() {
                if self.words[first..kept].iter().all(|word| word.term != self.words[at].term) {
                    self.words.swap(kept, at);
                    kept += 1;
                }
            }
            self.words.truncate(kept);
        }
        self.position += u32::from(self.words.len() > first);
    }

    fn push(&mut self, piece: Piece) {
        let Piece { range, kind } = piece;
        match kind {
            Kind::Word => {
                let term = match Folded::read(&self.text[range.clone()]) {
                    Some(Folded::Plain(folded)) => match self.stems {
                        Some(stems) => stems.stem_of_many(&folded),
                        None => folded.as_ref().into(),
                    },
                    Some(Folded::Whole(term)) => term.as_ref().into(),
                    None => return,
                };
                self.add(term, range);
            }
            Kind::Code => {
                if let Some(code) = code(&self.text[range.clone()]) {
                    self.add(code.into(), range);
                }
            }
            Kind::Times => self.add(TIMES.into(), range),
            Kind::Number(names) => names.into_iter().for_each(|(name, range)| self.add(name.into(), range)),
            Kind::Power(names) => {
                names.into_iter().for_each(|(name, range)| self.add(name.into(), range));
                self.parts(&range, Depth::Words);
            }
            Kind::Equation(name) => {
                self.add(name.into(), range.clone());
                self.parts(&range, Depth::Powers);
            }
        }
    }

    fn parts(&mut self, range: &Range<usize>, depth: Depth) {
        for part in Pieces::within(self.text, range, depth) {
            self.push(part);
        }
    }

    fn add(&mut self, term: SmolStr, range: Range<usize>) {
        self.words.push(Word { term, position: self.position, range });
    }
}

/// A word, folded.
enum Folded<'a> {
    /// A word with a digit, or a character that is a word: stays as it is.
    Whole(Cow<'a, str>),
    /// A word of a language.
    Plain(Cow<'a, str>),
}

impl<'a> Folded<'a> {
    /// Folds what [`Pieces`] found; none where folding leaves nothing.
    fn read(raw: &'a str) -> Option<Self> {
        let has_digit = raw.bytes().any(|b| b.is_ascii_digit());
        let folded = fold(raw);
        match has_digit || !raw.is_ascii() && folded.chars().any(|c| c.is_numeric() || is_character_word(c)) {
            _ if folded.is_empty() => None,
            true => Some(Folded::Whole(folded)),
            false => Some(Folded::Plain(folded)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn terms(text: &str, language: &str) -> Vec<String> {
        let words = EduAnalyzer::new().words(text, &language.parse().expect("a language"));
        let mut before: Option<&Word> = None;
        let mut here: BTreeSet<&str> = BTreeSet::new();
        for word in &words {
            // Positions count the pieces; those of one piece begin in order, each with a term of its own.
            let step = word.position - before.map_or(0, |before| before.position);
            assert!(step <= 1 && (before.is_some() || step == 0), "{word:?}");
            assert!(before.is_none_or(|before| before.range.start <= word.range.start), "{word:?}");
            if step > 0 {
                here.clear();
            }
            assert!(here.insert(&word.term) && word.term.chars().count() <= 64, "{word:?}");
            before = Some(word);
            assert!(text.get(word.range.clone()).is_some_and(|raw| !raw.is_empty()), "{word:?}");
        }
        words.into_iter().map(|word| word.term.to_string()).collect()
    }

    fn same(language: &str, pairs: &[(&str, &str)]) {
        for (a, b) in pairs {
            assert_eq!(terms(a, language), terms(b, language), "{a} and {b}");
            assert_eq!(terms(a, language).len(), 1, "{a}");
        }
    }

    #[test]
    fn common_words_are_told_from_telling_ones() {
        let common = |word: &str| EduAnalyzer::new().is_common(&EduAnalyzer::new().query_words(word)[0]);
        for word in ["the", "The", "de", "Qué", "on", "y"] {
            assert!(common(word), "{word}");
        }
        for word in ["of", "more", "less", "not", "por", "más", "ases", "ones", "x", "5.NF.B.3", "1/2"] {
            assert!(!common(word), "{word}");
        }
    }

    #[test]
    fn endings_meet_by_language() {
        same(
            "en",
            &[
                ("fraction", "Fractions"),
                ("comparing", "compare"),
                ("measured", "measuring"),
                ("équation", "equations"),
            ],
        );
        same(
            "es",
            &[
                ("fracción", "fracciones"),
                ("fraccion", "Fracciones"),
                ("maestra", "maestros"),
                ("matemática", "matematicas"),
                ("número", "NUMEROS"),
                ("niña", "ninas"),
            ],
        );
        assert_eq!(terms("fracciones", "fr"), ["fracciones"]);
        assert_eq!(terms("fractions", "en-US"), ["fraction"]);
    }

    #[test]
    fn codes_are_one_word_in_any_spelling() {
        for text in ["5.NF.B.3", "CCSS.MATH.CONTENT.5.NF.B.3", "5NFB3", "(5-NF-B-3)", "5.nf.b.3.", "05.NF.B.3,"] {
            assert_eq!(terms(text, "en"), ["5.nf.b.3"], "{text}");
        }
        assert_eq!(terms("see HSA-REI.B.3 and MP1", "en"), ["see", "hsa.rei.b.3", "and", "mp.1"]);
        assert_eq!(terms("5.NF.B.3/5.NF.B.4", "en"), ["5.nf.b.3", "5.nf.b.4"]);
        assert_eq!(terms("5.NF.B.3é", "en").len(), 4, "no code ends inside a word");
    }

    #[test]
    fn simple_numbers_are_one_word() {
        assert_eq!(terms("3/4 of 2.5, or ½; 1½", "en"), ["3/4", "of", "2.5", "or", "1/2", "1", "1/2"]);
        assert_eq!(
            terms("3/4/2021 1.2.3 3/x .5 5. 2.5inch", "en"),
            ["3", "4", "2021", "1", "2", "3", "3", "x", "0.5", "5", "2.5", "inch"]
        );
        assert_eq!(terms("1,000 clips", "en"), ["1000", "clip"]);
    }

    #[test]
    fn notation_is_one_word_with_its_parts_at_the_same_place() {
        let cases = [
            ("x-intercept y=mx+b", vec![vec!["x"], vec!["intercept"], vec!["y=mx+b", "y", "mx", "b"]]),
            ("50% of $5", vec![vec!["50%", "50"], vec!["of"], vec!["$5", "5"]]),
            ("16x² − 3", vec![vec!["16x^2", "16x", "x^2", "2"], vec!["3"]]),
            ("y=-3x^2+½", vec![vec!["y=-3x^2+1/2", "y", "3x^2", "3x", "x^2", "2", "1/2"]]),
            ("x=x", vec![vec!["x=x", "x"]]),
            ("10^{-3}", vec![vec!["10^-3", "10", "-3", "3"]]),
            ("3 × 4 \\times 5*6", vec![vec!["3"], vec!["×"], vec!["4"], vec!["×"], vec!["5"], vec!["×"], vec!["6"]]),
            ("$5$ cm", vec![vec!["5"], vec!["cm"]]),
            ("a * b *c*", vec![vec!["a"], vec!["b"], vec!["c"]]),
        ];
        for (text, expected) in cases {
            terms(text, "fr");
            let words = EduAnalyzer::new().words(text, &"fr".parse().expect("a language"));
            let mut places: Vec<Vec<String>> = Vec::new();
            for word in words {
                places.resize(places.len().max(word.position as usize + 1), Vec::new());
                places[word.position as usize].push(word.term.to_string());
            }
            assert_eq!(places, expected, "{text}");
        }
    }

    #[test]
    fn a_query_means_notation_whole() {
        let analyzer = EduAnalyzer::new();
        for (query, term) in [
            ("50%", "50%"),
            ("$5", "$5"),
            ("−3", "-3"),
            ("x²", "x^2"),
            ("16x^2", "16x^2"),
            ("y = mx + b", "y=mx+b"),
            ("×", "×"),
        ] {
            assert_eq!(analyzer.query_words(query), [[term.to_owned()]], "{query}");
        }
        for (text, whole) in [
            ("y = mx + b form", Some(10)),
            ("(y = mx + b)", Some(11)),
            ("-3 degrees", Some(2)),
            ("-$5", Some(3)),
            ("50 % of", Some(4)),
            ("CCSS 5.NF.B.3 task", Some(13)),
            ("5 NF B 3", Some(8)),
            ("-decimals", None),
            ("-5.NF.B.3", None),
            ("-3x", None),
            ("-x=3", None),
            ("y=mx+b", None),
            ("fractions", None),
            ("", None),
            ("(", None),
        ] {
            assert_eq!(analyzer.whole(text), whole, "{text}");
        }
    }

    #[test]
    fn scripts_are_read_as_their_readers_do() {
        assert_eq!(terms("ÅNGSTRÖM İstanbul ﬁne Ｆｕｌｌ", "en"), ["angstrom", "istanbul", "fine", "full"]);
        assert_eq!(terms("分数", "zh"), ["分", "数"]);
        assert_eq!(terms("é", "fr"), terms("e\u{301}", "fr"));
        assert_eq!(terms("भिन्न", "hi").len(), 1);
    }

    #[test]
    fn a_query_finds_every_language() {
        let analyzer = EduAnalyzer::new();
        for (query, text, language) in [
            ("Fractions", "fraction", "en"),
            ("fracción", "fracciones", "es"),
            ("fractions", "FRACTIONS", "fr"),
            ("5NFB3", "5.NF.B.3", "es"),
            ("½", "1/2", "en"),
        ] {
            let forms = analyzer.query_words(query);
            assert_eq!(forms.len(), 1);
            assert!(forms[0].is_sorted() && forms[0].contains(&terms(text, language)[0]), "{query} and {text}");
        }
        assert_eq!(analyzer.query_words("5.NF.B.3")[0].len(), 1);
    }

    #[test]
    fn anything_is_a_text_and_takes_linear_time() {
        for piece in [
            "", "a", "-", "a-", "1.", "1/", "\0", "e\u{301}", "\u{301}", "5.NF.", "分", "½", "ß", "\u{2044}", "$1",
            "x^", "x²", "1,", "a=", "(a=", "a+", "-1", "\\frac{", "2*", "{x}^", "1 ", "5 NF ", "$5$", "50 %", "HS-",
        ] {
            let text = piece.repeat(20_000);
            let _ = terms(&text, "en");
            let _ = EduAnalyzer::new().query_words(&text);
        }
        assert_eq!(terms(&"x".repeat(100_000), "fr"), ["x".repeat(64)]);
    }
}
