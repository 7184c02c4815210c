//! Organizations: added by stewards, mostly by import.

use serde::{Deserialize, Serialize};

use super::Decision;
use super::check::Check;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, natural};
use crate::model::{CdsCode, CdsLevel, ExternalId, Organization, OrganizationKind, OrganizationStatus, RecordKind};
use crate::text::{NAME, TAG};

/// An organization to be added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// `state`, `county_office`, `district`, `school`, `university`, `partner`, `network`, or a code of your own.
    pub kind: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// The organization above it.
    #[serde(default)]
    pub parent: Option<OrganizationId>,
    /// Its California code, 14 digits; the id is made from it.
    #[serde(default)]
    pub cds: Option<String>,
    /// What other systems call it. The id is made from the first, when there is no CDS code.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
}

impl NewOrganization {
    /// An organization of this kind and name.
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: kind.into(), name: name.into(), ..Self::default() }
    }

    /// The organization above it.
    #[must_use]
    pub fn with_parent(mut self, parent: OrganizationId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Its California code.
    #[must_use]
    pub fn with_cds(mut self, cds: impl Into<String>) -> Self {
        self.cds = Some(cds.into());
        self
    }

    /// What another system calls it.
    #[must_use]
    pub fn with_external_id(mut self, id: ExternalId) -> Self {
        self.external_ids.push(id);
        self
    }
}

/// Changes to an organization; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEdit {
    /// Which.
    pub organization: OrganizationId,
    /// Its kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// The organization above it.
    #[serde(default)]
    pub parent: Option<OrganizationId>,
    /// `active`, `pending` or `closed`.
    #[serde(default)]
    pub status: Option<String>,
    /// More of what other systems call it.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
}

impl OrganizationEdit {
    /// No changes yet.
    pub fn new(organization: OrganizationId) -> Self {
        Self { organization, kind: None, name: None, parent: None, status: None, external_ids: Vec::new() }
    }
}

impl Organization {
    /// The id of the organization with this California code.
    pub fn id_of_cds(cds: CdsCode) -> OrganizationId {
        natural(&format!("cds:{cds}")).into()
    }
}

/// External ids in normal form, in the order given: a record's id is made from the first, however it was spelled.
pub(super) fn external_ids(check: &mut Check, ids: &[ExternalId]) -> Vec<ExternalId> {
    ids.iter()
        .enumerate()
        .map(|(index, id)| ExternalId {
            system: check.text(&format!("external_ids[{index}].system"), &id.system, TAG),
            value: check.text(&format!("external_ids[{index}].value"), &id.value, NAME),
        })
        .collect()
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewOrganization) -> Result<Organization> {
    decision.permit(decision.stewards()?)?;
    let mut check = Check::default();
    let kind: Option<OrganizationKind> = check.value("kind", &input.kind);
    let name = check.text("name", &input.name, NAME);
    let cds: Option<CdsCode> = check.optional("cds", input.cds.as_ref());
    let external_ids = external_ids(&mut check, &input.external_ids);
    if let (Some(kind), Some(cds)) = (&kind, cds) {
        check.require(fits(kind, cds), "cds", "cds.level", "the code's level does not fit the kind");
    }
    check.input()?;
    let kind = kind.unwrap_or(OrganizationKind::Network);
    let id = match (cds, external_ids.first()) {
        (Some(cds), _) => Organization::id_of_cds(cds),
        (None, Some(first)) => first.name_of("organization").into(),
        (None, None) => decision.new_id().into(),
    };
    if decision.reads().exists(RecordKind::Organization, id.uuid())? {
        return Err(Error::AlreadyExists { kind: "organization", id: id.to_string() });
    }
    check_parent(decision, id, &kind, input.parent)?;
    let now = decision.context.now;
    let created_by = decision.actor().member();
    Ok(decision.create(Organization {
        id,
        created_by,
        created_at: now,
        revised_at: now,
        revision: 0,
        kind,
        name,
        parent: input.parent,
        cds,
        external_ids: external_ids.into_iter().collect(),
        status: OrganizationStatus::Active,
    }))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &OrganizationEdit) -> Result<Organization> {
    let before = decision.subject::<Organization>(input.organization)?;
    decision.permit(decision.stewards()?)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(kind) = &input.kind {
        after.kind = check.value("kind", kind).unwrap_or(after.kind);
        if let Some(cds) = after.cds {
            check.require(fits(&after.kind, cds), "kind", "cds.level", "the kind does not fit the code's level");
        }
    }
    if let Some(name) = &input.name {
        after.name = check.text("name", name, NAME);
    }
    if let Some(status) = &input.status {
        after.status = check.value("status", status).unwrap_or(after.status);
    }
    after.external_ids.extend(external_ids(&mut check, &input.external_ids));
    check.input()?;
    if input.parent.is_some() {
        after.parent = input.parent;
    }
    if input.parent.is_some() || input.kind.is_some() {
        check_parent(decision, after.id, &after.kind, after.parent)?;
    }
    Ok(decision.change(before, after))
}

/// A code at a level fits the kind of that level, and any kind outside the tree. County offices also have codes
/// of a district's form, such as 01-10017-0000000.
fn fits(kind: &OrganizationKind, cds: CdsCode) -> bool {
    match kind {
        OrganizationKind::State => cds.level() == CdsLevel::State,
        OrganizationKind::CountyOffice => matches!(cds.level(), CdsLevel::County | CdsLevel::District),
        OrganizationKind::District => cds.level() == CdsLevel::District,
        OrganizationKind::School => cds.level() == CdsLevel::School,
        _ => true,
    }
}

/// The parent exists, ranks above, and is not below.
fn check_parent(
    decision: &Decision<'_>,
    id: OrganizationId,
    kind: &OrganizationKind,
    parent: Option<OrganizationId>,
) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    let above = decision.subject::<Organization>(parent)?;
    let mut check = Check::default();
    if let (Some(own), Some(over)) = (kind.rank(), above.kind.rank()) {
        check.require(over < own, "parent", "organization.rank", "the parent must rank above");
    }
    let mut next = Some(parent);
    let mut steps = 0;
    while let Some(at) = next {
        steps += 1;
        if at == id || steps > 64 {
            check.require(false, "parent", "organization.cycle", "an organization cannot be above itself");
            break;
        }
        next = decision.reads().one::<Organization>(at)?.and_then(|organization| organization.parent);
    }
    check.state()
}
