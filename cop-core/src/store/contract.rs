//! The contract that every engine keeps: one suite, run on a file, in memory, and on whatever comes next.
//!
//! ```
//! use cop_core::store::contract;
//! use cop_core::{Community, CommunityOptions, NewCommunity, Result};
//!
//! struct InMemory;
//!
//! impl contract::EngineUnderTest for InMemory {
//!     fn name(&self) -> &str {
//!         "memory"
//!     }
//!     fn create(&self, options: CommunityOptions, new: NewCommunity) -> Result<Community> {
//!         options.in_memory(new)
//!     }
//!     fn reads_beside_a_write(&self) -> bool {
//!         false
//!     }
//! }
//!
//! contract::run(&InMemory);
//! ```

mod handles;
mod lists;
mod log;
mod rules;
mod work;
mod writes;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::change::{CREATED_BY, Change, Life, Patch, UNDOES, blank};
use crate::clock::{Clock, ManualClock};
use crate::community::{Community, CommunityOptions};
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId, ScriptedIds, TeamId};
use crate::model::record::Header;
use crate::model::{AnyRecord, RecordKind, RecordRef, Value};
use crate::ops::{Kept, NewAffiliation, NewCommunity, NewMember, NewMembership, NewOrganization, NewTeam};
use crate::session::Session;
use crate::store::keys;

/// An engine, as the suite sees it.
pub trait EngineUnderTest {
    /// What to call it.
    fn name(&self) -> &str;

    /// A new community in a place of its own.
    ///
    /// # Errors
    /// Whatever the engine says; the suite fails then, unless it asked for something impossible.
    fn create(&self, options: CommunityOptions, new: NewCommunity) -> Result<Community>;

    /// Another handle on the community that `create` made last; none when the engine keeps nothing.
    fn reopen(&self, _options: CommunityOptions) -> Option<Result<Community>> {
        None
    }

    /// Whether others read the last committed state while a write is open; else they wait for it to end.
    fn reads_beside_a_write(&self) -> bool {
        true
    }
}

type Check = fn(&dyn EngineUnderTest);

const CHECKS: &[&[(&str, Check)]] =
    &[log::CHECKS, writes::CHECKS, lists::CHECKS, rules::CHECKS, work::CHECKS, handles::CHECKS];

/// Runs every check of the suite.
///
/// # Panics
/// With the name of the engine, of the check, and what was found, when the engine breaks the contract.
pub fn run(engine: &dyn EngineUnderTest) {
    for (name, check) in CHECKS.iter().copied().flatten() {
        eprintln!("{}: {name}", engine.name());
        check(engine);
    }
}

/// The names of all checks.
pub fn checks() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().copied().flatten().map(|(name, _)| *name)
}

/// Compares every record with what its log entries amount to, the keys with the records, and the log with its own
/// promises; answers with the number of records, the deleted ones too.
///
/// # Panics
/// When a row is not what its entries amount to, when the log has a gap, when stamps do not grow, or when the log
/// says what it was to forget.
pub fn verify(community: &Community) -> usize {
    let folded = fold(&community.changes(0, usize::MAX).expect("the log can be read"));
    let snapshot = community.0.store.read().expect("the store can be read");
    let reads = snapshot.reads();
    for (reference, kept) in &folded {
        let row = reads.kept(reference.kind, reference.id).expect("a row can be read");
        let row = row.unwrap_or_else(|| panic!("{reference:?} is in the log, but has no row"));
        assert_eq!(&row, kept, "row and log of {reference:?} differ");
        for key in keys(&row.record) {
            let found = reads.find(reference.kind, &key).expect("a key can be read");
            assert_eq!(found.contains(&reference.id), !row.deleted, "{reference:?} and its key {key}");
        }
    }
    folded.len()
}

/// The operations after which the log of a record says nothing of it but that it was there.
const FORGETTING: &[(&str, RecordKind)] =
    &[("erase_member", RecordKind::Member), ("match_walk_in", RecordKind::Attendance)];

/// Replays the log over empty rows: the records as the log alone tells them.
fn fold(changes: &[Change]) -> BTreeMap<RecordRef, Kept> {
    struct Row<'a> {
        values: Vec<Value>,
        header: Header,
        deleted: bool,
        patches: Vec<&'a Patch>,
    }
    let mut rows: BTreeMap<RecordRef, Row<'_>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        assert_eq!(change.seq, index as i64 + 1, "the log has a gap");
        assert!(index == 0 || changes[index - 1].stamp < change.stamp, "stamps must grow: {change:?}");
        let fields = change.kind.fields();
        let reference = RecordRef { kind: change.kind, id: change.id };
        let at = change.stamp.at();
        if change.life == Life::Created {
            assert_eq!(change.previous, 0, "the first change of a record follows none: {change:?}");
            let owner = change.patch.clone().into_fields().remove(CREATED_BY);
            let created_by = match owner {
                Some(owner) => serde_json::from_value(owner).expect("an owner is an id or nobody"),
                None => change.actor,
            };
            let header = Header { id: change.id, created_by, created_at: at, revised_at: at, revision: change.seq };
            let values = fields.iter().map(blank).collect();
            let row = Row { values, header, deleted: false, patches: Vec::new() };
            assert!(rows.insert(reference, row).is_none(), "{reference:?} was made twice");
        }
        let row = rows.get_mut(&reference).expect("a record is made before it changes");
        if change.life != Life::Created {
            assert_eq!(change.previous, row.header.revision, "changes of a record are a chain: {change:?}");
        }
        let forgets = change.life == Life::Deleted && change.op == "erase_member";
        let again = change.life == Life::Restored || (row.deleted && forgets);
        assert_eq!(row.deleted, again, "what was deleted only comes back, or is forgotten: {change:?}");
        assert!(change.op_seq <= change.seq && change.op_seq > 0, "an operation begins at its first change");
        if change.life == Life::Deleted && FORGETTING.contains(&(change.op.as_str(), change.kind)) {
            let said = |patch: &&Patch| patch.fields().any(|name| name != CREATED_BY && name != UNDOES);
            assert_eq!(row.patches.iter().find(|patch| said(patch)), None, "{reference:?} is not forgotten");
            // What is left of it is named whole, as if nothing had been said before.
            row.values = fields.iter().map(blank).collect();
        }
        row.patches.push(&change.patch);
        change.patch.apply(fields, &mut row.values).expect("a patch fits its record");
        (row.header.revised_at, row.header.revision) = (at, change.seq);
        row.deleted = change.life == Life::Deleted;
    }
    rows.into_iter()
        .map(|(reference, row)| {
            let record = AnyRecord::from_values(reference.kind, row.header, &row.values).expect("a row is readable");
            (reference, Kept { record, deleted: row.deleted })
        })
        .collect()
}

/// A clock that the suite and the community share.
#[derive(Clone)]
struct SharedClock(Arc<ManualClock>);

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// A small community with one person in every place of the access table.
struct World {
    cop: Community,
    clock: Arc<ManualClock>,
    county: OrganizationId,
    district: OrganizationId,
    school: OrganizationId,
    owner: MemberId,
    steward: MemberId,
    lead: MemberId,
    /// In the team.
    ana: MemberId,
    /// In no team, at the school.
    ben: MemberId,
    observer: MemberId,
    team: TeamId,
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_600_000_000_000).expect("a time")
}

fn options(clock: &Arc<ManualClock>, seed: u16) -> CommunityOptions {
    CommunityOptions::new().with_clock(SharedClock(clock.clone())).with_ids(ScriptedIds::new(seed))
}

impl World {
    fn new(engine: &dyn EngineUnderTest) -> Self {
        let clock = Arc::new(ManualClock::new(start()));
        let cop = engine.create(options(&clock, 1), NewCommunity::new("Math CoP")).expect("founds a community");
        let host = cop.steward();
        let organization = |kind: &str, name: &str, parent: Option<OrganizationId>| {
            let new = NewOrganization { parent, ..NewOrganization::new(kind, name) };
            host.add_organization(new).expect("adds an organization").id
        };
        let county = organization("county_office", "County", None);
        let district = organization("district", "District", Some(county));
        let school = organization("school", "School", Some(district));
        let member = |name: &str, role: &str| {
            host.add_member(NewMember::new(name, "Test").with_role(role)).expect("adds a member").id
        };
        let (owner, steward) = (member("Olga", "owner"), member("Stan", "steward"));
        let (lead, ana, observer) = (member("Lea", "member"), member("Ana", "member"), member("Obi", "observer"));
        let at_school = NewMember::new("Ben", "Test").with_affiliation(NewAffiliation::new(school, "teacher"));
        let ben = host.add_member(at_school).expect("adds a member").id;
        let team = host.create_team(NewTeam::new("project", "Fractions")).expect("creates a team").id;
        host.add_membership(NewMembership::new(team, lead).with_role("lead")).expect("adds a membership");
        host.add_membership(NewMembership::new(team, ana)).expect("adds a membership");
        Self { cop, clock, county, district, school, owner, steward, lead, ana, ben, observer, team }
    }

    fn host(&self) -> Session {
        self.cop.steward()
    }

    fn as_member(&self, member: MemberId) -> Session {
        self.cop.as_member(member).expect("is a member")
    }

    fn head(&self) -> i64 {
        self.cop.head().expect("the head can be read")
    }

    /// Runs something that must be refused, and must leave no trace.
    fn refused<T: std::fmt::Debug>(&self, what: &str, call: impl FnOnce() -> Result<T>) -> Error {
        let before = self.head();
        let refusal = call().expect_err(what);
        assert_eq!(self.head(), before, "{what}: a refused call moved the head");
        refusal
    }
}

/// A reference to a record that does not exist.
fn nothing(kind: RecordKind) -> RecordRef {
    RecordRef { kind, id: Uuid::from_u128(0xdead) }
}
