//! Importers: what real files become, and what hostile ones do not.

mod ca_directory;
mod case;
mod fuzz;
mod hostile;
mod oneroster;
mod resources;
mod shared_data;

use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use cop_core::interop::{ImportOptions, ImportReport};
use cop_core::{
    Clock, Community, CommunityOptions, ManualClock, Member, MemberFilter, NewCommunity, Organization,
    OrganizationFilter, PageRequest, Progress, ScriptedIds,
};

/// A clock that the test keeps a hand on.
#[derive(Clone)]
struct TestClock(Arc<ManualClock>);

impl TestClock {
    fn set(&self, day: &str) {
        self.0.set(format!("{day}T12:00:00Z").parse().expect("a time"));
    }
}

impl Clock for TestClock {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }
}

fn community() -> (Community, TestClock) {
    let clock = TestClock(Arc::new(ManualClock::new(chrono::DateTime::UNIX_EPOCH)));
    clock.set("2026-09-01");
    let options = CommunityOptions::new().with_clock(clock.clone()).with_ids(ScriptedIds::new(1));
    (options.in_memory(NewCommunity::new("Math CoP")).expect("a community"), clock)
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The importers, to be run over the same bytes.
const IMPORTERS: [&str; 4] = ["oneroster", "case", "ca_directory", "resources"];

fn import(cop: &Community, importer: &str, bytes: &[u8], options: &ImportOptions) -> cop_core::Result<ImportReport> {
    let steward = cop.steward();
    match importer {
        "oneroster" => steward.import_oneroster(bytes, options, &mut go_on),
        "case" => steward.import_case(bytes, options, &mut go_on),
        "ca_directory" => steward.import_ca_directory(bytes, options, &mut go_on),
        _ => steward.import_resources(bytes, options, &mut go_on),
    }
}

/// Imports, tries it out before, and does it again: the dry run says the same and writes nothing, and the
/// second time changes nothing.
fn import_twice(cop: &Community, importer: &str, bytes: &[u8]) -> ImportReport {
    let options = ImportOptions::new();
    let before = cop.head().expect("head");
    let rehearsal = import(cop, importer, bytes, &options.clone().dry_run()).expect("a dry run");
    assert_eq!(cop.head().expect("head"), before, "a dry run writes nothing");
    let report = import(cop, importer, bytes, &options).expect("an import");
    assert_eq!(rehearsal.records, report.records);
    assert_eq!((&rehearsal.skipped, &rehearsal.issues), (&report.skipped, &report.issues));
    let head = cop.head().expect("head");
    let again = import(cop, importer, bytes, &options).expect("an import");
    assert_eq!(cop.head().expect("head"), head, "the same file again changes nothing: {again}");
    assert_eq!(again.changes(), 0);
    report
}

/// A zip archive of these files.
fn bundle(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in files {
        zip.start_file(*name, options).expect("a file");
        zip.write_all(text).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

fn members(cop: &Community) -> Vec<Member> {
    cop.steward().members(MemberFilter::new(), PageRequest::first(1000)).expect("members").items
}

fn organizations(cop: &Community) -> Vec<Organization> {
    cop.steward().organizations(OrganizationFilter::new(), PageRequest::first(1000)).expect("organizations").items
}

fn codes(report: &ImportReport) -> Vec<&str> {
    report.issues.iter().map(|issue| issue.code.as_str()).collect()
}
