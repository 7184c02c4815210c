//! What the core has, for tests that hold the typed face against it.
//!
//! A value that gains a field, or a fact a form, does not compile here until it is known.

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
    MissingReason, Mode, OrganizationKind, OrganizationStatus, ParticipationLevel, Phase, PredictionOutcome, ResourceKind, ResourceState,
    Role, Rounding, RuleSet, SearchSort, StoryKind, StoryValue, TeamFact, TeamKind, TeamRole, TeamState, Unit, Verdict,
}

macro_rules! values {
    ($($name:ident { $($field:ident),* $(,)? })*) => {
        /// The fields of the values that records are made of.
        pub fn values() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$((stringify!($name), vec![$(stringify!($field)),*]),)*]
        }

        $(const _: fn($name) = |value| {
            let $name { $($field: _),* } = value;
        };)*
    };
}

values! {
    AdmissionDecision { approved, by, at, reason }
    Affiliation { organization, role, grades, since, until }
    AimStatement { what, how_much, for_whom, by_when }
    Alignment { code, standard, kind }
    Answer { question, answer }
    ArchiveConvening { convening, title, kind, date, teams, resources, sessions }
    ArchiveResource { resource, kind, title, links }
    ArchiveYear { school_year, convenings, resources }
    AuditLine { seq, at, actor, op, words, fields }
    Charter { domain, community, practice }
    ChecklistItem { code, required, done, needed, found, detail }
    Commitment { school_year, at }
    Consent { number, scope, attribution }
    Contributions { resources, entries, stories, observations, predictions, sessions }
    Creator { member, name }
    CycleDecision { kind, rationale, no_successor, by, at }
    CycleOfMember { cycle, title, kind, team, phase, leads }
    DiagramMeasure { measure, name, role }
    DiagramNode { goal, kind, level, title, status, measures, tests, below }
    DriverDiagram { aim, title, statement, status, measures, below, truncated }
    Exclusion { observation, reason }
    ExternalId { system, value }
    FileRef { sha256, bytes, media_type, label }
    FormationRule { min_members, min_distinct_roles, min_distinct_districts, min_distinct_counties, same_district }
    Health { damage, derived }
    HoursOfConvening { convening, title, kind, date, sessions, minutes, credited_minutes }
    HoursOfSession { convening, title, kind, date, role, minutes }
    HoursPolicy { unit_minutes, minimum_minutes, rounding, cap_minutes, credited_roles }
    HoursStatement { member, school_year, starts_on, ends_on, policy, convenings, minutes, credited_minutes }
    IdeaTest { cycle, title, kind, phase, decision }
    LaunchChecklist { team, on, school_year, items, ready }
    Leadership { sessions, team_sessions, cycle_steps }
    Link { url, label }
    MeasurePhase { starts_on, freeze_after, reason, cycle }
    MemberPage { profile, teams, cycles, stories, mentorships, school_year, committed, hours }
    NodeRef { identifier, uri, title }
    OnboardingChecklist { member, on, school_year, items, ready }
    OnboardingStep { code, label, required }
    PartOf { resource, position }
    Participation { member, on, from, level, live, numbers, policy }
    ParticipationNumbers { open, attended, attended_elsewhere, contributions, leadership }
    ParticipationPolicy {
        version, window_days, core_attendance, core_contributions, active_attendance, active_contributions,
    }
    Period { starts_on, ends_on }
    PhaseStep { number, at, by, from, to, reason }
    Policies { school_year_starts_in, onboarding, commitment_required, hours, participation, synonyms }
    Prediction { id, question, predicted, by, at, late, result }
    PredictionResult { outcome, learning, by, at }
    RecordRef { kind, id }
    Region { scheme, code }
    Resolution { by, at, note }
    Review { number, at, by, verdict, comment }
    Series { name, index }
    StudentGroup { program, id }
    TeamOfMember { team, name, kind, membership, roles }
    TeamValues { team, stories, values }
    Term { starts, ends }
    ValueCell { value, stories, ids }
    ValueFilter { school_year, team }
    ValueMatrix { filter, stories, values, teams, without_value }
    WalkIn { name, email, organization }
}

const _: fn(ConsentFact) = |fact| match fact {
    ConsentFact::Granted(_) | ConsentFact::Withdrawn => {}
};
const _: fn(FindingFact) = |fact| match fact {
    FindingFact::Raised(_) | FindingFact::Resolved(_) => {}
};
