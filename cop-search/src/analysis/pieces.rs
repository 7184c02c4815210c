//! Where the words of a text are, and which of them are more than letters.
//!
//! Invariants: pieces follow each other and do not overlap; to find the next takes time in proportion to how far
//! it is, plus a constant.

use std::ops::Range;

use super::fold::{in_word, is_character_word, is_minus, is_vulgar_fraction, run, superscript};
use super::{codes, equations, numbers, powers};

/// Something that is found as one word.
#[derive(Debug)]
pub(super) struct Piece {
    pub range: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Letters and digits of a language.
    Word,
    /// A standard's code.
    Code,
    /// A number: its names, the whole of it first, each with its place.
    Number(Vec<(String, Range<usize>)>),
    /// A power: its names; its base and exponent are words as well.
    Power(Vec<(String, Range<usize>)>),
    /// An equation: its name; what it equates are words as well.
    Equation(String),
    /// What stands for multiplying: `×`, `\times`, `2 * 3`.
    Times,
}

/// What is looked for: of everything, equations hold powers, which hold words and numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Depth {
    Words,
    Powers,
    Equations,
}

/// The pieces of a text.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    depth: Depth,
}

impl<'a> Pieces<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0, depth: Depth::Equations }
    }

    /// What is in the piece at `range`, itself aside.
    pub fn within(text: &'a str, range: &Range<usize>, depth: Depth) -> Self {
        Self { text: &text[..range.end], at: range.start, depth }
    }

    /// The piece that begins at `at`.
    pub fn begins(&self, at: usize) -> Option<Piece> {
        let first = self.text[at..].chars().next()?;
        let found = match first {
            'a'..='z' | 'A'..='Z' | '0'..='9' => Some(self.word(at)),
            '$' | '.' => self.number(at),
            '-' | '\u{2212}' | '\u{2013}' => self.signed(at, first.len_utf8()),
            '\\' => self.command(at),
            '*' => self.star(at),
            '×' => Some((Kind::Times, at + first.len_utf8())),
            _ if first.is_ascii() => None,
            _ if is_character_word(first) => Some((Kind::Word, at + first.len_utf8())),
            _ if is_vulgar_fraction(first) => self.number(at),
            _ if superscript(first).is_some() => {
                Some((Kind::Word, at + run(&self.text[at..], |c| superscript(c).is_some())))
            }
            _ if first.is_alphanumeric() => Some(self.word(at)),
            _ => None,
        };
        found.map(|(kind, end)| Piece { range: at..end, kind })
    }

    fn number(&self, at: usize) -> Option<(Kind, usize)> {
        let names = numbers::read(self.text, at)?;
        let end = names.first().map(|(_, range)| range.end)?;
        Some((Kind::Number(names), end))
    }

    fn equation(&self, at: usize) -> Option<(Kind, usize)> {
        let (name, end) =
            Some(()).filter(|()| self.depth >= Depth::Equations).and_then(|()| equations::read(self.text, at))?;
        Some((Kind::Equation(name), end))
    }

    fn power(&self, base: Range<usize>) -> Option<(Kind, usize)> {
        let after = &self.text[base.end..];
        let raised = after.starts_with(|c| c == '^' || c == '}' || superscript(c).is_some());
        let names = Some(base)
            .filter(|_| raised && self.depth >= Depth::Powers)
            .and_then(|base| powers::read(self.text, base))?;
        let end = names.first().map(|(_, range)| range.end)?;
        Some((Kind::Power(names), end))
    }

    /// What begins with a letter or a digit.
    fn word(&self, at: usize) -> (Kind, usize) {
        let bytes = self.text.as_bytes();
        let mut end = at;
        let mut digit = false;
        while let Some(byte) = bytes.get(end).filter(|byte| byte.is_ascii_alphanumeric()) {
            digit |= byte.is_ascii_digit();
            end += 1;
        }
        // Nearly every word is followed by a space and has nothing in it that would be more than a word.
        let next = bytes.get(end).copied().unwrap_or(b' ');
        let long = end - at > 3 && !digit;
        if long && matches!(next, b' ' | b',' | b'\n') {
            return (Kind::Word, end);
        }
        if next >= 0x80 {
            end += run(&self.text[end..], in_word);
        }
        let code = (digit || matches!(next, b'.' | b'-') || self.text[at..end].starts_with("HS"))
            .then(|| codes::read(self.text, at))
            .flatten();
        if let Some(length) = code {
            return (Kind::Code, at + length);
        }
        if !long
            && equations::may_follow(&self.text[end..])
            && let Some(equation) = self.equation(at)
        {
            return equation;
        }
        let first_digit = bytes[at].is_ascii_digit();
        if first_digit
            && numbers::may_be_more(self.text, at)
            && let Some((number, number_end)) = self.number(at)
        {
            return self.power(at..number_end).unwrap_or((number, number_end));
        }
        self.power(at..end).unwrap_or((Kind::Word, end))
    }

    /// What begins with a minus.
    fn signed(&self, at: usize, length: usize) -> Option<(Kind, usize)> {
        let after = self.text[at + length..].chars().next()?;
        if !(after.is_alphanumeric() || matches!(after, '$' | '.' | '\\' | '(')) {
            return None;
        }
        let signs = !self.text[..at].ends_with(|c: char| c.is_alphanumeric() || is_minus(c) || ")]}".contains(c));
        signs.then(|| self.equation(at).or_else(|| self.number(at))).flatten()
    }

    /// What begins with a backslash: a command of TeX, or a character that it would take for its own.
    fn command(&self, at: usize) -> Option<(Kind, usize)> {
        let rest = &self.text[at..];
        let times = rest.strip_prefix("\\times").is_some_and(|after| !after.starts_with(char::is_alphabetic));
        if times { Some((Kind::Times, at + "\\times".len())) } else { self.number(at) }
    }

    /// A star multiplies between numbers, and nowhere else.
    fn star(&self, at: usize) -> Option<(Kind, usize)> {
        let before = self.text[..at].strip_suffix(' ').unwrap_or(&self.text[..at]);
        let after = self.text[at + 1..].strip_prefix(' ').unwrap_or(&self.text[at + 1..]);
        let after = after.strip_prefix('$').unwrap_or(after).trim_start_matches('.');
        let numbers = before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit());
        numbers.then_some((Kind::Times, at + 1))
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let bytes = self.text.as_bytes();
        loop {
            // White space and most punctuation begin nothing.
            while bytes
                .get(self.at)
                .is_some_and(|byte| matches!(byte, 0..=b'#' | b'%'..=b')' | b'+' | b',' | b'/' | b':'..=b'@'))
            {
                self.at += 1;
            }
            let first = self.text.get(self.at..)?.chars().next()?;
            if let Some(piece) = self.begins(self.at) {
                self.at = piece.range.end;
                return Some(piece);
            }
            self.at += first.len_utf8();
        }
    }
}
