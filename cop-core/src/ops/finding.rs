//! Findings: soft problems, raised where they arise or when somebody looks for them, and settled by people.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::team::permit_lead;
use super::{Decision, new_record};
use crate::error::{Error, Result};
use crate::id::{FindingId, TeamId};
use crate::model::{Finding, FindingFact, FindingKind, FindingState, RecordRef, Resolution};
use crate::ops::check::Check;
use crate::text::TITLE;

/// How a finding is settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingResolution {
    /// Which.
    pub finding: FindingId,
    /// How, 1 to 300 characters.
    pub note: String,
}

pub(super) fn resolve(decision: &mut Decision<'_>, input: &FindingResolution) -> Result<Finding> {
    let before = decision.subject::<Finding>(input.finding)?;
    permit_lead(decision, before.team)?;
    let mut check = Check::default();
    let note = check.text("note", &input.note, TITLE);
    check.input()?;
    if before.state == FindingState::Resolved {
        return Err(Error::precondition("finding", "finding.resolved", "it is settled already"));
    }
    let mut after = before.clone();
    after.facts.insert(FindingFact::Resolved(FindingState::raised(&after.facts)));
    after.state = FindingState::of(&after.facts);
    after.resolution = Some(Resolution { by: decision.actor().member(), at: decision.context.now, note });
    Ok(decision.change(before, after))
}

impl Decision<'_> {
    /// Raises a finding beside what the operation does; where it is open already, it says what is so now.
    pub(super) fn raise(
        &mut self,
        kind: FindingKind,
        about: impl IntoIterator<Item = RecordRef>,
        team: Option<TeamId>,
        detail: impl Into<String>,
    ) -> Result<()> {
        let about: BTreeSet<RecordRef> = about.into_iter().collect();
        let id = Finding::id_of(&kind, &about);
        if self.writes.iter().any(|write| write.after.reference() == id.into()) {
            return Ok(());
        }
        let detail = detail.into();
        let (live, gone) = self.known::<Finding>(id)?;
        match live {
            Some(before) => {
                let mut after = Finding { detail, ..before.clone() };
                if before.state == FindingState::Resolved {
                    after.facts.insert(FindingFact::Raised(FindingState::raised(&after.facts) + 1));
                    after.state = FindingState::of(&after.facts);
                }
                self.change(before, after);
            }
            None => {
                let facts = BTreeSet::from([FindingFact::Raised(1)]);
                let state = FindingState::of(&facts);
                let finding =
                    new_record!(self, Finding { id, kind, about, team, detail, facts, state, resolution: None });
                self.create_over(gone, finding)?;
            }
        }
        Ok(())
    }
}
