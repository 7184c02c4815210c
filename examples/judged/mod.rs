//! Judged collections, and how well searches rank them: read, searched, measured.
//!
//! - [`Collection`]: documents, queries, and which documents answer them; from files in BEIR layout, or made by hand;
//! - [`Ranking`]: what a query found, by the judgements, and the usual figures for it.

mod collection;
mod ranking;
mod search;

pub use collection::{Collection, Document, Query, folders};
pub use ranking::{Ranking, mean};
pub use search::as_words;
