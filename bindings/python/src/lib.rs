//! The native half of the Python package `copkit`: JSON in, JSON out, and no behaviour.
//!
//! The typed face is Python (`python/copkit`); it builds operations, hands them over as the JSON that
//! `cop_core` itself defines, and makes records of what comes back. Everything here is private to it.
//!
//! | file | job |
//! |---|---|
//! | `handles` | the two handles, which close, refuse after a fork, and let other threads run |
//! | `hits` | what a search answers with |
//! | `errors` | every core error as the Python exception of its kind |
//! | `server` | communities on PostgreSQL servers, where the feature `postgres` is on |
//! | `json` | a caller's JSON into core types, naming the field that is wrong |
//! | `tables` | rows of the store, and results, as Arrow batches |
//! | `transaction` | a transaction that stays open from call to call |
//! | `views` | what is derived from the records |
//! | `parity` | what the core has, for tests that hold the typed face against it |

mod errors;
mod handles;
mod hits;
mod json;
mod parity;
mod server;
mod tables;
mod transaction;
mod views;

#[pyo3::pymodule]
mod _native {
    use std::collections::HashMap;
    use std::path::PathBuf;

    use cop_core::{CommunityOptions, ErrorKind, ManualClock, NewCommunity, Op, Problem, RecordKind, ScriptedIds};
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::handles::{Community, Session};
    #[pymodule_export]
    use super::hits::Hits;
    #[pymodule_export]
    use super::tables::Table;
    #[pymodule_export]
    use super::transaction::Transaction;
    use super::{errors, json, parity, server};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("OPS", Op::NAMES.to_vec())?;
        let fields = RecordKind::ALL.iter().map(|&kind| (kind.name(), parity::fields(kind)));
        module.add("FIELDS", fields.collect::<HashMap<_, _>>())?;
        module.add("VALUES", parity::values().into_iter().collect::<HashMap<_, _>>())?;
        module.add("CODES", parity::codes().into_iter().collect::<HashMap<_, _>>())?;
        module.add("ERRORS", errors::KINDS.iter().map(|kind: &ErrorKind| format!("{kind:?}")).collect::<Vec<_>>())
    }

    /// Founds a community in a new file.
    #[pyfunction]
    fn create(py: Python<'_>, path: PathBuf, new: &str, guard: Py<PyAny>) -> PyResult<Community> {
        Community::in_file(py, guard, || cop_search::create(path, json::read::<NewCommunity>(new)?))
    }

    /// Opens a community's file.
    #[pyfunction]
    fn open(py: Python<'_>, path: PathBuf, guard: Py<PyAny>) -> PyResult<Community> {
        Community::in_file(py, guard, || cop_search::open(path))
    }

    /// Founds a community in memory.
    #[pyfunction]
    fn in_memory(py: Python<'_>, new: &str) -> PyResult<Community> {
        Community::elsewhere(py, || cop_search::in_memory(json::read::<NewCommunity>(new)?))
    }

    /// Founds a community on a PostgreSQL server.
    #[pyfunction]
    #[pyo3(signature = (address, new, index=None))]
    fn create_at(py: Python<'_>, address: &str, new: &str, index: Option<PathBuf>) -> PyResult<Community> {
        Community::elsewhere(py, || server::create_at(address, index, json::read::<NewCommunity>(new)?))
    }

    /// Opens a community on a PostgreSQL server.
    #[pyfunction]
    #[pyo3(signature = (address, index=None, replica=None))]
    fn connect(py: Python<'_>, address: &str, index: Option<PathBuf>, replica: Option<String>) -> PyResult<Community> {
        Community::elsewhere(py, || server::connect(address, index, replica))
    }

    /// Moves a damaged file aside.
    #[pyfunction]
    fn set_aside(py: Python<'_>, path: PathBuf) -> PyResult<PathBuf> {
        errors::call(py, || cop_core::Community::set_aside(path))
    }

    /// A table out of a JSON list of objects.
    #[pyfunction]
    fn table_of(py: Python<'_>, columns: &str, rows: &str) -> PyResult<Table> {
        errors::call(py, || Table::of_json(&json::read(columns)?, rows))
    }

    /// Founds a community in memory whose clock stands still and whose ids repeat, for conformance vectors.
    #[pyfunction]
    fn scripted(py: Python<'_>, name: &str, clock: &str, id_seed: u16) -> PyResult<Community> {
        Community::elsewhere(py, || {
            let now = clock.parse().map_err(|_| Problem::new("clock", "time.format", "not an RFC 3339 time"))?;
            CommunityOptions::new()
                .with_clock(ManualClock::new(now))
                .with_ids(ScriptedIds::new(id_seed))
                .with_index(cop_search::TantivyIndex::in_memory())
                .in_memory(NewCommunity::new(name))
        })
    }
}
