//! The entities file of California's assessment results (CAASPP): the state, its counties, districts and
//! schools with their CDS codes.
//!
//! | column | here |
//! |---|---|
//! | County Code, District Code, School Code | the CDS code; the id is made from it |
//! | Type ID 4 · 5 · 6 · 7, 9, 10 | `state` · `county_office` · `district` · `school` (9 and 10 are charter schools) |
//! | School Name, District Name, County Name | the name: of these the one of the entity's level |
//! | the code above | the parent; a charter school's district is the one its code names |
//!
//! Columns are found by name, whatever their order; the years before 2022 are quoted CSV and read as well.

use std::collections::HashSet;

use super::csv::{Column, Row, Table};
use super::run::{Place, Run, run};
use super::{ImportIssue, ImportOptions, ImportReport, Severity};
use crate::error::{Error, Problem, Result};
use crate::model::{CdsCode, CdsLevel, Organization, OrganizationKind, RecordKind, RecordRef};
use crate::ops::{NewOrganization, Op, OrganizationEdit};
use crate::session::{OnProgress, Session};
use crate::text::{NAME, normalise};

const FILE: &str = "entities";

const COLUMNS: &[Column] = &[
    Column::required("County Code"),
    Column::required("District Code"),
    Column::required("School Code"),
    Column::required("Type ID"),
    Column::required("County Name"),
    Column::required("District Name"),
    Column::required("School Name"),
];

/// A row of the file.
struct Entity {
    line: u64,
    cds: CdsCode,
    kind: OrganizationKind,
    name: String,
}

impl Session {
    /// Imports California's directory of public schools, districts and county offices (the entities file that
    /// comes with the CAASPP results, `^`-separated or CSV, Windows-1252 or UTF-8).
    ///
    /// The directory is the authority for names, kinds and parents of what has a CDS code. Heeds `mode` and
    /// `repair_cds`. See [`interop`](crate::interop).
    ///
    /// # Errors
    /// `InvalidInput` when columns are missing (`csv.…`), `NotPermitted` for members who do not look after
    /// the community, `Interrupted` when `progress` breaks. Nothing is written then.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use cop_core::interop::ImportOptions;
    /// use cop_core::{Community, NewCommunity, RecordKind};
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// let file = b"County Code^District Code^School Code^Type ID^County Name^District Name^School Name\r\n\
    ///     00^00000^0000000^4^State Of California^^\r\n\
    ///     07^00000^0000000^5^Contra Costa^^\r\n\
    ///     07^61655^0000000^6^Contra Costa^Brentwood Union^\r\n\
    ///     07^61655^0142331^7^Contra Costa^Brentwood Union^Isaac R. Monta\xf1ez Elementary\r\n";
    /// let report = cop.steward().import_ca_directory(file, &ImportOptions::new(), &mut |_| ControlFlow::Continue(()))?;
    /// assert_eq!(report.of(RecordKind::Organization).added, 4);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    pub fn import_ca_directory(
        &self,
        bytes: &[u8],
        options: &ImportOptions,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport> {
        let mut report = ImportReport::new(options.mode);
        let entities = parse(bytes, options, &mut report)?;
        run(self, report, entities.len() as u64, progress, |run| {
            for entity in &entities {
                apply(run, entity)?;
                run.step()?;
            }
            Ok(())
        })
    }
}

/// The entities, those above before those below.
fn parse(bytes: &[u8], options: &ImportOptions, report: &mut ImportReport) -> Result<Vec<Entity>> {
    let table = Table::open(FILE, bytes, COLUMNS, report).map_err(Error::InvalidInput)?;
    let (mut entities, mut seen) = (Vec::new(), HashSet::new());
    table.rows(report, |row, report| match read(row, options, report) {
        Ok(entity) if seen.insert(entity.cds) => entities.push(entity),
        Ok(_) => {
            let issue = ImportIssue::error(FILE, "directory.duplicate_code", "the code was seen before in this file");
            report.push(issue.row(row.line).field("School Code"));
        }
        Err(problem) => report.push(ImportIssue::problem(Severity::Error, FILE, &problem).row(row.line)),
    });
    entities.sort_by_key(|entity| entity.kind.rank());
    Ok(entities)
}

fn read(row: &Row<'_>, options: &ImportOptions, report: &mut ImportReport) -> Result<Entity, Problem> {
    let kind = match row.get("Type ID").trim_start_matches('0') {
        "4" => OrganizationKind::State,
        "5" => OrganizationKind::CountyOffice,
        "6" => OrganizationKind::District,
        "7" | "9" | "10" => OrganizationKind::School,
        _ => return Err(Problem::new("Type ID", "directory.type", "a type is 4, 5, 6, 7, 9 or 10")),
    };
    let [county, district, school] = ["County Code", "District Code", "School Code"].map(|column| row.get(column));
    let cds = match CdsCode::from_parts(county, district, school) {
        Err(_) if options.repair_cds => {
            let repaired = CdsCode::from_parts(&padded(county, 2), &padded(district, 5), &padded(school, 7));
            if repaired.is_ok() {
                report.push(ImportIssue::note(FILE, "cds.repaired", "leading zeros were put back").row(row.line));
            }
            repaired
        }
        read => read,
    }
    .map_err(|problem| problem.at("School Code"))?;
    let (level, column) = match cds.level() {
        CdsLevel::State => (OrganizationKind::State, "County Name"),
        CdsLevel::County => (OrganizationKind::CountyOffice, "County Name"),
        CdsLevel::District => (OrganizationKind::District, "District Name"),
        CdsLevel::School => (OrganizationKind::School, "School Name"),
    };
    if level != kind {
        return Err(Problem::new("Type ID", "cds.level", "the code's level does not fit the type"));
    }
    let name = normalise(row.get(column), NAME).map_err(|problem| problem.at(column))?;
    Ok(Entity { line: row.line, cds, kind, name })
}

fn padded(code: &str, width: usize) -> String {
    format!("{code:0>width$}")
}

fn apply(run: &mut Run<'_, '_>, entity: &Entity) -> Result<()> {
    let place = Place { file: FILE, row: entity.line };
    let organization = |cds| RecordRef { kind: RecordKind::Organization, id: Organization::id_of_cds(cds).uuid() };
    let mut parent = None;
    if let Some(above) = entity.cds.parent() {
        parent = run.tx.get(organization(above))?.map(|record| record.header().id.into());
        if parent.is_none() {
            let issue = ImportIssue::warning(FILE, "directory.missing_parent", "the organization above is not known");
            run.report.push(issue.row(entity.line));
        }
    }
    let position = run.tx.position();
    let known = run.tx.get(organization(entity.cds))?.is_some();
    let op = if known {
        let mut edit = OrganizationEdit::new(Organization::id_of_cds(entity.cds));
        (edit.kind, edit.name) = (Some(entity.kind.to_string()), Some(entity.name.clone()));
        edit.parent = parent;
        Op::ReviseOrganization(edit)
    } else {
        let mut new = NewOrganization::new(entity.kind.code(), &entity.name).with_cds(entity.cds.as_str());
        new.parent = parent;
        Op::AddOrganization(new)
    };
    if run.attempt(op, place, Severity::Error)?.is_some() {
        let wrote = run.tx.position() > position;
        let count = run.report.count(RecordKind::Organization);
        match (known, wrote) {
            (false, _) => count.added += 1,
            (true, true) => count.updated += 1,
            (true, false) => count.unchanged += 1,
        }
    }
    Ok(())
}
