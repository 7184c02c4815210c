//! What can go wrong inside, told apart by what helps.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cop_core::search::IndexError;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The index is damaged or cannot be written: building it anew may help.
    Index(String),
    /// Something that another index would meet as well.
    Outside(IndexError),
}

impl From<tantivy::TantivyError> for Fault {
    fn from(error: tantivy::TantivyError) -> Self {
        Fault::Index(error.to_string())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Fault::Index(error.to_string())
    }
}

impl From<cop_core::Error> for Fault {
    fn from(error: cop_core::Error) -> Self {
        Fault::Outside(IndexError::Store(error))
    }
}

impl From<IndexError> for Fault {
    fn from(error: IndexError) -> Self {
        Fault::Outside(error)
    }
}

/// Runs `work`; a panic is a fault of the index. tantivy trusts its files and panics on some that are damaged.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    // What a panic interrupts is thrown away: the index is built anew.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Fault::Index("it made tantivy panic".to_owned())))
}
