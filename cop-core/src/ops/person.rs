//! Persons behind members: two records that are one person, and persons who want to be forgotten.

use std::collections::BTreeSet;

use super::member::{is_owner, keep_an_owner, permit_self_or_steward};
use super::{Decision, MemberRef, MergeOf};
use crate::change::{Forget, Write};
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::{
    Attendance, CommunityRole, ConsentFact, ConsentState, Contact, Member, MemberEvent, MemberState, RecordKind, Resource,
    Story,
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
    let plain = |member: &Member| {
        member.roles.iter().all(|role| matches!(role, CommunityRole::Member | CommunityRole::Observer))
    };
    if !(plain(&one) && plain(&other)) {
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
    let years: Vec<_> = root.commitments.iter().map(|made| made.school_year).collect();
    let mut last = None;
    let firsts = root.commitments.iter().zip(&years).filter(|(_, year)| last.replace(**year) != Some(**year));
    root.commitments = firsts.map(|(made, _)| made.clone()).collect();
    let pair = [one.id, other.id];
    root.same_as.extend(pair.into_iter().filter(|&id| pair.contains(&root.id) && id != root.id));
    root.merged_into = None;
    if records.iter().any(Member::is_live) && !root.is_live() {
        root.add_fact(MemberEvent::Activated);
    }
    root.settle();
    let root = decision.change(before.clone(), root);
    for before in rest.to_vec() {
        let mut after = before.clone();
        after.emails.clear();
        after.external_ids.clear();
        after.same_as.extend(pair.into_iter().filter(|&id| pair.contains(&after.id) && id != after.id));
        after.merged_into = Some(root.id);
        after.settle();
        decision.change(before, after);
    }
    Ok(root)
}

/// Everything but the id is cleared: in the record and in its history, in the resources that name the person as
/// creator, and in the stories they told, whose consent ends. What others see of them are numbers.
pub(super) fn erase(decision: &mut Decision<'_>, input: &MemberRef) -> Result<Member> {
    let root = decision.person(input.member)?;
    permit_self_or_steward(decision, root.id)?;
    let gone = Member { state: MemberState::Erased, ..root.clone() };
    keep_an_owner(decision, &root, &gone)?;
    let mut erased = root.clone();
    for id in decision.reads().people(root.id)? {
        let Some(before) = decision.reads().one::<Member>(id)? else { continue };
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
        erase_traces(decision, id)?;
    }
    Ok(erased)
}

fn erase_traces(decision: &mut Decision<'_>, id: MemberId) -> Result<()> {
    for resource in decision.reads().find(RecordKind::Resource, &creator_key(id))? {
        let Some(before) = decision.reads().one::<Resource>(resource.into())? else { continue };
        let mut after = before.clone();
        after.creators.retain(|creator| creator.member != Some(id));
        decision.writes.push(Write::revised(before, after).forgetting(Forget::Creator(id)));
    }
    for before in decision.reads().all::<Story>("teller", id)? {
        let mut after = before.clone();
        after.facts.insert(ConsentFact::Withdrawn);
        after.consent = ConsentState::of(&after.facts).0;
        decision.change(before, after);
    }
    Ok(())
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
