//! F1: what is deleted or hidden stays so, through reopened writers and merges.

use cop_core::{NewCommunity, NewResource, ResourceEdit, Visibility, VisibilityOf};
use cop_search::TantivyIndex;

use crate::world::{Checked, Count, World, options};

fn task(n: usize) -> NewResource {
    NewResource::new("task", format!("fraction task {n}"))
        .with_body("number line")
        .with_visibility(Visibility::Public)
        .published()
}

#[test]
fn what_is_deleted_or_hidden_is_not_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("math.cop");
    let count = Count::default();
    let index = || Checked::new(TantivyIndex::beside(&file), &count);
    let cop = options(index()).create(&file, NewCommunity::new("Math CoP")).expect("a community");
    World::people(cop.clone()).expect("people");
    let (mut alive, mut cop) = (Vec::new(), Some(cop));
    for round in 0..120 {
        if round % 7 == 0 {
            // Handles come and go; the files stay.
            drop(cop.take());
            let clock = cop_core::SystemClock;
            cop = Some(
                options(index()).with_clock(clock).with_ids(cop_core::RandomIds::default()).open(&file).expect("open"),
            );
        }
        let host = cop.as_ref().expect("open").steward();
        let guest = host.community().as_guest();
        for n in 0..3 {
            alive.push(host.add_resource(task(round * 3 + n)).expect("added").id);
        }
        let caught_up = host.community().catch_up().expect("caught up");
        assert!(caught_up <= 3, "round {round}: the index was built anew, for {caught_up} resources");
        let chosen = alive.swap_remove((round * 31) % alive.len());
        match round % 3 {
            0 => drop(host.delete_resource(chosen).expect("deleted")),
            1 => {
                let hidden = VisibilityOf { resource: chosen, visibility: "private".to_owned() };
                drop(host.set_visibility(hidden).expect("hidden"));
            }
            _ => {
                let edit = ResourceEdit { title: Some("about something else".to_owned()), ..ResourceEdit::new(chosen) };
                drop(host.revise_resource(edit).expect("revised"));
            }
        }
        assert_eq!(host.community().catch_up().expect("caught up"), 1, "round {round}: the index was built anew");
        let found = guest.search("fraction").expect("found");
        assert_eq!(found.total, alive.len() as u64, "round {round}");
        assert!(found.hits.iter().all(|hit| hit.reference() != chosen.into()), "round {round}");
    }
    assert_eq!(count.get(), 120);
}
