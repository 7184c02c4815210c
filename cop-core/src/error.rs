//! The one error of this crate: typed, stable, and free of personal data.
//!
//! Invariant: `Display` names ids, fields and codes, never a person's name, an e-mail or a note.

use std::fmt;

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with an input or with the state an operation needs.
///
/// A refused operation reports *all* of them at once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// Where: a field path such as `title` or `affiliations[1].since`.
    pub field: String,
    /// What, as a stable code such as `cds.format`.
    pub code: String,
    /// What, for a person. No personal data.
    pub detail: String,
}

impl Problem {
    /// A problem of `field`, with a stable `code` and words for a person.
    pub fn new(field: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), detail: detail.into() }
    }

    /// The same problem, seen from the record that holds the field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.field, self.detail, self.code)
    }
}

/// The class of an [`Error`]: what a caller can do about it. One exception class each in the bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input breaks a rule of its own; [`Error::problems`] lists every field.
    InvalidInput,
    /// There is no such record, or the viewer may not see it; the two are never told apart.
    NotFound,
    /// The record exists already.
    AlreadyExists,
    /// Somebody else changed the record first.
    Conflict,
    /// The actor can see the record but may not do this to it.
    NotPermitted,
    /// The input is fine, the state is not; [`Error::problems`] lists everything that is missing.
    Precondition,
    /// The number is too small to be shown.
    Suppressed,
    /// This build or engine cannot do it.
    Unsupported,
    /// The file belongs to a newer version, or to something else.
    Incompatible,
    /// The file is damaged.
    Corrupt,
    /// Another writer holds the community.
    Busy,
    /// The caller asked to stop; nothing was written.
    Interrupted,
    /// The operating system refused.
    Io,
    /// A defect of this library.
    Internal,
}

/// Everything that can go wrong, with a [kind](Error::kind) and a stable [code](Error::code).
///
/// ```
/// use cop_core::{CdsCode, ErrorKind};
/// let error = cop_core::Error::from("123".parse::<CdsCode>().unwrap_err());
/// assert_eq!(error.kind(), ErrorKind::InvalidInput);
/// assert_eq!(error.code(), "cds.format");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// See [`ErrorKind::InvalidInput`].
    #[error("invalid input: {}", list(.0))]
    InvalidInput(Vec<Problem>),
    /// See [`ErrorKind::NotFound`].
    #[error("no {kind} {id}")]
    NotFound {
        /// The kind of record asked for.
        kind: &'static str,
        /// The id asked for.
        id: String,
    },
    /// See [`ErrorKind::AlreadyExists`].
    #[error("{kind} {id} exists already")]
    AlreadyExists {
        /// The kind of record.
        kind: &'static str,
        /// Its id or path.
        id: String,
    },
    /// See [`ErrorKind::Conflict`].
    #[error("{kind} {id} was changed meanwhile")]
    Conflict {
        /// The kind of record.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// See [`ErrorKind::NotPermitted`].
    #[error("not permitted to {op}")]
    NotPermitted {
        /// The operation's name.
        op: &'static str,
    },
    /// See [`ErrorKind::Precondition`].
    #[error("not possible now: {}", list(.0))]
    Precondition(Vec<Problem>),
    /// See [`ErrorKind::Unsupported`].
    #[error("not supported: {0}")]
    Unsupported(String),
    /// See [`ErrorKind::Incompatible`].
    #[error("incompatible file: {0}")]
    Incompatible(String),
    /// See [`ErrorKind::Corrupt`].
    #[error("damaged file: {0}")]
    Corrupt(String),
    /// See [`ErrorKind::Busy`].
    #[error("another writer holds the community (waited {waited_ms} ms)")]
    Busy {
        /// How long this call waited, in milliseconds.
        waited_ms: u64,
    },
    /// See [`ErrorKind::Interrupted`].
    #[error("interrupted on request; nothing was written")]
    Interrupted,
    /// See [`ErrorKind::Io`].
    #[error("input/output: {context}")]
    Io {
        /// What was being done.
        context: String,
        /// The operating system's error, where there is one.
        source: Option<std::io::Error>,
    },
    /// Of kind [`ErrorKind::Interrupted`]: the community is [suspended](crate::Community::suspend).
    #[error("the community is suspended")]
    Suspended,
    /// Of kind [`ErrorKind::Unsupported`]: another copy of SQLite in this process has the file open, and the two would
    /// not respect each other's locks. Nothing was written. Close the file there; read it through this library.
    #[error("another copy of SQLite in this process has the file open; nothing was written")]
    SecondSqlite,
    /// Of kind [`ErrorKind::Io`]: the connection to the server was lost while it committed, and no server could be
    /// asked since whether it did. Look before you write it again.
    #[error("the connection was lost during the commit; what was to be written may or may not be there")]
    Unconfirmed,
    /// See [`ErrorKind::Internal`].
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// What class of error this is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::InvalidInput(_) => ErrorKind::InvalidInput,
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::AlreadyExists { .. } => ErrorKind::AlreadyExists,
            Error::Conflict { .. } => ErrorKind::Conflict,
            Error::NotPermitted { .. } => ErrorKind::NotPermitted,
            Error::Precondition(_) => ErrorKind::Precondition,
            Error::Unsupported(_) | Error::SecondSqlite => ErrorKind::Unsupported,
            Error::Incompatible(_) => ErrorKind::Incompatible,
            Error::Corrupt(_) => ErrorKind::Corrupt,
            Error::Busy { .. } => ErrorKind::Busy,
            Error::Interrupted | Error::Suspended => ErrorKind::Interrupted,
            Error::Io { .. } | Error::Unconfirmed => ErrorKind::Io,
            Error::Internal(_) => ErrorKind::Internal,
        }
    }

    /// A code that stays the same for ever. Where several things are wrong it is the first one's;
    /// [`problems`](Error::problems) has them all.
    pub fn code(&self) -> &str {
        match self {
            Error::InvalidInput(problems) => problems.first().map_or("input.invalid", |p| p.code.as_str()),
            Error::Precondition(problems) => problems.first().map_or("state.precondition", |p| p.code.as_str()),
            Error::NotFound { .. } => "record.not_found",
            Error::AlreadyExists { .. } => "record.already_exists",
            Error::Conflict { .. } => "record.conflict",
            Error::NotPermitted { .. } => "access.not_permitted",
            Error::Unsupported(_) => "engine.unsupported",
            Error::Incompatible(_) => "file.incompatible",
            Error::Corrupt(_) => "file.corrupt",
            Error::Busy { .. } => "store.busy",
            Error::Interrupted => "call.interrupted",
            Error::Io { source: Some(source), .. } if source.kind() == std::io::ErrorKind::StorageFull => "io.full",
            Error::Suspended => "store.suspended",
            Error::SecondSqlite => "store.second_sqlite",
            Error::Io { .. } => "io.failed",
            Error::Unconfirmed => "store.unconfirmed",
            Error::Internal(_) => "internal",
        }
    }

    /// Everything that is wrong, field by field; empty for errors that are not about fields.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Error::InvalidInput(problems) | Error::Precondition(problems) => problems,
            _ => &[],
        }
    }

    /// A failed precondition that concerns one field.
    pub(crate) fn precondition(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Error::Precondition(vec![Problem::new(field, code, detail)])
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::InvalidInput(vec![problem])
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Error::Io { context: source.kind().to_string(), source: Some(source) }
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}
