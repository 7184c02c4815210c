//! CASE packages, well-formed and otherwise.

use cop_core::interop::{ImportOptions, Severity};
use cop_core::{
    AssociationFilter, AssociationKind, Community, FrameworkFilter, PageRequest, RecordKind, Standard, StandardFilter,
};
use serde_json::json;

use crate::{codes, community, import, import_twice};

fn standards(cop: &Community) -> Vec<Standard> {
    cop.steward().standards(StandardFilter::new(), PageRequest::first(1000)).expect("standards").items
}

fn link(identifier: &str) -> serde_json::Value {
    json!({"title": identifier.to_uppercase(), "identifier": identifier, "uri": format!("https://example.org/{identifier}")})
}

fn association(identifier: &str, kind: &str, from: &str, to: &str) -> serde_json::Value {
    json!({"identifier": identifier, "associationType": kind, "originNodeURI": link(from), "destinationNodeURI": link(to)})
}

#[test]
fn a_package_is_kept_whole() {
    let (cop, _) = community();
    let mut second = association("a2", "isChildOf", "I1", "root");
    second["sequenceNumber"] = json!(7);
    let package = json!({
        "CFDocument": {"identifier": "D-1", "title": " Standards ", "creator": "us", "language": "en", "version": "2",
            "CFPackageURI": "https://example.org/p", "subject": ["Mathematics"], "notes": null},
        "CFItems": [
            {"identifier": "root", "fullStatement": "Numbers", "uri": "urn:x", "CFItemType": "Domain"},
            {"identifier": "i2", "fullStatement": "Second", "humanCodingScheme": "5.NF.B.2", "educationLevel": ["05", "04"]},
            {"identifier": "i1", "fullStatement": "First", "humanCodingScheme": "CCSS.Math.Content.5.NF.B.1",
             "educationLevel": ["05"], "weird": {"deep": [1, 2.5, null]}},
        ],
        "CFAssociations": [
            association("a1", "is_child_of", "i2", "root"),
            second,
            association("a3", "precedes", "i1", "elsewhere"),
            association("a4", "ext:helps", "outside", "beyond"),
        ],
        "CFDefinitions": {"CFSubjects": [{"title": "Mathematics"}]},
        "later": true,
    });
    let report = import_twice(&cop, "case", package.to_string().as_bytes());
    assert_eq!((report.of(RecordKind::Standard).added, report.of(RecordKind::Association).added), (3, 4));
    assert_eq!(codes(&report), [""; 0]);

    let framework =
        cop.steward().frameworks(FrameworkFilter::new(), PageRequest::default()).expect("a list").items.remove(0);
    assert_eq!((framework.title.as_str(), framework.version.as_deref()), ("Standards", Some("2")));
    let extra = serde_json::Value::Object(framework.extra.clone());
    let expected = json!({"title": " Standards ", "CFPackageURI": "https://example.org/p", "subject": ["Mathematics"],
        "notes": null, "CFDefinitions": {"CFSubjects": [{"title": "Mathematics"}]}, "later": true});
    assert_eq!(extra, expected);

    let all = standards(&cop);
    let order: Vec<&str> = all.iter().map(|standard| standard.identifier.as_str()).collect();
    assert_eq!(order, ["root", "i2", "i1"]);
    let [root, second, first] = all.as_slice() else { panic!("three") };
    assert_eq!((second.parent, first.parent), (Some(root.id), Some(root.id)));
    // Numbered siblings come first, the others in the order of the file.
    assert_eq!((first.position, second.position), (Some(1), Some(2)));
    assert_eq!(first.code_key.as_deref(), Some("5.nf.b.1"));
    assert_eq!(serde_json::Value::Object(first.extra.clone()), json!({"weird": {"deep": [1, 2.5, null]}}));
    // Their order is more than a set can hold.
    assert_eq!(serde_json::Value::Object(second.extra.clone()), json!({"educationLevel": ["05", "04"]}));

    let ties = cop.steward().associations(AssociationFilter::new(), PageRequest::default()).expect("a list").items;
    let kinds: Vec<&str> = ties.iter().map(|tie| tie.kind.code()).collect();
    assert_eq!(kinds, ["isChildOf", "isChildOf", "precedes", "ext:helps"]);
    assert_eq!(ties[0].extra.get("associationType"), Some(&json!("is_child_of")));
    assert_eq!((ties[1].sequence, ties[2].kind.clone()), (Some(7), AssociationKind::Precedes));
    assert_eq!(ties[2].destination.identifier, "elsewhere");
}

#[test]
fn other_spellings_are_understood_and_kept() {
    let (cop, _) = community();
    let package = json!([{
        "cfDocument": {"Identifier": "d1", "Title": "T"},
        "cfitems": [
            {"identifier": "I1", "full_statement": "One", "educationalLevel": "05, 04", "humanCodingScheme": " A.1 "},
            {"identifier": "i2", "fullStatement": "Two\u{0007}"},
        ],
        "cf_associations": [
            {"identifier": "a", "associationType": "child", "originNodeURI": "https://example.org/CFItems/I2",
             "destinationNodeURI": {"identifier": "i1", "uri": "", "title": "", "targetType": "CASE"}, "sequenceNumber": "3"},
        ],
    }]);
    let report = import_twice(&cop, "case", package.to_string().as_bytes());
    assert_eq!(codes(&report), ["text.character"]);
    let all = standards(&cop);
    assert_eq!((all[0].statement.as_str(), all[1].statement.as_str()), ("One", "Two"));
    assert_eq!(all[1].parent, Some(all[0].id));
    assert_eq!(all[1].position, Some(3));
    assert_eq!(all[0].education_levels.iter().map(String::as_str).collect::<Vec<_>>(), ["04", "05"]);
    let extra = serde_json::Value::Object(all[0].extra.clone());
    assert_eq!(extra, json!({"full_statement": "One", "educationalLevel": "05, 04", "humanCodingScheme": " A.1 "}));
    assert_eq!(all[1].extra.get("fullStatement"), Some(&json!("Two\u{0007}")));
}

#[test]
fn broken_rows_are_left_out_one_by_one() {
    let (cop, _) = community();
    let package = json!({
        "CFDocument": {"identifier": "d", "title": ""},
        "CFItems": [
            {"fullStatement": "no identifier"},
            {"identifier": "x", "fullStatement": "first"},
            {"identifier": "X", "fullStatement": "again"},
            {"identifier": "x", "fullStatement": "first"},
            {"identifier": "y"},
            "not an object",
            {"identifier": "z", "fullStatement": ["list"]},
        ],
        "CFAssociations": [
            association("c1", "isChildOf", "x", "y"),
            association("c2", "isChildOf", "y", "x"),
            association("c3", "isChildOf", "x", "z"),
            association("c4", "is it?", "x", "z"),
            {"identifier": "c5", "associationType": "precedes", "originNodeURI": link("x")},
            association("c6", "isChildOf", "z", "z"),
        ],
    });
    let report = import_twice(&cop, "case", package.to_string().as_bytes());
    assert_eq!((report.of(RecordKind::Standard).added, report.of(RecordKind::Association).added), (3, 4));
    let errors: Vec<(u64, &str)> = report
        .issues
        .iter()
        .filter(|issue| issue.severity == Severity::Error)
        .map(|issue| (issue.row.expect("a row"), issue.code.as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            (1, "case.missing_identifier"),
            (3, "case.duplicate_identifier"),
            (6, "case.field_type"),
            (4, "code.format"),
            (5, "case.missing_end"),
        ]
    );
    let codes = codes(&report);
    for code in ["case.repeated", "case.missing_field", "case.cycle", "case.several_parents"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}

#[test]
fn a_newer_package_updates() {
    let (cop, _) = community();
    let package = |statement: &str| {
        json!({"CFDocument": {"identifier": "d", "title": "T"},
            "CFItems": [{"identifier": "x", "fullStatement": statement}, {"identifier": "y", "fullStatement": "same"}]})
        .to_string()
    };
    import_twice(&cop, "case", package("one").as_bytes());
    let report = import_twice(&cop, "case", package("two").as_bytes());
    let counts = report.of(RecordKind::Standard);
    assert_eq!((counts.added, counts.updated, counts.unchanged), (0, 1, 1));
    let no_document = br#"[{"CFDocument": {"title": "T"}}, {"CFItems": []}, 3]"#;
    let error = import(&cop, "case", no_document, &ImportOptions::new()).expect_err("refused");
    let problems: Vec<(&str, &str)> = error.problems().iter().map(|p| (p.field.as_str(), p.code.as_str())).collect();
    assert_eq!(
        problems,
        [
            ("package[0].CFDocument.identifier", "case.missing_identifier"),
            ("package[1].CFDocument", "case.not_a_package"),
            ("package[2].CFDocument", "case.not_a_package"),
        ]
    );
}

#[test]
fn what_can_be_read_can_be_read_back() {
    let mut deepest = 0;
    for depth in 100..140 {
        let (cop, _) = community();
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let package = format!(
            r#"{{"CFDocument": {{"identifier": "d", "title": "T", "x": {nested}}}, "deep": {nested},
                "CFItems": [{{"identifier": "i", "fullStatement": "s", "x": {nested}}}]}}"#
        );
        match import(&cop, "case", package.as_bytes(), &ImportOptions::new()) {
            Err(error) => assert_eq!(error.code(), "json.syntax"),
            Ok(_) => {
                import_twice(&cop, "case", package.as_bytes());
                cop.changes(0, 1000).expect("the log");
                deepest = depth;
            }
        }
    }
    assert!(deepest > 100, "{deepest}");
}

#[test]
fn numbers_stay_what_they_are() {
    let (cop, _) = community();
    let odd = "122.416294033786585, 5e-324, 18446744073709551615, -9223372036854775808, 9007199254740993, 3.0, -0.0";
    let any = (1..2_000u64).map(|n| f64::from_bits(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).filter(|x| x.is_finite());
    let any: String = any.map(|x| format!(", {x:e}")).collect();
    let numbers = format!("[{odd}{any}]");
    let package = format!(r#"{{"CFDocument": {{"identifier": "d", "title": "T", "x": {numbers}}}}}"#);
    import_twice(&cop, "case", package.as_bytes());
}
