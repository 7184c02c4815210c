//! Goals: the theory of improvement, a graph without cycles.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::permit_work;
use super::team::require_not_archived;
use super::{Decision, new_record, theory, visibility};
use crate::access::Token;
use crate::error::Result;
use crate::id::{GoalId, MeasureId, TeamId};
use crate::model::{AimStatement, Goal, GoalKind, GoalStatus, Measure, Team, Visibility};
use crate::text::{BODY, TITLE};

/// Most goals directly above one.
const MAX_PARENTS: usize = 32;
/// Most measures of a goal.
const MAX_MEASURES: usize = 200;
const NEEDS_PARENT: &str = "a goal of this kind is below another";

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

pub(super) fn add(decision: &mut Decision<'_>, input: &NewGoal) -> Result<Goal> {
    let team = input.team.map(|id| decision.subject::<Team>(id)).transpose()?;
    match &team {
        Some(team) => permit_work(decision, team.id)?,
        None => decision.permit(decision.context.viewer.holds(Token::Facilitation))?,
    }
    let mut check = Check::default();
    let kind: Option<GoalKind> = check.value("kind", &input.kind);
    let title = check.text("title", &input.title, TITLE);
    let body = check.text("body", &input.body, BODY);
    let school_year = check.optional("school_year", input.school_year.as_ref());
    let aim = read_aim(&mut check, kind, input.aim.as_ref());
    let visibility: Option<Visibility> = check.optional("visibility", input.visibility.as_ref());
    check.at_most("parents", &input.parents, MAX_PARENTS);
    check.at_most("measures", &input.measures, MAX_MEASURES);
    require_year(&mut check, kind, input.school_year.as_deref());
    let alone = kind.is_none_or(GoalKind::stands_alone);
    check.require(alone || !input.parents.is_empty(), "parents", "goal.parent_required", NEEDS_PARENT);
    check.input()?;

    let own = team.as_ref().map_or(Visibility::Community, visibility::of_team);
    let goal = new_record!(
        decision,
        Goal {
            id: decision.new_id().into(),
            kind: kind.unwrap_or(GoalKind::Goal),
            team: input.team,
            title,
            body,
            parents: input.parents.iter().copied().collect(),
            school_year,
            aim,
            measures: decision.see_new::<Measure>(&input.measures, &BTreeSet::new())?,
            visibility: visibility.unwrap_or(own),
            status: GoalStatus::Open,
            superseded_by: None,
        }
    );
    decision.see_audience(goal.visibility)?;
    let mut check = Check::default();
    for (index, &parent) in input.parents.iter().enumerate() {
        let parent = decision.subject::<Goal>(parent)?;
        theory::require_parent(decision.reads(), &mut check, &format!("parents[{index}]"), &goal, &parent)?;
    }
    if let Some(team) = &team {
        require_not_archived(&mut check, team);
        visibility::require_within_maximum(&mut check, "goal.too_wide", team, goal.visibility);
    }
    check.state()?;
    Ok(decision.create(goal))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &GoalEdit) -> Result<Goal> {
    let before = decision.editable::<Goal>(input.goal)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(title) = &input.title {
        after.title = check.text("title", title, TITLE);
    }
    if let Some(body) = &input.body {
        after.body = check.text("body", body, BODY);
    }
    if input.school_year.is_some() {
        after.school_year = check.optional("school_year", input.school_year.as_ref());
        require_year(&mut check, Some(before.kind), input.school_year.as_deref());
    }
    if input.aim.is_some() {
        after.aim = read_aim(&mut check, Some(before.kind), input.aim.as_ref());
    }
    if let Some(visibility) = &input.visibility {
        after.visibility = check.value("visibility", visibility).unwrap_or(after.visibility);
    }
    check.at_most("measures", input.measures.as_deref().unwrap_or_default(), MAX_MEASURES);
    check.input()?;

    if let Some(measures) = &input.measures {
        after.measures = decision.see_new::<Measure>(measures, &before.measures)?;
    }
    let mut check = Check::default();
    require_open(&mut check, &before);
    if after.school_year != before.school_year {
        theory::require_years(decision.reads(), &mut check, &after)?;
    }
    visibility::check_change(decision, &mut check, "goal.too_wide", after.team, before.visibility, after.visibility)?;
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn link(decision: &mut Decision<'_>, input: &GoalLink) -> Result<Goal> {
    let before = decision.editable::<Goal>(input.goal)?;
    let parent = decision.subject::<Goal>(input.parent)?;
    let mut after = before.clone();
    after.parents.insert(parent.id);
    let mut check = Check::default();
    require_open(&mut check, &before);
    let few = after.parents.len() <= MAX_PARENTS;
    check.require(few, "parent", "goal.too_many_parents", "at most 32 goals may be above one");
    theory::require_parent(decision.reads(), &mut check, "parent", &before, &parent)?;
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn unlink(decision: &mut Decision<'_>, input: &GoalLink) -> Result<Goal> {
    let before = decision.editable::<Goal>(input.goal)?;
    let mut after = before.clone();
    after.parents.remove(&input.parent);
    let mut check = Check::default();
    require_open(&mut check, &before);
    let held = before.kind.stands_alone() || !after.parents.is_empty();
    check.require(held, "parent", "goal.parent_required", NEEDS_PARENT);
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn close(decision: &mut Decision<'_>, input: &GoalClosing) -> Result<Goal> {
    let before = decision.editable::<Goal>(input.goal)?;
    let mut check = Check::default();
    let status: Option<GoalStatus> = check.value("status", &input.status);
    check.require(
        status != Some(GoalStatus::Open),
        "status",
        "goal.not_closed",
        "a goal is met, dropped or superseded",
    );
    let superseded = status == Some(GoalStatus::Superseded);
    let heir = input.superseded_by;
    if superseded {
        check.require(heir.is_some(), "superseded_by", "goal.heir_required", "name the goal that takes its place");
    } else if status.is_some() {
        let detail = "only a superseded goal has a goal in its place";
        check.require(heir.is_none(), "superseded_by", "goal.heir_unexpected", detail);
    }
    check.require(heir != Some(before.id), "superseded_by", "goal.own_heir", "a goal cannot take its own place");
    check.input()?;

    let heir = heir.map(|id| decision.subject::<Goal>(id)).transpose()?;
    let mut check = Check::default();
    require_open(&mut check, &before);
    if let Some(heir) = &heir {
        let alike = heir.kind == before.kind;
        check.require(alike, "superseded_by", "goal.heir_kind", "a goal is superseded by one of its kind");
        let round = theory::is_superseded_by(decision.reads(), heir, before.id)?;
        check.require(!round, "superseded_by", "goal.heir_cycle", "that goal was superseded by this one");
    }
    check.state()?;
    let after =
        Goal { status: status.unwrap_or(before.status), superseded_by: heir.map(|heir| heir.id), ..before.clone() };
    Ok(decision.change(before, after))
}

fn require_open(check: &mut Check, goal: &Goal) {
    check.require(goal.status == GoalStatus::Open, "goal", "goal.closed", "the goal is closed");
}

/// What cannot be read is not missing.
fn require_year(check: &mut Check, kind: Option<GoalKind>, raw: Option<&str>) {
    let has_year = raw.is_some_and(|raw| !raw.trim().is_empty());
    let needs_year = kind == Some(GoalKind::Objective);
    check.require(!needs_year || has_year, "school_year", "goal.year_required", "an objective is of a school year");
}

/// What an aim says; none where it says nothing.
fn read_aim(check: &mut Check, kind: Option<GoalKind>, raw: Option<&AimStatement>) -> Option<AimStatement> {
    let raw = raw.filter(|raw| **raw != AimStatement::default())?;
    check.require(kind.is_none_or(|kind| kind == GoalKind::Aim), "aim", "goal.no_aim", "only an aim states one");
    let aim = AimStatement {
        what: check.optional_text("aim.what", raw.what.as_ref(), TITLE),
        how_much: check.optional_text("aim.how_much", raw.how_much.as_ref(), TITLE),
        for_whom: check.optional_text("aim.for_whom", raw.for_whom.as_ref(), TITLE),
        by_when: check.date("aim.by_when", raw.by_when),
    };
    Some(aim).filter(|aim| *aim != AimStatement::default())
}
