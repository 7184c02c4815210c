//! The community itself: one store holds exactly one.

use serde::{Deserialize, Serialize};

use crate::id::{CommunityId, OrganizationId};
use crate::model::policy::Policies;
use crate::model::record::{json_columns, record};
use crate::model::values::Language;

/// What a community is about (Wenger 1998): its domain, its people, its practice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Charter {
    /// The shared concern.
    pub domain: String,
    /// The people who share it.
    pub community: String,
    /// What they do together.
    pub practice: String,
}
json_columns!(Charter);

record! {
    /// A Community of Practice.
    Community(CommunityId) {
        /// Its name, 1 to 200 characters.
        name: String = Register,
        /// The language it mostly works in.
        language: Language = Register,
        /// Its charter.
        charter: Charter = Register,
        /// The organization that carries it.
        hub: Option<OrganizationId> = Register,
        /// Its own rules.
        policies: Policies = Register,
    }
}
