//! What opening an index takes, in a process that does nothing else.

use std::path::Path;
use std::process::Command;

use cop_core::search::{SearchIndex, SearchQuery};
use cop_search::TantivyIndex;

use crate::alone::answer;
use crate::bars::Bars;
use crate::corpus::{self, MEMBER};
use crate::library::Library;
use crate::measure::{process, resident};

/// The argument that makes this binary the process that only opens.
pub const ARGUMENT: &str = "--open";

/// A moment of that process.
pub struct Moment {
    what: String,
    /// Microseconds of CPU time.
    time: f64,
    /// MB resident, and of these what is not read from files; not a number where the system does not say.
    resident: f64,
    own: f64,
}

/// Opens the index of `store`, of so many documents, and says what that took; this is what the process does.
pub fn open(store: &Path, documents: u64) {
    let classes = &corpus::readers()[MEMBER].classes;
    let library = Library { documents, texts: &[], added: 0, classes };
    let say = |what: &str, time: f64| {
        let (all, own) = resident().unwrap_or((f64::NAN, f64::NAN));
        println!("{what}\t{time}\t{all}\t{own}");
    };
    say("before", 0.0);
    let index = TantivyIndex::beside(store);
    let (indexed, time) = process(|| index.catch_up(&library, None).expect("opened"));
    assert_eq!(indexed, 0, "it was built already");
    say("open", time);
    let queries = corpus::queries(3, 102);
    let page = |at: usize| answer(&index, &library, SearchQuery::new(&queries[at].text)).total;
    say("first page of a member", process(|| page(0)).1);
    say("second page", process(|| page(1)).1);
    say("100 more pages", process(|| (2..102).map(page).sum::<u64>()).1);
}

/// Has a process do that.
pub fn measure(store: &Path, documents: usize) -> Option<Vec<Moment>> {
    let mut child = Command::new(std::env::current_exe().ok()?);
    let output = child.arg(ARGUMENT).arg(store).arg(documents.to_string()).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let moment = |line: &str| {
        let mut parts = line.split('\t');
        let what = parts.next()?.to_owned();
        let mut number = || parts.next()?.parse().ok();
        Some(Moment { what, time: number()?, resident: number()?, own: number()? })
    };
    String::from_utf8(output.stdout).ok()?.lines().map(moment).collect()
}

/// Prints it.
pub fn report(moments: Option<&Vec<Moment>>, documents: usize, bars: &mut Bars) {
    let Some(moments) = moments else {
        println!("\nThis binary could not be started again, so what opening takes is not known.");
        return;
    };
    println!(
        "\n| in a process of its own | ms of CPU time | MB resident | of these not from files |\n|---|---|---|---|"
    );
    for Moment { what, time, resident, own } in moments {
        println!("| {what} | {:.2} | {resident:.1} | {own:.1} |", time / 1e3);
    }
    let opened = &moments[1];
    if documents < 1_000_000 {
        bars.left_out("open ≤ 1 ms, ≤ 15 MB resident then", "asked for at 1,000,000 documents");
        return;
    }
    bars.at_most("open", opened.time / 1e3, 1.0, " ms");
    match opened.resident.is_nan() {
        true => bars.left_out("resident after open", "not known on this system"),
        false => bars.at_most("resident after open", opened.resident, 15.0, " MB"),
    }
}
