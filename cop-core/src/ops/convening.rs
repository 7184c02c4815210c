//! Convenings: planned, announced, cancelled or held.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::convening_rules::{
    check_parent, check_revision, has_sessions, renumber, require_announceable, require_announced, require_attendable,
    require_begun, require_not,
};
use super::times::Times;
use super::{ConveningRef, Decision, new_record, seats};
use crate::access::{Token, may_edit};
use crate::error::{Error, Result};
use crate::id::{ConveningId, CycleId, ResourceId, TeamId};
use crate::model::{
    Attendance, AttendanceStatus, Convening, ConveningFact, ConveningKind, ConveningState, Cycle, Mode, Resource,
    Series, Team, TimeZone, Visibility,
};
use crate::text::{BODY, NAME, TAG, TITLE};

/// Most teams that convene together.
const MAX_TEAMS: usize = 100;
/// Most keywords.
const MAX_TOPICS: usize = 100;

/// A convening to be planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConvening {
    /// `convening`, `workshop`, `orientation`, `course_session`, `consultancy`, `team_meeting`, `data_reflection`,
    /// `lesson_observation` or a code of your own.
    pub kind: String,
    /// Its title, 1 to 300 characters.
    pub title: String,
    /// When it begins, on the clocks of its time zone.
    pub starts: NaiveDateTime,
    /// When it ends: a session at most 24 hours later, a convening of sessions 31 days.
    pub ends: NaiveDateTime,
    /// Its time zone (IANA), such as `America/Los_Angeles`.
    pub time_zone: String,
    /// What it is about.
    #[serde(default)]
    pub body: String,
    /// The teams that convene; none for the whole community.
    #[serde(default)]
    pub teams: Vec<TeamId>,
    /// The convening it is a session of.
    #[serde(default)]
    pub parent: Option<ConveningId>,
    /// The cycle it belongs to.
    #[serde(default)]
    pub cycle: Option<CycleId>,
    /// `in_person`, `virtual` (unless said) or `hybrid`.
    #[serde(default)]
    pub mode: Option<String>,
    /// Where; needed to announce it, unless it is virtual.
    #[serde(default)]
    pub place: Option<String>,
    /// Where, online; needed to announce it, unless it is in person.
    #[serde(default)]
    pub join_url: Option<String>,
    /// How many seats there are, at least 1; none for as many as come.
    #[serde(default)]
    pub capacity: Option<i64>,
    /// The protocol it follows.
    #[serde(default)]
    pub protocol: Option<ResourceId>,
    /// Its place in a series.
    #[serde(default)]
    pub series: Option<Series>,
    /// What it is about, as keywords.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Who may read it once it is announced, beside the teams that convene: the community where no team convenes,
    /// else nobody else, unless said.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl NewConvening {
    /// A convening of this kind and title, from `starts` to `ends` on the clocks of `time_zone`.
    pub fn new(
        kind: impl Into<String>,
        title: impl Into<String>,
        starts: NaiveDateTime,
        ends: NaiveDateTime,
        time_zone: impl Into<String>,
    ) -> Self {
        Self {
            kind: kind.into(),
            title: title.into(),
            starts,
            ends,
            time_zone: time_zone.into(),
            body: String::new(),
            teams: Vec::new(),
            parent: None,
            cycle: None,
            mode: None,
            place: None,
            join_url: None,
            capacity: None,
            protocol: None,
            series: None,
            topics: Vec::new(),
            visibility: None,
        }
    }

    /// A team that convenes.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.teams.push(team);
        self
    }

    /// The convening it is a session of.
    #[must_use]
    pub fn within(mut self, parent: ConveningId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Where it takes place, in person.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self.mode = Some(if self.join_url.is_some() { "hybrid" } else { "in_person" }.to_owned());
        self
    }

    /// Where it takes place, online.
    #[must_use]
    pub fn online(mut self, join_url: impl Into<String>) -> Self {
        self.join_url = Some(join_url.into());
        self.mode = Some(if self.place.is_some() { "hybrid" } else { "virtual" }.to_owned());
        self
    }

    /// How many seats there are.
    #[must_use]
    pub fn with_capacity(mut self, seats: i64) -> Self {
        self.capacity = Some(seats);
        self
    }

    /// What it is about, as a keyword.
    #[must_use]
    pub fn with_topic(mut self, topic: impl Into<String>) -> Self {
        self.topics.push(topic.into());
        self
    }
}

/// Changes to a convening; what is none stays, an empty text clears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConveningEdit {
    /// Which.
    pub convening: ConveningId,
    /// What it is.
    #[serde(default)]
    pub kind: Option<String>,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub body: Option<String>,
    /// When it begins.
    #[serde(default)]
    pub starts: Option<NaiveDateTime>,
    /// When it ends.
    #[serde(default)]
    pub ends: Option<NaiveDateTime>,
    /// Its time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// All teams that convene.
    #[serde(default)]
    pub teams: Option<Vec<TeamId>>,
    /// How people meet.
    #[serde(default)]
    pub mode: Option<String>,
    /// Where.
    #[serde(default)]
    pub place: Option<String>,
    /// Where, online.
    #[serde(default)]
    pub join_url: Option<String>,
    /// How many seats there are; 0 for as many as come. More seats go to those who wait.
    #[serde(default)]
    pub capacity: Option<i64>,
    /// The protocol it follows.
    #[serde(default)]
    pub protocol: Option<ResourceId>,
    /// All keywords.
    #[serde(default)]
    pub topics: Option<Vec<String>>,
    /// Who may read it once it is announced.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl ConveningEdit {
    /// No changes yet.
    pub fn new(convening: ConveningId) -> Self {
        Self {
            convening,
            kind: None,
            title: None,
            body: None,
            starts: None,
            ends: None,
            time_zone: None,
            teams: None,
            mode: None,
            place: None,
            join_url: None,
            capacity: None,
            protocol: None,
            topics: None,
            visibility: None,
        }
    }
}

/// Why a convening will not take place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// Which.
    pub convening: ConveningId,
    /// Why, 1 to 300 characters.
    pub reason: String,
}

pub(super) fn plan(decision: &mut Decision<'_>, input: &NewConvening) -> Result<Convening> {
    let teams = read_teams(decision, &input.teams)?;
    let parent = input.parent.map(|id| decision.subject::<Convening>(id)).transpose()?;
    permit_teams(decision, &teams, &teams)?;
    parent.as_ref().map_or(Ok(()), |parent| permit_organiser(decision, parent))?;
    let mut check = Check::default();
    let kind = check.value("kind", &input.kind);
    let title = check.text("title", &input.title, TITLE);
    let body = check.text("body", &input.body, BODY);
    let time_zone = check.value("time_zone", &input.time_zone);
    let times = Times::read(&mut check, input.starts, input.ends, time_zone, parent.is_some());
    let mode = check.optional("mode", input.mode.as_ref());
    let place = check.optional_text("place", input.place.as_ref(), TITLE);
    let join_url = check.optional("join_url", input.join_url.as_ref());
    let seats = input.capacity.is_none_or(|seats| seats >= 1);
    check.require(seats, "capacity", "convening.capacity", "there is at least one seat");
    let series = input.series.as_ref().map(|series| read_series(&mut check, series));
    let topics = read_topics(&mut check, &input.topics);
    let visibility = check.optional("visibility", input.visibility.as_ref());
    check.input()?;
    let Some(times) = times else { return Err(Error::Internal("times without a problem are times".to_owned())) };
    let beyond_teams = if teams.is_empty() { Visibility::Community } else { Visibility::Private };
    let visibility = visibility.unwrap_or(beyond_teams);
    decision.see_audience(visibility)?;
    decision.see_named::<Cycle>(input.cycle)?;
    decision.see_named::<Resource>(input.protocol)?;
    let convening = new_record!(
        decision,
        Convening {
            id: decision.new_id().into(),
            kind: kind.unwrap_or(ConveningKind::Convening),
            title,
            body,
            teams,
            parent: input.parent,
            cycle: input.cycle,
            starts: times.starts,
            ends: times.ends,
            time_zone: times.time_zone,
            starts_at: times.starts_at,
            ends_at: times.ends_at,
            mode: mode.unwrap_or(Mode::Virtual),
            place,
            join_url,
            capacity: input.capacity,
            protocol: input.protocol,
            series,
            topics,
            sequence: 0,
            visibility,
            facts: BTreeSet::new(),
            state: ConveningState::Draft,
            cancelled_because: None,
        }
    );
    if let Some(parent) = &parent {
        check_parent(decision, &convening, parent)?;
    }
    Ok(decision.create(convening))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &ConveningEdit) -> Result<Convening> {
    let before = decision.editable::<Convening>(input.convening)?;
    let mut after = before.clone();
    if let Some(teams) = &input.teams {
        after.teams = read_teams(decision, teams)?;
        let added: BTreeSet<TeamId> = after.teams.difference(&before.teams).copied().collect();
        if after.teams != before.teams {
            permit_teams(decision, &after.teams, &added)?;
        }
    }
    let mut check = Check::default();
    if let Some(kind) = &input.kind {
        after.kind = check.value("kind", kind).unwrap_or(after.kind);
    }
    if let Some(title) = &input.title {
        after.title = check.text("title", title, TITLE);
    }
    if let Some(body) = &input.body {
        after.body = check.text("body", body, BODY);
    }
    revise_times(&mut check, &mut after, input);
    if let Some(mode) = &input.mode {
        after.mode = check.value("mode", mode).unwrap_or(after.mode);
    }
    if input.place.is_some() {
        after.place = check.optional_text("place", input.place.as_ref(), TITLE);
    }
    if input.join_url.is_some() {
        after.join_url = check.optional("join_url", input.join_url.as_ref());
    }
    if let Some(seats) = input.capacity {
        check.require(seats >= 0, "capacity", "convening.capacity", "at least one seat, or 0 for as many as come");
        after.capacity = Some(seats).filter(|&seats| seats > 0);
    }
    if let Some(topics) = &input.topics {
        after.topics = read_topics(&mut check, topics);
    }
    if let Some(visibility) = &input.visibility {
        after.visibility = check.value("visibility", visibility).unwrap_or(after.visibility);
    }
    check.input()?;
    if after.visibility != before.visibility {
        decision.see_audience(after.visibility)?;
    }
    if let Some(protocol) = input.protocol {
        after.protocol = Some(decision.subject::<Resource>(protocol)?.id);
    }
    check_revision(decision, &before, &after)?;
    renumber(&before, &mut after);
    let after = decision.change(before, after);
    if input.capacity.is_some() {
        // Without a capacity there are seats for all who wait.
        let seated = Convening { capacity: after.capacity.or(Some(i64::MAX)), ..after.clone() };
        seats::settle(decision, &seated, after.ends_at)?;
    }
    Ok(after)
}

pub(super) fn schedule(decision: &mut Decision<'_>, input: &ConveningRef) -> Result<Convening> {
    let before = decision.editable::<Convening>(input.convening)?;
    if before.state == ConveningState::Scheduled {
        return Ok(before);
    }
    let mut check = Check::default();
    require_not(&mut check, &before, ConveningState::Cancelled);
    require_not(&mut check, &before, ConveningState::Held);
    if let Some(parent) = before.parent {
        let parent = decision.reads().one::<Convening>(parent)?;
        let on = parent.is_none_or(|parent| parent.state != ConveningState::Cancelled);
        check.require(on, "parent", "convening.parent_over", "the convening it is a session of is cancelled");
    }
    require_announceable(&mut check, &before, has_sessions(decision, &before)?);
    check.state()?;
    Ok(add_fact(decision, before, ConveningFact::Scheduled))
}

/// What will not take place has no sessions that do.
pub(super) fn cancel(decision: &mut Decision<'_>, input: &Cancellation) -> Result<Convening> {
    let before = decision.editable::<Convening>(input.convening)?;
    let mut check = Check::default();
    let reason = check.text("reason", &input.reason, TITLE);
    check.input()?;
    if before.state == ConveningState::Cancelled {
        return Ok(before);
    }
    let mut sessions: Vec<Convening> = decision.reads().all("parent", before.id)?;
    sessions.retain(|session| matches!(session.state, ConveningState::Draft | ConveningState::Scheduled));
    let mut check = Check::default();
    require_not(&mut check, &before, ConveningState::Held);
    for convening in sessions.iter().chain([&before]) {
        let all: Vec<Attendance> = decision.reads().all("convening", convening.id)?;
        let attended = all.iter().any(|attendance| attendance.status == AttendanceStatus::Attended);
        check.require(!attended, "convening", "convening.attended", "people were there: it took place");
    }
    check.state()?;
    let mut cancel = |before: Convening| {
        let with_reason = Convening { cancelled_because: Some(reason.clone()), ..before.clone() };
        write_fact(decision, before, with_reason, ConveningFact::Cancelled)
    };
    let after = cancel(before);
    sessions.into_iter().for_each(|session| drop(cancel(session)));
    Ok(after)
}

pub(super) fn hold(decision: &mut Decision<'_>, input: &ConveningRef) -> Result<Convening> {
    let before = decision.editable::<Convening>(input.convening)?;
    if before.state == ConveningState::Held {
        return Ok(before);
    }
    let mut check = Check::default();
    require_not(&mut check, &before, ConveningState::Cancelled);
    require_announced(&mut check, decision, &before);
    require_begun(&mut check, decision, &before);
    require_attendable(&mut check, &before, has_sessions(decision, &before)?);
    check.state()?;
    Ok(add_fact(decision, before, ConveningFact::Held))
}

pub(super) fn permit_organiser(decision: &Decision<'_>, convening: &Convening) -> Result<()> {
    decision.permit(may_edit(decision.context.viewer, &convening.clone().into(), None))
}

/// Leads and facilitators plan what their teams convene for; what is for the whole community is for who facilitates it.
fn permit_teams(decision: &Decision<'_>, teams: &BTreeSet<TeamId>, theirs: &BTreeSet<TeamId>) -> Result<()> {
    let viewer = decision.context.viewer;
    let of_all = !teams.is_empty() && theirs.iter().all(|&team| viewer.holds(Token::TeamFacilitator(team)));
    decision.permit(of_all || viewer.holds(Token::Facilitation))
}

fn read_teams(decision: &Decision<'_>, ids: &[TeamId]) -> Result<BTreeSet<TeamId>> {
    let mut check = Check::default();
    check.length("teams", ids.len(), 0, MAX_TEAMS);
    check.input()?;
    ids.iter().map(|&id| decision.subject::<Team>(id).map(|team| team.id)).collect()
}

fn read_series(check: &mut Check, raw: &Series) -> Series {
    check.require(raw.index >= 1, "series.index", "convening.series_index", "the first of a series is 1");
    Series { name: check.text("series.name", &raw.name, NAME), index: raw.index }
}

fn read_topics(check: &mut Check, raw: &[String]) -> BTreeSet<String> {
    check.length("topics", raw.len(), 0, MAX_TOPICS);
    check.texts("topics", raw.get(..MAX_TOPICS).unwrap_or(raw), TAG)
}

fn revise_times(check: &mut Check, after: &mut Convening, input: &ConveningEdit) {
    if input.starts.is_none() && input.ends.is_none() && input.time_zone.is_none() {
        return;
    }
    let time_zone: Option<TimeZone> = match &input.time_zone {
        Some(raw) => check.value("time_zone", raw),
        None => Some(after.time_zone),
    };
    let (starts, ends) = (input.starts.unwrap_or(after.starts), input.ends.unwrap_or(after.ends));
    if let Some(times) = Times::read(check, starts, ends, time_zone, after.parent.is_some()) {
        times.write(after);
    }
}

fn add_fact(decision: &mut Decision<'_>, before: Convening, fact: ConveningFact) -> Convening {
    let after = before.clone();
    write_fact(decision, before, after, fact)
}

fn write_fact(decision: &mut Decision<'_>, before: Convening, mut after: Convening, fact: ConveningFact) -> Convening {
    after.facts.insert(fact);
    after.state = ConveningState::of(&after.facts);
    renumber(&before, &mut after);
    decision.change(before, after)
}
