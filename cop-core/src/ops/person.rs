//! Persons behind members: two records that are one person, and persons who want to be forgotten.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::member::{is_owner, is_plain, keep_an_owner, permit_self_or_steward};
use super::team::raise_leaving;
use super::{Decision, MemberRef, MergeOf};
use crate::change::{Forget, Life, Write};
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::{
    AnyRecord, Attendance, ConsentFact, ConsentState, Contact, Entry, Member, MemberEvent, MemberState, Membership,
    Record, RecordKind, Resource, Story,
};
use crate::store::creator_key;

/// Two records become one person: the record with the smallest id stands for all of them.
///
/// Which records are one person is a union of pairs, so it does not matter in which order the pairs become known.
pub(super) fn merge(decision: &mut Decision<'_>, input: &MergeOf) -> Result<Member> {
    let one = decision.person(input.member)?;
    let other = decision.person(input.duplicate)?;
    decision.permit(decision.stewards()?)?;
    if one.id == other.id {
        return Ok(one);
    }
    if !(is_plain(&one) && is_plain(&other)) {
        decision.permit(is_owner(decision)?)?;
    }
    let mut ids: BTreeSet<MemberId> = decision.reads().people(one.id)?;
    ids.extend(decision.reads().people(other.id)?);
    let mut records = Vec::new();
    for id in ids {
        records.extend(decision.reads().one::<Member>(id)?);
    }
    let Some((before, rest)) = records.split_first() else { return Ok(one) };
    let mut root = before.clone();
    for member in rest {
        root.emails.extend(member.emails.iter().cloned());
        root.external_ids.extend(member.external_ids.iter().cloned());
        root.affiliations.extend(member.affiliations.iter().cloned());
        root.roles.extend(member.roles.iter().copied());
        root.steps.extend(member.steps.iter().cloned());
        root.commitments.extend(member.commitments.iter().cloned());
    }
    // Two commitments to one year are one: the earlier.
    let mut years = BTreeSet::new();
    root.commitments.retain(|made| years.insert(made.school_year));
    let pair = [one.id, other.id];
    root.same_as.extend(pair.into_iter().filter(|&id| pair.contains(&root.id) && id != root.id));
    root.merged_into = None;
    if records.iter().any(Member::is_live) && !root.is_live() {
        root.add_fact(MemberEvent::Activated);
    }
    root.settle();
    let root = decision.change(before.clone(), root);
    for before in rest {
        let mut after = before.clone();
        after.emails.clear();
        after.external_ids.clear();
        after.same_as.extend(pair.into_iter().filter(|&id| pair.contains(&after.id) && id != after.id));
        after.merged_into = Some(root.id);
        after.settle();
        decision.change(before.clone(), after);
    }
    Ok(root)
}

/// Everything but the id is cleared: in the record and in its history, in the resources that name the person as
/// creator, in their applications, their private notes, and the stories they answer for, whose consent ends. What
/// others see of them are numbers, and what they wrote for others.
pub(super) fn erase(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let root = match decision.person(input.member) {
        Ok(root) => root,
        Err(missing) => taken_back(decision, input.member)?.ok_or(missing)?,
    };
    permit_self_or_steward(decision, root.id)?;
    let gone = Member { state: MemberState::Erased, ..root.clone() };
    keep_an_owner(decision, &root, &gone)?;
    let people = decision.reads().people(root.id)?;
    let mut erased = root.clone();
    for &id in &people {
        let kept = decision.reads().kept(RecordKind::Member, id.uuid())?;
        let Some(before) = kept.and_then(|kept| Member::from_any(kept.record)) else { continue };
        let mut after = Member {
            given: String::new(),
            family: String::new(),
            display: String::new(),
            emails: BTreeSet::new(),
            contact: Contact::Private,
            affiliations: BTreeSet::new(),
            external_ids: BTreeSet::new(),
            roles: BTreeSet::new(),
            facts: BTreeSet::new(),
            pronouns: None,
            bio: None,
            steps: BTreeSet::new(),
            commitments: BTreeSet::new(),
            decision: None,
            ..before.clone()
        };
        after.add_fact(MemberEvent::Erased);
        if id == root.id {
            erased = after.clone();
        }
        decision.writes.push(Write::deleted(before, after).forgetting(Forget::Everything));
    }
    erase_traces(decision, &people)?;
    raise_leaving(decision, root.id)?;
    Ok(erased)
}

/// A member who was added and taken back, and whom the log still knows: for those who look after the members.
fn taken_back(decision: &Decision<'_>, id: MemberId) -> Result<Option<Member>> {
    if !decision.by_host() && !decision.stewards()? {
        return Ok(None);
    }
    let kept = decision.reads().kept(RecordKind::Member, id.uuid())?.filter(|kept| kept.deleted);
    Ok(kept.and_then(|kept| Member::from_any(kept.record)).filter(|member| member.state != MemberState::Erased))
}

/// What other records say of the person, also those that were deleted or taken back.
fn erase_traces(decision: &mut Decision<'_>, people: &BTreeSet<MemberId>) -> Result<()> {
    let is = |member: Option<MemberId>| member.is_some_and(|member| people.contains(&member));
    let made_by = |resource: &Resource| resource.creators.iter().any(|creator| is(creator.member));
    for (before, life) in records_of(decision, people, &[], Some(creator_key), made_by)? {
        let mut after = before.clone();
        after.creators.retain(|creator| !is(creator.member));
        forget(decision, before, after, life, Forget::Creators(people.clone()));
    }
    for (before, life) in records_of(decision, people, &["member"], None, |m: &Membership| is(Some(m.member)))? {
        let after = Membership { answers: Vec::new(), decision: None, ..before.clone() };
        forget(decision, before, after, life, Forget::Fields(&["answers", "decision"]));
    }
    for (before, life) in records_of(decision, people, &["teller", "created_by"], None, |s: &Story| is(s.owner()))? {
        let mut after = Story { title: String::new(), body: String::new(), ..before.clone() };
        after.facts.insert(ConsentFact::Withdrawn);
        after.consent = ConsentState::of(&after.facts).0;
        forget(decision, before, after, life, Forget::Fields(&["title", "body"]));
    }
    let own = |entry: &Entry| entry.private && is(entry.created_by);
    for (before, life) in records_of(decision, people, &["created_by"], None, own)? {
        let after = Entry { body: String::new(), ..before.clone() };
        forget(decision, before, after, life, Forget::Fields(&["body"]));
    }
    Ok(())
}

/// The records of a kind that concern the people, each with the life it goes on with: live ones have one of them in
/// a column or under a key; the deleted ones are looked through.
fn records_of<R: Record>(
    decision: &Decision<'_>,
    people: &BTreeSet<MemberId>,
    columns: &[&'static str],
    key: Option<fn(MemberId) -> String>,
    concerns: impl Fn(&R) -> bool,
) -> Result<Vec<(R, Life)>> {
    let reads = decision.reads();
    let mut found: BTreeMap<Uuid, (R, Life)> = BTreeMap::new();
    let mut add = |record: AnyRecord, life: Life| {
        let id = record.header().id;
        found.extend(R::from_any(record).filter(&concerns).map(|record| (id, (record, life))));
    };
    for &person in people {
        for &column in columns {
            reads.related(R::KIND, column, person.uuid())?.into_iter().for_each(|record| add(record, Life::Revised));
        }
        for id in key.map_or(Ok(Vec::new()), |key| reads.find(R::KIND, &key(person)))? {
            reads.get(R::KIND, id)?.into_iter().for_each(|record| add(record, Life::Revised));
        }
    }
    reads.each_deleted(R::KIND, &mut |record| {
        add(record, Life::Deleted);
        Ok(())
    })?;
    Ok(found.into_values().collect())
}

/// Writes the record as `after`, and takes out of its history what `what` says.
fn forget<R: Record>(decision: &mut Decision<'_>, before: R, after: R, life: Life, what: Forget) {
    decision.writes.push(Write { before: Some(before.into()), after: after.into(), life, forget: what });
}

/// A walk-in who turned out to be a member: their name and address belong to the member's record now.
pub(super) fn forget_walk_in(decision: &mut Decision<'_>, before: Attendance) -> Result<()> {
    if before.walk_in.is_none() {
        return Err(Error::Internal("only a walk-in is forgotten".to_owned()));
    }
    let after = Attendance { walk_in: None, ..before.clone() };
    decision.writes.push(Write::deleted(before, after).forgetting(Forget::Everything));
    Ok(())
}
