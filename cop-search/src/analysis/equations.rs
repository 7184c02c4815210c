//! Equations as one word, without their spaces: `y = mx + b` is `y=mx+b`.
//!
//! Only short ones, of numbers, letters, powers and brackets; what they hold is found by itself as well. Words of
//! more than three letters are no variables: `y = slope` is none.

use super::fold::{fold, in_word, is_minus, run, superscript};
use super::numbers::Core;
use super::powers::exponent;

/// Longer ones are no names that anybody types.
const MAX_CHARS: usize = 24;
/// How far the sign of equality is looked for.
const MAX_BYTES: usize = 64;
/// `sin`, `log`, `abc`.
const MAX_LETTERS: usize = 3;

/// The name of the equation that begins at `at`, and where it ends.
pub(super) fn read(text: &str, at: usize) -> Option<(String, usize)> {
    let goes_on = |c: char| is_minus(c) || "^_\\=+*/×·÷)]".contains(c);
    let line = text.as_bytes()[at..].iter().take(MAX_BYTES).take_while(|byte| **byte != b'\n');
    if !line.into_iter().any(|byte| *byte == b'=') || text[..at].ends_with(goes_on) {
        return None;
    }
    let mut reader = Reader { text, at, name: String::new(), depth: 0, equal: false };
    let mut end = None;
    while let Some(next) = reader.operand() {
        end = Some(next);
        if reader.name.len() > MAX_CHARS || !reader.operator() {
            break;
        }
        end = None;
    }
    let end = end?;
    let whole = reader.equal && reader.depth == 0 && reader.name.chars().count() <= MAX_CHARS;
    let cut = text[end..].starts_with(|c| in_word(c) || "^_\\{[(|!".contains(c));
    (whole && !cut).then_some((reader.name, end))
}

/// Whether what comes `after` letters or digits may make an equation of them: tells quickly of most that it does not.
pub(super) fn may_follow(after: &str) -> bool {
    let bytes = after.as_bytes();
    match bytes.first() {
        Some(b' ' | b'~') => {
            let next = bytes.get(if bytes.get(1) == Some(&b' ') { 2 } else { 1 });
            next.is_some_and(|byte| matches!(byte, b'=' | b'+' | b'-' | b'*' | b'/' | 0x80..))
        }
        Some(byte) => matches!(byte, b'=' | b'+' | b'-' | b'*' | b'/' | b'^' | b'(' | b'%' | b'.' | b',' | 0x80..),
        None => false,
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    name: String,
    /// Open brackets.
    depth: u32,
    /// Whether the equals sign was passed.
    equal: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, length: usize, name: &str) {
        self.at += length;
        self.name.push_str(name);
    }

    /// Reads factors that follow each other without a space, and their brackets; answers where they end.
    fn operand(&mut self) -> Option<usize> {
        self.skip_space();
        if let Some(minus) = self.next().filter(|c| is_minus(*c)) {
            self.take(minus.len_utf8(), "-");
        }
        let mut factors = 0;
        // Every step takes a character of a name that may not become long.
        while self.name.len() <= MAX_CHARS {
            let Some(c) = self.next() else { break };
            if c == ')' && factors > 0 && self.depth > 0 {
                self.depth -= 1;
                self.take(1, ")");
            } else if c == '%' && factors > 0 {
                self.take(1, "%");
            } else if c == '(' {
                self.depth += 1;
                self.take(1, "(");
                factors = 0;
                if let Some(minus) = self.next().filter(|c| is_minus(*c)) {
                    self.take(minus.len_utf8(), "-");
                }
            } else if factors > 0 && (c == '^' || superscript(c).is_some()) {
                let (exponent, end) = exponent(self.text, self.at)?;
                self.take(end - self.at, &format!("^{exponent}"));
            } else if c.is_alphabetic() && in_word(c) {
                let length = run(self.rest(), |c| c.is_alphabetic() && in_word(c));
                let letters = &self.rest()[..length];
                if letters.len() > MAX_LETTERS * 4 || letters.chars().count() > MAX_LETTERS {
                    return None;
                }
                let letters = fold(letters).into_owned();
                self.take(length, &letters);
                factors += 1;
            } else if c.is_numeric() && in_word(c) || super::fold::is_vulgar_fraction(c) {
                let core = Core::read(self.text, self.at)?;
                self.take(core.end - self.at, &core.name);
                factors += 1;
            } else if c == '$' && factors == 0 && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
                self.take(1, "$");
            } else {
                break;
            }
        }
        (factors > 0).then_some(self.at)
    }

    /// Reads an operator; none where the equation ends.
    fn operator(&mut self) -> bool {
        let begun = self.at;
        let spaced = self.skip_space();
        let Some(c) = self.next() else { return self.back(begun) };
        if c == '=' && !self.equal && self.depth == 0 {
            self.equal = true;
            self.take(1, "=");
            return true;
        }
        let name = match c {
            '+' => "+",
            '*' | '×' | '·' | '⋅' => "*",
            '/' | '÷' => "/",
            c if is_minus(c) => "-",
            _ => return self.back(begun),
        };
        // `3 -x` leaves something out, it does not subtract.
        if name == "-" && spaced && !self.rest()[c.len_utf8()..].starts_with(' ') {
            return self.back(begun);
        }
        self.take(c.len_utf8(), name);
        true
    }

    fn back(&mut self, to: usize) -> bool {
        self.at = to;
        false
    }

    fn skip_space(&mut self) -> bool {
        let spaces = run(self.rest(), |c| matches!(c, ' ' | '~')).min(2);
        self.at += spaces;
        spaces > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        let at = text.find('[').unwrap_or(0);
        read(&text.replace('[', ""), at).map(|(name, _)| name)
    }

    #[test]
    fn equations_have_one_name_however_they_are_spaced() {
        for text in ["y=mx+b", "y = mx + b", "y =mx+ b", "Y=mx+b.", "y=mx+b, where", "y = mx + b where", "y=mx+b)"] {
            assert_eq!(name(text).as_deref(), Some("y=mx+b"), "{text}");
        }
        for (text, expected) in [
            ("a² + b^2 = c^{2}", "a^2+b^2=c^2"),
            ("E=mc²", "e=mc^2"),
            ("f(x) = −3x + 1/2", "f(x)=-3x+1/2"),
            ("y − 2 = m(x − 1)", "y-2=m(x-1)"),
            ("3 × 4 = 12", "3*4=12"),
            ("48/2=24 clips", "48/2=24"),
            ("x=3 and", "x=3"),
            ("x = 3 -decimals", "x=3"),
            ("y=2x=4", "y=2x"),
        ] {
            assert_eq!(name(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_short_equation_has_no_name() {
        for text in [
            "y",
            "y =",
            "y = slope",
            "y=\\frac{1}{2}x",
            "y=2x+\\frac12",
            "y=x_1",
            "y=(x",
            "a+b",
            "of the",
            "=3",
            "abcd=3",
            "a+b+c+d+e+f+g+h+i+j+k+l=m",
            "+[y=mx+b",
            "y=2!",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
        let _ = name(&"(".repeat(1000));
    }
}
