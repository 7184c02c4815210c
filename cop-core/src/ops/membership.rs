//! Memberships: two sides, each adding its facts; the state is what the facts amount to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::member::require_live;
use super::team::{permit_lead, raise_membership, require_not_archived};
use super::{Decision, MembershipRef, MembershipShowing, TeamRef, TeamRolesOf, new_record};
use crate::error::{Error, Result};
use crate::id::{MemberId, MembershipId, TeamId};
use crate::model::{
    Admission, AdmissionDecision, Answer, Membership, MembershipFact, MembershipState, RecordKind, Team, TeamRole,
    TeamState,
};
use crate::text::{BODY, TITLE, TextRule};

/// A member to be brought into a team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMembership {
    /// The team.
    pub team: TeamId,
    /// The member.
    pub member: MemberId,
    /// `lead`, `facilitator`, `mentor`, `member` (unless said), `observer`.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl NewMembership {
    /// An ordinary membership.
    pub fn new(team: TeamId, member: MemberId) -> Self {
        Self { team, member, roles: Vec::new() }
    }

    /// A role in the team.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into());
        self
    }
}

/// An application to a team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// To which team.
    pub team: TeamId,
    /// The answers, in the order of the team's questions; each 1 to 200,000 characters.
    pub answers: Vec<String>,
}

/// The answer to a request or an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipReply {
    /// Which membership.
    pub membership: MembershipId,
    /// Why, at most 300 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

impl From<MembershipId> for MembershipReply {
    fn from(membership: MembershipId) -> Self {
        Self { membership, reason: None }
    }
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewMembership) -> Result<Membership> {
    decision.permit(false)?;
    let roles = read_roles(&input.roles)?;
    open(decision, input, roles, &[MembershipFact::Invited, MembershipFact::Accepted], Vec::new())
}

pub(super) fn invite(decision: &mut Decision<'_>, input: &NewMembership) -> Result<Membership> {
    let team = decision.subject::<Team>(input.team)?;
    permit_lead(decision, team.id)?;
    decision.permit(!decision.acts_as(input.member))?;
    let roles = read_roles(&input.roles)?;
    if team.admission == Admission::Closed {
        return Err(Error::precondition("team", "team.admission", "nobody joins this team any more"));
    }
    open(decision, input, roles, &[MembershipFact::Invited], Vec::new())
}

pub(super) fn request(decision: &mut Decision<'_>, input: &TeamRef) -> Result<Membership> {
    let member = decision.acting_member()?;
    let team = decision.subject::<Team>(input.team)?;
    let facts: &[MembershipFact] = match team.admission {
        Admission::Open => &[MembershipFact::Requested, MembershipFact::Approved],
        _ => &[MembershipFact::Requested],
    };
    let new = NewMembership::new(team.id, member);
    // Who was invited may always answer; others only where asking is possible.
    let invited = live(decision, member, team.id)?.is_some();
    let refusal = match team.admission {
        Admission::InviteOnly | Admission::Closed => Some(("team.admission", "this team cannot be asked to join")),
        Admission::Application => Some(("team.application", "this team asks for an application")),
        Admission::Open | Admission::Request => None,
    };
    if let Some((code, detail)) = refusal.filter(|_| !invited) {
        return Err(Error::precondition("team", code, detail));
    }
    open(decision, &new, [TeamRole::Member].into(), facts, Vec::new())
}

pub(super) fn apply(decision: &mut Decision<'_>, input: &Application) -> Result<Membership> {
    let member = decision.acting_member()?;
    let team = decision.subject::<Team>(input.team)?;
    if team.admission != Admission::Application {
        return Err(Error::precondition("team", "team.no_application", "this team does not ask for applications"));
    }
    let mut check = Check::default();
    let mut answers = Vec::new();
    for (index, question) in team.questions.iter().enumerate() {
        let answer = input.answers.get(index).map_or("", String::as_str);
        let rule = TextRule { min_chars: 1, ..BODY };
        let answer = check.text(&format!("answers[{index}]"), answer, rule);
        answers.push(Answer { question: question.clone(), answer });
    }
    let fitting = input.answers.len() <= team.questions.len();
    check.require(fitting, "answers", "application.answers", "there are more answers than questions");
    check.input()?;
    let new = NewMembership::new(team.id, member);
    open(decision, &new, [TeamRole::Member].into(), &[MembershipFact::Requested], answers)
}

pub(super) fn approve(decision: &mut Decision<'_>, input: &MembershipReply) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    decision.permit(!decision.acts_as(before.member))?;
    reply(decision, before, input, MembershipFact::Approved)
}

pub(super) fn reject(decision: &mut Decision<'_>, input: &MembershipReply) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    reply(decision, before, input, MembershipFact::Rejected)
}

fn reply(
    decision: &mut Decision<'_>,
    before: Membership,
    input: &MembershipReply,
    fact: MembershipFact,
) -> Result<Membership> {
    let mut check = Check::default();
    let reason = check.optional_text("reason", input.reason.as_ref(), TITLE);
    check.input()?;
    check_live(&before)?;
    let approved = fact == MembershipFact::Approved;
    let mut check = Check::default();
    let asked = before.state == MembershipState::Requested;
    check.require(asked, "membership", "membership.not_requested", "there is no open request");
    if approved {
        require_joining(decision, &before, &mut check)?;
    }
    check.state()?;
    let mut after = before.clone();
    after.facts.insert(fact);
    let (by, at) = (decision.actor().member(), decision.context.now);
    after.decision = Some(AdmissionDecision { approved, by, at, reason });
    settle(decision, before, after)
}

pub(super) fn accept(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    decision.permit(decision.acts_as(before.member))?;
    check_live(&before)?;
    let mut check = Check::default();
    let invited = before.facts.contains(&MembershipFact::Invited);
    check.require(invited, "membership", "membership.not_invited", "there is no invitation");
    require_joining(decision, &before, &mut check)?;
    check.state()?;
    add_fact(decision, before, MembershipFact::Accepted)
}

pub(super) fn end(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    if decision.acts_as(before.member) {
        return add_fact(decision, before, MembershipFact::Left);
    }
    permit_lead(decision, before.team)?;
    add_fact(decision, before, MembershipFact::Removed)
}

pub(super) fn complete(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    check_live(&before)?;
    if before.state != MembershipState::Active {
        return Err(Error::precondition("membership", "membership.not_active", "only an active member completes"));
    }
    add_fact(decision, before, MembershipFact::Completed)
}

pub(super) fn set_roles(decision: &mut Decision<'_>, input: &TeamRolesOf) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    decision.permit(!decision.acts_as(before.member))?;
    let roles = read_roles(&input.roles)?;
    check_live(&before)?;
    let after = Membership { roles, ..before.clone() };
    settle(decision, before, after)
}

pub(super) fn show(decision: &mut Decision<'_>, input: &MembershipShowing) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    // Only the member widens it; who leads may narrow it.
    if input.public {
        decision.acting_member()?;
        decision.permit(decision.acts_as(before.member))?;
    } else if !decision.acts_as(before.member) {
        permit_lead(decision, before.team)?;
    }
    let after = Membership { public: input.public, ..before.clone() };
    Ok(decision.change(before, after))
}

/// Opens a membership with these facts, or adds them to the live one: one live episode at a time.
fn open(
    decision: &mut Decision<'_>,
    input: &NewMembership,
    roles: BTreeSet<TeamRole>,
    facts: &[MembershipFact],
    answers: Vec<Answer>,
) -> Result<Membership> {
    let member = decision.person(input.member)?;
    let team = decision.subject::<Team>(input.team)?;
    let mut check = Check::default();
    require_live(&mut check, "member", Some(&member));
    require_not_archived(&mut check, &team);
    check.state()?;
    if let Some(before) = live(decision, member.id, team.id)? {
        let mut after = before.clone();
        after.facts.extend(facts);
        if !input.roles.is_empty() {
            after.roles = roles;
        }
        if !answers.is_empty() {
            after.answers = answers;
        }
        return settle(decision, before, after);
    }
    let episode = next_episode(decision, member.id, team.id)?;
    let facts: BTreeSet<MembershipFact> = facts.iter().copied().collect();
    let membership = new_record!(
        decision,
        Membership {
            id: Membership::id_of(member.id, team.id, episode),
            member: member.id,
            team: team.id,
            episode,
            roles,
            state: MembershipState::of(&facts),
            facts,
            public: false,
            answers,
            decision: None,
        }
    );
    let membership = decision.create(membership);
    raise_membership(decision, None, &membership)?;
    Ok(membership)
}

/// The first episode that never was, not even one that was taken back: its id is made from its number.
fn next_episode(decision: &Decision<'_>, member: MemberId, team: TeamId) -> Result<i64> {
    let episodes = decision.reads().memberships(Some(member), Some(team))?;
    let mut episode = episodes.iter().map(|membership| membership.episode).max().unwrap_or(0) + 1;
    while decision.reads().exists(RecordKind::Membership, Membership::id_of(member, team, episode).uuid())? {
        episode += 1;
    }
    Ok(episode)
}

/// Whether the person is an active member of the team, under whichever of their records.
pub(super) fn is_in(decision: &Decision<'_>, person: MemberId, team: TeamId) -> Result<bool> {
    for id in decision.reads().people(person)? {
        let all = decision.reads().memberships(Some(id), Some(team))?;
        if all.iter().any(|membership| membership.state == MembershipState::Active) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The live membership of a person in a team, under whichever of their records.
fn live(decision: &Decision<'_>, member: MemberId, team: TeamId) -> Result<Option<Membership>> {
    for person in decision.reads().people(member)? {
        let all = decision.reads().memberships(Some(person), Some(team))?;
        if let Some(live) = all.into_iter().find(|membership| membership.state != MembershipState::Ended) {
            return Ok(Some(live));
        }
    }
    Ok(None)
}

fn add_fact(decision: &mut Decision<'_>, before: Membership, fact: MembershipFact) -> Result<Membership> {
    check_live(&before)?;
    let mut after = before.clone();
    after.facts.insert(fact);
    settle(decision, before, after)
}

/// Writes the membership with the state that its facts amount to, and says what that does to the team.
fn settle(decision: &mut Decision<'_>, before: Membership, mut after: Membership) -> Result<Membership> {
    after.state = MembershipState::of(&after.facts);
    let after = decision.change(before.clone(), after);
    raise_membership(decision, Some(&before), &after)?;
    Ok(after)
}

/// Who joins takes part in the community, and a team that one joins is no history.
fn require_joining(decision: &Decision<'_>, membership: &Membership, check: &mut Check) -> Result<()> {
    require_live(check, "member", decision.reads().person(membership.member)?.as_ref());
    let team = decision.reads().one::<Team>(membership.team)?;
    let lasts = team.is_some_and(|team| team.state != TeamState::Archived);
    check.require(lasts, "team", "team.archived", "the team is archived");
    Ok(())
}

fn check_live(membership: &Membership) -> Result<()> {
    if membership.state == MembershipState::Ended {
        return Err(Error::precondition("membership", "membership.ended", "the membership is over"));
    }
    Ok(())
}

fn read_roles(raw: &[String]) -> Result<BTreeSet<TeamRole>> {
    let mut check = Check::default();
    let mut roles = check.values("roles", raw);
    check.input()?;
    if roles.is_empty() {
        roles.insert(TeamRole::Member);
    }
    Ok(roles)
}
