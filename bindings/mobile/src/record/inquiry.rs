//! Inquiry: goals, cycles, measures and observations.

use crate::value::{
    CycleId, Day, GoalId, MeasureId, MemberId, ObservationId, OrganizationId, TeamId, Timestamp, Uuid, Visibility,
    conversion, records,
};
use crate::vocabulary::{
    CycleKind, DecisionKind, Direction, GoalKind, GoalStatus, MeasureRole, MeasureUnit, PredictionOutcome,
};

records! {
    /// What an aim says: complete when all four parts are there.
    AimStatement like cop_core::AimStatement {
        /// What shall improve.
        #[uniffi(default = None)]
        what: Option<String>,
        /// By how much.
        #[uniffi(default = None)]
        how_much: Option<String>,
        /// For whom.
        #[uniffi(default = None)]
        for_whom: Option<String>,
        /// By when.
        #[uniffi(default = None)]
        by_when: Option<Day>,
    }

    /// What one thinks will happen, said before it is tried.
    Prediction from cop_core::Prediction {
        /// Which.
        id: Uuid,
        /// The question.
        question: String,
        /// What is predicted.
        predicted: String,
        /// Who predicts; nobody for the host itself.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
        /// Made after the trying began: kept, but no prediction in the strict sense.
        late: bool,
        /// What became of it.
        result: Option<PredictionResult>,
    }

    /// What became of a prediction, and what was learned.
    PredictionResult from cop_core::PredictionResult {
        /// Whether it came true.
        outcome: PredictionOutcome,
        /// What was learned.
        learning: String,
        /// Who says so.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
    }

    /// One step of a cycle from a phase to the next, or back.
    PhaseStep from cop_core::PhaseStep {
        /// The how-manieth step, from 1.
        number: u32,
        /// When.
        at: Timestamp,
        /// Who took it; nobody for the host itself.
        by: Option<MemberId>,
        /// The phase it left.
        from: String,
        /// The phase it led to.
        to: String,
        /// Why; required of steps back.
        reason: Option<String>,
    }

    /// What was decided about the change, and why.
    CycleDecision from cop_core::CycleDecision {
        /// What.
        kind: DecisionKind,
        /// Why.
        rationale: String,
        /// Why an adapted change has no successor cycle yet.
        no_successor: Option<String>,
        /// Who decided; nobody for the host itself.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
    }

    /// A stretch of a chart with limits of its own: a human act, with its reason.
    MeasurePhase from cop_core::MeasurePhase {
        /// Its first day.
        starts_on: Day,
        /// The last day that counts towards the limits.
        freeze_after: Option<Day>,
        /// Why the limits change.
        reason: String,
        /// The cycle that explains it.
        cycle: Option<CycleId>,
    }

    /// An observation that does not count, and why.
    Exclusion from cop_core::Exclusion {
        /// Which.
        observation: ObservationId,
        /// Why.
        reason: String,
    }

    /// The span of days that an observation stands for, both included.
    Period like cop_core::Period {
        /// First day.
        starts_on: Day,
        /// Last day.
        ends_on: Day,
    }

    /// A student group, as the program that publishes figures for it numbers it: (`caaspp`, `160`).
    StudentGroup like cop_core::StudentGroup {
        /// Whose numbering, such as `caaspp`.
        program: String,
        /// The group's id in it.
        id: String,
    }

    /// A node of the theory of improvement.
    Goal from cop_core::Goal {
        /// Its id.
        id: GoalId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What it is.
        kind: GoalKind,
        /// The team whose goal it is; none for the whole community's.
        team: Option<TeamId>,
        /// Its title, 1 to 300 characters.
        title: String,
        /// More about it; at most 200,000 characters.
        body: String,
        /// The goals above it.
        parents: Vec<GoalId>,
        /// The school year, required of objectives.
        school_year: Option<String>,
        /// What, how much, for whom, by when; of aims.
        aim: Option<AimStatement>,
        /// The measures that tell whether it is reached.
        measures: Vec<MeasureId>,
        /// Who may read it.
        visibility: Visibility,
        /// Where it stands.
        status: GoalStatus,
        /// The goal that has taken its place.
        superseded_by: Option<GoalId>,
    }

    /// One turn of inquiry of a team.
    Cycle from cop_core::Cycle {
        /// Its id.
        id: CycleId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Whose.
        team: TeamId,
        /// What it turns through.
        kind: CycleKind,
        /// Its phases, in order.
        phases: Vec<String>,
        /// Its title, 1 to 300 characters.
        title: String,
        /// The question, or the research theme of a lesson study.
        question: String,
        /// What one looks through: `UDL`, `equity`, …
        lenses: Vec<String>,
        /// The school year it belongs to.
        school_year: Option<String>,
        /// Its first day.
        starts_on: Option<Day>,
        /// Its last day.
        ends_on: Option<Day>,
        /// The year-long inquiry it is a part of.
        parent: Option<CycleId>,
        /// The cycle that it continues: together they are a ramp.
        previous: Option<CycleId>,
        /// The problem of practice.
        problem: Option<GoalId>,
        /// The change ideas it tests.
        tests: Vec<GoalId>,
        /// The measures it looks at.
        measures: Vec<MeasureId>,
        /// Who leads it.
        lead: Option<MemberId>,
        /// Who takes part.
        participants: Vec<MemberId>,
        /// What was predicted.
        predictions: Vec<Prediction>,
        /// The steps it took.
        steps: Vec<PhaseStep>,
        /// The phase it is in: what the steps amount to.
        phase: String,
        /// What was decided.
        decision: Option<CycleDecision>,
        /// Who may read it.
        visibility: Visibility,
    }

    /// Something that a team tracks.
    Measure from cop_core::Measure {
        /// Its id.
        id: MeasureId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Whose.
        team: TeamId,
        /// Its name, 1 to 200 characters.
        name: String,
        /// What it is for.
        role: MeasureRole,
        /// What exactly is counted, how, by whom.
        operational_definition: String,
        /// What one observation is.
        unit: MeasureUnit,
        /// Which way is better.
        direction: Direction,
        /// What shall be reached, in the measure's own unit (a proportion: 0 to 1).
        target: Option<f64>,
        /// How often it is observed.
        cadence: Option<String>,
        /// How it is charted.
        chart: Option<String>,
        /// The rules by which the chart signals.
        rule_set: Option<String>,
        /// Whether moving ranges beyond their limit are left out once (Nelson 1982).
        screening: bool,
        /// The stretches of its chart.
        phases: Vec<MeasurePhase>,
        /// The observations that do not count.
        exclusions: Vec<Exclusion>,
        /// Whether it counts students, so that small numbers are kept back.
        student_counts: bool,
        /// Who may read it, and its observations.
        visibility: Visibility,
    }

    /// One aggregate data point of a measure.
    ///
    /// Its id is made from the measure, the period, the organization and the student group.
    Observation from cop_core::Observation {
        /// Its id.
        id: ObservationId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Of which measure.
        measure: MeasureId,
        /// The days it stands for.
        period: Period,
        /// Of which organization; none for the whole team's.
        organization: Option<OrganizationId>,
        /// Of which student group; none for all.
        student_group: Option<StudentGroup>,
        /// Of proportions and rates.
        numerator: Option<f64>,
        /// Of proportions and rates.
        denominator: Option<f64>,
        /// Of all other units.
        value: Option<f64>,
        /// Why there is no number.
        missing_reason: Option<String>,
        /// How many people stand behind it.
        n: Option<i64>,
        /// Where it comes from.
        source: String,
    }
}
