//! Several operations that are written together.

use std::ops::ControlFlow;

use super::{OnProgress, Progress};
use crate::access::redact;
use crate::change::Actor;
use crate::community::Community;
use crate::error::{Error, Result};
use crate::model::{AnyRecord, ExternalId, RecordKind, RecordRef};
use crate::ops::{Context, Op, decide};
use crate::store::{WriteTx, external_key};

/// Several operations that are written together; made by [`Session::transaction`](crate::Session::transaction).
pub struct Transaction<'a> {
    pub(super) write: WriteTx<'a>,
    pub(super) community: &'a Community,
    pub(super) actor: Actor,
}

impl Transaction<'_> {
    /// Runs one operation, which sees what this transaction wrote already.
    ///
    /// # Errors
    /// Whatever [`decide`] refuses, and `Io`, `Corrupt`.
    pub fn apply(&self, op: Op) -> Result<AnyRecord> {
        let inner = &*self.community.0;
        let now = self.write.time(inner.clock.now());
        let viewer = self.write.viewer(self.actor, now)?;
        // Whoever was merged into another record acts as that.
        let actor = viewer.member.map_or(Actor::System, Actor::Member);
        let context = Context { reads: self.write.reads(), ids: &*inner.ids, actor, viewer: &viewer, now };
        let changes = decide(&context, &op)?;
        let record = self.write.apply(changes, actor, now)?;
        Ok(redact(record, &viewer))
    }

    /// The record, if this session may see it, with what this transaction wrote already.
    ///
    /// # Errors
    /// `Io`, `Corrupt`.
    pub fn get(&self, record: impl Into<RecordRef>) -> Result<Option<AnyRecord>> {
        let RecordRef { kind, id } = record.into();
        let viewer = self.write.viewer(self.actor, self.community.0.clock.now())?;
        let found = self.write.reads().visible(&viewer, kind, id)?;
        Ok(found.map(|record| redact(record, &viewer)))
    }

    /// The records with this external id that this session may see.
    ///
    /// # Errors
    /// `Io`, `Corrupt`.
    pub fn find(&self, kind: RecordKind, id: &ExternalId) -> Result<Vec<AnyRecord>> {
        self.with_key(kind, &external_key(id))
    }

    /// The records of a kind that have a key.
    pub(crate) fn with_key(&self, kind: RecordKind, key: &str) -> Result<Vec<AnyRecord>> {
        let mut found = Vec::new();
        for id in self.write.reads().find(kind, key)? {
            found.extend(self.get(RecordRef { kind, id })?);
        }
        Ok(found)
    }

    /// The position of the last change so far: whether an operation wrote anything.
    #[cfg(feature = "interop")]
    pub(crate) fn position(&self) -> i64 {
        self.write.head()
    }

    /// The day of the next change.
    #[cfg(feature = "interop")]
    pub(crate) fn today(&self) -> chrono::NaiveDate {
        self.write.time(self.community.0.clock.now()).date_naive()
    }

    /// Tells how far the work has come.
    ///
    /// # Errors
    /// `Interrupted` when `progress` breaks.
    pub fn report(&self, progress: OnProgress<'_>, done: u64, total: u64) -> Result<()> {
        match progress(Progress { done, total }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Interrupted),
        }
    }
}
