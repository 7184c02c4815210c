//! Entries: dated notes on any record.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::id::EntryId;
use crate::model::cycle::Phase;
use crate::model::record::{RecordKind, RecordRef, record, text_columns, vocabulary};

vocabulary! {
    /// What a note is.
    EntryKind {
        /// A plan.
        Plan = "plan",
        /// Looking back.
        Reflection = "reflection",
        /// What was said and agreed.
        Minutes = "minutes",
        /// A decision.
        Decision = "decision",
        /// Data in words.
        Data = "data",
        /// A comment.
        Comment = "comment",
        /// Anything else.
        Note = "note",
    }
}

text_columns!(RecordKind);

record! {
    /// A dated note on a record. Never deleted; what it said before is in its history.
    ///
    /// Who may read the record may read the note, unless it is private: then only its author may.
    Entry(EntryId) {
        /// The kind of record it is about.
        about: RecordKind = Immutable,
        /// The record it is about.
        subject: Uuid = Immutable,
        /// What it is.
        kind: EntryKind = Immutable,
        /// The phase of the cycle it belongs to.
        phase: Option<Phase> = Immutable,
        /// The day it is about.
        on_date: NaiveDate = Register,
        /// What it says; 1 to 200,000 characters.
        body: String = Register,
        /// For its author alone.
        private: bool = Immutable,
    }
}

impl Entry {
    /// The record it is about.
    pub fn subject(&self) -> RecordRef {
        RecordRef { kind: self.about, id: self.subject }
    }
}
