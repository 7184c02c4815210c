//! Measures: what is tracked, and how its chart is read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Decision;
use crate::error::{Error, Result};
use crate::id::{CycleId, MeasureId, ObservationId, TeamId};
use crate::model::Measure;

/// A measure to be defined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMeasure {
    /// The team that tracks it.
    pub team: TeamId,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// What exactly is counted, how, by whom; required.
    pub operational_definition: String,
    /// `value`, `proportion`, `rate`, `count`, `time_between` or `count_between`.
    pub unit: String,
    /// `outcome` (unless said), `process`, `balancing` or `context`.
    #[serde(default)]
    pub role: Option<String>,
    /// `increase`, `decrease` or `neutral` (unless said).
    #[serde(default)]
    pub direction: Option<String>,
    /// What shall be reached, in the measure's own unit (a proportion: 0 to 1).
    #[serde(default)]
    pub target: Option<f64>,
    /// `daily`, `weekly`, `monthly`, `quarterly`, `termly`, `yearly` or a code of your own.
    #[serde(default)]
    pub cadence: Option<String>,
    /// `run`, `i`, `mr`, `i_prime`, `p`, `p_prime`, `c`, `u`, `u_prime`, `g`, `t`.
    #[serde(default)]
    pub chart: Option<String>,
    /// `anhoej`, `ihi_run`, `making_data_count`, `ihi_shewhart`, `nelson`.
    #[serde(default)]
    pub rule_set: Option<String>,
    /// Whether moving ranges beyond their limit are left out once; yes unless said.
    #[serde(default)]
    pub screening: Option<bool>,
    /// Whether it counts students, so that small numbers are kept back; yes unless said.
    #[serde(default)]
    pub student_counts: Option<bool>,
    /// Who may read it: the team, unless said.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl NewMeasure {
    /// A measure of this team, with a name, an operational definition and a unit.
    pub fn new(
        team: TeamId,
        name: impl Into<String>,
        operational_definition: impl Into<String>,
        unit: impl Into<String>,
    ) -> Self {
        Self {
            team,
            name: name.into(),
            operational_definition: operational_definition.into(),
            unit: unit.into(),
            role: None,
            direction: None,
            target: None,
            cadence: None,
            chart: None,
            rule_set: None,
            screening: None,
            student_counts: None,
            visibility: None,
        }
    }

    /// What it is for.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Which way is better, and what shall be reached.
    #[must_use]
    pub fn with_target(mut self, direction: impl Into<String>, target: f64) -> Self {
        self.direction = Some(direction.into());
        self.target = Some(target);
        self
    }
}

/// Changes to a measure; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureEdit {
    /// Which.
    pub measure: MeasureId,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What exactly is counted.
    #[serde(default)]
    pub operational_definition: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub role: Option<String>,
    /// Which way is better.
    #[serde(default)]
    pub direction: Option<String>,
    /// What shall be reached.
    #[serde(default)]
    pub target: Option<f64>,
    /// How often it is observed.
    #[serde(default)]
    pub cadence: Option<String>,
    /// How it is charted.
    #[serde(default)]
    pub chart: Option<String>,
    /// The rules by which the chart signals.
    #[serde(default)]
    pub rule_set: Option<String>,
    /// Whether moving ranges beyond their limit are left out once.
    #[serde(default)]
    pub screening: Option<bool>,
    /// Whether it counts students. Once said, it stays so.
    #[serde(default)]
    pub student_counts: Option<bool>,
    /// Who may read it, and its observations.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl MeasureEdit {
    /// No changes yet.
    pub fn new(measure: MeasureId) -> Self {
        Self {
            measure,
            name: None,
            operational_definition: None,
            role: None,
            direction: None,
            target: None,
            cadence: None,
            chart: None,
            rule_set: None,
            screening: None,
            student_counts: None,
            visibility: None,
        }
    }
}

/// A stretch of a measure's chart with limits of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMeasurePhase {
    /// Of which measure.
    pub measure: MeasureId,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Why the limits change, 1 to 300 characters.
    pub reason: String,
    /// The last day that counts towards the limits.
    #[serde(default)]
    pub freeze_after: Option<NaiveDate>,
    /// The cycle that explains it.
    #[serde(default)]
    pub cycle: Option<CycleId>,
}

/// An observation that shall not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionOf {
    /// Which.
    pub observation: ObservationId,
    /// Why, 1 to 300 characters.
    pub reason: String,
}

pub(super) fn define(_: &mut Decision<'_>, _: &NewMeasure) -> Result<Measure> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &MeasureEdit) -> Result<Measure> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn add_phase(_: &mut Decision<'_>, _: &NewMeasurePhase) -> Result<Measure> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn exclude(_: &mut Decision<'_>, _: &ExclusionOf) -> Result<Measure> {
    Err(Error::Unsupported("not yet".to_owned()))
}
