//! The vocabularies: closed ones are enums on the other side too, with the core's own words.
//!
//! Open ones cross as their codes, so that an app goes on working when the library learns a new one.

pub use cop_core::{
    Admission, AlignmentKind, AttendanceRole, AttendanceStatus, Attribution, CommunityRole, Contact, ConveningFact,
    ConveningState, CycleKind, DecisionKind, DevelopmentStage, Direction, FindingState, GoalKind, GoalStatus, Life,
    MeasureRole, MemberState, MembershipFact, MembershipState, MentorshipFact, MentorshipState, Mode,
    OrganizationStatus, ParticipationLevel, PredictionOutcome, RecordKind, ResourceState, Rounding, SearchSort,
    TeamFact, TeamRole, TeamState, Unit as MeasureUnit, Verdict,
};

use crate::value::Cross;

/// How one gets into a team.
#[uniffi::remote(Enum)]
pub enum Admission {
    /// Whoever asks is in.
    Open,
    /// One asks, a lead decides.
    Request,
    /// One answers questions, a lead decides.
    Application,
    /// A lead invites.
    InviteOnly,
    /// Nobody joins any more.
    Closed,
}

/// What a resource does with a standard.
#[uniffi::remote(Enum)]
pub enum AlignmentKind {
    /// Teaches it.
    Teaches,
    /// Assesses it.
    Assesses,
    /// Builds on it.
    Requires,
}

/// As what somebody attends a convening.
#[uniffi::remote(Enum)]
pub enum AttendanceRole {
    /// Takes part.
    Attendee,
    /// Presents.
    Presenter,
    /// Facilitates.
    Facilitator,
    /// Watches.
    Observer,
    /// Helps.
    Staff,
}

/// Where an attendance stands, from the weakest to the strongest.
#[uniffi::remote(Enum)]
pub enum AttendanceStatus {
    /// Gave the seat back.
    Cancelled,
    /// Was invited.
    Invited,
    /// Waits for a seat.
    Waitlisted,
    /// Has a seat.
    Registered,
    /// Did not come.
    NoShow,
    /// Could not come, and said so.
    Excused,
    /// Was there.
    Attended,
}

/// How the teller is named.
#[uniffi::remote(Enum)]
pub enum Attribution {
    /// Not at all.
    Anonymous,
    /// By role and organization.
    Role,
    /// By name.
    Name,
}

/// What a member may do in the community as a whole.
#[uniffi::remote(Enum)]
pub enum CommunityRole {
    /// Answers for the community; there is always one.
    Owner,
    /// Looks after members, data and resources.
    Steward,
    /// Brings teams together and facilitates.
    Convener,
    /// Takes part.
    Member,
    /// Watches: a researcher or guest without access to members' material.
    Observer,
}

/// Who sees a member's e-mail addresses.
#[uniffi::remote(Enum)]
pub enum Contact {
    /// The member and stewards.
    Private,
    /// Every live member of the community.
    Community,
}

/// Something that happened to a convening; facts are only ever added.
#[uniffi::remote(Enum)]
pub enum ConveningFact {
    /// It is announced.
    Scheduled,
    /// It will not take place.
    Cancelled,
    /// It took place.
    Held,
}

/// Where a convening stands: the strongest of its facts.
#[uniffi::remote(Enum)]
pub enum ConveningState {
    /// It is being prepared.
    Draft,
    /// It is announced.
    Scheduled,
    /// It will not take place.
    Cancelled,
    /// It took place.
    Held,
}

/// What a cycle turns through.
#[uniffi::remote(Enum)]
pub enum CycleKind {
    /// Plan, do, study, act (Deming; Langley et al. 2009).
    Pdsa,
    /// Study, plan, teach, reflect (Lewis & Hurd 2011).
    LessonStudy,
    /// Plan, act, observe, reflect (Kemmis & McTaggart 1988).
    ActionResearch,
    /// Empathize, define, ideate, prototype, test (Stanford d.school).
    DesignThinking,
    /// A year-long container of cycles: launch, investigate, act, reflect.
    Inquiry,
    /// Phases of one's own.
    Custom,
}

/// What is decided about the change that was tested.
#[uniffi::remote(Enum)]
pub enum DecisionKind {
    /// Keep it.
    Adopt,
    /// Change it and test again.
    Adapt,
    /// Give it up.
    Abandon,
    /// The test does not tell.
    Inconclusive,
}

/// How mature a team is, for information (Wenger, McDermott & Snyder 2002).
#[uniffi::remote(Enum)]
pub enum DevelopmentStage {
    /// People find each other.
    Potential,
    /// They come together.
    Coalescing,
    /// They set standards and define a learning agenda.
    Maturing,
    /// They stay lively and open.
    Stewardship,
    /// They move on.
    Transformation,
}

/// Which way is better.
#[uniffi::remote(Enum)]
pub enum Direction {
    /// Up.
    Increase,
    /// Down.
    Decrease,
    /// Neither.
    Neutral,
}

/// Where a finding stands.
#[uniffi::remote(Enum)]
pub enum FindingState {
    /// It holds.
    Open,
    /// Somebody settled it.
    Resolved,
}

/// What a goal is in the theory of improvement.
#[uniffi::remote(Enum)]
pub enum GoalKind {
    /// A lasting goal of the community.
    Goal,
    /// A way towards a goal.
    Strategy,
    /// What shall be reached in one school year; needs the year.
    Objective,
    /// How one will see that a goal is reached.
    Outcome,
    /// A problem of practice.
    Problem,
    /// What, how much, for whom, by when.
    Aim,
    /// What has to change for the aim to be met.
    Driver,
    /// A change in practice to be tested.
    ChangeIdea,
}

/// Where a goal stands.
#[uniffi::remote(Enum)]
pub enum GoalStatus {
    /// It is pursued.
    Open,
    /// It is reached.
    Met,
    /// It is given up.
    Dropped,
    /// Another goal has taken its place.
    Superseded,
}

/// What happened to a record's life.
#[uniffi::remote(Enum)]
pub enum Life {
    /// It was made.
    Created,
    /// Some of its fields changed.
    Revised,
    /// It was deleted.
    Deleted,
    /// It is there again.
    Restored,
}

/// What a measure is for (Langley et al. 2009).
#[uniffi::remote(Enum)]
pub enum MeasureRole {
    /// Whether the aim is met.
    Outcome,
    /// Whether the change happens.
    Process,
    /// Whether something else gets worse.
    Balancing,
    /// What else matters.
    Context,
}

/// What one observation is.
#[uniffi::remote(Enum)]
pub enum MeasureUnit {
    /// A number.
    Value,
    /// So many of so many: 0 ≤ numerator ≤ denominator, denominator ≥ 1, both whole.
    Proportion,
    /// So much per so much: numerator ≥ 0, denominator > 0.
    Rate,
    /// How many: a whole number ≥ 0.
    Count,
    /// The time between two events: > 0.
    TimeBetween,
    /// The cases between two events: a whole number ≥ 0.
    CountBetween,
}

/// Where a member stands.
#[uniffi::remote(Enum)]
pub enum MemberState {
    /// Known, without any fact yet.
    Known,
    /// Invited, has not answered.
    Invited,
    /// Has asked, is not admitted.
    Requested,
    /// Admitted by both sides, on the way in.
    Onboarding,
    /// Takes part.
    Active,
    /// Takes a break.
    Paused,
    /// Takes part no longer.
    Ended,
    /// Is somebody else's second record.
    Merged,
    /// Is forgotten.
    Erased,
}

/// Something that happened between a member and a team; facts are only ever added.
#[uniffi::remote(Enum)]
pub enum MembershipFact {
    /// A lead invited.
    Invited,
    /// The member asked.
    Requested,
    /// A lead approved.
    Approved,
    /// The member accepted.
    Accepted,
    /// A lead turned the request down.
    Rejected,
    /// A lead removed the member.
    Removed,
    /// The member left.
    Left,
    /// The team's work is done.
    Completed,
}

/// Where a membership stands.
#[uniffi::remote(Enum)]
pub enum MembershipState {
    /// Invited, has not accepted.
    Invited,
    /// Asked, is not approved.
    Requested,
    /// A member of the team.
    Active,
    /// Over; rejoining is a new membership.
    Ended,
}

/// Something that happened to a mentorship; facts are only ever added.
#[uniffi::remote(Enum)]
pub enum MentorshipFact {
    /// The one proposed it.
    Proposed,
    /// The other accepted.
    Accepted,
    /// It is over, or was declined.
    Ended,
}

/// Where a mentorship stands: the strongest of its facts.
#[uniffi::remote(Enum)]
pub enum MentorshipState {
    /// Proposed, not accepted.
    Proposed,
    /// It is lived.
    Active,
    /// It is over.
    Ended,
}

/// How people meet.
#[uniffi::remote(Enum)]
pub enum Mode {
    /// In one place.
    InPerson,
    /// Online.
    Virtual,
    /// Both.
    Hybrid,
}

/// Whether an organization is at work.
#[uniffi::remote(Enum)]
pub enum OrganizationStatus {
    /// It works.
    Active,
    /// It is announced.
    Pending,
    /// It has closed.
    Closed,
}

/// How much somebody takes part, from the core outwards.
#[uniffi::remote(Enum)]
pub enum ParticipationLevel {
    /// Leads, or is nearly always there, and contributes.
    Core,
    /// Is often there, or contributes.
    Active,
    /// Was there, or contributed, once at least.
    Occasional,
    /// Belongs to the community, and did nothing of that.
    Peripheral,
    /// Does not belong to the community, but was there or contributed.
    Transactional,
}

/// What became of a prediction.
#[uniffi::remote(Enum)]
pub enum PredictionOutcome {
    /// It happened as predicted.
    Confirmed,
    /// It did not.
    Refuted,
    /// One cannot tell.
    Unclear,
}

/// The kinds of records.
#[uniffi::remote(Enum)]
pub enum RecordKind {
    /// The community itself.
    Community,
    /// An organization.
    Organization,
    /// A member.
    Member,
    /// A team.
    Team,
    /// A membership of a member in a team.
    Membership,
    /// A framework of standards.
    Framework,
    /// A standard.
    Standard,
    /// An association between standards.
    Association,
    /// A resource.
    Resource,
    /// A node of the theory of improvement.
    Goal,
    /// A cycle of inquiry.
    Cycle,
    /// A measure.
    Measure,
    /// An observation of a measure.
    Observation,
    /// A gathering.
    Convening,
    /// A member, or a walk-in, at a convening.
    Attendance,
    /// A story.
    Story,
    /// A tie between two members.
    Mentorship,
    /// A note on a record.
    Entry,
    /// A soft problem that was noticed.
    Finding,
}

/// Where a resource stands.
#[uniffi::remote(Enum)]
pub enum ResourceState {
    /// Its owner, the team's leads and the facilitators work on it.
    Draft,
    /// It is being reviewed.
    InReview,
    /// Its visibility's audience has it.
    Published,
    /// It is kept, but no longer recommended.
    Retired,
}

/// Which way hours are rounded.
#[uniffi::remote(Enum)]
pub enum Rounding {
    /// To the unit below.
    Down,
    /// To the nearest unit; half a unit up.
    Nearest,
    /// To the unit above.
    Up,
}

/// How hits are ordered. Equal ones come in the order in which the records were added.
#[uniffi::remote(Enum)]
pub enum SearchSort {
    /// What matches best comes first.
    Relevance,
    /// What was made last comes first.
    Newest,
    /// What was made first comes first.
    Oldest,
    /// By title, without case, diacritics and punctuation, numbers by value.
    Title,
}

/// Something that happened to a team; facts are only ever added.
#[uniffi::remote(Enum)]
pub enum TeamFact {
    /// It started its work.
    Activated,
    /// It is history.
    Archived,
}

/// What a member may do in a team.
#[uniffi::remote(Enum)]
pub enum TeamRole {
    /// Leads: admits, removes, publishes.
    Lead,
    /// Facilitates its meetings.
    Facilitator,
    /// Mentors others in it.
    Mentor,
    /// Takes part.
    Member,
    /// Watches.
    Observer,
}

/// Where a team stands.
#[uniffi::remote(Enum)]
pub enum TeamState {
    /// It gathers its people.
    Forming,
    /// It works.
    Active,
    /// It is history.
    Archived,
}

/// What a reviewer finds.
#[uniffi::remote(Enum)]
pub enum Verdict {
    /// It is fit for its audience.
    Approved,
    /// Something has to change first.
    ChangesRequested,
}

/// Where the teller's consent stands.
// Not the core's own: its `None` would be taken for no value at all in Swift.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum ConsentState {
    /// Nothing was said.
    Unsaid,
    /// Given, within its scope.
    Granted,
    /// Taken back, for ever.
    Withdrawn,
}

impl Cross<ConsentState> for cop_core::ConsentState {
    fn cross(self) -> ConsentState {
        match self {
            Self::None => ConsentState::Unsaid,
            Self::Granted => ConsentState::Granted,
            Self::Withdrawn => ConsentState::Withdrawn,
        }
    }
}

impl Cross<cop_core::ConsentState> for ConsentState {
    fn cross(self) -> cop_core::ConsentState {
        match self {
            Self::Unsaid => cop_core::ConsentState::None,
            Self::Granted => cop_core::ConsentState::Granted,
            Self::Withdrawn => cop_core::ConsentState::Withdrawn,
        }
    }
}

macro_rules! vocabularies {
    ($($ty:ident),* $(,)?) => {$(
        impl Cross<$ty> for $ty {
            fn cross(self) -> $ty {
                self
            }
        }

        // What is written crosses as its code: the core reads it again, with everything else that is wrong.
        impl Cross<String> for $ty {
            fn cross(self) -> String {
                self.to_string()
            }
        }
    )*};
}
vocabularies!(
    Admission,
    AlignmentKind,
    AttendanceRole,
    AttendanceStatus,
    Attribution,
    CommunityRole,
    Contact,
    ConveningFact,
    ConveningState,
    CycleKind,
    DecisionKind,
    DevelopmentStage,
    Direction,
    FindingState,
    GoalKind,
    GoalStatus,
    MeasureRole,
    MeasureUnit,
    MemberState,
    MembershipFact,
    MembershipState,
    MentorshipFact,
    MentorshipState,
    Mode,
    OrganizationStatus,
    PredictionOutcome,
    RecordKind,
    ResourceState,
    Rounding,
    TeamFact,
    TeamRole,
    TeamState,
    Verdict,
);

macro_rules! read_only {
    ($($ty:ident),* $(,)?) => {$(
        impl Cross<$ty> for $ty {
            fn cross(self) -> $ty {
                self
            }
        }
    )*};
}
read_only!(Life, ParticipationLevel, SearchSort);
