//! A roster's organizations: found again or added, those above first.

use std::collections::{BTreeMap, HashSet};

use super::apply::Import;
use super::parse::ORGS;
use super::rows::Org;
use crate::error::Result;
use crate::id::OrganizationId;
use crate::interop::run::Place;
use crate::interop::{ImportIssue, Severity};
use crate::model::{AnyRecord, ExternalId, Organization, OrganizationStatus, RecordKind};
use crate::ops::{NewOrganization, Op, OrganizationEdit};

/// No tree of organizations is deeper.
const MAX_DEPTH: usize = 16;

impl Import<'_, '_, '_> {
    pub(super) fn organizations(&mut self) -> Result<()> {
        let rows: BTreeMap<&str, &Org> = self.roster.orgs.iter().map(|org| (org.id.as_str(), org)).collect();
        let mut done = HashSet::new();
        for org in &self.roster.orgs {
            // Those above first: up until one that is done, then down again.
            let mut chain = vec![org];
            while let Some(above) = chain.last().and_then(|org| rows.get(org.parent.as_deref()?)) {
                let circular = chain.len() >= MAX_DEPTH || chain.iter().any(|below| below.id == above.id);
                if circular || done.contains(above.id.as_str()) {
                    break;
                }
                chain.push(above);
            }
            for org in chain.into_iter().rev() {
                if done.insert(org.id.as_str()) {
                    self.organization(org)?;
                    self.run.step()?;
                }
            }
        }
        Ok(())
    }

    fn organization(&mut self, org: &Org) -> Result<()> {
        let place = Place { file: ORGS, row: org.line };
        let before = match self.find_organization(org)? {
            Some(before) => before,
            None if org.gone => {
                self.run.report.skip("inactive_organizations");
                return Ok(());
            }
            None => return self.add_organization(org, place),
        };
        self.orgs.insert(org.id.clone(), Some(before.id));
        let position = self.run.tx.position();
        let mut edit = OrganizationEdit::new(before.id);
        edit.external_ids = self.ids(org);
        edit.status = match (org.gone, before.status) {
            (true, _) => Some(OrganizationStatus::Closed.code().to_owned()),
            (false, OrganizationStatus::Closed) => Some(OrganizationStatus::Active.code().to_owned()),
            _ => None,
        };
        // An organization with a CDS code is what the state's directory says.
        if before.cds.is_none() {
            edit.name = Some(org.name.clone());
            edit.kind = Some(org.kind.clone());
            if let Some(parent) = self.parent(org)?.filter(|parent| Some(*parent) != before.parent) {
                let mut with_parent = OrganizationEdit::new(before.id);
                with_parent.parent = Some(parent);
                self.run.attempt(Op::ReviseOrganization(with_parent), place, Severity::Warning)?;
            }
        }
        self.run.attempt(Op::ReviseOrganization(edit), place, Severity::Warning)?;
        let wrote = self.run.tx.position() > position;
        let count = self.run.report.count(RecordKind::Organization);
        match (wrote, org.gone) {
            (true, true) => count.deactivated += 1,
            (true, false) => count.updated += 1,
            (false, _) => count.unchanged += 1,
        }
        Ok(())
    }

    fn add_organization(&mut self, org: &Org, place: Place<'_>) -> Result<()> {
        let mut new = NewOrganization::new(&org.kind, &org.name);
        new.external_ids = self.ids(org);
        new.cds = org.cds.map(|cds| cds.to_string());
        new.parent = self.parent(org)?;
        // First as the file has it, then without what does not fit: a code of another level, a parent below.
        let mut tries = vec![(new.clone(), Severity::Warning)];
        if new.cds.is_some() {
            tries.push((NewOrganization { cds: None, ..new.clone() }, Severity::Warning));
        }
        tries.push((NewOrganization { cds: None, parent: None, ..new }, Severity::Error));
        for (new, severity) in tries {
            if let Some(record) = self.run.attempt(Op::AddOrganization(new), place, severity)? {
                self.orgs.insert(org.id.clone(), Some(record.header().id.into()));
                self.run.report.count(RecordKind::Organization).added += 1;
                break;
            }
        }
        Ok(())
    }

    /// The organization of this `sourcedId`, or else of this CDS code.
    fn find_organization(&self, org: &Org) -> Result<Option<Organization>> {
        let by_id = self.run.tx.find(RecordKind::Organization, &self.external(&org.id))?;
        let found = match (by_id.into_iter().next(), org.cds) {
            (Some(found), _) => Some(found),
            (None, Some(cds)) => {
                self.run.tx.with_key(RecordKind::Organization, &format!("cds:{cds}"))?.into_iter().next()
            }
            (None, None) => None,
        };
        Ok(found.and_then(|record| if let AnyRecord::Organization(found) = record { Some(found) } else { None }))
    }

    fn ids(&self, org: &Org) -> Vec<ExternalId> {
        let mut ids = vec![self.external(&org.id)];
        let other = org.identifier.as_ref();
        ids.extend(other.map(|value| ExternalId::new(format!("{}:identifier", self.system), value.as_str())));
        ids
    }

    fn parent(&mut self, org: &Org) -> Result<Option<OrganizationId>> {
        let Some(parent) = &org.parent else { return Ok(None) };
        let depth = self.depths.get(parent).map_or(1, |above| above + 1);
        let found = self.resolve(parent)?.filter(|_| *parent != org.id && depth < MAX_DEPTH);
        if found.is_some() {
            self.depths.insert(org.id.clone(), depth);
        } else if depth >= MAX_DEPTH {
            let issue = ImportIssue::warning(ORGS, "oneroster.too_deep", "no tree is so deep; left without parent");
            self.run.report.push(issue.row(org.line).field("parentSourcedId"));
        } else {
            let issue =
                ImportIssue::warning(ORGS, "oneroster.unknown_org", "no such organization; left without parent");
            self.run.report.push(issue.row(org.line).field("parentSourcedId"));
        }
        Ok(found)
    }
}
