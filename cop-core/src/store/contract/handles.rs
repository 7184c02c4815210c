//! Several threads and handles on one community, and what is there when it is opened again.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Check, EngineUnderTest, World, options, verify};
use crate::community::Community;
use crate::error::ErrorKind;
use crate::id::ResourceId;
use crate::ops::{CommunityRolesOf, NewCommunity, NewResource, ResourceEdit};
use crate::session::{PageRequest, ResourceFilter, Session};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a community that cannot be founded is not", refused_founding),
    ("readers see the last committed state while a write is open", snapshots),
    ("threads that count together lose nothing", threads_count),
    ("readers never see half a transaction", readers_see_whole_transactions),
    ("what was written is there when it is opened again", reopened),
    ("two handles on one community are one", two_handles),
];

fn refused_founding(engine: &dyn EngineUnderTest) {
    let clock = std::sync::Arc::new(crate::ManualClock::new(super::start()));
    let refusal = engine.create(options(&clock, 1), NewCommunity::new(" ")).err().expect("a name is needed");
    assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::InvalidInput, "text.empty"));
    let cop = engine.create(options(&clock, 1), NewCommunity::new(" Math  CoP ")).expect("the place is still free");
    let about = cop.about().expect("says what it is");
    assert_eq!((about.name.as_str(), about.revision, about.created_by), ("Math  CoP", 1, None));
    assert_eq!(cop.head().expect("reads"), 1);
    let again = cop.steward().apply(crate::Op::FoundCommunity(NewCommunity::new("Another")));
    assert_eq!(again.expect_err("one store, one community").kind(), ErrorKind::AlreadyExists);
}

fn snapshots(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let count = |session: &Session| {
        session.resources(ResourceFilter::new(), PageRequest::default()).expect("lists").items.len()
    };
    if engine.reads_beside_a_write() {
        let before = world.head();
        ana.transaction(|tx| {
            let made = tx.add_resource(NewResource::new("task", "Not yet"))?;
            assert_eq!(count(&ana), 0, "an open write is nobody's business");
            assert_eq!(world.head(), before, "the head is the last committed one");
            assert!(ana.resource(made.id).is_err());
            assert!(tx.get(made.id)?.is_some(), "the transaction sees it");
            Ok(())
        })
        .expect("writes");
    } else {
        ana.add_resource(NewResource::new("task", "Now")).expect("writes");
    }
    assert_eq!(count(&ana), 1, "now it is everybody's");
}

/// Adds one to the number in a resource's title, in one transaction.
fn add_one(session: &Session, counter: ResourceId) {
    let added = session.transaction(|tx| {
        let crate::AnyRecord::Resource(resource) = tx.get(counter)?.expect("the counter is there") else {
            panic!("the counter is a resource");
        };
        let number: u64 = resource.title.parse().expect("the counter is a number");
        let mut edit = ResourceEdit::new(counter);
        edit.title = Some((number + 1).to_string());
        tx.revise_resource(edit)
    });
    added.expect("adds one");
}

fn threads_count(engine: &dyn EngineUnderTest) {
    const THREADS: usize = 4;
    const ROUNDS: usize = 25;
    let world = World::new(engine);
    let counter = world.as_member(world.ana).add_resource(NewResource::new("task", "0")).expect("adds").id;
    let barrier = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let session = world.as_member(world.ana);
                barrier.wait();
                for _ in 0..ROUNDS {
                    add_one(&session, counter);
                }
            });
        }
    });
    let title = world.as_member(world.ana).resource(counter).expect("is there").title;
    assert_eq!(title, (THREADS * ROUNDS).to_string(), "no addition is lost");
    verify(&world.cop);
}

fn readers_see_whole_transactions(engine: &dyn EngineUnderTest) {
    const ROUNDS: usize = 30;
    let world = World::new(engine);
    let (done, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let ana = world.as_member(world.ana);
            for round in 0..ROUNDS {
                let pair = ana.transaction(|tx| {
                    tx.add_resource(NewResource::new("task", format!("{round} left")))?;
                    tx.add_resource(NewResource::new("task", format!("{round} right")))
                });
                pair.expect("writes a pair");
            }
            done.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            let ana = world.as_member(world.ana);
            let mut last = 0;
            while !done.load(Ordering::SeqCst) {
                let page = ana.resources(ResourceFilter::new(), PageRequest::first(1000)).expect("lists");
                assert_eq!(page.items.len() % 2, 0, "half a transaction was seen");
                assert!(page.items.len() >= last, "what was there is gone");
                last = page.items.len();
                reads.fetch_add(1, Ordering::SeqCst);
                std::thread::yield_now();
            }
        });
    });
    assert_eq!(verify(&world.cop), 13 + 2 * ROUNDS, "every record is there");
}

/// Everything that two handles must agree on.
fn state(cop: &Community) -> (i64, crate::CommunityRecord, Vec<crate::Change>, Vec<crate::Resource>) {
    let page = cop.steward().resources(ResourceFilter::new(), PageRequest::first(1000)).expect("lists");
    let changes = cop.changes(0, usize::MAX).expect("reads");
    (cop.head().expect("reads"), cop.about().expect("reads"), changes, page.items)
}

fn reopened(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    ana.add_resource(super::log::full_resource()).expect("adds");
    let before = state(&world.cop);
    let sum = world.cop.checksum().expect("sums up");
    let (ana, clock) = (world.ana, world.clock.clone());
    drop(world);
    let Some(reopened) = engine.reopen(options(&clock, 2)) else { return };
    let cop = reopened.expect("opens again");
    assert_eq!(state(&cop), before, "everything is there");
    assert_eq!(cop.checksum().expect("sums up"), sum, "to the last bit");
    assert_eq!(cop.check().expect("looks"), crate::Health { damage: Vec::new(), derived: 0 });
    assert_eq!(cop.repair().expect("repairs"), 0);
    let session = cop.as_member(ana).expect("is still a member");
    let next = session.add_resource(NewResource::new("task", "After")).expect("writing goes on");
    assert_eq!(next.revision, before.0 + 1, "where it left off");
    assert_ne!(cop.checksum().expect("sums up"), sum);
    verify(&cop);
}

fn two_handles(engine: &dyn EngineUnderTest) {
    const ROUNDS: usize = 20;
    let world = World::new(engine);
    let counter = world.as_member(world.ana).add_resource(NewResource::new("task", "0")).expect("adds").id;
    let Some(second) = engine.reopen(options(&world.clock, 2)) else { return };
    let second = second.expect("opens a second handle");
    // What one writes, the other sees at once.
    let there = second.as_member(world.ana).expect("is a member");
    for round in 0..4 {
        let (writer, reader) = match round % 2 {
            0 => (world.as_member(world.ana), there.clone()),
            _ => (there.clone(), world.as_member(world.ana)),
        };
        let made = writer.add_resource(NewResource::new("task", format!("{round}"))).expect("adds");
        assert_eq!(reader.resource(made.id).expect("sees it"), made);
    }
    // And so do rights: what one gives or takes, holds at the other's next call.
    let hidden = world.as_member(world.owner).add_resource(NewResource::new("task", "Draft")).expect("adds").id;
    let ana = |role: &str| CommunityRolesOf { member: world.ana, roles: vec![role.to_owned()] };
    for (role, sees) in [("steward", true), ("member", false), ("steward", true), ("member", false)] {
        assert_ne!(there.resource(hidden).is_ok(), sees, "before {role}");
        world.host().set_community_roles(ana(role)).expect("sets");
        assert_eq!(there.resource(hidden).is_ok(), sees, "{role}");
    }
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        for session in [world.as_member(world.ana), there.clone()] {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                for _ in 0..ROUNDS {
                    add_one(&session, counter);
                }
            });
        }
    });
    let title = there.resource(counter).expect("is there").title;
    assert_eq!(title, (2 * ROUNDS).to_string(), "no addition is lost");
    assert_eq!(state(&world.cop), state(&second), "both see the same");
    verify(&second);
}
