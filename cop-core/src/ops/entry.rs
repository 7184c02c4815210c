//! Entries: dated notes on any record.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::works_in;
use super::mentorship::is_one_of;
use super::{Decision, new_record};
use crate::access::{Token, audience};
use crate::error::{Error, Result};
use crate::id::EntryId;
use crate::model::{AnyRecord, Entry, EntryKind, Phase, RecordKind, RecordRef};
use crate::text::{BODY, TextRule};

/// A note's text: there is one.
const NOTE: TextRule = TextRule { min_chars: 1, ..BODY };
/// What notes are about.
const SUBJECTS: &[RecordKind] = &[
    RecordKind::Team,
    RecordKind::Goal,
    RecordKind::Cycle,
    RecordKind::Measure,
    RecordKind::Convening,
    RecordKind::Resource,
    RecordKind::Story,
    RecordKind::Mentorship,
];

/// A note to be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// What it is about: a team, goal, cycle, measure, convening, resource, story or mentorship.
    pub subject: RecordRef,
    /// `plan`, `reflection`, `minutes`, `decision`, `data`, `comment`, `note` or a code of your own.
    pub kind: String,
    /// What it says, 1 to 200,000 characters.
    pub body: String,
    /// The phase of the cycle it belongs to: the present one, unless said.
    #[serde(default)]
    pub phase: Option<String>,
    /// The day it is about: today (UTC), unless said; at most a day ahead.
    #[serde(default)]
    pub on_date: Option<NaiveDate>,
    /// For its author alone.
    #[serde(default)]
    pub private: bool,
}

impl NewEntry {
    /// A note of this kind about a record.
    pub fn new(subject: impl Into<RecordRef>, kind: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            kind: kind.into(),
            body: body.into(),
            phase: None,
            on_date: None,
            private: false,
        }
    }

    /// The day it is about.
    #[must_use]
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.on_date = Some(day);
        self
    }

    /// For its author alone.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }
}

/// Changes to a note, by its author; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryEdit {
    /// Which.
    pub entry: EntryId,
    /// What it says.
    #[serde(default)]
    pub body: Option<String>,
    /// The day it is about.
    #[serde(default)]
    pub on_date: Option<NaiveDate>,
}

impl EntryEdit {
    /// No changes yet.
    pub fn new(entry: EntryId) -> Self {
        Self { entry, body: None, on_date: None }
    }
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewEntry) -> Result<Entry> {
    // Notes on other kinds of records there are none, so there is nothing to be seen.
    let fits = SUBJECTS.contains(&input.subject.kind);
    let subject = fits.then(|| decision.see(input.subject)).transpose()?;
    if let Some(subject) = &subject {
        decision.permit(may_write(decision, subject)?)?;
    }
    let mut check = Check::default();
    check.require(fits, "subject", "entry.subject", "there are no notes on records of this kind");
    let kind: Option<EntryKind> = check.value("kind", &input.kind);
    let body = check.text("body", &input.body, NOTE);
    let phase = read_phase(&mut check, subject.as_ref(), input.phase.as_ref());
    let on_date = read_day(&mut check, decision, input.on_date);
    let somebodys = !input.private || !decision.by_host();
    check.require(somebodys, "private", "entry.private_host", "a private note is a member's own");
    check.input()?;
    let entry = new_record!(
        decision,
        Entry {
            id: decision.new_id().into(),
            about: input.subject.kind,
            subject: input.subject.id,
            kind: kind.unwrap_or(EntryKind::Note),
            phase,
            on_date: on_date.unwrap_or_else(|| decision.today()),
            body,
            private: input.private,
        }
    );
    Ok(decision.create(entry))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &EntryEdit) -> Result<Entry> {
    let before = decision.subject::<Entry>(input.entry)?;
    // A note is its author's words: the host's usual right does not reach it.
    let own = match before.created_by {
        Some(author) => decision.acts_as(author),
        None => decision.by_host(),
    };
    if !own {
        return Err(Error::NotPermitted { op: decision.op });
    }
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(body) = &input.body {
        after.body = check.text("body", body, NOTE);
    }
    if let Some(on_date) = read_day(&mut check, decision, input.on_date) {
        after.on_date = on_date;
    }
    check.input()?;
    Ok(decision.change(before, after))
}

/// Whether the actor, who can read the record, may write notes on it.
fn may_write(decision: &Decision<'_>, subject: &AnyRecord) -> Result<bool> {
    let viewer = decision.context.viewer;
    let live = match viewer.member {
        Some(member) => decision.reads().person(member)?.is_some_and(|person| person.is_live()),
        None => false,
    };
    Ok(match subject {
        AnyRecord::Team(team) => works_in(decision, team.id),
        AnyRecord::Mentorship(mentorship) => live && is_one_of(decision, mentorship),
        other => {
            // Mere observers write where they are more than that: where a record is theirs, or their team's.
            let close = |token: Token| !matches!(token, Token::Everyone | Token::Organization(_));
            let belongs = || audience(other, None).iter().any(|(token, _)| close(token) && viewer.holds(token));
            decision.takes_part() || (live && belongs())
        }
    })
}

/// The phase a note belongs to: on cycles only, and the present one unless said.
fn read_phase(check: &mut Check, subject: Option<&AnyRecord>, raw: Option<&String>) -> Option<Phase> {
    let phase: Option<Phase> = check.optional("phase", raw);
    let Some(AnyRecord::Cycle(cycle)) = subject else {
        let detail = "only notes on cycles belong to a phase";
        check.require(phase.is_none() || subject.is_none(), "phase", "entry.no_phases", detail);
        return None;
    };
    let has = |phase: &Phase| *phase == cycle.phase || cycle.phases.contains(phase);
    check.require(phase.as_ref().is_none_or(has), "phase", "entry.phase", "the cycle has no such phase");
    Some(phase.unwrap_or_else(|| cycle.phase.clone()))
}

/// The day a note is about. Tomorrow has begun somewhere.
fn read_day(check: &mut Check, decision: &Decision<'_>, day: Option<NaiveDate>) -> Option<NaiveDate> {
    let day = check.date("on_date", day);
    let latest = decision.today().succ_opt();
    let has_come = day.zip(latest).is_none_or(|(day, latest)| day <= latest);
    check.require(has_come, "on_date", "entry.future", "a note is about a day that has come");
    day
}
