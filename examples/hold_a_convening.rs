//! A convening with few seats: people register, wait, move up; afterwards it is recorded who was there.
//!
//! ```sh
//! cargo run --example hold_a_convening
//! ```

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use cop_core::{
    AttendanceFilter, AttendanceList, CommunityOptions, ManualClock, NewAttendance, NewCommunity, NewConvening,
    NewMember, NewResource, NewWalkIn, PageRequest, Result, Visibility, WalkInMatch,
};

fn main() -> Result<()> {
    let clock = Arc::new(ManualClock::new(DateTime::from_timestamp(1_631_000_000, 0).unwrap_or_default()));
    let cop = CommunityOptions::new().with_clock(clock.clone()).in_memory(NewCommunity::new("Math CoP"))?;
    let host = cop.steward();
    let person = |name: &str| host.add_member(NewMember::new(name, "Example")).map(|member| member.id);
    let (maya, noah, olivia, rafael) = (person("Maya")?, person("Noah")?, person("Olivia")?, person("Rafael")?);

    let new = NewConvening::new("workshop", "Number talks", time(15), time(17), "America/Los_Angeles");
    let convening = host.plan_convening(new.online("https://example.org/room").with_capacity(2))?.id;
    host.schedule_convening(convening)?;
    for member in [maya, noah, olivia] {
        println!("{}", cop.as_member(member)?.register(convening)?.status);
    }
    // Noah gives his seat back; Olivia, who waits, gets it.
    let noahs = cop_core::Attendance::id_of(convening, noah);
    cop.as_member(noah)?.cancel_attendance(noahs)?;
    let olivias = cop.as_member(olivia)?.attendance(cop_core::Attendance::id_of(convening, olivia))?;
    println!("then Olivia is {}", olivias.status);

    // The next day.
    clock.set(DateTime::from_timestamp(1_632_500_000, 0).unwrap_or_default());
    host.hold_convening(convening)?;
    let attendances = vec![NewAttendance::new(convening, maya), NewAttendance::new(convening, olivia).with_minutes(70)];
    host.record_attendances(AttendanceList { attendances })?;
    let walk_in = host.add_walk_in(NewWalkIn::new(convening, "R. Example"))?.id;
    host.match_walk_in(WalkInMatch { attendance: walk_in, member: rafael })?;
    let slides = NewResource::new("slides", "Number talks: slides").with_link("https://example.org/slides");
    host.add_resource(slides.from_convening(convening).with_visibility(Visibility::Community).published())?;

    println!("\nWho was there:");
    let filter = AttendanceFilter::new().with_convening(convening);
    for attendance in host.attendances(filter, PageRequest::first(100))?.items {
        let minutes = attendance.attended_minutes(&host.convening(convening)?);
        let name = attendance.member.map(|member| host.member(member)).transpose()?.map(|member| member.display);
        println!("  {} {} ({minutes} minutes)", name.unwrap_or_default(), attendance.status);
    }
    Ok(())
}

fn time(hour: u32) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2021, 9, 21).and_then(|day| day.and_hms_opt(hour, 30, 0));
    day.expect("a time of the calendar")
}
