//! Civil times and moments, as another library reads the same rules.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use cop_core::TimeZone;
use cop_tests::random::{Random, number};

/// Of the United States all rules there are, of the world those that are unlike others: half an hour of summer, quarter
/// hours, a skipped day, none at all, the south.
const ZONES: [Tz; 14] = [
    Tz::America__Los_Angeles,
    Tz::America__Phoenix,
    Tz::America__Denver,
    Tz::America__Chicago,
    Tz::America__New_York,
    Tz::America__Anchorage,
    Tz::Pacific__Honolulu,
    Tz::America__St_Johns,
    Tz::Europe__London,
    Tz::Australia__Lord_Howe,
    Tz::Australia__Sydney,
    Tz::Asia__Kathmandu,
    Tz::Pacific__Apia,
    Tz::UTC,
];

/// The first moment at which the clocks show `civil` or, where they skip it, more.
fn expected(zone: Tz, civil: NaiveDateTime) -> DateTime<Utc> {
    if let Some(found) = zone.from_local_datetime(&civil).earliest() {
        return found.to_utc();
    }
    // No zone is more than a day from the others, and no gap longer.
    let shows = |moment: DateTime<Utc>| moment.with_timezone(&zone).naive_local();
    let (mut before, mut after) = (civil.and_utc() - TimeDelta::days(2), civil.and_utc() + TimeDelta::days(2));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        let middle = DateTime::from_timestamp(middle.timestamp(), 0).unwrap();
        if middle == before {
            break;
        }
        if shows(middle) > civil { after = middle } else { before = middle }
    }
    after
}

#[test]
fn moments_and_days_are_those_of_another_reading() {
    let mut random = Random::new(number("COP_SEED", 1));
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let mut skipped = 0;
    for zone in ZONES {
        let ours: TimeZone = zone.name().parse().unwrap();
        assert_eq!(ours.code(), zone.name());
        for step in 0..47 * 8_766 / 3 {
            let civil = first + TimeDelta::hours(3 * step) + TimeDelta::seconds(random.below(10_800) as i64);
            let moment = ours.instant(civil);
            assert_eq!(moment, expected(zone, civil), "{zone}: {civil}");
            assert_eq!(ours.day(moment), moment.with_timezone(&zone).date_naive(), "{zone}: {moment}");
            skipped += usize::from(moment.with_timezone(&zone).naive_local() != civil);
        }
    }
    assert!(skipped > 100, "each spring skips an hour, and a third of the hours are looked at: {skipped}");
}

#[test]
fn names_are_known_whatever_their_case_and_abbreviations_are_not() {
    let parsed = |name: &str| name.parse::<TimeZone>().map(|zone| zone.code());
    assert_eq!(parsed("america/los_angeles"), Ok("America/Los_Angeles"));
    assert_eq!(parsed(" US/Pacific "), Ok("US/Pacific"));
    assert_eq!(parsed("UTC"), Ok("UTC"));
    for bad in ["PST8PDT", "EST", "GMT", "Pacific", "America/Atlantis", "../../etc/passwd", ""] {
        assert_eq!(parsed(bad).unwrap_err().code, "time_zone.unknown", "{bad}");
    }
}
