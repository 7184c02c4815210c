//! Changes: what an operation does to records, and how the log says it.
//!
//! The change log is the spine of a store. Every change of a record is one entry: which record, which
//! operation of whom, and a patch with the fields that changed. A row is what its entries amount to:
//! [`Patch::apply`] over all of them, in order, gives the row. Pure.

mod patch;

pub use patch::{CREATED_BY, Patch, UNDOES, blank};

use crate::error::Result;
use crate::model::Value;
use crate::model::record::Header;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Stamp;
use crate::id::MemberId;
use crate::model::{AnyRecord, RecordKind};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The host itself: needs no authorisation, but keeps every rule.
    System,
    /// A member, whom the host has authenticated.
    Member(MemberId),
}

impl Actor {
    /// The member, where it is one.
    pub fn member(self) -> Option<MemberId> {
        match self {
            Actor::System => None,
            Actor::Member(id) => Some(id),
        }
    }
}

/// One record before and after an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// As it was; none when it is new.
    pub before: Option<AnyRecord>,
    /// As it will be.
    pub after: AnyRecord,
    /// What happens to it.
    pub life: Life,
    /// What of its history is forgotten.
    pub forget: Forget,
}

/// What of a record's history is forgotten with a write: patches that stay in the log, but no longer say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forget {
    /// Nothing: the usual case.
    Nothing,
    /// Whatever it said before.
    Everything,
    /// What these fields said before.
    Fields(&'static [&'static str]),
    /// That these members are among a resource's creators.
    Creators(BTreeSet<MemberId>),
}

impl Write {
    /// A new record.
    pub fn created(after: impl Into<AnyRecord>) -> Self {
        Self { before: None, after: after.into(), life: Life::Created, forget: Forget::Nothing }
    }

    /// A record that changes.
    pub fn revised(before: impl Into<AnyRecord>, after: impl Into<AnyRecord>) -> Self {
        Self { before: Some(before.into()), after: after.into(), life: Life::Revised, forget: Forget::Nothing }
    }

    /// A record that goes, as `after`.
    pub fn deleted(before: impl Into<AnyRecord>, after: impl Into<AnyRecord>) -> Self {
        Self { before: Some(before.into()), after: after.into(), life: Life::Deleted, forget: Forget::Nothing }
    }

    /// The same, forgetting what of its history.
    #[must_use]
    pub fn forgetting(mut self, forget: Forget) -> Self {
        self.forget = forget;
        self
    }

    /// The record before, where it was there.
    pub fn live_before(&self) -> Option<&AnyRecord> {
        self.before.as_ref().filter(|_| self.life != Life::Restored)
    }

    /// The record after, where it is there.
    pub fn live_after(&self) -> Option<&AnyRecord> {
        Some(&self.after).filter(|_| self.life != Life::Deleted)
    }
}

/// Everything one operation does.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeSet {
    /// The operation's name.
    pub op: &'static str,
    /// What it writes; empty when all is as it should be already.
    pub writes: Vec<Write>,
    /// The record the operation is about, also when nothing had to be written.
    pub subject: AnyRecord,
    /// The operations that it takes back: the positions of their first changes.
    pub undoes: Vec<i64>,
}

/// What happened to a record's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// It was made.
    Created,
    /// Some of its fields changed.
    Revised,
    /// It was deleted.
    Deleted,
    /// It is there again.
    Restored,
}

impl Life {
    const ALL: [Life; 4] = [Life::Created, Life::Revised, Life::Deleted, Life::Restored];

    /// The word in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Life::Created => "created",
            Life::Revised => "revised",
            Life::Deleted => "deleted",
            Life::Restored => "restored",
        }
    }

    /// The life with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|life| life.name() == name)
    }
}

/// One entry of the change log.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its position: 1, 2, 3, … without gaps.
    pub seq: i64,
    /// Its stamp: orders it among changes of other stores.
    pub stamp: Stamp,
    /// The position of the first change of the same operation.
    pub op_seq: i64,
    /// The operation's name.
    pub op: String,
    /// Who acted; nobody for the system itself.
    pub actor: Option<MemberId>,
    /// The kind of record.
    pub kind: RecordKind,
    /// The record.
    pub id: Uuid,
    /// What happened to it.
    pub life: Life,
    /// The position of the record's previous change; 0 for its first.
    pub previous: i64,
    /// The fields that changed.
    pub patch: Patch,
}

/// The record that `changes`, oldest first, amount to, and whether it is there; none before it was made.
///
/// # Errors
/// `Corrupt` when a patch does not fit.
pub fn fold<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Result<Option<(AnyRecord, bool)>> {
    let mut state: Option<(RecordKind, Header, Vec<Value>, bool)> = None;
    for change in changes {
        let fields = change.kind.fields();
        let at = change.stamp.at();
        let (_, header, values, live) = state.get_or_insert_with(|| {
            let created_by = change.patch.owner().unwrap_or(change.actor);
            let header = Header { id: change.id, created_by, created_at: at, revised_at: at, revision: 0 };
            (change.kind, header, fields.iter().map(blank).collect(), true)
        });
        change.patch.apply(fields, values)?;
        (header.revised_at, header.revision) = (at, change.seq);
        *live = change.life != Life::Deleted;
    }
    state.map(|(kind, header, values, live)| Ok((AnyRecord::from_values(kind, header, &values)?, live))).transpose()
}

/// One step of a record's history, as a reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// The position in the change log.
    pub seq: i64,
    /// When (UTC, to the millisecond).
    pub at: DateTime<Utc>,
    /// Who; nobody for the system itself.
    pub actor: Option<MemberId>,
    /// The operation's name.
    pub op: String,
    /// What happened.
    pub life: Life,
    /// The fields that changed, with their values after it.
    pub fields: BTreeMap<String, serde_json::Value>,
}
