//! Measures: who defines and changes them, what they must say, the stretches of their charts.

use cop_core::store::contract::verify;
use cop_core::{
    ChartKind, Direction, ErrorKind, ExclusionOf, Measure, MeasureEdit, MeasureFilter, MeasureId, MeasureRole,
    NewCycle, NewMeasure, NewMeasurePhase, NewObservation, ObservationId, PageRequest, Period, Session, TeamEdit,
    TeamId, Unit, Visibility,
};
use uuid::Uuid;

use crate::world::{World, day};

pub const NEW: &str = "Whoever explains their reasoning, by the teacher's tally";

pub fn new(world: &World, unit: &str) -> NewMeasure {
    NewMeasure::new(world.team, "Reasoning", NEW, unit)
}

pub fn defined(world: &World, unit: &str) -> Measure {
    world.session(world.ana).define_measure(new(world, unit)).unwrap()
}

pub fn period(first: &str, last: &str) -> Period {
    Period { starts_on: day(first), ends_on: day(last) }
}

pub fn september() -> Period {
    period("2021-09-01", "2021-09-30")
}

pub fn observed(measure: MeasureId) -> NewObservation {
    NewObservation::new(measure, september())
}

pub fn nobody() -> Uuid {
    Uuid::from_u128(7)
}

#[test]
fn who_does_a_teams_work_defines_its_measures() {
    let world = World::new();
    for member in [world.ana, world.ben, world.lea, world.conny, world.stan, world.olga] {
        let measure = world.session(member).define_measure(new(&world, "count")).unwrap();
        assert_eq!(measure.created_by, Some(member));
    }
    world.cop.steward().define_measure(new(&world, "count")).unwrap();
    let refused = |session: Session| world.wrong(|| session.define_measure(new(&world, "count")));
    assert_eq!(refused(world.session(world.ed)).0, ErrorKind::NotPermitted);
    assert_eq!(refused(world.session(world.obi)).0, ErrorKind::NotFound, "observers see no teams");
    assert_eq!(refused(world.cop.as_guest()).0, ErrorKind::NotPermitted);
    let nowhere = NewMeasure { team: TeamId::new(nobody()), ..new(&world, "count") };
    assert_eq!(world.wrong(|| world.cop.steward().define_measure(nowhere)).0, ErrorKind::NotFound);
}

#[test]
fn a_measure_counts_students_and_is_the_teams_unless_said() {
    let world = World::new();
    let plain = defined(&world, "proportion");
    assert_eq!((plain.role, plain.direction, plain.unit), (MeasureRole::Outcome, Direction::Neutral, Unit::Proportion));
    assert_eq!((plain.target, &plain.cadence, &plain.chart, &plain.rule_set), (None, &None, &None, &None));
    assert!(plain.student_counts && plain.screening && plain.phases.is_empty() && plain.exclusions.is_empty());
    assert_eq!(plain.visibility, Visibility::Team(world.team));
    let full = NewMeasure {
        cadence: Some("fortnightly".into()),
        chart: Some("p".into()),
        rule_set: Some("anhoej".into()),
        screening: Some(false),
        student_counts: Some(false),
        visibility: Some("community".into()),
        ..new(&world, "proportion").with_role("process").with_target("increase", 0.9)
    };
    let full = world.session(world.ana).define_measure(full).unwrap();
    assert_eq!((full.role, full.direction, full.target), (MeasureRole::Process, Direction::Increase, Some(0.9)));
    assert_eq!(full.cadence.map(|cadence| cadence.to_string()).as_deref(), Some("fortnightly"));
    assert_eq!((full.chart, full.visibility), (Some(ChartKind::P), Visibility::Community));
    assert!(!full.screening && !full.student_counts);
    let seen = |member| {
        let session = world.session(member);
        session.measures(MeasureFilter::new().with_team(world.team), PageRequest::default()).unwrap().items.len()
    };
    assert_eq!((seen(world.ben), seen(world.ed), seen(world.conny)), (2, 1, 2));
    verify(&world.cop);
}

#[test]
fn all_that_is_wrong_with_a_measure_at_once() {
    let world = World::new();
    let ana = world.session(world.ana);
    let bad = NewMeasure {
        name: "a\u{202e}b".into(),
        operational_definition: " ".into(),
        unit: "percent".into(),
        role: Some("vanity".into()),
        direction: Some("sideways".into()),
        target: Some(f64::NAN),
        cadence: Some("now and then".into()),
        chart: Some("pie chart".into()),
        rule_set: Some("?".into()),
        visibility: Some("friends".into()),
        ..new(&world, "")
    };
    let (kind, problems) = world.wrong(|| ana.define_measure(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert_eq!(
        problems,
        [
            "name text.character",
            "operational_definition text.empty",
            "unit code.unknown",
            "role code.unknown",
            "direction code.unknown",
            "target number.finite",
            "cadence code.format",
            "chart code.format",
            "rule_set code.format",
            "visibility visibility.format",
        ]
    );
    for (definition, code) in [("x".repeat(200_001), "text.too_long"), ("a\0b".into(), "text.character")] {
        let bad = NewMeasure { operational_definition: definition, ..new(&world, "count") };
        let wrong = world.wrong(|| ana.define_measure(bad));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec![format!("operational_definition {code}")]));
    }
    let longest = NewMeasure { operational_definition: "x".repeat(200_000), ..new(&world, "count") };
    ana.define_measure(longest).unwrap();
}

#[test]
fn a_target_is_one_that_could_be_reached() {
    let world = World::new();
    let ana = world.session(world.ana);
    let with = |unit: &str, target| new(&world, unit).with_target("neutral", target);
    for (unit, target) in [("value", -4.0), ("proportion", 0.0), ("proportion", 1.0), ("rate", 0.0), ("count", 2.5)] {
        assert_eq!(ana.define_measure(with(unit, target)).unwrap().target, Some(target), "{unit}");
    }
    for (unit, target) in [
        ("proportion", 1.01),
        ("proportion", -0.01),
        ("rate", -1.0),
        ("count", -1.0),
        ("time_between", -1.0),
        ("count_between", -0.5),
    ] {
        let wrong = world.wrong(|| ana.define_measure(with(unit, target)));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["target measure.target".to_owned()]), "{unit} {target}");
    }
    for target in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let wrong = world.wrong(|| ana.define_measure(with("value", target)));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["target number.finite".to_owned()]));
    }
}

#[test]
fn a_measure_is_meant_for_no_more_than_its_team_may_be() {
    let world = World::new();
    let ana = world.session(world.ana);
    let host = world.cop.steward();
    let with = |visibility: String| NewMeasure { visibility: Some(visibility), ..new(&world, "count") };
    let public = ana.define_measure(with("public".into())).unwrap();
    let maximum = |visibility: String, default: &str| {
        let edit = TeamEdit { maximum_visibility: Some(visibility), ..TeamEdit::new(world.team) };
        host.revise_team(TeamEdit { default_visibility: Some(default.into()), ..edit }).unwrap();
    };
    let own = format!("team:{}", world.team);
    maximum(own.clone(), "private");
    for wide in ["public".to_owned(), "community".into(), format!("organization:{}", world.north)] {
        let wrong = world.wrong(|| ana.define_measure(with(wide.clone())));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["visibility measure.too_wide".to_owned()]), "{wide}");
    }
    let edit = |visibility: &str| MeasureEdit { visibility: Some(visibility.into()), ..MeasureEdit::new(public.id) };
    let wrong = world.wrong(|| ana.revise_measure(edit("community")));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["visibility measure.too_wide".to_owned()]));
    let named = MeasureEdit { name: Some("Renamed".into()), ..edit("public") };
    assert_eq!(ana.revise_measure(named).unwrap().visibility, Visibility::Public, "what is so already stays");
    assert_eq!(ana.define_measure(new(&world, "count")).unwrap().visibility, Visibility::Team(world.team));
    maximum("private".into(), "private");
    assert_eq!(ana.define_measure(new(&world, "count")).unwrap().visibility, Visibility::Private);
    maximum("public".into(), "private");
    for missing in [format!("team:{}", nobody()), format!("organization:{}", nobody())] {
        assert_eq!(world.wrong(|| ana.define_measure(with(missing.clone()))).0, ErrorKind::NotFound, "{missing}");
        let edit = MeasureEdit { visibility: Some(missing.clone()), ..MeasureEdit::new(public.id) };
        assert_eq!(world.wrong(|| ana.revise_measure(edit)).0, ErrorKind::NotFound, "{missing}");
    }
    host.archive_team(world.team).unwrap();
    let wrong = world.wrong(|| ana.define_measure(new(&world, "count")));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["team team.archived".to_owned()]));
}

#[test]
fn a_measure_is_changed_by_its_maker_leads_and_facilitation() {
    let world = World::new();
    let measure = defined(&world, "proportion");
    let named = |name: &str| MeasureEdit { name: Some(name.into()), ..MeasureEdit::new(measure.id) };
    for member in [world.ana, world.lea, world.conny, world.stan, world.olga] {
        let name = format!("by {member}");
        assert_eq!(world.session(member).revise_measure(named(&name)).unwrap().name, name);
    }
    world.cop.steward().revise_measure(named("by the host")).unwrap();
    assert_eq!(world.wrong(|| world.session(world.ben).revise_measure(named("x"))).0, ErrorKind::NotPermitted);
    for outside in [world.ed, world.obi] {
        assert_eq!(world.wrong(|| world.session(outside).revise_measure(named("x"))).0, ErrorKind::NotFound);
    }
    let edit = MeasureEdit {
        operational_definition: Some("otherwise".into()),
        role: Some("balancing".into()),
        direction: Some("decrease".into()),
        target: Some(0.25),
        cadence: Some("weekly".into()),
        chart: Some("p".into()),
        rule_set: Some("nelson".into()),
        screening: Some(false),
        visibility: Some("community".into()),
        ..MeasureEdit::new(measure.id)
    };
    let ana = world.session(world.ana);
    let after = ana.revise_measure(edit.clone()).unwrap();
    assert_eq!((after.role, after.direction, after.target), (MeasureRole::Balancing, Direction::Decrease, Some(0.25)));
    assert_eq!((after.name.as_str(), after.screening, after.visibility), ("by the host", false, Visibility::Community));
    assert_eq!(ana.revise_measure(edit).unwrap().revision, after.revision, "nothing changes twice");
    let clear = |raw: &str| MeasureEdit {
        cadence: Some(raw.into()),
        chart: Some(raw.into()),
        rule_set: Some(raw.into()),
        ..MeasureEdit::new(measure.id)
    };
    let cleared = ana.revise_measure(clear("")).unwrap();
    assert_eq!((cleared.cadence, cleared.chart, cleared.rule_set, cleared.target), (None, None, None, Some(0.25)));
    let bad = MeasureEdit {
        name: Some(String::new()),
        operational_definition: Some(String::new()),
        role: Some(String::new()),
        direction: Some("?".into()),
        target: Some(2.0),
        visibility: Some("all".into()),
        ..clear("a b")
    };
    let (kind, problems) = world.wrong(|| ana.revise_measure(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    let fields: Vec<&str> = problems.iter().filter_map(|problem| problem.split(' ').next()).collect();
    let expected = ["name", "operational_definition", "role", "direction", "target", "cadence", "chart", "rule_set"];
    assert_eq!(fields[..8], expected);
    assert_eq!(problems[8..], ["visibility visibility.format"]);
    verify(&world.cop);
}

#[test]
fn what_counts_students_keeps_counting_them() {
    let world = World::new();
    let ana = world.session(world.ana);
    let adults = NewMeasure { student_counts: Some(false), ..new(&world, "count") };
    let measure = ana.define_measure(adults).unwrap();
    let says = |students| MeasureEdit { student_counts: Some(students), ..MeasureEdit::new(measure.id) };
    assert!(!ana.revise_measure(says(false)).unwrap().student_counts);
    assert!(ana.revise_measure(says(true)).unwrap().student_counts);
    for session in [ana, world.session(world.lea), world.cop.steward()] {
        let wrong = world.wrong(|| session.revise_measure(says(false)));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["student_counts measure.student_counts".to_owned()]));
    }
}

#[test]
fn a_stretch_of_the_chart_has_a_first_day_of_its_own_and_a_reason() {
    let world = World::new();
    let measure = defined(&world, "count");
    let ana = world.session(world.ana);
    let phase = |first: &str, reason: &str| NewMeasurePhase {
        measure: measure.id,
        starts_on: day(first),
        reason: reason.into(),
        freeze_after: None,
        cycle: None,
    };
    let frozen = NewMeasurePhase { freeze_after: Some(day("2021-09-01")), ..phase("2021-09-01", "the first change") };
    assert_eq!(ana.add_measure_phase(frozen).unwrap().phases.len(), 1);
    assert_eq!(world.session(world.lea).add_measure_phase(phase("2021-10-01", "the second")).unwrap().phases.len(), 2);
    assert_eq!(
        world.wrong(|| world.session(world.ben).add_measure_phase(phase("2022-01-01", "x"))).0,
        ErrorKind::NotPermitted
    );
    assert_eq!(
        world.wrong(|| world.session(world.ed).add_measure_phase(phase("2022-01-01", "x"))).0,
        ErrorKind::NotFound
    );
    let wrong = world.wrong(|| ana.add_measure_phase(phase("2021-10-01", "again")));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["starts_on measure.phase_exists".to_owned()]));
    let bad = NewMeasurePhase { freeze_after: Some(day("9998-01-01")), ..phase("9999-01-01", " ") };
    let (kind, problems) = world.wrong(|| ana.add_measure_phase(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    let expected = ["starts_on date.range", "freeze_after date.range", "freeze_after date.order", "reason text.empty"];
    assert_eq!(problems, expected);
    let unknown = NewMeasurePhase { cycle: Some(nobody().into()), ..phase("2022-01-01", "a cycle") };
    assert_eq!(world.wrong(|| ana.add_measure_phase(unknown)).0, ErrorKind::NotFound);
    match ana.start_cycle(NewCycle::new(world.team, "inquiry", "A year")) {
        Ok(cycle) => {
            let explained = NewMeasurePhase { cycle: Some(cycle.id), ..phase("2022-01-01", "a cycle") };
            assert_eq!(ana.add_measure_phase(explained).unwrap().phases.len(), 3);
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}"),
    }
    verify(&world.cop);
}

#[test]
fn an_observation_is_excluded_once_with_a_reason() {
    let world = World::new();
    let measure = defined(&world, "count");
    let ben = world.session(world.ben);
    let observation = ben.record_observation(observed(measure.id).with_value(3.0)).unwrap();
    let exclusion = |reason: &str| ExclusionOf { observation: observation.id, reason: reason.into() };
    assert_eq!(world.wrong(|| ben.exclude_observation(exclusion("a strike"))).0, ErrorKind::NotPermitted);
    assert_eq!(world.wrong(|| world.session(world.ed).exclude_observation(exclusion("x"))).0, ErrorKind::NotFound);
    let lea = world.session(world.lea);
    let wrong = world.wrong(|| lea.exclude_observation(exclusion("")));
    assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["reason text.empty".to_owned()]));
    let after = lea.exclude_observation(exclusion("a strike")).unwrap();
    assert_eq!((after.id, after.exclusions.len()), (measure.id, 1));
    for reason in ["a strike", "another reason"] {
        let wrong = world.wrong(|| world.session(world.ana).exclude_observation(exclusion(reason)));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["observation measure.excluded".to_owned()]));
    }
    let unknown = ExclusionOf { observation: ObservationId::new(nobody()), reason: "x".into() };
    assert_eq!(world.wrong(|| lea.exclude_observation(unknown)).0, ErrorKind::NotFound);
}

#[test]
fn zero_has_no_sign() {
    let world = World::new();
    let new = new(&world, "count").with_target("increase", -0.0);
    let target = world.session(world.ana).define_measure(new).unwrap().target;
    assert_eq!(target.map(f64::to_bits), Some(0.0_f64.to_bits()));
}
