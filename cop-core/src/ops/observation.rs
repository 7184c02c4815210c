//! Observations: aggregate data points. There is no place for a person in them.

use serde::{Deserialize, Serialize};

use super::Decision;
use crate::error::{Error, Result};
use crate::id::{MeasureId, ObservationId, OrganizationId};
use crate::model::{Measure, Observation, Period, StudentGroup};

/// What was observed in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewObservation {
    /// Of which measure.
    pub measure: MeasureId,
    /// The days it stands for.
    pub period: Period,
    /// Of which organization; none for the whole team's.
    #[serde(default)]
    pub organization: Option<OrganizationId>,
    /// Of which student group; none for all.
    #[serde(default)]
    pub student_group: Option<StudentGroup>,
    /// Of proportions and rates.
    #[serde(default)]
    pub numerator: Option<f64>,
    /// Of proportions and rates.
    #[serde(default)]
    pub denominator: Option<f64>,
    /// Of all other units.
    #[serde(default)]
    pub value: Option<f64>,
    /// Why there is no number: `suppressed`, `not_collected`, `not_applicable` or a code of your own.
    #[serde(default)]
    pub missing_reason: Option<String>,
    /// How many people stand behind it.
    #[serde(default)]
    pub n: Option<i64>,
    /// Where it comes from, at most 200 characters.
    #[serde(default)]
    pub source: String,
}

impl NewObservation {
    /// An observation of this measure and period, without a number yet.
    pub fn new(measure: MeasureId, period: Period) -> Self {
        Self {
            measure,
            period,
            organization: None,
            student_group: None,
            numerator: None,
            denominator: None,
            value: None,
            missing_reason: None,
            n: None,
            source: String::new(),
        }
    }

    /// The number.
    #[must_use]
    pub fn with_value(mut self, value: f64) -> Self {
        self.value = Some(value);
        self
    }

    /// So many of so many.
    #[must_use]
    pub fn with_ratio(mut self, numerator: f64, denominator: f64) -> Self {
        (self.numerator, self.denominator) = (Some(numerator), Some(denominator));
        self
    }
}

/// Several observations, recorded together: all or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservationList {
    /// The observations, 1 to 100,000.
    pub observations: Vec<NewObservation>,
}

/// A number that was wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Of which observation.
    pub observation: ObservationId,
    /// Why it is corrected, 1 to 300 characters.
    pub reason: String,
    /// Of proportions and rates.
    #[serde(default)]
    pub numerator: Option<f64>,
    /// Of proportions and rates.
    #[serde(default)]
    pub denominator: Option<f64>,
    /// Of all other units.
    #[serde(default)]
    pub value: Option<f64>,
    /// Why there is no number.
    #[serde(default)]
    pub missing_reason: Option<String>,
    /// How many people stand behind it.
    #[serde(default)]
    pub n: Option<i64>,
}

pub(super) fn record(_: &mut Decision<'_>, _: &NewObservation) -> Result<Observation> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn record_all(_: &mut Decision<'_>, _: &ObservationList) -> Result<Measure> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn correct(_: &mut Decision<'_>, _: &Correction) -> Result<Observation> {
    Err(Error::Unsupported("not yet".to_owned()))
}
