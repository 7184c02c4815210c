//! Measures: what is tracked, and how its chart is read.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::permit_work;
use super::team::require_not_archived;
use super::visibility::{self, require_within_maximum};
use super::{Decision, new_record};
use crate::error::{Error, Result};
use crate::id::{CycleId, MeasureId, ObservationId, TeamId};
use crate::model::{Cycle, Direction, Exclusion, Measure, MeasurePhase, MeasureRole, Observation, Team, Unit};
use crate::text::{BODY, NAME, TITLE, TextRule};

/// What exactly is counted must be said.
const DEFINITION: TextRule = TextRule { min_chars: 1, ..BODY };

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

/// Changes to a measure; what is none stays, an empty text clears cadence, chart and rule set.
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

pub(super) fn define(decision: &mut Decision<'_>, input: &NewMeasure) -> Result<Measure> {
    let team = decision.subject::<Team>(input.team)?;
    permit_work(decision, team.id)?;
    let mut check = Check::default();
    let name = check.text("name", &input.name, NAME);
    let operational_definition = check.text("operational_definition", &input.operational_definition, DEFINITION);
    let unit = check.value("unit", &input.unit);
    let role = check.optional("role", input.role.as_ref());
    let direction = check.optional("direction", input.direction.as_ref());
    let target = read_target(&mut check, unit, input.target);
    let cadence = check.optional("cadence", input.cadence.as_ref());
    let chart = check.optional("chart", input.chart.as_ref());
    let rule_set = check.optional("rule_set", input.rule_set.as_ref());
    let visibility = check.optional("visibility", input.visibility.as_ref());
    check.input()?;
    let visibility = visibility.unwrap_or_else(|| visibility::of_team(&team));
    decision.see_audience(visibility)?;
    let mut check = Check::default();
    require_not_archived(&mut check, &team);
    require_within_maximum(&mut check, "measure.too_wide", &team, visibility);
    check.state()?;
    let measure = new_record!(
        decision,
        Measure {
            id: decision.new_id().into(),
            team: team.id,
            name,
            role: role.unwrap_or(MeasureRole::Outcome),
            operational_definition,
            unit: unit.unwrap_or(Unit::Value),
            direction: direction.unwrap_or(Direction::Neutral),
            target,
            cadence,
            chart,
            rule_set,
            screening: input.screening.unwrap_or(true),
            phases: BTreeSet::new(),
            exclusions: BTreeSet::new(),
            student_counts: input.student_counts.unwrap_or(true),
            visibility,
        }
    );
    Ok(decision.create(measure))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &MeasureEdit) -> Result<Measure> {
    let before = decision.editable::<Measure>(input.measure)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(name) = &input.name {
        after.name = check.text("name", name, NAME);
    }
    if let Some(definition) = &input.operational_definition {
        after.operational_definition = check.text("operational_definition", definition, DEFINITION);
    }
    if let Some(role) = &input.role {
        after.role = check.value("role", role).unwrap_or(after.role);
    }
    if let Some(direction) = &input.direction {
        after.direction = check.value("direction", direction).unwrap_or(after.direction);
    }
    after.target = read_target(&mut check, Some(after.unit), input.target).or(after.target);
    if input.cadence.is_some() {
        after.cadence = check.optional("cadence", input.cadence.as_ref());
    }
    if input.chart.is_some() {
        after.chart = check.optional("chart", input.chart.as_ref());
    }
    if input.rule_set.is_some() {
        after.rule_set = check.optional("rule_set", input.rule_set.as_ref());
    }
    if let Some(visibility) = &input.visibility {
        after.visibility = check.value("visibility", visibility).unwrap_or(after.visibility);
    }
    check.input()?;
    after.screening = input.screening.unwrap_or(after.screening);
    after.student_counts = input.student_counts.unwrap_or(after.student_counts);
    let mut check = Check::default();
    let kept_back = after.student_counts || !before.student_counts;
    check.require(kept_back, "student_counts", "measure.student_counts", "a measure that counts students stays one");
    visibility::check_change(
        decision,
        &mut check,
        "measure.too_wide",
        after.team,
        before.visibility,
        after.visibility,
    )?;
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn add_phase(decision: &mut Decision<'_>, input: &NewMeasurePhase) -> Result<Measure> {
    let before = decision.editable::<Measure>(input.measure)?;
    let mut check = Check::default();
    check.date("starts_on", Some(input.starts_on));
    check.date("freeze_after", input.freeze_after);
    check.span("freeze_after", Some(input.starts_on), input.freeze_after);
    let reason = check.text("reason", &input.reason, TITLE);
    check.input()?;
    decision.see_named::<Cycle>(input.cycle)?;
    if before.phases.iter().any(|phase| phase.starts_on == input.starts_on) {
        return Err(Error::precondition("starts_on", "measure.phase_exists", "a stretch begins on this day already"));
    }
    let &NewMeasurePhase { starts_on, freeze_after, cycle, .. } = input;
    let mut after = before.clone();
    after.phases.insert(MeasurePhase { starts_on, freeze_after, reason, cycle });
    Ok(decision.change(before, after))
}

pub(super) fn exclude(decision: &mut Decision<'_>, input: &ExclusionOf) -> Result<Measure> {
    let observation = decision.subject::<Observation>(input.observation)?;
    let before = decision.editable::<Measure>(observation.measure)?;
    let mut check = Check::default();
    let reason = check.text("reason", &input.reason, TITLE);
    check.input()?;
    if before.exclusions.iter().any(|exclusion| exclusion.observation == observation.id) {
        return Err(Error::precondition("observation", "measure.excluded", "it is left out already"));
    }
    let mut after = before.clone();
    after.exclusions.insert(Exclusion { observation: observation.id, reason });
    Ok(decision.change(before, after))
}

/// A target that an observation of this unit could reach.
fn read_target(check: &mut Check, unit: Option<Unit>, target: Option<f64>) -> Option<f64> {
    let target = check.number("target", target);
    let reachable = |target: f64| match unit {
        None | Some(Unit::Value) => true,
        Some(Unit::Proportion) => (0.0..=1.0).contains(&target),
        Some(Unit::Rate | Unit::Count | Unit::TimeBetween | Unit::CountBetween) => target >= 0.0,
    };
    let detail = "a proportion is from 0 to 1, and counts, rates and times are not below 0";
    check.require(target.is_none_or(reachable), "target", "measure.target", detail);
    target
}
