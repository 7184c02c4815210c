//! Cycles of inquiry: who starts, plans and works on them, and what is never taken back.

mod folds;
mod guards;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cop_core::{
    Cycle, CycleEdit, CycleId, CycleKind, DecisionKind, DecisionOf, Error, ErrorKind, GoalId, MeasureId, MemberId,
    NewCycle, NewEntry, NewGoal, NewMembership, NewPrediction, NewTeam, Op, Phase, PredictionOutcome, Result, ResultOf,
    Session, StepBack, TeamEdit, TeamId, UndoOf, Visibility,
};
use uuid::Uuid;

use crate::world::{World, day};

/// A team with a problem of practice and a change idea.
struct Work {
    world: World,
    problem: GoalId,
    idea: GoalId,
}

impl Work {
    fn new() -> Self {
        let world = World::new();
        let lea = world.session(world.lea);
        let goal = |kind: &str, parent: Option<GoalId>| {
            let mut new = NewGoal::new(kind, format!("A {kind}")).with_team(world.team);
            new.parents.extend(parent);
            lea.add_goal(new).unwrap().id
        };
        let problem = goal("problem", None);
        let aim = goal("aim", Some(problem));
        let idea = goal("change_idea", Some(aim));
        Self { world, problem, idea }
    }

    fn lea(&self) -> Session {
        self.world.session(self.world.lea)
    }

    fn host(&self) -> Session {
        self.world.cop.steward()
    }

    fn new_cycle(&self, kind: &str) -> NewCycle {
        let mut new = NewCycle::new(self.world.team, kind, "Number lines");
        if kind == "custom" {
            new.phases = vec!["try".to_owned()];
        }
        new
    }

    /// A cycle that Lea starts and leads.
    fn start(&self, kind: &str) -> Cycle {
        self.lea().start_cycle(self.new_cycle(kind)).unwrap()
    }

    /// A cycle of one phase, with the note that its guard asks for.
    fn tried(&self) -> Cycle {
        let cycle = self.start("custom");
        self.lea().add_entry(NewEntry::new(cycle.id, "note", "We tried it.")).unwrap();
        cycle
    }

    /// A cycle that is decided and over.
    fn closed(&self, new: NewCycle) -> Cycle {
        let lea = self.lea();
        let cycle = lea.start_cycle(new).unwrap();
        lea.add_entry(NewEntry::new(cycle.id, "note", "We tried it.")).unwrap();
        lea.decide_cycle(decision(cycle.id, "adopt")).unwrap();
        let closed = lea.advance_cycle(cycle.id).unwrap();
        assert!(closed.is_closed());
        closed
    }

    /// A cycle that has left its first phase.
    fn begun(&self) -> Cycle {
        let lea = self.lea();
        let new = self.new_cycle("lesson_study").with_question("How do they compare fractions?");
        let cycle = lea.start_cycle(new).unwrap();
        lea.advance_cycle(cycle.id).unwrap()
    }

    fn wrong<T: std::fmt::Debug>(&self, call: impl FnOnce() -> Result<T>) -> (ErrorKind, Vec<String>) {
        self.world.wrong(call)
    }
}

fn decision(cycle: CycleId, kind: &str) -> DecisionOf {
    DecisionOf { cycle, kind: kind.to_owned(), rationale: "It helps.".to_owned(), no_successor: None }
}

fn prediction(cycle: CycleId) -> NewPrediction {
    let (question, predicted) = ("How many explain?".to_owned(), "Half of them".to_owned());
    NewPrediction { cycle, question, predicted }
}

fn back(cycle: CycleId, reason: &str) -> StepBack {
    StepBack { cycle, reason: reason.to_owned() }
}

fn result_of(cycle: &Cycle, outcome: &str, learning: &str) -> ResultOf {
    let prediction = cycle.predictions.first().unwrap().id;
    ResultOf { cycle: cycle.id, prediction, outcome: outcome.to_owned(), learning: learning.to_owned() }
}

fn refused(kind: ErrorKind, problems: &[&str]) -> (ErrorKind, Vec<String>) {
    (kind, problems.iter().map(|problem| (*problem).to_owned()).collect())
}

fn input(problems: &[&str]) -> (ErrorKind, Vec<String>) {
    refused(ErrorKind::InvalidInput, problems)
}

fn state(problems: &[&str]) -> (ErrorKind, Vec<String>) {
    refused(ErrorKind::Precondition, problems)
}

fn not_found() -> (ErrorKind, Vec<String>) {
    refused(ErrorKind::NotFound, &["record.not_found"])
}

fn answer<T>(result: Result<T>) -> &'static str {
    match result {
        Ok(_) => "yes",
        Err(error) if error.kind() == ErrorKind::NotPermitted => "not permitted",
        Err(error) if error.kind() == ErrorKind::NotFound => "not found",
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_team_and_those_who_facilitate_start_its_cycles() {
    let work = Work::new();
    let world = &work.world;
    let people = [
        (world.olga, "yes"),
        (world.stan, "yes"),
        (world.conny, "yes"),
        (world.lea, "yes"),
        (world.ana, "yes"),
        (world.ed, "not permitted"),
        (world.obi, "not found"),
    ];
    for (member, expected) in people {
        assert_eq!(answer(world.session(member).start_cycle(work.new_cycle("pdsa"))), expected, "{member}");
    }
    assert_eq!(answer(work.host().start_cycle(work.new_cycle("pdsa"))), "yes");
    assert_eq!(answer(world.cop.as_guest().start_cycle(work.new_cycle("pdsa"))), "not permitted");
    let nowhere = NewCycle::new(TeamId::new(Uuid::from_u128(9)), "pdsa", "T");
    assert_eq!(work.wrong(|| work.lea().start_cycle(nowhere.clone())), not_found());
}

#[test]
fn a_cycle_begins_in_the_first_phase_of_its_kind() {
    let work = Work::new();
    let kinds: [(&str, &[&str]); 5] = [
        ("pdsa", &["plan", "do", "study", "act"]),
        ("lesson_study", &["study", "plan", "teach", "reflect"]),
        ("action_research", &["plan", "act", "observe", "reflect"]),
        ("design_thinking", &["empathize", "define", "ideate", "prototype", "test"]),
        ("inquiry", &["launch", "investigate", "act", "reflect"]),
    ];
    assert_eq!(kinds.len() + 1, CycleKind::CODES.len());
    for (kind, phases) in kinds {
        let cycle = work.start(kind);
        assert_eq!(cycle.phases.iter().map(Phase::code).collect::<Vec<_>>(), phases, "{kind}");
        assert_eq!((cycle.phase.code(), cycle.is_closed(), cycle.began_trying()), (phases[0], false, None), "{kind}");
        let own = NewCycle { phases: vec!["try".to_owned()], ..work.new_cycle(kind) };
        assert_eq!(work.wrong(|| work.lea().start_cycle(own.clone())), input(&["phases cycle.phases"]), "{kind}");
    }
}

#[test]
fn a_custom_cycle_brings_one_to_twelve_phases_each_once() {
    let work = Work::new();
    let custom = |phases: &[&str]| NewCycle {
        phases: phases.iter().map(|phase| (*phase).to_owned()).collect(),
        ..NewCycle::new(work.world.team, "custom", "Ours")
    };
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"];
    let twelve = work.lea().start_cycle(custom(&letters[..12])).unwrap();
    assert_eq!((twelve.phases.len(), twelve.phase.code()), (12, "a"));
    // Phases of other kinds may be among them.
    assert!(work.lea().start_cycle(custom(&["plan", "pilot", "reflect"])).is_ok());
    let wrong = |phases: &[&str]| work.wrong(|| work.lea().start_cycle(custom(phases)));
    assert_eq!(wrong(&[]), input(&["phases cycle.phases"]));
    assert_eq!(wrong(&letters), input(&["phases cycle.phases"]));
    let several = ["a", "closed", "a", "no space", ""];
    let problems = [
        "phases[1] cycle.phase_reserved",
        "phases[2] cycle.phase_repeated",
        "phases[3] code.format",
        "phases[4] code.format",
    ];
    assert_eq!(wrong(&several), input(&problems));
}

#[test]
fn whoever_starts_a_cycle_of_their_team_leads_it_unless_somebody_else_does() {
    let work = Work::new();
    let (world, lea) = (&work.world, work.lea());
    let cycle = work.start("pdsa");
    assert_eq!((cycle.lead, cycle.created_by), (Some(world.lea), Some(world.lea)));
    assert_eq!((cycle.visibility, cycle.title.as_str()), (Visibility::Team(world.team), "Number lines"));
    assert!(world.session(world.ben).cycle(cycle.id).is_ok());
    assert_eq!(answer(world.session(world.ed).cycle(cycle.id)), "not found");
    // Those who are not in the team only look after it.
    assert_eq!(world.session(world.conny).start_cycle(work.new_cycle("pdsa")).unwrap().lead, None);
    assert_eq!(work.host().start_cycle(work.new_cycle("pdsa")).unwrap().lead, None);
    let led = NewCycle { lead: Some(world.ana), ..work.new_cycle("pdsa") }.with_participant(world.ben);
    let led = lea.start_cycle(led).unwrap();
    assert_eq!((led.lead, led.participants), (Some(world.ana), BTreeSet::from([world.ben])));
}

#[test]
fn only_people_of_the_team_work_on_a_cycle() {
    let work = Work::new();
    let (world, lea, host) = (&work.world, work.lea(), work.host());
    let of = |member: MemberId| host.add_membership(NewMembership::new(world.team, member)).unwrap().id;
    // In the team, but taking a break; invited, but silent; and gone.
    let (paused, asked, gone) = (world.conny, world.ed, world.olga);
    of(paused);
    host.pause_member(paused).unwrap();
    lea.invite_to_team(NewMembership::new(world.team, asked)).unwrap();
    let left = of(gone);
    host.end_membership(left).unwrap();
    for (index, member) in [world.stan, paused, asked, gone].into_iter().enumerate() {
        let new = NewCycle { lead: Some(member), ..work.new_cycle("pdsa") };
        let new = new.with_participant(world.ana).with_participant(member);
        let wrong = state(&["lead cycle.not_in_team", "participants[1] cycle.not_in_team"]);
        assert_eq!(work.wrong(|| lea.start_cycle(new.clone())), wrong, "{index}");
    }
    let unknown = work.new_cycle("pdsa").with_participant(MemberId::new(Uuid::from_u128(9)));
    assert_eq!(work.wrong(|| lea.start_cycle(unknown.clone())), not_found());
}

#[test]
fn everything_that_is_wrong_with_a_cycle_is_said_at_once() {
    let work = Work::new();
    let lea = work.lea();
    let bad = NewCycle {
        title: " ".to_owned(),
        question: "\0".to_owned(),
        lenses: vec!["UDL".to_owned(), "two words".to_owned(), "x".repeat(65)],
        school_year: Some("2021".to_owned()),
        starts_on: Some(day("2021-10-02")),
        ends_on: Some(day("2021-10-01")),
        visibility: Some("some".to_owned()),
        tests: vec![work.idea; 201],
        measures: vec![MeasureId::new(Uuid::from_u128(1)); 201],
        participants: vec![work.world.ana; 201],
        ..NewCycle::new(work.world.team, "wheel", "")
    };
    let problems = [
        "kind code.unknown",
        "title text.empty",
        "question text.character",
        "lenses[1] code.format",
        "lenses[2] code.format",
        "school_year school_year.format",
        "ends_on date.order",
        "visibility visibility.format",
        "tests list.too_long",
        "measures list.too_long",
        "participants list.too_long",
    ];
    assert_eq!(work.wrong(|| lea.start_cycle(bad.clone())), input(&problems));
    let many = NewCycle { lenses: vec!["UDL".to_owned(); 201], ..work.new_cycle("pdsa") };
    assert_eq!(work.wrong(|| lea.start_cycle(many.clone())), input(&["lenses list.too_long"]));
    let early = work.new_cycle("pdsa").starting(day("1899-12-31"));
    assert_eq!(work.wrong(|| lea.start_cycle(early.clone())), input(&["starts_on date.range"]));
}

#[test]
fn a_cycle_tests_change_ideas_and_is_about_a_problem() {
    let work = Work::new();
    let lea = work.lea();
    let new = work.new_cycle("pdsa").testing(work.idea).with_problem(work.problem).with_lens("UDL");
    let cycle = lea.start_cycle(new).unwrap();
    assert_eq!((cycle.tests.len(), cycle.problem, cycle.lenses.len()), (1, Some(work.problem), 1));
    let swapped = work.new_cycle("pdsa").testing(work.idea).testing(work.problem).with_problem(work.idea);
    let wrong = state(&["problem cycle.problem_kind", "tests[1] cycle.tests_kind"]);
    assert_eq!(work.wrong(|| lea.start_cycle(swapped.clone())), wrong);
    let hidden = NewGoal { visibility: Some("private".to_owned()), ..NewGoal::new("problem", "Hidden") };
    let hidden = work.world.session(work.world.stan).add_goal(hidden).unwrap().id;
    for unseen in [hidden, GoalId::new(Uuid::from_u128(9))] {
        assert_eq!(work.wrong(|| lea.start_cycle(work.new_cycle("pdsa").testing(unseen))), not_found());
        assert_eq!(work.wrong(|| lea.start_cycle(work.new_cycle("pdsa").with_problem(unseen))), not_found());
    }
    let measured = work.new_cycle("pdsa").with_measure(MeasureId::new(Uuid::from_u128(1)));
    let error = work.world.refused(|| lea.start_cycle(measured.clone()));
    assert!(matches!(error, Error::NotFound { kind: "measure", .. }), "{error}");
}

#[test]
fn a_team_that_forms_only_inquires_and_an_archived_one_rests() {
    let work = Work::new();
    let host = work.host();
    let team = host.create_team(NewTeam::new("project", "New")).unwrap().id;
    let new = |kind: &str| NewCycle { team, ..work.new_cycle(kind) };
    for kind in ["pdsa", "lesson_study", "action_research", "design_thinking", "custom"] {
        assert_eq!(work.wrong(|| host.start_cycle(new(kind))), state(&["team team.forming"]), "{kind}");
    }
    assert!(host.start_cycle(new("inquiry")).is_ok());
    host.archive_team(team).unwrap();
    for kind in ["pdsa", "inquiry"] {
        assert_eq!(work.wrong(|| host.start_cycle(new(kind))), state(&["team team.archived"]), "{kind}");
    }
}

#[test]
fn a_cycle_is_not_meant_for_more_than_the_team_allows() {
    let work = Work::new();
    let (lea, host) = (work.lea(), work.host());
    host.revise_team(TeamEdit { maximum_visibility: Some("community".to_owned()), ..TeamEdit::new(work.world.team) })
        .unwrap();
    let new = |visibility: &str| NewCycle { visibility: Some(visibility.to_owned()), ..work.new_cycle("pdsa") };
    let too_wide = state(&["visibility cycle.too_wide"]);
    assert_eq!(work.wrong(|| lea.start_cycle(new("public"))), too_wide);
    let cycle = lea.start_cycle(new("community")).unwrap();
    let edit = |visibility: &str| CycleEdit { visibility: Some(visibility.to_owned()), ..CycleEdit::new(cycle.id) };
    assert_eq!(work.wrong(|| lea.revise_cycle(edit("public"))), too_wide);
    let nobody = format!("team:{}", Uuid::from_u128(9));
    assert_eq!(work.wrong(|| lea.start_cycle(new(&nobody))), not_found());
    assert_eq!(work.wrong(|| lea.revise_cycle(edit(&nobody))), not_found());
    assert_eq!(lea.revise_cycle(edit("private")).unwrap().visibility, Visibility::Private);
}

#[test]
fn a_cycle_is_a_part_of_an_open_inquiry_of_its_team_and_inside_its_dates() {
    let work = Work::new();
    let (lea, host) = (work.lea(), work.host());
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    let foreign =
        host.start_cycle(NewCycle { visibility: Some("community".to_owned()), ..NewCycle::new(other, "inquiry", "I") });
    let foreign = foreign.unwrap().id;
    let year = |starts: &str, ends: &str| NewCycle {
        ends_on: Some(day(ends)),
        ..work.new_cycle("inquiry").starting(day(starts))
    };
    let inquiry = lea.start_cycle(year("2021-09-01", "2022-06-01")).unwrap().id;
    let within = |parent: CycleId| work.new_cycle("pdsa").within(parent);
    assert_eq!(lea.start_cycle(within(inquiry)).unwrap().parent, Some(inquiry));
    let pdsa = work.start("pdsa").id;
    assert_eq!(work.wrong(|| lea.start_cycle(within(pdsa))), state(&["parent cycle.parent_kind"]));
    assert_eq!(work.wrong(|| lea.start_cycle(within(foreign))), state(&["parent cycle.parent_team"]));
    let unseen = CycleId::new(Uuid::from_u128(9));
    assert_eq!(work.wrong(|| lea.start_cycle(within(unseen))), not_found());

    let dated = |starts: Option<&str>, ends: Option<&str>| NewCycle {
        starts_on: starts.map(day),
        ends_on: ends.map(day),
        ..within(inquiry)
    };
    assert!(lea.start_cycle(dated(Some("2021-09-01"), Some("2022-06-01"))).is_ok());
    let before = state(&["starts_on cycle.outside_parent"]);
    assert_eq!(work.wrong(|| lea.start_cycle(dated(Some("2021-08-31"), None))), before);
    assert_eq!(work.wrong(|| lea.start_cycle(dated(Some("2021-08-31"), Some("2021-10-01")))), before);
    let after = state(&["ends_on cycle.outside_parent"]);
    assert_eq!(work.wrong(|| lea.start_cycle(dated(None, Some("2022-06-02")))), after);
    let both = state(&["starts_on cycle.outside_parent", "ends_on cycle.outside_parent"]);
    assert_eq!(work.wrong(|| lea.start_cycle(dated(Some("2021-01-01"), Some("2023-01-01")))), both);
    // What one does not know cannot be wrong.
    let open = lea.start_cycle(work.new_cycle("inquiry").starting(day("2021-09-01"))).unwrap().id;
    assert!(lea.start_cycle(NewCycle { ends_on: Some(day("2030-01-01")), ..within(open) }).is_ok());
}

#[test]
fn later_dates_stay_inside_the_inquiry_too() {
    let work = Work::new();
    let lea = work.lea();
    let inquiry =
        NewCycle { ends_on: Some(day("2022-06-01")), ..work.new_cycle("inquiry").starting(day("2021-09-01")) };
    let inquiry = lea.start_cycle(inquiry).unwrap().id;
    let child = work.new_cycle("pdsa").within(inquiry).starting(day("2021-10-01"));
    let child = lea.start_cycle(NewCycle { ends_on: Some(day("2021-11-01")), ..child }).unwrap().id;
    let edit = |cycle: CycleId, starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>| CycleEdit {
        starts_on,
        ends_on,
        ..CycleEdit::new(cycle)
    };
    let early = edit(child, Some(day("2021-08-01")), None);
    assert_eq!(work.wrong(|| lea.revise_cycle(early.clone())), state(&["starts_on cycle.outside_parent"]));
    let turned = edit(child, Some(day("2021-12-01")), None);
    assert_eq!(work.wrong(|| lea.revise_cycle(turned.clone())), input(&["ends_on date.order"]));
    for (starts_on, ends_on) in [(Some(day("2021-10-02")), None), (None, Some(day("2021-10-31")))] {
        let narrow = edit(inquiry, starts_on, ends_on);
        assert_eq!(work.wrong(|| lea.revise_cycle(narrow.clone())), state(&["starts_on cycle.child_outside"]));
    }
    let revised = lea.revise_cycle(edit(inquiry, Some(day("2021-10-01")), Some(day("2021-11-01")))).unwrap();
    assert_eq!((revised.starts_on, revised.ends_on), (Some(day("2021-10-01")), Some(day("2021-11-01"))));
    assert_eq!(
        lea.revise_cycle(edit(child, None, Some(day("2021-10-15")))).unwrap().starts_on,
        Some(day("2021-10-01"))
    );
}

#[test]
fn a_cycle_continues_one_of_its_team_that_is_over_or_decided() {
    let work = Work::new();
    let (lea, host) = (work.lea(), work.host());
    let after = |previous: CycleId| work.new_cycle("pdsa").after(previous);
    let open = work.tried().id;
    assert_eq!(work.wrong(|| lea.start_cycle(after(open))), state(&["previous cycle.previous_open"]));
    lea.decide_cycle(decision(open, "adapt")).unwrap();
    assert_eq!(lea.start_cycle(after(open)).unwrap().previous, Some(open));
    let closed = work.closed(work.new_cycle("custom")).id;
    assert!(lea.start_cycle(after(closed)).is_ok());
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    let foreign = NewCycle { visibility: Some("community".to_owned()), ..NewCycle::new(other, "inquiry", "I") };
    let foreign = host.start_cycle(foreign).unwrap().id;
    let both = state(&["previous cycle.previous_team", "previous cycle.previous_open"]);
    assert_eq!(work.wrong(|| lea.start_cycle(after(foreign))), both);
    assert_eq!(work.wrong(|| lea.start_cycle(after(CycleId::new(Uuid::from_u128(9))))), not_found());
}

#[test]
fn no_cycle_begins_in_an_inquiry_that_is_over() {
    let work = Work::new();
    let lea = work.lea();
    let inquiry = lea.start_cycle(work.new_cycle("inquiry").with_problem(work.problem)).unwrap().id;
    lea.advance_cycle(inquiry).unwrap();
    lea.add_entry(NewEntry::new(inquiry, "note", "What we saw")).unwrap();
    lea.advance_cycle(inquiry).unwrap();
    work.closed(work.new_cycle("custom").within(inquiry));
    lea.advance_cycle(inquiry).unwrap();
    assert!(lea.advance_cycle(inquiry).unwrap().is_closed());
    let late = work.new_cycle("pdsa").within(inquiry);
    assert_eq!(work.wrong(|| lea.start_cycle(late.clone())), state(&["parent cycle.parent_closed"]));
    assert!(lea.start_cycle(work.new_cycle("inquiry").after(inquiry)).is_ok(), "but the next year goes on from it");
}

#[test]
fn a_cycle_is_changed_and_moved_by_its_maker_its_lead_and_those_who_look_after_it() {
    let work = Work::new();
    let world = &work.world;
    let ana = world.session(world.ana);
    let new = NewCycle { lead: Some(world.ben), ..work.new_cycle("custom") };
    let cycle = ana.start_cycle(new.clone()).unwrap().id;
    ana.add_entry(NewEntry::new(cycle, "note", "We tried it.")).unwrap();
    let two = NewCycle { phases: vec!["one".to_owned(), "two".to_owned()], ..new };
    let moved = ana.start_cycle(two).unwrap().id;
    ana.add_entry(NewEntry::new(moved, "note", "We tried it.")).unwrap();
    ana.advance_cycle(moved).unwrap();
    // A member of the team who has no part in it.
    let dora = work.host().add_member(cop_core::NewMember::new("Dora", "Test").with_role("member")).unwrap().id;
    work.host().add_membership(NewMembership::new(world.team, dora)).unwrap();
    let people = [
        (world.olga, "yes"),
        (world.stan, "yes"),
        (world.conny, "yes"),
        (world.lea, "yes"),
        (world.ana, "yes"),
        (world.ben, "yes"),
        (dora, "not permitted"),
        (world.ed, "not found"),
        (world.obi, "not found"),
    ];
    for (member, expected) in people {
        let session = world.session(member);
        let edit = CycleEdit { title: Some(format!("By {member}")), ..CycleEdit::new(cycle) };
        assert_eq!(answer(session.revise_cycle(edit)), expected, "{member}");
        assert_eq!(answer(session.decide_cycle(decision(cycle, "abandon"))), expected, "{member}");
        assert_eq!(answer(session.try_out(Op::AdvanceCycle(cycle.into()))), expected, "{member}");
        assert_eq!(answer(session.try_out(Op::StepBackCycle(back(moved, "Too soon")))), expected, "{member}");
    }
}

#[test]
fn a_cycle_is_revised_field_by_field() {
    let work = Work::new();
    let (world, lea) = (&work.world, work.lea());
    let cycle = work.start("pdsa");
    let edit = CycleEdit {
        title: Some("Strips".into()),
        question: Some("Do strips help?".into()),
        lenses: Some(vec!["UDL".into(), "equity".into()]),
        school_year: Some("2021-22".into()),
        starts_on: Some(day("2021-09-06")),
        ends_on: Some(day("2021-10-06")),
        problem: Some(work.problem),
        tests: Some(vec![work.idea]),
        lead: Some(world.ana),
        participants: Some(vec![world.ben]),
        ..CycleEdit::new(cycle.id)
    };
    let revised = lea.revise_cycle(edit).unwrap();
    assert_eq!((revised.title.as_str(), revised.question.as_str()), ("Strips", "Do strips help?"));
    assert_eq!((revised.lenses.len(), revised.problem, revised.tests.len()), (2, Some(work.problem), 1));
    assert_eq!((revised.lead, revised.participants.first()), (Some(world.ana), Some(&world.ben)));
    assert_eq!((revised.starts_on, revised.ends_on), (Some(day("2021-09-06")), Some(day("2021-10-06"))));
    let head = world.cop.head().unwrap();
    assert_eq!(lea.revise_cycle(CycleEdit::new(cycle.id)).unwrap(), revised);
    assert_eq!(world.cop.head().unwrap(), head, "no change, no entry in the log");
    let cleared = CycleEdit { school_year: Some(String::new()), lenses: Some(Vec::new()), ..CycleEdit::new(cycle.id) };
    let cleared = lea.revise_cycle(cleared).unwrap();
    assert_eq!((cleared.school_year, cleared.lenses.len()), (None, 0));

    let unread = CycleEdit {
        title: Some(String::new()),
        question: Some("\0".into()),
        lenses: Some(vec!["a b".into()]),
        school_year: Some("21".into()),
        starts_on: Some(day("2300-01-01")),
        visibility: Some("x".into()),
        tests: Some(vec![work.idea; 201]),
        measures: Some(vec![MeasureId::new(Uuid::from_u128(1)); 201]),
        participants: Some(vec![world.ana; 201]),
        ..CycleEdit::new(cycle.id)
    };
    let problems = [
        "title text.empty",
        "question text.character",
        "lenses[0] code.format",
        "school_year school_year.format",
        "starts_on date.range",
        "ends_on date.order",
        "visibility visibility.format",
        "tests list.too_long",
        "measures list.too_long",
        "participants list.too_long",
    ];
    assert_eq!(work.wrong(|| lea.revise_cycle(unread.clone())), input(&problems));
    let unfit = CycleEdit {
        problem: Some(work.idea),
        tests: Some(vec![work.problem]),
        lead: Some(world.ed),
        participants: Some(vec![world.ben, world.ed]),
        ..CycleEdit::new(cycle.id)
    };
    let problems = [
        "problem cycle.problem_kind",
        "tests[0] cycle.tests_kind",
        "lead cycle.not_in_team",
        "participants[1] cycle.not_in_team",
    ];
    assert_eq!(work.wrong(|| lea.revise_cycle(unfit.clone())), state(&problems));
    let measured = CycleEdit { measures: Some(vec![MeasureId::new(Uuid::from_u128(1))]), ..CycleEdit::new(cycle.id) };
    assert_eq!(work.wrong(|| lea.revise_cycle(measured.clone())), not_found());
}

#[test]
fn who_has_left_the_team_may_stay_in_a_cycle_but_not_come_into_it() {
    let work = Work::new();
    let (world, lea) = (&work.world, work.lea());
    let new = NewCycle { lead: Some(world.ben), ..work.new_cycle("pdsa") };
    let led = lea.start_cycle(new.clone()).unwrap().id;
    let shared = lea.start_cycle(work.new_cycle("pdsa").with_participant(world.ben)).unwrap().id;
    let cycle = lea.start_cycle(new.with_participant(world.ben)).unwrap().id;
    let other = work.start("pdsa").id;
    let ben = world.session(world.ben);
    let membership = work.host().add_membership(NewMembership::new(world.team, world.ben)).unwrap().id;
    work.host().end_membership(membership).unwrap();
    let edit = |cycle: CycleId| CycleEdit {
        lead: Some(world.ben),
        participants: Some(vec![world.ana, world.ben]),
        ..CycleEdit::new(cycle)
    };
    assert_eq!(lea.revise_cycle(edit(cycle)).unwrap().participants.len(), 2);
    let wrong = state(&["lead cycle.not_in_team", "participants[1] cycle.not_in_team"]);
    assert_eq!(work.wrong(|| lea.revise_cycle(edit(other))), wrong);
    // And whom it names still works on it.
    assert!(ben.predict(prediction(led)).is_ok());
    assert!(ben.predict(prediction(shared)).is_ok());
    assert_eq!(answer(ben.predict(prediction(other))), "not found");
}

#[test]
fn what_a_cycle_names_may_stay_though_it_is_hidden_from_whoever_changes_it() {
    let work = Work::new();
    let stan = work.world.session(work.world.stan);
    let hidden = |kind: &str, parent: Option<GoalId>| {
        let mut new = NewGoal { visibility: Some("private".to_owned()), ..NewGoal::new(kind, "Hidden") };
        new.parents.extend(parent);
        stan.add_goal(new).unwrap().id
    };
    let problem = hidden("problem", None);
    let idea = hidden("change_idea", Some(hidden("aim", Some(problem))));
    let new = work.new_cycle("pdsa").with_problem(problem).testing(idea);
    let cycle = stan.start_cycle(new).unwrap().id;
    let edit = |cycle: CycleId, problem: Option<GoalId>, tests: &[GoalId]| CycleEdit {
        problem,
        tests: Some(tests.to_vec()),
        ..CycleEdit::new(cycle)
    };
    let revised = work.lea().revise_cycle(edit(cycle, Some(problem), &[idea, work.idea])).unwrap();
    assert_eq!((revised.problem, revised.tests.len()), (Some(problem), 2));
    let other = work.start("pdsa").id;
    assert_eq!(work.wrong(|| work.lea().revise_cycle(edit(other, Some(problem), &[]))), not_found());
    assert_eq!(work.wrong(|| work.lea().revise_cycle(edit(other, None, &[idea]))), not_found());
}

#[test]
fn everybody_who_works_on_a_cycle_predicts() {
    let work = Work::new();
    let world = &work.world;
    let shown = NewCycle { visibility: Some("community".to_owned()), ..work.new_cycle("lesson_study") };
    let cycle = work.lea().start_cycle(shown.with_question("How?")).unwrap().id;
    let people = [
        (world.conny, "yes"),
        (world.lea, "yes"),
        (world.ana, "yes"),
        (world.ed, "not permitted"),
        (world.obi, "not found"),
    ];
    for (member, expected) in people {
        assert_eq!(answer(world.session(member).predict(prediction(cycle))), expected, "{member}");
    }
    let made = work.host().predict(prediction(cycle)).unwrap().predictions;
    let by: Vec<Option<MemberId>> = made.iter().map(|prediction| prediction.by).collect();
    assert_eq!(by, [Some(world.conny), Some(world.lea), Some(world.ana), None]);
    assert!(made.iter().all(|prediction| !prediction.late && prediction.result.is_none()));

    work.lea().advance_cycle(cycle).unwrap();
    let begun = work.lea().cycle(cycle).unwrap();
    for (member, expected) in people {
        let answered = world.session(member).try_out(Op::RecordResult(result_of(&begun, "unclear", "L")));
        assert_eq!(answer(answered), expected, "{member}");
    }
}

#[test]
fn what_is_predicted_is_words() {
    let work = Work::new();
    let cycle = work.start("pdsa").id;
    let empty = NewPrediction { cycle, question: " ".to_owned(), predicted: "x".repeat(301) };
    let wrong = input(&["question text.empty", "predicted text.too_long"]);
    assert_eq!(work.wrong(|| work.lea().predict(empty.clone())), wrong);
    let unseen = prediction(CycleId::new(Uuid::from_u128(9)));
    assert_eq!(work.wrong(|| work.lea().predict(unseen.clone())), not_found());
}

#[test]
fn a_cycle_has_at_most_200_predictions() {
    let work = Work::new();
    let (lea, cycle) = (work.lea(), work.start("pdsa").id);
    let all = lea.transaction(|tx| {
        (0..200).try_for_each(|_| tx.predict(prediction(cycle)).map(drop))?;
        tx.predict(prediction(cycle)).map(drop)
    });
    assert_eq!(all.unwrap_err().code(), "cycle.too_many_predictions");
    assert!(lea.cycle(cycle).unwrap().predictions.is_empty());
}

#[test]
fn a_prediction_made_after_the_trying_began_is_kept_but_late() {
    let work = Work::new();
    let (world, lea) = (&work.world, work.lea());
    let new = work.new_cycle("lesson_study").with_question("How?");
    let cycle = lea.start_cycle(new).unwrap().id;
    lea.predict(prediction(cycle)).unwrap();
    world.go_to("2021-09-10T16:00:00Z");
    lea.advance_cycle(cycle).unwrap();
    let lateness = |cycle: &Cycle| cycle.predictions.iter().map(|prediction| prediction.late).collect::<Vec<_>>();
    assert_eq!(lateness(&lea.predict(prediction(cycle)).unwrap()), [false, true]);
    // Nobody un-tries it by going back, nor by taking the step back.
    world.go_to("2021-09-11T16:00:00Z");
    lea.step_back_cycle(back(cycle, "We had not planned enough")).unwrap();
    let again = lea.predict(prediction(cycle)).unwrap();
    assert_eq!((again.phase.code(), lateness(&again)), ("study", vec![false, true, true]));
}

#[test]
fn predictions_and_steps_forward_are_not_taken_back() {
    let work = Work::new();
    let lea = work.lea();
    let last = |operations: u32| work.wrong(|| lea.apply(Op::Undo(UndoOf { operations })));
    let new = work.new_cycle("lesson_study").with_question("How?");
    let cycle = lea.start_cycle(new).unwrap().id;
    lea.predict(prediction(cycle)).unwrap();
    assert_eq!(last(1), state(&["operations undo.final"]));
    lea.advance_cycle(cycle).unwrap();
    assert_eq!(last(1), state(&["operations undo.final"]));
    let edit = CycleEdit { title: Some("New".into()), ..CycleEdit::new(cycle) };
    lea.revise_cycle(edit).unwrap();
    assert_eq!(last(2), state(&["operations undo.final"]));
    lea.apply(Op::Undo(UndoOf { operations: 1 })).unwrap();
    assert_eq!(lea.cycle(cycle).unwrap().title, "Number lines");
}

#[test]
fn what_became_of_a_prediction_is_said_once_and_not_before_it_was_tried() {
    let work = Work::new();
    let lea = work.lea();
    let new = work.new_cycle("lesson_study").with_question("How?");
    let planned = lea.start_cycle(new).unwrap().id;
    let planned = lea.predict(prediction(planned)).unwrap();
    let untried = state(&["cycle prediction.untried"]);
    assert_eq!(work.wrong(|| lea.record_result(result_of(&planned, "confirmed", "L"))), untried);
    lea.advance_cycle(planned.id).unwrap();
    let bad = result_of(&planned, "true", " ");
    let wrong = input(&["outcome code.unknown", "learning text.empty"]);
    assert_eq!(work.wrong(|| lea.record_result(bad.clone())), wrong);
    let other = ResultOf { prediction: Uuid::from_u128(9), ..result_of(&planned, "refuted", "L") };
    let error = work.world.refused(|| lea.record_result(other.clone()));
    assert!(matches!(error, Error::NotFound { kind: "prediction", .. }), "{error}");

    let told = work.world.session(work.world.ana).record_result(result_of(&planned, "refuted", " Too few ")).unwrap();
    let first = told.predictions.first().unwrap();
    let result = first.result.as_ref().unwrap();
    assert_eq!((result.outcome, result.learning.as_str()), (PredictionOutcome::Refuted, "Too few"));
    assert_eq!((result.by, first.by), (Some(work.world.ana), Some(work.world.lea)));
    assert_eq!((first.question.as_str(), first.predicted.as_str()), ("How many explain?", "Half of them"));
    let settled = state(&["prediction prediction.settled"]);
    assert_eq!(work.wrong(|| lea.record_result(result_of(&planned, "confirmed", "L"))), settled);
}

#[test]
fn a_cycle_goes_one_phase_back_with_a_reason() {
    let work = Work::new();
    let (world, lea) = (&work.world, work.lea());
    let cycle = work.begun();
    assert_eq!(cycle.phase, Phase::Plan);
    let reason = input(&["reason text.empty"]);
    assert_eq!(work.wrong(|| lea.step_back_cycle(back(cycle.id, " "))), reason);
    let long = input(&["reason text.too_long"]);
    assert_eq!(work.wrong(|| lea.step_back_cycle(back(cycle.id, &"x".repeat(301)))), long);
    world.go_to("2021-09-20T16:00:00Z");
    let stepped = lea.step_back_cycle(back(cycle.id, " The question was too wide ")).unwrap();
    assert_eq!(stepped.phase, Phase::Study);
    let last = stepped.steps.last().unwrap();
    assert_eq!((last.number, &last.from, &last.to), (2, &Phase::Plan, &Phase::Study));
    assert_eq!((last.reason.as_deref(), last.by), (Some("The question was too wide"), Some(world.lea)));
    let first = state(&["cycle cycle.first_phase"]);
    assert_eq!(work.wrong(|| lea.step_back_cycle(back(cycle.id, "Again"))), first);
    assert_eq!(lea.advance_cycle(cycle.id).unwrap().steps.len(), 3);
}

#[test]
fn one_decides_in_the_last_phase_and_may_think_again_until_the_end() {
    let work = Work::new();
    let lea = work.lea();
    let new = NewCycle { phases: vec!["one".to_owned(), "two".to_owned()], ..work.new_cycle("custom") };
    let cycle = lea.start_cycle(new).unwrap().id;
    let early = state(&["cycle cycle.decision_early"]);
    assert_eq!(work.wrong(|| lea.decide_cycle(decision(cycle, "adopt"))), early);
    lea.add_entry(NewEntry::new(cycle, "note", "One")).unwrap();
    lea.advance_cycle(cycle).unwrap();
    lea.add_entry(NewEntry::new(cycle, "note", "Two")).unwrap();
    let bad = DecisionOf { rationale: String::new(), no_successor: Some("x".repeat(301)), ..decision(cycle, "keep") };
    let wrong = input(&["kind code.unknown", "rationale text.empty", "no_successor text.too_long"]);
    assert_eq!(work.wrong(|| lea.decide_cycle(bad.clone())), wrong);
    let needless = DecisionOf { no_successor: Some("None".into()), ..decision(cycle, "adopt") };
    let wrong = input(&["no_successor cycle.no_successor"]);
    assert_eq!(work.wrong(|| lea.decide_cycle(needless.clone())), wrong);
    lea.decide_cycle(decision(cycle, "inconclusive")).unwrap();
    let adapted = DecisionOf { no_successor: Some(" Year is over ".into()), ..decision(cycle, "adapt") };
    let decided = lea.decide_cycle(adapted).unwrap().decision.unwrap();
    assert_eq!((decided.kind, decided.no_successor.as_deref()), (DecisionKind::Adapt, Some("Year is over")));
    assert_eq!((decided.rationale.as_str(), decided.by), ("It helps.", Some(work.world.lea)));
    // Whoever goes back decides again only when it is due again; what was decided stays.
    lea.step_back_cycle(back(cycle, "Once more")).unwrap();
    assert_eq!(work.wrong(|| lea.decide_cycle(decision(cycle, "adopt"))), early);
    assert!(lea.cycle(cycle).unwrap().decision.is_some());
}

#[test]
fn a_closed_cycle_stays_as_it_is() {
    let work = Work::new();
    let lea = work.lea();
    let cycle = work.tried().id;
    lea.predict(prediction(cycle)).unwrap();
    lea.decide_cycle(decision(cycle, "adopt")).unwrap();
    let closed = lea.advance_cycle(cycle).unwrap();
    assert!(closed.is_closed());
    let over = || state(&["cycle cycle.closed"]);
    let edit = CycleEdit { title: Some("New".into()), ..CycleEdit::new(cycle) };
    assert_eq!(work.wrong(|| lea.revise_cycle(edit.clone())), over());
    assert_eq!(work.wrong(|| lea.predict(prediction(cycle))), over());
    assert_eq!(work.wrong(|| lea.record_result(result_of(&closed, "confirmed", "L"))), over());
    assert_eq!(work.wrong(|| lea.advance_cycle(cycle)), over());
    assert_eq!(work.wrong(|| lea.decide_cycle(decision(cycle, "adapt"))), over());
    let both = work.wrong(|| lea.step_back_cycle(back(cycle, "Again")));
    assert_eq!(both, over());
    assert_eq!(work.wrong(|| work.host().advance_cycle(cycle)), over(), "not for the host either");
    assert_eq!(lea.cycle(cycle).unwrap(), closed);
}
