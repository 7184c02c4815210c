//! Brings a community to what a roster says: rows into operations.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::parse::{ORGS, Roster, USERS};
use super::rows::{Org, Person, Place as RosterPlace};
use super::vocabulary::{is_roster_role, role};
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId};
use crate::interop::run::{Place, Run};
use crate::interop::{ImportIssue, ImportOptions, Severity};
use crate::model::{
    Affiliation, AnyRecord, Email, ExternalId, Member, MemberState, Organization, OrganizationKind, OrganizationStatus,
    RecordKind, RecordRef, Role,
};
use crate::ops::OrganizationEdit;
use crate::ops::{AffiliationOf, EndOfAffiliation, MemberEdit, NewAffiliation, NewMember, NewOrganization, Op};
use crate::store::system_key;

/// No tree of organizations is deeper.
const MAX_DEPTH: usize = 64;
/// So few people may always be deactivated.
const ALWAYS_ALLOWED: usize = 10;

pub(super) fn apply(run: &mut Run<'_, '_>, roster: &Roster, options: &ImportOptions) -> Result<()> {
    let system = format!("oneroster:{}", roster.source);
    let known = members(run.tx.with_key(RecordKind::Member, &system_key(&system))?);
    let today = run.tx.today();
    let mut import = Import { run, roster, system, today, orgs: HashMap::new(), places: HashMap::new() };
    import.organizations()?;
    let present = import.people()?;
    import.absences(known, &present, options)
}

fn members(records: Vec<AnyRecord>) -> Vec<Member> {
    let member = |record| if let AnyRecord::Member(member) = record { Some(member) } else { None };
    records.into_iter().filter_map(member).collect()
}

struct Import<'a, 'r, 't> {
    run: &'a mut Run<'r, 't>,
    roster: &'a Roster,
    system: String,
    today: NaiveDate,
    /// The organizations of the source, by `sourcedId`.
    orgs: HashMap<String, Option<OrganizationId>>,
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
    fn external(&self, id: &str) -> ExternalId {
        ExternalId::new(self.system.as_str(), id)
    }

    fn organizations(&mut self) -> Result<()> {
        let rows: BTreeMap<&str, &Org> = self.roster.orgs.iter().map(|org| (org.id.as_str(), org)).collect();
        let mut done = HashSet::new();
        for org in &self.roster.orgs {
            // Those above first: up until one that is done, then down again.
            let mut chain = vec![org];
            while let Some(above) = chain.last().and_then(|org| rows.get(org.parent.as_deref()?)) {
                let circular = chain.len() >= MAX_DEPTH || chain.iter().any(|below| below.id == above.id);
                if circular || done.contains(above.id.as_str()) {
                    break;
                }
                chain.push(above);
            }
            for org in chain.into_iter().rev() {
                if done.insert(org.id.as_str()) {
                    self.organization(org)?;
                    self.run.step()?;
                }
            }
        }
        Ok(())
    }

    fn organization(&mut self, org: &Org) -> Result<()> {
        let place = Place { file: ORGS, row: org.line };
        let before = match self.find_organization(org)? {
            Some(before) => before,
            None if org.gone => {
                self.run.report.skip("inactive_organizations");
                return Ok(());
            }
            None => return self.add_organization(org, place),
        };
        self.orgs.insert(org.id.clone(), Some(before.id));
        let position = self.run.tx.position();
        let mut edit = OrganizationEdit::new(before.id);
        edit.external_ids = self.ids(org);
        edit.status = match (org.gone, before.status) {
            (true, _) => Some(OrganizationStatus::Closed.code().to_owned()),
            (false, OrganizationStatus::Closed) => Some(OrganizationStatus::Active.code().to_owned()),
            _ => None,
        };
        // An organization with a CDS code is what the state's directory says.
        if before.cds.is_none() {
            edit.name = Some(org.name.clone());
            edit.kind = Some(org.kind.clone());
            if let Some(parent) = self.parent(org)?.filter(|parent| Some(*parent) != before.parent) {
                let mut with_parent = OrganizationEdit::new(before.id);
                with_parent.parent = Some(parent);
                self.run.attempt(Op::ReviseOrganization(with_parent), place, Severity::Warning)?;
            }
        }
        self.run.attempt(Op::ReviseOrganization(edit), place, Severity::Warning)?;
        let wrote = self.run.tx.position() > position;
        let count = self.run.report.count(RecordKind::Organization);
        match (wrote, org.gone) {
            (true, true) => count.deactivated += 1,
            (true, false) => count.updated += 1,
            (false, _) => count.unchanged += 1,
        }
        Ok(())
    }

    fn add_organization(&mut self, org: &Org, place: Place<'_>) -> Result<()> {
        let mut new = NewOrganization::new(&org.kind, &org.name);
        new.external_ids = self.ids(org);
        new.cds = org.cds.map(|cds| cds.to_string());
        new.parent = self.parent(org)?;
        // First as the file has it, then without what does not fit: a code of another level, a parent below.
        let mut tries = vec![(new.clone(), Severity::Warning)];
        if new.cds.is_some() {
            tries.push((NewOrganization { cds: None, ..new.clone() }, Severity::Warning));
        }
        tries.push((NewOrganization { cds: None, parent: None, ..new }, Severity::Error));
        for (new, severity) in tries {
            if let Some(record) = self.run.attempt(Op::AddOrganization(new), place, severity)? {
                self.orgs.insert(org.id.clone(), Some(record.header().id.into()));
                self.run.report.count(RecordKind::Organization).added += 1;
                break;
            }
        }
        Ok(())
    }

    /// The organization of this `sourcedId`, or else of this CDS code.
    fn find_organization(&self, org: &Org) -> Result<Option<Organization>> {
        let by_id = self.run.tx.find(RecordKind::Organization, &self.external(&org.id))?;
        let found = match (by_id.into_iter().next(), org.cds) {
            (Some(found), _) => Some(found),
            (None, Some(cds)) => {
                self.run.tx.with_key(RecordKind::Organization, &format!("cds:{cds}"))?.into_iter().next()
            }
            (None, None) => None,
        };
        Ok(found.and_then(|record| if let AnyRecord::Organization(found) = record { Some(found) } else { None }))
    }

    fn ids(&self, org: &Org) -> Vec<ExternalId> {
        let mut ids = vec![self.external(&org.id)];
        let other = org.identifier.as_ref();
        ids.extend(other.map(|value| ExternalId::new(format!("{}:identifier", self.system), value.as_str())));
        ids
    }

    fn parent(&mut self, org: &Org) -> Result<Option<OrganizationId>> {
        let Some(parent) = &org.parent else { return Ok(None) };
        let found = self.resolve(parent)?.filter(|_| *parent != org.id);
        if found.is_none() {
            let issue =
                ImportIssue::warning(ORGS, "oneroster.unknown_org", "no such organization; left without parent");
            self.run.report.push(issue.row(org.line).field("parentSourcedId"));
        }
        Ok(found)
    }

    /// The organization that the source knows by this id.
    fn resolve(&mut self, sourced_id: &str) -> Result<Option<OrganizationId>> {
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
        let mut by_email =
            members(self.run.tx.with_key(RecordKind::Member, &format!("email:{}", email.code().to_lowercase()))?);
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
