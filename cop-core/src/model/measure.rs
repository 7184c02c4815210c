//! Measures and their observations: aggregates of what is tracked, never a student's record.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{CycleId, MeasureId, ObservationId, OrganizationId, TeamId};
use crate::model::record::{closed, json_columns, record, vocabulary};
use crate::model::visibility::Visibility;

closed! {
    /// What a measure is for (Langley et al. 2009).
    MeasureRole {
        /// Whether the aim is met.
        Outcome = "outcome",
        /// Whether the change happens.
        Process = "process",
        /// Whether something else gets worse.
        Balancing = "balancing",
        /// What else matters.
        Context = "context",
    }
}

closed! {
    /// What one observation is.
    Unit {
        /// A number.
        Value = "value",
        /// So many of so many: 0 ≤ numerator ≤ denominator, denominator ≥ 1, both whole.
        Proportion = "proportion",
        /// So much per so much: numerator ≥ 0, denominator > 0.
        Rate = "rate",
        /// How many: a whole number ≥ 0.
        Count = "count",
        /// The time between two events: > 0.
        TimeBetween = "time_between",
        /// The cases between two events: a whole number ≥ 0.
        CountBetween = "count_between",
    }
}

closed! {
    /// Which way is better.
    Direction {
        /// Up.
        Increase = "increase",
        /// Down.
        Decrease = "decrease",
        /// Neither.
        Neutral = "neutral",
    }
}

vocabulary! {
    /// How often it is observed.
    Cadence {
        /// Every day.
        Daily = "daily",
        /// Every week.
        Weekly = "weekly",
        /// Every month.
        Monthly = "monthly",
        /// Every quarter.
        Quarterly = "quarterly",
        /// Every term.
        Termly = "termly",
        /// Every school year.
        Yearly = "yearly",
    }
}

vocabulary! {
    /// How it is charted.
    ChartKind {
        /// A run chart.
        Run = "run",
        /// Individuals.
        I = "i",
        /// Moving ranges.
        Mr = "mr",
        /// Individuals, for unequal denominators.
        IPrime = "i_prime",
        /// Proportions.
        P = "p",
        /// Proportions, corrected for overdispersion.
        PPrime = "p_prime",
        /// Counts.
        C = "c",
        /// Rates.
        U = "u",
        /// Rates, corrected for overdispersion.
        UPrime = "u_prime",
        /// Cases between events.
        G = "g",
        /// Times between events.
        T = "t",
    }
}

vocabulary! {
    /// The rules by which a chart signals.
    RuleSet {
        /// Longest run and crossings (Anhøj & Olesen 2014).
        Anhoej = "anhoej",
        /// Run chart rules (Perla, Provost & Murray 2011).
        IhiRun = "ihi_run",
        /// Making Data Count (NHS England).
        MakingDataCount = "making_data_count",
        /// Shewhart chart rules (Institute for Healthcare Improvement).
        IhiShewhart = "ihi_shewhart",
        /// Eight tests (Nelson 1984).
        Nelson = "nelson",
    }
}

vocabulary! {
    /// Why there is no number.
    MissingReason {
        /// Too few people to be shown.
        Suppressed = "suppressed",
        /// Nobody counted.
        NotCollected = "not_collected",
        /// There was nothing to count.
        NotApplicable = "not_applicable",
    }
}

/// A stretch of a chart with limits of its own: a human act, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MeasurePhase {
    /// Its first day.
    pub starts_on: NaiveDate,
    /// The last day that counts towards the limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze_after: Option<NaiveDate>,
    /// Why the limits change.
    pub reason: String,
    /// The cycle that explains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<CycleId>,
}

/// An observation that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exclusion {
    /// Which.
    pub observation: ObservationId,
    /// Why.
    pub reason: String,
}

/// The span of days that an observation stands for, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

impl Period {
    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.starts_on <= other.ends_on && other.starts_on <= self.ends_on
    }
}

/// A student group, as the program that publishes figures for it numbers it: (`caaspp`, `160`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudentGroup {
    /// Whose numbering, such as `caaspp`.
    pub program: String,
    /// The group's id in it.
    pub id: String,
}
json_columns!(Period, StudentGroup);

record! {
    /// Something that a team tracks.
    Measure(MeasureId) {
        /// Whose.
        team: TeamId = Immutable,
        /// Its name, 1 to 200 characters.
        name: String = Register,
        /// What it is for.
        role: MeasureRole = Register,
        /// What exactly is counted, how, by whom.
        operational_definition: String = Register,
        /// What one observation is.
        unit: Unit = Immutable,
        /// Which way is better.
        direction: Direction = Register,
        /// What shall be reached, in the measure's own unit (a proportion: 0 to 1).
        target: Option<f64> = Register,
        /// How often it is observed.
        cadence: Option<Cadence> = Register,
        /// How it is charted.
        chart: Option<ChartKind> = Register,
        /// The rules by which the chart signals.
        rule_set: Option<RuleSet> = Register,
        /// Whether moving ranges beyond their limit are left out once (Nelson 1982).
        screening: bool = Register,
        /// The stretches of its chart.
        phases: BTreeSet<MeasurePhase> = Append,
        /// The observations that do not count.
        exclusions: BTreeSet<Exclusion> = Append,
        /// Whether it counts students, so that small numbers are kept back.
        student_counts: bool = Register,
        /// Who may read it, and its observations.
        visibility: Visibility = Register,
    }
}

record! {
    /// One aggregate data point of a measure.
    ///
    /// Its id is made from the measure, the period, the organization and the student group.
    Observation(ObservationId) {
        /// Of which measure.
        measure: MeasureId = Immutable,
        /// The days it stands for.
        period: Period = Immutable,
        /// Of which organization; none for the whole team's.
        organization: Option<OrganizationId> = Immutable,
        /// Of which student group; none for all.
        student_group: Option<StudentGroup> = Immutable,
        /// Of proportions and rates.
        numerator: Option<f64> = Register,
        /// Of proportions and rates.
        denominator: Option<f64> = Register,
        /// Of all other units.
        value: Option<f64> = Register,
        /// Why there is no number.
        missing_reason: Option<MissingReason> = Register,
        /// How many people stand behind it.
        n: Option<i64> = Register,
        /// Where it comes from.
        source: String = Register,
    }
}

impl Observation {
    /// The id of the observation of this measure, period, organization and student group.
    pub fn id_of(
        measure: MeasureId,
        period: Period,
        organization: Option<OrganizationId>,
        group: Option<&StudentGroup>,
    ) -> ObservationId {
        let organization = organization.map(|id| id.to_string()).unwrap_or_default();
        let group = group.map(|group| format!("{}\n{}", group.program, group.id)).unwrap_or_default();
        let key = format!("observation:{measure}:{}/{}:{organization}:{group}", period.starts_on, period.ends_on);
        ObservationId::new(crate::id::natural(&key))
    }

    /// The number it stands for: the value, or numerator by denominator; none where it is missing.
    pub fn number(&self) -> Option<f64> {
        match (self.numerator, self.denominator) {
            (Some(numerator), Some(denominator)) => Some(numerator / denominator),
            _ => self.value,
        }
    }
}
