//! Teams: created by those who facilitate, kept by their leads.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::formation::{Crew, CrewChange};
use super::{Decision, TeamRef, new_record};
use crate::access::Token;
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::{
    Admission, FindingKind, FormationRule, Membership, MembershipState, Organization, Region, Team, TeamFact, TeamKind,
    TeamState, Term, Visibility,
};
use crate::text::{BODY, NAME, TAG, TITLE};

/// Most teams above one another.
const MAX_DEPTH: usize = 6;

/// A team to be created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// `regional`, `cross_district`, `district`, `site`, `working_group`, `project`, `course`, `cohort`, or a
    /// code of your own.
    pub kind: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// What it wants to do.
    #[serde(default)]
    pub charter: Option<String>,
    /// The team above it.
    #[serde(default)]
    pub parent: Option<TeamId>,
    /// The organizations it brings together.
    #[serde(default)]
    pub organizations: Vec<OrganizationId>,
    /// Its region; required of regional teams.
    #[serde(default)]
    pub region: Option<Region>,
    /// Its first day; required with `ends` of working groups, courses and cohorts.
    #[serde(default)]
    pub starts: Option<NaiveDate>,
    /// Its last day.
    #[serde(default)]
    pub ends: Option<NaiveDate>,
    /// `open`, `request`, `application`, `invite_only` (unless said) or `closed`.
    #[serde(default)]
    pub admission: Option<String>,
    /// The visibility its resources get: the team itself unless said.
    #[serde(default)]
    pub default_visibility: Option<String>,
    /// The widest visibility its published resources may have: `public` unless said.
    #[serde(default)]
    pub maximum_visibility: Option<String>,
    /// The organization that carries it.
    #[serde(default)]
    pub hub: Option<OrganizationId>,
    /// What its members must be, together, before it starts its work.
    #[serde(default)]
    pub formation: Option<FormationRule>,
    /// What an application must answer, each 1 to 300 characters; required with `application`.
    #[serde(default)]
    pub questions: Vec<String>,
}

impl NewTeam {
    /// A team of this kind and name.
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: kind.into(), name: name.into(), ..Self::default() }
    }

    /// What it wants to do.
    #[must_use]
    pub fn with_charter(mut self, charter: impl Into<String>) -> Self {
        self.charter = Some(charter.into());
        self
    }

    /// The team above it.
    #[must_use]
    pub fn with_parent(mut self, parent: TeamId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Its region.
    #[must_use]
    pub fn with_region(mut self, scheme: impl Into<String>, code: impl Into<String>) -> Self {
        self.region = Some(Region { scheme: scheme.into(), code: code.into() });
        self
    }

    /// Its first and last day.
    #[must_use]
    pub fn with_term(mut self, starts: NaiveDate, ends: NaiveDate) -> Self {
        (self.starts, self.ends) = (Some(starts), Some(ends));
        self
    }

    /// How one gets in.
    #[must_use]
    pub fn with_admission(mut self, admission: impl Into<String>) -> Self {
        self.admission = Some(admission.into());
        self
    }

    /// What its members must be, together, before it starts its work.
    #[must_use]
    pub fn with_formation(mut self, rule: FormationRule) -> Self {
        self.formation = Some(rule);
        self
    }

    /// One gets in by an application, which answers this question too.
    #[must_use]
    pub fn with_question(mut self, question: impl Into<String>) -> Self {
        self.admission = Some("application".to_owned());
        self.questions.push(question.into());
        self
    }

    /// An organization it brings together.
    #[must_use]
    pub fn with_organization(mut self, organization: OrganizationId) -> Self {
        self.organizations.push(organization);
        self
    }
}

/// Changes to a team; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamEdit {
    /// Which.
    pub team: TeamId,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it wants to do.
    #[serde(default)]
    pub charter: Option<String>,
    /// How one gets in.
    #[serde(default)]
    pub admission: Option<String>,
    /// All organizations it brings together.
    #[serde(default)]
    pub organizations: Option<Vec<OrganizationId>>,
    /// The visibility its resources get.
    #[serde(default)]
    pub default_visibility: Option<String>,
    /// The widest visibility its published resources may have.
    #[serde(default)]
    pub maximum_visibility: Option<String>,
    /// The organization that carries it.
    #[serde(default)]
    pub hub: Option<OrganizationId>,
    /// What its members must be, together; a rule that asks nothing takes it away.
    #[serde(default)]
    pub formation: Option<FormationRule>,
    /// How mature it is: `potential`, `coalescing`, `maturing`, `stewardship` or `transformation`.
    #[serde(default)]
    pub stage: Option<String>,
    /// All questions of an application.
    #[serde(default)]
    pub questions: Option<Vec<String>>,
    /// Its first day.
    #[serde(default)]
    pub starts: Option<NaiveDate>,
    /// Its last day.
    #[serde(default)]
    pub ends: Option<NaiveDate>,
}

impl TeamEdit {
    /// No changes yet.
    pub fn new(team: TeamId) -> Self {
        Self {
            team,
            name: None,
            charter: None,
            admission: None,
            organizations: None,
            default_visibility: None,
            maximum_visibility: None,
            hub: None,
            formation: None,
            stage: None,
            questions: None,
            starts: None,
            ends: None,
        }
    }
}

pub(super) fn create(decision: &mut Decision<'_>, input: &NewTeam) -> Result<Team> {
    decision.permit(decision.context.viewer.holds(Token::Facilitation))?;
    let mut check = Check::default();
    let kind: Option<TeamKind> = check.value("kind", &input.kind);
    let name = check.text("name", &input.name, NAME);
    let charter = check.text("charter", input.charter.as_deref().unwrap_or(""), BODY);
    let region = input.region.as_ref().map(|region| Region {
        scheme: check.text("region.scheme", &region.scheme, TAG),
        code: check.text("region.code", &region.code, TAG),
    });
    let starts = check.date("starts", input.starts);
    let ends = check.date("ends", input.ends);
    let term = starts.zip(ends).map(|(starts, ends)| Term { starts, ends });
    check.require(starts.is_some() == ends.is_some(), "ends", "team.term", "a term has a first and a last day");
    check.require(term.is_none_or(|t| t.starts <= t.ends), "ends", "team.term", "a term cannot end before it starts");
    let timed = kind.as_ref().is_some_and(TeamKind::is_timed);
    check.require(!timed || term.is_some(), "starts", "team.term_required", "a team of this kind needs a term");
    let regional = kind == Some(TeamKind::Regional);
    check.require(!regional || region.is_some(), "region", "team.region_required", "a regional team needs a region");
    let admission = check.optional("admission", input.admission.as_ref()).unwrap_or(Admission::InviteOnly);
    let questions = read_questions(&mut check, admission, &input.questions);
    let default_visibility: Option<Visibility> =
        check.optional("default_visibility", input.default_visibility.as_ref());
    let maximum_visibility =
        check.optional("maximum_visibility", input.maximum_visibility.as_ref()).unwrap_or(Visibility::Public);
    check.input()?;
    check_place(decision, input.parent)?;
    let organizations = check_organizations(decision, &input.organizations)?;
    let id: TeamId = decision.new_id().into();
    let default_visibility = default_visibility.unwrap_or(Visibility::Team(id));
    check_visibilities(default_visibility, maximum_visibility)?;
    let hub = input.hub.map(|id| decision.subject::<Organization>(id)).transpose()?.map(|hub| hub.id);
    let team = new_record!(
        decision,
        Team {
            id,
            kind: kind.unwrap_or(TeamKind::Project),
            name,
            charter,
            parent: input.parent,
            organizations,
            region,
            term,
            admission,
            default_visibility,
            maximum_visibility,
            state: TeamState::Forming,
            facts: BTreeSet::new(),
            hub,
            stage: None,
            formation: input.formation,
            questions,
        }
    );
    Ok(decision.create(team))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &TeamEdit) -> Result<Team> {
    let before = decision.subject::<Team>(input.team)?;
    permit_lead(decision, before.id)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(name) = &input.name {
        after.name = check.text("name", name, NAME);
    }
    if let Some(charter) = &input.charter {
        after.charter = check.text("charter", charter, BODY);
    }
    if let Some(admission) = &input.admission {
        after.admission = check.value("admission", admission).unwrap_or(after.admission);
    }
    if let Some(questions) = &input.questions {
        after.questions.clone_from(questions);
    }
    after.questions = read_questions(&mut check, after.admission, &after.questions);
    if let Some(stage) = &input.stage {
        after.stage = check.optional("stage", Some(stage));
    }
    if let Some(formation) = input.formation {
        after.formation = Some(formation).filter(|rule| *rule != FormationRule::default());
    }
    if input.starts.is_some() || input.ends.is_some() {
        let starts = check.date("starts", input.starts.or(after.term.map(|term| term.starts)));
        let ends = check.date("ends", input.ends.or(after.term.map(|term| term.ends)));
        check.require(starts.is_some() && ends.is_some(), "ends", "team.term", "a term has a first and a last day");
        after.term = starts.zip(ends).map(|(starts, ends)| Term { starts, ends });
        let ordered = after.term.is_none_or(|term| term.starts <= term.ends);
        check.require(ordered, "ends", "team.term", "a term cannot end before it starts");
    }
    if let Some(visibility) = &input.default_visibility {
        after.default_visibility = check.value("default_visibility", visibility).unwrap_or(after.default_visibility);
    }
    if let Some(visibility) = &input.maximum_visibility {
        after.maximum_visibility = check.value("maximum_visibility", visibility).unwrap_or(after.maximum_visibility);
    }
    check.input()?;
    check_visibilities(after.default_visibility, after.maximum_visibility)?;
    if let Some(organizations) = &input.organizations {
        after.organizations = check_organizations(decision, organizations)?;
    }
    if let Some(hub) = input.hub {
        after.hub = Some(decision.subject::<Organization>(hub)?.id);
    }
    let asks = after.formation != before.formation;
    let team = decision.change(before, after);
    if asks && team.state == TeamState::Active {
        raise_problems(decision, &team, &CrewChange::default(), false)?;
    }
    Ok(team)
}

pub(super) fn activate(decision: &mut Decision<'_>, input: &TeamRef) -> Result<Team> {
    let before = decision.subject::<Team>(input.team)?;
    permit_lead(decision, before.id)?;
    let mut check = Check::default();
    let crew = Crew::of(decision.reads(), before.id, &CrewChange::default())?;
    check.require(!crew.leads.is_empty(), "team", "team.no_lead", "a team needs a lead");
    require_not_archived(&mut check, &before);
    if let Some(rule) = before.formation.filter(|_| before.state == TeamState::Forming) {
        check.within("formation", rule.missing(crew.formation(decision.reads(), decision.today())?));
    }
    check.state()?;
    Ok(add_fact(decision, before, TeamFact::Activated))
}

pub(super) fn archive(decision: &mut Decision<'_>, input: &TeamRef) -> Result<Team> {
    let before = decision.subject::<Team>(input.team)?;
    permit_lead(decision, before.id)?;
    Ok(add_fact(decision, before, TeamFact::Archived))
}

fn add_fact(decision: &mut Decision<'_>, before: Team, fact: TeamFact) -> Team {
    let mut after = before.clone();
    after.facts.insert(fact);
    after.state = TeamState::of(&after.facts);
    decision.change(before, after)
}

/// Raises findings where a changed membership leaves a team at work other than it must be.
pub(super) fn raise_membership(
    decision: &mut Decision<'_>,
    before: Option<&Membership>,
    after: &Membership,
) -> Result<()> {
    let active = |membership: &Membership| membership.state == MembershipState::Active;
    let was_lead = before.is_some_and(Membership::leads);
    if before.is_some_and(active) == active(after) && was_lead == after.leads() {
        return Ok(());
    }
    let Some(team) = at_work(decision, after.team)? else { return Ok(()) };
    let change = CrewChange { membership: Some(after.clone()), leaving: None };
    raise_problems(decision, &team, &change, was_lead && !after.leads())
}

/// Raises findings where somebody who takes part in the community no longer leaves a team at work other than it
/// must be.
pub(super) fn raise_leaving(decision: &mut Decision<'_>, person: MemberId) -> Result<()> {
    let mut teams: BTreeSet<TeamId> = BTreeSet::new();
    let mut led: BTreeSet<TeamId> = BTreeSet::new();
    for id in decision.reads().people(person)? {
        for membership in decision.reads().memberships(Some(id), None)? {
            led.extend(Some(membership.team).filter(|_| membership.leads()));
            teams.extend(Some(membership.team).filter(|_| membership.state == MembershipState::Active));
        }
    }
    let change = CrewChange { membership: None, leaving: Some(person) };
    for id in teams {
        if let Some(team) = at_work(decision, id)? {
            raise_problems(decision, &team, &change, led.contains(&id))?;
        }
    }
    Ok(())
}

fn at_work(decision: &Decision<'_>, team: TeamId) -> Result<Option<Team>> {
    Ok(decision.reads().one::<Team>(team)?.filter(|team| team.state == TeamState::Active))
}

/// Raises a finding for each thing that a team at work must be and is not, once `change` is made.
fn raise_problems(decision: &mut Decision<'_>, team: &Team, change: &CrewChange, loses_lead: bool) -> Result<()> {
    if team.formation.is_none() && !loses_lead {
        return Ok(());
    }
    let crew = Crew::of(decision.reads(), team.id, change)?;
    if loses_lead && crew.leads.is_empty() {
        raise_no_lead(decision, team)?;
    }
    raise_formation(decision, team, &crew)
}

pub(super) fn raise_no_lead(decision: &mut Decision<'_>, team: &Team) -> Result<()> {
    decision.raise(FindingKind::NoLead, [team.id.into()], Some(team.id), "the team works without a lead")
}

pub(super) fn raise_formation(decision: &mut Decision<'_>, team: &Team, crew: &Crew) -> Result<()> {
    let Some(rule) = team.formation else { return Ok(()) };
    let problems = rule.missing(crew.formation(decision.reads(), decision.today())?);
    if problems.is_empty() {
        return Ok(());
    }
    let each: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.field, problem.detail)).collect();
    decision.raise(FindingKind::FormationRule, [team.id.into()], Some(team.id), each.join("; "))
}

/// Most questions of an application.
const MAX_QUESTIONS: usize = 50;

fn read_questions(check: &mut Check, admission: Admission, raw: &[String]) -> Vec<String> {
    check.require(raw.len() <= MAX_QUESTIONS, "questions", "team.questions", "at most 50 questions");
    let asks = admission != Admission::Application || !raw.is_empty();
    check.require(asks, "questions", "team.questions", "an application asks at least one question");
    raw.iter().enumerate().map(|(index, raw)| check.text(&format!("questions[{index}]"), raw, TITLE)).collect()
}

/// Leads keep their team; facilitators keep all.
pub(super) fn permit_lead(decision: &Decision<'_>, team: impl Into<Option<TeamId>>) -> Result<()> {
    let viewer = decision.context.viewer;
    let leads = team.into().is_some_and(|team| viewer.holds(Token::TeamLead(team)));
    decision.permit(leads || viewer.holds(Token::Facilitation))
}

pub(super) fn require_not_archived(check: &mut Check, team: &Team) {
    check.require(team.state != TeamState::Archived, "team", "team.archived", "the team is archived");
}

fn check_place(decision: &Decision<'_>, parent: Option<TeamId>) -> Result<()> {
    let mut next = match parent {
        Some(parent) => Some(decision.subject::<Team>(parent)?),
        None => None,
    };
    let mut depth = 1;
    while let Some(team) = next {
        depth += 1;
        if depth > MAX_DEPTH {
            return Err(Error::precondition("parent", "team.depth", "teams nest at most six deep"));
        }
        next = match team.parent {
            Some(parent) => decision.reads().one::<Team>(parent)?,
            None => None,
        };
    }
    Ok(())
}

fn check_organizations(decision: &Decision<'_>, ids: &[OrganizationId]) -> Result<BTreeSet<OrganizationId>> {
    ids.iter().map(|&id| decision.subject::<Organization>(id).map(|organization| organization.id)).collect()
}

fn check_visibilities(default: Visibility, maximum: Visibility) -> Result<()> {
    let mut check = Check::default();
    check.require(
        default.is_within(maximum),
        "default_visibility",
        "team.visibility",
        "the default may not be wider than the maximum",
    );
    check.input()
}
