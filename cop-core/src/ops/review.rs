//! Reviews of resources: asked for, and given by somebody else than a sole creator.

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::team::permit_lead;
use super::{Decision, ResourceRef};
use crate::error::{Error, Result};
use crate::id::{MemberId, ResourceId};
use crate::model::{Resource, ResourceState, Review, Verdict};
use crate::text::BODY;

/// What a reviewer found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewOf {
    /// Of which resource.
    pub resource: ResourceId,
    /// `approved` or `changes_requested`.
    pub verdict: String,
    /// In words.
    #[serde(default)]
    pub comment: String,
}

pub(super) fn submit(decision: &mut Decision<'_>, input: &ResourceRef) -> Result<Resource> {
    let before = decision.editable::<Resource>(input.resource)?;
    if !matches!(before.state, ResourceState::Draft | ResourceState::InReview) {
        return Err(Error::precondition("resource", "resource.not_draft", "only a draft is reviewed"));
    }
    let after = Resource { state: ResourceState::InReview, ..before.clone() };
    Ok(decision.change(before, after))
}

pub(super) fn review(decision: &mut Decision<'_>, input: &ReviewOf) -> Result<Resource> {
    let before = decision.subject::<Resource>(input.resource)?;
    permit_lead(decision, before.team)?;
    let mut check = Check::default();
    let verdict: Option<Verdict> = check.value("verdict", &input.verdict);
    let comment = check.text("comment", &input.comment, BODY);
    check.input()?;
    let mut check = Check::default();
    let asked = before.state == ResourceState::InReview;
    check.require(asked, "resource", "resource.not_in_review", "no review was asked for");
    let own = is_sole_creator(decision, &before);
    check.require(!own, "resource", "review.own", "a sole creator does not review their own resource");
    check.state()?;
    let mut after = before.clone();
    if let Some(verdict) = verdict {
        let number = after.reviews.last().map_or(0, |review| review.number) + 1;
        let by = decision.actor().member();
        after.reviews.insert(Review { number, at: decision.context.now, by, verdict, comment });
    }
    Ok(decision.change(before, after))
}

/// Whether the actor, and nobody else, made the resource.
fn is_sole_creator(decision: &Decision<'_>, resource: &Resource) -> bool {
    let is = |member: Option<MemberId>| member.is_some_and(|member| decision.acts_as(member));
    if resource.creators.is_empty() {
        return is(resource.created_by);
    }
    resource.creators.iter().all(|creator| is(creator.member))
}
