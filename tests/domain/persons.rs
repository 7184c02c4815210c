//! Persons: two records that are one of them, and those who want to be forgotten.

use cop_core::ErrorKind::{NotFound, NotPermitted, Precondition};
use cop_core::{
    AffiliationOf, Application, CommitmentOf, Community, CommunityOptions, CommunityRole, CommunityRolesOf, ConsentOf,
    ExternalId, MemberDecision, MemberEdit, MemberId, MemberState, Membership, MembershipReply, MergeOf,
    NewAffiliation, NewCommunity, NewCreator, NewEntry, NewMember, NewMembership, NewResource, NewStory, NewTeam, Op,
    PageRequest, PoliciesEdit, ResourceFilter, ReviewOf, StepOf, StoryFilter, TeamFilter, UndoOf, Visibility,
};
use proptest::prelude::*;

use crate::world::{World, cases};

fn merge(w: &World, member: MemberId, duplicate: MemberId) -> cop_core::Member {
    w.session(w.olga).merge_members(MergeOf { member, duplicate }).unwrap()
}

fn twin(w: &World, family: &str) -> MemberId {
    w.cop.steward().add_member(NewMember::new("Ana", family)).unwrap().id
}

#[test]
fn the_smallest_id_stands_for_the_person() {
    let w = World::new();
    let twin = twin(&w, "Twin");
    assert!(w.ana < twin);
    let host = w.cop.steward();
    let edit = MemberEdit { emails: Some(vec!["twin@example.org".into()]), ..MemberEdit::new(twin) };
    host.revise_member(MemberEdit { external_ids: vec![ExternalId::new("hr", "7")], ..edit }).unwrap();
    host.add_affiliation(AffiliationOf { member: twin, affiliation: NewAffiliation::new(w.south, "coach") }).unwrap();
    for (one, other) in [(w.ana, twin), (twin, w.ana)] {
        let root = merge(&w, one, other);
        assert_eq!((root.id, root.state, root.merged_into), (w.ana, MemberState::Active, None));
        let root = host.member(w.ana).unwrap();
        assert_eq!((root.emails.len(), root.external_ids.len(), root.affiliations.len()), (1, 1, 2));
        assert_eq!(root.same_as, [twin].into());
        let merged = host.member(twin).unwrap();
        assert_eq!((merged.state, merged.merged_into), (MemberState::Merged, Some(w.ana)));
        assert_eq!((merged.emails.len(), merged.external_ids.len()), (0, 0), "found under the one record only");
    }
    w.log_amounts_to_the_rows();
}

#[test]
fn merging_is_the_stewards_and_with_roles_the_owners() {
    let w = World::new();
    let pair = |w: &World, a, b| (w.session(a), MergeOf { member: b, duplicate: w.ed });
    for who in [w.ana, w.lea, w.conny] {
        let (session, pair) = pair(&w, who, w.ben);
        assert_eq!(w.refused(|| session.merge_members(pair)).kind(), NotPermitted);
    }
    let (obi, nobody) = pair(&w, w.obi, w.ben);
    assert_eq!(w.refused(|| obi.merge_members(nobody)).kind(), NotFound);
    // With a steward's or a convener's record somebody would gain a role.
    for powerful in [w.conny, w.stan, w.olga] {
        let (session, pair) = pair(&w, w.stan, powerful);
        assert_eq!(w.refused(|| session.merge_members(pair)).kind(), NotPermitted);
    }
    let (stan, plain) = pair(&w, w.stan, w.ben);
    assert_eq!(stan.merge_members(plain).unwrap().id, w.ben);
    let roles = merge(&w, w.conny, w.ana).roles;
    assert_eq!(roles, [CommunityRole::Convener, CommunityRole::Member].into());
    let missing = MergeOf { member: w.ana, duplicate: MemberId::new(uuid::Uuid::nil()) };
    assert_eq!(w.refused(|| w.session(w.olga).merge_members(missing)).kind(), NotFound);
    let again = w.session(w.stan).merge_members(MergeOf { member: w.ed, duplicate: w.ben }).unwrap();
    assert_eq!(again.revision, w.session(w.stan).member(w.ben).unwrap().revision, "they are one already");
}

#[test]
fn sessions_memberships_and_access_follow_the_person() {
    let w = World::new();
    let host = w.cop.steward();
    let twin = twin(&w, "Twin");
    let other = host.create_team(NewTeam::new("project", "Other")).unwrap().id;
    host.add_membership(NewMembership::new(other, twin).with_role("lead")).unwrap();
    let task = |session: &cop_core::Session, title: &str| {
        session.add_resource(NewResource::new("task", title).with_body("x")).unwrap().id
    };
    let (of_twin, of_ana) = (task(&w.session(twin), "Twin's"), task(&w.session(w.ana), "Ana's"));
    let grant = cop_core::GrantOf { resource: task(&w.session(w.lea), "Given"), grantee: format!("member:{twin}") };
    w.session(w.lea).publish_resource(grant.resource).unwrap();
    w.session(w.lea).grant_access(grant.clone()).unwrap();
    let ana = w.session(w.ana);
    assert!(ana.resource(of_twin).is_err() && ana.resource(grant.resource).is_err());
    merge(&w, twin, w.ana);
    for session in [w.session(w.ana), w.session(twin)] {
        for resource in [of_twin, of_ana, grant.resource] {
            assert!(session.resource(resource).is_ok(), "whatever was given to either");
        }
        let mine = session.resources(ResourceFilter::new(), PageRequest::default()).unwrap();
        assert_eq!(mine.items.len(), 3, "a list agrees");
        assert_eq!(session.search("").unwrap().total, 3, "a search agrees");
        session
            .revise_team(cop_core::TeamEdit { name: Some("Ours".into()), ..cop_core::TeamEdit::new(other) })
            .unwrap();
        session.publish_resource(of_twin).expect("owns it");
        assert_eq!(session.teams(TeamFilter::new(), PageRequest::default()).unwrap().items.len(), 2);
        session.pause_member(w.ana).unwrap();
        session.resume_member(twin).expect("either record names the person");
    }
    // One live membership in a team, under whichever record.
    w.session(twin).end_membership(Membership::id_of(w.ana, w.team, 1)).unwrap();
    let lead = w.session(w.lea);
    let invited = lead.invite_to_team(NewMembership::new(w.team, twin)).unwrap();
    assert_eq!((invited.member, invited.episode), (w.ana, 2));
    assert_eq!(lead.invite_to_team(NewMembership::new(w.team, w.ana)).unwrap().id, invited.id);
}

#[test]
fn roles_follow_the_person_too() {
    let w = World::new();
    let host = w.cop.steward();
    // The record of Olga's roles is the older one; she signs in with the younger.
    let young = twin(&w, "Young");
    merge(&w, w.olga, young);
    let session = w.session(young);
    session.add_member(NewMember::new("Ina", "Invited")).expect("as a steward may");
    let roles = CommunityRolesOf { member: w.ed, roles: vec!["steward".into()] };
    session.set_community_roles(roles).expect("as an owner may");
    let own = CommunityRolesOf { member: w.olga, roles: vec!["member".into()] };
    assert_eq!(w.refused(|| session.set_community_roles(own)).kind(), NotPermitted, "still one's own roles");
    // And nobody reviews their own work under another record.
    let stan = twin(&w, "Other Stan");
    let task = w.session(stan).add_resource(NewResource::new("task", "T").with_body("x")).unwrap().id;
    merge(&w, w.stan, stan);
    w.session(w.stan).submit_resource(task).unwrap();
    let review = ReviewOf { resource: task, verdict: "approved".into(), comment: String::new() };
    let own = w.wrong(|| w.session(w.stan).review_resource(review.clone()));
    assert_eq!(own, (Precondition, vec!["resource review.own".to_owned()]));
    host.review_resource(review).unwrap();
}

#[test]
fn the_earlier_of_two_commitments_stays() {
    let w = World::new();
    let twin = twin(&w, "Twin");
    let commit = |member, year: &str| CommitmentOf { member, school_year: year.to_owned() };
    w.session(twin).commit_to_year(commit(twin, "2021-22")).unwrap();
    let first = w.session(twin).member(twin).unwrap().commitments;
    w.go_to("2021-09-05T00:00:00Z");
    w.session(w.ana).commit_to_year(commit(w.ana, "2021-22")).unwrap();
    w.session(w.ana).commit_to_year(commit(w.ana, "2022-23")).unwrap();
    let all = merge(&w, w.ana, twin).commitments;
    assert_eq!(all.len(), 2);
    assert!(all.is_superset(&first));
    w.log_amounts_to_the_rows();
}

/// Six records in every state: active, on a break, over, over and active again, asked, invited.
fn six() -> (World, Vec<MemberId>) {
    let w = World::new();
    let host = w.cop.steward();
    let mut ids = Vec::new();
    for (number, story) in ["active", "paused", "ended", "again", "requested", "invited"].into_iter().enumerate() {
        let new = NewMember::new("Six", story).with_email(format!("{story}@example.org"));
        let id = match story {
            "requested" => host.request_participation(new).unwrap().id,
            "invited" => w.session(w.stan).add_member(new).unwrap().id,
            _ => host.add_member(new).unwrap().id,
        };
        let me = w.session(id);
        if story == "paused" {
            me.pause_member(id).unwrap();
        }
        if matches!(story, "ended" | "again") {
            me.pause_member(id).unwrap();
            me.end_member(id).unwrap();
        }
        if story == "again" {
            me.ask_to_rejoin(id).unwrap();
            w.session(w.stan).approve_member(MemberDecision::from(id)).unwrap();
            me.activate_member(id).unwrap();
        }
        if number % 2 == 0 && story != "ended" {
            let year = CommitmentOf { member: id, school_year: "2021-22".into() };
            me.commit_to_year(year).unwrap();
        }
        ids.push(id);
    }
    (w, ids)
}

/// What is known of the six once these pairs are merged, in this order.
fn merged(pairs: &[(usize, usize)]) -> Vec<String> {
    let (w, ids) = six();
    for &(one, other) in pairs {
        merge(&w, ids[one], ids[other]);
    }
    let host = w.cop.steward();
    let known = ids.iter().map(|&id| {
        let member = host.member(id).unwrap();
        match member.merged_into {
            Some(root) => format!("{id} is {root}, {}", member.state),
            // The root with all it stands for; of what it is the same as, only that it is.
            None => format!(
                "{id} {} {:?} {:?} {:?} {:?} {:?}",
                member.state,
                member.facts,
                member.emails.iter().map(|email| email.code().to_owned()).collect::<Vec<_>>(),
                member.roles,
                member.commitments,
                member.same_as.is_empty()
            ),
        }
    });
    known.collect()
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn who_is_one_person_does_not_depend_on_the_order_of_merging(
        (pairs, shuffled) in proptest::collection::vec((0..6usize, 0..6usize), 1..7).prop_flat_map(|pairs| {
            let turned: Vec<_> = pairs.iter().map(|&(one, other)| (other, one)).collect();
            (Just(pairs), Just(turned).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(merged(&pairs), merged(&shuffled), "{:?} and {:?}", pairs, shuffled);
    }
}

/// What nobody may find any more.
const SECRET: &str = "Zanzibar";

/// Ana, with her secret in everything that is hers; answers with her two records.
fn leaves_traces(w: &World) -> [MemberId; 2] {
    let host = w.cop.steward();
    let ana = w.session(w.ana);
    let edit = MemberEdit {
        given: Some(format!("Ana {SECRET}")),
        family: Some(format!("{SECRET} Ruiz")),
        display: Some(SECRET.into()),
        emails: Some(vec![format!("{SECRET}@example.org")]),
        external_ids: vec![ExternalId::new("hr", SECRET)],
        pronouns: Some(format!("{SECRET}/hers")),
        bio: Some(format!("From {SECRET}.")),
        ..MemberEdit::new(w.ana)
    };
    ana.revise_member(edit).unwrap();
    let young = host.add_member(NewMember::new(SECRET, "Young").with_email("zanzibar@example.com")).unwrap().id;
    let creator = |member| NewCreator { member: Some(member), name: format!("Dr {SECRET}") };
    let resource = |title: &str| {
        let creators = vec![creator(w.ana), creator(young), NewCreator { member: Some(w.ben), name: "Ben".into() }];
        NewResource {
            creators,
            ..NewResource::new("task", title).with_body("Fold.").with_visibility(Visibility::Public)
        }
    };
    w.session(w.lea).add_resource(resource("Strips").published()).unwrap();
    let gone = w.session(w.lea).add_resource(resource("Gone")).unwrap().id;
    w.session(w.lea).delete_resource(gone).unwrap();
    let undo = |session: &cop_core::Session| drop(session.apply(Op::Undo(UndoOf::from(1))).unwrap());
    let asking = NewTeam::new("project", "Asks").with_question("Why?");
    let asking = host.create_team(asking).unwrap().id;
    host.add_membership(NewMembership::new(asking, w.lea).with_role("lead")).unwrap();
    let apply = || ana.apply_to_team(Application { team: asking, answers: vec![format!("For {SECRET}.")] }).unwrap().id;
    apply();
    undo(&ana);
    let reply = MembershipReply { membership: apply(), reason: Some(format!("{SECRET} it is")) };
    w.session(w.lea).approve_membership(reply).unwrap();
    let note = || NewEntry::new(w.team, "note", format!("About {SECRET}.")).private();
    ana.add_entry(note()).unwrap();
    undo(&ana);
    let own = ana.add_entry(note()).unwrap().id;
    ana.revise_entry(cop_core::EntryEdit { body: Some(format!("More {SECRET}.")), ..cop_core::EntryEdit::new(own) })
        .unwrap();
    let story = || NewStory::new("testimonial", format!("In {SECRET}"), format!("I was in {SECRET}."));
    ana.tell_story(story()).unwrap();
    undo(&ana);
    for told in [ana.tell_story(story()).unwrap().id, ana.tell_story(story().anonymous()).unwrap().id] {
        ana.grant_consent(ConsentOf { story: told, scope: "public".into(), attribution: None }).unwrap();
    }
    w.session(young).tell_story(story()).unwrap();
    merge(w, w.ana, young);
    [w.ana, young]
}

fn says_secret(text: &str) -> bool {
    text.to_lowercase().contains(&SECRET.to_lowercase())
}

#[test]
fn who_is_erased_is_gone_from_rows_history_and_log() {
    let w = World::new();
    let people = leaves_traces(&w);
    let log = |w: &World| -> Vec<String> {
        let changes = w.cop.changes(0, usize::MAX).unwrap();
        changes.iter().map(|change| format!("{} {}", change.op, change.patch.to_text())).collect()
    };
    let before = log(&w);
    assert!(before.iter().filter(|entry| says_secret(entry)).count() >= 15, "the traces are there");
    let told = w.cop.as_guest().search("i was in").unwrap().total;
    assert_eq!(told, 2);

    let everybody = w.everybody();
    let erased = w.session(people[1]).erase_member(people[1]).unwrap();
    assert_eq!((erased.id, erased.state), (w.ana, MemberState::Erased));
    assert_eq!((erased.given, erased.family, erased.display), Default::default());
    assert_eq!((erased.emails, erased.external_ids, erased.affiliations), Default::default());
    assert_eq!((erased.roles, erased.pronouns, erased.bio, erased.decision), Default::default());
    assert_eq!((erased.steps, erased.commitments, erased.facts.len()), (Default::default(), Default::default(), 1));

    let left: Vec<String> = log(&w).into_iter().filter(|entry| says_secret(entry)).collect();
    assert_eq!(left, [""; 0], "the log says nothing of it");
    for id in people {
        assert!(w.cop.as_member(id).is_err(), "nobody signs in as them");
        assert_eq!(w.cop.steward().member(id).unwrap_err().kind(), NotFound);
    }
    for (name, session) in everybody {
        if name == "ana" {
            assert_eq!(session.search("").unwrap_err().kind(), NotFound, "nor with a session from before");
            continue;
        }
        let resources = session.resources(ResourceFilter::new(), PageRequest::default()).unwrap().items;
        let text = serde_json::to_string(&resources).unwrap();
        assert!(!says_secret(&text) && text.contains("Ben"), "{name}: other creators stay");
        assert_eq!(session.stories(StoryFilter::new(), PageRequest::default()).unwrap().items, [], "{name}");
        assert_eq!(session.search("i was in").unwrap().total, 0, "{name}");
        let memberships = session.memberships(Default::default(), PageRequest::default()).unwrap().items;
        assert!(!says_secret(&serde_json::to_string(&memberships).unwrap()), "{name}");
        let entries = session.entries(Default::default(), PageRequest::default()).unwrap().items;
        assert!(!says_secret(&serde_json::to_string(&entries).unwrap()), "{name}");
    }
    assert_eq!(w.cop.steward().membership(Membership::id_of(w.ana, w.team, 1)).unwrap().member, w.ana, "numbers stay");
    w.log_amounts_to_the_rows();
    // What was deleted, or is changed now, does not bring it back.
    let lea = w.session(w.lea);
    assert_eq!(w.refused(|| lea.apply(Op::Undo(UndoOf::from(1)))).code(), "undo.changed_since");
    assert!(log(&w).iter().all(|entry| !says_secret(entry)));
}

#[test]
fn who_is_erased_is_gone_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("math.cop");
    let cop = Community::create(&path, NewCommunity::new("Math CoP")).unwrap();
    let host = cop.steward();
    let secret = || NewMember::new(SECRET, "Ruiz").with_email("zanzibar@example.org");
    let member = host.add_member(secret()).unwrap().id;
    let mistake = host.add_member(secret()).unwrap().id;
    host.apply(Op::Undo(UndoOf::from(1))).unwrap();
    let me = cop.as_member(member).unwrap();
    me.tell_story(NewStory::new("testimonial", "T", format!("I was in {SECRET}."))).unwrap();
    let resource = NewResource::new("task", "T").with_body("x");
    let creators = vec![NewCreator { member: Some(member), name: SECRET.into() }];
    host.add_resource(NewResource { creators, ..resource }).unwrap();
    let traces = || {
        let mut found = 0;
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap().to_ascii_lowercase();
            let secret = SECRET.to_ascii_lowercase();
            found += bytes.windows(secret.len()).filter(|window| *window == secret.as_bytes()).count();
        }
        found
    };
    assert!(traces() > 0);
    me.erase_member(member).unwrap();
    assert_eq!(host.member(mistake).unwrap_err().kind(), NotFound, "was taken back");
    assert_eq!(host.erase_member(mistake).unwrap().state, MemberState::Erased, "and can be forgotten all the same");
    drop((host, me, cop));
    // The write-ahead log is taken over when the last handle closes.
    drop(CommunityOptions::new().open(&path).unwrap());
    assert_eq!(traces(), 0);
}

#[test]
fn who_erases_whom() {
    let w = World::new();
    for (who, kind) in [(w.ana, NotPermitted), (w.lea, NotPermitted), (w.conny, NotPermitted), (w.obi, NotFound)] {
        assert_eq!(w.refused(|| w.session(who).erase_member(w.ben)).kind(), kind);
    }
    w.session(w.stan).erase_member(w.ben).expect("a steward");
    w.session(w.ed).erase_member(w.ed).expect("oneself");
    w.cop.steward().erase_member(w.lea).expect("the host");
    assert_eq!(w.refused(|| w.session(w.stan).erase_member(w.ben)).kind(), NotFound, "once");
    let last = w.wrong(|| w.session(w.olga).erase_member(w.olga));
    assert_eq!(last, (Precondition, vec!["member member.last_owner".to_owned()]));
    assert_eq!(w.session(w.olga).member(w.olga).unwrap().given, "Olga", "and kept whole");
    // Who was added by mistake is nobody for those who do not look after the members.
    let mistake = w.cop.steward().add_member(NewMember::new("Mia", "Stake")).unwrap().id;
    w.cop.steward().apply(Op::Undo(UndoOf::from(1))).unwrap();
    for who in [w.ana, w.conny] {
        assert_eq!(w.refused(|| w.session(who).erase_member(mistake)).kind(), NotFound);
    }
    w.session(w.stan).erase_member(mistake).unwrap();
    assert_eq!(w.refused(|| w.session(w.stan).erase_member(mistake)).kind(), NotFound);
    w.log_amounts_to_the_rows();
}

#[test]
fn what_was_written_for_others_stays() {
    let w = World::new();
    let minutes = w.session(w.ana).add_entry(NewEntry::new(w.team, "minutes", "We met.")).unwrap().id;
    let policy = cop_core::PoliciesEdit::new().with_required_step("orientation", "Orientation");
    w.session(w.olga).set_policies(policy).unwrap();
    w.session(w.ana).complete_step(StepOf { member: w.ana, step: "orientation".into() }).unwrap();
    w.session(w.ana).erase_member(w.ana).unwrap();
    let kept = w.session(w.ben).entry(minutes).unwrap();
    assert_eq!((kept.body.as_str(), kept.created_by), ("We met.", Some(w.ana)), "by nobody one could name");
}

#[test]
fn who_knows_an_organization_must_know_one_that_is_there() {
    let w = World::new();
    let nowhere = cop_core::OrganizationId::new(uuid::Uuid::from_u128(7));
    let new =
        NewMember { affiliations: vec![NewAffiliation::new(nowhere, "teacher")], ..NewMember::new("Mia", "Stake") };
    assert_eq!(w.refused(|| w.cop.steward().add_member(new)).kind(), NotFound);
}

#[test]
fn a_person_takes_part_when_one_of_the_records_did() {
    let w = World::new();
    let host = w.cop.steward();
    let state = |member: MemberId| host.member(member).unwrap().state;
    // Who left and came back under another record is there again.
    w.session(w.ana).end_member(w.ana).unwrap();
    let back = twin(&w, "Back");
    assert!(w.ana < back && state(back) == MemberState::Active);
    assert_eq!(merge(&w, w.ana, back).state, MemberState::Active);
    // Who left under both stays away.
    w.session(w.ben).end_member(w.ben).unwrap();
    let gone = twin(&w, "Gone");
    w.session(gone).end_member(gone).unwrap();
    let ended = state(w.ben);
    assert_eq!(merge(&w, w.ben, gone).state, ended);
    // Two who are there say nothing new.
    let facts = host.member(w.ed).unwrap().facts.len();
    let other = twin(&w, "Other");
    assert_eq!(merge(&w, w.ed, other).facts.len(), facts);
    w.log_amounts_to_the_rows();
}

#[test]
fn a_third_record_is_the_same_as_the_one_it_was_merged_with() {
    let w = World::new();
    let (second, third) = (twin(&w, "Second"), twin(&w, "Third"));
    merge(&w, w.ana, second);
    merge(&w, w.ana, third);
    let same_as = |member: MemberId| w.cop.steward().member(member).unwrap().same_as;
    assert_eq!(same_as(w.ana), [second, third].into());
    let (of_second, of_third) = (same_as(second), same_as(third));
    assert!(!of_second.contains(&third) && !of_third.contains(&second), "{of_second:?} {of_third:?}");
}

#[test]
fn nothing_of_their_way_into_the_community_is_left() {
    let w = World::new();
    let host = w.cop.steward();
    let ana = w.session(w.ana);
    w.session(w.olga).set_policies(PoliciesEdit::new().with_required_step("tour", "Tour")).unwrap();
    let stepped = ana.complete_step(StepOf { member: w.ana, step: "tour".into() }).unwrap();
    assert_eq!(stepped.steps, ["tour".to_owned()].into());
    ana.commit_to_year(CommitmentOf { member: w.ana, school_year: "2021-22".into() }).unwrap();
    ana.revise_member(MemberEdit { contact: Some("community".into()), ..MemberEdit::new(w.ana) }).unwrap();
    let erased = ana.erase_member(w.ana).unwrap();
    assert_eq!((erased.steps, erased.commitments), Default::default());
    assert_eq!(erased.contact, cop_core::Contact::Private);
    let nia = host.request_participation(NewMember::new("Nia", "New")).unwrap().id;
    let answer = MemberDecision { member: nia, reason: Some("Welcome".into()) };
    assert!(w.session(w.stan).approve_member(answer).unwrap().decision.is_some());
    assert!(host.erase_member(nia).unwrap().decision.is_none());
}
