//! Observations: aggregate data points. There is no place for a person in them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::permit_work;
use super::number::{Given, Number};
use super::series::{Place, Series, overlapping};
use super::{Decision, new_record};
use crate::access::may_edit;
use crate::error::{Error, Result};
use crate::id::{MeasureId, ObservationId, OrganizationId};
use crate::model::{FindingKind, Measure, Observation, Organization, Period, RecordKind, StudentGroup};
use crate::text::{TAG, TITLE, TextRule};

/// Most observations that are recorded together.
const MAX_LIST: usize = 100_000;
/// Where it comes from may stay unsaid.
const SOURCE: TextRule = TextRule { min_chars: 0, max_chars: 200, multiline: false };

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

pub(super) fn record(decision: &mut Decision<'_>, input: &NewObservation) -> Result<Observation> {
    let measure = decision.subject::<Measure>(input.measure)?;
    permit_work(decision, measure.team)?;
    let mut check = Check::default();
    let observation = read(decision, &mut check, &measure, input);
    check.input()?;
    decision.see_named::<Organization>(input.organization)?;
    let series = Series::of(decision.reads(), measure.id)?;
    let mut check = Check::default();
    let place = require_place(&mut check, &series, &observation);
    check.state()?;
    match place {
        Place::Same(before) => Ok(before.clone()),
        _ => add(decision, observation),
    }
}

pub(super) fn record_all(decision: &mut Decision<'_>, input: &ObservationList) -> Result<Measure> {
    let mut check = Check::default();
    check.length("observations", input.observations.len(), 1, MAX_LIST);
    check.input()?;
    let mut measures: HashMap<MeasureId, Option<Measure>> = HashMap::new();
    for row in &input.observations {
        if let Entry::Vacant(unknown) = measures.entry(row.measure) {
            let measure = decision.visible::<Measure>(row.measure)?;
            measure.as_ref().map_or(Ok(()), |measure| permit_work(decision, measure.team))?;
            unknown.insert(measure);
        }
    }
    let observations = read_all(decision, &measures, input)?;
    let mut series: HashMap<MeasureId, Series> = HashMap::new();
    let mut check = Check::default();
    let mut new = Vec::with_capacity(observations.len());
    for (index, observation) in observations.into_iter().enumerate() {
        let series = match series.entry(observation.measure) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(Series::of(decision.reads(), observation.measure)?),
        };
        let mut row = Check::default();
        if let Place::New = require_place(&mut row, series, &observation) {
            new.push(observation);
        }
        check.item("observations", index, row);
    }
    check.state()?;
    new.into_iter().try_for_each(|observation| add(decision, observation).map(drop))?;
    let subject = input.observations.first().and_then(|row| measures.remove(&row.measure).flatten());
    subject.ok_or_else(|| Error::Internal("every observation has a measure by now".to_owned()))
}

pub(super) fn correct(decision: &mut Decision<'_>, input: &Correction) -> Result<Observation> {
    let before = decision.subject::<Observation>(input.observation)?;
    let measure = decision.subject::<Measure>(before.measure)?;
    let allowed = may_edit(decision.context.viewer, &before.clone().into(), Some(&measure.clone().into()));
    decision.permit(allowed)?;
    let mut check = Check::default();
    let reason = check.text("reason", &input.reason, TITLE);
    let number = Number::read(&mut check, measure.unit, &Given::from(input));
    check.input()?;
    let old = Number::of(&before);
    if old == number {
        return Ok(before);
    }
    let detail = format!("{old} became {number}: {reason}");
    let after = number.write(before.clone());
    let after = decision.change(before, after);
    decision.raise(FindingKind::CorrectedNumber, [after.id.into()], Some(measure.team), detail)?;
    Ok(after)
}

/// The observations of a list, with every problem of every row at once.
fn read_all(
    decision: &Decision<'_>,
    measures: &HashMap<MeasureId, Option<Measure>>,
    input: &ObservationList,
) -> Result<Vec<Observation>> {
    let mut check = Check::default();
    let mut places: HashMap<OrganizationId, bool> = HashMap::new();
    let mut observations = Vec::with_capacity(input.observations.len());
    for (index, raw) in input.observations.iter().enumerate() {
        let mut row = Check::default();
        match measures.get(&raw.measure).and_then(Option::as_ref) {
            Some(measure) => observations.push(read(decision, &mut row, measure, raw)),
            None => row.require(false, "measure", "record.not_found", "there is no such measure"),
        }
        if let Some(id) = raw.organization {
            let there = match places.entry(id) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => *unknown.insert(decision.visible::<Organization>(id)?.is_some()),
            };
            row.require(there, "organization", "record.not_found", "there is no such organization");
        }
        check.item("observations", index, row);
    }
    // Only then is the place of an observation the place of its row.
    if observations.len() == input.observations.len() {
        for index in overlapping(&observations) {
            let field = format!("observations[{index}].period");
            check.require(false, &field, "observation.overlap", "another row of the series has a day of its period");
        }
    }
    check.input()?;
    Ok(observations)
}

fn read(decision: &Decision<'_>, check: &mut Check, measure: &Measure, input: &NewObservation) -> Observation {
    let period = input.period;
    check.date("period.starts_on", Some(period.starts_on));
    check.date("period.ends_on", Some(period.ends_on));
    check.span("period.ends_on", Some(period.starts_on), Some(period.ends_on));
    let student_group = input.student_group.as_ref().map(|group| StudentGroup {
        program: check.text("student_group.program", &group.program, TAG),
        id: check.text("student_group.id", &group.id, TAG),
    });
    let source = check.text("source", &input.source, SOURCE);
    let number = Number::read(check, measure.unit, &Given::from(input));
    number.write(new_record!(
        decision,
        Observation {
            id: Observation::id_of(measure.id, period, input.organization, student_group.as_ref()),
            measure: measure.id,
            period,
            organization: input.organization,
            student_group,
            numerator: None,
            denominator: None,
            value: None,
            missing_reason: None,
            n: None,
            source,
        }
    ))
}

fn require_place<'a>(check: &mut Check, series: &'a Series, observation: &Observation) -> Place<'a> {
    let place = series.place(observation);
    let detail = "there is another number for this period: correct it, with a reason";
    check.require(!matches!(place, Place::Another), "period", "observation.exists", detail);
    let detail = "another observation of the series has a day of this period";
    check.require(!matches!(place, Place::Overlapping), "period", "observation.overlap", detail);
    place
}

fn add(decision: &mut Decision<'_>, observation: Observation) -> Result<Observation> {
    let gone = decision.reads().kept(RecordKind::Observation, observation.id.uuid())?;
    decision.create_over(gone, observation)
}
