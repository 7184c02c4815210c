//! OneRoster bundles, small enough to be read here.

use cop_core::interop::{ImportOptions, Severity};
use cop_core::{
    AffiliationOf, Community, ErrorKind, ExternalId, Member, NewAffiliation, NewMember, OrganizationKind, RecordKind,
    Visibility,
};

use crate::{bundle, codes, community, import, import_twice, members, organizations};

const MANIFEST_11: &str = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n\
    file.orgs,bulk\nfile.users,bulk\nsource.systemCode,North SIS\n";
const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n\
    s1,,,Oak School,school,01-61176-6000566,d1\n\
    d1,,,Bay District,district,01-61176-0000000,\n\
    dep,,,Math Department,department,77,s1\n";
const USERS_11: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,\
    familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n\
    u1,,,true,\"s1,d1\",teacher,ana,,Ana,Ruiz,,,ana@example.org,5550100,5550101,,\"04,05\",hunter2\n\
    u2,,,TRUE,s1,administrator,bo,,Bo,Lee,,,bo@example.org,,,,,\n\
    u3,,,true,d1,administrator,cy,,Cy,Montañez,,,cy@example.org,,,,,\n\
    u4,,,true,s1,student,kid,,Kim,Child,,,kid@example.org,,,,KG,secret\n\
    u5,,,true,s1,parent,pat,,Pat,Child,,,pat@example.org,,,,,\n";

fn roster(orgs: &str, users: &str) -> Vec<u8> {
    let demographics = "sourcedId,birthDate\nu4,2016-01-01\n";
    bundle(&[
        ("manifest.csv", MANIFEST_11.as_bytes()),
        ("orgs.csv", orgs.as_bytes()),
        ("users.csv", users.as_bytes()),
        ("demographics.csv", demographics.as_bytes()),
    ])
}

fn named(cop: &Community, given: &str) -> Member {
    members(cop).into_iter().find(|member| member.given == given).expect("the member")
}

fn places(member: &Member) -> Vec<(&str, Option<String>)> {
    member.affiliations.iter().map(|a| (a.role.code(), a.until.map(|until| until.to_string()))).collect()
}

#[test]
fn a_bundle_becomes_organizations_and_staff() {
    let (cop, _) = community();
    let report = import_twice(&cop, "oneroster", &roster(ORGS, USERS_11));
    assert_eq!((report.of(RecordKind::Organization).added, report.of(RecordKind::Member).added), (3, 3));
    assert_eq!((report.skipped("students"), report.skipped("family_members")), (1, 1));
    assert_eq!(report.not_opened, ["demographics.csv"]);
    assert_eq!(codes(&report), [""; 0]);

    let orgs = organizations(&cop);
    let org = |name: &str| orgs.iter().find(|org| org.name == name).expect("the organization");
    assert_eq!(org("Oak School").parent, Some(org("Bay District").id));
    assert_eq!(org("Oak School").cds.map(|cds| cds.to_string()).as_deref(), Some("01611766000566"));
    assert!(org("Oak School").external_ids.contains(&ExternalId::new("oneroster:north-sis", "s1")));
    assert_eq!(org("Math Department").kind, OrganizationKind::Other("department".to_owned()));
    assert!(org("Math Department").external_ids.contains(&ExternalId::new("oneroster:north-sis:identifier", "77")));

    assert_eq!(places(&named(&cop, "Ana")), [("teacher", None), ("teacher", None)]);
    assert_eq!(named(&cop, "Ana").affiliations.iter().next().expect("one").grades.len(), 2);
    assert_eq!(places(&named(&cop, "Bo")), [("site_admin", None)]);
    assert_eq!(places(&named(&cop, "Cy")), [("district_admin", None)]);
    assert_eq!(named(&cop, "Cy").family, "Montañez");

    // Nothing of a child, no password, no telephone number, anywhere in the log.
    let log = format!("{:?}", cop.changes(0, 1000).expect("the log"));
    for secret in ["Kim", "Child", "kid@", "hunter2", "secret", "5550100", "5550101", "2016-01-01"] {
        assert!(!log.contains(secret), "{secret}");
    }
    let report = format!("{report}{report:?}");
    assert!(!report.contains("Ana") && !report.contains("@"), "{report}");
}

#[test]
fn one_point_two_has_roles_of_its_own() {
    let (cop, _) = community();
    let manifest = "propertyName,value\noneroster.version,1.2\nfile.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\n";
    let users = "sourcedId,enabledUser,username,givenName,familyName,email,prefferedGivenName,preferredFamilyName\n\
        u1,true,ana,Anastasia,Ruiz,ana@example.org,Ana,\n\
        u2,true,bo,Bo,Lee,bo@example.org,,\n\
        u3,true,kid,Kim,Child,,,\n\
        u4,true,ghost,No,Role,,,\n";
    let roles = "sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n\
        r1,u1,primary,ext:coach,2026-08-15,2027-06-30,d1\n\
        r2,u1,secondary,student,,,s1\n\
        r3,u2,primary,districtAdministrator,1/05/2023,,d1\n\
        r4,u3,primary,student,,,s1\n\
        r5,u2,secondary,teacher,,,nowhere\n\
        r6,u9,primary,teacher,,,s1\n";
    let bytes = bundle(&[
        ("manifest.csv", manifest.as_bytes()),
        ("ORGS.csv", ORGS.as_bytes()),
        ("users.csv", users.as_bytes()),
        ("roles.csv", roles.as_bytes()),
        ("userprofiles.csv", b"x"),
    ]);
    let report = import_twice(&cop, "oneroster", &bytes);
    assert_eq!(report.of(RecordKind::Member).added, 2);
    assert_eq!((report.skipped("students"), report.skipped("users_without_role")), (1, 1));
    assert_eq!(codes(&report), ["date.format", "oneroster.unknown_org", "oneroster.unknown_user"]);
    assert_eq!(named(&cop, "Anastasia").display, "Ana Ruiz");
    assert_eq!(places(&named(&cop, "Anastasia")), [("coach", Some("2027-06-30".to_owned()))]);
    assert_eq!(places(&named(&cop, "Bo")), [("district_admin", None)]);
    assert_eq!(report.not_opened, ["userprofiles.csv"]);
}

#[test]
fn who_leaves_and_comes_back_keeps_their_history() {
    let (cop, clock) = community();
    import_twice(&cop, "oneroster", &roster(ORGS, USERS_11));
    // What people enter by hand, a roster does not take away.
    let ana = named(&cop, "Ana");
    let school = organizations(&cop)[0].id;
    let coach = NewAffiliation::new(school, "coach");
    cop.steward().add_affiliation(AffiliationOf { member: ana.id, affiliation: coach }).expect("an affiliation");

    clock.set("2026-10-01");
    let without = |id: &str| -> String {
        USERS_11.lines().filter(|line| !line.trim_start().starts_with(id)).map(|line| format!("{line}\n")).collect()
    };
    let users = without("u2").replace("\"s1,d1\",teacher", "s1,teacher");
    let report = import_twice(&cop, "oneroster", &roster(ORGS, &users));
    let counts = report.of(RecordKind::Member);
    assert_eq!((counts.updated, counts.deactivated, counts.unchanged), (1, 1, 1));
    assert_eq!(places(&named(&cop, "Bo")), [("site_admin", Some("2026-10-01".to_owned()))]);
    let ana = named(&cop, "Ana");
    let mut roles = places(&ana);
    roles.sort();
    assert_eq!(roles, [("coach", None), ("teacher", None), ("teacher", Some("2026-10-01".to_owned()))]);

    clock.set("2027-01-15");
    import_twice(&cop, "oneroster", &roster(ORGS, USERS_11));
    let bo = named(&cop, "Bo");
    let back = bo.affiliations.iter().find(|a| a.until.is_none()).expect("back");
    assert_eq!((bo.affiliations.len(), back.since.map(|since| since.to_string())), (2, Some("2027-01-15".to_owned())));

    // Marked as deleted in the file: the same, by its row.
    clock.set("2027-02-01");
    let report = import_twice(&cop, "oneroster", &roster(ORGS, &USERS_11.replace("u3,,", "u3,tobedeleted,")));
    assert_eq!(report.of(RecordKind::Member).deactivated, 1);
    assert_eq!(places(&named(&cop, "Cy")), [("district_admin", Some("2027-02-01".to_owned()))]);
}

#[test]
fn a_delta_says_nothing_about_who_is_missing() {
    let (cop, _) = community();
    import_twice(&cop, "oneroster", &roster(ORGS, USERS_11));
    let manifest = MANIFEST_11.replace("bulk", "delta");
    let users =
        "sourcedId,orgSourcedIds,role,givenName,familyName,email\nu2,s1,administrator,Bo,Lee-Park,bo@example.org\n";
    let bytes = bundle(&[
        ("manifest.csv", manifest.as_bytes()),
        ("orgs.csv", ORGS.as_bytes()),
        ("users.csv", users.as_bytes()),
    ]);
    let report = import_twice(&cop, "oneroster", &bytes);
    let counts = report.of(RecordKind::Member);
    assert_eq!((counts.updated, counts.deactivated), (1, 0));
    assert_eq!((named(&cop, "Bo").family.as_str(), named(&cop, "Bo").display.as_str()), ("Lee-Park", "Bo Lee-Park"));
    // Without a manifest, too, with a warning.
    let bytes = bundle(&[("orgs.csv", ORGS.as_bytes()), ("users.csv", users.as_bytes())]);
    let options = ImportOptions::new().with_source("North SIS");
    let report = import(&cop, "oneroster", &bytes, &options).expect("an import");
    assert_eq!((codes(&report), report.changes()), (vec!["oneroster.no_manifest"], 0));
}

#[test]
fn people_are_known_by_their_address_at_first() {
    let (cop, _) = community();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz").with_email("Ana@Example.org")).expect("a member");
    let other = cop.steward().add_member(NewMember::new("Bo", "Lee").with_email("bo@example.org")).expect("a member");
    cop.steward().add_member(NewMember::new("Bob", "Lee").with_email("bo@example.org")).expect("a member");
    let report = import_twice(&cop, "oneroster", &roster(ORGS, USERS_11));
    let counts = report.of(RecordKind::Member);
    assert_eq!((counts.added, counts.updated), (2, 1), "{report}");
    assert_eq!(codes(&report), ["oneroster.ambiguous_email"]);
    let me = cop.steward().member(ana.id).expect("the member");
    assert!(me.external_ids.contains(&ExternalId::new("oneroster:north-sis", "u1")));
    assert_eq!(me.emails.len(), 1);
    assert!(cop.steward().member(other.id).expect("the member").external_ids.is_empty());
    // The same person under a new id in the roster is the same person.
    let report = import_twice(&cop, "oneroster", &roster(ORGS, &USERS_11.replace("u1,,", "u1b,,")));
    assert_eq!((report.of(RecordKind::Member).added, report.of(RecordKind::Member).deactivated), (0, 0));
}

#[test]
fn a_shared_address_makes_nobody_somebody_else() {
    let (cop, _) = community();
    let users = USERS_11.replace("bo@example.org", "ana@example.org");
    let report = import_twice(&cop, "oneroster", &roster(ORGS, &users));
    assert_eq!(report.of(RecordKind::Member).added, 3);
    assert_eq!(codes(&report), ["oneroster.shared_email", "oneroster.shared_email"]);
}

#[test]
fn too_many_leaving_at_once_is_refused() {
    let (cop, _) = community();
    let line = |n: usize| format!("t{n},s1,teacher,Given{n},Family{n}\n");
    let header = "sourcedId,orgSourcedIds,role,givenName,familyName\n";
    let of =
        |count: usize| -> Vec<u8> { roster(ORGS, &(header.to_owned() + &(0..count).map(line).collect::<String>())) };
    import_twice(&cop, "oneroster", &of(60));
    let head = cop.head().expect("head");
    let refused = import(&cop, "oneroster", &of(40), &ImportOptions::new()).expect_err("too many");
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::Precondition, "import.mass_deactivation"));
    assert!(refused.to_string().contains("20 of 60"), "{refused}");
    assert_eq!(cop.head().expect("head"), head);
    // Fewer, or with the host's word for it.
    assert_eq!(import_twice(&cop, "oneroster", &of(48)).of(RecordKind::Member).deactivated, 12);
    let sure = ImportOptions::new().with_mass_deactivation_limit(100);
    let report = import(&cop, "oneroster", &of(1), &sure).expect("an import");
    assert_eq!((report.of(RecordKind::Member).deactivated, members(&cop).len()), (47, 60));
}

#[test]
fn an_unreadable_row_ends_nobody() {
    let (cop, _) = community();
    import_twice(&cop, "oneroster", &roster(ORGS, USERS_11));
    let broken = USERS_11.replace("Bo,Lee", "Bo\u{0},Lee").replace("u3,,", ",,");
    let report = import_twice(&cop, "oneroster", &roster(ORGS, &broken));
    assert_eq!(codes(&report), ["text.character", "text.empty", "oneroster.absence_not_read"]);
    assert!(report.issues.iter().any(|issue| (issue.row, issue.severity) == (Some(3), Severity::Error)));
    assert_eq!(report.changes(), 0);
    assert_eq!(places(&named(&cop, "Bo")), [("site_admin", None)]);
}

#[test]
fn trees_with_knots_are_untied() {
    let (cop, _) = community();
    let orgs = "sourcedId,name,type,identifier,parentSourcedId\n\
        a,A,district,,b\nb,B,district,,a\nc,C,school,,c\nd,D,school,,gone\ne,E,school,,c\n\
        f,F,school,01611760000000,a\ng,G,district,,\ng,G again,district,,\nh,,school,,\ni,I,,,\n";
    let users = "sourcedId,orgSourcedIds,role,givenName,familyName\n";
    let report = import_twice(&cop, "oneroster", &roster(orgs, users));
    assert_eq!(report.of(RecordKind::Organization).added, 7);
    let codes = codes(&report);
    for code in ["oneroster.unknown_org", "organization.rank", "cds.level", "oneroster.duplicate_id", "text.empty"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}

#[test]
fn members_import_only_what_they_may() {
    let (cop, _) = community();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).expect("a member");
    let bytes = roster(ORGS, USERS_11);
    let me = cop.as_member(ana.id).expect("a session");
    let refused = me.import_oneroster(&bytes, &ImportOptions::new(), &mut crate::go_on).expect_err("no right");
    assert_eq!(refused.kind(), ErrorKind::NotPermitted);
    let line = br#"{"id": "x", "title": "T", "url": "https://example.org/"}"#;
    let options = ImportOptions::new().with_visibility(Visibility::Private);
    let report = me.import_resources(line, &options, &mut crate::go_on).expect("an import");
    assert_eq!(report.of(RecordKind::Resource).added, 1);
    let guest = cop.as_guest().import_resources(line, &options, &mut crate::go_on);
    assert_eq!(guest.expect_err("no right").kind(), ErrorKind::NotPermitted);
}
