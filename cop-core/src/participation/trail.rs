//! What one person did, day by day: all that their level of participation depends on.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::{Calendar, day_of};
use super::levels::{Contributions, Leadership, ParticipationNumbers};
use super::standing::{OverTime, Standing};
use crate::id::{ConveningId, MemberId};
use crate::model::{AnyRecord, Attendance, AttendanceRole, AttendanceStatus, Convening, ResourceState, taken};

/// A person's doings.
#[derive(Default)]
pub(super) struct Trail {
    /// The held sessions that were open to them, each with its day.
    open: BTreeMap<ConveningId, NaiveDate>,
    /// The held sessions of teams that they led or facilitated then.
    led: BTreeMap<ConveningId, NaiveDate>,
    /// The held sessions at which they were, each with its day and whether they presented or facilitated there.
    attended: BTreeMap<ConveningId, (NaiveDate, bool)>,
    traces: Vec<(NaiveDate, Trace)>,
}

/// Something that a person did, beside being somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// Shared a resource.
    Resource,
    /// Wrote a note.
    Entry,
    /// Told a story.
    Story,
    /// Recorded an observation.
    Observation,
    /// Made a prediction.
    Prediction,
    /// Led a cycle when it took a step.
    CycleStep,
}

impl Trail {
    /// A session of the whole community, which is open to whom it knows already.
    pub(super) fn may_attend(&mut self, session: &Convening, known_since: DateTime<Utc>) {
        if known_since <= session.starts_at {
            self.open.insert(session.id, day_of(session));
        }
    }

    /// The sessions of a team, by where the membership stood when they began. Leading counts in teams that have
    /// started their work.
    pub(super) fn belong(&mut self, sessions: &[&Convening], standing: &OverTime<Standing>, at_work: bool) {
        for session in sessions {
            let then = standing.at(session.starts_at);
            if then.active {
                self.open.insert(session.id, day_of(session));
            }
            if then.leads && at_work {
                self.led.insert(session.id, day_of(session));
            }
        }
    }

    /// An attendance: counts at sessions that were held.
    pub(super) fn attend(&mut self, calendar: &Calendar, attendance: &Attendance) {
        if attendance.status != AttendanceStatus::Attended {
            return;
        }
        if let Some(session) = calendar.session(attendance.convening).filter(|session| calendar.was_held(session)) {
            let leading = matches!(attendance.role, AttendanceRole::Presenter | AttendanceRole::Facilitator);
            // Two records of one person may both have been there: that is once.
            let (_, led) = self.attended.entry(session.id).or_insert((day_of(session), false));
            *led |= leading;
        }
    }

    /// Something they did.
    pub(super) fn note(&mut self, day: NaiveDate, trace: Trace) {
        self.traces.push((day, trace));
    }

    /// What they did after the day `from`, up to and with the day `on`.
    pub(super) fn numbers(&self, from: NaiveDate, on: NaiveDate) -> ParticipationNumbers {
        let within = |day: &NaiveDate| from < *day && *day <= on;
        let traces = |wanted| count(self.traces.iter().filter(|(day, trace)| within(day) && *trace == wanted));
        let attended = || self.attended.iter().filter(|(_, (day, _))| within(day));
        let presented = count(attended().filter(|(_, (_, leading))| *leading));
        ParticipationNumbers {
            open: count(self.open.values().filter(|day| within(day))),
            attended: count(attended().filter(|(session, _)| self.open.contains_key(session))),
            attended_elsewhere: count(attended().filter(|(session, _)| !self.open.contains_key(session))),
            contributions: Contributions {
                resources: traces(Trace::Resource),
                entries: traces(Trace::Entry),
                stories: traces(Trace::Story),
                observations: traces(Trace::Observation),
                predictions: traces(Trace::Prediction),
                sessions: presented,
            },
            leadership: Leadership {
                sessions: presented,
                team_sessions: count(self.led.values().filter(|day| within(day))),
                cycle_steps: traces(Trace::CycleStep),
            },
        }
    }
}

fn count(what: impl Iterator) -> u32 {
    u32::try_from(what.count()).unwrap_or(u32::MAX)
}

/// What the record, as those who facilitate see it, says that people did, and when (UTC).
pub(super) fn traces(record: &AnyRecord) -> Vec<(MemberId, NaiveDate, Trace)> {
    let header = record.header();
    let made = |who: Option<MemberId>, trace| {
        who.map(|who| (who, header.created_at.date_naive(), trace)).into_iter().collect()
    };
    match record {
        AnyRecord::Resource(resource) if resource.state == ResourceState::Draft => Vec::new(),
        AnyRecord::Resource(_) => made(header.created_by, Trace::Resource),
        AnyRecord::Entry(_) => made(header.created_by, Trace::Entry),
        AnyRecord::Observation(_) => made(header.created_by, Trace::Observation),
        AnyRecord::Story(story) => made(story.teller, Trace::Story),
        AnyRecord::Cycle(cycle) => {
            let predictions = cycle.predictions.iter();
            let steps = taken(&cycle.phases, &cycle.steps).into_iter();
            let predicted = predictions.filter_map(|made| Some((made.by?, made.at.date_naive(), Trace::Prediction)));
            let stepped = steps.filter_map(|step| Some((cycle.lead?, step.at.date_naive(), Trace::CycleStep)));
            predicted.chain(stepped).collect()
        }
        _ => Vec::new(),
    }
}
