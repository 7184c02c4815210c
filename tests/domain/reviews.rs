//! Reviews of resources, and embargoes: given to their audience when somebody else has looked, and when its day has
//! come.

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted, Precondition};
use cop_core::{
    CommunityOptions, EmbargoOf, ErrorKind, GrantOf, MemberId, NewCreator, NewResource, PageRequest, ResourceEdit,
    ResourceFilter, ResourceId, ResourceState, ReviewOf, SealOf, Session, Verdict, Visibility, VisibilityOf,
};
use cop_search::TantivyIndex;

use crate::world::{World, day};

fn problems<const N: usize>(kind: ErrorKind, problems: [&str; N]) -> (ErrorKind, Vec<String>) {
    (kind, problems.map(str::to_owned).to_vec())
}

fn draft(w: &World, by: MemberId) -> ResourceId {
    let new = NewResource::new("task", "Strips").with_body("Fold.").with_team(w.team);
    w.session(by).add_resource(new).unwrap().id
}

fn verdict(resource: ResourceId, verdict: &str) -> ReviewOf {
    ReviewOf { resource, verdict: verdict.to_owned(), comment: "Looked at it.".to_owned() }
}

#[test]
fn a_review_is_asked_for_by_who_may_change_it() {
    for (who, expected) in [
        ("ana", None),
        ("lea", None),
        ("conny", None),
        ("stan", None),
        ("host", None),
        ("ben", Some(NotFound)),
        ("ed", Some(NotFound)),
        ("obi", Some(NotFound)),
        ("guest", Some(NotPermitted)),
    ] {
        let w = World::new();
        let task = draft(&w, w.ana);
        let (_, session) = w.everybody().into_iter().find(|(name, _)| *name == who).unwrap();
        match expected {
            Some(kind) => assert_eq!(w.refused(|| session.submit_resource(task)).kind(), kind, "{who}"),
            None => {
                let asked = session.submit_resource(task).unwrap();
                assert_eq!(asked.state, ResourceState::InReview, "{who}");
                assert_eq!(session.submit_resource(task).unwrap().revision, asked.revision, "{who}: once");
            }
        }
    }
    let w = World::new();
    let task = draft(&w, w.ana);
    w.session(w.ana).publish_resource(task).unwrap();
    let late = problems(Precondition, ["resource resource.not_draft"]);
    assert_eq!(w.wrong(|| w.session(w.ana).submit_resource(task)), late);
    assert_eq!(w.refused(|| w.session(w.ben).submit_resource(task)).kind(), NotPermitted, "reads it, changes it not");
}

#[test]
fn a_review_is_given_by_leads_and_facilitators() {
    let w = World::new();
    let task = draft(&w, w.ana);
    let early = w.wrong(|| w.session(w.lea).review_resource(verdict(task, "approved")));
    assert_eq!(early, problems(Precondition, ["resource resource.not_in_review"]));
    w.session(w.ana).submit_resource(task).unwrap();
    for (name, session) in w.everybody() {
        let review = || session.review_resource(verdict(task, "approved"));
        match name {
            "lea" | "conny" | "stan" | "olga" | "host" => {
                let reviewed = review().unwrap();
                assert!(reviewed.reviews.iter().any(|review| review.by == session.member_id()), "{name}");
                assert_eq!(reviewed.state, ResourceState::InReview, "{name}: publishing is another step");
            }
            "ana" => assert_eq!(w.refused(review).kind(), NotPermitted, "the maker"),
            "guest" => assert_eq!(w.refused(review).kind(), NotPermitted, "{name}"),
            _ => assert_eq!(w.refused(review).kind(), NotFound, "{name}"),
        }
    }
    let bad = ReviewOf { comment: "x".repeat(200_001), ..verdict(task, "fine") };
    let expected = problems(InvalidInput, ["verdict code.unknown", "comment text.too_long"]);
    assert_eq!(w.wrong(|| w.session(w.lea).review_resource(bad)), expected);
    // A sealed draft is its maker's alone.
    w.session(w.ana).seal_resource(SealOf { resource: task, sealed: true }).unwrap();
    for who in [w.lea, w.stan] {
        let sealed = || w.session(who).review_resource(verdict(task, "approved"));
        assert_eq!(w.refused(sealed).kind(), NotFound);
    }
}

#[test]
fn a_sole_creator_does_not_review_their_own() {
    let w = World::new();
    let own = problems(Precondition, ["resource review.own"]);
    let by = |creators: &[(Option<MemberId>, &str)]| {
        let creator = |(member, name): &(Option<MemberId>, &str)| NewCreator { member: *member, name: (*name).into() };
        let new = NewResource { creators: creators.iter().map(creator).collect(), ..NewResource::new("task", "T") };
        let id = w.session(w.lea).add_resource(new.with_body("x").with_team(w.team)).unwrap().id;
        w.session(w.lea).submit_resource(id).unwrap();
        id
    };
    let review = |who: MemberId, id| w.session(who).review_resource(verdict(id, "approved"));
    let nobody_named = by(&[]);
    assert_eq!(w.wrong(|| review(w.lea, nobody_named)), own, "who added it made it, unless others are named");
    review(w.conny, nobody_named).unwrap();
    let hers = by(&[(Some(w.lea), "Lea"), (Some(w.lea), "L. Test")]);
    assert_eq!(w.wrong(|| review(w.lea, hers)), own);
    review(w.lea, by(&[(Some(w.lea), "Lea"), (Some(w.ben), "Ben")])).expect("not alone");
    review(w.lea, by(&[(Some(w.lea), "Lea"), (None, "A colleague")])).expect("not alone, either");
    review(w.lea, by(&[(Some(w.ben), "Ben")])).expect("wrote down what another made");
    let convener = by(&[(Some(w.conny), "Conny")]);
    assert_eq!(w.wrong(|| review(w.conny, convener)), own, "whatever else one is");
}

#[test]
fn what_is_in_review_is_published_once_it_is_approved() {
    let w = World::new();
    let task = draft(&w, w.ana);
    let ana = w.session(w.ana);
    ana.submit_resource(task).unwrap();
    let waits = problems(Precondition, ["reviews resource.not_approved"]);
    let publish = || ana.publish_resource(task);
    assert_eq!(w.wrong(publish), waits);
    let review = |time: &str, code: &str| {
        w.go_to(time);
        w.session(w.lea).review_resource(verdict(task, code)).unwrap()
    };
    review("2021-09-02T10:00:00Z", "approved");
    review("2021-09-02T11:00:00Z", "changes_requested");
    assert_eq!(w.wrong(publish), waits, "the last word counts");
    assert_eq!(w.wrong(|| w.cop.steward().publish_resource(task)), waits, "for the host too");
    let reviewed = review("2021-09-02T12:00:00Z", "approved");
    let said: Vec<Verdict> = reviewed.reviews.iter().map(|review| review.verdict).collect();
    assert_eq!(said, [Verdict::Approved, Verdict::ChangesRequested, Verdict::Approved]);
    assert_eq!(publish().unwrap().state, ResourceState::Published);
    // Nobody has to ask for a review.
    let other = draft(&w, w.ana);
    ana.publish_resource(other).unwrap();
    // Everything that is missing is named at once.
    let empty = NewResource::new("task", "Empty").with_team(w.team).with_visibility(Visibility::Public);
    let empty = ana.add_resource(empty).unwrap().id;
    let maximum =
        cop_core::TeamEdit { maximum_visibility: Some("community".into()), ..cop_core::TeamEdit::new(w.team) };
    w.session(w.lea).revise_team(maximum).unwrap();
    ana.submit_resource(empty).unwrap();
    let all = ["reviews resource.not_approved", "body resource.empty", "visibility resource.too_wide"];
    assert_eq!(w.wrong(|| ana.publish_resource(empty)), problems(Precondition, all));
}

#[test]
fn reviews_are_read_by_whoever_reads_the_resource() {
    let w = World::new();
    let task = draft(&w, w.ana);
    w.session(w.ana).submit_resource(task).unwrap();
    w.session(w.lea).review_resource(verdict(task, "approved")).unwrap();
    assert!(w.session(w.ben).resource(task).is_err(), "in review it is seen as a draft is");
    w.session(w.ana).publish_resource(task).unwrap();
    assert_eq!(w.session(w.ben).resource(task).unwrap().reviews.len(), 1);
}

/// Who reads, lists and finds the resource.
fn readers(w: &World, id: ResourceId) -> Vec<&'static str> {
    let sees = |name: &str, session: &Session| {
        let read = session.resource(id);
        let listed = session.resources(ResourceFilter::new(), PageRequest::default()).unwrap().items;
        let found = session.search("strips").unwrap();
        assert!(read.is_ok() || read.as_ref().is_err_and(|error| error.kind() == NotFound), "{name}");
        assert_eq!(listed.iter().any(|resource| resource.id == id), read.is_ok(), "{name}: a list agrees");
        assert_eq!(found.hits.iter().any(|hit| hit.id == id.uuid()), read.is_ok(), "{name}: a search agrees");
        assert_eq!(found.total, found.hits.len() as u64, "{name}: counts agree");
        read.is_ok()
    };
    w.everybody().into_iter().filter(|(name, session)| sees(name, session)).map(|(name, _)| name).collect()
}

const BEFORE: &[&str] = &["2021-09-01T16:00:00Z", "2021-09-04T23:59:59Z"];
const FROM: &[&str] = &["2021-09-05T00:00:00Z", "2021-09-05T12:00:00Z", "2022-01-01T00:00:00Z"];

type Choice = fn(&World) -> Visibility;

#[test]
fn before_its_day_a_published_resource_is_for_its_maker_and_who_facilitates() {
    let cases: [(Choice, &[&str]); 6] = [
        (|_| Visibility::Public, &["lea", "ben", "obi", "ed", "guest"]),
        (|_| Visibility::Community, &["lea", "ben", "ed"]),
        (|w| Visibility::Organization(w.county), &["lea", "ben", "ed"]),
        (|w| Visibility::Organization(w.south), &["ben", "ed"]),
        (|w| Visibility::Team(w.team), &["lea", "ben"]),
        (|_| Visibility::Private, &[]),
    ];
    for (visibility, audience) in cases {
        for indexed in [false, true] {
            let options = CommunityOptions::new();
            let w = World::opened(if indexed { options.with_index(TantivyIndex::in_memory()) } else { options });
            let task = draft(&w, w.ana);
            let ana = w.session(w.ana);
            let visibility = visibility(&w);
            ana.set_visibility(VisibilityOf { resource: task, visibility: visibility.to_string() }).unwrap();
            ana.set_embargo(EmbargoOf { resource: task, until: Some(day("2021-09-05")) }).unwrap();
            ana.publish_resource(task).unwrap();
            let kept = ["olga", "stan", "conny", "ana", "host"];
            for time in BEFORE {
                w.go_to(time);
                assert_eq!(readers(&w, task), kept, "{visibility} at {time}");
            }
            let mut expected: Vec<_> = kept.iter().chain(audience).copied().collect();
            expected.sort_unstable();
            // Forth and back: the day decides, and nothing is written when it comes.
            let head = w.cop.head().unwrap();
            for time in FROM {
                w.go_to(time);
                let mut found = readers(&w, task);
                found.sort_unstable();
                assert_eq!(found, expected, "{visibility} at {time}");
            }
            w.go_to(BEFORE[1]);
            assert_eq!(readers(&w, task), kept, "{visibility} again before");
            assert_eq!(w.cop.head().unwrap(), head);
        }
    }
}

#[test]
fn grants_wait_for_the_day_too_and_the_seal_holds_before_and_after() {
    let w = World::new();
    let task = draft(&w, w.ana);
    let ana = w.session(w.ana);
    ana.set_visibility(VisibilityOf { resource: task, visibility: "private".into() }).unwrap();
    ana.grant_access(GrantOf { resource: task, grantee: format!("member:{}", w.obi) }).unwrap();
    ana.grant_access(GrantOf { resource: task, grantee: format!("organization:{}", w.south) }).unwrap();
    ana.set_embargo(EmbargoOf { resource: task, until: Some(day("2021-09-05")) }).unwrap();
    ana.publish_resource(task).unwrap();
    ana.seal_resource(SealOf { resource: task, sealed: true }).unwrap();
    assert_eq!(readers(&w, task), ["ana"]);
    w.go_to(FROM[0]);
    assert_eq!(readers(&w, task), ["ana", "ben", "obi", "ed"]);
    // A retired resource keeps its day.
    ana.retire_resource(task).unwrap();
    w.go_to(BEFORE[0]);
    assert_eq!(readers(&w, task), ["ana"]);
}

#[test]
fn an_embargo_is_set_and_lifted_by_who_manages() {
    let w = World::new();
    let task = draft(&w, w.ana);
    w.session(w.ana).publish_resource(task).unwrap();
    let set = |who: MemberId, until: Option<&str>| {
        w.session(who).set_embargo(EmbargoOf { resource: task, until: until.map(day) })
    };
    for (who, kind) in [(w.lea, NotPermitted), (w.ben, NotPermitted), (w.ed, NotFound), (w.obi, NotFound)] {
        assert_eq!(w.refused(|| set(who, Some("2021-09-05"))).kind(), kind);
    }
    assert_eq!(w.wrong(|| set(w.ana, Some("1899-01-01"))), problems(InvalidInput, ["until date.range"]));
    for who in [w.ana, w.stan, w.conny] {
        set(who, Some("2021-09-05")).unwrap();
        assert!(!readers(&w, task).contains(&"ben"));
        assert_eq!(set(who, None).unwrap().embargo, None);
        assert!(readers(&w, task).contains(&"ben"), "effective at once");
    }
    // A draft stays a draft, whatever the day.
    let other = draft(&w, w.ana);
    w.session(w.ana).set_embargo(EmbargoOf { resource: other, until: Some(day("2020-01-01")) }).unwrap();
    assert_eq!(readers(&w, other), ["olga", "stan", "conny", "lea", "ana", "host"]);
    w.session(w.ana).revise_resource(ResourceEdit::new(other)).unwrap();
    w.session(w.ana).publish_resource(other).unwrap();
    assert!(readers(&w, other).contains(&"ben"), "a day that is over keeps nobody out");
}

#[test]
fn a_resource_says_where_it_comes_from_and_what_it_is_aligned_to() {
    let w = World::new();
    let lea = w.session(w.lea);
    let file = |sha256: &str, media_type: &str| cop_core::FileRef {
        sha256: sha256.into(),
        bytes: 7,
        media_type: media_type.into(),
        label: None,
    };
    let whole = lea.add_resource(NewResource::new("lesson_plan", "Whole")).unwrap().id;
    let cycle = lea.start_cycle(cop_core::NewCycle::new(w.team, "pdsa", "Strips")).unwrap().id;
    let digest = "0123456789abcdef".repeat(4);
    let new = NewResource::new("task", "Strips").with_file(file(&digest, "application/pdf")).part_of(whole, 2);
    let made = lea.add_resource(new.from_cycle(cycle).published()).unwrap();
    assert_eq!((made.title.as_str(), made.files.len(), made.cycle), ("Strips", 1, Some(cycle)));
    assert_eq!(made.part_of.map(|part| (part.resource, part.position)), Some((whole, 2)));
    for (sha256, media_type, wrong) in [
        ("0123", "application/pdf", "files[0].sha256 file.sha256"),
        (&digest.to_uppercase(), "application/pdf", "files[0].sha256 file.sha256"),
        (&digest.replace('0', "g"), "application/pdf", "files[0].sha256 file.sha256"),
        (&digest, "application/", "files[0].media_type file.media_type"),
        (&digest, "/pdf", "files[0].media_type file.media_type"),
        (&digest, "pdf", "files[0].media_type file.media_type"),
    ] {
        let new = NewResource::new("task", "T").with_file(file(sha256, media_type));
        assert_eq!(w.wrong(|| lea.add_resource(new)), (cop_core::ErrorKind::InvalidInput, vec![wrong.to_owned()]));
    }
    let nowhere =
        cop_core::NewAlignment { standard: Some(uuid::Uuid::from_u128(7).into()), code: "5.NF".into(), kind: None };
    let new = NewResource { alignments: vec![nowhere], ..NewResource::new("task", "T") };
    assert_eq!(w.wrong(|| lea.add_resource(new)).0, cop_core::ErrorKind::NotFound);
}

#[test]
fn a_draft_may_be_meant_for_more_than_its_team_may_share() {
    let w = World::new();
    let lea = w.session(w.lea);
    let edit = cop_core::TeamEdit {
        maximum_visibility: Some(cop_core::Visibility::Team(w.team).to_string()),
        ..cop_core::TeamEdit::new(w.team)
    };
    w.session(w.conny).revise_team(edit).unwrap();
    let ours = || NewResource::new("task", "T").with_body("x").with_team(w.team);
    let to_all = |resource| cop_core::VisibilityOf { resource, visibility: "community".into() };
    let draft = lea.add_resource(ours()).unwrap().id;
    lea.set_visibility(to_all(draft)).unwrap();
    let published =
        lea.add_resource(ours().with_visibility(cop_core::Visibility::Team(w.team)).published()).unwrap().id;
    let wrong = w.wrong(|| lea.set_visibility(to_all(published)));
    assert_eq!(wrong.0, cop_core::ErrorKind::Precondition);
}
