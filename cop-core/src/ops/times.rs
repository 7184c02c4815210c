//! When a convening takes place: what the clocks of its place show, what that means, and how long it may last.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};

use super::check::Check;
use crate::model::{Convening, TimeZone};

/// The longest that people can be at one thing.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(24);
/// The longest convening of sessions.
const LONGEST_OF_SESSIONS: TimeDelta = TimeDelta::days(31);

/// When something takes place, whole and in order.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub starts: NaiveDateTime,
    pub ends: NaiveDateTime,
    pub time_zone: TimeZone,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl Times {
    /// These civil times in this zone; a session is not itself made of sessions.
    pub fn read(
        check: &mut Check,
        starts: NaiveDateTime,
        ends: NaiveDateTime,
        time_zone: Option<TimeZone>,
        session: bool,
    ) -> Option<Self> {
        let (starts, ends) = (whole_seconds(starts), whole_seconds(ends));
        // Only then: the arithmetic of time zones ends where the calendar does.
        let mut dates = Check::default();
        dates.date("starts", Some(starts.date()));
        dates.date("ends", Some(ends.date()));
        let in_range = dates.is_fine();
        check.join(dates);
        let time_zone = time_zone.filter(|_| in_range)?;
        let (starts_at, ends_at) = (time_zone.instant(starts), time_zone.instant(ends));
        check.require(starts_at < ends_at, "ends", "convening.order", "it ends after it begins");
        let (longest, detail) = match session {
            true => (LONGEST, "a session lasts at most 24 hours"),
            false => (LONGEST_OF_SESSIONS, "a convening lasts at most 31 days"),
        };
        check.require(ends_at - starts_at <= longest, "ends", "convening.too_long", detail);
        Some(Self { starts, ends, time_zone, starts_at, ends_at })
    }

    /// The convening at these times.
    pub fn write(self, convening: &mut Convening) {
        let Self { starts, ends, time_zone, starts_at, ends_at } = self;
        (convening.starts, convening.ends, convening.time_zone) = (starts, ends, time_zone);
        (convening.starts_at, convening.ends_at) = (starts_at, ends_at);
    }
}

/// The store keeps whole seconds; a leap second is the one before it.
fn whole_seconds(civil: NaiveDateTime) -> NaiveDateTime {
    civil.with_nanosecond(0).unwrap_or(civil)
}
