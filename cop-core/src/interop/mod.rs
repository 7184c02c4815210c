//! Importers: bytes in, a report out.
//!
//! All of them are lenient in what they read and strict in what they write: a row that is wrong becomes an
//! [issue](ImportIssue) and is left out or taken without the wrong part, a file that is wrong is an error
//! and changes nothing. An import is one transaction, all or nothing. The same file again changes nothing,
//! because every record is known again by its external id, its code or its GUID. A dry run does the same
//! work and keeps none of it. Reports hold rows, fields and codes, never a name.
//!
//! | from | with | becomes |
//! |---|---|---|
//! | OneRoster 1.1 or 1.2 CSV (zip) | [`Session::import_oneroster`](crate::Session::import_oneroster) | organizations, members (staff only), affiliations |
//! | CASE 1.0 or 1.1 CFPackage (JSON) | [`Session::import_case`](crate::Session::import_case) | frameworks, standards, associations |
//! | California entities file (CAASPP) | [`Session::import_ca_directory`](crate::Session::import_ca_directory) | organizations with their tree |
//! | resources (JSON Lines) | [`Session::import_resources`](crate::Session::import_resources) | resources |
//!
//! Each importer has two layers: a pure one from bytes to rows and issues, and one from rows to operations,
//! which are validated and authorised like any other. Reading the file is the caller's:
//!
//! ```no_run
//! use std::ops::ControlFlow;
//! use cop_core::{Community, interop::ImportOptions};
//! let cop = Community::open("math.cop")?;
//! let bytes = std::fs::read("roster.zip")?;
//! let first = cop.steward().import_oneroster(&bytes, &ImportOptions::new().dry_run(), &mut |_| ControlFlow::Continue(()))?;
//! println!("{first}");
//! # Ok::<(), cop_core::Error>(())
//! ```

mod archive;
mod ca_directory;
mod case;
mod csv;
mod encoding;
mod oneroster;
mod options;
mod report;
mod resources;
mod run;

pub use options::{ImportMode, ImportOptions};
pub use report::{ImportCounts, ImportIssue, ImportReport, MAX_ISSUES, Severity};
