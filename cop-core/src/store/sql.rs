//! The SQL of the store: one portable text, generated from the records' field lists.
//!
//! The portable subset (a test holds the text to it): `INSERT`, `UPDATE`, `SELECT`, `RETURNING`, `LIMIT`,
//! `IN`, sub-selects, and `$1 … $n` that first appear in order. No engine's functions, no `LIKE`, no JSON
//! operators, no sequences.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::model::RecordKind;

/// The columns before a record's own.
pub(crate) const HEADER: &str = "seq, id, created_by, created_at, revised_at, revision, deleted, audience";
/// How many they are.
pub(crate) const HEADER_COLUMNS: usize = 8;

pub(crate) const LOCK: &str = "UPDATE scope SET head = head + 0 WHERE one = 1 RETURNING store, head, stamp";
pub(crate) const HEAD: &str = "SELECT store, head, stamp, schema, compat FROM scope WHERE one = 1";
pub(crate) const ADVANCE: &str = "UPDATE scope SET head = $1, stamp = $2 WHERE one = 1";
pub(crate) const APPEND: &str = "INSERT INTO change_log (seq, stamp, op_seq, op, actor, kind, record, life, previous, patch) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
pub(crate) const CHANGE: &str =
    "SELECT seq, stamp, op_seq, op, actor, kind, record, life, previous, patch FROM change_log WHERE seq = $1";
pub(crate) const CHANGES: &str = "SELECT seq, stamp, op_seq, op, actor, kind, record, life, previous, patch \
     FROM change_log WHERE seq > $1 ORDER BY seq LIMIT $2";
pub(crate) const RECENT: &str = "SELECT seq, stamp, op_seq, op, actor, kind, record, life, previous, patch \
     FROM change_log WHERE $1 > seq ORDER BY seq DESC LIMIT $2";
pub(crate) const STAMP: &str = "SELECT stamp FROM change_log WHERE seq = $1";
/// What a live resource is called, by the position at which it was made: its columns in the order of
/// [`read_named`](super::rows::read_named).
pub(crate) const RESOURCE_NAMED: &str =
    "SELECT id, audience, kind, title, language FROM resource WHERE seq = $1 AND deleted = 0";
pub(crate) const REWRITE: &str = "UPDATE change_log SET patch = $1 WHERE seq = $2";
pub(crate) const ROOTS: &str = "SELECT id, merged_into FROM member WHERE id IN";
pub(crate) const CHANGED: &str = "SELECT DISTINCT record FROM change_log WHERE seq > $1 AND kind = $2";
pub(crate) const COUNT_CHANGED: &str = "SELECT COUNT(DISTINCT record) FROM change_log WHERE seq > $1 AND kind = $2";
pub(crate) const ERASED: &str =
    "SELECT seq FROM change_log WHERE seq > $1 AND op = 'erase_member' ORDER BY seq LIMIT 1";
pub(crate) const ADD_KEY: &str = "INSERT INTO lookup (kind, key, record) VALUES ($1, $2, $3)";
pub(crate) const DROP_KEY: &str = "DELETE FROM lookup WHERE kind = $1 AND key = $2 AND record = $3";
pub(crate) const FIND: &str = "SELECT record FROM lookup WHERE kind = $1 AND key = $2 ORDER BY record";
pub(crate) const KEYS: &str = "SELECT kind, key, record FROM lookup";
pub(crate) const CLASS: &str = "SELECT id FROM audience_class WHERE digest = $1";
pub(crate) const LAST_CLASS: &str = "SELECT id FROM audience_class ORDER BY id DESC LIMIT 1";
pub(crate) const ADD_CLASS: &str = "INSERT INTO audience_class (id, digest, tokens) VALUES ($1, $2, $3)";
pub(crate) const ADD_CLASS_TOKEN: &str = "INSERT INTO audience_token (token, class, since) VALUES ($1, $2, $3)";

/// The statements of one table.
pub(crate) struct TableSql {
    /// `SELECT <header>, <fields> FROM <table>`.
    pub select: String,
    /// One live or deleted row by id.
    pub get: String,
    /// One live or deleted row by the position at which it was made.
    pub at: String,
    /// Where each live row was made, audience by audience.
    pub by_audience: String,
    /// A new row.
    pub insert: String,
    /// A changed row: its revision and all its fields, then its id.
    pub update: String,
}

/// The statements of a kind's table.
pub(crate) fn table(kind: RecordKind) -> &'static TableSql {
    static TABLES: OnceLock<HashMap<RecordKind, TableSql>> = OnceLock::new();
    &TABLES.get_or_init(|| RecordKind::ALL.iter().map(|&kind| (kind, generate(kind))).collect())[&kind]
}

fn generate(kind: RecordKind) -> TableSql {
    let name = kind.name();
    let fields: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
    let columns = format!("{HEADER}, {}", fields.join(", "));
    let places: Vec<String> = (1..=HEADER_COLUMNS + fields.len()).map(|n| format!("${n}")).collect();
    let sets: Vec<String> = ["revised_at", "revision", "deleted", "audience"]
        .iter()
        .chain(&fields)
        .enumerate()
        .map(|(index, field)| format!("{field} = ${}", index + 1))
        .collect();
    TableSql {
        select: format!("SELECT {columns} FROM {name}"),
        get: format!("SELECT {columns} FROM {name} WHERE id = $1"),
        at: format!("SELECT {columns} FROM {name} WHERE seq = $1"),
        by_audience: format!("SELECT seq FROM {name} WHERE deleted = 0 ORDER BY audience, seq"),
        insert: format!("INSERT INTO {name} ({columns}) VALUES ({})", places.join(", ")),
        update: format!("UPDATE {name} SET {} WHERE id = ${}", sets.join(", "), sets.len() + 1),
    }
}

/// A sub-select of the audience classes that any of `tokens` opens, its values numbered from `first`: the tokens,
/// then the day.
pub(crate) fn classes_of(tokens: usize, first: usize) -> String {
    let day = first + tokens;
    format!("SELECT class FROM audience_token WHERE token IN ({}) AND ${day} >= since", places(tokens, first))
}

/// So many places for values, numbered from `first`.
pub(crate) fn places(count: usize, first: usize) -> String {
    let places: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}

/// Gives the children of a record another audience class; of entries only those that are not private.
pub(crate) fn reclass(child: RecordKind, column: &str) -> String {
    let shared = if child == RecordKind::Entry { " AND private = $3" } else { "" };
    format!("UPDATE {} SET audience = $1 WHERE {column} = $2{shared}", child.name())
}
