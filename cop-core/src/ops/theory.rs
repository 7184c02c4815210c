//! The theory of improvement: what may be above what, so that it stays a graph without cycles.
//!
//! Walks take in goals that the actor may not see: the graph has no cycles for anybody. They never tell which.

use std::collections::BTreeSet;

use super::Reads;
use super::check::Check;
use crate::error::Result;
use crate::id::GoalId;
use crate::model::{Goal, GoalKind, RecordKind, SchoolYear};

/// Most drivers above one another: a driver diagram has primary, secondary and at most tertiary drivers.
const MAX_DRIVERS: usize = 3;

/// Remembers all that speaks against `goal` below `parent`.
pub(super) fn require_parent(
    reads: &dyn Reads,
    check: &mut Check,
    field: &str,
    goal: &Goal,
    parent: &Goal,
) -> Result<()> {
    let fits = goal.kind.parents().contains(&parent.kind);
    check.require(fits, field, "goal.parent_kind", "a goal of this kind is not below one of that kind");
    if (goal.kind, parent.kind) == (GoalKind::Objective, GoalKind::Objective) {
        let goes_on = follows(parent.school_year, goal.school_year);
        check.require(goes_on, field, "goal.parent_year", "an objective continues one of the school year before");
    }
    if (goal.kind, parent.kind) == (GoalKind::Driver, GoalKind::Driver) {
        let depth = longest_chain(parent, |driver| above(reads, driver))?
            + longest_chain(goal, |driver| below(reads, driver, GoalKind::Driver))?;
        check.require(depth <= MAX_DRIVERS, field, "goal.driver_depth", "drivers nest at most three deep");
    }
    let turns = is_at_or_above(reads, goal.id, parent)?;
    check.require(!turns, field, "goal.cycle", "the goal is above that one already");
    Ok(())
}

/// Remembers where an objective's school year does not fit the objectives directly above and below it.
pub(super) fn require_years(reads: &dyn Reads, check: &mut Check, goal: &Goal) -> Result<()> {
    if goal.kind != GoalKind::Objective {
        return Ok(());
    }
    let before = above(reads, goal)?.into_iter().filter(|parent| parent.kind == GoalKind::Objective);
    let continues = before.into_iter().all(|parent| follows(parent.school_year, goal.school_year));
    let detail = "an objective continues one of the school year before";
    check.require(continues, "school_year", "goal.parent_year", detail);
    let next = below(reads, goal, GoalKind::Objective)?;
    let continued = next.iter().all(|child| follows(goal.school_year, child.school_year));
    check.require(continued, "school_year", "goal.child_year", "the objectives below are of the school year after it");
    Ok(())
}

/// Whether `goal` has given way to `other`, at once or in several steps.
pub(super) fn is_superseded_by(reads: &dyn Reads, goal: &Goal, other: GoalId) -> Result<bool> {
    let mut seen = BTreeSet::new();
    let mut next = goal.superseded_by;
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        if id == other {
            return Ok(true);
        }
        next = reads.one::<Goal>(id)?.and_then(|goal| goal.superseded_by);
    }
    Ok(false)
}

/// Whether `year` is the one after `before`, as far as both are known.
fn follows(before: Option<SchoolYear>, year: Option<SchoolYear>) -> bool {
    before.zip(year).is_none_or(|(before, year)| before.begins_in() + 1 == year.begins_in())
}

/// Whether the goal with this id is `from`, or above it.
fn is_at_or_above(reads: &dyn Reads, id: GoalId, from: &Goal) -> Result<bool> {
    let mut seen = BTreeSet::from([from.id]);
    let mut open = vec![from.clone()];
    while let Some(goal) = open.pop() {
        if goal.id == id {
            return Ok(true);
        }
        for &parent in goal.parents.iter().filter(|parent| seen.insert(**parent)) {
            open.extend(reads.one::<Goal>(parent)?);
        }
    }
    Ok(false)
}

/// How many drivers the longest chain has that begins with `from` and goes on with `next`; never more than one too
/// many, so that a cycle ends it too.
fn longest_chain(from: &Goal, next: impl Fn(&Goal) -> Result<Vec<Goal>>) -> Result<usize> {
    let mut level = vec![from.clone()];
    for length in 1..=MAX_DRIVERS {
        let mut seen = BTreeSet::new();
        let mut further = Vec::new();
        for goal in &level {
            let drivers = next(goal)?.into_iter().filter(|goal| goal.kind == GoalKind::Driver);
            further.extend(drivers.filter(|driver| seen.insert(driver.id)));
        }
        if further.is_empty() {
            return Ok(length);
        }
        level = further;
    }
    Ok(MAX_DRIVERS + 1)
}

fn above(reads: &dyn Reads, goal: &Goal) -> Result<Vec<Goal>> {
    let mut found = Vec::new();
    for &parent in &goal.parents {
        found.extend(reads.one::<Goal>(parent)?);
    }
    Ok(found)
}

fn below(reads: &dyn Reads, goal: &Goal, kind: GoalKind) -> Result<Vec<Goal>> {
    let mut found = Vec::new();
    for id in reads.find(RecordKind::Goal, &crate::store::parent_key(goal.id))? {
        found.extend(reads.one::<Goal>(id.into())?.filter(|child| child.kind == kind));
    }
    Ok(found)
}
