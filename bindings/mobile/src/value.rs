//! Ids, times and vocabularies, and how values cross between the core and the other language.
//!
//! Ids cross as text and are classes of their own on the other side. Closed vocabularies are enums; open ones
//! cross as their codes, so that an app goes on working when the library learns a new one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
pub use cop_core::{
    Admission, AlignmentKind, AttendanceRole, CommunityId, CommunityRole, Contact, ConveningId, CycleId,
    DevelopmentStage, Life, MemberId, MemberState, MembershipFact, MembershipId, MembershipState, OrganizationId,
    OrganizationStatus, ResourceId, ResourceState, Rounding, SearchSort, StandardId, TeamFact, TeamId, TeamRole,
    TeamState, Verdict,
};

use crate::error::CopError;

/// An instant of time (UTC, to the millisecond).
pub type Timestamp = DateTime<Utc>;
/// A calendar day.
pub type Day = NaiveDate;

// As text, not as 16 bytes: it is what hosts keep, log and put into addresses.
macro_rules! ids {
    ($($name:ident),* $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            remote,
            lower: |id| id.to_string(),
            try_lift: |text| Ok(text.parse::<$name>().map_err(CopError::from)?),
        });
    )*};
}
ids!(CommunityId, OrganizationId, MemberId, TeamId, MembershipId, StandardId, ResourceId, ConveningId, CycleId);

// Not SystemTime: uniffi 0.32 keeps the sign in the seconds alone, so that an instant within the second
// before 1970 arrives after it, and Swift's Date loses a millisecond on the way.
uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |time| time.timestamp_millis(),
    try_lift: |millis| Ok(DateTime::from_timestamp_millis(millis)
        .ok_or_else(|| CopError::from(cop_core::Problem::new("time", "time.range", "too far away")))?),
});

uniffi::custom_type!(Day, String, {
    remote,
    lower: |day| day.to_string(),
    try_lift: |text| Ok(text.parse::<NaiveDate>()
        .map_err(|_| CopError::from(cop_core::Problem::new("date", "date.format", "write a date as 2021-07-01")))?),
});

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

/// The audience a record is meant for.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum Visibility {
    /// Everybody, also people outside the community.
    Public,
    /// Every live member of the community.
    Community,
    /// Members affiliated with this organization or one below it.
    Organization {
        /// Which.
        organization: OrganizationId,
    },
    /// Members of this team.
    Team {
        /// Which.
        team: TeamId,
    },
    /// Its owner, and the community's facilitators and stewards unless it is sealed.
    Private,
}

/// Somebody a record is shared with by name, beside its visibility.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum Grantee {
    /// One member.
    Member {
        /// Which.
        member: MemberId,
    },
    /// The members of a team.
    Team {
        /// Which.
        team: TeamId,
    },
    /// Members affiliated with an organization or one below it.
    Organization {
        /// Which.
        organization: OrganizationId,
    },
}

/// A value that crosses from the core to the other language, or back.
pub(crate) trait Cross<To> {
    /// The value on the other side.
    fn cross(self) -> To;
}

macro_rules! as_it_is {
    ($($ty:ty),* $(,)?) => {$(
        impl Cross<$ty> for $ty {
            fn cross(self) -> $ty {
                self
            }
        }
    )*};
}
as_it_is!(
    bool,
    f32,
    f64,
    i64,
    u32,
    u64,
    String,
    Timestamp,
    Day,
    CommunityId,
    OrganizationId,
    MemberId,
    TeamId,
    MembershipId,
    StandardId,
    ResourceId,
    ConveningId,
    CycleId,
    Admission,
    AlignmentKind,
    AttendanceRole,
    CommunityRole,
    Contact,
    DevelopmentStage,
    Life,
    MemberState,
    MembershipFact,
    MembershipState,
    OrganizationStatus,
    ResourceState,
    Rounding,
    SearchSort,
    TeamFact,
    TeamRole,
    TeamState,
    Verdict,
);

macro_rules! as_text {
    ($($ty:ty),* $(,)?) => {$(
        impl Cross<String> for $ty {
            fn cross(self) -> String {
                self.to_string()
            }
        }
    )*};
}
as_text!(
    Admission,
    AlignmentKind,
    CommunityRole,
    TeamRole,
    serde_json::Value,
    uuid::Uuid,
    cop_core::CdsCode,
    cop_core::Email,
    cop_core::Grade,
    cop_core::Language,
    cop_core::Licence,
    cop_core::MemberFact,
    cop_core::OrganizationKind,
    cop_core::RecordKind,
    cop_core::ResourceKind,
    cop_core::Role,
    cop_core::SchoolYear,
    cop_core::SearchCursor,
    cop_core::TeamKind,
    cop_core::WebUrl,
);

impl<A: Cross<B>, B> Cross<Option<B>> for Option<A> {
    fn cross(self) -> Option<B> {
        self.map(A::cross)
    }
}

impl<A: Cross<B>, B> Cross<Vec<B>> for Vec<A> {
    fn cross(self) -> Vec<B> {
        self.into_iter().map(A::cross).collect()
    }
}

impl<A: Cross<B>, B> Cross<Vec<B>> for BTreeSet<A> {
    fn cross(self) -> Vec<B> {
        self.into_iter().map(A::cross).collect()
    }
}

impl<A: Cross<B>, B> Cross<HashMap<String, B>> for BTreeMap<String, A> {
    fn cross(self) -> HashMap<String, B> {
        self.into_iter().map(|(key, value)| (key, value.cross())).collect()
    }
}

// Signed, because Java has no other and Kotlin's unsigned numbers need a suffix.
impl Cross<i64> for u64 {
    fn cross(self) -> i64 {
        i64::try_from(self).unwrap_or(i64::MAX)
    }
}

impl Cross<Visibility> for cop_core::Visibility {
    fn cross(self) -> Visibility {
        match self {
            Self::Public => Visibility::Public,
            Self::Community => Visibility::Community,
            Self::Organization(organization) => Visibility::Organization { organization },
            Self::Team(team) => Visibility::Team { team },
            Self::Private => Visibility::Private,
        }
    }
}

impl Cross<cop_core::Visibility> for Visibility {
    fn cross(self) -> cop_core::Visibility {
        match self {
            Self::Public => cop_core::Visibility::Public,
            Self::Community => cop_core::Visibility::Community,
            Self::Organization { organization } => cop_core::Visibility::Organization(organization),
            Self::Team { team } => cop_core::Visibility::Team(team),
            Self::Private => cop_core::Visibility::Private,
        }
    }
}

impl Cross<String> for Visibility {
    fn cross(self) -> String {
        let visibility: cop_core::Visibility = self.cross();
        visibility.to_string()
    }
}

impl Cross<Grantee> for cop_core::Grantee {
    fn cross(self) -> Grantee {
        match self {
            Self::Member(member) => Grantee::Member { member },
            Self::Team(team) => Grantee::Team { team },
            Self::Organization(organization) => Grantee::Organization { organization },
        }
    }
}

impl Cross<cop_core::Grantee> for Grantee {
    fn cross(self) -> cop_core::Grantee {
        match self {
            Self::Member { member } => cop_core::Grantee::Member(member),
            Self::Team { team } => cop_core::Grantee::Team(team),
            Self::Organization { organization } => cop_core::Grantee::Organization(organization),
        }
    }
}

impl Cross<String> for Grantee {
    fn cross(self) -> String {
        let grantee: cop_core::Grantee = self.cross();
        grantee.to_string()
    }
}

macro_rules! conversion {
    (from $name:ident, $core:path, [$($field:ident),*]) => {
        impl Cross<$name> for $core {
            fn cross(self) -> $name {
                // Every field by name: one more in the core does not compile here.
                let Self { $($field),* } = self;
                $name { $($field: $field.cross()),* }
            }
        }
    };
    (into $name:ident, $core:path, [$($field:ident),*]) => {
        impl Cross<$core> for $name {
            fn cross(self) -> $core {
                let Self { $($field),* } = self;
                $core { $($field: $field.cross()),* }
            }
        }
    };
    (like $name:ident, $core:path, $fields:tt) => {
        conversion!(from $name, $core, $fields);
        conversion!(into $name, $core, $fields);
    };
}
pub(crate) use conversion;

/// Declares records with the fields of the core's, and how they cross: `from` the core, `into` it, or both (`like`).
macro_rules! records {
    ($($(#[$meta:meta])* $name:ident $way:ident $core:path { $($(#[$fmeta:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, uniffi::Record)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
        }
        conversion!($way $name, $core, [$($field),*]);
    )*};
}
pub(crate) use records;
