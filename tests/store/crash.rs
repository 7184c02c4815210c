//! A writer is killed at any moment: what it acknowledged is there, whole; nothing is there in part; and the index that
//! it was writing beside its file finds just what is there, without anybody's help.
//!
//! `COP_KILLS=1000` makes the run longer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::time::Duration;

use cop_core::store::contract;
use cop_core::{Community, PageRequest, ResourceFilter, Session};
use cop_tests::postgres::{Cluster, is_address};
use cop_tests::random::{Random, number};
use tempfile::TempDir;

use crate::{founded, founded_at, writer};

/// Cycles on one file before a new one is begun.
const CYCLES_PER_FILE: u64 = 10;

#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    let mut folder = TempDir::new().unwrap();
    kill_writers(number("COP_KILLS", 30), &mut || {
        folder = TempDir::new().unwrap();
        let path = folder.path().join("math.cop");
        founded(&path);
        path.to_str().unwrap().to_owned()
    });
}

#[test]
fn a_killed_writer_on_a_server_loses_nothing_it_acknowledged() {
    let Some(server) = Cluster::shared() else { return };
    kill_writers(number("COP_SERVER_KILLS", 30), &mut || {
        let address = server.new_address();
        founded_at(&address);
        address
    });
}

fn open(place: &str) -> cop_core::Result<Community> {
    match is_address(place) {
        true => Community::connect(place),
        false => cop_search::open(place),
    }
}

/// What the index beside a file finds is what reading everything finds.
fn search_agrees(path: &str, indexed: &Session) {
    let cop = Community::open(path).unwrap();
    let read = cop.as_member(indexed.member_id().unwrap()).unwrap();
    for text in ["pages", "crash", "1 pages"] {
        let [found, there] = [indexed, &read].map(|session| session.search(text).unwrap());
        assert_eq!(found.total, there.total, "{text}: as many");
        assert!(found.hits.iter().map(|hit| hit.id).eq(there.hits.iter().map(|hit| hit.id)), "{text}: the same");
    }
}

/// Kills writers at random moments, each time in a community that `found` made a few cycles before.
fn kill_writers(kills: u64, found: &mut dyn FnMut() -> String) {
    let mut random = Random::new(number("COP_SEED", 1));
    let (mut acknowledged, mut unfinished) = (0, 0);
    let mut path = String::new();
    for cycle in 0..kills {
        if cycle % CYCLES_PER_FILE == 0 {
            path = found();
        }
        let cop = open(&path).unwrap();
        let member = cop.as_member(first_member(&cop)).unwrap();
        let before = batches(&member);
        drop((member, cop));

        // Small batches mostly wait for the disk, large ones mostly write.
        let size = [1, 5, 5, 300][random.below(4)];
        let first = before.keys().max().map_or(0, |last| last + 1);
        let told = run_and_kill(&path, first, size, Duration::from_micros(random.bits() % 60_000));

        let cop = open(&path).unwrap_or_else(|error| panic!("cycle {cycle}: {error}"));
        // A server may still be committing what the dead asked for; whoever has the turn to write sees what came of it.
        cop.steward().transaction(|_| Ok(())).unwrap();
        let member = cop.as_member(first_member(&cop)).unwrap();
        let after = batches(&member);
        for (batch, numbers) in &before {
            assert_eq!(after.get(batch), Some(numbers), "cycle {cycle}: batch {batch} was there before");
        }
        for batch in &told {
            assert!(after.contains_key(batch), "cycle {cycle}: batch {batch} was acknowledged and is lost");
        }
        for batch in after.keys().filter(|batch| **batch >= first && !told.contains(*batch)) {
            // Committed, and killed before it could say so: at most the last one.
            assert_eq!(Some(*batch), told.last().map_or(Some(first), |last| Some(last + 1)), "cycle {cycle}");
            unfinished += 1;
        }
        acknowledged += told.len();
        contract::verify(&cop);
        if !is_address(&path) {
            search_agrees(&path, &member);
        }
        member.add_resource(cop_core::NewResource::new("tool", "after the crash")).unwrap();
    }
    eprintln!("{kills} kills, {acknowledged} batches acknowledged, {unfinished} committed without a word");
    assert!(kills < 30 || acknowledged > 30, "writers were killed before they wrote: {acknowledged}");
}

#[test]
fn a_community_outlives_a_crash_of_its_founder() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let mut child = writer(&["found", path.to_str().unwrap()]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "founded");
    assert!(Community::open(&path).is_ok(), "others can open it while its founder has it open");
    child.kill().unwrap();
    child.wait().unwrap();
    let cop = Community::open(&path).expect("opens after the crash");
    assert_eq!((cop.about().unwrap().name.as_str(), contract::verify(&cop)), ("Math CoP", 1));
}

fn first_member(cop: &Community) -> cop_core::MemberId {
    let page = cop.steward().members(cop_core::MemberFilter::new(), PageRequest::first(1)).unwrap();
    page.items[0].id
}

/// Runs a writer, kills it after a while, and answers with the batches that it acknowledged.
fn run_and_kill(path: &str, first: u64, size: u64, after: Duration) -> BTreeSet<u64> {
    let member = {
        let cop = open(path).unwrap();
        first_member(&cop).to_string()
    };
    let mut child = writer(&["batches", path, &member, &first.to_string(), &size.to_string()]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let killer = std::thread::spawn(move || {
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    });
    // A line that was cut off was not said.
    let told = lines.map_while(Result::ok).filter_map(|line| line.parse().ok()).collect();
    killer.join().unwrap();
    told
}

/// All batches, each whole.
fn batches(session: &Session) -> BTreeMap<u64, BTreeSet<u64>> {
    let mut found: BTreeMap<u64, (u64, BTreeSet<u64>)> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = session.resources(ResourceFilter::new(), PageRequest::first(1000).after(after)).unwrap();
        for resource in page.items {
            let Some((batch, rest)) = resource.title.split_once('/') else { continue };
            let (number, size) = rest.split_once('/').unwrap();
            let entry = found.entry(batch.parse().unwrap()).or_default();
            entry.0 = size.parse().unwrap();
            assert!(entry.1.insert(number.parse().unwrap()), "{} is there twice", resource.title);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    for (batch, (size, numbers)) in &found {
        assert_eq!(numbers.len() as u64, *size, "half of batch {batch} was written");
    }
    found.into_iter().map(|(batch, (_, numbers))| (batch, numbers)).collect()
}
