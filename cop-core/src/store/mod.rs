//! The store: records in typed columns, the change log beside them, and one way to write both.
//!
//! Invariants: a row is what its log entries amount to; positions in the log have no gaps; one writer at a
//! time per community, and the first statement of every write locks the `scope` row. Engines sit behind a
//! private seam; may import everything below `community`.

#[cfg(any(test, feature = "testing"))]
pub mod contract;
pub(crate) mod engine;
mod keys;
#[cfg(all(test, feature = "sqlite"))]
mod lint;
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
pub(crate) use snapshot::Snapshot;
pub(crate) use write::WriteTx;

use uuid::Uuid;

use crate::error::{Error, Result};
use engine::Engine;

/// One community's database.
pub(crate) struct Store {
    engine: Box<dyn Engine>,
}

impl Store {
    /// A store in a new, empty database, with what `found` writes first; all or nothing.
    pub fn create(
        engine: Box<dyn Engine>,
        store: Uuid,
        found: impl FnOnce(&WriteTx<'_>) -> Result<()>,
    ) -> Result<Self> {
        let tx = engine.write()?;
        schema::migrate(&*tx, engine.dialect(), 0, store)?;
        let write = WriteTx::begin(tx)?;
        found(&write)?;
        write.commit()?;
        Ok(Self { engine })
    }

    /// The store in an existing database, brought to this library's schema.
    pub fn open(engine: Box<dyn Engine>) -> Result<Self> {
        let (schema, compat) = {
            let tx = engine.read()?;
            let mut found = None;
            tx.each(sql::HEAD, &[], &mut |row| {
                found = Some((row.int(3)?, row.int(4)?));
                Ok(())
            })?;
            found.ok_or_else(|| Error::Corrupt("the scope row is missing".to_owned()))?
        };
        schema::check_compat(schema, compat)?;
        if schema < schema::SCHEMA {
            let tx = engine.write()?;
            schema::migrate(&*tx, engine.dialect(), schema, Uuid::nil())?;
            tx.commit()?;
        }
        Ok(Self { engine })
    }

    /// A consistent snapshot.
    pub fn read(&self) -> Result<Snapshot<'_>> {
        Snapshot::begin(self.engine.read()?)
    }

    /// Leaves nothing of what was forgotten in the files; answers whether all is gone.
    pub fn scrub(&self) -> Result<bool> {
        self.engine.scrub()
    }

    /// The one write transaction.
    pub fn write(&self) -> Result<WriteTx<'_>> {
        WriteTx::begin(self.engine.write()?)
    }
}
