//! What every call may throw: one class per kind of error of the core, each with the same data.

use std::fmt;

/// One thing that is wrong with an input, or with the state that a call needs.
#[derive(Clone, Debug, uniffi::Record)]
pub struct FieldProblem {
    /// Where: a field path such as `title` or `affiliations[1].since`.
    pub path: String,
    /// What, as a word that stays the same for ever, such as `cds.format`.
    pub code: String,
    /// What, for a person. No personal data.
    pub detail: String,
}

/// What went wrong.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Problem {
    /// A word that stays the same for ever, such as `record.not_found`; of several problems the first one's.
    pub code: String,
    /// What, for a person. Names ids and fields only, no personal data.
    pub text: String,
    /// Everything that is wrong, field by field; empty for errors that are not about fields.
    pub fields: Vec<FieldProblem>,
}

macro_rules! cop_error {
    ($($(#[$doc:meta])* $kind:ident),+ $(,)?) => {
        /// What every call may throw; one class for each kind of error.
        #[derive(Debug, uniffi::Error)]
        pub enum CopError {
            $($(#[$doc])* $kind {
                /// What went wrong.
                problem: Problem,
            }),+
        }

        impl CopError {
            /// What went wrong.
            pub fn problem(&self) -> &Problem {
                match self { $(Self::$kind { problem })|+ => problem }
            }
        }

        impl From<cop_core::Error> for CopError {
            fn from(error: cop_core::Error) -> Self {
                let fields = error.problems().iter().map(FieldProblem::from).collect();
                let problem = Problem { code: error.code().to_owned(), text: error.to_string(), fields };
                match error.kind() {
                    $(cop_core::ErrorKind::$kind => Self::$kind { problem },)+
                    // The core may learn a new kind before this crate does.
                    _ => Self::Internal { problem },
                }
            }
        }
    };
}

cop_error! {
    /// The input breaks a rule; the fields say which, all of them at once.
    InvalidInput,
    /// There is no such record, or you may not see it; the two are never told apart.
    NotFound,
    /// The record exists already.
    AlreadyExists,
    /// Somebody else changed the record first.
    Conflict,
    /// You can see the record, but may not do this to it.
    NotPermitted,
    /// The input is fine, the state is not; the fields say everything that is missing.
    Precondition,
    /// The number is too small to be shown.
    Suppressed,
    /// This build cannot do it.
    Unsupported,
    /// The file belongs to a newer version, or to something else.
    Incompatible,
    /// The file is damaged.
    Corrupt,
    /// Another writer holds the community; try again.
    Busy,
    /// The caller asked to stop; nothing was written.
    Interrupted,
    /// The operating system refused.
    Io,
    /// A defect of the library.
    Internal,
}

impl From<&cop_core::Problem> for FieldProblem {
    fn from(problem: &cop_core::Problem) -> Self {
        let cop_core::Problem { field, code, detail } = problem.clone();
        Self { path: field, code, detail }
    }
}

impl From<cop_core::Problem> for CopError {
    fn from(problem: cop_core::Problem) -> Self {
        cop_core::Error::from(problem).into()
    }
}

impl fmt::Display for CopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem().text)
    }
}

impl std::error::Error for CopError {}
