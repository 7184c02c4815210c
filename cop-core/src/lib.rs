//! The domain, the rules and the store of a Community of Practice of educators.
//!
//! Open a [`Community`], take a [`Session`] for someone, and read, write and search through it:
//!
//! ```
//! use cop_core::{Community, NewCommunity, NewMember, NewResource, Visibility};
//!
//! let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
//! let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz"))?;
//! let me = cop.as_member(ana.id)?;
//! me.add_resource(
//!     NewResource::new("task", "Fraction strips on a number line")
//!         .with_body("Fold, compare, and place thirds and sixths.")
//!         .with_standard("3.NF.A.2")
//!         .with_visibility(Visibility::Public)
//!         .published(),
//! )?;
//! assert_eq!(cop.as_guest().search("number line")?.total, 1);
//! # Ok::<(), cop_core::Error>(())
//! ```
//!
//! # The house
//!
//! A room imports only rooms below it.
//!
//! | room | what is in it |
//! |---|---|
//! | [`community`](Community), [`session`](Session) | the two handles |
//! | `interop` | importers: bytes in, a report out |
//! | [`views`] | driver diagram, session archive, checklists, value matrix, a member's page |
//! | [`participation`] | hours, and levels of participation |
//! | [`search`] | the port to full-text search, and a scan as its oracle |
//! | [`ops`] | every write named once: `Op → decide → ChangeSet`; pure |
//! | [`access`] | who may see and do what: one rule; pure |
//! | `store` | records in typed columns with their change log; a private seam to the engine |
//! | [`change`] | changes, patches and stamps; pure |
//! | [`model`] | records, vocabularies, validated values; pure |
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `sqlite` | yes | one community in one SQLite file, or in memory |
//! | `postgres` | no | one community in one schema of a PostgreSQL database, which many servers share; see [`_postgres`] |
//! | `bundled-sqlite` | yes | compiles SQLite in, instead of linking the system's |
//! | `interop` | yes | importers for OneRoster, CASE, the California directory and JSON Lines |
//! | `testing` | no | the contract suite that every engine must pass |

#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    expect(dead_code, reason = "without an engine nothing can be opened")
)]

pub mod access;
pub mod change;
mod clock;
mod community;
mod error;
#[cfg(test)]
mod fixture;
mod id;
#[cfg(feature = "interop")]
pub mod interop;
pub mod model;
pub mod ops;
pub mod participation;
pub mod search;
mod session;
pub mod store;
mod tagged;
mod text;
pub mod views;

/// The domain, from founding a community to its first year's end.
pub mod _guide {
    #![doc = include_str!("guide.md")]
}

/// Communities on a PostgreSQL server: one community, many servers.
pub mod _postgres {
    #![doc = include_str!("on_postgres.md")]
}

/// Every error code.
pub mod _codes {
    #![doc = include_str!("codes.md")]
}

pub use access::{Audience, Token, Viewer};
pub use change::{Actor, Change, Life, Revision};
pub use clock::{Clock, ManualClock, Stamp, SystemClock};
pub use community::{Community, CommunityOptions, Health};
pub use error::{Error, ErrorKind, Problem, Result};
pub use id::{
    AssociationId, AttendanceId, CommunityId, ConveningId, CycleId, EntryId, FindingId, FrameworkId, GoalId, IdSource,
    MeasureId, MemberId, MembershipId, MentorshipId, ObservationId, OrganizationId, RandomIds, ResourceId, ScriptedIds,
    StandardId, StoryId, TeamId,
};
pub use model::*;
pub use ops::*;
pub use participation::{
    Contributions, HoursOfConvening, HoursOfSession, HoursStatement, Leadership, Participation, ParticipationLevel,
    ParticipationNumbers,
};
pub use search::{
    Completion, FacetCount, Reason, Respelling, SearchCursor, SearchHit, SearchHits, SearchQuery, SearchSort, Snippet,
};
pub use session::{
    AssociationFilter, AttendanceFilter, AuditLine, ConveningFilter, Cursor, CycleFilter, EntryFilter, FindingFilter,
    FrameworkFilter, GoalFilter, ListFilter, MAX_PAGE, MeasureFilter, MemberFilter, MembershipFilter, MentorshipFilter,
    ObservationFilter, OnProgress, OnScanned, OrganizationFilter, Page, PageRequest, Progress, ResourceFilter, Scanned,
    Session, StandardFilter, StoryFilter, TeamFilter, Transaction,
};
pub use views::{
    ArchiveConvening, ArchiveResource, ArchiveYear, ChecklistItem, CycleOfMember, DiagramMeasure, DiagramNode,
    DriverDiagram, IdeaTest, LaunchChecklist, MemberPage, OnboardingChecklist, TeamOfMember, TeamValues, ValueCell,
    ValueFilter, ValueMatrix,
};
