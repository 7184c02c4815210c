//! Changes: what an operation does to records, and how the log says it.
//!
//! The change log is the spine of a store. Every change of a record is one entry: which record, which
//! operation of whom, and a patch with the fields that changed. A row is what its entries amount to:
//! [`Patch::apply`] over all of them, in order, gives the row. Pure.

mod patch;

pub use patch::{CREATED_BY, Patch, blank};

use std::collections::BTreeMap;

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
    /// Whether it is deleted.
    pub deleted: bool,
}

/// Everything one operation does; the first write is the record that the operation is about.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeSet {
    /// The operation's name.
    pub op: &'static str,
    /// What it writes; empty when all is as it should be already.
    pub writes: Vec<Write>,
    /// The record the operation is about, also when nothing had to be written.
    pub subject: AnyRecord,
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
}

impl Life {
    /// The word in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Life::Created => "created",
            Life::Revised => "revised",
            Life::Deleted => "deleted",
        }
    }

    /// The life with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Life::Created, Life::Revised, Life::Deleted].into_iter().find(|life| life.name() == name)
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
