//! The schema: numbered migrations, one text for every engine.

use uuid::Uuid;

use super::engine::{Dialect, Row, Tx};
use crate::error::{Error, Result};
use crate::model::{RecordKind, Value};

/// One step of the schema. A released step never changes.
pub(crate) struct Migration {
    /// Its number; also the schema's after it.
    pub number: i64,
    /// Its text.
    pub sql: &'static str,
}

/// All steps, in order.
pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, sql: include_str!("migrations/0001_community.sql") }];

/// The schema this library writes.
pub(crate) const SCHEMA: i64 = 1;

/// The oldest schema a library must know to read what this one writes.
pub(crate) const COMPAT: i64 = 1;

/// Whether a column begins an index of its own; the community's table has one row and needs none.
pub(crate) fn is_indexed(kind: RecordKind, column: &str) -> bool {
    if kind == RecordKind::Community {
        return true;
    }
    let index = format!("CREATE INDEX {kind}_{column} ON {kind} ({column})");
    MIGRATIONS.iter().any(|migration| migration.sql.contains(&index))
}

/// The statements of a migration in an engine's words.
pub(crate) fn statements(migration: &Migration, dialect: &Dialect) -> Vec<String> {
    let text: String = migration
        .sql
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n");
    text.split(';').map(|statement| in_dialect(statement.trim(), dialect)).filter(|s| !s.is_empty()).collect()
}

fn in_dialect(statement: &str, dialect: &Dialect) -> String {
    let mut out = String::with_capacity(statement.len());
    let mut word = String::new();
    for c in statement.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        out.push_str(match word.as_str() {
            "ROWKEY" => dialect.row_key,
            "ID" => dialect.id,
            "TEXT" => dialect.text,
            "REAL" => dialect.real,
            "CLUSTERED" => dialect.clustered,
            other => other,
        });
        word.clear();
        out.push(c);
    }
    out.trim().to_owned()
}

/// Brings an empty or older database to [`SCHEMA`], inside the caller's write transaction.
pub(crate) fn migrate(tx: &dyn Tx, dialect: &Dialect, from: i64, store: Uuid) -> Result<()> {
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > from) {
        for statement in statements(migration, dialect) {
            tx.exec(&statement, &[])?;
        }
    }
    if from == 0 {
        tx.exec(
            "INSERT INTO scope (one, store, schema, compat, head, stamp) VALUES (1, $1, $2, $3, 0, 0)",
            &[Value::Id(store), Value::Int(SCHEMA), Value::Int(COMPAT)],
        )?;
    } else {
        tx.exec("UPDATE scope SET schema = $1, compat = $2 WHERE one = 1", &[Value::Int(SCHEMA), Value::Int(COMPAT)])?;
    }
    Ok(())
}

/// Where a store stands: which one it is, the position of its last change, and the last stamp that it gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    pub store: Uuid,
    pub head: i64,
    pub stamp: i64,
}

impl Position {
    /// The position in the first columns of a row of `scope`.
    pub fn read(row: &dyn Row) -> Result<Self> {
        Ok(Self { store: row.id(0)?.unwrap_or_default(), head: row.int(1)?, stamp: row.int(2)? })
    }

    /// Whether this store stood there later, or is another one.
    pub fn is_after(self, other: Self) -> bool {
        self.store != other.store || (self.head, self.stamp) > (other.head, other.stamp)
    }
}

/// The one row that says where a store stands.
pub(super) struct Scope {
    pub at: Position,
    schema: i64,
    compat: i64,
}

/// Reads it.
pub(super) fn scope(tx: &dyn Tx) -> Result<Scope> {
    let mut found = None;
    tx.each(super::sql::HEAD, &[], &mut |row| {
        found = Some(Scope { at: Position::read(row)?, schema: row.int(3)?, compat: row.int(4)? });
        Ok(())
    })?;
    found.ok_or_else(|| Error::Corrupt("the scope row is missing".to_owned()))
}

/// The schema of a database; refuses what a newer library wrote.
pub(crate) fn found(tx: &dyn Tx) -> Result<i64> {
    let Scope { schema, compat, .. } = scope(tx)?;
    if compat > SCHEMA {
        return Err(Error::Incompatible(format!(
            "written by a newer version (schema {schema}, this one knows {SCHEMA})"
        )));
    }
    Ok(schema)
}
