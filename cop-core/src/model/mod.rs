//! The records of a Community of Practice and the values they are made of.
//!
//! Pure data: a record knows its fields, how each merges and which column holds it, and nothing about
//! stores, search or bindings. May import `error`, `id`, `clock` and `text` only.

pub mod record;
pub mod standard_code;
pub mod values;

mod community;
mod framework;
mod member;
mod membership;
mod organization;
mod resource;
mod team;
mod visibility;

pub use community::{Charter, Community as CommunityRecord};
pub use framework::{Association, AssociationKind, Framework, NodeRef, Standard};
pub use member::{Affiliation, CommunityRole, Contact, Member, MemberFact, MemberState, Role};
pub use membership::{EndReason, Membership, MembershipFact, MembershipState, TeamRole};
pub use organization::{ExternalId, Organization, OrganizationKind, OrganizationStatus};
pub use record::{AnyRecord, Column, Field, Merge, Record, RecordKind, RecordRef, Value};
pub use resource::{Alignment, AlignmentKind, Creator, Link, PartOf, Resource, ResourceKind, ResourceState};
pub use standard_code::StandardCode;
pub use team::{Admission, Region, Team, TeamKind, TeamState, Term};
pub use values::{CdsCode, CdsLevel, Email, Grade, Language, Licence, SchoolYear, WebUrl};
pub use visibility::{Grantee, Visibility};
