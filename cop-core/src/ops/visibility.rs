//! What a record may name, and whom it may be meant for: only what is there for the actor, and for no more than its
//! team allows.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use uuid::Uuid;

use super::Decision;
use super::check::Check;
use crate::error::Result;
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

    /// The team or organization that the visibility names is there for the actor.
    pub(super) fn see_audience(&self, visibility: Visibility) -> Result<()> {
        match visibility {
            Visibility::Team(id) => self.subject::<Team>(id).map(drop),
            Visibility::Organization(id) => self.subject::<Organization>(id).map(drop),
            _ => Ok(()),
        }
    }
}

/// Whether the team lets its records be meant for so many.
pub(super) fn within_maximum(team: &Team, visibility: Visibility) -> bool {
    visibility.width(team.maximum_visibility).is_some_and(Ordering::is_le)
}

/// The visibility of a team's record that says nothing of it: the team, or what it gives its resources where it
/// allows less than that.
pub(super) fn of_team(team: &Team) -> Visibility {
    let own = Visibility::Team(team.id);
    if within_maximum(team, own) { own } else { team.default_visibility }
}

/// Refuses what is wider than the team allows.
pub(super) fn require_within_maximum(check: &mut Check, code: &str, team: &Team, visibility: Visibility) {
    let detail = "wider than the team's maximum visibility";
    check.require(within_maximum(team, visibility), "visibility", code, detail);
}
