//! Goals, cycles, measures and observations to be written.

use crate::record::{AimStatement, Period, StudentGroup};
use crate::value::{
    CycleId, Day, GoalId, MeasureId, MemberId, ObservationId, OrganizationId, TeamId, Visibility, conversion, records,
};
use crate::vocabulary::{CycleKind, Direction, GoalKind, MeasureRole, MeasureUnit};

records! {
    /// A goal to be added.
    NewGoal into cop_core::NewGoal {
        /// What it is in the theory of improvement.
        kind: GoalKind,
        /// Its title, 1 to 300 characters.
        title: String,
        /// More about it.
        #[uniffi(default = "")]
        body: String,
        /// The team whose goal it is; none for the whole community's.
        #[uniffi(default = None)]
        team: Option<TeamId>,
        /// The goals above it.
        #[uniffi(default = [])]
        parents: Vec<GoalId>,
        /// The school year, such as `2021-22`; required of objectives.
        #[uniffi(default = None)]
        school_year: Option<String>,
        /// What, how much, for whom, by when; of aims.
        #[uniffi(default = None)]
        aim: Option<AimStatement>,
        /// The measures that tell whether it is reached.
        #[uniffi(default = [])]
        measures: Vec<MeasureId>,
        /// Who may read it: the team, or the community where it has none, unless said.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// Changes to a goal; what is none stays.
    GoalEdit into cop_core::GoalEdit {
        /// Which.
        goal: GoalId,
        /// Its title.
        #[uniffi(default = None)]
        title: Option<String>,
        /// More about it.
        #[uniffi(default = None)]
        body: Option<String>,
        /// Its school year; an empty text clears it.
        #[uniffi(default = None)]
        school_year: Option<String>,
        /// What an aim says.
        #[uniffi(default = None)]
        aim: Option<AimStatement>,
        /// All measures.
        #[uniffi(default = None)]
        measures: Option<Vec<MeasureId>>,
        /// Who may read it.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// A cycle to be started.
    NewCycle into cop_core::NewCycle {
        /// The team that runs it.
        team: TeamId,
        /// What it turns through.
        kind: CycleKind,
        /// Its title, 1 to 300 characters.
        title: String,
        /// The phases of a custom cycle, 1 to 12 codes in order.
        #[uniffi(default = [])]
        phases: Vec<String>,
        /// The question, or the research theme of a lesson study.
        #[uniffi(default = "")]
        question: String,
        /// What one looks through: `UDL`, `equity`, …
        #[uniffi(default = [])]
        lenses: Vec<String>,
        /// The school year, such as `2021-22`.
        #[uniffi(default = None)]
        school_year: Option<String>,
        /// Its first day.
        #[uniffi(default = None)]
        starts_on: Option<Day>,
        /// Its last day.
        #[uniffi(default = None)]
        ends_on: Option<Day>,
        /// The year-long inquiry it is a part of.
        #[uniffi(default = None)]
        parent: Option<CycleId>,
        /// The cycle that it continues.
        #[uniffi(default = None)]
        previous: Option<CycleId>,
        /// The problem of practice.
        #[uniffi(default = None)]
        problem: Option<GoalId>,
        /// The change ideas it tests.
        #[uniffi(default = [])]
        tests: Vec<GoalId>,
        /// The measures it looks at.
        #[uniffi(default = [])]
        measures: Vec<MeasureId>,
        /// Who leads it; the member who starts it, unless said.
        #[uniffi(default = None)]
        lead: Option<MemberId>,
        /// Who takes part.
        #[uniffi(default = [])]
        participants: Vec<MemberId>,
        /// Who may read it: the team, unless said.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// Changes to a cycle; what is none stays.
    CycleEdit into cop_core::CycleEdit {
        /// Which.
        cycle: CycleId,
        /// Its title.
        #[uniffi(default = None)]
        title: Option<String>,
        /// The question, or the research theme.
        #[uniffi(default = None)]
        question: Option<String>,
        /// All lenses.
        #[uniffi(default = None)]
        lenses: Option<Vec<String>>,
        /// Its school year; an empty text clears it.
        #[uniffi(default = None)]
        school_year: Option<String>,
        /// Its first day.
        #[uniffi(default = None)]
        starts_on: Option<Day>,
        /// Its last day.
        #[uniffi(default = None)]
        ends_on: Option<Day>,
        /// The problem of practice.
        #[uniffi(default = None)]
        problem: Option<GoalId>,
        /// All change ideas it tests.
        #[uniffi(default = None)]
        tests: Option<Vec<GoalId>>,
        /// All measures it looks at.
        #[uniffi(default = None)]
        measures: Option<Vec<MeasureId>>,
        /// Who leads it.
        #[uniffi(default = None)]
        lead: Option<MemberId>,
        /// All who take part.
        #[uniffi(default = None)]
        participants: Option<Vec<MemberId>>,
        /// Who may read it.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// A measure to be defined.
    NewMeasure into cop_core::NewMeasure {
        /// The team that tracks it.
        team: TeamId,
        /// Its name, 1 to 200 characters.
        name: String,
        /// What exactly is counted, how, by whom; required.
        operational_definition: String,
        /// What one observation is.
        unit: MeasureUnit,
        /// What it is for: an outcome unless said.
        #[uniffi(default = None)]
        role: Option<MeasureRole>,
        /// Which way is better: neither unless said.
        #[uniffi(default = None)]
        direction: Option<Direction>,
        /// What shall be reached, in the measure's own unit (a proportion: 0 to 1).
        #[uniffi(default = None)]
        target: Option<f64>,
        /// `daily`, `weekly`, `monthly`, `quarterly`, `termly`, `yearly` or a code of your own.
        #[uniffi(default = None)]
        cadence: Option<String>,
        /// `run`, `i`, `mr`, `i_prime`, `p`, `p_prime`, `c`, `u`, `u_prime`, `g`, `t`.
        #[uniffi(default = None)]
        chart: Option<String>,
        /// `anhoej`, `ihi_run`, `making_data_count`, `ihi_shewhart`, `nelson`.
        #[uniffi(default = None)]
        rule_set: Option<String>,
        /// Whether moving ranges beyond their limit are left out once; yes unless said.
        #[uniffi(default = None)]
        screening: Option<bool>,
        /// Whether it counts students, so that small numbers are kept back; yes unless said.
        #[uniffi(default = None)]
        student_counts: Option<bool>,
        /// Who may read it: the team, unless said.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// Changes to a measure; what is none stays, an empty text clears cadence, chart and rule set.
    MeasureEdit into cop_core::MeasureEdit {
        /// Which.
        measure: MeasureId,
        /// Its name.
        #[uniffi(default = None)]
        name: Option<String>,
        /// What exactly is counted.
        #[uniffi(default = None)]
        operational_definition: Option<String>,
        /// What it is for.
        #[uniffi(default = None)]
        role: Option<MeasureRole>,
        /// Which way is better.
        #[uniffi(default = None)]
        direction: Option<Direction>,
        /// What shall be reached.
        #[uniffi(default = None)]
        target: Option<f64>,
        /// How often it is observed.
        #[uniffi(default = None)]
        cadence: Option<String>,
        /// How it is charted.
        #[uniffi(default = None)]
        chart: Option<String>,
        /// The rules by which the chart signals.
        #[uniffi(default = None)]
        rule_set: Option<String>,
        /// Whether moving ranges beyond their limit are left out once.
        #[uniffi(default = None)]
        screening: Option<bool>,
        /// Whether it counts students. Once said, it stays so.
        #[uniffi(default = None)]
        student_counts: Option<bool>,
        /// Who may read it, and its observations.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// A stretch of a measure's chart with limits of its own.
    NewMeasurePhase into cop_core::NewMeasurePhase {
        /// Of which measure.
        measure: MeasureId,
        /// Its first day.
        starts_on: Day,
        /// Why the limits change, 1 to 300 characters.
        reason: String,
        /// The last day that counts towards the limits.
        #[uniffi(default = None)]
        freeze_after: Option<Day>,
        /// The cycle that explains it.
        #[uniffi(default = None)]
        cycle: Option<CycleId>,
    }

    /// What was observed in a period.
    NewObservation into cop_core::NewObservation {
        /// Of which measure.
        measure: MeasureId,
        /// The days it stands for.
        period: Period,
        /// Of which organization; none for the whole team's.
        #[uniffi(default = None)]
        organization: Option<OrganizationId>,
        /// Of which student group; none for all.
        #[uniffi(default = None)]
        student_group: Option<StudentGroup>,
        /// Of proportions and rates.
        #[uniffi(default = None)]
        numerator: Option<f64>,
        /// Of proportions and rates.
        #[uniffi(default = None)]
        denominator: Option<f64>,
        /// Of all other units.
        #[uniffi(default = None)]
        value: Option<f64>,
        /// Why there is no number: `suppressed`, `not_collected`, `not_applicable` or a code of your own.
        #[uniffi(default = None)]
        missing_reason: Option<String>,
        /// How many people stand behind it.
        #[uniffi(default = None)]
        n: Option<i64>,
        /// Where it comes from, at most 200 characters.
        #[uniffi(default = "")]
        source: String,
    }

    /// A number that was wrong.
    Correction into cop_core::Correction {
        /// Of which observation.
        observation: ObservationId,
        /// Why it is corrected, 1 to 300 characters.
        reason: String,
        /// Of proportions and rates.
        #[uniffi(default = None)]
        numerator: Option<f64>,
        /// Of proportions and rates.
        #[uniffi(default = None)]
        denominator: Option<f64>,
        /// Of all other units.
        #[uniffi(default = None)]
        value: Option<f64>,
        /// Why there is no number.
        #[uniffi(default = None)]
        missing_reason: Option<String>,
        /// How many people stand behind it.
        #[uniffi(default = None)]
        n: Option<i64>,
    }
}
