//! The community itself.

use serde::{Deserialize, Serialize};

use super::Decision;
use super::check::Check;
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::model::{Charter, CommunityRecord, CommunityRole, Language, Member, Organization, RecordKind};
use crate::text::{BODY, NAME};

/// A community to be founded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCommunity {
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// The language it mostly works in (BCP 47); English unless said.
    #[serde(default)]
    pub language: Option<String>,
    /// Its charter.
    #[serde(default)]
    pub charter: Charter,
}

impl NewCommunity {
    /// A community with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Its charter: domain, community and practice.
    #[must_use]
    pub fn with_charter(mut self, charter: Charter) -> Self {
        self.charter = charter;
        self
    }

    /// Its language (BCP 47).
    #[must_use]
    pub fn with_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }
}

/// Changes to the community; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunityEdit {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// The language it mostly works in.
    #[serde(default)]
    pub language: Option<String>,
    /// Its charter.
    #[serde(default)]
    pub charter: Option<Charter>,
    /// The organization that carries it.
    #[serde(default)]
    pub hub: Option<OrganizationId>,
}

impl CommunityEdit {
    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The organization that carries it.
    #[must_use]
    pub fn with_hub(mut self, hub: OrganizationId) -> Self {
        self.hub = Some(hub);
        self
    }
}

pub(super) fn found(decision: &mut Decision<'_>, input: &NewCommunity) -> Result<CommunityRecord> {
    decision.permit(false)?;
    let mut check = Check::default();
    let name = check.text("name", &input.name, NAME);
    let language = check.optional("language", input.language.as_ref()).unwrap_or_else(Language::english);
    let charter = read_charter(&mut check, &input.charter);
    check.input()?;
    if let Some(id) = decision.reads().find(RecordKind::Community, "the")?.first() {
        return Err(Error::AlreadyExists { kind: "community", id: id.to_string() });
    }
    let now = decision.context.now;
    Ok(decision.create(CommunityRecord {
        id: decision.new_id().into(),
        created_by: None,
        created_at: now,
        revised_at: now,
        revision: 0,
        name,
        language,
        charter,
        hub: None,
    }))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &CommunityEdit) -> Result<CommunityRecord> {
    let missing = || Error::Corrupt("the community's own record is missing".to_owned());
    let id = *decision.reads().find(RecordKind::Community, "the")?.first().ok_or_else(missing)?;
    let before = decision.subject::<CommunityRecord>(id.into())?;
    let actor = match decision.actor().member() {
        Some(id) => decision.reads().one::<Member>(id)?,
        None => None,
    };
    decision.permit(actor.is_some_and(|member| member.holds(CommunityRole::Owner)))?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(name) = &input.name {
        after.name = check.text("name", name, NAME);
    }
    if let Some(language) = &input.language {
        after.language = check.value("language", language).unwrap_or(after.language);
    }
    if let Some(charter) = &input.charter {
        after.charter = read_charter(&mut check, charter);
    }
    check.input()?;
    if let Some(hub) = input.hub {
        after.hub = Some(decision.subject::<Organization>(hub)?.id);
    }
    Ok(decision.change(before, after))
}

fn read_charter(check: &mut Check, charter: &Charter) -> Charter {
    Charter {
        domain: check.text("charter.domain", &charter.domain, BODY),
        community: check.text("charter.community", &charter.community, BODY),
        practice: check.text("charter.practice", &charter.practice, BODY),
    }
}
