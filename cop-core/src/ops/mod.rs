//! Every user-visible write, named once.
//!
//! `Op → decide → ChangeSet`: [`decide`] validates the input, authorises the actor and applies the domain's
//! rules, all of them, and answers with what to write or with everything that is wrong. It reads through
//! [`Reads`] and writes nothing; the store commits what it decided in one transaction.

mod attendance;
mod check;
mod community;
mod convening;
mod convening_rules;
mod crew;
mod cycle;
mod entry;
mod finding;
mod formation;
mod framework;
mod goal;
mod guard;
mod inspect;
mod measure;
mod member;
mod membership;
mod mentorship;
mod number;
mod observation;
mod organization;
mod person;
mod phase;
mod prediction;
mod resource;
mod review;
mod seats;
mod series;
mod story;
mod team;
mod theory;
mod times;
mod undo;
mod visibility;
mod walk_in;

pub use attendance::{AttendanceList, InvitationTo, NewAttendance};
pub(crate) use check::Check;
pub use community::{CommunityEdit, NewCommunity, PoliciesEdit};
pub use convening::{Cancellation, ConveningEdit, NewConvening};
pub use cycle::{CycleEdit, NewCycle};
pub use entry::{EntryEdit, NewEntry};
pub use finding::FindingResolution;
pub(crate) use formation::{Crew, CrewChange};
pub use formation::{Formation, formation};
pub use framework::{NewAssociation, NewFramework, NewStandard};
pub use goal::{GoalClosing, GoalEdit, GoalLink, NewGoal};
pub use inspect::Inspection;
pub use measure::{ExclusionOf, MeasureEdit, NewMeasure, NewMeasurePhase};
pub use member::{MemberDecision, MemberEdit, NewAffiliation, NewMember, regional_teams};
pub use membership::{Application, MembershipReply, NewMembership};
pub use mentorship::{MentorshipEdit, NewMentorship};
pub use observation::{Correction, NewObservation, ObservationList};
pub use organization::{NewOrganization, OrganizationEdit};
pub use phase::{DecisionOf, StepBack};
pub use prediction::{NewPrediction, ResultOf};
pub use resource::{NewAlignment, NewCreator, NewLink, NewResource, ResourceEdit};
pub use review::ReviewOf;
pub use story::{ConsentOf, NewStory, StoryEdit};
pub use team::{NewTeam, TeamEdit};
pub use undo::UndoOf;
pub use walk_in::{NewWalkIn, WalkInMatch};

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::access::{self, Token, Viewer};
use crate::change::{Actor, Change, ChangeSet, Forget, Life, Write};
use crate::error::{Error, Result};
use crate::id::{
    AttendanceId, ConveningId, CycleId, IdSource, MemberId, MembershipId, MentorshipId, OrganizationId, ResourceId,
    StoryId, TeamId,
};
use crate::model::{
    AnyRecord, CommunityRecord, Member, Membership, Organization, Policies, Record, RecordKind, RecordRef,
};
use crate::store::THE_COMMUNITY;
use crate::tagged::{self, Tagged};

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident($input:ty) = $code:literal, $phrase:literal => $decide:path),* $(,)?) => {
        /// An operation with its input. As JSON: `{"op": "add_member", "args": {…}}`.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(tag = "op", content = "args", rename_all = "snake_case")]
        pub enum Op {
            $($(#[$doc])* $name($input),)*
        }

        impl Tagged for Op {
            const KEYS: &'static [&'static str; 2] = &["op", "args"];
            const NAMES: &'static [&'static str] = Op::NAMES;
            fn read<'de, D: Deserializer<'de>>(name: &str, content: D) -> std::result::Result<Self, D::Error> {
                match name {
                    $($code => <$input>::deserialize(content).map(Op::$name),)*
                    other => Err(serde::de::Error::unknown_variant(other, Op::NAMES)),
                }
            }
        }

        impl Op {
            /// The names of all operations.
            pub const NAMES: &'static [&'static str] = &[$($code),*];

            /// The operation's name, as the change log and errors have it.
            pub const fn name(&self) -> &'static str {
                match self { $(Op::$name(_) => $code,)* }
            }

            /// What somebody did with the operation of this name, in words: `published the resource`.
            pub fn phrase(name: &str) -> Option<&'static str> {
                match name { $($code => Some($phrase),)* _ => None }
            }
        }

        impl<'de> Deserialize<'de> for Op {
            fn deserialize<D: Deserializer<'de>>(op: D) -> std::result::Result<Self, D::Error> {
                tagged::read(op)
            }
        }

        /// What `op` does to the records that `context` reads, or everything that is wrong with it.
        ///
        /// # Errors
        /// `InvalidInput` with every field that breaks a rule; `NotFound` for what does not exist or may
        /// not be seen; `NotPermitted`; `Precondition` with everything that is missing.
        pub fn decide(context: &Context<'_>, op: &Op) -> Result<ChangeSet> {
            let mut decision = Decision { context, op: op.name(), writes: Vec::new(), undoes: Vec::new() };
            let subject = match op {
                $(Op::$name(input) => AnyRecord::from($decide(&mut decision, input)?),)*
            };
            Ok(ChangeSet { op: op.name(), writes: decision.writes, subject, undoes: decision.undoes })
        }
    };
}

ops! {
    /// Founds the community; the store does it once.
    FoundCommunity(NewCommunity) = "found_community", "founded the community" => community::found,
    /// Changes the community's name, language, charter or hub.
    ReviseCommunity(CommunityEdit) = "revise_community", "changed the community" => community::revise,
    /// Sets the community's own rules: onboarding, commitment, hours, participation.
    SetPolicies(PoliciesEdit) = "set_policies", "set the community's rules" => community::set_policies,
    /// Adds an organization.
    AddOrganization(NewOrganization) = "add_organization", "added the organization" => organization::add,
    /// Changes an organization.
    ReviseOrganization(OrganizationEdit) = "revise_organization", "changed the organization" => organization::revise,
    /// Adds a member: active when the host does it, invited when a steward does.
    AddMember(NewMember) = "add_member", "added the member" => member::add,
    /// The host records that a newcomer asks to take part.
    RequestParticipation(NewMember) = "request_participation", "asked to take part" => member::request,
    /// A member who is known, or has left, asks to take part.
    AskToRejoin(MemberRef) = "ask_to_rejoin", "asked to take part again" => member::ask_to_rejoin,
    /// A steward invites a member who is known, has asked, or has left.
    InviteMember(MemberRef) = "invite_member", "invited the member" => member::invite,
    /// A lead of the requester's region, or a steward, approves a request to take part.
    ApproveMember(MemberDecision) = "approve_member", "approved the request to take part" => member::approve,
    /// A lead of the requester's region, or a steward, turns a request to take part down.
    DeclineMember(MemberDecision) = "decline_member", "turned the request to take part down" => member::decline,
    /// A member accepts the invitation to the community.
    AcceptInvitation(MemberRef) = "accept_invitation", "accepted the invitation" => member::accept,
    /// Records that a member took a step of onboarding.
    CompleteStep(StepOf) = "complete_step", "recorded a step of onboarding" => member::complete_step,
    /// A member commits to take part in a school year.
    CommitToYear(CommitmentOf) = "commit_to_year", "committed to a school year" => member::commit,
    /// A member becomes active, once all that is asked of newcomers is done.
    ActivateMember(MemberRef) = "activate_member", "became active" => member::activate,
    /// A member takes a break.
    PauseMember(MemberRef) = "pause_member", "paused" => member::pause,
    /// A member is back from a break.
    ResumeMember(MemberRef) = "resume_member", "resumed" => member::resume,
    /// A member leaves the community, or is removed.
    EndMember(MemberRef) = "end_member", "ended the participation" => member::end,
    /// Changes a member's names, addresses and words about themselves.
    ReviseMember(MemberEdit) = "revise_member", "changed the member" => member::revise,
    /// Records that a member works somewhere.
    AddAffiliation(AffiliationOf) = "add_affiliation", "added an affiliation" => member::add_affiliation,
    /// Records the last day of an affiliation.
    EndAffiliation(EndOfAffiliation) = "end_affiliation", "ended an affiliation" => member::end_affiliation,
    /// Sets what a member may do in the community.
    SetCommunityRoles(CommunityRolesOf) = "set_community_roles", "set the community roles" => member::set_roles,
    /// Records that two members are one person.
    MergeMembers(MergeOf) = "merge_members", "merged two records of one person" => person::merge,
    /// Forgets a person: only the id stays.
    EraseMember(MemberRef) = "erase_member", "erased the person" => person::erase,
    /// Creates a team.
    CreateTeam(NewTeam) = "create_team", "created the team" => team::create,
    /// Changes a team.
    ReviseTeam(TeamEdit) = "revise_team", "changed the team" => team::revise,
    /// A forming team starts its work, once its formation rule holds.
    ActivateTeam(TeamRef) = "activate_team", "started the team's work" => team::activate,
    /// A team becomes history.
    ArchiveTeam(TeamRef) = "archive_team", "archived the team" => team::archive,
    /// The host records a membership that exists already.
    AddMembership(NewMembership) = "add_membership", "recorded the membership" => membership::add,
    /// A lead invites a member.
    InviteToTeam(NewMembership) = "invite_to_team", "invited the member to the team" => membership::invite,
    /// A member asks to join.
    RequestToJoin(TeamRef) = "request_to_join", "asked to join" => membership::request,
    /// A member answers a team's questions and asks to join.
    ApplyToTeam(Application) = "apply_to_team", "applied" => membership::apply,
    /// A lead approves a request or an application.
    ApproveMembership(MembershipReply) = "approve_membership", "approved the request" => membership::approve,
    /// A lead turns a request or an application down.
    RejectMembership(MembershipReply) = "reject_membership", "turned the request down" => membership::reject,
    /// A member accepts an invitation.
    AcceptMembership(MembershipRef) = "accept_membership", "accepted the invitation to the team" => membership::accept,
    /// A member leaves, or a lead removes them.
    EndMembership(MembershipRef) = "end_membership", "ended the membership" => membership::end,
    /// A lead records that a member has completed what the team was for.
    CompleteMembership(MembershipRef) = "complete_membership", "completed the membership" => membership::complete,
    /// Sets what a member may do in a team.
    SetTeamRoles(TeamRolesOf) = "set_team_roles", "set the team roles" => membership::set_roles,
    /// A member opens a membership of theirs to the community, or closes it again.
    ShowMembership(MembershipShowing) = "show_membership", "set who sees the membership" => membership::show,
    /// Records a framework as its publisher has it.
    RecordFramework(NewFramework) = "record_framework", "recorded the framework" => framework::record_framework,
    /// Records a standard as its publisher has it.
    RecordStandard(NewStandard) = "record_standard", "recorded the standard" => framework::record_standard,
    /// Records an association as its publisher has it.
    RecordAssociation(NewAssociation) = "record_association", "recorded the association" => framework::record_association,
    /// Adds a resource, as a draft unless it says otherwise.
    AddResource(NewResource) = "add_resource", "added the resource" => resource::add,
    /// Changes a resource.
    ReviseResource(ResourceEdit) = "revise_resource", "changed the resource" => resource::revise,
    /// Asks for a review of a draft.
    SubmitResource(ResourceRef) = "submit_resource", "asked for a review" => review::submit,
    /// Says what a reviewer found.
    ReviewResource(ReviewOf) = "review_resource", "reviewed the resource" => review::review,
    /// Gives a resource to its audience.
    PublishResource(ResourceRef) = "publish_resource", "published the resource" => resource::publish,
    /// Keeps a resource from its audience until a day, or no longer.
    SetEmbargo(EmbargoOf) = "set_embargo", "set the embargo" => resource::set_embargo,
    /// Keeps a resource, but recommends it no longer.
    RetireResource(ResourceRef) = "retire_resource", "retired the resource" => resource::retire,
    /// Sets who a resource is meant for.
    SetVisibility(VisibilityOf) = "set_visibility", "set the visibility" => resource::set_visibility,
    /// Shares a resource with somebody by name.
    GrantAccess(GrantOf) = "grant_access", "shared the resource" => resource::grant,
    /// Takes a grant back.
    RevokeAccess(GrantOf) = "revoke_access", "stopped sharing the resource" => resource::revoke,
    /// Takes the facilitators' and stewards' extra right away, or gives it back.
    SealResource(SealOf) = "seal_resource", "set the seal" => resource::seal,
    /// Deletes a resource.
    DeleteResource(ResourceRef) = "delete_resource", "deleted the resource" => resource::delete,
    /// Adds a goal.
    AddGoal(NewGoal) = "add_goal", "added the goal" => goal::add,
    /// Changes a goal.
    ReviseGoal(GoalEdit) = "revise_goal", "changed the goal" => goal::revise,
    /// Puts a goal below another.
    LinkGoal(GoalLink) = "link_goal", "put the goal below another" => goal::link,
    /// Takes a goal away from below another.
    UnlinkGoal(GoalLink) = "unlink_goal", "took the goal away from below another" => goal::unlink,
    /// Ends a goal: met, dropped or superseded.
    CloseGoal(GoalClosing) = "close_goal", "closed the goal" => goal::close,
    /// Starts a cycle of inquiry.
    StartCycle(NewCycle) = "start_cycle", "started the cycle" => cycle::start,
    /// Changes a cycle.
    ReviseCycle(CycleEdit) = "revise_cycle", "changed the cycle" => cycle::revise,
    /// Says what one thinks will happen.
    Predict(NewPrediction) = "predict", "made a prediction" => prediction::predict,
    /// Says what became of a prediction, and what was learned.
    RecordResult(ResultOf) = "record_result", "recorded what became of a prediction" => prediction::record_result,
    /// Takes a cycle to its next phase, or to its end, once all it needs is there.
    AdvanceCycle(CycleRef) = "advance_cycle", "took the cycle to its next phase" => phase::advance,
    /// Takes a cycle back to the phase before, with a reason.
    StepBackCycle(StepBack) = "step_back_cycle", "took the cycle back" => phase::step_back,
    /// Decides about the change that a cycle tested.
    DecideCycle(DecisionOf) = "decide_cycle", "decided about the change" => phase::decide,
    /// Defines a measure.
    DefineMeasure(NewMeasure) = "define_measure", "defined the measure" => measure::define,
    /// Changes a measure.
    ReviseMeasure(MeasureEdit) = "revise_measure", "changed the measure" => measure::revise,
    /// Begins a stretch of a measure's chart with limits of its own.
    AddMeasurePhase(NewMeasurePhase) = "add_measure_phase", "began a new stretch of the chart" => measure::add_phase,
    /// Leaves an observation out of a measure's chart, with a reason.
    ExcludeObservation(ExclusionOf) = "exclude_observation", "excluded an observation" => measure::exclude,
    /// Records an observation.
    RecordObservation(NewObservation) = "record_observation", "recorded the observation" => observation::record,
    /// Records several observations together: all or nothing.
    RecordObservations(ObservationList) = "record_observations", "recorded observations" => observation::record_all,
    /// Corrects an observation, with a reason; both numbers are kept, and a finding tells of it.
    CorrectObservation(Correction) = "correct_observation", "corrected the observation" => observation::correct,
    /// Plans a convening, as a draft.
    PlanConvening(NewConvening) = "plan_convening", "planned the convening" => convening::plan,
    /// Changes a convening.
    ReviseConvening(ConveningEdit) = "revise_convening", "changed the convening" => convening::revise,
    /// Announces a convening.
    ScheduleConvening(ConveningRef) = "schedule_convening", "announced the convening" => convening::schedule,
    /// Cancels a convening.
    CancelConvening(Cancellation) = "cancel_convening", "cancelled the convening" => convening::cancel,
    /// Records that a convening took place.
    HoldConvening(ConveningRef) = "hold_convening", "recorded that the convening took place" => convening::hold,
    /// Invites a member to a convening.
    InviteToConvening(InvitationTo) = "invite_to_convening", "invited to the convening" => attendance::invite,
    /// A member takes a seat, or a place on the waiting list.
    Register(ConveningRef) = "register", "registered" => attendance::register,
    /// Gives a seat back; whoever waits longest gets it.
    CancelAttendance(AttendanceRef) = "cancel_attendance", "gave the seat back" => attendance::cancel,
    /// Records where a member's attendance stands.
    RecordAttendance(NewAttendance) = "record_attendance", "recorded the attendance" => attendance::record,
    /// Records several attendances together: all or nothing.
    RecordAttendances(AttendanceList) = "record_attendances", "recorded attendances" => attendance::record_all,
    /// Records somebody who came without being known to the community.
    AddWalkIn(NewWalkIn) = "add_walk_in", "recorded a walk-in" => walk_in::add,
    /// Says which member a walk-in is.
    MatchWalkIn(WalkInMatch) = "match_walk_in", "matched a walk-in with a member" => walk_in::match_with_member,
    /// Tells a story.
    TellStory(NewStory) = "tell_story", "told the story" => story::tell,
    /// Changes a story.
    ReviseStory(StoryEdit) = "revise_story", "changed the story" => story::revise,
    /// The teller consents to a story being read.
    GrantConsent(ConsentOf) = "grant_consent", "consented" => story::grant_consent,
    /// The teller takes the consent back, for ever.
    WithdrawConsent(StoryRef) = "withdraw_consent", "withdrew the consent" => story::withdraw_consent,
    /// Proposes a mentorship.
    ProposeMentorship(NewMentorship) = "propose_mentorship", "proposed the mentorship" => mentorship::propose,
    /// Changes a mentorship.
    ReviseMentorship(MentorshipEdit) = "revise_mentorship", "changed the mentorship" => mentorship::revise,
    /// The other of the two accepts.
    AcceptMentorship(MentorshipRef) = "accept_mentorship", "accepted the mentorship" => mentorship::accept,
    /// Ends or declines a mentorship.
    EndMentorship(MentorshipRef) = "end_mentorship", "ended the mentorship" => mentorship::end,
    /// Adds a note to a record.
    AddEntry(NewEntry) = "add_entry", "added the note" => entry::add,
    /// Changes a note.
    ReviseEntry(EntryEdit) = "revise_entry", "changed the note" => entry::revise,
    /// Looks for soft problems, and raises a finding for each.
    Inspect(Inspection) = "inspect", "looked for soft problems" => inspect::inspect,
    /// Settles a finding.
    ResolveFinding(FindingResolution) = "resolve_finding", "settled the finding" => finding::resolve,
    /// Takes back the last operations of the one who acts.
    Undo(UndoOf) = "undo", "took an operation back" => undo::undo,
}

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $ty,)*
        }
    )*};
}

inputs! {
    /// Names a member.
    MemberRef {
        /// Which.
        member: MemberId,
    }
    /// Names a team.
    TeamRef {
        /// Which.
        team: TeamId,
    }
    /// Names a membership.
    MembershipRef {
        /// Which.
        membership: MembershipId,
    }
    /// Names a resource.
    ResourceRef {
        /// Which.
        resource: ResourceId,
    }
    /// Names a cycle.
    CycleRef {
        /// Which.
        cycle: CycleId,
    }
    /// Names a convening.
    ConveningRef {
        /// Which.
        convening: ConveningId,
    }
    /// Names an attendance.
    AttendanceRef {
        /// Which.
        attendance: AttendanceId,
    }
    /// Names a story.
    StoryRef {
        /// Which.
        story: StoryId,
    }
    /// Names a mentorship.
    MentorshipRef {
        /// Which.
        mentorship: MentorshipId,
    }
    /// A step of onboarding that a member took.
    StepOf {
        /// Who.
        member: MemberId,
        /// The step's code, as the community's policies have it.
        step: String,
    }
    /// A commitment to a school year.
    CommitmentOf {
        /// Whose; only the member's own.
        member: MemberId,
        /// The year: `2021-22`.
        school_year: String,
    }
    /// Two members who are one person.
    MergeOf {
        /// The one.
        member: MemberId,
        /// The other.
        duplicate: MemberId,
    }
    /// A day before which a published resource is not for its audience.
    EmbargoOf {
        /// Which resource.
        resource: ResourceId,
        /// The day; none for no embargo.
        until: Option<NaiveDate>,
    }
    /// Whether the community outside the team sees a membership.
    MembershipShowing {
        /// Which.
        membership: MembershipId,
        /// Whether it does.
        public: bool,
    }
    /// An affiliation of a member.
    AffiliationOf {
        /// Whose.
        member: MemberId,
        /// Where and as what.
        affiliation: NewAffiliation,
    }
    /// The end of an affiliation.
    EndOfAffiliation {
        /// Whose.
        member: MemberId,
        /// Where.
        organization: OrganizationId,
        /// As what.
        role: String,
        /// The last day.
        until: NaiveDate,
    }
    /// A member's community roles.
    CommunityRolesOf {
        /// Whose.
        member: MemberId,
        /// All they shall hold: `owner`, `steward`, `convener`, `member`, `observer`.
        roles: Vec<String>,
    }
    /// A member's roles in a team.
    TeamRolesOf {
        /// Which membership.
        membership: MembershipId,
        /// All they shall hold: `lead`, `facilitator`, `mentor`, `member`, `observer`.
        roles: Vec<String>,
    }
    /// A resource's visibility.
    VisibilityOf {
        /// Which resource.
        resource: ResourceId,
        /// `public`, `community`, `organization:<id>`, `team:<id>` or `private`.
        visibility: String,
    }
    /// A resource shared by name.
    GrantOf {
        /// Which resource.
        resource: ResourceId,
        /// `member:<id>`, `team:<id>` or `organization:<id>`.
        grantee: String,
    }
    /// A resource's seal.
    SealOf {
        /// Which resource.
        resource: ResourceId,
        /// Whether it shall be sealed.
        sealed: bool,
    }
}

/// What rules read: one consistent state of the store.
pub trait Reads {
    /// The record, also a deleted one.
    fn kept(&self, kind: RecordKind, id: Uuid) -> Result<Option<Kept>>;
    /// The ids of the live records of a kind that have this key; see [`keys`](crate::store::keys).
    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>>;
    /// The live records of a kind with this id in a column, in the order they were made.
    fn related(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<AnyRecord>>;
    /// Every live record of a kind, in the order they were made.
    fn each(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()>;
    /// Every deleted record of a kind, in the order they were made: what is to be forgotten may be among them.
    fn each_deleted(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()>;
    /// A record's changes, oldest first.
    fn history(&self, kind: RecordKind, id: Uuid) -> Result<Vec<Change>>;
    /// The log before position `before`, newest first, at most `limit` entries.
    fn recent(&self, before: i64, limit: usize) -> Result<Vec<Change>>;

    /// Every record of a kind with this id in a column, the deleted ones too.
    ///
    /// # Errors
    /// Whatever the store answers with.
    fn kept_with(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<Kept>>;

    /// For each of these members that exists, the one that stands for the person.
    ///
    /// # Errors
    /// Whatever the store answers with.
    fn roots(&self, ids: &[MemberId]) -> Result<HashMap<MemberId, MemberId>> {
        let mut roots = HashMap::with_capacity(ids.len());
        for &id in ids {
            if let Some(AnyRecord::Member(member)) = self.get(RecordKind::Member, id.uuid())? {
                roots.insert(id, member.merged_into.unwrap_or(id));
            }
        }
        Ok(roots)
    }

    /// The record, unless it does not exist or is deleted.
    ///
    /// # Errors
    /// Whatever the store answers with.
    fn get(&self, kind: RecordKind, id: Uuid) -> Result<Option<AnyRecord>> {
        Ok(self.kept(kind, id)?.filter(|kept| !kept.deleted).map(|kept| kept.record))
    }

    /// Whether the id was ever used, by a deleted record too.
    ///
    /// # Errors
    /// Whatever the store answers with.
    fn exists(&self, kind: RecordKind, id: Uuid) -> Result<bool> {
        Ok(self.kept(kind, id)?.is_some())
    }
}

impl Op {
    /// The keys that deciding will look up, as far as the input says them.
    pub(crate) fn keys_asked(&self) -> Vec<(RecordKind, String)> {
        match self {
            Op::AddMember(new) | Op::RequestParticipation(new) => member::keys_asked(new),
            _ => Vec::new(),
        }
    }
}

/// A record that the store has, or had.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The record.
    pub record: AnyRecord,
    /// Whether it is deleted.
    pub deleted: bool,
}

impl dyn Reads + '_ {
    /// The record, if `viewer` may read it.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn visible(&self, viewer: &Viewer, kind: RecordKind, id: Uuid) -> Result<Option<AnyRecord>> {
        let Some(record) = self.get(kind, id)? else { return Ok(None) };
        let parent = self.parent(&record)?;
        Ok(Some(record).filter(|record| viewer.may_read_record(record, parent.as_ref())))
    }

    /// The record on whose audience this one's depends.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn parent(&self, record: &AnyRecord) -> Result<Option<AnyRecord>> {
        match access::parent(record) {
            Some(parent) => self.get(parent.kind, parent.id),
            None => Ok(None),
        }
    }

    /// The typed records of a kind with this id in a column.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn all<R: Record>(&self, column: &'static str, id: impl Into<Uuid>) -> Result<Vec<R>> {
        Ok(self.related(R::KIND, column, id.into())?.into_iter().filter_map(R::from_any).collect())
    }

    /// The community's own record; none before it is founded.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn community(&self) -> Result<Option<CommunityRecord>> {
        match self.find(RecordKind::Community, THE_COMMUNITY)?.first() {
            Some(id) => self.one::<CommunityRecord>((*id).into()),
            None => Ok(None),
        }
    }

    /// The community's own rules.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn policies(&self) -> Result<Policies> {
        Ok(self.community()?.map(|community| community.policies).unwrap_or_default())
    }

    /// The memberships of a member, of a team, or of a member in a team.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn memberships(&self, member: Option<MemberId>, team: Option<TeamId>) -> Result<Vec<Membership>> {
        let mut found: Vec<Membership> = match (member, team) {
            (Some(member), _) => self.all("member", member)?,
            (None, Some(team)) => self.all("team", team)?,
            (None, None) => Vec::new(),
        };
        found.retain(|membership| team.is_none_or(|team| membership.team == team));
        Ok(found)
    }

    /// The record that stands for the person: this one, or the one it was merged into.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn person(&self, id: MemberId) -> Result<Option<Member>> {
        let member = self.one::<Member>(id)?;
        match member.as_ref().and_then(|member| member.merged_into) {
            Some(root) => self.one::<Member>(root),
            None => Ok(member),
        }
    }

    /// All records of the person that `id` stands for: itself, and those that were merged into it.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn people(&self, id: MemberId) -> Result<BTreeSet<MemberId>> {
        let merged = self.find(RecordKind::Member, &crate::store::merged_key(id))?;
        Ok(merged.into_iter().map(MemberId::new).chain([id]).collect())
    }

    /// Adds the organization and all above it, as far as they are not there yet.
    ///
    /// # Errors
    /// Whatever the store answers with.
    pub fn add_with_all_above(&self, from: OrganizationId, into: &mut BTreeSet<OrganizationId>) -> Result<()> {
        let mut next = Some(from);
        while let Some(id) = next.filter(|id| into.insert(*id)) {
            next = self.one::<Organization>(id)?.and_then(|organization| organization.parent);
        }
        Ok(())
    }

    /// The typed record, where it exists.
    pub fn one<R: Record>(&self, id: R::Id) -> Result<Option<R>>
    where
        Uuid: From<R::Id>,
    {
        Ok(self.get(R::KIND, id.into())?.and_then(R::from_any))
    }
}

/// Everything a decision may depend on.
pub struct Context<'a> {
    /// The state of the store.
    pub reads: &'a dyn Reads,
    /// Where new ids come from.
    pub ids: &'a dyn IdSource,
    /// Who acts.
    pub actor: Actor,
    /// What the actor holds.
    pub viewer: &'a Viewer,
    /// When.
    pub now: DateTime<Utc>,
}

/// A decision in the making.
pub(crate) struct Decision<'a> {
    context: &'a Context<'a>,
    op: &'static str,
    writes: Vec<Write>,
    undoes: Vec<i64>,
}

impl Decision<'_> {
    fn reads(&self) -> &dyn Reads {
        self.context.reads
    }

    fn actor(&self) -> Actor {
        self.context.actor
    }

    fn by_host(&self) -> bool {
        self.context.actor == Actor::System
    }

    /// A new id for a record made now.
    fn new_id(&self) -> Uuid {
        self.context.ids.next(self.context.now)
    }

    /// The record, if the actor may see it; `NotFound` tells nothing about which of the two it is.
    fn subject<R: Record>(&self, id: R::Id) -> Result<R>
    where
        Uuid: From<R::Id>,
    {
        let missing = || Error::NotFound { kind: R::KIND.name(), id: id.to_string() };
        self.visible(id)?.ok_or_else(missing)
    }

    /// The record, if the actor may see it: for lists, which name all that are missing.
    fn visible<R: Record>(&self, id: R::Id) -> Result<Option<R>>
    where
        Uuid: From<R::Id>,
    {
        Ok(self.reads().visible(self.context.viewer, R::KIND, id.into())?.and_then(R::from_any))
    }

    /// The record of whatever kind, if the actor may see it.
    fn see(&self, record: RecordRef) -> Result<AnyRecord> {
        let found = self.reads().visible(self.context.viewer, record.kind, record.id)?;
        found.ok_or_else(|| Error::NotFound { kind: record.kind.name(), id: record.id.to_string() })
    }

    /// The record, if the actor may see and change it.
    fn editable<R: Record>(&self, id: R::Id) -> Result<R>
    where
        Uuid: From<R::Id>,
    {
        let record = self.subject::<R>(id)?;
        self.permit(access::may_edit(self.context.viewer, &record.clone().into(), None))?;
        Ok(record)
    }

    /// What the store has under a natural id: the record, or what was there once and is deleted.
    fn known<R: Record>(&self, id: R::Id) -> Result<(Option<R>, Option<Kept>)>
    where
        Uuid: From<R::Id>,
    {
        Ok(match self.reads().kept(R::KIND, id.into())? {
            Some(kept) if !kept.deleted => (R::from_any(kept.record), None),
            gone => (None, gone),
        })
    }

    /// Whether the actor takes part in the community, as more than an observer.
    fn takes_part(&self) -> bool {
        self.context.viewer.holds(Token::Community) || self.context.viewer.holds(Token::Facilitation)
    }

    /// The person, if the actor may see them: the record that stands for all of theirs.
    fn person(&self, id: MemberId) -> Result<Member> {
        let member = self.subject::<Member>(id)?;
        match member.merged_into {
            Some(root) => self.subject::<Member>(root),
            None => Ok(member),
        }
    }

    /// Whether the actor is this person, under whatever record.
    fn acts_as(&self, member: MemberId) -> bool {
        self.context.viewer.is(member)
    }

    /// The day it is (UTC).
    fn today(&self) -> NaiveDate {
        self.context.now.date_naive()
    }

    /// The community's own rules.
    fn policies(&self) -> Result<Policies> {
        self.reads().policies()
    }

    /// The community's own record, which there is from its founding on.
    fn community(&self) -> Result<CommunityRecord> {
        let missing = || Error::Corrupt("the community's own record is missing".to_owned());
        self.reads().community()?.ok_or_else(missing)
    }

    /// Refuses, unless the host acts or `allowed` holds.
    fn permit(&self, allowed: bool) -> Result<()> {
        if self.by_host() || allowed { Ok(()) } else { Err(Error::NotPermitted { op: self.op }) }
    }

    /// Whether the actor stewards or owns the community: the stricter circle, for people and directories.
    fn stewards(&self) -> Result<bool> {
        let Some(actor) = self.actor().member() else { return Ok(false) };
        Ok(self.reads().person(actor)?.as_ref().is_some_and(access::stewards))
    }

    /// The member who acts; the host cannot do what only a person can.
    fn acting_member(&self) -> Result<MemberId> {
        self.actor().member().ok_or(Error::NotPermitted { op: self.op })
    }

    fn create<R: Record>(&mut self, record: R) -> R {
        self.writes.push(Write::created(record.clone()));
        record
    }

    /// Makes a record with a natural id; `gone` is what the store has under that id, deleted: it comes back then.
    fn create_over<R: Record>(&mut self, gone: Option<Kept>, record: R) -> Result<R> {
        let Some(Kept { record: gone, .. }) = gone else { return Ok(self.create(record)) };
        let record = R::from_values(gone.header(), &record.values())?;
        let after = record.clone().into();
        self.writes.push(Write { before: Some(gone), after, life: Life::Restored, forget: Forget::Nothing });
        Ok(record)
    }

    /// Writes `after`, unless it is what there was already.
    fn change<R: Record>(&mut self, before: R, after: R) -> R {
        if before.values() == after.values() {
            return before;
        }
        self.writes.push(Write::revised(before, after.clone()));
        after
    }

    fn remove<R: Record>(&mut self, record: R) -> R {
        self.writes.push(Write::deleted(record.clone(), record.clone()));
        record
    }
}

/// A new record: its header says that the actor makes it now, and the store adds the rest.
macro_rules! new_record {
    ($decision:expr, $record:ident { $($body:tt)* }) => {
        $record {
            created_by: $decision.actor().member(),
            created_at: $decision.context.now,
            revised_at: $decision.context.now,
            revision: 0,
            $($body)*
        }
    };
}
pub(crate) use new_record;
