//! Random and randomly spoilt bytes: never a panic, and on an error nothing is written.

use cop_core::interop::ImportOptions;
use proptest::prelude::*;

use crate::{IMPORTERS, bundle, community, import};

const ORGS: &[u8] = b"sourcedId,status,name,type,identifier,parentSourcedId\n\
    d1,,Bay,district,01611760000000,\ns1,active,\"Oak, School\",school,01611766000566,d1\n";
const USERS: &[u8] = "sourcedId,status,givenName,familyName,email,grades\n\
    u1,,Ana,Montañez,ana@example.org,\"04,05\"\nu2,tobedeleted,Bo,Lee,,\n"
    .as_bytes();
const ROLES: &[u8] = b"sourcedId,userSourcedId,role,orgSourcedId,beginDate,endDate\n\
    r1,u1,teacher,s1,2026-08-15,\nr2,u2,ext:coach,d1,,2027-06-30\n";
const MANIFEST: &[u8] = b"propertyName,value\nfile.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\n";
const CASE: &[u8] = br#"{"CFDocument":{"identifier":"d","title":"T","x":1e400},"CFItems":[{"identifier":"a","fullStatement":"s",
    "educationLevel":["05"],"f":0.1},{"identifier":"b","humanCodingScheme":"5.NF.1"}],"CFAssociations":[{"identifier":"c",
    "associationType":"isChildOf","originNodeURI":{"identifier":"b"},"destinationNodeURI":{"identifier":"a"},"sequenceNumber":1}]}"#;
const DIRECTORY: &[u8] = b"County Code^District Code^School Code^Type ID^County Name^District Name^School Name\r\n\
    00^00000^0000000^4^California^^\r\n07^00000^0000000^5^Contra Costa^^\r\n07^61655^0000000^6^x^Brentwood^\r\n\
    07^61655^0142331^7^x^y^Monta\xf1ez\r\n";
const LINES: &[u8] =
    br#"{"id":"1","title":"T","body":"b","grades":["5"],"standards":["5.NF.1"],"license":"MIT","tags":["x"]}
{"id":"2","title":"U","url":"https://example.org/","visibility":"public","state":"draft","published_on":"2020-01-01"}"#;

fn roster() -> Vec<u8> {
    bundle(&[("manifest.csv", MANIFEST), ("orgs.csv", ORGS), ("users.csv", USERS), ("roles.csv", ROLES)])
}

/// A change to bytes: where, how many go away, what comes.
type Spoil = (prop::sample::Index, usize, Vec<u8>);

fn spoilt(bytes: &[u8], spoils: &[Spoil]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, gone, new) in spoils {
        let at = at.index(bytes.len() + 1);
        let end = (at + gone).min(bytes.len());
        bytes.splice(at..end, new.iter().copied());
    }
    bytes
}

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let pieces = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            &b"\""[..],
            b",",
            b"\n",
            b"\r\n",
            b"^",
            b"\0",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"{",
            b"}",
            b"[",
            b"null",
            b"PK\x01\x02",
            b"student",
            b"9999999999999999999",
            b"-1",
            b"1e309",
            "\u{202e}".as_bytes(),
            "𝒳".as_bytes(),
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, pieces), 0..6)
}

/// Imports, and again: no panic; on an error nothing is written, after a success the second time nothing.
fn check(importer: &str, bytes: &[u8]) {
    let (cop, _) = community();
    let head = cop.head().expect("head");
    match import(&cop, importer, bytes, &ImportOptions::new()) {
        Err(_) => assert_eq!(cop.head().expect("head"), head),
        Ok(report) => {
            let _ = report.to_string();
            let head = cop.head().expect("head");
            let again = import(&cop, importer, bytes, &ImportOptions::new()).expect("the same again");
            assert_eq!((cop.head().expect("head"), again.changes()), (head, 0), "{again}");
        }
    }
}

/// How many of each; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        IMPORTERS.into_iter().for_each(|importer| check(importer, &bytes));
    }

    #[test]
    fn spoilt_files(spoils in spoils()) {
        check("case", &spoilt(CASE, &spoils));
        check("ca_directory", &spoilt(DIRECTORY, &spoils));
        check("resources", &spoilt(LINES, &spoils));
        check("oneroster", &spoilt(&roster(), &spoils));
    }

    #[test]
    fn spoilt_rosters(which in 0usize..4, spoils in spoils()) {
        let mut files = [("manifest.csv", MANIFEST.to_vec()), ("orgs.csv", ORGS.to_vec()), ("users.csv", USERS.to_vec()), ("roles.csv", ROLES.to_vec())];
        files[which].1 = spoilt(&files[which].1, &spoils);
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        check("oneroster", &bundle(&files));
    }
}
