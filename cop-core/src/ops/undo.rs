//! Undo: the last operations of the one who acts, taken back by operations of their own.
//!
//! An operation is taken back when nobody has changed its records since; what it wrote is written back, as one more
//! operation in the log. Nothing is taken out of the history.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Decision, Reads};
use crate::access::may_edit;
use crate::change::{Change, Forget, Life, Write, fold};
use crate::error::{Error, Result};
use crate::model::{AnyRecord, CommunityRole, Member, Record, RecordKind, RecordRef};

/// How far back an actor's operations are looked for, in changes of the log.
const REACH: usize = 50_000;
/// How many changes are read at a time.
const PAGE: usize = 500;
/// Most changes of an operation that is taken back.
const MOST_CHANGES: usize = 10_000;

/// What cannot be taken back: it has forgotten something, or promised to last. A prediction is no more unsaid than
/// the moment from which on predictions are late.
const FINAL: &[&str] = &[
    "found_community",
    "merge_members",
    "erase_member",
    "match_walk_in",
    "withdraw_consent",
    "predict",
    "advance_cycle",
    "undo",
];

/// How many operations are taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoOf {
    /// The last so many that the actor did, 1 to 100.
    pub operations: u32,
}

impl From<u32> for UndoOf {
    fn from(operations: u32) -> Self {
        Self { operations }
    }
}

pub(super) fn undo(decision: &mut Decision<'_>, input: &UndoOf) -> Result<AnyRecord> {
    if !(1..=100).contains(&input.operations) {
        return Err(crate::error::Problem::new("operations", "undo.count", "from 1 to 100 operations").into());
    }
    let operations = last_operations(decision, input.operations as usize)?;
    if operations.len() < input.operations as usize {
        let detail = format!("there are {} operations to take back", operations.len());
        return Err(Error::precondition("operations", "undo.nothing", detail));
    }
    let mut taken_back: BTreeSet<i64> = operations.iter().map(|operation| operation[0].op_seq).collect();
    let mut after: BTreeMap<RecordRef, Option<AnyRecord>> = BTreeMap::new();
    let mut order = Vec::new();
    for operation in &operations {
        for change in operation {
            let record = RecordRef { kind: change.kind, id: change.id };
            if !after.contains_key(&record) {
                let before = state_before(decision.reads(), record, &taken_back)?;
                after.insert(record, before);
                order.push(record);
            }
        }
    }
    for &record in &order {
        let target = after.get(&record).cloned().flatten();
        write_back(decision, record, target, &after)?;
    }
    decision.undoes = std::mem::take(&mut taken_back).into_iter().collect();
    keep_an_owner(decision, &after)?;
    match decision.writes.first() {
        Some(write) => Ok(write.after.clone()),
        None => Err(Error::precondition("operations", "undo.nothing", "all is as it was before")),
    }
}

/// The last operations of the actor that were not taken back yet, newest first, each with its changes.
fn last_operations(decision: &Decision<'_>, wanted: usize) -> Result<Vec<Vec<Change>>> {
    let me = |change: &Change| match change.actor {
        Some(actor) => decision.acts_as(actor),
        None => decision.by_host(),
    };
    let mut found: Vec<Vec<Change>> = Vec::new();
    let mut undone: BTreeSet<i64> = BTreeSet::new();
    let mut before = i64::MAX;
    let mut seen = 0;
    loop {
        let page = decision.reads().recent(before, PAGE)?;
        let Some(last) = page.last() else { break };
        before = last.seq;
        seen += page.len();
        for change in page {
            undone.extend(change.patch.undoes());
            if !me(&change) || undone.contains(&change.op_seq) || change.op == "undo" {
                continue;
            }
            if FINAL.contains(&change.op.as_str()) {
                return stopped(found, wanted, "undo.final", "an operation that cannot be taken back comes first");
            }
            let full = found.len() == wanted;
            match found.last_mut().filter(|operation| operation[0].op_seq == change.op_seq) {
                Some(operation) if operation.len() >= MOST_CHANGES => {
                    return Err(Error::precondition("operations", "undo.too_large", "too large to be taken back"));
                }
                Some(operation) => operation.push(change),
                None if full => return Ok(found),
                None => found.push(vec![change]),
            }
        }
        if seen >= REACH {
            return stopped(found, wanted, "undo.too_long_ago", "too much has happened since");
        }
    }
    Ok(found)
}

fn stopped(found: Vec<Vec<Change>>, wanted: usize, code: &str, detail: &str) -> Result<Vec<Vec<Change>>> {
    // What was found is whole: the operation that stops the search has begun.
    if found.len() == wanted { Ok(found) } else { Err(Error::precondition("operations", code, detail)) }
}

/// The record as it was before these operations; none where they made it.
///
/// Refused when somebody else changed it after the first of them.
fn state_before(reads: &dyn Reads, record: RecordRef, taken_back: &BTreeSet<i64>) -> Result<Option<AnyRecord>> {
    let history = reads.history(record.kind, record.id)?;
    let mut undone: BTreeSet<i64> = history.iter().flat_map(|change| change.patch.undoes()).collect();
    undone.extend(history.iter().filter(|change| change.op == "undo").map(|change| change.op_seq));
    let counts: Vec<&Change> = history.iter().filter(|change| !undone.contains(&change.op_seq)).collect();
    let first = counts.iter().position(|change| taken_back.contains(&change.op_seq)).unwrap_or(counts.len());
    if counts[first..].iter().any(|change| !taken_back.contains(&change.op_seq)) {
        let field = format!("{}:{}", record.kind, record.id);
        return Err(Error::precondition(&field, "undo.changed_since", "somebody has changed it since"));
    }
    Ok(fold(counts[..first].iter().copied())?.filter(|(_, live)| *live).map(|(record, _)| record))
}

fn write_back(
    decision: &mut Decision<'_>,
    record: RecordRef,
    target: Option<AnyRecord>,
    all: &BTreeMap<RecordRef, Option<AnyRecord>>,
) -> Result<()> {
    let Some(kept) = decision.reads().kept(record.kind, record.id)? else { return Ok(()) };
    let parent = decision.reads().parent(&kept.record)?;
    decision.permit(may_edit(decision.context.viewer, &kept.record, parent.as_ref()))?;
    let current = kept.record;
    let write = match (target, kept.deleted) {
        (None, true) => return Ok(()),
        (None, false) => {
            let used = |other: &RecordRef| all.get(other).is_none_or(Option::is_some);
            if referrers(decision.reads(), record)?.iter().any(used) {
                let field = format!("{}:{}", record.kind, record.id);
                return Err(Error::precondition(&field, "undo.in_use", "something refers to it"));
            }
            Write::deleted(current.clone(), current)
        }
        (Some(target), deleted) => {
            // As it was, under the header that the store knows it by now.
            let after = AnyRecord::from_values(record.kind, current.header(), target.values())?;
            let life = if deleted { Life::Restored } else { Life::Revised };
            Write { before: Some(current), after, life, forget: Forget::Nothing }
        }
    };
    decision.writes.push(write);
    Ok(())
}

/// The columns that refer to records of a kind.
fn referring(kind: RecordKind) -> &'static [(RecordKind, &'static str)] {
    use RecordKind as K;
    match kind {
        K::Team => &[
            (K::Membership, "team"),
            (K::Team, "parent"),
            (K::Goal, "team"),
            (K::Cycle, "team"),
            (K::Measure, "team"),
            (K::Resource, "team"),
            (K::Story, "team"),
            (K::Mentorship, "team"),
            (K::Entry, "subject"),
        ],
        K::Member => &[
            (K::Membership, "member"),
            (K::Attendance, "member"),
            (K::Resource, "created_by"),
            (K::Story, "teller"),
            (K::Mentorship, "mentor"),
            (K::Mentorship, "mentee"),
        ],
        K::Organization => &[(K::Organization, "parent")],
        K::Goal | K::Resource | K::Story | K::Mentorship => &[(K::Entry, "subject")],
        K::Cycle => &[
            (K::Cycle, "parent"),
            (K::Cycle, "previous"),
            (K::Resource, "cycle"),
            (K::Convening, "cycle"),
            (K::Entry, "subject"),
        ],
        K::Measure => &[(K::Observation, "measure"), (K::Entry, "subject")],
        K::Convening => &[
            (K::Attendance, "convening"),
            (K::Convening, "parent"),
            (K::Resource, "convening"),
            (K::Entry, "subject"),
        ],
        K::Framework => &[(K::Standard, "framework"), (K::Association, "framework")],
        K::Standard => &[(K::Standard, "parent")],
        _ => &[],
    }
}

fn referrers(reads: &dyn Reads, record: RecordRef) -> Result<Vec<RecordRef>> {
    let mut found = Vec::new();
    for &(kind, column) in referring(record.kind) {
        found.extend(reads.related(kind, column, record.id)?.iter().map(AnyRecord::reference));
    }
    let by_key = match record.kind {
        RecordKind::Goal => Some((RecordKind::Goal, crate::store::parent_key(record.id.into()))),
        RecordKind::Member => Some((RecordKind::Cycle, crate::store::member_key(record.id.into()))),
        RecordKind::Organization => Some((RecordKind::Member, format!("organization:{}", record.id))),
        RecordKind::Team => Some((RecordKind::Convening, crate::store::team_key(record.id.into()))),
        _ => None,
    };
    if let Some((kind, key)) = by_key {
        found.extend(reads.find(kind, &key)?.into_iter().map(|id| RecordRef { kind, id }));
    }
    Ok(found)
}

/// The community always has an owner, also after something was taken back.
fn keep_an_owner(decision: &Decision<'_>, after: &BTreeMap<RecordRef, Option<AnyRecord>>) -> Result<()> {
    let holds = |record: AnyRecord| Member::from_any(record).is_some_and(|member| member.holds(CommunityRole::Owner));
    let members = || after.iter().filter(|(record, _)| record.kind == RecordKind::Member);
    let mut lost = false;
    for (record, target) in members() {
        let now = decision.reads().get(record.kind, record.id)?.is_some_and(holds);
        lost |= now && !target.clone().is_some_and(holds);
    }
    if !lost || members().any(|(_, target)| target.clone().is_some_and(holds)) {
        return Ok(());
    }
    let owners = decision.reads().find(RecordKind::Member, "role:owner")?;
    let kept = |id: &uuid::Uuid| !after.contains_key(&RecordRef { kind: RecordKind::Member, id: *id });
    if owners.iter().any(kept) {
        return Ok(());
    }
    Err(Error::precondition("member", "member.last_owner", "the community needs another owner first"))
}
