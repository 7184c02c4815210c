//! The driver diagram: an aim, what moves it, and what is tried to move that.
//!
//! After Langley et al. 2009, "The Improvement Guide", and Bryk et al. 2015, "Learning to Improve".

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Sight;
use crate::error::{Problem, Result};
use crate::id::{CycleId, GoalId, MeasureId};
use crate::model::{
    AimStatement, Cycle, CycleKind, DecisionKind, Goal, GoalKind, GoalStatus, Measure, MeasureRole, Phase,
};
use crate::store::{parent_key, tests_key};

/// Most levels below the aim: drivers nest three deep, and below them are change ideas.
const MAX_LEVELS: u32 = 6;
/// Most nodes of a diagram.
const MAX_NODES: usize = 2_000;

/// An aim with everything below it that the viewer may read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriverDiagram {
    /// The aim.
    pub aim: GoalId,
    /// Its title.
    pub title: String,
    /// What, how much, for whom, by when.
    pub statement: Option<AimStatement>,
    /// Where it stands.
    pub status: GoalStatus,
    /// The measures that tell whether it is met.
    pub measures: Vec<DiagramMeasure>,
    /// What is directly below it: primary drivers, and change ideas that need no driver.
    pub below: Vec<DiagramNode>,
    /// Whether something was left out because the diagram is too large: deeper than 6 levels, or of more than 2,000
    /// nodes.
    pub truncated: bool,
}

/// A driver or a change idea. What is below several others appears below each of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiagramNode {
    /// Which.
    pub goal: GoalId,
    /// What it is.
    pub kind: GoalKind,
    /// How far below the aim, from 1: a driver at 1 is a primary driver, at 2 a secondary one.
    pub level: u32,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub status: GoalStatus,
    /// The measures that tell whether it is reached.
    pub measures: Vec<DiagramMeasure>,
    /// The cycles that test it.
    pub tests: Vec<IdeaTest>,
    /// What is directly below it.
    pub below: Vec<DiagramNode>,
}

/// A measure in a driver diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagramMeasure {
    /// Which.
    pub measure: MeasureId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: MeasureRole,
}

/// A cycle that tests a change idea.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdeaTest {
    /// Which.
    pub cycle: CycleId,
    /// Its title.
    pub title: String,
    /// What it turns through.
    pub kind: CycleKind,
    /// The phase it is in.
    pub phase: Phase,
    /// What was decided about the idea.
    pub decision: Option<DecisionKind>,
}

/// The diagram of an aim, as far as it may be read.
pub(crate) fn driver_diagram(sight: Sight<'_>, aim: GoalId) -> Result<DriverDiagram> {
    let aim = sight.find::<Goal>(aim)?;
    if aim.kind != GoalKind::Aim {
        return Err(Problem::new("aim", "goal.not_an_aim", "a driver diagram begins with an aim").into());
    }
    let mut parts = Parts::default();
    parts.goals.insert(aim.id, aim.clone());
    let mut level = vec![aim.id];
    // One level more than is shown, to know whether something is left out.
    for _ in 0..=MAX_LEVELS {
        let mut next = Vec::new();
        for id in std::mem::take(&mut level) {
            let below = sight.with_key::<Goal>(&parent_key(id))?;
            next.extend(below.iter().map(|goal| goal.id).filter(|id| !parts.goals.contains_key(id)));
            parts.goals.extend(below.into_iter().map(|goal| (goal.id, goal)));
            parts.tests.insert(id, sight.with_key::<Cycle>(&tests_key(id))?);
            if parts.goals.len() > MAX_NODES {
                break;
            }
        }
        level = next;
    }
    let measures: BTreeSet<MeasureId> = parts.goals.values().flat_map(|goal| goal.measures.iter().copied()).collect();
    for measure in measures {
        parts.measures.extend(sight.see::<Measure>(measure)?.map(|measure| (measure.id, measure)));
    }
    Ok(parts.diagram(&aim))
}

/// Everything that a diagram is made of.
#[derive(Default)]
struct Parts {
    goals: BTreeMap<GoalId, Goal>,
    measures: BTreeMap<MeasureId, Measure>,
    /// The cycles that test a goal.
    tests: BTreeMap<GoalId, Vec<Cycle>>,
}

impl Parts {
    fn diagram(&self, aim: &Goal) -> DriverDiagram {
        let mut below: BTreeMap<GoalId, Vec<&Goal>> = BTreeMap::new();
        for goal in self.goals.values() {
            goal.parents.iter().for_each(|parent| below.entry(*parent).or_default().push(goal));
        }
        below.values_mut().for_each(|goals| goals.sort_by_key(|goal| (goal.created_at, goal.id)));
        let mut growing = Growing { parts: self, below: &below, path: vec![aim.id], nodes: 0, truncated: false };
        DriverDiagram {
            aim: aim.id,
            title: aim.title.clone(),
            statement: aim.aim.clone(),
            status: aim.status,
            measures: self.measures_of(aim),
            below: growing.below(aim.id),
            truncated: growing.truncated,
        }
    }

    fn measures_of(&self, goal: &Goal) -> Vec<DiagramMeasure> {
        let measures = goal.measures.iter().filter_map(|measure| self.measures.get(measure));
        measures
            .map(|measure| DiagramMeasure { measure: measure.id, name: measure.name.clone(), role: measure.role })
            .collect()
    }

    fn tests_of(&self, goal: &Goal) -> Vec<IdeaTest> {
        let mut cycles: Vec<&Cycle> = self.tests.get(&goal.id).into_iter().flatten().collect();
        cycles.sort_by_key(|cycle| (cycle.created_at, cycle.id));
        let test = |cycle: &Cycle| IdeaTest {
            cycle: cycle.id,
            title: cycle.title.clone(),
            kind: cycle.kind,
            phase: cycle.phase.clone(),
            decision: cycle.decision.as_ref().map(|decision| decision.kind),
        };
        cycles.into_iter().map(test).collect()
    }
}

/// A diagram in the making.
struct Growing<'a> {
    parts: &'a Parts,
    below: &'a BTreeMap<GoalId, Vec<&'a Goal>>,
    /// From the aim to the node whose lower levels are made: none of them is below itself.
    path: Vec<GoalId>,
    nodes: usize,
    truncated: bool,
}

impl Growing<'_> {
    fn below(&mut self, parent: GoalId) -> Vec<DiagramNode> {
        let goals = self.below.get(&parent).map_or(&[][..], Vec::as_slice);
        let level = u32::try_from(self.path.len()).unwrap_or(u32::MAX);
        let mut nodes = Vec::new();
        for goal in goals {
            if self.path.contains(&goal.id) {
                continue;
            }
            if level > MAX_LEVELS || self.nodes >= MAX_NODES {
                self.truncated = true;
                break;
            }
            self.nodes += 1;
            self.path.push(goal.id);
            let below = self.below(goal.id);
            self.path.pop();
            nodes.push(DiagramNode {
                goal: goal.id,
                kind: goal.kind,
                level,
                title: goal.title.clone(),
                status: goal.status,
                measures: self.parts.measures_of(goal),
                tests: self.parts.tests_of(goal),
                below,
            });
        }
        nodes
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::fixture::{at, cycle, day, goal, id, measure};
    use crate::model::CycleDecision;

    fn parts(goals: &[Goal], tests: Vec<(GoalId, Vec<Cycle>)>, measures: Vec<Measure>) -> Parts {
        Parts {
            goals: goals.iter().map(|goal| (goal.id, goal.clone())).collect(),
            measures: measures.into_iter().map(|measure| (measure.id, measure)).collect(),
            tests: tests.into_iter().collect(),
        }
    }

    /// An aim with two drivers that have one in common, and two ideas, of which one is tested twice.
    pub(in crate::views) fn improvement() -> DriverDiagram {
        let mut aim = goal(1, GoalKind::Aim, "More \"talk\"", &[]);
        aim.aim = Some(AimStatement {
            what: Some("Students explain\ntheir reasoning".to_owned()),
            how_much: Some("80 %".to_owned()),
            for_whom: None,
            by_when: Some(day("2022-06-30")),
        });
        aim.measures.insert(id(50).into());
        let tasks = goal(2, GoalKind::Driver, "Rich tasks", &[1]);
        let routines = goal(3, GoalKind::Driver, "Routines", &[1]);
        let planning = goal(4, GoalKind::Driver, "Planning time", &[2, 3]);
        let idea = goal(5, GoalKind::ChangeIdea, "Number talks; <b>daily</b>", &[4]);
        let dropped = Goal { status: GoalStatus::Dropped, ..goal(6, GoalKind::ChangeIdea, "Posters", &[3]) };
        let mut adopted = cycle(60, "Two weeks");
        adopted.decision = Some(CycleDecision {
            kind: DecisionKind::Adopt,
            rationale: String::new(),
            no_successor: None,
            by: None,
            at: at("2021-10-01T00:00:00Z"),
        });
        let running = cycle(61, "Four weeks");
        let goals = [aim.clone(), tasks, routines, planning, idea.clone(), dropped];
        let parts = parts(&goals, vec![(idea.id, vec![running, adopted])], vec![measure(50, "Share of explainers")]);
        parts.diagram(&aim)
    }

    #[test]
    fn a_diagram_is_bounded_in_depth_and_size() {
        let aim = goal(1, GoalKind::Aim, "Aim", &[]);
        let chain = |length: u128| -> Vec<Goal> {
            let below = (2..2 + length).map(|n| goal(n, GoalKind::Driver, "Driver", &[n - 1]));
            std::iter::once(aim.clone()).chain(below).collect()
        };
        let depth = |diagram: &DriverDiagram| {
            std::iter::successors(diagram.below.first(), |node| node.below.first()).count() as u32
        };
        let fits = parts(&chain(MAX_LEVELS.into()), Vec::new(), Vec::new()).diagram(&aim);
        assert_eq!((depth(&fits), fits.truncated), (MAX_LEVELS, false));
        let deep = parts(&chain(u128::from(MAX_LEVELS) + 1), Vec::new(), Vec::new()).diagram(&aim);
        assert_eq!((depth(&deep), deep.truncated), (MAX_LEVELS, true));
        // Ten drivers, each below all ten of the level above: ten thousand paths.
        let mut grid = vec![aim.clone()];
        for level in 0..4u128 {
            let above: Vec<u128> = if level == 0 { vec![1] } else { (0..10).map(|n| 10 * level + n).collect() };
            grid.extend((0..10).map(|n| goal(10 * (level + 1) + n, GoalKind::Driver, "Driver", &above)));
        }
        let wide = parts(&grid, Vec::new(), Vec::new()).diagram(&aim);
        assert!(wide.truncated);
        assert_eq!(wide.to_text().lines().count(), 1 + MAX_NODES);
    }

    #[test]
    fn goals_that_are_below_each_other_do_not_hang() {
        let aim = goal(1, GoalKind::Aim, "Aim", &[]);
        let one = goal(2, GoalKind::Driver, "One", &[1, 3]);
        let other = goal(3, GoalKind::Driver, "Other", &[2]);
        let diagram = parts(&[aim.clone(), one, other], Vec::new(), Vec::new()).diagram(&aim);
        assert_eq!(diagram.to_text().lines().count(), 3);
    }
}
