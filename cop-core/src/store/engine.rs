//! The seam to a database engine: three small traits. Private: no engine's type leaves `store/*`.

use std::time::Duration;

use crate::error::Result;
use crate::model::record::{Cell, ColumnType};
use crate::model::{RecordKind, Value};

/// A database that holds one community.
pub(crate) trait Engine: Send + Sync {
    /// Begins a consistent snapshot.
    fn read(&self) -> Result<Box<dyn Tx + '_>>;
    /// Begins the one write transaction; waits for its turn, then `Busy`.
    fn write(&self) -> Result<Box<dyn Tx + '_>>;
    /// Begins a write transaction that makes or changes the tables; of all who try at once, one at a time.
    fn alter(&self) -> Result<Box<dyn Tx + '_>> {
        self.write()
    }
    /// Leaves nothing of what was overwritten in the files, as far as nobody still reads it; answers whether all is
    /// gone.
    fn scrub(&self) -> Result<bool>;
    /// How this engine writes the words that differ in DDL.
    fn dialect(&self) -> &'static Dialect;
    /// Gives up every connection, after what is under way was interrupted; until `resume` every call is refused.
    fn suspend(&self, patience: Duration) -> Result<()> {
        let _ = patience;
        Ok(())
    }
    /// Lets calls in again.
    fn resume(&self) {}
    /// Whether calls are refused.
    fn is_suspended(&self) -> bool {
        false
    }
    /// What is wrong with the database as such.
    fn check(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    /// Waits until something may have been written since this was last called with `heard`, which begins as 0; at
    /// most so long, and perhaps less.
    fn wait(&self, heard: &mut u64, timeout: Duration) {
        let _ = heard;
        std::thread::sleep(timeout.min(LOOK));
    }
}

/// How long a follower of an engine that tells nobody waits before it looks for itself.
const LOOK: Duration = Duration::from_millis(20);

/// A transaction; dropped without `commit`, it never was.
pub(crate) trait Tx {
    /// Runs a statement; what is wrong with it may be said by a later call, at the latest by `commit`.
    fn exec(&self, sql: &str, values: &[Value]) -> Result<()>;
    /// Runs a query, row by row.
    fn each(&self, sql: &str, values: &[Value], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()>;
    /// Asks for the records of these keys before [`sql::FIND`](super::sql::FIND) does, where many questions at once are
    /// answered sooner than one by one.
    fn look_ahead(&self, keys: &mut dyn Iterator<Item = (RecordKind, String)>) -> Result<()> {
        let _ = keys;
        Ok(())
    }
    /// Makes it so.
    fn commit(self: Box<Self>) -> Result<()>;
}

/// One row of a query.
pub(crate) trait Row {
    /// The cell in column `index`, which holds `column`.
    fn cell(&self, index: usize, column: ColumnType) -> Result<Cell<'_>>;
}

impl dyn Row + '_ {
    /// The value in column `index`, which holds `column`.
    pub fn value(&self, index: usize, column: ColumnType) -> Result<Value> {
        self.cell(index, column).map(Value::from)
    }

    /// An integer that is there.
    pub fn int(&self, index: usize) -> Result<i64> {
        self.cell(index, ColumnType::Int)?.as_int().ok_or_else(|| damaged(index))
    }

    /// A text that is there.
    pub fn text(&self, index: usize) -> Result<String> {
        self.cell(index, ColumnType::Text)?.as_text().map(str::to_owned).ok_or_else(|| damaged(index))
    }

    /// An id that may be there.
    pub fn id(&self, index: usize) -> Result<Option<uuid::Uuid>> {
        match self.cell(index, ColumnType::Id)? {
            Cell::Id(id) => Ok(Some(id)),
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
