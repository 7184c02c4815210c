//! Holds the SQL to the portable subset, and the tables to the records.
//!
//! The statements are not collected by hand: an engine that listens runs the whole contract suite, so a new
//! query is held to the subset without being listed anywhere. The rule is a list of what is allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::contract::{self, EngineUnderTest};
use super::engine::{Dialect, Engine, Row, Tx};
use super::schema::{MIGRATIONS, statements};
use super::sql;
use super::sqlite::Sqlite;
use crate::access;
use crate::community::{Community, CommunityOptions};
use crate::error::Result;
use crate::model::record::ColumnType;
use crate::model::{
    AttendanceStatus, ConsentState, ConveningKind, ConveningState, CycleKind, EntryKind, ExternalId, FindingKind,
    FindingState, GoalKind, GoalStatus, Language, MeasureRole, MemberState, MembershipState, MentorshipState,
    OrganizationKind, Phase, RecordKind, RecordRef, ResourceKind, ResourceState, StoryKind, TeamKind, TeamState, Value,
};
use crate::ops::{NewCommunity, NewMember};
use crate::session::{
    AssociationFilter, AttendanceFilter, ConveningFilter, CycleFilter, EntryFilter, FindingFilter, FrameworkFilter,
    GoalFilter, ListFilter, MeasureFilter, MemberFilter, MembershipFilter, MentorshipFilter, ObservationFilter,
    OrganizationFilter, PageRequest, ResourceFilter, StandardFilter, StoryFilter, TeamFilter,
};

/// The words of the portable subset. Everything else in a statement is the name of a table, column or index.
const WORDS: &[&str] = &[
    "SELECT",
    "DISTINCT",
    "FROM",
    "WHERE",
    "AND",
    "OR",
    "IN",
    "ORDER",
    "BY",
    "DESC",
    "LIMIT",
    "INSERT",
    "INTO",
    "VALUES",
    "UPDATE",
    "SET",
    "DELETE",
    "RETURNING",
];

/// The words of the schema, beside its names; types and keys are each engine's.
const SCHEMA_WORDS: &[&str] = &[
    "CREATE",
    "TABLE",
    "INDEX",
    "ON",
    "NOT",
    "NULL",
    "UNIQUE",
    "PRIMARY",
    "KEY",
    "BIGINT",
    "TEXT",
    "REAL",
    "ID",
    "ROWKEY",
    "CLUSTERED",
];

/// The schema in the words of the migrations themselves.
const PLAIN: Dialect = Dialect { row_key: "ROWKEY", id: "ID", text: "TEXT", real: "REAL", clustered: "CLUSTERED" };

type Seen = Arc<Mutex<BTreeSet<String>>>;

/// SQLite in memory, with every statement noted.
struct Listening {
    engine: Sqlite,
    seen: Seen,
}

struct ListeningTx<'a> {
    tx: Box<dyn Tx + 'a>,
    seen: Seen,
}

impl Engine for Listening {
    fn read(&self) -> Result<Box<dyn Tx + '_>> {
        Ok(Box::new(ListeningTx { tx: self.engine.read()?, seen: self.seen.clone() }))
    }
    fn write(&self) -> Result<Box<dyn Tx + '_>> {
        Ok(Box::new(ListeningTx { tx: self.engine.write()?, seen: self.seen.clone() }))
    }
    fn scrub(&self) -> Result<bool> {
        self.engine.scrub()
    }
    fn dialect(&self) -> &'static Dialect {
        self.engine.dialect()
    }
}

impl ListeningTx<'_> {
    fn note(&self, sql: &str) {
        if !sql.starts_with("CREATE ") {
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.to_owned());
        }
    }
}

impl Tx for ListeningTx<'_> {
    fn exec(&self, sql: &str, values: &[Value]) -> Result<()> {
        self.note(sql);
        self.tx.exec(sql, values)
    }
    fn each(&self, sql: &str, values: &[Value], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        self.note(sql);
        self.tx.each(sql, values, row)
    }
    fn commit(self: Box<Self>) -> Result<()> {
        self.tx.commit()
    }
}

impl EngineUnderTest for Seen {
    fn name(&self) -> &str {
        "memory, listened to"
    }
    fn create(&self, options: CommunityOptions, new: NewCommunity) -> Result<Community> {
        let engine = Sqlite::in_memory(crate::IdSource::next(&crate::RandomIds::default(), chrono::Utc::now()))?;
        options.found(Box::new(Listening { engine, seen: self.clone() }), new)
    }
    fn reads_beside_a_write(&self) -> bool {
        false
    }
}

/// Every statement that the contract suite runs, every list of every kind, and what only search and recovery need.
fn all_statements() -> BTreeSet<String> {
    let seen = Seen::default();
    contract::run(&seen);
    list_everything(&seen);
    let mut all = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for &kind in RecordKind::ALL {
        let table = sql::table(kind);
        all.extend(
            [&table.select, &table.get, &table.at, &table.by_audience, &table.insert, &table.update].map(String::clone),
        );
        all.extend(access::children(kind).iter().map(|(child, column)| sql::reclass(*child, column)));
    }
    all.extend(
        [sql::CHANGED, sql::STAMP, sql::RESOURCE_NAMED, sql::CHANGE, sql::RECENT, sql::REWRITE].map(str::to_owned),
    );
    all.insert(sql::classes_of(3, 1));
    all
}

/// Lists every kind of record by every condition, for those who see it all and for those who see what is theirs.
fn list_everything(seen: &Seen) {
    let cop = seen.create(CommunityOptions::new(), NewCommunity::new("Lists")).expect("founds a community");
    let observer = NewMember::new("Obi", "Test").with_role("observer");
    let observer = cop.steward().add_member(observer).expect("adds a member").id;
    for session in [cop.steward(), cop.as_guest(), cop.as_member(observer).expect("is a member")] {
        for filter in every_condition() {
            session.list(&filter, &PageRequest::first(1)).expect("lists");
        }
    }
}

/// A filter of every kind with all its conditions. Written out: a new condition does not compile before it is here.
fn every_condition() -> Vec<ListFilter> {
    fn id<T: From<Uuid>>() -> Option<T> {
        Some(Uuid::nil().into())
    }
    let external_id = Some(ExternalId::new("x", "1"));
    let school_year = Some("2021-22".parse().expect("a year"));
    let record = Some(RecordRef { kind: RecordKind::Team, id: Uuid::nil() });
    vec![
        OrganizationFilter {
            kind: Some(OrganizationKind::School),
            parent: id(),
            external_id: external_id.clone(),
            cds: Some("01611190000000".parse().expect("a code")),
        }
        .into(),
        MemberFilter { state: Some(MemberState::Active), organization: id() }.into(),
        TeamFilter { kind: Some(TeamKind::Site), state: Some(TeamState::Active), parent: id() }.into(),
        MembershipFilter { member: id(), team: id(), state: Some(MembershipState::Active) }.into(),
        FrameworkFilter { identifier: Some("f".to_owned()) }.into(),
        StandardFilter { framework: id(), parent: id(), code: Some("5.NF.B.3".to_owned()) }.into(),
        AssociationFilter { framework: id() }.into(),
        ResourceFilter {
            kind: Some(ResourceKind::Task),
            state: Some(ResourceState::Draft),
            language: Some(Language::english()),
            team: id(),
            school_year,
            created_by: id(),
            external_id,
            convening: id(),
            cycle: id(),
        }
        .into(),
        GoalFilter { kind: Some(GoalKind::Aim), team: id(), status: Some(GoalStatus::Open), school_year, parent: id() }
            .into(),
        CycleFilter {
            team: id(),
            kind: Some(CycleKind::Pdsa),
            phase: Some(Phase::Do),
            school_year,
            parent: id(),
            member: id(),
        }
        .into(),
        MeasureFilter { team: id(), role: Some(MeasureRole::Outcome) }.into(),
        ObservationFilter { measure: id(), organization: id() }.into(),
        ConveningFilter {
            kind: Some(ConveningKind::Workshop),
            state: Some(ConveningState::Held),
            team: id(),
            parent: id(),
            cycle: id(),
        }
        .into(),
        AttendanceFilter { convening: id(), member: id(), status: Some(AttendanceStatus::Attended) }.into(),
        StoryFilter {
            kind: Some(StoryKind::Testimonial),
            team: id(),
            about: record,
            consent: Some(ConsentState::Granted),
        }
        .into(),
        MentorshipFilter { mentor: id(), mentee: id(), team: id(), state: Some(MentorshipState::Active) }.into(),
        EntryFilter { subject: record, kind: Some(EntryKind::Plan), phase: Some(Phase::Do) }.into(),
        FindingFilter { kind: Some(FindingKind::NoLead), state: Some(FindingState::Open), about: record, team: id() }
            .into(),
    ]
}

/// What of a statement is not in the subset.
fn faults(statement: &str, words: &[&str], names: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut places = 0;
    for word in statement.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$'))) {
        if let Some(place) = word.strip_prefix('$') {
            match place.parse::<usize>() {
                Ok(n) if n <= places => {}
                Ok(n) if n == places + 1 => places = n,
                _ => faults.push(format!("{word} does not follow ${places}")),
            }
        } else if !(word.is_empty()
            || words.contains(&word)
            || names.contains(word)
            || word.bytes().all(|b| b.is_ascii_digit()))
        {
            faults.push(format!("{word} is not in the subset"));
        }
    }
    let signs = |c: &char| !(c.is_ascii_alphanumeric() || c.is_whitespace() || "_$(),=>+".contains(*c));
    faults.extend(statement.chars().find(signs).map(|c| format!("{c} is not in the subset")));
    faults
}

/// One table of the schema: its columns in order, each with the rest of its line.
struct Table {
    columns: Vec<(String, String)>,
    /// Columns that begin an index of their own.
    indexed: BTreeSet<String>,
}

fn tables() -> BTreeMap<String, Table> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for statement in MIGRATIONS.iter().flat_map(|migration| statements(migration, &PLAIN)) {
        let (head, body) = statement.split_once('(').expect("a table or an index has columns");
        let head: Vec<&str> = head.split_whitespace().collect();
        match head[..] {
            ["CREATE", "TABLE", name] => {
                let body = body.rsplit_once(')').expect("the columns end").0;
                let mut columns = Vec::new();
                for line in body.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty()) {
                    let (column, rest) = line.split_once(char::is_whitespace).expect("a column has a type");
                    if column != "PRIMARY" {
                        columns.push((column.to_owned(), rest.split_whitespace().collect::<Vec<_>>().join(" ")));
                    }
                }
                tables.insert(name.to_owned(), Table { columns, indexed: BTreeSet::new() });
            }
            ["CREATE", "INDEX", index, "ON", name] => {
                let column = body.trim_end_matches(')').split(',').next().expect("an index has a column").trim();
                assert_eq!(index, format!("{name}_{column}"), "an index is named after its table and column");
                tables.get_mut(name).expect("the table comes first").indexed.insert(column.to_owned());
            }
            _ => panic!("neither a table nor an index: {statement}"),
        }
    }
    tables
}

fn names(tables: &BTreeMap<String, Table>) -> BTreeSet<String> {
    let columns = tables.values().flat_map(|table| table.columns.iter().map(|(column, _)| column.clone()));
    columns.chain(tables.keys().cloned()).collect()
}

#[test]
fn every_statement_is_in_the_portable_subset() {
    let names = names(&tables());
    let all = all_statements();
    assert!(all.len() > 60, "only {} statements were seen", all.len());
    for statement in &all {
        assert_eq!(faults(statement, WORDS, &names), [""; 0], "{statement}");
    }
}

#[test]
fn the_schema_is_in_the_portable_subset() {
    let tables = tables();
    let mut names = names(&tables);
    for (name, table) in &tables {
        names.extend(table.indexed.iter().map(|column| format!("{name}_{column}")));
    }
    for migration in MIGRATIONS {
        for statement in statements(migration, &PLAIN) {
            assert_eq!(faults(&statement, SCHEMA_WORDS, &names), [""; 0], "{statement}");
        }
        let told = statements(migration, &PLAIN).concat();
        assert!(!told.contains("--"), "comments are for readers, not for engines");
    }
}

#[test]
fn the_lint_finds_what_is_not_portable() {
    let names = names(&tables());
    for bad in [
        "SELECT id FROM member WHERE given LIKE $1",
        "SELECT id FROM member WHERE given ILIKE $1",
        "INSERT OR REPLACE INTO member (id) VALUES ($1)",
        "REPLACE INTO member (id) VALUES ($1)",
        "SELECT id FROM member WHERE created_at < now()",
        "SELECT date(created_at) FROM member",
        "SELECT roles ->> 0 FROM member",
        "SELECT json_extract(roles, $1) FROM member",
        "SELECT head FROM scope FOR UPDATE",
        "SELECT id FROM member WHERE id = ?",
        "SELECT id FROM member WHERE id = $2 AND seq = $1",
        "SELECT \"id\" FROM member",
        "SELECT id FROM member WHERE state = 'active'",
        "SELECT seq / 2 FROM member",
        "PRAGMA user_version",
        "CREATE TEMP TABLE t (a)",
        "SELECT given || family FROM member",
        "SELECT id FROM member; SELECT id FROM team",
        "SELECT last_insert_rowid()",
        "SELECT nextval FROM member",
        "SELECT surname FROM member",
    ] {
        assert_ne!(faults(bad, WORDS, &names), [""; 0], "{bad}");
    }
    for bad in [
        "CREATE TABLE member (seq INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE member (team ID REFERENCES team (id))",
        "CREATE TRIGGER t ON member",
        "CREATE TABLE member (roles JSONB NOT NULL)",
        "CREATE TABLE member (created_at TIMESTAMP NOT NULL)",
    ] {
        assert_ne!(faults(bad, SCHEMA_WORDS, &names), [""; 0], "{bad}");
    }
}

#[test]
fn every_table_has_the_columns_of_its_record() {
    let tables = tables();
    for &kind in RecordKind::ALL {
        let table = &tables[kind.name()];
        let mut expected: Vec<(String, &str)> = sql::HEADER
            .split(", ")
            .zip(["ROWKEY", "ID", "ID", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT"])
            .map(|(column, word)| (column.to_owned(), word))
            .collect();
        assert_eq!(expected.len(), sql::HEADER_COLUMNS);
        expected.extend(kind.fields().iter().map(|field| {
            let word = match field.column {
                ColumnType::Int => "BIGINT",
                ColumnType::Text | ColumnType::Json => "TEXT",
                ColumnType::Id => "ID",
                ColumnType::Real => "REAL",
            };
            (field.name.to_owned(), word)
        }));
        let found: Vec<(String, &str)> = table
            .columns
            .iter()
            .map(|(column, rest)| (column.clone(), rest.split(' ').next().unwrap_or_default()))
            .collect();
        assert_eq!(found, expected, "{}", kind.name());
        assert_eq!(table.columns[1].1, "ID NOT NULL UNIQUE", "{}: an id names one row", kind.name());
        // What merges element by element is a list, and a list is never absent.
        for field in kind.fields().iter().filter(|field| field.merge.by_element()) {
            let rest = &table.columns.iter().find(|(column, _)| column == field.name).expect("compared above").1;
            assert_eq!(rest, "TEXT NOT NULL", "{}.{}", kind.name(), field.name);
        }
    }
}

#[test]
fn ids_that_lists_are_filtered_by_are_indexed() {
    let tables = tables();
    let mut checked = BTreeSet::new();
    for statement in all_statements() {
        let Some((select, conditions)) = statement.split_once(" WHERE ") else { continue };
        let Some(name) = select.rsplit(' ').next().filter(|_| select.starts_with("SELECT")) else { continue };
        let table = &tables[name];
        for condition in conditions.split([' ', '(']).zip(conditions.split([' ', '(']).skip(1)) {
            let (column, "=") = condition else { continue };
            let of_ids =
                |(name, rest): &(String, String)| name == column && rest.starts_with("ID") && !rest.contains("UNIQUE");
            if table.columns.iter().any(of_ids) {
                assert!(table.indexed.contains(column), "{name}.{column} is filtered by and has no index");
                checked.insert(format!("{name}.{column}"));
            }
        }
    }
    assert!(checked.len() >= 27, "only {checked:?} were seen");
}
