//! Seats: who gets one, who waits for one, and who waits longest.

use cop_core::AttendanceStatus::{Cancelled, Invited, Registered, Waitlisted};
use cop_core::store::contract::verify;
use cop_core::{
    Attendance, AttendanceId, AttendanceList, AttendanceRole, ConveningEdit, ErrorKind, FindingFilter,
    FindingResolution, Inspection, InvitationTo, MemberId, Membership, PageRequest,
};
use uuid::Uuid;

use crate::attendance::{
    MEANWHILE, OVER, announced, cancel, cancel_it, drafted, nobody, of_the_team, over_capacity, record, register,
    status,
};
use crate::world::World;

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
    // Called settled while it is not, it is found again.
    let open = conny.findings(FindingFilter::new().with_about(convening), PageRequest::default()).unwrap().items;
    conny.resolve_finding(FindingResolution { finding: open[0].id, note: "More chairs.".into() }).unwrap();
    assert!(over_capacity(&world, convening).is_empty());
    conny.inspect(Inspection {}).unwrap();
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
fn when_it_begins_a_free_seat_is_given_to_nobody() {
    let world = World::new();
    let convening = announced(&world, Some(1));
    register(&world, world.ana, convening);
    assert_eq!(register(&world, world.ben, convening).status, Waitlisted);
    world.go_to("2021-09-14T22:30:00Z");
    world.session(world.conny).record_attendance(record(convening, world.ana, "excused")).unwrap();
    assert_eq!(status(&world, world.ben, convening), Waitlisted, "who waits is not at the door");
}
