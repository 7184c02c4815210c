//! Convenings as they are attended: sessions, what they are sessions of, and what took place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::error::Result;
use crate::id::{ConveningId, TeamId};
use crate::model::{AnyRecord, Convening, ConveningState, RecordKind};
use crate::ops::Reads;

/// Most convenings above one another that are looked at.
const MAX_DEPTH: usize = 16;

/// Convenings, with those that they are sessions of, at a moment.
pub(crate) struct Calendar {
    now: DateTime<Utc>,
    convenings: BTreeMap<ConveningId, Convening>,
    /// The convenings that have sessions: they are attended session by session.
    with_sessions: BTreeSet<ConveningId>,
}

impl Calendar {
    /// No convenings yet.
    pub(crate) fn new(now: DateTime<Utc>) -> Self {
        Self { now, convenings: BTreeMap::new(), with_sessions: BTreeSet::new() }
    }

    /// Every convening of the community.
    pub(crate) fn of_all(reads: &dyn Reads, now: DateTime<Utc>) -> Result<Self> {
        let mut calendar = Self::new(now);
        reads.each(RecordKind::Convening, &mut |record| {
            if let AnyRecord::Convening(convening) = record {
                calendar.insert(convening);
            }
            Ok(())
        })?;
        Ok(calendar)
    }

    /// Takes a convening in, as far as it is there: with those above it, and knowing whether it has sessions.
    pub(crate) fn add(&mut self, reads: &dyn Reads, id: ConveningId) -> Result<()> {
        if !self.convenings.contains_key(&id) {
            self.sessions_of(reads, id)?;
            self.add_upwards(reads, id)?;
        }
        Ok(())
    }

    /// Takes convenings in, with those above them and all their sessions.
    pub(crate) fn add_with_sessions(&mut self, reads: &dyn Reads, ids: Vec<ConveningId>) -> Result<()> {
        let mut seen = BTreeSet::new();
        let mut waiting = ids;
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                waiting.extend(self.sessions_of(reads, id)?);
                self.add_upwards(reads, id)?;
            }
        }
        Ok(())
    }

    fn sessions_of(&mut self, reads: &dyn Reads, id: ConveningId) -> Result<Vec<ConveningId>> {
        let sessions = reads.related(RecordKind::Convening, "parent", id.uuid())?;
        self.with_sessions.extend((!sessions.is_empty()).then_some(id));
        Ok(sessions.iter().map(|session| session.header().id.into()).collect())
    }

    fn add_upwards(&mut self, reads: &dyn Reads, id: ConveningId) -> Result<()> {
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| !self.convenings.contains_key(id)) {
            let Some(convening) = reads.one::<Convening>(id)? else { break };
            next = convening.parent;
            self.insert(convening);
        }
        Ok(())
    }

    /// Takes a convening in.
    pub(crate) fn insert(&mut self, mut convening: Convening) {
        // What it is about is long, and nothing here depends on it.
        convening.body = String::new();
        self.with_sessions.extend(convening.parent);
        self.convenings.insert(convening.id, convening);
    }

    /// The convening.
    pub(crate) fn get(&self, id: ConveningId) -> Option<&Convening> {
        self.convenings.get(&id)
    }

    /// All convenings, in the order of their ids.
    pub(crate) fn convenings(&self) -> impl Iterator<Item = &Convening> {
        self.convenings.values()
    }

    /// The convening, where it is a session: one that is attended itself.
    pub(crate) fn session(&self, id: ConveningId) -> Option<&Convening> {
        self.convenings.get(&id).filter(|convening| !self.with_sessions.contains(&convening.id))
    }

    /// Every session that was held, in the order of their ids.
    pub(crate) fn held_sessions(&self) -> impl Iterator<Item = &Convening> {
        self.convenings.values().filter(|c| !self.with_sessions.contains(&c.id) && self.was_held(c))
    }

    /// The convening that a session is, in the end, a session of; itself where it is none.
    pub(crate) fn whole<'a>(&'a self, convening: &'a Convening) -> &'a Convening {
        self.upwards(convening).last().unwrap_or(convening)
    }

    /// Whether it took place: recorded as held, or announced, over and never cancelled.
    pub(crate) fn took_place(&self, convening: &Convening) -> bool {
        self.was_held(convening) || (self.is_over(convening) && self.standing(convening) == ConveningState::Scheduled)
    }

    /// Whether it is recorded as held: itself, or, once it is over, what it is a session of.
    pub(crate) fn was_held(&self, convening: &Convening) -> bool {
        convening.state == ConveningState::Held
            || (self.is_over(convening) && self.standing(convening) == ConveningState::Held)
    }

    /// The teams that convene: its own, or those of what it is a session of; none for the whole community.
    pub(crate) fn teams<'a>(&'a self, convening: &'a Convening) -> &'a BTreeSet<TeamId> {
        self.upwards(convening).map(|above| &above.teams).find(|teams| !teams.is_empty()).unwrap_or(&convening.teams)
    }

    fn is_over(&self, convening: &Convening) -> bool {
        convening.ends_at <= self.now
    }

    /// Where it stands, with what it is a session of: what is cancelled or held as a whole is so session by session,
    /// unless a session was cancelled or held by itself.
    fn standing(&self, convening: &Convening) -> ConveningState {
        let mut standing = ConveningState::Draft;
        for convening in self.upwards(convening) {
            standing = standing.max(convening.state);
            if standing >= ConveningState::Cancelled {
                break;
            }
        }
        standing
    }

    /// The convening and all above it, nearest first.
    fn upwards<'a>(&'a self, convening: &'a Convening) -> impl Iterator<Item = &'a Convening> {
        let above = |convening: &&'a Convening| convening.parent.and_then(|parent| self.convenings.get(&parent));
        std::iter::successors(Some(convening), above).take(MAX_DEPTH)
    }
}

/// The day of a convening, on the calendars of its own time zone.
pub(crate) fn day_of(convening: &Convening) -> NaiveDate {
    convening.starts.date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, convening, id, part_of};
    use ConveningState as S;

    fn calendar(convenings: &[&Convening]) -> Calendar {
        let mut calendar = Calendar::new(at("2021-10-01T00:00:00Z"));
        convenings.iter().for_each(|convening| calendar.insert((*convening).clone()));
        calendar
    }

    #[test]
    fn a_session_stands_as_its_whole_does_unless_it_has_a_state_of_its_own() {
        // (the whole, the session, is it over) → (took place, was held)
        let cases = [
            ((S::Scheduled, S::Draft, true), (true, false)),
            ((S::Scheduled, S::Scheduled, true), (true, false)),
            ((S::Scheduled, S::Scheduled, false), (false, false)),
            ((S::Draft, S::Draft, true), (false, false)),
            ((S::Cancelled, S::Scheduled, true), (false, false)),
            ((S::Cancelled, S::Held, true), (true, true)),
            ((S::Held, S::Scheduled, true), (true, true)),
            ((S::Held, S::Draft, true), (true, true)),
            ((S::Held, S::Scheduled, false), (false, false)),
            ((S::Held, S::Cancelled, true), (false, false)),
            ((S::Scheduled, S::Held, false), (true, true)),
        ];
        for ((above, own, over), (took_place, held)) in cases {
            let whole = Convening { state: above, ..convening(1, "2021-09-01T09:00:00", 3 * 1440) };
            let day = if over { "2021-09-01T09:00:00" } else { "2021-10-02T09:00:00" };
            let session = Convening { state: own, ..part_of(&whole, convening(2, day, 60)) };
            let calendar = calendar(&[&whole, &session]);
            let case = format!("{above} {own} {over}");
            assert_eq!(calendar.took_place(&session), took_place, "{case}");
            assert_eq!(calendar.was_held(&session), held, "{case}");
        }
    }

    #[test]
    fn a_convening_with_sessions_is_attended_session_by_session() {
        let mut whole = convening(1, "2021-09-01T09:00:00", 600);
        whole.teams.insert(id(7).into());
        let middle = part_of(&whole, convening(2, "2021-09-01T09:00:00", 300));
        let mut session = part_of(&middle, convening(3, "2021-09-01T09:00:00", 60));
        let calendar_of = |session: &Convening| calendar(&[&whole, &middle, session]);
        let calendar = calendar_of(&session);
        assert!(calendar.session(whole.id).is_none() && calendar.session(middle.id).is_none());
        assert_eq!(calendar.session(session.id).map(|found| calendar.whole(found).id), Some(whole.id));
        assert_eq!(calendar.teams(&session), &whole.teams, "those that convene as a whole");
        session.teams.insert(id(8).into());
        assert_eq!(calendar_of(&session).teams(&session), &session.teams, "unless it says otherwise");
    }

    #[test]
    fn convenings_that_are_sessions_of_each_other_do_not_hang() {
        let one = Convening { parent: Some(id(2).into()), ..convening(1, "2021-09-01T09:00:00", 60) };
        let other = part_of(&one, convening(2, "2021-09-01T09:00:00", 60));
        let calendar = calendar(&[&one, &other]);
        assert!(calendar.session(one.id).is_none());
        assert!([one.id, other.id].contains(&calendar.whole(&one).id));
    }
}
