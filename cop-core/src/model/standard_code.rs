//! Spellings of a standard's code, and the keys under which all of them meet.
//!
//! Publishers and teachers write one standard in many ways: `CCSS.MATH.CONTENT.5.NF.B.3`, `5.NF.B.3`,
//! `5NFB3`, and, leaving out the cluster, `5.NF.3`; `HSG-C.A.1`, `HSG.C.A.1`, `G-C.1`. Even the official
//! CCSSI list has seven codes with a missing dot. A code is read into segments, and a segment that is a
//! cluster letter may be left out.

use std::fmt;

/// The domains of the CCSS-M (NGA Center and CCSSO 2010), lower case, each with the grades and categories of high
/// school that have it: they tell where a code that is written without dots has its joints, and a code from words.
#[rustfmt::skip]
const DOMAINS: &[(&str, &[&str])] = &[
    ("nbt", &["k", "1", "2", "3", "4", "5"]), ("cc", &["k"]), ("oa", &["k", "1", "2", "3", "4", "5"]),
    ("nf", &["3", "4", "5"]), ("md", &["k", "1", "2", "3", "4", "5", "hss"]), ("rp", &["6", "7"]),
    ("ns", &["6", "7", "8"]), ("ee", &["6", "7", "8"]), ("sp", &["6", "7", "8"]),
    ("apr", &["hsa"]), ("sse", &["hsa"]), ("ced", &["hsa"]), ("rei", &["hsa"]),
    ("if", &["hsf"]), ("bf", &["hsf"]), ("le", &["hsf"]), ("tf", &["hsf"]),
    ("rn", &["hsn"]), ("cn", &["hsn"]), ("vm", &["hsn"]), ("q", &["hsn"]),
    ("co", &["hsg"]), ("srt", &["hsg"]), ("gpe", &["hsg"]), ("gmd", &["hsg"]), ("mg", &["hsg"]), ("c", &["hsg"]),
    ("id", &["hss"]), ("ic", &["hss"]), ("cp", &["hss"]),
    ("g", &["k", "1", "2", "3", "4", "5", "6", "7", "8"]), ("f", &["8"]),
];
/// Grades and categories of high school: what a code begins with.
const PLACES: &[&str] = &["k", "1", "2", "3", "4", "5", "6", "7", "8", "hsn", "hsa", "hsf", "hsg", "hss"];
/// What publishers put before a code.
const PREFIXES: &[&str] = &["ccss", "math", "content", "practice", "mathematics", "ca"];
/// How far a code with spaces is read.
const MAX_SPELLED_WORDS: usize = 9;
const MAX_SPELLED_BYTES: usize = 60;

fn has_domain(place: &str, domain: &str) -> bool {
    DOMAINS.iter().any(|(name, places)| *name == domain && places.contains(&place))
}

fn is_domain(segment: &str) -> bool {
    DOMAINS.iter().any(|(domain, _)| *domain == segment)
}

/// A standard's code in its normal form: lower-case segments, outermost first.
///
/// ```
/// use cop_core::StandardCode;
/// let code = StandardCode::new("CCSS.MATH.CONTENT.5.NF.B.3").unwrap();
/// assert_eq!(code.to_string(), "5.nf.b.3");
/// assert_eq!(StandardCode::new("5NFB3").unwrap(), code);
/// // A standard is found under itself and everything above it, with or without its cluster letter.
/// let keys = code.keys();
/// assert!(["5", "5.nf", "5.nf.b", "5.nf.b.3", "5.nf.3"].iter().all(|key| keys.contains(&key.to_string())));
/// assert!(keys.contains(&StandardCode::new("5.NF.3").unwrap().to_string()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StandardCode(Vec<String>);

impl StandardCode {
    /// Reads a code in any usual spelling; none when there is nothing to read.
    pub fn new(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        if lower.len() > 200 {
            return None;
        }
        let mut segments: Vec<String> = Vec::new();
        for raw in lower.split(|c: char| !c.is_alphanumeric()).filter(|s| !s.is_empty()) {
            if segments.is_empty() && PREFIXES.contains(&raw) {
                continue;
            }
            // California writes the Standards for Mathematical Practice as SMP 3 or MP.3.
            let raw = if segments.is_empty() {
                raw.strip_prefix('s').filter(|r| r.starts_with("mp")).unwrap_or(raw)
            } else {
                raw
            };
            split_segment(raw, segments.is_empty(), &mut segments);
        }
        join_high_school(&mut segments);
        (!segments.is_empty()).then_some(Self(segments))
    }

    /// Whether `text` looks like a code rather than a word: letters and digits joined by dots or dashes, or letters
    /// alone that are a domain with its grade or category, such as `A-REI` and `K.CC.A`.
    ///
    /// ```
    /// use cop_core::StandardCode;
    /// assert!(["5.NF.B.3", "5NFB3", "HSA-REI", "MP1"].into_iter().all(StandardCode::looks_like));
    /// assert!(!["fractions", "3.5", "x-axis"].into_iter().any(StandardCode::looks_like));
    /// ```
    pub fn looks_like(text: &str) -> bool {
        let has = |f: fn(&u8) -> bool| text.bytes().any(|b| f(&b));
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if text.len() > 40 || !plain || !has(u8::is_ascii_alphabetic) {
            return false;
        }
        let Some(code) = Self::new(text) else { return false };
        if has_prefix(text) {
            return code.is_of_ccss(true);
        }
        if has(u8::is_ascii_digit) {
            return code.is_of_a_domain() && code.tells(text);
        }
        // Letters alone are mostly words: `g-c` is none of the standards on circles, `KGB` none of kindergarten.
        let large = !has(u8::is_ascii_lowercase);
        let telling = match text.contains(['.', '-']) {
            true => {
                large
                    || code.0[0] == "k"
                    || text[..2].eq_ignore_ascii_case("hs")
                    || code.0[1..].iter().any(|s| s.len() > 1)
            }
            false => large && text.starts_with("HS"),
        };
        telling && code.is_of_ccss(false)
    }

    /// How much of what `text` begins with is a code that is written with spaces; none where none is.
    ///
    /// ```
    /// use cop_core::StandardCode;
    /// assert_eq!(StandardCode::spelled("5 NF B 3 tasks"), Some("5 NF B 3".len()));
    /// assert_eq!(StandardCode::spelled("CCSS 5.NF.B.3"), Some("CCSS 5.NF.B.3".len()));
    /// assert_eq!(StandardCode::spelled("SMP 3"), Some("SMP 3".len()));
    /// assert_eq!(StandardCode::spelled("5 fractions"), None);
    /// ```
    pub fn spelled(text: &str) -> Option<usize> {
        let mut best = None;
        let mut end = 0;
        for word in text.split(' ').take(MAX_SPELLED_WORDS) {
            let part = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
            let kept = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if kept.is_empty() || !kept.bytes().all(part) || end + kept.len() > MAX_SPELLED_BYTES {
                break;
            }
            let spaced = end > 0;
            let candidate = &text[..end + kept.len()];
            if spaced && Self::is_spelled(candidate) {
                best = Some(candidate.len());
            }
            if kept.len() < word.len() {
                break;
            }
            end += word.len() + 1;
        }
        best
    }

    fn is_spelled(text: &str) -> bool {
        let Some(code) = Self::new(text) else { return false };
        let prefixed = has_prefix(text);
        code.is_of_ccss(prefixed) && (prefixed || code.tells(text))
    }

    /// Whether it begins with a grade or category and a domain, or is a practice. States put domains of their own
    /// into grades, but none of one letter.
    fn is_of_a_domain(&self) -> bool {
        match self.0.as_slice() {
            [practice, ..] if practice == "mp" => true,
            [place, domain, ..] if domain.len() > 1 => PLACES.contains(&place.as_str()) && is_domain(domain),
            [place, domain, ..] => has_domain(place, domain),
            _ => false,
        }
    }

    /// Whether `text`, which it was read from, is no weight, `5 g`, and no note, `8 f`: a domain of one letter is
    /// written large, or joined, or with more behind it.
    fn tells(&self, text: &str) -> bool {
        let short = self.0.get(1).is_some_and(|domain| domain.len() == 1) && self.0.len() <= 3;
        !short || self.0[0] == "mp" || text.contains(['.', '-']) || !text.bytes().any(|b| b.is_ascii_lowercase())
    }

    /// Whether grade or category, domain, cluster, number and letter are such as the CCSS-M have; where it is
    /// `certain` that it is one of their codes, a grade, category or domain alone is enough.
    fn is_of_ccss(&self, certain: bool) -> bool {
        let number = |s: &String| s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit());
        let letter = |s: &String| s.len() == 1 && s.bytes().all(|b| b.is_ascii_alphabetic());
        match self.0.as_slice() {
            [practice] if practice == "mp" => certain,
            [practice, n] if practice == "mp" => number(n),
            [alone] => certain && (PLACES.contains(&alone.as_str()) || is_domain(alone)),
            [place, domain, rest @ ..] => {
                let rest = match rest {
                    [cluster, rest @ ..] if letter(cluster) => rest,
                    rest => rest,
                };
                has_domain(place, domain)
                    && match rest {
                        [] => true,
                        [n] => number(n),
                        [n, part] => number(n) && letter(part),
                        _ => false,
                    }
            }
            [] => false,
        }
    }

    /// All keys under which a standard with this code is found: itself and all above it, each with and
    /// without the cluster letter.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        let cluster = self.cluster();
        for end in 1..=self.0.len() {
            keys.push(self.0[..end].join("."));
            if let Some(at) = cluster
                && end > at + 1
            {
                let without: Vec<&str> =
                    self.0[..end].iter().enumerate().filter(|(i, _)| *i != at).map(|(_, s)| s.as_str()).collect();
                keys.push(without.join("."));
            }
        }
        keys
    }

    /// Where the cluster letter is: one letter between the domain and a number.
    fn cluster(&self) -> Option<usize> {
        (1..self.0.len()).find(|&i| {
            let letter = &self.0[i];
            let after_domain = is_domain(&self.0[i - 1]);
            let before_number = self.0.get(i + 1).is_none_or(|s| s.bytes().all(|b| b.is_ascii_digit()));
            letter.len() == 1 && letter.as_bytes()[0].is_ascii_alphabetic() && i >= 2 && after_domain && before_number
        })
    }
}

impl fmt::Display for StandardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Splits what was written without dots (`5nfb3`, `a1`, `mp1`) at its joints.
fn split_segment(raw: &str, first: bool, into: &mut Vec<String>) {
    let mut rest = raw;
    // A grade in front: `5nf…`, `knbt…`; `hsa…` stays whole.
    if first && raw.len() > 1 {
        let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && digits < raw.len() {
            into.push(raw[..digits].trim_start_matches('0').to_owned());
            rest = &raw[digits..];
        } else if raw.starts_with('k') && DOMAINS.iter().any(|(d, _)| raw[1..].starts_with(d)) {
            into.push("k".to_owned());
            rest = &raw[1..];
        } else if digits == raw.len() {
            let grade = raw.trim_start_matches('0');
            into.push(if grade.is_empty() { "0".to_owned() } else { grade.to_owned() });
            return;
        } else if raw.len() > 3 && raw.starts_with("hs") && raw.is_char_boundary(3) {
            // `hsareib3`: high school, category, then the domain.
            into.push(raw[..3].to_owned());
            rest = &raw[3..];
        }
    }
    if first && matches!(rest, "kg") {
        into.push("k".to_owned());
        return;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            into.push(rest[..digits].to_owned());
            rest = &rest[digits..];
            continue;
        }
        let letters = rest.chars().take_while(|c| !c.is_ascii_digit()).map(char::len_utf8).sum::<usize>();
        let word = &rest[..letters];
        // A domain with its cluster letter glued on: `nfb`.
        let glued = DOMAINS
            .iter()
            .find(|(d, _)| word.len() == d.len() + 1 && word.starts_with(d) && !is_domain(word) && !into.is_empty());
        match glued {
            Some((domain, _)) => {
                into.push((*domain).to_owned());
                into.push(word[domain.len()..].to_owned());
            }
            None => into.push(word.to_owned()),
        }
        rest = &rest[letters..];
    }
}

/// Whether it says itself that it is a code of the Common Core.
fn has_prefix(text: &str) -> bool {
    text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("ccss"))
        && text[4..].starts_with(|c: char| !c.is_alphanumeric())
}

/// `a rei b 3` and `g c 1` are high-school codes written without `hs`.
fn join_high_school(segments: &mut [String]) {
    let [category, domain, ..] = segments else { return };
    if matches!(category.as_str(), "n" | "a" | "f" | "g" | "s") && is_domain(domain) {
        category.insert_str(0, "hs");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        StandardCode::new(text).map(|c| c.to_string()).unwrap_or_default()
    }

    #[test]
    fn spellings_meet() {
        for text in
            ["5.NF.B.3", "CCSS.MATH.CONTENT.5.NF.B.3", "5NFB3", "ccss 5.nf.b.3", "5-NF-B-3", "05.NF.B.3", "5.NF.B3"]
        {
            assert_eq!(normal(text), "5.nf.b.3", "{text}");
        }
        for text in ["HSG-C.A.1", "HSG.C.A.1", "G-C.A.1", "CCSS.Math.Content.HSG-C.A.1"] {
            assert_eq!(normal(text), "hsg.c.a.1", "{text}");
        }
        for text in ["MP1", "MP.1", "CCSS.Math.Practice.MP1", "Math.Practice.MP1", "SMP 1", "SMP1"] {
            assert_eq!(normal(text), "mp.1", "{text}");
        }
        assert_eq!(normal("K.CC.A.1"), "k.cc.a.1");
        assert_eq!(normal("KCCA1"), "k.cc.a.1");
        assert_eq!(normal("3.NF.A.2a"), "3.nf.a.2.a");
        assert_eq!(normal("CCSS.Math.Content.3.NF.A.2a"), "3.nf.a.2.a");
    }

    #[test]
    fn clusters_may_be_left_out_and_parents_find_children() {
        let finds =
            |item: &str, query: &str| StandardCode::new(item).is_some_and(|code| code.keys().contains(&normal(query)));
        for query in ["5.NF.B.3", "5.NF.3", "5.NF", "5.NF.B", "5", "5NF3"] {
            assert!(finds("5.NF.B.3", query), "{query}");
        }
        assert!(finds("3.NF.A.2.a", "3.NF.2a"));
        assert!(finds("HSG-C.A.1", "G-C.1"));
        assert!(finds("HSA-REI.B.3", "A-REI.3"));
        assert!(!finds("5.NF.B.3", "5.NF.B.4") && !finds("5.NF.B.3", "3.NF"));
    }

    #[test]
    fn what_is_no_code_is_taken_apart_too() {
        for text in ["hsஇ𑎎", "kஇ", "5இ", "hs𑎎nf", "mpஇ", "இ"] {
            assert!(StandardCode::new(text).is_none_or(|code| !code.keys().is_empty()), "{text}");
        }
    }

    #[test]
    fn codes_are_told_from_words() {
        for code in [
            "5.NF.A.1",
            "HSA-REI.B.3",
            "MP1",
            "5NFB3",
            "A-REI.3",
            "A-REI",
            "HSA-REI.B",
            "hsg-c",
            "5.g",
            "8.f.3",
            "5.ns.1",
            "K.CC.A",
            "k.g",
            "G-C",
            "HSAREIB",
            "CCSS.Math.Content.5",
            "CCSS.Math.Content.NF",
            "ccss.math.content.hsa",
        ] {
            assert!(StandardCode::looks_like(code), "{code}");
        }
        for word in [
            "fractions",
            "3.5",
            "x-2",
            "grade-5",
            "covid-19",
            "",
            "½",
            "x-axis",
            "a.k.a",
            "g-c",
            "k-12",
            "KGB",
            "hs",
            "e.g",
            "f.f",
            "CCSS.Math",
            "ccss",
            "hsa",
            "a-if",
        ] {
            assert!(!StandardCode::looks_like(word), "{word}");
        }
    }

    #[test]
    fn codes_may_have_spaces() {
        for code in [
            "5 NF B 3",
            "5 nf b 3a",
            "5 NF 3",
            "5 NF",
            "5 G",
            "K CC A 1",
            "A REI 3",
            "A-REI B 3",
            "HSA REI",
            "CCSS 5.NF.B.3",
            "CCSS Math Content 5 NF B 3",
            "ccss 5",
            "CCSS HSA",
            "CCSS NF",
            "SMP 1",
            "MP 3",
            "CCSS MP1",
            "math practice MP1",
        ] {
            assert_eq!(StandardCode::spelled(&format!("{code} and tasks")), Some(code.len()), "{code}");
            assert_eq!(StandardCode::spelled(&format!("{code}, tasks")), Some(code.len()), "{code}");
        }
        for words in [
            "5 fractions",
            "5 g",
            "8 f 3",
            "a co 2",
            "grade 5",
            "5.NF.B.3",
            "CCSS fractions",
            "math 5",
            "",
            " ",
            "5  NF",
            "é 5",
        ] {
            assert_eq!(StandardCode::spelled(words), None, "{words}");
        }
        let _ = StandardCode::spelled(&"5 ".repeat(10_000));
    }

    #[test]
    fn anything_may_be_written() {
        for text in ["", "...", "ccss", "é1", "日本5", &"9".repeat(500), "K", "k1", "5é"] {
            let _ = StandardCode::new(text).map(|c| c.keys());
        }
    }
}
