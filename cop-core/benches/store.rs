//! The store beside its peer: the same rows and log entries written and read with prepared rusqlite statements.
//!
//! ```sh
//! cargo bench -p cop-core --bench store
//! ```
//! Prints criterion's reports, then a table of ratios (medians of the same run).

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run shall stop")]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cop_core::{Community, NewCommunity, NewResource, Op, PageRequest, ResourceFilter, Visibility};
use criterion::{BatchSize, Criterion};
use rusqlite::{Connection, params};

const ROWS: usize = 20_000;
const BATCH: usize = 1_000;

fn main() {
    let folder = std::env::temp_dir().join(format!("cop-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20)
        .without_plots()
        .configure_from_args();
    append(&mut criterion, &folder);
    reads(&mut criterion, &folder);
    criterion.final_summary();
    table();
    std::fs::remove_dir_all(&folder).unwrap();
}

fn resource(number: usize) -> NewResource {
    NewResource::new("task", format!("Task {number}: fractions on a number line"))
        .with_description("Place thirds and sixths, and explain how you know.")
        .with_body("Fold a strip of paper into equal parts. Name each part. Compare two strips. ".repeat(10))
        .with_language("en")
        .with_grade("05")
        .with_standard("5.NF.B.3")
        .with_visibility(Visibility::Community)
        .published()
}

fn community(path: &Path, rows: usize) -> Community {
    let cop = Community::create(path, NewCommunity::new("Bench")).unwrap();
    let ops = (0..rows).map(|number| Op::AddResource(resource(number))).collect();
    cop.steward().batch(ops, &mut |_| ControlFlow::Continue(())).unwrap();
    cop
}

fn append(criterion: &mut Criterion, folder: &Path) {
    let cop = community(&folder.join("append.cop"), 0);
    let raw = Raw::new(&folder.join("append.db"));
    let mut group = criterion.benchmark_group("append one, durable");
    group.bench_function("cop", |bencher| bencher.iter(|| cop.steward().add_resource(resource(1)).unwrap()));
    group.bench_function("raw", |bencher| bencher.iter(|| raw.write(1)));
    group.finish();

    let mut group = criterion.benchmark_group("append a batch of 1,000");
    let ops = || (0..BATCH).map(|number| Op::AddResource(resource(number))).collect::<Vec<_>>();
    group.bench_function("cop", |bencher| {
        bencher.iter_batched(
            ops,
            |ops| cop.steward().batch(ops, &mut |_| ControlFlow::Continue(())).unwrap(),
            BatchSize::PerIteration,
        )
    });
    group.bench_function("raw", |bencher| bencher.iter(|| raw.write(BATCH)));
    group.finish();
}

fn reads(criterion: &mut Criterion, folder: &Path) {
    let path = folder.join("read.cop");
    let cop = community(&path, ROWS);
    let session = cop.steward();
    let raw = Connection::open(&path).unwrap();
    let some = session.resources(ResourceFilter::new(), PageRequest::first(500)).unwrap().items[250].id;

    let mut group = criterion.benchmark_group("get one by id");
    group.bench_function("cop", |bencher| bencher.iter(|| black_box(session.resource(some).unwrap())));
    group.bench_function("raw", |bencher| {
        bencher.iter(|| black_box(texts(&raw, "SELECT * FROM resource WHERE id = ?1", some.uuid().as_bytes().to_vec())))
    });
    group.finish();

    let mut group = criterion.benchmark_group("list a page of 100");
    group.bench_function("cop", |bencher| {
        bencher.iter(|| black_box(session.resources(ResourceFilter::new(), PageRequest::first(100)).unwrap()))
    });
    group.bench_function("raw", |bencher| {
        bencher.iter(|| black_box(texts(&raw, "SELECT * FROM resource WHERE seq > ?1 ORDER BY seq LIMIT 100", 0)))
    });
    group.finish();

    let mut group = criterion.benchmark_group("open and get one");
    group.bench_function("cop", |bencher| {
        bencher.iter(|| Community::open(&path).unwrap().steward().resource(some).unwrap())
    });
    group.bench_function("raw", |bencher| {
        bencher.iter(|| {
            let connection = Connection::open(&path).unwrap();
            black_box(texts(&connection, "SELECT * FROM resource WHERE id = ?1", some.uuid().as_bytes().to_vec()))
        })
    });
    group.finish();
}

/// Every text column of every row, as owned strings: what any reader of these rows must do.
fn texts(connection: &Connection, sql: &str, value: impl rusqlite::ToSql) -> usize {
    let mut statement = connection.prepare_cached(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query(params![value]).unwrap();
    let mut bytes = 0;
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            if let rusqlite::types::ValueRef::Text(text) = row.get_ref(column).unwrap() {
                bytes += black_box(String::from_utf8(text.to_vec()).unwrap()).len();
            }
        }
    }
    bytes
}

/// The peer: the same columns and log, without rules.
struct Raw(Connection);

impl Raw {
    fn new(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE resource (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, created_by BLOB, created_at BIGINT,
                   revised_at BIGINT, revision BIGINT, deleted BIGINT, audience BIGINT, kind TEXT, title TEXT, description TEXT,
                   body TEXT, creators TEXT, links TEXT, language TEXT, grades TEXT, subjects TEXT, alignments TEXT, tags TEXT,
                   licence TEXT, published_on TEXT, school_year TEXT, team BLOB, part_of TEXT, external_ids TEXT,
                   visibility TEXT, grants TEXT, sealed BIGINT, state TEXT);
                 CREATE INDEX resource_team ON resource (team);
                 CREATE TABLE change_log (seq INTEGER PRIMARY KEY, stamp BIGINT, op_seq BIGINT, op TEXT, actor BLOB, kind TEXT,
                   record BLOB, life TEXT, previous BIGINT, patch TEXT);",
            )
            .unwrap();
        Self(connection)
    }

    fn write(&self, rows: usize) {
        self.0.execute_batch("BEGIN IMMEDIATE").unwrap();
        for number in 0..rows {
            let new = resource(number);
            let id = uuid::Uuid::now_v7();
            let patch = serde_json::to_string(&new).unwrap();
            self.0
                .prepare_cached(
                    "INSERT INTO resource (id, created_at, revised_at, revision, deleted, audience, kind, title, description, body, \
                     creators, links, language, grades, subjects, alignments, tags, external_ids, visibility, grants, sealed, state) \
                     VALUES (?1, 1, 1, 1, 0, 1, ?2, ?3, ?4, ?5, '[]', '[]', 'en', '[\"05\"]', '[]', ?6, '[]', '[]', 'community', \
                     '[]', 0, 'published')",
                )
                .unwrap()
                .execute(params![
                    id.as_bytes().as_slice(),
                    new.kind,
                    new.title,
                    new.description,
                    new.body,
                    "[{\"code\":\"5.NF.B.3\",\"kind\":\"teaches\"}]"
                ])
                .unwrap();
            self.0
                .prepare_cached(
                    "INSERT INTO change_log (stamp, op_seq, op, actor, kind, record, life, previous, patch) \
                     VALUES (1, 1, 'add_resource', NULL, 'resource', ?1, 'created', 0, ?2)",
                )
                .unwrap()
                .execute(params![id.as_bytes().as_slice(), patch])
                .unwrap();
        }
        self.0.execute_batch("COMMIT").unwrap();
    }
}

/// Ratios of the medians that criterion just measured.
fn table() {
    println!("\n| store | cop | raw rusqlite | ratio |\n|---|---|---|---|");
    for group in
        ["append one, durable", "append a batch of 1,000", "get one by id", "list a page of 100", "open and get one"]
    {
        if let (Some(cop), Some(raw)) = (median(group, "cop"), median(group, "raw")) {
            println!("| {group} | {:.1} µs | {:.1} µs | {:.2}× |", cop / 1e3, raw / 1e3, cop / raw);
        }
    }
}

/// The median in nanoseconds, from criterion's own file.
fn median(group: &str, function: &str) -> Option<f64> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let path = target.join("criterion").join(group).join(function).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}
