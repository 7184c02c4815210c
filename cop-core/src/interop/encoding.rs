//! Bytes into text, whatever wrote them; and text into what the community keeps.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::report::{ImportIssue, ImportReport};
use crate::text::{TextRule, allowed};

/// Bytes as text: UTF-8 or UTF-16 by their mark, UTF-8 where that is what they are, else Windows-1252.
///
/// Text that is UTF-8 but for a few broken bytes stays UTF-8, so that one bad byte does not spoil every
/// accent of a file. Whatever was not plain UTF-8 is reported.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8], report: &mut ImportReport) -> Cow<'a, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        let detail = format!("read as {}{}", encoding.name(), if broken { ", with broken characters" } else { "" });
        report.push(ImportIssue::warning(file, "text.encoding", detail));
        return text;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let (mut accents, mut broken) = (0u64, 0u64);
    for chunk in bytes.utf8_chunks() {
        accents += chunk.valid().chars().filter(|c| !c.is_ascii()).count() as u64;
        broken += u64::from(!chunk.invalid().is_empty());
    }
    if accents > broken {
        let detail = format!("{broken} broken characters in UTF-8 text were replaced");
        report.push(ImportIssue::warning(file, "text.encoding", detail));
        return String::from_utf8_lossy(bytes);
    }
    report.push(ImportIssue::note(file, "text.encoding", "read as Windows-1252"));
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0
}

/// A text made to fit, and what that took.
pub(super) struct Cleaned {
    pub text: String,
    /// Characters that the community does not keep became blanks.
    pub replaced: bool,
    /// It was longer than the community keeps.
    pub cut: bool,
}

/// `raw` made to fit `rule`, as [`normalise`](crate::text::normalise) would leave it.
pub(super) fn clean(raw: &str, rule: TextRule) -> Cleaned {
    let mut text = raw.to_owned();
    if rule.multiline && text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    let replaced = text.trim().chars().any(|c| !allowed(c, rule.multiline));
    if replaced {
        text = text.chars().map(|c| if allowed(c, rule.multiline) { c } else { ' ' }).collect();
    }
    if !is_nfc(&text) {
        text = text.nfc().collect();
    }
    let mut text = text.trim().to_owned();
    let end = text.char_indices().nth(rule.max_chars).map(|(at, _)| at);
    if let Some(end) = end {
        text.truncate(end);
        text.truncate(text.trim_end().len());
    }
    Cleaned { text, replaced, cut: end.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{BODY, TITLE, normalise};

    fn read(bytes: &[u8]) -> (String, usize) {
        let mut report = ImportReport::default();
        let text = decode("f", bytes, &mut report).into_owned();
        (text, report.issues.len())
    }

    #[test]
    fn every_usual_encoding_is_read() {
        assert_eq!(read("Montañez".as_bytes()), ("Montañez".to_owned(), 0));
        assert_eq!(read(b"\xef\xbb\xbfMonta\xc3\xb1ez"), ("Montañez".to_owned(), 0));
        assert_eq!(read(b"Monta\xf1ez"), ("Montañez".to_owned(), 1));
        assert_eq!(read(b"\xff\xfeM\0\xf1\0"), ("Mñ".to_owned(), 1));
        assert_eq!(read(b"Monta\xc3\xb1ez Pe\xc3\xb1a \xff"), ("Montañez Peña \u{fffd}".to_owned(), 1));
    }

    #[test]
    fn what_is_cleaned_needs_no_normalising() {
        for raw in ["  a\0b\u{202e}c ", "n\u{303} ", &"x ".repeat(400), "a\r\nb", ""] {
            for rule in [TITLE, BODY] {
                let cleaned = clean(raw, rule).text;
                if !cleaned.is_empty() {
                    assert_eq!(normalise(&cleaned, rule).as_ref(), Ok(&cleaned), "{raw:?}");
                }
            }
        }
        assert!(clean("a\0b", BODY).replaced && clean(&"x".repeat(301), TITLE).cut);
    }
}
