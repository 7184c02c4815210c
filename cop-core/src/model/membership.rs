//! Memberships: a member in a team.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{MemberId, MembershipId, TeamId};
use crate::model::record::{closed, json_columns, record};

closed! {
    /// Something that happened between a member and a team; facts are only ever added.
    MembershipFact {
        /// A lead invited.
        Invited = "invited",
        /// The member asked.
        Requested = "requested",
        /// A lead approved.
        Approved = "approved",
        /// The member accepted.
        Accepted = "accepted",
        /// A lead turned the request down.
        Rejected = "rejected",
        /// A lead removed the member.
        Removed = "removed",
        /// The member left.
        Left = "left",
        /// The team's work is done.
        Completed = "completed",
    }
}

closed! {
    /// Why a membership is over.
    EndReason {
        /// A lead turned the request down.
        Rejected = "rejected",
        /// A lead removed the member.
        Removed = "removed",
        /// The member left.
        Left = "left",
        /// The team's work is done.
        Completed = "completed",
    }
}

closed! {
    /// Where a membership stands: a pure function of the facts.
    MembershipState {
        /// Invited, has not accepted.
        Invited = "invited",
        /// Asked, is not approved.
        Requested = "requested",
        /// A member of the team.
        Active = "active",
        /// Over; rejoining is a new membership.
        Ended = "ended",
    }
}

closed! {
    /// What a member may do in a team.
    TeamRole {
        /// Leads: admits, removes, publishes.
        Lead = "lead",
        /// Facilitates its meetings.
        Facilitator = "facilitator",
        /// Mentors others in it.
        Mentor = "mentor",
        /// Takes part.
        Member = "member",
        /// Watches.
        Observer = "observer",
    }
}

impl MembershipState {
    /// The state that `facts` amount to, in whatever order they came: an end wins; else, when one side
    /// offered and the other agreed, it is active; else invited; else requested.
    ///
    /// An invitation and a request that cross are an agreement.
    pub fn of(facts: &BTreeSet<MembershipFact>) -> Self {
        use MembershipFact as F;
        let has = |fact| facts.contains(&fact);
        if end_reason(facts).is_some() {
            MembershipState::Ended
        } else if (has(F::Invited) || has(F::Approved)) && (has(F::Requested) || has(F::Accepted)) {
            MembershipState::Active
        } else if has(F::Invited) {
            MembershipState::Invited
        } else {
            MembershipState::Requested
        }
    }
}

fn end_reason(facts: &BTreeSet<MembershipFact>) -> Option<EndReason> {
    use MembershipFact as F;
    [
        (F::Rejected, EndReason::Rejected),
        (F::Removed, EndReason::Removed),
        (F::Left, EndReason::Left),
        (F::Completed, EndReason::Completed),
    ]
    .into_iter()
    .find_map(|(fact, reason)| facts.contains(&fact).then_some(reason))
}

/// An answer of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question, as the team asked it then.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// What was decided about a request to take part, a request to join, or an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionDecision {
    /// Whether it was approved.
    pub approved: bool,
    /// Who decided; nobody for the host itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

json_columns!(AdmissionDecision);

record! {
    /// One episode of a member in a team.
    ///
    /// Its id is made from the member, the team and the episode, so two devices that record the same
    /// membership record one.
    Membership(MembershipId) {
        /// Who.
        member: MemberId = Immutable,
        /// In which team.
        team: TeamId = Immutable,
        /// The how-manieth time, from 1.
        episode: i64 = Immutable,
        /// What they may do in the team.
        roles: BTreeSet<TeamRole> = Set,
        /// What happened.
        facts: BTreeSet<MembershipFact> = Facts,
        /// Where it stands.
        state: MembershipState = Derived,
        /// Whether the community outside the team may see it; only the member widens it.
        public: bool = Register,
        /// What the application answered; for the member and those who lead.
        answers: Vec<Answer> = Register,
        /// What was decided about the request.
        decision: Option<AdmissionDecision> = Register,
    }
}

impl Membership {
    /// The id of the `episode`th membership of `member` in `team`.
    pub fn id_of(member: MemberId, team: TeamId, episode: i64) -> MembershipId {
        MembershipId::new(crate::id::natural(&format!("membership:{member}:{team}:{episode}")))
    }

    /// Why it ended, if it did.
    pub fn ended(&self) -> Option<EndReason> {
        end_reason(&self.facts)
    }

    /// Whether it is active with the role of lead.
    pub fn leads(&self) -> bool {
        self.state == MembershipState::Active && self.roles.contains(&TeamRole::Lead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MembershipFact as F;

    #[test]
    fn crossing_invitation_and_request_are_a_membership() {
        assert_eq!(MembershipState::of(&[F::Invited, F::Requested].into()), MembershipState::Active);
        assert_eq!(MembershipState::of(&[F::Invited].into()), MembershipState::Invited);
        assert_eq!(MembershipState::of(&[F::Requested].into()), MembershipState::Requested);
        assert_eq!(MembershipState::of(&[F::Requested, F::Approved].into()), MembershipState::Active);
        assert_eq!(MembershipState::of(&[F::Accepted].into()), MembershipState::Requested);
    }

    #[test]
    fn an_end_is_final_and_the_stronger_reason_wins() {
        let facts = [F::Invited, F::Accepted, F::Left, F::Removed].into();
        assert_eq!(MembershipState::of(&facts), MembershipState::Ended);
        assert_eq!(end_reason(&facts), Some(EndReason::Removed));
    }
}
