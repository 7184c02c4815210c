//! Convenings: who plans them, when they may be announced and held, sessions, and what calendars are told.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use cop_core::store::contract::verify;
use cop_core::{
    AttendanceFilter, Cancellation, Convening, ConveningEdit, ConveningFact, ConveningFilter, ConveningId,
    ConveningKind, ConveningState, ErrorKind, FindingFilter, Mode, NewAttendance, NewConvening, NewMembership,
    NewResource, NewTeam, PageRequest, Result, Series, Session, TeamId, Visibility,
};
use uuid::Uuid;

use crate::world::{World, at};

const ZONE: &str = "America/Los_Angeles";

fn civil(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// Two hours on 14 September 2021, from 15:30 in California.
fn new() -> NewConvening {
    let (starts, ends) = (civil("2021-09-14T15:30:00"), civil("2021-09-14T17:30:00"));
    NewConvening::new("team_meeting", "Number talks", starts, ends, ZONE).online("https://meet.example.org/1")
}

fn between(starts: &str, ends: &str) -> NewConvening {
    NewConvening { starts: civil(starts), ends: civil(ends), ..new() }
}

fn moved(convening: ConveningId, starts: &str, ends: &str) -> ConveningEdit {
    let edit = ConveningEdit::new(convening);
    ConveningEdit { starts: Some(civil(starts)), ends: Some(civil(ends)), ..edit }
}

fn cancellation(convening: ConveningId) -> Cancellation {
    Cancellation { convening, reason: "smoke from the fires".into() }
}

fn sees(session: &Session, convening: ConveningId) -> bool {
    let read = session.convening(convening).is_ok();
    let listed = session.convenings(ConveningFilter::new(), PageRequest::default()).unwrap().items;
    assert_eq!(read, listed.iter().any(|listed| listed.id == convening), "reads and lists agree");
    read
}

fn nobody() -> Uuid {
    Uuid::from_u128(7)
}

#[test]
fn leads_and_facilitators_plan_for_their_teams_and_facilitation_for_all() {
    let world = World::new();
    let host = world.cop.steward();
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    host.add_membership(NewMembership::new(other, world.ben).with_role("facilitator")).unwrap();
    let (ours, theirs) = (|| new().with_team(world.team), || new().with_team(other));
    let both = || ours().with_team(other);
    type As = fn(&World) -> Session;
    let cases: [(&str, As, [bool; 4]); 7] = [
        ("lead", |w| w.session(w.lea), [true, false, false, false]),
        ("facilitator of the other", |w| w.session(w.ben), [false, true, false, false]),
        ("member", |w| w.session(w.ana), [false; 4]),
        ("convener", |w| w.session(w.conny), [true; 4]),
        ("steward", |w| w.session(w.stan), [true; 4]),
        ("owner", |w| w.session(w.olga), [true; 4]),
        ("host", |w| w.cop.steward(), [true; 4]),
    ];
    for (who, session, allowed) in cases {
        for (new, allowed) in [ours(), theirs(), both(), new()].into_iter().zip(allowed) {
            let teams = new.teams.len();
            match allowed {
                true => assert_eq!(session(&world).plan_convening(new).unwrap().state, ConveningState::Draft, "{who}"),
                false => {
                    let refused = world.wrong(|| session(&world).plan_convening(new));
                    assert_eq!(refused.0, ErrorKind::NotPermitted, "{who}, {teams} teams");
                }
            }
        }
    }
    assert_eq!(world.wrong(|| world.session(world.obi).plan_convening(ours())).0, ErrorKind::NotFound, "sees no teams");
    assert_eq!(world.wrong(|| world.session(world.obi).plan_convening(new())).0, ErrorKind::NotPermitted);
    assert_eq!(world.wrong(|| world.cop.as_guest().plan_convening(new())).0, ErrorKind::NotPermitted);
    let nowhere = ours().with_team(TeamId::new(nobody()));
    assert_eq!(world.wrong(|| host.plan_convening(nowhere)).0, ErrorKind::NotFound);
}

#[test]
fn a_convening_is_what_was_planned() {
    let world = World::new();
    let (lea, conny) = (world.session(world.lea), world.session(world.conny));
    let plain = lea.plan_convening(new().with_team(world.team)).unwrap();
    assert_eq!((plain.visibility, plain.mode, plain.sequence), (Visibility::Private, Mode::Virtual, 0));
    assert_eq!((plain.capacity, plain.state, plain.facts.len()), (None, ConveningState::Draft, 0));
    assert_eq!((plain.starts_at, plain.ends_at), (at("2021-09-14T22:30:00Z"), at("2021-09-15T00:30:00Z")));
    assert_eq!(plain.scheduled_minutes(), 120);
    let full = NewConvening {
        kind: "gallery_walk".into(),
        body: "Line one\nLine two".into(),
        mode: Some("in_person".into()),
        series: Some(Series { name: "2021 quarterly".into(), index: 1 }),
        ..new().at("County office, room 3").with_capacity(12).with_topic("number talks").with_topic("number talks")
    };
    let full = conny.plan_convening(full).unwrap();
    assert_eq!((full.kind.to_string(), full.visibility), ("gallery_walk".to_owned(), Visibility::Community));
    assert_eq!((full.mode, full.capacity, full.topics.len()), (Mode::InPerson, Some(12), 1));
    assert_eq!(full.place.as_deref(), Some("County office, room 3"));
    assert_eq!(full.series.map(|series| series.index), Some(1));
    let closed = NewConvening { visibility: Some("private".into()), ..new() };
    assert_eq!(conny.plan_convening(closed).unwrap().visibility, Visibility::Private);
    verify(&world.cop);
}

#[test]
fn all_that_is_wrong_with_a_convening_at_once() {
    let world = World::new();
    let conny = world.session(world.conny);
    let bad = NewConvening {
        kind: "a b".into(),
        title: "a\u{202e}b".into(),
        body: "x".repeat(200_001),
        time_zone: "PST".into(),
        mode: Some("hologram".into()),
        place: Some("a\0b".into()),
        join_url: Some("mailto:a@example.org".into()),
        capacity: Some(0),
        series: Some(Series { name: String::new(), index: 0 }),
        topics: vec!["ok".into(), "x".repeat(65)],
        visibility: Some("friends".into()),
        ..between("0001-01-01T00:00:00", "9999-12-31T23:59:59")
    };
    let (kind, problems) = world.wrong(|| conny.plan_convening(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert_eq!(
        problems,
        [
            "kind code.format",
            "title text.character",
            "body text.too_long",
            "time_zone time_zone.unknown",
            "starts date.range",
            "ends date.range",
            "mode code.unknown",
            "place text.character",
            "join_url url.format",
            "capacity convening.capacity",
            "series.index convening.series_index",
            "series.name text.empty",
            "topics[1] text.too_long",
            "visibility visibility.format",
        ]
    );
    let longest = NewConvening { body: "x".repeat(200_000), ..new() };
    conny.plan_convening(longest).unwrap();
    let crowd = NewConvening { teams: vec![world.team; 101], ..new() };
    assert_eq!(world.wrong(|| conny.plan_convening(crowd)).1, ["teams list.length"]);
    let topics = NewConvening { topics: vec![String::new(); 100_000], ..new() };
    let (_, problems) = world.wrong(|| conny.plan_convening(topics));
    assert_eq!((problems[0].as_str(), problems.len()), ("topics list.length", 101), "no more are looked at");
    for edge in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
        let edge = NewConvening { starts: edge, ends: edge, ..new() };
        assert_eq!(world.wrong(|| conny.plan_convening(edge)).1, ["starts date.range", "ends date.range"]);
    }
}

#[test]
fn what_a_convening_refers_to_is_there_for_who_plans_it() {
    let world = World::new();
    let lea = world.session(world.lea);
    let ours = || new().with_team(world.team);
    let hidden = world.session(world.ben).add_resource(NewResource::new("protocol", "Hidden")).unwrap().id;
    let known = lea.add_resource(NewResource::new("protocol", "Consultancy")).unwrap().id;
    for missing in [
        NewConvening { cycle: Some(nobody().into()), ..ours() },
        NewConvening { protocol: Some(nobody().into()), ..ours() },
        NewConvening { protocol: Some(hidden), ..ours() },
        ours().within(nobody().into()),
        NewConvening { visibility: Some(format!("team:{}", nobody())), ..ours() },
        NewConvening { visibility: Some(format!("organization:{}", nobody())), ..ours() },
    ] {
        assert_eq!(world.wrong(|| lea.plan_convening(missing.clone())).0, ErrorKind::NotFound, "{missing:?}");
    }
    let planned = lea.plan_convening(NewConvening { protocol: Some(known), ..ours() }).unwrap();
    assert_eq!(planned.protocol, Some(known));
    let edit = ConveningEdit { protocol: Some(hidden), ..ConveningEdit::new(planned.id) };
    assert_eq!(world.wrong(|| lea.revise_convening(edit)).0, ErrorKind::NotFound);
    let nowhere = Some(format!("team:{}", nobody()));
    let edit = ConveningEdit { visibility: nowhere, ..ConveningEdit::new(planned.id) };
    assert_eq!(world.wrong(|| lea.revise_convening(edit)).0, ErrorKind::NotFound);
    let edit = ConveningEdit { teams: Some(vec![nobody().into()]), ..ConveningEdit::new(planned.id) };
    assert_eq!(world.wrong(|| lea.revise_convening(edit)).0, ErrorKind::NotFound);
    assert_eq!(world.wrong(|| lea.schedule_convening(ConveningId::new(nobody()))).0, ErrorKind::NotFound);
}

#[test]
fn times_are_those_on_the_clocks_of_a_place() {
    let world = World::new();
    let conny = world.session(world.conny);
    // From 2 to 3 in the morning of 14 March 2021 there was no time in California.
    let gap = conny.plan_convening(between("2021-03-14T02:30:00", "2021-03-14T04:00:00")).unwrap();
    assert_eq!(gap.starts_at, at("2021-03-14T10:00:00Z"));
    assert_eq!((gap.starts, gap.scheduled_minutes()), (civil("2021-03-14T02:30:00"), 60));
    let within = world.wrong(|| conny.plan_convening(between("2021-03-14T02:05:00", "2021-03-14T02:55:00")));
    assert_eq!(within, (ErrorKind::InvalidInput, vec!["ends convening.order".to_owned()]), "it would take no time");
    // From 1 to 2 in the morning of 7 November there was, twice.
    let twice = conny.plan_convening(between("2021-11-07T00:30:00", "2021-11-07T02:30:00")).unwrap();
    assert_eq!(twice.scheduled_minutes(), 180);
    for (starts, ends) in
        [("2021-09-14T15:30:00", "2021-09-14T15:30:00"), ("2021-09-14T15:30:00", "2021-09-14T15:29:59")]
    {
        assert_eq!(world.wrong(|| conny.plan_convening(between(starts, ends))).1, ["ends convening.order"]);
    }
    let precise = conny.plan_convening(between("2021-09-14T15:30:00.999", "2021-09-14T23:59:60")).unwrap();
    assert_eq!((precise.starts, precise.ends), (civil("2021-09-14T15:30:00"), civil("2021-09-14T23:59:59")));
    assert_eq!(conny.convening(precise.id).unwrap(), precise, "it is stored as it was answered");
    for (starts, ends, fields) in [
        ("1899-12-31T10:00:00", "1900-01-01T10:00:00", vec!["starts date.range"]),
        ("2200-12-31T20:00:00", "2201-01-01T02:00:00", vec!["ends date.range"]),
        ("0001-01-01T00:00:00", "0001-01-01T01:00:00", vec!["starts date.range", "ends date.range"]),
        ("9999-12-31T00:00:00", "9999-12-31T01:00:00", vec!["starts date.range", "ends date.range"]),
    ] {
        let wrong = world.wrong(|| conny.plan_convening(between(starts, ends)));
        assert_eq!(wrong.0, ErrorKind::InvalidInput);
        assert_eq!(wrong.1, fields);
        let wrong = world.wrong(|| conny.revise_convening(moved(gap.id, starts, ends)));
        assert_eq!(wrong.1, fields);
    }
    conny.plan_convening(between("1900-01-01T00:00:00", "1900-01-01T10:00:00")).unwrap();
    conny.plan_convening(between("2200-12-31T00:00:00", "2200-12-31T23:59:59")).unwrap();
    let zone = |zone: &str| ConveningEdit { time_zone: Some(zone.into()), ..ConveningEdit::new(gap.id) };
    let berlin = conny.revise_convening(zone("Europe/Berlin")).unwrap();
    assert_eq!((berlin.starts, berlin.starts_at), (gap.starts, at("2021-03-14T01:30:00Z")));
    assert_eq!(world.wrong(|| conny.revise_convening(zone("Mars/Olympus"))).1, ["time_zone time_zone.unknown"]);
    verify(&world.cop);
}

#[test]
fn a_convening_lasts_a_day_and_one_of_sessions_a_month() {
    let world = World::new();
    let conny = world.session(world.conny);
    let day = conny.plan_convening(between("2021-09-14T12:00:00", "2021-09-15T12:00:00")).unwrap();
    conny.schedule_convening(day.id).unwrap();
    let month = conny.plan_convening(between("2021-10-01T12:00:00", "2021-11-01T12:00:00")).unwrap();
    let wrong = world.wrong(|| conny.plan_convening(between("2021-10-01T12:00:00", "2021-11-01T12:00:01")));
    assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["ends convening.too_long".to_owned()]));
    let alone = (ErrorKind::Precondition, vec!["ends convening.too_long".to_owned()]);
    assert_eq!(world.wrong(|| conny.schedule_convening(month.id)), alone);
    let longer = moved(day.id, "2021-09-14T12:00:00", "2021-09-15T12:00:01");
    assert_eq!(world.wrong(|| conny.revise_convening(longer)), alone, "it is announced");
    let session = |starts: &str, ends: &str| between(starts, ends).within(month.id);
    let long = world.wrong(|| conny.plan_convening(session("2021-10-01T12:00:00", "2021-10-02T12:00:01")));
    assert_eq!(long, (ErrorKind::InvalidInput, vec!["ends convening.too_long".to_owned()]));
    let first = conny.plan_convening(session("2021-10-01T12:00:00", "2021-10-02T12:00:00")).unwrap();
    let long = world.wrong(|| conny.revise_convening(moved(first.id, "2021-10-01T12:00:00", "2021-10-02T12:00:01")));
    assert_eq!(long, (ErrorKind::InvalidInput, vec!["ends convening.too_long".to_owned()]));
    assert_eq!(conny.schedule_convening(month.id).unwrap().state, ConveningState::Scheduled);
    world.go_to("2021-10-05T00:00:00Z");
    assert_eq!(conny.hold_convening(month.id).unwrap().state, ConveningState::Held);
    let other = conny.plan_convening(between("2021-09-01T12:00:00", "2021-09-03T12:00:00")).unwrap();
    assert_eq!(world.wrong(|| world.cop.steward().hold_convening(other.id)), alone);
}

#[test]
fn what_people_must_know_comes_before_the_announcement() {
    let world = World::new();
    let conny = world.session(world.conny);
    let (place, url) = ("place convening.place", "join_url convening.join_url");
    for (mode, missing) in [("in_person", vec![place]), ("virtual", vec![url]), ("hybrid", vec![place, url])] {
        let long = between("2021-09-14T12:00:00", "2021-09-16T12:00:00");
        let bare = NewConvening { join_url: None, mode: Some(mode.into()), ..long };
        let bare = conny.plan_convening(bare).unwrap();
        let wrong = world.wrong(|| conny.schedule_convening(bare.id));
        assert_eq!(wrong.0, ErrorKind::Precondition);
        assert_eq!(wrong.1, [missing.clone(), vec!["ends convening.too_long"]].concat(), "{mode}");
        let edit = ConveningEdit {
            place: (mode != "virtual").then(|| "Room 3".into()),
            join_url: (mode != "in_person").then(|| "https://meet.example.org/2".into()),
            ..moved(bare.id, "2021-09-14T12:00:00", "2021-09-14T13:00:00")
        };
        conny.revise_convening(edit).unwrap();
        let announced = conny.schedule_convening(bare.id).unwrap();
        assert_eq!((announced.state, announced.sequence), (ConveningState::Scheduled, 0), "{mode}");
        assert_eq!(conny.schedule_convening(bare.id).unwrap(), announced, "once");
        let nothing =
            ConveningEdit { place: Some(String::new()), join_url: Some(String::new()), ..ConveningEdit::new(bare.id) };
        let wrong = world.wrong(|| conny.revise_convening(nothing));
        assert_eq!(wrong.0, ErrorKind::Precondition);
        assert_eq!(wrong.1, missing, "{mode}");
    }
}

#[test]
fn who_organises_it_takes_a_convening_through_its_states() {
    let world = World::new();
    let host = world.cop.steward();
    let ours = || world.session(world.conny).plan_convening(new().with_team(world.team)).unwrap().id;
    type Step = fn(&Session, ConveningId) -> Result<Convening>;
    let steps: [(&str, Step); 3] = [
        ("revise", |session, id| {
            session.revise_convening(ConveningEdit { title: Some("x".into()), ..ConveningEdit::new(id) })
        }),
        ("schedule", |session, id| session.schedule_convening(id)),
        ("cancel", |session, id| session.cancel_convening(cancellation(id))),
    ];
    for (name, step) in steps {
        for member in [world.conny, world.stan, world.olga, world.lea] {
            step(&world.session(member), ours()).unwrap();
        }
        step(&host, ours()).unwrap();
        let draft = ours();
        for outside in [world.ana, world.ben, world.ed, world.obi] {
            let refused = world.wrong(|| step(&world.session(outside), draft));
            assert_eq!(refused.0, ErrorKind::NotFound, "{name} a draft");
        }
        host.schedule_convening(draft).unwrap();
        assert_eq!(world.wrong(|| step(&world.session(world.ana), draft)).0, ErrorKind::NotPermitted, "{name}");
        assert_eq!(world.wrong(|| step(&world.session(world.ed), draft)).0, ErrorKind::NotFound, "{name}");
    }
    let scheduled = ours();
    host.schedule_convening(scheduled).unwrap();
    world.go_to("2021-09-14T22:30:00Z");
    assert_eq!(world.wrong(|| world.session(world.ana).hold_convening(scheduled)).0, ErrorKind::NotPermitted);
    assert_eq!(world.session(world.lea).hold_convening(scheduled).unwrap().state, ConveningState::Held);
    // Who made it may, also where they no longer may make another.
    let made = world.session(world.lea).plan_convening(new().with_team(world.team)).unwrap().id;
    let elsewhere = host.create_team(NewTeam::new("project", "Elsewhere")).unwrap().id;
    host.revise_convening(ConveningEdit { teams: Some(vec![elsewhere]), ..ConveningEdit::new(made) }).unwrap();
    world.session(world.lea).schedule_convening(made).unwrap();
    verify(&world.cop);
}

#[test]
fn a_convening_is_held_from_its_beginning_on() {
    let world = World::new();
    let (conny, host) = (world.session(world.conny), world.cop.steward());
    let draft = conny.plan_convening(new()).unwrap().id;
    let wrong = world.wrong(|| conny.hold_convening(draft));
    assert_eq!(wrong.0, ErrorKind::Precondition);
    assert_eq!(wrong.1, ["convening convening.not_scheduled", "convening convening.not_begun"]);
    assert_eq!(world.wrong(|| host.hold_convening(draft)).1, ["convening convening.not_begun"]);
    conny.schedule_convening(draft).unwrap();
    world.go_to("2021-09-14T22:29:59Z");
    assert_eq!(world.wrong(|| conny.hold_convening(draft)).1, ["convening convening.not_begun"]);
    world.go_to("2021-09-14T22:30:00Z");
    let held = conny.hold_convening(draft).unwrap();
    assert_eq!(held.facts, BTreeSet::from([ConveningFact::Scheduled, ConveningFact::Held]));
    assert_eq!(conny.hold_convening(draft).unwrap(), held, "once");
    let held_already = (ErrorKind::Precondition, vec!["convening convening.held".to_owned()]);
    assert_eq!(world.wrong(|| conny.schedule_convening(draft)), held_already);
    assert_eq!(world.wrong(|| conny.cancel_convening(cancellation(draft))), held_already);
    // The host records what took place before.
    let past = between("2017-02-01T09:00:00", "2017-02-01T12:00:00");
    let bare = NewConvening { join_url: None, ..past };
    let history = host.plan_convening(bare).unwrap().id;
    assert_eq!(world.wrong(|| conny.hold_convening(history)).1, ["convening convening.not_scheduled"]);
    let history = host.hold_convening(history).unwrap();
    assert_eq!((history.state, history.sequence, history.is_announced()), (ConveningState::Held, 0, true));
    let off = conny.plan_convening(new()).unwrap().id;
    conny.cancel_convening(cancellation(off)).unwrap();
    for session in [conny, host] {
        let wrong = world.wrong(|| session.hold_convening(off)).1;
        assert_eq!(wrong[0], "convening convening.cancelled");
    }
    verify(&world.cop);
}

#[test]
fn what_is_cancelled_says_why_and_takes_its_sessions_with_it() {
    let world = World::new();
    let conny = world.session(world.conny);
    let whole = conny.plan_convening(between("2021-09-14T12:00:00", "2021-09-17T12:00:00")).unwrap().id;
    let session = |day: u32| {
        let (starts, ends) = (format!("2021-09-{day}T13:00:00"), format!("2021-09-{day}T14:00:00"));
        conny.plan_convening(between(&starts, &ends).within(whole)).unwrap().id
    };
    let (first, second, third) = (session(14), session(15), session(16));
    for id in [first, second, whole] {
        conny.schedule_convening(id).unwrap();
    }
    world.go_to("2021-09-14T20:30:00Z");
    conny.hold_convening(first).unwrap();
    for reason in ["", "a\nb"] {
        let bad = Cancellation { reason: reason.into(), ..cancellation(whole) };
        assert_eq!(world.wrong(|| conny.cancel_convening(bad)).0, ErrorKind::InvalidInput);
    }
    let off = conny.cancel_convening(cancellation(whole)).unwrap();
    assert_eq!((off.state, off.sequence), (ConveningState::Cancelled, 1));
    assert_eq!(off.cancelled_because.as_deref(), Some("smoke from the fires"));
    let state = |id| {
        let convening = conny.convening(id).unwrap();
        (convening.state, convening.sequence, convening.cancelled_because.is_some())
    };
    assert_eq!(state(first), (ConveningState::Held, 1, false), "what took place did");
    assert_eq!(state(second), (ConveningState::Cancelled, 1, true));
    assert_eq!(state(third), (ConveningState::Cancelled, 0, true), "nobody was told of it");
    let again = Cancellation { reason: "another".into(), ..cancellation(whole) };
    assert_eq!(conny.cancel_convening(again).unwrap(), off, "once");
    assert_eq!(world.wrong(|| conny.schedule_convening(whole)).1[0], "convening convening.cancelled");
    let wrong =
        world.wrong(|| conny.plan_convening(between("2021-09-14T13:00:00", "2021-09-14T14:00:00").within(whole)));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["parent convening.parent_over".to_owned()]));
    verify(&world.cop);
}

#[test]
fn what_people_were_at_took_place() {
    let world = World::new();
    let conny = world.session(world.conny);
    let convening = conny.plan_convening(new()).unwrap().id;
    conny.schedule_convening(convening).unwrap();
    world.go_to("2021-09-14T23:00:00Z");
    conny.record_attendance(NewAttendance::new(convening, world.ana)).unwrap();
    let wrong = world.wrong(|| conny.cancel_convening(cancellation(convening)));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.attended".to_owned()]));
    conny.record_attendance(NewAttendance::new(convening, world.ana).with_status("no_show")).unwrap();
    conny.cancel_convening(cancellation(convening)).unwrap();
}

#[test]
fn a_draft_is_seen_by_who_prepares_it_also_when_it_is_cancelled() {
    let world = World::new();
    let (lea, conny) = (world.session(world.lea), world.session(world.conny));
    let with = |visibility: &str| NewConvening { visibility: Some(visibility.into()), ..new().with_team(world.team) };
    let everybody = [world.conny, world.stan, world.olga, world.lea, world.ana, world.ben, world.ed, world.obi];
    let seen_by = |id| everybody.map(|member| sees(&world.session(member), id));
    let staff = [true, true, true, true, false, false, false, false];
    for visibility in ["private", "community", "public"] {
        let off = lea.plan_convening(with(visibility)).unwrap().id;
        assert_eq!(seen_by(off), staff, "a draft");
        lea.cancel_convening(cancellation(off)).unwrap();
        assert_eq!(seen_by(off), staff, "nobody was told, so nobody is told that it is cancelled");
        let on = lea.plan_convening(with(visibility)).unwrap().id;
        lea.schedule_convening(on).unwrap();
        let outside = [visibility != "private", visibility == "public"];
        let told = [[true; 6].as_slice(), &outside].concat();
        assert_eq!(seen_by(on).to_vec(), told, "{visibility}");
        assert_eq!(sees(&world.cop.as_guest(), on), visibility == "public");
        lea.cancel_convening(cancellation(on)).unwrap();
        assert_eq!(seen_by(on).to_vec(), told, "who was told sees that it is cancelled");
    }
    let all = conny.plan_convening(new()).unwrap().id;
    conny.schedule_convening(all).unwrap();
    assert_eq!(seen_by(all), [true, true, true, true, true, true, true, false], "the community, but observers");
}

#[test]
fn sessions_lie_inside_what_they_are_sessions_of() {
    let world = World::new();
    let host = world.cop.steward();
    let (lea, conny) = (world.session(world.lea), world.session(world.conny));
    let ours = |starts: &str, ends: &str| between(starts, ends).with_team(world.team);
    let whole = lea.plan_convening(ours("2021-09-14T12:00:00", "2021-09-15T12:00:00")).unwrap().id;
    let inside = |starts: &str, ends: &str| ours(starts, ends).within(whole);
    for (starts, ends, fields) in [
        ("2021-09-14T11:59:59", "2021-09-14T13:00:00", vec!["starts"]),
        ("2021-09-15T11:00:00", "2021-09-15T12:00:01", vec!["ends"]),
        ("2021-09-14T11:00:00", "2021-09-15T11:00:00", vec!["starts"]),
        ("2021-09-16T11:00:00", "2021-09-16T12:00:00", vec!["ends"]),
    ] {
        let wrong = world.wrong(|| lea.plan_convening(inside(starts, ends)));
        let problems: Vec<String> = fields.iter().map(|field| format!("{field} convening.outside_parent")).collect();
        assert_eq!(wrong, (ErrorKind::Precondition, problems));
    }
    let first = lea.plan_convening(inside("2021-09-14T12:00:00", "2021-09-14T13:00:00")).unwrap();
    let last = lea.plan_convening(inside("2021-09-15T11:00:00", "2021-09-15T12:00:00")).unwrap();
    assert_eq!(first.parent, Some(whole));
    let sessions = lea.convenings(ConveningFilter::new().with_parent(whole), PageRequest::default()).unwrap().items;
    assert_eq!(sessions.len(), 2);
    let nested = ours("2021-09-14T12:00:00", "2021-09-14T12:30:00").within(first.id);
    let wrong = world.wrong(|| lea.plan_convening(nested));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["parent convening.nested".to_owned()]));
    // Neither is moved out of the other.
    let wrong = world.wrong(|| lea.revise_convening(moved(last.id, "2021-09-15T11:00:00", "2021-09-15T12:30:00")));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["ends convening.outside_parent".to_owned()]));
    let wrong = world.wrong(|| lea.revise_convening(moved(whole, "2021-09-14T12:30:00", "2021-09-15T11:30:00")));
    let both = vec!["starts convening.sessions_outside".to_owned(), "ends convening.sessions_outside".to_owned()];
    assert_eq!(wrong, (ErrorKind::Precondition, both));
    lea.cancel_convening(cancellation(last.id)).unwrap();
    lea.revise_convening(moved(whole, "2021-09-14T11:30:00", "2021-09-15T11:00:00")).unwrap();
    // A session is organised by who organises the whole.
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    host.add_membership(NewMembership::new(other, world.ben).with_role("lead")).unwrap();
    let theirs = between("2021-09-14T12:00:00", "2021-09-14T13:00:00").with_team(other).within(whole);
    let ben = world.session(world.ben);
    assert_eq!(world.wrong(|| ben.plan_convening(theirs.clone())).0, ErrorKind::NotFound, "a draft");
    conny.schedule_convening(whole).unwrap();
    assert_eq!(world.wrong(|| ben.plan_convening(theirs.clone())).0, ErrorKind::NotPermitted);
    conny.plan_convening(theirs).unwrap();
    // A session of what is cancelled is not announced; of what took place there are no more.
    world.go_to("2021-09-14T20:00:00Z");
    let late = lea.plan_convening(inside("2021-09-14T20:00:00", "2021-09-14T21:00:00")).unwrap().id;
    lea.hold_convening(whole).unwrap();
    let wrong = world.wrong(|| lea.plan_convening(inside("2021-09-14T20:00:00", "2021-09-14T21:00:00")));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["parent convening.parent_over".to_owned()]));
    assert_eq!(lea.schedule_convening(late).unwrap().state, ConveningState::Scheduled, "it goes on");
    verify(&world.cop);
}

#[test]
fn a_session_of_what_is_cancelled_is_not_announced() {
    let world = World::new();
    let conny = world.session(world.conny);
    let whole = conny.plan_convening(between("2021-09-14T12:00:00", "2021-09-15T12:00:00")).unwrap().id;
    let session = conny.plan_convening(between("2021-09-14T12:00:00", "2021-09-14T13:00:00").within(whole)).unwrap().id;
    conny.cancel_convening(cancellation(whole)).unwrap();
    let wrong = world.wrong(|| conny.schedule_convening(session));
    assert_eq!(wrong.1, ["convening convening.cancelled", "parent convening.parent_over"]);
}

#[test]
fn what_people_are_registered_for_is_not_cut_into_sessions() {
    let world = World::new();
    let conny = world.session(world.conny);
    let whole = conny.plan_convening(between("2021-09-14T12:00:00", "2021-09-15T12:00:00")).unwrap().id;
    conny.schedule_convening(whole).unwrap();
    world.session(world.ana).register(whole).unwrap();
    let session = between("2021-09-14T12:00:00", "2021-09-14T13:00:00").within(whole);
    let wrong = world.wrong(|| conny.plan_convening(session));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["parent convening.has_attendance".to_owned()]));
}

#[test]
fn calendars_are_told_of_what_changes_after_the_announcement() {
    let world = World::new();
    let conny = world.session(world.conny);
    let id = conny.plan_convening(new()).unwrap().id;
    let edit = || ConveningEdit::new(id);
    let sequence = |edit: ConveningEdit| conny.revise_convening(edit).unwrap().sequence;
    assert_eq!(sequence(ConveningEdit { title: Some("Draft title".into()), ..edit() }), 0, "a draft");
    conny.schedule_convening(id).unwrap();
    let text = |text: &str| Some(text.to_owned());
    for (count, told) in (1..).zip([
        ConveningEdit { title: text("Number strings"), ..edit() },
        ConveningEdit { place: text("Room 3"), ..edit() },
        ConveningEdit { join_url: text("https://meet.example.org/2"), ..edit() },
        moved(id, "2021-09-14T16:00:00", "2021-09-14T17:30:00"),
        ConveningEdit { time_zone: text("America/Denver"), ..edit() },
        ConveningEdit { title: text("Both"), place: text(""), ..edit() },
    ]) {
        assert_eq!(sequence(told.clone()), count, "{told:?}");
        assert_eq!(sequence(told), count, "the same again is no change");
    }
    for quiet in [
        ConveningEdit { body: text("An agenda"), ..edit() },
        ConveningEdit { topics: Some(vec!["strings".into()]), ..edit() },
        ConveningEdit { capacity: Some(30), ..edit() },
        ConveningEdit { kind: text("workshop"), ..edit() },
        ConveningEdit { visibility: text("public"), ..edit() },
        ConveningEdit { mode: text("virtual"), ..edit() },
    ] {
        assert_eq!(sequence(quiet.clone()), 6, "{quiet:?}");
    }
    world.go_to("2021-09-14T23:00:00Z");
    assert_eq!(conny.hold_convening(id).unwrap().sequence, 7);
    verify(&world.cop);
}

#[test]
fn a_convening_is_changed_and_what_is_none_stays() {
    let world = World::new();
    let conny = world.session(world.conny);
    let before = conny.plan_convening(new().at("Room 3").with_capacity(5).with_topic("a")).unwrap();
    let id = before.id;
    assert_eq!(conny.revise_convening(ConveningEdit::new(id)).unwrap(), before);
    let cleared = ConveningEdit {
        place: Some(" ".into()),
        join_url: Some(String::new()),
        body: Some(String::new()),
        capacity: Some(0),
        topics: Some(vec![]),
        ..ConveningEdit::new(id)
    };
    let cleared = conny.revise_convening(cleared).unwrap();
    assert_eq!((cleared.place, cleared.join_url, cleared.capacity, cleared.topics.len()), (None, None, None, 0));
    let bad = ConveningEdit {
        kind: Some(String::new()),
        title: Some("a\0b".into()),
        body: Some("x".repeat(200_001)),
        time_zone: Some("PST".into()),
        mode: Some("?".into()),
        place: Some("a\u{2069}b".into()),
        join_url: Some("ftp://example.org".into()),
        capacity: Some(-1),
        topics: Some(vec![String::new()]),
        visibility: Some("?".into()),
        ..moved(id, "0001-01-01T00:00:00", "2021-09-14T17:30:00")
    };
    let (kind, problems) = world.wrong(|| conny.revise_convening(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert_eq!(
        problems,
        [
            "kind code.format",
            "title text.character",
            "body text.too_long",
            "time_zone time_zone.unknown",
            "starts date.range",
            "mode code.unknown",
            "place text.character",
            "join_url url.format",
            "capacity convening.capacity",
            "topics[0] text.empty",
            "visibility visibility.format",
        ]
    );
    let crowd = ConveningEdit { teams: Some(vec![world.team; 101]), ..ConveningEdit::new(id) };
    assert_eq!(world.wrong(|| conny.revise_convening(crowd)).1, ["teams list.length"]);
    // When it took place is history; what it was about can still be said better.
    conny.revise_convening(ConveningEdit { mode: Some("virtual".into()), ..ConveningEdit::new(id) }).unwrap();
    world.go_to("2021-09-20T00:00:00Z");
    world.cop.steward().hold_convening(id).unwrap();
    let zone = ConveningEdit { time_zone: Some("America/Denver".into()), ..ConveningEdit::new(id) };
    for times in [moved(id, "2021-09-14T15:30:00", "2021-09-14T17:00:00"), zone] {
        let wrong = world.wrong(|| conny.revise_convening(times));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.held".to_owned()]));
    }
    let said = ConveningEdit { body: Some("Notes".into()), ..moved(id, "2021-09-14T15:30:00", "2021-09-14T17:30:00") };
    assert_eq!(conny.revise_convening(said).unwrap().body, "Notes");
    assert_eq!(conny.convening(id).unwrap().kind, ConveningKind::TeamMeeting);
    verify(&world.cop);
}

#[test]
fn a_lead_brings_in_own_teams_alone() {
    let world = World::new();
    let host = world.cop.steward();
    let lea = world.session(world.lea);
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    let id = lea.plan_convening(new().with_team(world.team)).unwrap().id;
    let with = |teams: Vec<TeamId>| ConveningEdit { teams: Some(teams), ..ConveningEdit::new(id) };
    for teams in [vec![world.team, other], vec![other], vec![]] {
        assert_eq!(world.wrong(|| lea.revise_convening(with(teams))).0, ErrorKind::NotPermitted);
    }
    assert_eq!(world.session(world.conny).revise_convening(with(vec![world.team, other])).unwrap().teams.len(), 2);
    let named = ConveningEdit { title: Some("Together".into()), ..with(vec![other, world.team]) };
    assert_eq!(lea.revise_convening(named).unwrap().title, "Together", "no team is added");
    assert_eq!(lea.revise_convening(with(vec![world.team])).unwrap().teams.len(), 1);
    host.add_membership(NewMembership::new(other, world.lea).with_role("facilitator")).unwrap();
    assert_eq!(lea.revise_convening(with(vec![world.team, other])).unwrap().teams.len(), 2);
    let listed =
        |team| lea.convenings(ConveningFilter::new().with_team(team), PageRequest::default()).unwrap().items.len();
    assert_eq!((listed(world.team), listed(other)), (1, 1));
    assert!(host.revise_convening(with(vec![])).unwrap().teams.is_empty());
}

#[test]
fn a_state_is_what_the_facts_amount_to_in_any_order() {
    use ConveningFact::{Cancelled, Held, Scheduled};
    let states = [
        (vec![], ConveningState::Draft),
        (vec![Scheduled], ConveningState::Scheduled),
        (vec![Cancelled], ConveningState::Cancelled),
        (vec![Held], ConveningState::Held),
        (vec![Scheduled, Cancelled], ConveningState::Cancelled),
        (vec![Cancelled, Scheduled], ConveningState::Cancelled),
        (vec![Held, Scheduled], ConveningState::Held),
        (vec![Held, Cancelled, Scheduled], ConveningState::Held),
        (vec![Scheduled, Cancelled, Held], ConveningState::Held),
    ];
    for (facts, state) in states {
        let facts: BTreeSet<ConveningFact> = facts.into_iter().collect();
        assert_eq!(ConveningState::of(&facts), state, "{facts:?}");
    }
    // And what is stored is that fold, whatever way it was reached.
    let world = World::new();
    let conny = world.session(world.conny);
    let ids: Vec<ConveningId> = (0..4).map(|_| conny.plan_convening(new()).unwrap().id).collect();
    conny.schedule_convening(ids[1]).unwrap();
    conny.cancel_convening(cancellation(ids[2])).unwrap();
    conny.schedule_convening(ids[3]).unwrap();
    world.go_to("2021-09-14T23:00:00Z");
    conny.hold_convening(ids[3]).unwrap();
    for id in ids {
        let convening = conny.convening(id).unwrap();
        assert_eq!(convening.state, ConveningState::of(&convening.facts));
    }
}

#[test]
fn planning_raises_no_findings_and_seats_nobody() {
    let world = World::new();
    let conny = world.session(world.conny);
    let id = conny.plan_convening(new().with_capacity(1)).unwrap().id;
    conny.schedule_convening(id).unwrap();
    conny.revise_convening(ConveningEdit { capacity: Some(2), ..ConveningEdit::new(id) }).unwrap();
    assert!(conny.findings(FindingFilter::new(), PageRequest::default()).unwrap().items.is_empty());
    let filter = AttendanceFilter::new().with_convening(id);
    assert!(conny.attendances(filter, PageRequest::default()).unwrap().items.is_empty());
}
