//! Runs the conformance vectors: the same files that the Python and Kotlin suites run.
//!
//! A vector founds a community, in memory, in a file or on a server, with a clock that stands still and ids that repeat, then takes steps:
//! an operation or a read, by someone, with what it must answer. Expected objects are subsets of the answer.

#![expect(clippy::unwrap_used, reason = "a vector that is malformed shall stop the test")]

use std::collections::HashMap;
use std::path::Path;

use cop_core::{
    Community, CommunityOptions, Error, ListFilter, ManualClock, MemberId, NewCommunity, Op, PageRequest, RecordKind,
    RecordRef, Result, ScriptedIds, SearchQuery, Session,
};
use cop_tests::postgres::Cluster;
use serde_json::{Value, json};

mod codes;

/// The vectors, in the order of their files' names.
fn vectors_of() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    // The table of the API, which lies beside them, has no steps.
    let vectors =
        files.iter().filter(|file| file.extension().is_some_and(|it| it == "json") && !file.ends_with("api.json"));
    vectors.map(|file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()).collect()
}

#[test]
fn vectors() {
    vectors_on(&|options, new| options.in_memory(new));
}

#[test]
fn vectors_on_postgres() {
    let Some(server) = Cluster::shared() else { return };
    vectors_on(&|options, new| options.create_at(&server.new_address(), new));
}

#[test]
fn vectors_in_a_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let count = std::cell::Cell::new(0);
    vectors_on(&|options, new| {
        count.set(count.get() + 1);
        options.create(folder.path().join(format!("{}.cop", count.get())), new)
    });
}

/// Makes the community of a vector.
type Founding<'a> = &'a dyn Fn(CommunityOptions, NewCommunity) -> Result<Community>;

fn vectors_on(found: Founding<'_>) {
    let (mut passed, mut failed) = (0, 0);
    for vector in vectors_of() {
        match run(&vector, found) {
            Ok(()) => passed += 1,
            Err(why) => {
                failed += 1;
                eprintln!("{}: {why}", vector["name"]);
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    assert!(passed > 0 && failed == 0);
}

fn run(vector: &Value, found: Founding<'_>) -> std::result::Result<(), String> {
    let clock = vector["clock"].as_str().unwrap().parse().unwrap();
    let seed = u16::try_from(vector["id_seed"].as_u64().unwrap()).unwrap();
    let options = CommunityOptions::new()
        .with_clock(ManualClock::new(clock))
        .with_ids(ScriptedIds::new(seed))
        .with_index(cop_search::TantivyIndex::in_memory());
    let cop = found(options, NewCommunity::new(vector["name"].as_str().unwrap())).unwrap();
    let mut saved: HashMap<String, Value> = HashMap::new();
    for (number, step) in vector["steps"].as_array().unwrap().iter().enumerate() {
        let who = resolve(&step["as"], &saved);
        let answer = session(&cop, &who)
            .and_then(|session| take(&session, step["op"].as_str().unwrap(), resolve(&step["args"], &saved)));
        let (expected, found) = match (&answer, step.get("err")) {
            (Ok(found), None) => (resolve(step.get("ok").unwrap_or(&json!({})), &saved), found.clone()),
            (Err(error), Some(expected)) => (resolve(expected, &saved), describe(error)),
            (Ok(found), Some(_)) => return Err(format!("step {number}: expected an error, found {found}")),
            (Err(error), None) => return Err(format!("step {number}: {error}")),
        };
        differ(&expected, &found, "$").map_err(|why| format!("step {number}: {why}"))?;
        if let Some(name) = step.get("save").and_then(Value::as_str) {
            saved.insert(name.to_owned(), found);
        }
    }
    Ok(())
}

fn session(cop: &Community, who: &Value) -> Result<Session> {
    match who.as_str().unwrap() {
        "host" => Ok(cop.steward()),
        "guest" => Ok(cop.as_guest()),
        member => cop.as_member(member.parse::<MemberId>()?),
    }
}

fn take(session: &Session, op: &str, args: Value) -> Result<Value> {
    let plain = |value: Value| serde_json::to_value(value).unwrap();
    let limit = args["limit"].as_u64().map_or(100, |limit| usize::try_from(limit).unwrap());
    Ok(match op {
        "get" => plain(json!(session.record(reference(&args))?)["record"].clone()),
        "history" => json!(session.history(reference(&args))?),
        "search" => json!(session.search(serde_json::from_value::<SearchQuery>(args).unwrap())?),
        "list" => {
            let filter = json!({"kind": args["kind"], "filter": args.get("filter").unwrap_or(&json!({}))});
            let filter: ListFilter = serde_json::from_value(filter).unwrap();
            let after = args["after"].as_str().map(|cursor| cursor.to_owned().into());
            let page = session.list(&filter, &PageRequest::first(limit).after(after))?;
            let items: Vec<Value> = page.items.iter().map(|item| json!(item)["record"].clone()).collect();
            json!({"items": items, "next": page.next})
        }
        _ => {
            let op: Op = serde_json::from_value(json!({"op": op, "args": args})).unwrap();
            plain(json!(session.apply(op)?)["record"].clone())
        }
    })
}

fn reference(args: &Value) -> RecordRef {
    let kind = RecordKind::parse(args["kind"].as_str().unwrap()).unwrap();
    RecordRef { kind, id: args["id"].as_str().unwrap().parse().unwrap() }
}

fn describe(error: &Error) -> Value {
    json!({
        "kind": format!("{:?}", error.kind()),
        "code": error.code(),
        "message": error.to_string(),
        "problems": error.problems(),
    })
}

/// Puts saved answers in the place of `$name.field`, `$name.items.0.id`, also inside a text.
fn resolve(value: &Value, saved: &HashMap<String, Value>) -> Value {
    match value {
        Value::String(text) => Value::String(filled(text, saved)),
        Value::Array(items) => items.iter().map(|item| resolve(item, saved)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (key.clone(), resolve(item, saved))).collect(),
        other => other.clone(),
    }
}

fn filled(text: &str, saved: &HashMap<String, Value>) -> String {
    let mut pieces = text.split('$');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(piece.len());
        let (path, rest) = piece.split_at(end);
        let (name, steps) = path.split_once('.').unwrap_or((path, ""));
        let found = saved.get(name).and_then(|found| found.pointer(&format!("/{}", steps.replace('.', "/"))));
        match found.and_then(Value::as_str) {
            Some(found) => out.push_str(found),
            None => out.push_str(&format!("${path}")),
        }
        out.push_str(rest);
    }
    out
}

/// Objects are compared key by key of what is expected, lists element by element, the rest must be equal.
fn differ(expected: &Value, found: &Value, path: &str) -> std::result::Result<(), String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected.iter().try_for_each(|(key, value)| {
            differ(value, found.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"))
        }),
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .try_for_each(|(index, (expected, found))| differ(expected, found, &format!("{path}[{index}]"))),
        (expected, found) if expected == found => Ok(()),
        _ => Err(format!("{path}: expected {expected}, found {found}")),
    }
}
