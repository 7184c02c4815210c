//! The formation rule: what the active members of a team must be, together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Reads;
use crate::error::{Problem, Result};
use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::{FormationRule, Member, Membership, MembershipState, Organization, OrganizationKind, Role};

/// What the active members of a team are, together, on a day: by the affiliations in force then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formation {
    /// How many people.
    pub members: u32,
    /// In how many different roles at their organizations.
    pub roles: u32,
    /// From how many districts.
    pub districts: u32,
    /// From how many counties.
    pub counties: u32,
}

impl FormationRule {
    /// Everything that is missing for `formation` to satisfy the rule.
    pub fn missing(&self, formation: Formation) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (field, code, wanted, found) in [
            ("min_members", "formation.members", self.min_members, formation.members),
            ("min_distinct_roles", "formation.roles", self.min_distinct_roles, formation.roles),
            ("min_distinct_districts", "formation.districts", self.min_distinct_districts, formation.districts),
            ("min_distinct_counties", "formation.counties", self.min_distinct_counties, formation.counties),
        ] {
            if found < wanted {
                problems.push(Problem::new(field, code, format!("there are {found}, {wanted} are needed")));
            }
        }
        if self.same_district && formation.districts > 1 {
            let detail = format!("the members come from {} districts, not from one", formation.districts);
            problems.push(Problem::new("same_district", "formation.same_district", detail));
        }
        problems
    }
}

/// What the active members of `team` are on `day`.
///
/// # Errors
/// Whatever the store answers with.
pub fn formation(reads: &dyn Reads, team: TeamId, day: NaiveDate) -> Result<Formation> {
    Crew::of(reads, team, &CrewChange::default())?.formation(reads, day)
}

/// The people at work in a team: active members of it, who take part in the community.
pub(crate) struct Crew {
    /// The persons.
    pub people: BTreeMap<MemberId, Member>,
    /// Those of them who lead.
    pub leads: BTreeSet<MemberId>,
}

/// What an operation does to a team's crew, and the store does not know yet.
#[derive(Default)]
pub(crate) struct CrewChange {
    /// A membership, as it will be.
    pub membership: Option<Membership>,
    /// Who takes part in the community no longer.
    pub leaving: Option<MemberId>,
}

impl Crew {
    /// The people at work in `team`, once `change` is made.
    pub(crate) fn of(reads: &dyn Reads, team: TeamId, change: &CrewChange) -> Result<Self> {
        let mut memberships = reads.memberships(None, Some(team))?;
        if let Some(changed) = change.membership.as_ref().filter(|changed| changed.team == team) {
            memberships.retain(|membership| membership.id != changed.id);
            memberships.push(changed.clone());
        }
        let mut crew = Crew { people: BTreeMap::new(), leads: BTreeSet::new() };
        for membership in memberships.iter().filter(|membership| membership.state == MembershipState::Active) {
            let person = reads.person(membership.member)?.filter(Member::is_live);
            let Some(person) = person.filter(|person| Some(person.id) != change.leaving) else { continue };
            crew.leads.extend(membership.leads().then_some(person.id));
            crew.people.insert(person.id, person);
        }
        Ok(crew)
    }

    /// What they are, together, on `day`.
    pub(crate) fn formation(&self, reads: &dyn Reads, day: NaiveDate) -> Result<Formation> {
        let affiliations = self.people.values().flat_map(|person| &person.affiliations);
        let (mut roles, mut places): (BTreeSet<&Role>, BTreeSet<OrganizationId>) = Default::default();
        for affiliation in affiliations.filter(|affiliation| affiliation.in_force(day)) {
            roles.insert(&affiliation.role);
            places.insert(affiliation.organization);
        }
        let above = |kind: &OrganizationKind| -> Result<u32> {
            let mut found = BTreeSet::new();
            for &place in &places {
                found.extend(at_or_above(reads, place, kind)?);
            }
            Ok(count(found.len()))
        };
        Ok(Formation {
            members: count(self.people.len()),
            roles: count(roles.len()),
            districts: above(&OrganizationKind::District)?,
            counties: above(&OrganizationKind::CountyOffice)?,
        })
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// The organization itself, or the nearest above it, of this kind.
fn at_or_above(reads: &dyn Reads, from: OrganizationId, kind: &OrganizationKind) -> Result<Option<OrganizationId>> {
    let mut seen = BTreeSet::new();
    let mut next = Some(from);
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        let Some(organization) = reads.one::<Organization>(id)? else { break };
        if organization.kind == *kind {
            return Ok(Some(id));
        }
        next = organization.parent;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let rule = FormationRule {
            min_members: 3,
            min_distinct_roles: 2,
            min_distinct_districts: 2,
            min_distinct_counties: 1,
            same_district: false,
        };
        let missing = |formation| rule.missing(formation).into_iter().map(|p| p.code).collect::<Vec<_>>();
        let none = Formation::default();
        assert_eq!(
            missing(none),
            ["formation.members", "formation.roles", "formation.districts", "formation.counties"]
        );
        assert!(missing(Formation { members: 3, roles: 2, districts: 2, counties: 1 }).is_empty());
        let together = FormationRule { same_district: true, ..FormationRule::default() };
        assert!(together.missing(Formation { districts: 1, ..none }).is_empty());
        assert_eq!(together.missing(Formation { districts: 2, ..none })[0].code, "formation.same_district");
    }
}
