//! Goals: the theory of improvement, a graph without cycles.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Decision;
use crate::error::{Error, Result};
use crate::id::{GoalId, MeasureId, TeamId};
use crate::model::{AimStatement, Goal};

/// A goal to be added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGoal {
    /// `goal`, `strategy`, `objective`, `outcome`, `problem`, `aim`, `driver` or `change_idea`.
    pub kind: String,
    /// Its title, 1 to 300 characters.
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub body: String,
    /// The team whose goal it is; none for the whole community's.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// The goals above it.
    #[serde(default)]
    pub parents: Vec<GoalId>,
    /// The school year, such as `2021-22`; required of objectives.
    #[serde(default)]
    pub school_year: Option<String>,
    /// What, how much, for whom, by when; of aims.
    #[serde(default)]
    pub aim: Option<AimStatement>,
    /// The measures that tell whether it is reached.
    #[serde(default)]
    pub measures: Vec<MeasureId>,
    /// Who may read it: the team, or the community where it has none, unless said.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl NewGoal {
    /// A goal of this kind and title.
    pub fn new(kind: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind: kind.into(), title: title.into(), ..Self::default() }
    }

    /// The team whose goal it is.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.team = Some(team);
        self
    }

    /// A goal above it.
    #[must_use]
    pub fn with_parent(mut self, parent: GoalId) -> Self {
        self.parents.push(parent);
        self
    }

    /// Its school year.
    #[must_use]
    pub fn with_school_year(mut self, year: impl Into<String>) -> Self {
        self.school_year = Some(year.into());
        self
    }

    /// What an aim says.
    #[must_use]
    pub fn with_aim(mut self, aim: AimStatement) -> Self {
        self.aim = Some(aim);
        self
    }

    /// More about it.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }
}

/// Changes to a goal; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoalEdit {
    /// Which.
    pub goal: GoalId,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// More about it.
    #[serde(default)]
    pub body: Option<String>,
    /// Its school year; an empty text clears it.
    #[serde(default)]
    pub school_year: Option<String>,
    /// What an aim says.
    #[serde(default)]
    pub aim: Option<AimStatement>,
    /// All measures.
    #[serde(default)]
    pub measures: Option<Vec<MeasureId>>,
    /// Who may read it.
    #[serde(default)]
    pub visibility: Option<String>,
}

impl GoalEdit {
    /// No changes yet.
    pub fn new(goal: GoalId) -> Self {
        Self { goal, title: None, body: None, school_year: None, aim: None, measures: None, visibility: None }
    }
}

/// A goal and one above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoalLink {
    /// The goal.
    pub goal: GoalId,
    /// The goal above it.
    pub parent: GoalId,
}

/// How a goal ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoalClosing {
    /// Which.
    pub goal: GoalId,
    /// `met`, `dropped` or `superseded`.
    pub status: String,
    /// The goal that takes its place; required when it is superseded.
    #[serde(default)]
    pub superseded_by: Option<GoalId>,
}

pub(super) fn add(_: &mut Decision<'_>, _: &NewGoal) -> Result<Goal> {
    let _: BTreeSet<GoalId> = BTreeSet::new();
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &GoalEdit) -> Result<Goal> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn link(_: &mut Decision<'_>, _: &GoalLink) -> Result<Goal> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn unlink(_: &mut Decision<'_>, _: &GoalLink) -> Result<Goal> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn close(_: &mut Decision<'_>, _: &GoalClosing) -> Result<Goal> {
    Err(Error::Unsupported("not yet".to_owned()))
}
