//! Gathers what people did: of one person by what refers to them, of everybody in one pass over the records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::{Calendar, day_of};
use super::standing::{first_moment_after, member_over_time, membership_over_time};
use super::trail::{Trace, Trail, traces};
use crate::access::{self, Viewer, redact};
use crate::error::Result;
use crate::id::{ConveningId, MemberId, TeamId};
use crate::model::{
    AnyRecord, Attendance, Convening, Entry, Member, MemberEvent, MemberFact, Membership, RecordKind, RecordRef, Team,
    TeamFact,
};
use crate::ops::Reads;
use crate::store::{EVERYBODY, member_key, predictor_key, team_key};

/// What a person did after the day `since`; `people` are all their records.
pub(super) fn of_person(reads: &dyn Reads, people: &[Member], since: NaiveDate, now: DateTime<Utc>) -> Result<Trail> {
    let mut trail = Trail::default();
    let mut memberships: Vec<Membership> = Vec::new();
    let mut attendances: Vec<Attendance> = Vec::new();
    for person in people {
        memberships.extend(reads.memberships(Some(person.id), None)?);
        attendances.extend(reads.all::<Attendance>("member", person.id)?);
    }
    let teams: BTreeSet<TeamId> = memberships.iter().map(|membership| membership.team).collect();
    let mut convenings = reads.find(RecordKind::Convening, EVERYBODY)?;
    let mut at_work: BTreeSet<TeamId> = BTreeSet::new();
    for &team in &teams {
        convenings.extend(reads.find(RecordKind::Convening, &team_key(team))?);
        at_work.extend(reads.one::<Team>(team)?.filter(has_started).map(|team| team.id));
    }
    let mut calendar = Calendar::new(now);
    calendar.add_with_sessions(reads, convenings.into_iter().map(ConveningId::new).collect())?;
    for attendance in &attendances {
        calendar.add(reads, attendance.convening)?;
    }
    let sessions = Sessions::after(&calendar, since);
    let known_since = people.iter().map(known_since).min().unwrap_or(now);
    sessions.of_all.iter().for_each(|session| trail.may_attend(session, known_since));
    for membership in &memberships {
        sessions.belong(reads, &mut trail, membership, at_work.contains(&membership.team))?;
    }
    attendances.iter().for_each(|attendance| trail.attend(&calendar, attendance));
    let mut shared = Shared::new(now);
    for record in made_by(reads, people)? {
        for (who, day, trace) in shared.traces(reads, record)? {
            if people.iter().any(|person| person.id == who) {
                trail.note(day, trace);
            }
        }
    }
    Ok(trail)
}

/// The records that may tell what a person contributed.
fn made_by(reads: &dyn Reads, people: &[Member]) -> Result<Vec<AnyRecord>> {
    let mut found = Vec::new();
    let mut cycles = BTreeSet::new();
    for person in people {
        for (kind, column) in [
            (RecordKind::Resource, "created_by"),
            (RecordKind::Entry, "created_by"),
            (RecordKind::Observation, "created_by"),
            (RecordKind::Story, "teller"),
        ] {
            found.extend(reads.related(kind, column, person.id.uuid())?);
        }
        cycles.extend(reads.find(RecordKind::Cycle, &member_key(person.id))?);
        cycles.extend(reads.find(RecordKind::Cycle, &predictor_key(person.id))?);
    }
    for cycle in cycles {
        found.extend(reads.get(RecordKind::Cycle, cycle)?);
    }
    Ok(found)
}

/// What everybody did after the day `since` who belonged to the community at the end of the day `on`.
///
/// The history of a record is looked up only where it has changed since it matters.
pub(super) fn everybody(
    reads: &dyn Reads,
    since: NaiveDate,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<BTreeMap<MemberId, Trail>> {
    let calendar = Calendar::of_all(reads, now)?;
    let sessions = Sessions::after(&calendar, since);
    let persons = Persons::at(reads, on)?;
    let mut trails: BTreeMap<MemberId, Trail> = BTreeMap::new();
    for (&root, &known_since) in &persons.live {
        let trail = trails.entry(root).or_default();
        sessions.of_all.iter().for_each(|session| trail.may_attend(session, known_since));
    }
    let mut at_work: BTreeSet<TeamId> = BTreeSet::new();
    reads.each(RecordKind::Team, &mut |record| {
        if let AnyRecord::Team(team) = record {
            at_work.extend(Some(team).filter(has_started).map(|team| team.id));
        }
        Ok(())
    })?;
    let mut memberships: Vec<Membership> = Vec::new();
    reads.each(RecordKind::Membership, &mut |record| {
        if let AnyRecord::Membership(mut membership) = record
            && sessions.of_teams.contains_key(&membership.team)
        {
            // An application is long, and nothing here depends on it.
            membership.answers = Vec::new();
            memberships.push(membership);
        }
        Ok(())
    })?;
    for membership in &memberships {
        if let Some(trail) = trails.get_mut(&persons.root(membership.member)) {
            sessions.belong(reads, trail, membership, at_work.contains(&membership.team))?;
        }
    }
    reads.each(RecordKind::Attendance, &mut |record| {
        if let AnyRecord::Attendance(attendance) = record
            && let Some(member) = attendance.member
            && let Some(trail) = trails.get_mut(&persons.root(member))
        {
            trail.attend(&calendar, &attendance);
        }
        Ok(())
    })?;
    let mut shared = Shared::new(now);
    let mut note = |(who, day, trace): (MemberId, NaiveDate, Trace)| {
        if let Some(trail) = trails.get_mut(&persons.root(who)).filter(|_| since < day && day <= on) {
            trail.note(day, trace);
        }
    };
    for kind in [RecordKind::Resource, RecordKind::Entry, RecordKind::Observation, RecordKind::Story, RecordKind::Cycle]
    {
        // Who may read a note depends on what it is about, which is looked up when the pass is over.
        let mut waiting: Vec<AnyRecord> = Vec::new();
        reads.each(kind, &mut |record| {
            match access::parent(&record) {
                Some(_) => waiting.extend(slim(record)),
                None => shared.traces(reads, record)?.into_iter().for_each(&mut note),
            }
            Ok(())
        })?;
        for record in waiting {
            shared.traces(reads, record)?.into_iter().for_each(&mut note);
        }
    }
    Ok(trails)
}

/// The record without its text, unless it is private.
fn slim(record: AnyRecord) -> Option<AnyRecord> {
    match record {
        AnyRecord::Entry(entry) if entry.private => None,
        AnyRecord::Entry(entry) => Some(AnyRecord::Entry(Entry { body: String::new(), ..entry })),
        other => Some(other),
    }
}

/// The held sessions after a day, by who may come.
struct Sessions<'a> {
    of_all: Vec<&'a Convening>,
    of_teams: BTreeMap<TeamId, Vec<&'a Convening>>,
}

impl<'a> Sessions<'a> {
    fn after(calendar: &'a Calendar, since: NaiveDate) -> Self {
        let mut sessions = Self { of_all: Vec::new(), of_teams: BTreeMap::new() };
        for session in calendar.held_sessions().filter(|session| since < day_of(session)) {
            let teams = calendar.teams(session);
            if teams.is_empty() {
                sessions.of_all.push(session);
            }
            teams.iter().for_each(|team| sessions.of_teams.entry(*team).or_default().push(session));
        }
        sessions
    }

    fn belong(&self, reads: &dyn Reads, trail: &mut Trail, membership: &Membership, at_work: bool) -> Result<()> {
        if let Some(sessions) = self.of_teams.get(&membership.team) {
            trail.belong(sessions, &membership_over_time(reads, membership, sessions)?, at_work);
        }
        Ok(())
    }
}

/// Who is whom, and who belonged to the community at the end of a day.
struct Persons {
    /// The records that stand for somebody else's.
    merged: HashMap<MemberId, MemberId>,
    /// Those who belonged to it, each with when the community got to know them.
    live: BTreeMap<MemberId, DateTime<Utc>>,
}

impl Persons {
    fn at(reads: &dyn Reads, on: NaiveDate) -> Result<Self> {
        let mut merged = HashMap::new();
        let mut known: HashMap<MemberId, DateTime<Utc>> = HashMap::new();
        let mut live: BTreeSet<MemberId> = BTreeSet::new();
        let mut changed_since: Vec<Member> = Vec::new();
        let after = first_moment_after(on);
        reads.each(RecordKind::Member, &mut |record| {
            let AnyRecord::Member(member) = record else { return Ok(()) };
            merged.extend(member.merged_into.map(|root| (member.id, root)));
            known.insert(member.id, known_since(&member));
            if member.revised_at >= after {
                changed_since.push(member);
            } else if member.is_live() {
                live.insert(member.id);
            }
            Ok(())
        })?;
        for member in changed_since {
            if member_over_time(reads, &member, after)?.at_the_end_of(on) {
                live.insert(member.id);
            }
        }
        let mut persons = Self { merged, live: BTreeMap::new() };
        let roots: BTreeSet<MemberId> = live.iter().map(|member| persons.root(*member)).collect();
        for (member, since) in &known {
            let root = persons.root(*member);
            if roots.contains(&root) && known.contains_key(&root) {
                let first = persons.live.entry(root).or_insert(*since);
                *first = (*first).min(*since);
            }
        }
        Ok(persons)
    }

    fn root(&self, member: MemberId) -> MemberId {
        self.merged.get(&member).copied().unwrap_or(member)
    }
}

/// Since when the community knows somebody: always, where the host recorded them as active already.
fn known_since(member: &Member) -> DateTime<Utc> {
    let has = |event| member.facts.contains(&MemberFact::new(event));
    let joined = [MemberEvent::Invited, MemberEvent::Requested, MemberEvent::Approved, MemberEvent::Accepted];
    let already = member.created_by.is_none() && has(MemberEvent::Activated) && !joined.into_iter().any(has);
    if already { DateTime::<Utc>::MIN_UTC } else { member.created_at }
}

fn has_started(team: &Team) -> bool {
    team.facts.contains(&TeamFact::Activated)
}

/// What those who facilitate the community may read: nothing else is counted, whoever asks.
struct Shared {
    viewer: Viewer,
    /// Whether they may read what depends on a record, as far as it was asked for.
    children: HashMap<(RecordKind, RecordRef), bool>,
}

impl Shared {
    fn new(now: DateTime<Utc>) -> Self {
        Self { viewer: Viewer::host(now.date_naive()), children: HashMap::new() }
    }

    fn traces(&mut self, reads: &dyn Reads, record: AnyRecord) -> Result<Vec<(MemberId, NaiveDate, Trace)>> {
        let Some(record) = slim(record) else { return Ok(Vec::new()) };
        let readable = match access::parent(&record) {
            None => self.viewer.may_read_record(&record, None),
            Some(parent) => match self.children.get(&(record.kind(), parent)) {
                Some(&readable) => readable,
                None => {
                    let found = reads.get(parent.kind, parent.id)?;
                    let readable = self.viewer.may_read_record(&record, found.as_ref());
                    self.children.insert((record.kind(), parent), readable);
                    readable
                }
            },
        };
        Ok(if readable { traces(&redact(record, &self.viewer)) } else { Vec::new() })
    }
}
