//! One item of a checklist.

use serde::{Deserialize, Serialize};

/// Something that is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Which: `area.what`, the same for ever.
    pub code: String,
    /// Whether it cannot be left out.
    pub required: bool,
    /// Whether it is done.
    pub done: bool,
    /// How many there must be, where that is counted.
    pub needed: Option<u32>,
    /// How many there are.
    pub found: Option<u32>,
    /// In words.
    pub detail: String,
}

impl ChecklistItem {
    /// Something that is there or not.
    pub(super) fn new(code: impl Into<String>, required: bool, done: bool, detail: impl Into<String>) -> Self {
        Self { code: code.into(), required, done, needed: None, found: None, detail: detail.into() }
    }

    /// Something of which there must be so many.
    pub(super) fn counted(
        code: impl Into<String>,
        required: bool,
        needed: u32,
        found: u32,
        detail: impl Into<String>,
    ) -> Self {
        let done = needed > 0 && found >= needed;
        Self { needed: Some(needed), found: Some(found), ..Self::new(code, required, done, detail) }
    }
}

/// Whether everything is done that cannot be left out.
pub(super) fn is_ready(items: &[ChecklistItem]) -> bool {
    items.iter().all(|item| item.done || !item.required)
}
