//! Members: how people come, change and go.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::organization::external_ids;
use super::team::raise_leaving;
use super::{
    AffiliationOf, CommitmentOf, CommunityRolesOf, Decision, EndOfAffiliation, MemberRef, Reads, StepOf, new_record,
};
use crate::access::Token;
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::{
    AdmissionDecision, Affiliation, Commitment, CommunityRole, Contact, ExternalId, FindingKind, Member, MemberEvent,
    MemberState, Organization, RecordKind, SchoolYear, Team, TeamKind, TeamState,
};
use crate::store::{OWNERS, email_key, organization_key};
use crate::text::{BODY, NAME, TAG, TITLE};

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
    /// Their pronouns, at most 64 characters; an empty text clears them.
    #[serde(default)]
    pub pronouns: Option<String>,
    /// A few words about themselves; an empty text clears them.
    #[serde(default)]
    pub bio: Option<String>,
}

impl MemberEdit {
    /// No changes yet.
    pub fn new(member: MemberId) -> Self {
        Self {
            member,
            given: None,
            family: None,
            display: None,
            emails: None,
            contact: None,
            external_ids: Vec::new(),
            pronouns: None,
            bio: None,
        }
    }
}

/// The answer to a request to take part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberDecision {
    /// Whose request.
    pub member: MemberId,
    /// Why, at most 300 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

impl From<MemberId> for MemberDecision {
    fn from(member: MemberId) -> Self {
        Self { member, reason: None }
    }
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewMember) -> Result<Member> {
    decision.permit(decision.stewards()?)?;
    let event = if decision.by_host() { MemberEvent::Activated } else { MemberEvent::Invited };
    create(decision, input, event)
}

pub(super) fn request(decision: &mut Decision<'_>, input: &NewMember) -> Result<Member> {
    decision.permit(false)?;
    let mut check = Check::default();
    check.require(input.roles.is_empty(), "roles", "member.roles", "who asks to take part has no roles yet");
    check.input()?;
    create(decision, input, MemberEvent::Requested)
}

fn create(decision: &mut Decision<'_>, input: &NewMember, event: MemberEvent) -> Result<Member> {
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
    if roles.iter().any(|&role| is_power(role)) {
        decision.permit(is_owner(decision)?)?;
    }
    check_organizations(decision, &affiliations)?;
    let id: MemberId = match external_ids.first() {
        Some(first) => {
            let named = first.name_of("member");
            if decision.reads().exists(RecordKind::Member, named)? {
                return Err(Error::AlreadyExists { kind: "member", id: named.to_string() });
            }
            named.into()
        }
        None => decision.new_id().into(),
    };
    let mut member = new_record!(
        decision,
        Member {
            id,
            given,
            family,
            display,
            emails,
            contact: Contact::Private,
            affiliations,
            external_ids: external_ids.into_iter().collect(),
            roles,
            state: MemberState::Known,
            facts: BTreeSet::new(),
            pronouns: None,
            bio: None,
            steps: BTreeSet::new(),
            commitments: BTreeSet::new(),
            decision: None,
            same_as: BTreeSet::new(),
            merged_into: None,
        }
    );
    member.add_fact(event);
    let member = decision.create(member);
    raise_duplicates(decision, &member)?;
    Ok(member)
}

/// The keys that [`raise_duplicates`] looks up.
pub(super) fn keys_asked(input: &NewMember) -> Vec<(RecordKind, String)> {
    let emails = input.emails.iter().filter_map(|email| email.parse().ok());
    emails.map(|email| (RecordKind::Member, email_key(&email))).collect()
}

/// Other people with the same address are no error: families share one, and typing errs. Somebody should look.
fn raise_duplicates(decision: &mut Decision<'_>, member: &Member) -> Result<()> {
    for email in &member.emails {
        for other in decision.reads().find(RecordKind::Member, &email_key(email))? {
            if other != member.id.uuid() {
                let both = [member.id.into(), MemberId::new(other).into()];
                decision.raise(FindingKind::DuplicateEmail, both, None, "two members have the same e-mail address")?;
            }
        }
    }
    Ok(())
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &MemberEdit) -> Result<Member> {
    let before = decision.person(input.member)?;
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
    if input.pronouns.is_some() {
        after.pronouns = check.optional_text("pronouns", input.pronouns.as_ref(), TAG);
    }
    if input.bio.is_some() {
        after.bio = check.optional_text("bio", input.bio.as_ref(), BODY);
    }
    check.input()?;
    let member = decision.change(before, after);
    if input.emails.is_some() {
        raise_duplicates(decision, &member)?;
    }
    Ok(member)
}

pub(super) fn add_affiliation(decision: &mut Decision<'_>, input: &AffiliationOf) -> Result<Member> {
    let before = decision.person(input.member)?;
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
    let before = decision.person(input.member)?;
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
    let before = decision.person(input.member)?;
    let owner = is_owner(decision)?;
    decision.permit(owner && !decision.acts_as(before.id))?;
    let mut check = Check::default();
    let roles: BTreeSet<CommunityRole> = check.values("roles", &input.roles);
    check.require(!input.roles.is_empty(), "roles", "roles.empty", "a member has at least one role");
    check.input()?;
    let mut after = before.clone();
    after.roles = roles;
    keep_an_owner(decision, &before, &after)?;
    Ok(decision.change(before, after))
}

pub(super) fn ask_to_rejoin(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.person(input.member)?;
    decision.permit(decision.acts_as(before.id))?;
    let mut check = Check::default();
    let outside = matches!(before.state, MemberState::Known | MemberState::Ended | MemberState::Invited);
    check.require(outside, "member", "member.not_outside", "takes part already, or has asked to");
    check.state()?;
    Ok(add_fact(decision, before, MemberEvent::Requested))
}

pub(super) fn invite(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    decision.permit(decision.stewards()?)?;
    let before = decision.person(input.member)?;
    let mut check = Check::default();
    let outside = matches!(before.state, MemberState::Known | MemberState::Ended | MemberState::Requested);
    check.require(outside, "member", "member.not_outside", "takes part already, or is invited");
    check.state()?;
    Ok(add_fact(decision, before, MemberEvent::Invited))
}

pub(super) fn approve(decision: &mut Decision<'_>, input: &MemberDecision) -> Result<Member> {
    let (before, answer) = answer_request(decision, input, true)?;
    let mut after = Member { decision: Some(answer), ..before.clone() };
    after.add_fact(MemberEvent::Approved);
    Ok(decision.change(before, after))
}

pub(super) fn decline(decision: &mut Decision<'_>, input: &MemberDecision) -> Result<Member> {
    let (before, answer) = answer_request(decision, input, false)?;
    let mut after = Member { decision: Some(answer), ..before.clone() };
    after.add_fact(MemberEvent::Declined);
    Ok(decision.change(before, after))
}

/// A request is answered by a lead of the requester's region, or by a steward.
fn answer_request(
    decision: &Decision<'_>,
    input: &MemberDecision,
    approved: bool,
) -> Result<(Member, AdmissionDecision)> {
    let before = decision.person(input.member)?;
    decision.permit(!decision.acts_as(before.id) && answers_for(decision, &before)?)?;
    let mut check = Check::default();
    let reason = check.optional_text("reason", input.reason.as_ref(), TITLE);
    check.input()?;
    if before.state != MemberState::Requested {
        return Err(Error::precondition("member", "member.not_requested", "there is no open request"));
    }
    Ok((before, AdmissionDecision { approved, by: decision.actor().member(), at: decision.context.now, reason }))
}

/// Whether the actor stewards the community, or leads the member's region.
pub(super) fn answers_for(decision: &Decision<'_>, member: &Member) -> Result<bool> {
    let viewer = decision.context.viewer;
    let leads = |team: &Team| viewer.holds(Token::TeamLead(team.id));
    Ok(decision.stewards()? || regional_teams(decision.reads(), member, decision.today())?.iter().any(leads))
}

/// The regional teams, but archived ones, that look after a member: those that bring together an organization at or above
/// one of the member's affiliations in force on `day`.
///
/// # Errors
/// Whatever the store answers with.
pub fn regional_teams(reads: &dyn Reads, member: &Member, day: NaiveDate) -> Result<Vec<Team>> {
    let mut places = BTreeSet::new();
    for affiliation in member.affiliations.iter().filter(|affiliation| affiliation.in_force(day)) {
        reads.add_with_all_above(affiliation.organization, &mut places)?;
    }
    let mut found: BTreeMap<TeamId, Team> = BTreeMap::new();
    for place in places {
        for id in reads.find(RecordKind::Team, &organization_key(place))? {
            if let Some(team) = reads.one::<Team>(id.into())?
                && team.kind == TeamKind::Regional
                && team.state != TeamState::Archived
            {
                found.insert(team.id, team);
            }
        }
    }
    Ok(found.into_values().collect())
}

pub(super) fn accept(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.person(input.member)?;
    decision.permit(decision.acts_as(before.id))?;
    if before.state != MemberState::Invited {
        return Err(Error::precondition("member", "member.not_invited", "there is no open invitation"));
    }
    Ok(add_fact(decision, before, MemberEvent::Accepted))
}

pub(super) fn complete_step(decision: &mut Decision<'_>, input: &StepOf) -> Result<Member> {
    let before = decision.person(input.member)?;
    decision.permit(decision.acts_as(before.id) || answers_for(decision, &before)?)?;
    let mut check = Check::default();
    let known = decision.policies()?.onboarding.iter().any(|step| step.code == input.step);
    check.require(known, "step", "member.step_unknown", "the community's onboarding has no such step");
    check.input()?;
    check_not_over(&before)?;
    let mut after = before.clone();
    after.steps.insert(input.step.clone());
    Ok(decision.change(before, after))
}

pub(super) fn commit(decision: &mut Decision<'_>, input: &CommitmentOf) -> Result<Member> {
    let before = decision.person(input.member)?;
    // A commitment is one's own: not even the host makes it.
    decision.acting_member()?;
    decision.permit(decision.acts_as(before.id))?;
    let mut check = Check::default();
    let year: Option<SchoolYear> = check.value("school_year", &input.school_year);
    check.input()?;
    check_not_over(&before)?;
    let mut after = before.clone();
    if let Some(school_year) = year
        && !before.commits_to(school_year)
    {
        after.commitments.insert(Commitment { school_year, at: decision.context.now });
    }
    Ok(decision.change(before, after))
}

pub(super) fn activate(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.person(input.member)?;
    decision.permit(decision.acts_as(before.id))?;
    let mut check = Check::default();
    let admitted = decision.by_host() || before.state != MemberState::Requested;
    check.require(admitted, "member", "member.not_approved", "the request has not been approved");
    check_not_over(&before)?;
    if before.is_live() || before.state == MemberState::Paused {
        return Ok(before);
    }
    let policies = decision.policies()?;
    for step in policies.onboarding.iter().filter(|step| step.required && !before.steps.contains(&step.code)) {
        check.require(false, &format!("steps.{}", step.code), "member.step_missing", "this step comes first");
    }
    if policies.commitment_required && !decision.by_host() {
        let year = policies.school_year_of(decision.today());
        let committed = year.is_ok_and(|year| before.commits_to(year));
        check.require(committed, "commitments", "member.commitment_missing", "commit to the school year first");
    }
    check.state()?;
    Ok(add_fact(decision, before, MemberEvent::Activated))
}

pub(super) fn pause(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.person(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    if before.state != MemberState::Active {
        return Err(Error::precondition("member", "member.not_active", "only who takes part can pause"));
    }
    let mut after = before.clone();
    after.add_fact(MemberEvent::Paused);
    keep_an_owner(decision, &before, &after)?;
    let member = decision.change(before, after);
    raise_leaving(decision, member.id)?;
    Ok(member)
}

pub(super) fn resume(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.person(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    if before.state != MemberState::Paused {
        return Err(Error::precondition("member", "member.not_paused", "only who paused can resume"));
    }
    Ok(add_fact(decision, before, MemberEvent::Resumed))
}

pub(super) fn end(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let before = decision.person(input.member)?;
    permit_self_or_steward(decision, before.id)?;
    if before.state == MemberState::Ended {
        return Ok(before);
    }
    let mut after = before.clone();
    after.add_fact(if decision.acts_as(before.id) { MemberEvent::Left } else { MemberEvent::Removed });
    keep_an_owner(decision, &before, &after)?;
    let member = decision.change(before, after);
    raise_leaving(decision, member.id)?;
    Ok(member)
}

fn check_not_over(member: &Member) -> Result<()> {
    if member.state == MemberState::Ended {
        return Err(Error::precondition("member", "member.ended", "the participation is over"));
    }
    Ok(())
}

fn add_fact(decision: &mut Decision<'_>, before: Member, event: MemberEvent) -> Member {
    let mut after = before.clone();
    after.add_fact(event);
    decision.change(before, after)
}

pub(super) fn permit_self_or_steward(decision: &Decision<'_>, member: MemberId) -> Result<()> {
    decision.permit(decision.acts_as(member) || decision.stewards()?)
}

pub(super) fn is_owner(decision: &Decision<'_>) -> Result<bool> {
    let Some(actor) = decision.actor().member() else { return Ok(false) };
    Ok(decision.reads().person(actor)?.is_some_and(|member| member.holds(CommunityRole::Owner)))
}

/// Whether the member holds no role beyond a member's.
pub(super) fn is_plain(member: &Member) -> bool {
    !member.roles.iter().any(|&role| is_power(role))
}

fn is_power(role: CommunityRole) -> bool {
    !matches!(role, CommunityRole::Member | CommunityRole::Observer)
}

/// The community always has an owner: the last one cannot leave, be removed or be demoted.
pub(super) fn keep_an_owner(decision: &Decision<'_>, before: &Member, after: &Member) -> Result<()> {
    if !before.holds(CommunityRole::Owner) || after.holds(CommunityRole::Owner) {
        return Ok(());
    }
    require_owner(decision, |owner| owner != before.id)
}

/// There is an owner among those who `stay`.
pub(super) fn require_owner(decision: &Decision<'_>, stay: impl Fn(MemberId) -> bool) -> Result<()> {
    let owners = decision.reads().find(RecordKind::Member, OWNERS)?;
    if owners.into_iter().map(MemberId::new).any(stay) {
        return Ok(());
    }
    Err(Error::precondition("member", "member.last_owner", "the community needs another owner first"))
}

/// Who does something with others takes part in the community.
pub(super) fn require_live(check: &mut Check, field: &str, person: Option<&Member>) {
    let live = person.is_some_and(Member::is_live);
    check.require(live, field, "member.not_active", "the member does not take part in the community");
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
