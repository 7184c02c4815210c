//! Mentorships: a tie between two members.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::id::{MemberId, MentorshipId, TeamId};
use crate::model::record::{closed, record, vocabulary};

vocabulary! {
    /// What ties the two.
    MentorshipKind {
        /// The one mentors the other.
        Mentoring = "mentoring",
        /// The one coaches the other.
        Coaching = "coaching",
        /// The one gives advice to the other.
        Advice = "advice",
        /// Both lead together.
        CoLeading = "co_leading",
    }
}

closed! {
    /// Something that happened to a mentorship; facts are only ever added.
    MentorshipFact {
        /// The one proposed it.
        Proposed = "proposed",
        /// The other accepted.
        Accepted = "accepted",
        /// It is over, or was declined.
        Ended = "ended",
    }
}

closed! {
    /// Where a mentorship stands: the strongest of its facts.
    MentorshipState {
        /// Proposed, not accepted.
        Proposed = "proposed",
        /// It is lived.
        Active = "active",
        /// It is over.
        Ended = "ended",
    }
}

impl MentorshipState {
    /// The state that `facts` amount to.
    pub fn of(facts: &BTreeSet<MentorshipFact>) -> Self {
        match facts.last() {
            Some(MentorshipFact::Ended) => MentorshipState::Ended,
            Some(MentorshipFact::Accepted) => MentorshipState::Active,
            _ => MentorshipState::Proposed,
        }
    }
}

record! {
    /// A tie between two members, which becomes active by the other's own act.
    Mentorship(MentorshipId) {
        /// What ties them.
        kind: MentorshipKind = Immutable,
        /// Who gives: the mentor, the coach.
        mentor: MemberId = Immutable,
        /// Who receives.
        mentee: MemberId = Immutable,
        /// Who proposed it; the other accepts.
        proposed_by: MemberId = Immutable,
        /// The team in which it is lived.
        team: Option<TeamId> = Immutable,
        /// What the two want to reach.
        goals: String = Register,
        /// First day.
        since: Option<NaiveDate> = Register,
        /// Last day.
        until: Option<NaiveDate> = Register,
        /// What happened.
        facts: BTreeSet<MentorshipFact> = Facts,
        /// Where it stands.
        state: MentorshipState = Derived,
    }
}

impl Mentorship {
    /// Who has to accept it.
    pub fn accepts(&self) -> MemberId {
        if self.proposed_by == self.mentor { self.mentee } else { self.mentor }
    }

    /// Whether the member is one of the two.
    pub fn ties(&self, member: MemberId) -> bool {
        self.mentor == member || self.mentee == member
    }
}
