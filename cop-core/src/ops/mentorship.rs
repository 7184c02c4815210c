//! Mentorships: proposed by the one, lived once the other accepts.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::member::require_live;
use super::membership::is_in;
use super::team::require_not_archived;
use super::{Decision, MentorshipRef, new_record};
use crate::access::Token;
use crate::error::Result;
use crate::id::{MemberId, MentorshipId, TeamId};
use crate::model::{Mentorship, MentorshipFact, MentorshipKind, MentorshipState, Team};
use crate::text::BODY;

/// A mentorship to be proposed by one of the two, or by those who facilitate, for the mentor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMentorship {
    /// `mentoring`, `coaching`, `advice`, `co_leading` or a code of your own.
    pub kind: String,
    /// Who gives.
    pub mentor: MemberId,
    /// Who receives.
    pub mentee: MemberId,
    /// The team in which it is lived.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// What the two want to reach, at most 200,000 characters.
    #[serde(default)]
    pub goals: String,
    /// First day.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl NewMentorship {
    /// A tie of this kind.
    pub fn new(kind: impl Into<String>, mentor: MemberId, mentee: MemberId) -> Self {
        Self { kind: kind.into(), mentor, mentee, team: None, goals: String::new(), since: None, until: None }
    }
}

/// Changes to a mentorship; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentorshipEdit {
    /// Which.
    pub mentorship: MentorshipId,
    /// What the two want to reach.
    #[serde(default)]
    pub goals: Option<String>,
    /// First day.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl MentorshipEdit {
    /// No changes yet.
    pub fn new(mentorship: MentorshipId) -> Self {
        Self { mentorship, goals: None, since: None, until: None }
    }
}

pub(super) fn propose(decision: &mut Decision<'_>, input: &NewMentorship) -> Result<Mentorship> {
    let mentor = decision.person(input.mentor)?;
    let mentee = decision.person(input.mentee)?;
    let receives = decision.acts_as(mentee.id);
    let facilitates = decision.context.viewer.holds(Token::Facilitation);
    decision.permit(receives || decision.acts_as(mentor.id) || facilitates)?;
    let mut check = Check::default();
    let kind: Option<MentorshipKind> = check.value("kind", &input.kind);
    let goals = check.text("goals", &input.goals, BODY);
    let since = check.date("since", input.since);
    let until = check.date("until", input.until);
    check.span("until", since, until);
    check.require(mentor.id != mentee.id, "mentee", "mentorship.same_person", "nobody mentors themselves");
    check.input()?;
    let kind = kind.unwrap_or(MentorshipKind::Mentoring);
    let team = input.team.map(|id| decision.subject::<Team>(id)).transpose()?;
    let mut check = Check::default();
    require_live(&mut check, "mentor", Some(&mentor));
    require_live(&mut check, "mentee", Some(&mentee));
    if let Some(team) = &team {
        require_not_archived(&mut check, team);
        for (field, person) in [("mentor", &mentor), ("mentee", &mentee)] {
            let within = is_in(decision, person.id, team.id)?;
            check.require(within, field, "mentorship.not_in_team", "is no active member of the team");
        }
    }
    let first = !exists(decision, &kind, mentor.id, mentee.id)?;
    check.require(first, "mentee", "mentorship.exists", "there is such a mentorship of the two already");
    check.state()?;
    let facts = BTreeSet::from([MentorshipFact::Proposed]);
    let mentorship = new_record!(
        decision,
        Mentorship {
            id: decision.new_id().into(),
            kind,
            mentor: mentor.id,
            mentee: mentee.id,
            proposed_by: if receives { mentee.id } else { mentor.id },
            team: team.map(|team| team.id),
            goals,
            since,
            until,
            state: MentorshipState::of(&facts),
            facts,
        }
    );
    Ok(decision.create(mentorship))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &MentorshipEdit) -> Result<Mentorship> {
    let before = decision.subject::<Mentorship>(input.mentorship)?;
    decision.permit(is_one_of(decision, &before))?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(goals) = &input.goals {
        after.goals = check.text("goals", goals, BODY);
    }
    after.since = check.date("since", input.since).or(before.since);
    after.until = check.date("until", input.until).or(before.until);
    check.span("until", after.since, after.until);
    check.input()?;
    let mut check = Check::default();
    require_not_ended(&mut check, &before);
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn accept(decision: &mut Decision<'_>, input: &MentorshipRef) -> Result<Mentorship> {
    let before = decision.subject::<Mentorship>(input.mentorship)?;
    decision.permit(decision.acts_as(before.accepts()))?;
    if before.state == MentorshipState::Active {
        return Ok(before);
    }
    let mut check = Check::default();
    require_not_ended(&mut check, &before);
    for (field, id) in [("mentor", before.mentor), ("mentee", before.mentee)] {
        require_live(&mut check, field, decision.reads().person(id)?.as_ref());
    }
    check.state()?;
    Ok(add_fact(decision, before, MentorshipFact::Accepted))
}

pub(super) fn end(decision: &mut Decision<'_>, input: &MentorshipRef) -> Result<Mentorship> {
    let before = decision.subject::<Mentorship>(input.mentorship)?;
    decision.permit(is_one_of(decision, &before) || decision.context.viewer.holds(Token::Facilitation))?;
    Ok(add_fact(decision, before, MentorshipFact::Ended))
}

/// Whether the actor is one of the two, under whatever record.
pub(super) fn is_one_of(decision: &Decision<'_>, mentorship: &Mentorship) -> bool {
    decision.acts_as(mentorship.mentor) || decision.acts_as(mentorship.mentee)
}

fn add_fact(decision: &mut Decision<'_>, before: Mentorship, fact: MentorshipFact) -> Mentorship {
    let mut after = before.clone();
    after.facts.insert(fact);
    after.state = MentorshipState::of(&after.facts);
    decision.change(before, after)
}

fn require_not_ended(check: &mut Check, mentorship: &Mentorship) {
    let lasts = mentorship.state != MentorshipState::Ended;
    check.require(lasts, "mentorship", "mentorship.ended", "the mentorship is over");
}

/// Whether the two are tied in this way already, proposed or lived.
fn exists(decision: &Decision<'_>, kind: &MentorshipKind, mentor: MemberId, mentee: MemberId) -> Result<bool> {
    let (givers, receivers) = (decision.reads().people(mentor)?, decision.reads().people(mentee)?);
    // Who leads together is tied both ways: there is one such tie, whoever is named first.
    let both_ways = *kind == MentorshipKind::CoLeading;
    Ok(ties(decision, kind, &givers, &receivers)? || (both_ways && ties(decision, kind, &receivers, &givers)?))
}

fn ties(
    decision: &Decision<'_>,
    kind: &MentorshipKind,
    mentors: &BTreeSet<MemberId>,
    mentees: &BTreeSet<MemberId>,
) -> Result<bool> {
    for &mentor in mentors {
        let such = |other: &Mentorship| {
            other.kind == *kind && other.state != MentorshipState::Ended && mentees.contains(&other.mentee)
        };
        if decision.reads().all::<Mentorship>("mentor", mentor)?.iter().any(such) {
            return Ok(true);
        }
    }
    Ok(false)
}
