//! Observations: what a number must be, that none is replaced silently, and that a list is recorded whole.

use cop_core::store::contract::verify;
use cop_core::{
    Correction, ErrorKind, FindingFilter, FindingKind, FindingState, MeasureEdit, MeasureId, MissingReason, NewMeasure,
    NewMembership, NewObservation, NewTeam, Observation, ObservationFilter, ObservationList, Op, OrganizationId,
    PageRequest, Session, StudentGroup,
};

use crate::measures::{NEW, defined, nobody, observed, period, september};
use crate::world::World;

fn group(id: &str) -> StudentGroup {
    StudentGroup { program: "caaspp".into(), id: id.into() }
}

fn all(session: &Session) -> Vec<Observation> {
    session.observations(ObservationFilter::new(), PageRequest::first(1_000)).unwrap().items
}

fn undo(session: &Session) {
    session.apply(Op::Undo(1.into())).unwrap();
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
    type Refused<'a> = (Given, &'a [&'a str]);
    let cases: &[(&str, &[Given], &[Refused<'_>])] = &[
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
fn no_period_lies_over_another() {
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
