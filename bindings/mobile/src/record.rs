//! What reads answer with.

mod gathering;
mod inquiry;
mod standard;

use std::collections::HashMap;
use std::ops::Range;

pub use gathering::*;
pub use inquiry::*;
pub use standard::*;

use crate::error::CopError;
use crate::rows::Rows;
use crate::value::{
    CommunityId, ConveningId, Cross, CycleId, Day, Grantee, MemberId, MembershipId, OrganizationId, ResourceId,
    StandardId, TeamId, Timestamp, Uuid, Visibility, conversion, records,
};
use crate::vocabulary::{
    Admission, AlignmentKind, AttendanceRole, CommunityRole, Contact, DevelopmentStage, Life, MemberState,
    MembershipFact, MembershipState, OrganizationStatus, RecordKind, ResourceState, Rounding, TeamFact, TeamRole,
    TeamState, Verdict,
};

records! {
    /// What another system calls a record.
    ExternalId like cop_core::ExternalId {
        /// The system: `cds`, `nces`, `case`, `oneroster:<source>`, …
        system: String,
        /// The record's id there.
        value: String,
    }

    /// What a community is about: its domain, its people, its practice.
    Charter like cop_core::Charter {
        /// The shared concern.
        domain: String,
        /// The people who share it.
        community: String,
        /// What they do together.
        practice: String,
    }

    /// A region, as data: California alone has several divisions of its 58 counties.
    Region like cop_core::Region {
        /// Whose division, such as `ccsesa`.
        scheme: String,
        /// The region's code in it.
        code: String,
    }

    /// A resource's place in a larger one.
    PartOf like cop_core::PartOf {
        /// The larger resource.
        resource: ResourceId,
        /// The place among the parts, from 1.
        position: u32,
    }

    /// What the members of a team must be, together, before it starts its work; 0 asks nothing.
    FormationRule like cop_core::FormationRule {
        /// So many active members.
        #[uniffi(default = 0)]
        min_members: u32,
        /// In so many different roles at their organizations: a cross-role team.
        #[uniffi(default = 0)]
        min_distinct_roles: u32,
        /// From so many districts: a cross-district team.
        #[uniffi(default = 0)]
        min_distinct_districts: u32,
        /// From so many counties.
        #[uniffi(default = 0)]
        min_distinct_counties: u32,
        /// All from one district.
        #[uniffi(default = false)]
        same_district: bool,
    }

    /// A file that belongs to a resource. The host keeps the bytes; the record says which they are.
    FileRef like cop_core::FileRef {
        /// The SHA-256 of its bytes: 64 hexadecimal digits, in lower case.
        sha256: String,
        /// How many bytes it has.
        bytes: u64,
        /// Its media type, such as `application/pdf`.
        media_type: String,
        /// What it is.
        #[uniffi(default = None)]
        label: Option<String>,
    }

    /// A step of onboarding.
    OnboardingStep like cop_core::OnboardingStep {
        /// Its code, such as `orientation`.
        code: String,
        /// What it is.
        label: String,
        /// Whether one cannot become active without it.
        required: bool,
    }

    /// How professional learning hours are counted: all in minutes.
    HoursPolicy like cop_core::HoursPolicy {
        /// The unit that is rounded to.
        unit_minutes: i64,
        /// Less than this counts as nothing.
        minimum_minutes: i64,
        /// Which way.
        rounding: Rounding,
        /// The most that one convening, with all its sessions, counts.
        cap_minutes: Option<i64>,
        /// The roles that count.
        credited_roles: Vec<AttendanceRole>,
    }

    /// How participation is graded over a window of days (after Wenger, McDermott & Snyder 2002).
    ParticipationPolicy like cop_core::ParticipationPolicy {
        /// Which version of the rules this is: printed with every result.
        version: String,
        /// The window, in days.
        window_days: i64,
        /// Core: at least this share of the convenings that were open to one, or a role of leadership used …
        core_attendance: f64,
        /// … and at least so many contributions.
        core_contributions: u32,
        /// Active: at least this share of the convenings …
        active_attendance: f64,
        /// … or at least so many contributions, and one convening.
        active_contributions: u32,
    }

    /// A community's own rules. Data, printed with every result they lead to.
    Policies from cop_core::Policies {
        /// The month in which a school year begins, 1 to 12; 7 is California's July.
        school_year_starts_in: u32,
        /// The steps of onboarding, in order.
        onboarding: Vec<OnboardingStep>,
        /// Whether one commits to the school year before becoming active.
        commitment_required: bool,
        /// How hours are counted.
        hours: HoursPolicy,
        /// How participation is graded.
        participation: ParticipationPolicy,
        /// Words and phrases that mean the same here, by group.
        synonyms: Vec<Vec<String>>,
    }

    /// The community itself.
    CommunityRecord from cop_core::CommunityRecord {
        /// Its id.
        id: CommunityId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Its name.
        name: String,
        /// The language it mostly works in (BCP 47).
        language: String,
        /// Its charter.
        charter: Charter,
        /// The organization that carries it.
        hub: Option<OrganizationId>,
        /// Its own rules.
        policies: Policies,
    }

    /// A state agency, county office, district, school, university, partner or network.
    Organization from cop_core::Organization {
        /// Its id.
        id: OrganizationId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What it is: `state`, `county_office`, `district`, `school`, …
        kind: String,
        /// Its name.
        name: String,
        /// The organization above it.
        parent: Option<OrganizationId>,
        /// Its California code, 14 digits.
        cds: Option<String>,
        /// What other systems call it.
        external_ids: Vec<ExternalId>,
        /// Whether it is at work.
        status: OrganizationStatus,
    }

    /// A member's place in an organization over a span of time.
    Affiliation from cop_core::Affiliation {
        /// Where.
        organization: OrganizationId,
        /// As what: `teacher`, `coach`, …
        role: String,
        /// The grades taught, where that applies.
        grades: Vec<String>,
        /// First day; unknown means always.
        since: Option<Day>,
        /// Last day; none means it still holds.
        until: Option<Day>,
    }

    /// A member's commitment to take part in a school year.
    Commitment from cop_core::Commitment {
        /// The year: `2021-22`.
        school_year: String,
        /// When they committed.
        at: Timestamp,
    }

    /// What was decided about a request to take part, a request to join, or an application.
    AdmissionDecision from cop_core::AdmissionDecision {
        /// Whether it was approved.
        approved: bool,
        /// Who decided; nobody for the host itself.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
        /// Why.
        reason: Option<String>,
    }

    /// A person known to the community.
    Member from cop_core::Member {
        /// Their id.
        id: MemberId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Given name.
        given: String,
        /// Family name.
        family: String,
        /// The name to show.
        display: String,
        /// Their addresses; empty for viewers that `contact` keeps out.
        emails: Vec<String>,
        /// Who sees the addresses.
        contact: Contact,
        /// Where they work, as what, since when.
        affiliations: Vec<Affiliation>,
        /// What other systems call them; for the member and stewards only.
        external_ids: Vec<ExternalId>,
        /// What they may do in the community.
        roles: Vec<CommunityRole>,
        /// What happened to them: `left`, and from the second time on `left:2`.
        facts: Vec<String>,
        /// Where they stand.
        state: MemberState,
        /// Their pronouns.
        pronouns: Option<String>,
        /// A few words about themselves.
        bio: Option<String>,
        /// The steps of onboarding they have taken.
        steps: Vec<String>,
        /// The school years they committed to.
        commitments: Vec<Commitment>,
        /// What was decided about their request to take part; for the member and stewards only.
        decision: Option<AdmissionDecision>,
        /// The records that are the same person's.
        same_as: Vec<MemberId>,
        /// The record that stands for the person, unless it is this one.
        merged_into: Option<MemberId>,
    }

    /// A span of dates, both included.
    Term from cop_core::Term {
        /// First day.
        starts: Day,
        /// Last day.
        ends: Day,
    }

    /// A group inside the community. Teams nest, at most six deep.
    Team from cop_core::Team {
        /// Its id.
        id: TeamId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What it is for: `regional`, `cross_district`, `working_group`, …
        kind: String,
        /// Its name.
        name: String,
        /// What it wants to do.
        charter: String,
        /// The team above it.
        parent: Option<TeamId>,
        /// The organizations it brings together.
        organizations: Vec<OrganizationId>,
        /// Its region, for regional teams.
        region: Option<Region>,
        /// When it works.
        term: Option<Term>,
        /// How one gets in.
        admission: Admission,
        /// The visibility its resources get unless they say otherwise.
        default_visibility: Visibility,
        /// The widest visibility its published resources may have.
        maximum_visibility: Visibility,
        /// Where it stands.
        state: TeamState,
        /// What happened to it.
        facts: Vec<TeamFact>,
        /// The organization that carries it.
        hub: Option<OrganizationId>,
        /// How mature it is, for information.
        stage: Option<DevelopmentStage>,
        /// What its members must be, together.
        formation: Option<FormationRule>,
        /// What an application must answer.
        questions: Vec<String>,
    }

    /// An answer of an application.
    Answer from cop_core::Answer {
        /// The question, as the team asked it then.
        question: String,
        /// The answer.
        answer: String,
    }

    /// One episode of a member in a team.
    Membership from cop_core::Membership {
        /// Its id.
        id: MembershipId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Who.
        member: MemberId,
        /// In which team.
        team: TeamId,
        /// The how-manieth time, from 1.
        episode: i64,
        /// What they may do in the team.
        roles: Vec<TeamRole>,
        /// What happened.
        facts: Vec<MembershipFact>,
        /// Where it stands.
        state: MembershipState,
        /// Whether the community outside the team may see it.
        public: bool,
        /// What the application answered; for the member and those who lead.
        answers: Vec<Answer>,
        /// What was decided about the request.
        decision: Option<AdmissionDecision>,
    }

    /// A resource's tie to a standard.
    Alignment from cop_core::Alignment {
        /// The standard's code, as the author wrote it.
        code: String,
        /// The standard, where the community has it.
        standard: Option<StandardId>,
        /// What the resource does with it.
        kind: AlignmentKind,
    }

    /// Somebody who made a resource.
    Creator from cop_core::Creator {
        /// The member, where they are one.
        member: Option<MemberId>,
        /// The name to show.
        name: String,
    }

    /// Where a resource, or a part of it, is found.
    Link from cop_core::Link {
        /// The address.
        url: String,
        /// What is there.
        label: Option<String>,
    }

    /// What a reviewer found.
    Review from cop_core::Review {
        /// The how-manieth review, from 1: the last one counts.
        number: u32,
        /// When.
        at: Timestamp,
        /// Who; nobody for the host itself.
        by: Option<MemberId>,
        /// What they found.
        verdict: Verdict,
        /// In words.
        comment: String,
    }

    /// Anything shared: a task, a tool, a rubric, a case study, a video, slides, …
    Resource from cop_core::Resource {
        /// Its id.
        id: ResourceId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What it is: `task`, `tool`, `rubric`, …
        kind: String,
        /// Its title.
        title: String,
        /// What it is about, in a few sentences.
        description: String,
        /// Its text.
        body: String,
        /// Who made it.
        creators: Vec<Creator>,
        /// Where it is found.
        links: Vec<Link>,
        /// Its language (BCP 47).
        language: String,
        /// The grades it is for.
        grades: Vec<String>,
        /// Its subjects.
        subjects: Vec<String>,
        /// The standards it teaches, assesses or requires.
        alignments: Vec<Alignment>,
        /// Free keywords.
        tags: Vec<String>,
        /// Under what terms it may be used: an SPDX identifier or a URL.
        licence: Option<String>,
        /// When it was published.
        published_on: Option<Day>,
        /// The school year it belongs to, such as `2021-22`.
        school_year: Option<String>,
        /// The team it belongs to.
        team: Option<TeamId>,
        /// The larger resource it is a part of.
        part_of: Option<PartOf>,
        /// What other systems call it.
        external_ids: Vec<ExternalId>,
        /// Who it is meant for once published.
        visibility: Visibility,
        /// Who else it is shared with by name.
        grants: Vec<Grantee>,
        /// Facilitators and stewards have no extra right to it.
        sealed: bool,
        /// Where it stands.
        state: ResourceState,
        /// The files that belong to it.
        files: Vec<FileRef>,
        /// The convening it comes from.
        convening: Option<ConveningId>,
        /// The cycle it comes from.
        cycle: Option<CycleId>,
        /// The resource it takes the place of.
        supersedes: Option<ResourceId>,
        /// Published, it is for its audience from this day on; until then it is seen as a draft is.
        embargo: Option<Day>,
        /// What reviewers found.
        reviews: Vec<Review>,
    }

    /// A page of hits.
    SearchHits from cop_core::SearchHits {
        /// How many records match in all, exactly.
        total: i64,
        /// This page, in the order asked for; equal ones in the order the records were added.
        hits: Vec<SearchHit>,
        /// Exact counts over all matches: `kind`, `grade`, `subject`, `standard`, `language`, `team`,
        /// `school_year`, `licence`; most frequent first, then by value.
        facets: HashMap<String, Vec<FacetCount>>,
        /// The parts of the query's text that were left aside.
        not_understood: Vec<String>,
        /// The words that nothing seen has, and what was looked for in their place.
        respelled: Vec<Respelling>,
        /// Where the next page begins: hand it back as `after`. None after the last page.
        next: Option<String>,
    }

    /// One record found.
    SearchHit from cop_core::SearchHit {
        /// What kind of record it is.
        record: RecordKind,
        /// Its id: where it is a resource, `ResourceId(id)`.
        id: Uuid,
        /// Its title.
        title: String,
        /// What it is: a resource's kind, or the kind of record.
        kind: String,
        /// Its language.
        language: String,
        /// How well it matches: BM25, and for the best what words count that stand near each other; 0 without words.
        score: f32,
        /// The passage that shows best why it matched.
        snippet: Snippet,
        /// What the score is the sum of, where that was asked for.
        explanation: Vec<Reason>,
    }

    /// How a word was read that nothing seen has.
    Respelling from cop_core::Respelling {
        /// The word, in small letters without accents.
        word: String,
        /// What was looked for in its place: at most three words, those first that more records have.
        read_as: Vec<String>,
    }

    /// One of the things that a score is the sum of.
    Reason from cop_core::Reason {
        /// The word or phrase, in small letters without accents; with ` … ` between two that stand near each other.
        words: String,
        /// How often it stands in the record, what is in the title three times and in a tag twice.
        times: u32,
        /// In how many records it stands that are seen; none for words that stand near each other.
        records: Option<i64>,
        /// What that counts.
        score: f32,
        /// All of it as a sentence.
        text: String,
    }

    /// What a text may become whose last word is being typed.
    Completion from cop_core::Completion {
        /// The text, its last word complete.
        text: String,
        /// How many records that are seen have the word in their title or tags.
        count: i64,
    }

    /// How often a facet's value occurs among the matches.
    FacetCount from cop_core::FacetCount {
        /// The value's code.
        value: String,
        /// How many matches have it.
        count: i64,
    }

    /// One step of a record's history.
    Revision from cop_core::Revision {
        /// The position in the change log.
        seq: i64,
        /// When.
        at: Timestamp,
        /// Who; nobody for the system itself.
        actor: Option<MemberId>,
        /// The operation's name.
        op: String,
        /// What happened.
        life: Life,
        /// The fields that changed, with their values after it as JSON.
        fields: HashMap<String, String>,
    }
}

/// A passage with the matched words marked. Plain text: escape it before it becomes HTML.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Snippet {
    /// The passage.
    pub text: String,
    /// What matched, in order, not overlapping.
    pub highlights: Vec<Highlight>,
}

/// A part of a text, counted in UTF-16 units, as Kotlin, Java and `NSString` count.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Highlight {
    /// Where it begins.
    pub start: i32,
    /// Where it ends; not included.
    pub end: i32,
}

impl Cross<Snippet> for cop_core::Snippet {
    fn cross(self) -> Snippet {
        let Self { text, highlights } = self;
        let highlights = highlights.into_iter().map(|bytes| utf16(&text, bytes)).collect();
        Snippet { text, highlights }
    }
}

/// The range of UTF-16 units for a range of bytes.
fn utf16(text: &str, bytes: Range<usize>) -> Highlight {
    let units = |part: &str| i32::try_from(part.encode_utf16().count()).unwrap_or(i32::MAX);
    let start = units(&text[..bytes.start]);
    Highlight { start, end: start.saturating_add(units(&text[bytes])) }
}

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident of $record:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, uniffi::Record)]
        pub struct $name {
            /// The records, in the order they were made.
            pub items: Rows<$record>,
            /// Where the next page begins: hand it back as `after`. None after the last page.
            pub next: Option<String>,
        }

        impl $name {
            pub(crate) fn read(
                session: &cop_core::Session,
                filter: impl Into<cop_core::ListFilter>,
                page: &cop_core::PageRequest,
            ) -> Result<Self, CopError> {
                let mut items = Rows::default();
                let next = session.each(&filter.into(), page, &mut |record| {
                    if let cop_core::AnyRecord::$record(record) = record {
                        items.push(record.cross());
                    }
                })?;
                Ok(Self { items, next: next.map(|cursor| cursor.as_str().to_owned()) })
            }
        }
    )*};
}

pages! {
    /// A page of organizations.
    OrganizationPage of Organization;
    /// A page of members.
    MemberPage of Member;
    /// A page of teams.
    TeamPage of Team;
    /// A page of memberships.
    MembershipPage of Membership;
    /// A page of frameworks.
    FrameworkPage of Framework;
    /// A page of standards.
    StandardPage of Standard;
    /// A page of associations of standards.
    AssociationPage of Association;
    /// A page of resources.
    ResourcePage of Resource;
    /// A page of goals.
    GoalPage of Goal;
    /// A page of cycles.
    CyclePage of Cycle;
    /// A page of measures.
    MeasurePage of Measure;
    /// A page of observations.
    ObservationPage of Observation;
    /// A page of convenings.
    ConveningPage of Convening;
    /// A page of attendances.
    AttendancePage of Attendance;
    /// A page of stories.
    StoryPage of Story;
    /// A page of mentorships.
    MentorshipPage of Mentorship;
    /// A page of notes.
    EntryPage of Entry;
    /// A page of findings.
    FindingPage of Finding;
}

macro_rules! any_record {
    ($($(#[$doc:meta])* $variant:ident of $kind:ident $field:ident: $record:ident,)*) => {
        /// A record of any kind.
        // A variant is not called like its record: in Kotlin it would hide it.
        #[derive(Clone, Debug, uniffi::Enum)]
        pub enum AnyRecord {
            $($(#[$doc])* $variant {
                /// The record.
                $field: $record,
            },)*
        }

        impl Cross<AnyRecord> for cop_core::AnyRecord {
            fn cross(self) -> AnyRecord {
                match self {
                    $(Self::$kind(record) => AnyRecord::$variant { $field: record.cross() },)*
                }
            }
        }
    };
}

any_record! {
    /// The community itself.
    OfCommunity of Community community: CommunityRecord,
    /// An organization.
    OfOrganization of Organization organization: Organization,
    /// A member.
    OfMember of Member member: Member,
    /// A team.
    OfTeam of Team team: Team,
    /// A membership.
    OfMembership of Membership membership: Membership,
    /// A framework.
    OfFramework of Framework framework: Framework,
    /// A standard.
    OfStandard of Standard standard: Standard,
    /// An association.
    OfAssociation of Association association: Association,
    /// A resource.
    OfResource of Resource resource: Resource,
    /// A goal.
    OfGoal of Goal goal: Goal,
    /// A cycle.
    OfCycle of Cycle cycle: Cycle,
    /// A measure.
    OfMeasure of Measure measure: Measure,
    /// An observation.
    OfObservation of Observation observation: Observation,
    /// A convening.
    OfConvening of Convening convening: Convening,
    /// An attendance.
    OfAttendance of Attendance attendance: Attendance,
    /// A story.
    OfStory of Story story: Story,
    /// A mentorship.
    OfMentorship of Mentorship mentorship: Mentorship,
    /// A note.
    OfEntry of Entry entry: Entry,
    /// A finding.
    OfFinding of Finding finding: Finding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights_count_as_the_other_language_does() {
        let text = "géométrie 🧮 number line";
        let bytes = text.find("number").expect("is there");
        assert_eq!(utf16(text, bytes..bytes + 6), Highlight { start: 13, end: 19 });
        assert_eq!(utf16(text, 0..text.len()), Highlight { start: 0, end: 24 });
    }
}
