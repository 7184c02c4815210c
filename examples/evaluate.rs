//! How well searches rank judged collections, as a table in Markdown.
//!
//! ```sh
//! cargo run --release --example evaluate -- DIR…
//! ```
//! Each `DIR` is a collection in BEIR layout (Thakur et al. 2021), or a folder of such:
//!
//! | | |
//! |---|---|
//! | `corpus.jsonl` | a document a line: `_id`, `text`, and where there are any `title` and `language` (BCP 47; English) |
//! | `queries.jsonl` | a query a line: `_id`, `text`, which is a description: quotes or a `-` in it mean nothing |
//! | `qrels/test.tsv` | a header, then judgements: a query, a document and its gain, above 0 where it answers the query |
//!
//! The figures are means over the queries that some document answers:
//!
//! - nDCG@10 (Järvelin & Kekäläinen 2002) with the gains as judged and the discount log2(rank + 1);
//! - MAP, the mean of the average precision (Buckley & Voorhees 2000), over the first 1,000 documents found;
//! - recall@100, the share of the documents that answer a query which are among the first 100.
//!
//! These are what `trec_eval` calls `ndcg_cut_10`, `map` and `recall_100`. A malformed line is named, and ends the run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cop_core::search::MAX_LIMIT;
use cop_core::{Problem, Result};
use cop_examples::judged::{Collection, folders, mean};

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1).map(PathBuf::from).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match error.problems() {
                [] => eprintln!("{error}"),
                problems => problems.iter().for_each(|problem| eprintln!("{problem}")),
            }
            ExitCode::FAILURE
        }
    }
}

fn run(asked: Vec<PathBuf>) -> Result<()> {
    if asked.is_empty() {
        return Err(Problem::new("arguments", "usage", "usage: evaluate DIR…").into());
    }
    let mut found = Vec::new();
    for folder in &asked {
        found.extend(folders(folder)?);
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "| collection | documents | queries | nDCG@10 | MAP | recall@100 |")?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|")?;
    for folder in found {
        let collection = Collection::read(&folder)?;
        // As deep as one page goes.
        let rankings = collection.rankings(MAX_LIMIT)?;
        writeln!(
            out,
            "| {} | {} | {} | {:.4} | {:.4} | {:.4} |",
            name(&folder),
            collection.documents.len(),
            rankings.len(),
            mean(&rankings, |ranking| ranking.ndcg(10)),
            mean(&rankings, |ranking| ranking.average_precision()),
            mean(&rankings, |ranking| ranking.recall(100)),
        )?;
    }
    Ok(())
}

/// A folder's own name, for a cell of a table.
fn name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let name = whole.file_name().unwrap_or(whole.as_os_str()).to_string_lossy();
    name.replace('|', "\\|")
}
