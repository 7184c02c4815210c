//! The community itself.

use serde::{Deserialize, Serialize};

use super::Decision;
use super::check::Check;
use crate::error::{Error, Result};
use crate::model::{Charter, CommunityRecord, Language, RecordKind};
use crate::text::{BODY, NAME};

/// A community to be founded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

pub(super) fn found(decision: &mut Decision<'_>, input: &NewCommunity) -> Result<CommunityRecord> {
    decision.permit(false)?;
    let mut check = Check::default();
    let name = check.text("name", &input.name, NAME);
    let language = check.optional("language", input.language.as_ref()).unwrap_or_else(Language::english);
    let charter = Charter {
        domain: check.text("charter.domain", &input.charter.domain, BODY),
        community: check.text("charter.community", &input.charter.community, BODY),
        practice: check.text("charter.practice", &input.charter.practice, BODY),
    };
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
