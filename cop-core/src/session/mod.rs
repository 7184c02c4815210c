//! A session: everything that is read and written, on behalf of someone.

mod filter;
mod page;
mod past;
mod scan;
mod transaction;
mod views;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::access::{Viewer, redact};
use crate::change::Actor;
use crate::community::Community;
use crate::error::{Error, Problem, Result};
use crate::id::{
    AssociationId, AttendanceId, ConveningId, CycleId, EntryId, FindingId, FrameworkId, GoalId, MeasureId, MemberId,
    MembershipId, MentorshipId, ObservationId, OrganizationId, ResourceId, StandardId, StoryId, TeamId,
};
use crate::model::{
    AnyRecord, Association, Attendance, CommunityRecord, Convening, Cycle, Entry, Finding, Framework, Goal, Measure,
    Member, Membership, Mentorship, Observation, Organization, Record, RecordKind, RecordRef, Resource, Standard,
    Story, Team,
};
use crate::ops::{self, Op};
use crate::search::{Completion, SearchHits, SearchQuery};
use crate::store::{Listing, Snapshot};

pub use filter::{
    AssociationFilter, AttendanceFilter, ConveningFilter, CycleFilter, EntryFilter, FindingFilter, FrameworkFilter,
    GoalFilter, ListFilter, MeasureFilter, MemberFilter, MembershipFilter, MentorshipFilter, ObservationFilter,
    OrganizationFilter, ResourceFilter, StandardFilter, StoryFilter, TeamFilter,
};
pub use page::{Cursor, MAX_PAGE, Page, PageRequest};
pub use past::AuditLine;
pub use scan::{OnScanned, Scanned};
pub use transaction::Transaction;

/// Someone's access to a community: what they may not see does not exist, and what they may not do is refused.
///
/// Made by [`Community::as_member`], [`Community::as_guest`] and [`Community::steward`]. Every call goes
/// by what the member holds in the state that it reads, so a change of roles or teams takes effect at once.
#[derive(Clone)]
pub struct Session {
    community: Community,
    actor: Option<Actor>,
}

/// Records of a page for which there is room before they are found.
const AT_ONCE: usize = 128;
/// Operations of a batch for which keys are looked up together.
const AHEAD: usize = 256;

/// How far a long call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// Is told how far a long call has come, and may stop it: nothing is written then.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

impl Session {
    pub(crate) fn new(community: Community, actor: Option<Actor>) -> Self {
        Self { community, actor }
    }

    /// The community.
    pub fn community(&self) -> &Community {
        &self.community
    }

    /// The member this session speaks for.
    pub fn member_id(&self) -> Option<MemberId> {
        self.actor.and_then(Actor::member)
    }

    pub(crate) fn viewer(&self) -> Result<Arc<Viewer>> {
        self.viewer_in(&self.community.0.store.read()?)
    }

    fn viewer_in(&self, snapshot: &Snapshot<'_>) -> Result<Arc<Viewer>> {
        match self.actor {
            Some(actor) => snapshot.viewer(actor, self.community.0.clock.now()),
            None => Ok(Arc::new(Viewer::guest(self.community.0.clock.now().date_naive()))),
        }
    }

    /// The record of any kind; the typed reads, such as [`Session::resource`], are this with a kind.
    ///
    /// # Errors
    /// `NotFound` when it does not exist, or may not be seen.
    pub fn record(&self, record: impl Into<RecordRef>) -> Result<AnyRecord> {
        let RecordRef { kind, id } = record.into();
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let found = snapshot.visible_record(&viewer, kind, id)?;
        found
            .map(|record| redact(record, &viewer))
            .ok_or_else(|| Error::NotFound { kind: kind.name(), id: id.to_string() })
    }

    fn page(&self, kind: RecordKind, listing: Listing, request: &PageRequest) -> Result<Page<AnyRecord>> {
        let mut items = Vec::with_capacity(request.limit.min(AT_ONCE));
        let next = self.turn(kind, listing, request, &mut |record| items.push(record))?;
        Ok(Page { items, next })
    }

    /// Gives the records of a page to `each`, and answers where the next one begins.
    fn turn(
        &self,
        kind: RecordKind,
        mut listing: Listing,
        request: &PageRequest,
        each: &mut dyn FnMut(AnyRecord),
    ) -> Result<Option<Cursor>> {
        if !(1..=MAX_PAGE).contains(&request.limit) {
            return Err(Problem::new("limit", "page.limit", format!("a page has 1 to {MAX_PAGE} records")).into());
        }
        listing.after = request.after.as_ref().map_or(Ok(0), |cursor| cursor.read(kind))?;
        listing.limit = request.limit + 1;
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let (mut given, mut last, mut next) = (0, 0, None);
        snapshot.each(kind, &viewer, &listing, &mut |seq, record| {
            if given == request.limit {
                next = Some(Cursor::at(kind, last));
            } else {
                each(redact(record, &viewer));
                (given, last) = (given + 1, seq);
            }
            Ok(())
        })?;
        Ok(next)
    }

    /// What the last word of `text` may become, for whoever is still typing: the `limit` words of titles and tags that
    /// most records have which this session may see. Nothing before the word's second letter.
    ///
    /// ```
    /// # use cop_core::{CommunityOptions, NewCommunity, NewResource, ScriptedIds};
    /// # let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
    /// # let me = cop.steward();
    /// # for title in ["Comparing fractions", "Fraction strips", "Fractions"] { me.add_resource(NewResource::new("task", title))?; }
    /// let may_be: Vec<(String, u64)> = me.complete("adding fr", 5)?.into_iter().map(|it| (it.text, it.count)).collect();
    /// assert_eq!(may_be, [("adding fractions".to_owned(), 2), ("adding fraction".to_owned(), 1)]);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `InvalidInput` when `limit` is more than [`MAX_COMPLETIONS`](crate::search::MAX_COMPLETIONS); the text is never
    /// an error.
    pub fn complete(&self, text: &str, limit: usize) -> Result<Vec<Completion>> {
        self.community.complete(self.actor, text, limit)
    }

    /// Searches the resources, stories, goals, cycles and convenings that this session may see; see [`SearchQuery`].
    ///
    /// # Errors
    /// `InvalidInput` when `limit` and `offset` reach too far, and `NotFound` when the record that others shall be like
    /// is not there for this session; the text is never an error.
    pub fn search(&self, query: impl Into<SearchQuery>) -> Result<SearchHits> {
        self.community.search(self.actor, &query.into())
    }

    /// Runs one operation in a transaction of its own; answers with the record it is about.
    ///
    /// # Errors
    /// Whatever [`decide`](crate::decide) refuses, and `Busy`, `Io`, `Corrupt`; nothing is written then.
    pub fn apply(&self, op: Op) -> Result<AnyRecord> {
        self.transaction(|tx| tx.apply(op))
    }

    /// Whether an operation would be accepted, and the record it would leave; writes nothing.
    ///
    /// # Errors
    /// As [`Session::apply`].
    pub fn try_out(&self, op: Op) -> Result<AnyRecord> {
        let write = self.begin()?;
        write.apply(op)
    }

    /// Runs several operations in one transaction: all or nothing.
    ///
    /// # Errors
    /// Whatever `work` answers with; nothing is written then.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let transaction = self.begin()?;
        let answer = work(&transaction)?;
        let forgets = transaction.write.forgets();
        transaction.write.commit()?;
        self.community.0.store.tidy(forgets);
        if forgets {
            // The words of what is gone leave the index now, or else when it is next brought up to date.
            self.community.catch_up().ok();
        }
        Ok(answer)
    }

    /// Runs `work` as [`Session::transaction`] does, and then takes everything back.
    ///
    /// # Errors
    /// Whatever `work` answers with.
    #[cfg(feature = "interop")]
    pub(crate) fn rehearse<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        work(&self.begin()?)
    }

    /// Runs many operations in one transaction: all or nothing, with a word after every step.
    ///
    /// # Errors
    /// The first refusal, its fields prefixed with `ops[i]`; `Interrupted` when `progress` breaks. Nothing is
    /// written then.
    pub fn batch(&self, ops: Vec<Op>, progress: OnProgress<'_>) -> Result<Vec<AnyRecord>> {
        let total = ops.len() as u64;
        self.transaction(|tx| {
            let mut records = Vec::with_capacity(ops.len());
            let mut ops = ops.into_iter();
            while ops.len() > 0 {
                tx.write.look_ahead(&ops.as_slice()[..ops.len().min(AHEAD)])?;
                for op in ops.by_ref().take(AHEAD) {
                    let index = records.len();
                    records.push(tx.apply(op).map_err(|error| in_batch(error, index))?);
                    tx.report(progress, index as u64 + 1, total)?;
                }
            }
            Ok(records)
        })
    }

    fn begin(&self) -> Result<Transaction<'_>> {
        let Some(actor) = self.actor else { return Err(Error::NotPermitted { op: "write" }) };
        Ok(Transaction { write: self.community.0.store.write()?, community: &self.community, actor })
    }
}

fn in_batch(error: Error, index: usize) -> Error {
    let at = |problems: Vec<Problem>| {
        problems
            .into_iter()
            .map(|problem| {
                let field = format!("ops[{index}].{}", problem.field);
                problem.at(field)
            })
            .collect()
    };
    match error {
        Error::InvalidInput(problems) => Error::InvalidInput(at(problems)),
        Error::Precondition(problems) => Error::Precondition(at(problems)),
        other => other,
    }
}

/// The record as what it is known to be.
fn typed<R: Record>(record: AnyRecord) -> Result<R> {
    let kind = record.kind();
    R::from_any(record).ok_or_else(|| Error::Internal(format!("a {} in place of a {}", kind.name(), R::KIND.name())))
}

macro_rules! reads {
    ($($(#[$doc:meta])* $one:ident($id:ty), $(#[$ldoc:meta])* $many:ident($filter:ty) -> $record:ty;)*) => {
        impl Session {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// `NotFound` when it does not exist, or may not be seen.
                pub fn $one(&self, id: $id) -> Result<$record> {
                    typed(self.record(id)?)
                }

                $(#[$ldoc])*
                ///
                /// # Errors
                /// `InvalidInput` for a limit or cursor that is none.
                pub fn $many(&self, filter: $filter, page: PageRequest) -> Result<Page<$record>> {
                    let found = self.page(<$record as Record>::KIND, filter.listing(), &page)?;
                    let items = found.items.into_iter().map(typed).collect::<Result<_>>()?;
                    Ok(Page { items, next: found.next })
                }
            )*
        }

        $(
            impl From<$id> for RecordRef {
                fn from(id: $id) -> Self {
                    RecordRef { kind: <$record as Record>::KIND, id: id.uuid() }
                }
            }
        )*
    };
}

reads! {
    /// An organization.
    organization(OrganizationId), /// Lists organizations.
    organizations(OrganizationFilter) -> Organization;
    /// A member.
    member(MemberId), /// Lists members.
    members(MemberFilter) -> Member;
    /// A team.
    team(TeamId), /// Lists teams.
    teams(TeamFilter) -> Team;
    /// A membership.
    membership(MembershipId), /// Lists memberships.
    memberships(MembershipFilter) -> Membership;
    /// A framework.
    framework(FrameworkId), /// Lists frameworks.
    frameworks(FrameworkFilter) -> Framework;
    /// A standard.
    standard(StandardId), /// Lists standards.
    standards(StandardFilter) -> Standard;
    /// An association of standards.
    association(AssociationId), /// Lists associations of standards.
    associations(AssociationFilter) -> Association;
    /// A resource.
    resource(ResourceId), /// Lists resources.
    resources(ResourceFilter) -> Resource;
    /// A goal.
    goal(GoalId), /// Lists goals.
    goals(GoalFilter) -> Goal;
    /// A cycle.
    cycle(CycleId), /// Lists cycles.
    cycles(CycleFilter) -> Cycle;
    /// A measure.
    measure(MeasureId), /// Lists measures.
    measures(MeasureFilter) -> Measure;
    /// An observation.
    observation(ObservationId), /// Lists observations.
    observations(ObservationFilter) -> Observation;
    /// A convening.
    convening(ConveningId), /// Lists convenings.
    convenings(ConveningFilter) -> Convening;
    /// An attendance.
    attendance(AttendanceId), /// Lists attendances.
    attendances(AttendanceFilter) -> Attendance;
    /// A story.
    story(StoryId), /// Lists stories.
    stories(StoryFilter) -> Story;
    /// A mentorship.
    mentorship(MentorshipId), /// Lists mentorships.
    mentorships(MentorshipFilter) -> Mentorship;
    /// A note.
    entry(EntryId), /// Lists notes.
    entries(EntryFilter) -> Entry;
    /// A finding.
    finding(FindingId), /// Lists findings.
    findings(FindingFilter) -> Finding;
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident($input:ty) -> $record:ty = $op:ident;)*) => {
        impl Session {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// Everything that is wrong, as [`decide`](crate::decide) says; nothing is written then.
                pub fn $verb(&self, input: impl Into<$input>) -> Result<$record> {
                    self.transaction(|tx| tx.$verb(input))
                }
            )*
        }

        impl Transaction<'_> {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// Everything that is wrong, as [`decide`](crate::decide) says.
                pub fn $verb(&self, input: impl Into<$input>) -> Result<$record> {
                    typed(self.apply(Op::$op(input.into()))?)
                }
            )*
        }
    };
}

verbs! {
    /// Changes the community's name, language, charter or hub.
    revise_community(ops::CommunityEdit) -> CommunityRecord = ReviseCommunity;
    /// Sets the community's own rules: onboarding, commitment, hours, participation.
    set_policies(ops::PoliciesEdit) -> CommunityRecord = SetPolicies;
    /// Adds an organization.
    add_organization(ops::NewOrganization) -> Organization = AddOrganization;
    /// Changes an organization.
    revise_organization(ops::OrganizationEdit) -> Organization = ReviseOrganization;
    /// Adds a member: active when the host does it, invited when a steward does.
    add_member(ops::NewMember) -> Member = AddMember;
    /// The host records that a newcomer asks to take part.
    request_participation(ops::NewMember) -> Member = RequestParticipation;
    /// A member who is known, or has left, asks to take part.
    ask_to_rejoin(ops::MemberRef) -> Member = AskToRejoin;
    /// A steward invites a member who is known, has asked, or has left.
    invite_member(ops::MemberRef) -> Member = InviteMember;
    /// A lead of the requester's region, or a steward, approves a request to take part.
    approve_member(ops::MemberDecision) -> Member = ApproveMember;
    /// A lead of the requester's region, or a steward, turns a request to take part down.
    decline_member(ops::MemberDecision) -> Member = DeclineMember;
    /// A member accepts the invitation to the community.
    accept_invitation(ops::MemberRef) -> Member = AcceptInvitation;
    /// Records that a member took a step of onboarding.
    complete_step(ops::StepOf) -> Member = CompleteStep;
    /// A member commits to take part in a school year.
    commit_to_year(ops::CommitmentOf) -> Member = CommitToYear;
    /// A member becomes active, once all that is asked of newcomers is done.
    activate_member(ops::MemberRef) -> Member = ActivateMember;
    /// A member takes a break.
    pause_member(ops::MemberRef) -> Member = PauseMember;
    /// A member is back from a break.
    resume_member(ops::MemberRef) -> Member = ResumeMember;
    /// A member leaves the community, or is removed.
    end_member(ops::MemberRef) -> Member = EndMember;
    /// Changes a member's names, addresses and words about themselves.
    revise_member(ops::MemberEdit) -> Member = ReviseMember;
    /// Records that a member works somewhere.
    add_affiliation(ops::AffiliationOf) -> Member = AddAffiliation;
    /// Records the last day of an affiliation.
    end_affiliation(ops::EndOfAffiliation) -> Member = EndAffiliation;
    /// Sets what a member may do in the community.
    set_community_roles(ops::CommunityRolesOf) -> Member = SetCommunityRoles;
    /// Records that two members are one person.
    merge_members(ops::MergeOf) -> Member = MergeMembers;
    /// Forgets a person: only the id stays.
    erase_member(ops::MemberRef) -> Member = EraseMember;
    /// Creates a team.
    create_team(ops::NewTeam) -> Team = CreateTeam;
    /// Changes a team.
    revise_team(ops::TeamEdit) -> Team = ReviseTeam;
    /// A forming team starts its work, once its formation rule holds.
    activate_team(ops::TeamRef) -> Team = ActivateTeam;
    /// A team becomes history.
    archive_team(ops::TeamRef) -> Team = ArchiveTeam;
    /// The host records a membership that exists already.
    add_membership(ops::NewMembership) -> Membership = AddMembership;
    /// A lead invites a member.
    invite_to_team(ops::NewMembership) -> Membership = InviteToTeam;
    /// A member asks to join.
    request_to_join(ops::TeamRef) -> Membership = RequestToJoin;
    /// A member answers a team's questions and asks to join.
    apply_to_team(ops::Application) -> Membership = ApplyToTeam;
    /// A lead approves a request or an application.
    approve_membership(ops::MembershipReply) -> Membership = ApproveMembership;
    /// A lead turns a request or an application down.
    reject_membership(ops::MembershipReply) -> Membership = RejectMembership;
    /// A member accepts an invitation.
    accept_membership(ops::MembershipRef) -> Membership = AcceptMembership;
    /// A member leaves, or a lead removes them.
    end_membership(ops::MembershipRef) -> Membership = EndMembership;
    /// A lead records that a member has completed what the team was for.
    complete_membership(ops::MembershipRef) -> Membership = CompleteMembership;
    /// Sets what a member may do in a team.
    set_team_roles(ops::TeamRolesOf) -> Membership = SetTeamRoles;
    /// A member opens a membership of theirs to the community, or closes it again.
    show_membership(ops::MembershipShowing) -> Membership = ShowMembership;
    /// Records a framework as its publisher has it.
    record_framework(ops::NewFramework) -> Framework = RecordFramework;
    /// Records a standard as its publisher has it.
    record_standard(ops::NewStandard) -> Standard = RecordStandard;
    /// Records an association as its publisher has it.
    record_association(ops::NewAssociation) -> Association = RecordAssociation;
    /// Adds a resource, as a draft unless it says otherwise.
    add_resource(ops::NewResource) -> Resource = AddResource;
    /// Changes a resource.
    revise_resource(ops::ResourceEdit) -> Resource = ReviseResource;
    /// Asks for a review of a draft.
    submit_resource(ops::ResourceRef) -> Resource = SubmitResource;
    /// Says what a reviewer found.
    review_resource(ops::ReviewOf) -> Resource = ReviewResource;
    /// Gives a resource to its audience.
    publish_resource(ops::ResourceRef) -> Resource = PublishResource;
    /// Keeps a resource from its audience until a day, or no longer.
    set_embargo(ops::EmbargoOf) -> Resource = SetEmbargo;
    /// Keeps a resource, but recommends it no longer.
    retire_resource(ops::ResourceRef) -> Resource = RetireResource;
    /// Sets who a resource is meant for.
    set_visibility(ops::VisibilityOf) -> Resource = SetVisibility;
    /// Shares a resource with somebody by name.
    grant_access(ops::GrantOf) -> Resource = GrantAccess;
    /// Takes a grant back.
    revoke_access(ops::GrantOf) -> Resource = RevokeAccess;
    /// Takes the facilitators' and stewards' extra right away, or gives it back.
    seal_resource(ops::SealOf) -> Resource = SealResource;
    /// Deletes a resource.
    delete_resource(ops::ResourceRef) -> Resource = DeleteResource;
    /// Adds a goal.
    add_goal(ops::NewGoal) -> Goal = AddGoal;
    /// Changes a goal.
    revise_goal(ops::GoalEdit) -> Goal = ReviseGoal;
    /// Puts a goal below another.
    link_goal(ops::GoalLink) -> Goal = LinkGoal;
    /// Takes a goal away from below another.
    unlink_goal(ops::GoalLink) -> Goal = UnlinkGoal;
    /// Ends a goal: met, dropped or superseded.
    close_goal(ops::GoalClosing) -> Goal = CloseGoal;
    /// Starts a cycle of inquiry.
    start_cycle(ops::NewCycle) -> Cycle = StartCycle;
    /// Changes a cycle.
    revise_cycle(ops::CycleEdit) -> Cycle = ReviseCycle;
    /// Says what one thinks will happen.
    predict(ops::NewPrediction) -> Cycle = Predict;
    /// Says what became of a prediction, and what was learned.
    record_result(ops::ResultOf) -> Cycle = RecordResult;
    /// Takes a cycle to its next phase, or to its end, once all it needs is there.
    advance_cycle(ops::CycleRef) -> Cycle = AdvanceCycle;
    /// Takes a cycle back to the phase before, with a reason.
    step_back_cycle(ops::StepBack) -> Cycle = StepBackCycle;
    /// Decides about the change that a cycle tested.
    decide_cycle(ops::DecisionOf) -> Cycle = DecideCycle;
    /// Defines a measure.
    define_measure(ops::NewMeasure) -> Measure = DefineMeasure;
    /// Changes a measure.
    revise_measure(ops::MeasureEdit) -> Measure = ReviseMeasure;
    /// Begins a stretch of a measure's chart with limits of its own.
    add_measure_phase(ops::NewMeasurePhase) -> Measure = AddMeasurePhase;
    /// Leaves an observation out of a measure's chart, with a reason.
    exclude_observation(ops::ExclusionOf) -> Measure = ExcludeObservation;
    /// Records an observation.
    record_observation(ops::NewObservation) -> Observation = RecordObservation;
    /// Records several observations together: all or nothing.
    record_observations(ops::ObservationList) -> Measure = RecordObservations;
    /// Corrects an observation, with a reason; both numbers are kept, and a finding tells of it.
    correct_observation(ops::Correction) -> Observation = CorrectObservation;
    /// Plans a convening, as a draft.
    plan_convening(ops::NewConvening) -> Convening = PlanConvening;
    /// Changes a convening.
    revise_convening(ops::ConveningEdit) -> Convening = ReviseConvening;
    /// Announces a convening.
    schedule_convening(ops::ConveningRef) -> Convening = ScheduleConvening;
    /// Cancels a convening.
    cancel_convening(ops::Cancellation) -> Convening = CancelConvening;
    /// Records that a convening took place.
    hold_convening(ops::ConveningRef) -> Convening = HoldConvening;
    /// Invites a member to a convening.
    invite_to_convening(ops::InvitationTo) -> Attendance = InviteToConvening;
    /// A member takes a seat, or a place on the waiting list.
    register(ops::ConveningRef) -> Attendance = Register;
    /// Gives a seat back; whoever waits longest gets it.
    cancel_attendance(ops::AttendanceRef) -> Attendance = CancelAttendance;
    /// Records where a member's attendance stands.
    record_attendance(ops::NewAttendance) -> Attendance = RecordAttendance;
    /// Records several attendances together: all or nothing.
    record_attendances(ops::AttendanceList) -> Convening = RecordAttendances;
    /// Records somebody who came without being known to the community.
    add_walk_in(ops::NewWalkIn) -> Attendance = AddWalkIn;
    /// Says which member a walk-in is.
    match_walk_in(ops::WalkInMatch) -> Attendance = MatchWalkIn;
    /// Tells a story.
    tell_story(ops::NewStory) -> Story = TellStory;
    /// Changes a story.
    revise_story(ops::StoryEdit) -> Story = ReviseStory;
    /// The teller consents to a story being read.
    grant_consent(ops::ConsentOf) -> Story = GrantConsent;
    /// The teller takes the consent back, for ever.
    withdraw_consent(ops::StoryRef) -> Story = WithdrawConsent;
    /// Proposes a mentorship.
    propose_mentorship(ops::NewMentorship) -> Mentorship = ProposeMentorship;
    /// Changes a mentorship.
    revise_mentorship(ops::MentorshipEdit) -> Mentorship = ReviseMentorship;
    /// The other of the two accepts.
    accept_mentorship(ops::MentorshipRef) -> Mentorship = AcceptMentorship;
    /// Ends or declines a mentorship.
    end_mentorship(ops::MentorshipRef) -> Mentorship = EndMentorship;
    /// Adds a note to a record.
    add_entry(ops::NewEntry) -> Entry = AddEntry;
    /// Changes a note.
    revise_entry(ops::EntryEdit) -> Entry = ReviseEntry;
    /// Looks for soft problems, and raises a finding for each.
    inspect(ops::Inspection) -> CommunityRecord = Inspect;
    /// Settles a finding.
    resolve_finding(ops::FindingResolution) -> Finding = ResolveFinding;
}

macro_rules! refs {
    ($($ty:ident { $field:ident: $id:ty })*) => {$(
        impl From<$id> for ops::$ty {
            fn from($field: $id) -> Self {
                Self { $field }
            }
        }
    )*};
}
refs! {
    MemberRef { member: MemberId }
    TeamRef { team: TeamId }
    MembershipRef { membership: MembershipId }
    ResourceRef { resource: ResourceId }
    CycleRef { cycle: CycleId }
    ConveningRef { convening: ConveningId }
    AttendanceRef { attendance: AttendanceId }
    StoryRef { story: StoryId }
    MentorshipRef { mentorship: MentorshipId }
}

impl From<&str> for SearchQuery {
    fn from(text: &str) -> Self {
        SearchQuery::new(text)
    }
}
