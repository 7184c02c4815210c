//! Attendance: seats and the queue for them, what is recorded afterwards, walk-ins.

use cop_core::store::contract::verify;
use cop_core::{
    Attendance, AttendanceFilter, AttendanceId, AttendanceList, AttendanceRole, AttendanceStatus, Cancellation,
    ConveningEdit, ConveningId, ErrorKind, FindingFilter, FindingKind, FindingState, InvitationTo, MemberId,
    Membership, MergeOf, NewAttendance, NewConvening, NewMember, NewMembership, NewWalkIn, Op, OrganizationId,
    PageRequest, Session, WalkInMatch,
};
use uuid::Uuid;

use crate::world::{World, at};

use AttendanceStatus::{Attended, Cancelled, Excused, Invited, NoShow, Registered, Waitlisted};

/// While the convening goes on.
const MEANWHILE: &str = "2021-09-14T23:00:00Z";
/// When it ends.
const OVER: &str = "2021-09-15T00:30:00Z";

/// Two hours on 14 September 2021, for the community, from 22:30 (UTC) on; a draft.
fn drafted(world: &World, seats: Option<i64>) -> ConveningId {
    let civil = |text: &str| text.parse().unwrap();
    let (starts, ends) = (civil("2021-09-14T15:30:00"), civil("2021-09-14T17:30:00"));
    let new = NewConvening::new("workshop", "Number talks", starts, ends, "America/Los_Angeles");
    let new = NewConvening { capacity: seats, ..new.online("https://meet.example.org/1") };
    world.session(world.conny).plan_convening(new).unwrap().id
}

fn announced(world: &World, seats: Option<i64>) -> ConveningId {
    world.session(world.conny).schedule_convening(drafted(world, seats)).unwrap().id
}

/// The same for the team alone, prepared by its lead.
fn of_the_team(world: &World) -> ConveningId {
    let civil = |text: &str| text.parse().unwrap();
    let (starts, ends) = (civil("2021-09-14T15:30:00"), civil("2021-09-14T17:30:00"));
    let new = NewConvening::new("team_meeting", "Tasks", starts, ends, "America/Los_Angeles").with_team(world.team);
    let lea = world.session(world.lea);
    let id = lea.plan_convening(new.online("https://meet.example.org/1")).unwrap().id;
    lea.schedule_convening(id).unwrap().id
}

fn cancel_it(world: &World, convening: ConveningId) {
    world.session(world.conny).cancel_convening(Cancellation { convening, reason: "smoke".into() }).unwrap();
}

fn register(world: &World, member: MemberId, convening: ConveningId) -> Attendance {
    world.session(member).register(convening).unwrap()
}

fn cancel(world: &World, member: MemberId, convening: ConveningId) {
    world.session(member).cancel_attendance(Attendance::id_of(convening, member)).unwrap();
}

fn status(world: &World, member: MemberId, convening: ConveningId) -> AttendanceStatus {
    world.cop.steward().attendance(Attendance::id_of(convening, member)).unwrap().status
}

fn record(convening: ConveningId, member: MemberId, status: &str) -> NewAttendance {
    NewAttendance::new(convening, member).with_status(status)
}

fn undo(session: &Session) {
    session.apply(Op::Undo(1.into())).unwrap();
}

fn over_capacity(world: &World, convening: ConveningId) -> Vec<String> {
    let filter = FindingFilter::new().with_kind(FindingKind::OverCapacity).with_about(convening);
    let found = world.cop.steward().findings(filter.with_state(FindingState::Open), PageRequest::default()).unwrap();
    found.items.into_iter().map(|finding| finding.detail).collect()
}

fn nobody() -> Uuid {
    Uuid::from_u128(7)
}

#[test]
fn a_member_takes_a_seat_in_what_is_announced_and_not_over() {
    let world = World::new();
    let convening = announced(&world, None);
    let taken = register(&world, world.ana, convening);
    assert_eq!((taken.status, taken.role, taken.member), (Registered, AttendanceRole::Attendee, Some(world.ana)));
    assert_eq!(taken.id, Attendance::id_of(convening, world.ana));
    assert_eq!(register(&world, world.ana, convening), taken, "once");
    assert_eq!(register(&world, world.olga, convening).status, Registered);
    assert_eq!(world.wrong(|| world.cop.steward().register(convening)).0, ErrorKind::NotPermitted, "only a person");
    assert_eq!(world.wrong(|| world.session(world.obi).register(convening)).0, ErrorKind::NotFound, "cannot see it");
    assert_eq!(world.wrong(|| world.cop.as_guest().register(convening)).0, ErrorKind::NotPermitted);
    let ours = of_the_team(&world);
    assert_eq!(world.wrong(|| world.session(world.ed).register(ours)).0, ErrorKind::NotFound);
    let conny = world.session(world.conny);
    let draft = drafted(&world, None);
    assert_eq!(world.wrong(|| world.session(world.ana).register(draft)).0, ErrorKind::NotFound);
    let wrong = world.wrong(|| conny.register(draft));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.not_scheduled".to_owned()]));
    let off = announced(&world, None);
    cancel_it(&world, off);
    let wrong = world.wrong(|| conny.register(off));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.cancelled".to_owned()]));
    world.go_to(MEANWHILE);
    assert_eq!(register(&world, world.ben, convening).status, Registered, "it has not ended");
    conny.hold_convening(convening).unwrap();
    assert_eq!(world.wrong(|| world.session(world.ed).register(convening)).1, ["convening convening.held"]);
    let late = announced(&world, None);
    world.go_to(OVER);
    let wrong = world.wrong(|| world.session(world.ed).register(late));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.over".to_owned()]));
    verify(&world.cop);
}

#[test]
fn who_takes_no_part_takes_no_seat() {
    let world = World::new();
    let convening = announced(&world, None);
    let edit = ConveningEdit { visibility: Some("public".into()), ..ConveningEdit::new(convening) };
    world.session(world.conny).revise_convening(edit).unwrap();
    assert_eq!(register(&world, world.obi, convening).status, Registered, "observers come to what is public");
    world.session(world.ed).pause_member(world.ed).unwrap();
    let wrong = world.wrong(|| world.session(world.ed).register(convening));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["member member.not_active".to_owned()]));
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
fn who_waits_longest_gets_the_seat() {
    let world = World::new();
    let convening = announced(&world, Some(2));
    let statuses =
        || [world.ana, world.ben, world.ed, world.stan, world.olga].map(|member| status(&world, member, convening));
    for (member, expected) in [
        (world.ana, Registered),
        (world.ben, Registered),
        (world.ed, Waitlisted),
        (world.stan, Waitlisted),
        (world.olga, Waitlisted),
    ] {
        assert_eq!(register(&world, member, convening).status, expected);
    }
    // Who gives the place in the queue back and comes again is the last.
    cancel(&world, world.ed, convening);
    assert_eq!(register(&world, world.ed, convening).status, Waitlisted);
    // Other changes leave one's place as it is.
    let role = record(convening, world.stan, "waitlisted").with_role("observer");
    world.session(world.conny).record_attendance(role).unwrap();
    cancel(&world, world.ana, convening);
    assert_eq!(statuses(), [Cancelled, Registered, Waitlisted, Registered, Waitlisted]);
    let stan = world.cop.steward().attendance(Attendance::id_of(convening, world.stan)).unwrap();
    assert_eq!(stan.role, AttendanceRole::Observer);
    cancel(&world, world.ben, convening);
    assert_eq!(statuses(), [Cancelled, Cancelled, Waitlisted, Registered, Registered]);
    // Who had a seat and comes again is the last, too.
    assert_eq!(register(&world, world.ana, convening).status, Waitlisted);
    cancel(&world, world.stan, convening);
    assert_eq!(statuses(), [Waitlisted, Cancelled, Registered, Cancelled, Registered]);
    // A place in the queue that is given back gives nobody a seat.
    cancel(&world, world.ana, convening);
    assert_eq!(statuses(), [Cancelled, Cancelled, Registered, Cancelled, Registered]);
    assert!(over_capacity(&world, convening).is_empty());
    verify(&world.cop);
}

#[test]
fn a_seat_changes_hands_in_one_operation() {
    let world = World::new();
    let convening = announced(&world, Some(1));
    register(&world, world.ana, convening);
    register(&world, world.ben, convening);
    let head = world.cop.head().unwrap();
    cancel(&world, world.ana, convening);
    let changes = world.cop.changes(head, 10).unwrap();
    let told: Vec<(i64, &str, Uuid)> = changes.iter().map(|c| (c.op_seq, c.op.as_str(), c.id)).collect();
    let id = |member| Attendance::id_of(convening, member).uuid();
    let expected = [(head + 1, "cancel_attendance", id(world.ana)), (head + 1, "cancel_attendance", id(world.ben))];
    assert_eq!(told, expected);
}

#[test]
fn more_seats_go_to_those_who_wait() {
    let world = World::new();
    let convening = announced(&world, Some(1));
    let members = [world.ana, world.ben, world.ed, world.stan, world.olga];
    for member in members {
        register(&world, member, convening);
    }
    let seats = |seats: i64| {
        let edit = ConveningEdit { capacity: Some(seats), ..ConveningEdit::new(convening) };
        world.session(world.conny).revise_convening(edit).unwrap();
        members.map(|member| status(&world, member, convening)).iter().filter(|&&status| status == Registered).count()
    };
    assert_eq!(seats(3), 3);
    assert_eq!(
        members[..3].iter().map(|&member| status(&world, member, convening)).collect::<Vec<_>>(),
        [Registered; 3]
    );
    // Fewer seats take none away from anybody; somebody should look.
    assert_eq!(seats(2), 3);
    assert_eq!(over_capacity(&world, convening), ["3 have a seat, there are 2"]);
    assert_eq!(seats(1), 3);
    assert_eq!(over_capacity(&world, convening), ["3 have a seat, there are 1"]);
    cancel(&world, world.ana, convening);
    assert_eq!(status(&world, world.stan, convening), Waitlisted, "that seat is none");
    assert_eq!(seats(0), 4, "as many as come");
    assert_eq!(status(&world, world.olga, convening), Registered);
    verify(&world.cop);
}

#[test]
fn seats_are_passed_on_until_it_ends_and_no_longer() {
    let world = World::new();
    let (convening, other, off) = (announced(&world, Some(1)), announced(&world, Some(1)), announced(&world, Some(1)));
    for convening in [convening, other, off] {
        register(&world, world.ana, convening);
        register(&world, world.ben, convening);
    }
    cancel_it(&world, off);
    cancel(&world, world.ana, off);
    assert_eq!(status(&world, world.ben, off), Waitlisted, "there is nothing to sit at");
    world.go_to(MEANWHILE);
    cancel(&world, world.ana, convening);
    assert_eq!(status(&world, world.ben, convening), Registered);
    // Once it has begun, what is recorded of one does not seat another.
    world.session(world.conny).record_attendance(record(other, world.ana, "no_show")).unwrap();
    assert_eq!(status(&world, world.ben, other), Waitlisted);
    world.go_to(OVER);
    let wrong = world.wrong(|| world.session(world.ben).cancel_attendance(Attendance::id_of(convening, world.ben)));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.over".to_owned()]));
    let edit = ConveningEdit { capacity: Some(5), ..ConveningEdit::new(other) };
    world.session(world.conny).revise_convening(edit).unwrap();
    assert_eq!(status(&world, world.ben, other), Waitlisted);
}

#[test]
fn a_seat_is_given_back_by_its_owner_or_who_organises() {
    let world = World::new();
    let convening = of_the_team(&world);
    let id = register(&world, world.ben, convening).id;
    let refused = |member| world.wrong(|| world.session(member).cancel_attendance(id)).0;
    assert_eq!(refused(world.ana), ErrorKind::NotFound, "members see their own");
    assert_eq!(refused(world.ed), ErrorKind::NotFound);
    assert_eq!(refused(world.obi), ErrorKind::NotFound);
    for session in [world.session(world.ben), world.session(world.lea), world.session(world.conny), world.cop.steward()]
    {
        let cancelled = session.cancel_attendance(id).unwrap();
        assert_eq!(cancelled.status, Cancelled);
        assert_eq!(session.cancel_attendance(id).unwrap(), cancelled, "once");
        assert_eq!(register(&world, world.ben, convening).status, Registered);
    }
    // Who has left the team still gives the seat back.
    world.cop.steward().end_membership(Membership::id_of(world.ben, world.team, 1)).unwrap();
    assert_eq!(world.session(world.ben).cancel_attendance(id).unwrap().status, Cancelled);
    world.go_to(MEANWHILE);
    let conny = world.session(world.conny);
    for status in ["attended", "excused", "no_show"] {
        conny.record_attendance(record(convening, world.ben, status)).unwrap();
        let wrong = world.wrong(|| world.session(world.ben).cancel_attendance(id));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["attendance attendance.recorded".to_owned()]), "{status}");
    }
    let unknown = AttendanceId::new(nobody());
    assert_eq!(world.wrong(|| conny.cancel_attendance(unknown)).0, ErrorKind::NotFound);
}

#[test]
fn what_is_recorded_of_somebody_is_not_registered_away() {
    let world = World::new();
    let convening = announced(&world, None);
    register(&world, world.ana, convening);
    world.go_to(MEANWHILE);
    for status in ["attended", "excused", "no_show"] {
        world.session(world.conny).record_attendance(record(convening, world.ana, status)).unwrap();
        let wrong = world.wrong(|| world.session(world.ana).register(convening));
        assert_eq!(wrong, (ErrorKind::Precondition, vec!["attendance attendance.recorded".to_owned()]), "{status}");
    }
}

#[test]
fn who_organises_it_invites_and_the_invited_keep_their_role() {
    let world = World::new();
    let convening = announced(&world, Some(1));
    let conny = world.session(world.conny);
    let invitation = |member, role: Option<&str>| InvitationTo { convening, member, role: role.map(str::to_owned) };
    for outside in [world.ana, world.ed, world.lea] {
        let refused = world.wrong(|| world.session(outside).invite_to_convening(invitation(world.ben, None)));
        assert_eq!(refused.0, ErrorKind::NotPermitted);
    }
    assert_eq!(
        world.wrong(|| world.session(world.obi).invite_to_convening(invitation(world.ben, None))).0,
        ErrorKind::NotFound
    );
    let wrong = world.wrong(|| conny.invite_to_convening(invitation(world.ben, Some("star"))));
    assert_eq!(wrong, (ErrorKind::InvalidInput, vec!["role code.unknown".to_owned()]));
    let unknown = invitation(MemberId::new(nobody()), None);
    assert_eq!(world.wrong(|| conny.invite_to_convening(unknown)).0, ErrorKind::NotFound);
    let invited = conny.invite_to_convening(invitation(world.ben, Some("presenter"))).unwrap();
    assert_eq!((invited.status, invited.role), (Invited, AttendanceRole::Presenter));
    assert_eq!(conny.invite_to_convening(invitation(world.ben, None)).unwrap(), invited, "once, and as what was said");
    assert_eq!(register(&world, world.ana, convening).status, Registered, "an invitation is no seat");
    let waits = register(&world, world.ben, convening);
    assert_eq!((waits.status, waits.role, waits.id), (Waitlisted, AttendanceRole::Presenter, invited.id));
    let again = conny.invite_to_convening(invitation(world.ben, Some("staff"))).unwrap();
    assert_eq!((again.status, again.role), (Waitlisted, AttendanceRole::Staff), "an invitation takes no place away");
    cancel(&world, world.ana, convening);
    assert_eq!(status(&world, world.ben, convening), Registered);
    cancel(&world, world.ben, convening);
    assert_eq!(conny.invite_to_convening(invitation(world.ben, None)).unwrap().status, Invited);
    // One may also say no.
    cancel(&world, world.ben, convening);
    assert_eq!(status(&world, world.ben, convening), Cancelled);
    world.session(world.stan).invite_to_convening(invitation(world.lea, None)).unwrap();
    world.cop.steward().invite_to_convening(invitation(world.olga, None)).unwrap();
    world.session(world.ed).pause_member(world.ed).unwrap();
    let wrong = world.wrong(|| conny.invite_to_convening(invitation(world.ed, None)));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["member member.not_active".to_owned()]));
    let draft = InvitationTo { convening: drafted(&world, None), ..invitation(world.ana, None) };
    assert_eq!(conny.invite_to_convening(draft).unwrap().status, Invited, "who prepares it asks who would present");
    world
        .session(world.lea)
        .invite_to_convening(InvitationTo { convening: of_the_team(&world), ..invitation(world.ana, None) })
        .unwrap();
    world.go_to(OVER);
    let wrong = world.wrong(|| conny.invite_to_convening(invitation(world.ana, None)));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.over".to_owned()]));
    conny.hold_convening(convening).unwrap();
    let wrong = world.wrong(|| conny.invite_to_convening(invitation(world.ana, None)));
    assert_eq!(wrong.1, ["convening convening.held", "convening convening.over"]);
    verify(&world.cop);
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
fn too_many_seats_are_shown() {
    let world = World::new();
    let convening = announced(&world, Some(1));
    let conny = world.session(world.conny);
    conny.record_attendance(record(convening, world.ana, "registered")).unwrap();
    assert!(over_capacity(&world, convening).is_empty());
    conny.record_attendance(record(convening, world.ben, "registered")).unwrap();
    assert_eq!(over_capacity(&world, convening), ["2 have a seat, there are 1"]);
    let more = vec![record(convening, world.ed, "registered"), record(convening, world.stan, "waitlisted")];
    conny.record_attendances(AttendanceList { attendances: more }).unwrap();
    assert_eq!(over_capacity(&world, convening), ["3 have a seat, there are 1"]);
    // What is recorded after the end is what it was.
    let other = announced(&world, Some(1));
    world.go_to(OVER);
    let all = [world.ana, world.ben, world.ed].map(|member| record(other, member, "attended")).to_vec();
    conny.record_attendances(AttendanceList { attendances: all }).unwrap();
    assert!(over_capacity(&world, other).is_empty());
    verify(&world.cop);
}

#[test]
fn seats_that_organisers_free_are_passed_on() {
    let world = World::new();
    let (one, two) = (announced(&world, Some(1)), announced(&world, Some(2)));
    for convening in [one, two] {
        for member in [world.ana, world.ben, world.ed, world.stan] {
            register(&world, member, convening);
        }
    }
    let rows = vec![
        record(one, world.ana, "cancelled"),
        record(two, world.ana, "cancelled"),
        record(two, world.ben, "cancelled"),
        // Who organises it says that Ed shall wait.
        record(two, world.ed, "waitlisted").with_role("observer"),
    ];
    world.session(world.conny).record_attendances(AttendanceList { attendances: rows }).unwrap();
    let statuses =
        |convening| [world.ana, world.ben, world.ed, world.stan].map(|member| status(&world, member, convening));
    assert_eq!(statuses(one), [Cancelled, Registered, Waitlisted, Waitlisted]);
    assert_eq!(statuses(two), [Cancelled, Cancelled, Waitlisted, Registered]);
    world.session(world.conny).record_attendance(record(one, world.ben, "cancelled")).unwrap();
    assert_eq!(statuses(one), [Cancelled, Cancelled, Registered, Waitlisted]);
    verify(&world.cop);
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
fn who_organises_it_records_who_walks_in() {
    let world = World::new();
    let convening = of_the_team(&world);
    let (lea, host) = (world.session(world.lea), world.cop.steward());
    let wanda = || NewWalkIn::new(convening, " Wanda Walker ").with_email("Wanda@Example.org");
    assert_eq!(world.wrong(|| lea.add_walk_in(wanda())).1, ["convening convening.not_begun"]);
    world.go_to(MEANWHILE);
    let full =
        NewWalkIn { organization: Some(world.north), role: Some("observer".into()), minutes: Some(45), ..wanda() };
    let there = lea.add_walk_in(full).unwrap();
    assert_eq!((there.member, there.status, there.minutes), (None, Attended, Some(45)));
    assert_eq!(there.role, AttendanceRole::Observer);
    let walk_in = there.walk_in.unwrap();
    assert_eq!((walk_in.name.as_str(), walk_in.organization), ("Wanda Walker", Some(world.north)));
    assert_eq!(walk_in.email.map(|email| email.to_string()).as_deref(), Some("Wanda@example.org"));
    for organiser in [world.conny, world.stan, world.olga] {
        assert_ne!(world.session(organiser).add_walk_in(wanda()).unwrap().id, there.id, "each is one of their own");
    }
    for (outside, kind) in [
        (world.ana, ErrorKind::NotPermitted),
        (world.ben, ErrorKind::NotPermitted),
        (world.ed, ErrorKind::NotFound),
        (world.obi, ErrorKind::NotFound),
    ] {
        assert_eq!(world.wrong(|| world.session(outside).add_walk_in(wanda())).0, kind);
    }
    for reader in [world.ana, world.ed, world.obi] {
        assert_eq!(world.wrong(|| world.session(reader).attendance(there.id)).0, ErrorKind::NotFound);
    }
    let bad = NewWalkIn {
        name: "a\u{2066}b".into(),
        email: Some("wanda".into()),
        role: Some("star".into()),
        minutes: Some(121),
        ..wanda()
    };
    let (kind, problems) = world.wrong(|| lea.add_walk_in(bad));
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert_eq!(
        problems,
        ["name text.character", "email email.format", "role code.unknown", "minutes attendance.minutes"]
    );
    for (name, code) in [("", "text.empty"), (&*"x".repeat(201), "text.too_long")] {
        let bad = NewWalkIn { name: name.into(), ..wanda() };
        assert_eq!(world.wrong(|| lea.add_walk_in(bad)).1, [format!("name {code}")]);
    }
    let error = world.refused(|| lea.add_walk_in(NewWalkIn { email: Some("wanda@".into()), ..wanda() }));
    assert!(!error.to_string().to_lowercase().contains("wanda"), "no error names anybody");
    let nowhere = NewWalkIn { organization: Some(OrganizationId::new(nobody())), ..wanda() };
    assert_eq!(world.wrong(|| lea.add_walk_in(nowhere)).0, ErrorKind::NotFound);
    let draft = drafted(&world, None);
    let at_draft = || NewWalkIn { convening: draft, ..wanda() };
    let wrong = world.wrong(|| world.session(world.conny).add_walk_in(at_draft()));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.not_scheduled".to_owned()]));
    host.add_walk_in(at_draft()).unwrap();
    let off = announced(&world, None);
    cancel_it(&world, off);
    let wrong = world.wrong(|| host.add_walk_in(NewWalkIn { convening: off, ..wanda() }));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["convening convening.cancelled".to_owned()]));
    let small = announced(&world, Some(1));
    for _ in 0..2 {
        host.add_walk_in(NewWalkIn { convening: small, ..wanda() }).unwrap();
    }
    assert_eq!(over_capacity(&world, small), ["2 have a seat, there are 1"]);
    verify(&world.cop);
}

#[test]
fn a_walk_in_turns_out_to_be_a_member_and_is_forgotten() {
    let world = World::new();
    let convening = of_the_team(&world);
    world.go_to(MEANWHILE);
    let lea = world.session(world.lea);
    let walked_in = |minutes: Option<i64>| {
        let new = NewWalkIn { minutes, role: Some("observer".into()), ..NewWalkIn::new(convening, "Wanda Walker") };
        lea.add_walk_in(new.with_email("wanda@example.org")).unwrap().id
    };
    let matching = |attendance, member| WalkInMatch { attendance, member };
    let first = walked_in(Some(50));
    for outside in [world.ana, world.ben, world.ed, world.obi] {
        let refused = world.wrong(|| world.session(outside).match_walk_in(matching(first, world.ed)));
        assert_eq!(refused.0, ErrorKind::NotFound);
    }
    let unknown = matching(first, MemberId::new(nobody()));
    assert_eq!(world.wrong(|| lea.match_walk_in(unknown)).0, ErrorKind::NotFound);
    let ed = lea.match_walk_in(matching(first, world.ed)).unwrap();
    assert_eq!((ed.id, ed.member), (Attendance::id_of(convening, world.ed), Some(world.ed)));
    assert_eq!((ed.status, ed.role, ed.minutes), (Attended, AttendanceRole::Observer, Some(50)));
    assert!(ed.walk_in.is_none());
    assert_eq!(world.wrong(|| lea.attendance(first)).0, ErrorKind::NotFound);
    let log = world.cop.changes(0, usize::MAX).unwrap();
    let of_first = log.iter().filter(|change| change.id == first.uuid());
    assert!(of_first.clone().count() == 2 && of_first.clone().all(|change| !change.patch.to_text().contains("anda")));
    let wrong = world.wrong(|| lea.match_walk_in(matching(ed.id, world.ana)));
    assert_eq!(wrong, (ErrorKind::Precondition, vec!["attendance attendance.not_walk_in".to_owned()]));
    // The stronger status and the longer time; minutes that nobody counted are all of them.
    let cases: [(&str, Option<i64>, Option<i64>, Option<i64>); 8] = [
        ("registered", None, Some(0), Some(0)),
        ("no_show", None, Some(40), Some(40)),
        ("cancelled", None, None, None),
        ("attended", Some(60), Some(50), Some(60)),
        ("attended", Some(50), Some(60), Some(60)),
        ("attended", None, Some(60), None),
        ("attended", Some(60), None, None),
        ("attended", Some(0), Some(0), Some(0)),
    ];
    for (status, own, walk_in, expected) in cases {
        let row = NewAttendance { minutes: own, ..record(convening, world.ana, status).with_role("presenter") };
        lea.record_attendance(record(convening, world.ana, "cancelled")).unwrap();
        lea.record_attendance(row).unwrap();
        let matched = lea.match_walk_in(matching(walked_in(walk_in), world.ana)).unwrap();
        assert_eq!((matched.status, matched.minutes), (Attended, expected), "{status} {own:?} and {walk_in:?}");
        assert_eq!((matched.id, matched.role), (Attendance::id_of(convening, world.ana), AttendanceRole::Presenter));
    }
    for organiser in [world.conny, world.stan, world.olga] {
        world.session(organiser).match_walk_in(matching(walked_in(None), world.ben)).unwrap();
    }
    let filter = AttendanceFilter::new().with_convening(convening);
    assert_eq!(lea.attendances(filter, PageRequest::default()).unwrap().items.len(), 3);
    verify(&world.cop);
}
