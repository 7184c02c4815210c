//! Several handles on one file, as several processes would have them, and threads that write while others search.

use std::sync::atomic::{AtomicBool, Ordering};

use cop_core::{NewCommunity, NewResource, Visibility};
use cop_search::TantivyIndex;

use crate::world::{Checked, Count, options};

const WRITES: usize = 60;

#[test]
fn handles_and_threads_agree_with_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("math.cop");
    drop(cop_search::create(&file, NewCommunity::new("Math CoP")).expect("a community"));
    let count = Count::default();
    let open = || {
        let options = options(Checked::new(TantivyIndex::beside(&file), &count));
        options.with_clock(cop_core::SystemClock).with_ids(cop_core::RandomIds::default()).open(&file).expect("open")
    };
    let (one, other) = (open(), open());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (done, writer) = (&done, one.clone());
        scope.spawn(move || {
            for n in 0..WRITES {
                let new = NewResource::new("task", format!("fraction {n}")).with_body("number line");
                let new = new.with_visibility(Visibility::Public).published();
                let id = writer.steward().add_resource(new).expect("added").id;
                // One reads one's own writes.
                let found = writer.as_guest().search("fraction").expect("found");
                assert_eq!(found.total, (n + 1 - n / 4) as u64, "after write {n}");
                if n % 4 == 3 {
                    writer.steward().delete_resource(id).expect("deleted");
                }
            }
            done.store(true, Ordering::SeqCst);
        });
        for handle in [&one, &other, &other] {
            scope.spawn(move || {
                let mut last = 0;
                while !done.load(Ordering::SeqCst) {
                    // Equality with the scan of the same snapshot is checked inside.
                    let found = handle.as_guest().search("\"number line\" fraction").expect("found");
                    assert!(found.total + 1 >= last, "{} after {last}", found.total);
                    last = found.total;
                }
            });
        }
    });
    let expected = (WRITES - WRITES / 4) as u64;
    for handle in [one, other, open()] {
        assert_eq!(handle.as_guest().search("fraction").expect("found").total, expected);
    }
    println!("{} answers equal the scan's", count.get());
}
