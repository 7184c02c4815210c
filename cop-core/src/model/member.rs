//! Members: people known to the community, with dated affiliations.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{MemberId, OrganizationId};
use crate::model::organization::ExternalId;
use crate::model::record::{closed, json_columns, record, vocabulary};
use crate::model::values::{Email, Grade};

vocabulary! {
    /// What a member does in an organization.
    Role {
        /// Teaches.
        Teacher = "teacher",
        /// Coaches teachers.
        Coach = "coach",
        /// A subject or programme specialist.
        Specialist = "specialist",
        /// Leads a school.
        SiteAdmin = "site_admin",
        /// Leads in a district.
        DistrictAdmin = "district_admin",
        /// Leads in a county office.
        CountyLeader = "county_leader",
        /// Teaches or works at a university.
        UniversityPartner = "university_partner",
        /// Studies the community.
        Researcher = "researcher",
        /// Works with a partner organization.
        CommunityPartner = "community_partner",
    }
}

/// A member's place in an organization over a span of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Affiliation {
    /// Where.
    pub organization: OrganizationId,
    /// As what.
    pub role: Role,
    /// The grades taught, where that applies.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub grades: BTreeSet<Grade>,
    /// First day; unknown means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// Last day; none means it still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl Affiliation {
    /// A current affiliation with no known beginning.
    pub fn new(organization: OrganizationId, role: Role) -> Self {
        Self { organization, role, grades: BTreeSet::new(), since: None, until: None }
    }

    /// Whether it holds on `date`; both ends count.
    pub fn in_force(&self, date: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= date) && self.until.is_none_or(|until| date <= until)
    }
}

closed! {
    /// What a member may do in the community as a whole.
    CommunityRole {
        /// Answers for the community; there is always one.
        Owner = "owner",
        /// Looks after members, data and resources.
        Steward = "steward",
        /// Brings teams together and facilitates.
        Convener = "convener",
        /// Takes part.
        Member = "member",
        /// Watches: a researcher or guest without access to members' material.
        Observer = "observer",
    }
}

closed! {
    /// Who sees a member's e-mail addresses.
    Contact {
        /// The member and stewards.
        Private = "private",
        /// Every live member of the community.
        Community = "community",
    }
}

closed! {
    /// Something that happened to a member; facts are only ever added.
    MemberFact {
        /// Someone entitled invited them.
        Invited = "invited",
        /// They asked to join.
        Requested = "requested",
        /// They became active by their own act, or by import.
        Activated = "activated",
        /// They left or were removed.
        Ended = "ended",
    }
}

closed! {
    /// Where a member stands: a pure function of the facts.
    MemberState {
        /// Known, without any fact yet.
        Known = "known",
        /// Invited, has not answered.
        Invited = "invited",
        /// Has asked, is not admitted.
        Requested = "requested",
        /// Takes part.
        Active = "active",
        /// Takes part no longer.
        Ended = "ended",
    }
}

impl MemberState {
    /// The state that `facts` amount to: ended wins over active, active over invited, invited over requested.
    pub fn of(facts: &BTreeSet<MemberFact>) -> Self {
        if facts.contains(&MemberFact::Ended) {
            MemberState::Ended
        } else if facts.contains(&MemberFact::Activated) {
            MemberState::Active
        } else if facts.contains(&MemberFact::Invited) {
            MemberState::Invited
        } else if facts.contains(&MemberFact::Requested) {
            MemberState::Requested
        } else {
            MemberState::Known
        }
    }
}

json_columns!(BTreeSet<Email>, BTreeSet<Affiliation>, BTreeSet<CommunityRole>, BTreeSet<MemberFact>);

record! {
    /// A person known to the community.
    Member(MemberId) {
        /// Given name, 1 to 200 characters.
        given: String = Register,
        /// Family name, 1 to 200 characters.
        family: String = Register,
        /// The name to show, 1 to 200 characters.
        display: String = Register,
        /// Their addresses; empty for viewers that `contact` keeps out.
        emails: BTreeSet<Email> = Set,
        /// Who sees the addresses.
        contact: Contact = Register,
        /// Where they work, as what, since when.
        affiliations: BTreeSet<Affiliation> = Append,
        /// What other systems call them; for the member and stewards only.
        external_ids: BTreeSet<ExternalId> = Set,
        /// What they may do in the community.
        roles: BTreeSet<CommunityRole> = Set,
        /// What happened to them.
        facts: BTreeSet<MemberFact> = Facts,
        /// Where they stand.
        state: MemberState = Derived,
    }
}

impl Member {
    /// Whether they take part in the community now.
    pub fn is_live(&self) -> bool {
        self.state == MemberState::Active
    }

    /// Whether they hold `role` and take part.
    pub fn holds(&self, role: CommunityRole) -> bool {
        self.is_live() && self.roles.contains(&role)
    }
}
