//! A session: everything that is read and written, on behalf of someone.

use std::sync::Arc;

use crate::error::CopError;
use crate::filter::{
    AssociationFilter, AttendanceFilter, ConveningFilter, CycleFilter, EntryFilter, FindingFilter, FrameworkFilter,
    GoalFilter, MeasureFilter, MemberFilter, MembershipFilter, MentorshipFilter, ObservationFilter, OrganizationFilter,
    ResourceFilter, SearchQuery, StandardFilter, StoryFilter, TeamFilter,
};
use crate::input::{
    CommunityEdit, ConveningEdit, Correction, CycleEdit, EntryEdit, GoalEdit, MeasureEdit, MemberEdit, MentorshipEdit,
    NewAffiliation, NewAssociation, NewAttendance, NewConvening, NewCycle, NewEntry, NewFramework, NewGoal, NewMeasure,
    NewMeasurePhase, NewMember, NewMembership, NewMentorship, NewObservation, NewOrganization, NewResource,
    NewStandard, NewStory, NewTeam, NewWalkIn, OrganizationEdit, PoliciesEdit, ResourceEdit, StoryEdit, TeamEdit,
};
use crate::open::Shared;
use crate::record::{
    AnyRecord, Association, AssociationPage, Attendance, AttendancePage, CommunityRecord, Completion, Convening,
    ConveningPage, Cycle, CyclePage, Entry, EntryPage, Finding, FindingPage, Framework, FrameworkPage, Goal, GoalPage,
    Measure, MeasurePage, Member, MemberPage, Membership, MembershipPage, Mentorship, MentorshipPage, Observation,
    ObservationPage, Organization, OrganizationPage, RecordRef, Resource, ResourcePage, Revision, SearchHits, Standard,
    StandardPage, Story, StoryPage, Team, TeamPage,
};
use crate::value::{
    AssociationId, AttendanceId, ConveningId, Cross, CycleId, Day, EntryId, FindingId, FrameworkId, GoalId, Grantee,
    MeasureId, MemberId, MembershipId, MentorshipId, ObservationId, OrganizationId, ResourceId, StandardId, StoryId,
    TeamId, Timestamp, Uuid, Visibility,
};
use crate::view::{
    ArchiveYear, AuditLine, DriverDiagram, HoursStatement, LaunchChecklist, MemberOverview, OnboardingChecklist,
    Participation, ValueMatrix,
};
use crate::vocabulary::{
    AttendanceRole, Attribution, CommunityRole, DecisionKind, GoalStatus, PredictionOutcome, TeamRole, Verdict,
};
use crate::watch::{Watch, Watcher};

/// Someone's access to a community: what they may not see does not exist, and what they may not do is refused.
///
/// Every call goes by what the member holds in the state that it reads, so a change of roles or teams takes effect at
/// once.
#[derive(uniffi::Object)]
pub struct Session {
    pub(crate) shared: Arc<Shared>,
    pub(crate) session: cop_core::Session,
}

impl Session {
    /// Reads.
    pub(crate) fn read<T>(&self, call: impl FnOnce(&cop_core::Session) -> Result<T, CopError>) -> Result<T, CopError> {
        call(&self.session)
    }

    /// Writes, and tells those who watch.
    pub(crate) fn write<T>(&self, call: impl FnOnce(&cop_core::Session) -> Result<T, CopError>) -> Result<T, CopError> {
        let answer = call(&self.session)?;
        self.shared.tell();
        Ok(answer)
    }
}

/// An operation's input: the one that was given, or one made of the arguments, which are called like its fields.
macro_rules! input {
    ($new:ident) => { $new.cross() };
    ($($field:ident),* => $input:ident) => { cop_core::$input { $($field: $field.cross()),* } };
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident($($arg:ident: $ty:ty),*) -> $record:ty $(= $input:ident)?;)*) => {
        #[uniffi::export]
        impl Session {
            $(
                $(#[$doc])*
                pub fn $verb(&self, $($arg: $ty),*) -> Result<$record, CopError> {
                    self.write(|session| Ok(session.$verb(input!($($arg),* $(=> $input)?))?.cross()))
                }
            )*
        }

        /// The operations that have a method of their own, with what each takes.
        #[cfg(test)]
        pub(crate) const VERBS: &[(&str, &[&str])] = &[$((stringify!($verb), &[$(stringify!($arg)),*])),*];
    };
}

verbs! {
    /// Changes the community's name, language, charter or hub.
    revise_community(edit: CommunityEdit) -> CommunityRecord;
    /// Sets the community's own rules: onboarding, commitment, hours, participation.
    set_policies(edit: PoliciesEdit) -> CommunityRecord;
    /// Adds an organization.
    add_organization(new: NewOrganization) -> Organization;
    /// Changes an organization.
    revise_organization(edit: OrganizationEdit) -> Organization;
    /// Adds a member: active when the host does it, invited when a steward does.
    add_member(new: NewMember) -> Member;
    /// The host records that a newcomer asks to take part.
    request_participation(new: NewMember) -> Member;
    /// A member who is known, or has left, asks to take part.
    ask_to_rejoin(member: MemberId) -> Member = MemberRef;
    /// A steward invites a member who is known, has asked, or has left.
    invite_member(member: MemberId) -> Member = MemberRef;
    /// A lead of the requester's region, or a steward, approves a request to take part.
    #[uniffi::method(default(reason = None))]
    approve_member(member: MemberId, reason: Option<String>) -> Member = MemberDecision;
    /// A lead of the requester's region, or a steward, turns a request to take part down.
    #[uniffi::method(default(reason = None))]
    decline_member(member: MemberId, reason: Option<String>) -> Member = MemberDecision;
    /// A member accepts the invitation to the community.
    accept_invitation(member: MemberId) -> Member = MemberRef;
    /// Records that a member took a step of onboarding.
    complete_step(member: MemberId, step: String) -> Member = StepOf;
    /// A member commits to take part in a school year.
    commit_to_year(member: MemberId, school_year: String) -> Member = CommitmentOf;
    /// A member becomes active, once all that is asked of newcomers is done.
    activate_member(member: MemberId) -> Member = MemberRef;
    /// A member takes a break.
    pause_member(member: MemberId) -> Member = MemberRef;
    /// A member is back from a break.
    resume_member(member: MemberId) -> Member = MemberRef;
    /// A member leaves the community, or is removed.
    end_member(member: MemberId) -> Member = MemberRef;
    /// Changes a member's names, addresses and words about themselves.
    revise_member(edit: MemberEdit) -> Member;
    /// Records that a member works somewhere.
    add_affiliation(member: MemberId, affiliation: NewAffiliation) -> Member = AffiliationOf;
    /// Records the last day of an affiliation.
    end_affiliation(member: MemberId, organization: OrganizationId, role: String, until: Day) -> Member = EndOfAffiliation;
    /// Sets what a member may do in the community.
    set_community_roles(member: MemberId, roles: Vec<CommunityRole>) -> Member = CommunityRolesOf;
    /// Records that two members are one person.
    merge_members(member: MemberId, duplicate: MemberId) -> Member = MergeOf;
    /// Forgets a person: only the id stays.
    erase_member(member: MemberId) -> Member = MemberRef;
    /// Creates a team.
    create_team(new: NewTeam) -> Team;
    /// Changes a team.
    revise_team(edit: TeamEdit) -> Team;
    /// A forming team starts its work, once its formation rule holds.
    activate_team(team: TeamId) -> Team = TeamRef;
    /// A team becomes history.
    archive_team(team: TeamId) -> Team = TeamRef;
    /// The host records a membership that exists already.
    add_membership(new: NewMembership) -> Membership;
    /// A lead invites a member.
    invite_to_team(new: NewMembership) -> Membership;
    /// A member asks to join.
    request_to_join(team: TeamId) -> Membership = TeamRef;
    /// A member answers a team's questions and asks to join.
    apply_to_team(team: TeamId, answers: Vec<String>) -> Membership = Application;
    /// A lead approves a request or an application.
    #[uniffi::method(default(reason = None))]
    approve_membership(membership: MembershipId, reason: Option<String>) -> Membership = MembershipReply;
    /// A lead turns a request or an application down.
    #[uniffi::method(default(reason = None))]
    reject_membership(membership: MembershipId, reason: Option<String>) -> Membership = MembershipReply;
    /// A member accepts an invitation.
    accept_membership(membership: MembershipId) -> Membership = MembershipRef;
    /// A member leaves, or a lead removes them.
    end_membership(membership: MembershipId) -> Membership = MembershipRef;
    /// A lead records that a member has completed what the team was for.
    complete_membership(membership: MembershipId) -> Membership = MembershipRef;
    /// Sets what a member may do in a team.
    set_team_roles(membership: MembershipId, roles: Vec<TeamRole>) -> Membership = TeamRolesOf;
    /// A member opens a membership of theirs to the community, or closes it again.
    show_membership(membership: MembershipId, public: bool) -> Membership = MembershipShowing;
    /// Records a framework as its publisher has it.
    record_framework(new: NewFramework) -> Framework;
    /// Records a standard as its publisher has it.
    record_standard(new: NewStandard) -> Standard;
    /// Records an association as its publisher has it.
    record_association(new: NewAssociation) -> Association;
    /// Adds a resource, as a draft unless it says otherwise.
    add_resource(new: NewResource) -> Resource;
    /// Changes a resource.
    revise_resource(edit: ResourceEdit) -> Resource;
    /// Asks for a review of a draft.
    submit_resource(resource: ResourceId) -> Resource = ResourceRef;
    /// Says what a reviewer found.
    #[uniffi::method(default(comment = ""))]
    review_resource(resource: ResourceId, verdict: Verdict, comment: String) -> Resource = ReviewOf;
    /// Gives a resource to its audience.
    publish_resource(resource: ResourceId) -> Resource = ResourceRef;
    /// Keeps a resource from its audience until a day, or no longer.
    set_embargo(resource: ResourceId, until: Option<Day>) -> Resource = EmbargoOf;
    /// Keeps a resource, but recommends it no longer.
    retire_resource(resource: ResourceId) -> Resource = ResourceRef;
    /// Sets who a resource is meant for.
    set_visibility(resource: ResourceId, visibility: Visibility) -> Resource = VisibilityOf;
    /// Shares a resource with somebody by name.
    grant_access(resource: ResourceId, grantee: Grantee) -> Resource = GrantOf;
    /// Takes a grant back.
    revoke_access(resource: ResourceId, grantee: Grantee) -> Resource = GrantOf;
    /// Takes the facilitators' and stewards' extra right away, or gives it back.
    seal_resource(resource: ResourceId, sealed: bool) -> Resource = SealOf;
    /// Deletes a resource.
    delete_resource(resource: ResourceId) -> Resource = ResourceRef;
    /// Adds a goal.
    add_goal(new: NewGoal) -> Goal;
    /// Changes a goal.
    revise_goal(edit: GoalEdit) -> Goal;
    /// Puts a goal below another.
    link_goal(goal: GoalId, parent: GoalId) -> Goal = GoalLink;
    /// Takes a goal away from below another.
    unlink_goal(goal: GoalId, parent: GoalId) -> Goal = GoalLink;
    /// Ends a goal: met, dropped or superseded.
    #[uniffi::method(default(superseded_by = None))]
    close_goal(goal: GoalId, status: GoalStatus, superseded_by: Option<GoalId>) -> Goal = GoalClosing;
    /// Starts a cycle of inquiry.
    start_cycle(new: NewCycle) -> Cycle;
    /// Changes a cycle.
    revise_cycle(edit: CycleEdit) -> Cycle;
    /// Says what one thinks will happen.
    predict(cycle: CycleId, question: String, predicted: String) -> Cycle = NewPrediction;
    /// Says what became of a prediction, and what was learned.
    record_result(cycle: CycleId, prediction: Uuid, outcome: PredictionOutcome, learning: String) -> Cycle = ResultOf;
    /// Takes a cycle to its next phase, or to its end, once all it needs is there.
    advance_cycle(cycle: CycleId) -> Cycle = CycleRef;
    /// Takes a cycle back to the phase before, with a reason.
    step_back_cycle(cycle: CycleId, reason: String) -> Cycle = StepBack;
    /// Decides about the change that a cycle tested.
    #[uniffi::method(default(no_successor = None))]
    decide_cycle(cycle: CycleId, kind: DecisionKind, rationale: String, no_successor: Option<String>) -> Cycle = DecisionOf;
    /// Defines a measure.
    define_measure(new: NewMeasure) -> Measure;
    /// Changes a measure.
    revise_measure(edit: MeasureEdit) -> Measure;
    /// Begins a stretch of a measure's chart with limits of its own.
    add_measure_phase(new: NewMeasurePhase) -> Measure;
    /// Leaves an observation out of a measure's chart, with a reason.
    exclude_observation(observation: ObservationId, reason: String) -> Measure = ExclusionOf;
    /// Records an observation.
    record_observation(new: NewObservation) -> Observation;
    /// Records several observations together: all or nothing.
    record_observations(observations: Vec<NewObservation>) -> Measure = ObservationList;
    /// Corrects an observation, with a reason; both numbers are kept, and a finding tells of it.
    correct_observation(correction: Correction) -> Observation;
    /// Plans a convening, as a draft.
    plan_convening(new: NewConvening) -> Convening;
    /// Changes a convening.
    revise_convening(edit: ConveningEdit) -> Convening;
    /// Announces a convening.
    schedule_convening(convening: ConveningId) -> Convening = ConveningRef;
    /// Cancels a convening.
    cancel_convening(convening: ConveningId, reason: String) -> Convening = Cancellation;
    /// Records that a convening took place.
    hold_convening(convening: ConveningId) -> Convening = ConveningRef;
    /// Invites a member to a convening.
    #[uniffi::method(default(role = None))]
    invite_to_convening(convening: ConveningId, member: MemberId, role: Option<AttendanceRole>) -> Attendance = InvitationTo;
    /// A member takes a seat, or a place on the waiting list.
    register(convening: ConveningId) -> Attendance = ConveningRef;
    /// Gives a seat back; whoever waits longest gets it.
    cancel_attendance(attendance: AttendanceId) -> Attendance = AttendanceRef;
    /// Records where a member's attendance stands.
    record_attendance(new: NewAttendance) -> Attendance;
    /// Records several attendances together: all or nothing.
    record_attendances(attendances: Vec<NewAttendance>) -> Convening = AttendanceList;
    /// Records somebody who came without being known to the community.
    add_walk_in(new: NewWalkIn) -> Attendance;
    /// Says which member a walk-in is.
    match_walk_in(attendance: AttendanceId, member: MemberId) -> Attendance = WalkInMatch;
    /// Tells a story.
    tell_story(new: NewStory) -> Story;
    /// Changes a story.
    revise_story(edit: StoryEdit) -> Story;
    /// The teller consents to a story being read.
    #[uniffi::method(default(attribution = None))]
    grant_consent(story: StoryId, scope: Visibility, attribution: Option<Attribution>) -> Story = ConsentOf;
    /// The teller takes the consent back, for ever.
    withdraw_consent(story: StoryId) -> Story = StoryRef;
    /// Proposes a mentorship.
    propose_mentorship(new: NewMentorship) -> Mentorship;
    /// Changes a mentorship.
    revise_mentorship(edit: MentorshipEdit) -> Mentorship;
    /// The other of the two accepts.
    accept_mentorship(mentorship: MentorshipId) -> Mentorship = MentorshipRef;
    /// Ends or declines a mentorship.
    end_mentorship(mentorship: MentorshipId) -> Mentorship = MentorshipRef;
    /// Adds a note to a record.
    add_entry(new: NewEntry) -> Entry;
    /// Changes a note.
    revise_entry(edit: EntryEdit) -> Entry;
    /// Looks for soft problems, and raises a finding for each.
    inspect() -> CommunityRecord = Inspection;
    /// Settles a finding.
    resolve_finding(finding: FindingId, note: String) -> Finding = FindingResolution;
}

macro_rules! reads {
    ($($(#[$doc:meta])* $one:ident($id:ty) -> $record:ty, $(#[$ldoc:meta])* $many:ident($filter:ty) -> $page:ty;)*) => {
        #[uniffi::export]
        impl Session {
            $(
                $(#[$doc])*
                pub fn $one(&self, id: $id) -> Result<$record, CopError> {
                    self.read(|session| Ok(session.$one(id)?.cross()))
                }

                $(#[$ldoc])*
                ///
                /// A page has at most `limit` of them, 1 to 1,000, and goes on after the place that `next` of the page before names.
                // A name without a value stands for the type's default, and must come last.
                #[uniffi::method(default(limit = 100, after = None, filter))]
                pub fn $many(&self, filter: $filter, limit: i32, after: Option<String>) -> Result<$page, CopError> {
                    self.read(|session| <$page>::read(session, filter.read()?, &page(limit, after)))
                }
            )*
        }
    };
}

reads! {
    /// An organization.
    organization(OrganizationId) -> Organization, /// Lists organizations.
    organizations(OrganizationFilter) -> OrganizationPage;
    /// A member.
    member(MemberId) -> Member, /// Lists members.
    members(MemberFilter) -> MemberPage;
    /// A team.
    team(TeamId) -> Team, /// Lists teams.
    teams(TeamFilter) -> TeamPage;
    /// A membership.
    membership(MembershipId) -> Membership, /// Lists memberships.
    memberships(MembershipFilter) -> MembershipPage;
    /// A framework.
    framework(FrameworkId) -> Framework, /// Lists frameworks.
    frameworks(FrameworkFilter) -> FrameworkPage;
    /// A standard.
    standard(StandardId) -> Standard, /// Lists standards.
    standards(StandardFilter) -> StandardPage;
    /// An association of standards.
    association(AssociationId) -> Association, /// Lists associations of standards.
    associations(AssociationFilter) -> AssociationPage;
    /// A resource.
    resource(ResourceId) -> Resource, /// Lists resources.
    resources(ResourceFilter) -> ResourcePage;
    /// A goal.
    goal(GoalId) -> Goal, /// Lists goals.
    goals(GoalFilter) -> GoalPage;
    /// A cycle.
    cycle(CycleId) -> Cycle, /// Lists cycles.
    cycles(CycleFilter) -> CyclePage;
    /// A measure.
    measure(MeasureId) -> Measure, /// Lists measures.
    measures(MeasureFilter) -> MeasurePage;
    /// An observation.
    observation(ObservationId) -> Observation, /// Lists observations.
    observations(ObservationFilter) -> ObservationPage;
    /// A convening.
    convening(ConveningId) -> Convening, /// Lists convenings.
    convenings(ConveningFilter) -> ConveningPage;
    /// An attendance.
    attendance(AttendanceId) -> Attendance, /// Lists attendances.
    attendances(AttendanceFilter) -> AttendancePage;
    /// A story.
    story(StoryId) -> Story, /// Lists stories.
    stories(StoryFilter) -> StoryPage;
    /// A mentorship.
    mentorship(MentorshipId) -> Mentorship, /// Lists mentorships.
    mentorships(MentorshipFilter) -> MentorshipPage;
    /// A note.
    entry(EntryId) -> Entry, /// Lists notes.
    entries(EntryFilter) -> EntryPage;
    /// A finding.
    finding(FindingId) -> Finding, /// Lists findings.
    findings(FindingFilter) -> FindingPage;
}

macro_rules! views {
    ($($(#[$doc:meta])* $view:ident($($arg:ident: $ty:ty),*) -> $answer:ty;)*) => {
        #[uniffi::export]
        impl Session {
            $(
                $(#[$doc])*
                pub fn $view(&self, $($arg: $ty),*) -> Result<$answer, CopError> {
                    self.read(|session| Ok(session.$view($($arg.cross()),*)?.cross()))
                }
            )*
        }
    };
}

views! {
    /// How much a member takes part, on a day: for the member and those who facilitate the community.
    participation(member: MemberId, on: Day) -> Participation;
    /// How much a member took part from a day on, every so many days, until another; at most 400 days.
    participation_series(member: MemberId, from: Day, to: Day, every_days: u32) -> Vec<Participation>;
    /// How much everybody takes part who belonged to the community at the end of a day (UTC): for those who
    /// facilitate it.
    participation_levels(on: Day) -> Vec<Participation>;
    /// The driver diagram of an aim, as far as this session may read it.
    driver_diagram(aim: GoalId) -> DriverDiagram;
    /// What the community met for, and what is left of it, by school year, the newest first.
    session_archive() -> Vec<ArchiveYear>;
    /// What a team needs to be launched: for its members and those who facilitate the community.
    launch_checklist(team: TeamId) -> LaunchChecklist;
    /// What a member has yet to do on the way in.
    onboarding_checklist(member: MemberId) -> OnboardingChecklist;
    /// The open requests to take part that this session may answer.
    join_requests() -> Vec<Member>;
    /// The record of any kind.
    record(reference: RecordRef) -> AnyRecord;
    /// What happened to a record, oldest first: for those who may change it.
    history(reference: RecordRef) -> Vec<Revision>;
    /// What happened to a record in words, oldest first: for those who may change it.
    audit(reference: RecordRef) -> Vec<AuditLine>;
    /// The record as it was at a moment: for those who may change it now.
    record_as_of(reference: RecordRef, at: Timestamp) -> AnyRecord;
}

#[uniffi::export]
impl Session {
    /// The member this session speaks for; none for a guest and for the host.
    pub fn member_id(&self) -> Option<MemberId> {
        self.session.member_id()
    }

    /// Searches the resources, stories, goals, cycles and convenings that this session may see.
    pub fn search(&self, query: SearchQuery) -> Result<SearchHits, CopError> {
        let query = query.read()?;
        self.read(|session| Ok(session.search(query)?.cross()))
    }

    /// What the last word of `text` may become, for whoever is still typing: the words of titles and tags that most
    /// records have which this session may see. Nothing before the word's second letter.
    #[uniffi::method(default(limit = 5))]
    pub fn complete(&self, text: String, limit: i32) -> Result<Vec<Completion>, CopError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.read(|session| Ok(session.complete(&text, limit)?.cross()))
    }

    /// A member's hours in a school year such as `2021-22`: for the member and those who facilitate the community.
    pub fn hours(&self, member: MemberId, school_year: String) -> Result<HoursStatement, CopError> {
        let year = school_year.parse().map_err(|problem: cop_core::Problem| problem.at("school_year"))?;
        self.read(|session| Ok(session.hours(member, year)?.cross()))
    }

    /// The community's stories by the value they tell of, of a school year or of a team where one is given, as far as
    /// this session may read them.
    #[uniffi::method(default(school_year = None, team = None))]
    pub fn value_matrix(&self, school_year: Option<String>, team: Option<TeamId>) -> Result<ValueMatrix, CopError> {
        let year = school_year.map(|year| year.parse()).transpose();
        let school_year = year.map_err(|problem: cop_core::Problem| problem.at("school_year"))?;
        self.read(|session| Ok(session.value_matrix(cop_core::ValueFilter { school_year, team })?.cross()))
    }

    /// What there is to know of a member, as far as this session may know it.
    // The core calls it `member_page`, which would be the name of a page of a list here.
    pub fn member_overview(&self, member: MemberId) -> Result<MemberOverview, CopError> {
        self.read(|session| Ok(session.member_page(member)?.cross()))
    }

    /// Takes back the last so many operations of whom this session speaks for, 1 to 100, newest first; answers with
    /// one of the records that are as before.
    #[uniffi::method(default(operations = 1))]
    pub fn undo(&self, operations: u32) -> Result<AnyRecord, CopError> {
        self.write(|session| Ok(session.undo(operations)?.cross()))
    }

    /// Tells `watcher` of everything that is written from now on, by whomever, through this community's handles.
    pub fn watch(&self, watcher: Arc<dyn Watcher>) -> Arc<Watch> {
        Watch::begin(&self.shared, watcher)
    }
}

/// The page asked for; a limit out of range becomes one that the core refuses.
pub(crate) fn page(limit: i32, after: Option<String>) -> cop_core::PageRequest {
    cop_core::PageRequest { limit: usize::try_from(limit).unwrap_or(0), after: after.map(cop_core::Cursor::from) }
}
