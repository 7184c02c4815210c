//! What is asked: a text and filters.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::id::TeamId;
use crate::model::{Grade, Language, RecordKind, ResourceKind, SchoolYear};

/// Most hits a page may have.
pub const MAX_LIMIT: usize = 1_000;
/// Most hits that may be skipped and returned together.
pub const MAX_REACH: usize = 10_000;

/// A question to the library: its resources, and its stories, goals, cycles and convenings.
///
/// In `text`, words are alternatives and the more of them match the better (words such as `the` only count where
/// nothing else is asked), `"a phrase"` must occur as
/// it stands, and `-word` must not occur; `-3` is a number. Every text is a query; nothing in it is an error. The filters narrow: values of one filter are
/// alternatives, different filters must all hold. An empty text lists everything the filters leave.
///
/// ```
/// use cop_core::{ResourceKind, SearchQuery};
/// let query = SearchQuery::new("\"number line\" fractions -decimals")
///     .with_kind(ResourceKind::Task)
///     .with_grade("05".parse()?)
///     .with_standard("5.NF")
///     .with_limit(20);
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchQuery {
    /// What to look for.
    pub text: String,
    /// Kinds of records: `resource`, `story`, `goal`, `cycle`, `convening`.
    pub records: BTreeSet<RecordKind>,
    /// Kinds of resources.
    pub kinds: BTreeSet<ResourceKind>,
    /// Grades.
    pub grades: BTreeSet<Grade>,
    /// Subjects, in any case.
    pub subjects: BTreeSet<String>,
    /// Standards, in any usual spelling; each finds what is aligned to it or to anything below it.
    pub standards: BTreeSet<String>,
    /// Languages; `es` also finds `es-419`.
    pub languages: BTreeSet<Language>,
    /// Teams.
    pub teams: BTreeSet<TeamId>,
    /// School years.
    pub school_years: BTreeSet<SchoolYear>,
    /// How many hits to skip.
    pub offset: usize,
    /// How many hits to return, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// Whether to count facets.
    pub facets: bool,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            records: BTreeSet::new(),
            kinds: BTreeSet::new(),
            grades: BTreeSet::new(),
            subjects: BTreeSet::new(),
            standards: BTreeSet::new(),
            languages: BTreeSet::new(),
            teams: BTreeSet::new(),
            school_years: BTreeSet::new(),
            offset: 0,
            limit: 10,
            facets: true,
        }
    }
}

impl SearchQuery {
    /// A query for `text`, without filters: the first ten hits, with facets.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Only (or also) records of this kind.
    #[must_use]
    pub fn with_record(mut self, record: RecordKind) -> Self {
        self.records.insert(record);
        self
    }

    /// Only (or also) resources of this kind.
    #[must_use]
    pub fn with_kind(mut self, kind: ResourceKind) -> Self {
        self.kinds.insert(kind);
        self
    }

    /// Only (or also) resources for this grade.
    #[must_use]
    pub fn with_grade(mut self, grade: Grade) -> Self {
        self.grades.insert(grade);
        self
    }

    /// Only (or also) resources on this subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subjects.insert(subject.into());
        self
    }

    /// Only (or also) resources aligned to this standard or one below it.
    #[must_use]
    pub fn with_standard(mut self, code: impl Into<String>) -> Self {
        self.standards.insert(code.into());
        self
    }

    /// Only (or also) resources in this language.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.languages.insert(language);
        self
    }

    /// Only (or also) resources of this team.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.teams.insert(team);
        self
    }

    /// Only (or also) resources of this school year.
    #[must_use]
    pub fn with_school_year(mut self, year: SchoolYear) -> Self {
        self.school_years.insert(year);
        self
    }

    /// Skips `offset` hits.
    #[must_use]
    pub fn with_offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Returns at most `limit` hits.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Leaves the facets out.
    #[must_use]
    pub fn without_facets(mut self) -> Self {
        self.facets = false;
        self
    }

    /// Checks the numbers; the text cannot be wrong.
    ///
    /// # Errors
    /// `InvalidInput` naming `limit` and `offset` when they reach too far.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if self.limit > MAX_LIMIT {
            problems.push(Problem::new("limit", "search.limit", format!("at most {MAX_LIMIT} hits a page")));
        }
        if self.offset.saturating_add(self.limit.min(MAX_LIMIT)) > MAX_REACH {
            problems.push(Problem::new("offset", "search.offset", format!("reaches at most {MAX_REACH} hits deep")));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::InvalidInput(problems)) }
    }
}
