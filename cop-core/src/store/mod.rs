//! The store: records in typed columns, the change log beside them, and one way to write both.
//!
//! Invariants: a row is what its log entries amount to; positions in the log have no gaps; one writer at a
//! time per community, and the first statement of every write locks the `scope` row. Engines sit behind a
//! private seam; may import everything below `community`.

#[cfg(any(test, feature = "testing"))]
pub mod contract;
mod copy;
pub(crate) mod engine;
#[cfg(all(feature = "sqlite", target_os = "linux"))]
mod guard;
mod keys;
#[cfg(all(test, feature = "sqlite"))]
mod lint;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod remembered;
mod repair;
mod rows;
pub(crate) mod schema;
mod snapshot;
pub(crate) mod sql;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
mod write;

pub(crate) use engine::Row;
pub(crate) use keys::{
    EVERYBODY, MERGED, OWNERS, REQUESTED, THE_COMMUNITY, about_key, creator_key, email_key, member_key, merged_key,
    organization_key, parent_key, predictor_key, team_key, tests_key,
};
pub use keys::{external_key, keys, system_key};
pub(crate) use rows::Listing;
pub(crate) use snapshot::{Snapshot, Source};
pub(crate) use write::WriteTx;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use uuid::Uuid;

use crate::error::Result;
use engine::Engine;
use remembered::Remembered;

/// One community's database.
pub(crate) struct Store {
    engine: Box<dyn Engine>,
    /// Whether something that was forgotten could not be taken out of the files yet.
    owes: AtomicBool,
    remembered: Remembered,
}

impl Store {
    /// A store in a new, empty database, with what `found` writes first; all or nothing.
    pub fn create(
        engine: Box<dyn Engine>,
        store: Uuid,
        found: impl FnOnce(&WriteTx<'_>) -> Result<()>,
    ) -> Result<Self> {
        let tx = engine.alter()?;
        schema::migrate(&*tx, engine.dialect(), 0, store)?;
        let remembered = Remembered::default();
        let write = WriteTx::begin(tx, &remembered)?;
        found(&write)?;
        write.commit()?;
        Ok(Self { engine, owes: AtomicBool::new(false), remembered })
    }

    /// The store in an existing database, brought to this library's schema.
    pub fn open(engine: Box<dyn Engine>) -> Result<Self> {
        if schema::found(&*engine.read()?)? < schema::SCHEMA {
            let tx = engine.alter()?;
            // Another process may have done it meanwhile.
            let schema = schema::found(&*tx)?;
            if schema < schema::SCHEMA {
                schema::migrate(&*tx, engine.dialect(), schema, Uuid::nil())?;
                tx.commit()?;
            }
        }
        Ok(Self { engine, owes: AtomicBool::new(false), remembered: Remembered::default() })
    }

    /// A copy in a new, empty database, as a store of its own; answers with its checksum.
    pub fn copy(&self, engine: &dyn Engine, store: Uuid) -> Result<Uuid> {
        copy::copy(&*self.engine.read()?, engine, store)
    }

    /// The checksum of everything that is in it, whichever store it is.
    pub fn checksum(&self) -> Result<Uuid> {
        copy::checksum(&*self.engine.read()?)
    }

    /// A consistent snapshot.
    pub fn read(&self) -> Result<Snapshot<'_>> {
        Ok(Snapshot::begin(self.engine.read()?, &self.remembered))
    }

    /// A consistent snapshot that an index can follow.
    pub fn source(&self) -> Result<Source<'_>> {
        Source::begin(self.engine.read()?, &self.remembered)
    }

    /// After a write: leaves nothing of what was forgotten in the files. Whoever still reads the old state keeps it until
    /// they are done; what the disk refuses is done after the next write.
    pub fn tidy(&self, forgot: bool) {
        if forgot || self.owes.load(Ordering::Relaxed) {
            self.owes.store(self.engine.scrub().is_err(), Ordering::Relaxed);
        }
    }

    /// Gives up every connection; see [`Engine::suspend`].
    pub fn suspend(&self, patience: Duration) -> Result<()> {
        self.engine.suspend(patience)
    }

    /// Lets calls in again.
    pub fn resume(&self) {
        self.engine.resume();
    }

    /// Whether calls are refused.
    pub fn is_suspended(&self) -> bool {
        self.engine.is_suspended()
    }

    /// What is wrong with the database as such.
    pub fn check(&self) -> Result<Vec<String>> {
        self.engine.check()
    }

    /// Waits until something may have been written; see [`Engine::wait`].
    pub fn wait(&self, heard: &mut u64, timeout: Duration) {
        self.engine.wait(heard, timeout);
    }

    /// The one write transaction.
    pub fn write(&self) -> Result<WriteTx<'_>> {
        WriteTx::begin(self.engine.write()?, &self.remembered)
    }
}
