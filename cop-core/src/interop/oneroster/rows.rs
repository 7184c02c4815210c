//! The rows of a bundle's files, read field by field.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use super::parse::{ORGS, ROLES, Roster, USERS};
use super::vocabulary::{Who, kind, who};
use crate::error::Problem;
use crate::interop::csv::{Column, Row, Table};
use crate::interop::{ImportIssue, ImportReport, Severity};
use crate::model::{CdsCode, Email, Grade};
use crate::text::{NAME, normalise};

/// Most affiliations that are read of one person.
const MAX_PLACES: usize = 200;

/// A row of `orgs.csv`.
pub(super) struct Org {
    pub line: u64,
    pub id: String,
    pub gone: bool,
    pub name: String,
    pub kind: String,
    pub cds: Option<CdsCode>,
    /// An identifier that is no CDS code.
    pub identifier: Option<String>,
    pub parent: Option<String>,
}

/// Somebody who works there.
pub(super) struct Person {
    pub file: &'static str,
    pub line: u64,
    pub id: String,
    pub gone: bool,
    /// None where only `roles.csv` speaks of them.
    pub names: Option<Names>,
    pub email: Option<Email>,
    /// Somebody else in the file has the same address.
    pub shares_email: bool,
    pub places: Vec<Place>,
}

pub(super) struct Names {
    pub given: String,
    pub family: String,
    /// What they like to be called, where that differs.
    pub display: Option<String>,
}

/// What somebody is, by all that a roster says.
#[derive(Default)]
pub(super) struct Roles {
    student: bool,
    family: bool,
    unknown: bool,
    places: Vec<Place>,
}

impl Roles {
    /// Adds a role; of those who do not work there nothing but that. False when it is one too many.
    fn add(&mut self, who: Who, place: impl FnOnce(String) -> Place) -> bool {
        match who {
            Who::Student => self.student = true,
            Who::Family => self.family = true,
            Who::Unknown => self.unknown = true,
            Who::Staff(role) => {
                let place = place(role);
                if !self.places.iter().any(|known| known.says_the_same(&place)) {
                    if self.places.len() >= MAX_PLACES {
                        return false;
                    }
                    self.places.push(place);
                }
            }
        }
        true
    }

    /// As what somebody is skipped who does not work there.
    fn not_staff(&self) -> Option<&'static str> {
        match (self.places.is_empty(), self.student, self.family, self.unknown) {
            (false, ..) => None,
            (_, true, ..) => Some("students"),
            (_, _, true, _) => Some("family_members"),
            (.., true) => Some("users_with_unknown_role"),
            _ => Some("users_without_role"),
        }
    }
}

/// Where somebody works, as what.
pub(super) struct Place {
    pub file: &'static str,
    pub line: u64,
    pub org: String,
    /// The token of [`Who::Staff`].
    pub role: String,
    pub grades: BTreeSet<Grade>,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub gone: bool,
}

impl Place {
    fn says_the_same(&self, other: &Self) -> bool {
        let key = |place: &Self| (place.since, place.until, place.gone);
        key(self) == key(other) && self.org == other.org && self.role == other.role
    }
}

pub(super) const ORG_COLUMNS: &[Column] = &[
    Column::required("sourcedId"),
    Column::required("name"),
    Column::required("type"),
    Column::optional("status"),
    Column::optional("identifier"),
    Column::optional("parentSourcedId"),
];
pub(super) const USER_COLUMNS: &[Column] = &[
    Column::required("sourcedId"),
    Column::required("givenName"),
    Column::required("familyName"),
    Column::optional("status"),
    Column::optional("email"),
    Column::optional("grades"),
    Column::optional("preferredGivenName").also(&["prefferedGivenName"]),
    Column::optional("preferredFamilyName").also(&["prefferedFamilyName"]),
];
/// In 1.1 a user has one role, at one or more organizations.
pub(super) const USER_ROLE_COLUMNS: &[Column] =
    &[Column::required("orgSourcedIds").also(&["orgSourcedId"]), Column::required("role")];
pub(super) const ROLE_COLUMNS: &[Column] = &[
    Column::required("userSourcedId"),
    Column::required("role"),
    Column::required("orgSourcedId"),
    Column::optional("status"),
    Column::optional("beginDate"),
    Column::optional("endDate"),
];

/// Reads files into a roster.
pub(super) struct Reader<'a> {
    pub roster: &'a mut Roster,
    pub report: &'a mut ImportReport,
}

impl Reader<'_> {
    pub fn read_orgs(&mut self, table: &Table<'_>) {
        let Self { roster, report } = self;
        let mut seen = HashSet::new();
        table.rows(report, |row, report| {
            let mut fields = Fields { file: ORGS, row, report };
            let (id, name) = (fields.id("sourcedId"), fields.text("name"));
            let raw = row.get("identifier");
            let cds = raw.parse::<CdsCode>().ok();
            let kind = kind(row.get("type"), cds);
            if kind.is_none() {
                fields.issue(Severity::Error, "type", "text.empty", "must not be empty");
            }
            let (Some(id), Some(name), Some(kind)) = (id, name, kind) else { return };
            if !seen.insert(id.clone()) {
                return fields.issue(
                    Severity::Error,
                    "sourcedId",
                    "oneroster.duplicate_id",
                    "seen before in this file",
                );
            }
            let identifier = normalise(raw, NAME).ok().filter(|_| cds.is_none());
            let parent = Some(row.get("parentSourcedId").to_owned()).filter(|parent| !parent.is_empty());
            let gone = is_gone(row);
            roster.orgs.push(Org { line: row.line, id, gone, name, kind, cds, identifier, parent });
        });
    }

    pub fn read_roles(&mut self, table: &Table<'_>) -> (HashMap<String, Roles>, u64) {
        let (mut places, mut refused) = (HashMap::<String, Roles>::new(), 0);
        let unreadable = table.rows(self.report, |row, report| {
            let mut fields = Fields { file: ROLES, row, report };
            let Some(user) = fields.id("userSourcedId") else {
                refused += 1;
                return;
            };
            let who = fields.who();
            let (since, until) = (fields.date("beginDate"), fields.date("endDate"));
            if since.zip(until).is_some_and(|(since, until)| since > until) {
                let detail = "an affiliation cannot end before it began";
                refused += 1;
                return fields.issue(Severity::Error, "endDate", "affiliation.span", detail);
            }
            let gone = is_gone(row);
            let place = |fields: &Fields<'_>, role| Place {
                since,
                until,
                gone,
                ..fields.place(row.get("orgSourcedId").to_owned(), role)
            };
            let kept = places.entry(user).or_default().add(who, |role| place(&fields, role));
            fields.require_few(kept);
        });
        (places, unreadable + refused)
    }

    /// Keeps the staff; `places` are the rows of `roles.csv`, where there is one.
    pub fn read_users(&mut self, table: &Table<'_>, mut places: Option<&mut HashMap<String, Roles>>) -> u64 {
        let Self { roster, report } = self;
        let (mut seen, mut refused) = (HashSet::new(), 0);
        let unreadable = table.rows(report, |row, report| {
            let mut fields = Fields { file: USERS, row, report };
            let roles = match &mut places {
                Some(places) => places.remove(row.get("sourcedId")).unwrap_or_default(),
                None => fields.roles(),
            };
            if let Some(what) = roles.not_staff() {
                return fields.report.skip(what);
            }
            // From here on it is somebody who works there.
            let id = fields.id("sourcedId");
            let (given, family) = (fields.text("givenName"), fields.text("familyName"));
            let Some(id) = id else {
                refused += 1;
                return;
            };
            if !seen.insert(id.clone()) {
                return fields.issue(
                    Severity::Error,
                    "sourcedId",
                    "oneroster.duplicate_id",
                    "seen before in this file",
                );
            }
            let (Some(given), Some(family)) = (given, family) else {
                roster.unread.insert(id);
                return;
            };
            let display = fields.preferred(&given, &family);
            let email = fields.email();
            let grades = fields.grades();
            let places = roles.places.into_iter().map(|place| Place { grades: grades.clone(), ..place }).collect();
            let gone = is_gone(row);
            roster.staff.push(Person {
                file: USERS,
                line: row.line,
                id,
                gone,
                names: Some(Names { given, family, display }),
                email,
                shares_email: false,
                places,
            });
        });
        unreadable + refused
    }

    /// Role rows of people whom `users.csv` does not list: a delta file has only what changed.
    pub fn keep_role_changes(&mut self, places: HashMap<String, Roles>) {
        for (id, Roles { places, .. }) in places {
            if let Some(line) = places.first().map(|place| place.line) {
                let (file, gone, shares_email) = (ROLES, false, false);
                self.roster.staff.push(Person { file, line, id, gone, names: None, email: None, shares_email, places });
            }
        }
        self.roster.staff.sort_by_key(|person| (person.names.is_none(), person.line));
    }
}

fn is_gone(row: &Row<'_>) -> bool {
    matches!(row.get("status").to_lowercase().as_str(), "tobedeleted" | "inactive")
}

/// One row, whose fields are read with an issue for each that is wrong.
struct Fields<'a> {
    file: &'static str,
    row: &'a Row<'a>,
    report: &'a mut ImportReport,
}

impl Fields<'_> {
    fn issue(&mut self, severity: Severity, field: &str, code: &str, detail: &str) {
        self.report.push(ImportIssue::new(severity, self.file, code, detail).row(self.row.line).field(field));
    }

    /// A name or id that the row needs.
    fn text(&mut self, column: &str) -> Option<String> {
        match normalise(self.row.get(column), NAME) {
            Ok(text) => {
                if text.contains('\u{fffd}') {
                    self.issue(Severity::Warning, column, "text.encoding", "holds a broken character");
                }
                Some(text)
            }
            Err(problem) => {
                self.issue(Severity::Error, column, &problem.code, &problem.detail);
                None
            }
        }
    }

    fn id(&mut self, column: &str) -> Option<String> {
        self.text(column)
    }

    fn who(&mut self) -> Who {
        let who = who(self.row.get("role"));
        if who == Who::Unknown {
            self.issue(Severity::Warning, "role", "oneroster.unknown_role", "not a role of OneRoster, nor `ext:…`");
        }
        who
    }

    /// The one role of a 1.1 user, at each of their organizations.
    fn roles(&mut self) -> Roles {
        let who = self.who();
        let orgs = self.row.get("orgSourcedIds").split([',', ';']).map(str::trim).filter(|org| !org.is_empty());
        let (mut roles, mut kept) = (Roles::default(), true);
        for org in orgs.take(MAX_PLACES + 1) {
            kept &= roles.add(who.clone(), |role| self.place(org.to_owned(), role));
        }
        if self.row.get("orgSourcedIds").is_empty() {
            roles.add(who, |role| self.place(String::new(), role));
        }
        self.require_few(kept);
        roles
    }

    fn require_few(&mut self, kept: bool) {
        if !kept {
            let detail = "more affiliations of one person than are read";
            self.issue(Severity::Warning, "role", "oneroster.too_many_roles", detail);
        }
    }

    fn place(&self, org: String, role: String) -> Place {
        let (file, line) = (self.file, self.row.line);
        Place { file, line, org, role, grades: BTreeSet::new(), since: None, until: None, gone: false }
    }

    fn preferred(&mut self, given: &str, family: &str) -> Option<String> {
        let preferred = |column| normalise(self.row.get(column), NAME).ok();
        let (first, last) = (preferred("preferredGivenName"), preferred("preferredFamilyName"));
        let display = format!("{} {}", first.as_deref().unwrap_or(given), last.as_deref().unwrap_or(family));
        let display = normalise(&display, NAME).ok()?;
        (first.is_some() || last.is_some()).then_some(display)
    }

    fn email(&mut self) -> Option<Email> {
        let raw = self.row.get("email");
        if raw.is_empty() {
            return None;
        }
        let email = raw.parse();
        email.map_err(|problem: Problem| self.issue(Severity::Warning, "email", &problem.code, &problem.detail)).ok()
    }

    fn grades(&mut self) -> BTreeSet<Grade> {
        let mut grades = BTreeSet::new();
        for raw in self.row.get("grades").split([',', ';']).map(str::trim).filter(|grade| !grade.is_empty()) {
            match raw.parse() {
                Ok(grade) => drop(grades.insert(grade)),
                Err(problem) => {
                    let Problem { code, detail, .. } = problem;
                    self.issue(Severity::Warning, "grades", &code, &detail);
                }
            }
        }
        grades
    }

    /// A date as it should be, or with a time behind it.
    fn date(&mut self, column: &str) -> Option<NaiveDate> {
        let raw = self.row.get(column);
        if raw.is_empty() {
            return None;
        }
        let day = raw.split(['T', ' ']).next().unwrap_or("");
        let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().filter(|date| (1900..=2200).contains(&date.year()));
        if date.is_none() {
            self.issue(Severity::Warning, column, "date.format", "not a date as 2026-08-15 from 1900 to 2200");
        }
        date
    }
}
