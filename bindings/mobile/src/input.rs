//! What calls take.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::error::CopError;
use crate::record::{Charter, ExternalId, FileRef, FormationRule, PartOf, Region};
use crate::value::{
    Admission, AlignmentKind, CommunityRole, ConveningId, Cross, CycleId, Day, MemberId, MemberState, MembershipState,
    OrganizationId, ResourceId, ResourceState, SearchSort, StandardId, TeamId, TeamRole, TeamState, Visibility,
    conversion, records,
};

records! {
    /// A community to be founded.
    NewCommunity into cop_core::NewCommunity {
        /// Its name, 1 to 200 characters.
        name: String,
        /// The language it mostly works in (BCP 47); English unless said.
        #[uniffi(default = None)]
        language: Option<String>,
        /// Its charter.
        #[uniffi(default = None)]
        charter: Option<Charter>,
    }

    /// An organization to be added.
    NewOrganization into cop_core::NewOrganization {
        /// `state`, `county_office`, `district`, `school`, `university`, `partner`, `network`, or a code of your own.
        kind: String,
        /// Its name, 1 to 200 characters.
        name: String,
        /// The organization above it.
        #[uniffi(default = None)]
        parent: Option<OrganizationId>,
        /// Its California code, 14 digits; the id is made from it.
        #[uniffi(default = None)]
        cds: Option<String>,
        /// What other systems call it. The id is made from the first, when there is no CDS code.
        #[uniffi(default = [])]
        external_ids: Vec<ExternalId>,
    }

    /// A place in an organization.
    NewAffiliation into cop_core::NewAffiliation {
        /// Where.
        organization: OrganizationId,
        /// `teacher`, `coach`, `specialist`, `site_admin`, `district_admin`, `county_leader`,
        /// `university_partner`, `researcher`, `community_partner`, or a code of your own.
        role: String,
        /// Grades taught.
        #[uniffi(default = [])]
        grades: Vec<String>,
        /// First day.
        #[uniffi(default = None)]
        since: Option<Day>,
        /// Last day.
        #[uniffi(default = None)]
        until: Option<Day>,
    }

    /// A member to be added.
    NewMember into cop_core::NewMember {
        /// Given name, 1 to 200 characters.
        given: String,
        /// Family name, 1 to 200 characters.
        family: String,
        /// The name to show; given and family name unless said.
        #[uniffi(default = None)]
        display: Option<String>,
        /// E-mail addresses.
        #[uniffi(default = [])]
        emails: Vec<String>,
        /// Where they work, as what, since when.
        #[uniffi(default = [])]
        affiliations: Vec<NewAffiliation>,
        /// Community roles; an ordinary member unless said.
        #[uniffi(default = [])]
        roles: Vec<CommunityRole>,
        /// What other systems call them. The id is made from the first.
        #[uniffi(default = [])]
        external_ids: Vec<ExternalId>,
    }

    /// A team to be created.
    NewTeam into cop_core::NewTeam {
        /// `regional`, `cross_district`, `district`, `site`, `working_group`, `project`, `course`, `cohort`, or a
        /// code of your own.
        kind: String,
        /// Its name, 1 to 200 characters.
        name: String,
        /// What it wants to do.
        #[uniffi(default = None)]
        charter: Option<String>,
        /// The team above it.
        #[uniffi(default = None)]
        parent: Option<TeamId>,
        /// The organizations it brings together.
        #[uniffi(default = [])]
        organizations: Vec<OrganizationId>,
        /// Its region; required of regional teams.
        #[uniffi(default = None)]
        region: Option<Region>,
        /// Its first day; required with `ends` of working groups, courses and cohorts.
        #[uniffi(default = None)]
        starts: Option<Day>,
        /// Its last day.
        #[uniffi(default = None)]
        ends: Option<Day>,
        /// How one gets in; by invitation only unless said.
        #[uniffi(default = None)]
        admission: Option<Admission>,
        /// The visibility its resources get: the team itself unless said.
        #[uniffi(default = None)]
        default_visibility: Option<Visibility>,
        /// The widest visibility its published resources may have: public unless said.
        #[uniffi(default = None)]
        maximum_visibility: Option<Visibility>,
        /// The organization that carries it.
        #[uniffi(default = None)]
        hub: Option<OrganizationId>,
        /// What its members must be, together, before it starts its work.
        #[uniffi(default = None)]
        formation: Option<FormationRule>,
        /// What an application must answer; required where one gets in by an application.
        #[uniffi(default = [])]
        questions: Vec<String>,
    }

    /// A member to be brought into a team.
    NewMembership into cop_core::NewMembership {
        /// The team.
        team: TeamId,
        /// The member.
        member: MemberId,
        /// What they may do in it; an ordinary member unless said.
        #[uniffi(default = [])]
        roles: Vec<TeamRole>,
    }

    /// Somebody who made a resource.
    NewCreator into cop_core::NewCreator {
        /// The name to show.
        name: String,
        /// The member, where they are one.
        #[uniffi(default = None)]
        member: Option<MemberId>,
    }

    /// Where a resource is found.
    NewLink into cop_core::NewLink {
        /// An absolute http(s) URL.
        url: String,
        /// What is there.
        #[uniffi(default = None)]
        label: Option<String>,
    }

    /// A standard a resource has to do with.
    NewAlignment into cop_core::NewAlignment {
        /// The code, in any usual spelling.
        code: String,
        /// The standard, where it is known.
        #[uniffi(default = None)]
        standard: Option<StandardId>,
        /// What the resource does with it; teaches it unless said.
        #[uniffi(default = None)]
        kind: Option<AlignmentKind>,
    }

    /// A resource to be added.
    NewResource into cop_core::NewResource {
        /// `task`, `tool`, `rubric`, `case_study`, `video`, `slides`, … or a code of your own.
        kind: String,
        /// Its title, 1 to 300 characters.
        title: String,
        /// What it is about.
        #[uniffi(default = "")]
        description: String,
        /// Its text, at most 200,000 characters.
        #[uniffi(default = "")]
        body: String,
        /// Who made it; the member who adds it, unless said.
        #[uniffi(default = [])]
        creators: Vec<NewCreator>,
        /// Where it is found.
        #[uniffi(default = [])]
        links: Vec<NewLink>,
        /// Its language (BCP 47); English unless said.
        #[uniffi(default = None)]
        language: Option<String>,
        /// Grades: `KG`, `05`, …
        #[uniffi(default = [])]
        grades: Vec<String>,
        /// Subjects.
        #[uniffi(default = [])]
        subjects: Vec<String>,
        /// Standards.
        #[uniffi(default = [])]
        alignments: Vec<NewAlignment>,
        /// Keywords.
        #[uniffi(default = [])]
        tags: Vec<String>,
        /// SPDX identifier or URL.
        #[uniffi(default = None)]
        licence: Option<String>,
        /// When it was published.
        #[uniffi(default = None)]
        published_on: Option<Day>,
        /// `2021-22`.
        #[uniffi(default = None)]
        school_year: Option<String>,
        /// The team it belongs to.
        #[uniffi(default = None)]
        team: Option<TeamId>,
        /// The resource it is a part of.
        #[uniffi(default = None)]
        part_of: Option<PartOf>,
        /// What other systems call it. The id is made from the first.
        #[uniffi(default = [])]
        external_ids: Vec<ExternalId>,
        /// The files that belong to it; the host keeps their bytes.
        #[uniffi(default = [])]
        files: Vec<FileRef>,
        /// The convening it comes from.
        #[uniffi(default = None)]
        convening: Option<ConveningId>,
        /// The cycle it comes from.
        #[uniffi(default = None)]
        cycle: Option<CycleId>,
        /// The resource it takes the place of.
        #[uniffi(default = None)]
        supersedes: Option<ResourceId>,
        /// Who it is meant for once published: the team's default, or private, unless said.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
        /// Whether it is published at once.
        #[uniffi(default = false)]
        published: bool,
        /// The member it belongs to; only the host may say so.
        #[uniffi(default = None)]
        owner: Option<MemberId>,
    }

    /// Changes to a resource; what is none stays, an empty text or list clears.
    ResourceEdit into cop_core::ResourceEdit {
        /// Which.
        resource: ResourceId,
        /// Its kind.
        #[uniffi(default = None)]
        kind: Option<String>,
        /// Its title.
        #[uniffi(default = None)]
        title: Option<String>,
        /// What it is about.
        #[uniffi(default = None)]
        description: Option<String>,
        /// Its text.
        #[uniffi(default = None)]
        body: Option<String>,
        /// All links.
        #[uniffi(default = None)]
        links: Option<Vec<NewLink>>,
        /// Its language.
        #[uniffi(default = None)]
        language: Option<String>,
        /// All grades.
        #[uniffi(default = None)]
        grades: Option<Vec<String>>,
        /// All subjects.
        #[uniffi(default = None)]
        subjects: Option<Vec<String>>,
        /// All alignments.
        #[uniffi(default = None)]
        alignments: Option<Vec<NewAlignment>>,
        /// All keywords.
        #[uniffi(default = None)]
        tags: Option<Vec<String>>,
        /// Its licence.
        #[uniffi(default = None)]
        licence: Option<String>,
        /// Its school year.
        #[uniffi(default = None)]
        school_year: Option<String>,
        /// All files.
        #[uniffi(default = None)]
        files: Option<Vec<FileRef>>,
        /// The convening it comes from.
        #[uniffi(default = None)]
        convening: Option<ConveningId>,
        /// The cycle it comes from.
        #[uniffi(default = None)]
        cycle: Option<CycleId>,
        /// The resource it takes the place of.
        #[uniffi(default = None)]
        supersedes: Option<ResourceId>,
    }
}

impl Cross<cop_core::Charter> for Option<Charter> {
    fn cross(self) -> cop_core::Charter {
        self.map(Charter::cross).unwrap_or_default()
    }
}

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
    /// Kinds of records: `resource`, `story`, `goal`, `cycle`, `convening`.
    #[uniffi(default = [])]
    pub records: Vec<String>,
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
    /// Resources and other records like this resource, which share words with it that tell what it is about; the best
    /// only, without further pages.
    #[uniffi(default = None)]
    pub like: Option<ResourceId>,
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
        } = self;
        let mut reader = Reader::default();
        let query = cop_core::SearchQuery {
            text,
            records: reader.all("records", records),
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
            like: like.map(Into::into),
            widen,
            sort: sort.unwrap_or_default(),
            after: after.map(cop_core::SearchCursor::from),
            offset: reader.count("offset", "search.offset", offset),
            limit: reader.count("limit", "search.limit", limit),
            facets,
            snippets,
            explain,
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
