//! Letting go of a file, looking whether it is whole, making derived data anew, and putting damage aside.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cop_core::store::contract;
use cop_core::{
    Community, ErrorKind, MemberFilter, NewAffiliation, NewMember, NewOrganization, NewResource, Op, PageRequest,
    Visibility,
};
use tempfile::TempDir;

use crate::founded;

/// Files of this folder that this process has open or mapped.
fn open_files(folder: &Path) -> usize {
    let descriptors = std::fs::read_dir("/proc/self/fd").unwrap();
    let targets = descriptors.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    // address, permissions, offset, device, inode, path
    let mapped = maps.lines().filter_map(|line| line.split_ascii_whitespace().nth(5)).map(PathBuf::from);
    targets.chain(mapped).filter(|target| target.starts_with(folder)).count()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
#[cfg(target_os = "linux")]
fn a_suspended_community_has_let_go_of_its_file_in_the_midst_of_an_import() {
    let folder = TempDir::new().unwrap();
    let (cop, ana) = founded(&folder.path().join("math.cop"));
    let (before, begun) = (cop.head().unwrap(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let import = scope.spawn(|| {
            let ops = (0..200_000).map(|n| Op::AddMember(NewMember::new(format!("P{n}"), "Test"))).collect();
            cop.steward().batch(ops, &mut |progress| {
                begun.store(progress.done > 500, Ordering::SeqCst);
                ControlFlow::Continue(())
            })
        });
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        if let Err(error) = cop.steward().members(MemberFilter::new(), PageRequest::first(1000)) {
                            return error;
                        }
                    }
                })
            })
            .collect();
        while !begun.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        let started = Instant::now();
        cop.suspend(Duration::from_secs(10)).unwrap();
        eprintln!("suspended in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
        assert_eq!(open_files(folder.path()), 0, "no descriptor is left");
        let error = import.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        for reader in readers {
            let error = reader.join().unwrap();
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        }
        let error = cop.steward().add_resource(NewResource::new("task", "T")).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Interrupted, "store.suspended"), "{error}");
        assert_eq!(cop.about().unwrap_err().code(), "store.suspended");
        assert_eq!(open_files(folder.path()), 0, "refused calls open nothing");
        let started = Instant::now();
        cop.resume();
        cop.steward().member(ana).unwrap();
        eprintln!("resumed, and a member read, in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    });
    assert_eq!(cop.head().unwrap(), before, "nothing of the import is there");
    cop.as_member(ana).unwrap().add_resource(NewResource::new("task", "T")).unwrap();
    contract::verify(&cop);
    // Twice is as good as once, and in memory there is nothing to let go of.
    cop.suspend(Duration::ZERO).unwrap();
    cop.suspend(Duration::ZERO).unwrap();
    cop.resume();
    cop.resume();
    contract::verify(&cop);
    let memory = Community::in_memory(cop_core::NewCommunity::new("M")).unwrap();
    memory.suspend(Duration::ZERO).unwrap();
    assert_eq!(memory.about().unwrap().name, "M");
}

#[test]
fn a_call_that_does_not_end_is_waited_for_no_longer_than_said() {
    let folder = TempDir::new().unwrap();
    let (cop, _) = founded(&folder.path().join("math.cop"));
    assert_eq!(cop.about().unwrap().name, "Math CoP");
    let held = cop.steward().transaction(|tx| {
        tx.add_member(NewMember::new("Half", "Way"))?;
        let error = cop.suspend(Duration::from_millis(20)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
        Ok(())
    });
    assert_eq!(held.unwrap_err().kind(), ErrorKind::Interrupted, "it cannot commit any more");
    #[cfg(target_os = "linux")]
    assert_eq!(open_files(folder.path()), 0, "and it was let go of then");
    cop.resume();
    assert_eq!(cop.head().unwrap(), 2);
}

#[test]
#[cfg(target_os = "linux")]
fn a_suspended_community_has_let_go_of_its_index_too() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let cop = cop_search::create(&path, cop_core::NewCommunity::new("Math CoP")).unwrap();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    let me = cop.as_member(ana).unwrap();
    let task = |n: usize| NewResource::new("task", format!("Task {n}")).with_body("Fold and compare. ".repeat(20));
    for n in 0..3 {
        me.add_resource(task(n)).unwrap();
    }
    cop.catch_up().unwrap();
    me.add_resource(task(3)).unwrap();
    assert_eq!(me.search("task").unwrap().total, 4);
    assert!(open_files(&folder.path().join("math.cop-index")) > 0);
    cop.suspend(Duration::from_secs(10)).unwrap();
    assert_eq!(open_files(folder.path()), 0);
    assert_eq!(names(folder.path()), ["math.cop", "math.cop-index"], "the file alone is everything");
    assert_eq!(me.search("task").unwrap_err().code(), "store.suspended");
    assert_eq!(cop.catch_up().unwrap_err().code(), "store.suspended");
    assert_eq!(open_files(folder.path()), 0, "refused calls open nothing");
    cop.resume();
    assert_eq!(me.search("task").unwrap().total, 4);

    // In the midst of building it.
    let ops = (4..5_000).map(|n| Op::AddResource(task(n))).collect();
    me.batch(ops, &mut |_| ControlFlow::Continue(())).unwrap();
    let begun = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let follower = scope.spawn(|| {
            cop.catch_up_with(&mut |progress| {
                begun.store(progress.done > 500, Ordering::SeqCst);
                while progress.done > 500 && !cop.is_suspended() {
                    std::thread::yield_now();
                }
                ControlFlow::Continue(())
            })
        });
        while !begun.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        let started = Instant::now();
        cop.suspend(Duration::from_secs(10)).unwrap();
        eprintln!("suspended while the index was built, in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
        assert_eq!(open_files(folder.path()), 0);
        let error = follower.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    });
    cop.resume();
    assert_eq!(me.search("task").unwrap().total, 5_000);
}

fn sql(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn derived_data_is_looked_at_and_made_anew() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let (cop, ana) = founded(&path);
    let school = cop.steward().add_organization(NewOrganization::new("school", "School")).unwrap().id;
    for n in 0..20 {
        let member = NewMember::new(format!("P{n}"), "Test").with_email(format!("p{n}@example.org"));
        cop.steward().add_member(member.with_affiliation(NewAffiliation::new(school, "teacher"))).unwrap();
    }
    let me = cop.as_member(ana).unwrap();
    me.add_resource(NewResource::new("task", "Mine").with_body("x").published()).unwrap();
    me.add_resource(NewResource::new("task", "Ours").with_body("x").with_visibility(Visibility::Public).published())
        .unwrap();
    let gone = me.add_resource(NewResource::new("task", "Gone")).unwrap().id;
    me.delete_resource(gone).unwrap();
    assert!(cop.check().unwrap().is_good());
    let (sum, head) = (cop.checksum().unwrap(), cop.head().unwrap());
    drop((me, cop));
    sql(
        &path,
        "DELETE FROM lookup WHERE key LIKE 'email:p1%';
         INSERT INTO lookup (kind, key, record) SELECT 'member', 'email:x@example.org', id FROM member LIMIT 2;
         UPDATE resource SET audience = (SELECT MAX(audience) FROM resource) WHERE title = 'Mine'",
    );
    let cop = Community::open(&path).unwrap();
    let health = cop.check().unwrap();
    assert_eq!((health.damage.len(), health.derived), (0, 11 + 2 + 1), "{health:?}");
    assert_eq!(cop.check().unwrap(), health, "looking changes nothing");
    assert_eq!(cop.repair().unwrap(), 14);
    assert!(cop.check().unwrap().is_good());
    assert_eq!((cop.checksum().unwrap(), cop.head().unwrap()), (sum, head), "it is as it was");
    contract::verify(&cop);
}

#[test]
fn damage_is_put_aside_and_a_copy_takes_its_place() {
    let folder = TempDir::new().unwrap();
    let (path, backup) = (folder.path().join("math.cop"), folder.path().join("backup.cop"));
    let (cop, ana) = founded(&path);
    for n in 0..200 {
        cop.as_member(ana)
            .unwrap()
            .add_resource(NewResource::new("task", format!("T{n}")).with_body("text ".repeat(99)))
            .unwrap();
    }
    let sum = cop.copy_to(&backup).unwrap();
    drop(cop);
    let mut damaged = std::fs::read(&path).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40_960].fill(7);
    std::fs::write(&path, &damaged).unwrap();
    let is_damaged = match Community::open(&path).and_then(|cop| cop.check()) {
        Ok(health) => !health.damage.is_empty(),
        Err(error) => error.kind() == ErrorKind::Corrupt,
    };
    assert!(is_damaged);
    for n in 1..=2 {
        let aside = Community::set_aside(&path).unwrap();
        assert_eq!(aside, folder.path().join(format!("math.cop.damaged-{n}")));
        assert!(!path.exists());
        assert!(std::fs::read(&aside).unwrap() == damaged || n == 2, "it is as it was");
        std::fs::copy(&backup, &path).unwrap();
    }
    assert_eq!(Community::open(&path).unwrap().checksum().unwrap(), sum);
    assert_eq!(Community::set_aside(folder.path().join("none.cop")).unwrap_err().kind(), ErrorKind::Io);
}
