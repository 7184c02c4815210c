//! Goals: the community's theory of improvement, as a graph without cycles.
//!
//! A driver diagram is a view of it: an aim, the drivers that move it, the change ideas that move the drivers
//! (Langley et al. 2009, "The Improvement Guide").

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{GoalId, MeasureId, TeamId};
use crate::model::record::{closed, json_columns, record};
use crate::model::values::SchoolYear;
use crate::model::visibility::Visibility;

closed! {
    /// What a goal is in the theory of improvement.
    GoalKind {
        /// A lasting goal of the community.
        Goal = "goal",
        /// A way towards a goal.
        Strategy = "strategy",
        /// What shall be reached in one school year; needs the year.
        Objective = "objective",
        /// How one will see that a goal is reached.
        Outcome = "outcome",
        /// A problem of practice.
        Problem = "problem",
        /// What, how much, for whom, by when.
        Aim = "aim",
        /// What has to change for the aim to be met.
        Driver = "driver",
        /// A change in practice to be tested.
        ChangeIdea = "change_idea",
    }
}

closed! {
    /// Where a goal stands.
    GoalStatus {
        /// It is pursued.
        Open = "open",
        /// It is reached.
        Met = "met",
        /// It is given up.
        Dropped = "dropped",
        /// Another goal has taken its place.
        Superseded = "superseded",
    }
}

impl GoalKind {
    /// The kinds that may be above this one.
    pub const fn parents(self) -> &'static [GoalKind] {
        match self {
            GoalKind::Goal => &[],
            GoalKind::Strategy | GoalKind::Outcome => &[GoalKind::Goal],
            GoalKind::Objective => &[GoalKind::Goal, GoalKind::Objective],
            GoalKind::Problem => &[GoalKind::Goal, GoalKind::Objective],
            GoalKind::Aim => &[GoalKind::Problem, GoalKind::Objective, GoalKind::Goal],
            GoalKind::Driver => &[GoalKind::Aim, GoalKind::Driver],
            GoalKind::ChangeIdea => &[GoalKind::Driver, GoalKind::Aim],
        }
    }

    /// Whether it may stand without a parent.
    pub const fn stands_alone(self) -> bool {
        matches!(self, GoalKind::Goal | GoalKind::Problem)
    }
}

/// What an aim says: complete when all four parts are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AimStatement {
    /// What shall improve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// By how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how_much: Option<String>,
    /// For whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_whom: Option<String>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_when: Option<NaiveDate>,
}

impl AimStatement {
    /// Whether all four parts are there.
    pub fn is_complete(&self) -> bool {
        self.what.is_some() && self.how_much.is_some() && self.for_whom.is_some() && self.by_when.is_some()
    }
}
json_columns!(AimStatement);

record! {
    /// A node of the theory of improvement.
    Goal(GoalId) {
        /// What it is.
        kind: GoalKind = Immutable,
        /// The team whose goal it is; none for the whole community's.
        team: Option<TeamId> = Immutable,
        /// Its title, 1 to 300 characters.
        title: String = Register,
        /// More about it; at most 200,000 characters.
        body: String = Register,
        /// The goals above it.
        parents: BTreeSet<GoalId> = Set,
        /// The school year, required of objectives.
        school_year: Option<SchoolYear> = Register,
        /// What, how much, for whom, by when; of aims.
        aim: Option<AimStatement> = Register,
        /// The measures that tell whether it is reached.
        measures: BTreeSet<MeasureId> = Set,
        /// Who may read it.
        visibility: Visibility = Register,
        /// Where it stands.
        status: GoalStatus = Register,
        /// The goal that has taken its place.
        superseded_by: Option<GoalId> = Register,
    }
}
