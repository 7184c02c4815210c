//! Files that mean no good, and stopping half-way.

use std::io::Write;
use std::ops::ControlFlow;

use cop_core::ErrorKind;
use cop_core::interop::ImportOptions;
use zip::write::SimpleFileOptions;

use crate::{IMPORTERS, bundle, codes, community, import};

const ORGS: &[u8] = b"sourcedId,name,type\ns1,Oak School,school\n";
const USERS: &[u8] = b"sourcedId,orgSourcedIds,role,givenName,familyName\nu1,s1,teacher,Ana,Ruiz\n";

/// The code with which a bundle is refused, after making sure that nothing was written.
fn refused(importer: &str, bytes: &[u8]) -> String {
    let (cop, _) = community();
    let head = cop.head().expect("head");
    let error = import(&cop, importer, bytes, &ImportOptions::new()).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(cop.head().expect("head"), head);
    error.code().to_owned()
}

#[test]
fn unsafe_archives_are_refused() {
    let good = bundle(&[("orgs.csv", ORGS), ("users.csv", USERS)]);
    for name in ["../users.csv", "roster/users.csv", "/etc/passwd", "a\\users.csv", "C:users.csv", "..", "x\u{0}y"] {
        assert_eq!(refused("oneroster", &bundle(&[("orgs.csv", ORGS), (name, USERS)])), "zip.name", "{name}");
    }
    assert_eq!(refused("oneroster", &bundle(&[("users.csv", USERS), ("Users.csv", USERS)])), "zip.duplicate");
    let many: Vec<(String, &[u8])> = (0..65).map(|n| (format!("{n}.csv"), ORGS)).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert_eq!(refused("oneroster", &bundle(&many)), "zip.entries");
    for bytes in [&b""[..], b"PK\x05\x06", b"sourcedId,name\n", &good[..good.len() / 2]] {
        assert_eq!(refused("oneroster", bytes), "zip.format");
    }
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.add_symlink("users.csv", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    let link = zip.finish().expect("an archive").into_inner();
    assert_eq!(refused("oneroster", &link), "zip.link");
}

#[test]
fn a_damaged_or_encrypted_entry_is_refused() {
    let good = bundle(&[("orgs.csv", ORGS), ("users.csv", USERS)]);
    // Byte 6 of a local header and byte 8 of a central one hold the flags; bit 0 means encrypted.
    let mut encrypted = good.clone();
    let central = good.windows(4).position(|four| four == b"PK\x01\x02").expect("a central header");
    encrypted[central + 8] |= 1;
    assert_eq!(refused("oneroster", &encrypted), "zip.encrypted");
    let mut damaged = good.clone();
    let name = good.windows(8).position(|eight| eight == b"orgs.csv").expect("the name");
    damaged[name + 8] ^= 0xff;
    assert_eq!(refused("oneroster", &damaged), "zip.damaged");
}

#[test]
fn two_entries_over_the_same_bytes_are_refused() {
    let good = bundle(&[("orgs.csv", ORGS), ("user.csv", ORGS)]);
    // The second central header points at the first local one.
    let central = |from: usize| good[from..].windows(4).position(|four| four == b"PK\x01\x02").map(|at| at + from);
    let first = central(0).expect("a central header");
    let second = central(first + 4).expect("another");
    let mut overlapping = good.clone();
    overlapping.copy_within(first + 42..first + 46, second + 42);
    assert_eq!(refused("oneroster", &overlapping), "zip.overlap");
}

#[test]
fn a_bomb_is_stopped_while_reading() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("orgs.csv", SimpleFileOptions::default()).expect("a file");
    zip.write_all(b"sourcedId,name,type\n").expect("a header");
    let block = vec![b'x'; 1 << 20];
    for _ in 0..300 {
        zip.write_all(&block).expect("more");
    }
    let bytes = zip.finish().expect("an archive").into_inner();
    assert!(bytes.len() < 1 << 20, "it is small: {}", bytes.len());
    let begun = std::time::Instant::now();
    assert_eq!(refused("oneroster", &bytes), "zip.bomb");
    assert!(begun.elapsed().as_secs() < 10);
}

#[test]
fn files_without_their_columns_are_refused_with_every_problem() {
    let (cop, _) = community();
    let bytes = bundle(&[("orgs.csv", b"sourcedId,name,Name\n"), ("users.csv", b"givenName\nAna\n")]);
    let error = import(&cop, "oneroster", &bytes, &ImportOptions::new()).expect_err("refused");
    let found: Vec<(&str, &str)> = error.problems().iter().map(|p| (p.field.as_str(), p.code.as_str())).collect();
    assert_eq!(
        found,
        [
            ("orgs.csv.name", "csv.duplicate_column"),
            ("orgs.csv.type", "csv.missing_column"),
            ("users.csv.sourcedId", "csv.missing_column"),
            ("users.csv.familyName", "csv.missing_column"),
            ("users.csv.orgSourcedIds", "csv.missing_column"),
            ("users.csv.role", "csv.missing_column"),
        ]
    );
    assert_eq!(refused("oneroster", &bundle(&[("orgs.csv", ORGS)])), "oneroster.missing_file");
    assert_eq!(refused("oneroster", &bundle(&[("notes.txt", b"")])), "oneroster.missing_file");
    assert_eq!(refused("ca_directory", b"a,b,c\n1,2,3\n"), "csv.missing_column");
    assert_eq!(refused("ca_directory", b""), "csv.empty");
    assert_eq!(refused("resources", b"[1,2]\n"), "jsonl.no_lines");
    assert_eq!(refused("case", b"{"), "json.syntax");
    assert_eq!(refused("case", br#"{"CFDocuments": []}"#), "case.not_a_package");
    assert_eq!(refused("case", b"[]"), "case.not_a_package");
    let deep = "[".repeat(1_000_000);
    assert_eq!(refused("case", deep.as_bytes()), "json.syntax");
    assert_eq!(refused("resources", deep.as_bytes()), "jsonl.no_lines");
}

#[test]
fn crooked_rows_are_issues_of_their_own() {
    let (cop, _) = community();
    let mut users = b"sourcedId,orgSourcedIds,role,givenName,familyName\n".to_vec();
    users.extend_from_slice(b"u1,s1,teacher,Ana,Ruiz\n");
    users.extend_from_slice(b"u2,s1,teacher,N\0ul,Byte\n");
    users.extend_from_slice(b"u3,s1,teacher,Too,Many,fields\n");
    users.extend_from_slice(b"u4,s1,teacher,Few\n");
    let long: String = (0..100_000u64).map(|n| format!("{:x}", n * n)).collect();
    users.extend_from_slice(format!("u5,s1,teacher,{long},Long\n").as_bytes());
    users.extend_from_slice(b"u6,s1,teacher,Jos\xe9,Montan\xf5\n");
    users.extend_from_slice("u7,s1,teacher,\u{202e}anA,Bidi\n".as_bytes());
    users.extend_from_slice(b"u8,s1,headmaster,Un,Known\n");
    users.extend_from_slice(b"u9,s1,teacher,\"Never,closed\nu10,s1,teacher,Swal,Lowed\n");
    let manifest = b"propertyName,value\nfile.users,bulk\nfile.orgs,bulk\n";
    let bytes = bundle(&[("orgs.csv", ORGS), ("users.csv", &users), ("manifest.csv", manifest)]);
    let report = import(&cop, "oneroster", &bytes, &ImportOptions::new()).expect("an import");
    let rows: Vec<(Option<u64>, &str)> = report.issues.iter().map(|issue| (issue.row, issue.code.as_str())).collect();
    assert_eq!(
        rows,
        [
            (None, "text.encoding"),
            (Some(3), "text.character"),
            (Some(4), "csv.ragged_row"),
            (Some(5), "csv.short_row"),
            (Some(5), "text.empty"),
            (Some(6), "text.too_long"),
            (Some(9), "oneroster.unknown_role"),
            (Some(10), "csv.quote"),
            (None, "oneroster.absence_not_read"),
        ]
    );
    // Read as Windows-1252, the bytes of the bidirectional mark are just odd letters.
    assert_eq!(crate::members(&cop).len(), 4);
    assert!(crate::members(&cop).iter().any(|member| member.given == "José"));
}

#[test]
fn whoever_stops_an_import_keeps_what_there_was() {
    let roster = bundle(&[("orgs.csv", ORGS), ("users.csv", USERS)]);
    let case =
        br#"{"CFDocument": {"identifier": "d", "title": "T"}, "CFItems": [{"identifier": "a", "fullStatement": "s"}]}"#;
    let directory = b"County Code,District Code,School Code,Type ID,County Name,District Name,School Name\n\
        00,00000,0000000,4,California,,\n01,00000,0000000,5,Alameda,,\n";
    let lines = b"{\"id\":\"1\",\"title\":\"a\"}\n{\"id\":\"2\",\"title\":\"b\"}\n";
    let files: [&[u8]; 4] = [&roster, case, directory, lines];
    for (importer, bytes) in IMPORTERS.into_iter().zip(files) {
        for stop_at in 0..=2 {
            let (cop, _) = community();
            let head = cop.head().expect("head");
            let mut stop = |step: cop_core::Progress| {
                assert_eq!(step.total, 2, "{importer}");
                if step.done == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let steward = cop.steward();
            let options = ImportOptions::new();
            let stopped = match importer {
                "oneroster" => steward.import_oneroster(bytes, &options, &mut stop),
                "case" => steward.import_case(bytes, &options, &mut stop),
                "ca_directory" => steward.import_ca_directory(bytes, &options, &mut stop),
                _ => steward.import_resources(bytes, &options, &mut stop),
            };
            assert_eq!(stopped.expect_err("stopped").kind(), ErrorKind::Interrupted, "{importer} at {stop_at}");
            assert_eq!(cop.head().expect("head"), head);
            let whole = import(&cop, importer, bytes, &options).expect("an import");
            assert_eq!(whole.changes(), 2);
        }
    }
}

#[test]
fn a_long_list_of_issues_is_counted_not_kept() {
    let (cop, _) = community();
    let lines = "not json\n".repeat(5_000) + r#"{"id": "1", "title": "T"}"#;
    let report = import(&cop, "resources", lines.as_bytes(), &ImportOptions::new()).expect("an import");
    assert_eq!((report.issues.len(), report.issues_left_off), (1_000, 4_001));
    assert_eq!(codes(&report)[0], "json.syntax");
    assert!(report.to_string().ends_with("and 4001 more issues\n"));
    let json = serde_json::to_string(&report).expect("JSON");
    assert_eq!(serde_json::from_str::<cop_core::interop::ImportReport>(&json).expect("a report"), report);
}

/// Inputs of at most one mebibyte that ask for much more.
fn greedy() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let users = "sourcedId,orgSourcedIds,role,givenName,familyName\n";
    let user_heads = "sourcedId,givenName,familyName\nu,A,B\n";
    let role_heads = "userSourcedId,role,orgSourcedId\n";
    let roster = |orgs: &[u8], users: &str, roles: Option<&str>| {
        let mut files = vec![("orgs.csv", orgs), ("users.csv", users.as_bytes())];
        files.extend(roles.map(|roles| ("roles.csv", roles.as_bytes())));
        bundle(&files)
    };
    let many = 1 << 19;
    let chain: String = (0..5_000).map(|n| format!("{n},N,school,{}\n", n + 1)).collect();
    let ring: String = (0..5_000).map(|n| format!("{n},N,x,{}\n", (n + 1) % 5_000)).collect();
    let orgs = |rows: &str| format!("sourcedId,name,type,parentSourcedId\n{rows}").into_bytes();
    let places: String = (0..100_000).map(|n| format!("u,teacher,{n}\n")).collect();
    vec![
        ("the same user", "oneroster", roster(ORGS, &(users.to_owned() + &"u,s1,teacher,A,B\n".repeat(many)), None)),
        (
            "the same role",
            "oneroster",
            roster(ORGS, user_heads, Some(&(role_heads.to_owned() + &"u,teacher,s1\n".repeat(many)))),
        ),
        ("many places", "oneroster", roster(ORGS, user_heads, Some(&(role_heads.to_owned() + &places)))),
        ("blank fields", "oneroster", roster(ORGS, &(users.to_owned() + &",".repeat(4 * many)), None)),
        ("quotes", "oneroster", roster(ORGS, &(users.to_owned() + &"\"\",".repeat(4 * many)), None)),
        ("a wide header", "oneroster", roster(ORGS, &("a,".repeat(4 * many) + "\n"), None)),
        ("a deep tree", "oneroster", roster(&orgs(&chain), users, None)),
        ("a ring", "oneroster", roster(&orgs(&ring), users, None)),
        ("blank lines", "ca_directory", "\n".repeat(2 * many).into_bytes()),
        ("arrays", "case", format!("[{}[]]", "[],".repeat(many / 2)).into_bytes()),
        (
            "items",
            "case",
            format!(r#"{{"CFDocument": {{"identifier": "d"}}, "CFItems": [{}{{}}]}}"#, "{},".repeat(many / 2))
                .into_bytes(),
        ),
        ("lines", "resources", "{}\n".repeat(many / 2).into_bytes()),
        (
            "one long line",
            "resources",
            format!(r#"{{"id": "1", "title": "{}"}}"#, "\u{1f600}".repeat(many / 4)).into_bytes(),
        ),
    ]
}

#[test]
fn a_mebibyte_is_answered_in_time() {
    for (what, importer, bytes) in greedy() {
        assert!(bytes.len() <= (1 << 20) + 100, "{what}: {}", bytes.len());
        let (cop, _) = community();
        let begun = std::time::Instant::now();
        let answer = import(&cop, importer, &bytes, &ImportOptions::new());
        let took = begun.elapsed();
        println!(
            "{what}: {} bytes in {took:.2?}: {}",
            bytes.len(),
            answer.map_or_else(|e| e.code().to_owned(), |r| codes(&r).len().to_string())
        );
        assert!(took.as_secs() < 60, "{what}: {took:?}");
    }
}
