//! A caller's JSON into core types, naming the field that is wrong.

use cop_core::{Error, Problem, RecordKind, RecordRef, Result};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Reads `text`.
///
/// # Errors
/// `InvalidInput` with the field that does not fit.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        problem(path.trim_start_matches('.'), error.inner()).into()
    })
}

/// Writes `value`.
///
/// # Errors
/// `Internal`; plain data always becomes JSON.
pub fn write(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

/// The name of a record out of its kind and id.
pub fn reference(kind: &str, id: &str) -> Result<RecordRef> {
    let unknown = || Problem::new("kind", "input.unknown", "no such kind of record");
    let kind = RecordKind::ALL.iter().copied().find(|known| known.name() == kind).ok_or_else(unknown)?;
    let id = Uuid::try_parse(id).map_err(|_| Problem::new("id", "id.format", "not an id"))?;
    Ok(RecordRef { kind, id })
}

/// What serde has to say, as a problem of the field it is about.
fn problem(path: &str, error: &serde_json::Error) -> Problem {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&place).unwrap_or(&text);
    // Operations and filters carry their fields one level down; a list of operations is a batch.
    let batch = if path.starts_with('[') { "ops" } else { "" };
    let path = format!("{batch}{path}").replacen(".args", "", 1);
    let path = ["args", "filter"].iter().find_map(|outer| path.strip_prefix(outer)).unwrap_or(&path);
    let path = path.trim_start_matches('.');
    let named = |text: &str| text.split('`').nth(1).map(str::to_owned);
    let inside = |name: String| if path.is_empty() || path == "." { name } else { format!("{path}.{name}") };
    if text.starts_with("missing field") {
        let field = named(text).map_or_else(|| path.to_owned(), inside);
        return Problem::new(field, "input.missing", "is required");
    }
    if text.starts_with("unknown variant") || text.starts_with("unknown field") {
        return Problem::new(path, "input.unknown", text);
    }
    // A validated value's own problem, which serde has turned into text: `: detail (code)`.
    if let Some((detail, code)) = text.strip_prefix(": ").and_then(|t| t.strip_suffix(')')?.rsplit_once(" (")) {
        return Problem::new(path, code, detail);
    }
    if text.starts_with("UUID") {
        return Problem::new(path, "id.format", "not an id");
    }
    Problem::new(path, "input.type", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cop_core::{Op, SearchQuery};

    fn problem_of<T: DeserializeOwned>(text: &str) -> (String, String) {
        match read::<T>(text) {
            Err(Error::InvalidInput(problems)) => (problems[0].field.clone(), problems[0].code.clone()),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{text} was read"),
        }
    }

    #[test]
    fn names_the_field() {
        let case = |text: &str, field: &str, code: &str| {
            assert_eq!(problem_of::<Op>(text), (field.to_owned(), code.to_owned()), "{text}");
        };
        case(r#"{"op":"add_member","args":{"given":"Ana"}}"#, "family", "input.missing");
        case(r#"{"op":"add_member","args":{"given":"Ana","family":7}}"#, "family", "input.type");
        case(r#"{"op":"end_member","args":{"member":"Ana"}}"#, "member", "id.format");
        case(
            r#"{"op":"add_resource","args":{"kind":"task","title":"t","links":[{}]}}"#,
            "links[0].url",
            "input.missing",
        );
        case(r#"{"op":"no_such"}"#, "op", "input.unknown");
        let batch = problem_of::<Vec<Op>>(r#"[{"op":"end_member","args":{"member":1}}]"#);
        assert_eq!(batch, ("ops[0].member".into(), "input.type".into()));
        assert_eq!(problem_of::<SearchQuery>(r#"{"grades":["5","99"]}"#), ("grades[1]".into(), "grade.unknown".into()));
    }
}
