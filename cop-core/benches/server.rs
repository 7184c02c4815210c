//! A community on a PostgreSQL server of this computer, beside raw statements through the blocking client.
//!
//! ```sh
//! cargo bench -p cop-core --features postgres --bench server  # 30,000 members, 100,000 attendances
//! COP_MEMBERS=300000 COP_ATTENDANCES=1000000 cargo bench -p cop-core --features postgres --bench server
//! ```
//! The server waits for no disk (`synchronous_commit = off`): what is measured is what is ours.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run shall stop")]

#[path = "../../tests/src/postgres.rs"]
#[expect(dead_code, reason = "a server of the tests' own, which stop it and copy it as well")]
mod cluster;

use std::ops::ControlFlow;
use std::time::Instant;

use chrono::{DateTime, TimeDelta};
use cluster::Cluster;
use cop_core::{
    AttendanceList, Community, MemberFilter, MemberId, NewAffiliation, NewAttendance, NewCommunity, NewConvening,
    NewMember, NewOrganization, NewResource, Op, PageRequest,
};
use postgres::{Client, NoTls};
use uuid::Uuid;

/// Commands of one kind that are timed.
const COMMANDS: usize = 2_000;
/// Operations of one transaction.
const BATCH: usize = 5_000;
/// Seats at one convening.
const TOGETHER: usize = 1_000;

fn main() {
    let Some(server) = Cluster::shared() else { return };
    let address = format!("{}&options=-c%20synchronous_commit%3Doff", server.address("bench"));
    let cop = Community::create_at(&address, NewCommunity::new("Bench")).unwrap();
    let mut raw = Client::connect(&format!("{}/postgres", server.server("cop")), NoTls).unwrap();
    raw.batch_execute(
        "SET synchronous_commit = off; CREATE SCHEMA raw; SET search_path = raw;
         CREATE TABLE scope (one BIGINT PRIMARY KEY, head BIGINT); INSERT INTO scope VALUES (1, 0);
         CREATE TABLE resource (LIKE bench.resource INCLUDING ALL);
         CREATE TABLE change_log (LIKE bench.change_log INCLUDING ALL)",
    )
    .unwrap();

    println!("| loopback PostgreSQL | cop, median | raw, median | ratio |\n|---|---|---|---|");
    let host = cop.steward();
    let add = |n: usize| NewResource::new("task", format!("Task {n}")).with_body("Fold a strip. ".repeat(20));
    let ours = median(COMMANDS, |n| drop(host.add_resource(add(n)).unwrap()));
    let (lock, row, log) = (
        raw.prepare("UPDATE scope SET head = head + 1 WHERE one = 1 RETURNING head").unwrap(),
        raw.prepare(
            "INSERT INTO resource SELECT $1, $2, created_by, created_at, revised_at, revision, deleted, audience, kind, \
             title, description, body, creators, links, language, grades, subjects, alignments, tags, licence, \
             published_on, school_year, team, part_of, external_ids, visibility, grants, sealed, state, files, convening, \
             cycle, supersedes, embargo, reviews FROM bench.resource WHERE seq = 2",
        )
        .unwrap(),
        raw.prepare(
            "INSERT INTO change_log SELECT $1, stamp, op_seq, op, actor, kind, record, life, previous, patch \
             FROM bench.change_log WHERE seq = 2",
        )
        .unwrap(),
    );
    let theirs = median(COMMANDS, |_| {
        let mut tx = raw.transaction().unwrap();
        let head: i64 = tx.query_one(&lock, &[]).unwrap().get(0);
        tx.execute(&row, &[&head, &Uuid::now_v7()]).unwrap();
        tx.execute(&log, &[&head]).unwrap();
        tx.commit().unwrap();
    });
    line("one command (add a resource)", ours, theirs);
    let some = host.add_resource(add(0)).unwrap().id;
    let ours = median(COMMANDS, |_| drop(host.resource(some).unwrap()));
    let get = raw.prepare("SELECT * FROM bench.resource WHERE id = $1").unwrap();
    let theirs = median(COMMANDS, |_| drop(raw.query_one(&get, &[&some.uuid()]).unwrap()));
    line("get one by id", ours, theirs);

    let (members, attendances) = (number("COP_MEMBERS", 30_000), number("COP_ATTENDANCES", 100_000));
    println!("\n| import | rows | wall | rows/s | CPU of ours |\n|---|---|---|---|---|");
    let schools: Vec<_> = (0..100)
        .map(|n| host.add_organization(NewOrganization::new("school", format!("School {n}"))).unwrap().id)
        .collect();
    import("members, with log and keys", members, || {
        for first in (0..members).step_by(BATCH) {
            let op = |n: usize| {
                let new = NewMember::new(format!("Given{n}"), format!("Family{}", n % 5_000));
                let new = new.with_email(format!("person{n}@example.org"));
                Op::AddMember(new.with_affiliation(NewAffiliation::new(schools[n % 100], "teacher")))
            };
            let ops = (first..members.min(first + BATCH)).map(op).collect();
            host.batch(ops, &mut |_| ControlFlow::Continue(())).unwrap();
        }
    });
    let mut people: Vec<MemberId> = Vec::new();
    let ours = import("members read in pages of 1,000", members, || {
        let mut after = None;
        loop {
            let page = host.members(MemberFilter::new(), PageRequest::first(1000).after(after)).unwrap();
            people.extend(page.items.iter().map(|member| member.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    });
    let theirs = import("the same rows, raw", members, || {
        assert_eq!(raw.query("SELECT * FROM bench.member ORDER BY seq", &[]).unwrap().len(), members);
    });
    println!("| ratio | | {:.2}× | | |", ours / theirs);
    let first = DateTime::from_timestamp(1_600_000_000, 0).unwrap().naive_utc();
    let convenings: Vec<_> = (0..attendances.div_ceil(TOGETHER))
        .map(|n| {
            let starts = first + TimeDelta::days(n as i64);
            let new =
                NewConvening::new("workshop", format!("Workshop {n}"), starts, starts + TimeDelta::hours(2), "UTC");
            let id = host.plan_convening(new.online("https://example.org/room")).unwrap().id;
            host.schedule_convening(id).unwrap();
            id
        })
        .collect();
    import("attendances, with log", attendances, || {
        for first in (0..attendances).step_by(BATCH) {
            let row = |n: usize| {
                NewAttendance::new(convenings[n / TOGETHER], people[(n * 7) % people.len()])
                    .with_minutes((n % 120) as i64)
            };
            let attendances = (first..attendances.min(first + BATCH)).map(row).collect();
            host.record_attendances(AttendanceList { attendances }).unwrap();
        }
    });
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

fn line(what: &str, ours: f64, theirs: f64) {
    println!("| {what} | {ours:.0} µs | {theirs:.0} µs | {:.2}× |", ours / theirs);
}

/// The median time of one call, in microseconds.
fn median(times: usize, mut call: impl FnMut(usize)) -> f64 {
    (0..100).for_each(&mut call);
    let mut measured: Vec<f64> = (0..times)
        .map(|n| {
            let started = Instant::now();
            call(n);
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    measured.sort_by(f64::total_cmp);
    measured[times / 2]
}

/// Times a large piece of work; answers with the seconds it took.
fn import(what: &str, rows: usize, work: impl FnOnce()) -> f64 {
    let (started, before) = (Instant::now(), cpu());
    work();
    let (wall, spent) = (started.elapsed().as_secs_f64(), cpu() - before);
    println!("| {what} | {rows} | {wall:.2} s | {:.0} | {spent:.2} s |", rows as f64 / wall);
    wall
}

/// CPU seconds of this process.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    // A tick is a hundredth of a second on Linux.
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}
