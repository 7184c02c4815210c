//! What an import did, or would do: counts per kind of record, and what was wrong row by row.
//!
//! Invariant: no names, no e-mail addresses, no text of a record; rows, fields and codes only.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::interop::ImportMode;
use crate::model::RecordKind;

/// Most issues that a report lists; the rest is counted.
pub const MAX_ISSUES: usize = 1_000;

/// What an import did, or, after a dry run, would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Whether it was written.
    pub mode: ImportMode,
    /// How many records of each kind were touched, and how.
    pub records: BTreeMap<RecordKind, ImportCounts>,
    /// Rows left out on purpose, by what they were: `students`, `inactive_users`, …
    pub skipped: BTreeMap<String, u64>,
    /// Files of an archive that were not even opened.
    pub not_opened: Vec<String>,
    /// What was wrong, in the order it was found; at most [`MAX_ISSUES`].
    pub issues: Vec<ImportIssue>,
    /// How many more issues there were.
    pub issues_left_off: u64,
}

/// How many records of one kind an import touched, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// New ones.
    pub added: u64,
    /// Known ones that changed.
    pub updated: u64,
    /// Known ones that the source no longer has: ended or closed, never deleted.
    pub deactivated: u64,
    /// Known ones that were as the source has them.
    pub unchanged: u64,
}

impl ImportCounts {
    /// Those that were written.
    pub fn changes(&self) -> u64 {
        self.added + self.updated + self.deactivated
    }
}

/// How bad an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// The row was taken without something.
    Warning,
    /// The row was left out.
    Error,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Something an import noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportIssue {
    /// How bad it is.
    pub severity: Severity,
    /// The file inside the archive, or the kind of file.
    pub file: String,
    /// The line, from 1, where the header is line 1; in JSON, the place in its list, from 1.
    pub row: Option<u64>,
    /// The column or field.
    pub field: Option<String>,
    /// What, as a stable code such as `csv.ragged_row`.
    pub code: String,
    /// What, for a person. No personal data.
    pub detail: String,
}

impl ImportIssue {
    pub(super) fn new(severity: Severity, file: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { severity, file: file.to_owned(), row: None, field: None, code: code.to_owned(), detail: detail.into() }
    }

    pub(super) fn note(file: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Note, file, code, detail)
    }

    pub(super) fn warning(file: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, file, code, detail)
    }

    pub(super) fn error(file: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, file, code, detail)
    }

    pub(super) fn problem(severity: Severity, file: &str, problem: &Problem) -> Self {
        let issue = Self::new(severity, file, &problem.code, problem.detail.clone());
        if problem.field.is_empty() { issue } else { issue.field(&problem.field) }
    }

    pub(super) fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(super) fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

impl fmt::Display for ImportIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity.name(), self.file)?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(field) = &self.field {
            write!(f, " {field}")?;
        }
        write!(f, ": {} ({})", self.detail, self.code)
    }
}

impl ImportReport {
    pub(super) fn new(mode: ImportMode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// How many records of `kind` were touched, and how.
    pub fn of(&self, kind: RecordKind) -> ImportCounts {
        self.records.get(&kind).copied().unwrap_or_default()
    }

    /// How many records were written, or would be.
    pub fn changes(&self) -> u64 {
        self.records.values().map(ImportCounts::changes).sum()
    }

    /// How many rows were left out as `what`.
    pub fn skipped(&self, what: &str) -> u64 {
        self.skipped.get(what).copied().unwrap_or(0)
    }

    pub(super) fn push(&mut self, issue: ImportIssue) {
        if self.issues.len() < MAX_ISSUES {
            self.issues.push(issue);
        } else {
            self.issues_left_off += 1;
        }
    }

    pub(super) fn count(&mut self, kind: RecordKind) -> &mut ImportCounts {
        self.records.entry(kind).or_default()
    }

    pub(super) fn skip(&mut self, what: &str) {
        match self.skipped.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.skipped.insert(what.to_owned(), 1)),
        }
    }
}

/// A table of the counts, then what was skipped, then every issue.
impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mode == ImportMode::DryRun {
            writeln!(f, "dry run: nothing was written")?;
        }
        writeln!(f, "{:<14}{:>9}{:>9}{:>13}{:>11}", "", "added", "updated", "deactivated", "unchanged")?;
        for (kind, n) in &self.records {
            let name = kind.name();
            writeln!(f, "{name:<14}{:>9}{:>9}{:>13}{:>11}", n.added, n.updated, n.deactivated, n.unchanged)?;
        }
        for (what, count) in &self.skipped {
            writeln!(f, "not imported: {count} {what}")?;
        }
        for file in &self.not_opened {
            writeln!(f, "not opened: {file}")?;
        }
        self.issues.iter().try_for_each(|issue| writeln!(f, "{issue}"))?;
        if self.issues_left_off > 0 {
            writeln!(f, "and {} more issues", self.issues_left_off)?;
        }
        Ok(())
    }
}
