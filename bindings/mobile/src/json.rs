//! The same calls with JSON: for conformance vectors, and for hosts that pass operations on.
//!
//! The forms are those of the core: an operation is `{"op", "args"}`, a record `{"kind", "record"}`.

use std::fmt::Display;

use cop_core::{Error, ListFilter, Op, Problem, RecordKind, RecordRef};
use serde_json::{Value, json};

use crate::error::CopError;
use crate::session::{Session, page};

#[uniffi::export]
impl Session {
    /// Runs one operation, such as `{"op": "activate_team", "args": {"team": "…"}}`; answers with the record it
    /// is about, `{"kind": "team", "record": {…}}`.
    pub fn apply_json(&self, op: String) -> Result<String, CopError> {
        let op: Op = serde_json::from_str(&op).map_err(|error| refused("op", &error))?;
        self.write(|session| written(&session.apply(op)?))
    }

    /// Runs several operations in one transaction, all or nothing: `[{"op": …, "args": …}, …]`; answers with the
    /// records they are about, `[{"kind": …, "record": …}, …]`. Problems name the operation: `ops[3].title`. It can be
    /// stopped, by `Community.interrupt`.
    pub fn apply_all_json(&self, ops: String) -> Result<String, CopError> {
        let ops: Vec<Op> = serde_json::from_str(&ops).map_err(|error| refused("ops", &error))?;
        let mut goes_on = self.shared.unless_interrupted();
        self.write(|session| written(&session.batch(ops, &mut |_| goes_on())?))
    }

    /// Whether an operation would be accepted, and the record it would leave, as `apply_json` writes it;
    /// writes nothing.
    pub fn try_out_json(&self, op: String) -> Result<String, CopError> {
        let op: Op = serde_json::from_str(&op).map_err(|error| refused("op", &error))?;
        self.read(|session| written(&session.try_out(op)?))
    }

    /// The record of a kind (`team`, `resource`, …) with this id: `{"kind": …, "record": {…}}`.
    pub fn get_json(&self, kind: String, id: String) -> Result<String, CopError> {
        let name = reference(&kind, &id)?;
        self.read(|session| written(&session.record(name)?))
    }

    /// Lists records of a kind: `{"items": [{"kind": …, "record": {…}}], "next": …}`.
    #[uniffi::method(default(filter = "{}", limit = 100, after = None))]
    pub fn list_json(
        &self,
        kind: String,
        filter: String,
        limit: i32,
        after: Option<String>,
    ) -> Result<String, CopError> {
        let filter: Value = serde_json::from_str(&filter).map_err(|error| refused("filter", &error))?;
        // As text, like all other input: each form that is read from is half the size of the core in code.
        let filter = json!({ "kind": kind, "filter": filter }).to_string();
        let filter: ListFilter = serde_json::from_str(&filter).map_err(|error| refused("filter", &error))?;
        self.read(|session| {
            let found = session.list(&filter, &page(limit, after))?;
            written(&json!({ "items": found.items, "next": found.next }))
        })
    }

    /// Searches with the fields of `SearchQuery` in snake case; highlights of snippets count bytes of UTF-8.
    pub fn search_json(&self, query: String) -> Result<String, CopError> {
        let query: cop_core::SearchQuery = serde_json::from_str(&query).map_err(|error| refused("query", &error))?;
        self.read(|session| written(&session.search(query)?))
    }

    /// What happened to a record, oldest first: `[{"seq", "at", "actor", "op", "life", "fields"}]`.
    pub fn history_json(&self, kind: String, id: String) -> Result<String, CopError> {
        let name = reference(&kind, &id)?;
        self.read(|session| written(&session.history(name)?))
    }
}

fn reference(kind: &str, id: &str) -> Result<RecordRef, CopError> {
    let kind = RecordKind::parse(kind)
        .ok_or_else(|| Problem::new("kind", "kind.unknown", "there is no such kind of record"))?;
    let id = serde_json::from_value(Value::from(id)).map_err(|_| Problem::new("id", "id.format", "not an id"))?;
    Ok(RecordRef { kind, id })
}

/// Says what is wrong with JSON, without the texts in it: they may be somebody's.
fn refused(field: &str, error: &impl Display) -> CopError {
    let text = error.to_string();
    let safe = text.split('"').next().unwrap_or_default().trim_end();
    Problem::new(field, "json.format", safe).into()
}

fn written(value: &impl serde::Serialize) -> Result<String, CopError> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()).into())
}
