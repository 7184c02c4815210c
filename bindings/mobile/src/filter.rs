//! Questions: which records to list, and what to search for.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::error::CopError;
use crate::record::{ExternalId, RecordRef};
use crate::value::{
    ConveningId, Cross, CycleId, Day, FrameworkId, GoalId, MeasureId, MemberId, OrganizationId, StandardId, TeamId,
};
use crate::vocabulary::{
    AttendanceStatus, ConsentState, ConveningState, CycleKind, FindingState, GoalKind, GoalStatus, MeasureRole,
    MemberState, MembershipState, MentorshipState, RecordKind, ResourceState, SearchSort, TeamState,
};

/// A question to the library: its resources, and its stories, goals, cycles and convenings.
///
/// In `text`, words are alternatives and the more of them match the better, `"a phrase"` must occur as it
/// stands, `-word` must not occur, `frac*` stands for the words that begin so, of `"one" OR "other"` one must hold,
/// and every filter can be typed: `grade:4,5 subject:"language arts" kind:task after:2024-07-01`; also `record:`,
/// `standard:`, `lang:`, `team:`, `by:`, `year:` and `before:`. Every text is a query; nothing in it is an error. The
/// filters narrow: values of one filter are alternatives, different filters must all hold. An empty text lists
/// everything the filters leave.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SearchQuery {
    /// What to look for.
    #[uniffi(default = "")]
    pub text: String,
    /// Kinds of records: resources, stories, goals, cycles, convenings.
    #[uniffi(default = [])]
    pub records: Vec<RecordKind>,
    /// Kinds of resources: `task`, `tool`, …
    #[uniffi(default = [])]
    pub kinds: Vec<String>,
    /// Grades: `KG`, `05`, …
    #[uniffi(default = [])]
    pub grades: Vec<String>,
    /// Subjects, in any case.
    #[uniffi(default = [])]
    pub subjects: Vec<String>,
    /// Standards, in any usual spelling; each finds what is aligned to it or to anything below it.
    #[uniffi(default = [])]
    pub standards: Vec<String>,
    /// Languages; `es` also finds `es-419`.
    #[uniffi(default = [])]
    pub languages: Vec<String>,
    /// Teams.
    #[uniffi(default = [])]
    pub teams: Vec<TeamId>,
    /// School years, such as `2021-22`.
    #[uniffi(default = [])]
    pub school_years: Vec<String>,
    /// Who made it.
    #[uniffi(default = [])]
    pub by: Vec<MemberId>,
    /// Made on this day (UTC) or later.
    #[uniffi(default = None)]
    pub created_from: Option<Day>,
    /// Made before this day (UTC).
    #[uniffi(default = None)]
    pub created_before: Option<Day>,
    /// Records like this one, which share words with it that tell what it is about; the best
    /// only, without further pages.
    #[uniffi(default = None)]
    pub like: Option<RecordRef>,
    /// Whether to look for more than is asked: for words that mean the same, and for standards that come before or
    /// after those asked for, or have to do with them.
    #[uniffi(default = false)]
    pub widen: bool,
    /// In which order; the best first unless said.
    #[uniffi(default = None)]
    pub sort: Option<SearchSort>,
    /// Go on after the page whose `next` this is.
    #[uniffi(default = None)]
    pub after: Option<String>,
    /// How many hits to skip.
    #[uniffi(default = 0)]
    pub offset: i32,
    /// How many hits to return, at most 1,000.
    #[uniffi(default = 10)]
    pub limit: i32,
    /// Whether to count facets.
    #[uniffi(default = true)]
    pub facets: bool,
    /// Whether to cut snippets, which is most of the work where there are many hits.
    #[uniffi(default = true)]
    pub snippets: bool,
    /// Whether to say of every hit what its score is the sum of.
    #[uniffi(default = false)]
    pub explain: bool,
    /// Whether newer records count more.
    #[uniffi(default = false)]
    pub prefer_recent: bool,
}

impl SearchQuery {
    pub(crate) fn read(self) -> Result<cop_core::SearchQuery, CopError> {
        let Self {
            text,
            records,
            kinds,
            grades,
            subjects,
            standards,
            languages,
            teams,
            school_years,
            by,
            created_from,
            created_before,
            like,
            widen,
            sort,
            after,
            offset,
            limit,
            facets,
            snippets,
            explain,
            prefer_recent,
        } = self;
        let mut reader = Reader::default();
        let query = cop_core::SearchQuery {
            text,
            records: records.cross(),
            kinds: reader.all("kinds", kinds),
            grades: reader.all("grades", grades),
            subjects: subjects.into_iter().collect(),
            standards: standards.into_iter().collect(),
            languages: reader.all("languages", languages),
            teams: teams.into_iter().collect(),
            school_years: reader.all("school_years", school_years),
            by: by.into_iter().collect(),
            created_from,
            created_before,
            like: like.cross(),
            widen,
            sort: sort.unwrap_or_default(),
            after: after.map(cop_core::SearchCursor::from),
            offset: reader.count("offset", "search.offset", offset),
            limit: reader.count("limit", "search.limit", limit),
            facets,
            snippets,
            explain,
            prefer_recent,
        };
        reader.done(query)
    }
}

macro_rules! filters {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty = $read:ident,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, uniffi::Record)]
        pub struct $name {
            $($(#[$fmeta])* #[uniffi(default = None)] pub $field: Option<$ty>,)*
        }

        impl $name {
            pub(crate) fn read(self) -> Result<cop_core::$name, CopError> {
                let Self { $($field),* } = self;
                let mut reader = Reader::default();
                let filter = cop_core::$name { $($field: reader.$read(stringify!($field), $field)),* };
                reader.done(filter)
            }
        }
    )*};
}

filters! {
    /// Which organizations to list.
    OrganizationFilter {
        /// Of this kind.
        kind: String = one,
        /// Directly below this one.
        parent: OrganizationId = same,
        /// With this external id.
        external_id: ExternalId = same,
        /// With this California code.
        cds: String = one,
    }
    /// Which members to list.
    MemberFilter {
        /// In this state.
        state: MemberState = same,
        /// Who are or were affiliated with this organization.
        organization: OrganizationId = same,
    }
    /// Which teams to list.
    TeamFilter {
        /// Of this kind.
        kind: String = one,
        /// In this state.
        state: TeamState = same,
        /// Directly below this one.
        parent: TeamId = same,
    }
    /// Which memberships to list.
    MembershipFilter {
        /// Of this member.
        member: MemberId = same,
        /// In this team.
        team: TeamId = same,
        /// In this state.
        state: MembershipState = same,
    }
    /// Which resources to list.
    ResourceFilter {
        /// Of this kind.
        kind: String = one,
        /// In this state.
        state: ResourceState = same,
        /// In this language, exactly.
        language: String = one,
        /// Of this team.
        team: TeamId = same,
        /// Of this school year.
        school_year: String = one,
        /// Made by this member.
        created_by: MemberId = same,
        /// With this external id.
        external_id: ExternalId = same,
        /// From this convening.
        convening: ConveningId = same,
        /// From this cycle.
        cycle: CycleId = same,
    }
    /// Which frameworks to list.
    FrameworkFilter {
        /// With this GUID, as its publisher writes it.
        identifier: String = same,
    }
    /// Which standards to list.
    StandardFilter {
        /// Of this framework.
        framework: FrameworkId = same,
        /// Directly below this one.
        parent: StandardId = same,
        /// With this code, in any spelling with all its parts.
        code: String = same,
    }
    /// Which associations to list.
    AssociationFilter {
        /// Of this framework's package.
        framework: FrameworkId = same,
    }
    /// Which goals to list.
    GoalFilter {
        /// Of this kind.
        kind: GoalKind = same,
        /// Of this team.
        team: TeamId = same,
        /// With this status.
        status: GoalStatus = same,
        /// Of this school year.
        school_year: String = one,
        /// Directly below this one.
        parent: GoalId = same,
    }
    /// Which cycles to list.
    CycleFilter {
        /// Of this team.
        team: TeamId = same,
        /// Of this kind.
        kind: CycleKind = same,
        /// In this phase.
        phase: String = one,
        /// Of this school year.
        school_year: String = one,
        /// Within this year-long inquiry.
        parent: CycleId = same,
        /// Led by this member, or with them.
        member: MemberId = same,
    }
    /// Which measures to list.
    MeasureFilter {
        /// Of this team.
        team: TeamId = same,
        /// For this.
        role: MeasureRole = same,
    }
    /// Which observations to list.
    ObservationFilter {
        /// Of this measure.
        measure: MeasureId = same,
        /// Of this organization.
        organization: OrganizationId = same,
    }
    /// Which convenings to list.
    ConveningFilter {
        /// Of this kind.
        kind: String = one,
        /// In this state.
        state: ConveningState = same,
        /// Of this team.
        team: TeamId = same,
        /// The sessions of this one.
        parent: ConveningId = same,
        /// Of this cycle.
        cycle: CycleId = same,
    }
    /// Which attendances to list.
    AttendanceFilter {
        /// At this convening.
        convening: ConveningId = same,
        /// Of this member.
        member: MemberId = same,
        /// With this status.
        status: AttendanceStatus = same,
    }
    /// Which stories to list.
    StoryFilter {
        /// Of this kind.
        kind: String = one,
        /// Of this team.
        team: TeamId = same,
        /// About this record.
        about: RecordRef = same,
        /// With consent in this state.
        consent: ConsentState = same,
    }
    /// Which mentorships to list.
    MentorshipFilter {
        /// Of this mentor.
        mentor: MemberId = same,
        /// Of this mentee.
        mentee: MemberId = same,
        /// In this team.
        team: TeamId = same,
        /// In this state.
        state: MentorshipState = same,
    }
    /// Which notes to list.
    EntryFilter {
        /// About this record.
        subject: RecordRef = same,
        /// Of this kind.
        kind: String = one,
        /// Of this phase.
        phase: String = one,
    }
    /// Which findings to list.
    FindingFilter {
        /// Of this kind.
        kind: String = one,
        /// In this state.
        state: FindingState = same,
        /// About this record.
        about: RecordRef = same,
        /// Of this team.
        team: TeamId = same,
    }
}

/// Reads codes, and remembers everything that is wrong with them.
#[derive(Default)]
struct Reader {
    problems: Vec<cop_core::Problem>,
}

impl Reader {
    fn one<T: FromStr<Err = cop_core::Problem>>(&mut self, field: &str, text: Option<String>) -> Option<T> {
        text?.parse().map_err(|problem: cop_core::Problem| self.problems.push(problem.at(field))).ok()
    }

    fn all<T: FromStr<Err = cop_core::Problem> + Ord>(&mut self, field: &str, texts: Vec<String>) -> BTreeSet<T> {
        let each = texts.into_iter().enumerate();
        each.filter_map(|(index, text)| self.one(&format!("{field}[{index}]"), Some(text))).collect()
    }

    fn same<A: Cross<B>, B>(&mut self, _field: &str, value: Option<A>) -> Option<B> {
        value.cross()
    }

    fn count(&mut self, field: &str, code: &str, count: i32) -> usize {
        usize::try_from(count).unwrap_or_else(|_| {
            self.problems.push(cop_core::Problem::new(field, code, "cannot be negative"));
            0
        })
    }

    fn done<T>(self, value: T) -> Result<T, CopError> {
        if self.problems.is_empty() { Ok(value) } else { Err(cop_core::Error::InvalidInput(self.problems).into()) }
    }
}
