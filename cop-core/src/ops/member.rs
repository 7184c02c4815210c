//! Members: how people come, change and go.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::organization::external_ids;
use super::{AffiliationOf, CommunityRolesOf, Decision, EndOfAffiliation, MemberRef};
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId};
use crate::model::{
    Affiliation, CommunityRole, Contact, ExternalId, Member, MemberFact, MemberState, Organization, RecordKind,
};
use crate::text::NAME;

/// A member to be added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Given name, 1 to 200 characters.
    pub given: String,
    /// Family name, 1 to 200 characters.
    pub family: String,
    /// The name to show; given and family name unless said.
    #[serde(default)]
    pub display: Option<String>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Where they work, as what, since when.
    #[serde(default)]
    pub affiliations: Vec<NewAffiliation>,
    /// Community roles; `member` unless said.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What other systems call them. The id is made from the first.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
}

impl NewMember {
    /// A member with this given and family name.
    pub fn new(given: impl Into<String>, family: impl Into<String>) -> Self {
        Self { given: given.into(), family: family.into(), ..Self::default() }
    }

    /// The name to show.
    #[must_use]
    pub fn with_display(mut self, display: impl Into<String>) -> Self {
        self.display = Some(display.into());
        self
    }

    /// An e-mail address.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.emails.push(email.into());
        self
    }

    /// Where they work.
    #[must_use]
    pub fn with_affiliation(mut self, affiliation: NewAffiliation) -> Self {
        self.affiliations.push(affiliation);
        self
    }

    /// A community role: `owner`, `steward`, `convener`, `member` or `observer`.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// What another system calls them.
    #[must_use]
    pub fn with_external_id(mut self, id: ExternalId) -> Self {
        self.external_ids.push(id);
        self
    }
}

/// A place in an organization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAffiliation {
    /// Where.
    pub organization: OrganizationId,
    /// `teacher`, `coach`, `specialist`, `site_admin`, `district_admin`, `county_leader`,
    /// `university_partner`, `researcher`, `community_partner`, or a code of your own.
    pub role: String,
    /// Grades taught.
    #[serde(default)]
    pub grades: Vec<String>,
    /// First day.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl NewAffiliation {
    /// A current affiliation with no known beginning.
    pub fn new(organization: OrganizationId, role: impl Into<String>) -> Self {
        Self { organization, role: role.into(), grades: Vec::new(), since: None, until: None }
    }
}

/// Changes to a member's names and addresses; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberEdit {
    /// Whose.
    pub member: MemberId,
    /// Given name.
    #[serde(default)]
    pub given: Option<String>,
    /// Family name.
    #[serde(default)]
    pub family: Option<String>,
    /// The name to show.
    #[serde(default)]
    pub display: Option<String>,
    /// All e-mail addresses.
    #[serde(default)]
    pub emails: Option<Vec<String>>,
    /// Who sees them: `private` or `community`.
    #[serde(default)]
    pub contact: Option<String>,
    /// More of what other systems call them.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
}

impl MemberEdit {
    /// No changes yet.
    pub fn new(member: MemberId) -> Self {
        Self { member, given: None, family: None, display: None, emails: None, contact: None, external_ids: Vec::new() }
    }
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewMember) -> Result<Member> {
    decision.permit(decision.stewards()?)?;
    let mut check = Check::default();
    let given = check.text("given", &input.given, NAME);
    let family = check.text("family", &input.family, NAME);
    let display = match &input.display {
        Some(display) => check.text("display", display, NAME),
        None => format!("{given} {family}").chars().take(200).collect(),
    };
    let emails = check.values("emails", &input.emails);
    let mut roles: BTreeSet<CommunityRole> = check.values("roles", &input.roles);
    let external_ids = external_ids(&mut check, &input.external_ids);
    let affiliations = read_affiliations(&mut check, &input.affiliations);
    check.input()?;
    if roles.is_empty() {
        roles.insert(CommunityRole::Member);
    }
    if roles.iter().any(|role| *role != CommunityRole::Member && *role != CommunityRole::Observer) {
        decision.permit(is_owner(decision)?)?;
    }
    check_organizations(decision, &affiliations)?;
    let id: MemberId = match external_ids.first() {
        Some(first) => first.name_of("member").into(),
        None => decision.new_id().into(),
    };
    if decision.reads().exists(RecordKind::Member, id.uuid())? {
        return Err(Error::AlreadyExists { kind: "member", id: id.to_string() });
    }
    let fact = if decision.by_host() { MemberFact::Activated } else { MemberFact::Invited };
    let facts = BTreeSet::from([fact]);
    let now = decision.context.now;
    Ok(decision.create(Member {
        id,
        created_by: decision.actor().member(),
        created_at: now,
        revised_at: now,
        revision: 0,
        given,
        family,
        display,
        emails,
        contact: Contact::Private,
        affiliations,
        external_ids: external_ids.into_iter().collect(),
        roles,
        state: MemberState::of(&facts),
        facts,
    }))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &MemberEdit) -> Result<Member> {
    let before = decision.subject::<Member>(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    let mut check = Check::default();
    let mut after = before.clone();
    for (field, given, into) in [
        ("given", &input.given, &mut after.given),
        ("family", &input.family, &mut after.family),
        ("display", &input.display, &mut after.display),
    ] {
        if let Some(given) = given {
            *into = check.text(field, given, NAME);
        }
    }
    if let Some(emails) = &input.emails {
        after.emails = check.values("emails", emails);
    }
    if let Some(contact) = &input.contact {
        after.contact = check.value("contact", contact).unwrap_or(after.contact);
    }
    after.external_ids.extend(external_ids(&mut check, &input.external_ids));
    check.input()?;
    Ok(decision.change(before, after))
}

pub(super) fn add_affiliation(decision: &mut Decision<'_>, input: &AffiliationOf) -> Result<Member> {
    let before = decision.subject::<Member>(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    let mut check = Check::default();
    let affiliations = read_affiliations(&mut check, std::slice::from_ref(&input.affiliation));
    check.input()?;
    check_organizations(decision, &affiliations)?;
    let mut after = before.clone();
    after.affiliations.extend(affiliations);
    Ok(decision.change(before, after))
}

pub(super) fn end_affiliation(decision: &mut Decision<'_>, input: &EndOfAffiliation) -> Result<Member> {
    let before = decision.subject::<Member>(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    let mut check = Check::default();
    let role = check.value("role", &input.role);
    check.date("until", Some(input.until));
    let open = before
        .affiliations
        .iter()
        .find(|a| a.organization == input.organization && Some(&a.role) == role.as_ref() && a.until.is_none());
    check.require(
        open.is_none_or(|a| a.since.is_none_or(|since| since <= input.until)),
        "until",
        "affiliation.span",
        "an affiliation cannot end before it began",
    );
    check.input()?;
    let Some(open) = open.cloned() else {
        return Err(Error::precondition("organization", "affiliation.none", "there is no such open affiliation"));
    };
    let mut after = before.clone();
    after.affiliations.remove(&open);
    after.affiliations.insert(Affiliation { until: Some(input.until), ..open });
    Ok(decision.change(before, after))
}

pub(super) fn set_roles(decision: &mut Decision<'_>, input: &CommunityRolesOf) -> Result<Member> {
    let before = decision.subject::<Member>(input.member)?;
    let owner = is_owner(decision)?;
    decision.permit(owner && decision.actor().member() != Some(before.id))?;
    let mut check = Check::default();
    let roles: BTreeSet<CommunityRole> = check.values("roles", &input.roles);
    check.require(!input.roles.is_empty(), "roles", "roles.empty", "a member has at least one role");
    check.input()?;
    let mut after = before.clone();
    after.roles = roles;
    keep_an_owner(decision, &before, &after)?;
    Ok(decision.change(before, after))
}

pub(super) fn activate(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.subject::<Member>(input.member)?;
    decision.permit(decision.actor().member() == Some(before.id))?;
    let mut check = Check::default();
    let invited = decision.by_host() || before.state != MemberState::Requested;
    check.require(invited, "member", "member.not_invited", "the request has not been approved");
    check.require(
        before.state != MemberState::Ended,
        "member",
        "member.ended",
        "the membership of the community is over",
    );
    check.state()?;
    Ok(add_fact(decision, before, MemberFact::Activated))
}

pub(super) fn end(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.subject::<Member>(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    let mut after = before.clone();
    after.facts.insert(MemberFact::Ended);
    after.state = MemberState::of(&after.facts);
    keep_an_owner(decision, &before, &after)?;
    Ok(decision.change(before, after))
}

fn add_fact(decision: &mut Decision<'_>, before: Member, fact: MemberFact) -> Member {
    let mut after = before.clone();
    after.facts.insert(fact);
    after.state = MemberState::of(&after.facts);
    decision.change(before, after)
}

fn permit_self_or_steward(decision: &Decision<'_>, member: MemberId) -> Result<()> {
    let own = decision.actor().member() == Some(member);
    decision.permit(own || decision.stewards()?)
}

fn is_owner(decision: &Decision<'_>) -> Result<bool> {
    let Some(actor) = decision.actor().member() else { return Ok(false) };
    Ok(decision.reads().one::<Member>(actor)?.is_some_and(|member| member.holds(CommunityRole::Owner)))
}

/// The community always has an owner: the last one cannot leave, be removed or be demoted.
fn keep_an_owner(decision: &Decision<'_>, before: &Member, after: &Member) -> Result<()> {
    if !before.holds(CommunityRole::Owner) || after.holds(CommunityRole::Owner) {
        return Ok(());
    }
    let owners = decision.reads().find(RecordKind::Member, "role:owner")?;
    if owners.iter().any(|&id| id != before.id.uuid()) {
        return Ok(());
    }
    Err(Error::precondition("member", "member.last_owner", "the community needs another owner first"))
}

fn read_affiliations(check: &mut Check, raw: &[NewAffiliation]) -> BTreeSet<Affiliation> {
    let mut affiliations = BTreeSet::new();
    for (index, raw) in raw.iter().enumerate() {
        let at = |field: &str| format!("affiliations[{index}].{field}");
        let role = check.value(&at("role"), &raw.role);
        let grades = check.values(&at("grades"), &raw.grades);
        let since = check.date(&at("since"), raw.since);
        let until = check.date(&at("until"), raw.until);
        let ordered = since.zip(until).is_none_or(|(since, until)| since <= until);
        check.require(ordered, &at("until"), "affiliation.span", "an affiliation cannot end before it began");
        if let Some(role) = role {
            affiliations.insert(Affiliation { organization: raw.organization, role, grades, since, until });
        }
    }
    affiliations
}

fn check_organizations(decision: &Decision<'_>, affiliations: &BTreeSet<Affiliation>) -> Result<()> {
    affiliations.iter().try_for_each(|a| decision.subject::<Organization>(a.organization).map(drop))
}
