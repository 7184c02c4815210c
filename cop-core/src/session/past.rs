//! What was: the history of a record, told in words or as a record, and operations taken back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Session;
use crate::access::{may_edit, redact};
use crate::change::{CREATED_BY, Change, Life, Revision, UNDOES, fold};
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::{AnyRecord, RecordRef};
use crate::ops::{Op, UndoOf};
use crate::store::Snapshot;

/// One step of a record's history, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// The position in the change log.
    pub seq: i64,
    /// When (UTC, to the millisecond).
    pub at: DateTime<Utc>,
    /// Who; nobody for the system itself.
    pub actor: Option<MemberId>,
    /// The operation's name.
    pub op: String,
    /// What they did, in words: `published the resource: state`.
    pub words: String,
    /// The fields that changed.
    pub fields: Vec<String>,
}

impl AuditLine {
    fn of(change: &Change) -> Self {
        let header = [CREATED_BY, UNDOES];
        let fields: Vec<String> =
            change.patch.fields().filter(|field| !header.contains(field)).map(str::to_owned).collect();
        let mut words = Op::phrase(&change.op).map_or_else(|| change.op.replace('_', " "), str::to_owned);
        // Of what is new, everything is; only of what was there before it says something which fields are different.
        if change.life == Life::Revised && !fields.is_empty() {
            let named: Vec<String> = fields.iter().map(|field| field.replace('_', " ")).collect();
            words = format!("{words}: {}", named.join(", "));
        }
        Self { seq: change.seq, at: change.stamp.at(), actor: change.actor, op: change.op.clone(), words, fields }
    }
}

impl Session {
    /// What happened to a record, oldest first: for those who may change it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or may not be seen, `NotPermitted` for mere readers.
    pub fn history(&self, record: impl Into<RecordRef>) -> Result<Vec<Revision>> {
        let snapshot = self.community.0.store.read()?;
        let changes = self.changes_of(&snapshot, record.into(), "history")?;
        Ok(changes
            .into_iter()
            .map(|change| Revision {
                seq: change.seq,
                at: change.stamp.at(),
                actor: change.actor,
                op: change.op,
                life: change.life,
                fields: change.patch.into_fields(),
            })
            .collect())
    }

    /// What happened to a record in words, oldest first: for those who may change it.
    ///
    /// # Errors
    /// As [`Session::history`].
    pub fn audit(&self, record: impl Into<RecordRef>) -> Result<Vec<AuditLine>> {
        let snapshot = self.community.0.store.read()?;
        let changes = self.changes_of(&snapshot, record.into(), "audit")?;
        Ok(changes.iter().map(AuditLine::of).collect())
    }

    /// The record as it was at a moment, with all that was written up to the millisecond of it: for those who may
    /// change it now.
    ///
    /// # Errors
    /// As [`Session::history`]; also `NotFound` for a moment at which it was not made yet, or was deleted.
    pub fn record_as_of(&self, record: impl Into<RecordRef>, at: DateTime<Utc>) -> Result<AnyRecord> {
        let record = record.into();
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let changes = self.changes_of(&snapshot, record, "record_as_of")?;
        let until = changes.iter().take_while(|change| change.stamp.at() <= at);
        match fold(until)? {
            Some((then, true)) => Ok(redact(then, &viewer)),
            _ => Err(Error::NotFound { kind: record.kind.name(), id: record.id.to_string() }),
        }
    }

    /// Takes the last so many operations of this session's actor back, 1 to 100; answers with one of the records
    /// that are as before.
    ///
    /// # Errors
    /// `Precondition` where something has changed since, is in use, or cannot be taken back; `NotPermitted`.
    pub fn undo(&self, operations: u32) -> Result<AnyRecord> {
        self.apply(Op::Undo(UndoOf::from(operations)))
    }

    /// The changes of a record, oldest first, for those who may change it.
    fn changes_of(&self, snapshot: &Snapshot<'_>, record: RecordRef, call: &'static str) -> Result<Vec<Change>> {
        let RecordRef { kind, id } = record;
        let viewer = self.viewer_in(snapshot)?;
        let missing = || Error::NotFound { kind: kind.name(), id: id.to_string() };
        let current = snapshot.visible_record(&viewer, kind, id)?.ok_or_else(missing)?;
        let parent = snapshot.reads().parent(&current)?;
        if !may_edit(&viewer, &current, parent.as_ref()) {
            return Err(Error::NotPermitted { op: call });
        }
        snapshot.reads().history(kind, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Patch;
    use crate::clock::Stamp;
    use crate::model::RecordKind;

    fn line(op: &str, life: Life, patch: &str) -> AuditLine {
        AuditLine::of(&Change {
            seq: 7,
            stamp: Stamp::default().tick(1_600_000_000_000),
            op_seq: 7,
            op: op.to_owned(),
            actor: None,
            kind: RecordKind::Resource,
            id: uuid::Uuid::from_u128(1),
            life,
            previous: 0,
            patch: Patch::from_text(patch).expect("a patch"),
        })
    }

    #[test]
    fn a_line_says_what_was_done_and_to_which_fields() {
        let published = line("publish_resource", Life::Revised, r#"{"state": "published"}"#);
        assert_eq!(published.words, "published the resource: state");
        let revised = r#"{"title": "T", "school_year": "2021-22", "undoes": [3]}"#;
        let revised = line("revise_resource", Life::Revised, revised);
        assert_eq!(revised.words, "changed the resource: school year, title");
        assert_eq!(revised.fields, ["school_year", "title"]);
        let made = line("add_resource", Life::Created, r#"{"created_by": null, "title": "T"}"#);
        assert_eq!((made.words.as_str(), made.fields), ("added the resource", vec!["title".to_owned()]));
        assert_eq!(line("undo", Life::Revised, r#"{"undoes": [3]}"#).words, "took an operation back");
        let newer = line("of_a_newer_version", Life::Revised, r#"{"title": "T"}"#);
        assert_eq!(newer.words, "of a newer version: title");
    }
}
