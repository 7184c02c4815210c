//! What was: the history of a record, told in words or as a record, and operations taken back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Session;
use crate::access::{Viewer, may_edit, redact};
use crate::change::{CREATED_BY, Change, Life, Revision, UNDOES, fold};
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::{AnyRecord, RecordRef};
use crate::ops::{Op, UndoOf};
use crate::store::Snapshot;

/// The operation that takes words out of the history.
const FORGETTING: &str = "erase_member";

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
        let changes = changes_of(&snapshot, &*self.viewer_in(&snapshot)?, record.into(), "history")?;
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
        let changes = changes_of(&snapshot, &*self.viewer_in(&snapshot)?, record.into(), "audit")?;
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
        let changes = changes_of(&snapshot, &viewer, record, "record_as_of")?;
        match as_of(&changes, at)? {
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
}

/// The changes of a record, oldest first, for those who may change it.
fn changes_of(snapshot: &Snapshot<'_>, viewer: &Viewer, record: RecordRef, call: &'static str) -> Result<Vec<Change>> {
    let RecordRef { kind, id } = record;
    let missing = || Error::NotFound { kind: kind.name(), id: id.to_string() };
    let current = snapshot.visible_record(viewer, kind, id)?.ok_or_else(missing)?;
    let parent = snapshot.reads().parent(&current)?;
    if !may_edit(viewer, &current, parent.as_ref()) {
        return Err(Error::NotPermitted { op: call });
    }
    snapshot.reads().history(kind, id)
}

/// The record that the changes up to a moment amount to, and whether it was there. A field that was forgotten since
/// says what it was left with.
fn as_of(changes: &[Change], at: DateTime<Utc>) -> Result<Option<(AnyRecord, bool)>> {
    let (until, since) = changes.split_at(changes.partition_point(|change| change.stamp.at() <= at));
    let mut until = until.to_vec();
    for forgetting in since.iter().filter(|change| change.op == FORGETTING) {
        let fields = forgetting.kind.fields().iter().filter(|field| !field.merge.by_element());
        let mut left = forgetting.patch.clone().into_fields();
        for name in fields.map(|field| field.name) {
            let unsaid = !until.iter().any(|change| change.patch.fields().any(|field| field == name));
            if let (true, Some(value), Some(first)) = (unsaid, left.remove(name), until.first_mut()) {
                first.patch.set(name, value);
            }
        }
    }
    fold(&until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Patch;
    use crate::clock::Stamp;
    use crate::fixture::story;
    use crate::model::{Record, RecordKind, Story};

    fn change(second: i64, op: &str, life: Life, patch: Patch) -> Change {
        Change {
            seq: second,
            stamp: Stamp::default().tick(1000 * second),
            op_seq: second,
            op: op.to_owned(),
            actor: None,
            kind: RecordKind::Story,
            id: uuid::Uuid::from_u128(1),
            life,
            previous: 0,
            patch,
        }
    }

    fn line(op: &str, life: Life, patch: &str) -> AuditLine {
        AuditLine::of(&change(7, op, life, Patch::from_text(patch).expect("a patch")))
    }

    #[test]
    fn what_was_forgotten_since_reads_as_it_was_left() {
        let patch = |text: &str| Patch::from_text(text).expect("a patch");
        let told = story(1, None, &["applied"]);
        // Erasure has taken the title and the body out of what was said before it.
        let mut said = Patch::between(Story::FIELDS, None, &told.values()).into_fields();
        said.retain(|field, _| field != "title" && field != "body");
        let changes = [
            change(10, "tell_story", Life::Created, patch(&serde_json::to_string(&said).expect("JSON"))),
            change(20, "revise_story", Life::Revised, patch(r#"{"language": "es"}"#)),
            change(
                30,
                "erase_member",
                Life::Revised,
                patch(r#"{"title": "", "body": "", "facts": {"+": ["withdrawn"]}}"#),
            ),
        ];
        let then = |second: i64| {
            let found = as_of(&changes, DateTime::from_timestamp(second, 0).expect("a time")).expect("readable");
            found.and_then(|(record, _)| Story::from_any(record))
        };
        assert_eq!(then(9), None);
        let at = |second| DateTime::from_timestamp(second, 0).expect("a time");
        let first = Story {
            title: String::new(),
            body: String::new(),
            created_at: at(10),
            revised_at: at(10),
            revision: 10,
            ..told
        };
        assert_eq!(then(10).as_ref(), Some(&first), "without a word of what was forgotten, and not withdrawn yet");
        assert_eq!(then(29).map(|story| story.language.to_string()).as_deref(), Some("es"));
        assert_eq!(then(30).map(|story| story.facts.len()), Some(1));
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
