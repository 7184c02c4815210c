//! The port to full-text search: what is asked, what comes back, and a naive index as oracle.
//!
//! The specification: **a viewer's hits, order, scores, counts, facets and snippets equal those of a
//! community that holds only what that viewer may see.** [`ScanIndex`] fulfils it by doing exactly that,
//! slowly; every other index is tested against it.

mod asked;
mod complete;
mod cursor;
mod document;
mod explain;
mod hits;
mod near;
mod parse;
mod port;
mod query;
mod scan;
mod score;
mod slips;
mod snippet;
mod sort;
mod syntax;
mod widen;

pub use asked::{
    Asked, Group, MAX_EXPANSIONS, MAX_LIKE, MAX_PREFIXES, MAX_REPEATED, MAX_TEXT_BYTES, MAX_UNITS, MIN_PREFIX_CHARS,
    Unit,
};
pub use complete::{Completion, MAX_COMPLETIONS, Unfinished, completing_words, most_common};
pub use cursor::{Resume, SearchCursor, Statistics};
pub use document::{
    DOCUMENT_VERSION, Document, SEARCHED, TAG_WEIGHT, TITLE_WEIGHT, document_words, facet_values, filter_groups,
    filter_keys,
};
pub use explain::Reason;
pub use hits::{FacetCount, Hits, SNIPPET_CHARS, SearchHit, SearchHits, Snippet, sort_facets};
pub use near::{CLOSE_LOOK, MOST_CLOSE, Pairs};
pub use parse::MAX_VALUES;
pub use port::{Analyzer, IndexError, SearchIndex, SearchSource, SourceDoc, Told, Word, likened};
pub use query::{MAX_LIMIT, MAX_REACH, SearchQuery};
pub use scan::{PlainAnalyzer, ScanIndex};
pub use score::{Bm25, Recency};
pub use slips::{Meant, Respelling, meant};
pub use snippet::snippet;
pub use sort::{SearchSort, SortKey, title_key};
pub use widen::{SYNONYMS, widened};

#[doc(no_inline)]
pub use smol_str::SmolStr;
