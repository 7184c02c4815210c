//! Reads a bundle into rows. Pure: knows nothing of the community.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::rows::{ORG_COLUMNS, Org, Person, ROLE_COLUMNS, Reader, USER_COLUMNS, USER_ROLE_COLUMNS};
use crate::error::{Error, Problem, Result};
use crate::interop::archive::Archive;
use crate::interop::csv::{Column, Table};
use crate::interop::{ImportIssue, ImportOptions, ImportReport, Severity};
use crate::model::Email;

pub(super) const ORGS: &str = "orgs.csv";
pub(super) const USERS: &str = "users.csv";
pub(super) const ROLES: &str = "roles.csv";
const MANIFEST: &str = "manifest.csv";

/// Everything of a bundle that concerns a community.
#[derive(Default)]
pub(super) struct Roster {
    /// The name of the system it comes from.
    pub source: String,
    pub orgs: Vec<Org>,
    pub staff: Vec<Person>,
    /// Whoever is not in `users.csv` is gone.
    pub absence_counts: bool,
    /// Affiliations that are not listed have ended.
    pub roles_are_all: bool,
    /// People who are in the file, but of whom not enough could be read.
    pub unread: HashSet<String>,
}

/// How a file is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileMode {
    Absent,
    Bulk,
    Delta,
}

#[derive(Default)]
struct Manifest(BTreeMap<String, String>);

impl Manifest {
    fn get(&self, property: &str) -> Option<&str> {
        self.0.get(&property.to_lowercase()).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Without a manifest, absence means nothing.
    fn mode(&self, file: &str) -> FileMode {
        let name = file.strip_suffix(".csv").unwrap_or(file);
        match self.get(&format!("file.{name}")).map(str::to_lowercase).as_deref() {
            Some("bulk") => FileMode::Bulk,
            Some("absent") => FileMode::Absent,
            _ => FileMode::Delta,
        }
    }
}

/// Reads a bundle, or says everything that makes it unreadable.
pub(super) fn parse(bytes: &[u8], options: &ImportOptions, report: &mut ImportReport) -> Result<Roster> {
    let mut archive = Archive::open(bytes).map_err(Error::InvalidInput)?;
    let known = [MANIFEST, ORGS, USERS, ROLES];
    let others = archive.names().filter(|name| !known.contains(&name.to_lowercase().as_str()));
    report.not_opened = others.map(str::to_owned).collect();

    let mut problems = Vec::new();
    let mut read = |archive: &mut Archive<'_>, file: &str| {
        archive.read(file).map_err(|problem| problems.push(problem)).ok().flatten()
    };
    let manifest = read(&mut archive, MANIFEST);
    let (orgs, users, roles) = (read(&mut archive, ORGS), read(&mut archive, USERS), read(&mut archive, ROLES));
    drop(archive);
    let manifest = manifest.map(|bytes| read_manifest(&bytes, report)).unwrap_or_else(|| {
        let detail = "no manifest: who is missing is not taken to be gone";
        report.push(ImportIssue::warning(MANIFEST, "oneroster.no_manifest", detail));
        Manifest::default()
    });
    for (file, bytes) in [(ORGS, &orgs), (USERS, &users)] {
        let unreadable = problems.iter().any(|problem| problem.field.eq_ignore_ascii_case(file));
        if bytes.is_none() && !unreadable && manifest.mode(file) != FileMode::Absent {
            problems.push(Problem::new(file, "oneroster.missing_file", "the bundle lacks this file"));
        }
    }
    if orgs.is_none() && users.is_none() && problems.is_empty() {
        problems.push(Problem::new("archive", "oneroster.missing_file", "neither organizations nor users"));
    }

    let mut roster = Roster { source: source(options, &manifest), ..Roster::default() };
    let mut reader = Reader { roster: &mut roster, report };
    let mut table = |file, bytes, columns: &[Column], reader: &mut Reader<'_>| match bytes {
        Some(bytes) => Table::open(file, bytes, columns, reader.report).map_err(|found| problems.extend(found)).ok(),
        None => None,
    };
    let orgs = table(ORGS, orgs.as_deref(), ORG_COLUMNS, &mut reader);
    let roles = table(ROLES, roles.as_deref(), ROLE_COLUMNS, &mut reader);
    let with_roles = roles.is_some();
    let user_columns = [USER_COLUMNS, if with_roles { &[] } else { USER_ROLE_COLUMNS }].concat();
    let users = table(USERS, users.as_deref(), &user_columns, &mut reader);
    if !problems.is_empty() {
        return Err(Error::InvalidInput(problems));
    }
    if let Some(orgs) = orgs {
        reader.read_orgs(&orgs);
    }
    let (places, roles_unread) = roles.map(|roles| reader.read_roles(&roles)).unwrap_or_default();
    let mut places = with_roles.then_some(places);
    let users_unread = users.map_or(0, |users| reader.read_users(&users, places.as_mut()));
    reader.keep_role_changes(places.unwrap_or_default());
    let bulk = |file| manifest.mode(file) == FileMode::Bulk;
    roster.roles_are_all = !with_roles || (bulk(ROLES) && roles_unread == 0);
    roster.absence_counts = bulk(USERS) && users_unread == 0 && (!with_roles || (bulk(ROLES) && roles_unread == 0));
    if bulk(USERS) && !roster.absence_counts {
        let detail = "not every row could be read: who is missing is not taken to be gone";
        report.push(ImportIssue::warning(USERS, "oneroster.absence_not_read", detail));
    }
    mark_shared_emails(&mut roster, report);
    Ok(roster)
}

fn read_manifest(bytes: &[u8], report: &mut ImportReport) -> Manifest {
    let columns = [Column::required("propertyName"), Column::required("value")];
    let mut manifest = Manifest::default();
    match Table::open(MANIFEST, bytes, &columns, report) {
        Ok(table) => drop(table.rows(report, |row, _| {
            manifest.0.insert(row.get("propertyName").to_lowercase(), row.get("value").to_owned());
        })),
        Err(problems) => {
            problems.iter().for_each(|problem| report.push(ImportIssue::problem(Severity::Warning, MANIFEST, problem)))
        }
    }
    manifest
}

/// The name of the roster system: what the host says, else what the manifest says.
fn source(options: &ImportOptions, manifest: &Manifest) -> String {
    let said = options.source.as_deref().filter(|source| !source.trim().is_empty());
    let named = said.or_else(|| manifest.get("source.systemCode")).or_else(|| manifest.get("source.systemName"));
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    named.unwrap_or("default").trim().to_lowercase().chars().map(plain).take(40).collect()
}

/// An address that several people share tells nobody from another.
fn mark_shared_emails(roster: &mut Roster, report: &mut ImportReport) {
    let mut owners: HashMap<String, u32> = HashMap::new();
    let key = |email: &Email| email.code().to_lowercase();
    for email in roster.staff.iter().filter_map(|person| person.email.as_ref()) {
        *owners.entry(key(email)).or_default() += 1;
    }
    for person in &mut roster.staff {
        person.shares_email = person.email.as_ref().is_some_and(|email| owners[&key(email)] > 1);
        if person.shares_email {
            let detail = "several people of this file have the same address";
            report.push(ImportIssue::note(USERS, "oneroster.shared_email", detail).row(person.line).field("email"));
        }
    }
}
