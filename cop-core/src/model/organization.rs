//! Organizations: the tree from the state to the school, and the partners beside it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::OrganizationId;
use crate::model::record::{closed, record, vocabulary};
use crate::model::values::CdsCode;

vocabulary! {
    /// What an organization is.
    OrganizationKind {
        /// A state agency.
        State = "state",
        /// A county office of education (COE).
        CountyOffice = "county_office",
        /// A school district, or another local agency.
        District = "district",
        /// A school.
        School = "school",
        /// A college or university.
        University = "university",
        /// A partner outside the system.
        Partner = "partner",
        /// A network of organizations.
        Network = "network",
    }
}

impl OrganizationKind {
    /// The place in the order state, county office, district, school; none for the others.
    pub fn rank(&self) -> Option<u8> {
        match self {
            OrganizationKind::State => Some(0),
            OrganizationKind::CountyOffice => Some(1),
            OrganizationKind::District => Some(2),
            OrganizationKind::School => Some(3),
            _ => None,
        }
    }
}

closed! {
    /// Whether an organization is at work.
    OrganizationStatus {
        /// It works.
        Active = "active",
        /// It is announced.
        Pending = "pending",
        /// It has closed.
        Closed = "closed",
    }
}

/// What another system calls a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExternalId {
    /// The system: `cds`, `nces`, `case`, `oneroster:<source>`, …
    pub system: String,
    /// The record's id there.
    pub value: String,
}

impl ExternalId {
    /// The id `value` in `system`.
    pub fn new(system: impl Into<String>, value: impl Into<String>) -> Self {
        Self { system: system.into(), value: value.into() }
    }

    /// The id of the record of `kind` that is known by this one. A line break, which neither part can have,
    /// keeps the parts apart.
    pub(crate) fn name_of(&self, kind: &str) -> uuid::Uuid {
        crate::id::natural(&format!("{kind}:{}\n{}", self.system, self.value))
    }
}

record! {
    /// A state agency, county office, district, school, university, partner or network.
    ///
    /// Its id is made from its CDS code where it has one.
    Organization(OrganizationId) {
        /// What it is.
        kind: OrganizationKind = Register,
        /// Its name, 1 to 200 characters.
        name: String = Register,
        /// The organization above it.
        parent: Option<OrganizationId> = Register,
        /// Its California code.
        cds: Option<CdsCode> = Register,
        /// What other systems call it.
        external_ids: BTreeSet<ExternalId> = Set,
        /// Whether it is at work.
        status: OrganizationStatus = Register,
    }
}
