//! Few changes are kept in memory, by every handle for itself; many are committed.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use cop_core::{Community, ErrorKind, NewCommunity, NewResource, Op, ResourceEdit, SystemClock, Visibility};
use cop_search::TantivyIndex;

use crate::world::{Checked, Count, options};

fn fraction(n: usize) -> NewResource {
    NewResource::new("task", format!("fraction {n}"))
        .with_body("number line")
        .with_visibility(Visibility::Public)
        .published()
}

fn open(file: &Path, count: &Count) -> Community {
    let options = options(Checked::new(TantivyIndex::beside(file), count));
    options.with_clock(SystemClock).with_ids(cop_core::RandomIds::default()).open(file).expect("open")
}

/// What tantivy says is committed.
fn committed(file: &Path) -> String {
    let folder = format!("{}-index", file.display());
    std::fs::read_to_string(Path::new(&folder).join("meta.json")).expect("an index")
}

#[test]
fn few_changes_are_not_committed_and_many_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("math.cop");
    drop(cop_search::create(&file, NewCommunity::new("Math CoP")).expect("a community"));
    let count = Count::default();
    let (one, other) = (open(&file, &count), open(&file, &count));
    let total = |handle: &Community| handle.as_guest().search("fraction").expect("found").total;
    assert_eq!((total(&one), total(&other)), (0, 0));
    let mut commits = vec![committed(&file)];
    let mut kept = Vec::new();
    for n in 0..600 {
        kept.push(one.steward().add_resource(fraction(n)).expect("added").id);
        if n % 5 == 4 {
            // Committed or in memory, of this handle or another's commit.
            let gone = kept.swap_remove(n * 31 % kept.len());
            match n % 2 {
                0 => drop(one.steward().delete_resource(gone).expect("deleted")),
                _ => {
                    let edit = ResourceEdit { title: Some("a decimal".into()), ..ResourceEdit::new(gone) };
                    drop(one.steward().revise_resource(edit).expect("revised"));
                }
            }
        }
        if n % 10 == 9 {
            let asked = if n % 100 == 59 { &other } else { &one };
            assert_eq!(total(asked), kept.len() as u64);
            let now = committed(&file);
            if commits.last() != Some(&now) {
                commits.push(now);
            }
        }
    }
    assert!((3..=4).contains(&commits.len()), "{} commits", commits.len());
    assert!(one.catch_up().expect("caught up") > 0);
    assert_ne!(commits.pop(), Some(committed(&file)), "what is kept in memory is committed when asked for");
    assert_eq!(one.catch_up().expect("caught up"), 0);
    assert_eq!((total(&one), total(&other)), (kept.len() as u64, kept.len() as u64));
    println!("{} answers equal the scan's", count.get());
}

/// A community with so many resources, all committed, and as many that are not.
fn half_committed(file: &Path, many: usize) -> Community {
    let cop = cop_search::create(file, NewCommunity::new("Math CoP")).expect("a community");
    for first in [0, many] {
        cop.catch_up().expect("caught up");
        let new = (first..first + many).map(|n| Op::AddResource(fraction(n))).collect();
        cop.steward().batch(new, &mut |_| ControlFlow::Continue(())).expect("added");
    }
    cop
}

#[test]
fn searches_do_not_wait_for_the_index_to_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let cop = half_committed(&folder.path().join("math.cop"), 300);
    let (mut found, mut steps) = (None, Vec::new());
    let taken = cop.catch_up_with(&mut |progress| {
        if progress.done == 150 {
            let (answer, answered) = channel();
            let other = cop.clone();
            std::thread::spawn(move || answer.send(other.as_guest().search("fraction").map(|found| found.total)));
            found = answered.recv_timeout(Duration::from_secs(60)).ok();
        }
        steps.push((progress.done, progress.total));
        ControlFlow::Continue(())
    });
    assert_eq!(taken.expect("caught up"), 300);
    assert_eq!(found.expect("answered meanwhile").expect("an answer"), 600);
    assert_eq!(steps, (1..=300).map(|done| (done, 300)).collect::<Vec<_>>());
}

#[test]
fn who_stops_it_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("math.cop");
    let cop = half_committed(&file, 300);
    let before = committed(&file);
    let stopped = cop.catch_up_with(&mut |progress| match progress.done {
        20 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert_eq!(stopped.expect_err("stopped").kind(), ErrorKind::Interrupted);
    assert_eq!(committed(&file), before);
    assert_eq!(cop.catch_up().expect("caught up"), 300);
    assert_eq!(cop.as_guest().search("fraction").expect("found").total, 600);
}
