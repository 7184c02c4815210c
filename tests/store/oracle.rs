//! Random histories of random people, on the store and on the naive model: every answer is the same.
//!
//! `COP_HISTORIES=5000` makes the run longer; `COP_SEED=17` runs one history.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use cop_core::store::contract;
use cop_core::{
    AnyRecord, Community, CommunityOptions, Error, ErrorKind, IdSource, ListFilter, NewCommunity, Op, PageRequest,
    RecordKind, Result, ScriptedIds, Session, Value,
};
use cop_tests::access::{Relations, Who};
use cop_tests::histories::{OPENINGS, everybody, filters, start, step, step_of};
use cop_tests::model::Model;
use cop_tests::postgres::Cluster;
use cop_tests::random::{Random, number};
use tempfile::TempDir;
use uuid::Uuid;

use crate::SharedClock;

const STEPS: usize = 60;

/// Ids that go on where they were when a file is opened again.
#[derive(Clone)]
struct SharedIds(Arc<ScriptedIds>);

impl IdSource for SharedIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        self.0.next(now)
    }
}

/// The store and the model, side by side.
struct Pair {
    cop: Community,
    model: Model,
    clock: SharedClock,
    ids: SharedIds,
    now: DateTime<Utc>,
    place: Place,
    /// How often each operation was accepted, and refused.
    tally: Counts,
    /// How many reading decisions were compared of each kind of record: those who see it, and those who do not.
    decisions: BTreeMap<RecordKind, [usize; 2]>,
}

/// Where a history is kept.
enum Place {
    Memory,
    File(TempDir),
    Server(String),
}

impl Place {
    /// Every tenth history is kept in a file, every thirtieth, or as many as are asked for, on a server; both are closed
    /// and opened again on the way.
    fn of(seed: u64) -> Self {
        if seed.is_multiple_of(10) {
            return Place::File(TempDir::new().unwrap());
        }
        match Cluster::shared().filter(|_| seed % number("COP_ON_SERVER", 30) == 1) {
            Some(server) => Place::Server(server.new_address()),
            None => Place::Memory,
        }
    }
}

/// How often each operation was accepted, and refused.
type Counts = BTreeMap<&'static str, [usize; 2]>;

fn options(clock: &SharedClock, ids: &SharedIds) -> CommunityOptions {
    CommunityOptions::new().with_clock(clock.clone()).with_ids(ids.clone())
}

impl Pair {
    fn new(place: Place) -> Self {
        let (clock, ids) = (SharedClock::new(start()), SharedIds(Arc::new(ScriptedIds::new(7))));
        let new = NewCommunity::new("Math CoP");
        let cop = match &place {
            Place::File(folder) => options(&clock, &ids).create(folder.path().join("math.cop"), new.clone()),
            Place::Server(address) => options(&clock, &ids).create_at(address, new.clone()),
            Place::Memory => options(&clock, &ids).in_memory(new.clone()),
        };
        let model = Model::found(new, 7, start()).unwrap();
        let (tally, decisions) = (BTreeMap::new(), BTreeMap::new());
        let mut pair = Self { cop: cop.unwrap(), model, clock, ids, now: start(), place, tally, decisions };
        for part in OPENINGS {
            for (who, op) in part(&pair.model) {
                pair.both(who, &op);
                assert_eq!(pair.tally[op.name()][1], 0, "the opening is accepted: {op:?}");
            }
        }
        pair
    }

    /// Somebody's session; who is erased has none.
    fn session(&self, who: Who) -> Result<Session> {
        match who {
            Who::Guest => Ok(self.cop.as_guest()),
            Who::Host => Ok(self.cop.steward()),
            Who::Member(id) => self.cop.as_member(id),
        }
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    fn both(&mut self, who: Who, op: &Op) {
        let expected = self.model.apply(who, op, self.now);
        let found = self.session(who).and_then(|session| session.apply(op.clone()));
        self.compare(&found, &expected, op);
    }

    fn compare(&mut self, found: &Result<AnyRecord>, expected: &Result<AnyRecord>, op: &Op) {
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                assert_eq!(found, expected, "{op:?}");
                self.tally.entry(op.name()).or_default()[0] += 1;
            }
            (Err(found), Err(expected)) => {
                assert_eq!(same(found), same(expected), "{op:?}");
                assert_eq!(found.to_string(), expected.to_string(), "{op:?}");
                self.tally.entry(op.name()).or_default()[1] += 1;
            }
            _ => panic!("the store says {found:?}, the model {expected:?} to {op:?}"),
        }
    }

    /// Several steps of one person in one transaction, all or nothing.
    fn together(&mut self, random: &mut Random) {
        let (who, first) = step(random, &self.model, self.today());
        let mut ops = vec![first];
        for _ in 0..1 + random.below(2) {
            ops.push(step_of(random, &self.model, self.today(), who));
        }
        let mut trial = self.model.clone();
        let expected: Result<Vec<AnyRecord>> = ops.iter().map(|op| trial.apply(who, op, self.now)).collect();
        let found = self.session(who).and_then(|session| match random.one_in(2) {
            true => session.transaction(|tx| ops.iter().map(|op| tx.apply(op.clone())).collect::<Result<Vec<_>>>()),
            false => session.batch(ops.clone(), &mut |_| ControlFlow::Continue(())),
        });
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                assert_eq!(found, expected, "{ops:?}");
                self.model = trial;
                self.tally.entry("transaction").or_default()[0] += 1;
            }
            (Err(found), Err(expected)) => {
                assert_eq!(same(&found), same(&expected), "{ops:?}");
                self.tally.entry("transaction").or_default()[1] += 1;
            }
            (found, expected) => panic!("the store says {found:?}, the model {expected:?} to {ops:?}"),
        }
        assert_eq!(self.cop.head().unwrap(), self.model.head(), "{ops:?}");
    }

    /// The clock goes on, stands still, or steps back.
    fn pass_time(&mut self, random: &mut Random) {
        let millis = [0, 0, 1, 1_000, 86_400_000, -3_600_000][random.below(6)];
        self.now += Duration::milliseconds(millis);
        self.clock.0.set(self.now);
    }

    fn reopen(&mut self) {
        let opened = match &self.place {
            Place::File(folder) => options(&self.clock, &self.ids).open(folder.path().join("math.cop")),
            Place::Server(address) => options(&self.clock, &self.ids).connect(address),
            Place::Memory => return,
        };
        self.cop = opened.unwrap();
    }

    /// A copy of some on another engine is the same: one checksum for all of them.
    fn copy(&self) {
        let Place::Server(_) = &self.place else { return };
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("copy.cop");
        let sum = self.cop.copy_to(&path).unwrap();
        let copy = Community::open(&path).unwrap();
        assert_eq!((copy.checksum().unwrap(), self.cop.checksum().unwrap()), (sum, sum));
        assert_eq!(contract::verify(&copy), self.model.records().count());
    }

    /// Some lists of every kind, for some of everybody.
    fn compare_lists(&mut self, random: &mut Random) {
        let today = self.today();
        let everybody = everybody(&self.model);
        for filter in filters(random, &self.model, today) {
            for _ in 0..4 {
                let who = everybody[random.below(everybody.len())];
                let expected = self.model.list(&Relations::of(&self.model, who, today), &filter);
                let found = all(&self.session(who).unwrap(), &filter, 1 + random.below(40));
                assert_eq!(found, expected, "{who:?} lists {filter:?}");
            }
        }
    }

    /// Every record, for everybody: a read, a list, a look at its history and the rule agree.
    fn compare_everything(&mut self, random: &mut Random) {
        let today = self.today();
        let mut decisions: BTreeMap<RecordKind, [usize; 2]> = BTreeMap::new();
        for who in everybody(&self.model) {
            let (session, relations) = (self.session(who).unwrap(), Relations::of(&self.model, who, today));
            let mut listed = BTreeSet::new();
            for &kind in RecordKind::ALL.iter().filter(|kind| **kind != RecordKind::Community) {
                let filter = everything(kind);
                let found = all(&session, &filter, 1000);
                assert_eq!(found, self.model.list(&relations, &filter), "{who:?} lists every {kind}");
                assert_eq!(scanned(&session, &filter), columns(&found), "{who:?} scans every {kind}");
                listed.extend(found.iter().map(AnyRecord::reference));
            }
            for kept in self.model.records() {
                let reference = kept.record.reference();
                let of_many = matches!(reference.kind, RecordKind::Member | RecordKind::Membership);
                let skipped = ONE_AUDIENCE.contains(&reference.kind) && !random.one_in(8);
                if skipped || (of_many && random.one_in(2)) {
                    continue;
                }
                let expected = self.model.read(&relations, reference);
                let seen = expected.is_some();
                match session.record(reference) {
                    Ok(found) => assert_eq!(Some(found), expected, "{who:?} reads {reference:?}"),
                    Err(Error::NotFound { .. }) => assert_eq!(None, expected, "{who:?} reads {reference:?}"),
                    Err(error) => panic!("{who:?} reads {reference:?}: {error}"),
                }
                let in_list = listed.contains(&reference) || reference.kind == RecordKind::Community;
                assert_eq!(in_list, seen, "{who:?} reads but does not list {reference:?}");
                decisions.entry(reference.kind).or_default()[usize::from(!seen)] += 1;
                if random.one_in(6) {
                    let history = session.history(reference);
                    assert_eq!(history.as_ref().err().map(Error::kind) == Some(ErrorKind::NotFound), !seen);
                    let expected = self.model.history(&relations, reference);
                    assert_eq!(history.ok(), expected, "{who:?} reads the history of {reference:?}");
                }
            }
        }
        for (kind, counts) in decisions {
            let sum = self.decisions.entry(kind).or_default();
            *sum = [sum[0] + counts[0], sum[1] + counts[1]];
        }
        for kept in self.model.records().filter(|kept| kept.deleted) {
            if let AnyRecord::Member(gone) = &kept.record {
                let error = self.session(Who::Member(gone.id)).err().map(|error| error.kind());
                assert_eq!(error, Some(ErrorKind::NotFound), "who is gone does not sign in");
            }
        }
        self.compare_log();
    }

    fn compare_log(&self) {
        let log = self.cop.changes(0, usize::MAX).unwrap();
        assert_eq!(log.len(), self.model.log().len());
        for (found, expected) in log.iter().zip(self.model.log()) {
            assert_eq!((found.seq, found.stamp, found.op_seq), (expected.seq, expected.stamp, expected.op_seq));
            assert_eq!((found.op.as_str(), found.actor, found.life), (expected.op, expected.actor, expected.life));
            let (kind, id) = (expected.record.kind, expected.record.id);
            assert_eq!((found.kind, found.id, found.previous), (kind, id, expected.previous));
            assert_eq!(found.patch, expected.change().patch, "{} of {kind} {id}", expected.op);
        }
        assert_eq!(contract::verify(&self.cop), self.model.records().count());
    }
}

/// The kinds of which all records have the same audience; a few of them are enough.
const ONE_AUDIENCE: &[RecordKind] = &[
    RecordKind::Community,
    RecordKind::Organization,
    RecordKind::Team,
    RecordKind::Framework,
    RecordKind::Standard,
    RecordKind::Association,
];

/// A list of everything of a kind.
fn everything(kind: RecordKind) -> ListFilter {
    serde_json::from_value(serde_json::json!({"kind": kind, "filter": {}})).unwrap()
}

fn same(error: &Error) -> (cop_core::ErrorKind, String) {
    (error.kind(), error.code().to_owned())
}

/// A whole list, in pages of `limit`.
fn all(session: &Session, filter: &ListFilter, limit: usize) -> Vec<AnyRecord> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = session.list(filter, &PageRequest::first(limit).after(after)).unwrap();
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

/// Every field of everything that a scan tells of, as it is in the change log.
fn scanned(session: &Session, filter: &ListFilter) -> Vec<Vec<serde_json::Value>> {
    let (kind, mut found) = (kind_of(filter), Vec::new());
    let fields: Vec<&str> = ["id", "created_by"].into_iter().chain(kind.fields().iter().map(|f| f.name)).collect();
    let scan = session.scan(filter, &fields, &mut |record| {
        let cells = (0..fields.len()).map(|index| Ok(Value::from(record.cell(index)?).to_json()));
        found.push(cells.collect::<Result<_>>()?);
        Ok(())
    });
    scan.unwrap();
    found
}

/// The same of whole records.
fn columns(records: &[AnyRecord]) -> Vec<Vec<serde_json::Value>> {
    let columns = |record: &AnyRecord| {
        let header = record.header();
        let by = header.created_by.map_or(Value::Null, |member| Value::Id(member.uuid()));
        [Value::Id(header.id), by].into_iter().chain(record.values()).map(|value| value.to_json()).collect()
    };
    records.iter().map(columns).collect()
}

fn kind_of(filter: &ListFilter) -> RecordKind {
    serde_json::from_value(serde_json::to_value(filter).unwrap()["kind"].take()).unwrap()
}

/// What was counted in some histories.
#[derive(Default)]
struct Tally {
    ops: Counts,
    decisions: BTreeMap<RecordKind, [usize; 2]>,
}

impl Tally {
    fn add(&mut self, ops: Counts, decisions: BTreeMap<RecordKind, [usize; 2]>) {
        for (op, counts) in ops {
            let sum = self.ops.entry(op).or_default();
            (0..2).for_each(|n| sum[n] += counts[n]);
        }
        for (kind, counts) in decisions {
            let sum = self.decisions.entry(kind).or_default();
            (0..2).for_each(|n| sum[n] += counts[n]);
        }
    }
}

/// Runs the histories of these seeds.
fn run(seeds: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let _seed = Seed(seed);
        let mut random = Random::new(seed);
        let mut pair = Pair::new(Place::of(seed));
        for at in 1..=STEPS {
            pair.pass_time(&mut random);
            if random.one_in(8) {
                pair.together(&mut random);
            } else {
                let (who, op) = step(&mut random, &pair.model, pair.today());
                pair.both(who, &op);
            }
            if at % 20 == 0 {
                pair.reopen();
                pair.compare_lists(&mut random);
            }
        }
        pair.compare_everything(&mut random);
        assert!(pair.cop.check().unwrap().is_good());
        pair.copy();
        tally.add(pair.tally, pair.decisions);
    }
    tally
}

/// Says which history failed.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to run this history alone: COP_SEED={}", self.0);
        }
    }
}

#[test]
fn the_store_and_the_model_agree_about_every_history() {
    let one = std::env::var("COP_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let seeds = one.map_or(0..number("COP_HISTORIES", 300), |seed| seed..seed + 1);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let results: Vec<Tally> = std::thread::scope(|scope| {
        let share = |nth: u64| seeds.clone().filter(move |seed| seed % threads == nth);
        let running: Vec<_> = (0..threads).map(|nth| scope.spawn(move || run(share(nth)))).collect();
        running.into_iter().map(|thread| thread.join().expect("a history failed")).collect()
    });
    let mut tally = Tally::default();
    results.into_iter().for_each(|part| tally.add(part.ops, part.decisions));
    let Tally { ops, decisions } = tally;
    let sum = |which: usize| ops.values().map(|counts| counts[which]).sum::<usize>();
    let decided: usize = decisions.values().flatten().sum();
    let histories = seeds.end - seeds.start;
    eprintln!("{histories} histories: {} steps accepted, {} refused; {decided} decisions", sum(0), sum(1));
    eprintln!("accepted and refused: {ops:?}");
    eprintln!("seen and not seen: {decisions:?}");
    if one.is_none() && histories >= 300 {
        assert!(decided >= 100_000, "too few decisions to mean something: {decided}");
        for &op in Op::NAMES {
            let [accepted, refused] = ops.get(op).copied().unwrap_or_default();
            // A community is founded before its history begins.
            assert!(accepted > 0 || op == "found_community", "{op} was never accepted");
            assert!(refused > 0, "{op} was never refused");
        }
        for (kind, counts) in decisions {
            let open = [RecordKind::Community, RecordKind::Framework, RecordKind::Standard, RecordKind::Association];
            assert!(counts[0] > 0, "nobody ever saw a {kind}");
            assert!(counts[1] > 0 || open.contains(&kind), "everybody saw every {kind}");
        }
    }
}
