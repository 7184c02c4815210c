//! A hot standby that is read from, and that takes over.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cop_core::store::contract;
use cop_core::{Community, CommunityOptions, ErrorKind, NewCommunity, NewMember, NewResource, ResourceFilter};
use cop_tests::postgres::Cluster;

use crate::founded_at;

#[test]
fn a_standby_is_read_from_and_what_it_does_not_have_yet_from_the_primary() {
    let Some(primary) = Cluster::start() else { return };
    let standby = primary.standby("reader");
    let address = primary.address("math");
    let (writer, ana) = founded_at(&address);
    let cop = CommunityOptions::new().with_replica(standby.address("math")).connect(&address).unwrap();
    let me = cop.as_member(ana).unwrap();
    // One reads one's own writes, and time does not go backwards, also while the standby stands still.
    standby.sql("SELECT pg_wal_replay_pause()");
    for n in 0..20 {
        let task = me.add_resource(NewResource::new("task", format!("{n}"))).unwrap();
        assert_eq!(me.resource(task.id).unwrap(), task);
    }
    standby.sql("SELECT pg_wal_replay_resume()");
    let head = writer.head().unwrap();
    let reader = Community::connect(&standby.address("math")).unwrap();
    while reader.head().unwrap() < head {
        std::thread::sleep(Duration::from_millis(10));
    }
    let reads = || standby.sql("SELECT sum(idx_scan) FROM pg_stat_user_tables").parse::<i64>().unwrap_or_default();
    let before = reads();
    for _ in 0..50 {
        assert_eq!(me.resources(ResourceFilter::new(), Default::default()).unwrap().items.len(), 20);
    }
    let asked = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        reads() > before
    });
    assert!(asked, "the standby was read from");
    // A follower at the standby sees the same log; writing is for the primary.
    assert_eq!(reader.changes(0, usize::MAX).unwrap(), writer.changes(0, usize::MAX).unwrap());
    assert_eq!(contract::verify(&reader), contract::verify(&writer));
    let refusal = reader.steward().add_resource(NewResource::new("task", "T")).unwrap_err();
    assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::Io, "io.failed"), "{refusal}");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| reader.wait_for_changes(head, Duration::from_secs(60)).unwrap());
        writer.steward().add_member(NewMember::new("Ben", "Ruiz")).unwrap();
        assert!(waiting.join().unwrap() > head, "it hears of what the primary writes");
    });
    // Without the standby everything goes on.
    drop(standby);
    assert_eq!(me.resources(ResourceFilter::new(), Default::default()).unwrap().items.len(), 20);
}

#[test]
fn a_standby_that_takes_over_has_all_that_was_acknowledged() {
    let Some(mut primary) = Cluster::start() else { return };
    let standby = primary.standby("heir");
    primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'heir'");
    primary.sql("SELECT pg_reload_conf()");
    let hosts = format!("postgres://cop@{},{}/postgres", primary.host(), standby.host());
    let address = format!("{hosts}?target_session_attrs=read-write&schema=math");
    let cop = Community::create_at(&address, NewCommunity::new("Math CoP")).unwrap();
    while primary.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1" {
        std::thread::sleep(Duration::from_millis(50));
    }
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    let (acknowledged, refused, over) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for nth in 0..4 {
            let (acknowledged, refused, over, address) = (&acknowledged, &refused, &over, &address);
            scope.spawn(move || {
                let cop = Community::connect(address).unwrap();
                let me = cop.as_member(ana).unwrap();
                let mut after = 0;
                for n in 0.. {
                    let title = format!("{nth}/{n}");
                    match me.add_resource(NewResource::new("task", title.clone())) {
                        Ok(_) => acknowledged.lock().unwrap().push(title),
                        Err(error) => {
                            assert_eq!(error.kind(), ErrorKind::Io, "{error}");
                            refused.lock().unwrap().push((title, error.code().to_owned()));
                            std::thread::sleep(Duration::from_millis(50));
                            continue;
                        }
                    }
                    after += usize::from(over.load(Ordering::SeqCst));
                    if after == 5 {
                        return;
                    }
                }
            });
        }
        while acknowledged.lock().unwrap().len() < 200 {
            std::thread::sleep(Duration::from_millis(10));
        }
        primary.kill();
        standby.promote();
        over.store(true, Ordering::SeqCst);
    });
    let cop = Community::connect(&address).unwrap();
    let mut there = Vec::new();
    let mut after = None;
    loop {
        let page = cop
            .as_member(ana)
            .unwrap()
            .resources(ResourceFilter::new(), cop_core::PageRequest::first(1000).after(after))
            .unwrap();
        there.extend(page.items.into_iter().map(|resource| resource.title));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let (acknowledged, refused) = (acknowledged.into_inner().unwrap(), refused.into_inner().unwrap());
    let lost = acknowledged.iter().filter(|title| !there.contains(title)).count();
    // What was said not to be there is not.
    let denied = refused.iter().filter(|(title, code)| code == "io.failed" && there.contains(title)).count();
    let unsure = refused.iter().filter(|(_, code)| code == "store.unconfirmed").count();
    eprintln!(
        "{} acknowledged, {lost} lost; {} refused, of which {denied} are there and {unsure} were unsure",
        acknowledged.len(),
        refused.len()
    );
    assert_eq!((lost, denied), (0, 0));
    contract::verify(&cop);
}
