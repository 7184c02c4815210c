//! Eighteen women at fourteen social events: the best-known table of who was where with whom.
//!
//! Source: A. Davis, B. B. Gardner & M. R. Gardner, *Deep South: A Social Anthropological Study of Caste and Class*
//! (University of Chicago Press, 1941), p. 148; as L. C. Freeman gives it in "Finding Social Groups: A
//! Meta-Analysis of the Southern Women Data", in *Dynamic Social Network Modeling and Analysis* (National Academies
//! Press, 2003).

use cop_core::store::contract::verify;
use cop_core::{
    AttendanceFilter, AttendanceList, AttendanceStatus, ConveningId, MemberId, NewAttendance, NewConvening, NewMember,
    PageRequest,
};

use crate::world::{World, day};

/// The events that each woman attended, from 1.
const ATTENDED: [(&str, &[usize]); 18] = [
    ("Evelyn", &[1, 2, 3, 4, 5, 6, 8, 9]),
    ("Laura", &[1, 2, 3, 5, 6, 7, 8]),
    ("Theresa", &[2, 3, 4, 5, 6, 7, 8, 9]),
    ("Brenda", &[1, 3, 4, 5, 6, 7, 8]),
    ("Charlotte", &[3, 4, 5, 7]),
    ("Frances", &[3, 5, 6, 8]),
    ("Eleanor", &[5, 6, 7, 8]),
    ("Pearl", &[6, 8, 9]),
    ("Ruth", &[5, 7, 8, 9]),
    ("Verne", &[7, 8, 9, 12]),
    ("Myra", &[8, 9, 10, 12]),
    ("Katherine", &[8, 9, 10, 12, 13, 14]),
    ("Sylvia", &[7, 8, 9, 10, 12, 13, 14]),
    ("Nora", &[6, 7, 9, 10, 11, 12, 13, 14]),
    ("Helen", &[7, 8, 10, 11, 12]),
    ("Dorothy", &[8, 9]),
    ("Olivia", &[9, 11]),
    ("Flora", &[9, 11]),
];

/// How many were at each event.
const SIZES: [usize; 14] = [3, 3, 6, 4, 8, 8, 10, 14, 12, 5, 4, 6, 3, 3];

/// Fourteen convenings that took place, a week apart, and nobody at them yet.
fn events(world: &World) -> Vec<ConveningId> {
    let host = world.cop.steward();
    let weeks = day("1936-02-01").iter_weeks().zip(1..=SIZES.len());
    let held = weeks.map(|(day, number)| {
        let (starts, ends) = (day.and_hms_opt(15, 0, 0).unwrap(), day.and_hms_opt(17, 0, 0).unwrap());
        let new = NewConvening::new("convening", format!("Event {number}"), starts, ends, "America/Chicago");
        host.hold_convening(host.plan_convening(new).unwrap().id).unwrap().id
    });
    held.collect()
}

#[test]
fn the_southern_women_attend_as_they_did() {
    let world = World::new();
    let host = world.cop.steward();
    let events = events(&world);
    let women: Vec<MemberId> =
        ATTENDED.iter().map(|(name, _)| host.add_member(NewMember::new(*name, "Natchez")).unwrap().id).collect();
    let rows = women.iter().zip(ATTENDED).flat_map(|(&woman, (_, attended))| {
        attended.iter().map(|&event| NewAttendance::new(events[event - 1], woman)).collect::<Vec<_>>()
    });
    let attendances: Vec<NewAttendance> = rows.collect();
    assert_eq!(attendances.len(), 89);
    host.record_attendances(AttendanceList { attendances }).unwrap();

    let at = |filter: AttendanceFilter| {
        let filter = filter.with_status(AttendanceStatus::Attended);
        host.attendances(filter, PageRequest::first(1_000)).unwrap().items
    };
    let sizes: Vec<usize> =
        events.iter().map(|&event| at(AttendanceFilter::new().with_convening(event)).len()).collect();
    assert_eq!(sizes, SIZES);
    let all = at(AttendanceFilter::new());
    assert_eq!(all.len(), 89);
    for (&woman, (name, attended)) in women.iter().zip(ATTENDED) {
        let theirs = at(AttendanceFilter::new().with_member(woman));
        let places = |id: ConveningId| events.iter().position(|&event| event == id).unwrap() + 1;
        let mut found: Vec<usize> = theirs.iter().map(|attendance| places(attendance.convening)).collect();
        found.sort_unstable();
        assert_eq!(found, attended, "{name}");
    }
    // Two women met at the events that both attended: Evelyn and Laura at six.
    let met =
        |one: usize, other: usize| ATTENDED[one].1.iter().filter(|event| ATTENDED[other].1.contains(event)).count();
    let together = |one: usize, other: usize| {
        let events_of = |woman: MemberId| all.iter().filter(move |a| a.member == Some(woman)).map(|a| a.convening);
        let others: Vec<ConveningId> = events_of(women[other]).collect();
        events_of(women[one]).filter(|event| others.contains(event)).count()
    };
    assert_eq!((together(0, 1), together(0, 15), together(4, 17)), (6, 2, 0));
    assert!((0..18).all(|one| (0..18).all(|other| together(one, other) == met(one, other))));
    verify(&world.cop);
}
