//! The standards of the CCSS-M, each with a resource that is aligned to it, are found by their codes as people write
//! them: the standard itself always, and exactly what lies below it nearly always; skipped without the real standards.

use std::collections::{BTreeMap, BTreeSet};

use cop_core::{Community, ExternalId, NewCommunity, NewResource, Op, Resource, ResourceId, SearchQuery};
use serde_json::Value;

use cop_tests::shared::{shared, text};

/// A code, taken apart by the test's own rules.
struct Code {
    /// As the framework writes it.
    official: String,
    /// Its segments, `["5", "NF", "B", "3", "a"]`.
    segments: Vec<String>,
}

impl Code {
    fn read(item: &Value) -> Self {
        let official = text(item, "humanCodingScheme").to_owned();
        let bare = official.rsplit_once("Content.").or(official.rsplit_once("Practice.")).map_or("", |(_, bare)| bare);
        let mut segments: Vec<String> = bare.split(['.', '-']).map(str::to_owned).collect();
        let last = segments.pop().unwrap_or_default();
        let digits = last.bytes().take_while(u8::is_ascii_digit).count();
        let (number, letter) = last.split_at(digits);
        segments.extend([number, letter].into_iter().filter(|part| !part.is_empty()).map(str::to_owned));
        Self { official, segments }
    }

    fn bare(&self) -> &str {
        self.official.rsplit("Content.").next().and_then(|rest| rest.rsplit("Practice.").next()).unwrap_or("")
    }

    fn is_numbered(&self) -> bool {
        self.segments.iter().skip(1).any(|part| part.bytes().all(|b| b.is_ascii_digit()))
    }

    /// The segments, the letter of a part written to its number.
    fn joined(&self, by: &str) -> String {
        let parts = self.segments.iter();
        let after_number = |i: usize| i > 0 && self.segments[i - 1].bytes().all(|b| b.is_ascii_digit());
        let mut joined = String::new();
        for (i, part) in parts.enumerate() {
            let letter = i > 3 && after_number(i) && part.len() == 1;
            let practice = self.segments[0] == "MP";
            joined.push_str(if i == 0 || letter || practice && i == 1 { "" } else { by });
            joined.push_str(part);
        }
        joined
    }

    /// As codes were written in 2010, without the cluster.
    fn without_cluster(&self) -> String {
        match self.segments.as_slice() {
            [place, domain, _, number @ ..] if !number.is_empty() => {
                let place = place.strip_prefix("HS").map_or(format!("{place}."), |category| format!("{category}-"));
                format!("{place}{domain}.{}", number.concat())
            }
            _ => self.bare().to_owned(),
        }
    }

    fn without_hs(&self) -> String {
        match self.bare().strip_prefix("HS") {
            Some(short) if short.len() > 1 => short.to_owned(),
            _ if self.segments.len() > 1 && self.bare().starts_with(|c: char| c.is_ascii_digit()) => {
                format!("0{}", self.bare())
            }
            _ => self.bare().to_owned(),
        }
    }
}

/// How a code is written.
type Form = fn(&Code) -> String;

/// The written forms. Of a code that a form does not fit, such as a grade alone, it leaves the bare one.
#[rustfmt::skip]
const FORMS: [(&str, Form); 14] = [
    ("CCSS.Math.Content.5.NF.B.5a", |code| code.official.clone()),
    ("CCSS.MATH.CONTENT.5.NF.B.5.A", |code| match code.segments.as_slice() {
        [.., last] if last.len() == 1 && code.segments.len() > 4 => {
            format!("{}.{last}", code.official.trim_end_matches(last.as_str())).to_uppercase()
        }
        _ => code.official.to_uppercase(),
    }),
    ("5.NF.B.5a", |code| code.bare().to_owned()),
    ("5.nf.b.5a", |code| code.bare().to_lowercase()),
    ("5NFB5a", |code| if code.is_numbered() { code.joined("") } else { code.bare().to_owned() }),
    ("CCSS 5.NF.B.5a", |code| format!("CCSS {}", code.bare())),
    ("CCSS.5.NF.B.5a", |code| format!("CCSS.{}", code.bare())),
    ("5-NF-B-5a", |code| code.joined("-")),
    ("5 NF B 5a", |code| code.joined(" ")),
    ("5.NF.5a, A-REI.3", Code::without_cluster),
    ("5.NF.B.5.a, HSA.REI.B.3", |code| code.segments.join(".")),
    ("05.NF.B.5a, A-REI.B.3", Code::without_hs),
    ("A.REI.B.3", |code| code.without_hs().replace('-', ".")),
    ("(5.NF.B.5a)", |code| format!("({})", code.bare())),
];

struct Standards {
    codes: Vec<Code>,
    /// Of each, itself and everything below it, by the framework's associations.
    subtrees: Vec<BTreeSet<usize>>,
    cop: Community,
    ids: BTreeMap<ResourceId, usize>,
}

fn standards() -> Option<Standards> {
    let file = shared("case/ccssm")?.join("ccss-m.case.json");
    let package: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a readable file")).expect("JSON");
    let list = |name: &str| package[name].as_array().cloned().unwrap_or_default();
    let items = list("CFItems");
    let codes: Vec<Code> = items.iter().map(Code::read).collect();
    let at: BTreeMap<&str, usize> = items.iter().enumerate().map(|(at, item)| (text(item, "identifier"), at)).collect();
    let associations = list("CFAssociations");
    let parents: BTreeMap<usize, usize> = associations
        .iter()
        .filter(|association| text(association, "associationType") == "isChildOf")
        .filter_map(|association| {
            let end = |name: &str| at.get(text(&association[name], "identifier")).copied();
            Some((end("originNodeURI")?, end("destinationNodeURI")?))
        })
        .collect();
    let mut subtrees: Vec<BTreeSet<usize>> = (0..codes.len()).map(|item| BTreeSet::from([item])).collect();
    for item in 0..codes.len() {
        let mut above = parents.get(&item);
        while let Some(&parent) = above {
            subtrees[parent].insert(item);
            above = parents.get(&parent);
        }
    }

    let cop = cop_search::in_memory(NewCommunity::new("Standards")).expect("a community");
    let id = |code: &Code| ExternalId::new("case", &code.official);
    let add = |code: &Code| {
        let new = NewResource::new("task", "A task").with_standard(code.official.clone());
        Op::AddResource(new.with_external_id(id(code)))
    };
    let ops = codes.iter().map(add).collect();
    cop.steward().batch(ops, &mut |_| std::ops::ControlFlow::Continue(())).expect("resources");
    let ids = codes.iter().enumerate().map(|(at, code)| (Resource::id_of(&id(code)), at)).collect();
    Some(Standards { codes, subtrees, cop, ids })
}

impl Standards {
    fn found(&self, query: SearchQuery) -> BTreeSet<usize> {
        let query = query.without_facets().with_limit(1000);
        let hits = self.cop.steward().search(query).expect("an answer").hits;
        hits.iter().map(|hit| self.ids[&hit.id.into()]).collect()
    }

    /// How many standards one way of asking finds, and how many with exactly their subtrees.
    fn measure(&self, form: Form, ask: fn(String) -> SearchQuery) -> (usize, usize) {
        let (mut found, mut exact) = (0, 0);
        for (item, code) in self.codes.iter().enumerate() {
            let hits = self.found(ask(form(code)));
            found += usize::from(hits.contains(&item));
            exact += usize::from(hits == self.subtrees[item]);
            if hits != self.subtrees[item] {
                println!("  {:?} ({}): {} of {}", form(code), code.official, hits.len(), self.subtrees[item].len());
            }
        }
        (found, exact)
    }
}

#[test]
fn every_spelling_finds_its_standard_and_what_lies_below() {
    let Some(standards) = standards() else { return };
    let all = standards.codes.len();
    assert_eq!(all, 755);
    for (name, form) in FORMS {
        let example = standards.codes.iter().find(|code| code.official.ends_with("HSA-REI.B.4a")).expect("an item");
        for (way, ask) in [
            ("typed", SearchQuery::new as fn(String) -> SearchQuery),
            ("filter", |code| SearchQuery::default().with_standard(code)),
        ] {
            let (found, exact) = standards.measure(form, ask);
            println!("{name} ({}), {way}: {found} of {all} found, {exact} with exactly their subtrees", form(example));
            assert_eq!(found, all, "{name}, {way}");
            assert!(exact * 100 >= all * 99, "{name}, {way}: {exact}");
        }
    }
}
