//! Walk-ins: who came without being known, and who they turned out to be.

use cop_core::AttendanceStatus::Attended;
use cop_core::store::contract::verify;
use cop_core::{
    Attendance, AttendanceFilter, AttendanceRole, ErrorKind, MemberId, NewAttendance, NewWalkIn, OrganizationId,
    PageRequest, WalkInMatch,
};

use crate::attendance::{MEANWHILE, announced, cancel_it, drafted, nobody, of_the_team, over_capacity, record};
use crate::world::World;

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
    let cases = [
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
    // All of the time is longer than from one minute to another: those are no longer said.
    let from = world.cop.steward().convening(convening).unwrap().starts_at;
    let (check_in, check_out) = (Some(from), Some(from + chrono::TimeDelta::minutes(30)));
    lea.record_attendance(record(convening, world.ana, "cancelled")).unwrap();
    let row = NewAttendance { check_in, check_out, ..record(convening, world.ana, "attended") };
    assert_eq!(lea.record_attendance(row).unwrap().check_out, check_out);
    let matched = lea.match_walk_in(matching(walked_in(None), world.ana)).unwrap();
    assert_eq!((matched.minutes, matched.check_in, matched.check_out), (None, None, None));
    for organiser in [world.conny, world.stan, world.olga] {
        world.session(organiser).match_walk_in(matching(walked_in(None), world.ben)).unwrap();
    }
    let filter = AttendanceFilter::new().with_convening(convening);
    assert_eq!(lea.attendances(filter, PageRequest::default()).unwrap().items.len(), 3);
    verify(&world.cop);
}
