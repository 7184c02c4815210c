//! A member's page: who they are, and what they have to do with the community, as far as the viewer may know.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Sight;
use crate::access::Token;
use crate::error::Result;
use crate::id::{CycleId, MemberId, MembershipId, TeamId};
use crate::model::{
    Cycle, CycleKind, Member, Membership, MembershipState, Mentorship, Phase, RecordKind, SchoolYear, Story, Team,
    TeamKind, TeamRole,
};
use crate::participation::{Calendar, HoursStatement, hours_of};
use crate::store::member_key;

/// What there is to know of a member. Records that were merged into this one count as the same person's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberPage {
    /// The profile, with the affiliations, the steps of onboarding and the commitments.
    pub profile: Member,
    /// The teams of which they are an active member, in the order of their ids.
    pub teams: Vec<TeamOfMember>,
    /// The cycles that they lead or take part in, in the order of their ids.
    pub cycles: Vec<CycleOfMember>,
    /// The stories that they tell under their name.
    pub stories: Vec<Story>,
    /// The mentorships that tie them to others.
    pub mentorships: Vec<Mentorship>,
    /// The present school year.
    pub school_year: Option<SchoolYear>,
    /// Whether they committed to it.
    pub committed: bool,
    /// The hours of the present school year; none for whom these are not meant.
    pub hours: Option<HoursStatement>,
}

/// A team on a member's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamOfMember {
    /// Which.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: TeamKind,
    /// The membership.
    pub membership: MembershipId,
    /// What they may do in it.
    pub roles: BTreeSet<TeamRole>,
}

/// A cycle on a member's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleOfMember {
    /// Which.
    pub cycle: CycleId,
    /// Its title.
    pub title: String,
    /// What it turns through.
    pub kind: CycleKind,
    /// The team that runs it.
    pub team: TeamId,
    /// The phase it is in.
    pub phase: Phase,
    /// Whether they lead it.
    pub leads: bool,
}

/// The page of a member. Everything is found by what refers to the person: its price does not grow with the community.
pub(crate) fn member_page(sight: Sight<'_>, member: MemberId) -> Result<MemberPage> {
    let profile = sight.person(member)?;
    let people = sight.reads.people(profile.id)?;
    let policies = sight.reads.policies()?;
    let school_year = policies.school_year_of(sight.viewer.today).ok();
    let personal = sight.viewer.is(profile.id) || sight.viewer.holds(Token::Facilitation);
    let hours = match school_year.filter(|_| personal) {
        Some(year) => Some(hours_of(sight.reads, profile.id, year, &policies, Calendar::new(sight.now))?),
        None => None,
    };
    Ok(MemberPage {
        teams: teams(sight, &people)?,
        cycles: cycles(sight, &people)?,
        stories: stories(sight, &people)?,
        mentorships: mentorships(sight, &people)?,
        committed: school_year.is_some_and(|year| profile.commits_to(year)),
        school_year,
        hours,
        profile,
    })
}

fn teams(sight: Sight<'_>, people: &BTreeSet<MemberId>) -> Result<Vec<TeamOfMember>> {
    let mut found: BTreeMap<TeamId, TeamOfMember> = BTreeMap::new();
    for &person in people {
        for membership in sight.only::<Membership>(sight.reads.memberships(Some(person), None)?)? {
            if membership.state != MembershipState::Active {
                continue;
            }
            if let Some(known) = found.get_mut(&membership.team) {
                known.roles.extend(membership.roles);
            } else if let Some(team) = sight.see::<Team>(membership.team)? {
                let (membership, roles) = (membership.id, membership.roles);
                found.insert(
                    team.id,
                    TeamOfMember { team: team.id, name: team.name, kind: team.kind, membership, roles },
                );
            }
        }
    }
    Ok(found.into_values().collect())
}

fn cycles(sight: Sight<'_>, people: &BTreeSet<MemberId>) -> Result<Vec<CycleOfMember>> {
    let mut ids = BTreeSet::new();
    for &person in people {
        ids.extend(sight.reads.find(RecordKind::Cycle, &member_key(person))?);
    }
    let mut found = Vec::new();
    for id in ids {
        found.extend(sight.see::<Cycle>(id.into())?.map(|cycle| CycleOfMember {
            cycle: cycle.id,
            title: cycle.title,
            kind: cycle.kind,
            team: cycle.team,
            phase: cycle.phase,
            leads: cycle.lead.is_some_and(|lead| people.contains(&lead)),
        }));
    }
    Ok(found)
}

/// The stories of which the viewer may know that it is this person who tells them.
fn stories(sight: Sight<'_>, people: &BTreeSet<MemberId>) -> Result<Vec<Story>> {
    let mut found = Vec::new();
    for &person in people {
        found.extend(sight.only(sight.reads.all::<Story>("teller", person)?)?);
    }
    found.retain(|story| story.teller.is_some());
    Ok(found)
}

fn mentorships(sight: Sight<'_>, people: &BTreeSet<MemberId>) -> Result<Vec<Mentorship>> {
    let mut found: BTreeMap<_, Mentorship> = BTreeMap::new();
    for &person in people {
        for column in ["mentor", "mentee"] {
            let ties = sight.only(sight.reads.all::<Mentorship>(column, person)?)?;
            found.extend(ties.into_iter().map(|tie| (tie.id, tie)));
        }
    }
    Ok(found.into_values().collect())
}
