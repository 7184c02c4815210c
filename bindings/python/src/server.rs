//! Communities on PostgreSQL servers: the feature `postgres`, without which each of these is refused.

use std::path::PathBuf;

use cop_core::{Community, NewCommunity, Result};
use uuid::Uuid;

#[cfg(feature = "postgres")]
mod with {
    use cop_core::CommunityOptions;
    use cop_search::TantivyIndex;

    use super::*;

    /// With an index in this folder; in memory, where none is given.
    fn options(index: Option<PathBuf>) -> CommunityOptions {
        CommunityOptions::new().with_index(index.map_or_else(TantivyIndex::in_memory, TantivyIndex::in_folder))
    }

    pub fn create_at(address: &str, index: Option<PathBuf>, new: NewCommunity) -> Result<Community> {
        options(index).create_at(address, new)
    }

    pub fn connect(address: &str, index: Option<PathBuf>, replica: Option<String>) -> Result<Community> {
        let options = options(index);
        match replica {
            Some(replica) => options.with_replica(replica),
            None => options,
        }
        .connect(address)
    }

    pub fn copy_at(community: &Community, address: &str) -> Result<Uuid> {
        community.copy_at(address)
    }
}

#[cfg(not(feature = "postgres"))]
mod with {
    use cop_core::Error;

    use super::*;

    fn refused<T>() -> Result<T> {
        Err(Error::Unsupported("this copkit was built without PostgreSQL".to_owned()))
    }

    pub fn create_at(_: &str, _: Option<PathBuf>, _: NewCommunity) -> Result<Community> {
        refused()
    }

    pub fn connect(_: &str, _: Option<PathBuf>, _: Option<String>) -> Result<Community> {
        refused()
    }

    pub fn copy_at(_: &Community, _: &str) -> Result<Uuid> {
        refused()
    }
}

pub use with::{connect, copy_at, create_at};
