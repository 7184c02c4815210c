//! What calls take.

mod gathering;
mod inquiry;
mod standard;

pub use gathering::*;
pub use inquiry::*;
pub use standard::*;

use crate::record::{
    Charter, ExternalId, FileRef, FormationRule, HoursPolicy, OnboardingStep, PartOf, ParticipationPolicy, Region,
};
use crate::value::{
    ConveningId, Cross, CycleId, Day, MemberId, OrganizationId, ResourceId, StandardId, TeamId, Visibility, conversion,
    records,
};
use crate::vocabulary::{
    Admission, AlignmentKind, CommunityRole, Contact, DevelopmentStage, OrganizationStatus, TeamRole,
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

    /// Changes to the community; what is none stays.
    CommunityEdit into cop_core::CommunityEdit {
        /// Its name.
        #[uniffi(default = None)]
        name: Option<String>,
        /// The language it mostly works in.
        #[uniffi(default = None)]
        language: Option<String>,
        /// Its charter.
        #[uniffi(default = None)]
        charter: Option<Charter>,
        /// The organization that carries it.
        #[uniffi(default = None)]
        hub: Option<OrganizationId>,
    }

    /// Changes to the community's own rules; what is none stays.
    PoliciesEdit into cop_core::PoliciesEdit {
        /// The month in which a school year begins, 1 to 12.
        #[uniffi(default = None)]
        school_year_starts_in: Option<u32>,
        /// All steps of onboarding, in order.
        #[uniffi(default = None)]
        onboarding: Option<Vec<OnboardingStep>>,
        /// Whether one commits to the school year before becoming active.
        #[uniffi(default = None)]
        commitment_required: Option<bool>,
        /// How hours are counted.
        #[uniffi(default = None)]
        hours: Option<HoursPolicy>,
        /// How participation is graded.
        #[uniffi(default = None)]
        participation: Option<ParticipationPolicy>,
        /// All groups of words and phrases that mean the same here.
        #[uniffi(default = None)]
        synonyms: Option<Vec<Vec<String>>>,
    }

    /// Changes to an organization; what is none stays.
    OrganizationEdit into cop_core::OrganizationEdit {
        /// Which.
        organization: OrganizationId,
        /// Its kind.
        #[uniffi(default = None)]
        kind: Option<String>,
        /// Its name.
        #[uniffi(default = None)]
        name: Option<String>,
        /// The organization above it.
        #[uniffi(default = None)]
        parent: Option<OrganizationId>,
        /// Whether it is at work.
        #[uniffi(default = None)]
        status: Option<OrganizationStatus>,
        /// More of what other systems call it.
        #[uniffi(default = [])]
        external_ids: Vec<ExternalId>,
    }

    /// Changes to a member's names and addresses; what is none stays.
    MemberEdit into cop_core::MemberEdit {
        /// Whose.
        member: MemberId,
        /// Given name.
        #[uniffi(default = None)]
        given: Option<String>,
        /// Family name.
        #[uniffi(default = None)]
        family: Option<String>,
        /// The name to show.
        #[uniffi(default = None)]
        display: Option<String>,
        /// All e-mail addresses.
        #[uniffi(default = None)]
        emails: Option<Vec<String>>,
        /// Who sees them: `private` or `community`.
        #[uniffi(default = None)]
        contact: Option<Contact>,
        /// More of what other systems call them.
        #[uniffi(default = [])]
        external_ids: Vec<ExternalId>,
        /// Their pronouns, at most 64 characters; an empty text clears them.
        #[uniffi(default = None)]
        pronouns: Option<String>,
        /// A few words about themselves; an empty text clears them.
        #[uniffi(default = None)]
        bio: Option<String>,
    }

    /// Changes to a team; what is none stays.
    TeamEdit into cop_core::TeamEdit {
        /// Which.
        team: TeamId,
        /// Its name.
        #[uniffi(default = None)]
        name: Option<String>,
        /// What it wants to do.
        #[uniffi(default = None)]
        charter: Option<String>,
        /// How one gets in.
        #[uniffi(default = None)]
        admission: Option<Admission>,
        /// All organizations it brings together.
        #[uniffi(default = None)]
        organizations: Option<Vec<OrganizationId>>,
        /// The visibility its resources get.
        #[uniffi(default = None)]
        default_visibility: Option<Visibility>,
        /// The widest visibility its published resources may have.
        #[uniffi(default = None)]
        maximum_visibility: Option<Visibility>,
        /// The organization that carries it.
        #[uniffi(default = None)]
        hub: Option<OrganizationId>,
        /// What its members must be, together; a rule that asks nothing takes it away.
        #[uniffi(default = None)]
        formation: Option<FormationRule>,
        /// How mature it is.
        #[uniffi(default = None)]
        stage: Option<DevelopmentStage>,
        /// All questions of an application.
        #[uniffi(default = None)]
        questions: Option<Vec<String>>,
        /// Its first day.
        #[uniffi(default = None)]
        starts: Option<Day>,
        /// Its last day.
        #[uniffi(default = None)]
        ends: Option<Day>,
    }
}

impl Cross<cop_core::Charter> for Option<Charter> {
    fn cross(self) -> cop_core::Charter {
        self.map(Charter::cross).unwrap_or_default()
    }
}
