//! Driver diagrams as text and as drawings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::driver_diagram::{DiagramMeasure, DiagramNode, DriverDiagram, IdeaTest};
use crate::model::{AimStatement, CycleKind, GoalKind, GoalStatus};

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
    use super::super::driver_diagram::tests::improvement;

    #[test]
    fn what_is_below_two_drivers_appears_below_both() {
        let diagram = improvement();
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
        assert_eq!(improvement().to_mermaid().lines().collect::<Vec<_>>(), lines);
    }
}
