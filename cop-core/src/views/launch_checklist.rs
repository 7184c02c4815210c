//! Checklists on the way in: what a team needs to be launched, what a newcomer has yet to do.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::checklist::{ChecklistItem, is_ready};
use super::{Sight, count};
use crate::access::Token;
use crate::error::{Error, Result};
use crate::id::{ConveningId, MemberId, TeamId};
use crate::model::{
    Convening, ConveningKind, Cycle, FormationRule, Member, MemberState, Policies, SchoolYear, Team, Term,
};
use crate::ops::{Crew, CrewChange, Formation};
use crate::participation::{Calendar, day_of};
use crate::store::{EVERYBODY, team_key};

/// Most teams above one another that are looked at.
const MAX_DEPTH: usize = 6;

/// What a team needs to be launched: people who lead it and fit together, a charter, members who have found their
/// way in and committed to the year, and a first cycle.
///
/// The items, in this order: `team.lead`; `formation.members`, `.roles`, `.districts`, `.counties` and
/// `.same_district`, as far as the team's formation rule asks for them; `team.term` (required of working groups,
/// courses and cohorts); `team.charter`; `onboarding.<step>` for each step of the community's onboarding;
/// `convening.orientation`: one was held in this school year, by the team, one above it, or for the whole
/// community; `commitment.year`; `cycle.started`. Of members, only how many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchChecklist {
    /// Which team.
    pub team: TeamId,
    /// As of which day (UTC).
    pub on: NaiveDate,
    /// The school year of that day, to which members commit.
    pub school_year: Option<SchoolYear>,
    /// What is to be done.
    pub items: Vec<ChecklistItem>,
    /// Whether everything is done that cannot be left out.
    pub ready: bool,
}

/// What a newcomer has yet to do.
///
/// The items, in this order: `member.agreed`: both sides did; `onboarding.<step>` for each step of the community's
/// onboarding; `commitment.year`; `member.affiliation`: one is in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnboardingChecklist {
    /// Whose: the record that stands for the person.
    pub member: MemberId,
    /// As of which day (UTC).
    pub on: NaiveDate,
    /// The school year of that day, to which members commit.
    pub school_year: Option<SchoolYear>,
    /// What is to be done.
    pub items: Vec<ChecklistItem>,
    /// Whether everything is done that cannot be left out.
    pub ready: bool,
}

/// The checklist of a team, for its members and those who facilitate the community.
pub(crate) fn launch_checklist(sight: Sight<'_>, team: TeamId) -> Result<LaunchChecklist> {
    let team = sight.find::<Team>(team)?;
    if !sight.viewer.holds(Token::Team(team.id)) && !sight.viewer.holds(Token::Facilitation) {
        return Err(Error::NotPermitted { op: "launch_checklist" });
    }
    let (on, policies) = (sight.viewer.today, sight.reads.policies()?);
    let crew = Crew::of(sight.reads, team.id, &CrewChange::default())?;
    let (formation, leads) = (crew.formation(sight.reads, on)?, count(crew.leads.len()));
    let members: Vec<Member> = crew.people.into_values().collect();
    let orientations = orientations(sight, &team, &policies)?;
    let cycles = count(sight.only(sight.reads.all::<Cycle>("team", team.id)?)?.len());
    let items = launch_items(&team, &policies, on, &Launch { members, leads, formation, orientations, cycles });
    let school_year = policies.school_year_of(on).ok();
    Ok(LaunchChecklist { team: team.id, on, school_year, ready: is_ready(&items), items })
}

/// How many orientations were held this school year for the team, for one above it, or for everybody.
fn orientations(sight: Sight<'_>, team: &Team, policies: &Policies) -> Result<u32> {
    let mut teams: BTreeSet<TeamId> = BTreeSet::new();
    let mut next = Some(team.id);
    while let Some(id) = next.filter(|id| teams.len() < MAX_DEPTH && teams.insert(*id)) {
        next = sight.reads.one::<Team>(id)?.and_then(|team| team.parent);
    }
    let year = policies.school_year_of(sight.viewer.today).ok();
    let mut calendar = Calendar::new(sight.now);
    let mut held: BTreeSet<ConveningId> = BTreeSet::new();
    for key in teams.iter().map(|team| team_key(*team)).chain([EVERYBODY.to_owned()]) {
        for convening in sight.with_key::<Convening>(&key)? {
            let this_year = year.is_some() && policies.school_year_of(day_of(&convening)).ok() == year;
            if convening.kind == ConveningKind::Orientation && this_year {
                calendar.add(sight.reads, convening.id)?;
                let convene = calendar.teams(&convening);
                let meant = convene.is_empty() || !convene.is_disjoint(&teams);
                held.extend((meant && calendar.was_held(&convening)).then_some(convening.id));
            }
        }
    }
    Ok(count(held.len()))
}

/// What there is of what a team needs.
struct Launch {
    members: Vec<Member>,
    leads: u32,
    formation: Formation,
    orientations: u32,
    cycles: u32,
}

fn launch_items(team: &Team, policies: &Policies, on: NaiveDate, launch: &Launch) -> Vec<ChecklistItem> {
    let members = count(launch.members.len());
    let how_many = |has: &dyn Fn(&Member) -> bool| count(launch.members.iter().filter(|member| has(member)).count());
    let mut items = vec![ChecklistItem::counted("team.lead", true, 1, launch.leads, "somebody leads the team")];
    items.extend(team.formation.iter().flat_map(|rule| formation_items(rule, launch.formation)));
    items.push(ChecklistItem::new(
        "team.term",
        team.kind.is_timed(),
        team.term.is_some_and(|term| on <= term.ends),
        team.term.map_or_else(|| "no term yet".to_owned(), |Term { starts, ends }| format!("from {starts} to {ends}")),
    ));
    items.push(ChecklistItem::new("team.charter", true, !team.charter.is_empty(), "the team says what it wants to do"));
    for step in &policies.onboarding {
        let found = how_many(&|member| member.steps.contains(&step.code));
        let code = format!("onboarding.{}", step.code);
        items.push(ChecklistItem::counted(code, step.required, members, found, &step.label));
    }
    let detail = "an orientation was held this school year";
    items.push(ChecklistItem::counted("convening.orientation", true, 1, launch.orientations, detail));
    let year = policies.school_year_of(on).ok();
    let committed = how_many(&|member| commits(member, year));
    let detail = "the members commit to the school year";
    items.push(ChecklistItem::counted("commitment.year", policies.commitment_required, members, committed, detail));
    items.push(ChecklistItem::counted("cycle.started", true, 1, launch.cycles, "the first cycle is started"));
    items
}

fn formation_items(rule: &FormationRule, formation: Formation) -> Vec<ChecklistItem> {
    let mut items = Vec::new();
    for (code, needed, found, detail) in [
        ("formation.members", rule.min_members, formation.members, "active members"),
        ("formation.roles", rule.min_distinct_roles, formation.roles, "different roles at their organizations"),
        ("formation.districts", rule.min_distinct_districts, formation.districts, "different districts"),
        ("formation.counties", rule.min_distinct_counties, formation.counties, "different counties"),
    ] {
        items.extend((needed > 0).then(|| ChecklistItem::counted(code, true, needed, found, detail)));
    }
    if rule.same_district {
        let item =
            ChecklistItem::new("formation.same_district", true, formation.districts <= 1, "all from one district");
        items.push(ChecklistItem { found: Some(formation.districts), ..item });
    }
    items
}

/// The checklist of a member: for everybody who may read the member's record, which says all of it.
pub(crate) fn onboarding_checklist(sight: Sight<'_>, member: MemberId) -> Result<OnboardingChecklist> {
    let member = sight.person(member)?;
    let (on, policies) = (sight.viewer.today, sight.reads.policies()?);
    let items = onboarding_items(&member, &policies, on);
    let school_year = policies.school_year_of(on).ok();
    Ok(OnboardingChecklist { member: member.id, on, school_year, ready: is_ready(&items), items })
}

fn onboarding_items(member: &Member, policies: &Policies, on: NaiveDate) -> Vec<ChecklistItem> {
    let agreed = matches!(member.state, MemberState::Onboarding | MemberState::Active | MemberState::Paused);
    let detail = format!("both sides agreed; they are {} now", member.state);
    let mut items = vec![ChecklistItem::new("member.agreed", true, agreed, detail)];
    for step in &policies.onboarding {
        let (code, taken) = (format!("onboarding.{}", step.code), member.steps.contains(&step.code));
        items.push(ChecklistItem::new(code, step.required, taken, &step.label));
    }
    let committed = commits(member, policies.school_year_of(on).ok());
    let detail = "commits to the school year";
    items.push(ChecklistItem::new("commitment.year", policies.commitment_required, committed, detail));
    let works = member.affiliations.iter().any(|affiliation| affiliation.in_force(on));
    items.push(ChecklistItem::new("member.affiliation", false, works, "says where they work"));
    items
}

fn commits(member: &Member, year: Option<SchoolYear>) -> bool {
    year.is_some_and(|year| member.commits_to(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, day, member, team};
    use crate::model::{Commitment, OnboardingStep, TeamKind};

    fn policies() -> Policies {
        let step = |code: &str, required| OnboardingStep { code: code.to_owned(), label: code.to_owned(), required };
        let onboarding = vec![step("orientation", true), step("survey", false)];
        Policies { onboarding, commitment_required: true, ..Policies::default() }
    }

    fn newcomer(number: u128, steps: &[&str], years: &[&str]) -> Member {
        let made =
            |year: &&str| Commitment { school_year: year.parse().expect("a year"), at: at("2021-09-01T00:00:00Z") };
        Member {
            steps: steps.iter().map(|step| (*step).to_owned()).collect(),
            commitments: years.iter().map(made).collect(),
            ..member(number)
        }
    }

    fn words(items: &[ChecklistItem]) -> Vec<String> {
        let number = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
        let word = |item: &ChecklistItem| {
            let need = if item.required { "must" } else { "may" };
            format!("{} {need} {} {}/{}", item.code, item.done, number(item.found), number(item.needed))
        };
        items.iter().map(word).collect()
    }

    #[test]
    fn a_new_team_lacks_nearly_everything() {
        let rule =
            FormationRule { min_members: 4, min_distinct_roles: 2, same_district: true, ..FormationRule::default() };
        let team = Team { kind: TeamKind::Course, formation: Some(rule), ..team(1) };
        let launch = Launch {
            members: Vec::new(),
            leads: 0,
            formation: Formation { districts: 2, ..Formation::default() },
            orientations: 0,
            cycles: 0,
        };
        let items = launch_items(&team, &policies(), day("2021-09-01"), &launch);
        let expected = [
            "team.lead must false 0/1",
            "formation.members must false 0/4",
            "formation.roles must false 0/2",
            "formation.same_district must false 2/-",
            "team.term must false -/-",
            "team.charter must false -/-",
            "onboarding.orientation must false 0/0",
            "onboarding.survey may false 0/0",
            "convening.orientation must false 0/1",
            "commitment.year must false 0/0",
            "cycle.started must false 0/1",
        ];
        assert_eq!(words(&items), expected);
        assert!(!is_ready(&items));
    }

    #[test]
    fn a_team_is_ready_when_all_that_is_required_is_done_by_all() {
        let team = Team { charter: "Fractions".to_owned(), ..team(1) };
        let mut launch = Launch {
            members: vec![
                newcomer(1, &["orientation"], &["2021-22"]),
                newcomer(2, &["orientation", "survey"], &["2021-22"]),
            ],
            leads: 1,
            formation: Formation::default(),
            orientations: 1,
            cycles: 1,
        };
        let on = day("2021-09-01");
        let items = launch_items(&team, &policies(), on, &launch);
        let expected = [
            "team.lead must true 1/1",
            "team.term may false -/-",
            "team.charter must true -/-",
            "onboarding.orientation must true 2/2",
            "onboarding.survey may false 1/2",
            "convening.orientation must true 1/1",
            "commitment.year must true 2/2",
            "cycle.started must true 1/1",
        ];
        assert_eq!(words(&items), expected);
        assert!(is_ready(&items));
        launch.members.push(newcomer(3, &["orientation"], &["2020-21"]));
        let items = launch_items(&team, &policies(), on, &launch);
        assert!(words(&items).contains(&"commitment.year must false 2/3".to_owned()));
        assert!(!is_ready(&items), "last year's commitment is none for this year");
    }

    #[test]
    fn a_term_that_is_over_is_none() {
        let term = Some(Term { starts: day("2021-09-01"), ends: day("2021-12-17") });
        let team = Team { term, ..team(1) };
        let launch =
            Launch { members: Vec::new(), leads: 0, formation: Formation::default(), orientations: 0, cycles: 0 };
        for (on, done) in [("2021-08-01", true), ("2021-12-17", true), ("2021-12-18", false)] {
            let items = launch_items(&team, &policies(), day(on), &launch);
            assert_eq!(items.iter().find(|item| item.code == "team.term").map(|item| item.done), Some(done), "{on}");
        }
    }

    #[test]
    fn a_newcomer_sees_what_is_left_to_do() {
        let asked = Member { state: MemberState::Requested, ..newcomer(1, &["survey"], &["2020-21"]) };
        let items = onboarding_items(&asked, &policies(), day("2021-09-01"));
        let expected = [
            "member.agreed must false -/-",
            "onboarding.orientation must false -/-",
            "onboarding.survey may true -/-",
            "commitment.year must false -/-",
            "member.affiliation may false -/-",
        ];
        assert_eq!(words(&items), expected);
        for (state, agreed) in [
            (MemberState::Known, false),
            (MemberState::Invited, false),
            (MemberState::Onboarding, true),
            (MemberState::Active, true),
            (MemberState::Paused, true),
            (MemberState::Ended, false),
        ] {
            let member = Member { state, ..newcomer(1, &["orientation"], &["2021-22"]) };
            let items = onboarding_items(&member, &policies(), day("2021-09-01"));
            assert_eq!((items[0].done, is_ready(&items)), (agreed, agreed), "{state}");
        }
    }
}
