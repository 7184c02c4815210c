//! Attendance: seats and waiting lists before a convening, who was there after it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AttendanceRef, ConveningRef, Decision};
use crate::error::{Error, Result};
use crate::id::{AttendanceId, ConveningId, MemberId, OrganizationId};
use crate::model::{Attendance, Convening};

/// A member to be invited to a convening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationTo {
    /// To which convening.
    pub convening: ConveningId,
    /// Whom.
    pub member: MemberId,
    /// `attendee` (unless said), `presenter`, `facilitator`, `observer` or `staff`.
    #[serde(default)]
    pub role: Option<String>,
}

/// Where a member's attendance stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAttendance {
    /// At which convening: one without sessions.
    pub convening: ConveningId,
    /// Whose.
    pub member: MemberId,
    /// `attended` (unless said), `excused`, `no_show`, `registered`, `waitlisted`, `invited` or `cancelled`.
    #[serde(default)]
    pub status: Option<String>,
    /// `attendee` (unless said), `presenter`, `facilitator`, `observer` or `staff`.
    #[serde(default)]
    pub role: Option<String>,
    /// How long they were there, in minutes: from 0 to what was scheduled.
    #[serde(default)]
    pub minutes: Option<i64>,
    /// When they came.
    #[serde(default)]
    pub check_in: Option<DateTime<Utc>>,
    /// When they went.
    #[serde(default)]
    pub check_out: Option<DateTime<Utc>>,
    /// Where this is known from, at most 200 characters.
    #[serde(default)]
    pub source: Option<String>,
}

impl NewAttendance {
    /// A member who attended.
    pub fn new(convening: ConveningId, member: MemberId) -> Self {
        Self {
            convening,
            member,
            status: None,
            role: None,
            minutes: None,
            check_in: None,
            check_out: None,
            source: None,
        }
    }

    /// How long they were there.
    #[must_use]
    pub fn with_minutes(mut self, minutes: i64) -> Self {
        self.minutes = Some(minutes);
        self
    }

    /// Where it stands.
    #[must_use]
    pub fn with_status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// As what.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }
}

/// Several attendances, recorded together: all or nothing, with every problem of every row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceList {
    /// The attendances, 1 to 100,000.
    pub attendances: Vec<NewAttendance>,
}

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

pub(super) fn invite(_: &mut Decision<'_>, _: &InvitationTo) -> Result<Attendance> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn register(_: &mut Decision<'_>, _: &ConveningRef) -> Result<Attendance> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn cancel(_: &mut Decision<'_>, _: &AttendanceRef) -> Result<Attendance> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn record(_: &mut Decision<'_>, _: &NewAttendance) -> Result<Attendance> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn record_all(_: &mut Decision<'_>, _: &AttendanceList) -> Result<Convening> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn add_walk_in(_: &mut Decision<'_>, _: &NewWalkIn) -> Result<Attendance> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn match_walk_in(_: &mut Decision<'_>, _: &WalkInMatch) -> Result<Attendance> {
    Err(Error::Unsupported("not yet".to_owned()))
}
