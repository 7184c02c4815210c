//! Members: people known to the community, with dated affiliations.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::id::{MemberId, OrganizationId};
use crate::model::membership::AdmissionDecision;
use crate::model::organization::ExternalId;
use crate::model::record::{closed, record, vocabulary};
use crate::model::values::{Email, Grade, SchoolYear};

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

/// Something that happened to a member; facts are only ever added.
///
/// Each says for the how-manieth time: who left and comes back begins anew, and pauses are counted on. Written
/// `left`, and from the second time on `left:2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberFact {
    /// What happened.
    pub event: MemberEvent,
    /// For the how-manieth time, from 1.
    pub number: u32,
}

closed! {
    /// What happens to a member.
    MemberEvent {
        /// Someone entitled invited them.
        Invited = "invited",
        /// They asked to take part.
        Requested = "requested",
        /// A lead of their region, or a steward, approved.
        Approved = "approved",
        /// They accepted.
        Accepted = "accepted",
        /// They became active by their own act, or by import.
        Activated = "activated",
        /// They take a break.
        Paused = "paused",
        /// They are back from it.
        Resumed = "resumed",
        /// Their request was turned down.
        Declined = "declined",
        /// They left.
        Left = "left",
        /// They were removed.
        Removed = "removed",
        /// They asked to be forgotten.
        Erased = "erased",
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
        /// Admitted by both sides, on the way in.
        Onboarding = "onboarding",
        /// Takes part.
        Active = "active",
        /// Takes a break.
        Paused = "paused",
        /// Takes part no longer.
        Ended = "ended",
        /// Is somebody else's second record.
        Merged = "merged",
        /// Is forgotten.
        Erased = "erased",
    }
}

impl MemberFact {
    /// The event, for the first time.
    pub const fn new(event: MemberEvent) -> Self {
        Self { event, number: 1 }
    }

    /// The event, for the how-manieth time.
    pub const fn nth(event: MemberEvent, number: u32) -> Self {
        Self { event, number }
    }
}

impl std::fmt::Display for MemberFact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number {
            1 => f.write_str(self.event.code()),
            number => write!(f, "{}:{number}", self.event.code()),
        }
    }
}

impl std::str::FromStr for MemberFact {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = || Problem::new("", "fact.format", "write a fact as left, or left:2 for the second time");
        let (event, number) = match text.split_once(':') {
            Some((event, number)) => (event, number.parse().ok().filter(|n| *n > 1).ok_or_else(bad)?),
            None => (text, 1),
        };
        Ok(Self { event: event.parse().map_err(|_| bad())?, number })
    }
}

impl Serialize for MemberFact {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MemberFact {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::model::record::parsed(d)
    }
}

/// How often it was over before.
fn ends(facts: &BTreeSet<MemberFact>) -> u32 {
    use MemberEvent as E;
    facts.iter().filter(|f| matches!(f.event, E::Declined | E::Left | E::Removed)).map(|f| f.number).max().unwrap_or(0)
}

/// How often this happened.
fn count(facts: &BTreeSet<MemberFact>, event: MemberEvent) -> u32 {
    facts.iter().filter(|fact| fact.event == event).map(|fact| fact.number).max().unwrap_or(0)
}

impl MemberState {
    /// The state that `facts` amount to, in whatever order they came.
    ///
    /// Erased beats merged, and both beat the rest. What was over `n` times goes on with the facts numbered
    /// `n + 1`: activated wins; else, when one side offered and the other agreed, it is onboarding; else invited,
    /// else requested. Who is active is paused while they paused more often than they resumed.
    pub fn of(facts: &BTreeSet<MemberFact>, merged: bool) -> Self {
        use MemberEvent as E;
        let time = ends(facts) + 1;
        let has = |event| facts.contains(&MemberFact::nth(event, time));
        if count(facts, E::Erased) > 0 {
            MemberState::Erased
        } else if merged {
            MemberState::Merged
        } else if has(E::Activated) {
            match count(facts, E::Paused) > count(facts, E::Resumed) {
                true => MemberState::Paused,
                false => MemberState::Active,
            }
        } else if (has(E::Invited) || has(E::Approved)) && (has(E::Requested) || has(E::Accepted)) {
            MemberState::Onboarding
        } else if has(E::Invited) || has(E::Approved) {
            MemberState::Invited
        } else if has(E::Requested) || has(E::Accepted) {
            MemberState::Requested
        } else if time > 1 {
            MemberState::Ended
        } else {
            MemberState::Known
        }
    }
}

/// A member's commitment to take part in a school year: only they can make it, once a year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Commitment {
    /// The year.
    pub school_year: SchoolYear,
    /// When they committed.
    pub at: DateTime<Utc>,
}

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
        /// Their pronouns.
        pronouns: Option<String> = Register,
        /// A few words about themselves.
        bio: Option<String> = Register,
        /// The steps of onboarding they have taken.
        steps: BTreeSet<String> = Set,
        /// The school years they committed to.
        commitments: BTreeSet<Commitment> = Append,
        /// What was decided about their request to take part; for the member and stewards only.
        decision: Option<AdmissionDecision> = Register,
        /// The records that are the same person's.
        same_as: BTreeSet<MemberId> = Facts,
        /// The record that stands for the person: the smallest id of all that are the same, unless it is this one.
        merged_into: Option<MemberId> = Derived,
    }
}

impl Member {
    /// Whether they take part in the community now.
    pub fn is_live(&self) -> bool {
        self.state == MemberState::Active
    }

    /// Whether they committed to take part in the school year.
    pub fn commits_to(&self, school_year: SchoolYear) -> bool {
        self.commitments.iter().any(|made| made.school_year == school_year)
    }

    /// For the how-manieth time this is: 1, and one more each time it was over.
    pub fn time(&self) -> u32 {
        ends(&self.facts) + 1
    }

    /// How often this happened to them.
    pub fn times(&self, event: MemberEvent) -> u32 {
        count(&self.facts, event)
    }

    /// Adds something that happened now; the state follows.
    pub(crate) fn add_fact(&mut self, event: MemberEvent) {
        let number = match event {
            MemberEvent::Paused | MemberEvent::Resumed => self.times(event) + 1,
            MemberEvent::Erased => 1,
            _ => self.time(),
        };
        self.facts.insert(MemberFact::nth(event, number));
        let paused = self.times(MemberEvent::Paused);
        if event == MemberEvent::Activated && paused > self.times(MemberEvent::Resumed) {
            // Whoever left during a break comes back from the break, too.
            self.facts.insert(MemberFact::nth(MemberEvent::Resumed, paused));
        }
        self.settle();
    }

    /// Makes the state what the facts amount to.
    pub(crate) fn settle(&mut self) {
        self.state = MemberState::of(&self.facts, self.merged_into.is_some());
    }

    /// Whether they hold `role` and take part.
    pub fn holds(&self, role: CommunityRole) -> bool {
        self.is_live() && self.roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(facts: &[&str]) -> MemberState {
        MemberState::of(&facts.iter().map(|fact| fact.parse().expect("a fact")).collect(), false)
    }

    #[test]
    fn a_member_comes_pauses_goes_and_comes_again() {
        assert_eq!(state(&[]), MemberState::Known);
        assert_eq!(state(&["requested"]), MemberState::Requested);
        assert_eq!(state(&["requested", "approved"]), MemberState::Onboarding);
        assert_eq!(state(&["requested", "invited"]), MemberState::Onboarding, "both asked for it");
        let joined = ["requested", "approved", "activated"];
        assert_eq!(state(&joined), MemberState::Active);
        assert_eq!(state(&[&joined[..], &["paused"]].concat()), MemberState::Paused);
        assert_eq!(state(&[&joined[..], &["paused", "resumed"]].concat()), MemberState::Active);
        let left = [&joined[..], &["left"]].concat();
        assert_eq!(state(&left), MemberState::Ended);
        assert_eq!(state(&[&left[..], &["invited:2"]].concat()), MemberState::Invited);
        assert_eq!(state(&[&left[..], &["invited:2", "accepted:2", "activated:2"]].concat()), MemberState::Active);
        assert_eq!(state(&[&left[..], &["invited:2", "erased"]].concat()), MemberState::Erased);
        assert_eq!(
            state(&[&left[..], &["paused", "activated:2"]].concat()),
            MemberState::Paused,
            "left during a break"
        );
        assert_eq!(state(&[&left[..], &["paused", "activated:2", "resumed"]].concat()), MemberState::Active);
    }

    #[test]
    fn facts_have_one_spelling() {
        for text in ["left", "left:2"] {
            assert_eq!(text.parse::<MemberFact>().expect("a fact").to_string(), text);
        }
        for bad in ["left:1", "left:0", "left:x", "gone", ""] {
            assert_eq!(bad.parse::<MemberFact>().unwrap_err().code, "fact.format", "{bad}");
        }
    }
}
