//! Holds the typed surface against the core: an operation without a method, or with other arguments, fails here. A field
//! without a place, or a vocabulary's word, does not compile.

use std::collections::BTreeSet;

use cop_core::Op;
use serde_json::json;

use crate::session::VERBS;

/// What the core takes for an operation, as it says itself when it is given something else.
fn taken(op: &str) -> BTreeSet<String> {
    let given = json!({ "op": op, "args": { "?": 0 } });
    let refused = serde_json::from_value::<Op>(given).expect_err("there is no such argument").to_string();
    let named = refused.split_once(", expected").map_or("", |(_, rest)| rest);
    named.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_operation_is_a_method_with_its_arguments() {
    let wrong: Vec<_> = Op::NAMES
        .iter()
        // The store founds a community, and `undo` has a default of its own.
        .filter(|op| !matches!(**op, "found_community" | "undo"))
        .filter(|op| match VERBS.iter().find(|(verb, _)| verb == *op) {
            // One record that holds them all.
            Some((_, ["new" | "edit" | "correction"])) => false,
            Some((_, arguments)) => taken(op) != arguments.iter().map(|it| (*it).to_owned()).collect(),
            None => true,
        })
        .collect();
    assert!(wrong.is_empty(), "no method, or other arguments: {wrong:?}");
    assert_eq!(VERBS.len() + 2, Op::NAMES.len(), "a method that is no operation");
}
