//! CASE 1.0 and 1.1 packages (1EdTech CFPackage): a framework, its standards and their associations.
//!
//! | CASE | here |
//! |---|---|
//! | CFDocument `identifier`, `title`, `creator`, `version`, `language` | the framework's fields |
//! | CFItem `identifier`, `humanCodingScheme`, `fullStatement`, `CFItemType`, `educationLevel` | the standard's fields |
//! | CFAssociation `identifier`, `associationType`, both ends, `sequenceNumber` | the association's fields |
//! | `isChildOf` between items of the package | also the standard's parent |
//! | `sequenceNumber`, else the order in the file | the standard's place among its siblings |
//! | `CFDefinitions`, `CFRubrics` and whatever else the package has | the framework's `extra`, under those names |
//! | every other field | `extra`, as it came |
//!
//! Nothing gets lost: what a field here cannot hold exactly (other spelling of the key, other type, blanks
//! around it, more than the community keeps) stays in `extra` besides. Ends of associations may lie outside
//! the package. Read leniently: keys in any capitalisation, `is_child_of` and `child` for `isChildOf`,
//! identifiers that differ in case, bare strings for link objects, an array of packages.

mod object;
mod parse;

use crate::error::Result;
use crate::interop::run::{Place, Run, run};
use crate::interop::{ImportOptions, ImportReport, Severity};
use crate::model::{Association, Framework, RecordKind, RecordRef, Standard};
use crate::ops::Op;
use crate::session::{OnProgress, Session};

impl Session {
    /// Imports a CASE CFPackage, or an array of them, from JSON.
    ///
    /// Records are known again by their GUIDs; the same package again changes nothing. What a newer package
    /// no longer has, stays. Heeds `mode`. See [`interop`](crate::interop).
    ///
    /// # Errors
    /// `InvalidInput` for what is no JSON (`json.syntax`), no package (`case.not_a_package`) or a package whose
    /// document has no identifier; `NotPermitted` for members who do not look after the community;
    /// `Interrupted` when `progress` breaks. Nothing is written then.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use cop_core::interop::ImportOptions;
    /// use cop_core::{Community, NewCommunity, RecordKind};
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// let package = br#"{
    ///     "CFDocument": {"identifier": "0880115e-020d-54ec-81cd-3810018f8484", "title": "CCSS-M", "creator": "CCSSO"},
    ///     "CFItems": [{"identifier": "x1", "humanCodingScheme": "3.NF.A.2", "fullStatement": "Understand a fraction as a number."}]
    /// }"#;
    /// let report = cop.steward().import_case(package, &ImportOptions::new(), &mut |_| ControlFlow::Continue(()))?;
    /// assert_eq!(report.of(RecordKind::Standard).added, 1);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    pub fn import_case(&self, bytes: &[u8], options: &ImportOptions, progress: OnProgress<'_>) -> Result<ImportReport> {
        let mut report = ImportReport::new(options.mode);
        let packages = parse::parse(bytes, &mut report)?;
        let total = packages.iter().map(|package| 1 + package.standards.len() + package.associations.len());
        let total = total.sum::<usize>() as u64;
        run(self, report, total, progress, |run| packages.into_iter().try_for_each(|package| apply(run, package)))
    }
}

fn apply(run: &mut Run<'_, '_>, package: parse::Package) -> Result<()> {
    let id = Framework::id_of(&package.framework.identifier);
    let kept = record(run, RecordKind::Framework, id.uuid(), "CFDocument", 1, Op::RecordFramework(package.framework))?;
    if !kept {
        return Ok(());
    }
    for (row, standard) in package.standards {
        let id = Standard::id_of(standard.framework, &standard.identifier);
        record(run, RecordKind::Standard, id.uuid(), parse::ITEMS, row, Op::RecordStandard(standard))?;
    }
    for (row, association) in package.associations {
        let id = Association::id_of(association.framework, &association.identifier);
        record(run, RecordKind::Association, id.uuid(), parse::ASSOCIATIONS, row, Op::RecordAssociation(association))?;
    }
    Ok(())
}

/// Records one thing and counts it; answers whether it is there now.
fn record(run: &mut Run<'_, '_>, kind: RecordKind, id: uuid::Uuid, file: &str, row: u64, op: Op) -> Result<bool> {
    let known = run.tx.get(RecordRef { kind, id })?.is_some();
    let position = run.tx.position();
    let kept = run.attempt(op, Place { file, row }, Severity::Error)?.is_some();
    if kept {
        let wrote = run.tx.position() > position;
        let count = run.report.count(kind);
        match (known, wrote) {
            (false, _) => count.added += 1,
            (true, true) => count.updated += 1,
            (true, false) => count.unchanged += 1,
        }
    }
    run.step()?;
    Ok(kept)
}
