//! Whoever asks to be forgotten is gone from every file: not only from what can be read, but byte by byte.

use std::path::Path;

use cop_core::{
    Creator, ExternalId, MemberEdit, NewCommunity, NewConvening, NewCreator, NewMember, NewResource, NewStory,
    NewWalkIn, WalkInMatch,
};
use tempfile::TempDir;

/// Texts that occur nowhere else.
const TRACES: [&str; 6] = ["Zerlinde", "Quarzfeld", "zerlinde.quarz", "Blauwal", "sie/ihr-zq", "zq-4711"];

#[test]
fn an_erased_person_leaves_no_byte_behind() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("math.cop");
    let cop = cop_search::create(&path, NewCommunity::new("Math CoP")).unwrap();
    let host = cop.steward();
    let new = NewMember::new("Zerlinde", "Quarzfeld")
        .with_email("zerlinde.quarz@example.org")
        .with_external_id(ExternalId::new("nces", "zq-4711"));
    let gone = host.add_member(new).unwrap().id;
    let stays = host.add_member(NewMember::new("Ana", "Ruiz")).unwrap().id;
    let me = cop.as_member(gone).unwrap();
    let edit = MemberEdit { bio: Some("Blauwal".into()), pronouns: Some("sie/ihr-zq".into()), ..MemberEdit::new(gone) };
    me.revise_member(edit).unwrap();
    me.revise_member(MemberEdit { bio: Some("Nothing".into()), ..MemberEdit::new(gone) }).unwrap();
    let both = vec![
        NewCreator { member: Some(gone), name: "Zerlinde Quarzfeld".into() },
        NewCreator { member: Some(stays), name: "Ana Ruiz".into() },
    ];
    let task = NewResource { creators: both, ..NewResource::new("task", "Fraction strips") };
    let task = cop.as_member(stays).unwrap().add_resource(task).unwrap().id;
    let told = me.tell_story(NewStory::new("testimonial", "A day", "It helped.")).unwrap().id;
    let time = |text: &str| text.parse().unwrap();
    let new = NewConvening::new("workshop", "W", time("2021-09-21T15:30:00"), time("2021-09-21T17:30:00"), "UTC");
    let convening = host.plan_convening(new.online("https://example.org")).unwrap().id;
    host.schedule_convening(convening).unwrap();
    let walk_in = NewWalkIn::new(convening, "Zerlinde Q. Quarzfeld").with_email("zerlinde.quarz@example.org");
    let walk_in = host.add_walk_in(walk_in).unwrap().id;
    host.match_walk_in(WalkInMatch { attendance: walk_in, member: gone }).unwrap();
    host.search("fraction").unwrap();
    assert_ne!(traces(folder.path()), [""; 0], "there is something to forget");

    host.erase_member(gone).unwrap();
    assert_eq!(traces(folder.path()), [""; 0]);
    assert!(host.member(gone).is_err() && cop.as_member(gone).is_err());
    let task = cop.as_member(stays).unwrap().resource(task).unwrap();
    assert_eq!(task.creators, [Creator { member: Some(stays), name: "Ana Ruiz".into() }].into());
    assert!(host.story(told).is_err(), "consent ends with the person");
    let who =
        host.attendances(cop_core::AttendanceFilter::new().with_convening(convening), Default::default()).unwrap();
    assert_eq!(who.items.len(), 1, "what others see of them are numbers");
    drop(cop);
    let again = cop_search::open(&path).unwrap();
    assert!(cop_core::store::contract::verify(&again) > 0);
    assert_eq!(traces(folder.path()), [""; 0]);
}

/// Which of the texts some file in the folder still holds.
fn traces(folder: &Path) -> Vec<&'static str> {
    let mut bytes = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => bytes.extend(std::fs::read(path).unwrap()),
            }
        }
    }
    let found = |text: &&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    TRACES.into_iter().filter(found).collect()
}
