//! Cycles of inquiry: started and planned here; their steps, predictions and guards have files of their own.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::{permit_work, see_participants, see_worker, usual_lead};
use super::team::require_not_archived;
use super::{Decision, new_record, visibility};
use crate::error::Result;
use crate::id::{CycleId, GoalId, MeasureId, MemberId, TeamId};
use crate::model::values::is_code;
use crate::model::{Cycle, CycleKind, Goal, GoalKind, Measure, Phase, Team, TeamState, Visibility, phase_after};
use crate::text::{BODY, TITLE};

/// Most items of any list of a cycle.
const MAX_ITEMS: usize = 200;
/// Most phases of a custom cycle.
const MAX_PHASES: usize = 12;

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

pub(super) fn start(decision: &mut Decision<'_>, input: &NewCycle) -> Result<Cycle> {
    let team = decision.subject::<Team>(input.team)?;
    permit_work(decision, team.id)?;
    let mut check = Check::default();
    let kind: Option<CycleKind> = check.value("kind", &input.kind);
    let phases = read_phases(&mut check, kind, &input.phases);
    let title = check.text("title", &input.title, TITLE);
    let question = check.text("question", &input.question, BODY);
    let lenses = read_lenses(&mut check, &input.lenses);
    let school_year = check.optional("school_year", input.school_year.as_ref());
    let starts_on = check.date("starts_on", input.starts_on);
    let ends_on = check.date("ends_on", input.ends_on);
    check.span("ends_on", starts_on, ends_on);
    let visibility: Option<Visibility> = check.optional("visibility", input.visibility.as_ref());
    check.at_most("tests", &input.tests, MAX_ITEMS);
    check.at_most("measures", &input.measures, MAX_ITEMS);
    check.at_most("participants", &input.participants, MAX_ITEMS);
    check.input()?;

    let mut check = Check::default();
    let kind = kind.unwrap_or(CycleKind::Pdsa);
    require_not_archived(&mut check, &team);
    // An inquiry gathers its team: its first guard asks for what the team must be.
    let works = team.state != TeamState::Forming || kind == CycleKind::Inquiry;
    check.require(works, "team", "team.forming", "the team has not started its work yet");
    let cycle = new_record!(
        decision,
        Cycle {
            id: decision.new_id().into(),
            team: team.id,
            kind,
            phase: phase_after(&phases, &BTreeSet::new()),
            phases,
            title,
            question,
            lenses,
            school_year,
            starts_on,
            ends_on,
            parent: input.parent,
            previous: input.previous,
            problem: see_problem(decision, &mut check, input.problem)?,
            tests: see_tests(decision, &mut check, &input.tests, &BTreeSet::new())?,
            measures: decision.see_new::<Measure>(&input.measures, &BTreeSet::new())?,
            lead: match input.lead {
                Some(lead) => Some(see_worker(decision, &mut check, "lead", team.id, lead)?),
                None => usual_lead(decision, team.id)?,
            },
            participants: see_participants(decision, &mut check, team.id, &input.participants, &BTreeSet::new())?,
            predictions: BTreeSet::new(),
            steps: BTreeSet::new(),
            decision: None,
            visibility: visibility.unwrap_or_else(|| visibility::of_team(&team)),
        }
    );
    decision.see_audience(cycle.visibility)?;
    visibility::require_within_maximum(&mut check, "cycle.too_wide", &team, cycle.visibility);
    if let Some(parent) = input.parent {
        let parent = decision.subject::<Cycle>(parent)?;
        check.require(
            parent.kind == CycleKind::Inquiry,
            "parent",
            "cycle.parent_kind",
            "only an inquiry has cycles in it",
        );
        check.require(parent.team == team.id, "parent", "cycle.parent_team", "the inquiry is another team's");
        check.require(!parent.is_closed(), "parent", "cycle.parent_closed", "the inquiry is over");
        require_inside(&mut check, &cycle, &parent);
    }
    if let Some(previous) = input.previous {
        let previous = decision.subject::<Cycle>(previous)?;
        check.require(previous.team == team.id, "previous", "cycle.previous_team", "that cycle is another team's");
        let done = previous.is_closed() || previous.decision.is_some();
        check.require(done, "previous", "cycle.previous_open", "that cycle is neither over nor decided");
    }
    check.state()?;
    Ok(decision.create(cycle))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &CycleEdit) -> Result<Cycle> {
    let before = decision.editable::<Cycle>(input.cycle)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(title) = &input.title {
        after.title = check.text("title", title, TITLE);
    }
    if let Some(question) = &input.question {
        after.question = check.text("question", question, BODY);
    }
    if let Some(lenses) = &input.lenses {
        after.lenses = read_lenses(&mut check, lenses);
    }
    if input.school_year.is_some() {
        after.school_year = check.optional("school_year", input.school_year.as_ref());
    }
    after.starts_on = check.date("starts_on", input.starts_on).or(before.starts_on);
    after.ends_on = check.date("ends_on", input.ends_on).or(before.ends_on);
    check.span("ends_on", after.starts_on, after.ends_on);
    if let Some(visibility) = &input.visibility {
        after.visibility = check.value("visibility", visibility).unwrap_or(after.visibility);
    }
    check.at_most("tests", input.tests.as_deref().unwrap_or_default(), MAX_ITEMS);
    check.at_most("measures", input.measures.as_deref().unwrap_or_default(), MAX_ITEMS);
    check.at_most("participants", input.participants.as_deref().unwrap_or_default(), MAX_ITEMS);
    check.input()?;

    // What the cycle has already may stay, also where it is not what a new one must be, or hidden from the actor.
    let mut check = Check::default();
    require_open(&mut check, &before);
    if input.problem.is_some_and(|problem| Some(problem) != before.problem) {
        after.problem = see_problem(decision, &mut check, input.problem)?;
    }
    if let Some(tests) = &input.tests {
        after.tests = see_tests(decision, &mut check, tests, &before.tests)?;
    }
    if let Some(measures) = &input.measures {
        after.measures = decision.see_new::<Measure>(measures, &before.measures)?;
    }
    if let Some(lead) = input.lead.filter(|lead| Some(*lead) != before.lead) {
        after.lead = Some(see_worker(decision, &mut check, "lead", before.team, lead)?);
    }
    if let Some(people) = &input.participants {
        after.participants = see_participants(decision, &mut check, before.team, people, &before.participants)?;
    }
    visibility::check_change(decision, &mut check, "cycle.too_wide", after.team, before.visibility, after.visibility)?;
    if (after.starts_on, after.ends_on) != (before.starts_on, before.ends_on) {
        require_dates(decision, &mut check, &after)?;
    }
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn require_open(check: &mut Check, cycle: &Cycle) {
    check.require(!cycle.is_closed(), "cycle", "cycle.closed", "the cycle is over");
}

/// The phases of a cycle of this kind; a custom cycle brings its own, each once.
fn read_phases(check: &mut Check, kind: Option<CycleKind>, raw: &[String]) -> Vec<Phase> {
    let Some(kind) = kind else { return Vec::new() };
    if kind != CycleKind::Custom {
        check.require(raw.is_empty(), "phases", "cycle.phases", "only a custom cycle brings its phases");
        return kind.phases().to_vec();
    }
    let few = (1..=MAX_PHASES).contains(&raw.len());
    check.require(few, "phases", "cycle.phases", "a custom cycle has 1 to 12 phases");
    let mut phases: Vec<Phase> = Vec::new();
    for (index, raw) in raw.iter().enumerate().take(MAX_PHASES) {
        let field = format!("phases[{index}]");
        let Some(phase) = check.value::<Phase>(&field, raw) else { continue };
        check.require(phase != Phase::Closed, &field, "cycle.phase_reserved", "every cycle ends with this");
        check.require(!phases.contains(&phase), &field, "cycle.phase_repeated", "a cycle has each phase once");
        phases.push(phase);
    }
    phases
}

fn read_lenses(check: &mut Check, raw: &[String]) -> BTreeSet<String> {
    check.at_most("lenses", raw, MAX_ITEMS);
    for (index, lens) in raw.iter().enumerate().take(MAX_ITEMS) {
        let detail = "a code is 1 to 64 letters, digits, '_', '-', ':' or '.'";
        check.require(is_code(lens), &format!("lenses[{index}]"), "code.format", detail);
    }
    raw.iter().cloned().collect()
}

fn see_problem(decision: &Decision<'_>, check: &mut Check, id: Option<GoalId>) -> Result<Option<GoalId>> {
    let Some(id) = id else { return Ok(None) };
    let goal = decision.subject::<Goal>(id)?;
    let detail = "a cycle is about a problem of practice";
    check.require(goal.kind == GoalKind::Problem, "problem", "cycle.problem_kind", detail);
    Ok(Some(id))
}

/// The change ideas; those that are not `known` already must be some, and there for the actor.
fn see_tests(
    decision: &Decision<'_>,
    check: &mut Check,
    ids: &[GoalId],
    known: &BTreeSet<GoalId>,
) -> Result<BTreeSet<GoalId>> {
    for (index, &id) in ids.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
        let goal = decision.subject::<Goal>(id)?;
        let field = format!("tests[{index}]");
        check.require(goal.kind == GoalKind::ChangeIdea, &field, "cycle.tests_kind", "a cycle tests change ideas");
    }
    Ok(ids.iter().copied().collect())
}

/// A cycle stays inside the inquiry it is a part of, and around those that are parts of it.
fn require_dates(decision: &Decision<'_>, check: &mut Check, cycle: &Cycle) -> Result<()> {
    if let Some(parent) = cycle.parent.map(|id| decision.reads().one::<Cycle>(id)).transpose()?.flatten() {
        require_inside(check, cycle, &parent);
    }
    if cycle.kind == CycleKind::Inquiry {
        let mut outside = Check::default();
        for child in decision.reads().all::<Cycle>("parent", cycle.id)? {
            require_inside(&mut outside, &child, cycle);
        }
        let detail = "a cycle of the inquiry would lie outside of it";
        check.require(outside.is_fine(), "starts_on", "cycle.child_outside", detail);
    }
    Ok(())
}

/// As far as the days are known.
fn require_inside(check: &mut Check, cycle: &Cycle, parent: &Cycle) {
    for (field, day) in [("starts_on", cycle.starts_on), ("ends_on", cycle.ends_on)] {
        let inside = day.is_none_or(|day| {
            parent.starts_on.is_none_or(|first| first <= day) && parent.ends_on.is_none_or(|last| day <= last)
        });
        check.require(inside, field, "cycle.outside_parent", "outside the dates of the inquiry it is a part of");
    }
}
