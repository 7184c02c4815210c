//! Entries: dated notes on any record.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Decision;
use crate::error::{Error, Result};
use crate::id::EntryId;
use crate::model::{Entry, RecordRef};

/// A note to be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// What it is about: a team, goal, cycle, measure, convening, resource, story or mentorship.
    pub subject: RecordRef,
    /// `plan`, `reflection`, `minutes`, `decision`, `data`, `comment`, `note` or a code of your own.
    pub kind: String,
    /// What it says, 1 to 200,000 characters.
    pub body: String,
    /// The phase of the cycle it belongs to: the present one, unless said.
    #[serde(default)]
    pub phase: Option<String>,
    /// The day it is about: today (UTC), unless said.
    #[serde(default)]
    pub on_date: Option<NaiveDate>,
    /// For its author alone.
    #[serde(default)]
    pub private: bool,
}

impl NewEntry {
    /// A note of this kind about a record.
    pub fn new(subject: impl Into<RecordRef>, kind: impl Into<String>, body: impl Into<String>) -> Self {
        Self { subject: subject.into(), kind: kind.into(), body: body.into(), phase: None, on_date: None, private: false }
    }

    /// The day it is about.
    #[must_use]
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.on_date = Some(day);
        self
    }

    /// For its author alone.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }
}

/// Changes to a note, by its author; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryEdit {
    /// Which.
    pub entry: EntryId,
    /// What it says.
    #[serde(default)]
    pub body: Option<String>,
    /// The day it is about.
    #[serde(default)]
    pub on_date: Option<NaiveDate>,
}

impl EntryEdit {
    /// No changes yet.
    pub fn new(entry: EntryId) -> Self {
        Self { entry, body: None, on_date: None }
    }
}

pub(super) fn add(_: &mut Decision<'_>, _: &NewEntry) -> Result<Entry> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &EntryEdit) -> Result<Entry> {
    Err(Error::Unsupported("not yet".to_owned()))
}
