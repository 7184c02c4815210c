//! Hours and levels of participation, as members and facilitators ask for them.

use cop_core::{
    AttendanceRole, ConsentOf, ConveningId, ErrorKind, HoursPolicy, HoursStatement, MemberId, NewAttendance,
    NewConvening, NewEntry, NewResource, NewStory, Participation, ParticipationLevel, ParticipationPolicy,
    PoliciesEdit, Rounding, SchoolYear, Session, StepOf,
};

use crate::world::{World, day};

fn year(text: &str) -> SchoolYear {
    text.parse().unwrap()
}

/// A convening that was held; `starts` and `ends` on 14 September 2021 in California.
fn held(host: &Session, new: NewConvening) -> ConveningId {
    let planned = host.plan_convening(new.online("https://meet.example.org/x")).unwrap();
    host.schedule_convening(planned.id).unwrap();
    host.hold_convening(planned.id).unwrap().id
}

fn new(title: &str, starts: &str, ends: &str) -> NewConvening {
    NewConvening::new("workshop", title, starts.parse().unwrap(), ends.parse().unwrap(), "America/Los_Angeles")
}

fn counted(statement: &HoursStatement) -> Vec<(String, i64, i64)> {
    statement.convenings.iter().map(|c| (c.title.clone(), c.minutes, c.credited_minutes)).collect()
}

#[test]
fn hours_are_for_the_member_and_those_who_facilitate() {
    let world = World::new();
    let of_ana = |member: MemberId| world.session(member).hours(world.ana, year("2021-22"));
    for member in [world.ana, world.stan, world.conny, world.olga] {
        let statement = of_ana(member).unwrap();
        assert_eq!((statement.member, statement.credited_minutes, statement.convenings.len()), (world.ana, 0, 0));
    }
    assert_eq!(world.cop.steward().hours(world.ana, year("2021-22")).unwrap().minutes, 0);
    for member in [world.lea, world.ben, world.ed] {
        assert_eq!(world.refused(|| of_ana(member)).kind(), ErrorKind::NotPermitted);
    }
    assert_eq!(world.refused(|| of_ana(world.obi)).kind(), ErrorKind::NotFound, "an observer sees no members");
    let guest = world.cop.as_guest();
    assert_eq!(world.refused(|| guest.hours(world.ana, year("2021-22"))).kind(), ErrorKind::NotFound);
    let nobody = MemberId::new(uuid::Uuid::from_u128(7));
    assert_eq!(world.refused(|| world.cop.steward().hours(nobody, year("2021-22"))).kind(), ErrorKind::NotFound);
    assert!(world.session(world.obi).hours(world.obi, year("2021-22")).is_ok(), "one's own are one's own");
}

#[test]
fn the_rules_are_printed_with_the_hours() {
    let world = World::new();
    let policy = HoursPolicy { unit_minutes: 60, rounding: Rounding::Up, ..HoursPolicy::default() };
    let mut edit = PoliciesEdit::new().with_hours(policy.clone());
    edit.school_year_starts_in = Some(8);
    world.session(world.olga).set_policies(edit).unwrap();
    let statement = world.session(world.ana).hours(world.ana, year("2021-22")).unwrap();
    assert_eq!(statement.policy, policy);
    assert_eq!((statement.starts_on, statement.ends_on), (day("2021-08-01"), day("2022-07-31")));
}

#[test]
fn hours_follow_attendance_and_stay_when_one_leaves_the_team() {
    let world = World::new();
    world.go_to("2021-09-20T16:00:00Z");
    let host = world.cop.steward();
    let whole =
        host.plan_convening(new("Days", "2021-09-14T08:00:00", "2021-09-15T17:00:00").with_team(world.team)).unwrap();
    let session = |title: &str, starts: &str, ends: &str| {
        held(&host, new(title, starts, ends).with_team(world.team).within(whole.id))
    };
    let first = session("First", "2021-09-14T09:00:00", "2021-09-14T10:00:00");
    let second = session("Second", "2021-09-15T09:00:00", "2021-09-15T09:50:00");
    let meeting = held(&host, new("Meeting", "2021-09-16T15:30:00", "2021-09-16T16:30:00").with_team(world.team));
    host.record_attendance(NewAttendance::new(first, world.ana).with_minutes(25)).unwrap();
    host.record_attendance(NewAttendance::new(second, world.ana).with_role("presenter")).unwrap();
    host.record_attendance(NewAttendance::new(meeting, world.ana).with_minutes(20)).unwrap();
    host.record_attendance(NewAttendance::new(first, world.ben).with_role("staff")).unwrap();
    let statement = world.session(world.ana).hours(world.ana, year("2021-22")).unwrap();
    // 25 + 50 = 75 of the two days, 20 of the meeting: less than 30.
    assert_eq!(counted(&statement), [("Days".to_owned(), 75, 75), ("Meeting".to_owned(), 20, 0)]);
    assert_eq!((statement.minutes, statement.credited_minutes), (95, 75));
    let sessions: Vec<_> = statement.convenings[0].sessions.iter().map(|s| (s.convening, s.role, s.date)).collect();
    let expected =
        [(first, AttendanceRole::Attendee, day("2021-09-14")), (second, AttendanceRole::Presenter, day("2021-09-15"))];
    assert_eq!(sessions, expected);
    assert_eq!(world.session(world.ben).hours(world.ben, year("2021-22")).unwrap().minutes, 0, "staff is not credited");
    assert_eq!(world.session(world.ana).hours(world.ana, year("2020-21")).unwrap().minutes, 0);
    let membership = cop_core::Membership::id_of(world.ana, world.team, 1);
    world.session(world.ana).end_membership(membership).unwrap();
    assert_eq!(world.refused(|| world.session(world.ana).convening(meeting)).kind(), ErrorKind::NotFound);
    assert_eq!(world.session(world.ana).hours(world.ana, year("2021-22")).unwrap(), statement);
}

#[test]
fn participation_is_for_the_member_and_those_who_facilitate() {
    let world = World::new();
    let on = day("2021-09-01");
    for member in [world.ana, world.stan, world.conny] {
        let found = world.session(member).participation(world.ana, on).unwrap();
        assert_eq!((found.level, found.live), (Some(ParticipationLevel::Peripheral), true));
        assert_eq!((found.from, found.policy), (day("2020-09-01"), ParticipationPolicy::default()));
    }
    for member in [world.lea, world.ben] {
        let session = world.session(member);
        assert_eq!(world.refused(|| session.participation(world.ana, on)).kind(), ErrorKind::NotPermitted);
        let series = || session.participation_series(world.ana, on, on, 1);
        assert_eq!(world.refused(series).kind(), ErrorKind::NotPermitted);
        assert_eq!(world.refused(|| session.participation_levels(on)).kind(), ErrorKind::NotPermitted);
    }
    let obi = world.session(world.obi);
    assert_eq!(world.refused(|| obi.participation(world.ana, on)).kind(), ErrorKind::NotFound);
    assert_eq!(world.refused(|| world.cop.as_guest().participation_levels(on)).kind(), ErrorKind::NotPermitted);
}

#[test]
fn days_are_checked_after_who_may_ask() {
    let world = World::new();
    let ana = world.session(world.ana);
    let wrong = |session: &Session, from: &str, to: &str, step: u32| {
        world.wrong(|| session.participation_series(world.ana, day(from), day(to), step))
    };
    let all = ["from date.range", "to date.range", "to date.order", "every_days participation.step"];
    assert_eq!(wrong(&ana, "2201-01-01", "1899-12-31", 0), (ErrorKind::InvalidInput, all.map(str::to_owned).to_vec()));
    let (kind, codes) = wrong(&ana, "2020-01-01", "2021-02-04", 1);
    assert_eq!((kind, codes), (ErrorKind::InvalidInput, vec!["every_days participation.points".to_owned()]));
    assert_eq!(wrong(&world.session(world.ben), "2201-01-01", "1899-12-31", 0).0, ErrorKind::NotPermitted);
    let day_wrong = world.wrong(|| ana.participation(world.ana, day("1899-12-31")));
    assert_eq!(day_wrong, (ErrorKind::InvalidInput, vec!["on date.range".to_owned()]));
    let host = world.cop.steward();
    assert_eq!(
        world.wrong(|| host.participation_levels(day("2201-01-01"))),
        (ErrorKind::InvalidInput, vec!["on date.range".to_owned()])
    );
}

#[test]
fn who_pauses_or_leaves_was_a_member_before() {
    let world = World::new();
    world.go_to("2021-10-01T10:00:00Z");
    world.session(world.ben).pause_member(world.ben).unwrap();
    world.go_to("2021-11-01T10:00:00Z");
    world.session(world.ben).resume_member(world.ben).unwrap();
    world.go_to("2021-12-01T10:00:00Z");
    world.session(world.stan).end_member(world.ben).unwrap();
    world.go_to("2022-01-15T10:00:00Z");
    let host = world.cop.steward();
    let series = host.participation_series(world.ben, day("2021-09-30"), day("2022-01-15"), 1).unwrap();
    let changes: Vec<(String, bool)> = series
        .windows(2)
        .filter(|pair| pair[0].live != pair[1].live)
        .map(|pair| (pair[1].on.to_string(), pair[1].live))
        .collect();
    let expected = [("2021-10-01", false), ("2021-11-01", true), ("2021-12-01", false)];
    assert_eq!(changes, expected.map(|(on, live)| (on.to_owned(), live)));
    assert_eq!(series[0].level, Some(ParticipationLevel::Peripheral));
    assert_eq!(series.last().unwrap().level, None, "neither a member, nor did they do anything");
}

#[test]
fn a_draft_is_no_contribution_and_neither_is_what_facilitators_may_not_see() {
    let world = World::new();
    let ana = world.session(world.ana);
    let task = |title: &str| NewResource::new("task", title).with_body("Fold a strip.");
    ana.add_resource(task("Draft")).unwrap();
    let numbers = || ana.participation(world.ana, day("2021-09-01")).unwrap().numbers.contributions;
    assert_eq!(numbers().total(), 0);
    ana.add_resource(task("Shared").with_visibility(cop_core::Visibility::Community).published()).unwrap();
    assert_eq!((numbers().resources, numbers().total()), (1, 1));
    let sealed = ana.add_resource(task("Sealed").with_visibility(cop_core::Visibility::Community).published()).unwrap();
    assert_eq!(numbers().resources, 2);
    ana.seal_resource(cop_core::SealOf { resource: sealed.id, sealed: true }).unwrap();
    // Open to the community, it is open to its facilitators as well.
    assert_eq!(numbers().resources, 2);
    ana.set_visibility(cop_core::VisibilityOf { resource: sealed.id, visibility: "private".to_owned() }).unwrap();
    assert_eq!(numbers().resources, 1);
    for member in [world.stan, world.conny] {
        let found = world.session(member).participation(world.ana, day("2021-09-01")).unwrap();
        assert_eq!(found, ana.participation(world.ana, day("2021-09-01")).unwrap(), "the same for all who may ask");
        assert_eq!(found.level, Some(ParticipationLevel::Occasional));
    }
    assert_eq!(ana.participation(world.ana, day("2021-08-31")).unwrap().numbers.contributions.total(), 0);
    assert_eq!(ana.participation(world.ana, day("2022-08-31")).unwrap().numbers.contributions.total(), 1);
    assert_eq!(ana.participation(world.ana, day("2022-09-01")).unwrap().numbers.contributions.total(), 0);
}

#[test]
fn notes_and_stories_count_as_far_as_they_are_shared() {
    let world = World::new();
    let ana = world.session(world.ana);
    let resource = ana.add_resource(
        NewResource::new("task", "Strips")
            .with_body("Fold.")
            .with_visibility(cop_core::Visibility::Community)
            .published(),
    );
    let resource = resource.unwrap();
    ana.add_entry(NewEntry::new(resource.id, "comment", "Worked well.")).unwrap();
    ana.add_entry(NewEntry::new(resource.id, "comment", "For me alone.").private()).unwrap();
    let told = ana.tell_story(NewStory::new("testimonial", "Mine", "It helped.").with_team(world.team)).unwrap();
    let numbers =
        || world.session(world.stan).participation(world.ana, day("2021-09-01")).unwrap().numbers.contributions;
    assert_eq!((numbers().entries, numbers().stories), (1, 0), "nobody knows yet whose story it is");
    let consent = |attribution: &str| ConsentOf {
        story: told.id,
        scope: "community".to_owned(),
        attribution: Some(attribution.to_owned()),
    };
    ana.grant_consent(consent("role")).unwrap();
    assert_eq!(numbers().stories, 0);
    ana.grant_consent(consent("name")).unwrap();
    assert_eq!(numbers().stories, 1);
    ana.withdraw_consent(told.id).unwrap();
    assert_eq!(numbers().stories, 0);
}

#[test]
fn attendance_leadership_and_contributions_make_the_level() {
    let world = World::new();
    world.go_to("2021-12-01T16:00:00Z");
    let host = world.cop.steward();
    let meetings: Vec<ConveningId> = ["2021-09-14", "2021-10-12", "2021-11-09", "2021-11-30"]
        .iter()
        .map(|on| held(&host, new(on, &format!("{on}T15:30:00"), &format!("{on}T16:30:00")).with_team(world.team)))
        .collect();
    for &meeting in &meetings[..2] {
        host.record_attendance(NewAttendance::new(meeting, world.ana)).unwrap();
    }
    host.record_attendance(NewAttendance::new(meetings[0], world.ben)).unwrap();
    host.record_attendance(NewAttendance::new(meetings[1], world.ben).with_status("excused")).unwrap();
    host.record_attendance(NewAttendance::new(meetings[3], world.ed).with_role("presenter")).unwrap();
    let lea = world.session(world.lea);
    for title in ["One", "Two", "Three"] {
        let visible = cop_core::Visibility::Community;
        lea.add_resource(NewResource::new("task", title).with_body("x").with_visibility(visible).published()).unwrap();
    }
    let on = day("2021-12-01");
    let of = |member| host.participation(member, on).unwrap();
    let seen = |found: &Participation| (found.numbers.open, found.numbers.attended, found.numbers.attended_elsewhere);
    assert_eq!(
        (seen(&of(world.lea)), of(world.lea).level),
        ((4, 0, 0), Some(ParticipationLevel::Core)),
        "leads, and contributed"
    );
    assert_eq!(
        (seen(&of(world.ana)), of(world.ana).level),
        ((4, 2, 0), Some(ParticipationLevel::Active)),
        "half of them"
    );
    assert_eq!(
        (seen(&of(world.ben)), of(world.ben).level),
        ((4, 1, 0), Some(ParticipationLevel::Occasional)),
        "a quarter"
    );
    assert_eq!(
        (seen(&of(world.ed)), of(world.ed).level),
        ((0, 0, 1), Some(ParticipationLevel::Occasional)),
        "a guest who presented"
    );
    assert_eq!(of(world.ed).numbers.contributions.sessions, 1);
    assert_eq!(of(world.stan).level, Some(ParticipationLevel::Peripheral));
    let levels = host.participation_levels(on).unwrap();
    assert_eq!(levels.len(), 8, "everybody");
    for found in levels {
        assert_eq!(found, of(found.member));
    }
    // Two years on, nothing of it lies in the window.
    assert_eq!(host.participation(world.lea, day("2023-12-01")).unwrap().level, Some(ParticipationLevel::Peripheral));
}

#[test]
fn two_records_of_one_person_have_one_level_and_one_statement() {
    let world = World::new();
    world.go_to("2021-12-01T16:00:00Z");
    let host = world.cop.steward();
    let meeting = held(&host, new("Meeting", "2021-09-14T15:30:00", "2021-09-14T16:30:00"));
    host.record_attendance(NewAttendance::new(meeting, world.ed)).unwrap();
    let visible = cop_core::Visibility::Community;
    let ben = world.session(world.ben);
    ben.add_resource(NewResource::new("task", "Ben's").with_body("x").with_visibility(visible).published()).unwrap();
    host.merge_members(cop_core::MergeOf { member: world.ben, duplicate: world.ed }).unwrap();
    let on = day("2021-12-01");
    let root = world.ben.min(world.ed);
    for asked in [world.ben, world.ed] {
        let found = host.participation(asked, on).unwrap();
        assert_eq!((found.member, found.numbers.open, found.numbers.attended), (root, 1, 1));
        assert_eq!(found.numbers.contributions.resources, 1);
        assert_eq!(host.hours(asked, year("2021-22")).unwrap().minutes, 60);
        assert_eq!(world.session(asked).hours(asked, year("2021-22")).unwrap().member, root);
    }
    assert_eq!(host.participation_levels(on).unwrap().len(), 7);
}

#[test]
fn onboarding_is_no_membership_yet() {
    let world = World::new();
    world
        .session(world.olga)
        .set_policies(PoliciesEdit::new().with_required_step("orientation", "Orientation"))
        .unwrap();
    let new = world.cop.steward().request_participation(cop_core::NewMember::new("New", "Test")).unwrap();
    world.session(world.stan).approve_member(new.id).unwrap();
    let host = world.cop.steward();
    assert_eq!(host.participation(new.id, day("2021-09-01")).unwrap().level, None);
    world.session(new.id).complete_step(StepOf { member: new.id, step: "orientation".to_owned() }).unwrap();
    world.session(new.id).activate_member(new.id).unwrap();
    let found = host.participation(new.id, day("2021-09-01")).unwrap();
    assert_eq!((found.live, found.level), (true, Some(ParticipationLevel::Peripheral)));
    assert_eq!(host.participation(new.id, day("2021-08-31")).unwrap().level, None);
}
