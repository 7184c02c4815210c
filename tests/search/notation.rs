//! Mathematics is found as it is typed: literals in thousands of real documents, beside what regular expressions say
//! that the documents hold; skipped without the documents.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use cop_core::{NewCommunity, NewResource, Op, SearchQuery, Visibility};
use cop_search::TantivyIndex;
use regex::Regex;

use crate::world::{Checked, Count, World};
use cop_tests::shared::{lines, shared, text};

/// The least share of the found that is right, and of the right that is found.
const LEAST: f64 = 0.95;

/// All but the modules of OpenStax, whose sections are here by themselves.
const DOCUMENTS: [&str; 6] = [
    "resources_openstax/sections.jsonl",
    "resources_gsm8k/gsm8k.jsonl",
    "resources_openintro/openintro.jsonl",
    "resources_pretext/discrete.jsonl",
    "resources_pretext/orcca.jsonl",
    "resources_siyavula/siyavula.jsonl",
];

/// What stands for a number is not followed by more of it: a digit, a decimal point or comma of thousands with digits.
const NO_MORE: &str = r"(?:$|[^\p{L}\p{N}.,^/]|\.(?:$|\P{N})|/(?:$|\P{N})|,(?:$|\D|\d(?:$|\D)|\d\d(?:$|\D)|\d{4}))";

/// A literal, and the opinion on whether a text holds it.
struct Literal {
    name: &'static str,
    /// The ways it is typed.
    typed: &'static [&'static str],
    holds: fn(&str) -> bool,
}

fn any(patterns: &[&str]) -> Regex {
    Regex::new(&format!("(?m){}", patterns.join("|"))).expect("a pattern")
}

fn fraction(above: u32, below: u32, vulgar: char) -> Regex {
    any(&[
        // Not in a chain with points or slashes, such as a date; `^1/2` raises by 1.
        &format!(
            r"(?:^|[^\p{{L}}\p{{N}}./^_]){above}[/⁄]{below}(?:$|[^\p{{N}}./]|[./](?:$|[^\p{{L}}\p{{N}}])|\.\p{{L}})"
        ),
        &format!(r"\\[dtc]?frac *(?:\{{ *{above} *\}}|{above}) *(?:\{{ *{below} *\}}|{below})"),
        &vulgar.to_string(),
    ])
}

/// Dollars of a line that are TeX's are taken away: a dollar opens a formula if no white space follows it, and the next
/// one closes it if no white space stands before and no digit after it.
fn without_formulas(line: &str) -> String {
    let line = line.replace(r"\$", "§");
    let parts: Vec<&str> = line.split('$').collect();
    let mut kept = parts[0].to_owned();
    let mut at = 1;
    while at < parts.len() {
        let inner = parts[at];
        let opens = at + 1 < parts.len() && inner.starts_with(|c: char| !c.is_whitespace());
        let closes = inner.ends_with(|c: char| !c.is_whitespace());
        let digit_after = parts.get(at + 1).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
        if opens && closes && !digit_after {
            kept.push_str(" ¶ ");
            kept.push_str(parts[at + 1]);
            at += 2;
        } else {
            kept.push('$');
            kept.push_str(inner);
            at += 1;
        }
    }
    kept
}

const LITERALS: [Literal; 10] = [
    // A fraction, also as one character and in TeX; no part of a date.
    Literal {
        name: "3/4",
        typed: &["3/4", "¾"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| fraction(3, 4, '¾'));
            IS.is_match(text)
        },
    },
    Literal {
        name: "1/2",
        typed: &["1/2"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| fraction(1, 2, '½'));
            IS.is_match(text)
        },
    },
    // The same as 1/2.
    Literal {
        name: "½",
        typed: &["½"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| fraction(1, 2, '½'));
            IS.is_match(text)
        },
    },
    // A decimal, no part of a longer one or of a numbering; a unit may follow.
    Literal {
        name: "2.5",
        typed: &["2.5"],
        holds: |text| {
            static IS: LazyLock<Regex> =
                LazyLock::new(|| any(&[r"(?:^|[^\p{L}\p{N}.])2\.5(?:$|[^\p{N}.]|\.(?:$|\P{N}))"]));
            IS.is_match(text)
        },
    },
    // A per cent, its sign with a space or TeX's backslash before it; no remainder, 50 % 7.
    Literal {
        name: "50%",
        typed: &["50%", "50 %"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| {
                let begins = r"(?:^|[^\p{L}\p{N}.,/]|[^\p{N}][.,])50";
                any(&[
                    &format!(r"{begins}\\?%(?:$|[^\p{{L}}\p{{N}}])"),
                    &format!(r"{begins}[ ~]\\?%(?:$|[^\p{{L}}\p{{N}} ]| (?:$|\P{{N}}))"),
                ])
            });
            IS.is_match(text)
        },
    },
    // Money, not between the dollars of TeX, and no more than five: neither 5.50 nor 5,000 nor 5M.
    Literal {
        name: "$5",
        typed: &["$5"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| {
                any(&[r"[$§]5(?:$|[^\p{L}\p{N}.,^]|\.(?:$|\P{N})|,(?:$|\D|\d(?:$|\D)|\d\d(?:$|\D)|\d{4}))"])
            });
            text.lines().any(|line| IS.is_match(&without_formulas(line)))
        },
    },
    // A sign of any kind, after no digit, letter or closing bracket, which it would subtract from; no factor, -3x.
    Literal {
        name: "-3",
        typed: &["-3", "−3"],
        holds: |text| {
            static IS: LazyLock<Regex> =
                LazyLock::new(|| any(&[&format!(r"(?:^|[^\p{{L}}\p{{N}})\]}}_\-−–])[-−–]3{NO_MORE}")]));
            IS.is_match(text)
        },
    },
    // A square of x, with any factor before it: `16x^2`, `ax^2`, `x²`, `x^{2}`, `{x}^2`; no longer word, no longer number.
    Literal {
        name: "x^2",
        typed: &["x^2", "x²"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| {
                let base = r"(?i)(?:^|[^\p{L}])(?:\p{L}?x|\{x\})";
                any(&[&format!(
                    r"{base}(?:\^2(?:$|[^\p{{N}}.]|\.(?:$|\P{{N}}))|\^\{{ ?2 ?\}}|\^\(2\)|²(?:$|[^⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻]))"
                )])
            });
            IS.is_match(text)
        },
    },
    // The equation, spaced in any way, neither begun before nor going on.
    Literal {
        name: "y=mx+b",
        typed: &["y=mx+b", "y = mx + b"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| {
                let begins = r"(?i)(?:^|[^\p{L}\p{N}^_*/+=×·÷\\\)\]−–-])";
                any(&[&format!(r"{begins}y ?= ?mx ?\+ ?b(?:$|[^\p{{L}}\p{{N}}^_(+*/−– -]| (?:$|[^+*/−–-]))")])
            });
            IS.is_match(text)
        },
    },
    // Multiplying: the sign itself, TeX's, or a star between numbers.
    Literal {
        name: "×",
        typed: &["×"],
        holds: |text| {
            static IS: LazyLock<Regex> = LazyLock::new(|| any(&["×", r"\\times(?:$|\P{L})", r"\d ?\* ?\$?\.*\d"]));
            IS.is_match(text)
        },
    },
];

#[test]
fn literals_are_found_where_they_are() {
    let folders = DOCUMENTS.map(|file| file.split_once('/').map_or(file, |(folder, _)| folder));
    if folders.into_iter().any(|folder| shared(folder).is_none()) {
        return;
    }
    let cop = cop_search::in_memory(NewCommunity::new("Mathematics")).expect("a community");
    let mut held = [0u64; LITERALS.len()];
    let mut documents = 0;
    for file in DOCUMENTS {
        let (folder, name) = file.split_once('/').expect("a folder");
        let file = shared(folder).expect("the data").join(name);
        let add = |document: serde_json::Value| {
            let title: Vec<&str> = text(&document, "title").split_whitespace().collect();
            let title: String = title.join(" ").chars().take(300).collect();
            // The store takes no control characters; some documents have them from an old encoding.
            let plain = |field| text(&document, field).replace(|c: char| c.is_control() && c != '\n' && c != '\t', " ");
            let [description, body] = ["description", "body"].map(plain);
            let mut new = NewResource::new("task", if title.is_empty() { "-" } else { &title })
                .with_description(description.clone())
                .with_body(body.clone());
            // What the document holds becomes a subject, so that the facets of a search tell how much of it is right.
            for (literal, held) in LITERALS.iter().zip(&mut held) {
                if [&title, &description, &body].into_iter().any(|text| (literal.holds)(text)) {
                    new.subjects.push(format!("holds {}", literal.name));
                    *held += 1;
                }
            }
            documents += 1;
            Op::AddResource(new)
        };
        let ops: Vec<Op> = lines(&file).into_iter().map(add).collect();
        cop.steward().batch(ops, &mut |_| ControlFlow::Continue(())).expect("resources");
    }
    println!("{documents} documents");
    let mut missed = Vec::new();
    for (literal, held) in LITERALS.iter().zip(held) {
        assert!(held >= 20, "too few documents hold {}", literal.name);
        for typed in literal.typed {
            let answer = cop.steward().search(SearchQuery::new(*typed).with_limit(0)).expect("an answer");
            let holds = format!("holds {}", literal.name);
            let subjects = answer.facets.get("subject").map(Vec::as_slice).unwrap_or_default();
            let right = subjects.iter().find(|count| count.value == holds).map_or(0, |count| count.count);
            let (precision, recall) = (right as f64 / answer.total.max(1) as f64, right as f64 / held as f64);
            println!("{typed}: {held} hold it, {} found, precision {precision:.3}, recall {recall:.3}", answer.total);
            if precision < LEAST || recall < LEAST {
                missed.push(*typed);
            }
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

/// A community of these texts, in which the index answers as the scan does.
fn world(texts: &[&str]) -> World {
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &Count::default()));
    for (text, number) in texts.iter().zip(1..) {
        let new = NewResource::new("task", format!("Text {number}x")).with_body(*text);
        world.cop.steward().add_resource(new.with_visibility(Visibility::Public).published()).expect("a resource");
    }
    world
}

fn found(world: &World, query: &str) -> Vec<String> {
    let hits = world.cop.as_guest().search(query).expect("an answer").hits;
    let mut found: Vec<String> = hits.into_iter().map(|hit| hit.snippet.text).collect();
    found.sort();
    found
}

#[test]
fn a_literal_is_found_whole_and_by_its_parts() {
    let texts =
        ["half is 50% of it", "cost: $5", "at −3 degrees", "solve 4x²=16", "y = mx + b, a line", "50 of 5, or 3"];
    let world = world(&texts);
    for (query, expected) in [
        ("50%", &texts[..1]),
        ("$5", &texts[1..2]),
        ("-3", &texts[2..3]),
        ("x^2", &texts[3..4]),
        ("4x^2", &texts[3..4]),
        ("4x^2 = 16", &texts[3..4]),
        ("16", &texts[3..4]),
        ("y=mx+b", &texts[4..5]),
        ("mx", &texts[4..5]),
        ("\"y = mx + b a line\"", &texts[4..5]),
        ("\"cost $5\"", &texts[1..2]),
        ("\"50% of it\"", &texts[..1]),
        ("50", &[texts[5], texts[0]]),
        ("3", &[texts[5], texts[2]]),
    ] {
        assert_eq!(found(&world, query), expected, "{query}");
    }
    let highlighted = |query: &str| {
        let snippet = world.cop.as_guest().search(query).expect("an answer").hits.remove(0).snippet;
        snippet.highlights.into_iter().map(|range| snippet.text[range].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(highlighted("50%"), ["50%"]);
    assert_eq!(highlighted("y=mx+b"), ["y = mx + b"]);
    assert_eq!(highlighted("mx"), ["mx"]);
}

#[test]
fn a_minus_before_a_digit_is_a_sign_and_before_a_word_leaves_it_out() {
    let texts = ["fractions at -3", "fractions and decimals", "fractions 3 of 5.NF.B.3"];
    let world = world(&texts);
    for (query, expected) in [
        ("-3", &texts[..1]),
        ("fractions -3", &[texts[2], texts[1], texts[0]]),
        ("fractions -decimals", &[texts[2], texts[0]]),
        ("fractions -\"decimals\"", &[texts[2], texts[0]]),
        ("fractions -5.NF.B.3", &[texts[1], texts[0]]),
    ] {
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(found(&world, query), expected, "{query}");
    }
}
