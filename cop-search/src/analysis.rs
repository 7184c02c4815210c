//! Texts taken apart into words: standards' codes and numbers whole, everything else folded and stemmed.
//!
//! Invariants: a text has the same words wherever it is asked for, in the index, in its oracle and in
//! snippets; the work is linear in the text; a term has at most [`MAX_WORD_CHARS`] characters. Whatever
//! changes the words of any text changes [`FINGERPRINT`], and with it every index is rebuilt.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use cop_core::search::{Analyzer, Word};
use cop_core::{Language, StandardCode};
use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Names these rules, and the stemmers' version.
const FINGERPRINT: &str = "edu-1 snowball-20261016";
/// Of a longer word only the beginning counts.
const MAX_WORD_CHARS: usize = 64;
/// A standard's code is never longer; bounds how far one is looked for.
const MAX_CODE_BYTES: usize = 40;

/// Stems that are remembered for each language and thread.
const MAX_REMEMBERED: usize = 8_192;
/// Longer words are rare, and not remembered.
const MAX_REMEMBERED_BYTES: usize = 24;

/// Words that tell nothing about what is asked, in English and Spanish, folded. Words that mean something in
/// mathematics are none of them: `of`, `to`, `all`, `some`, `less`, `more`, `not`, `por`, `mas`, `menos`.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "but", "can", "do", "does", "for", "from", "has", "have", "how", "i", "in",
    "is", "it", "its", "on", "or", "our", "that", "the", "their", "there", "this", "was", "we", "were", "what", "when",
    "where", "which", "who", "will", "with", "you", "your",
    "al", "como", "con", "cual", "cuando", "de", "del", "el", "en", "es", "esta", "este", "la", "las", "lo", "los", "o",
    "para", "pero", "que", "se", "si", "son", "su", "sus", "u", "un", "una", "unas", "unos", "y",
];

/// Knows words as teachers write them.
///
/// - A standard's code in any usual spelling is one word: `CCSS.MATH.CONTENT.5.NF.B.3`, `5NFB3` and `5.nf.b.3`
///   are the same. So are fractions and decimals, `3/4` and `½` and `2.5`.
/// - Every other word is without case and diacritics, and by the text's language without its English or Spanish
///   endings. Chinese and Japanese characters are words of their own.
///
/// ```
/// use cop_core::search::Analyzer;
/// use cop_search::EduAnalyzer;
/// let terms = |text: &str, language: &str| -> Vec<String> {
///     let language = language.parse().expect("a language");
///     EduAnalyzer::new().words(text, &language).into_iter().map(|word| word.term).collect()
/// };
/// assert_eq!(terms("Comparing fractions (5.NF.B.3)", "en"), ["compar", "fraction", "5.nf.b.3"]);
/// assert_eq!(terms("Fracción, fracciones", "es"), ["fraccion", "fraccion"]);
/// assert_eq!(terms("½ + 3/4", "en"), ["1/2", "3/4"]);
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
        let stems = Stems::of(language);
        let term = |piece| match piece {
            Piece::Whole(term) => term,
            Piece::Plain(folded) => stems.map_or_else(|| folded.clone(), |stems| stems.stem(&folded)),
        };
        let pieces = Pieces { text, at: 0 }.filter_map(|range| Some((Piece::read(&text[range.clone()])?, range)));
        pieces.zip(0..).map(|((piece, range), position)| Word { term: term(piece), position, range }).collect()
    }

    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        let forms = |piece| match piece {
            Piece::Whole(term) => vec![term],
            Piece::Plain(folded) => {
                let stems = [Stems::English, Stems::Spanish].map(|stems| stems.stem(&folded));
                BTreeSet::from_iter(stems.into_iter().chain([folded])).into_iter().collect()
            }
        };
        Pieces { text, at: 0 }.filter_map(|range| Piece::read(&text[range])).map(forms).collect()
    }

    fn is_common(&self, forms: &[String]) -> bool {
        // The longest form is the word itself: a stem may look like another word.
        forms.iter().max_by_key(|form| form.len()).is_some_and(|word| COMMON.contains(&word.as_str()))
    }

    fn fingerprint(&self) -> String {
        FINGERPRINT.to_owned()
    }
}

/// Languages whose endings are known.
#[derive(Clone, Copy)]
enum Stems {
    English,
    Spanish,
}

thread_local! {
    /// The stems of the last words: a stemmer takes several times as long as a look-up, and few words make most of
    /// any text.
    static STEMMED: RefCell<[HashMap<String, String>; 2]> = RefCell::default();
}

impl Stems {
    fn of(language: &Language) -> Option<Self> {
        match language.primary() {
            "en" => Some(Stems::English),
            "es" => Some(Stems::Spanish),
            _ => None,
        }
    }

    fn stem(self, word: &str) -> String {
        let stem = || {
            let algorithm = match self {
                Stems::English => Algorithm::English,
                Stems::Spanish => Algorithm::Spanish,
            };
            Stemmer::new(algorithm).stem(word).into_owned()
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

/// A word, folded.
enum Piece {
    /// A code, a number, or a word with a digit: stays as it is.
    Whole(String),
    /// A word of a language.
    Plain(String),
}

impl Piece {
    /// Reads what [`Pieces`] found; none where folding leaves nothing.
    fn read(raw: &str) -> Option<Self> {
        let has_digit = raw.bytes().any(|b| b.is_ascii_digit());
        if has_digit && StandardCode::looks_like(raw) {
            return StandardCode::new(raw).map(|code| Piece::Whole(code.to_string()));
        }
        let folded = fold(raw);
        match has_digit || !raw.is_ascii() && folded.chars().any(|c| c.is_numeric() || is_character_word(c)) {
            _ if folded.is_empty() => None,
            true => Some(Piece::Whole(folded)),
            false => Some(Piece::Plain(folded)),
        }
    }
}

/// Lower case without diacritics: `Fracción` is `fraccion`, `½` is `1/2`.
fn fold(raw: &str) -> String {
    if raw.is_ascii() {
        let cut = raw.len().min(MAX_WORD_CHARS);
        return raw[..cut].to_ascii_lowercase();
    }
    let decomposed = raw.chars().take(MAX_WORD_CHARS).nfkd().filter(|c| !is_diacritic(*c));
    let lower = decomposed.flat_map(char::to_lowercase).filter(|c| !is_diacritic(*c));
    lower.nfc().map(|c| if c == '\u{2044}' { '/' } else { c }).take(MAX_WORD_CHARS).collect()
}

/// The marks of Latin, Greek and Cyrillic script; those of other scripts are letters to their readers.
fn is_diacritic(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Scripts that are written without spaces: each character is taken for a word.
fn is_character_word(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Numbers of one character, such as `½`, end a word on either side: `1½` is two.
fn is_vulgar_fraction(c: char) -> bool {
    matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215f}' | '\u{2189}')
}

fn in_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    (c.is_alphanumeric() || is_combining_mark(c)) && !is_character_word(c) && !is_vulgar_fraction(c)
}

/// Where the words of a text are.
struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let (offset, first) = rest.char_indices().find(|(_, c)| c.is_alphanumeric())?;
        let start = self.at + offset;
        let rest = &self.text[start..];
        let length = if is_character_word(first) || is_vulgar_fraction(first) {
            first.len_utf8()
        } else {
            let word = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
            code(rest).or_else(|| number(&self.text[..start], rest)).unwrap_or(word)
        };
        self.at = start + length;
        Some(start..self.at)
    }
}

/// The length of the standard's code that `text` begins with.
fn code(text: &str) -> Option<usize> {
    let joins = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let run = text.bytes().take(MAX_CODE_BYTES + 2).take_while(joins).count();
    if !text.as_bytes()[..run].iter().any(u8::is_ascii_digit) {
        return None;
    }
    let length = text[..run].trim_end_matches(['.', '-']).len();
    let whole = !text[length..].starts_with(in_word);
    (whole && length <= MAX_CODE_BYTES && StandardCode::looks_like(&text[..length])).then_some(length)
}

/// The length of the fraction or decimal that `text` begins with: two runs of digits around one `/` or `.`,
/// and not a part of a date or of a numbering.
fn number(before: &str, text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take(MAX_WORD_CHARS).take_while(u8::is_ascii_digit).count();
    let first = digits(text);
    let join = text[first..].chars().next().filter(|c| first > 0 && matches!(c, '/' | '.'))?;
    let second = digits(&text[first + 1..]);
    let length = first + 1 + second;
    let mut after = text[length..].chars();
    let goes_on = match after.next() {
        Some(c) if c == join => after.next().is_some_and(char::is_alphanumeric),
        Some(c) => in_word(c),
        None => false,
    };
    let mut before = before.chars().rev();
    let went_on = before.next() == Some(join) && before.next().is_some_and(char::is_alphanumeric);
    (second > 0 && length <= MAX_WORD_CHARS && !goes_on && !went_on).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str, language: &str) -> Vec<String> {
        let words = EduAnalyzer::new().words(text, &language.parse().expect("a language"));
        for (word, position) in words.iter().zip(0..) {
            assert_eq!(word.position, position);
            assert!(text.get(word.range.clone()).is_some_and(|raw| !raw.is_empty()), "{word:?}");
        }
        words.into_iter().map(|word| word.term).collect()
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
            terms("3/4/2021 1.2.3 3/x .5 5. 2.5kg", "en"),
            ["3", "4", "2021", "1", "2", "3", "3", "x", "5", "5", "2", "5kg"]
        );
        assert_eq!(terms("x-intercept y=mx+b", "en"), ["x", "intercept", "y", "mx", "b"]);
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
        for piece in ["", "a", "-", "a-", "1.", "1/", "\0", "e\u{301}", "\u{301}", "5.NF.", "分", "½", "ß", "\u{2044}"]
        {
            let text = piece.repeat(20_000);
            let _ = terms(&text, "en");
            let _ = EduAnalyzer::new().query_words(&text);
        }
        assert_eq!(terms(&"x".repeat(100_000), "fr"), ["x".repeat(MAX_WORD_CHARS)]);
    }
}
