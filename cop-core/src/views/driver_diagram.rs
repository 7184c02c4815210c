//! The driver diagram: an aim, what moves it, and what is tried to move that.
//!
//! After Langley et al. 2009, "The Improvement Guide", and Bryk et al. 2015, "Learning to Improve".

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

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

impl DriverDiagram {
    /// The diagram as indented text, one line for each part.
    pub fn to_text(&self) -> String {
        let mut text = format!("Aim: {}{}\n", self.title, ended(self.status));
        for line in self.statement.iter().flat_map(statement_lines) {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "  {line}");
        }
        write_measures(&mut text, 1, &self.measures);
        self.below.iter().for_each(|node| node.write_text(&mut text));
        text
    }

    /// The diagram in the language of Mermaid (<https://mermaid.js.org>), a flow chart from right to left. What is
    /// below several others is drawn once.
    pub fn to_mermaid(&self) -> String {
        let mut drawing = Drawing { text: "flowchart RL\n".to_owned(), ..Drawing::default() };
        let mut label = format!("Aim: {}{}", self.title, ended(self.status));
        for line in self.statement.iter().flat_map(statement_lines) {
            label.push_str("; ");
            label.push_str(&line);
        }
        let aim = drawing.node(format!("goal {}", self.aim), ("[\"", "\"]"), &label);
        self.below.iter().for_each(|node| drawing.add(node, &aim));
        drawing.text
    }
}

impl DiagramNode {
    /// What it is, in words: `Primary driver`, `Change idea`.
    fn label(&self) -> String {
        match (self.kind, self.level) {
            (GoalKind::Driver, 1) => "Primary driver".to_owned(),
            (GoalKind::Driver, 2) => "Secondary driver".to_owned(),
            (GoalKind::Driver, 3) => "Tertiary driver".to_owned(),
            (GoalKind::ChangeIdea, _) => "Change idea".to_owned(),
            (kind, _) => in_words(kind.code()),
        }
    }

    fn write_text(&self, text: &mut String) {
        let level = self.level as usize;
        let _ =
            writeln!(text, "{:indent$}{}: {}{}", "", self.label(), self.title, ended(self.status), indent = 2 * level);
        write_measures(text, level + 1, &self.measures);
        for test in &self.tests {
            let _ = writeln!(text, "{:indent$}{}", "", test.label(), indent = 2 * (level + 1));
        }
        self.below.iter().for_each(|node| node.write_text(text));
    }
}

impl IdeaTest {
    fn label(&self) -> String {
        let kind = match self.kind {
            CycleKind::Pdsa => "PDSA".to_owned(),
            other => in_words(other.code()),
        };
        let outcome = self.decision.map_or_else(|| self.phase.to_string(), |decision| decision.to_string());
        format!("{kind}: {} ({outcome})", self.title)
    }
}

fn statement_lines(statement: &AimStatement) -> Vec<String> {
    let parts = [
        ("What", statement.what.clone()),
        ("How much", statement.how_much.clone()),
        ("For whom", statement.for_whom.clone()),
        ("By when", statement.by_when.map(|day| day.to_string())),
    ];
    parts.into_iter().filter_map(|(name, part)| Some(format!("{name}: {}", one_line(&part?)))).collect()
}

fn write_measures(text: &mut String, level: usize, measures: &[DiagramMeasure]) {
    for measure in measures {
        let _ = writeln!(text, "{:indent$}Measure ({}): {}", "", measure.role, measure.name, indent = 2 * level);
    }
}

fn ended(status: GoalStatus) -> String {
    if status == GoalStatus::Open { String::new() } else { format!(" ({status})") }
}

/// A code as the beginning of a line: `lesson_study` is `Lesson study`.
fn in_words(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A Mermaid drawing in the making.
#[derive(Default)]
struct Drawing {
    text: String,
    names: BTreeMap<String, String>,
    edges: BTreeSet<(String, String)>,
}

impl Drawing {
    fn add(&mut self, node: &DiagramNode, parent: &str) {
        let label = format!("{}: {}{}", node.label(), node.title, ended(node.status));
        let name = self.node(format!("goal {}", node.goal), ("[\"", "\"]"), &label);
        self.edge(&name, "-->", parent);
        for test in &node.tests {
            let cycle = self.node(format!("cycle {}", test.cycle), ("([\"", "\"])"), &test.label());
            self.edge(&cycle, "-.->", &name);
        }
        node.below.iter().for_each(|below| self.add(below, &name));
    }

    /// The name of a node, which is drawn when it is first asked for.
    fn node(&mut self, what: String, (open, close): (&str, &str), label: &str) -> String {
        if let Some(name) = self.names.get(&what) {
            return name.clone();
        }
        let name = format!("n{}", self.names.len());
        let _ = writeln!(self.text, "  {name}{open}{}{close}", escaped(label));
        self.names.insert(what, name.clone());
        name
    }

    fn edge(&mut self, from: &str, arrow: &str, to: &str) {
        if self.edges.insert((from.to_owned(), to.to_owned())) {
            let _ = writeln!(self.text, "  {from} {arrow} {to}");
        }
    }
}

/// The text as a Mermaid label: punctuation that could mean something is written as a character code.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            ' ' | ',' | '.' | ':' | '(' | ')' | '-' | '/' => escaped.push(c),
            c if c.is_ascii_punctuation() => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
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

    fn improvement() -> (Goal, Parts) {
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
        (aim, parts)
    }

    #[test]
    fn what_is_below_two_drivers_appears_below_both() {
        let (aim, parts) = improvement();
        let diagram = parts.diagram(&aim);
        let lines = [
            "Aim: More \"talk\"",
            "  What: Students explain their reasoning",
            "  How much: 80 %",
            "  By when: 2022-06-30",
            "  Measure (outcome): Share of explainers",
            "  Primary driver: Rich tasks",
            "    Secondary driver: Planning time",
            "      Change idea: Number talks; <b>daily</b>",
            "        PDSA: Two weeks (adopt)",
            "        PDSA: Four weeks (plan)",
            "  Primary driver: Routines",
            "    Secondary driver: Planning time",
            "      Change idea: Number talks; <b>daily</b>",
            "        PDSA: Two weeks (adopt)",
            "        PDSA: Four weeks (plan)",
            "    Change idea: Posters (dropped)",
        ];
        assert_eq!(diagram.to_text().lines().collect::<Vec<_>>(), lines);
        assert!(!diagram.truncated);
    }

    #[test]
    fn a_drawing_has_every_node_and_edge_once_and_nothing_of_a_title_is_syntax() {
        let (aim, parts) = improvement();
        let lines = [
            "flowchart RL",
            "  n0[\"Aim: More #34;talk#34;#59; What: Students explain their reasoning#59; How much: 80 #37;#59; By when: 2022-06-30\"]",
            "  n1[\"Primary driver: Rich tasks\"]",
            "  n1 --> n0",
            "  n2[\"Secondary driver: Planning time\"]",
            "  n2 --> n1",
            "  n3[\"Change idea: Number talks#59; #60;b#62;daily#60;/b#62;\"]",
            "  n3 --> n2",
            "  n4([\"PDSA: Two weeks (adopt)\"])",
            "  n4 -.-> n3",
            "  n5([\"PDSA: Four weeks (plan)\"])",
            "  n5 -.-> n3",
            "  n6[\"Primary driver: Routines\"]",
            "  n6 --> n0",
            "  n2 --> n6",
            "  n7[\"Change idea: Posters (dropped)\"]",
            "  n7 --> n6",
        ];
        assert_eq!(parts.diagram(&aim).to_mermaid().lines().collect::<Vec<_>>(), lines);
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
