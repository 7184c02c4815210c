//! Numbers as people write them, and the names under which each is found.
//!
//! | written | found as |
//! |---|---|
//! | `3/4`, `¾`, `\frac{3}{4}` | `3/4` |
//! | `2.5`, `.5`, `1,000` | `2.5`, `0.5`, `1000` |
//! | `50%`, `50 %`, `50\%`, `7,5 %` | `50%` and `50`; `7.5%` and `7.5` |
//! | `$5`, `\$5` | `$5` and `5`; but not between the dollars of TeX, `$5^x$` |
//! | `-3`, `−3`, `–3` | `-3` and `3`; but not in `5-3`, `x−3` or `pages 2–3` |
//!
//! Whole numbers that stand alone are words like others and are none of this module's: `3`, `3x`, `2nd`.

use std::ops::Range;

use super::fold::{fold, in_word, is_minus, is_vulgar_fraction, run, superscript};

/// A longer number is read as the words it consists of.
const MAX_DIGITS: usize = 24;
/// How far the other dollar of a formula is looked for.
const MAX_FORMULA_BYTES: usize = 200;

/// The names of the number at `at`, the whole of it first, each with its place; they all end in it.
pub(super) fn read(text: &str, at: usize) -> Option<Vec<(String, Range<usize>)>> {
    let before = &text[..at];
    let minus = text[at..].chars().next().filter(|c| is_minus(*c)).map_or(0, char::len_utf8);
    if minus > 0 && !may_be_signed(before) {
        return None;
    }
    let unsigned = at + minus;
    let dollar = dollar(text, unsigned);
    let start = unsigned + dollar;
    let core = Core::read(text, start)?;
    let percent = percent(&text[core.end..]);
    let end = core.end + percent;
    if minus + dollar + percent == 0 && core.kind == Kind::Plain {
        return None;
    }
    if minus + dollar > 0 && percent == 0 && goes_on(text, start, &core) {
        return None;
    }

    let mut names = Vec::new();
    let mut add = |signed: bool, money: bool, name: &str, range_end: usize| {
        let sign = if signed { "-" } else { "" };
        let from = if signed {
            at
        } else if money {
            unsigned
        } else {
            start
        };
        let percent = if range_end > core.end { "%" } else { "" };
        names.push((format!("{sign}{}{name}{percent}", if money { "$" } else { "" }), from..range_end));
    };
    let ends = if percent > 0 { &[end, core.end][..] } else { &[end][..] };
    for &end in ends {
        // The sign of money is that of the money: `-$5` is no `-5`.
        for (signed, money) in [(true, true), (false, true), (true, false), (false, false)] {
            let written = (!signed || minus > 0) && (!money || dollar > 0) && !(signed && !money && dollar > 0);
            if written {
                add(signed, money, &core.name, end);
            }
        }
    }
    // `$12/60`: twelve dollars, sixtieths or not.
    if let (true, Some(above)) = (dollar > 0, core.name.split('/').next().filter(|above| *above != core.name)) {
        let digits = run(&text[start..], |c| c.is_ascii_digit());
        names.push((format!("${above}"), unsigned..start + digits));
        names.push((above.to_owned(), start..start + digits));
    }
    Some(names)
}

/// Whether the digits at `at` may be more than a whole number: tells quickly of most that they are not.
pub(super) fn may_be_more(text: &str, at: usize) -> bool {
    let after = &text.as_bytes()[at + digits(&text[at..])..];
    match after.first() {
        Some(b' ' | b'~') => matches!(after.get(1), Some(b'%' | b'\\')),
        Some(b'.' | b',') => after.get(1).is_some_and(u8::is_ascii_digit),
        Some(b'/' | b'%' | b'\\') => true,
        // The other fraction slash.
        other => other.is_some_and(|byte| *byte >= 0x80),
    }
}

/// A number without sign, currency or percent.
pub(super) struct Core {
    /// As it is found.
    pub name: String,
    /// Where it ends.
    pub end: usize,
    kind: Kind,
}

#[derive(PartialEq)]
enum Kind {
    /// Digits and nothing else.
    Plain,
    /// Anything a word is not: a fraction, a decimal, thousands with commas.
    Telling,
}

impl Core {
    /// The number that begins at `at`.
    pub fn read(text: &str, at: usize) -> Option<Self> {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        if is_vulgar_fraction(first) {
            return Some(Self {
                name: fold(&rest[..first.len_utf8()]).into_owned(),
                end: at + first.len_utf8(),
                kind: Kind::Telling,
            });
        }
        if first == '\\' {
            let (name, length) = tex_fraction(rest)?;
            return Some(Self { name, end: at + length, kind: Kind::Telling });
        }
        let whole = digits(rest);
        // `.5` is a decimal, but neither the end of a sentence nor a member is.
        let points = first == '.' && !follows(&text[..at], |c| in_word(c) || ".)]}".contains(c));
        if whole > MAX_DIGITS || whole == 0 && !points {
            return None;
        }
        let mut name = rest[..whole].to_owned();
        let mut length = whole;
        // Thousands: up to three digits, then groups of three.
        while (1..=3).contains(&whole) && group(&rest[length..]) && length < MAX_DIGITS {
            name.push_str(&rest[length + 1..length + 4]);
            length += 4;
        }
        let mut kind = if length > whole { Kind::Telling } else { Kind::Plain };
        let join = rest[length..].chars().next().filter(|c| matches!(c, '.' | '/' | '\u{2044}' | ','));
        let Some(join) = join else { return Some(Self { name, end: at + length, kind }).filter(|_| whole > 0) };
        let second = digits(&rest[length + join.len_utf8()..]);
        let end = length + join.len_utf8() + second;
        let read = (1..=MAX_DIGITS).contains(&second)
            && match join {
                '.' => !chained(&text[..at], &rest[end..], '.'),
                // A comma is a decimal one where only one number can be meant.
                ',' => whole == length && second <= 2 && percent(&rest[end..]) > 0,
                // No date, no index, no `3/4.5`.
                _ => {
                    whole == length
                        && whole > 0
                        && !chained(&text[..at], &rest[end..], '/')
                        && !point_and_digit(&rest[end..])
                        && !text[..at].ends_with(['_', '^'])
                }
            };
        if read {
            if whole == 0 {
                name.push('0');
            }
            name.push(if join == '.' || join == ',' { '.' } else { '/' });
            name.push_str(&rest[end - second..end]);
            (length, kind) = (end, Kind::Telling);
        }
        (length > 0).then_some(Self { name, end: at + length, kind })
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether a comma and exactly three digits come next.
fn group(text: &str) -> bool {
    text.starts_with(',') && digits(&text[1..]) == 3
}

fn point_and_digit(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|after| digits(after) > 0)
}

fn follows(before: &str, is: impl Fn(char) -> bool) -> bool {
    before.chars().next_back().is_some_and(is)
}

/// Whether a number is one of a chain of joined ones: a date, `1.2.3`.
fn chained(before: &str, after: &str, join: char) -> bool {
    let mut before = before.chars().rev();
    let went_on = before.next() == Some(join) && before.next().is_some_and(char::is_alphanumeric);
    let on = |after: &str| after.chars().next().is_some_and(char::is_alphanumeric);
    went_on
        || match join {
            '.' => point_and_digit(after),
            _ => after.strip_prefix(join).is_some_and(on),
        }
}

/// Whether a minus after `before` is a sign, and neither subtracts nor joins.
fn may_be_signed(before: &str) -> bool {
    !follows(before, |c| c.is_alphanumeric() || is_minus(c) || matches!(c, ')' | ']' | '}' | '_'))
}

/// Whether more belongs to a number with a sign or a currency than was read: `-3x`, `$5M`, `-3^2`.
fn goes_on(text: &str, start: usize, core: &Core) -> bool {
    let after = &text[core.end..];
    let letter = after.starts_with(|c| in_word(c) || c == '^' || superscript(c).is_some());
    let number =
        point_and_digit(after) || core.kind == Kind::Plain && after.strip_prefix('/').is_some_and(|a| digits(a) > 0);
    letter && (core.kind == Kind::Plain || after.starts_with(['^']))
        || number
        || super::codes::read(text, start).is_some()
}

/// The length of a dollar that means money.
fn dollar(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("\\$") {
        return 2;
    }
    let numeric = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if !rest.starts_with('$') || !numeric(&rest[1..]) || text[..at].ends_with('$') {
        return 0;
    }
    // Between dollars is TeX if the first has no space after it, and the second none before it and no digit after
    // it: the rule of Pandoc's `tex_math_dollars`.
    let mut previous = '$';
    for (offset, c) in rest[1..].char_indices().take_while(|(offset, c)| *offset < MAX_FORMULA_BYTES && *c != '\n') {
        if c == '$' && previous != '\\' {
            let closes = !previous.is_whitespace() && digits(&rest[1 + offset + 1..]) == 0;
            return usize::from(!closes);
        }
        previous = c;
    }
    1
}

/// The length of a percent sign, as far as one follows.
fn percent(after: &str) -> usize {
    let space = usize::from(after.starts_with([' ', '~']));
    let escaped = space + usize::from(after[space..].starts_with('\\'));
    let Some(rest) = after[escaped..].strip_prefix('%') else { return 0 };
    // `19 % 7` is a remainder, `%20` a character.
    let other = rest.starts_with(in_word) || space > 0 && rest.strip_prefix(' ').is_some_and(|rest| digits(rest) > 0);
    if other { 0 } else { escaped + 1 }
}

/// The fraction of numbers that TeX would set, `\frac{3}{4}` or `\frac34`, and its length.
fn tex_fraction(text: &str) -> Option<(String, usize)> {
    let commands = ["\\frac", "\\dfrac", "\\tfrac", "\\cfrac"];
    let mut rest = commands.iter().find_map(|command| text.strip_prefix(command))?;
    let mut argument = || -> Option<&str> {
        rest = rest.trim_start_matches(' ');
        let (argument, after) = match rest.strip_prefix('{') {
            Some(inner) => {
                let inner = inner.trim_start_matches(' ');
                let (argument, after) = inner.split_at(digits(inner));
                (argument, after.trim_start_matches(' ').strip_prefix('}')?)
            }
            None => rest.split_at(digits(rest).min(1)),
        };
        rest = after;
        (1..=MAX_DIGITS).contains(&argument.len()).then_some(argument)
    };
    let (above, below) = (argument()?, argument()?);
    Some((format!("{above}/{below}"), text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let at = text.find('[').map_or(0, |at| at);
        let text = text.replace('[', "");
        read(&text, at).into_iter().flatten().map(|(name, _)| name).collect()
    }

    #[test]
    fn numbers_have_one_name_however_they_are_written() {
        for (name, written) in [
            ("3/4", &["3/4", "¾", "3⁄4", "\\frac{3}{4}", "\\dfrac{ 3 }{4}", "\\frac34", "3/4x", "3/4.", "3/4/"][..]),
            ("2.5", &["2.5", "2.5kg", "2.5.", "2.5/3", "2.5,"]),
            ("0.5", &["0.5", ".5"]),
            ("1000", &["1,000"]),
            ("1234567.5", &["1,234,567.5"]),
        ] {
            for text in written {
                assert_eq!(names(text), [name], "{text}");
            }
        }
        for text in ["3", "3x", "2nd", "3/4/2021", "1.2.3", "a/[3/4", "3/4.5", "x_[1/2", "x", "", "1,00", "3/x", "a[.5"]
        {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn signs_currencies_and_percents_are_part_of_a_number_and_may_be_left_out() {
        assert_eq!(names("50%"), ["50%", "50"]);
        assert_eq!(names("50 \\%"), ["50%", "50"]);
        assert_eq!(names("7,5%"), ["7.5%", "7.5"]);
        assert_eq!(names("$5,000 each"), ["$5000", "5000"]);
        assert_eq!(names("\\$5"), ["$5", "5"]);
        assert_eq!(names("−3, 4"), ["-3", "3"]);
        assert_eq!(names("(x,[–3)"), ["-3", "3"]);
        assert_eq!(names("-$2.50"), ["-$2.50", "$2.50", "2.50"]);
        assert_eq!(names("-50%"), ["-50%", "50%", "-50", "50"]);
        assert_eq!(names("-1/2"), ["-1/2", "1/2"]);
        assert_eq!(names("$12/60"), ["$12/60", "12/60", "$12", "12"]);
        assert_eq!(names("19 % 7"), [""; 0]);
        assert_eq!(names("50%20"), [""; 0]);
    }

    #[test]
    fn a_minus_between_two_is_no_sign_and_tex_is_no_money() {
        for text in
            ["5[-3", "x[−3", ")[-3", "pages 2[–3", "-3x", "-3^2", "-3²", "-5.NF.B.3", "-5NFB3", "-[-3", "-3/4/20"]
        {
            assert_eq!(names(text), [""; 0], "{text}");
        }
        for text in ["$5$ cm", "$5^{x}$ and", "$5\\%$ more", "$[$5$$", "$5M", "$5x + 3$", "$x"] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
        for text in ["$5 and $10", "$5+$3", "$5 (or $x)", "$5\n$"] {
            assert_eq!(names(text), ["$5", "5"], "{text}");
        }
    }
}
