//! The store: its contract on every engine, its oracle, and what happens to its files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod care;
mod crash;
mod decision_table;
mod engines;
mod erasure;
mod feed;
mod files;
mod oracle;
mod processes;
mod proxy;
mod replicas;
mod server;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cop_core::{Clock, Community, CommunityOptions, ManualClock, MemberId, NewCommunity, NewMember};

/// A clock that a test and its community share.
#[derive(Clone)]
struct SharedClock(Arc<ManualClock>);

impl SharedClock {
    fn new(now: DateTime<Utc>) -> Self {
        Self(Arc::new(ManualClock::new(now)))
    }
}

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// A new community in a file, with one member.
fn founded(path: &Path) -> (Community, MemberId) {
    let cop = CommunityOptions::new().create(path, NewCommunity::new("Math CoP")).unwrap();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    (cop, ana)
}

/// A new community on a server, with one member.
fn founded_at(address: &str) -> (Community, MemberId) {
    let cop = Community::create_at(address, NewCommunity::new("Math CoP")).unwrap();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    (cop, ana)
}

/// The writing process of `bin/writer.rs`.
fn writer(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_cop-test-writer"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}
