//! Hours of professional learning: one statement per member and school year.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, day_of};
use crate::error::Result;
use crate::id::{ConveningId, MemberId};
use crate::model::{
    Attendance, AttendanceRole, AttendanceStatus, Convening, ConveningKind, HoursPolicy, Policies, SchoolYear,
};
use crate::ops::Reads;

/// What a member's attendance in a school year counts, by the community's rules.
///
/// What counts is being there (`attended`), in one of the credited roles, at a session that was held, or that was
/// announced, is over and was not cancelled. A session belongs to the school year in which it starts, on the
/// calendar of its own time zone. The minutes of all sessions of one convening are added up, each at most as long
/// as it was scheduled; the cap, the minimum and the rounding apply to that sum, once, and the total is the sum of
/// what the convenings count. Where a convening lies in two school years, its parts count by themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoursStatement {
    /// Whose.
    pub member: MemberId,
    /// Of which school year.
    pub school_year: SchoolYear,
    /// The school year's first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// By which rules.
    pub policy: HoursPolicy,
    /// The convenings, in the order of their days. Also those that count nothing.
    pub convenings: Vec<HoursOfConvening>,
    /// The minutes of attendance, all together.
    pub minutes: i64,
    /// The minutes that count, all together.
    pub credited_minutes: i64,
}

/// A convening in a statement of hours, with all its sessions that were attended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoursOfConvening {
    /// Which.
    pub convening: ConveningId,
    /// Its title: who was there knows it, whoever may read the record now.
    pub title: String,
    /// What it is.
    pub kind: ConveningKind,
    /// Its day, in its own time zone.
    pub date: NaiveDate,
    /// The sessions that were attended, in their order; the convening itself where it has none.
    pub sessions: Vec<HoursOfSession>,
    /// The minutes of attendance.
    pub minutes: i64,
    /// The minutes that count.
    pub credited_minutes: i64,
}

/// A session in a statement of hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoursOfSession {
    /// Which.
    pub convening: ConveningId,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: ConveningKind,
    /// Its day, in its own time zone.
    pub date: NaiveDate,
    /// As what they were there.
    pub role: AttendanceRole,
    /// The minutes of attendance, at most as many as were scheduled.
    pub minutes: i64,
}

/// The statement of a person, with all records that are theirs.
pub(crate) fn hours_of(
    reads: &dyn Reads,
    member: MemberId,
    year: SchoolYear,
    policies: &Policies,
    mut calendar: Calendar,
) -> Result<HoursStatement> {
    let mut attendances: Vec<Attendance> = Vec::new();
    for person in reads.people(member)? {
        attendances.extend(reads.all::<Attendance>("member", person)?);
    }
    attendances.retain(|attendance| counts(&policies.hours, attendance));
    for attendance in &attendances {
        calendar.add(reads, attendance.convening)?;
    }
    Ok(statement(member, year, policies, &calendar, &attendances))
}

fn counts(policy: &HoursPolicy, attendance: &Attendance) -> bool {
    attendance.status == AttendanceStatus::Attended && policy.credited_roles.contains(&attendance.role)
}

fn statement(
    member: MemberId,
    year: SchoolYear,
    policies: &Policies,
    calendar: &Calendar,
    attendances: &[Attendance],
) -> HoursStatement {
    let (starts_on, ends_on) = policies.days_of(year);
    // Two records of one person may both have been there: that is once, the longer.
    let mut attended: BTreeMap<ConveningId, (i64, AttendanceRole, &Convening)> = BTreeMap::new();
    for attendance in attendances.iter().filter(|attendance| counts(&policies.hours, attendance)) {
        let Some(session) = calendar.session(attendance.convening) else { continue };
        if calendar.took_place(session) && (starts_on..=ends_on).contains(&day_of(session)) {
            let minutes = attendance.attended_minutes(session);
            let longer = attended.get(&session.id).is_none_or(|(known, _, _)| *known < minutes);
            if longer {
                attended.insert(session.id, (minutes, attendance.role, session));
            }
        }
    }
    let mut wholes: BTreeMap<ConveningId, HoursOfConvening> = BTreeMap::new();
    for (minutes, role, session) in attended.into_values() {
        let whole = calendar.whole(session);
        let entry = wholes.entry(whole.id).or_insert_with(|| HoursOfConvening {
            convening: whole.id,
            title: whole.title.clone(),
            kind: whole.kind.clone(),
            date: day_of(whole),
            sessions: Vec::new(),
            minutes: 0,
            credited_minutes: 0,
        });
        entry.sessions.push(HoursOfSession {
            convening: session.id,
            title: session.title.clone(),
            kind: session.kind.clone(),
            date: day_of(session),
            role,
            minutes,
        });
        entry.minutes += minutes;
    }
    let mut convenings: Vec<HoursOfConvening> = wholes.into_values().collect();
    for entry in &mut convenings {
        entry.credited_minutes = policies.hours.credited(entry.minutes);
        entry.sessions.sort_by_key(|session| (session.date, session.convening));
    }
    convenings.sort_by_key(|entry| (entry.date, entry.convening));
    HoursStatement {
        member,
        school_year: year,
        starts_on,
        ends_on,
        policy: policies.hours.clone(),
        minutes: convenings.iter().map(|entry| entry.minutes).sum(),
        credited_minutes: convenings.iter().map(|entry| entry.credited_minutes).sum(),
        convenings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, attendance, convening, id, part_of};
    use crate::model::{ConveningState, Rounding};
    use AttendanceRole as R;

    fn statement_of(policy: HoursPolicy, convenings: &[Convening], attendances: &[Attendance]) -> HoursStatement {
        let mut calendar = Calendar::new(at("2022-08-01T00:00:00Z"));
        convenings.iter().for_each(|convening| calendar.insert(convening.clone()));
        let policies = Policies { hours: policy, ..Policies::default() };
        let year = "2021-22".parse().expect("a year");
        statement(id(100).into(), year, &policies, &calendar, attendances)
    }

    /// Minutes of attendance and what they count, convening by convening.
    fn counted(statement: &HoursStatement) -> Vec<(i64, i64)> {
        statement.convenings.iter().map(|entry| (entry.minutes, entry.credited_minutes)).collect()
    }

    fn policy(unit: i64, minimum: i64, rounding: Rounding, cap: Option<i64>) -> HoursPolicy {
        HoursPolicy {
            unit_minutes: unit,
            minimum_minutes: minimum,
            rounding,
            cap_minutes: cap,
            ..HoursPolicy::default()
        }
    }

    #[test]
    fn minutes_become_credit_by_unit_minimum_rounding_and_cap() {
        use Rounding::{Down, Nearest, Up};
        // unit, minimum, rounding, cap: minutes → credit; worked out by hand.
        for (unit, minimum, rounding, cap, minutes, credit) in [
            (15, 30, Down, None, 29, 0),
            (15, 30, Down, None, 30, 30),
            (15, 30, Down, None, 44, 30),
            (15, 30, Down, None, 45, 45),
            (15, 30, Nearest, None, 37, 30),
            (15, 30, Nearest, None, 38, 45),
            (60, 0, Nearest, None, 29, 0),
            (60, 0, Nearest, None, 30, 60),
            (60, 0, Nearest, None, 89, 60),
            (60, 0, Nearest, None, 90, 120),
            (60, 0, Up, None, 1, 60),
            (60, 0, Up, None, 60, 60),
            (60, 0, Up, None, 61, 120),
            (60, 0, Up, None, 0, 0),
            (1, 0, Down, None, 17, 17),
            (15, 30, Down, Some(120), 200, 120),
            (15, 30, Up, Some(50), 50, 45),
            (15, 30, Nearest, Some(50), 300, 45),
            (15, 30, Down, Some(0), 200, 0),
        ] {
            let held = convening(1, "2021-09-14T09:00:00", 600);
            let was_there = Attendance { minutes: Some(minutes), ..attendance(&held, 100) };
            let statement = statement_of(policy(unit, minimum, rounding, cap), &[held], &[was_there]);
            assert_eq!(counted(&statement), [(minutes, credit)], "{unit} {minimum} {rounding} {cap:?} {minutes}");
        }
    }

    #[test]
    fn the_sessions_of_a_convening_are_added_up_before_they_are_rounded_and_capped() {
        let whole = convening(1, "2021-09-14T08:00:00", 1440);
        let sessions = [20, 20, 50].into_iter().enumerate().map(|(n, minutes)| {
            let starts = format!("2021-09-14T{:02}:00:00", 9 + n);
            part_of(&whole, convening(2 + n as u128, &starts, minutes))
        });
        let sessions: Vec<Convening> = sessions.collect();
        let other = convening(9, "2021-10-01T09:00:00", 20);
        let all: Vec<Convening> = sessions.iter().cloned().chain([whole.clone(), other.clone()]).collect();
        let there: Vec<Attendance> = all.iter().map(|convening| attendance(convening, 100)).collect();
        // 20 + 20 + 50 = 90 → 90; the other's 20 are below the minimum. Being at the whole says nothing by itself.
        let statement = statement_of(policy(30, 30, Rounding::Down, None), &all, &there);
        assert_eq!(counted(&statement), [(90, 90), (20, 0)]);
        assert_eq!((statement.minutes, statement.credited_minutes), (110, 90));
        let ids: Vec<_> = statement.convenings[0].sessions.iter().map(|session| session.convening).collect();
        assert_eq!(ids, sessions.iter().map(|session| session.id).collect::<Vec<_>>());
        assert_eq!(statement.convenings[0].convening, whole.id);
        // The cap is for all sessions together.
        let capped = statement_of(policy(30, 30, Rounding::Down, Some(60)), &all, &there);
        assert_eq!(counted(&capped), [(90, 60), (20, 0)]);
    }

    #[test]
    fn nobody_was_there_longer_than_it_lasted() {
        let held = convening(1, "2021-09-14T09:00:00", 60);
        let mut there = Attendance { minutes: Some(500), ..attendance(&held, 100) };
        assert_eq!(
            counted(&statement_of(HoursPolicy::default(), std::slice::from_ref(&held), std::slice::from_ref(&there))),
            [(60, 60)]
        );
        there.minutes = None;
        assert_eq!(
            counted(&statement_of(HoursPolicy::default(), std::slice::from_ref(&held), std::slice::from_ref(&there))),
            [(60, 60)]
        );
        there.check_in = Some(held.starts_at + chrono::TimeDelta::minutes(10));
        there.check_out = Some(held.ends_at + chrono::TimeDelta::hours(2));
        assert_eq!(counted(&statement_of(HoursPolicy::default(), &[held], &[there])), [(50, 45)]);
    }

    #[test]
    fn only_being_there_in_a_credited_role_at_what_took_place_counts() {
        let held = convening(1, "2021-09-14T09:00:00", 60);
        let minutes = |convening: &Convening, attendance: Attendance| {
            statement_of(HoursPolicy::default(), std::slice::from_ref(convening), &[attendance]).minutes
        };
        for (role, expected) in
            [(R::Attendee, 60), (R::Presenter, 60), (R::Facilitator, 60), (R::Observer, 0), (R::Staff, 0)]
        {
            assert_eq!(minutes(&held, Attendance { role, ..attendance(&held, 100) }), expected, "{role}");
        }
        use AttendanceStatus as A;
        for status in [A::Cancelled, A::Invited, A::Waitlisted, A::Registered, A::NoShow, A::Excused] {
            let absent = Attendance { status, minutes: Some(60), ..attendance(&held, 100) };
            assert_eq!(minutes(&held, absent), 0, "{status}");
        }
        for (state, expected) in [
            (ConveningState::Held, 60),
            (ConveningState::Scheduled, 60),
            (ConveningState::Cancelled, 0),
            (ConveningState::Draft, 0),
        ] {
            let convening = Convening { state, ..held.clone() };
            assert_eq!(minutes(&convening, attendance(&convening, 100)), expected, "{state}");
        }
        let to_come = Convening { state: ConveningState::Scheduled, ..convening(2, "2022-08-02T09:00:00", 60) };
        assert_eq!(minutes(&to_come, attendance(&to_come, 100)), 0);
    }

    #[test]
    fn a_session_belongs_to_the_school_year_in_which_its_own_day_lies() {
        // 30 June, 19:00 in California is 1 July already in Greenwich.
        let june = convening(1, "2021-06-30T19:00:00", 60);
        let july = convening(2, "2021-07-01T09:00:00", 60);
        let last = convening(3, "2022-06-30T22:00:00", 60);
        let next = convening(4, "2022-07-01T00:00:00", 60);
        let all = [june, july.clone(), last.clone(), next];
        let there: Vec<Attendance> = all.iter().map(|convening| attendance(convening, 100)).collect();
        let statement = statement_of(HoursPolicy::default(), &all, &there);
        let counted: Vec<ConveningId> = statement.convenings.iter().map(|entry| entry.convening).collect();
        assert_eq!(counted, [july.id, last.id]);
        assert_eq!(statement.starts_on.to_string(), "2021-07-01");
    }

    #[test]
    fn two_records_of_one_person_were_there_once() {
        let held = convening(1, "2021-09-14T09:00:00", 120);
        let short = Attendance { minutes: Some(30), ..attendance(&held, 100) };
        let long = Attendance { minutes: Some(90), role: R::Presenter, ..attendance(&held, 101) };
        for order in [[short.clone(), long.clone()], [long, short]] {
            let statement = statement_of(HoursPolicy::default(), std::slice::from_ref(&held), &order);
            assert_eq!(counted(&statement), [(90, 90)]);
            assert_eq!(statement.convenings[0].sessions[0].role, R::Presenter);
        }
    }
}
