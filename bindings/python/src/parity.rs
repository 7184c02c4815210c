//! What the core has, for tests that hold the typed face against it.

use cop_core::{RecordKind, *};

/// The fields of a kind of record, without those that every record has.
pub fn fields(kind: RecordKind) -> Vec<&'static str> {
    kind.fields().iter().map(|field| field.name).collect()
}

macro_rules! vocabularies {
    ($($name:ident),* $(,)?) => {
        /// The codes of every vocabulary.
        pub fn codes() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![
                ("RecordKind", RecordKind::ALL.iter().map(|kind| kind.name()).collect()),
                $((stringify!($name), $name::CODES.to_vec()),)*
            ]
        }
    };
}

vocabularies! {
    Admission, AlignmentKind, AssociationKind, AttendanceRole, AttendanceStatus, Attribution, Cadence, ChartKind,
    CommunityRole, ConsentState, Contact, ConveningFact, ConveningKind, ConveningState, CycleKind, DecisionKind,
    DevelopmentStage, Direction, EntryKind, FindingKind, FindingState, GoalKind, GoalStatus, MeasureRole,
    MemberEvent, MemberState, MembershipFact, MembershipState, MentorshipFact, MentorshipKind, MentorshipState,
    MissingReason, Mode, OrganizationKind, OrganizationStatus, Phase, PredictionOutcome, ResourceKind, ResourceState,
    Role, Rounding, RuleSet, StoryKind, StoryValue, TeamFact, TeamKind, TeamRole, TeamState, Unit, Verdict,
}
