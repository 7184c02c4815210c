//! Seats: who has one, who waits for one, and who waits longest.
//!
//! Who is registered, or was there, has a seat. A place in the queue is as old as the change that put one there (its
//! stamp in the log): whatever else changes about an attendance leaves it its place, and who gives the place back and
//! comes again is the last.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Decision, Reads};
use crate::clock::Stamp;
use crate::error::Result;
use crate::id::AttendanceId;
use crate::model::{AnyRecord, Attendance, AttendanceStatus, Convening, ConveningState, FindingKind, RecordKind};

/// What a member who asks for a seat gets.
pub(super) fn seat_or_wait(decision: &Decision<'_>, convening: &Convening) -> Result<AttendanceStatus> {
    let Some(capacity) = convening.capacity else { return Ok(AttendanceStatus::Registered) };
    let Seats { taken, waiting } = Seats::of(decision, convening)?;
    let waiting = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    let free = taken.saturating_add(waiting) < capacity;
    Ok(if free { AttendanceStatus::Registered } else { AttendanceStatus::Waitlisted })
}

/// Gives free seats to who waits longest, until the moment `until`; and where more have a seat than there are, says so.
///
/// What the operation itself says of somebody stands.
pub(super) fn settle(decision: &mut Decision<'_>, convening: &Convening, until: DateTime<Utc>) -> Result<()> {
    let Some(capacity) = convening.capacity else { return Ok(()) };
    let now = decision.context.now;
    let open = matches!(convening.state, ConveningState::Draft | ConveningState::Scheduled);
    if !open || convening.ends_at <= now {
        return Ok(());
    }
    let Seats { taken, mut waiting } = Seats::of(decision, convening)?;
    let free = capacity.saturating_sub(taken);
    if free > 0 && now < until && !waiting.is_empty() {
        let mut since: BTreeMap<AttendanceId, Stamp> = BTreeMap::new();
        for attendance in &waiting {
            since.insert(attendance.id, waits_since(decision.reads(), attendance.id)?);
        }
        waiting.sort_by_key(|attendance| (since.get(&attendance.id).copied(), attendance.id));
        waiting.truncate(usize::try_from(free).unwrap_or(usize::MAX));
        for before in waiting {
            let after = Attendance { status: AttendanceStatus::Registered, ..before.clone() };
            decision.change(before, after);
        }
    }
    raise_over_capacity(decision, convening, taken)
}

/// Says so where more have a seat than there are.
pub(super) fn raise_over_capacity(decision: &mut Decision<'_>, convening: &Convening, taken: i64) -> Result<()> {
    let Some(capacity) = convening.capacity.filter(|&capacity| taken > capacity) else { return Ok(()) };
    let team = convening.teams.first().copied();
    let detail = format!("{taken} have a seat, there are {capacity}");
    decision.raise(FindingKind::OverCapacity, [convening.id.into()], team, detail)
}

/// Whether this is somebody on a seat.
fn takes_seat(status: AttendanceStatus) -> bool {
    matches!(status, AttendanceStatus::Registered | AttendanceStatus::Attended)
}

struct Seats {
    /// How many have a seat.
    taken: i64,
    /// Who waits, but for those of whom the operation says something.
    waiting: Vec<Attendance>,
}

impl Seats {
    /// The seats of a convening, with what the operation has written already.
    fn of(decision: &Decision<'_>, convening: &Convening) -> Result<Self> {
        let mut written: BTreeMap<AttendanceId, Option<AttendanceStatus>> = BTreeMap::new();
        for write in &decision.writes {
            if let AnyRecord::Attendance(attendance) = &write.after
                && attendance.convening == convening.id
            {
                written.insert(attendance.id, write.live_after().map(|_| attendance.status));
            }
        }
        let mut stored: Vec<Attendance> = decision.reads().all("convening", convening.id)?;
        stored.retain(|attendance| !written.contains_key(&attendance.id));
        let statuses = stored.iter().map(|attendance| attendance.status).chain(written.into_values().flatten());
        let taken = statuses.filter(|&status| takes_seat(status)).count();
        stored.retain(|attendance| attendance.status == AttendanceStatus::Waitlisted);
        Ok(Self { taken: i64::try_from(taken).unwrap_or(i64::MAX), waiting: stored })
    }
}

/// When an attendance got the status it has.
fn waits_since(reads: &dyn Reads, attendance: AttendanceId) -> Result<Stamp> {
    let history = reads.history(RecordKind::Attendance, attendance.uuid())?;
    let taken = history.iter().rev().find(|change| change.patch.fields().any(|field| field == "status"));
    Ok(taken.map(|change| change.stamp).unwrap_or_default())
}
