//! The steps of a cycle: forward when the guard of its phase holds, back with a reason; and the decision at its end.

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::cycle::require_open;
use super::{CycleRef, Decision, guard};
use crate::error::Result;
use crate::id::CycleId;
use crate::model::{Cycle, CycleDecision, DecisionKind, Phase, PhaseStep, phase_after, taken};
use crate::text::{BODY, TITLE, TextRule};

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
    /// Why, 1 to 200,000 characters.
    pub rationale: String,
    /// Why an adapted change has no successor cycle, 1 to 300 characters.
    #[serde(default)]
    pub no_successor: Option<String>,
}

pub(super) fn advance(decision: &mut Decision<'_>, input: &CycleRef) -> Result<Cycle> {
    let before = decision.editable::<Cycle>(input.cycle)?;
    let mut check = Check::default();
    require_open(&mut check, &before);
    guard::require(decision, &mut check, &before)?;
    check.state()?;
    let next = before.phases.iter().skip_while(|phase| **phase != before.phase).nth(1);
    let to = next.cloned().unwrap_or(Phase::Closed);
    Ok(step(decision, before, to, None))
}

pub(super) fn step_back(decision: &mut Decision<'_>, input: &StepBack) -> Result<Cycle> {
    let before = decision.editable::<Cycle>(input.cycle)?;
    let mut check = Check::default();
    let reason = check.text("reason", &input.reason, TITLE);
    check.input()?;
    let mut check = Check::default();
    require_open(&mut check, &before);
    let previous = before.phases.iter().take_while(|phase| **phase != before.phase).last().cloned();
    check.require(previous.is_some(), "cycle", "cycle.first_phase", "there is no phase before this one");
    check.state()?;
    let to = previous.unwrap_or_else(|| before.phase.clone());
    Ok(step(decision, before, to, Some(reason)))
}

pub(super) fn decide(decision: &mut Decision<'_>, input: &DecisionOf) -> Result<Cycle> {
    let before = decision.editable::<Cycle>(input.cycle)?;
    let mut check = Check::default();
    let kind: Option<DecisionKind> = check.value("kind", &input.kind);
    let rationale = check.text("rationale", &input.rationale, TextRule { min_chars: 1, ..BODY });
    let no_successor = check.optional_text("no_successor", input.no_successor.as_ref(), TITLE);
    let adapts = kind.is_none_or(|kind| kind == DecisionKind::Adapt);
    let detail = "only an adapted change asks for a successor";
    check.require(adapts || no_successor.is_none(), "no_successor", "cycle.no_successor", detail);
    check.input()?;
    let mut check = Check::default();
    require_open(&mut check, &before);
    // In every kind of cycle the decision is due in the last phase.
    let due = before.is_closed() || before.phases.last() == Some(&before.phase);
    check.require(due, "cycle", "cycle.decision_early", "one decides in the last phase");
    check.state()?;
    let (by, at) = (decision.actor().member(), decision.context.now);
    let kind = kind.unwrap_or(DecisionKind::Inconclusive);
    let decided = CycleDecision { kind, rationale, no_successor, by, at };
    let after = Cycle { decision: Some(decided), ..before.clone() };
    Ok(decision.change(before, after))
}

/// Adds the step from the phase the cycle is in; the phase follows from all steps.
fn step(decision: &mut Decision<'_>, before: Cycle, to: Phase, reason: Option<String>) -> Cycle {
    let number = taken(&before.phases, &before.steps).len() + 1;
    let mut after = before.clone();
    after.steps.insert(PhaseStep {
        number: u32::try_from(number).expect("nobody takes four thousand million steps"),
        at: decision.context.now,
        by: decision.actor().member(),
        from: before.phase.clone(),
        to,
        reason,
    });
    after.phase = phase_after(&after.phases, &after.steps);
    decision.change(before, after)
}
