//! Ids and times, and how values cross between the core and the other language.
//!
//! Ids cross as text and are classes of their own on the other side.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
pub use cop_core::{
    AssociationId, AttendanceId, CommunityId, ConveningId, CycleId, EntryId, FindingId, FrameworkId, GoalId, MeasureId,
    MemberId, MembershipId, MentorshipId, ObservationId, OrganizationId, ResourceId, StandardId, StoryId, TeamId,
};
pub use uuid::Uuid;

use crate::error::CopError;

/// An instant of time (UTC, to the millisecond).
pub type Timestamp = DateTime<Utc>;
/// A calendar day.
pub type Day = NaiveDate;
/// A day and a time on the clocks of some place, to the second.
pub type CivilTime = NaiveDateTime;
/// What a publisher said of a standard that this library has no use for: a JSON object.
pub type Extra = serde_json::Map<String, serde_json::Value>;

macro_rules! as_it_is {
    ($($ty:ty),* $(,)?) => {$(
        impl Cross<$ty> for $ty {
            fn cross(self) -> $ty {
                self
            }
        }
    )*};
}

// As text, not as 16 bytes: it is what hosts keep, log and put into addresses.
macro_rules! ids {
    ($($name:ident),* $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            remote,
            // Not by way of `Display`: a page has thousands.
            lower: |id| Uuid::from(id).hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned(),
            try_lift: |text| Ok(Uuid::try_parse(&text)
                .map(|id| $name::from(id))
                .map_err(|_| CopError::from(cop_core::Problem::new("id", "id.format", "not an id")))?),
        });
        as_it_is!($name);
    )*};
}
ids!(
    CommunityId,
    OrganizationId,
    MemberId,
    TeamId,
    MembershipId,
    FrameworkId,
    StandardId,
    AssociationId,
    ResourceId,
    GoalId,
    CycleId,
    MeasureId,
    ObservationId,
    ConveningId,
    AttendanceId,
    StoryId,
    MentorshipId,
    EntryId,
    FindingId,
    Uuid,
);

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

uniffi::custom_type!(CivilTime, String, {
    remote,
    lower: |time| time.format("%Y-%m-%dT%H:%M:%S").to_string(),
    try_lift: |text| Ok(text.parse::<NaiveDateTime>()
        .map_err(|_| CopError::from(cop_core::Problem::new("time", "time.format", "write 2021-09-14T16:00:00")))?),
});

uniffi::custom_type!(Extra, String, {
    remote,
    lower: |extra| serde_json::Value::Object(extra).to_string(),
    try_lift: |text| Ok(serde_json::from_str(&text)
        .map_err(|_| CopError::from(cop_core::Problem::new("extra", "json.format", "not a JSON object")))?),
});

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

as_it_is!(bool, f32, f64, i64, u32, u64, String, Timestamp, Day, CivilTime, Extra);

macro_rules! as_text {
    ($text:ident: $($ty:ty),* $(,)?) => {$(
        impl Cross<String> for $ty {
            fn cross(self) -> String {
                self.$text().into()
            }
        }
    )*};
}
as_text!(to_string: serde_json::Value, Uuid, cop_core::CdsCode, cop_core::MemberFact, cop_core::SchoolYear, cop_core::SearchCursor);
// Not by way of `Display`: a page has thousands.
as_text!(
    code: cop_core::Email,
    cop_core::Grade,
    cop_core::Language,
    cop_core::Licence,
    cop_core::OrganizationKind,
    cop_core::ResourceKind,
    cop_core::Role,
    cop_core::TeamKind,
    cop_core::WebUrl,
    cop_core::TimeZone,
    cop_core::StoryValue,
    cop_core::StoryKind,
    cop_core::RuleSet,
    cop_core::Phase,
    cop_core::MissingReason,
    cop_core::MentorshipKind,
    cop_core::FindingKind,
    cop_core::EntryKind,
    cop_core::ConveningKind,
    cop_core::ChartKind,
    cop_core::Cadence,
    cop_core::AssociationKind,
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

impl<A: Cross<B>, B: Ord> Cross<BTreeSet<B>> for Vec<A> {
    fn cross(self) -> BTreeSet<B> {
        self.into_iter().map(A::cross).collect()
    }
}

impl Cross<Extra> for Option<Extra> {
    fn cross(self) -> Extra {
        self.unwrap_or_default()
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
        impl $crate::value::Cross<$name> for $core {
            fn cross(self) -> $name {
                // Every field by name: one more in the core does not compile here.
                let Self { $($field),* } = self;
                $name { $($field: $crate::value::Cross::cross($field)),* }
            }
        }
    };
    (into $name:ident, $core:path, [$($field:ident),*]) => {
        impl $crate::value::Cross<$core> for $name {
            fn cross(self) -> $core {
                let Self { $($field),* } = self;
                $core { $($field: $crate::value::Cross::cross($field)),* }
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
