//! OneRoster's words for organizations and people, and ours (CSV Binding 1.1 and 1.2.1, sections on
//! enumerations; extension tokens `ext:…` where the vocabulary is open).

use crate::model::{CdsCode, CdsLevel, OrganizationKind, Role};

/// What somebody is, before it is known where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Works there, as this (lower-case token without `ext:`).
    Staff(String),
    /// Learns there: never imported.
    Student,
    /// Belongs to somebody who learns there: never imported.
    Family,
    /// A word that could mean anybody: not imported either.
    Unknown,
}

/// Roles of the standard vocabulary that staff have.
const STAFF: &[&str] = &[
    "administrator",
    "aide",
    "counselor",
    "districtadministrator",
    "principal",
    "proctor",
    "siteadministrator",
    "systemadministrator",
    "teacher",
];

/// The words in an extension token that make it a learner or their family.
const LEARNERS: &[&str] = &["student", "pupil", "learner", "child", "alum"];
const FAMILY: &[&str] = &["parent", "guardian", "relative", "family", "contact"];

/// Reads a role.
pub(super) fn who(role: &str) -> Who {
    let role = role.trim().to_lowercase();
    let names = |words: &[&str], token: &str| words.iter().any(|word| token.contains(word));
    match role.as_str() {
        "student" => Who::Student,
        "guardian" | "parent" | "relative" => Who::Family,
        known if STAFF.contains(&known) => Who::Staff(role),
        _ => match role.strip_prefix("ext:").map(str::trim).filter(|token| !token.is_empty()) {
            Some(token) if names(LEARNERS, token) => Who::Student,
            Some(token) if names(FAMILY, token) => Who::Family,
            Some(token) => Who::Staff(code(token)),
            None => Who::Unknown,
        },
    }
}

/// Our role for a staff token at an organization of this kind.
pub(super) fn role(token: &str, at: &OrganizationKind) -> String {
    let leads = match at {
        OrganizationKind::School => Role::SiteAdmin,
        OrganizationKind::CountyOffice => Role::CountyLeader,
        _ => Role::DistrictAdmin,
    };
    match token {
        "administrator" | "principal" | "siteadministrator" => leads.code().to_owned(),
        "districtadministrator" => match at {
            OrganizationKind::CountyOffice => Role::CountyLeader.code().to_owned(),
            _ => Role::DistrictAdmin.code().to_owned(),
        },
        "systemadministrator" => "system_admin".to_owned(),
        "professor" | "faculty" => Role::UniversityPartner.code().to_owned(),
        other => other.to_owned(),
    }
}

/// Whether the standard vocabulary can have given a member this role: then a roster may end it.
pub(super) fn is_roster_role(role: &Role) -> bool {
    use Role as R;
    matches!(role, R::Teacher | R::SiteAdmin | R::DistrictAdmin | R::CountyLeader)
        || matches!(role.code(), "aide" | "counselor" | "proctor" | "system_admin")
}

/// Our kind for an organization type. A CDS code tells a county office from a district.
pub(super) fn kind(of_type: &str, cds: Option<CdsCode>) -> Option<String> {
    let of_type = of_type.trim().to_lowercase();
    Some(match of_type.as_str() {
        "" => return None,
        "national" | "state" => "state".to_owned(),
        "local" | "district" if cds.is_some_and(|cds| cds.level() == CdsLevel::County) => "county_office".to_owned(),
        "local" | "district" => "district".to_owned(),
        other => code(other.strip_prefix("ext:").unwrap_or(other)),
    })
}

/// A word as a code of ours: `Instructional Coach` becomes `instructional_coach`.
fn code(word: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' };
    word.trim().to_lowercase().chars().map(plain).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_might_be_a_child_is_not_staff() {
        for role in ["student", "Student", "ext:student_helper", "ext:PreK-Learner"] {
            assert_eq!(who(role), Who::Student, "{role}");
        }
        for role in ["parent", "GUARDIAN", "ext:parent_volunteer"] {
            assert_eq!(who(role), Who::Family, "{role}");
        }
        for role in ["", "pupil", "coach", "ext:", "schüler"] {
            assert_eq!(who(role), Who::Unknown, "{role}");
        }
        assert_eq!(who("TEACHER"), Who::Staff("teacher".to_owned()));
        assert_eq!(who("ext:Instructional Coach"), Who::Staff("instructional_coach".to_owned()));
    }

    #[test]
    fn leading_depends_on_where() {
        assert_eq!(role("administrator", &OrganizationKind::School), "site_admin");
        assert_eq!(role("principal", &OrganizationKind::District), "district_admin");
        assert_eq!(role("districtadministrator", &OrganizationKind::CountyOffice), "county_leader");
        assert_eq!(role("coach", &OrganizationKind::School), "coach");
        let county: CdsCode = "01000000000000".parse().expect("a code");
        assert_eq!(kind("local", Some(county)).as_deref(), Some("county_office"));
        assert_eq!(kind("department", None).as_deref(), Some("department"));
        assert_eq!(kind("ext:university", None).as_deref(), Some("university"));
    }
}
