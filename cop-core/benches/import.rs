//! A large import beside its peer: the same rows and log entries, written by prepared rusqlite statements.
//!
//! ```sh
//! cargo bench -p cop-core --bench import                      # 30,000 members, 100,000 attendances
//! COP_MEMBERS=300000 COP_ATTENDANCES=1000000 cargo bench -p cop-core --bench import
//! ```
//! Prints CPU time, and the ratio. The peer is given every value ready-made: it only binds and inserts.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run shall stop")]

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, TimeDelta};
use cop_core::{
    AttendanceList, Community, ConveningId, MemberFilter, MemberId, NewAffiliation, NewAttendance, NewCommunity,
    NewConvening, NewCycle, NewMember, NewMembership, NewOrganization, NewTeam, Op, OrganizationId, PageRequest,
    RecordKind, Scanned,
};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Members of one team, and seats at one convening.
const TOGETHER: usize = 1_000;
/// Operations of one transaction.
const BATCH: usize = 5_000;

fn main() {
    if let Some(path) = std::env::var_os("COP_SCAN") {
        return resident(Path::new(&path));
    }
    let number = |name: &str, usual| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let members: usize = number("COP_MEMBERS", 30_000);
    let attendances: usize = number("COP_ATTENDANCES", 100_000);
    let folder = std::env::temp_dir().join(format!("cop-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("math.cop");

    println!("{members} members, {attendances} attendances");
    let (cop, places) = found(&path);
    let (_, first) = timed("cop: members", || add_members(&cop, members, &places));
    let people = all_members(&path);
    lead(&cop, people[people.len() / 2]);
    let convenings = hold_convenings(&cop, attendances.div_ceil(TOGETHER));
    let (_, second) = timed("cop: attendances", || record(&cop, &convenings, &people, attendances));
    drop(cop);

    let raw = Raw::beside(&path, &folder.join("raw.db"));
    let (_, raw_first) = timed("raw: members", || raw.write("member"));
    let (_, raw_second) = timed("raw: attendances", || raw.write("attendance"));
    drop(raw);

    println!("\n| import | cop, CPU | raw rusqlite, CPU | ratio |\n|---|---|---|---|");
    for (what, cop, raw) in [
        (format!("{members} members"), first, raw_first),
        (format!("{attendances} attendances"), second, raw_second),
        ("both".to_owned(), first + second, raw_first + raw_second),
    ] {
        println!("| {what} | {cop:.2} s | {raw:.2} s | {:.2}× |", cop / raw);
    }
    reads(&path, people[people.len() / 2]);
    typed(&path, &people);
    let scan = std::process::Command::new(std::env::current_exe().unwrap()).env("COP_SCAN", &path).status();
    assert!(scan.unwrap().success());
    std::fs::remove_dir_all(&folder).unwrap();
}

fn found(path: &Path) -> (Community, Vec<OrganizationId>) {
    let cop = Community::create(path, NewCommunity::new("Bench")).unwrap();
    let host = cop.steward();
    let places =
        (0..100).map(|n| host.add_organization(NewOrganization::new("school", format!("School {n}"))).unwrap().id);
    let places = places.collect();
    (cop, places)
}

fn add_members(cop: &Community, count: usize, places: &[OrganizationId]) {
    let host = cop.steward();
    let ops = (0..count).map(|n| {
        let new = NewMember::new(format!("Given{n}"), format!("Family{}", n % 5_000))
            .with_email(format!("person{n}@example.org"))
            .with_affiliation(NewAffiliation::new(places[n % places.len()], "teacher"));
        Op::AddMember(new)
    });
    let mut ops = ops.peekable();
    while ops.peek().is_some() {
        let batch = ops.by_ref().take(BATCH).collect();
        host.batch(batch, &mut |_| ControlFlow::Continue(())).unwrap();
    }
}

fn all_members(path: &Path) -> Vec<MemberId> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare("SELECT id FROM member ORDER BY seq").unwrap();
    let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    ids.map(|id| MemberId::new(uuid::Uuid::from_slice(&id.unwrap()).unwrap())).collect()
}

/// A team and a cycle for the member whose page is read.
fn lead(cop: &Community, member: MemberId) {
    let host = cop.steward();
    let team = host.create_team(NewTeam::new("project", "Fractions")).unwrap().id;
    host.add_membership(NewMembership::new(team, member).with_role("lead")).unwrap();
    host.activate_team(team).unwrap();
    let cycle = NewCycle::new(team, "pdsa", "Frames");
    host.start_cycle(NewCycle { lead: Some(member), ..cycle }).unwrap();
}

fn hold_convenings(cop: &Community, count: usize) -> Vec<ConveningId> {
    let host = cop.steward();
    let first = DateTime::from_timestamp(1_600_000_000, 0).unwrap().naive_utc();
    let held = (0..count).map(|n| {
        let starts = first + TimeDelta::days(n as i64);
        let new = NewConvening::new("workshop", format!("Workshop {n}"), starts, starts + TimeDelta::hours(2), "UTC");
        let id = host.plan_convening(new.online("https://example.org/room")).unwrap().id;
        host.schedule_convening(id).unwrap();
        id
    });
    held.collect()
}

fn record(cop: &Community, convenings: &[ConveningId], people: &[MemberId], count: usize) {
    let host = cop.steward();
    let rows = (0..count).map(|n| {
        let person = people[(n * 7) % people.len()];
        NewAttendance::new(convenings[n / TOGETHER], person).with_minutes((n % 120) as i64)
    });
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let attendances = rows.by_ref().take(BATCH).collect();
        host.record_attendances(AttendanceList { attendances }).unwrap();
    }
}

/// What a member's page reads, and what opening costs.
fn reads(path: &Path, person: MemberId) {
    let started = Instant::now();
    let cop = Community::open(path).unwrap();
    let host = cop.steward();
    host.member(person).unwrap();
    println!("\nopen and first get: {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let started = Instant::now();
            host.member_page(person).unwrap();
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("a member's page: {:.2} ms median, {:.2} ms worst of {}", times[100], times[199], times.len());
}

/// Typed reads beside raw ones, which read the same columns as owned text.
fn typed(path: &Path, people: &[MemberId]) {
    const GETS: usize = 20_000;
    let cop = Community::open(path).unwrap();
    let (host, raw) = (cop.steward(), Connection::open(path).unwrap());
    let some = |n: usize| people[n * 7_919 % people.len()];
    println!();
    let (_, get) = timed("cop: gets", || (0..GETS).for_each(|n| drop(host.member(some(n)).unwrap())));
    let mut statement = raw.prepare("SELECT * FROM member WHERE id = ?1").unwrap();
    let (_, raw_get) = timed("raw: gets", || {
        (0..GETS).for_each(|n| assert!(texts(statement.query([some(n).uuid().as_bytes().to_vec()]).unwrap()) == 1))
    });
    let (rows, scan) = timed("cop: scan", || all(&cop));
    let (lent_rows, lent) = timed("cop: scan of columns", || columns(&cop));
    let mut statement = raw.prepare("SELECT * FROM member ORDER BY seq").unwrap();
    let (raw_rows, raw_scan) = timed("raw: scan", || texts(statement.query([]).unwrap()));
    assert_eq!((rows, lent_rows), (raw_rows, raw_rows));
    println!("\n| read | cop, CPU | raw rusqlite, CPU | ratio |\n|---|---|---|---|");
    let scans =
        [("list all, per member", rows, scan, raw_scan), ("scan all columns, per member", rows, lent, raw_scan)];
    for (what, count, cop, raw) in [("get a member", GETS, get, raw_get)].into_iter().chain(scans) {
        let each = |seconds: f64| seconds * 1e6 / count as f64;
        println!("| {what} | {:.2} µs | {:.2} µs | {:.2}× |", each(cop), each(raw), cop / raw);
    }
}

/// Every member, in pages.
fn all(cop: &Community) -> usize {
    let (host, mut after, mut count) = (cop.steward(), None, 0);
    loop {
        let page = host.members(MemberFilter::new(), PageRequest::first(1_000).after(after)).unwrap();
        count += page.items.len();
        after = page.next;
        if after.is_none() {
            return count;
        }
    }
}

/// Every field of every member, as the engine lends it.
fn columns(cop: &Community) -> usize {
    let fields: Vec<&str> = RecordKind::Member.fields().iter().map(|field| field.name).collect();
    let mut count = 0;
    let mut each = |member: &Scanned<'_>| {
        (0..fields.len()).try_for_each(|at| member.cell(at).map(|cell| _ = std::hint::black_box(cell)))?;
        count += 1;
        Ok(())
    };
    cop.steward().scan(&MemberFilter::new().into(), &fields, &mut each).unwrap();
    count
}

fn texts(mut rows: rusqlite::Rows<'_>) -> usize {
    let mut count = 0;
    while let Some(row) = rows.next().unwrap() {
        let columns = row.as_ref().column_count();
        let values = (0..columns).map(|n| row.get::<_, Value>(n).unwrap());
        std::hint::black_box(values.collect::<Vec<_>>());
        count += 1;
    }
    count
}

/// What a process that does nothing but read everybody has in memory at most.
fn resident(path: &Path) {
    let members = all(&Community::open(path).unwrap());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().to_owned();
    println!("\nscanning {members} members: {peak} resident at most");
}

/// CPU seconds of this process.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    // A tick is a hundredth of a second on Linux.
    ticks / 100.0
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, f64) {
    let (wall, start) = (Instant::now(), cpu());
    let answer = work();
    let spent = cpu() - start;
    println!("{what}: {spent:.2} s CPU, {:.2} s wall", wall.elapsed().as_secs_f64());
    (answer, spent)
}

/// The peer: the same tables, indexes and pragmas, and the rows that cop wrote, ready-made.
struct Raw {
    connection: Connection,
    rows: Vec<(&'static str, Vec<Vec<Value>>)>,
}

impl Raw {
    fn beside(cop: &Path, path: &Path) -> Self {
        let source = Connection::open(cop).unwrap();
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -16384")
            .unwrap();
        let mut schema = source.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").unwrap();
        for sql in schema.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            connection.execute_batch(&sql.unwrap()).unwrap();
        }
        let read = |table: &str, order: &str| -> Vec<Vec<Value>> {
            let mut statement = source.prepare(&format!("SELECT * FROM {table} {order}")).unwrap();
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect()).unwrap();
            rows.map(Result::unwrap).collect()
        };
        // Keys in the order in which they were written: with their member.
        let keys = "INNER JOIN member ON member.id = lookup.record AND lookup.kind = 'member' ORDER BY member.seq";
        let mut lookup = source.prepare(&format!("SELECT kind, key, record FROM lookup {keys}")).unwrap();
        let keys = lookup.query_map([], |row| (0..3).map(|n| row.get(n)).collect()).unwrap();
        let keys: Vec<Vec<Value>> = keys.map(Result::unwrap).collect();
        let rows = vec![
            ("member", read("member", "ORDER BY seq")),
            ("lookup", keys),
            ("attendance", read("attendance", "ORDER BY seq")),
            ("change_log", read("change_log", "WHERE kind IN ('member', 'attendance') ORDER BY seq")),
        ];
        Self { connection, rows }
    }

    /// Writes the rows of one kind with their keys and log entries, in transactions as large as cop's.
    fn write(&self, kind: &str) {
        let table = |name: &str| &self.rows.iter().find(|(table, _)| *table == name).unwrap().1;
        let insert = |name: &str, columns: usize| {
            let places: Vec<String> = (1..=columns).map(|n| format!("?{n}")).collect();
            format!("INSERT INTO {name} VALUES ({})", places.join(", "))
        };
        let rows = table(kind);
        if rows.is_empty() {
            return;
        }
        let is_kind = |row: &&Vec<Value>| row[5] == Value::Text(kind.to_owned());
        let log: Vec<&Vec<Value>> = table("change_log").iter().filter(is_kind).collect();
        assert_eq!(rows.len(), log.len(), "one log entry for each row");
        let keys: &[Vec<Value>] = if kind == "member" { table("lookup") } else { &[] };
        let per_row = keys.len() / rows.len().max(1);
        let (row_sql, log_sql) = (insert(kind, rows[0].len()), insert("change_log", log[0].len()));
        let key_sql = insert("lookup", 3);
        for (batch, chunk) in rows.chunks(BATCH).enumerate() {
            self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            for (index, row) in chunk.iter().enumerate() {
                let at = batch * BATCH + index;
                let run = |sql: &str, row: &[Value]| {
                    self.connection.prepare_cached(sql).unwrap().execute(params_from_iter(row)).unwrap();
                };
                run(&log_sql, log[at]);
                run(&row_sql, row);
                keys[at * per_row..(at + 1) * per_row].iter().for_each(|key| run(&key_sql, key));
            }
            self.connection.execute_batch("COMMIT").unwrap();
        }
    }
}
