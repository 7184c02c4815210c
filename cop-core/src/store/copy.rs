//! A whole community from one engine to another, row by row, and the checksum that says whether it is the same.

use uuid::Uuid;

use super::engine::{Engine, Tx};
use super::schema::{self, Position};
use super::sql;
use crate::error::{Error, Result};
use crate::id::natural;
use crate::model::record::ColumnType;
use crate::model::{RecordKind, Value};

/// A table: its columns in their order, and by which its rows are in order.
struct Table {
    name: &'static str,
    columns: Vec<(&'static str, ColumnType)>,
    order: &'static str,
}

/// Every table but `scope`, of which each store has its own row.
fn tables() -> Vec<Table> {
    use ColumnType::{Id, Int, Text};
    let header = sql::HEADER.split(", ").zip([Int, Id, Id, Int, Int, Int, Int, Int]);
    let records = RecordKind::ALL.iter().map(|kind| {
        let fields = kind.fields().iter().map(|field| (field.name, field.column));
        Table { name: kind.name(), columns: header.clone().chain(fields).collect(), order: "seq" }
    });
    let log = "seq, stamp, op_seq, op, actor, kind, record, life, previous, patch";
    let log = log.split(", ").zip([Int, Int, Int, Text, Id, Text, Id, Text, Int, Text]);
    let others = [
        Table { name: "change_log", columns: log.collect(), order: "seq" },
        Table {
            name: "lookup",
            columns: vec![("kind", Text), ("key", Text), ("record", Id)],
            order: "kind, key, record",
        },
        Table { name: "audience_class", columns: vec![("id", Int), ("digest", Id), ("tokens", Text)], order: "id" },
        Table {
            name: "audience_token",
            columns: vec![("token", Text), ("class", Int), ("since", Text)],
            order: "token, class",
        },
    ];
    records.chain(others).collect()
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// Every row, in order.
    fn each(&self, tx: &dyn Tx, each: &mut dyn FnMut(Vec<Value>) -> Result<()>) -> Result<()> {
        let select = format!("SELECT {} FROM {} ORDER BY {}", self.names(), self.name, self.order);
        tx.each(&select, &[], &mut |row| {
            let values = self.columns.iter().enumerate().map(|(index, (_, column))| row.value(index, *column));
            each(values.collect::<Result<_>>()?)
        })
    }
}

/// Everything that `source` sees, in the new, empty database of `engine`, as the store `store`; all or nothing, and
/// only if it is there as it was here. Answers with the checksum.
pub(super) fn copy(source: &dyn Tx, engine: &dyn Engine, store: Uuid) -> Result<Uuid> {
    let target = engine.alter()?;
    schema::migrate(&*target, engine.dialect(), 0, store)?;
    let mut expected = Sum::new();
    for table in tables() {
        let insert =
            format!("INSERT INTO {} ({}) VALUES ({})", table.name, table.names(), sql::places(table.columns.len(), 1));
        expected.add(table.name.as_bytes());
        table.each(source, &mut |values| {
            expected.row(&values);
            target.exec(&insert, &values)
        })?;
    }
    let Position { head, stamp, .. } = schema::scope(source)?.at;
    expected.row(&[Value::Int(head)]);
    target.exec(sql::ADVANCE, &[Value::Int(head), Value::Int(stamp)])?;
    if checksum(&*target)? != expected.0 {
        return Err(Error::Corrupt("the copy is not what was copied".to_owned()));
    }
    target.commit()?;
    Ok(expected.0)
}

/// The checksum of everything that a transaction sees, the same on every engine. Against accidents, not against
/// forgers: a chain of version 5 UUIDs.
pub(super) fn checksum(tx: &dyn Tx) -> Result<Uuid> {
    let mut sum = Sum::new();
    for table in tables() {
        sum.add(table.name.as_bytes());
        table.each(tx, &mut |values| {
            sum.row(&values);
            Ok(())
        })?;
    }
    // The last stamp is in the log; a later one says that something derived was repaired.
    sum.row(&[Value::Int(schema::scope(tx)?.at.head)]);
    Ok(sum.0)
}

struct Sum(Uuid);

impl Sum {
    fn new() -> Self {
        Self(natural("checksum:1"))
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0 = Uuid::new_v5(&self.0, bytes);
    }

    fn row(&mut self, values: &[Value]) {
        let mut bytes = Vec::with_capacity(256);
        for value in values {
            let (tag, content): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Int(int) => (1, &int.to_be_bytes()),
                Value::Text(text) | Value::Json(text) => (2, text.as_bytes()),
                Value::Id(id) => (3, id.as_bytes()),
                Value::Real(number) => (4, &number.to_bits().to_be_bytes()),
            };
            bytes.push(tag);
            bytes.extend((content.len() as u64).to_be_bytes());
            bytes.extend(content);
        }
        self.add(&bytes);
    }
}
