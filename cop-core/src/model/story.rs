//! Stories: what the community is worth to its members, told with their consent.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{MemberId, StoryId, TeamId};
use crate::model::record::{RecordRef, closed, record, vocabulary};
use crate::model::values::Language;
use crate::model::visibility::Visibility;

vocabulary! {
    /// What a story is.
    StoryKind {
        /// How an activity led to value (Wenger, Trayner & de Laat 2011).
        ValueCreation = "value_creation",
        /// What somebody says of the community.
        Testimonial = "testimonial",
        /// What came of something.
        OutcomeReport = "outcome_report",
    }
}

vocabulary! {
    /// A cycle of value creation (Wenger, Trayner & de Laat 2011).
    Value {
        /// Activities and interactions.
        Immediate = "immediate",
        /// Knowledge capital.
        Potential = "potential",
        /// Changes in practice.
        Applied = "applied",
        /// Better performance.
        Realized = "realized",
        /// New ideas of what success is.
        Reframing = "reframing",
    }
}

closed! {
    /// How the teller is named.
    Attribution {
        /// Not at all.
        Anonymous = "anonymous",
        /// By role and organization.
        Role = "role",
        /// By name.
        Name = "name",
    }
}

closed! {
    /// Where the teller's consent stands.
    ConsentState {
        /// Nothing was said.
        None = "none",
        /// Given, within its scope.
        Granted = "granted",
        /// Taken back, for ever.
        Withdrawn = "withdrawn",
    }
}

/// Something the teller said about consent; facts are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentFact {
    /// Given.
    Granted(Consent),
    /// Taken back.
    Withdrawn,
}

/// What the teller consents to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Consent {
    /// The how-manieth time, from 1: the last one counts.
    pub number: u32,
    /// Who may read the story.
    pub scope: Visibility,
    /// How the teller is named.
    pub attribution: Attribution,
}

impl ConsentState {
    /// The consent that `facts` amount to: withdrawn is final; else the last grant, and of two that were given
    /// at the same time the narrower.
    pub fn of(facts: &BTreeSet<ConsentFact>) -> (Self, Option<&Consent>) {
        if facts.contains(&ConsentFact::Withdrawn) {
            return (ConsentState::Withdrawn, None);
        }
        let grants = facts.iter().filter_map(|fact| match fact {
            ConsentFact::Granted(consent) => Some(consent),
            ConsentFact::Withdrawn => None,
        });
        // Scopes are ordered from wide to narrow, attributions from narrow to wide.
        let last = grants.max_by_key(|consent| (consent.number, consent.scope, std::cmp::Reverse(consent.attribution)));
        match last {
            Some(consent) => (ConsentState::Granted, Some(consent)),
            None => (ConsentState::None, None),
        }
    }
}

record! {
    /// A value-creation story, a testimonial or a report.
    Story(StoryId) {
        /// What it is.
        kind: StoryKind = Register,
        /// Its title, 1 to 300 characters.
        title: String = Register,
        /// The story; at most 200,000 characters.
        body: String = Register,
        /// Its language.
        language: Language = Register,
        /// What it is about.
        about: BTreeSet<RecordRef> = Set,
        /// The team it comes from.
        team: Option<TeamId> = Immutable,
        /// Whose story it is, where they are a member and want to be known as its teller.
        teller: Option<MemberId> = Immutable,
        /// What it was worth.
        worth: BTreeSet<Value> = Set,
        /// What the teller said about consent.
        facts: BTreeSet<ConsentFact> = Facts,
        /// Where consent stands.
        consent: ConsentState = Derived,
    }
}

impl Story {
    /// What the teller consents to, at present.
    pub fn granted(&self) -> Option<&Consent> {
        ConsentState::of(&self.facts).1
    }

    /// Who decides about it: the teller, or who wrote an anonymous story down.
    pub fn owner(&self) -> Option<MemberId> {
        self.teller.or(self.created_by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(number: u32, scope: Visibility, attribution: Attribution) -> ConsentFact {
        ConsentFact::Granted(Consent { number, scope, attribution })
    }

    #[test]
    fn the_last_grant_counts_and_withdrawal_is_final() {
        let (wide, narrow) = (Visibility::Public, Visibility::Community);
        let facts = [grant(1, wide, Attribution::Name), grant(2, narrow, Attribution::Role)].into();
        assert_eq!(ConsentState::of(&facts).1.map(|c| c.scope), Some(narrow));
        let both = [grant(1, wide, Attribution::Name), grant(1, narrow, Attribution::Anonymous)].into();
        assert_eq!(ConsentState::of(&both).1.map(|c| c.scope), Some(narrow), "of two, the narrower");
        let over = [grant(9, wide, Attribution::Name), ConsentFact::Withdrawn].into();
        assert_eq!(ConsentState::of(&over), (ConsentState::Withdrawn, None));
    }
}
