//! Full-text search over a Community of Practice's library, exact under access control.
//!
//! [`open`], [`create`] and [`in_memory`] give a [`Community`] whose [searches](cop_core::Session::search) are
//! answered by an index instead of by reading everything:
//!
//! ```
//! use cop_core::{NewCommunity, NewMember, NewResource, SearchQuery, Visibility};
//!
//! let cop = cop_search::in_memory(NewCommunity::new("Math CoP"))?;
//! let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz"))?;
//! let me = cop.as_member(ana.id)?;
//! me.add_resource(
//!     NewResource::new("task", "Comparing fractions on a number line")
//!         .with_body("Fold paper strips, then place thirds and sixths.")
//!         .with_standard("3.NF.A.3")
//!         .with_visibility(Visibility::Public)
//!         .published(),
//! )?;
//! me.add_resource(NewResource::new("task", "A draft on fractions").with_body("Not for everybody yet."))?;
//!
//! let found = cop.as_guest().search("compare a fraction")?;
//! assert_eq!(found.total, 1);
//! assert_eq!(found.hits[0].title, "Comparing fractions on a number line");
//! let found = me.search(SearchQuery::new("fractions -decimals").with_standard("3.NF"))?;
//! assert_eq!(found.facets["standard"][0].value, "3.nf.a.3");
//!
//! // While somebody types, when they slip, and when they find too little.
//! assert_eq!(me.complete("number li", 5)?[0].text, "number line");
//! assert_eq!(me.search("fratcions")?.respelled[0].read_as, ["fractions"]);
//! assert_eq!(me.search(SearchQuery::new("recta numérica").widened())?.total, 1);
//! let similar = me.search(SearchQuery::default().with_like(found.hits[0].reference()).explained())?;
//! assert!(similar.hits[0].explanation[0].text.starts_with("“fraction” stands there"));
//! # Ok::<(), cop_core::Error>(())
//! ```
//!
//! # What is promised
//!
//! - **Nobody learns anything about what they may not see.** A viewer's hits, their order and scores, counts,
//!   facets and snippets equal those of a community that holds only what that viewer may see. Ranking counts
//!   words over the visible records alone, exactly.
//! - **Search equals the store.** A search sees everything that was written before it, in this process or in
//!   another, and a narrowed visibility holds from the moment the write returns. It does not wait for the index to be
//!   written: the last few hundred changes are kept in memory.
//! - **The index takes care of itself.** It is derived data in a folder beside the file, `math.cop-index` beside
//!   `math.cop`. Missing, damaged, of an older version, from another file, or ahead of a file that was put back
//!   from a backup: it is built anew when next needed. Where it cannot be written, it is kept in memory.
//! - **Who is erased is gone from the index too**, from the words in its files as well, when the erasure returns.
//! - Every text is a query. None is an error, and the work is bounded whatever is asked.
//!
//! How long an answer takes is not promised, and may depend on what is hidden: hidden words are skipped, not
//! absent. Where that matters, keep separate communities.
//!
//! # Limits
//!
//! Nothing waits for the disk when the index is written: after a power cut it may have to be built anew, which
//! happens by itself. Files of the index that change under an open community, other than through this library, are noticed when it
//! is next opened. After the machine was started, the first to open the index reads it once to compare it with its
//! checksums; so does every opening where the start of the machine has no name to compare (elsewhere than on Linux and
//! Android).

mod analysis;
mod batch;
mod bits;
mod bounded;
mod cache;
mod complete;
mod evaluate;
mod facets;
mod fault;
mod generation;
mod index;
mod matches;
mod memory;
mod part;
mod place;
mod postings;
mod ranking;
mod recent;
mod schema;
mod seal;
mod state;
mod top;
mod unsynced;
mod visible;

use std::path::Path;

use cop_core::{Community, CommunityOptions, NewCommunity, Result};

pub use analysis::EduAnalyzer;
pub use index::TantivyIndex;

/// Opens a community's file, with its index beside it.
///
/// # Errors
/// As [`CommunityOptions::open`]. The index is never a reason.
pub fn open(path: impl AsRef<Path>) -> Result<Community> {
    CommunityOptions::new().with_index(TantivyIndex::beside(&path)).open(path)
}

/// Founds a community in a new file, with its index beside it.
///
/// # Errors
/// As [`CommunityOptions::create`]. The index is never a reason.
pub fn create(path: impl AsRef<Path>, new: NewCommunity) -> Result<Community> {
    CommunityOptions::new().with_index(TantivyIndex::beside(&path)).create(path, new)
}

/// Opens a community on a PostgreSQL server, with an index of this server's own in the folder `index`, which follows
/// the log: it may be deleted at any time when the community is not open, and is brought up to date when needed.
///
/// # Errors
/// As [`CommunityOptions::connect`]. The index is never a reason.
#[cfg(feature = "postgres")]
pub fn connect(address: &str, index: impl AsRef<Path>) -> Result<Community> {
    CommunityOptions::new().with_index(TantivyIndex::in_folder(index)).connect(address)
}

/// Founds a community in a schema of a PostgreSQL database, with an index as [`connect`] has it.
///
/// # Errors
/// As [`CommunityOptions::create_at`]. The index is never a reason.
#[cfg(feature = "postgres")]
pub fn create_at(address: &str, index: impl AsRef<Path>, new: NewCommunity) -> Result<Community> {
    CommunityOptions::new().with_index(TantivyIndex::in_folder(index)).create_at(address, new)
}

/// Founds a community in memory, with its index in memory too.
///
/// # Errors
/// As [`CommunityOptions::in_memory`].
pub fn in_memory(new: NewCommunity) -> Result<Community> {
    CommunityOptions::new().with_index(TantivyIndex::in_memory()).in_memory(new)
}
