//! Spellings of a standard's code, and the keys under which all of them meet.
//!
//! Publishers and teachers write one standard in many ways: `CCSS.MATH.CONTENT.5.NF.B.3`, `5.NF.B.3`,
//! `5NFB3`, and, leaving out the cluster, `5.NF.3`; `HSG-C.A.1`, `HSG.C.A.1`, `G-C.1`. Even the official
//! CCSSI list has seven codes with a missing dot. A code is read into segments, and a segment that is a
//! cluster letter may be left out.

use std::fmt;

/// The domains of the CCSS-M (NGA Center and CCSSO 2010), lower case: they tell where a code that is
/// written without dots has its joints.
const DOMAINS: &[&str] = &[
    "nbt", "apr", "cc", "oa", "nf", "md", "rp", "ns", "ee", "sp", "sse", "ced", "rei", "if", "bf", "le", "tf", "rn",
    "cn", "vm", "co", "srt", "gpe", "gmd", "mg", "id", "ic", "cp", "g", "f", "q", "c",
];

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
            if segments.is_empty() && matches!(raw, "ccss" | "math" | "content" | "practice" | "mathematics" | "ca") {
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

    /// Whether `text` looks like a code rather than a word: digits and letters joined by dots or dashes.
    pub fn looks_like(text: &str) -> bool {
        let has = |f: fn(&u8) -> bool| text.bytes().any(|b| f(&b));
        text.len() <= 40
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && Self::new(text).is_some_and(|code| {
                code.0.iter().any(|s| DOMAINS.contains(&s.as_str()) || s == "mp" || s.starts_with("hs"))
            })
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
            let after_domain = DOMAINS.contains(&self.0[i - 1].as_str());
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
        } else if raw.starts_with('k') && DOMAINS.iter().any(|d| raw[1..].starts_with(d)) {
            into.push("k".to_owned());
            rest = &raw[1..];
        } else if digits == raw.len() {
            let grade = raw.trim_start_matches('0');
            into.push(if grade.is_empty() { "0".to_owned() } else { grade.to_owned() });
            return;
        } else if raw.len() > 3 && raw.starts_with("hs") {
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
        let glued = DOMAINS.iter().find(|d| {
            word.len() == d.len() + 1 && word.starts_with(**d) && !DOMAINS.contains(&word) && !into.is_empty()
        });
        match glued {
            Some(domain) => {
                into.push((*domain).to_owned());
                into.push(word[domain.len()..].to_owned());
            }
            None => into.push(word.to_owned()),
        }
        rest = &rest[letters..];
    }
}

/// `a rei b 3` and `g c 1` are high-school codes written without `hs`.
fn join_high_school(segments: &mut [String]) {
    let [category, domain, ..] = segments else { return };
    if matches!(category.as_str(), "n" | "a" | "f" | "g" | "s") && DOMAINS.contains(&domain.as_str()) {
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
    fn codes_are_told_from_words() {
        for code in ["5.NF.A.1", "HSA-REI.B.3", "MP1", "5NFB3", "A-REI.3"] {
            assert!(StandardCode::looks_like(code), "{code}");
        }
        for word in ["fractions", "3.5", "x-2", "grade-5", "covid-19", "", "½"] {
            assert!(!StandardCode::looks_like(word), "{word}");
        }
    }

    #[test]
    fn anything_may_be_written() {
        for text in ["", "...", "ccss", "é1", "日本5", &"9".repeat(500), "K", "k1", "5é"] {
            let _ = StandardCode::new(text).map(|c| c.keys());
        }
    }
}
