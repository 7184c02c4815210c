//! Cycles of inquiry: each phase is left forward when its guard holds, or back with a reason.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CycleRef, Decision};
use crate::error::{Error, Result};
use crate::id::{CycleId, GoalId, MeasureId, MemberId, TeamId};
use crate::model::Cycle;

/// A cycle to be started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCycle {
    /// The team that runs it.
    pub team: TeamId,
    /// `pdsa`, `lesson_study`, `action_research`, `design_thinking`, `inquiry` or `custom`.
    pub kind: String,
    /// Its title, 1 to 300 characters.
    pub title: String,
    /// The phases of a custom cycle, 1 to 12 codes in order.
    #[serde(default)]
    pub phases: Vec<String>,
    /// The question, or the research theme of a lesson study.
    #[serde(default)]
    pub question: String,
    /// What one looks through: `UDL`, `equity`, …
    #[serde(default)]
    pub lenses: Vec<String>,
    /// The school year, such as `2021-22`.
    #[serde(default)]
    pub school_year: Option<String>,
    /// Its first day.
    #[serde(default)]
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// The year-long inquiry it is a part of.
    #[serde(default)]
    pub parent: Option<CycleId>,
    /// The cycle that it continues.
    #[serde(default)]
    pub previous: Option<CycleId>,
    /// The problem of practice.
    #[serde(default)]
    pub problem: Option<GoalId>,
    /// The change ideas it tests.
    #[serde(default)]
    pub tests: Vec<GoalId>,
    /// The measures it looks at.
    #[serde(default)]
    pub measures: Vec<MeasureId>,
    /// Who leads it; the member who starts it, unless said.
    #[serde(default)]
    pub lead: Option<MemberId>,
    /// Who takes part.
    #[serde(default)]
    pub participants: Vec<MemberId>,
    /// Who may read it: the team, unless said.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl NewCycle {
    /// A cycle of this team, kind and title.
    pub fn new(team: TeamId, kind: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            team,
            kind: kind.into(),
            title: title.into(),
            phases: Vec::new(),
            question: String::new(),
            lenses: Vec::new(),
            school_year: None,
            starts_on: None,
            ends_on: None,
            parent: None,
            previous: None,
            problem: None,
            tests: Vec::new(),
            measures: Vec::new(),
            lead: None,
            participants: Vec::new(),
            visibility: None,
        }
    }

    /// Its first day.
    #[must_use]
    pub fn starting(mut self, day: NaiveDate) -> Self {
        self.starts_on = Some(day);
        self
    }

    /// The question, or the research theme.
    #[must_use]
    pub fn with_question(mut self, question: impl Into<String>) -> Self {
        self.question = question.into();
        self
    }

    /// What one looks through.
    #[must_use]
    pub fn with_lens(mut self, lens: impl Into<String>) -> Self {
        self.lenses.push(lens.into());
        self
    }

    /// The year-long inquiry it is a part of.
    #[must_use]
    pub fn within(mut self, parent: CycleId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// The cycle that it continues.
    #[must_use]
    pub fn after(mut self, previous: CycleId) -> Self {
        self.previous = Some(previous);
        self
    }

    /// The problem of practice.
    #[must_use]
    pub fn with_problem(mut self, problem: GoalId) -> Self {
        self.problem = Some(problem);
        self
    }

    /// A change idea it tests.
    #[must_use]
    pub fn testing(mut self, idea: GoalId) -> Self {
        self.tests.push(idea);
        self
    }

    /// A measure it looks at.
    #[must_use]
    pub fn with_measure(mut self, measure: MeasureId) -> Self {
        self.measures.push(measure);
        self
    }

    /// Who takes part.
    #[must_use]
    pub fn with_participant(mut self, member: MemberId) -> Self {
        self.participants.push(member);
        self
    }
}

/// Changes to a cycle; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleEdit {
    /// Which.
    pub cycle: CycleId,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// The question, or the research theme.
    #[serde(default)]
    pub question: Option<String>,
    /// All lenses.
    #[serde(default)]
    pub lenses: Option<Vec<String>>,
    /// Its school year; an empty text clears it.
    #[serde(default)]
    pub school_year: Option<String>,
    /// Its first day.
    #[serde(default)]
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// The problem of practice.
    #[serde(default)]
    pub problem: Option<GoalId>,
    /// All change ideas it tests.
    #[serde(default)]
    pub tests: Option<Vec<GoalId>>,
    /// All measures it looks at.
    #[serde(default)]
    pub measures: Option<Vec<MeasureId>>,
    /// Who leads it.
    #[serde(default)]
    pub lead: Option<MemberId>,
    /// All who take part.
    #[serde(default)]
    pub participants: Option<Vec<MemberId>>,
    /// Who may read it.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl CycleEdit {
    /// No changes yet.
    pub fn new(cycle: CycleId) -> Self {
        Self {
            cycle,
            title: None,
            question: None,
            lenses: None,
            school_year: None,
            starts_on: None,
            ends_on: None,
            problem: None,
            tests: None,
            measures: None,
            lead: None,
            participants: None,
            visibility: None,
        }
    }
}

/// What one thinks will happen in a cycle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPrediction {
    /// In which cycle.
    pub cycle: CycleId,
    /// The question, 1 to 300 characters.
    pub question: String,
    /// What is predicted, 1 to 300 characters.
    pub predicted: String,
}

/// What became of a prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultOf {
    /// In which cycle.
    pub cycle: CycleId,
    /// Of which prediction.
    pub prediction: Uuid,
    /// `confirmed`, `refuted` or `unclear`.
    pub outcome: String,
    /// What was learned.
    pub learning: String,
}

/// A step of a cycle back to the phase before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepBack {
    /// Which cycle.
    pub cycle: CycleId,
    /// Why, 1 to 300 characters.
    pub reason: String,
}

/// What is decided about the change that a cycle tested.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionOf {
    /// Of which cycle.
    pub cycle: CycleId,
    /// `adopt`, `adapt`, `abandon` or `inconclusive`.
    pub kind: String,
    /// Why.
    pub rationale: String,
    /// Why an adapted change has no successor cycle.
    #[serde(default)]
    pub no_successor: Option<String>,
}

pub(super) fn start(_: &mut Decision<'_>, _: &NewCycle) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &CycleEdit) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn predict(_: &mut Decision<'_>, _: &NewPrediction) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn record_result(_: &mut Decision<'_>, _: &ResultOf) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn advance(_: &mut Decision<'_>, _: &CycleRef) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn step_back(_: &mut Decision<'_>, _: &StepBack) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn decide(_: &mut Decision<'_>, _: &DecisionOf) -> Result<Cycle> {
    Err(Error::Unsupported("not yet".to_owned()))
}
