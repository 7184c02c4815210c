//! Powers: `x^2`, `x²`, `x^{2}` and `{x}^2` are one.
//!
//! What is raised is the letter right before the exponent, so that `16x^2` and `ax^2` hold an `x^2`; of three and
//! more letters it is their word, `sin^2`. An exponent without braces is a number or up to three letters, and ends
//! where these do: `x^2y` is `x^2` and `y`.

use std::ops::Range;

use super::fold::{fold, is_minus, run, superscript};
use super::numbers::Core;

const MAX_BASE_BYTES: usize = 24;
const MAX_EXPONENT_CHARS: usize = 12;

/// The names of the power whose base is at `base`, the longest first, each with its place; they all end in it.
pub(super) fn read(text: &str, base: Range<usize>) -> Option<Vec<(String, Range<usize>)>> {
    let braced = text[..base.start].ends_with('{') && text[base.end..].starts_with('}');
    let (exponent, end) = exponent(text, base.end + usize::from(braced))?;
    let raised = Some(&text[base.clone()]).filter(|base| base.len() <= MAX_BASE_BYTES)?;
    let name = match Core::read(text, base.start).filter(|core| core.end == base.end) {
        Some(core) => core.name,
        None => fold(raised).into_owned(),
    };
    let mut names = vec![(format!("{name}^{exponent}"), base.start..end)];
    let letters = raised.chars().rev().take_while(|c| c.is_alphabetic()).count();
    let last = raised.char_indices().next_back().map_or(0, |(at, _)| at);
    if last > 0 && (1..=2).contains(&letters) {
        names.push((format!("{}^{exponent}", fold(&raised[last..])), base.start + last..end));
    }
    Some(names)
}

/// The exponent that begins at `at`, and where it ends.
pub(super) fn exponent(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = &text[at..];
    let raised = run(rest, |c| superscript(c).is_some());
    if raised > 0 {
        let exponent: String = rest[..raised].chars().filter_map(superscript).take(MAX_EXPONENT_CHARS).collect();
        return Some((exponent, at + raised));
    }
    let inner = rest.strip_prefix('^')?;
    if let Some(inner) = inner.strip_prefix(['{', '(']) {
        let closing = if rest[1..].starts_with('{') { '}' } else { ')' };
        let plain = |c: char| c.is_alphanumeric() || is_minus(c) || matches!(c, ' ' | '+' | '*' | '/' | '.');
        let length = inner.chars().take(MAX_EXPONENT_CHARS).take_while(|c| plain(*c)).map(char::len_utf8).sum();
        let content = inner[..length].chars().filter(|c| *c != ' ').map(|c| if is_minus(c) { '-' } else { c });
        let exponent = fold(&content.collect::<String>()).into_owned();
        return (inner[length..].starts_with(closing) && !exponent.is_empty())
            .then_some((exponent, at + 2 + length + 1));
    }
    let minus = inner.chars().next().filter(|c| is_minus(*c)).map_or(0, char::len_utf8);
    let sign = if minus > 0 { "-" } else { "" };
    let unsigned = &inner[minus..];
    let mut length = run(unsigned, |c| c.is_ascii_digit());
    if length > 0 {
        let decimals = unsigned[length..].strip_prefix('.').map_or(0, |after| run(after, |c| c.is_ascii_digit()));
        length += if decimals > 0 { 1 + decimals } else { 0 };
        if length > MAX_EXPONENT_CHARS {
            return None;
        }
    } else {
        length = run(unsigned, char::is_alphabetic);
        if !(1..=3).contains(&unsigned[..length].chars().count()) {
            return None;
        }
    }
    Some((format!("{sign}{}", fold(&unsigned[..length])), at + 1 + minus + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let start = text.find(|c: char| c.is_alphanumeric()).expect("a base");
        let end = start + run(&text[start..], |c| c == '.' || super::super::fold::in_word(c));
        read(text, start..end).into_iter().flatten().map(|(name, _)| name).collect()
    }

    #[test]
    fn powers_have_one_name_however_they_are_written() {
        for text in ["x^2", "x²", "x^{2}", "{x}^2", "{x}^{2}", "X^2", "x^(2)", "x^2y", "x^2.", "x^2/3"] {
            assert_eq!(names(text), ["x^2"], "{text}");
        }
        assert_eq!(names("16x^2"), ["16x^2", "x^2"]);
        assert_eq!(names("ax²"), ["ax^2", "x^2"]);
        assert_eq!(names("sin^2 x"), ["sin^2"]);
        assert_eq!(names("10^{−3}"), ["10^-3"]);
        assert_eq!(names("10⁻³"), ["10^-3"]);
        assert_eq!(names("2.50^2"), ["2.50^2"]);
        assert_eq!(names("e^ix"), ["e^ix"]);
        assert_eq!(names("x^{2n + 1}"), ["x^2n+1"]);
        assert_eq!(names("x^2.5"), ["x^2.5"]);
    }

    #[test]
    fn what_is_no_power_has_no_name() {
        for text in ["x", "x^", "x^ 2", "x^{", "x^{\\frac12}", "x^{}", "x^power", "x^-", "x^+2"] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
        assert_eq!(names(&format!("{}^2", "x".repeat(99))), [""; 0]);
    }
}
