//! Walk-ins: people who came without being known to the community, and the members they turn out to be.

use serde::{Deserialize, Serialize};

use super::attendance::{Found, blank, check_minutes, convening_of, records_of, require_leaf, require_under_way};
use super::check::Check;
use super::convening::permit_organiser;
use super::convening_rules::{has_sessions, require_not};
use super::person::forget_walk_in;
use super::{Decision, new_record, seats};
use crate::error::{Error, Result};
use crate::id::{AttendanceId, ConveningId, MemberId, OrganizationId};
use crate::model::{Attendance, AttendanceRole, AttendanceStatus, Convening, ConveningState, Organization, WalkIn};
use crate::text::NAME;

/// Somebody who came without being known to the community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWalkIn {
    /// To which convening.
    pub convening: ConveningId,
    /// Their name, 1 to 200 characters.
    pub name: String,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// Where they work.
    #[serde(default)]
    pub organization: Option<OrganizationId>,
    /// `attendee` (unless said), `presenter`, `facilitator`, `observer` or `staff`.
    #[serde(default)]
    pub role: Option<String>,
    /// How long they were there, in minutes.
    #[serde(default)]
    pub minutes: Option<i64>,
}

impl NewWalkIn {
    /// Somebody with this name.
    pub fn new(convening: ConveningId, name: impl Into<String>) -> Self {
        Self { convening, name: name.into(), email: None, organization: None, role: None, minutes: None }
    }

    /// Their address.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }
}

/// A walk-in, and the member they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkInMatch {
    /// The walk-in's attendance.
    pub attendance: AttendanceId,
    /// Who they are.
    pub member: MemberId,
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewWalkIn) -> Result<Attendance> {
    let convening = decision.editable::<Convening>(input.convening)?;
    let mut check = Check::default();
    let name = check.text("name", &input.name, NAME);
    let email = check.optional("email", input.email.as_ref());
    let role = check.optional("role", input.role.as_ref());
    check_minutes(&mut check, &convening, input.minutes);
    check.input()?;
    decision.see_named::<Organization>(input.organization)?;
    let mut check = Check::default();
    require_leaf(&mut check, has_sessions(decision, &convening)?);
    require_not(&mut check, &convening, ConveningState::Cancelled);
    require_under_way(&mut check, decision, &convening);
    check.state()?;
    let attendance = new_record!(
        decision,
        Attendance {
            id: decision.new_id().into(),
            convening: convening.id,
            member: None,
            walk_in: Some(WalkIn { name, email, organization: input.organization }),
            role: role.unwrap_or(AttendanceRole::Attendee),
            status: AttendanceStatus::Attended,
            check_in: None,
            check_out: None,
            minutes: input.minutes,
            source: String::new(),
        }
    );
    let attendance = decision.create(attendance);
    seats::settle(decision, &convening, convening.starts_at)?;
    Ok(attendance)
}

pub(super) fn match_with_member(decision: &mut Decision<'_>, input: &WalkInMatch) -> Result<Attendance> {
    let walk_in = decision.subject::<Attendance>(input.attendance)?;
    let convening = convening_of(decision, &walk_in)?;
    permit_organiser(decision, &convening)?;
    let member = decision.person(input.member)?;
    if walk_in.walk_in.is_none() {
        return Err(Error::precondition("attendance", "attendance.not_walk_in", "it is a member's already"));
    }
    let found = Found::of(decision, convening.id, &records_of(decision, &member)?)?;
    let attendance = match found.live {
        Some(before) => {
            let after = stronger(&convening, &before, &walk_in);
            decision.change(before, after)
        }
        None => {
            let new = blank(decision, convening.id, member.id, walk_in.role, walk_in.status);
            decision.create_over(found.gone, Attendance { minutes: walk_in.minutes, ..new })?
        }
    };
    forget_walk_in(decision, walk_in)?;
    Ok(attendance)
}

/// The attendance of one person who was counted twice: the stronger status, and the longer of two times there.
fn stronger(convening: &Convening, own: &Attendance, walk_in: &Attendance) -> Attendance {
    let rank = |attendance: &Attendance| (attendance.status, attendance.attended_minutes(convening));
    if rank(walk_in) <= rank(own) {
        return own.clone();
    }
    // Minutes that nobody counted stand for all of the time, so a time is taken as a whole.
    let &Attendance { status, check_in, check_out, minutes, .. } = walk_in;
    Attendance { status, check_in, check_out, minutes, ..own.clone() }
}
