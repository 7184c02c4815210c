//! The records of a Community of Practice and the values they are made of.
//!
//! Pure data: a record knows its fields, how each merges and which column holds it, and nothing about
//! stores, search or bindings. May import `error`, `id`, `clock` and `text` only.

pub mod record;
pub mod standard_code;
pub mod values;

mod community;
mod convening;
mod cycle;
mod entry;
mod finding;
mod framework;
mod goal;
mod measure;
mod member;
mod membership;
mod mentorship;
mod organization;
mod policy;
mod resource;
mod story;
mod team;
mod visibility;

pub use community::{Charter, Community as CommunityRecord};
pub use convening::{
    Attendance, AttendanceRole, AttendanceStatus, Convening, ConveningFact, ConveningKind, ConveningState, Mode,
    Series, WalkIn,
};
pub use cycle::{
    Cycle, CycleDecision, CycleKind, DecisionKind, Phase, PhaseStep, Prediction, PredictionOutcome, PredictionResult,
    phase_after, taken,
};
pub use entry::{Entry, EntryKind};
pub use finding::{Finding, FindingFact, FindingKind, FindingState, Resolution};
pub use framework::{Association, AssociationKind, Framework, NodeRef, Standard};
pub use goal::{AimStatement, Goal, GoalKind, GoalStatus};
pub use measure::{
    Cadence, ChartKind, Direction, Exclusion, Measure, MeasurePhase, MeasureRole, MissingReason, Observation, Period,
    RuleSet, StudentGroup, Unit,
};
pub use member::{Affiliation, Commitment, CommunityRole, Contact, Member, MemberEvent, MemberFact, MemberState, Role};
pub use membership::{AdmissionDecision, Answer, EndReason, Membership, MembershipFact, MembershipState, TeamRole};
pub use mentorship::{Mentorship, MentorshipFact, MentorshipKind, MentorshipState};
pub use organization::{ExternalId, Organization, OrganizationKind, OrganizationStatus};
pub use policy::{HoursPolicy, OnboardingStep, ParticipationPolicy, Policies, Rounding};
pub use record::{AnyRecord, Cell, Column, Field, Merge, Record, RecordKind, RecordRef, Value};
pub use resource::{
    Alignment, AlignmentKind, Creator, FileRef, Link, PartOf, Resource, ResourceKind, ResourceState, Review, Verdict,
};
pub use standard_code::StandardCode;
pub use story::{Attribution, Consent, ConsentFact, ConsentState, Story, StoryKind, Value as StoryValue};
pub use team::{Admission, DevelopmentStage, FormationRule, Region, Team, TeamFact, TeamKind, TeamState, Term};
pub use values::{CdsCode, CdsLevel, Email, Grade, Language, Licence, SchoolYear, TimeZone, WebUrl};
pub use visibility::{Grantee, Visibility};
