//! The seam to a database engine: three small traits. Private: no engine's type leaves `store/*`.

use crate::error::Result;
use crate::model::Value;
use crate::model::record::{Cell, ColumnType};

/// A database that holds one community.
pub(crate) trait Engine: Send + Sync {
    /// Begins a consistent snapshot.
    fn read(&self) -> Result<Box<dyn Tx + '_>>;
    /// Begins the one write transaction; waits for its turn, then `Busy`.
    fn write(&self) -> Result<Box<dyn Tx + '_>>;
    /// Leaves nothing of what was overwritten in the files, as far as nobody still reads it; answers whether all is
    /// gone.
    fn scrub(&self) -> Result<bool>;
    /// How this engine writes the words that differ in DDL.
    fn dialect(&self) -> &'static Dialect;
}

/// A transaction; dropped without `commit`, it never was.
pub(crate) trait Tx {
    /// Runs a statement; answers with the number of rows it changed.
    fn exec(&self, sql: &str, values: &[Value]) -> Result<u64>;
    /// Runs a query, row by row.
    fn each(&self, sql: &str, values: &[Value], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()>;
    /// Makes it so.
    fn commit(self: Box<Self>) -> Result<()>;
}

/// One row of a query.
pub(crate) trait Row {
    /// The value in column `index`, which holds `column`.
    fn value(&self, index: usize, column: ColumnType) -> Result<Value>;

    /// The same, borrowed where the engine can lend it.
    fn cell(&self, index: usize, column: ColumnType) -> Result<Cell<'_>> {
        self.value(index, column).map(Cell::from)
    }
}

impl dyn Row + '_ {
    /// An integer that is there.
    pub fn int(&self, index: usize) -> Result<i64> {
        self.value(index, ColumnType::Int)?.as_int().ok_or_else(|| damaged(index))
    }

    /// A text that is there.
    pub fn text(&self, index: usize) -> Result<String> {
        match self.value(index, ColumnType::Text)? {
            Value::Text(text) => Ok(text),
            _ => Err(damaged(index)),
        }
    }

    /// An id that may be there.
    pub fn id(&self, index: usize) -> Result<Option<uuid::Uuid>> {
        match self.value(index, ColumnType::Id)? {
            Value::Id(id) => Ok(Some(id)),
            _ => Ok(None),
        }
    }
}

fn damaged(index: usize) -> crate::error::Error {
    crate::error::Error::Corrupt(format!("column {index} of a row is missing"))
}

/// The words that differ in DDL.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// An integer that is the table's key, in insertion order.
    pub row_key: &'static str,
    /// A UUID.
    pub id: &'static str,
    /// Text, compared byte by byte.
    pub text: &'static str,
    /// A 64-bit floating-point number.
    pub real: &'static str,
    /// A table stored in the order of its primary key.
    pub clustered: &'static str,
}
