//! What a record may name, and whom it may be meant for: only what is there for the actor, and for no more than its
//! team allows.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Decision;
use super::check::Check;
use crate::error::Result;
use crate::id::TeamId;
use crate::model::{Organization, Record, Team, Visibility};

impl Decision<'_> {
    /// The records must be there for the actor; those that are `known` already may stay.
    pub(super) fn see_new<R: Record>(&self, ids: &[R::Id], known: &BTreeSet<R::Id>) -> Result<BTreeSet<R::Id>>
    where
        R::Id: Ord,
        Uuid: From<R::Id>,
    {
        for &id in ids.iter().filter(|id| !known.contains(id)) {
            self.subject::<R>(id)?;
        }
        Ok(ids.iter().copied().collect())
    }

    /// The record must be there for the actor, where one is named.
    pub(super) fn see_named<R: Record>(&self, id: Option<R::Id>) -> Result<()>
    where
        Uuid: From<R::Id>,
    {
        id.map_or(Ok(()), |id| self.subject::<R>(id).map(drop))
    }

    /// The team or organization that the visibility names is there for the actor.
    pub(super) fn see_audience(&self, visibility: Visibility) -> Result<()> {
        match visibility {
            Visibility::Team(id) => self.subject::<Team>(id).map(drop),
            Visibility::Organization(id) => self.subject::<Organization>(id).map(drop),
            _ => Ok(()),
        }
    }
}

/// The visibility of a team's record that says nothing of it: the team, or what it gives its resources where it
/// allows less than that.
pub(super) fn of_team(team: &Team) -> Visibility {
    let own = Visibility::Team(team.id);
    if own.is_within(team.maximum_visibility) { own } else { team.default_visibility }
}

/// Refuses what is wider than the team allows.
pub(super) fn require_within_maximum(check: &mut Check, code: &str, team: &Team, visibility: Visibility) {
    let detail = "wider than the team's maximum visibility";
    check.require(visibility.is_within(team.maximum_visibility), "visibility", code, detail);
}

/// A record of `team` is given to others than before: they are there for the actor, and no more than the team allows.
pub(super) fn check_change(
    decision: &Decision<'_>,
    check: &mut Check,
    code: &str,
    team: impl Into<Option<TeamId>>,
    before: Visibility,
    after: Visibility,
) -> Result<()> {
    if after == before {
        return Ok(());
    }
    decision.see_audience(after)?;
    let team = team.into().map(|id| decision.reads().one::<Team>(id)).transpose()?.flatten();
    if let Some(team) = team {
        require_within_maximum(check, code, &team, after);
    }
    Ok(())
}
