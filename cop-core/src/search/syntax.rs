//! The syntax of a query's text: pieces, and the clauses they make.
//!
//! Invariants: every text has pieces, and the work is linear in the text. A clause as it is printed
//! reads as the same clause again, wherever it stands among others.

use std::borrow::Cow;
use std::fmt;

/// What closes and opens a phrase: phones write typographic quotes.
const QUOTES: [char; 3] = ['"', '“', '”'];

/// A filter that a text can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Record,
    Kind,
    Grade,
    Subject,
    Standard,
    Language,
    Team,
    By,
    Year,
    After,
    Before,
}

/// The names of filters, in the order in which they are printed.
pub(super) const FIELDS: [(&str, Field); 11] = [
    ("record", Field::Record),
    ("kind", Field::Kind),
    ("grade", Field::Grade),
    ("subject", Field::Subject),
    ("standard", Field::Standard),
    ("lang", Field::Language),
    ("team", Field::Team),
    ("by", Field::By),
    ("year", Field::Year),
    ("after", Field::After),
    ("before", Field::Before),
];

/// The smallest thing a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Whether it stands behind a `-`.
    pub negated: bool,
    pub body: Body<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body<'a> {
    /// Whatever stands between two spaces.
    Run(&'a str),
    /// What stands between quotes; never empty.
    Phrase(&'a str),
    /// A filter with its values, at least one; the name as it is written.
    Filter(Field, &'a str, Vec<Cow<'a, str>>),
    /// `OR`.
    Or,
}

impl Piece<'_> {
    /// Whether an `OR` may stand beside it.
    fn joins(&self) -> bool {
        !self.negated && self.body != Body::Or
    }
}

impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        match &self.body {
            Body::Run(run) => f.write_str(run),
            Body::Phrase(phrase) => write!(f, "\"{phrase}\""),
            Body::Filter(_, name, values) => write_filter(f, name, values.iter().map(AsRef::as_ref)),
            Body::Or => f.write_str("OR"),
        }
    }
}

/// Writes `name:value,value`, values quoted where they must be.
pub(super) fn write_filter<'a>(
    into: &mut impl fmt::Write,
    name: &str,
    values: impl IntoIterator<Item = &'a str>,
) -> fmt::Result {
    into.write_str(name)?;
    let mut before = ':';
    for value in values {
        into.write_char(before)?;
        before = ',';
        let plain = !value.is_empty() && !value.contains(ends_value);
        match plain {
            true => into.write_str(value)?,
            false => write!(into, "\"{}\"", value.replace('"', "\"\""))?,
        }
    }
    Ok(())
}

fn ends_run(c: char) -> bool {
    c.is_whitespace() || QUOTES.contains(&c)
}

fn ends_value(c: char) -> bool {
    c == ',' || ends_run(c)
}

/// The pieces of a text.
#[derive(Clone)]
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            self.0 = self.0.trim_start();
            if self.0.is_empty() {
                return None;
            }
            let negated = negates(self.0);
            let (body, rest) = body(if negated { &self.0[1..] } else { self.0 });
            self.0 = rest;
            // An OR is a word where it is excluded.
            let body = if negated && body == Body::Or { Body::Run("OR") } else { body };
            if body != Body::Phrase("") {
                return Some(Piece { negated, body });
            }
        }
    }
}

/// Whether `text` begins with a `-` that excludes. Before a digit it is a minus sign, unless there are letters in
/// the run: `-3` and `-3/4` are numbers, `-5.NF.B.3` is not.
fn negates(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-') else { return false };
    match rest.chars().next() {
        Some(c) if c.is_ascii_digit() => {
            rest.split(ends_run).next().is_some_and(|run| run.contains(char::is_alphabetic))
        }
        Some(c) => c.is_alphanumeric() || QUOTES.contains(&c),
        None => false,
    }
}

/// The body that `text` begins with, and what comes after it.
fn body(text: &str) -> (Body<'_>, &str) {
    if let Some(inner) = text.strip_prefix(QUOTES) {
        let (phrase, rest) = until_quote(inner);
        return (Body::Phrase(if phrase.trim().is_empty() { "" } else { phrase }), rest);
    }
    let (run, rest) = text.split_at(text.find(ends_run).unwrap_or(text.len()));
    if let Some((name, _)) = run.split_once(':')
        && let Some((_, field)) = FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        let (values, rest) = values(&text[name.len() + 1..]);
        if !values.is_empty() {
            return (Body::Filter(*field, name, values), rest);
        }
    }
    (if run == "OR" { Body::Or } else { Body::Run(run) }, rest)
}

/// What stands before the next quote, or all of it, and what comes after.
fn until_quote(text: &str) -> (&str, &str) {
    match text.char_indices().find(|(_, c)| QUOTES.contains(c)) {
        Some((end, quote)) => (&text[..end], &text[end + quote.len_utf8()..]),
        None => (text, ""),
    }
}

/// The values, between commas, that `text` begins with, and what comes after them.
fn values(mut text: &str) -> (Vec<Cow<'_, str>>, &str) {
    let mut values = Vec::new();
    loop {
        if let Some(inner) = text.strip_prefix('"') {
            let (value, rest) = quoted(inner);
            values.push(value);
            text = rest;
        } else if let Some(inner) = text.strip_prefix(QUOTES) {
            let (value, rest) = until_quote(inner);
            values.push(value.into());
            text = rest;
        } else {
            let (value, rest) = text.split_at(text.find(ends_value).unwrap_or(text.len()));
            values.extend((!value.is_empty()).then(|| value.into()));
            text = rest;
        }
        match text.strip_prefix(',') {
            Some(rest) => text = rest,
            None => return (values, text),
        }
    }
}

/// A value up to its closing `"`, in which `""` stands for a quote.
fn quoted(text: &str) -> (Cow<'_, str>, &str) {
    let mut from = 0;
    while let Some(at) = text[from..].find('"').map(|at| from + at) {
        if !text[at + 1..].starts_with('"') {
            return (text[..at].replace("\"\"", "\"").into(), &text[at + 1..]);
        }
        from = at + 2;
    }
    (text.replace("\"\"", "\"").into(), "")
}

/// Takes a text apart into clauses: single pieces, and pieces with `OR` between them. An `OR` that joins nothing
/// (at an end, beside another or beside an exclusion) is the word.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = Vec<Piece<'_>>> {
    placed_clauses(text).map(|(_, clause)| clause)
}

/// The same, each with where it begins.
pub(super) fn placed_clauses(text: &str) -> impl Iterator<Item = (usize, Vec<Piece<'_>>)> {
    let mut pieces = Pieces(text);
    std::iter::from_fn(move || {
        let at = text.len() - pieces.0.trim_start().len();
        let mut first = pieces.next()?;
        if first.body == Body::Or {
            first.body = Body::Run("or");
        }
        let mut clause = vec![first];
        while clause.last().is_some_and(Piece::joins) {
            let mut ahead = pieces.clone();
            let or = ahead.next().filter(|piece| piece.body == Body::Or);
            let Some(next) = or.and_then(|_| ahead.next()).filter(Piece::joins) else { break };
            clause.push(next);
            pieces = ahead;
        }
        Some((at, clause))
    })
}

/// Writes a clause after others.
pub(super) fn write_clause(into: &mut String, clause: &[Piece<'_>]) {
    for (index, piece) in clause.iter().enumerate() {
        if !into.is_empty() {
            into.push_str(if index == 0 { " " } else { " OR " });
        }
        into.push_str(&piece.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        let mut printed = String::new();
        clauses(text).for_each(|clause| write_clause(&mut printed, &clause));
        printed
    }

    fn bodies(text: &str) -> Vec<(bool, String)> {
        Pieces(text).map(|piece| (piece.negated, format!("{:?}", piece.body))).collect()
    }

    #[test]
    fn pieces_print_as_they_are_read() {
        for (text, expected) in [
            ("  a   b ", "a b"),
            ("ab\"cd\"ef", "ab \"cd\" ef"),
            ("“number line” -“x", "\"number line\" -\"x\""),
            ("\"\" \"  \" -\"\" \"", ""),
            ("subject:\"language arts\",math", "subject:\"language arts\",math"),
            ("Grade:4,,\"5\",", "Grade:4,5"),
            ("subject:\"a\"\"b,\"c", "subject:\"a\"\"b,\" c"),
            ("subject:“a b”", "subject:\"a b\""),
            ("subject:\"", "subject:\"\""),
            ("grade: 5 grade:, foo:\"a b\"", "grade: 5 grade:, foo: \"a b\""),
            ("a OR b OR \"c d\"", "a OR b OR \"c d\""),
            ("OR a OR OR b OR", "or a or OR b or"),
            ("-a OR b OR -c", "-a or b or -c"),
            ("-OR", "-OR"),
            ("-3 --a -(b -", "-3 --a -(b -"),
        ] {
            assert_eq!(printed(text), expected, "{text}");
            assert_eq!(printed(expected), expected);
        }
    }

    #[test]
    fn a_minus_before_a_number_excludes_nothing() {
        for number in ["-3", "-3/4", "-2.5", "-50%", "-3*"] {
            assert!(!bodies(number)[0].0, "{number}");
        }
        for exclusion in ["-5.NF.B.3", "-1st", "-\"3\"", "-a", "-grade:5"] {
            assert!(bodies(exclusion)[0].0, "{exclusion}");
        }
    }
}
