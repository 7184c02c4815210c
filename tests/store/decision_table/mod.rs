//! The decision table, cell by cell: written down in `tables`, and asked of the store in every way.

mod rows;
mod tables;
mod world;

use std::collections::BTreeMap;

use cop_core::{ListFilter, PageRequest, RecordKind, RecordRef, SearchQuery};
use serde_json::json;

use tables::{COLUMNS, DIRECTORY, GATHERINGS, INQUIRY, RESOURCES, WORDS};
use world::World;

/// One row of the table: what it says, the record, and who reads it.
struct Row {
    says: String,
    record: RecordRef,
    /// Whether it can be found at all: nobody finds a story whose teller has withdrawn the consent.
    searched: bool,
    cells: Vec<bool>,
}

/// The kinds of records that are searched.
const SEARCHED: [RecordKind; 5] =
    [RecordKind::Resource, RecordKind::Story, RecordKind::Goal, RecordKind::Cycle, RecordKind::Convening];

/// The rows of a table, each with its words and its cells; `kind` is the first word where rows have none.
fn read<'a>(table: &'a str, kind: Option<&'a str>) -> Vec<([&'a str; 4], Vec<bool>)> {
    let mut rows = Vec::new();
    for line in table.lines().skip(4).filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [one, two, three, ref cells @ ..] = words[..] else { panic!("not a row: {line}") };
        assert_eq!(cells.len(), COLUMNS.len(), "{line}");
        let cells = cells.iter().map(|cell| match *cell {
            "y" => true,
            "-" => false,
            other => panic!("{other} in the table"),
        });
        let words = match kind {
            Some(kind) => [kind, one, two, three],
            None => [one, two, three, ""],
        };
        rows.push((words, cells.collect()));
    }
    rows
}

#[test]
fn every_cell_of_the_decision_table_holds() {
    let mut world = World::new();
    let mut rows = Vec::new();
    let tables = [(DIRECTORY, None), (RESOURCES, Some("resource")), (INQUIRY, None), (GATHERINGS, None), (WORDS, None)];
    for (words, cells) in tables.into_iter().flat_map(|(table, kind)| read(table, kind)) {
        let record = world.make(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        assert_eq!(record.kind.name(), words[0], "{words:?}");
        let searched = SEARCHED.contains(&record.kind) && !words.contains(&"withdrawn");
        rows.push(Row { says: words.join(" "), record, searched, cells });
    }
    world.part();
    let kinds: BTreeMap<RecordKind, usize> = rows.iter().fold(BTreeMap::new(), |mut kinds, row| {
        *kinds.entry(row.record.kind).or_default() += 1;
        kinds
    });
    assert_eq!(kinds.len(), RecordKind::ALL.len(), "every kind of record is in the table: {kinds:?}");
    assert_eq!(rows.len(), 152, "no row gets lost");
    let mut cells = 0;
    for (column, name) in COLUMNS.iter().enumerate() {
        let session = world.session(name);
        let mut listed = Vec::new();
        for kind in kinds.keys().filter(|kind| **kind != RecordKind::Community) {
            let everything: ListFilter = serde_json::from_value(json!({"kind": kind, "filter": {}})).unwrap();
            let page = session.list(&everything, &PageRequest::first(1000)).unwrap();
            listed.extend(page.items.iter().map(|record| record.reference()));
        }
        let hits = session.search(SearchQuery { limit: 1000, ..SearchQuery::new("fractions") }).unwrap();
        for row in &rows {
            let (says, expected) = (&row.says, row.cells[column]);
            assert_eq!(session.record(row.record).is_ok(), expected, "{name} reads: {says}");
            if row.record.kind != RecordKind::Community {
                assert_eq!(listed.contains(&row.record), expected, "{name} lists: {says}");
            }
            if SEARCHED.contains(&row.record.kind) {
                let found = hits.hits.iter().any(|hit| hit.reference() == row.record);
                assert_eq!(found, expected && row.searched, "{name} finds: {says}");
            }
            cells += 1;
        }
        let found = rows.iter().filter(|row| row.searched && row.cells[column]).count();
        assert_eq!(hits.total, found as u64, "{name} finds nothing else");
    }
    eprintln!("{} rows, {cells} cells", rows.len());
}
