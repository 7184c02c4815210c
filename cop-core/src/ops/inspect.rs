//! Inspection: looks over the whole community for soft problems, and raises a finding for each. Repairs nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Decision;
use super::formation::{Crew, CrewChange};
use super::seats::raise_over_capacity;
use super::team::{raise_formation, raise_no_lead};
use crate::access::Token;
use crate::error::Result;
use crate::id::{ConveningId, MemberId};
use crate::model::{
    AnyRecord, AttendanceStatus, CommunityRecord, Convening, ConveningState, FindingKind, Member, RecordKind,
    RecordRef, Team, TeamState,
};
use crate::store::email_key;

/// What to look for: everything that the library knows to be a soft problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspection {}

pub(super) fn inspect(decision: &mut Decision<'_>, _: &Inspection) -> Result<CommunityRecord> {
    decision.permit(decision.context.viewer.holds(Token::Facilitation))?;
    inspect_members(decision)?;
    inspect_teams(decision)?;
    inspect_convenings(decision)?;
    decision.community()
}

fn inspect_members(decision: &mut Decision<'_>) -> Result<()> {
    let today = decision.today();
    let mut by_email: BTreeMap<String, Vec<MemberId>> = BTreeMap::new();
    let mut nowhere = Vec::new();
    decision.reads().each(RecordKind::Member, &mut |record| {
        let AnyRecord::Member(member) = record else { return Ok(()) };
        if member.is_live() {
            for email in &member.emails {
                by_email.entry(email.code().to_lowercase()).or_default().push(member.id);
            }
            if !member.affiliations.is_empty() && !member.affiliations.iter().any(|a| a.in_force(today)) {
                nowhere.push(member.id);
            }
        }
        Ok(())
    })?;
    for same in by_email.values() {
        for (index, &one) in same.iter().enumerate() {
            for &other in &same[index + 1..] {
                let both = [one.into(), other.into()];
                decision.raise(FindingKind::DuplicateEmail, both, None, "two members have the same e-mail address")?;
            }
        }
    }
    for member in nowhere {
        let detail = "takes part without a current affiliation";
        decision.raise(FindingKind::NoAffiliation, [member.into()], None, detail)?;
    }
    Ok(())
}

fn inspect_teams(decision: &mut Decision<'_>) -> Result<()> {
    let mut teams: Vec<Team> = Vec::new();
    decision.reads().each(RecordKind::Team, &mut |record| {
        if let AnyRecord::Team(team) = record
            && team.state == TeamState::Active
        {
            teams.push(team);
        }
        Ok(())
    })?;
    let today = decision.today();
    for team in teams {
        let about: RecordRef = team.id.into();
        let crew = Crew::of(decision.reads(), team.id, &CrewChange::default())?;
        if crew.leads.is_empty() {
            raise_no_lead(decision, &team)?;
        }
        raise_formation(decision, &team, &crew)?;
        if let Some(term) = team.term.filter(|term| term.ends < today) {
            let detail = format!("works, but its term ended on {}", term.ends);
            decision.raise(FindingKind::TermOver, [about], Some(team.id), detail)?;
        }
    }
    Ok(())
}

fn inspect_convenings(decision: &mut Decision<'_>) -> Result<()> {
    let mut seats: BTreeMap<ConveningId, i64> = BTreeMap::new();
    let mut walk_ins: Vec<(RecordRef, String)> = Vec::new();
    decision.reads().each(RecordKind::Attendance, &mut |record| {
        let AnyRecord::Attendance(attendance) = record else { return Ok(()) };
        if attendance.status == AttendanceStatus::Registered {
            *seats.entry(attendance.convening).or_default() += 1;
        }
        if let Some(email) = attendance.walk_in.as_ref().and_then(|walk_in| walk_in.email.as_ref()) {
            walk_ins.push((attendance.id.into(), email_key(email)));
        }
        Ok(())
    })?;
    for (convening, taken) in seats {
        let Some(convening) = decision.reads().one::<Convening>(convening)? else { continue };
        if convening.state == ConveningState::Scheduled {
            raise_over_capacity(decision, &convening, taken)?;
        }
    }
    for (attendance, key) in walk_ins {
        for member in decision.reads().find(RecordKind::Member, &key)? {
            if decision.reads().one::<Member>(member.into())?.is_some() {
                let both = [attendance, MemberId::new(member).into()];
                decision.raise(FindingKind::PossibleMember, both, None, "a walk-in has a member's e-mail address")?;
            }
        }
    }
    Ok(())
}
