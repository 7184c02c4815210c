//! The way of every kind of cycle from its first phase to its end, each guard failing first.

use chrono::NaiveDateTime;
use cop_core::{
    ConveningId, Cycle, CycleEdit, CycleId, DecisionOf, ErrorKind, FormationRule, MeasureId, NewConvening, NewCycle,
    NewEntry, NewMeasure, NewMembership, NewObservation, NewPrediction, NewResource, NewTeam, Period, Session,
};

use super::{Work, back, decision, result_of, state};
use crate::world::day;

impl Work {
    /// What the cycle lacks, field by field.
    fn lacks(&self, session: &Session, cycle: CycleId) -> Vec<String> {
        let (kind, problems) = self.wrong(|| session.advance_cycle(cycle));
        assert_eq!(kind, ErrorKind::Precondition);
        let field = |problem: &String| problem.strip_suffix(" cycle.phase_guard").map(str::to_owned);
        problems.iter().map(|problem| field(problem).unwrap_or_else(|| panic!("{problem}"))).collect()
    }

    /// Lea cannot take it on, for want of these.
    fn stuck(&self, cycle: CycleId, fields: &[&str]) {
        assert_eq!(self.lacks(&self.lea(), cycle), fields);
    }

    /// Lea takes it on, to this phase.
    fn on(&self, cycle: CycleId, phase: &str) -> Cycle {
        let advanced = self.lea().advance_cycle(cycle).unwrap();
        assert_eq!(advanced.phase.code(), phase);
        let last = advanced.steps.last().unwrap();
        assert_eq!((last.to.code(), last.by, &last.reason), (phase, Some(self.world.lea), &None));
        advanced
    }

    fn note(&self, cycle: CycleId, kind: &str) {
        self.lea().add_entry(NewEntry::new(cycle, kind, "What we wrote")).unwrap();
    }

    fn note_on(&self, cycle: CycleId, kind: &str, date: &str) {
        self.lea().add_entry(NewEntry::new(cycle, kind, "What we wrote").on(day(date))).unwrap();
    }

    fn resource(&self, session: &Session, cycle: CycleId, kind: &str) {
        let new = NewResource { cycle: Some(cycle), ..NewResource::new(kind, "Ours") };
        session.add_resource(new.with_team(self.world.team)).unwrap();
    }

    fn measure(&self) -> MeasureId {
        let new = NewMeasure::new(self.world.team, "Explanations", "Counted in every lesson", "count");
        self.lea().define_measure(new).unwrap().id
    }

    fn lesson(&self, cycle: CycleId, kind: &str) -> ConveningId {
        let civil = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let (starts, ends) = (civil("2021-09-20T09:00:00"), civil("2021-09-20T10:00:00"));
        let new = NewConvening::new(kind, "Grade 5", starts, ends, "America/Los_Angeles");
        let new = NewConvening { cycle: Some(cycle), ..new.with_team(self.world.team).at("North School") };
        self.lea().plan_convening(new).unwrap().id
    }
}

fn period(starts_on: &str, ends_on: &str) -> Period {
    Period { starts_on: day(starts_on), ends_on: day(ends_on) }
}

fn count(measure: MeasureId, starts_on: &str, ends_on: &str) -> NewObservation {
    NewObservation::new(measure, period(starts_on, ends_on)).with_value(12.0)
}

#[test]
fn plan_do_study_act() {
    let work = Work::new();
    let lea = work.lea();
    let cycle = work.start("pdsa").id;
    let other = work.start("pdsa").id;

    work.stuck(cycle, &["tests", "predictions", "entries.plan", "starts_on"]);
    lea.revise_cycle(CycleEdit { tests: Some(vec![work.idea]), ..CycleEdit::new(cycle) }).unwrap();
    work.stuck(cycle, &["predictions", "entries.plan", "starts_on"]);
    let predict = |question: &str| NewPrediction { cycle, question: question.into(), predicted: "Half".into() };
    lea.predict(predict("How many explain?")).unwrap();
    work.stuck(cycle, &["entries.plan", "starts_on"]);
    work.note(cycle, "note");
    work.note(other, "plan");
    work.stuck(cycle, &["entries.plan", "starts_on"]);
    work.note(cycle, "plan");
    work.stuck(cycle, &["starts_on"]);
    lea.revise_cycle(CycleEdit { starts_on: Some(day("2021-09-01")), ..CycleEdit::new(cycle) }).unwrap();
    work.on(cycle, "do");

    // What was written while planning, or before the first day, says nothing of the trying.
    work.stuck(cycle, &["entries"]);
    work.note_on(cycle, "note", "2021-08-31");
    work.stuck(cycle, &["entries"]);
    work.note(cycle, "note");
    work.on(cycle, "study");

    let told = work.world.session(work.world.ana).predict(predict("How many draw?")).unwrap();
    work.stuck(cycle, &["predictions[0].result", "predictions[1].result"]);
    lea.record_result(result_of(&told, "confirmed", "They do")).unwrap();
    work.stuck(cycle, &["predictions[1].result"]);
    let second = told.predictions.last().unwrap().id;
    lea.record_result(cop_core::ResultOf { prediction: second, ..result_of(&told, "unclear", "Some") }).unwrap();
    work.on(cycle, "act");

    work.stuck(cycle, &["decision"]);
    lea.decide_cycle(decision(cycle, "adapt")).unwrap();
    work.stuck(cycle, &["successor"]);
    lea.start_cycle(work.new_cycle("pdsa").after(cycle)).unwrap();
    let closed = work.on(cycle, "closed");
    assert!(closed.is_closed());
    assert_eq!(closed.steps.iter().map(|step| step.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn an_adapted_change_needs_no_successor_where_it_is_said_why() {
    let work = Work::new();
    let lea = work.lea();
    let act = || {
        let new = work.new_cycle("pdsa").testing(work.idea).starting(day("2021-09-01"));
        let cycle = lea.start_cycle(new).unwrap().id;
        lea.predict(super::prediction(cycle)).unwrap();
        work.note(cycle, "plan");
        work.on(cycle, "do");
        work.note(cycle, "data");
        let cycle = work.on(cycle, "study");
        lea.record_result(result_of(&cycle, "confirmed", "They do")).unwrap();
        work.on(cycle.id, "act").id
    };
    let cycle = act();
    lea.decide_cycle(decision(cycle, "adapt")).unwrap();
    work.stuck(cycle, &["successor"]);
    lea.decide_cycle(DecisionOf { no_successor: Some("The year is over".into()), ..decision(cycle, "adapt") }).unwrap();
    work.on(cycle, "closed");
    for kind in ["adopt", "abandon", "inconclusive"] {
        let cycle = act();
        lea.decide_cycle(decision(cycle, kind)).unwrap();
        work.on(cycle, "closed");
    }
}

#[test]
fn an_observation_counts_where_it_falls_into_the_cycle() {
    let work = Work::new();
    let lea = work.lea();
    let (measure, other) = (work.measure(), work.measure());
    let new = work.new_cycle("pdsa").testing(work.idea).with_measure(measure).starting(day("2021-09-06"));
    let cycle = lea.start_cycle(NewCycle { ends_on: Some(day("2021-09-17")), ..new }).unwrap().id;
    lea.predict(super::prediction(cycle)).unwrap();
    work.note(cycle, "plan");
    work.on(cycle, "do");
    work.world.go_to("2021-10-04T16:00:00Z");
    work.note_on(cycle, "note", "2021-09-18");
    lea.record_observation(count(other, "2021-09-06", "2021-09-10")).unwrap();
    lea.record_observation(count(measure, "2021-08-30", "2021-09-05")).unwrap();
    lea.record_observation(count(measure, "2021-09-18", "2021-09-24")).unwrap();
    let uncounted = NewObservation {
        missing_reason: Some("not_collected".to_owned()),
        ..NewObservation::new(measure, period("2021-09-06", "2021-09-12"))
    };
    lea.record_observation(uncounted).unwrap();
    work.stuck(cycle, &["entries"]);
    // One that only begins in the cycle's last days is dated in it, too.
    lea.record_observation(count(measure, "2021-09-13", "2021-09-17")).unwrap();
    work.on(cycle, "study");
}

#[test]
fn without_a_last_day_a_cycle_reaches_to_today() {
    let work = Work::new();
    let lea = work.lea();
    let new = work.new_cycle("pdsa").testing(work.idea).starting(day("2021-09-06"));
    let cycle = lea.start_cycle(new).unwrap().id;
    lea.predict(super::prediction(cycle)).unwrap();
    work.note(cycle, "plan");
    work.on(cycle, "do");
    // Before its first day nothing is in it.
    work.world.go_to("2021-09-05T16:00:00Z");
    work.note(cycle, "note");
    work.stuck(cycle, &["entries"]);
    work.world.go_to("2021-09-30T16:00:00Z");
    work.stuck(cycle, &["entries"]);
    work.note(cycle, "note");
    work.on(cycle, "study");
}

#[test]
fn study_plan_teach_reflect() {
    let work = Work::new();
    let lea = work.lea();
    let cycle = work.start("lesson_study").id;
    work.stuck(cycle, &["question"]);
    lea.revise_cycle(CycleEdit { question: Some("Fractions as numbers".into()), ..CycleEdit::new(cycle) }).unwrap();
    work.on(cycle, "plan");

    work.stuck(cycle, &["resources.lesson_plan"]);
    work.resource(&lea, cycle, "task");
    work.note(cycle, "plan");
    work.stuck(cycle, &["resources.lesson_plan"]);
    work.resource(&lea, cycle, "lesson_plan");
    work.on(cycle, "teach");

    // Planned, announced, or held but no lesson: not yet.
    work.stuck(cycle, &["convenings.lesson_observation"]);
    let (lesson, meeting) = (work.lesson(cycle, "lesson_observation"), work.lesson(cycle, "team_meeting"));
    lea.schedule_convening(lesson).unwrap();
    lea.schedule_convening(meeting).unwrap();
    work.world.go_to("2021-09-21T16:00:00Z");
    lea.hold_convening(meeting).unwrap();
    work.stuck(cycle, &["convenings.lesson_observation"]);
    lea.hold_convening(lesson).unwrap();
    work.on(cycle, "reflect");

    work.stuck(cycle, &["entries.reflection"]);
    work.note(cycle, "note");
    work.stuck(cycle, &["entries.reflection"]);
    work.note(cycle, "reflection");
    work.on(cycle, "closed");
}

#[test]
fn a_lesson_that_was_taught_may_be_told_of_in_a_note_of_its_days() {
    let work = Work::new();
    let lea = work.lea();
    let new = work.new_cycle("lesson_study").with_question("How?").starting(day("2021-09-01"));
    let cycle = lea.start_cycle(new).unwrap().id;
    work.on(cycle, "plan");
    work.note(cycle, "note");
    work.resource(&lea, cycle, "lesson_plan");
    work.on(cycle, "teach");
    work.note_on(cycle, "note", "2021-08-31");
    work.stuck(cycle, &["convenings.lesson_observation"]);
    work.note_on(cycle, "note", "2021-09-01");
    work.on(cycle, "reflect");
}

#[test]
fn plan_act_observe_reflect() {
    let work = Work::new();
    let lea = work.lea();
    let cycle = work.start("action_research").id;
    work.stuck(cycle, &["question"]);
    lea.revise_cycle(CycleEdit { question: Some("Do strips help?".into()), ..CycleEdit::new(cycle) }).unwrap();
    work.on(cycle, "act");

    work.stuck(cycle, &["starts_on", "ends_on"]);
    lea.revise_cycle(CycleEdit { starts_on: Some(day("2021-09-01")), ..CycleEdit::new(cycle) }).unwrap();
    work.stuck(cycle, &["ends_on"]);
    lea.revise_cycle(CycleEdit { ends_on: Some(day("2021-10-01")), ..CycleEdit::new(cycle) }).unwrap();
    work.on(cycle, "observe");

    work.note(cycle, "note");
    work.stuck(cycle, &["entries.data"]);
    work.note(cycle, "data");
    work.on(cycle, "reflect");

    work.stuck(cycle, &["entries.reflection"]);
    work.note(cycle, "reflection");
    work.on(cycle, "closed");
}

#[test]
fn numbers_are_data_too() {
    let work = Work::new();
    let lea = work.lea();
    let measure = work.measure();
    let new = work.new_cycle("action_research").with_question("How?").with_measure(measure).starting(day("2021-09-01"));
    let cycle = lea.start_cycle(NewCycle { ends_on: Some(day("2021-10-01")), ..new }).unwrap().id;
    work.on(cycle, "act");
    work.on(cycle, "observe");
    work.stuck(cycle, &["entries.data"]);
    let kept_back = NewObservation {
        missing_reason: Some("suppressed".to_owned()),
        ..NewObservation::new(measure, period("2021-09-01", "2021-09-01"))
    };
    lea.record_observation(kept_back).unwrap();
    work.on(cycle, "reflect");
}

#[test]
fn empathize_define_ideate_prototype_test() {
    let work = Work::new();
    let lea = work.lea();
    let cycle = work.start("design_thinking").id;
    work.stuck(cycle, &["entries"]);
    work.note(cycle, "note");
    work.on(cycle, "define");

    work.stuck(cycle, &["problem"]);
    lea.revise_cycle(CycleEdit { problem: Some(work.problem), ..CycleEdit::new(cycle) }).unwrap();
    work.on(cycle, "ideate");

    work.stuck(cycle, &["tests"]);
    lea.revise_cycle(CycleEdit { tests: Some(vec![work.idea]), ..CycleEdit::new(cycle) }).unwrap();
    work.on(cycle, "prototype");

    // The note that led out of the first phase makes no prototype.
    work.stuck(cycle, &["resources"]);
    work.resource(&lea, cycle, "task");
    work.on(cycle, "test");
    lea.step_back_cycle(back(cycle, "Another try")).unwrap();
    work.on(cycle, "test");

    work.stuck(cycle, &["decision"]);
    lea.decide_cycle(decision(cycle, "adapt")).unwrap();
    work.on(cycle, "closed");
}

#[test]
fn a_prototype_may_be_a_note() {
    let work = Work::new();
    let new = work.new_cycle("design_thinking").with_problem(work.problem).testing(work.idea);
    let cycle = work.lea().start_cycle(new).unwrap().id;
    work.note(cycle, "note");
    for phase in ["define", "ideate", "prototype"] {
        work.on(cycle, phase);
    }
    work.stuck(cycle, &["resources"]);
    work.note(cycle, "note");
    work.on(cycle, "test");
}

#[test]
fn launch_investigate_act_reflect() {
    let work = Work::new();
    let (world, host) = (&work.world, work.host());
    let rule = FormationRule { min_members: 2, min_distinct_districts: 2, ..FormationRule::default() };
    let team = host.create_team(NewTeam::new("cross_district", "New").with_formation(rule)).unwrap().id;
    host.add_membership(NewMembership::new(team, world.lea).with_role("lead")).unwrap();
    let new = |kind: &str| NewCycle { team, ..work.new_cycle(kind) };
    let cycle = work.lea().start_cycle(new("inquiry")).unwrap().id;

    work.stuck(cycle, &["problem", "formation.min_members", "formation.min_distinct_districts"]);
    work.lea().revise_cycle(CycleEdit { problem: Some(work.problem), ..CycleEdit::new(cycle) }).unwrap();
    host.add_membership(NewMembership::new(team, world.ana)).unwrap();
    work.stuck(cycle, &["formation.min_distinct_districts"]);
    host.add_membership(NewMembership::new(team, world.ben)).unwrap();
    work.on(cycle, "investigate");

    work.stuck(cycle, &["entries"]);
    work.note(cycle, "data");
    work.on(cycle, "act");

    work.stuck(cycle, &["children"]);
    host.activate_team(team).unwrap();
    work.lea().start_cycle(new("pdsa")).unwrap();
    work.stuck(cycle, &["children"]);
    let child = work.lea().start_cycle(new("custom").within(cycle)).unwrap().id;
    work.on(cycle, "reflect");

    work.stuck(cycle, &["children.closed"]);
    work.note(child, "note");
    work.lea().decide_cycle(decision(child, "adopt")).unwrap();
    work.on(child, "closed");
    work.on(cycle, "closed");
}

#[test]
fn phases_of_ones_own() {
    let work = Work::new();
    let lea = work.lea();
    let new = NewCycle { phases: vec!["notice".into(), "wonder".into()], ..work.new_cycle("custom") };
    let cycle = lea.start_cycle(new).unwrap().id;
    work.stuck(cycle, &["entries"]);
    work.note(cycle, "note");
    work.on(cycle, "wonder");
    work.stuck(cycle, &["entries", "decision"]);
    lea.decide_cycle(decision(cycle, "adapt")).unwrap();
    work.stuck(cycle, &["entries"]);
    work.note(cycle, "note");
    work.on(cycle, "closed");
}

#[test]
fn a_guard_counts_only_what_the_one_who_moves_it_can_see() {
    let work = Work::new();
    let (world, lea) = (&work.world, work.lea());
    let (ana, ben) = (world.session(world.ana), world.session(world.ben));
    let cycle = ana.start_cycle(work.new_cycle("lesson_study").with_question("How?")).unwrap().id;
    ana.advance_cycle(cycle).unwrap();
    // Ben's draft is for him, the leads and those who facilitate.
    work.resource(&ben, cycle, "lesson_plan");
    assert_eq!(work.lacks(&ana, cycle), ["resources.lesson_plan"]);
    assert!(lea.advance_cycle(cycle).is_ok());

    // What somebody wrote for themselves is no reflection of the team's, not even for them.
    let custom = work.start("custom").id;
    lea.decide_cycle(decision(custom, "adopt")).unwrap();
    lea.add_entry(NewEntry::new(custom, "note", "Only for me").private()).unwrap();
    work.stuck(custom, &["entries"]);
    assert_eq!(work.lacks(&work.host(), custom), ["entries"]);
    ben.add_entry(NewEntry::new(custom, "note", "For all")).unwrap();
    work.on(custom, "closed");
}

#[test]
fn a_note_belongs_to_the_phase_it_was_written_for() {
    let work = Work::new();
    let lea = work.lea();
    let new = NewCycle { phases: vec!["notice".into(), "wonder".into()], ..work.new_cycle("custom") };
    let cycle = lea.start_cycle(new).unwrap().id;
    let ahead = NewEntry { phase: Some("wonder".to_owned()), ..NewEntry::new(cycle, "note", "Later") };
    lea.add_entry(ahead).unwrap();
    work.stuck(cycle, &["entries"]);
    work.note(cycle, "note");
    work.on(cycle, "wonder");
    work.stuck(cycle, &["decision"]);
    // The way back asks for nothing but a reason, and the way on for what is there already.
    lea.step_back_cycle(back(cycle, "Look again")).unwrap();
    work.on(cycle, "wonder");
    assert_eq!(work.wrong(|| lea.advance_cycle(cycle)), state(&["decision cycle.phase_guard"]));
}
