//! Random histories of random people, on the store and on the naive model: every answer is the same.
//!
//! `COP_HISTORIES=5000` makes the run longer; `COP_SEED=17` runs one history.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use cop_core::store::contract;
use cop_core::{
    AnyRecord, Community, CommunityOptions, Error, ErrorKind, IdSource, ListFilter, NewCommunity, Op, PageRequest,
    RecordKind, ResourceFilter, Result, ScriptedIds, Session,
};
use cop_tests::access::{Relations, Who};
use cop_tests::histories::{everybody, filters, opening, second_opening, start, step, step_of};
use cop_tests::model::Model;
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
    file: Option<TempDir>,
    /// How often each operation was accepted, refused, and not there yet.
    tally: BTreeMap<&'static str, [usize; 3]>,
    decisions: usize,
}

fn options(clock: &SharedClock, ids: &SharedIds) -> CommunityOptions {
    CommunityOptions::new().with_clock(clock.clone()).with_ids(ids.clone())
}

impl Pair {
    fn new(in_file: bool) -> Self {
        let (clock, ids) = (SharedClock::new(start()), SharedIds(Arc::new(ScriptedIds::new(7))));
        let file = in_file.then(|| TempDir::new().unwrap());
        let new = NewCommunity::new("Math CoP");
        let cop = match &file {
            Some(folder) => options(&clock, &ids).create(folder.path().join("math.cop"), new.clone()),
            None => options(&clock, &ids).in_memory(new.clone()),
        };
        let model = Model::found(new, 7, start()).unwrap();
        let tally = BTreeMap::new();
        let mut pair = Self { cop: cop.unwrap(), model, clock, ids, now: start(), file, tally, decisions: 0 };
        let accept = |pair: &mut Self, ops: Vec<Op>| {
            for op in ops {
                pair.both(Who::Host, &op);
                assert_eq!(pair.tally[op.name()][1], 0, "the opening is accepted: {op:?}");
            }
        };
        accept(&mut pair, opening());
        let second = second_opening(&pair.model);
        accept(&mut pair, second);
        pair
    }

    fn session(&self, who: Who) -> Session {
        session(&self.cop, who)
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    fn both(&mut self, who: Who, op: &Op) {
        let expected = self.model.apply(who, op, self.now);
        let found = self.session(who).apply(op.clone());
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
                let which = if found.kind() == ErrorKind::Unsupported { 2 } else { 1 };
                self.tally.entry(op.name()).or_default()[which] += 1;
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
        let session = self.session(who);
        let found = if random.one_in(2) {
            session.transaction(|tx| ops.iter().map(|op| tx.apply(op.clone())).collect::<Result<Vec<_>>>())
        } else {
            session.batch(ops.clone(), &mut |_| ControlFlow::Continue(()))
        };
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
        let Some(folder) = &self.file else { return };
        let path = folder.path().join("math.cop");
        self.cop = options(&self.clock, &self.ids).open(&path).unwrap();
    }

    /// Some lists, for everybody.
    fn compare_lists(&mut self, random: &mut Random) {
        let today = self.today();
        for filter in filters(random, &self.model, today) {
            for who in everybody(&self.model) {
                let expected = self.model.list(&Relations::of(&self.model, who, today), &filter);
                let found = all(&self.session(who), &filter, 1 + random.below(40));
                assert_eq!(found, expected, "{who:?} lists {filter:?}");
            }
        }
    }

    /// Every resource, and some of the rest, for everybody: a read, a list and the rule agree.
    fn compare_everything(&mut self, random: &mut Random) {
        let today = self.today();
        for who in everybody(&self.model) {
            let (session, relations) = (self.session(who), Relations::of(&self.model, who, today));
            let listed = all(&session, &ResourceFilter::new().into(), 1000);
            assert_eq!(listed, self.model.list(&relations, &ResourceFilter::new().into()), "{who:?}");
            for kept in self.model.records() {
                let reference = kept.record.reference();
                if reference.kind != RecordKind::Resource && !random.one_in(4) {
                    continue;
                }
                let expected = self.model.read(&relations, reference);
                match session.record(reference) {
                    Ok(found) => assert_eq!(Some(found), expected, "{who:?} reads {reference:?}"),
                    Err(Error::NotFound { .. }) => assert_eq!(None, expected, "{who:?} reads {reference:?}"),
                    Err(error) => panic!("{who:?} reads {reference:?}: {error}"),
                }
                if reference.kind == RecordKind::Resource {
                    let in_list = listed.iter().any(|record| record.reference() == reference);
                    assert_eq!(in_list, expected.is_some(), "{who:?} reads but does not list {reference:?}");
                    self.decisions += 1;
                }
            }
        }
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

fn session(cop: &Community, who: Who) -> Session {
    match who {
        Who::Guest => cop.as_guest(),
        Who::Host => cop.steward(),
        Who::Member(id) => cop.as_member(id).unwrap(),
    }
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

/// How often each operation was accepted and refused, and how many reading decisions were compared.
type Tally = (BTreeMap<&'static str, [usize; 3]>, usize);

/// Runs the histories of these seeds.
fn run(seeds: impl Iterator<Item = u64>) -> Tally {
    let (mut tally, mut decisions) = Tally::default();
    for seed in seeds {
        let _seed = Seed(seed);
        let mut random = Random::new(seed);
        // Every tenth history is kept in a file, which is closed and opened again on the way.
        let mut pair = Pair::new(seed % 10 == 0);
        for at in 1..=STEPS {
            pair.pass_time(&mut random);
            if random.one_in(6) {
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
        decisions += pair.decisions;
        for (op, counts) in pair.tally {
            let sum: &mut [usize; 3] = tally.entry(op).or_default();
            (0..3).for_each(|n| sum[n] += counts[n]);
        }
    }
    (tally, decisions)
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
    let (mut tally, mut decisions): (BTreeMap<&str, [usize; 3]>, usize) = (BTreeMap::new(), 0);
    for (part, count) in results {
        decisions += count;
        for (op, counts) in part {
            let sum = tally.entry(op).or_default();
            (0..3).for_each(|n| sum[n] += counts[n]);
        }
    }
    let sum = |which: usize| tally.values().map(|counts| counts[which]).sum::<usize>();
    let histories = seeds.end - seeds.start;
    eprintln!("{histories} histories: {} steps accepted, {} refused; {decisions} decisions", sum(0), sum(1));
    eprintln!("accepted and refused: {tally:?}");
    if one.is_none() && histories >= 300 {
        assert!(decisions >= 20_000, "too few decisions to mean something: {decisions}");
        for &op in Op::NAMES {
            let [accepted, refused, unsupported] = tally.get(op).copied().unwrap_or_default();
            if unsupported > 0 {
                eprintln!("skipped: {op} does not exist yet");
                continue;
            }
            // A community is founded before its history begins.
            assert!(accepted > 0 || op == "found_community", "{op} was never accepted");
            assert!(refused > 0, "{op} was never refused");
        }
    }
}
