//! A community over a year, with levels of participation worked out by hand: for each member, and for all at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Participation, ParticipationLevel as L, ParticipationNumbers, levels_of_all, levels_of_person};
use crate::change::Actor;
use crate::clock::{Clock, ManualClock};
use crate::community::{Community, CommunityOptions};
use crate::fixture::{
    at, attendance, change, convening, cycle, day, id, member, part_of, plant, resource, story, team,
};
use crate::id::MemberId;
use crate::model::{
    AnyRecord, Attendance, AttendanceRole, AttendanceStatus, Attribution, Consent, ConsentFact, ConsentState,
    Convening, ConveningState, Cycle, Entry, EntryKind, Member, MemberEvent, Membership, MembershipFact,
    MembershipState, Phase, PhaseStep, Prediction, Resource, ResourceState, Story, TeamFact, TeamRole, TeamState,
    Visibility,
};
use crate::ops::NewCommunity;

const LEAD: u128 = 1;
const GUEST: u128 = 2;
const TWIN: u128 = 3;
const OTHER_TWIN: u128 = 4;
const GONE: u128 = 5;

struct SharedClock(Arc<ManualClock>);

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

fn who(number: u128) -> MemberId {
    id(number).into()
}

fn by(number: u128) -> Actor {
    Actor::Member(who(number))
}

fn membership(member: u128, facts: &[MembershipFact], roles: &[TeamRole]) -> Membership {
    let facts: BTreeSet<MembershipFact> = facts.iter().copied().collect();
    Membership {
        id: Membership::id_of(who(member), id(50).into(), 1),
        created_by: None,
        created_at: at("2021-01-01T00:00:00Z"),
        revised_at: at("2021-01-01T00:00:00Z"),
        revision: 0,
        member: who(member),
        team: id(50).into(),
        episode: 1,
        roles: roles.iter().copied().collect(),
        state: MembershipState::of(&facts),
        facts,
        public: false,
        answers: Vec::new(),
        decision: None,
    }
}

fn add_fact(cop: &Community, time: &str, member: u128, fact: MembershipFact) {
    change::<Membership>(cop, time, by(member), Membership::id_of(who(member), id(50).into(), 1), |membership| {
        membership.facts.insert(fact);
        membership.state = MembershipState::of(&membership.facts);
    });
}

fn entry(number: u128, subject: AnyRecord, private: bool) -> AnyRecord {
    let header = subject.header();
    AnyRecord::Entry(Entry {
        id: id(number).into(),
        created_by: None,
        created_at: header.created_at,
        revised_at: header.created_at,
        revision: 0,
        about: subject.kind(),
        subject: header.id,
        kind: EntryKind::Note,
        phase: None,
        on_date: day("2021-05-01"),
        body: "A note".to_owned(),
        private,
    })
}

fn of_team(number: u128, starts: &str) -> Convening {
    Convening { teams: [id(50).into()].into(), ..convening(number, starts, 60) }
}

/// The team 50 meets on 15 March, April, May and June; everybody on 1 May, and on 1 September in two sessions.
fn year() -> Community {
    let clock = SharedClock(Arc::new(ManualClock::new(at("2021-01-01T00:00:00Z"))));
    let cop = CommunityOptions::new().with_clock(clock).in_memory(NewCommunity::new("CoP")).expect("a community");
    let host = Actor::System;
    plant(&cop, "2021-01-02T00:00:00Z", host, vec![member(LEAD).into(), member(TWIN).into(), member(GONE).into()]);
    let mut asked = member(GUEST);
    asked.facts.clear();
    asked.add_fact(MemberEvent::Requested);
    plant(&cop, "2021-02-01T00:00:00Z", host, vec![asked.into()]);
    change::<Member>(&cop, "2021-02-10T00:00:00Z", by(GUEST), who(GUEST), |member| {
        member.add_fact(MemberEvent::Approved);
        member.add_fact(MemberEvent::Activated);
    });
    let mut team = team(50);
    team.facts.insert(TeamFact::Activated);
    team.state = TeamState::of(&team.facts);
    plant(&cop, "2021-02-20T00:00:00Z", host, vec![team.into()]);
    plant(
        &cop,
        "2021-03-01T00:00:00Z",
        by(LEAD),
        vec![membership(GUEST, &[MembershipFact::Invited], &[TeamRole::Member]).into()],
    );
    add_fact(&cop, "2021-04-01T00:00:00Z", GUEST, MembershipFact::Accepted);
    // The lead's membership existed before it was recorded.
    let both = [MembershipFact::Invited, MembershipFact::Accepted];
    plant(&cop, "2021-05-02T00:00:00Z", host, vec![membership(LEAD, &both, &[TeamRole::Lead]).into()]);
    add_fact(&cop, "2021-06-01T00:00:00Z", GUEST, MembershipFact::Left);
    change::<Member>(&cop, "2021-07-01T00:00:00Z", by(GONE), who(GONE), |member| member.add_fact(MemberEvent::Left));
    let whole = Convening { state: ConveningState::Held, ..convening(70, "2021-09-01T08:00:00", 600) };
    let first = part_of(&whole, convening(71, "2021-09-01T09:00:00", 60));
    let second = part_of(&whole, convening(72, "2021-09-01T11:00:00", 60));
    let everybody = convening(65, "2021-05-01T09:00:00", 60);
    let months =
        [(61, "03"), (62, "04"), (63, "05"), (64, "06")].map(|(n, m)| of_team(n, &format!("2021-{m}-15T09:00:00")));
    let cancelled = Convening { state: ConveningState::Cancelled, ..of_team(66, "2021-05-20T09:00:00") };
    let not_recorded = Convening { state: ConveningState::Scheduled, ..of_team(67, "2021-05-21T09:00:00") };
    let presents = Attendance { role: AttendanceRole::Presenter, ..attendance(&months[3], GUEST) };
    let excused = Attendance { status: AttendanceStatus::Excused, ..attendance(&months[2], GUEST) };
    let there = vec![
        attendance(&months[1], GUEST),
        presents,
        excused,
        attendance(&everybody, GUEST),
        attendance(&everybody, TWIN),
        attendance(&everybody, OTHER_TWIN),
        attendance(&second, OTHER_TWIN),
        attendance(&whole, TWIN),
        attendance(&cancelled, TWIN),
        attendance(&everybody, GONE),
    ];
    let all = months.into_iter().chain([whole, first, second, everybody, cancelled, not_recorded]);
    plant(&cop, "2021-07-02T00:00:00Z", host, all.map(AnyRecord::from).collect());
    plant(&cop, "2021-07-03T00:00:00Z", host, there.into_iter().map(AnyRecord::from).collect());
    // The two records of one person.
    plant(&cop, "2021-07-04T00:00:00Z", host, vec![member(OTHER_TWIN).into()]);
    change::<Member>(&cop, "2021-07-05T00:00:00Z", host, who(OTHER_TWIN), |member| {
        member.merged_into = Some(who(TWIN));
        member.settle();
    });
    contribute(&cop);
    cop
}

/// What members contribute from 10 July 2021 on.
fn contribute(cop: &Community) {
    let time = "2021-07-10T12:00:00Z";
    let sealed = Resource { sealed: true, visibility: Visibility::Team(id(50).into()), ..resource(81) };
    let draft = Resource { state: ResourceState::Draft, ..resource(82) };
    plant(cop, time, by(OTHER_TWIN), vec![resource(80).into(), sealed.clone().into(), draft.into()]);
    let notes = vec![
        entry(83, resource(80).into(), false),
        entry(84, resource(80).into(), true),
        entry(85, sealed.into(), false),
        entry(86, resource(999).into(), false),
    ];
    plant(cop, time, by(TWIN), notes);
    let told = |number, attribution| {
        let granted = Consent { number: 1, scope: Visibility::Community, attribution };
        let facts: BTreeSet<ConsentFact> = [ConsentFact::Granted(granted)].into();
        let consent = ConsentState::of(&facts).0;
        AnyRecord::Story(Story { teller: Some(who(LEAD)), facts, consent, ..story(number, None, &[]) })
    };
    plant(
        cop,
        time,
        by(LEAD),
        vec![told(87, Attribution::Name), told(88, Attribution::Anonymous), told(89, Attribution::Role)],
    );
    let prediction = |at: &str, who| Prediction {
        id: id(1),
        question: "Will they talk?".to_owned(),
        predicted: "Yes".to_owned(),
        by: who,
        at: self::at(at),
        late: false,
        result: None,
    };
    let step = PhaseStep {
        number: 1,
        at: self::at("2021-07-20T00:00:00Z"),
        by: Some(who(TWIN)),
        from: Phase::Plan,
        to: Phase::Do,
        reason: None,
    };
    let cycle = Cycle {
        team: id(50).into(),
        lead: Some(who(LEAD)),
        predictions: [
            prediction("2021-07-15T00:00:00Z", Some(who(TWIN))),
            prediction("2021-07-16T00:00:00Z", Some(who(GUEST))),
            prediction("2021-07-17T00:00:00Z", None),
        ]
        .into(),
        steps: [step].into(),
        phase: Phase::Do,
        ..cycle(90, "A cycle")
    };
    plant(cop, time, by(LEAD), vec![cycle.into()]);
}

const NOW: &str = "2021-10-01T12:00:00Z";

fn one(cop: &Community, number: u128, on: &str) -> Participation {
    let snapshot = cop.0.store.read().expect("a snapshot");
    let found = levels_of_person(snapshot.reads(), who(number), &[day(on)], at(NOW)).expect("readable");
    found.into_iter().next().expect("a day")
}

fn all(cop: &Community, on: NaiveDate) -> Vec<Participation> {
    let snapshot = cop.0.store.read().expect("a snapshot");
    levels_of_all(snapshot.reads(), on, at(NOW)).expect("readable")
}

/// Open, attended, attended elsewhere; contributions; leadership: sessions, team's sessions, steps.
fn short(numbers: ParticipationNumbers) -> ([u32; 3], [u32; 6], [u32; 3]) {
    let (c, l) = (numbers.contributions, numbers.leadership);
    (
        [numbers.open, numbers.attended, numbers.attended_elsewhere],
        [c.resources, c.entries, c.stories, c.observations, c.predictions, c.sessions],
        [l.sessions, l.team_sessions, l.cycle_steps],
    )
}

#[test]
fn what_was_open_depends_on_when_one_belonged() {
    let cop = year();
    let lead = one(&cop, LEAD, "2021-10-01");
    // All four of the team, although the membership was recorded in May; everybody's on 1 May, and two sessions.
    assert_eq!(short(lead.numbers), ([7, 0, 0], [0, 0, 1, 0, 0, 0], [0, 4, 1]));
    assert_eq!((lead.level, lead.live, lead.from), (Some(L::Occasional), true, day("2020-10-01")));
    let guest = one(&cop, GUEST, "2021-10-01");
    // April and May of the team, and three of everybody; June was elsewhere, after leaving the team.
    assert_eq!(short(guest.numbers), ([5, 2, 1], [0, 0, 0, 0, 1, 1], [1, 0, 0]));
    assert_eq!(guest.level, Some(L::Active));
}

#[test]
fn two_records_of_one_person_are_one() {
    let cop = year();
    let twin = one(&cop, TWIN, "2021-10-01");
    // At a whole with sessions, and at what was cancelled, nobody was. What is sealed, private or about what is gone
    // does not count.
    assert_eq!(short(twin.numbers), ([3, 2, 0], [1, 1, 0, 0, 1, 0], [0, 0, 0]));
    assert_eq!((twin.member, twin.level), (who(TWIN), Some(L::Active)));
    assert!(all(&cop, day("2021-10-01")).iter().all(|one| one.member != who(OTHER_TWIN)));
}

#[test]
fn the_past_is_as_the_log_has_it() {
    let cop = year();
    let level = |number, on| {
        let found = one(&cop, number, on);
        (found.live, found.level)
    };
    assert_eq!(level(GONE, "2021-06-30"), (true, Some(L::Active)), "at one of one that was open");
    assert_eq!(level(GONE, "2021-07-01"), (false, Some(L::Transactional)));
    assert_eq!(level(GONE, "2022-05-01"), (false, None), "a year and a day after what they attended last");
    assert_eq!(level(GONE, "2022-04-30"), (false, Some(L::Transactional)));
    assert_eq!(level(GUEST, "2021-01-31"), (false, None), "the community did not know them yet");
    assert_eq!(level(GUEST, "2021-02-09"), (false, None), "they had asked");
    assert_eq!(level(GUEST, "2021-02-10"), (true, Some(L::Peripheral)));
}

#[test]
fn all_at_once_are_what_each_is_alone() {
    let cop = year();
    for on in [
        "2021-01-01",
        "2021-02-09",
        "2021-03-15",
        "2021-04-15",
        "2021-06-30",
        "2021-07-04",
        "2021-07-20",
        "2021-10-01",
        "2022-06-01",
    ] {
        let mut alone: Vec<Participation> = [LEAD, GUEST, TWIN, GONE].map(|number| one(&cop, number, on)).into();
        alone.retain(|one| one.live);
        assert_eq!(all(&cop, day(on)), alone, "{on}");
    }
    assert_eq!(all(&cop, day("2021-01-01")), [], "before anybody was recorded");
    assert_eq!(all(&cop, day("2021-10-01")).len(), 3);
}

#[test]
fn a_series_is_what_each_of_its_days_is() {
    let cop = year();
    let days: Vec<NaiveDate> = day("2021-01-20").iter_days().step_by(17).take(40).collect();
    let snapshot = cop.0.store.read().expect("a snapshot");
    for number in [LEAD, GUEST, TWIN, GONE] {
        let series = levels_of_person(snapshot.reads(), who(number), &days, at(NOW)).expect("readable");
        let each: Vec<Participation> = days.iter().map(|on| one(&cop, number, &on.to_string())).collect();
        assert_eq!(series, each);
    }
}
