//! Where members and memberships stood over time, as far as the log tells.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use crate::change::{Change, Life, fold};
use crate::error::Result;
use crate::model::{Convening, Member, Membership, MembershipState, Record, RecordKind, TeamRole};
use crate::ops::Reads;

/// Something that changes: from when on it was what, oldest first. Before that it was nothing.
pub(super) struct OverTime<T>(Vec<(DateTime<Utc>, T)>);

impl<T: Copy + Default> OverTime<T> {
    /// What it was at a moment.
    pub(super) fn at(&self, moment: DateTime<Utc>) -> T {
        self.0.iter().rev().find(|(since, _)| *since <= moment).map_or_else(T::default, |(_, what)| *what)
    }

    /// What it was at the end of a day (UTC).
    pub(super) fn at_the_end_of(&self, day: NaiveDate) -> T {
        let after = first_moment_after(day);
        self.0.iter().rev().find(|(since, _)| *since < after).map_or_else(T::default, |(_, what)| *what)
    }
}

/// The first moment of the next day (UTC).
pub(super) fn first_moment_after(day: NaiveDate) -> DateTime<Utc> {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN).and_utc()
}

/// Whether a member took part, from `since` on: as the record says, where it has not changed from then on.
pub(super) fn member_over_time(reads: &dyn Reads, member: &Member, since: DateTime<Utc>) -> Result<OverTime<bool>> {
    if member.revised_at < since || member.revised_at == member.created_at {
        return Ok(OverTime(vec![(member.created_at, member.is_live())]));
    }
    let history = reads.history(RecordKind::Member, member.id.uuid())?;
    Ok(OverTime(over_time(&history, &["state"], Member::is_live)?))
}

/// What a membership is at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// It is active.
    pub(super) active: bool,
    /// It is active with the role of lead or facilitator.
    pub(super) leads: bool,
}

impl Standing {
    fn of(membership: &Membership) -> Self {
        let active = membership.state == MembershipState::Active;
        let leads = [TeamRole::Lead, TeamRole::Facilitator].iter().any(|role| membership.roles.contains(role));
        Self { active, leads: active && leads }
    }
}

/// Where a membership stood whenever one of its team's `sessions` began.
///
/// What the host recorded as a membership that exists already is one since always, as an affiliation without a
/// first day is: its first change, by the host, leaves it active.
pub(super) fn membership_over_time(
    reads: &dyn Reads,
    membership: &Membership,
    sessions: &[&Convening],
) -> Result<OverTime<Standing>> {
    let changed_since = sessions.iter().any(|session| session.starts_at < membership.revised_at);
    if membership.revised_at == membership.created_at || !changed_since {
        let standing = Standing::of(membership);
        let since = began(membership.created_by.is_none(), standing, membership.created_at);
        return Ok(OverTime(vec![(since, standing)]));
    }
    let history = reads.history(RecordKind::Membership, membership.id.uuid())?;
    let mut all = over_time(&history, &["state", "roles"], Standing::of)?;
    if let (Some((since, standing)), Some(first)) = (all.first_mut(), history.first()) {
        *since = began(first.actor.is_none(), *standing, *since);
    }
    Ok(OverTime(all))
}

fn began(by_host: bool, standing: Standing, at: DateTime<Utc>) -> DateTime<Utc> {
    if by_host && standing.active { DateTime::<Utc>::MIN_UTC } else { at }
}

/// What `of` says of a record after each change of these fields.
fn over_time<R: Record, T: Copy + Default>(
    history: &[Change],
    fields: &[&str],
    of: impl Fn(&R) -> T,
) -> Result<Vec<(DateTime<Utc>, T)>> {
    let mut found = Vec::new();
    for (index, change) in history.iter().enumerate() {
        if change.life != Life::Revised || change.patch.fields().any(|field| fields.contains(&field)) {
            let there = fold(&history[..=index])?.filter(|(_, live)| *live).and_then(|(record, _)| R::from_any(record));
            found.push((change.stamp.at(), there.map(|record| of(&record)).unwrap_or_default()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, day};

    #[test]
    fn it_is_what_it_last_became() {
        let over = OverTime(vec![(at("2021-09-01T10:00:00Z"), 1), (at("2021-09-03T00:00:00Z"), 2)]);
        assert_eq!(over.at(at("2021-09-01T09:59:59Z")), 0);
        assert_eq!(over.at(at("2021-09-01T10:00:00Z")), 1);
        assert_eq!(over.at(at("2021-09-03T00:00:00Z")), 2);
        assert_eq!(
            ["2021-08-31", "2021-09-01", "2021-09-02", "2021-09-03"].map(|d| over.at_the_end_of(day(d))),
            [0, 1, 1, 2]
        );
    }
}
