//! The keys by which records are found without reading them all. Derived from the record; pure.

use std::collections::BTreeSet;

use crate::id::{GoalId, MemberId, OrganizationId, TeamId};
use crate::model::{AnyRecord, CommunityRole, Email, ExternalId, FindingState, MemberState, RecordRef};

/// The key of the convenings of the whole community.
pub(crate) const EVERYBODY: &str = "everybody";

/// The key of the members whose request to take part is open.
pub(crate) const REQUESTED: &str = "requested";

/// The key of the community's own record.
pub(crate) const THE_COMMUNITY: &str = "the";

/// The key of the members who own the community.
pub(crate) const OWNERS: &str = "role:owner";

/// The keys of a record: `cds:…`, `email:…`, `organization:…`, `role:owner`, `requested`, `tests:<goal>`,
/// `system:<system>`, `id:<system>:<value>`.
pub fn keys(record: &AnyRecord) -> BTreeSet<String> {
    match record {
        AnyRecord::Community(_) => [THE_COMMUNITY.to_owned()].into(),
        AnyRecord::Organization(organization) => {
            let mut keys = external(&organization.external_ids);
            keys.extend(organization.cds.map(|cds| format!("cds:{cds}")));
            keys
        }
        AnyRecord::Member(member) => {
            let mut keys = external(&member.external_ids);
            keys.extend(member.emails.iter().map(email_key));
            keys.extend(member.external_ids.iter().map(|id| system_key(&id.system)));
            keys.extend(member.affiliations.iter().map(|a| organization_key(a.organization)));
            if let Some(root) = member.merged_into {
                keys.extend([MERGED.to_owned(), merged_key(root)]);
            }
            if member.state == MemberState::Requested {
                keys.insert(REQUESTED.to_owned());
            }
            if member.is_live() {
                let able =
                    member.roles.iter().filter(|role| !matches!(role, CommunityRole::Member | CommunityRole::Observer));
                keys.extend(able.map(|role| format!("role:{role}")));
            }
            keys
        }
        AnyRecord::Resource(resource) => {
            let mut keys = external(&resource.external_ids);
            keys.extend(resource.creators.iter().filter_map(|creator| creator.member).map(creator_key));
            keys
        }
        AnyRecord::Team(team) => team.organizations.iter().copied().map(organization_key).collect(),
        AnyRecord::Goal(goal) => goal.parents.iter().map(|parent| parent_key(*parent)).collect(),
        AnyRecord::Cycle(cycle) => {
            let people = cycle.participants.iter().chain(&cycle.lead);
            let people = people.map(|member| member_key(*member));
            let predictors = cycle.predictions.iter().filter_map(|made| made.by).map(predictor_key);
            people.chain(predictors).chain(cycle.tests.iter().map(|idea| tests_key(*idea))).collect()
        }
        AnyRecord::Convening(convening) => match convening.teams.is_empty() {
            true => [EVERYBODY.to_owned()].into(),
            false => convening.teams.iter().map(|team| team_key(*team)).collect(),
        },
        AnyRecord::Finding(finding) => {
            let mut keys: BTreeSet<String> = finding.about.iter().map(|about| about_key(*about)).collect();
            if finding.state == FindingState::Open {
                keys.insert("open".to_owned());
            }
            keys
        }
        AnyRecord::Story(story) => story.about.iter().map(|about| about_key(*about)).collect(),
        _ => BTreeSet::new(),
    }
}

/// The key of an external id. Its prefix keeps foreign systems from posing as our own keys; a line break, which
/// neither part can have, keeps the parts apart.
pub fn external_key(id: &ExternalId) -> String {
    format!("id:{}\n{}", id.system, id.value)
}

/// The key of all records that were merged into another.
pub(crate) const MERGED: &str = "merged";

/// The key of the members with this address, however it is written.
pub(crate) fn email_key(email: &Email) -> String {
    format!("email:{}", email.code().to_lowercase())
}

/// The key of the members and teams of an organization.
pub(crate) fn organization_key(id: OrganizationId) -> String {
    format!("organization:{id}")
}

/// The key of the resources that a member made.
pub(crate) fn creator_key(id: MemberId) -> String {
    format!("creator:{id}")
}

/// The key of the goals directly below this one.
pub(crate) fn parent_key(id: GoalId) -> String {
    format!("parent:{id}")
}

/// The key of the cycles that a member leads or takes part in.
pub(crate) fn member_key(id: MemberId) -> String {
    format!("member:{id}")
}

/// The key of the cycles in which a member made a prediction.
pub(crate) fn predictor_key(id: MemberId) -> String {
    format!("predictor:{id}")
}

/// The key of the cycles that test a change idea.
pub(crate) fn tests_key(id: GoalId) -> String {
    format!("tests:{id}")
}

/// The key of a team's convenings.
pub(crate) fn team_key(id: TeamId) -> String {
    format!("team:{id}")
}

/// The key of the findings and stories about a record.
pub(crate) fn about_key(record: RecordRef) -> String {
    format!("about:{}:{}", record.kind, record.id)
}

/// The key of the records that were merged into this one.
pub(crate) fn merged_key(id: MemberId) -> String {
    format!("merged_into:{id}")
}

/// The key of everybody whom another system knows.
pub fn system_key(system: &str) -> String {
    format!("system:{system}")
}

fn external(ids: &BTreeSet<ExternalId>) -> BTreeSet<String> {
    ids.iter().map(external_key).collect()
}
