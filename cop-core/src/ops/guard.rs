//! What must exist before a cycle leaves a phase.
//!
//! | kind | phase: what it needs |
//! |---|---|
//! | `pdsa` | Plan: a change idea, a prediction, a plan, its first day · Do: a note of the phase or an observation, dated in the cycle · Study: a result of every prediction · Act: a decision; of an adapted change also a successor, or why there is none |
//! | `lesson_study` | Study: the research theme · Plan: a lesson plan · Teach: a held lesson observation, or a note of the phase dated in the cycle · Reflect: a reflection |
//! | `action_research` | Plan: the question · Act: its first and last day · Observe: a data note, or an observation dated in the cycle · Reflect: a reflection |
//! | `design_thinking` | Empathize: a note of the phase · Define: the problem · Ideate: a change idea · Prototype: a resource or a note of the phase · Test: a decision |
//! | `inquiry` | Launch: the problem, and the team is what its formation rule asks · Investigate: a note of the phase · Act: a cycle in it · Reflect: one of these is over |
//! | `custom` | every phase: a note of it · the last one: also a decision |
//!
//! Where a guard asks for a note without naming its kind, it means one that was written for this phase: what took the
//! cycle out of an earlier phase does not take it further. Only what the actor can see counts, and no private note:
//! a guard tells nothing of what is hidden. Plan, do, study, act after Langley et al. 2009; lesson study after Lewis
//! & Hurd 2011; action research after Kemmis & McTaggart 1988.

use chrono::NaiveDate;
use uuid::Uuid;

use super::Decision;
use super::check::Check;
use super::formation::formation;
use crate::error::Result;
use crate::model::{
    AnyRecord, Convening, ConveningKind, ConveningState, Cycle, CycleKind, DecisionKind, Entry, EntryKind, Goal,
    GoalKind, Measure, MissingReason, Observation, Period, Phase, Record, Resource, ResourceKind, Team,
};

/// The code of everything that a guard misses; the field says what.
const CODE: &str = "cycle.phase_guard";

/// One thing that a phase needs before it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    ChangeIdea,
    Prediction,
    Plan,
    FirstDay,
    LastDay,
    Trial,
    Results,
    Decision,
    Successor,
    Question,
    LessonPlan,
    Lesson,
    Data,
    Reflection,
    Note,
    Problem,
    Prototype,
    Formation,
    Child,
    ClosedChild,
}

fn needs(kind: CycleKind, phase: &Phase, last: bool) -> &'static [Need] {
    use {CycleKind as K, Need as N, Phase as P};
    match (kind, phase) {
        (_, P::Closed) => &[],
        (K::Pdsa, P::Plan) => &[N::ChangeIdea, N::Prediction, N::Plan, N::FirstDay],
        (K::Pdsa, P::Do) => &[N::Trial],
        (K::Pdsa, P::Study) => &[N::Results],
        (K::Pdsa, P::Act) => &[N::Decision, N::Successor],
        (K::LessonStudy, P::Study) => &[N::Question],
        (K::LessonStudy, P::Plan) => &[N::LessonPlan],
        (K::LessonStudy, P::Teach) => &[N::Lesson],
        (K::LessonStudy | K::ActionResearch, P::Reflect) => &[N::Reflection],
        (K::ActionResearch, P::Plan) => &[N::Question],
        (K::ActionResearch, P::Act) => &[N::FirstDay, N::LastDay],
        (K::ActionResearch, P::Observe) => &[N::Data],
        (K::DesignThinking, P::Empathize) => &[N::Note],
        (K::DesignThinking, P::Define) => &[N::Problem],
        (K::DesignThinking, P::Ideate) => &[N::ChangeIdea],
        (K::DesignThinking, P::Prototype) => &[N::Prototype],
        (K::DesignThinking, P::Test) => &[N::Decision],
        (K::Inquiry, P::Launch) => &[N::Problem, N::Formation],
        (K::Inquiry, P::Investigate) => &[N::Note],
        (K::Inquiry, P::Act) => &[N::Child],
        (K::Inquiry, P::Reflect) => &[N::ClosedChild],
        (K::Custom, _) if last => &[N::Note, N::Decision],
        (K::Custom, _) => &[N::Note],
        _ => &[],
    }
}

/// Remembers everything that is missing for the cycle to leave the phase it is in.
pub(super) fn require(decision: &Decision<'_>, check: &mut Check, cycle: &Cycle) -> Result<()> {
    let last = cycle.phases.last() == Some(&cycle.phase);
    let around = Surroundings { decision, cycle };
    for need in needs(cycle.kind, &cycle.phase, last) {
        around.require(check, *need)?;
    }
    Ok(())
}

/// A cycle with what belongs to it, as far as the actor sees it.
struct Surroundings<'a, 'd> {
    decision: &'a Decision<'d>,
    cycle: &'a Cycle,
}

impl Surroundings<'_, '_> {
    fn require(&self, check: &mut Check, need: Need) -> Result<()> {
        let cycle = self.cycle;
        let (holds, field, detail) = match need {
            Need::ChangeIdea => (self.tests_something()?, "tests", "a change idea to test"),
            Need::Prediction => (!cycle.predictions.is_empty(), "predictions", "a prediction"),
            Need::Plan => (self.has_entry(&EntryKind::Plan)?, "entries.plan", "a plan"),
            Need::FirstDay => (cycle.starts_on.is_some(), "starts_on", "the first day"),
            Need::LastDay => (cycle.ends_on.is_some(), "ends_on", "the last day"),
            Need::Trial => {
                let tried = self.has_dated_note()? || self.has_observation()?;
                (tried, "entries", "a note of this phase, or an observation, dated in the cycle")
            }
            Need::Results => {
                self.require_results(check);
                return Ok(());
            }
            Need::Decision => (cycle.decision.is_some(), "decision", "a decision"),
            Need::Successor => (self.is_followed()?, "successor", "a cycle that goes on from it, or why there is none"),
            Need::Question => (!cycle.question.is_empty(), "question", "the question, or the research theme"),
            Need::LessonPlan => {
                let planned =
                    self.seen::<Resource>("cycle")?.iter().any(|found| found.kind == ResourceKind::LessonPlan);
                (planned, "resources.lesson_plan", "a lesson plan")
            }
            Need::Lesson => {
                let taught = self.was_observed()? || self.has_dated_note()?;
                (taught, "convenings.lesson_observation", "a held lesson observation, or a note dated in the cycle")
            }
            Need::Data => {
                let data = self.has_entry(&EntryKind::Data)? || self.has_observation()?;
                (data, "entries.data", "a data note, or an observation dated in the cycle")
            }
            Need::Reflection => (self.has_entry(&EntryKind::Reflection)?, "entries.reflection", "a reflection"),
            Need::Note => (!self.notes()?.is_empty(), "entries", "a note of this phase"),
            Need::Problem => (self.has_problem()?, "problem", "the problem of practice"),
            Need::Prototype => {
                let made = !self.seen::<Resource>("cycle")?.is_empty() || !self.notes()?.is_empty();
                (made, "resources", "a resource, or a note of this phase")
            }
            Need::Formation => return self.require_formation(check),
            Need::Child => (!self.seen::<Cycle>("parent")?.is_empty(), "children", "a cycle in this inquiry"),
            Need::ClosedChild => {
                let over = self.seen::<Cycle>("parent")?.iter().any(Cycle::is_closed);
                (over, "children.closed", "a cycle in this inquiry that is over")
            }
        };
        check.require(holds, field, CODE, &format!("missing: {detail}"));
        Ok(())
    }

    fn require_results(&self, check: &mut Check) {
        for (index, prediction) in self.cycle.predictions.iter().enumerate() {
            let detail = "missing: what became of the prediction, and what was learned";
            check.require(prediction.result.is_some(), &format!("predictions[{index}].result"), CODE, detail);
        }
    }

    fn require_formation(&self, check: &mut Check) -> Result<()> {
        let Some(team) = self.decision.reads().one::<Team>(self.cycle.team)? else { return Ok(()) };
        let Some(rule) = team.formation else { return Ok(()) };
        for problem in rule.missing(formation(self.decision.reads(), team.id, self.decision.today())?) {
            check.require(false, &format!("formation.{}", problem.field), CODE, &problem.detail);
        }
        Ok(())
    }

    /// A goal may be gone: whoever added it took that back.
    fn tests_something(&self) -> Result<bool> {
        for &id in &self.cycle.tests {
            if self.decision.reads().one::<Goal>(id)?.is_some_and(|goal| goal.kind == GoalKind::ChangeIdea) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_problem(&self) -> Result<bool> {
        let Some(id) = self.cycle.problem else { return Ok(false) };
        Ok(self.decision.reads().one::<Goal>(id)?.is_some())
    }

    /// Whether the decision needs no successor, or there is one.
    fn is_followed(&self) -> Result<bool> {
        let adapted = self.cycle.decision.as_ref().filter(|decided| decided.kind == DecisionKind::Adapt);
        let asks = adapted.is_some_and(|decided| decided.no_successor.is_none());
        Ok(!asks || !self.seen::<Cycle>("previous")?.is_empty())
    }

    fn was_observed(&self) -> Result<bool> {
        let held = |convening: &Convening| {
            convening.kind == ConveningKind::LessonObservation && convening.state == ConveningState::Held
        };
        Ok(self.seen::<Convening>("cycle")?.iter().any(held))
    }

    fn has_entry(&self, kind: &EntryKind) -> Result<bool> {
        Ok(self.entries()?.iter().any(|entry| entry.kind == *kind))
    }

    fn has_dated_note(&self) -> Result<bool> {
        Ok(self.notes()?.iter().any(|entry| self.is_in(Period { starts_on: entry.on_date, ends_on: entry.on_date })))
    }

    /// Whether a measure it looks at was observed while it ran. That nobody counted is no observation.
    fn has_observation(&self) -> Result<bool> {
        let tells = |observation: &Observation| {
            observation.number().is_some() || observation.missing_reason == Some(MissingReason::Suppressed)
        };
        for &id in &self.cycle.measures {
            let Some(measure) = self.decision.reads().one::<Measure>(id)? else { continue };
            let parent = AnyRecord::from(measure);
            let found = self.related::<Observation>("measure", id.uuid(), Some(&parent))?;
            if found.iter().any(|observation| self.is_in(observation.period) && tells(observation)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The entries that were written for the phase it is in.
    fn notes(&self) -> Result<Vec<Entry>> {
        let mut entries = self.entries()?;
        entries.retain(|entry| entry.phase.as_ref() == Some(&self.cycle.phase));
        Ok(entries)
    }

    fn entries(&self) -> Result<Vec<Entry>> {
        let parent = AnyRecord::from(self.cycle.clone());
        let mut entries = self.related::<Entry>("subject", self.cycle.id.uuid(), Some(&parent))?;
        entries.retain(|entry| !entry.private);
        Ok(entries)
    }

    /// The records whose `column` names the cycle.
    fn seen<R: Record>(&self, column: &'static str) -> Result<Vec<R>> {
        self.related(column, self.cycle.id.uuid(), None)
    }

    fn related<R: Record>(&self, column: &'static str, id: Uuid, parent: Option<&AnyRecord>) -> Result<Vec<R>> {
        let mut found: Vec<R> = self.decision.reads().all(column, id)?;
        let viewer = self.decision.context.viewer;
        found.retain(|record| viewer.may_read_record(&record.clone().into(), parent));
        Ok(found)
    }

    /// Whether a day of the period lies in the cycle: from its first day on, up to its last one, or to today.
    fn is_in(&self, period: Period) -> bool {
        let ends_on = self.cycle.ends_on.unwrap_or_else(|| self.decision.today());
        let starts_on = self.cycle.starts_on.unwrap_or(NaiveDate::MIN);
        period.overlaps(Period { starts_on, ends_on })
    }
}
