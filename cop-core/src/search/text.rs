//! A query's text, taken apart: words, phrases, exclusions.

use std::collections::HashMap;

use super::{Analyzer, Bm25};

/// Most bytes of query text that are read; the rest is reported as not understood.
pub const MAX_TEXT_BYTES: usize = 4096;
/// Most words and phrases of a query that are used.
pub const MAX_UNITS: usize = 32;

/// A query's text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedText {
    /// What may occur: for each word its alternative forms. Repeated words count repeatedly.
    pub words: Vec<Vec<String>>,
    /// What must occur: for each phrase, its words' alternative forms.
    pub phrases: Vec<Vec<Vec<String>>>,
    /// What must not occur.
    pub excluded: Vec<Vec<Vec<String>>>,
    /// What was left aside.
    pub not_understood: Vec<String>,
}

impl ParsedText {
    /// Takes a query's text apart. Never fails, never recurses, and does a bounded amount of work.
    pub fn parse(text: &str, analyzer: &dyn Analyzer) -> Self {
        let mut parsed = Self::default();
        let mut cut = text.len().min(MAX_TEXT_BYTES);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        if cut < text.len() {
            parsed.not_understood.push(format!("everything after {cut} bytes"));
        }
        let mut units = 0;
        let mut dropped = 0;
        for (negated, quoted, piece) in pieces(&text[..cut], analyzer) {
            let words: Vec<_> = analyzer.query_words(piece).into_iter().filter(|forms| !forms.is_empty()).collect();
            if words.is_empty() {
                continue;
            }
            let cost = if quoted || negated { 1 } else { words.len() };
            if units + cost > MAX_UNITS || words.len() > MAX_UNITS {
                dropped += cost;
                continue;
            }
            units += cost;
            // What the analyzer splits, such as `x-intercept`, stays together when excluded.
            match (negated, quoted && words.len() > 1) {
                (true, _) => parsed.excluded.push(words),
                (false, true) => parsed.phrases.push(words),
                (false, false) => parsed.words.extend(words),
            }
        }
        // Common words would find half the library; they are asked for only when nothing else is.
        if !parsed.phrases.is_empty() || parsed.words.iter().any(|forms| !analyzer.is_common(forms)) {
            parsed.words.retain(|forms| !analyzer.is_common(forms));
        }
        if dropped > 0 {
            parsed.not_understood.push(format!("{dropped} words beyond the first {MAX_UNITS}"));
        }
        parsed
    }

    /// How much each form counts towards choosing a snippet: the idf of the word or phrase it belongs to.
    /// `matching` has the number of visible documents for each word, then for each phrase.
    pub fn weights(&self, matching: &[u64], bm25: &Bm25) -> HashMap<String, f64> {
        let mut weights = HashMap::new();
        let words = self.words.iter().map(|forms| vec![forms]);
        let phrases = self.phrases.iter().map(|phrase| phrase.iter().collect());
        for (unit, &matching) in words.chain(phrases).zip(matching) {
            let idf = bm25.idf(matching);
            for form in unit.into_iter().flatten() {
                let weight = weights.entry(form.clone()).or_insert(idf);
                *weight = f64::max(*weight, idf);
            }
        }
        weights
    }

    /// Whether any text is asked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }
}

/// Splits at white space and double quotes into (negated, quoted, text); what the analyzer takes for one word stays whole.
fn pieces<'a>(text: &'a str, analyzer: &dyn Analyzer) -> Vec<(bool, bool, &'a str)> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let whole = analyzer.whole(rest);
        let negated = whole.is_none()
            && rest.starts_with('-')
            && rest[1..].starts_with(|c: char| c == '"' || c.is_alphanumeric());
        let body = if negated { &rest[1..] } else { rest };
        let (quoted, piece, after) = match body.strip_prefix(['"', '“', '”']) {
            Some(inner) => match inner.find(['"', '“', '”']) {
                Some(end) => {
                    let closing = inner[end..].chars().next().map_or(1, char::len_utf8);
                    (true, &inner[..end], &inner[end + closing..])
                }
                None => (true, inner, ""),
            },
            None => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”');
                let end = whole.unwrap_or_else(|| body.find(ends).unwrap_or(body.len()));
                (false, &body[..end], &body[end..])
            }
        };
        pieces.push((negated, quoted, piece));
        rest = after.trim_start();
    }
    pieces
}
