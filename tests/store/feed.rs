//! Followers of the log on a server: whoever reads it while many write misses nothing and sees it in order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use cop_core::store::contract;
use cop_core::{Community, NewCommunity, NewMember, NewResource, SearchQuery};
use cop_tests::postgres::Cluster;
use cop_tests::random::number;
use postgres::{Client, NoTls};
use tempfile::TempDir;

const WRITERS: usize = 8;
const FOLLOWERS: usize = 4;

#[test]
fn followers_miss_nothing_while_many_write() {
    let Some(server) = Cluster::shared() else { return };
    let (address, indexes) = (server.new_address(), TempDir::new().unwrap());
    let first = Community::create_at(&address, NewCommunity::new("Math CoP")).unwrap();
    let ana = first.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    let changes = number("COP_CHANGES", 10_000) as usize;
    let (written, done) = (AtomicUsize::new(0), AtomicBool::new(false));

    let logs: Vec<Vec<(i64, i64)>> = std::thread::scope(|scope| {
        let followers: Vec<_> = (0..FOLLOWERS)
            .map(|nth| {
                let (address, folder, done) = (&address, indexes.path().join(nth.to_string()), &done);
                scope.spawn(move || follow(address, &folder, nth, done))
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|nth| {
                let (address, written) = (&address, &written);
                scope.spawn(move || {
                    // A server each.
                    let cop = Community::connect(address).unwrap();
                    let session = cop.as_member(ana).unwrap();
                    while written.fetch_add(1, Ordering::SeqCst) < changes {
                        session.add_resource(NewResource::new("task", format!("Fractions {nth}"))).unwrap();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::SeqCst);
        followers.into_iter().map(|follower| follower.join().unwrap()).collect()
    });

    let whole: Vec<(i64, i64)> =
        first.changes(0, usize::MAX).unwrap().iter().map(|change| (change.seq, change.stamp.bits())).collect();
    assert!(whole.len() > changes, "{} changes", whole.len());
    let (mut missed, mut disordered) = (0, 0);
    for log in &logs {
        missed += whole.iter().collect::<BTreeSet<_>>().difference(&log.iter().collect()).count();
        disordered += log.windows(2).filter(|pair| pair[0].0 + 1 != pair[1].0 || pair[0].1 >= pair[1].1).count();
    }
    eprintln!("{} changes by {WRITERS} writers: {missed} missed, {disordered} out of order", whole.len());
    assert_eq!((missed, disordered), (0, 0));
    assert!(logs.iter().all(|log| *log == whole));
    contract::verify(&first);
    // Each server's index is what the store is.
    for nth in 0..FOLLOWERS {
        let cop = cop_search::connect(&address, indexes.path().join(nth.to_string())).unwrap();
        let found = cop.as_member(ana).unwrap().search(SearchQuery::new("fractions")).unwrap();
        assert_eq!(found.total, whole.len() as u64 - 2, "index {nth}");
    }
}

/// Follows the log to its end with an index of its own; one loses its connections on the way, one is away for a while.
fn follow(address: &str, folder: &std::path::Path, nth: usize, done: &AtomicBool) -> Vec<(i64, i64)> {
    let mut cop = cop_search::connect(address, folder).unwrap();
    let mut log: Vec<(i64, i64)> = Vec::new();
    loop {
        // Asked before the head is: what was written before it was done is seen.
        let last = done.load(Ordering::SeqCst);
        let seen = log.last().map_or(0, |(seq, _)| *seq);
        let head = cop.wait_for_changes(seen, Duration::from_millis(if last { 0 } else { 200 })).unwrap();
        let changes = cop.changes(seen, 500).unwrap();
        log.extend(changes.iter().map(|change| (change.seq, change.stamp.bits())));
        if head > seen && log.len() / 500 > seen as usize / 500 {
            cop.catch_up().unwrap();
            match nth {
                1 => drop(Cluster::shared().unwrap().sql(&format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cop' \
                     AND state = 'idle' AND query LIKE '%scope%' AND '{address}' <> '' LIMIT 2"
                ))),
                2 => {
                    drop(cop);
                    std::thread::sleep(Duration::from_millis(100));
                    cop = cop_search::connect(address, folder).unwrap();
                }
                _ => {}
            }
        }
        if last && changes.is_empty() {
            cop.catch_up().unwrap();
            return log;
        }
    }
}

/// The same with numbers of a sequence, which are given out in another order than what has them is committed.
#[test]
fn a_plain_sequence_would_miss_some() {
    let Some(server) = Cluster::shared() else { return };
    server.sql("CREATE TABLE plain (seq BIGSERIAL PRIMARY KEY, writer INT)");
    let address = format!("{}/postgres", server.server("cop"));
    let done = AtomicBool::new(false);
    let each = 1_500;
    let logs: Vec<Vec<i64>> = std::thread::scope(|scope| {
        let followers: Vec<_> = (0..FOLLOWERS)
            .map(|_| {
                let (address, done) = (&address, &done);
                scope.spawn(move || {
                    let mut client = Client::connect(address, NoTls).unwrap();
                    let mut log: Vec<i64> = Vec::new();
                    loop {
                        let last = done.load(Ordering::SeqCst);
                        let seen = log.last().copied().unwrap_or(0);
                        let rows = client.query("SELECT seq FROM plain WHERE seq > $1 ORDER BY seq", &[&seen]).unwrap();
                        log.extend(rows.iter().map(|row| row.get::<_, i64>(0)));
                        if last && rows.is_empty() {
                            return log;
                        }
                    }
                })
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|nth| {
                let address = &address;
                scope.spawn(move || {
                    let mut client = Client::connect(address, NoTls).unwrap();
                    for _ in 0..each {
                        let mut tx = client.transaction().unwrap();
                        tx.execute("INSERT INTO plain (writer) VALUES ($1)", &[&(nth as i32)]).unwrap();
                        tx.query("SELECT 1", &[]).unwrap();
                        tx.commit().unwrap();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::SeqCst);
        followers.into_iter().map(|follower| follower.join().unwrap()).collect()
    });
    let missed: usize = logs.iter().map(|log| WRITERS * each - log.len()).sum();
    let all = WRITERS * each * FOLLOWERS;
    eprintln!("a plain sequence: {missed} of {all} missed, by {FOLLOWERS} followers together");
    assert!(missed > 0, "then the test above could not fail either");
}
