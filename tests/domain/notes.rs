//! Notes: written where one takes part, read by whoever reads what they are about, private ones by nobody else.

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted};
use cop_core::change::Actor;
use cop_core::{
    AnyRecord, Change, ConsentOf, Context, Cycle, Entry, EntryEdit, EntryFilter, EntryId, Kept, MemberId, NewEntry,
    NewMember, NewMembership, NewMentorship, NewResource, NewStory, Op, PageRequest, Phase, Reads, Record, RecordKind,
    RecordRef, ResourceId, Result, ScriptedIds, Session, Viewer, Visibility, VisibilityOf, decide,
};
use uuid::Uuid;

use crate::world::{World, at, day};

fn note(subject: impl Into<RecordRef>) -> NewEntry {
    NewEntry::new(subject, "reflection", "It went better than planned.")
}

/// Who reads the note; lists agree.
fn readers(w: &World, id: EntryId) -> Vec<&'static str> {
    let reads = |session: &Session| {
        let read = session.entry(id);
        let listed = session.entries(EntryFilter::new(), PageRequest::default()).unwrap().items;
        assert_eq!(read.as_ref().ok(), listed.iter().find(|entry| entry.id == id), "a list agrees");
        assert!(read.is_ok() || read.as_ref().is_err_and(|error| error.kind() == NotFound));
        read.is_ok()
    };
    w.everybody().into_iter().filter(|(_, session)| reads(session)).map(|(name, _)| name).collect()
}

/// Who may write a note about the record, and who is refused, and how.
fn writers(w: &World, subject: impl Into<RecordRef> + Copy) -> Vec<&'static str> {
    let mut writers = Vec::new();
    for (name, session) in w.everybody() {
        match session.add_entry(note(subject)) {
            Ok(entry) => {
                assert_eq!(entry.created_by, session.member_id());
                writers.push(name);
            }
            // Who does not see what it would be about learns nothing; guests write nothing at all.
            Err(error) if session.record(subject).is_err() && name != "guest" => assert_eq!(error.kind(), NotFound),
            Err(error) => assert_eq!(error.kind(), NotPermitted, "{name}"),
        }
    }
    writers
}

fn resource(w: &World, by: MemberId, visibility: Visibility) -> ResourceId {
    let new = NewResource::new("task", "Strips").with_body("Fold.").with_visibility(visibility).published();
    w.session(by).add_resource(new).unwrap().id
}

#[test]
fn whoever_reads_a_resource_and_takes_part_writes_notes_on_it() {
    let w = World::new();
    w.cop.steward().add_membership(NewMembership::new(w.team, w.obi)).unwrap();
    let all = ["olga", "stan", "conny", "lea", "ana", "ben", "ed", "host"];
    assert_eq!(writers(&w, resource(&w, w.ana, Visibility::Public)), all, "observers and guests read only");
    assert_eq!(writers(&w, resource(&w, w.ana, Visibility::Community)), all);
    let team = ["olga", "stan", "conny", "lea", "ana", "ben", "obi", "host"];
    assert_eq!(writers(&w, resource(&w, w.ana, Visibility::Team(w.team))), team, "an observer writes in their team");
    assert_eq!(writers(&w, resource(&w, w.ana, Visibility::Private)), ["olga", "stan", "conny", "ana", "host"]);
    let north = resource(&w, w.stan, Visibility::Organization(w.north));
    assert_eq!(writers(&w, north), ["olga", "stan", "conny", "lea", "ana", "host"]);
    // What was given to an observer by name is theirs to write on.
    let given = resource(&w, w.ana, Visibility::Private);
    let grant = cop_core::GrantOf { resource: given, grantee: format!("member:{}", w.obi) };
    w.session(w.ana).grant_access(grant).unwrap();
    assert_eq!(writers(&w, given), ["olga", "stan", "conny", "ana", "obi", "host"]);
}

#[test]
fn who_takes_part_no_longer_or_not_yet_writes_nothing() {
    let w = World::new();
    let own = resource(&w, w.ana, Visibility::Public);
    w.session(w.ana).pause_member(w.ana).unwrap();
    assert!(w.session(w.ana).resource(own).is_ok());
    assert_eq!(w.refused(|| w.session(w.ana).add_entry(note(own))).kind(), NotPermitted);
    w.session(w.ana).resume_member(w.ana).unwrap();
    w.session(w.ana).add_entry(note(own)).unwrap();
    let ina = w.session(w.stan).add_member(NewMember::new("Ina", "Invited")).unwrap().id;
    assert_eq!(w.refused(|| w.session(ina).add_entry(note(own))).kind(), NotPermitted);
}

#[test]
fn on_a_team_its_members_and_who_facilitates_write_and_read() {
    let w = World::new();
    let those = ["olga", "stan", "conny", "lea", "ana", "ben", "host"];
    assert_eq!(writers(&w, w.team), those, "everybody sees the team, but minutes are its own");
    let minutes = w.session(w.ana).add_entry(NewEntry::new(w.team, "minutes", "We met.")).unwrap().id;
    assert_eq!(readers(&w, minutes), those);
    let ben = w.session(w.ben);
    let membership = ben.memberships(Default::default(), PageRequest::default()).unwrap().items;
    let own = membership.iter().find(|membership| membership.member == w.ben).unwrap().id;
    ben.end_membership(own).unwrap();
    assert_eq!(readers(&w, minutes), ["olga", "stan", "conny", "lea", "ana", "host"], "who left reads no more");
    assert_eq!(w.refused(|| ben.add_entry(note(w.team))).kind(), NotPermitted);
}

#[test]
fn mentoring_notes_are_the_twos_alone() {
    let w = World::new();
    let new = NewMentorship { team: Some(w.team), ..NewMentorship::new("mentoring", w.ana, w.ben) };
    let tie = w.session(w.ana).propose_mentorship(new).unwrap().id;
    let by_mentor = w.session(w.ana).add_entry(note(tie)).unwrap().id;
    let by_mentee = w.session(w.ben).add_entry(note(tie)).unwrap().id;
    for id in [by_mentor, by_mentee] {
        assert_eq!(readers(&w, id), ["ana", "ben"], "neither the lead, nor stewards, nor the host");
    }
    // The lead and the facilitators know of the mentorship, and write no notes on it. The host only records.
    for other in [w.lea, w.stan, w.conny, w.olga] {
        assert!(w.session(other).mentorship(tie).is_ok());
        assert_eq!(w.refused(|| w.session(other).add_entry(note(tie))).kind(), NotPermitted);
    }
    assert_eq!(w.refused(|| w.session(w.ed).add_entry(note(tie))).kind(), NotFound);
    w.session(w.ben).end_mentorship(tie).unwrap();
    assert_eq!(readers(&w, by_mentor), ["ana", "ben"], "also when it is over");
    w.session(w.ana).add_entry(note(tie)).expect("looking back");
}

#[test]
fn private_notes_are_their_authors_alone() {
    let w = World::new();
    let ana = w.session(w.ana);
    let task = resource(&w, w.lea, Visibility::Team(w.team));
    for subject in [RecordRef::from(w.team), task.into()] {
        let own = ana.add_entry(note(subject).private()).unwrap();
        assert!(own.private);
        assert_eq!(readers(&w, own.id), ["ana"], "neither lead, nor maker, nor steward, nor host");
        for (name, session) in w.everybody() {
            let history = session.history(own.id).map(|history| history.len());
            assert_eq!(history.is_ok(), name == "ana", "{name}");
        }
        // The host may not write into somebody's private notes either.
        let edit = || EntryEdit { body: Some("x".to_owned()), ..EntryEdit::new(own.id) };
        assert_eq!(w.refused(|| w.cop.steward().revise_entry(edit())).kind(), NotFound);
    }
    let host = w.wrong(|| w.cop.steward().add_entry(note(w.team).private()));
    assert_eq!(host, (InvalidInput, vec!["private entry.private_host".to_owned()]));
}

#[test]
fn a_private_note_stays_when_what_it_is_about_is_gone() {
    let w = World::new();
    let task = resource(&w, w.lea, Visibility::Team(w.team));
    let (own, shared) = (note(task).private(), note(task));
    let own = w.session(w.ana).add_entry(own).unwrap().id;
    let shared = w.session(w.ana).add_entry(shared).unwrap().id;
    w.session(w.lea).set_visibility(VisibilityOf { resource: task, visibility: "private".to_owned() }).unwrap();
    assert_eq!((readers(&w, own), readers(&w, shared).contains(&"ana")), (vec!["ana"], false));
    w.session(w.lea).delete_resource(task).unwrap();
    assert_eq!((readers(&w, own), readers(&w, shared)), (vec!["ana"], vec![]));
    let edit = EntryEdit { body: Some("Kept.".to_owned()), ..EntryEdit::new(own) };
    assert_eq!(w.session(w.ana).revise_entry(edit).unwrap().body, "Kept.");
}

#[test]
fn notes_are_read_by_whoever_reads_what_they_are_about_now() {
    let w = World::new();
    let lea = w.session(w.lea);
    let draft = lea.add_resource(NewResource::new("task", "Draft").with_body("Fold.").with_team(w.team)).unwrap().id;
    let on_draft = lea.add_entry(note(draft)).unwrap().id;
    let facilitators = ["olga", "stan", "conny"];
    let expect = |more: &[&'static str], why: &str| {
        let mut expected: Vec<_> = facilitators.iter().chain(more).copied().collect();
        expected.sort_unstable();
        let mut found = readers(&w, on_draft);
        found.sort_unstable();
        assert_eq!(found, expected, "{why}");
    };
    expect(&["host", "lea"], "a draft");
    lea.publish_resource(draft).unwrap();
    expect(&["host", "lea", "ana", "ben"], "published to the team");
    let set = |visibility: &str| {
        lea.set_visibility(VisibilityOf { resource: draft, visibility: visibility.to_owned() }).unwrap()
    };
    set("community");
    expect(&["host", "lea", "ana", "ben", "ed"], "to the community");
    set("public");
    expect(&["host", "lea", "ana", "ben", "ed", "obi", "guest"], "to everybody");
    set("private");
    expect(&["host", "lea"], "to nobody");
    lea.seal_resource(cop_core::SealOf { resource: draft, sealed: true }).unwrap();
    assert_eq!(readers(&w, on_draft), ["lea"], "sealed");
    lea.seal_resource(cop_core::SealOf { resource: draft, sealed: false }).unwrap();
    set("public");
    lea.set_embargo(cop_core::EmbargoOf { resource: draft, until: Some(day("2021-09-03")) }).unwrap();
    expect(&["host", "lea"], "under embargo");
    w.go_to("2021-09-03T00:00:00Z");
    expect(&["host", "lea", "ana", "ben", "ed", "obi", "guest"], "from its day on");
    // A note that is written now has the audience of now, and loses it with the record.
    let later = w.session(w.ed).add_entry(note(draft)).unwrap().id;
    assert_eq!(readers(&w, later).len(), 10);
    lea.delete_resource(draft).unwrap();
    assert_eq!((readers(&w, on_draft), readers(&w, later)), (vec![], vec![]));
    lea.apply(Op::Undo(1.into())).unwrap();
    assert_eq!((readers(&w, on_draft).len(), readers(&w, later).len()), (10, 10), "and gets it back");
}

#[test]
fn notes_on_a_story_need_its_consent_too() {
    let w = World::new();
    let ana = w.session(w.ana);
    let story = ana.tell_story(NewStory::new("testimonial", "T", "Words.")).unwrap().id;
    let own = ana.add_entry(note(story)).unwrap().id;
    assert_eq!(readers(&w, own), ["olga", "stan", "conny", "ana", "host"]);
    let grant = |scope: String| ana.grant_consent(ConsentOf { story, scope, attribution: None }).unwrap();
    grant(Visibility::Team(w.team).to_string());
    assert_eq!(readers(&w, own), ["olga", "stan", "conny", "lea", "ana", "ben", "host"]);
    grant("public".to_owned());
    assert_eq!(readers(&w, own).len(), 10);
    ana.withdraw_consent(story).unwrap();
    assert_eq!(readers(&w, own), ["ana"]);
}

#[test]
fn everything_wrong_with_a_note_is_said_at_once() {
    let w = World::new();
    let bad = NewEntry { kind: "?".to_owned(), body: " ".to_owned(), phase: Some("plan".to_owned()), ..note(w.team) };
    let refused = w.wrong(|| w.session(w.ana).add_entry(bad.on(day("1899-12-31"))));
    let expected = ["kind code.format", "body text.empty", "phase entry.no_phases", "on_date date.range"];
    assert_eq!(refused, (InvalidInput, expected.map(str::to_owned).to_vec()));
    let long = NewEntry { body: "x".repeat(200_001), ..note(w.team) };
    let refused = w.wrong(|| w.session(w.ana).add_entry(long));
    assert_eq!(refused, (InvalidInput, vec!["body text.too_long".to_owned()]));
    let own_kind = NewEntry { kind: "field_note".to_owned(), body: "x".repeat(200_000), ..note(w.team) };
    assert_eq!(w.session(w.ana).add_entry(own_kind).unwrap().kind.code(), "field_note");
}

#[test]
fn notes_are_about_some_kinds_of_records_only() {
    let w = World::new();
    let about = |kind: RecordKind| w.wrong(|| w.session(w.ana).add_entry(note(RecordRef { kind, id: Uuid::nil() })));
    use RecordKind as K;
    let kinds = [K::Team, K::Goal, K::Cycle, K::Measure, K::Convening, K::Resource, K::Story, K::Mentorship];
    for &kind in RecordKind::ALL {
        let (refusal, codes) = about(kind);
        match kinds.contains(&kind) {
            true => assert_eq!((refusal, codes), (NotFound, vec!["record.not_found".to_owned()]), "{kind}"),
            false => assert_eq!((refusal, codes), (InvalidInput, vec!["subject entry.subject".to_owned()]), "{kind}"),
        }
    }
    let own = RecordRef::from(w.ana);
    assert_eq!(w.wrong(|| w.session(w.ana).add_entry(note(own))).1, ["subject entry.subject"], "not on people");
    // A kind and an id that do not belong together name nothing.
    let mixed = RecordRef { kind: K::Resource, id: w.team.uuid() };
    assert_eq!(w.refused(|| w.session(w.ana).add_entry(note(mixed))).kind(), NotFound);
}

#[test]
fn a_note_is_about_today_unless_said_and_about_no_day_to_come() {
    let w = World::new();
    let ana = w.session(w.ana);
    assert_eq!(ana.add_entry(note(w.team)).unwrap().on_date, day("2021-09-01"));
    for said in ["1900-01-01", "2021-08-20", "2021-09-02"] {
        assert_eq!(ana.add_entry(note(w.team).on(day(said))).unwrap().on_date, day(said));
    }
    let future = (InvalidInput, vec!["on_date entry.future".to_owned()]);
    assert_eq!(w.wrong(|| ana.add_entry(note(w.team).on(day("2021-09-03")))), future);
    let own = ana.add_entry(note(w.team)).unwrap().id;
    let edit = |said: &str| EntryEdit { on_date: Some(day(said)), ..EntryEdit::new(own) };
    assert_eq!(w.wrong(|| ana.revise_entry(edit("2021-09-03"))), future);
    assert_eq!(ana.revise_entry(edit("2021-09-02")).unwrap().on_date, day("2021-09-02"));
}

#[test]
fn a_note_is_changed_by_its_author_alone_and_its_history_keeps_what_it_said() {
    let w = World::new();
    let ana = w.session(w.ana);
    let own = ana.add_entry(note(w.team)).unwrap();
    let edit = |body: &str| EntryEdit { body: Some(body.to_owned()), ..EntryEdit::new(own.id) };
    for (name, session) in w.everybody().into_iter().filter(|(name, _)| *name != "ana") {
        let expected = if ["obi", "ed"].contains(&name) { NotFound } else { NotPermitted };
        assert_eq!(w.refused(|| session.revise_entry(edit("Mine now."))).kind(), expected, "{name}");
    }
    let changed = ana.revise_entry(edit("It went as planned.")).unwrap();
    assert_eq!((changed.body.as_str(), changed.on_date), ("It went as planned.", own.on_date));
    let history = ana.history(own.id).unwrap();
    assert_eq!(history[0].fields["body"], "It went better than planned.");
    assert_eq!(w.wrong(|| ana.revise_entry(edit(""))), (InvalidInput, vec!["body text.empty".to_owned()]));
    // What the host wrote, the host changes.
    let host = w.cop.steward();
    let recorded = host.add_entry(note(w.team)).unwrap().id;
    let edit = || EntryEdit { body: Some("Corrected.".to_owned()), ..EntryEdit::new(recorded) };
    assert_eq!(w.refused(|| w.session(w.stan).revise_entry(edit())).kind(), NotPermitted);
    assert_eq!(host.revise_entry(edit()).unwrap().body, "Corrected.");
}

/// A store that holds one cycle.
struct OneCycle(Cycle);

impl Reads for OneCycle {
    fn kept(&self, kind: RecordKind, id: Uuid) -> Result<Option<Kept>> {
        let found = (kind, id) == (RecordKind::Cycle, self.0.id.uuid());
        Ok(found.then(|| Kept { record: self.0.clone().into(), deleted: false }))
    }
    fn find(&self, _: RecordKind, _: &str) -> Result<Vec<Uuid>> {
        Ok(Vec::new())
    }
    fn related(&self, _: RecordKind, _: &'static str, _: Uuid) -> Result<Vec<AnyRecord>> {
        Ok(Vec::new())
    }
    fn kept_with(&self, _: RecordKind, _: &'static str, _: Uuid) -> Result<Vec<Kept>> {
        Ok(Vec::new())
    }
    fn each(&self, _: RecordKind, _: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        Ok(())
    }
    fn each_deleted(&self, _: RecordKind, _: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        Ok(())
    }
    fn history(&self, _: RecordKind, _: Uuid) -> Result<Vec<Change>> {
        Ok(Vec::new())
    }
    fn recent(&self, _: i64, _: usize) -> Result<Vec<Change>> {
        Ok(Vec::new())
    }
}

/// The note that is written on a PDSA cycle in this phase, or the codes of what is wrong.
fn on_a_cycle(present: &str, said: Option<&str>) -> std::result::Result<Option<Phase>, Vec<String>> {
    let id = Uuid::from_u128(5);
    let cycle = serde_json::json!({
        "id": id, "created_by": null, "created_at": "2021-09-01T00:00:00Z", "revised_at": "2021-09-01T00:00:00Z",
        "revision": 1, "team": Uuid::from_u128(6), "kind": "pdsa", "phases": ["plan", "do", "study", "act"],
        "title": "Exit tickets", "question": "", "lenses": [], "school_year": null, "starts_on": null,
        "ends_on": null, "parent": null, "previous": null, "problem": null, "tests": [], "measures": [], "lead": null,
        "participants": [], "predictions": [], "steps": [], "phase": present, "decision": null, "visibility": "private",
    });
    let now = at("2021-09-01T16:00:00Z");
    let reads = OneCycle(serde_json::from_value(cycle).unwrap());
    let context = Context {
        reads: &reads,
        ids: &ScriptedIds::new(1),
        actor: Actor::System,
        viewer: &Viewer::host(now.date_naive()),
        now,
    };
    let new = NewEntry { phase: said.map(str::to_owned), ..note(RecordRef { kind: RecordKind::Cycle, id }) };
    match decide(&context, &Op::AddEntry(new)) {
        Ok(changes) => Ok(Entry::from_any(changes.subject).unwrap().phase),
        Err(error) => Err(error.problems().iter().map(|problem| problem.code.clone()).collect()),
    }
}

#[test]
fn a_note_on_a_cycle_belongs_to_the_present_phase_unless_said() {
    assert_eq!(on_a_cycle("study", None), Ok(Some(Phase::Study)));
    assert_eq!(on_a_cycle("study", Some("plan")), Ok(Some(Phase::Plan)));
    assert_eq!(on_a_cycle("plan", Some("act")), Ok(Some(Phase::Act)));
    assert_eq!(on_a_cycle("plan", Some("teach")), Err(vec!["entry.phase".to_owned()]));
    assert_eq!(on_a_cycle("plan", Some("closed")), Err(vec!["entry.phase".to_owned()]), "it is not over");
    assert_eq!(on_a_cycle("plan", Some("a b")), Err(vec!["code.format".to_owned()]));
    assert_eq!(on_a_cycle("closed", None), Ok(Some(Phase::Closed)), "one also looks back on what is over");
    assert_eq!(on_a_cycle("closed", Some("do")), Ok(Some(Phase::Do)));
}
