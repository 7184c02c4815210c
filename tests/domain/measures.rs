//! Measures and their observations: who may, what a number must be, and that none is replaced silently.

use cop_core::store::contract::verify;
use cop_core::{
    ChartKind, Correction, Direction, ErrorKind, ExclusionOf, FindingFilter, FindingKind, FindingState, Measure,
    MeasureEdit, MeasureFilter, MeasureId, MeasureRole, MissingReason, NewCycle, NewMeasure, NewMeasurePhase,
    NewMembership, NewObservation, NewTeam, Observation, ObservationFilter, ObservationId, ObservationList, Op,
    OrganizationId, PageRequest, Period, Session, StudentGroup, TeamEdit, TeamId, Unit, Visibility,
};
use uuid::Uuid;

use crate::world::{World, day};

const NEW: &str = "Whoever explains their reasoning, by the teacher's tally";

fn new(world: &World, unit: &str) -> NewMeasure {
    NewMeasure::new(world.team, "Reasoning", NEW, unit)
}

fn defined(world: &World, unit: &str) -> Measure {
    world.session(world.ana).define_measure(new(world, unit)).unwrap()
}

fn period(first: &str, last: &str) -> Period {
    Period { starts_on: day(first), ends_on: day(last) }
}

fn september() -> Period {
    period("2021-09-01", "2021-09-30")
}

fn observed(measure: MeasureId) -> NewObservation {
    NewObservation::new(measure, september())
}

fn group(id: &str) -> StudentGroup {
    StudentGroup { program: "caaspp".into(), id: id.into() }
}

fn all(session: &Session) -> Vec<Observation> {
    session.observations(ObservationFilter::new(), PageRequest::first(1_000)).unwrap().items
}

fn undo(session: &Session) {
    session.apply(Op::Undo(1.into())).unwrap();
}

fn nobody() -> Uuid {
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
    // Where cycles can be started, one explains a stretch.
    if let Ok(cycle) = ana.start_cycle(NewCycle::new(world.team, "inquiry", "A year")) {
        let explained = NewMeasurePhase { cycle: Some(cycle.id), ..phase("2022-01-01", "a cycle") };
        assert_eq!(ana.add_measure_phase(explained).unwrap().phases.len(), 3);
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
fn who_does_a_teams_work_records_what_is_observed() {
    let world = World::new();
    let measure = defined(&world, "count");
    let recorders = [world.ana, world.ben, world.lea, world.conny, world.stan, world.olga];
    for (month, member) in recorders.into_iter().enumerate() {
        let period = period(&format!("2021-0{}-01", month + 1), &format!("2021-0{}-28", month + 1));
        let new = NewObservation::new(measure.id, period).with_value(4.0);
        let observation = world.session(member).record_observation(new).unwrap();
        assert_eq!(observation.id, Observation::id_of(measure.id, period, None, None));
        assert_eq!((observation.number(), observation.created_by), (Some(4.0), Some(member)));
    }
    world.cop.steward().record_observation(observed(measure.id).with_value(4.0)).unwrap();
    let new = NewObservation::new(measure.id, period("2021-12-01", "2021-12-31")).with_value(1.0);
    for outside in [world.ed, world.obi] {
        assert_eq!(world.wrong(|| world.session(outside).record_observation(new.clone())).0, ErrorKind::NotFound);
    }
    let open = MeasureEdit { visibility: Some("public".into()), ..MeasureEdit::new(measure.id) };
    world.session(world.ana).revise_measure(open).unwrap();
    for reader in [world.session(world.ed), world.session(world.obi), world.cop.as_guest()] {
        assert_eq!(all(&reader).len(), 7, "an observation is seen where its measure is");
        assert_eq!(world.wrong(|| reader.record_observation(new.clone())).0, ErrorKind::NotPermitted);
    }
    let list = ObservationList { observations: vec![new.clone()] };
    assert_eq!(world.wrong(|| world.session(world.ed).record_observations(list)).0, ErrorKind::NotPermitted);
    let unknown = NewObservation { measure: MeasureId::new(nobody()), ..new };
    assert_eq!(world.wrong(|| world.cop.steward().record_observation(unknown)).0, ErrorKind::NotFound);
}

#[test]
fn a_number_is_one_of_its_unit() {
    let world = World::new();
    let ana = world.session(world.ana);
    let lots = 9_007_199_254_740_992.0;
    let ratio = |n: f64, d: f64| (Some(n), Some(d), None);
    let value = |v: f64| (None, None, Some(v));
    type Given = (Option<f64>, Option<f64>, Option<f64>);
    let cases: &[(&str, &[Given], &[(Given, &[&str])])] = &[
        (
            "proportion",
            &[ratio(0.0, 1.0), ratio(-0.0, 1.0), ratio(40.0, 40.0)],
            &[
                (ratio(41.0, 40.0), &["numerator observation.range"]),
                (ratio(0.0, 0.0), &["denominator observation.range"]),
                (ratio(-1.0, 4.0), &["numerator observation.whole"]),
                (ratio(1.5, 4.5), &["numerator observation.whole", "denominator observation.whole"]),
                (ratio(f64::NAN, f64::INFINITY), &["numerator number.finite", "denominator number.finite"]),
                ((Some(1.0), None, None), &["numerator observation.form"]),
                ((Some(1.0), Some(2.0), Some(0.5)), &["numerator observation.form"]),
                (value(0.5), &["numerator observation.form"]),
                ((None, None, None), &["numerator observation.form"]),
            ],
        ),
        (
            "rate",
            &[ratio(0.0, 0.5), ratio(7.5, 2.5)],
            &[
                (ratio(-0.5, 1.0), &["numerator observation.range"]),
                (ratio(1.0, 0.0), &["denominator observation.range"]),
                (ratio(1.0, -1.0), &["denominator observation.range"]),
                (ratio(1e300, 1e-300), &["numerator number.finite"]),
                (value(1.0), &["numerator observation.form"]),
            ],
        ),
        (
            "count",
            &[value(0.0), value(lots)],
            &[
                (value(-1.0), &["value observation.whole"]),
                (value(2.5), &["value observation.whole"]),
                (value(2.0 * lots), &["value observation.whole"]),
                (value(f64::NEG_INFINITY), &["value number.finite"]),
                (ratio(1.0, 2.0), &["value observation.form"]),
                ((None, None, None), &["value observation.form"]),
            ],
        ),
        ("count_between", &[value(0.0), value(12.0)], &[(value(0.5), &["value observation.whole"])]),
        (
            "time_between",
            &[value(0.25)],
            &[(value(0.0), &["value observation.range"]), (value(-3.0), &["value observation.range"])],
        ),
        (
            "value",
            &[value(-3.5), value(f64::MAX)],
            &[(value(f64::NAN), &["value number.finite"]), (ratio(1.0, 2.0), &["value observation.form"])],
        ),
    ];
    for (unit, good, bad) in cases {
        let measure = defined(&world, unit);
        let with = |&(numerator, denominator, value): &Given, month: u32| NewObservation {
            numerator,
            denominator,
            value,
            ..NewObservation::new(measure.id, period(&format!("2021-{month:02}-01"), &format!("2021-{month:02}-28")))
        };
        for (month, given) in (1..).zip(good.iter()) {
            let observation = ana.record_observation(with(given, month)).unwrap();
            assert_eq!((observation.numerator, observation.denominator, observation.value), *given, "{unit}");
            assert_eq!(observation.missing_reason, None);
        }
        for (given, problems) in bad.iter() {
            let wrong = world.wrong(|| ana.record_observation(with(given, 12)));
            assert_eq!(wrong.0, ErrorKind::InvalidInput, "{unit} {given:?}");
            assert_eq!(wrong.1, *problems, "{unit} {given:?}");
        }
    }
    verify(&world.cop);
}

#[test]
fn where_there_is_no_number_there_is_a_reason_alone() {
    let world = World::new();
    let ana = world.session(world.ana);
    let measure = defined(&world, "proportion");
    let missing = |reason: &str| NewObservation { missing_reason: Some(reason.into()), ..observed(measure.id) };
    for (with, of) in [(Some(1.0), Some(2.0)), (Some(1.0), None), (None, Some(2.0))] {
        let both = NewObservation { numerator: with, denominator: of, ..missing("suppressed") };
        let wrong = world.wrong(|| ana.record_observation(both));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["missing_reason observation.form".to_owned()]));
    }
    let some = NewObservation { n: Some(3), ..missing("suppressed") };
    let wrong = world.wrong(|| ana.record_observation(some));
    assert_eq!(wrong.1, ["missing_reason observation.form"], "how many people there are is a number too");
    let wrong = world.wrong(|| ana.record_observation(missing("not a code")));
    assert_eq!(wrong.1, ["missing_reason code.format"]);
    let wrong = world.wrong(|| ana.record_observation(missing(" ")));
    assert_eq!(wrong.1, ["numerator observation.form"], "an empty reason is none");
    let observation = ana.record_observation(missing("suppressed")).unwrap();
    assert_eq!((observation.missing_reason.clone(), observation.number()), (Some(MissingReason::Suppressed), None));
    let negative = NewObservation { n: Some(-1), ..observed(measure.id).with_ratio(1.0, 2.0) };
    assert_eq!(world.wrong(|| ana.record_observation(negative)).1, ["n observation.n"]);
}

#[test]
fn an_observation_stands_for_days_in_order_and_known_places() {
    let world = World::new();
    let ana = world.session(world.ana);
    let measure = defined(&world, "count");
    let over = |first: &str, last: &str| NewObservation::new(measure.id, period(first, last)).with_value(1.0);
    for (first, last, problems) in [
        ("2021-09-02", "2021-09-01", vec!["period.ends_on date.order"]),
        ("0001-01-01", "0001-12-31", vec!["period.starts_on date.range", "period.ends_on date.range"]),
        ("2021-09-01", "9999-12-31", vec!["period.ends_on date.range"]),
        (
            "2201-01-01",
            "1899-12-31",
            vec!["period.starts_on date.range", "period.ends_on date.range", "period.ends_on date.order"],
        ),
    ] {
        let wrong = world.wrong(|| ana.record_observation(over(first, last)));
        assert_eq!(wrong.0, ErrorKind::InvalidInput);
        assert_eq!(wrong.1, problems, "{first}/{last}");
    }
    ana.record_observation(over("1900-01-01", "1900-01-01")).unwrap();
    ana.record_observation(over("2200-12-31", "2200-12-31")).unwrap();
    let bad = NewObservation {
        student_group: Some(StudentGroup { program: "x".repeat(65), id: "\u{2066}".into() }),
        source: "a\nb".into(),
        ..observed(measure.id)
    };
    let (_, problems) = world.wrong(|| ana.record_observation(bad));
    let expected = [
        "student_group.program text.too_long",
        "student_group.id text.character",
        "source text.character",
        "value observation.form",
    ];
    assert_eq!(problems, expected);
    let somewhere =
        NewObservation { organization: Some(OrganizationId::new(nobody())), ..over("2021-09-01", "2021-09-30") };
    assert_eq!(world.wrong(|| ana.record_observation(somewhere)).0, ErrorKind::NotFound);
}

#[test]
fn the_same_period_is_the_same_observation_and_no_number_is_replaced_silently() {
    let world = World::new();
    let (ana, ben) = (world.session(world.ana), world.session(world.ben));
    let measure = defined(&world, "proportion");
    let first = ana.record_observation(observed(measure.id).with_ratio(17.0, 40.0)).unwrap();
    let again = NewObservation { source: "tally sheet".into(), ..observed(measure.id).with_ratio(17.0, 40.0) };
    assert_eq!(ben.record_observation(again).unwrap(), first, "the same number again changes nothing");
    for other in [
        observed(measure.id).with_ratio(18.0, 40.0),
        NewObservation { n: Some(40), ..observed(measure.id).with_ratio(17.0, 40.0) },
        NewObservation { missing_reason: Some("suppressed".into()), ..observed(measure.id) },
    ] {
        let wrong = world.wrong(|| ana.record_observation(other));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["period observation.exists".to_owned()]));
    }
    for (first, last) in [
        ("2021-09-30", "2021-10-31"),
        ("2021-08-01", "2021-09-01"),
        ("2021-01-01", "2021-12-31"),
        ("2021-09-05", "2021-09-05"),
    ] {
        let new = NewObservation::new(measure.id, period(first, last)).with_ratio(1.0, 2.0);
        let wrong = world.wrong(|| ana.record_observation(new));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["period observation.overlap".to_owned()]), "{first}/{last}");
    }
    // Another organization or group is another series.
    let base = NewObservation::new(measure.id, period("2021-09-15", "2021-10-15")).with_ratio(1.0, 2.0);
    for (organization, student_group) in [
        (Some(world.north), None),
        (Some(world.south), None),
        (None, Some(group("160"))),
        (Some(world.north), Some(group("160"))),
    ] {
        ana.record_observation(NewObservation { organization, student_group, ..base.clone() }).unwrap();
    }
    ana.record_observation(NewObservation::new(measure.id, period("2021-10-01", "2021-10-31")).with_ratio(1.0, 2.0))
        .unwrap();
    assert_eq!(all(&ana).len(), 6);
    let other = defined(&world, "proportion");
    ana.record_observation(NewObservation { measure: other.id, ..base }).unwrap();
    verify(&world.cop);
}

#[test]
fn a_correction_keeps_both_numbers_and_says_so() {
    let world = World::new();
    let measure = defined(&world, "proportion");
    let ben = world.session(world.ben);
    let first = ben.record_observation(observed(measure.id).with_ratio(17.0, 40.0)).unwrap();
    let to = |numerator: f64, reason: &str| Correction {
        observation: first.id,
        reason: reason.into(),
        numerator: Some(numerator),
        denominator: Some(40.0),
        value: None,
        missing_reason: None,
        n: None,
    };
    let bad = Correction { value: Some(3.0), n: Some(-1), ..to(41.0, "") };
    let (kind, problems) = world.wrong(|| ben.correct_observation(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    let expected =
        ["reason text.empty", "numerator observation.form", "n observation.n", "numerator observation.range"];
    assert_eq!(problems, expected);
    let long = world.wrong(|| ben.correct_observation(to(18.0, &"x".repeat(301))));
    assert_eq!(long.1, ["reason text.too_long"]);
    assert_eq!(ben.correct_observation(to(17.0, "no change")).unwrap(), first);
    let findings = |session: &Session| {
        let filter = FindingFilter::new().with_kind(FindingKind::CorrectedNumber).with_about(first.id);
        session.findings(filter, PageRequest::default()).unwrap().items
    };
    let lea = world.session(world.lea);
    assert!(findings(&lea).is_empty());
    let corrected = ben.correct_observation(to(18.0, "a sheet was lost")).unwrap();
    assert_eq!((corrected.numerator, corrected.id), (Some(18.0), first.id));
    let found = findings(&lea);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].state, found[0].team), (FindingState::Open, Some(world.team)));
    assert_eq!(found[0].detail, "17/40 became 18/40: a sheet was lost");
    assert!(findings(&ben).is_empty(), "a finding is for leads and facilitation");
    // While it is open, it says the last that happened; the history has all of it.
    for (session, numerator) in
        [(world.session(world.ana), 19.0), (world.session(world.conny), 20.0), (world.cop.steward(), 21.0)]
    {
        session.correct_observation(to(numerator, "counted again")).unwrap();
    }
    assert_eq!(findings(&lea)[0].detail, "20/40 became 21/40: counted again");
    let numerators =
        ben.history(first.id).unwrap().into_iter().filter_map(|step| step.fields.get("numerator").cloned());
    let numerators: Vec<f64> = numerators.filter_map(|number| number.as_f64()).collect();
    assert_eq!(numerators, [17.0, 18.0, 19.0, 20.0, 21.0]);
    let none = Correction {
        numerator: None,
        denominator: None,
        missing_reason: Some("not_collected".into()),
        ..to(0.0, "void")
    };
    let missing = lea.correct_observation(none).unwrap();
    assert_eq!((missing.number(), missing.numerator), (None, None));
    assert_eq!(findings(&lea)[0].detail, "21/40 became no number (not_collected): void");
    // Not everybody who records may correct what others recorded.
    let by_lea = lea
        .record_observation(NewObservation::new(measure.id, period("2021-10-01", "2021-10-31")).with_ratio(1.0, 2.0))
        .unwrap();
    let correction = Correction { observation: by_lea.id, ..to(2.0, "x") };
    assert_eq!(world.wrong(|| ben.correct_observation(correction.clone())).0, ErrorKind::NotPermitted);
    assert_eq!(world.wrong(|| world.session(world.ed).correct_observation(correction)).0, ErrorKind::NotFound);
    verify(&world.cop);
}

#[test]
fn several_observations_are_all_recorded_or_none() {
    let world = World::new();
    let ana = world.session(world.ana);
    let (count, share) = (defined(&world, "count"), defined(&world, "proportion"));
    let month = |measure: MeasureId, month: u32| {
        NewObservation::new(measure, period(&format!("2021-{month:02}-01"), &format!("2021-{month:02}-28")))
    };
    let list = |observations: Vec<NewObservation>| ObservationList { observations };
    for empty_or_long in [list(vec![]), list(vec![month(count.id, 1); 100_001])] {
        let wrong = world.wrong(|| ana.record_observations(empty_or_long));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["observations list.length".to_owned()]));
    }
    let bad = list(vec![
        month(count.id, 1).with_value(1.5),
        month(MeasureId::new(nobody()), 1).with_value(1.0),
        NewObservation { organization: Some(OrganizationId::new(nobody())), ..month(share.id, 1) }.with_ratio(3.0, 2.0),
        month(count.id, 2).with_value(1.0),
    ]);
    let (kind, problems) = world.wrong(|| ana.record_observations(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    let expected = [
        "observations[0].value observation.whole",
        "observations[1].measure record.not_found",
        "observations[2].numerator observation.range",
        "observations[2].organization record.not_found",
    ];
    assert_eq!(problems, expected);
    let within = list(vec![
        month(count.id, 3).with_value(1.0),
        NewObservation::new(count.id, period("2021-01-01", "2021-02-10")).with_value(1.0),
        month(share.id, 3).with_ratio(1.0, 2.0),
        month(count.id, 2).with_value(1.0),
        month(count.id, 3).with_value(1.0),
        NewObservation { student_group: Some(group("160")), ..month(count.id, 3).with_value(1.0) },
    ]);
    let (kind, problems) = world.wrong(|| ana.record_observations(within));
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert_eq!(problems, ["observations[3].period observation.overlap", "observations[4].period observation.overlap"]);
    let good = list(vec![
        month(share.id, 1).with_ratio(1.0, 2.0),
        month(count.id, 1).with_value(4.0),
        month(count.id, 2).with_value(5.0),
    ]);
    let subject = ana.record_observations(good.clone()).unwrap();
    assert_eq!((subject.id, all(&ana).len()), (share.id, 3), "it is about the first row's measure");
    let head = world.cop.head().unwrap();
    ana.record_observations(good).unwrap();
    assert_eq!(world.cop.head().unwrap(), head, "the same numbers again change nothing");
    let mixed = list(vec![
        month(count.id, 3).with_value(6.0),
        month(count.id, 1).with_value(7.0),
        NewObservation::new(count.id, period("2021-02-28", "2021-02-28")).with_value(6.0),
        month(share.id, 1).with_ratio(1.0, 2.0),
    ]);
    let (kind, problems) = world.wrong(|| ana.record_observations(mixed));
    assert_eq!(kind, ErrorKind::Precondition);
    assert_eq!(problems, ["observations[1].period observation.exists", "observations[2].period observation.overlap"]);
    verify(&world.cop);
}

#[test]
fn what_was_merged_from_several_devices_may_overlap_and_is_still_in_the_way() {
    // Long periods that began early reach over short ones that began later.
    let world = World::new();
    let ana = world.session(world.ana);
    let measure = defined(&world, "count");
    let over = |first: &str, last: &str| NewObservation::new(measure.id, period(first, last)).with_value(1.0);
    for (first, last) in [("2021-01-01", "2021-06-30"), ("2021-07-01", "2021-07-01"), ("2021-08-01", "2021-08-31")] {
        ana.record_observation(over(first, last)).unwrap();
    }
    for (first, last, free) in [
        ("2021-05-01", "2021-05-02", false),
        ("2021-06-30", "2021-07-02", false),
        ("2021-07-02", "2021-07-31", true),
        ("2020-12-01", "2020-12-31", true),
        ("2020-12-01", "2021-12-31", false),
        ("2021-09-01", "2021-09-01", true),
    ] {
        assert_eq!(ana.record_observation(over(first, last)).is_ok(), free, "{first}/{last}");
    }
}

#[test]
fn what_was_taken_back_can_be_recorded_again() {
    let world = World::new();
    let measure = defined(&world, "count");
    let ben = world.session(world.ben);
    let new = |value: f64| NewObservation { n: Some(3), ..observed(measure.id).with_value(value) };
    let correction = |value: f64| Correction {
        observation: Observation::id_of(measure.id, september(), None, None),
        reason: "counted again".into(),
        value: Some(value),
        numerator: None,
        denominator: None,
        missing_reason: None,
        n: None,
    };
    ben.record_observation(new(3.0)).unwrap();
    undo(&ben);
    assert!(all(&ben).is_empty());
    let again = ben.record_observation(observed(measure.id).with_value(5.0)).unwrap();
    assert_eq!((again.value, again.n), (Some(5.0), None));
    // A finding is taken back with the correction that it tells of, and can be raised again.
    let conny = world.session(world.conny);
    conny.correct_observation(correction(6.0)).unwrap();
    undo(&conny);
    assert_eq!(ben.observation(again.id).unwrap().value, Some(5.0));
    let corrected = ben.correct_observation(correction(8.0)).unwrap();
    assert_eq!(corrected.value, Some(8.0));
    let filter = FindingFilter::new().with_about(corrected.id);
    let found = world.session(world.lea).findings(filter, PageRequest::default()).unwrap().items;
    assert_eq!(found.iter().map(|finding| finding.detail.as_str()).collect::<Vec<_>>(), ["5 became 8: counted again"]);
    verify(&world.cop);
}

#[test]
fn a_team_of_its_own_has_observations_of_its_own() {
    let world = World::new();
    let host = world.cop.steward();
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    host.add_membership(NewMembership::new(other, world.ed).with_role("lead")).unwrap();
    let ed = world.session(world.ed);
    let theirs = ed.define_measure(NewMeasure::new(other, "Theirs", NEW, "count")).unwrap();
    ed.record_observation(observed(theirs.id).with_value(1.0)).unwrap();
    let (ours, ben) = (defined(&world, "count"), world.session(world.ben));
    assert!(all(&ben).is_empty());
    let both = vec![observed(ours.id).with_value(1.0), observed(theirs.id).with_value(2.0)];
    let (kind, problems) = world.wrong(|| ben.record_observations(ObservationList { observations: both }));
    assert_eq!(
        (kind, problems),
        (ErrorKind::InvalidInput, vec!["observations[1].measure record.not_found".to_owned()])
    );
}
