//! Several processes on one file.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use cop_core::store::contract;
use cop_core::{Community, ErrorKind, MemberId, NewResource, PageRequest, ResourceEdit, ResourceFilter, ResourceId};
use tempfile::TempDir;

use crate::{founded, writer};

/// Runs a process that adds to the counter and ends.
fn count(path: &Path, member: MemberId, counter: ResourceId, times: u64) {
    let arguments = [path.display().to_string(), member.to_string(), counter.to_string(), times.to_string()];
    let [path, member, counter, times] = arguments.each_ref().map(String::as_str);
    let mut child = writer(&["count", path, member, counter, times]);
    child.stdin.take().unwrap().write_all(b".").unwrap();
    assert!(child.wait().unwrap().success());
}

/// Whoever closes a file drops all locks that their process holds on it (POSIX). Another process that believes to be
/// the last one would then take the log away, and with it what is written later.
#[test]
fn a_second_look_at_an_open_file_does_not_give_up_its_locks() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let (cop, ana) = founded(&path);
    let session = cop.as_member(ana).unwrap();
    let counter = session.add_resource(NewResource::new("task", "0")).unwrap().id;
    drop(Community::open(&path).unwrap());
    assert!(Community::create(&path, cop_core::NewCommunity::new("Another")).is_err());
    count(&path, ana, counter, 1);
    let mut edit = ResourceEdit::new(counter);
    edit.title = Some("2".into());
    session.revise_resource(edit).unwrap();
    count(&path, ana, counter, 1);
    assert_eq!(session.resource(counter).unwrap().title, "3", "what the others wrote is seen");
    drop((session, cop));
    let cop = Community::open(&path).unwrap();
    assert_eq!(cop.as_member(ana).unwrap().resource(counter).unwrap().title, "3", "and is there");
    contract::verify(&cop);
}

#[test]
fn processes_that_count_together_lose_nothing() {
    const PROCESSES: u64 = 4;
    const TIMES: u64 = 400;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let (cop, ana) = founded(&path);
    let session = cop.as_member(ana).unwrap();
    let counter = session.add_resource(NewResource::new("task", "0")).unwrap().id;
    let arguments = ["count", path.to_str().unwrap(), &ana.to_string(), &counter.to_string(), &TIMES.to_string()]
        .map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut children: Vec<_> = (0..PROCESSES).map(|_| writer(&arguments)).collect();
    let mut outputs: Vec<_> =
        children.iter_mut().map(|child| BufReader::new(child.stdout.take().unwrap()).lines()).collect();
    for output in &mut outputs {
        assert_eq!(output.next().unwrap().unwrap(), "ready");
    }
    for child in &mut children {
        child.stdin.take().unwrap().write_all(b".").unwrap();
    }
    // Another process reads all the while.
    for output in &mut outputs {
        let seen: u64 = session.resource(counter).unwrap().title.parse().unwrap();
        assert!(seen <= PROCESSES * TIMES);
        assert_eq!(output.next().unwrap().unwrap(), "done", "a writer failed");
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(session.resource(counter).unwrap().title, (PROCESSES * TIMES).to_string(), "no addition is lost");
    contract::verify(&cop);
}

#[test]
fn a_writer_that_waits_in_vain_is_told_so_and_readers_go_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let (cop, ana) = founded(&path);
    let session = cop.as_member(ana).unwrap();
    let before = cop.head().unwrap();
    let mut child = writer(&["hold", path.to_str().unwrap()]);
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(output.next().unwrap().unwrap(), "held");

    assert_eq!(session.resources(ResourceFilter::new(), PageRequest::default()).unwrap().items.len(), 0);
    assert!(Community::open(&path).is_ok(), "it can be opened and read");
    let refusal = session.add_resource(NewResource::new("task", "T")).unwrap_err();
    assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::Busy, "store.busy"), "{refusal}");
    assert_eq!(cop.head().unwrap(), before, "nothing was written");

    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    session.add_resource(NewResource::new("task", "T")).expect("it is our turn now");
    contract::verify(&cop);
}

#[test]
fn of_many_who_create_one_file_one_does() {
    for _ in 0..10 {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("math.cop");
        let barrier = std::sync::Barrier::new(4);
        let results: Vec<_> = std::thread::scope(|scope| {
            let create = |n: usize| {
                let (path, barrier) = (&path, &barrier);
                move || {
                    barrier.wait();
                    Community::create(path, cop_core::NewCommunity::new(format!("CoP {n}")))
                }
            };
            let threads: Vec<_> = (0..4).map(|n| scope.spawn(create(n))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (made, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(|result| result.is_ok());
        assert_eq!(made.len(), 1, "exactly one creates it");
        for error in refused.into_iter().filter_map(Result::err) {
            assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}");
        }
        let name = made.into_iter().next().unwrap().unwrap().about().unwrap().name;
        assert_eq!(Community::open(&path).unwrap().about().unwrap().name, name, "and it is there");
    }
}
