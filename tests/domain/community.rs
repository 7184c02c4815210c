//! The community's own record: what it is founded with, and who changes it.

use cop_core::ErrorKind::InvalidInput;
use cop_core::model::Charter;
use cop_core::{Community, CommunityEdit, NewCommunity, NewMember};

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
