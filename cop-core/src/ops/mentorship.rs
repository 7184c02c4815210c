//! Mentorships: proposed by the one, lived once the other accepts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Decision, MentorshipRef};
use crate::error::{Error, Result};
use crate::id::{MemberId, MentorshipId, TeamId};
use crate::model::Mentorship;

/// A mentorship to be proposed, by one of the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMentorship {
    /// `mentoring`, `coaching`, `advice`, `co_leading` or a code of your own.
    pub kind: String,
    /// Who gives.
    pub mentor: MemberId,
    /// Who receives.
    pub mentee: MemberId,
    /// The team in which it is lived.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// What the two want to reach.
    #[serde(default)]
    pub goals: String,
    /// First day.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl NewMentorship {
    /// A tie of this kind.
    pub fn new(kind: impl Into<String>, mentor: MemberId, mentee: MemberId) -> Self {
        Self { kind: kind.into(), mentor, mentee, team: None, goals: String::new(), since: None, until: None }
    }
}

/// Changes to a mentorship; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentorshipEdit {
    /// Which.
    pub mentorship: MentorshipId,
    /// What the two want to reach.
    #[serde(default)]
    pub goals: Option<String>,
    /// First day.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl MentorshipEdit {
    /// No changes yet.
    pub fn new(mentorship: MentorshipId) -> Self {
        Self { mentorship, goals: None, since: None, until: None }
    }
}

pub(super) fn propose(_: &mut Decision<'_>, _: &NewMentorship) -> Result<Mentorship> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &MentorshipEdit) -> Result<Mentorship> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn accept(_: &mut Decision<'_>, _: &MentorshipRef) -> Result<Mentorship> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn end(_: &mut Decision<'_>, _: &MentorshipRef) -> Result<Mentorship> {
    Err(Error::Unsupported("not yet".to_owned()))
}
