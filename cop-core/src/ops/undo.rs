//! Undo: the last operations of the one who acts, taken back by operations of their own.
//!
//! An operation is taken back when nobody has changed its records since; what it wrote is written back, as one more
//! operation in the log. Nothing is taken out of the history.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::member::{answers_for, is_owner, is_plain, require_owner};
use super::{Decision, Kept, Reads};
use crate::access::{may_edit, may_manage};
use crate::change::{Change, Forget, Life, Write, fold};
use crate::error::{Error, Result};
use crate::model::{AnyRecord, CommunityRole, Member, Record, RecordKind, RecordRef, Resource};
use crate::store::{about_key, member_key, organization_key, parent_key, team_key};

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
    let taken_back: BTreeSet<i64> = operations.iter().map(|operation| operation[0].op_seq).collect();
    let mut after: BTreeMap<RecordRef, Option<AnyRecord>> = BTreeMap::new();
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    for change in operations.iter().flatten() {
        let record = RecordRef { kind: change.kind, id: change.id };
        if !seen.insert(record) {
            continue;
        }
        order.push(record);
        match state_before(decision.reads(), record, &taken_back) {
            // A finding that somebody has settled since is about what was; what it was raised by can still be undone.
            Err(Error::Precondition(_)) if change.kind == RecordKind::Finding && change.op != "resolve_finding" => {}
            before => _ = after.insert(record, before?),
        }
    }
    for record in order {
        if let Some(target) = after.get(&record) {
            write_back(decision, record, target.clone(), &after)?;
        }
    }
    decision.undoes = taken_back.into_iter().collect();
    keep_an_owner(decision, &after)?;
    // Operations write what they are about first, and findings after it.
    let about = operations.first().and_then(|last| last.last());
    let about = about.map(|change| RecordRef { kind: change.kind, id: change.id });
    let is_about = |write: &&Write| Some(write.after.reference()) == about;
    let write = decision.writes.iter().find(is_about).or(decision.writes.first());
    let nothing = || Error::precondition("operations", "undo.nothing", "there is nothing to take back");
    write.map(|write| write.after.clone()).ok_or_else(nothing)
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
    // What was undone before is in the history together with what undid it, and amounts to nothing.
    let earlier = history.iter().take_while(|change| !taken_back.contains(&change.op_seq));
    Ok(fold(earlier)?.filter(|(_, live)| *live).map(|(record, _)| record))
}

fn write_back(
    decision: &mut Decision<'_>,
    record: RecordRef,
    target: Option<AnyRecord>,
    all: &BTreeMap<RecordRef, Option<AnyRecord>>,
) -> Result<()> {
    let Some(kept) = decision.reads().kept(record.kind, record.id)? else { return Ok(()) };
    decision.permit(may_take_back(decision, &kept, target.as_ref())?)?;
    let current = kept.record;
    let write = match (target, kept.deleted) {
        (None, true) => Write::deleted(current.clone(), current),
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
            let after = AnyRecord::from_values(record.kind, current.header(), &target.values())?;
            let life = if deleted { Life::Restored } else { Life::Revised };
            Write { before: Some(current), after, life, forget: Forget::Nothing }
        }
    };
    decision.writes.push(write);
    Ok(())
}

/// Whether the actor could still do what they did: they may have lost the right since.
fn may_take_back(decision: &Decision<'_>, kept: &Kept, target: Option<&AnyRecord>) -> Result<bool> {
    let viewer = decision.context.viewer;
    let parent = decision.reads().parent(&kept.record)?;
    Ok(match &kept.record {
        // Raised beside what is taken back.
        AnyRecord::Finding(_) => true,
        AnyRecord::Community(_) => is_owner(decision)?,
        AnyRecord::Organization(_) => decision.stewards()?,
        AnyRecord::Member(member) => {
            let same = match target.cloned().and_then(Member::from_any) {
                Some(target) => target.roles == member.roles,
                // Who was added with a role beyond a member's was added by an owner.
                None => is_plain(member),
            };
            let looks_after = viewer.is(member.id) || decision.stewards()? || answers_for(decision, member)?;
            looks_after && (same || (is_owner(decision)? && !viewer.is(member.id)))
        }
        AnyRecord::Resource(resource) => {
            let audience = |resource: &Resource| (resource.visibility, resource.sealed, resource.embargo);
            let same = match target.cloned().and_then(Resource::from_any) {
                Some(target) => {
                    !kept.deleted && audience(&target) == audience(resource) && target.grants == resource.grants
                }
                None => kept.deleted,
            };
            may_edit(viewer, &kept.record, None) && (same || may_manage(viewer, resource))
        }
        record => may_edit(viewer, record, parent.as_ref()),
    })
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
            (K::Team, "created_by"),
            (K::Resource, "created_by"),
            (K::Goal, "created_by"),
            (K::Cycle, "created_by"),
            (K::Measure, "created_by"),
            (K::Convening, "created_by"),
            (K::Entry, "created_by"),
            (K::Story, "created_by"),
            (K::Story, "teller"),
            (K::Mentorship, "mentor"),
            (K::Mentorship, "mentee"),
        ],
        K::Organization => {
            &[(K::Organization, "parent"), (K::Community, "hub"), (K::Team, "hub"), (K::Observation, "organization")]
        }
        K::Goal => &[(K::Goal, "superseded_by"), (K::Cycle, "problem"), (K::Entry, "subject")],
        K::Resource => &[(K::Resource, "supersedes"), (K::Convening, "protocol"), (K::Entry, "subject")],
        K::Story | K::Mentorship => &[(K::Entry, "subject")],
        K::Cycle => &[
            (K::Cycle, "parent"),
            (K::Cycle, "previous"),
            (K::Resource, "cycle"),
            (K::Convening, "cycle"),
            (K::Entry, "subject"),
        ],
        K::Measure => &[(K::Observation, "measure"), (K::Entry, "subject")],
        K::Convening => {
            &[(K::Attendance, "convening"), (K::Convening, "parent"), (K::Resource, "convening"), (K::Entry, "subject")]
        }
        K::Framework => &[(K::Standard, "framework"), (K::Association, "framework")],
        K::Standard => &[(K::Standard, "parent")],
        _ => &[],
    }
}

/// The kinds of records that refer to this one by a key.
fn referring_by_key(record: RecordRef) -> Vec<(RecordKind, String)> {
    use RecordKind as K;
    let mut keys = vec![(K::Story, about_key(record))];
    match record.kind {
        K::Goal => keys.push((K::Goal, parent_key(record.id.into()))),
        K::Member => keys.push((K::Cycle, member_key(record.id.into()))),
        K::Organization => keys.extend([K::Member, K::Team].map(|kind| (kind, organization_key(record.id.into())))),
        K::Team => keys.push((K::Convening, team_key(record.id.into()))),
        _ => {}
    }
    keys
}

fn referrers(reads: &dyn Reads, record: RecordRef) -> Result<Vec<RecordRef>> {
    // A private note holds nothing back: nobody may learn that there is one, and its author keeps it.
    let private = |about: &AnyRecord| {
        record.kind != RecordKind::Member && matches!(about, AnyRecord::Entry(entry) if entry.private)
    };
    let mut found = Vec::new();
    for &(kind, column) in referring(record.kind) {
        let related = reads.related(kind, column, record.id)?;
        found.extend(related.iter().filter(|record| !private(record)).map(AnyRecord::reference));
    }
    for (kind, key) in referring_by_key(record) {
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
    require_owner(decision, |owner| !after.contains_key(&owner.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema::is_indexed;

    #[test]
    fn what_refers_to_a_record_is_found_by_an_index() {
        for &(kind, column) in RecordKind::ALL.iter().flat_map(|kind| referring(*kind)) {
            assert!(is_indexed(kind, column), "{kind}.{column}");
        }
    }
}
