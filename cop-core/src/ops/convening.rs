//! Convenings: planned, announced, cancelled or held.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{ConveningRef, Decision};
use crate::error::{Error, Result};
use crate::id::{ConveningId, CycleId, ResourceId, TeamId};
use crate::model::{Convening, Series};

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

pub(super) fn plan(_: &mut Decision<'_>, _: &NewConvening) -> Result<Convening> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &ConveningEdit) -> Result<Convening> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn schedule(_: &mut Decision<'_>, _: &ConveningRef) -> Result<Convening> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn cancel(_: &mut Decision<'_>, _: &Cancellation) -> Result<Convening> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn hold(_: &mut Decision<'_>, _: &ConveningRef) -> Result<Convening> {
    Err(Error::Unsupported("not yet".to_owned()))
}
