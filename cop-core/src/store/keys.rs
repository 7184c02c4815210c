//! The keys by which records are found without reading them all. Derived from the record; pure.

use std::collections::BTreeSet;

use crate::model::{AnyRecord, ExternalId};

/// The keys of a record: `cds:…`, `email:…`, `organization:…`, `role:owner`, `system:<system>`,
/// `id:<system>:<value>`.
pub fn keys(record: &AnyRecord) -> BTreeSet<String> {
    match record {
        AnyRecord::Community(_) => ["the".to_owned()].into(),
        AnyRecord::Organization(organization) => {
            let mut keys = external(&organization.external_ids);
            keys.extend(organization.cds.map(|cds| format!("cds:{cds}")));
            keys
        }
        AnyRecord::Member(member) => {
            let mut keys = external(&member.external_ids);
            keys.extend(member.emails.iter().map(|email| format!("email:{}", email.code().to_lowercase())));
            keys.extend(member.external_ids.iter().map(|id| system_key(&id.system)));
            keys.extend(member.affiliations.iter().map(|a| format!("organization:{}", a.organization)));
            if member.is_live() {
                keys.extend(member.roles.iter().map(|role| format!("role:{role}")));
            }
            keys
        }
        AnyRecord::Resource(resource) => external(&resource.external_ids),
        _ => BTreeSet::new(),
    }
}

/// The key of an external id. Its prefix keeps foreign systems from posing as our own keys; a line break, which
/// neither part can have, keeps the parts apart.
pub fn external_key(id: &ExternalId) -> String {
    format!("id:{}\n{}", id.system, id.value)
}

/// The key of everybody whom another system knows.
pub fn system_key(system: &str) -> String {
    format!("system:{system}")
}

fn external(ids: &BTreeSet<ExternalId>) -> BTreeSet<String> {
    ids.iter().map(external_key).collect()
}
