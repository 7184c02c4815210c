//! Findings: soft problems that the library noticed and shows, and that people settle.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{FindingId, MemberId, TeamId};
use crate::model::record::{RecordRef, closed, json_columns, record, vocabulary};

vocabulary! {
    /// What was noticed.
    FindingKind {
        /// Two live members have the same e-mail address.
        DuplicateEmail = "duplicate_email",
        /// A working team no longer meets its formation rule.
        FormationRule = "formation_rule",
        /// More people have seats than there are.
        OverCapacity = "over_capacity",
        /// A number was corrected: both values are kept.
        CorrectedNumber = "corrected_number",
        /// A team works without a lead.
        NoLead = "no_lead",
        /// A working group, course or cohort works beyond its term.
        TermOver = "term_over",
        /// A walk-in looks like a member.
        PossibleMember = "possible_member",
        /// A member without a current affiliation takes part.
        NoAffiliation = "no_affiliation",
    }
}

closed! {
    /// Where a finding stands.
    FindingState {
        /// It holds.
        Open = "open",
        /// Somebody settled it.
        Resolved = "resolved",
    }
}

/// Something that happened to a finding; facts are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingFact {
    /// It was noticed, for the how-manieth time.
    Raised(u32),
    /// It was settled, as often.
    Resolved(u32),
}

impl FindingState {
    /// The state that `facts` amount to: open while it was raised more often than settled.
    pub fn of(facts: &BTreeSet<FindingFact>) -> Self {
        let last = |of: fn(&FindingFact) -> Option<u32>| facts.iter().filter_map(of).max().unwrap_or(0);
        let raised = last(|fact| if let FindingFact::Raised(n) = fact { Some(*n) } else { None });
        let resolved = last(|fact| if let FindingFact::Resolved(n) = fact { Some(*n) } else { None });
        if raised > resolved { FindingState::Open } else { FindingState::Resolved }
    }

    /// How often it was raised.
    pub fn raised(facts: &BTreeSet<FindingFact>) -> u32 {
        facts
            .iter()
            .filter_map(|fact| if let FindingFact::Raised(n) = fact { Some(*n) } else { None })
            .max()
            .unwrap_or(0)
    }
}

/// How a finding was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// Who settled it; nobody for the host itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub note: String,
}
json_columns!(Resolution);

record! {
    /// A soft problem that the library noticed. It repairs nothing itself.
    ///
    /// Its id is made from what was noticed and about which records, so that it is noticed once.
    Finding(FindingId) {
        /// What.
        kind: FindingKind = Immutable,
        /// About which records.
        about: BTreeSet<RecordRef> = Immutable,
        /// The team whose leads see it too.
        team: Option<TeamId> = Immutable,
        /// What exactly, without names.
        detail: String = Register,
        /// What happened to it.
        facts: BTreeSet<FindingFact> = Facts,
        /// Where it stands.
        state: FindingState = Derived,
        /// How it was settled last.
        resolution: Option<Resolution> = Register,
    }
}

impl Finding {
    /// The id of this finding about these records.
    pub fn id_of(kind: &FindingKind, about: &BTreeSet<RecordRef>) -> FindingId {
        let about: Vec<String> = about.iter().map(|record| format!("{}:{}", record.kind.name(), record.id)).collect();
        FindingId::new(crate::id::natural(&format!("finding:{}:{}", kind.code(), about.join(","))))
    }
}
