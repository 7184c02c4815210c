//! Memberships: two sides, each adding its facts; the state is what the facts amount to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::team::permit_lead;
use super::{Decision, MembershipRef, TeamRef, TeamRolesOf};
use crate::error::{Error, Result};
use crate::id::{MemberId, TeamId};
use crate::model::{Admission, Member, Membership, MembershipFact, MembershipState, Team, TeamRole, TeamState};

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

pub(super) fn add(decision: &mut Decision<'_>, input: &NewMembership) -> Result<Membership> {
    decision.permit(false)?;
    let roles = read_roles(&input.roles)?;
    open(decision, input, roles, &[MembershipFact::Invited, MembershipFact::Accepted])
}

pub(super) fn invite(decision: &mut Decision<'_>, input: &NewMembership) -> Result<Membership> {
    let team = decision.subject::<Team>(input.team)?;
    permit_lead(decision, team.id)?;
    decision.permit(decision.actor().member() != Some(input.member))?;
    let roles = read_roles(&input.roles)?;
    open(decision, input, roles, &[MembershipFact::Invited])
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
    let closed = matches!(team.admission, Admission::InviteOnly | Admission::Closed);
    let invited = live(decision, member, team.id)?.is_some();
    if closed && !invited {
        return Err(Error::precondition("team", "team.admission", "this team cannot be asked to join"));
    }
    open(decision, &new, [TeamRole::Member].into(), facts)
}

pub(super) fn approve(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    decision.permit(decision.actor().member() != Some(before.member))?;
    add_fact(decision, before, MembershipFact::Approved)
}

pub(super) fn reject(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    if before.state != MembershipState::Requested {
        return Err(Error::precondition("membership", "membership.not_requested", "there is no open request"));
    }
    add_fact(decision, before, MembershipFact::Rejected)
}

pub(super) fn accept(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    decision.permit(decision.actor().member() == Some(before.member))?;
    if !before.facts.contains(&MembershipFact::Invited) {
        return Err(Error::precondition("membership", "membership.not_invited", "there is no invitation"));
    }
    add_fact(decision, before, MembershipFact::Accepted)
}

pub(super) fn end(decision: &mut Decision<'_>, input: &MembershipRef) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    if decision.actor().member() == Some(before.member) {
        return add_fact(decision, before, MembershipFact::Left);
    }
    permit_lead(decision, before.team)?;
    add_fact(decision, before, MembershipFact::Removed)
}

pub(super) fn set_roles(decision: &mut Decision<'_>, input: &TeamRolesOf) -> Result<Membership> {
    let before = decision.subject::<Membership>(input.membership)?;
    permit_lead(decision, before.team)?;
    decision.permit(decision.actor().member() != Some(before.member))?;
    check_live(&before)?;
    let after = Membership { roles: read_roles(&input.roles)?, ..before.clone() };
    Ok(decision.change(before, after))
}

/// Opens a membership with these facts, or adds them to the live one: one live episode at a time.
fn open(
    decision: &mut Decision<'_>,
    input: &NewMembership,
    roles: BTreeSet<TeamRole>,
    facts: &[MembershipFact],
) -> Result<Membership> {
    let member = decision.subject::<Member>(input.member)?;
    let team = decision.subject::<Team>(input.team)?;
    let mut check = Check::default();
    check.require(member.is_live(), "member", "member.not_active", "the member does not take part in the community");
    check.require(team.state != TeamState::Archived, "team", "team.archived", "the team is archived");
    check.state()?;
    if let Some(before) = live(decision, member.id, team.id)? {
        let mut after = before.clone();
        after.facts.extend(facts);
        after.state = MembershipState::of(&after.facts);
        return Ok(decision.change(before, after));
    }
    let episodes = decision.reads().memberships(Some(member.id), Some(team.id))?;
    let episode = episodes.iter().map(|membership| membership.episode).max().unwrap_or(0) + 1;
    let facts: BTreeSet<MembershipFact> = facts.iter().copied().collect();
    let now = decision.context.now;
    Ok(decision.create(Membership {
        id: Membership::id_of(member.id, team.id, episode),
        created_by: decision.actor().member(),
        created_at: now,
        revised_at: now,
        revision: 0,
        member: member.id,
        team: team.id,
        episode,
        roles,
        state: MembershipState::of(&facts),
        facts,
        public: false,
    }))
}

fn live(decision: &Decision<'_>, member: MemberId, team: TeamId) -> Result<Option<Membership>> {
    let all = decision.reads().memberships(Some(member), Some(team))?;
    Ok(all.into_iter().find(|membership| membership.state != MembershipState::Ended))
}

fn add_fact(decision: &mut Decision<'_>, before: Membership, fact: MembershipFact) -> Result<Membership> {
    check_live(&before)?;
    let mut after = before.clone();
    after.facts.insert(fact);
    after.state = MembershipState::of(&after.facts);
    Ok(decision.change(before, after))
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
