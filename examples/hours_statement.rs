//! A member's hours of a school year, by the community's own policy.
//!
//! ```sh
//! cargo run --example hours_statement
//! ```

use chrono::{NaiveDate, NaiveDateTime};
use cop_core::{
    Community, HoursPolicy, NewAttendance, NewCommunity, NewConvening, NewMember, PoliciesEdit, Result, Rounding,
};

fn main() -> Result<()> {
    let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    let host = cop.steward();
    // In half hours, to the nearest; under an hour counts as nothing.
    let policy =
        HoursPolicy { unit_minutes: 30, minimum_minutes: 60, rounding: Rounding::Nearest, ..HoursPolicy::default() };
    host.set_policies(PoliciesEdit::new().with_hours(policy))?;
    let maya = host.add_member(NewMember::new("Maya", "Example"))?.id;

    for (title, month, hours, minutes) in
        [("Setting direction", 9, 2, None), ("Number talks", 11, 2, Some(100)), ("Office hour", 12, 1, Some(45))]
    {
        let (starts, ends) = (time(month, 15), time(month, 15 + hours));
        let new = NewConvening::new("convening", title, starts, ends, "America/Los_Angeles");
        let convening = host.plan_convening(new.online("https://example.org/room"))?.id;
        host.schedule_convening(convening)?;
        host.hold_convening(convening)?;
        host.record_attendance(NewAttendance { minutes, ..NewAttendance::new(convening, maya) })?;
    }

    let statement = cop.as_member(maya)?.hours(maya, "2021-22".parse()?)?;
    for of in &statement.convenings {
        println!("{}  {:<18} {:>4} minutes, {:>3} count", of.date, of.title, of.minutes, of.credited_minutes);
    }
    println!("credited: {:.1} hours", statement.credited_minutes as f64 / 60.0);
    Ok(())
}

fn time(month: u32, hour: u32) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2021, month, 14).and_then(|day| day.and_hms_opt(hour, 30, 0));
    day.expect("a time of the calendar")
}
