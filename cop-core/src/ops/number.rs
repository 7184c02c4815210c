//! The number of an observation: by the rules of its measure's unit, or a reason why there is none.

use std::fmt;

use super::check::Check;
use super::observation::{Correction, NewObservation};
use crate::model::{MissingReason, Observation, Unit};

/// The largest whole number up to which a 64-bit float tells every whole number from the next.
const MOST: f64 = 9_007_199_254_740_992.0;

/// What an observation says: one of its forms, valid for the unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Number {
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
    missing_reason: Option<MissingReason>,
    n: Option<i64>,
}

/// What an input says of it.
pub(super) struct Given<'a> {
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
    missing_reason: Option<&'a String>,
    n: Option<i64>,
}

impl Number {
    /// What this observation says.
    pub fn of(observation: &Observation) -> Self {
        Self {
            numerator: observation.numerator,
            denominator: observation.denominator,
            value: observation.value,
            missing_reason: observation.missing_reason.clone(),
            n: observation.n,
        }
    }

    /// What `given` says, as an observation of this unit.
    pub fn read(check: &mut Check, unit: Unit, given: &Given<'_>) -> Self {
        let missing = given.missing_reason.filter(|reason| !reason.trim().is_empty());
        require_form(check, unit, given, missing.is_some());
        let n = given.n.filter(|&n| n >= 0);
        check.require(n == given.n, "n", "observation.n", "it is not below 0");
        let number = Self {
            numerator: check.number("numerator", given.numerator),
            denominator: check.number("denominator", given.denominator),
            value: check.number("value", given.value),
            missing_reason: check.optional("missing_reason", missing),
            n,
        };
        match unit {
            Unit::Proportion => number.require_proportion(check),
            Unit::Rate => number.require_rate(check),
            Unit::Count | Unit::CountBetween => {
                let whole = number.value.is_none_or(is_count);
                check.require(whole, "value", "observation.whole", "a whole number, not below 0");
            }
            Unit::TimeBetween => {
                let after = number.value.is_none_or(|time| time > 0.0);
                check.require(after, "value", "observation.range", "the time between two events is above 0");
            }
            Unit::Value => {}
        }
        number
    }

    /// The observation that says this.
    pub fn write(self, observation: Observation) -> Observation {
        let Self { numerator, denominator, value, missing_reason, n } = self;
        Observation { numerator, denominator, value, missing_reason, n, ..observation }
    }

    fn require_proportion(&self, check: &mut Check) {
        let (numerator, denominator) = (self.numerator, self.denominator);
        check.require(numerator.is_none_or(is_count), "numerator", "observation.whole", "a whole number, not below 0");
        check.require(
            denominator.is_none_or(is_count),
            "denominator",
            "observation.whole",
            "a whole number, not below 0",
        );
        let some = denominator.is_none_or(|of| !is_count(of) || of >= 1.0);
        check.require(some, "denominator", "observation.range", "a proportion is of at least 1");
        let part = numerator.zip(denominator).is_none_or(|(part, whole)| part <= whole);
        check.require(part, "numerator", "observation.range", "a part is not more than the whole");
    }

    fn require_rate(&self, check: &mut Check) {
        let (numerator, denominator) = (self.numerator, self.denominator);
        check.require(numerator.is_none_or(|n| n >= 0.0), "numerator", "observation.range", "it is not below 0");
        check.require(denominator.is_none_or(|d| d > 0.0), "denominator", "observation.range", "it is above 0");
        let finite = numerator.zip(denominator).is_none_or(|(n, d)| d <= 0.0 || (n / d).is_finite());
        check.require(finite, "numerator", "number.finite", "a rate is finite");
    }
}

/// In words, for findings.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.missing_reason, self.numerator, self.denominator, self.value) {
            (Some(reason), ..) => write!(f, "no number ({reason})")?,
            (None, Some(numerator), Some(denominator), _) => write!(f, "{}/{}", plain(numerator), plain(denominator))?,
            (None, .., value) => f.write_str(&value.map(plain).unwrap_or_default())?,
        }
        self.n.map_or(Ok(()), |n| write!(f, " (n {n})"))
    }
}

impl<'a> From<&'a NewObservation> for Given<'a> {
    fn from(input: &'a NewObservation) -> Self {
        let &NewObservation { numerator, denominator, value, n, ref missing_reason, .. } = input;
        Self { numerator, denominator, value, missing_reason: missing_reason.as_ref(), n }
    }
}

impl<'a> From<&'a Correction> for Given<'a> {
    fn from(input: &'a Correction) -> Self {
        let &Correction { numerator, denominator, value, n, ref missing_reason, .. } = input;
        Self { numerator, denominator, value, missing_reason: missing_reason.as_ref(), n }
    }
}

/// Exactly one form: numerator and denominator, a value, or the reason why there is neither.
fn require_form(check: &mut Check, unit: Unit, given: &Given<'_>, missing: bool) {
    let ratio = [given.numerator.is_some(), given.denominator.is_some()];
    let value = given.value.is_some();
    if missing {
        let alone = ratio == [false, false] && !value && given.n.is_none();
        let detail = "where there is no number, there is none of any kind";
        check.require(alone, "missing_reason", "observation.form", detail);
    } else if matches!(unit, Unit::Proportion | Unit::Rate) {
        let detail = "proportions and rates have a numerator and a denominator, or a reason why not";
        check.require(ratio == [true, true] && !value, "numerator", "observation.form", detail);
    } else {
        let detail = "this unit has a value, or a reason why not";
        check.require(ratio == [false, false] && value, "value", "observation.form", detail);
    }
}

fn is_count(number: f64) -> bool {
    number.fract() == 0.0 && (0.0..=MOST).contains(&number)
}

/// A number without a needless `.0`, and short also where it is very large or small.
fn plain(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
