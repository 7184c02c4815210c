//! Writes that belong together: all or nothing.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Check, EngineUnderTest, World, verify};
use crate::error::{Error, ErrorKind};
use crate::model::{ExternalId, RecordKind, Visibility};
use crate::ops::{NewMembership, NewResource, NewTeam, Op, ResourceEdit};
use crate::session::{PageRequest, Progress, ResourceFilter, TeamFilter};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a transaction is all or nothing", transactions_are_whole),
    ("operations in a transaction see the earlier ones", later_sees_earlier),
    ("a batch is all or nothing and names what it refused", batches_are_whole),
    ("progress counts every step, and a break writes nothing", progress_and_cancellation),
    ("a panic in a transaction writes nothing", panics_write_nothing),
    ("trying out writes nothing", trying_out),
];

fn titles(world: &World) -> Vec<String> {
    let page = world.as_member(world.ana).resources(ResourceFilter::new(), PageRequest::first(1000)).expect("lists");
    page.items.into_iter().map(|resource| resource.title).collect()
}

fn add(title: &str) -> Op {
    Op::AddResource(NewResource::new("task", title))
}

fn transactions_are_whole(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let refusal = world.refused("a transaction with a refused second step", || {
        ana.transaction(|tx| {
            tx.apply(add("First"))?;
            tx.apply(add(""))
        })
    });
    assert_eq!(refusal.kind(), ErrorKind::InvalidInput);
    assert_eq!(titles(&world), [""; 0], "the first step is gone too");
    world.refused("a transaction that fails after its writes", || {
        ana.transaction(|tx| {
            tx.apply(add("First"))?;
            Err::<(), _>(Error::Interrupted)
        })
    });
    assert_eq!(titles(&world), [""; 0], "nothing was written");
    // A refusal that the caller handles is no reason to give up the rest, and leaves nothing behind.
    ana.transaction(|tx| {
        tx.apply(add("One"))?;
        assert!(tx.apply(add("")).is_err(), "an empty title is refused");
        tx.apply(add("Two"))
    })
    .expect("the rest is fine");
    assert_eq!(titles(&world), ["One", "Two"]);
    verify(&world.cop);
}

fn later_sees_earlier(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    let id = ExternalId::new("drive", "f-1");
    let team = host
        .transaction(|tx| {
            let team = tx.create_team(NewTeam::new("project", "New"))?;
            let lead = tx.add_membership(NewMembership::new(team.id, world.ben).with_role("lead"))?;
            assert!(lead.leads());
            assert_eq!(tx.activate_team(team.id)?.state.code(), "active", "the lead is seen");
            let new = NewResource::new("task", "T").with_team(team.id).with_external_id(id.clone());
            let task = tx.add_resource(new.clone())?;
            assert_eq!(tx.find(RecordKind::Resource, &id)?, [task.clone().into()], "found by its external id");
            assert_eq!(tx.get(task.id)?, Some(task.clone().into()), "read by its id");
            assert_eq!(tx.add_resource(new).expect_err("twice").kind(), ErrorKind::AlreadyExists);
            tx.delete_resource(task.id)?;
            assert_eq!(tx.get(task.id)?, None, "deleted");
            assert_eq!(tx.find(RecordKind::Resource, &id)?, [], "not found any more");
            Ok(team.id)
        })
        .expect("all of it");
    assert!(host.team(team).is_ok());
    // What a member holds grows with what their transaction wrote.
    let owner = world.as_member(world.owner);
    let made = owner.transaction(|tx| {
        let team = tx.create_team(NewTeam::new("project", "Mine").with_admission("open"))?;
        tx.request_to_join(team.id)?;
        tx.add_resource(NewResource::new("task", "Ours").with_team(team.id))
    });
    assert!(matches!(made.expect("a member now").visibility, Visibility::Team(_)), "the team's default");
    verify(&world.cop);
}

fn batches_are_whole(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let mut go_on = |_: Progress| ControlFlow::Continue(());
    let records = ana.batch(vec![add("One"), add("Two")], &mut go_on).expect("both");
    assert_eq!(records.len(), 2);
    let refusal = world.refused("a batch with a refused third step", || {
        ana.batch(vec![add("Three"), add("Four"), add(""), add("Five")], &mut go_on)
    });
    assert_eq!(refusal.problems().first().map(|p| p.field.as_str()), Some("ops[2].title"), "which step it was");
    assert_eq!(titles(&world), ["One", "Two"]);
    verify(&world.cop);
}

fn progress_and_cancellation(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let ops = || ["a", "b", "c", "d"].map(add).to_vec();
    let mut seen = Vec::new();
    ana.batch(ops(), &mut |progress| {
        seen.push((progress.done, progress.total));
        ControlFlow::Continue(())
    })
    .expect("all");
    assert_eq!(seen, [(1, 4), (2, 4), (3, 4), (4, 4)], "a word after every step");
    for stop_at in 1..=4 {
        let stopped = world.refused("a batch that is stopped", || {
            ana.batch(ops(), &mut |progress| match progress.done {
                done if done == stop_at => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            })
        });
        assert_eq!(stopped.kind(), ErrorKind::Interrupted);
        assert_eq!(stopped.code(), "call.interrupted");
    }
    assert_eq!(titles(&world).len(), 4, "what was stopped was never written");
    ana.apply(add("e")).expect("writing goes on");
}

fn panics_write_nothing(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let before = world.head();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        ana.transaction(|tx| {
            tx.apply(add("Lost"))?;
            std::panic::resume_unwind(Box::new("the caller's own defect"));
            #[expect(unreachable_code, reason = "gives the closure its type")]
            Ok(())
        })
    }));
    assert!(panicked.is_err(), "the panic is the caller's");
    assert_eq!(world.head(), before, "nothing was written");
    ana.apply(add("Kept")).expect("the store is as usable as before");
    assert_eq!(titles(&world), ["Kept"]);
    verify(&world.cop);
}

fn trying_out(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let before = world.head();
    let would = ana.try_out(add("Maybe")).expect("would be accepted");
    assert_eq!(would.header().revision, before + 1, "the record that it would leave");
    assert_eq!(ana.try_out(add("")).expect_err("would be refused").kind(), ErrorKind::InvalidInput);
    let missing = ResourceEdit::new(crate::id::ResourceId::new(would.header().id));
    assert_eq!(ana.try_out(Op::ReviseResource(missing)).expect_err("was not written").kind(), ErrorKind::NotFound);
    assert_eq!(world.head(), before, "nothing was written");
    assert_eq!(titles(&world), [""; 0]);
    let teams = world.host().teams(TeamFilter::new(), PageRequest::default()).expect("lists").items.len();
    assert_eq!(teams, 1);
}
