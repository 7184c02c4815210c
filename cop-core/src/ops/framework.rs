//! Frameworks of standards, recorded as their publishers have them: the same input twice changes nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Decision;
use super::check::Check;
use crate::error::Result;
use crate::id::{AssociationId, FrameworkId, StandardId, natural};
use crate::model::{Association, AssociationKind, Framework, NodeRef, Standard, StandardCode};
use crate::text::{BODY, NAME, TITLE, TextRule};

type Extra = serde_json::Map<String, serde_json::Value>;

/// GUIDs of the wild are not always UUIDs.
const IDENTIFIER: TextRule = TextRule { min_chars: 1, max_chars: 300, multiline: false };

/// A framework as its publisher has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFramework {
    /// Its GUID; the id is made from it.
    pub identifier: String,
    /// Its title.
    pub title: String,
    /// Who made it.
    #[serde(default)]
    pub creator: String,
    /// Its version.
    #[serde(default)]
    pub version: Option<String>,
    /// Its language.
    #[serde(default)]
    pub language: Option<String>,
    /// Everything else.
    #[serde(default)]
    pub extra: Extra,
}

/// A standard as its publisher has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStandard {
    /// Its framework.
    pub framework: FrameworkId,
    /// Its GUID; the id is made from it.
    pub identifier: String,
    /// Its full statement.
    pub statement: String,
    /// Its code.
    #[serde(default)]
    pub code: Option<String>,
    /// What it is in its framework.
    #[serde(default)]
    pub kind: Option<String>,
    /// The grades it is meant for.
    #[serde(default)]
    pub education_levels: Vec<String>,
    /// The GUID of the standard above it, in the same framework.
    #[serde(default)]
    pub parent: Option<String>,
    /// Its place among its siblings.
    #[serde(default)]
    pub position: Option<i64>,
    /// Everything else.
    #[serde(default)]
    pub extra: Extra,
}

impl NewStandard {
    /// A standard with this GUID and statement.
    pub fn new(framework: FrameworkId, identifier: impl Into<String>, statement: impl Into<String>) -> Self {
        Self {
            framework,
            identifier: identifier.into(),
            statement: statement.into(),
            code: None,
            kind: None,
            education_levels: Vec::new(),
            parent: None,
            position: None,
            extra: Extra::new(),
        }
    }

    /// Its code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

/// An association as its publisher has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAssociation {
    /// The framework whose package it comes with.
    pub framework: FrameworkId,
    /// Its GUID; the id is made from it.
    pub identifier: String,
    /// What it says, such as `isChildOf` or `precedes`.
    pub kind: String,
    /// Where it starts.
    pub origin: NodeRef,
    /// Where it ends; may lie outside every framework of the community.
    pub destination: NodeRef,
    /// Its place in the order.
    #[serde(default)]
    pub sequence: Option<i64>,
    /// Everything else.
    #[serde(default)]
    pub extra: Extra,
}

impl Framework {
    /// The id of the framework with this GUID.
    pub fn id_of(identifier: &str) -> FrameworkId {
        guid("framework", identifier).into()
    }
}

impl Standard {
    /// The id of the standard with this GUID in this framework.
    pub fn id_of(framework: FrameworkId, identifier: &str) -> StandardId {
        natural(&format!("standard:{framework}:{}", identifier.to_lowercase())).into()
    }
}

impl Association {
    /// The id of the association with this GUID in this framework's package.
    pub fn id_of(framework: FrameworkId, identifier: &str) -> AssociationId {
        natural(&format!("association:{framework}:{}", identifier.to_lowercase())).into()
    }
}

/// A GUID that is a UUID is the id; another text names one. GUIDs differ in case in the wild.
fn guid(kind: &str, identifier: &str) -> Uuid {
    Uuid::try_parse(identifier).unwrap_or_else(|_| natural(&format!("{kind}:{}", identifier.to_lowercase())))
}

pub(super) fn record_framework(decision: &mut Decision<'_>, input: &NewFramework) -> Result<Framework> {
    decision.permit(decision.stewards()?)?;
    let mut check = Check::default();
    let identifier = check.text("identifier", &input.identifier, IDENTIFIER);
    let title = check.text("title", &input.title, TITLE);
    let creator = check.text("creator", &input.creator, BODY);
    let version = input.version.as_ref().map(|version| check.text("version", version, NAME));
    let language = input.language.as_ref().map(|language| check.text("language", language, NAME));
    check.input()?;
    let now = decision.context.now;
    let after = Framework {
        id: Framework::id_of(&identifier),
        created_by: decision.actor().member(),
        created_at: now,
        revised_at: now,
        revision: 0,
        identifier,
        title,
        creator,
        version,
        language,
        extra: input.extra.clone(),
    };
    let (live, gone) = decision.known::<Framework>(after.id)?;
    match live {
        None => decision.create_over(gone, after),
        Some(before) => {
            let after = Framework { created_by: before.created_by, created_at: before.created_at, ..after };
            Ok(decision.change(before.clone(), Framework { identifier: before.identifier, ..after }))
        }
    }
}

pub(super) fn record_standard(decision: &mut Decision<'_>, input: &NewStandard) -> Result<Standard> {
    decision.permit(decision.stewards()?)?;
    let framework = decision.subject::<Framework>(input.framework)?.id;
    let mut check = Check::default();
    let identifier = check.text("identifier", &input.identifier, IDENTIFIER);
    let statement = check.text("statement", &input.statement, BODY);
    let code = input.code.as_ref().map(|code| check.text("code", code, NAME));
    let kind = input.kind.as_ref().map(|kind| check.text("kind", kind, NAME));
    let education_levels: BTreeSet<String> = check.texts("education_levels", &input.education_levels, NAME);
    check.input()?;
    let now = decision.context.now;
    let after = Standard {
        id: Standard::id_of(framework, &identifier),
        created_by: decision.actor().member(),
        created_at: now,
        revised_at: now,
        revision: 0,
        framework,
        identifier,
        code_key: code.as_deref().and_then(StandardCode::new).map(|code| code.to_string()),
        code,
        statement,
        kind,
        education_levels,
        parent: input.parent.as_ref().map(|parent| Standard::id_of(framework, parent)),
        position: input.position,
        extra: input.extra.clone(),
    };
    let (live, gone) = decision.known::<Standard>(after.id)?;
    match live {
        None => decision.create_over(gone, after),
        Some(before) => {
            let identifier = before.identifier.clone();
            let after = Standard { created_by: before.created_by, created_at: before.created_at, identifier, ..after };
            Ok(decision.change(before, after))
        }
    }
}

pub(super) fn record_association(decision: &mut Decision<'_>, input: &NewAssociation) -> Result<Association> {
    decision.permit(decision.stewards()?)?;
    let framework = decision.subject::<Framework>(input.framework)?.id;
    let mut check = Check::default();
    let identifier = check.text("identifier", &input.identifier, IDENTIFIER);
    let kind: Option<AssociationKind> = check.value("kind", &input.kind);
    let mut node = |field: &str, node: &NodeRef| NodeRef {
        identifier: check.text(&format!("{field}.identifier"), &node.identifier, IDENTIFIER),
        uri: check.text(&format!("{field}.uri"), &node.uri, BODY),
        title: check.text(&format!("{field}.title"), &node.title, BODY),
    };
    let (origin, destination) = (node("origin", &input.origin), node("destination", &input.destination));
    check.input()?;
    let now = decision.context.now;
    let after = Association {
        id: Association::id_of(framework, &identifier),
        created_by: decision.actor().member(),
        created_at: now,
        revised_at: now,
        revision: 0,
        framework,
        identifier,
        kind: kind.unwrap_or(AssociationKind::IsRelatedTo),
        origin,
        destination,
        sequence: input.sequence,
        extra: input.extra.clone(),
    };
    let (live, gone) = decision.known::<Association>(after.id)?;
    match live {
        None => decision.create_over(gone, after),
        Some(before) => {
            let identifier = before.identifier.clone();
            let after =
                Association { created_by: before.created_by, created_at: before.created_at, identifier, ..after };
            Ok(decision.change(before, after))
        }
    }
}
