//! The passage of a document that shows best why it matched.

use std::collections::{HashMap, HashSet};

use super::{Analyzer, Document, SNIPPET_CHARS, Snippet, Word};

/// Characters of context before the first match.
const LEAD_CHARS: usize = 40;

/// The best passage of the texts: the one whose distinct matched words weigh most, the
/// first of equals. `weights` has a weight for every form the query may match.
pub fn snippet(document: &Document, weights: &HashMap<String, f64>, analyzer: &dyn Analyzer) -> Snippet {
    let mut best: Option<(f64, &str, Vec<Word>, usize)> = None;
    for text in document.texts.iter().map(String::as_str) {
        let matched: Vec<Word> = analyzer
            .words(text, &document.language)
            .into_iter()
            .filter(|word| weights.contains_key(&*word.term))
            .collect();
        for first in 0..matched.len() {
            let weight = weight_of_window(text, &matched[first..], weights);
            if best.as_ref().is_none_or(|(other, ..)| weight > *other) {
                best = Some((weight, text, matched.clone(), first));
            }
        }
    }
    match best {
        Some((_, text, matched, first)) => cut(text, matched[first].range.start, &matched),
        None => cut(document.texts.iter().find(|text| !text.is_empty()).map_or("", String::as_str), 0, &[]),
    }
}

fn weight_of_window(text: &str, matched: &[Word], weights: &HashMap<String, f64>) -> f64 {
    let start = matched[0].range.start;
    let end = forward(text, start, SNIPPET_CHARS - LEAD_CHARS);
    let mut seen = HashSet::new();
    let mut weight = 0.0;
    for word in matched.iter().take_while(|word| word.range.end <= end) {
        if seen.insert(&*word.term) {
            weight += weights.get(&*word.term).copied().unwrap_or(0.0);
        }
    }
    weight
}

/// The passage around byte `at`, beginning and ending between words.
fn cut(text: &str, at: usize, matched: &[Word]) -> Snippet {
    let mut start = backward(text, at, LEAD_CHARS);
    if start > 0 {
        start = text[start..at].find(char::is_whitespace).map_or(at, |space| start + space);
    }
    let mut end = forward(text, start, SNIPPET_CHARS);
    if end < text.len() {
        end =
            text[start..end].rfind(char::is_whitespace).filter(|&space| start + space > at).map_or(end, |s| start + s);
    }
    start += text[start..end].len() - text[start..end].trim_start().len();
    end = start + text[start..end].trim_end().len();
    let mut highlights: Vec<std::ops::Range<usize>> = Vec::new();
    for word in matched.iter().filter(|word| start <= word.range.start && word.range.end <= end) {
        let range = word.range.start - start..word.range.end - start;
        match highlights.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => highlights.push(range),
        }
    }
    // One byte for one byte, so that the ranges stay right.
    Snippet { text: text[start..end].replace(['\n', '\t'], " "), highlights }
}

fn forward(text: &str, from: usize, chars: usize) -> usize {
    text[from..].char_indices().nth(chars).map_or(text.len(), |(offset, _)| from + offset)
}

fn backward(text: &str, from: usize, chars: usize) -> usize {
    text[..from].char_indices().rev().take(chars).last().map_or(from, |(offset, _)| offset)
}
