//! What a search costs, beside raw tantivy and SQLite's FTS5 on the same texts in the same run.
//!
//! `cargo bench -p cop-search --bench search` prints Markdown: 200,000 documents for the index alone, 20,000 resources
//! in a store. Beside cargo's own, these say otherwise:
//!
//! | | |
//! |---|---|
//! | `COP_BENCH_DOCUMENTS=1000000` | so many documents |
//! | `COP_BENCH_RESOURCES=200000` | so many resources |
//! | `COP_BENCH_FOLDER=FOLDER` | the indexes are kept there and used again; FTS5, building, writes and the store are not measured |
//! | `cargo bench -p cop-search --bench search -- --texts FILE` | only writes the texts, one a line, for other peers |
//!
//! Every time is CPU time: that of the thread for answers, of the process for what other threads help with. A busy
//! machine changes the numbers little, and the ratios hardly, for each query is asked of all in turn.
//!
//! The index remembers where a viewer's words occur. So every query is asked twice: of an index that was asked none of
//! its words before, and again at once. tantivy, which remembers nothing, is asked twice as well.

mod alone;
mod bars;
mod corpus;
mod library;
mod measure;
mod opened;
mod peers;
mod stored;

use std::io::{BufWriter, Write};
use std::path::Path;

/// How much is measured.
struct Size {
    /// Documents of the index alone.
    documents: usize,
    /// Resources in the store.
    resources: usize,
    /// Queries of a kind.
    queries: usize,
    /// Resources that are added one by one.
    writes: u64,
    /// Whether indexes that are there are measured.
    kept: bool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str, place: usize| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + place).map(String::as_str)
    };
    if let (Some(store), Some(documents)) = (after(opened::ARGUMENT, 1), after(opened::ARGUMENT, 2)) {
        return opened::open(Path::new(store), documents.parse().expect("a number"));
    }
    // `cargo test --benches` only wants to know that it runs.
    let smoke = !arguments.iter().any(|argument| argument == "--bench");
    let said = |name: &str, usual: usize| {
        let said = std::env::var(name).ok().map(|text| text.parse().expect("a number"));
        said.unwrap_or(if smoke { 200 } else { usual })
    };
    let size = Size {
        documents: said("COP_BENCH_DOCUMENTS", 200_000),
        resources: said("COP_BENCH_RESOURCES", 20_000),
        queries: if smoke { 5 } else { 200 },
        writes: if smoke { 5 } else { 300 },
        kept: std::env::var_os("COP_BENCH_FOLDER").is_some(),
    };
    if let Some(file) = after("--texts", 1) {
        return write_texts(Path::new(file), size.documents as u64).expect("written");
    }
    let mut bars = bars::Bars::default();
    if let Some(folder) = std::env::var_os("COP_BENCH_FOLDER") {
        alone::measure(&size, Path::new(&folder), &mut bars);
        return bars.print();
    }
    stored::measure(&size, tempfile::tempdir().expect("a folder").path(), &mut bars);
    alone::measure(&size, tempfile::tempdir().expect("a folder").path(), &mut bars);
    bars.print();
}

/// Writes each document's title and text as a line.
fn write_texts(file: &Path, documents: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    (1..=documents).try_for_each(|n| writeln!(file, "{} {}", corpus::title(n), corpus::text(n)))?;
    file.flush()
}
