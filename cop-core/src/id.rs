//! Identifiers: one newtype per kind of record over a UUID, and where new ones come from.
//!
//! A new record gets a version 7 UUID (time-ordered), unless it has a natural key; then the id is the
//! version 5 UUID of that key, so that the same thing made twice offline is one thing.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::error::Problem;

/// The namespace of every natural key (a version 4 UUID drawn once for this library).
const NATURAL_KEYS: Uuid = Uuid::from_u128(0x6f0a_3c1e_52d7_4b8e_9c55_1d20_7b64_e8a1);

/// The id of a thing with a natural key, for example `cds:01611760000000`.
pub(crate) fn natural(key: &str) -> Uuid {
    Uuid::new_v5(&NATURAL_KEYS, key.as_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        ///
        /// Written as a lower-case UUID.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that names such a record.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, ":{}"), self.0)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = Problem;
            fn from_str(text: &str) -> Result<Self, Problem> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| Problem::new("id", "id.format", concat!("not the id of a ", $prefix)))
            }
        }
    )*};
}

ids! {
    /// The id of the community itself.
    CommunityId "community",
    /// The id of an [organization](crate::Organization).
    OrganizationId "organization",
    /// The id of a [member](crate::Member).
    MemberId "member",
    /// The id of a [team](crate::Team).
    TeamId "team",
    /// The id of a [membership](crate::Membership).
    MembershipId "membership",
    /// The id of a [framework](crate::Framework).
    FrameworkId "framework",
    /// The id of a [standard](crate::Standard).
    StandardId "standard",
    /// The id of an [association](crate::Association) of standards.
    AssociationId "association",
    /// The id of a [resource](crate::Resource).
    ResourceId "resource",
    /// The id of a [goal](crate::Goal).
    GoalId "goal",
    /// The id of a [cycle](crate::Cycle).
    CycleId "cycle",
    /// The id of a [measure](crate::Measure).
    MeasureId "measure",
    /// The id of an [observation](crate::Observation).
    ObservationId "observation",
    /// The id of a [convening](crate::Convening).
    ConveningId "convening",
    /// The id of an [attendance](crate::Attendance).
    AttendanceId "attendance",
    /// The id of a [story](crate::Story).
    StoryId "story",
    /// The id of a [mentorship](crate::Mentorship).
    MentorshipId "mentorship",
    /// The id of an [entry](crate::Entry).
    EntryId "entry",
    /// The id of a [finding](crate::Finding).
    FindingId "finding",
}

/// Where new ids come from. With [`Clock`](crate::Clock) the only source of randomness and time.
pub trait IdSource: Send + Sync {
    /// A new unique id for something made at `now`.
    fn next(&self, now: DateTime<Utc>) -> Uuid;
}

/// Version 7 UUIDs from the operating system's randomness.
///
/// Each is larger than the ones before it, within a millisecond and when the clock steps back too (RFC 9562 §6.2,
/// method 1): what was made at one time is listed in the order in which it was made.
#[derive(Debug, Default)]
pub struct RandomIds {
    last: Mutex<ContextV7>,
}

impl IdSource for RandomIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&*last, seconds, now.timestamp_subsec_nanos()))
    }
}

/// Ids that repeat for the same seed, for tests and conformance vectors.
#[derive(Debug)]
pub struct ScriptedIds {
    seed: u16,
    count: AtomicU64,
}

impl ScriptedIds {
    /// Ids that count up from one; different seeds give different ids.
    pub fn new(seed: u16) -> Self {
        Self { seed, count: AtomicU64::new(0) }
    }
}

impl IdSource for ScriptedIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let mut bytes = [0u8; 10];
        bytes[..2].copy_from_slice(&self.seed.to_be_bytes());
        bytes[2..].copy_from_slice(&count.to_be_bytes());
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_keys_are_stable() {
        assert_eq!(natural("cds:01611760000000"), natural("cds:01611760000000"));
        assert_ne!(natural("cds:01611760000000"), natural("cds:01611920000000"));
        assert_eq!(natural("x").get_version_num(), 5);
    }

    #[test]
    fn random_ids_grow_within_a_millisecond_and_when_the_clock_steps_back() {
        let at = DateTime::from_timestamp(1_600_000_000, 0).expect("in range");
        let ids = RandomIds::default();
        let made: Vec<Uuid> = (0..1_000).map(|n| ids.next(at - chrono::TimeDelta::seconds(n / 500))).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
        assert_ne!(RandomIds::default().next(at), RandomIds::default().next(at));
    }

    #[test]
    fn scripted_ids_repeat_and_are_ordered() {
        let at = DateTime::from_timestamp(1_600_000_000, 0).expect("in range");
        let (a, b) = (ScriptedIds::new(7), ScriptedIds::new(7));
        let first = a.next(at);
        assert_eq!(first, b.next(at));
        assert!(a.next(at) > first);
        assert_eq!(first.get_version_num(), 7);
    }
}
