//! Brings a community to what a roster says: rows into operations.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::parse::{Roster, USERS};
use super::rows::{Person, Place as RosterPlace};
use super::vocabulary::{is_roster_role, role};
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId};
use crate::interop::run::{Place, Run};
use crate::interop::{ImportIssue, ImportOptions, Severity};
use crate::model::{
    Affiliation, AnyRecord, Email, ExternalId, Member, MemberState, OrganizationKind, RecordKind, RecordRef, Role,
};
use crate::ops::{AffiliationOf, EndOfAffiliation, MemberEdit, NewAffiliation, NewMember, Op};
use crate::store::{email_key, system_key};

/// So few people may always be deactivated.
const ALWAYS_ALLOWED: usize = 10;

pub(super) fn apply(run: &mut Run<'_, '_>, roster: &Roster, options: &ImportOptions) -> Result<()> {
    let system = format!("oneroster:{}", roster.source);
    let known = members(run.tx.with_key(RecordKind::Member, &system_key(&system))?);
    let today = run.tx.today();
    let mut import =
        Import { run, roster, system, today, orgs: HashMap::new(), depths: HashMap::new(), places: HashMap::new() };
    import.organizations()?;
    let present = import.people()?;
    import.absences(known, &present, options)
}

fn members(records: Vec<AnyRecord>) -> Vec<Member> {
    let member = |record| if let AnyRecord::Member(member) = record { Some(member) } else { None };
    records.into_iter().filter_map(member).collect()
}

pub(super) struct Import<'a, 'r, 't> {
    pub(super) run: &'a mut Run<'r, 't>,
    pub(super) roster: &'a Roster,
    pub(super) system: String,
    today: NaiveDate,
    /// The organizations of the source, by `sourcedId`.
    pub(super) orgs: HashMap<String, Option<OrganizationId>>,
    /// How many organizations of the roster are above one, by `sourcedId`.
    pub(super) depths: HashMap<String, usize>,
    /// What is known of organizations that people work at: the kind, and whether the source has it.
    places: HashMap<OrganizationId, (OrganizationKind, bool)>,
}

/// An affiliation as the roster has it.
struct Wanted<'a> {
    row: &'a RosterPlace,
    organization: OrganizationId,
    role: String,
}

impl Import<'_, '_, '_> {
    pub(super) fn external(&self, id: &str) -> ExternalId {
        ExternalId::new(self.system.as_str(), id)
    }

    /// The organization that the source knows by this id.
    pub(super) fn resolve(&mut self, sourced_id: &str) -> Result<Option<OrganizationId>> {
        if let Some(known) = self.orgs.get(sourced_id) {
            return Ok(*known);
        }
        let found = self.run.tx.find(RecordKind::Organization, &self.external(sourced_id))?;
        let id = found.first().map(|record| record.header().id.into());
        self.orgs.insert(sourced_id.to_owned(), id);
        Ok(id)
    }

    /// The kind of an organization, and whether it is the source's.
    fn place(&mut self, id: OrganizationId) -> Result<(OrganizationKind, bool)> {
        if let Some(known) = self.places.get(&id) {
            return Ok(known.clone());
        }
        let record = self.run.tx.get(RecordRef { kind: RecordKind::Organization, id: id.uuid() })?;
        let known = match record {
            Some(AnyRecord::Organization(organization)) => {
                let own = organization.external_ids.iter().any(|external| external.system == self.system);
                (organization.kind, own)
            }
            _ => (OrganizationKind::Network, false),
        };
        self.places.insert(id, known.clone());
        Ok(known)
    }

    /// Answers with the ids of all who are in the roster.
    fn people(&mut self) -> Result<HashSet<MemberId>> {
        let mut present = HashSet::new();
        let roster = self.roster;
        let mentioned: BTreeSet<&str> =
            roster.staff.iter().flat_map(|person| &person.places).map(|place| place.role.as_str()).collect();
        for person in &roster.staff {
            let before = self.find_member(person)?;
            if !person.gone {
                present.extend(self.person(person, before, &mentioned)?);
            } else if before.is_none() {
                self.run.report.skip("inactive_users");
            }
            self.run.step()?;
        }
        Ok(present)
    }

    /// The member of this `sourcedId`, or else the one with this e-mail address.
    fn find_member(&mut self, person: &Person) -> Result<Option<Member>> {
        let by_id = members(self.run.tx.find(RecordKind::Member, &self.external(&person.id))?).into_iter().next();
        let email = person.email.as_ref().filter(|_| !person.shares_email);
        let (None, Some(email)) = (&by_id, email) else { return Ok(by_id) };
        let mut by_email = members(self.run.tx.with_key(RecordKind::Member, &email_key(email))?);
        if by_email.len() > 1 {
            let issue = ImportIssue::warning(USERS, "oneroster.ambiguous_email", "several members have this address");
            self.run.report.push(issue.row(person.line).field("email"));
            return Ok(None);
        }
        Ok(by_email.pop())
    }

    fn person(
        &mut self,
        person: &Person,
        before: Option<Member>,
        mentioned: &BTreeSet<&str>,
    ) -> Result<Option<MemberId>> {
        let wanted = self.wanted(person)?;
        let place = Place { file: person.file, row: person.line };
        let Some(before) = before else { return self.add_member(person, &wanted, place) };
        let id = before.id;
        if before.state == MemberState::Ended {
            let issue = ImportIssue::note(place.file, "oneroster.member_ended", "has left the community; not changed");
            self.run.report.push(issue.row(place.row));
            self.run.report.count(RecordKind::Member).unchanged += 1;
            return Ok(Some(id));
        }
        let position = self.run.tx.position();
        if let Some(edit) = self.edit(person, &before) {
            self.run.attempt(Op::ReviseMember(edit), place, Severity::Warning)?;
        }
        for wanted in &wanted {
            self.affiliate(&before, wanted)?;
        }
        if self.roster.roles_are_all && person.names.is_some() {
            let managed = |role: &Role| is_roster_role(role) || mentioned.contains(role.code());
            let listed = |a: &Affiliation| {
                wanted.iter().any(|w| !w.row.gone && w.organization == a.organization && w.role == a.role.code())
            };
            let ended: Vec<_> =
                before.affiliations.iter().filter(|a| managed(&a.role) && !listed(a)).cloned().collect();
            self.end(id, &ended, place)?;
        }
        let wrote = self.run.tx.position() > position;
        let count = self.run.report.count(RecordKind::Member);
        if wrote {
            count.updated += 1
        } else {
            count.unchanged += 1
        }
        Ok(Some(id))
    }

    /// The person's affiliations, each once, at organizations that are known.
    fn wanted<'p>(&mut self, person: &'p Person) -> Result<Vec<Wanted<'p>>> {
        let mut wanted: Vec<Wanted<'p>> = Vec::new();
        for row in &person.places {
            let Some(organization) = self.resolve(&row.org)? else {
                let issue =
                    ImportIssue::warning(row.file, "oneroster.unknown_org", "no such organization; no affiliation");
                self.run.report.push(issue.row(row.line).field("orgSourcedId"));
                continue;
            };
            let role = role(&row.role, &self.place(organization)?.0);
            if !wanted.iter().any(|w| w.organization == organization && w.role == role && w.row.since == row.since) {
                wanted.push(Wanted { row, organization, role });
            }
        }
        Ok(wanted)
    }

    fn add_member(&mut self, person: &Person, wanted: &[Wanted<'_>], place: Place<'_>) -> Result<Option<MemberId>> {
        let Some(names) = &person.names else {
            let issue = ImportIssue::warning(place.file, "oneroster.unknown_user", "no such user among the staff");
            self.run.report.push(issue.row(place.row).field("userSourcedId"));
            return Ok(None);
        };
        if !person.places.is_empty() && person.places.iter().all(|place| place.gone) {
            self.run.report.skip("inactive_users");
            return Ok(None);
        }
        let mut new = NewMember::new(&names.given, &names.family).with_external_id(self.external(&person.id));
        new.display = names.display.clone();
        new.emails.extend(person.email.as_ref().map(ToString::to_string));
        new.affiliations = wanted.iter().filter(|w| !w.row.gone).map(|w| w.affiliation(None)).collect();
        let Some(record) = self.run.attempt(Op::AddMember(new), place, Severity::Error)? else { return Ok(None) };
        self.run.report.count(RecordKind::Member).added += 1;
        Ok(Some(record.header().id.into()))
    }

    /// What the roster knows better; none where nothing differs.
    fn edit(&self, person: &Person, before: &Member) -> Option<MemberEdit> {
        let mut edit = MemberEdit::new(before.id);
        let external = self.external(&person.id);
        if !before.external_ids.contains(&external) {
            edit.external_ids.push(external);
        }
        if let Some(names) = &person.names {
            edit.given = Some(names.given.clone()).filter(|given| *given != before.given);
            edit.family = Some(names.family.clone()).filter(|family| *family != before.family);
            // A name that somebody chose for themselves is theirs.
            let plain =
                |given: &str, family: &str| -> String { format!("{given} {family}").chars().take(200).collect() };
            let display = names.display.clone().unwrap_or_else(|| plain(&names.given, &names.family));
            let chosen = before.display != plain(&before.given, &before.family);
            edit.display = Some(display).filter(|display| !chosen && *display != before.display);
        }
        if let Some(email) = person.email.as_ref().filter(|email| !has_email(before, email)) {
            let mut emails: Vec<String> = before.emails.iter().map(ToString::to_string).collect();
            emails.push(email.to_string());
            edit.emails = Some(emails);
        }
        (edit != MemberEdit::new(before.id)).then_some(edit)
    }

    fn affiliate(&mut self, before: &Member, wanted: &Wanted<'_>) -> Result<()> {
        let place = Place { file: wanted.row.file, row: wanted.row.line };
        let same = |a: &&Affiliation| a.organization == wanted.organization && a.role.code() == wanted.role;
        let open = before.affiliations.iter().filter(same).find(|a| a.until.is_none());
        match (open, wanted.row.gone, wanted.row.until) {
            (Some(open), true, until) => {
                let open = open.clone();
                let until = until.filter(|until| *until < self.today);
                self.end_one(before.id, &open, until.unwrap_or(self.today), place)
            }
            (Some(open), false, Some(until)) => {
                let open = open.clone();
                self.end_one(before.id, &open, until, place)
            }
            (Some(_), false, None) | (None, true, _) => Ok(()),
            (None, false, until) => {
                let mut past = before.affiliations.iter().filter(same);
                let recorded =
                    |a: &Affiliation| a.until == until && wanted.row.since.is_none_or(|s| a.since == Some(s));
                if until.is_some() && past.clone().any(recorded) {
                    return Ok(());
                }
                // Somebody who comes back comes back today.
                let since = past.next().map(|_| self.today);
                let affiliation = wanted.affiliation(since);
                let op = Op::AddAffiliation(AffiliationOf { member: before.id, affiliation });
                self.run.attempt(op, place, Severity::Warning).map(drop)
            }
        }
    }

    /// Ends today what is open at the source's organizations.
    fn end(&mut self, member: MemberId, affiliations: &[Affiliation], place: Place<'_>) -> Result<()> {
        for affiliation in affiliations {
            if affiliation.until.is_none() && self.place(affiliation.organization)?.1 {
                self.end_one(member, affiliation, self.today, place)?;
            }
        }
        Ok(())
    }

    fn end_one(&mut self, member: MemberId, open: &Affiliation, until: NaiveDate, place: Place<'_>) -> Result<()> {
        let (organization, role) = (open.organization, open.role.code().to_owned());
        let op = Op::EndAffiliation(EndOfAffiliation { member, organization, role, until });
        self.run.attempt(op, place, Severity::Warning).map(drop)
    }

    /// Ends the affiliations of those whom the roster no longer has, unless they are suspiciously many.
    fn absences(&mut self, known: Vec<Member>, present: &HashSet<MemberId>, options: &ImportOptions) -> Result<()> {
        let roster = self.roster;
        let gone: BTreeMap<&str, u64> =
            roster.staff.iter().filter(|person| person.gone).map(|person| (person.id.as_str(), person.line)).collect();
        let (mut active, mut leaving) = (0usize, Vec::new());
        for member in known {
            let mut open = Vec::new();
            for affiliation in member.affiliations.iter().filter(|a| a.until.is_none()) {
                if self.place(affiliation.organization)?.1 {
                    open.push(affiliation.clone());
                }
            }
            let ids = || member.external_ids.iter().filter(|id| id.system == self.system).map(|id| id.value.as_str());
            let line = ids().find_map(|id| gone.get(id).copied());
            let absent = roster.absence_counts && !ids().any(|id| roster.unread.contains(id));
            active += usize::from(!open.is_empty());
            if !present.contains(&member.id) && (line.is_some() || absent) {
                leaving.push((member.id, open, line));
            }
        }
        let count = leaving.iter().filter(|(_, open, _)| !open.is_empty()).count();
        let percent = count * 100;
        if count > ALWAYS_ALLOWED && percent > active * usize::from(options.mass_deactivation_limit) {
            let limit = options.mass_deactivation_limit;
            let detail = format!("{count} of {active} people would be deactivated, {limit} % are allowed");
            return Err(Error::precondition("users", "import.mass_deactivation", detail));
        }
        for (member, open, line) in leaving {
            let position = self.run.tx.position();
            self.end(member, &open, Place { file: USERS, row: line.unwrap_or(0) })?;
            let count = self.run.report.count(RecordKind::Member);
            if self.run.tx.position() > position { count.deactivated += 1 } else { count.unchanged += 1 }
        }
        Ok(())
    }
}

/// Whether the member has the address, in whatever case.
fn has_email(member: &Member, email: &Email) -> bool {
    member.emails.iter().any(|known| known.code().eq_ignore_ascii_case(email.code()))
}

impl Wanted<'_> {
    fn affiliation(&self, since: Option<NaiveDate>) -> NewAffiliation {
        NewAffiliation {
            organization: self.organization,
            role: self.role.clone(),
            grades: self.row.grades.iter().map(ToString::to_string).collect(),
            since: self.row.since.or(since),
            until: self.row.until,
        }
    }
}
