//! OneRoster CSV 1.1 and 1.2: organizations, staff and their affiliations.
//!
//! A bundle also holds children, birth dates and passwords. This reads `manifest.csv`, `orgs.csv`,
//! `users.csv` and `roles.csv`, of these only the columns below, and of the people only staff.
//!
//! | OneRoster | here |
//! |---|---|
//! | orgs: `national`, `state` | `state` |
//! | orgs: `district`, `local` | `district`; `county_office` where `identifier` is a county's CDS code |
//! | orgs: `school` | `school` |
//! | orgs: `department`, other types, `ext:X` | a kind of that name (`ext:university` is `university`) |
//! | orgs: `identifier` | the CDS code where it is one of that level, else an external id |
//! | orgs: `parentSourcedId` | the parent, where it ranks above |
//! | users: given, family, preferred names, `email` | the member's names and address |
//! | roles.csv, or users: `role` with `orgSourcedIds` | an affiliation each |
//! | `administrator`, `principal`, `siteAdministrator` | `site_admin` at a school, `county_leader` at a county office, else `district_admin` |
//! | `districtAdministrator` | `district_admin`, or `county_leader` at a county office |
//! | `teacher`, `aide`, `counselor`, `proctor`, `ext:X` | a role of that name (`ext:coach` is `coach`) |
//! | `systemAdministrator` | `system_admin` |
//! | `student`; `parent`, `guardian`, `relative` | skipped and counted, and so is a role that nobody knows |
//!
//! `sourcedId`s become external ids of the system `oneroster:<source>`. People are known again by these, and
//! the first time by their e-mail address. An organization with a CDS code is what the state's directory
//! says: a roster adds its id, and changes neither name nor kind nor parent. `enabledUser` says who may log
//! in to the district's systems, not who works there, and is not heeded.
//!
//! Nobody is ever deleted. Who is `tobedeleted`, or missing from a bulk file, has their affiliations with
//! the source's organizations ended today; a role that a roster cannot have given them, such as a coach's
//! entered by hand, stays while they are in the roster. In a delta file absence means nothing.

mod apply;
mod organizations;
mod parse;
mod rows;
mod vocabulary;

use crate::error::Result;
use crate::interop::{ImportOptions, ImportReport, run};
use crate::session::{OnProgress, Session};

impl Session {
    /// Imports the organizations and staff of a OneRoster 1.1 or 1.2 CSV bundle (a zip archive).
    ///
    /// Lenient with what rosters look like, all or nothing in what it writes; the same bundle again changes
    /// nothing. See [`interop`](crate::interop) for what becomes what. Heeds `mode`, `source` and
    /// `mass_deactivation_limit`.
    ///
    /// # Errors
    /// `InvalidInput` with everything that makes the bundle unreadable: no zip archive or an unsafe one
    /// (`zip.…`), a missing file (`oneroster.missing_file`) or column (`csv.…`). `Precondition`
    /// (`import.mass_deactivation`) when too many people would be deactivated. `NotPermitted` for members
    /// who do not look after the community. `Interrupted` when `progress` breaks. Nothing is written then.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use cop_core::interop::ImportOptions;
    /// use cop_core::{Community, NewCommunity, RecordKind};
    /// # use std::io::Write;
    /// # let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    /// # for (name, text) in [
    /// #     ("orgs.csv", "sourcedId,name,type\ns1,Oak School,school\n"),
    /// #     ("users.csv", "sourcedId,orgSourcedIds,role,givenName,familyName\nu1,s1,teacher,Ana,Ruiz\nu2,s1,student,Kim,Lee\n"),
    /// # ] {
    /// #     zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    /// #     zip.write_all(text.as_bytes()).unwrap();
    /// # }
    /// # let bytes = zip.finish().unwrap().into_inner();
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// // `bytes` come from `std::fs::read("roster.zip")`: one school, a teacher and a student.
    /// let report = cop.steward().import_oneroster(&bytes, &ImportOptions::new(), &mut |step| {
    ///     println!("{} of {}", step.done, step.total);
    ///     ControlFlow::Continue(())
    /// })?;
    /// assert_eq!((report.of(RecordKind::Member).added, report.skipped("students")), (1, 1));
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    pub fn import_oneroster(
        &self,
        bytes: &[u8],
        options: &ImportOptions,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport> {
        let mut report = ImportReport::new(options.mode);
        let roster = parse::parse(bytes, options, &mut report)?;
        let total = (roster.orgs.len() + roster.staff.len()) as u64;
        run::run(self, report, total, progress, |run| apply::apply(run, &roster, options))
    }
}
