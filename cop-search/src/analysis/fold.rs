//! Letters as they are compared: without case, diacritics and width; and which characters belong to words.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Of a longer word only the beginning counts.
const MAX_WORD_CHARS: usize = 64;

/// Lower case without diacritics: `Fracción` is `fraccion`, `½` is `1/2`.
pub(super) fn fold(raw: &str) -> Cow<'_, str> {
    if raw.is_ascii() {
        let cut = &raw[..raw.len().min(MAX_WORD_CHARS)];
        // Most words are written small, and need no copy.
        let large = cut.bytes().any(|b| b.is_ascii_uppercase());
        return if large { Cow::Owned(cut.to_ascii_lowercase()) } else { Cow::Borrowed(cut) };
    }
    let decomposed = raw.chars().take(MAX_WORD_CHARS).nfkd().filter(|c| !is_diacritic(*c));
    let lower = decomposed.flat_map(char::to_lowercase).filter(|c| !is_diacritic(*c));
    lower.nfc().map(|c| if c == '\u{2044}' { '/' } else { c }).take(MAX_WORD_CHARS).collect::<String>().into()
}

/// The marks of Latin, Greek and Cyrillic script; those of other scripts are letters to their readers.
fn is_diacritic(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Scripts that are written without spaces: each character is taken for a word.
pub(super) fn is_character_word(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Numbers of one character, such as `½`, end a word on either side: `1½` is two.
pub(super) fn is_vulgar_fraction(c: char) -> bool {
    matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215e}' | '\u{2189}')
}

/// The plain character of a raised one: `²` is an exponent, and no part of the word before it.
pub(super) fn superscript(c: char) -> Option<char> {
    Some(match c {
        '\u{2070}' => '0',
        '\u{b9}' => '1',
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{2074}'..='\u{2079}' => char::from(b'4' + (c as u32 - 0x2074) as u8),
        '\u{207b}' => '-',
        '\u{207f}' => 'n',
        _ => return None,
    })
}

/// Whether `c` goes on with a word.
pub(super) fn in_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    (c.is_alphanumeric() || is_combining_mark(c))
        && !is_character_word(c)
        && !is_vulgar_fraction(c)
        && superscript(c).is_none()
}

/// The ways a minus is written: as a hyphen, as itself, and as the dash that word processors make of it.
pub(super) fn is_minus(c: char) -> bool {
    matches!(c, '-' | '\u{2212}' | '\u{2013}')
}

/// The length of what `text` begins with as long as `keep` holds.
pub(super) fn run(text: &str, keep: impl Fn(char) -> bool) -> usize {
    text.find(|c| !keep(c)).unwrap_or(text.len())
}
