//! The phase of a cycle is what its steps amount to, in whatever order and however often they became known.

use std::collections::BTreeSet;

use chrono::DateTime;
use cop_core::{
    CycleId, CycleKind, ErrorKind, MemberId, NewCycle, NewEntry, Op, Phase, PhaseStep, Prediction, phase_after, taken,
};
use cop_tests::random::{Random, number};
use proptest::prelude::*;
use uuid::Uuid;

use super::{Work, back, decision, prediction, result_of};

/// The phases of every kind, and some of one's own.
fn phases() -> impl Strategy<Value = Vec<Phase>> {
    let own = ["a", "plan", "b"].map(|code| code.parse().unwrap()).to_vec();
    let kinds = [
        CycleKind::Pdsa,
        CycleKind::LessonStudy,
        CycleKind::ActionResearch,
        CycleKind::DesignThinking,
        CycleKind::Inquiry,
    ];
    let mut all: Vec<Vec<Phase>> = kinds.iter().map(|kind| kind.phases().to_vec()).collect();
    all.push(own.clone());
    all.push(own[..1].to_vec());
    prop::sample::select(all)
}

fn place(phases: &[Phase], at: usize) -> Phase {
    phases.get(at).cloned().unwrap_or(Phase::Closed)
}

fn step(number: u32, at: u8, by: u8, from: Phase, to: Phase) -> PhaseStep {
    let at = DateTime::from_timestamp(i64::from(at), 0).unwrap();
    PhaseStep { number, at, by: Some(MemberId::new(Uuid::from_u128(by.into()))), from, to, reason: None }
}

/// What devices do that do not hear of each other: each walks from the beginning, forward or back.
fn walks() -> impl Strategy<Value = Vec<Vec<(bool, u8)>>> {
    prop::collection::vec(prop::collection::vec((prop::bool::weighted(0.7), 0u8..30), 0..10), 1..4)
}

/// The facts of these walks, and some that no device should have made.
fn facts() -> impl Strategy<Value = (Vec<Phase>, Vec<PhaseStep>)> {
    let stray = prop::collection::vec((0u32..8, 0u8..30, 0usize..7, 0usize..7), 0..6);
    (phases(), walks(), stray).prop_map(|(phases, walks, strays)| {
        let mut facts = Vec::new();
        for (by, walk) in (0..).zip(walks) {
            let mut at = 0;
            for (number, (forward, time)) in (1..).zip(walk) {
                if at == phases.len() {
                    break;
                }
                let to = if forward || at == 0 { at + 1 } else { at - 1 };
                facts.push(step(number, time, by, place(&phases, at), place(&phases, to)));
                at = to;
            }
        }
        for (number, time, from, to) in strays {
            facts.push(step(number, time, 99, place(&phases, from), place(&phases, to)));
        }
        (phases, facts)
    })
}

/// The same facts again, some of them twice, in another order.
fn retold() -> impl Strategy<Value = (Vec<Phase>, Vec<PhaseStep>, Vec<PhaseStep>)> {
    facts().prop_flat_map(|(phases, facts)| {
        let mut twice = facts.clone();
        twice.extend(facts.iter().step_by(2).cloned());
        (Just(phases), Just(facts), Just(twice).prop_shuffle())
    })
}

/// The phase by another way: again and again the earliest step that goes on from where one stands.
fn walk(phases: &[Phase], facts: &[PhaseStep]) -> Vec<PhaseStep> {
    let mut at = 0;
    let mut path = Vec::new();
    while at < phases.len() {
        let goes_on = |step: &&PhaseStep| {
            let ahead = step.to == place(phases, at + 1);
            let behind = at > 0 && step.to == phases[at - 1];
            step.number as usize == path.len() + 1 && step.from == phases[at] && (ahead || behind)
        };
        let Some(next) = facts.iter().filter(goes_on).min_by_key(|step| (step.at, step.by, step.to.clone())) else {
            break;
        };
        at = if next.to == place(phases, at + 1) { at + 1 } else { at - 1 };
        path.push(next.clone());
    }
    path
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_matter((phases, facts, retold) in retold()) {
        let mut known = BTreeSet::new();
        known.extend(facts.iter().cloned());
        let mut heard = BTreeSet::new();
        heard.extend(retold.iter().cloned());
        prop_assert_eq!(phase_after(&phases, &known), phase_after(&phases, &heard));
        // As the store reads them, too.
        let read: BTreeSet<PhaseStep> = serde_json::from_value(serde_json::json!(retold)).unwrap();
        prop_assert_eq!(&read, &known);
        let path = walk(&phases, &retold);
        let counted: Vec<PhaseStep> = taken(&phases, &heard).into_iter().cloned().collect();
        prop_assert_eq!(&counted, &path);
        let end = path.last().map_or_else(|| phases[0].clone(), |step| step.to.clone());
        prop_assert_eq!(phase_after(&phases, &heard), end);
    }

    #[test]
    fn every_phase_that_is_reached_is_one_of_the_cycles((phases, facts) in facts()) {
        let steps: BTreeSet<PhaseStep> = facts.into_iter().collect();
        let phase = phase_after(&phases, &steps);
        prop_assert!(phases.contains(&phase) || phase == Phase::Closed);
        let mut at = phases[0].clone();
        for (number, step) in (1..).zip(taken(&phases, &steps)) {
            prop_assert_eq!((step.number, &step.from), (number, &at));
            prop_assert_ne!(&at, &Phase::Closed, "the end is not left again");
            at = step.to.clone();
        }
        prop_assert_eq!(at, phase);
    }

    #[test]
    fn what_is_known_of_two_devices_is_known_however_it_came((phases, facts) in facts(), split in any::<prop::sample::Index>()) {
        let at = if facts.is_empty() { 0 } else { split.index(facts.len()) };
        let (one, other): (BTreeSet<PhaseStep>, BTreeSet<PhaseStep>) =
            (facts[..at].iter().cloned().collect(), facts[at..].iter().cloned().collect());
        let there: BTreeSet<PhaseStep> = one.union(&other).cloned().collect();
        let back: BTreeSet<PhaseStep> = other.union(&one).chain(&one).cloned().collect();
        prop_assert_eq!(phase_after(&phases, &there), phase_after(&phases, &back));
    }
}

/// Whatever people do to a cycle: its phase is what its steps amount to, a closed one does not change, and no
/// prediction or step is ever lost.
#[test]
fn random_work_keeps_the_rules() {
    let mut closed = 0;
    for seed in 0..number("CYCLE_HISTORIES", 4) {
        let work = Work::new();
        let world = &work.world;
        let mut random = Random::new(seed);
        let people = [world.lea, world.ana, world.ben, world.stan, world.ed];
        let kinds = ["pdsa", "lesson_study", "action_research", "design_thinking", "inquiry", "custom"];
        let mut cycles: Vec<CycleId> = Vec::new();
        for kind in kinds {
            let new = work.new_cycle(kind).with_question("How?").testing(work.idea).with_problem(work.problem);
            let ends_on = Some("2021-12-01".parse().unwrap());
            let new = NewCycle { ends_on, ..new.starting("2021-09-01".parse().unwrap()) };
            cycles.push(work.lea().start_cycle(new).unwrap().id);
        }
        for _ in 0..250 {
            let cycle = random.pick(&cycles).unwrap();
            let before = work.host().cycle(cycle).unwrap();
            let op = match random.below(8) {
                0..3 => Op::AdvanceCycle(cycle.into()),
                3 => Op::StepBackCycle(back(cycle, "Again")),
                4 => Op::DecideCycle(decision(cycle, random.pick(&["adopt", "abandon"]).unwrap())),
                5 => Op::Predict(prediction(cycle)),
                6 if !before.predictions.is_empty() => Op::RecordResult(result_of(&before, "refuted", "Less")),
                _ => Op::AddEntry(NewEntry::new(cycle, random.pick(&["plan", "data", "reflection"]).unwrap(), "N")),
            };
            let (name, who) = (op.name(), random.pick(&people).unwrap());
            let answer = world.session(who).apply(op);
            if let Err(error) = &answer {
                let kinds = [ErrorKind::Precondition, ErrorKind::NotPermitted, ErrorKind::NotFound];
                assert!(kinds.contains(&error.kind()), "seed {seed}: {name}: {error}");
            }
            let after = work.host().cycle(cycle).unwrap();
            assert_eq!(after.phase, phase_after(&after.phases, &after.steps), "seed {seed}");
            assert!(after.phases.contains(&after.phase) || after.is_closed(), "seed {seed}");
            assert!(after.steps.is_superset(&before.steps), "seed {seed}");
            let lost = |old: &Prediction| !after.predictions.iter().any(|new| new.id == old.id && new.at == old.at);
            assert!(!before.predictions.iter().any(lost), "seed {seed}");
            assert!(!before.is_closed() || after == before, "seed {seed}: {name} changed a closed cycle");
            assert!(who != world.ed || answer.is_err(), "seed {seed}: {name} by somebody from elsewhere");
        }
        closed += cycles.iter().filter(|&&cycle| work.host().cycle(cycle).unwrap().is_closed()).count();
    }
    assert!(closed > 0, "some come to their end");
}
