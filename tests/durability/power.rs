//! The power is cut at every moment of a community's life, from its founding on: what was acknowledged is there, whole.
//!
//! What SQLite writes while a community lives through a little of everything is noted; then, for every moment, what
//! may be on the disk is laid out and opened. `COP_CUTS=5` looks at every moment five times.

use std::path::Path;

use cop_core::store::contract;
use cop_core::{Community, NewCommunity, NewMember, NewResource, Op, PageRequest, ResourceEdit, ResourceFilter};
use cop_tests::random::{Random, number};
use tempfile::TempDir;

use crate::disk::{Disk, Honesty};
use crate::shim::{Event, Listening};

/// A folder in memory, where the system has one: images are many, and short-lived.
fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// Lives through a little of everything; the n-th mark says that n writes were acknowledged.
fn live(listening: &Listening, path: &Path) {
    let mut random = Random::new(number("COP_SEED", 1));
    let mut cop = Community::create(path, NewCommunity::new("Math CoP")).unwrap();
    let acknowledged = |cop: &Community| listening.mark(cop.head().unwrap() as u64);
    acknowledged(&cop);
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    acknowledged(&cop);
    let mut tasks = Vec::new();
    for n in 0..90 {
        let me = cop.as_member(ana).unwrap();
        let body = "a text that fills pages ".repeat([1, 10, 100, 400][random.below(4)]);
        let new = NewResource::new("task", format!("Task {n}")).with_body(body.clone());
        match random.below(8) {
            0..=3 => tasks.push(me.add_resource(new).unwrap().id),
            4 | 5 if !tasks.is_empty() => {
                let mut edit = ResourceEdit::new(tasks[random.below(tasks.len())]);
                edit.body = Some(format!("{body}{n}"));
                me.revise_resource(edit).unwrap();
            }
            6 if !tasks.is_empty() => {
                me.delete_resource(tasks.swap_remove(random.below(tasks.len()))).unwrap();
            }
            _ => {
                let ops = (0..6).map(|m| Op::AddResource(NewResource::new("tool", format!("Tool {n}/{m}")))).collect();
                me.batch(ops, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
            }
        }
        acknowledged(&cop);
        if n % 30 == 15 {
            // Whoever goes takes the log of the file along.
            let gone = cop.steward().add_member(NewMember::new("Ben", "Test")).unwrap().id;
            acknowledged(&cop);
            cop.as_member(gone).unwrap().erase_member(gone).unwrap();
            acknowledged(&cop);
        }
        if n % 25 == 24 {
            drop(me);
            drop(cop);
            cop = Community::open(path).unwrap();
        }
    }
}

/// What was found after power cuts.
#[derive(Debug, Default)]
struct Found {
    cuts: usize,
    lost: usize,
    corrupt: usize,
    unopenable: usize,
}

fn cut(events: &[Event], names: &[String], honesty: Honesty, times: u64, seed: u64) -> Found {
    let (mut found, mut disk, mut acknowledged) = (Found::default(), Disk::default(), 0);
    let mut random = Random::new(seed);
    for event in events {
        disk.take(event, names, honesty);
        if let Event::Mark(head) = event {
            acknowledged = *head;
        }
        for _ in 0..times {
            let folder = folder();
            disk.cut(names, folder.path(), &mut random);
            found.cuts += 1;
            look(&folder.path().join("math.cop"), acknowledged, &mut found);
        }
    }
    found
}

/// Opens what is there, and looks whether it is what it must be.
fn look(path: &Path, acknowledged: u64, found: &mut Found) {
    let cop = match Community::open(path) {
        Ok(cop) => cop,
        Err(_) if acknowledged == 0 => return,
        Err(_) => return found.unopenable += 1,
    };
    let whole = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| contract::verify(&cop)));
    let read = || -> cop_core::Result<()> {
        let host = cop.steward();
        host.resources(ResourceFilter::new(), PageRequest::first(1000))?;
        host.add_resource(NewResource::new("task", "After"))?;
        Ok(())
    };
    match cop.head() {
        Ok(head) if head < acknowledged as i64 => found.lost += 1,
        Ok(_) => {}
        Err(_) => return found.corrupt += 1,
    }
    if whole.is_err() || read().is_err() {
        found.corrupt += 1;
    }
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let folder = folder();
    let (events, names) = {
        let listening = Listening::to(folder.path());
        listening.record();
        live(&listening, &folder.path().join("math.cop"));
        listening.recorded()
    };
    let acknowledged = events.iter().filter(|event| matches!(event, Event::Mark(_))).count();
    eprintln!("{} events in {names:?}, {acknowledged} writes acknowledged", events.len());
    let times = number("COP_CUTS", 10_000_u64.div_ceil(events.len() as u64));
    // A panic of a control's is a finding, not news.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let found: Vec<Found> = std::thread::scope(|scope| {
        let (events, names) = (&events, &names);
        let few = &events[..events.len().min(2_500)];
        let run = [
            scope.spawn(move || cut(events, names, Honesty::Honest, times, 1)),
            scope.spawn(move || cut(few, names, Honesty::LogUnsynced, 1, 2)),
            scope.spawn(move || cut(few, names, Honesty::Lying, 1, 3)),
        ];
        run.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    std::panic::set_hook(usual);
    for (what, found) in ["honest", "the log unsynced", "lying"].iter().zip(&found) {
        eprintln!("{what}: {found:?}");
    }
    let [honest, unsynced, lying] = &found[..] else { panic!("three runs") };
    assert_eq!((honest.lost, honest.corrupt, honest.unopenable), (0, 0, 0));
    assert!(honest.cuts >= 10_000 || times == number("COP_CUTS", 0), "only {} cuts", honest.cuts);
    // Else the test could not fail.
    assert!(unsynced.lost > 0, "an unsynced log loses what was acknowledged");
    assert!(lying.lost > 0 && lying.corrupt + lying.unopenable > 0, "a disk that lies destroys");
}
