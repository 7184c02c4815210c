//! Who does a team's work, and who works on a cycle: people of its team, as long as they are in it, and those it
//! names.

use std::collections::BTreeSet;

use super::Decision;
use super::check::Check;
use super::membership::is_in;
use crate::access::Token;
use crate::error::Result;
use crate::id::{MemberId, TeamId};
use crate::model::Cycle;

/// Whether the actor works on the cycle: an active member of its team, its lead, who takes part in it, and those who
/// facilitate the community.
pub(super) fn works_on(decision: &Decision<'_>, cycle: &Cycle) -> bool {
    let named = cycle.participants.iter().chain(&cycle.lead).any(|&member| decision.acts_as(member));
    named || works_in(decision, cycle.team)
}

/// Whether the actor does the team's work: its active members, its leads among them, and the community's facilitators.
pub(super) fn works_in(decision: &Decision<'_>, team: TeamId) -> bool {
    let viewer = decision.context.viewer;
    viewer.holds(Token::Team(team)) || viewer.holds(Token::Facilitation)
}

/// Refuses whoever does not do the team's work.
pub(super) fn permit_work(decision: &Decision<'_>, team: TeamId) -> Result<()> {
    decision.permit(works_in(decision, team))
}

/// The people; those that are not `known` already must be in the team now.
pub(super) fn see_participants(
    decision: &Decision<'_>,
    check: &mut Check,
    team: TeamId,
    ids: &[MemberId],
    known: &BTreeSet<MemberId>,
) -> Result<BTreeSet<MemberId>> {
    let mut people = BTreeSet::new();
    for (index, &id) in ids.iter().enumerate() {
        people.insert(match known.contains(&id) {
            true => id,
            false => see_worker(decision, check, &format!("participants[{index}]"), team, id)?,
        });
    }
    Ok(people)
}

/// The person, who must be in the team now.
pub(super) fn see_worker(
    decision: &Decision<'_>,
    check: &mut Check,
    field: &str,
    team: TeamId,
    id: MemberId,
) -> Result<MemberId> {
    let person = decision.person(id)?;
    let there = person.is_live() && is_in(decision, person.id, team)?;
    check.require(there, field, "cycle.not_in_team", "not an active member of the team");
    Ok(person.id)
}

/// Whoever starts a cycle of a team they are in leads it; others only look after it.
pub(super) fn usual_lead(decision: &Decision<'_>, team: TeamId) -> Result<Option<MemberId>> {
    let Some(actor) = decision.actor().member() else { return Ok(None) };
    let Some(person) = decision.reads().person(actor)? else { return Ok(None) };
    Ok((person.is_live() && is_in(decision, person.id, team)?).then_some(person.id))
}
