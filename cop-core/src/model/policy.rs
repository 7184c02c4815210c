//! The community's own rules: onboarding, hours, participation. Data, printed with every result they lead to.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::model::convening::AttendanceRole;
use crate::model::record::{closed, json_columns};
use crate::model::values::SchoolYear;

/// A community's rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policies {
    /// The month in which a school year begins, 1 to 12; 7 is California's July.
    pub school_year_starts_in: u32,
    /// The steps of onboarding.
    pub onboarding: Vec<OnboardingStep>,
    /// Whether one commits to the school year before becoming active.
    pub commitment_required: bool,
    /// How hours are counted.
    pub hours: HoursPolicy,
    /// How participation is graded.
    pub participation: ParticipationPolicy,
    /// Words and phrases that mean the same here, by group: for searches that are
    /// [widened](crate::SearchQuery::widened). They are added to those that every community has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<BTreeSet<String>>,
}

/// A step of onboarding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnboardingStep {
    /// Its code, such as `orientation`.
    pub code: String,
    /// What it is.
    pub label: String,
    /// Whether one cannot become active without it.
    #[serde(default)]
    pub required: bool,
}

closed! {
    /// Which way hours are rounded.
    Rounding {
        /// To the unit below.
        Down = "down",
        /// To the nearest unit; half a unit up.
        Nearest = "nearest",
        /// To the unit above.
        Up = "up",
    }
}

/// How professional learning hours are counted: all in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoursPolicy {
    /// The unit that is rounded to, 1 to 600 minutes.
    pub unit_minutes: i64,
    /// Less than this counts as nothing.
    pub minimum_minutes: i64,
    /// Which way.
    pub rounding: Rounding,
    /// The most that one convening, with all its sessions, counts.
    pub cap_minutes: Option<i64>,
    /// The roles that count.
    pub credited_roles: BTreeSet<AttendanceRole>,
}

/// How participation is graded over a window of days (after Wenger, McDermott & Snyder 2002).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ParticipationPolicy {
    /// Which version of the rules this is: printed with every result.
    pub version: String,
    /// The window, in days, 1 to 3,660.
    pub window_days: i64,
    /// Core: at least this share of the convenings that were open to one, 0 to 1, or a role of leadership used …
    pub core_attendance: f64,
    /// … and at least so many contributions.
    pub core_contributions: u32,
    /// Active: at least this share of the convenings, 0 to 1 …
    pub active_attendance: f64,
    /// … or at least so many contributions, and one convening.
    pub active_contributions: u32,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            school_year_starts_in: 7,
            onboarding: Vec::new(),
            commitment_required: false,
            hours: HoursPolicy::default(),
            participation: ParticipationPolicy::default(),
            synonyms: Vec::new(),
        }
    }
}

impl Default for HoursPolicy {
    fn default() -> Self {
        use AttendanceRole as R;
        Self {
            unit_minutes: 15,
            minimum_minutes: 30,
            rounding: Rounding::Down,
            cap_minutes: None,
            credited_roles: [R::Attendee, R::Presenter, R::Facilitator].into(),
        }
    }
}

impl Default for ParticipationPolicy {
    fn default() -> Self {
        Self {
            version: "1".to_owned(),
            window_days: 365,
            core_attendance: 0.75,
            core_contributions: 3,
            active_attendance: 0.5,
            active_contributions: 2,
        }
    }
}

impl Policies {
    /// The school year that `date` falls in.
    ///
    /// # Errors
    /// `school_year.range` for dates outside the supported years.
    pub fn school_year_of(&self, date: NaiveDate) -> Result<SchoolYear, Problem> {
        let year = if date.month() >= self.school_year_starts_in { date.year() } else { date.year() - 1 };
        SchoolYear::beginning(u16::try_from(year).unwrap_or(0))
    }

    /// The first and the last day of a school year.
    pub fn days_of(&self, year: SchoolYear) -> (NaiveDate, NaiveDate) {
        let first = |year: i32| {
            NaiveDate::from_ymd_opt(year, self.school_year_starts_in.clamp(1, 12), 1).expect("every month has a first")
        };
        let last = first(year.begins_in() + 1).pred_opt().expect("years are far from the end of time");
        (first(year.begins_in()), last)
    }
}

impl HoursPolicy {
    /// What `minutes` of attendance count, in minutes: rounded to the unit, nothing below the minimum, and never
    /// more than the cap allows in whole units.
    ///
    /// ```
    /// use cop_core::{HoursPolicy, Rounding};
    /// let policy = HoursPolicy { unit_minutes: 30, minimum_minutes: 45, rounding: Rounding::Nearest, ..Default::default() };
    /// assert_eq!([44, 45, 74, 75].map(|minutes| policy.credited(minutes)), [0, 60, 60, 90]);
    /// ```
    pub fn credited(&self, minutes: i64) -> i64 {
        let minutes = self.cap_minutes.map_or(minutes, |cap| minutes.min(cap));
        if minutes < self.minimum_minutes.max(1) {
            return 0;
        }
        let unit = self.unit_minutes.max(1);
        let units = match self.rounding {
            Rounding::Down => minutes / unit,
            Rounding::Nearest => (2 * minutes + unit) / (2 * unit),
            Rounding::Up => (minutes + unit - 1) / unit,
        };
        let most = self.cap_minutes.map_or(i64::MAX, |cap| cap / unit);
        units.min(most) * unit
    }
}
json_columns!(Policies);
