//! The table of error codes, the source and the vectors say the same; and every operation is in a vector.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cop_core::Op;

/// Texts of that form in the source which are no codes: fields, items of checklists, files.
const NO_CODES: &[&str] = &[
    "participation.version",
    "participation.window_days",
    "participation.core_attendance",
    "participation.active_attendance",
    "resources.lesson_plan",
    "team.lead",
    "team.charter",
    "convening.orientation",
    "cycle.started",
    "member.agreed",
    "member.affiliation",
];

#[test]
fn every_code_is_in_the_table_and_in_a_vector() {
    let table = table();
    assert!(table.len() > 150, "only {} codes were read", table.len());
    let source = literals();
    let areas: BTreeSet<&str> = table.keys().filter_map(|code| code.split_once('.')).map(|(area, _)| area).collect();
    let of_an_area = |text: &&String| text.split_once('.').is_some_and(|(area, _)| areas.contains(area));
    let unlisted: Vec<_> = source.iter().filter(of_an_area).filter(|text| !table.contains_key(*text)).collect();
    let unlisted: Vec<_> = unlisted.into_iter().filter(|text| !NO_CODES.contains(&text.as_str())).collect();
    assert!(unlisted.is_empty(), "in the source, but not in codes.md: {unlisted:?}");
    let invented: Vec<_> = table.keys().filter(|code| !source.contains(*code)).collect();
    assert!(invented.is_empty(), "in codes.md, but not in the source: {invented:?}");

    let seen = expected_codes();
    let unseen: Vec<_> = table.iter().filter(|(code, of_calls)| **of_calls && !seen.contains(*code)).collect();
    assert!(unseen.is_empty(), "in no vector: {unseen:?}");
    let marked: Vec<_> = table.iter().filter(|(code, of_calls)| !**of_calls && seen.contains(*code)).collect();
    assert!(marked.is_empty(), "marked as in no vector, but there is one: {marked:?}");
}

#[test]
fn every_operation_is_in_a_vector_and_refused_in_one() {
    let (mut accepted, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for step in super::vectors_of().iter().flat_map(|vector| vector["steps"].as_array().unwrap()) {
        let op = step["op"].as_str().unwrap().to_owned();
        if step.get("err").is_some() {
            refused.insert(op)
        } else {
            accepted.insert(op)
        };
    }
    // The runner itself founds the community.
    let missing = |seen: &BTreeSet<String>| -> Vec<&str> {
        Op::NAMES.iter().copied().filter(|op| !seen.contains(*op) && *op != "found_community").collect()
    };
    assert_eq!((missing(&accepted), missing(&refused)), (vec![], vec![]), "accepted and refused in no vector");
}

/// The codes of the table, each with whether a vector must have it.
fn table() -> BTreeMap<String, bool> {
    let rows = cop_core_file("codes.md");
    let rows = rows.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split_once('`')).map(|(code, rest)| (code.to_owned(), !rest.starts_with(" †"))).collect()
}

fn cop_core_file(name: &str) -> String {
    std::fs::read_to_string(source_folder().join(name)).unwrap()
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../cop-core/src")
}

/// Every text in the source, tests and importers left out, that looks like a code.
fn literals() -> BTreeSet<String> {
    let mut folders = vec![source_folder()];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.extend((!matches!(name.as_str(), "interop" | "contract")).then_some(path));
            } else if name.ends_with(".rs") && name != "contract.rs" {
                let text = std::fs::read_to_string(path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.extend(lines.flat_map(|line| line.split('"')).filter(|text| is_code(text)).map(str::to_owned));
            }
        }
    }
    found
}

fn is_code(text: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.split_once('.').is_some_and(|(area, what)| word(area) && word(what))
}

/// Every code that some vector expects.
fn expected_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for step in super::vectors_of().iter().flat_map(|vector| vector["steps"].as_array().unwrap()) {
        let Some(error) = step.get("err") else { continue };
        codes.extend(error["code"].as_str().map(str::to_owned));
        let problems = error["problems"].as_array().into_iter().flatten();
        codes.extend(problems.filter_map(|problem| problem["code"].as_str()).map(str::to_owned));
    }
    codes
}
