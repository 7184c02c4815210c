//! Pages of a list.

use crate::error::{Problem, Result};
use crate::model::RecordKind;

/// Most records of one page of a list.
pub const MAX_PAGE: usize = 1_000;

/// Where a list goes on. Opaque; valid as long as the community.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    pub(super) fn at(kind: RecordKind, seq: i64) -> Self {
        Self(format!("{}-{seq:x}", kind.name()))
    }

    pub(super) fn read(&self, kind: RecordKind) -> Result<i64> {
        let position = self.0.strip_prefix(kind.name()).and_then(|rest| rest.strip_prefix('-'));
        position
            .and_then(|hex| i64::from_str_radix(hex, 16).ok())
            .ok_or_else(|| Problem::new("after", "cursor.format", "not a cursor of this list").into())
    }

    /// The cursor as text, to be handed out and taken back.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A page of a list, in the order the records were made.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<R> {
    /// The records.
    pub items: Vec<R>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// At most so many records, 1 to [`MAX_PAGE`].
    pub limit: usize,
    /// Go on after this place.
    pub after: Option<Cursor>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: 100, after: None }
    }
}

impl PageRequest {
    /// The first `limit` records.
    pub fn first(limit: usize) -> Self {
        Self { limit, after: None }
    }

    /// The records after `cursor`.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }
}
