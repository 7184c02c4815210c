//! Attendance: who organises a convening records who was there; all of a list or nothing.

use cop_core::AttendanceStatus::{Attended, Cancelled, Excused, Invited, NoShow, Registered, Waitlisted};
use cop_core::store::contract::verify;
use cop_core::{
    Attendance, AttendanceFilter, AttendanceList, AttendanceRole, AttendanceStatus, Cancellation, ConveningEdit,
    ConveningId, EntryFilter, ErrorKind, FindingFilter, FindingKind, FindingState, InvitationTo, MemberId, MergeOf,
    NewAttendance, NewConvening, NewEntry, NewMember, NewMembership, NewWalkIn, Op, PageRequest, Session, WalkInMatch,
};
use uuid::Uuid;

use crate::world::{World, at};

/// While the convening goes on.
pub const MEANWHILE: &str = "2021-09-14T23:00:00Z";
/// When it ends.
pub const OVER: &str = "2021-09-15T00:30:00Z";

/// Two hours on 14 September 2021, for the community, from 22:30 (UTC) on; a draft.
pub fn drafted(world: &World, seats: Option<i64>) -> ConveningId {
    let civil = |text: &str| text.parse().unwrap();
    let (starts, ends) = (civil("2021-09-14T15:30:00"), civil("2021-09-14T17:30:00"));
    let new = NewConvening::new("workshop", "Number talks", starts, ends, "America/Los_Angeles");
    let new = NewConvening { capacity: seats, ..new.online("https://meet.example.org/1") };
    world.session(world.conny).plan_convening(new).unwrap().id
}

pub fn announced(world: &World, seats: Option<i64>) -> ConveningId {
    world.session(world.conny).schedule_convening(drafted(world, seats)).unwrap().id
}

/// The same for the team alone, prepared by its lead.
pub fn of_the_team(world: &World) -> ConveningId {
    let civil = |text: &str| text.parse().unwrap();
    let (starts, ends) = (civil("2021-09-14T15:30:00"), civil("2021-09-14T17:30:00"));
    let new = NewConvening::new("team_meeting", "Tasks", starts, ends, "America/Los_Angeles").with_team(world.team);
    let lea = world.session(world.lea);
    let id = lea.plan_convening(new.online("https://meet.example.org/1")).unwrap().id;
    lea.schedule_convening(id).unwrap().id
}

pub fn cancel_it(world: &World, convening: ConveningId) {
    world.session(world.conny).cancel_convening(Cancellation { convening, reason: "smoke".into() }).unwrap();
}

pub fn register(world: &World, member: MemberId, convening: ConveningId) -> Attendance {
    world.session(member).register(convening).unwrap()
}

pub fn cancel(world: &World, member: MemberId, convening: ConveningId) {
    world.session(member).cancel_attendance(Attendance::id_of(convening, member)).unwrap();
}

pub fn status(world: &World, member: MemberId, convening: ConveningId) -> AttendanceStatus {
    world.cop.steward().attendance(Attendance::id_of(convening, member)).unwrap().status
}

pub fn record(convening: ConveningId, member: MemberId, status: &str) -> NewAttendance {
    NewAttendance::new(convening, member).with_status(status)
}

pub fn undo(session: &Session) {
    session.apply(Op::Undo(1.into())).unwrap();
}

pub fn over_capacity(world: &World, convening: ConveningId) -> Vec<String> {
    let filter = FindingFilter::new().with_kind(FindingKind::OverCapacity).with_about(convening);
    let found = world.cop.steward().findings(filter.with_state(FindingState::Open), PageRequest::default()).unwrap();
    found.items.into_iter().map(|finding| finding.detail).collect()
}

pub fn nobody() -> Uuid {
    Uuid::from_u128(7)
}

#[test]
fn what_has_sessions_is_attended_session_by_session() {
    let world = World::new();
    let conny = world.session(world.conny);
    let whole = announced(&world, None);
    let civil = |text: &str| text.parse().unwrap();
    let session = conny.convening(whole).unwrap();
    let new = NewConvening::new("workshop", "A", session.starts, civil("2021-09-14T16:30:00"), "America/Los_Angeles");
    let leaf = conny.plan_convening(new.online("https://meet.example.org/1").within(whole)).unwrap().id;
    conny.schedule_convening(leaf).unwrap();
    world.go_to(MEANWHILE);
    let refused = (ErrorKind::Precondition, vec!["convening convening.has_sessions".to_owned()]);
    assert_eq!(world.wrong(|| world.session(world.ana).register(whole)), refused);
    assert_eq!(world.wrong(|| conny.record_attendance(NewAttendance::new(whole, world.ana))), refused);
    assert_eq!(world.wrong(|| conny.add_walk_in(NewWalkIn::new(whole, "Wanda"))), refused);
    let invitation = InvitationTo { convening: whole, member: world.ana, role: None };
    assert_eq!(world.wrong(|| conny.invite_to_convening(invitation)), refused);
    let list =
        AttendanceList { attendances: vec![NewAttendance::new(whole, world.ana), record(leaf, world.ana, "attended")] };
    let wrong = world.wrong(|| conny.record_attendances(list));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["attendances[0].convening convening.has_sessions".to_owned()]));
    assert_eq!(register(&world, world.ana, leaf).status, Registered);
    conny.record_attendance(NewAttendance::new(leaf, world.ana).with_minutes(60)).unwrap();
}

#[test]
fn who_organises_it_records_who_was_there() {
    let world = World::new();
    let convening = of_the_team(&world);
    world.go_to(MEANWHILE);
    let fac = world.cop.steward().add_member(NewMember::new("Fay", "Test").with_role("member")).unwrap().id;
    world.cop.steward().add_membership(NewMembership::new(world.team, fac).with_role("facilitator")).unwrap();
    for organiser in [world.lea, fac, world.conny, world.stan, world.olga] {
        let minutes = record(convening, world.ana, "attended").with_minutes(90);
        let attended = world.session(organiser).record_attendance(minutes).unwrap();
        assert_eq!((attended.status, attended.minutes), (Attended, Some(90)));
    }
    world.cop.steward().record_attendance(record(convening, world.ana, "excused")).unwrap();
    let refused =
        |member| world.wrong(|| world.session(member).record_attendance(record(convening, world.ana, "attended"))).0;
    for outside in [world.ana, world.ben] {
        assert_eq!(refused(outside), ErrorKind::NotPermitted, "not even one's own");
    }
    for outside in [world.ed, world.obi] {
        assert_eq!(refused(outside), ErrorKind::NotFound);
    }
    let list = AttendanceList { attendances: vec![record(convening, world.ana, "attended")] };
    assert_eq!(world.wrong(|| world.session(world.ben).record_attendances(list)).0, ErrorKind::NotPermitted);
    let lea = world.session(world.lea);
    let unknown = record(convening, MemberId::new(nobody()), "attended");
    assert_eq!(world.wrong(|| lea.record_attendance(unknown)).0, ErrorKind::NotFound);
    let unknown = record(ConveningId::new(nobody()), world.ana, "attended");
    assert_eq!(world.wrong(|| lea.record_attendance(unknown)).0, ErrorKind::NotFound);
    verify(&world.cop);
}

#[test]
fn who_was_there_is_known_once_it_has_begun() {
    let world = World::new();
    let (conny, host) = (world.session(world.conny), world.cop.steward());
    let (convening, draft, off) = (announced(&world, None), drafted(&world, None), announced(&world, None));
    cancel_it(&world, off);
    let late = ["attended", "excused", "no_show"];
    let early = ["registered", "waitlisted", "invited", "cancelled"];
    let set = |session: &Session, convening, status: &str| {
        session.record_attendance(record(convening, world.ana, status)).map(|attendance| attendance.status)
    };
    let codes = |session: &Session, convening, status: &str| {
        let wrong = world.wrong(|| set(session, convening, status));
        assert_eq!(wrong.0, ErrorKind::Precondition, "{status}");
        wrong.1
    };
    for status in late {
        assert_eq!(codes(&conny, convening, status), ["convening convening.not_begun"], "{status}");
        assert_eq!(
            codes(&conny, draft, status),
            ["convening convening.not_begun", "convening convening.not_scheduled"]
        );
        assert_eq!(codes(&host, draft, status), ["convening convening.not_begun"]);
        assert_eq!(codes(&conny, off, status), ["convening convening.cancelled", "convening convening.not_begun"]);
    }
    for (status, expected) in early.into_iter().zip([Registered, Waitlisted, Invited, Cancelled]) {
        assert_eq!(set(&conny, convening, status).unwrap(), expected);
        assert_eq!(set(&conny, draft, status).unwrap(), expected);
        match expected {
            Cancelled => assert_eq!(set(&conny, off, status).unwrap(), Cancelled),
            _ => assert_eq!(codes(&conny, off, status), ["convening convening.cancelled"]),
        }
    }
    world.go_to("2021-09-14T22:30:00Z");
    for (status, expected) in late.into_iter().zip([Attended, Excused, NoShow]) {
        assert_eq!(set(&conny, convening, status).unwrap(), expected);
        assert_eq!(codes(&conny, draft, status), ["convening convening.not_scheduled"]);
        assert_eq!(set(&host, draft, status).unwrap(), expected, "the host records what took place before");
        assert_eq!(codes(&host, off, status), ["convening convening.cancelled"]);
    }
    conny.hold_convening(convening).unwrap();
    assert_eq!(set(&conny, convening, "attended").unwrap(), Attended);
    assert_eq!(set(&conny, convening, "cancelled").unwrap(), Cancelled, "a mistake can be put right");
    verify(&world.cop);
}

#[test]
fn a_time_there_is_within_what_was_scheduled() {
    let world = World::new();
    let convening = announced(&world, None);
    world.go_to(MEANWHILE);
    let conny = world.session(world.conny);
    let minutes = |minutes: i64| NewAttendance::new(convening, world.ana).with_minutes(minutes);
    for good in [0, 120] {
        assert_eq!(conny.record_attendance(minutes(good)).unwrap().minutes, Some(good));
    }
    for bad in [-1, 121, i64::MIN, i64::MAX] {
        let wrong = world.wrong(|| conny.record_attendance(minutes(bad)));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["minutes attendance.minutes".to_owned()]), "{bad}");
    }
    let (came, went) = (at("2021-09-14T22:35:00Z"), at("2021-09-14T23:35:00Z"));
    let away = NewAttendance { check_in: Some(came), check_out: Some(went), ..record(convening, world.ana, "excused") };
    let (kind, problems) = world.wrong(|| conny.record_attendance(away.with_minutes(5)));
    assert_eq!(kind, ErrorKind::InvalidInput);
    let expected =
        ["minutes attendance.not_attended", "check_in attendance.not_attended", "check_out attendance.not_attended"];
    assert_eq!(problems, expected);
    let bad = NewAttendance {
        status: Some("slept".into()),
        role: Some("star".into()),
        check_in: Some(at("9999-01-01T00:00:00Z")),
        check_out: Some(at("0001-01-01T00:00:00Z")),
        source: Some("x".repeat(201)),
        ..minutes(500)
    };
    let (kind, problems) = world.wrong(|| conny.record_attendance(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    let expected = [
        "status code.unknown",
        "role code.unknown",
        "source text.too_long",
        "minutes attendance.minutes",
        "check_in date.range",
        "check_out date.range",
        "check_out attendance.order",
    ];
    assert_eq!(problems, expected);
    let hidden = NewAttendance { source: Some("a\0b\u{202e}".into()), ..minutes(5) };
    assert_eq!(world.wrong(|| conny.record_attendance(hidden)).1, ["source text.character"]);
    let same =
        NewAttendance { check_in: Some(came), check_out: Some(came), ..NewAttendance::new(convening, world.ben) };
    conny.record_attendance(same).unwrap();
    let back =
        NewAttendance { check_in: Some(went), check_out: Some(came), ..NewAttendance::new(convening, world.ben) };
    assert_eq!(world.wrong(|| conny.record_attendance(back)).1, ["check_out attendance.order"]);
    for extreme in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC] {
        let extreme = NewAttendance { check_in: Some(extreme), ..NewAttendance::new(convening, world.ed) };
        assert_eq!(world.wrong(|| conny.record_attendance(extreme)).1, ["check_in date.range"]);
    }
}

#[test]
fn what_is_not_said_of_an_attendance_is_what_it_was() {
    let world = World::new();
    let convening = announced(&world, None);
    world.go_to(MEANWHILE);
    let conny = world.session(world.conny);
    let came = at("2021-09-14T22:35:00Z");
    let first = NewAttendance {
        check_in: Some(came),
        source: Some("zoom".into()),
        ..NewAttendance::new(convening, world.ana).with_role("presenter").with_minutes(60)
    };
    let first = conny.record_attendance(first).unwrap();
    assert_eq!((first.role, first.source.as_str()), (AttendanceRole::Presenter, "zoom"));
    assert_eq!(conny.record_attendance(NewAttendance::new(convening, world.ana)).unwrap(), first);
    let before =
        NewAttendance { check_out: Some(at("2021-09-14T22:34:00Z")), ..NewAttendance::new(convening, world.ana) };
    assert_eq!(world.wrong(|| conny.record_attendance(before)).1, ["check_out attendance.order"]);
    let gone = NewAttendance { source: Some(String::new()), ..record(convening, world.ana, "no_show") };
    let gone = conny.record_attendance(gone).unwrap();
    assert_eq!((gone.minutes, gone.check_in, gone.source.as_str()), (None, None, ""), "who was away was there no time");
    assert_eq!(gone.role, AttendanceRole::Presenter);
}

#[test]
fn several_attendances_are_all_recorded_or_none() {
    let world = World::new();
    let (one, two) = (announced(&world, None), announced(&world, None));
    let off = announced(&world, None);
    cancel_it(&world, off);
    world.go_to(MEANWHILE);
    let conny = world.session(world.conny);
    let list = |attendances: Vec<NewAttendance>| AttendanceList { attendances };
    for empty_or_long in [list(vec![]), list(vec![record(one, world.ana, "attended"); 100_001])] {
        let wrong = world.wrong(|| conny.record_attendances(empty_or_long));
        assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["attendances list.length".to_owned()]));
    }
    let bad = list(vec![
        record(one, world.ana, "attended").with_minutes(500),
        record(ConveningId::new(nobody()), world.ana, "attended"),
        record(one, MemberId::new(nobody()), "attended"),
        record(ConveningId::new(nobody()), MemberId::new(nobody()), "slept"),
        record(one, world.ben, "excused").with_minutes(-1).with_role("star"),
        record(one, world.ana, "attended"),
        record(two, world.ana, "attended"),
        record(off, world.ana, "attended"),
    ]);
    let (kind, problems) = world.wrong(|| conny.record_attendances(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert_eq!(
        problems,
        [
            "attendances[0].minutes attendance.minutes",
            "attendances[1].convening record.not_found",
            "attendances[2].member record.not_found",
            "attendances[3].convening record.not_found",
            "attendances[3].member record.not_found",
            "attendances[4].role code.unknown",
            "attendances[4].minutes attendance.not_attended",
            "attendances[4].minutes attendance.minutes",
            "attendances[5].member attendance.twice",
        ]
    );
    let unready = list(vec![
        record(one, world.ana, "attended"),
        record(off, world.ana, "attended"),
        record(off, world.ben, "cancelled"),
        record(off, world.ed, "registered"),
    ]);
    let (kind, problems) = world.wrong(|| conny.record_attendances(unready));
    assert_eq!(kind, ErrorKind::Precondition);
    let expected = ["attendances[1].convening convening.cancelled", "attendances[3].convening convening.cancelled"];
    assert_eq!(problems, expected);
    register(&world, world.ben, one);
    let good = list(vec![
        record(two, world.ana, "attended").with_minutes(30),
        record(one, world.ana, "attended"),
        record(one, world.ben, "no_show"),
    ]);
    let subject = conny.record_attendances(good.clone()).unwrap();
    assert_eq!(subject.id, two, "it is about the first row's convening");
    assert_eq!((status(&world, world.ana, one), status(&world, world.ben, one)), (Attended, NoShow));
    let head = world.cop.head().unwrap();
    conny.record_attendances(good).unwrap();
    assert_eq!(world.cop.head().unwrap(), head, "the same again changes nothing");
    // A convening that one does not organise refuses the whole list.
    let ours = of_the_team(&world);
    let mixed = list(vec![record(ours, world.ana, "attended"), record(one, world.lea, "attended")]);
    assert_eq!(world.wrong(|| world.session(world.lea).record_attendances(mixed)).0, ErrorKind::NotPermitted);
    verify(&world.cop);
}

#[test]
fn a_person_has_one_attendance_under_whatever_record() {
    let world = World::new();
    let host = world.cop.steward();
    let double = host.add_member(NewMember::new("Ana", "Again").with_role("member")).unwrap().id;
    let (convening, other) = (announced(&world, Some(2)), announced(&world, None));
    let early = register(&world, double, convening);
    let root = host.merge_members(MergeOf { member: world.ana, duplicate: double }).unwrap().id;
    assert_eq!(root, world.ana);
    assert_eq!(register(&world, world.ana, convening), early, "it is the same person's seat");
    assert_eq!(register(&world, double, convening), early);
    assert_eq!(register(&world, double, other).id, Attendance::id_of(other, root));
    let rows = vec![record(convening, double, "registered"), record(convening, world.ana, "registered")];
    let wrong = world.wrong(|| host.record_attendances(AttendanceList { attendances: rows }));
    assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["attendances[1].member attendance.twice".to_owned()]));
    world.go_to(MEANWHILE);
    let attended = host.record_attendance(record(convening, world.ana, "attended")).unwrap();
    assert_eq!((attended.id, attended.status), (early.id, Attended));
    assert_eq!(world.session(world.ana).attendance(early.id).unwrap().status, Attended, "and is seen as one's own");
    verify(&world.cop);
}

#[test]
fn what_was_taken_back_can_be_taken_again() {
    let world = World::new();
    let convening = announced(&world, Some(1));
    let ana = world.session(world.ana);
    let taken = register(&world, world.ana, convening);
    undo(&ana);
    assert_eq!(world.wrong(|| ana.attendance(taken.id)).0, ErrorKind::NotFound);
    assert_eq!(register(&world, world.ben, convening).status, Registered, "the seat is free");
    assert_eq!(register(&world, world.ana, convening).status, Waitlisted);
    undo(&ana);
    let conny = world.session(world.conny);
    let invitation = InvitationTo { convening, member: world.ana, role: Some("staff".into()) };
    conny.invite_to_convening(invitation).unwrap();
    undo(&conny);
    world.go_to(MEANWHILE);
    let rows = vec![NewAttendance::new(convening, world.ana).with_minutes(5)];
    conny.record_attendances(AttendanceList { attendances: rows }).unwrap();
    conny.record_attendance(NewAttendance::new(convening, world.ana).with_minutes(7)).unwrap();
    undo(&conny);
    let attended = ana.attendance(taken.id).unwrap();
    assert_eq!((attended.status, attended.role, attended.minutes), (Attended, AttendanceRole::Attendee, Some(5)));
    undo(&conny);
    let walk_in = conny.add_walk_in(NewWalkIn::new(convening, "Ana")).unwrap();
    let matched = conny.match_walk_in(WalkInMatch { attendance: walk_in.id, member: world.ana }).unwrap();
    assert_eq!((matched.id, matched.status, matched.minutes), (taken.id, Attended, None));
    verify(&world.cop);
}

#[test]
fn who_was_there_is_read_by_whoever_organises_it_now_and_a_note_by_whoever_reads_it_now() {
    let w = World::new();
    let (conny, lea, ben) = (w.session(w.conny), w.session(w.lea), w.session(w.ben));
    let convening = announced(&w, None);
    let attendance = register(&w, w.ana, convening).id;
    let note = conny.add_entry(NewEntry::new(convening, "note", "Bring paper.")).unwrap().id;
    let reads = |session: &Session| {
        let attended = session.attendances(AttendanceFilter::new(), PageRequest::default()).unwrap().items;
        let noted = session.entries(EntryFilter::new(), PageRequest::default()).unwrap().items;
        let reads = (session.attendance(attendance).is_ok(), session.entry(note).is_ok());
        assert_eq!((attended.len() == 1, noted.len() == 1), reads, "lists agree");
        reads
    };
    assert_eq!((reads(&lea), reads(&ben)), ((false, true), (false, true)));
    let revise = |teams: Vec<_>, visibility: &str| {
        let visibility = Some(visibility.to_owned());
        let edit = ConveningEdit { teams: Some(teams), visibility, ..ConveningEdit::new(convening) };
        conny.revise_convening(edit).unwrap();
    };
    revise(vec![w.team], "community");
    assert_eq!((reads(&lea), reads(&ben)), ((true, true), (false, true)), "the team organises it now");
    revise(vec![], "private");
    assert_eq!((reads(&lea), reads(&ben)), ((false, false), (false, false)), "the team does no longer");
    verify(&w.cop);
}

#[test]
fn what_was_taken_back_from_a_merged_record_stays_away() {
    let world = World::new();
    let conny = world.session(world.conny);
    let convening = announced(&world, None);
    let twin = world.cop.steward().add_member(NewMember::new("Ana", "Twin")).unwrap().id;
    world.go_to(MEANWHILE);
    conny.record_attendances(AttendanceList { attendances: vec![record(convening, twin, "excused")] }).unwrap();
    undo(&conny);
    world.session(world.olga).merge_members(MergeOf { member: world.ana, duplicate: twin }).unwrap();
    conny.record_attendance(record(convening, world.ana, "attended")).unwrap();
    assert_eq!(status(&world, world.ana, convening), Attended);
    assert!(world.cop.steward().attendance(Attendance::id_of(convening, twin)).is_err());
    world.log_amounts_to_the_rows();
}
