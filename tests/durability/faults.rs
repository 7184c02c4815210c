//! The disk refuses one write: a typed error, the store as it was, and the next write succeeds. For every write.

use cop_core::store::contract;
use cop_core::{Community, ErrorKind, MemberId, NewCommunity, NewMember, NewResource, Op, Result, Session};
use tempfile::TempDir;

use crate::shim::{Fault, Listening};

/// A new community in a file, with one member.
pub fn founded(path: &std::path::Path) -> (Community, MemberId) {
    let cop = Community::create(path, NewCommunity::new("Math CoP")).unwrap();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    (cop, ana)
}

/// Refuses the first write of `work`, then the second, and so on until it needs no more; answers with their number.
fn refuse_each(listening: &Listening, cop: &Community, fault: Fault, work: &dyn Fn(usize) -> Result<()>) -> usize {
    for position in 0.. {
        let before = (cop.head().unwrap(), cop.checksum().unwrap());
        listening.refuse(position, fault);
        let done = work(position);
        let was_refused = listening.relent();
        match done {
            Err(error) => {
                assert!(was_refused, "{fault:?} at {position}: {error}");
                assert_eq!(error.kind(), ErrorKind::Io, "{fault:?} at {position}: {error}");
                match fault {
                    // SQLite says of some files that they cannot be written, whatever the reason.
                    Fault::Full => assert!(["io.full", "io.failed"].contains(&error.code()), "at {position}: {error}"),
                    Fault::Error => assert_eq!(error.code(), "io.failed", "at {position}: {error}"),
                }
                assert_eq!((cop.head().unwrap(), cop.checksum().unwrap()), before, "{fault:?} at {position}");
            }
            // What comes after the commit, such as taking the log over into the file, is tried again another time.
            Ok(()) => assert!(cop.head().unwrap() > before.0, "{fault:?} at {position}"),
        }
        work(1_000_000 + position).unwrap_or_else(|error| panic!("{fault:?} at {position}, afterwards: {error}"));
        if position % 16 == 0 || !was_refused {
            contract::verify(cop);
        }
        if !was_refused {
            return position;
        }
    }
    unreachable!()
}

fn add(session: &Session, title: String) -> Result<()> {
    session.add_resource(NewResource::new("task", title).with_body("a text ".repeat(500))).map(drop)
}

#[test]
fn every_write_may_be_refused_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let (cop, ana) = founded(&path);
    drop(cop);
    let listening = Listening::to(folder.path());
    let cop = Community::open(&path).unwrap();
    let me = cop.as_member(ana).unwrap();
    let mut positions = 0;
    for fault in [Fault::Error, Fault::Full] {
        positions += refuse_each(&listening, &cop, fault, &|n| add(&me, format!("One {n}")));
        positions += refuse_each(&listening, &cop, fault, &|n| {
            let op = |m| Op::AddResource(NewResource::new("tool", format!("{n}/{m}")).with_body("a text ".repeat(100)));
            me.batch((0..40).map(op).collect(), &mut |_| std::ops::ControlFlow::Continue(())).map(drop)
        });
        // Whoever goes leaves nothing behind: the log is taken over and cut.
        let leaving: Vec<_> =
            (0..500).map(|n| cop.steward().add_member(NewMember::new(format!("P{n}"), "Test")).unwrap().id).collect();
        let leaving = std::cell::RefCell::new(leaving);
        positions += refuse_each(&listening, &cop, fault, &|_| {
            let gone = *leaving.borrow().last().unwrap();
            cop.as_member(gone)?.erase_member(gone)?;
            leaving.borrow_mut().pop();
            Ok(())
        });
    }
    eprintln!("{positions} writes refused");
    assert!(positions > 150, "only {positions} writes");
    drop((me, cop));
    drop(listening);
    contract::verify(&Community::open(&path).unwrap());
}

#[test]
fn a_founding_that_is_refused_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let listening = Listening::to(folder.path());
    let path = folder.path().join("math.cop");
    for position in 0.. {
        listening.refuse(position, Fault::Error);
        let made = Community::create(&path, NewCommunity::new("Math CoP"));
        if !listening.relent() {
            made.unwrap();
            eprintln!("{position} writes of a founding refused");
            assert!(position > 50, "only {position} writes");
            return;
        }
        match made {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Io, "at {position}: {error}");
                assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "at {position}");
            }
            Ok(cop) => {
                contract::verify(&cop);
                drop(cop);
                for file in std::fs::read_dir(folder.path()).unwrap() {
                    std::fs::remove_file(file.unwrap().path()).unwrap();
                }
            }
        }
    }
}
