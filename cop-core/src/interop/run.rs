//! The frame of every import: one transaction, a report, and a word after every step.

use crate::error::{Error, Problem, Result};
use crate::interop::{ImportIssue, ImportMode, ImportReport, Severity};
use crate::model::AnyRecord;
use crate::ops::Op;
use crate::session::{OnProgress, Session, Transaction};

/// An import under way.
pub(super) struct Run<'r, 't> {
    pub tx: &'r Transaction<'t>,
    pub report: ImportReport,
    progress: OnProgress<'r>,
    done: u64,
    total: u64,
}

/// Where a record comes from, for its issues.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub file: &'a str,
    pub row: u64,
}

/// Runs `work` in one transaction, which is kept or, in a dry run, dropped.
pub(super) fn run(
    session: &Session,
    report: ImportReport,
    total: u64,
    progress: OnProgress<'_>,
    work: impl FnOnce(&mut Run<'_, '_>) -> Result<()>,
) -> Result<ImportReport> {
    let mode = report.mode;
    let body = |tx: &Transaction<'_>| {
        let mut run = Run { tx, report, progress, done: 0, total };
        tx.report(run.progress, 0, total)?;
        work(&mut run)?;
        Ok(run.report)
    };
    match mode {
        ImportMode::Apply => session.transaction(body),
        ImportMode::DryRun => session.rehearse(body),
    }
}

impl Run<'_, '_> {
    /// Another row is done.
    pub fn step(&mut self) -> Result<()> {
        self.done += 1;
        self.tx.report(self.progress, self.done, self.total)
    }

    /// Runs an operation. What it refuses because of the row becomes issues of that row.
    pub fn attempt(&mut self, op: Op, place: Place<'_>, severity: Severity) -> Result<Option<AnyRecord>> {
        match self.tx.apply(op) {
            Ok(record) => Ok(Some(record)),
            Err(error) => self.refused(error, place, severity).map(|()| None),
        }
    }

    /// Makes issues of what was refused because of the row; every other error stops the import.
    fn refused(&mut self, error: Error, place: Place<'_>, severity: Severity) -> Result<()> {
        let Place { file, row } = place;
        match &error {
            Error::InvalidInput(problems) | Error::Precondition(problems) => {
                for problem in problems {
                    self.report.push(ImportIssue::problem(severity, file, problem).row(row));
                }
                Ok(())
            }
            Error::AlreadyExists { .. } => {
                let detail = "the community has deleted or sealed it; it stays as it is";
                self.report.push(ImportIssue::note(file, "import.not_restored", detail).row(row));
                Ok(())
            }
            Error::NotFound { .. } => {
                let problem = Problem::new("", error.code(), error.to_string());
                self.report.push(ImportIssue::problem(severity, file, &problem).row(row));
                Ok(())
            }
            _ => Err(error),
        }
    }
}
