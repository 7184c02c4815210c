//! What must hold of a convening: of its sessions, before it is announced, and when it changes.

use chrono::NaiveDateTime;

use super::Decision;
use super::check::Check;
use super::times::LONGEST;
use crate::error::Result;
use crate::model::{Attendance, Convening, ConveningState, Mode, TimeZone};

/// Whether it is attended session by session.
pub(super) fn has_sessions(decision: &Decision<'_>, convening: &Convening) -> Result<bool> {
    Ok(!decision.reads().all::<Convening>("parent", convening.id)?.is_empty())
}

/// It is not in this final state.
pub(super) fn require_not(check: &mut Check, convening: &Convening, state: ConveningState) {
    let (code, detail) = match state {
        ConveningState::Held => ("convening.held", "it took place already"),
        _ => ("convening.cancelled", "it is cancelled"),
    };
    check.require(convening.state != state, "convening", code, detail);
}

pub(super) fn require_begun(check: &mut Check, decision: &Decision<'_>, convening: &Convening) {
    let begun = convening.starts_at <= decision.context.now;
    check.require(begun, "convening", "convening.not_begun", "it has not begun");
}

/// People know of it; the host records what took place before there was this library.
pub(super) fn require_announced(check: &mut Check, decision: &Decision<'_>, convening: &Convening) {
    let announced = convening.state != ConveningState::Draft || decision.by_host();
    check.require(announced, "convening", "convening.not_scheduled", "it has not been announced");
}

/// A session of what goes on, inside it; sessions have no sessions.
pub(super) fn check_parent(decision: &Decision<'_>, session: &Convening, parent: &Convening) -> Result<()> {
    let mut check = Check::default();
    check.require(parent.parent.is_none(), "parent", "convening.nested", "a session has no sessions");
    let over = matches!(parent.state, ConveningState::Cancelled | ConveningState::Held);
    check.require(!over, "parent", "convening.parent_over", "the convening it would be a session of is over");
    let attendances: Vec<Attendance> = decision.reads().all("convening", parent.id)?;
    let detail = "people are registered for it as a whole, and a convening of sessions is attended session by session";
    check.require(attendances.is_empty(), "parent", "convening.has_attendance", detail);
    require_inside(&mut check, session, parent);
    check.state()
}

/// What holds of a convening still holds after it is changed.
pub(super) fn check_revision(decision: &Decision<'_>, before: &Convening, after: &Convening) -> Result<()> {
    let mut check = Check::default();
    let moved = times(before) != times(after);
    if moved {
        require_not(&mut check, before, ConveningState::Held);
        if let Some(parent) = before.parent
            && let Some(parent) = decision.reads().one::<Convening>(parent)?
        {
            require_inside(&mut check, after, &parent);
        }
    }
    let sessions: Vec<Convening> = decision.reads().all("parent", before.id)?;
    let on = |session: &&Convening| session.state != ConveningState::Cancelled;
    if moved {
        let first = sessions.iter().filter(on).all(|session| after.starts_at <= session.starts_at);
        let last = sessions.iter().filter(on).all(|session| session.ends_at <= after.ends_at);
        let detail = "its sessions would lie outside";
        check.require(first, "starts", "convening.sessions_outside", detail);
        check.require(last, "ends", "convening.sessions_outside", detail);
    }
    if after.state == ConveningState::Scheduled {
        require_announceable(&mut check, after, !sessions.is_empty());
    }
    check.state()
}

/// What people must know of a convening before it is announced to them.
pub(super) fn require_announceable(check: &mut Check, convening: &Convening, has_sessions: bool) {
    let placed = convening.mode == Mode::Virtual || convening.place.is_some();
    check.require(placed, "place", "convening.place", "people must know where it takes place");
    let online = convening.mode == Mode::InPerson || convening.join_url.is_some();
    check.require(online, "join_url", "convening.join_url", "people must know where to join online");
    require_attendable(check, convening, has_sessions);
}

/// Calendars take a change of what was announced when its number has grown (RFC 5545, 3.8.7.4).
pub(super) fn renumber(before: &Convening, after: &mut Convening) {
    fn announced(c: &Convening) -> impl PartialEq + '_ {
        (times(c), &c.place, &c.join_url, &c.title, c.state)
    }
    if before.is_announced() && announced(before) != announced(after) {
        after.sequence = before.sequence.saturating_add(1);
    }
}

fn times(convening: &Convening) -> (NaiveDateTime, NaiveDateTime, TimeZone) {
    (convening.starts, convening.ends, convening.time_zone)
}

/// A session lies inside the convening it is a session of.
fn require_inside(check: &mut Check, session: &Convening, parent: &Convening) {
    let detail = "a session lies inside its convening";
    check.require(parent.starts_at <= session.starts_at, "starts", "convening.outside_parent", detail);
    check.require(session.ends_at <= parent.ends_at, "ends", "convening.outside_parent", detail);
}

/// A convening that is attended as one cannot last as long as one of sessions.
pub(super) fn require_attendable(check: &mut Check, convening: &Convening, has_sessions: bool) {
    let fits = has_sessions || convening.ends_at - convening.starts_at <= LONGEST;
    check.require(fits, "ends", "convening.too_long", "without sessions it lasts at most 24 hours");
}
