//! The bars that are measured on real files, where these are there.

use std::time::Instant;

use cop_core::interop::{ImportOptions, ImportReport};
use cop_core::{
    AssociationFilter, Community, Organization, OrganizationFilter, OrganizationKind, PageRequest, RecordKind,
    Standard, StandardFilter,
};

use crate::{community, import, members};

/// A shared file; says so where it is missing.
fn shared(file: &str) -> Option<Vec<u8>> {
    cop_tests::shared::shared(file).map(|path| std::fs::read(path).expect("a readable file"))
}

/// Imports and says how long it took; then again, which must change nothing.
fn measured(cop: &Community, importer: &str, file: &str) -> Option<ImportReport> {
    let bytes = shared(file)?;
    let begun = Instant::now();
    let report = import(cop, importer, &bytes, &ImportOptions::new()).expect("an import");
    let first = begun.elapsed();
    let head = cop.head().expect("head");
    let begun = Instant::now();
    let again = import(cop, importer, &bytes, &ImportOptions::new()).expect("an import");
    println!("{file}: {first:.2?}, again {:.2?}; {} issues\n{report}", begun.elapsed(), report.issues.len());
    assert_eq!((cop.head().expect("head"), again.changes()), (head, 0), "{again}");
    Some(report)
}

fn pages<R>(mut list: impl FnMut(PageRequest) -> cop_core::Page<R>) -> Vec<R> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let page = list(PageRequest::first(1000).after(next));
        all.extend(page.items);
        next = page.next;
        if next.is_none() {
            return all;
        }
    }
}

#[test]
fn the_large_district() {
    let (cop, _) = community();
    let begun = Instant::now();
    let file = "oneroster/generated/oneroster11-district-large.zip";
    let Some(report) = measured(&cop, "oneroster", file) else { return };
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    assert_eq!((report.of(RecordKind::Organization).added, report.of(RecordKind::Member).added), (21, 216));
    assert_eq!(report.skipped("students"), 4225);
    assert!(report.not_opened.iter().any(|file| file == "demographics.csv"));
    assert!(report.issues.is_empty(), "{report}");
    let staff = members(&cop);
    assert_eq!(staff.len(), 216);
    assert!(staff.iter().all(|member| member.affiliations.len() == 1));
}

#[test]
fn the_other_districts() {
    let (cop, _) = community();
    for (file, staff) in [("school-small", 5), ("district-medium", 51)] {
        let Some(report) = measured(&cop, "oneroster", &format!("oneroster/generated/oneroster11-{file}.zip")) else {
            return;
        };
        assert!(report.of(RecordKind::Member).added >= staff, "{report}");
    }
}

#[test]
fn the_common_core() {
    let (cop, _) = community();
    let file = "case/ccssm/ccss-m.case.json";
    let Some(report) = measured(&cop, "case", file) else { return };
    assert_eq!((report.of(RecordKind::Standard).added, report.of(RecordKind::Association).added), (755, 1628));
    assert!(report.issues.is_empty(), "{report}");
    // Everything is there again: order, typed fields, and the rest.
    let package: serde_json::Value = serde_json::from_slice(&shared(file).expect("the file")).expect("JSON");
    let items = package["CFItems"].as_array().expect("items");
    let standards: Vec<Standard> = pages(|page| cop.steward().standards(StandardFilter::new(), page).expect("a page"));
    assert_eq!(standards.len(), items.len());
    for (item, standard) in items.iter().zip(&standards) {
        let mut again = standard.extra.clone();
        // What the typed field could not hold exactly is kept besides, and comes first.
        for (field, value) in [
            ("identifier", Some(&standard.identifier)),
            ("fullStatement", Some(&standard.statement)),
            ("humanCodingScheme", standard.code.as_ref()),
            ("CFItemType", standard.kind.as_ref()),
        ] {
            if let Some(value) = value {
                again.entry(field).or_insert_with(|| value.clone().into());
            }
        }
        if !standard.education_levels.is_empty() {
            let levels: Vec<_> = standard.education_levels.iter().cloned().collect();
            again.entry("educationLevel").or_insert_with(|| levels.into());
        }
        assert_eq!(&serde_json::Value::Object(again), item);
    }
    let ties = pages(|page| cop.steward().associations(AssociationFilter::new(), page).expect("a page"));
    for (raw, tie) in package["CFAssociations"].as_array().expect("associations").iter().zip(&ties) {
        assert_eq!(raw["identifier"], tie.identifier);
        assert_eq!(raw["associationType"], tie.kind.code());
        assert_eq!(raw["destinationNodeURI"], serde_json::to_value(&tie.destination).expect("JSON"));
        assert_eq!(raw["sequenceNumber"].as_i64(), tie.sequence);
    }
    let with_parent = standards.iter().filter(|standard| standard.parent.is_some()).count();
    println!("{with_parent} standards with a parent");
    assert!(with_parent > 700);
}

#[test]
fn smarter_balanced() {
    for file in [
        "mockMATH",
        "mockHSMATH",
        "mockIT",
        "mockDOK",
        "mockPT",
        "mockSingleGradePT",
        "mockTargetlessMATH",
        "mockMATHPackage",
        "mockMATHClone",
    ] {
        let (cop, _) = community();
        let Some(report) = measured(&cop, "case", &format!("case/smarter_balanced/{file}.json")) else { return };
        if file == "mockMATH" {
            // Of its 3,368 associations one is there twice.
            assert_eq!((report.of(RecordKind::Standard).added, report.of(RecordKind::Association).added), (585, 3367));
            assert!(crate::codes(&report).contains(&"case.repeated"));
            let standards: Vec<Standard> =
                pages(|page| cop.steward().standards(StandardFilter::new(), page).expect("a page"));
            let known: std::collections::HashSet<String> =
                standards.iter().map(|s| s.identifier.to_lowercase()).collect();
            let ties = pages(|page| cop.steward().associations(AssociationFilter::new(), page).expect("a page"));
            let outside = ties.iter().filter(|tie| !known.contains(&tie.destination.identifier.to_lowercase())).count();
            assert!(outside >= 2_000, "{outside} ends outside");
        }
    }
    let Some(list) = shared("case/smarter_balanced/mockAllDocs.json") else { return };
    let (cop, _) = community();
    let error = import(&cop, "case", &list, &ImportOptions::new()).expect_err("a list of documents");
    assert_eq!(error.code(), "case.not_a_package");
}

#[test]
fn california() {
    let (cop, _) = community();
    let Some(report) = measured(&cop, "ca_directory", "ca_directory/sb_ca2025entities_csv.txt") else { return };
    assert_eq!(report.of(RecordKind::Organization).added, 11_294);
    assert!(report.issues.len() == 1, "only the encoding: {report}");
    let all: Vec<Organization> =
        pages(|page| cop.steward().organizations(OrganizationFilter::new(), page).expect("a page"));
    let of = |kind: OrganizationKind| all.iter().filter(|organization| organization.kind == kind).count();
    assert_eq!(of(OrganizationKind::State), 1);
    assert_eq!(of(OrganizationKind::CountyOffice), 58);
    assert_eq!(of(OrganizationKind::District), 1_013);
    assert_eq!(of(OrganizationKind::School), 8_964 + 1_258);
    assert!(all.iter().any(|organization| organization.name == "Isaac R. Montañez Elementary"));
    for organization in &all {
        let above = organization.cds.and_then(|cds| cds.parent()).map(Organization::id_of_cds);
        assert_eq!(organization.parent, above);
    }
}

#[test]
fn open_resources() {
    let (cop, _) = community();
    let files = [
        ("resources_openintro/openintro", 169),
        ("resources_openstax/modules", 676),
        ("resources_openstax/sections", 3_075),
        ("resources_pretext/discrete", 42),
        ("resources_pretext/orcca", 92),
        ("resources_siyavula/siyavula", 218),
        ("resources_gsm8k/gsm8k", 8_792),
    ];
    let mut total = 0;
    for (file, count) in files {
        let Some(report) = measured(&cop, "resources", &format!("{file}.jsonl")) else { return };
        assert_eq!(report.of(RecordKind::Resource).added, count, "{file}");
        assert!(report.issues.len() <= 10, "{file}: {report}");
        total += count;
    }
    println!("{total} resources");
}
