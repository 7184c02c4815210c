//! Reads JSON into packages. Pure: knows nothing of the community.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::object::{Object, folded};
use crate::error::{Error, Problem, Result};
use crate::id::FrameworkId;
use crate::interop::encoding::decode;
use crate::interop::{ImportReport, Severity};
use crate::model::{AssociationKind, Framework};
use crate::ops::{NewAssociation, NewFramework, NewStandard};
use crate::text::{BODY, NAME, TITLE};

pub(super) const ITEMS: &str = "CFItems";
pub(super) const ASSOCIATIONS: &str = "CFAssociations";

/// A framework with everything in it, each with its place in its list.
pub(super) struct Package {
    pub framework: NewFramework,
    pub standards: Vec<(u64, NewStandard)>,
    pub associations: Vec<(u64, NewAssociation)>,
}

/// Reads one package or an array of them, or says everything that makes them unreadable.
pub(super) fn parse(bytes: &[u8], report: &mut ImportReport) -> Result<Vec<Package>> {
    let text = decode("package", bytes, report);
    let json: Value = serde_json::from_str(&text)
        .map_err(|error| Error::from(Problem::new("package", "json.syntax", format!("not JSON: {error}"))))?;
    drop(text);
    let raw = match json {
        Value::Array(packages) => packages,
        one => vec![one],
    };
    let (mut packages, mut problems) = (Vec::new(), Vec::new());
    for (index, raw) in raw.into_iter().enumerate() {
        let at = |problem: Problem| {
            let field = format!("package[{index}].{}", problem.field);
            problem.at(field)
        };
        match package(raw, report) {
            Ok(package) => packages.push(package),
            Err(found) => problems.extend(found.into_iter().map(at)),
        }
    }
    if packages.is_empty() && problems.is_empty() {
        problems.push(Problem::new("package", "case.not_a_package", "there is no package in it"));
    }
    if problems.is_empty() { Ok(packages) } else { Err(Error::InvalidInput(problems)) }
}

fn package(raw: Value, report: &mut ImportReport) -> Result<Package, Vec<Problem>> {
    let not_a_package = |detail: &str| vec![Problem::new("CFDocument", "case.not_a_package", detail)];
    let Value::Object(mut rest) = raw else { return Err(not_a_package("not an object")) };
    let Some(Value::Object(document)) = take(&mut rest, "CFDocument") else {
        return Err(not_a_package("a package has a CFDocument, CFItems and CFAssociations"));
    };
    let mut problems = Vec::new();
    let mut list = |name: &str| match take(&mut rest, name) {
        Some(Value::Array(values)) => values,
        None | Some(Value::Null) => Vec::new(),
        Some(_) => {
            problems.push(Problem::new(name, "case.field_type", "not a list"));
            Vec::new()
        }
    };
    let (items, associations) = (list(ITEMS), list(ASSOCIATIONS));
    let framework = framework(document, rest, report);
    if framework.is_none() {
        problems.push(Problem::new("CFDocument.identifier", "case.missing_identifier", "the identifier is missing"));
    }
    let (Some(framework), true) = (framework, problems.is_empty()) else { return Err(problems) };
    let id = Framework::id_of(&framework.identifier);
    let mut standards = each(items, ITEMS, report, |object| standard(id, object));
    let associations = each(associations, ASSOCIATIONS, report, |object| association(id, object));
    place(&mut standards, &associations, report);
    Ok(Package { framework, standards, associations })
}

fn take(map: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = map.keys().find(|key| folded(key) == folded(name))?.clone();
    map.remove(&key)
}

/// Reads each object of a list whose identifier is there and new.
fn each<T>(
    values: Vec<Value>,
    file: &str,
    report: &mut ImportReport,
    read: impl Fn(&mut Object<'_>) -> Option<(String, T)>,
) -> Vec<(u64, T)> {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut found = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let row = index as u64 + 1;
        let raw = value.to_string();
        let (rest, is_object) = match value {
            Value::Object(rest) => (rest, true),
            _ => (Map::new(), false),
        };
        let mut object = Object { rest, file, row, report };
        if !is_object {
            object.issue(Severity::Error, "", "case.field_type", "not an object");
        } else if let Some((identifier, thing)) = read(&mut object) {
            let key = identifier.to_lowercase();
            match seen.get(&key) {
                None => {
                    seen.insert(key, raw);
                    found.push((row, thing));
                }
                Some(first) if *first == raw => {
                    object.issue(Severity::Note, "identifier", "case.repeated", "word for word as before in this list");
                }
                Some(_) => {
                    let detail = "seen before in this list; the first one counts";
                    object.issue(Severity::Error, "identifier", "case.duplicate_identifier", detail);
                }
            }
        }
    }
    found
}

fn framework(rest: Map<String, Value>, package: Map<String, Value>, report: &mut ImportReport) -> Option<NewFramework> {
    let mut object = Object { rest, file: "CFDocument", row: 1, report };
    let identifier = object.identifier()?;
    let title = object.text("title", TITLE).unwrap_or_else(|| {
        object.issue(Severity::Warning, "title", "case.missing_field", "untitled: the identifier stands for it");
        identifier.clone()
    });
    let creator = object.text("creator", BODY).unwrap_or_default();
    let (version, language) = (object.text("version", NAME), object.text("language", NAME));
    let mut extra = object.rest;
    for (key, value) in package {
        extra.entry(key).or_insert(value);
    }
    Some(NewFramework { identifier, title, creator, version, language, extra })
}

fn standard(framework: FrameworkId, object: &mut Object<'_>) -> Option<(String, NewStandard)> {
    let identifier = object.identifier()?;
    let statement = object.text("fullStatement", BODY);
    let code = object.text("humanCodingScheme", NAME);
    let kind = object.text("CFItemType", NAME);
    let education_levels = object.texts(&["educationLevel", "educationalLevel"], NAME);
    let statement = statement.unwrap_or_else(|| {
        object.issue(Severity::Warning, "fullStatement", "case.missing_field", "a standard without a statement");
        String::new()
    });
    let extra = std::mem::take(&mut object.rest);
    let new =
        NewStandard { code, kind, education_levels, extra, ..NewStandard::new(framework, &identifier, statement) };
    Some((identifier, new))
}

fn association(framework: FrameworkId, object: &mut Object<'_>) -> Option<(String, NewAssociation)> {
    let identifier = object.identifier()?;
    let kind = association_kind(object);
    let (origin, destination) = (object.node("originNodeURI"), object.node("destinationNodeURI"));
    let sequence = object.integer("sequenceNumber");
    let (kind, origin, destination) = (kind?, origin?, destination?);
    let (id, extra) = (identifier.clone(), std::mem::take(&mut object.rest));
    Some((id, NewAssociation { framework, identifier, kind, origin, destination, sequence, extra }))
}

/// The type in its proper spelling; an unknown one as it is.
fn association_kind(object: &mut Object<'_>) -> Option<String> {
    let raw = object.text("associationType", NAME)?;
    let kind = match folded(&raw).as_str() {
        "child" | "childof" => AssociationKind::IsChildOf.code(),
        known => AssociationKind::CODES.iter().find(|code| folded(code) == known).copied().unwrap_or(&raw),
    };
    if kind != raw {
        object.rest.insert("associationType".to_owned(), raw.clone().into());
    }
    if kind.parse::<AssociationKind>().is_err() {
        object.issue(Severity::Error, "associationType", "code.format", "not a type of association");
        return None;
    }
    Some(kind.to_owned())
}

/// Gives every standard its parent and its place among its siblings.
fn place(standards: &mut [(u64, NewStandard)], associations: &[(u64, NewAssociation)], report: &mut ImportReport) {
    let key = |identifier: &str| identifier.to_lowercase();
    let index: HashMap<String, usize> =
        standards.iter().enumerate().map(|(index, (_, standard))| (key(&standard.identifier), index)).collect();
    let mut parents: Vec<Option<usize>> = vec![None; standards.len()];
    let mut sequences: Vec<Option<i64>> = vec![None; standards.len()];
    for (row, association) in associations.iter().filter(|(_, a)| a.kind == AssociationKind::IsChildOf.code()) {
        let Some(&child) = index.get(&key(&association.origin.identifier)) else { continue };
        let parent = index.get(&key(&association.destination.identifier)).copied();
        match parent {
            Some(_) if parents[child].is_some() => {
                let mut object = Object { rest: Map::new(), file: ASSOCIATIONS, row: *row, report };
                object.issue(Severity::Note, "destinationNodeURI", "case.several_parents", "the first parent counts");
                continue;
            }
            Some(parent) if is_below(&parents, parent, child) => {
                let mut object = Object { rest: Map::new(), file: ASSOCIATIONS, row: *row, report };
                object.issue(
                    Severity::Warning,
                    "destinationNodeURI",
                    "case.cycle",
                    "a standard above itself: left out",
                );
                continue;
            }
            _ => {}
        }
        parents[child] = parents[child].or(parent);
        sequences[child] = association.sequence.or(sequences[child]);
    }
    let mut families: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for (child, parent) in parents.iter().enumerate() {
        families.entry(*parent).or_default().push(child);
    }
    for mut children in families.into_values() {
        let numbered = children.iter().all(|&child| sequences[child].is_some());
        children.sort_by_key(|&child| (sequences[child].unwrap_or(i64::MAX), child));
        for (rank, child) in (1..).zip(children) {
            standards[child].1.position = if numbered { sequences[child] } else { Some(rank) };
        }
    }
    for (child, parent) in parents.into_iter().enumerate() {
        standards[child].1.parent = parent.map(|parent| standards[parent].1.identifier.clone());
    }
}

/// Whether `at` is `above`, or somewhere below it.
fn is_below(parents: &[Option<usize>], at: usize, above: usize) -> bool {
    std::iter::successors(Some(at), |&at| parents[at]).any(|at| at == above)
}
