//! The community's own record: what it is founded with, and who changes it.

use cop_core::ErrorKind::{InvalidInput, Precondition};
use cop_core::model::Charter;
use cop_core::{Community, CommunityEdit, NewCommunity, NewMember, NewOrganization, Op, OrganizationId};

use crate::world::World;

fn charter(domain: &str) -> Charter {
    Charter { domain: domain.into(), community: " Teachers and coaches ".into(), practice: "Lesson study".into() }
}

#[test]
fn a_community_is_founded_with_its_charter_and_language() {
    let new = NewCommunity::new("Comunidad").with_charter(charter("Fracciones")).with_language("es");
    let about = Community::in_memory(new).unwrap().about().unwrap();
    assert_eq!((about.name.as_str(), about.language.to_string().as_str()), ("Comunidad", "es"));
    let expected = Charter { community: "Teachers and coaches".into(), ..charter("Fracciones") };
    assert_eq!(about.charter, expected, "texts are trimmed");
    let long = NewCommunity::new("Math CoP").with_charter(charter(&"x".repeat(200_001)));
    let refused = Community::in_memory(long).map(drop).unwrap_err();
    assert_eq!((refused.kind(), refused.problems()[0].field.as_str()), (InvalidInput, "charter.domain"));
}

#[test]
fn an_edit_changes_what_it_names_and_nothing_else() {
    let w = World::new();
    let olga = w.session(w.olga);
    let with_hub = olga.revise_community(CommunityEdit::new().with_hub(w.county)).unwrap();
    assert_eq!((with_hub.name.as_str(), with_hub.hub), ("Math CoP", Some(w.county)));
    let edit = CommunityEdit { charter: Some(charter("Fractions")), ..CommunityEdit::new() };
    let after = olga.revise_community(edit).unwrap();
    assert_eq!((after.hub, after.charter.practice.as_str()), (Some(w.county), "Lesson study"));
}

#[test]
fn a_member_is_shown_as_they_wish() {
    let new = NewMember::new("Ana", "Ruiz").with_display("Ana R.");
    assert_eq!((new.given.as_str(), new.display.as_deref()), ("Ana", Some("Ana R.")));
    let w = World::new();
    assert_eq!(w.cop.steward().add_member(new).unwrap().display, "Ana R.");
}

#[test]
fn a_code_fits_the_kind_of_organization() {
    let w = World::new();
    let host = w.cop.steward();
    // The state, Alameda County's office, one of its districts, a school.
    let codes = ["00000000000000", "01100170000000", "01611190000000", "01611190130229"];
    for (kind, fits) in [
        ("state", [true, false, false, false]),
        ("county_office", [false, true, true, false]),
        ("district", [false, true, true, false]),
        ("school", [false, false, false, true]),
        ("partner", [true, true, true, true]),
    ] {
        for (code, fits) in codes.into_iter().zip(fits) {
            let tried = host.try_out(Op::AddOrganization(NewOrganization::new(kind, "X").with_cds(code)));
            assert_eq!(tried.is_ok(), fits, "{kind} {code}: {:?}", tried.err());
        }
    }
}

#[test]
fn organizations_lie_in_each_other_sixty_four_deep() {
    let w = World::new();
    let host = w.cop.steward();
    let below = |parent: Option<OrganizationId>| {
        host.add_organization(NewOrganization { parent, ..NewOrganization::new("partner", "X") })
    };
    let mut last = below(None).unwrap().id;
    for _ in 0..64 {
        last = below(Some(last)).unwrap().id;
    }
    let wrong = w.wrong(|| below(Some(last)));
    assert_eq!(wrong, (Precondition, vec!["parent organization.cycle".to_owned()]));
}
