//! The California directory, in small.

use cop_core::interop::ImportOptions;
use cop_core::{NewOrganization, OrganizationKind, RecordKind};

use crate::{codes, community, import, import_twice, organizations};

const HEADER: &str =
    "County Code^District Code^School Code^Type ID^Filler^Test Year^County Name^District Name^School Name^Zip Code";

#[test]
fn codes_make_the_tree() {
    let (cop, _) = community();
    // A school that a roster or a person entered before, under another name.
    let known = NewOrganization::new("school", "Montanez School").with_cds("07616550142331");
    let known = cop.steward().add_organization(known).expect("a school");
    let mut file =
        format!("{HEADER}\r\n07^61655^0142331^7^^2025^Contra Costa^Brentwood Union^Isaac R. Monta").into_bytes();
    file.extend_from_slice(b"\xf1ez Elementary^94513\r\n07^61655^0000000^6^^2025^Contra Costa^Brentwood Union^^\r\n");
    file.extend_from_slice(
        b"07^00000^0000000^5^^2025^Contra Costa^^^\r\n00^00000^0000000^4^^2025^State Of California^^^\r\n",
    );
    file.extend_from_slice(b"07^99999^0000001^9^^2025^Contra Costa^Lone Charter^Lone Charter^\r\n");
    let report = import_twice(&cop, "ca_directory", &file);
    let counts = report.of(RecordKind::Organization);
    assert_eq!((counts.added, counts.updated), (4, 1));
    assert_eq!(codes(&report), ["text.encoding", "directory.missing_parent"]);
    let school = cop.steward().organization(known.id).expect("the school");
    assert_eq!(school.name, "Isaac R. Montañez Elementary");
    let mut above = Vec::new();
    let mut next = school.parent;
    while let Some(id) = next {
        let organization = cop.steward().organization(id).expect("one above");
        above.push(organization.kind.clone());
        next = organization.parent;
    }
    assert_eq!(above, [OrganizationKind::District, OrganizationKind::CountyOffice, OrganizationKind::State]);
}

#[test]
fn years_differ_and_spreadsheets_eat_zeros() {
    let (cop, _) = community();
    let older = "\"School Code\",\"County Code\",\"District Code\",\"Type Id\",\"County Name\",\"District Name\",\"School Name\"\n\
        \"0\",\"1\",\"0\",\"5\",\"Alameda\",\"\",\"\"\n\"0000000\",\"01\",\"61176\",\"06\",\"Alameda\",\"Fremont, Unified\",\"\"\n\
        \"0000000\",\"01\",\"61176\",\"6\",\"Alameda\",\"Again\",\"\"\n\"0000000\",\"01\",\"61176\",\"7\",\"Alameda\",\"x\",\"y\"\n\
        \"0000000\",\"01\",\"61177\",\"6\",\"Alameda\",\"\",\"\"\n\"a\",\"b\",\"c\",\"8\",\"\",\"\",\"\"\n";
    let report = import_twice(&cop, "ca_directory", older.as_bytes());
    let expected = [
        "cds.format",
        "directory.duplicate_code",
        "cds.level",
        "text.empty",
        "directory.type",
        "directory.missing_parent",
    ];
    assert_eq!(codes(&report), expected);
    assert_eq!(organizations(&cop)[0].name, "Fremont, Unified");
    let report =
        import(&cop, "ca_directory", older.as_bytes(), &ImportOptions::new().with_repaired_cds()).expect("an import");
    assert_eq!((report.of(RecordKind::Organization).added, codes(&report)[0]), (1, "cds.repaired"));
    assert!(organizations(&cop).iter().any(|organization| organization.name == "Alameda"));
}
