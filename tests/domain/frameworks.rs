//! Frameworks of standards: recorded by their GUIDs, and the same when they are recorded again.

use chrono::TimeDelta;
use cop_core::{Association, Framework, NewAssociation, NewFramework, NewStandard, NodeRef, Record, Standard};
use uuid::Uuid;

use crate::world::World;

fn node(identifier: &str) -> NodeRef {
    NodeRef {
        identifier: identifier.to_owned(),
        uri: format!("https://example.org/{identifier}"),
        title: String::new(),
    }
}

#[test]
fn what_is_recorded_again_keeps_who_recorded_it_first_and_how() {
    let w = World::new();
    let framework = |identifier: &str, title: &str| NewFramework {
        identifier: identifier.into(),
        title: title.into(),
        ..NewFramework::default()
    };
    let id = Framework::id_of("F-1");
    let standard = |identifier: &str, statement: &str| NewStandard::new(id, identifier, statement);
    let association = |identifier: &str, sequence| NewAssociation {
        framework: id,
        identifier: identifier.into(),
        kind: "precedes".into(),
        origin: node("s-1"),
        destination: node("s-2"),
        sequence: Some(sequence),
        extra: Default::default(),
    };
    let (stan, olga) = (w.session(w.stan), w.session(w.olga));
    stan.record_framework(framework("F-1", "First")).unwrap();
    stan.record_standard(standard("S-1", "Fractions")).unwrap();
    stan.record_association(association("A-1", 1)).unwrap();
    let then = w.cop.steward().framework(id).unwrap().created_at;
    w.clock.0.set(then + TimeDelta::days(30));

    let one = olga.record_framework(framework("f-1", "Second")).unwrap();
    let two = olga.record_standard(standard("s-1", "Ratios")).unwrap();
    let three = olga.record_association(association("a-1", 2)).unwrap();
    assert_eq!((one.title.as_str(), two.statement.as_str(), three.sequence), ("Second", "Ratios", Some(2)));
    assert_eq!([&one.identifier, &two.identifier, &three.identifier], ["F-1", "S-1", "A-1"], "as first written");
    for header in [one.header(), two.header(), three.header()] {
        assert_eq!((header.created_by, header.created_at), (Some(w.stan), then), "{header:?}");
    }
    w.log_amounts_to_the_rows();
}

#[test]
fn a_guid_names_one_thing_in_one_framework() {
    let guid = "6B9F7A3C-57CC-11E8-824F-0242AC160002";
    assert_eq!(Framework::id_of(guid).uuid(), Uuid::try_parse(guid).unwrap(), "a UUID is the id");
    assert_eq!(Framework::id_of("ccss"), Framework::id_of("CCSS"));
    assert_ne!(Framework::id_of("ccss"), Framework::id_of("teks"));
    let (one, other) = (Framework::id_of("ccss"), Framework::id_of("teks"));
    assert_ne!(Standard::id_of(one, "s").uuid(), Association::id_of(one, "s").uuid());
    assert_ne!(Standard::id_of(one, "s"), Standard::id_of(other, "s"));
}
