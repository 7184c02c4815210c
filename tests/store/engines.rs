//! The contract suite on every engine there is.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;

use cop_core::store::contract::{self, EngineUnderTest};
use cop_core::{Community, CommunityOptions, NewCommunity, Result};
use cop_tests::postgres::Cluster;
use tempfile::TempDir;

struct InMemory;

impl EngineUnderTest for InMemory {
    fn name(&self) -> &str {
        "sqlite in memory"
    }
    fn create(&self, options: CommunityOptions, new: NewCommunity) -> Result<Community> {
        options.in_memory(new)
    }
    fn reads_beside_a_write(&self) -> bool {
        false
    }
}

struct File {
    folder: TempDir,
    count: Cell<u32>,
}

impl File {
    fn path(&self) -> PathBuf {
        self.folder.path().join(format!("{}.cop", self.count.get()))
    }
}

impl EngineUnderTest for File {
    fn name(&self) -> &str {
        "sqlite file"
    }
    fn create(&self, options: CommunityOptions, new: NewCommunity) -> Result<Community> {
        self.count.set(self.count.get() + 1);
        options.create(self.path(), new)
    }
    fn reopen(&self, options: CommunityOptions) -> Option<Result<Community>> {
        Some(options.open(self.path()))
    }
}

#[test]
fn a_community_in_memory_keeps_the_contract() {
    contract::run(&InMemory);
}

#[test]
fn a_community_in_a_file_keeps_the_contract() {
    contract::run(&File { folder: TempDir::new().unwrap(), count: Cell::new(0) });
}

/// A schema of its own for every community, on one server.
struct OnPostgres {
    server: &'static Cluster,
    address: RefCell<String>,
}

impl EngineUnderTest for OnPostgres {
    fn name(&self) -> &str {
        "postgres"
    }
    fn create(&self, options: CommunityOptions, new: NewCommunity) -> Result<Community> {
        self.address.replace(self.server.new_address());
        options.create_at(&self.address.borrow(), new)
    }
    fn reopen(&self, options: CommunityOptions) -> Option<Result<Community>> {
        Some(options.connect(&self.address.borrow()))
    }
}

#[test]
fn a_community_on_postgres_keeps_the_contract() {
    let Some(server) = Cluster::shared() else { return };
    contract::run(&OnPostgres { server, address: RefCell::default() });
}

#[test]
fn the_suite_is_as_large_as_it_was() {
    assert!(contract::checks().count() >= 39, "checks do not get lost");
}
