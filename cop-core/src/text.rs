//! Text as the community keeps it: normalised once, at the edge.
//!
//! Every text is Unicode NFC, trimmed, and free of control characters (newline and tab are allowed in
//! bodies) and, in names, of the bidirectional overrides that make one name look like another.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::error::Problem;

/// How a text may look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextRule {
    /// Fewest characters after trimming.
    pub min_chars: usize,
    /// Most characters after trimming.
    pub max_chars: usize,
    /// Newlines and tabs are part of the text.
    pub multiline: bool,
}

pub(crate) const NAME: TextRule = TextRule { min_chars: 1, max_chars: 200, multiline: false };
pub(crate) const TITLE: TextRule = TextRule { min_chars: 1, max_chars: 300, multiline: false };
pub(crate) const BODY: TextRule = TextRule { min_chars: 0, max_chars: 200_000, multiline: true };
pub(crate) const TAG: TextRule = TextRule { min_chars: 1, max_chars: 64, multiline: false };

/// The normal form of `raw`, or what is wrong with it (the problem's field is left to the caller).
pub(crate) fn normalise(raw: &str, rule: TextRule) -> Result<String, Problem> {
    let mut text = raw.trim().to_owned();
    if rule.multiline && text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if !is_nfc(&text) {
        text = text.nfc().collect();
    }
    if let Some(bad) = text.chars().find(|&c| !allowed(c, rule.multiline)) {
        return Err(Problem::new("", "text.character", format!("U+{:04X} is not allowed", u32::from(bad))));
    }
    let chars = text.chars().count();
    if chars < rule.min_chars {
        return Err(Problem::new("", "text.empty", "must not be empty"));
    }
    if chars > rule.max_chars {
        return Err(Problem::new("", "text.too_long", format!("{chars} characters, {} are allowed", rule.max_chars)));
    }
    Ok(text)
}

/// Whether a text may hold the character.
pub(crate) fn allowed(c: char, multiline: bool) -> bool {
    match c {
        '\n' | '\t' => multiline,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => multiline,
        c => !c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composes_trims_and_keeps_newlines_in_bodies() {
        assert_eq!(normalise("  Montan\u{303}ez ", NAME).as_deref(), Ok("Montañez"));
        assert_eq!(normalise("a\n\tb", BODY).as_deref(), Ok("a\n\tb"));
        assert_eq!(normalise("a\r\nb\rc", BODY).as_deref(), Ok("a\nb\nc"));
        assert_eq!(normalise("a\nb", NAME).unwrap_err().code, "text.character");
    }

    #[test]
    fn refuses_what_hides() {
        assert_eq!(normalise("a\u{202e}b", NAME).unwrap_err().code, "text.character");
        assert_eq!(normalise("a\0b", BODY).unwrap_err().code, "text.character");
        assert_eq!(normalise(" \t ", TITLE).unwrap_err().code, "text.empty");
        assert_eq!(normalise(&"x".repeat(301), TITLE).unwrap_err().code, "text.too_long");
    }
}
