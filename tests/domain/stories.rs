//! Stories: told by those who take part, read as far as their teller consents, and never against it.

use std::collections::BTreeSet;

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted, Precondition};
use cop_core::change::Patch;
use cop_core::{
    AnyRecord, Attribution, CommunityOptions, Consent, ConsentFact, ConsentOf, ConsentState, ErrorKind, MemberId,
    NewEntry, NewMember, NewMembership, NewResource, NewStory, NewTeam, PageRequest, Record, RecordKind, RecordRef,
    SearchQuery, Session, Story, StoryEdit, StoryFilter, StoryId, TeamId, Visibility,
};
use cop_search::TantivyIndex;
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::{World, cases};

fn story() -> NewStory {
    NewStory::new("value_creation", "Strips", "The fraction strips changed how my class talks.")
}

fn consent(story: StoryId, scope: impl ToString, attribution: &str) -> ConsentOf {
    ConsentOf { story, scope: scope.to_string(), attribution: Some(attribution.to_owned()) }
}

/// The world twice: searched by reading everything, and by an index.
fn worlds() -> [World; 2] {
    [World::new(), World::opened(CommunityOptions::new().with_index(TantivyIndex::in_memory()))]
}

/// Whether a session reads the story; a list agrees, and a search unless the story is withdrawn.
fn reads(session: &Session, id: StoryId) -> bool {
    let read = session.story(id);
    let listed = session.stories(StoryFilter::new(), PageRequest::default()).unwrap().items;
    assert_eq!(read.as_ref().ok(), listed.iter().find(|story| story.id == id), "a list and a read agree");
    let found = session.search(SearchQuery::new("strips")).unwrap().hits.iter().any(|hit| hit.id == id.uuid());
    let withdrawn = read.as_ref().is_ok_and(|story| story.consent == ConsentState::Withdrawn);
    assert_eq!(found, read.is_ok() && !withdrawn, "a search agrees");
    assert!(read.is_ok() || read.is_err_and(|error| error.kind() == NotFound));
    found || withdrawn
}

/// The names of those who read the story.
fn readers(w: &World, id: StoryId) -> Vec<&'static str> {
    w.everybody().into_iter().filter(|(_, session)| reads(session, id)).map(|(name, _)| name).collect()
}

#[test]
fn stories_are_told_by_those_who_take_part() {
    let w = World::new();
    let ina = w.session(w.stan).add_member(NewMember::new("Ina", "Invited")).unwrap().id;
    let gone = w.cop.steward().add_member(NewMember::new("Gus", "Gone")).unwrap().id;
    w.session(gone).end_member(gone).unwrap();
    for (name, session) in w.everybody() {
        match name {
            "obi" | "guest" => assert_eq!(w.refused(|| session.tell_story(story())).kind(), NotPermitted, "{name}"),
            _ => {
                let told = session.tell_story(story()).unwrap();
                assert_eq!(told.teller, session.member_id(), "{name}");
                assert_eq!(told.created_by, session.member_id(), "{name}");
                assert_eq!((told.consent, told.facts), (ConsentState::None, BTreeSet::new()), "{name}");
            }
        }
    }
    for outside in [ina, gone] {
        assert_eq!(w.refused(|| w.session(outside).tell_story(story())).kind(), NotPermitted);
    }
}

#[test]
fn whose_story_it_is_only_the_host_says_of_others() {
    let w = World::new();
    let of = |teller: MemberId| NewStory { teller: Some(teller), ..story() };
    for somebody in [w.ben, w.lea, w.stan, w.olga] {
        assert_eq!(w.refused(|| w.session(somebody).tell_story(of(w.ana))).kind(), NotPermitted);
    }
    assert_eq!(w.session(w.ana).tell_story(of(w.ana)).unwrap().teller, Some(w.ana), "of oneself, anybody may");
    let host = w.cop.steward();
    let told = host.tell_story(of(w.ana)).unwrap().id;
    let told = w.session(w.ana).story(told).unwrap();
    assert_eq!((told.teller, told.created_by), (Some(w.ana), None));
    let nobody = MemberId::new(Uuid::from_u128(9));
    assert_eq!(w.refused(|| host.tell_story(of(nobody))).kind(), NotFound);
    let both = || host.tell_story(NewStory { anonymous: true, ..of(w.ana) });
    assert_eq!(w.wrong(both), (InvalidInput, vec!["teller story.anonymous".to_owned()]));
}

#[test]
fn an_anonymous_story_has_no_teller_but_somebody_who_answers_for_it() {
    let w = World::new();
    let told = w.session(w.ana).tell_story(story().anonymous()).unwrap();
    assert_eq!((told.teller, told.created_by, told.owner()), (None, Some(w.ana), Some(w.ana)));
    let grant =
        |who: MemberId, attribution: &str| w.session(who).grant_consent(consent(told.id, "public", attribution));
    for attribution in ["name", "role"] {
        let refused = w.wrong(|| grant(w.ana, attribution));
        assert_eq!(refused, (Precondition, vec!["attribution story.anonymous".to_owned()]), "{attribution}");
    }
    assert_eq!(grant(w.ana, "anonymous").unwrap().consent, ConsentState::Granted);
    assert_eq!(w.cop.as_guest().story(told.id).unwrap().created_by, None);
}

#[test]
fn everything_wrong_with_a_story_is_said_at_once() {
    let w = World::new();
    let ana = w.session(w.ana);
    let mut bad = NewStory::new("a kind", " ", "");
    bad.language = Some("?".to_owned());
    bad.worth = vec!["immediate".to_owned(), "not a code".to_owned()];
    bad.about = vec![w.ana.into(), w.team.into(), RecordRef { kind: RecordKind::Entry, id: Uuid::nil() }];
    let expected = [
        "kind code.format",
        "title text.empty",
        "body text.empty",
        "language language.format",
        "about[0] story.about_kind",
        "about[2] story.about_kind",
        "worth[1] code.format",
    ];
    assert_eq!(w.wrong(|| ana.tell_story(bad)), (InvalidInput, expected.map(str::to_owned).to_vec()));
    let mut long = NewStory::new("testimonial", "x".repeat(301), "x".repeat(200_001));
    long.worth = (0..11).map(|n| format!("w{n}")).collect();
    long.about = vec![w.team.into(); 51];
    let expected = ["title text.too_long", "body text.too_long", "about story.about_many", "worth story.worth_many"];
    assert_eq!(w.wrong(|| ana.tell_story(long)), (InvalidInput, expected.map(str::to_owned).to_vec()));
    let mut most = NewStory::new("my_own_kind", "x".repeat(300), "x".repeat(200_000));
    most.worth = (0..10).map(|n| format!("w{n}")).collect();
    most.about = vec![w.team.into(); 50];
    let most = ana.tell_story(most).unwrap();
    assert_eq!((most.worth.len(), most.about.len()), (10, 1));
}

#[test]
fn a_story_is_about_what_its_teller_sees() {
    let w = World::new();
    let ben = w.session(w.ben);
    let hidden: RecordRef = ben.add_resource(NewResource::new("task", "Ben's own")).unwrap().id.into();
    let ana = w.session(w.ana);
    let refused = w.refused(|| ana.tell_story(story().about(hidden)));
    let missing = RecordRef { id: Uuid::from_u128(7), ..hidden };
    assert_eq!(refused.kind(), NotFound);
    assert_eq!(w.refused(|| ana.tell_story(story().about(missing))).code(), refused.code(), "as if there were none");
    for kind in [RecordKind::Convening, RecordKind::Cycle, RecordKind::Goal, RecordKind::Measure] {
        let none = RecordRef { kind, id: Uuid::from_u128(7) };
        assert_eq!(w.refused(|| ana.tell_story(story().about(none))).kind(), NotFound, "{kind} can be told of");
    }
    let told = ben.tell_story(story().about(hidden).about(w.team)).unwrap();
    let listed = ben.stories(StoryFilter::new().with_about(hidden), PageRequest::default()).unwrap();
    assert_eq!(listed.items, std::slice::from_ref(&told));
    // What is out of sight by now may stay, but not be added.
    w.cop.steward().delete_resource(cop_core::ResourceId::new(hidden.id)).unwrap();
    let edit = |about: Vec<RecordRef>| StoryEdit { about: Some(about), ..StoryEdit::new(told.id) };
    assert_eq!(ben.revise_story(edit(vec![hidden])).unwrap().about, [hidden].into());
    assert_eq!(ben.revise_story(edit(vec![])).unwrap().about, [].into());
    assert_eq!(w.refused(|| ben.revise_story(edit(vec![hidden]))).kind(), NotFound);
}

#[test]
fn a_story_comes_from_a_team_of_ones_own() {
    let w = World::new();
    for (name, session) in w.everybody() {
        let tell = || session.tell_story(story().with_team(w.team));
        match name {
            "ed" | "obi" | "guest" => assert_eq!(w.refused(tell).kind(), NotPermitted, "{name}"),
            _ => assert_eq!(tell().unwrap().team, Some(w.team), "{name}"),
        }
    }
    let missing = || w.session(w.ana).tell_story(story().with_team(TeamId::new(Uuid::from_u128(3))));
    assert_eq!(w.refused(missing).kind(), NotFound);
}

#[test]
fn consent_decides_who_reads() {
    for w in worlds() {
        let ana = w.session(w.ana);
        let told = ana.tell_story(story().with_team(w.team)).unwrap().id;
        let always = ["olga", "stan", "conny", "ana", "host"];
        let expect = |more: &[&'static str]| {
            let mut names: Vec<_> = readers(&w, told);
            names.sort_unstable();
            let mut expected: Vec<_> = always.iter().chain(more).copied().collect();
            expected.sort_unstable();
            assert_eq!(names, expected);
        };
        expect(&[]);
        let grant = |scope: Visibility| ana.grant_consent(consent(told, scope, "anonymous")).unwrap();
        grant(Visibility::Public);
        expect(&["lea", "ben", "obi", "ed", "guest"]);
        grant(Visibility::Community);
        expect(&["lea", "ben", "ed"]);
        grant(Visibility::Team(w.team));
        expect(&["lea", "ben"]);
        grant(Visibility::Organization(w.south));
        expect(&["ben", "ed"]);
        grant(Visibility::Organization(w.county));
        expect(&["lea", "ben", "ed"]);
        assert_eq!(grant(Visibility::Private).facts.len(), 6);
        expect(&[]);
    }
}

#[test]
fn consent_is_the_tellers_own() {
    let w = World::new();
    let host = w.cop.steward();
    let told = w.session(w.ana).tell_story(story()).unwrap().id;
    let recorded = host.tell_story(NewStory { teller: Some(w.ana), ..story() }).unwrap().id;
    let nobodys = host.tell_story(story()).unwrap().id;
    for (name, session) in w.everybody() {
        for (id, owner) in [(told, "ana"), (recorded, "ana"), (nobodys, "host")] {
            let expected = match name {
                _ if name == owner => None,
                "olga" | "stan" | "conny" | "host" => Some(NotPermitted),
                "guest" => Some(NotPermitted),
                _ => Some(NotFound),
            };
            let grant = || session.grant_consent(consent(id, "private", "name"));
            let take = || session.withdraw_consent(id);
            match expected {
                Some(kind) => {
                    assert_eq!(w.refused(grant).kind(), kind, "{name} grants");
                    assert_eq!(w.refused(take).kind(), kind, "{name} withdraws");
                }
                None => assert_eq!(grant().unwrap().consent, ConsentState::Granted, "{name}"),
            }
        }
    }
    assert_eq!(host.withdraw_consent(nobodys).unwrap().consent, ConsentState::Withdrawn);
    assert_eq!(readers(&w, nobodys), [""; 0], "nobody is left who could read it");
}

#[test]
fn what_is_consented_to_is_checked() {
    let w = World::new();
    let ana = w.session(w.ana);
    let told = ana.tell_story(story()).unwrap().id;
    let refused = w.wrong(|| ana.grant_consent(consent(told, "all", "loudly")));
    let expected = ["scope visibility.format", "attribution code.unknown"].map(str::to_owned).to_vec();
    assert_eq!(refused, (InvalidInput, expected));
    for scope in ["team", "organization"] {
        let missing = || ana.grant_consent(consent(told, format!("{scope}:{}", Uuid::from_u128(4)), "name"));
        assert_eq!(w.refused(missing).kind(), NotFound, "{scope}");
    }
    let plain = ConsentOf { attribution: None, ..consent(told, "community", "name") };
    let granted = ana.grant_consent(plain.clone()).unwrap();
    let expected = Consent { number: 1, scope: Visibility::Community, attribution: Attribution::Anonymous };
    assert_eq!(granted.granted(), Some(&expected), "unnamed unless said");
    assert_eq!(ana.grant_consent(plain).unwrap().revision, granted.revision, "the same again says nothing new");
    let named = ana.grant_consent(consent(told, "community", "name")).unwrap();
    assert_eq!(named.granted().map(|consent| consent.number), Some(2));
}

/// Everything that a session is told of the story, as text.
fn told_to(session: &Session, id: StoryId) -> String {
    let record = serde_json::to_string(&session.record(id).unwrap()).unwrap();
    let list =
        serde_json::to_string(&session.stories(StoryFilter::new(), PageRequest::default()).unwrap().items).unwrap();
    let search = SearchQuery { facets: true, ..SearchQuery::new("strips") };
    let hits = serde_json::to_string(&session.search(search).unwrap()).unwrap();
    let within = session.transaction(|tx| Ok(serde_json::to_string(&tx.get(id)?).unwrap())).unwrap_or_default();
    let history = match session.history(id) {
        Ok(history) => serde_json::to_string(&history).unwrap(),
        Err(error) => error.to_string(),
    };
    let undone = format!("{:?}", session.revise_story(StoryEdit::new(id)));
    [record, list, hits, within, history, undone].join("\n")
}

#[test]
fn nothing_gives_the_teller_away_who_does_not_want_to_be_named() {
    for w in worlds() {
        let ana = w.session(w.ana);
        for (anonymous, attribution) in [(false, "anonymous"), (false, "role"), (true, "anonymous"), (false, "name")] {
            let told = ana.tell_story(NewStory { anonymous, ..story() }).unwrap().id;
            ana.grant_consent(consent(told, "public", attribution)).unwrap();
            for (name, session) in w.everybody() {
                let text = told_to(&session, told);
                let named = text.contains(&w.ana.to_string());
                assert_eq!(named, name == "ana" || attribution == "name", "{name}, {attribution}: {text}");
            }
            assert!(told_to(&ana, told).contains("granted"), "her own history is hers to read");
            ana.withdraw_consent(told).unwrap();
        }
        // Before any consent, those who facilitate read it without knowing whose it is.
        let told = ana.tell_story(story()).unwrap().id;
        assert!(!told_to(&w.session(w.stan), told).contains(&w.ana.to_string()));
    }
}

#[test]
fn history_is_the_tellers_alone() {
    let w = World::new();
    let told = w.session(w.ana).tell_story(story()).unwrap().id;
    w.session(w.ana).grant_consent(consent(told, "public", "name")).unwrap();
    for (name, session) in w.everybody() {
        match name {
            "ana" => assert_eq!(session.history(told).unwrap().len(), 2),
            _ => assert_eq!(session.history(told).unwrap_err().kind(), NotPermitted, "{name}"),
        }
    }
}

#[test]
fn a_withdrawn_story_is_gone_for_everybody_but_its_teller() {
    for w in worlds() {
        let ana = w.session(w.ana);
        let told = ana.tell_story(story().with_team(w.team)).unwrap().id;
        ana.grant_consent(consent(told, "public", "name")).unwrap();
        let note = w.session(w.ben).add_entry(NewEntry::new(told, "comment", "So true.")).unwrap().id;
        assert_eq!(readers(&w, told).len(), 10, "everybody");
        let withdrawn = ana.withdraw_consent(told).unwrap();
        assert_eq!((withdrawn.consent, withdrawn.granted()), (ConsentState::Withdrawn, None));
        assert_eq!(readers(&w, told), ["ana"]);
        for (name, session) in w.everybody() {
            let hits = session.search("strips").unwrap();
            assert_eq!((hits.total, hits.facets.values().flatten().count()), (0, 0), "{name}");
            assert_eq!(session.entry(note).is_ok(), name == "ana", "{name}: notes follow their story");
        }
        // For ever: nothing more can be said, and saying it again changes nothing.
        assert_eq!(ana.withdraw_consent(told).unwrap().revision, withdrawn.revision);
        let over = |refused: (ErrorKind, Vec<String>)| {
            assert_eq!(refused, (Precondition, vec!["story story.consent_withdrawn".to_owned()]));
        };
        over(w.wrong(|| ana.grant_consent(consent(told, "public", "name"))));
        over(w.wrong(|| ana.revise_story(StoryEdit { title: Some("New".to_owned()), ..StoryEdit::new(told) })));
        over(w.wrong(|| ana.revise_story(StoryEdit::new(told))));
        let undo = w.wrong(|| ana.apply(cop_core::Op::Undo(1.into())));
        assert_eq!(undo, (Precondition, vec!["operations undo.final".to_owned()]));
    }
}

#[test]
fn a_story_is_changed_by_its_teller() {
    let w = World::new();
    let host = w.cop.steward();
    let told = host.tell_story(NewStory { teller: Some(w.ana), ..story() }).unwrap().id;
    w.session(w.ana).grant_consent(consent(told, "public", "name")).unwrap();
    let edit = StoryEdit {
        title: Some(" New strips ".to_owned()),
        body: Some("Other words.".to_owned()),
        worth: Some(vec!["applied".to_owned(), "applied".to_owned()]),
        ..StoryEdit::new(told)
    };
    for (name, session) in w.everybody().into_iter().filter(|(name, _)| !["ana", "host"].contains(name)) {
        assert_eq!(w.refused(|| session.revise_story(edit.clone())).kind(), NotPermitted, "{name}");
    }
    let changed = w.session(w.ana).revise_story(edit.clone()).unwrap();
    assert_eq!((changed.title.as_str(), changed.body.as_str(), changed.worth.len()), ("New strips", "Other words.", 1));
    assert_eq!(changed.consent, ConsentState::Granted, "consent stays");
    host.revise_story(StoryEdit { title: Some("Strips".to_owned()), ..StoryEdit::new(told) }).unwrap();
    let bad = StoryEdit { title: Some(String::new()), body: Some(" ".to_owned()), ..edit };
    let expected = ["title text.empty", "body text.empty"].map(str::to_owned).to_vec();
    assert_eq!(w.wrong(|| w.session(w.ana).revise_story(bad)), (InvalidInput, expected));
    let missing = || w.session(w.ana).revise_story(StoryEdit::new(StoryId::new(Uuid::nil())));
    assert_eq!(w.refused(missing).kind(), NotFound);
}

#[test]
fn a_team_that_is_told_of_need_not_be_seen_by_readers() {
    let w = World::new();
    let host = w.cop.steward();
    let small = host.create_team(NewTeam::new("project", "Small")).unwrap().id;
    host.add_membership(NewMembership::new(small, w.ed)).unwrap();
    let told = w.session(w.ed).tell_story(story().with_team(small)).unwrap().id;
    w.session(w.ed).grant_consent(consent(told, Visibility::Team(small), "name")).unwrap();
    assert_eq!(readers(&w, told), ["olga", "stan", "conny", "ed", "host"]);
    host.add_membership(NewMembership::new(small, w.obi)).unwrap();
    assert!(readers(&w, told).contains(&"obi"), "an observer in the team reads what is the team's");
}

fn fact() -> impl Strategy<Value = ConsentFact> {
    let scope = prop_oneof![
        Just(Visibility::Public),
        Just(Visibility::Community),
        Just(Visibility::Organization(Uuid::from_u128(1).into())),
        Just(Visibility::Team(Uuid::from_u128(2).into())),
        Just(Visibility::Private),
    ];
    let attribution = prop_oneof![Just(Attribution::Anonymous), Just(Attribution::Role), Just(Attribution::Name)];
    let granted = (1..4u32, scope, attribution)
        .prop_map(|(number, scope, attribution)| ConsentFact::Granted(Consent { number, scope, attribution }));
    prop_oneof![8 => granted, 1 => Just(ConsentFact::Withdrawn)]
}

/// What the facts amount to, said another way: withdrawn ends it; else the last number, the narrowest scope of
/// those, the least naming of those.
fn expected(facts: &[ConsentFact]) -> (ConsentState, Option<Consent>) {
    let mut best: Option<Consent> = None;
    for fact in facts {
        match fact {
            ConsentFact::Withdrawn => return (ConsentState::Withdrawn, None),
            ConsentFact::Granted(new) => {
                let wins = best.as_ref().is_none_or(|best| {
                    let narrower = new.scope > best.scope;
                    let quieter = new.scope == best.scope && new.attribution < best.attribution;
                    new.number > best.number || (new.number == best.number && (narrower || quieter))
                });
                best = if wins { Some(new.clone()) } else { best };
            }
        }
    }
    (if best.is_some() { ConsentState::Granted } else { ConsentState::None }, best)
}

/// The facts of a story whose log got these patches, in this order.
fn through_the_log(blank: &Story, facts: &[ConsentFact]) -> BTreeSet<ConsentFact> {
    let mut values = blank.values();
    for fact in facts {
        let patch = serde_json::json!({"facts": {"+": [fact]}});
        Patch::from_text(&patch.to_string()).unwrap().apply(Story::FIELDS, &mut values).unwrap();
    }
    Story::from_values(blank.header(), &values).unwrap().facts
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn consent_is_what_was_said_in_whatever_order_and_however_often(
        said in proptest::collection::vec(fact(), 0..8)
            .prop_flat_map(|said| {
                let twice: Vec<_> = said.iter().chain(&said).cloned().collect();
                (Just(said), Just(twice).prop_shuffle())
            }),
    ) {
        let (once, shuffled) = said;
        let blank = BLANK.with(Clone::clone);
        let (one, other) = (through_the_log(&blank, &once), through_the_log(&blank, &shuffled));
        prop_assert_eq!(&one, &other);
        let (state, granted) = ConsentState::of(&other);
        prop_assert_eq!((state, granted.cloned()), expected(&once));
    }

    #[test]
    fn once_withdrawn_nothing_that_is_said_brings_it_back(said in proptest::collection::vec(fact(), 0..8)) {
        let mut facts: BTreeSet<ConsentFact> = said.into_iter().collect();
        facts.insert(ConsentFact::Withdrawn);
        prop_assert_eq!(ConsentState::of(&facts), (ConsentState::Withdrawn, None));
    }
}

thread_local! {
    static BLANK: Story = {
        let w = World::new();
        let told = w.session(w.ana).tell_story(story()).unwrap();
        match w.session(w.ana).record(told.id).unwrap() {
            AnyRecord::Story(story) => story,
            other => panic!("{other:?}"),
        }
    };
}
