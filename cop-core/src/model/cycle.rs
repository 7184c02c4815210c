//! Cycles of inquiry: one turn of plan, try, look and learn.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{CycleId, GoalId, MeasureId, MemberId, TeamId};
use crate::model::record::{closed, json_columns, record, vocabulary};
use crate::model::values::SchoolYear;
use crate::model::visibility::Visibility;

closed! {
    /// What a cycle turns through.
    CycleKind {
        /// Plan, do, study, act (Deming; Langley et al. 2009).
        Pdsa = "pdsa",
        /// Study, plan, teach, reflect (Lewis & Hurd 2011).
        LessonStudy = "lesson_study",
        /// Plan, act, observe, reflect (Kemmis & McTaggart 1988).
        ActionResearch = "action_research",
        /// Empathize, define, ideate, prototype, test (Stanford d.school).
        DesignThinking = "design_thinking",
        /// A year-long container of cycles: launch, investigate, act, reflect.
        Inquiry = "inquiry",
        /// Phases of one's own.
        Custom = "custom",
    }
}

vocabulary! {
    /// A phase of a cycle; custom cycles have their own.
    Phase {
        /// PDSA, lesson study, action research: decide what to try and what will happen.
        Plan = "plan",
        /// PDSA: try it.
        Do = "do",
        /// PDSA: compare with what was predicted; lesson study: study content and standards.
        Study = "study",
        /// PDSA: decide; action research: try it; inquiry: run cycles.
        Act = "act",
        /// Lesson study: teach and observe.
        Teach = "teach",
        /// Look back.
        Reflect = "reflect",
        /// Action research: gather data.
        Observe = "observe",
        /// Design thinking: understand people.
        Empathize = "empathize",
        /// Design thinking: name the problem.
        Define = "define",
        /// Design thinking: find ideas.
        Ideate = "ideate",
        /// Design thinking: make something.
        Prototype = "prototype",
        /// Design thinking: try it with people, and decide.
        Test = "test",
        /// Inquiry: choose the problem, form the team.
        Launch = "launch",
        /// Inquiry: understand the problem.
        Investigate = "investigate",
        /// The cycle is over.
        Closed = "closed",
    }
}

closed! {
    /// What became of a prediction.
    PredictionOutcome {
        /// It happened as predicted.
        Confirmed = "confirmed",
        /// It did not.
        Refuted = "refuted",
        /// One cannot tell.
        Unclear = "unclear",
    }
}

closed! {
    /// What is decided about the change that was tested.
    DecisionKind {
        /// Keep it.
        Adopt = "adopt",
        /// Change it and test again.
        Adapt = "adapt",
        /// Give it up.
        Abandon = "abandon",
        /// The test does not tell.
        Inconclusive = "inconclusive",
    }
}

/// What one thinks will happen, said before it is tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Prediction {
    /// Which.
    pub id: Uuid,
    /// The question.
    pub question: String,
    /// What is predicted.
    pub predicted: String,
    /// Who predicts; nobody for the host itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Made after the trying began: kept, but no prediction in the strict sense.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<PredictionResult>,
}

/// What became of a prediction, and what was learned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PredictionResult {
    /// Whether it came true.
    pub outcome: PredictionOutcome,
    /// What was learned.
    pub learning: String,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// One step of a cycle from a phase to the next, or back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PhaseStep {
    /// The how-manieth step, from 1.
    pub number: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// Who took it; nobody for the host itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// The phase it left.
    pub from: Phase,
    /// The phase it led to.
    pub to: Phase,
    /// Why; required of steps back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What was decided about the change, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleDecision {
    /// What.
    pub kind: DecisionKind,
    /// Why.
    pub rationale: String,
    /// Why an adapted change has no successor cycle yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_successor: Option<String>,
    /// Who decided; nobody for the host itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
}
json_columns!(CycleDecision);

impl CycleKind {
    /// The phases of this kind, in order; a custom cycle brings its own.
    pub fn phases(self) -> &'static [Phase] {
        use Phase as P;
        match self {
            CycleKind::Pdsa => &[P::Plan, P::Do, P::Study, P::Act],
            CycleKind::LessonStudy => &[P::Study, P::Plan, P::Teach, P::Reflect],
            CycleKind::ActionResearch => &[P::Plan, P::Act, P::Observe, P::Reflect],
            CycleKind::DesignThinking => &[P::Empathize, P::Define, P::Ideate, P::Prototype, P::Test],
            CycleKind::Inquiry => &[P::Launch, P::Investigate, P::Act, P::Reflect],
            CycleKind::Custom => &[],
        }
    }
}

/// Where `steps` lead through `phases`: each step counts where it continues the one before it, by one phase
/// forward or back; what two devices did at the same time counts once, the earlier of them.
///
/// The answer does not depend on the order in which the steps became known.
pub fn phase_after(phases: &[Phase], steps: &BTreeSet<PhaseStep>) -> Phase {
    taken(phases, steps).last().map_or_else(|| first(phases), |step| step.to.clone())
}

/// The steps that count, in order.
pub fn taken<'a>(phases: &[Phase], steps: &'a BTreeSet<PhaseStep>) -> Vec<&'a PhaseStep> {
    let mut at = first(phases);
    let mut counted: Vec<&PhaseStep> = Vec::new();
    // The set is ordered by number, then by time.
    for step in steps {
        if step.number as usize == counted.len() + 1 && step.from == at && neighbours(phases, &step.from, &step.to) {
            at = step.to.clone();
            counted.push(step);
        }
    }
    counted
}

fn first(phases: &[Phase]) -> Phase {
    phases.first().cloned().unwrap_or(Phase::Closed)
}

/// Whether `to` is the phase after or before `from`; after the last comes the end, which is not left again.
fn neighbours(phases: &[Phase], from: &Phase, to: &Phase) -> bool {
    let place = |phase: &Phase| match phase {
        Phase::Closed => Some(phases.len()),
        phase => phases.iter().position(|p| p == phase),
    };
    match (place(from), place(to)) {
        (Some(from), Some(to)) => from < phases.len() && (to == from + 1 || to + 1 == from),
        _ => false,
    }
}

record! {
    /// One turn of inquiry of a team.
    Cycle(CycleId) {
        /// Whose.
        team: TeamId = Immutable,
        /// What it turns through.
        kind: CycleKind = Immutable,
        /// Its phases, in order.
        phases: Vec<Phase> = Immutable,
        /// Its title, 1 to 300 characters.
        title: String = Register,
        /// The question, or the research theme of a lesson study.
        question: String = Register,
        /// What one looks through: `UDL`, `equity`, …
        lenses: BTreeSet<String> = Set,
        /// The school year it belongs to.
        school_year: Option<SchoolYear> = Register,
        /// Its first day.
        starts_on: Option<NaiveDate> = Register,
        /// Its last day.
        ends_on: Option<NaiveDate> = Register,
        /// The year-long inquiry it is a part of.
        parent: Option<CycleId> = Immutable,
        /// The cycle that it continues: together they are a ramp.
        previous: Option<CycleId> = Immutable,
        /// The problem of practice.
        problem: Option<GoalId> = Register,
        /// The change ideas it tests.
        tests: BTreeSet<GoalId> = Set,
        /// The measures it looks at.
        measures: BTreeSet<MeasureId> = Set,
        /// Who leads it.
        lead: Option<MemberId> = Register,
        /// Who takes part.
        participants: BTreeSet<MemberId> = Set,
        /// What was predicted.
        predictions: BTreeSet<Prediction> = Append,
        /// The steps it took.
        steps: BTreeSet<PhaseStep> = Facts,
        /// The phase it is in: what the steps amount to.
        phase: Phase = Derived,
        /// What was decided.
        decision: Option<CycleDecision> = Register,
        /// Who may read it.
        visibility: Visibility = Register,
    }
}

impl Cycle {
    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// When the trying began: the first step into the second phase.
    pub fn began_trying(&self) -> Option<DateTime<Utc>> {
        taken(&self.phases, &self.steps).first().map(|step| step.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: u32, at: i64, from: Phase, to: Phase) -> PhaseStep {
        PhaseStep { number, at: DateTime::from_timestamp(at, 0).unwrap_or_default(), by: None, from, to, reason: None }
    }

    #[test]
    fn steps_of_two_devices_count_once() {
        let phases = CycleKind::Pdsa.phases();
        let mut steps = BTreeSet::from([step(1, 10, Phase::Plan, Phase::Do), step(1, 12, Phase::Plan, Phase::Do)]);
        assert_eq!(phase_after(phases, &steps), Phase::Do);
        steps.insert(step(2, 20, Phase::Do, Phase::Study));
        steps.insert(step(2, 15, Phase::Do, Phase::Plan));
        assert_eq!(phase_after(phases, &steps), Phase::Plan, "the earlier of two that cross");
    }

    #[test]
    fn what_no_phase_allows_does_not_count() {
        let phases = CycleKind::Pdsa.phases();
        assert_eq!(phase_after(phases, &[step(1, 1, Phase::Plan, Phase::Act)].into()), Phase::Plan);
        assert_eq!(phase_after(phases, &[step(2, 1, Phase::Plan, Phase::Do)].into()), Phase::Plan);
        let all = [
            step(1, 1, Phase::Plan, Phase::Do),
            step(2, 2, Phase::Do, Phase::Study),
            step(3, 3, Phase::Study, Phase::Act),
            step(4, 4, Phase::Act, Phase::Closed),
            step(5, 5, Phase::Closed, Phase::Act),
        ];
        assert_eq!(phase_after(phases, &all.into()), Phase::Closed, "the end is not left again");
    }
}
