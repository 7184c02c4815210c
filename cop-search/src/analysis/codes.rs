//! Standards' codes in running text.

use cop_core::StandardCode;

use super::fold::in_word;

/// A standard's code is never longer; bounds how far one is looked for.
const MAX_CODE_BYTES: usize = 40;

/// The length of the standard's code that begins at `at`: letters and digits, joined by dots and dashes.
pub(super) fn read(text: &str, at: usize) -> Option<usize> {
    let text = &text[at..];
    let joins = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let run = text.bytes().take(MAX_CODE_BYTES + 2).take_while(joins).count();
    let length = text[..run].trim_end_matches(['.', '-']).len();
    let candidate = &text.as_bytes()[..length];
    if !candidate.iter().any(u8::is_ascii_digit) && !may_begin(candidate) {
        return None;
    }
    let whole = !text[length..].starts_with(in_word);
    (whole && length <= MAX_CODE_BYTES && StandardCode::looks_like(&text[..length])).then_some(length)
}

/// Whether letters alone may be a code: `A-REI.B`, `K.CC`, `HSAREI`, `CCSS.Math.Content.NF`. Most words are none, and
/// this is asked of many.
fn may_begin(candidate: &[u8]) -> bool {
    let first = candidate.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    match first == candidate.len() {
        true => candidate.starts_with(b"HS"),
        false => first <= 3 || candidate[..first].eq_ignore_ascii_case(b"ccss"),
    }
}
