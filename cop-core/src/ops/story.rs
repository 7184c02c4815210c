//! Stories: told, and read with the teller's consent.

use serde::{Deserialize, Serialize};

use super::{Decision, StoryRef};
use crate::error::{Error, Result};
use crate::id::{MemberId, StoryId, TeamId};
use crate::model::{RecordRef, Story};

/// A story to be told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStory {
    /// `value_creation`, `testimonial`, `outcome_report` or a code of your own.
    pub kind: String,
    /// Its title, 1 to 300 characters.
    pub title: String,
    /// The story, 1 to 200,000 characters.
    pub body: String,
    /// Its language (BCP 47); English unless said.
    #[serde(default)]
    pub language: Option<String>,
    /// What it is about: teams, convenings, cycles, goals, resources.
    #[serde(default)]
    pub about: Vec<RecordRef>,
    /// The team it comes from.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// Whether its teller shall not be known; whoever writes it down answers for it then.
    #[serde(default)]
    pub anonymous: bool,
    /// Whose story it is, where somebody else writes it down: the host alone may say so.
    #[serde(default)]
    pub teller: Option<MemberId>,
    /// What it was worth: `immediate`, `potential`, `applied`, `realized`, `reframing` or codes of your own.
    #[serde(default)]
    pub worth: Vec<String>,
}

impl NewStory {
    /// A story of this kind, title and text.
    pub fn new(kind: impl Into<String>, title: impl Into<String>, body: impl Into<String>) -> Self {
        Self { kind: kind.into(), title: title.into(), body: body.into(), ..Self::default() }
    }

    /// The team it comes from.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.team = Some(team);
        self
    }

    /// What it is about.
    #[must_use]
    pub fn about(mut self, record: impl Into<RecordRef>) -> Self {
        self.about.push(record.into());
        self
    }

    /// What it was worth.
    #[must_use]
    pub fn with_worth(mut self, worth: impl Into<String>) -> Self {
        self.worth.push(worth.into());
        self
    }

    /// Its teller shall not be known.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }
}

/// Changes to a story; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryEdit {
    /// Which.
    pub story: StoryId,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// The story.
    #[serde(default)]
    pub body: Option<String>,
    /// All it is about.
    #[serde(default)]
    pub about: Option<Vec<RecordRef>>,
    /// All it was worth.
    #[serde(default)]
    pub worth: Option<Vec<String>>,
}

impl StoryEdit {
    /// No changes yet.
    pub fn new(story: StoryId) -> Self {
        Self { story, title: None, body: None, about: None, worth: None }
    }
}

/// What the teller of a story consents to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentOf {
    /// To which story.
    pub story: StoryId,
    /// Who may read it: `public`, `community`, `organization:<id>`, `team:<id>` or `private`.
    pub scope: String,
    /// How the teller is named: `anonymous` (unless said), `role` or `name`.
    #[serde(default)]
    pub attribution: Option<String>,
}

pub(super) fn tell(_: &mut Decision<'_>, _: &NewStory) -> Result<Story> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn revise(_: &mut Decision<'_>, _: &StoryEdit) -> Result<Story> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn grant_consent(_: &mut Decision<'_>, _: &ConsentOf) -> Result<Story> {
    Err(Error::Unsupported("not yet".to_owned()))
}

pub(super) fn withdraw_consent(_: &mut Decision<'_>, _: &StoryRef) -> Result<Story> {
    Err(Error::Unsupported("not yet".to_owned()))
}
