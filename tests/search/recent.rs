//! Few changes are kept in memory, by every handle for itself; many are committed.

use std::path::Path;

use cop_core::{Community, NewCommunity, NewResource, ResourceEdit, SystemClock, Visibility};
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
    options.with_clock(SystemClock).with_ids(cop_core::RandomIds).open(file).expect("open")
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
