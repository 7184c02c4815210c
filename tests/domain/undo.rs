//! Undo: the last operations of the one who acts, as long as nobody has built on them.

use cop_core::ErrorKind::{InvalidInput, NotPermitted, Precondition};
use cop_core::Record as _;
use cop_core::{
    AffiliationOf, AnyRecord, CommunityRole, CommunityRolesOf, ErrorKind, Framework, GrantOf, Grantee, MemberEdit,
    MemberId, MemberState, Membership, MembershipState, MergeOf, NewAffiliation, NewEntry, NewFramework, NewMember,
    NewMembership, NewMentorship, NewOrganization, NewResource, NewStandard, NewStory, NewTeam, Op, OrganizationEdit,
    PageRequest, PoliciesEdit, Resource, ResourceEdit, ResourceFilter, ResourceId, ResourceState, Result, SealOf,
    Session, StoryEdit, StoryId, TeamEdit, TeamRole, TeamRolesOf, UndoOf, Visibility, VisibilityOf,
};
use proptest::prelude::*;

use crate::world::{Act, World, cases};

fn problems<const N: usize>(kind: ErrorKind, problems: [&str; N]) -> (ErrorKind, Vec<String>) {
    (kind, problems.map(str::to_owned).to_vec())
}

fn undo(session: &Session, operations: u32) -> Result<AnyRecord> {
    session.apply(Op::Undo(UndoOf { operations }))
}

fn task(session: &Session) -> Resource {
    session.add_resource(NewResource::new("task", "Strips").with_body("Fold.").with_tag("fractions")).unwrap()
}

fn title(resource: ResourceId, title: &str) -> ResourceEdit {
    ResourceEdit { title: Some(title.to_owned()), ..ResourceEdit::new(resource) }
}

fn roles(member: MemberId, roles: &[&str]) -> CommunityRolesOf {
    CommunityRolesOf { member, roles: roles.iter().map(|role| (*role).to_owned()).collect() }
}

#[test]
fn what_was_made_is_gone_what_was_changed_is_as_before_and_what_was_deleted_is_there() {
    let w = World::new();
    let ana = w.session(w.ana);
    let made = task(&ana);
    let id = made.id;
    let edit = ResourceEdit { tags: Some(vec!["ratios".into()]), body: Some("Cut.".into()), ..title(id, "New") };
    ana.revise_resource(edit).unwrap();
    let AnyRecord::Resource(back) = undo(&ana, 1).unwrap() else { panic!("it answers with what it is about") };
    assert_eq!(Resource { revised_at: made.revised_at, revision: made.revision, ..back }, made);
    ana.delete_resource(id).unwrap();
    assert!(ana.resource(id).is_err() && ana.search("strips").unwrap().total == 0);
    undo(&ana, 1).unwrap();
    assert_eq!((ana.resource(id).unwrap().tags, ana.search("strips").unwrap().total), (made.tags, 1));
    undo(&ana, 1).unwrap();
    assert!(ana.resource(id).is_err(), "it never was");
    let told: Vec<String> = w.cop.changes(0, usize::MAX).unwrap().into_iter().map(|change| change.op).collect();
    let last = &told[told.len() - 6..];
    assert_eq!(
        last,
        ["add_resource", "revise_resource", "undo", "delete_resource", "undo", "undo"],
        "the log tells all"
    );
    w.log_amounts_to_the_rows();
}

#[test]
fn history_tells_of_it() {
    let w = World::new();
    let ana = w.session(w.ana);
    let id = task(&ana).id;
    ana.revise_resource(title(id, "New")).unwrap();
    undo(&ana, 1).unwrap();
    let history = ana.history(id).unwrap();
    let ops: Vec<_> = history.iter().map(|step| step.op.as_str()).collect();
    assert_eq!(ops, ["add_resource", "revise_resource", "undo"]);
    assert_eq!(history[2].fields["title"], "Strips");
    assert_eq!(history[2].actor, Some(w.ana));
}

#[test]
fn what_amounts_to_nothing_is_taken_back_all_the_same() {
    let w = World::new();
    let ana = w.session(w.ana);
    let (id, other) = (task(&ana).id, task(&ana).id);
    ana.revise_resource(title(other, "Other")).unwrap();
    ana.revise_resource(title(id, "There")).unwrap();
    ana.revise_resource(title(id, "Strips")).unwrap();
    ana.delete_resource(other).unwrap();
    undo(&ana, 3).unwrap();
    assert_eq!(
        (ana.resource(id).unwrap().title, ana.resource(other).unwrap().title),
        ("Strips".into(), "Other".into())
    );
    undo(&ana, 1).unwrap();
    assert_eq!(ana.resource(other).unwrap().title, "Strips");
    undo(&ana, 2).unwrap();
    // Made and deleted: nothing is to be seen of it, and it is still what was done last.
    let before = task(&ana).id;
    let gone = task(&ana).id;
    ana.delete_resource(gone).unwrap();
    undo(&ana, 2).unwrap();
    assert!(ana.resource(before).is_ok());
    undo(&ana, 1).unwrap();
    assert!(ana.resource(before).is_err());
    w.log_amounts_to_the_rows();
}

#[test]
fn several_at_once_or_one_after_the_other() {
    for at_once in [true, false] {
        let w = World::new();
        let ana = w.session(w.ana);
        let (one, other) = (task(&ana).id, task(&ana).id);
        ana.revise_resource(title(one, "First")).unwrap();
        ana.revise_resource(title(other, "Second")).unwrap();
        ana.revise_resource(title(one, "Third")).unwrap();
        ana.delete_resource(other).unwrap();
        match at_once {
            true => drop(undo(&ana, 3).unwrap()),
            false => (0..3).for_each(|_| drop(undo(&ana, 1).unwrap())),
        }
        assert_eq!(ana.resource(one).unwrap().title, "First");
        assert_eq!(ana.resource(other).unwrap().title, "Strips");
        undo(&ana, 3).unwrap();
        assert_eq!(ana.resources(ResourceFilter::new(), PageRequest::default()).unwrap().items, []);
        let nothing = problems(Precondition, ["operations undo.nothing"]);
        assert_eq!(w.wrong(|| undo(&ana, 1)), nothing, "there is nothing more");
        // Something new can be taken back; what was taken back stays so.
        let again = task(&ana).id;
        assert_eq!(w.wrong(|| undo(&ana, 2)), nothing, "all or nothing");
        undo(&ana, 1).unwrap();
        assert!(ana.resource(again).is_err());
        assert_eq!(w.wrong(|| undo(&ana, 1)), nothing);
        w.log_amounts_to_the_rows();
    }
}

#[test]
fn a_number_of_operations_is_from_1_to_100() {
    let w = World::new();
    let ana = w.session(w.ana);
    for number in [0, 101, u32::MAX] {
        assert_eq!(w.wrong(|| undo(&ana, number)), problems(InvalidInput, ["operations undo.count"]));
    }
    for _ in 0..100 {
        task(&ana);
    }
    undo(&ana, 100).unwrap();
    assert_eq!(ana.resources(ResourceFilter::new(), PageRequest::default()).unwrap().items, []);
    assert_eq!(w.refused(|| undo(&w.cop.as_guest(), 1)).kind(), NotPermitted);
}

#[test]
fn everybody_takes_back_their_own() {
    let w = World::new();
    let (ana, ben) = (w.session(w.ana), w.session(w.ben));
    let (of_ana, of_ben) = (task(&ana).id, task(&ben).id);
    undo(&ana, 1).unwrap();
    assert!(ana.resource(of_ana).is_err() && ben.resource(of_ben).is_ok());
    let nothing = problems(Precondition, ["operations undo.nothing"]);
    assert_eq!(w.wrong(|| undo(&ana, 1)), nothing);
    // The host's are the host's: a steward does not take them back, nor the other way round.
    assert_eq!(w.wrong(|| undo(&w.session(w.stan), 1)), nothing);
    let AnyRecord::Team(team) = undo(&w.cop.steward(), 1).unwrap() else { panic!("the host made a team last") };
    assert_eq!((team.id, team.state), (w.team, cop_core::TeamState::Forming));
    w.log_amounts_to_the_rows();
}

#[test]
fn what_somebody_has_changed_since_stays() {
    let w = World::new();
    let (ana, stan) = (w.session(w.ana), w.session(w.stan));
    let id = task(&ana).id;
    ana.revise_resource(title(id, "Ana's")).unwrap();
    stan.revise_resource(title(id, "Stan's")).unwrap();
    let since = (Precondition, vec![format!("resource:{id} undo.changed_since")]);
    assert_eq!(w.wrong(|| undo(&ana, 1)), since);
    assert_eq!(w.wrong(|| undo(&ana, 2)), since);
    // Another change of hers is not held back by it, but everything before is.
    let other = task(&ana).id;
    undo(&ana, 1).unwrap();
    assert!(ana.resource(other).is_err());
    assert_eq!(w.wrong(|| undo(&ana, 1)), since);
    // Once he takes his back, she can take back hers.
    undo(&stan, 1).unwrap();
    assert_eq!(ana.resource(id).unwrap().title, "Ana's");
    undo(&ana, 1).unwrap();
    assert_eq!(ana.resource(id).unwrap().title, "Strips");
    undo(&ana, 1).unwrap();
    assert!(ana.resource(id).is_err());
    w.log_amounts_to_the_rows();
}

#[test]
fn what_others_have_noted_something_on_stays() {
    let w = World::new();
    let (conny, lea, ana) = (w.session(w.conny), w.session(w.lea), w.session(w.ana));
    let stays = |maker: &Session, other: &Session, record: cop_core::RecordRef| {
        other.add_entry(NewEntry::new(record, "note", "Bring paper.")).unwrap();
        let in_use = format!("{}:{} undo.in_use", record.kind, record.id);
        assert_eq!(w.wrong(|| undo(maker, 1)), (Precondition, vec![in_use]));
        undo(other, 1).unwrap();
        undo(maker, 1).unwrap();
        assert!(maker.record(record).is_err());
    };
    stays(&conny, &w.session(w.stan), crate::attendance::drafted(&w, None).into());
    stays(
        &lea,
        &ana,
        lea.add_goal(cop_core::NewGoal::new("problem", "Few explain.").with_team(w.team)).unwrap().id.into(),
    );
    stays(&lea, &ana, lea.start_cycle(cop_core::NewCycle::new(w.team, "pdsa", "Strips")).unwrap().id.into());
    let tie = lea.propose_mentorship(NewMentorship::new("coaching", w.lea, w.ana)).unwrap();
    stays(&lea, &ana, tie.id.into());
    w.log_amounts_to_the_rows();
}

#[test]
fn what_is_in_use_stays() {
    let w = World::new();
    let host = w.cop.steward();
    let in_use =
        |record: cop_core::RecordRef| (Precondition, vec![format!("{}:{} undo.in_use", record.kind, record.id)]);
    // A resource that others have noted something on; each note can be taken back.
    let lea = w.session(w.lea);
    let shared = NewResource::new("task", "T").with_body("x").with_visibility(Visibility::Community).published();
    let shared = lea.add_resource(shared).unwrap().id;
    w.session(w.ed).add_entry(NewEntry::new(shared, "comment", "Nice.")).unwrap();
    assert_eq!(w.wrong(|| undo(&lea, 1)), in_use(shared.into()));
    undo(&w.session(w.ed), 1).unwrap();
    // Nobody learns of private notes.
    let own = w.session(w.ed).add_entry(NewEntry::new(shared, "comment", "Hm.").private()).unwrap().id;
    undo(&lea, 1).unwrap();
    assert!(w.session(w.ed).entry(own).is_ok(), "and they stay");
    // What somebody tells a story of.
    let told = lea.add_resource(NewResource::new("task", "T").with_body("x")).unwrap().id;
    w.session(w.stan).tell_story(NewStory::new("testimonial", "T", "B").about(told)).unwrap();
    assert_eq!(w.wrong(|| undo(&lea, 1)), in_use(told.into()));
    // A team that somebody is in, a district that somebody works in, one that a team brings together.
    let team = w.session(w.conny).create_team(NewTeam::new("project", "P").with_admission("open")).unwrap().id;
    w.session(w.ed).request_to_join(team).unwrap();
    assert_eq!(w.wrong(|| undo(&w.session(w.conny), 1)), in_use(team.into()));
    let east = w.session(w.stan).add_organization(NewOrganization::new("district", "East")).unwrap().id;
    let stan_undoes = || undo(&w.session(w.stan), 1);
    let works = AffiliationOf { member: w.ed, affiliation: NewAffiliation::new(east, "coach") };
    w.session(w.ed).add_affiliation(works).unwrap();
    assert_eq!(w.wrong(stan_undoes), in_use(east.into()));
    undo(&w.session(w.ed), 1).unwrap();
    let edit = |organizations| TeamEdit { organizations: Some(organizations), ..TeamEdit::new(w.team) };
    lea.revise_team(edit(vec![east])).unwrap();
    assert_eq!(w.wrong(stan_undoes), in_use(east.into()));
    lea.revise_team(edit(vec![])).unwrap();
    stan_undoes().unwrap();
    assert!(host.organization(east).is_err());
    // A member who has done something, whatever it is.
    for act in [
        |session: &Session, _: &World| drop(task(session)),
        |session: &Session, _: &World| drop(session.tell_story(NewStory::new("a", "T", "B").anonymous()).unwrap()),
        |session: &Session, w: &World| {
            let me = session.member_id().unwrap();
            drop(session.propose_mentorship(NewMentorship::new("advice", w.lea, me)).unwrap());
        },
    ] {
        let mia = host.add_member(NewMember::new("Mia", "Stake")).unwrap().id;
        act(&w.session(mia), &w);
        assert_eq!(w.wrong(|| undo(&host, 1)), in_use(mia.into()));
        w.session(w.olga).erase_member(mia).unwrap();
    }
    w.log_amounts_to_the_rows();
}

#[test]
fn what_was_made_together_goes_together() {
    let w = World::new();
    let conny = w.session(w.conny);
    let team = conny.create_team(NewTeam::new("project", "P")).unwrap().id;
    conny.invite_to_team(NewMembership::new(team, w.ed)).unwrap();
    conny.create_team(NewTeam::new("site", "S").with_parent(team)).unwrap();
    undo(&conny, 3).unwrap();
    assert!(conny.team(team).is_err());
    assert_eq!(w.session(w.ed).memberships(Default::default(), PageRequest::default()).unwrap().items, []);
    // Operations of one transaction are still one by one.
    let ids = conny.transaction(|tx| Ok([task_in(tx)?, task_in(tx)?])).unwrap();
    undo(&conny, 1).unwrap();
    assert!(conny.resource(ids[0]).is_ok() && conny.resource(ids[1]).is_err());
    w.log_amounts_to_the_rows();
}

fn task_in(tx: &cop_core::Transaction<'_>) -> Result<ResourceId> {
    Ok(tx.add_resource(NewResource::new("task", "T").with_body("x"))?.id)
}

#[test]
fn what_is_final_is_not_taken_back_and_nothing_before_it() {
    let ways: [(&str, Pick, Act); 3] = [
        (
            "a merge",
            |w| w.stan,
            |w| {
                let pair = MergeOf { member: w.ana, duplicate: w.ben };
                drop(w.session(w.stan).merge_members(pair).unwrap());
            },
        ),
        ("an erasure", |w| w.stan, |w| drop(w.session(w.stan).erase_member(w.ed).unwrap())),
        (
            "a withdrawal",
            |w| w.ana,
            |w| {
                let ana = w.session(w.ana);
                let story = ana.tell_story(NewStory::new("testimonial", "T", "B")).unwrap().id;
                drop(ana.withdraw_consent(story).unwrap());
            },
        ),
    ];
    let last = problems(Precondition, ["operations undo.final"]);
    for (what, who, way) in ways {
        let w = World::new();
        let session = w.session(who(&w));
        let before = task(&session).id;
        way(&w);
        assert_eq!(w.wrong(|| undo(&session, 1)), last, "{what}");
        assert!(session.resource(before).is_ok(), "{what}: what came before is out of reach");
        // What came after is not.
        let after = task(&session).id;
        undo(&session, 1).unwrap();
        assert!(session.resource(after).is_err());
        task(&session);
        assert_eq!(w.wrong(|| undo(&session, 2)), last, "{what}");
        w.log_amounts_to_the_rows();
    }
    let cop = cop_core::Community::in_memory(cop_core::NewCommunity::new("Math CoP")).unwrap();
    let host = cop.steward();
    host.add_organization(NewOrganization::new("network", "N")).unwrap();
    undo(&host, 1).unwrap();
    assert_eq!(undo(&host, 1).unwrap_err().code(), "undo.final", "a community stays founded");
}

/// Who does it.
type Pick = fn(&World) -> MemberId;
/// What they do.
type ActAs = fn(&World, &Session);

#[test]
fn every_kind_of_record_comes_back_as_it_was() {
    let w = World::new();
    let host = w.cop.steward();
    let before = |w: &World| {
        let membership = host.membership(Membership::id_of(w.ben, w.team, 1)).unwrap();
        let member = host.member(w.ben).unwrap();
        let team = host.team(w.team).unwrap();
        (membership.values(), member.values(), team.values(), w.cop.about().unwrap().policies)
    };
    let was = before(&w);
    let ways: [(Pick, ActAs); 13] = [
        (|w| w.ben, |w, s| drop(s.end_membership(Membership::id_of(w.ben, w.team, 1)).unwrap())),
        (|w| w.lea, |w, s| drop(s.complete_membership(Membership::id_of(w.ben, w.team, 1)).unwrap())),
        (
            |w| w.lea,
            |w, s| {
                let roles =
                    TeamRolesOf { membership: Membership::id_of(w.ben, w.team, 1), roles: vec!["mentor".into()] };
                drop(s.set_team_roles(roles).unwrap());
            },
        ),
        (
            |w| w.ben,
            |w, s| {
                let membership = Membership::id_of(w.ben, w.team, 1);
                drop(s.show_membership(cop_core::MembershipShowing { membership, public: true }).unwrap());
            },
        ),
        (|w| w.ben, |w, s| drop(s.pause_member(w.ben).unwrap())),
        (|w| w.ben, |w, s| drop(s.end_member(w.ben).unwrap())),
        (|w| w.stan, |w, s| drop(s.end_member(w.ben).unwrap())),
        (
            |w| w.ben,
            |w, s| {
                let edit =
                    MemberEdit { bio: Some("Hello".into()), pronouns: Some("he".into()), ..MemberEdit::new(w.ben) };
                drop(s.revise_member(MemberEdit { emails: Some(vec!["b@example.org".into()]), ..edit }).unwrap());
            },
        ),
        (
            |w| w.ben,
            |w, s| {
                let affiliation = NewAffiliation::new(w.north, "coach");
                drop(s.add_affiliation(AffiliationOf { member: w.ben, affiliation }).unwrap());
            },
        ),
        (|w| w.olga, |w, s| drop(s.set_community_roles(roles(w.ben, &["steward"])).unwrap())),
        (
            |w| w.lea,
            |w, s| {
                let edit = TeamEdit {
                    questions: Some(vec!["Why?".into()]),
                    stage: Some("maturing".into()),
                    ..TeamEdit::new(w.team)
                };
                drop(s.revise_team(TeamEdit { organizations: Some(vec![w.north]), ..edit }).unwrap());
            },
        ),
        (|w| w.lea, |w, s| drop(s.archive_team(w.team).unwrap())),
        (|w| w.olga, |_, s| drop(s.set_policies(PoliciesEdit::new().with_commitment()).unwrap())),
    ];
    for (index, (who, way)) in ways.into_iter().enumerate() {
        let session = w.session(who(&w));
        way(&w, &session);
        assert!(before(&w) != was, "{index}: it does something");
        undo(&session, 1).unwrap_or_else(|error| panic!("{index}: {error}"));
        assert!(before(&w) == was, "{index}: and it is as before");
    }
    w.log_amounts_to_the_rows();
}

#[test]
fn stories_mentorships_and_notes_come_back_as_they_were() {
    let w = World::new();
    let ana = w.session(w.ana);
    let story = ana.tell_story(NewStory::new("testimonial", "T", "B")).unwrap().id;
    let consent = |scope: &str| cop_core::ConsentOf { story, scope: scope.into(), attribution: None };
    ana.grant_consent(consent("community")).unwrap();
    ana.grant_consent(consent("public")).unwrap();
    assert!(w.cop.as_guest().story(story).is_ok());
    undo(&ana, 1).unwrap();
    assert!(w.cop.as_guest().story(story).is_err() && w.session(w.ed).story(story).is_ok());
    ana.revise_story(StoryEdit { body: Some("C".into()), ..StoryEdit::new(story) }).unwrap();
    undo(&ana, 1).unwrap();
    assert_eq!(ana.story(story).unwrap().body, "B");
    undo(&ana, 1).unwrap();
    assert!(w.session(w.ed).story(story).is_err());
    undo(&ana, 1).unwrap();
    assert!(ana.story(story).is_err());
    let tie = ana.propose_mentorship(NewMentorship::new("mentoring", w.lea, w.ana)).unwrap().id;
    w.session(w.lea).accept_mentorship(tie).unwrap();
    let since = w.wrong(|| undo(&ana, 1));
    assert_eq!(since.1, [format!("mentorship:{tie} undo.changed_since")], "it takes two");
    undo(&w.session(w.lea), 1).unwrap();
    undo(&ana, 1).unwrap();
    assert!(ana.mentorship(tie).is_err());
    let note = ana.add_entry(NewEntry::new(w.team, "note", "One.").private()).unwrap().id;
    ana.revise_entry(cop_core::EntryEdit { body: Some("Two.".into()), ..cop_core::EntryEdit::new(note) }).unwrap();
    undo(&ana, 1).unwrap();
    assert_eq!(ana.entry(note).unwrap().body, "One.");
    undo(&ana, 1).unwrap();
    assert!(ana.entry(note).is_err());
    w.log_amounts_to_the_rows();
}

#[test]
fn there_is_always_an_owner_also_after_it() {
    let w = World::new();
    let olga = w.session(w.olga);
    olga.set_community_roles(roles(w.ana, &["owner", "member"])).unwrap();
    w.session(w.ana).set_community_roles(roles(w.olga, &["member"])).unwrap();
    // Olga is no owner any more: what only an owner may do, she does not take back.
    assert_eq!(w.refused(|| undo(&olga, 1)).kind(), NotPermitted);
    let w = World::new();
    let host = w.cop.steward();
    host.set_community_roles(roles(w.ana, &["owner"])).unwrap();
    w.session(w.olga).end_member(w.olga).unwrap();
    let last = problems(Precondition, ["member member.last_owner"]);
    assert_eq!(w.wrong(|| undo(&host, 1)), last, "Ana is the only one left");
    undo(&w.session(w.olga), 1).expect("who left is back, and owns it again");
    undo(&host, 1).unwrap();
    assert_eq!(host.member(w.ana).unwrap().roles, [CommunityRole::Member].into());
}

#[test]
fn rights_that_are_lost_are_lost_for_undo_too() {
    let w = World::new();
    let host = w.cop.steward();
    let refused = |who: MemberId, what: &str| {
        assert_eq!(w.refused(|| undo(&w.session(who), 1)).kind(), NotPermitted, "{what}");
    };
    let olga = w.session(w.olga);
    olga.set_community_roles(roles(w.ana, &["owner"])).unwrap();
    // A former owner who still stewards.
    let ana = w.session(w.ana);
    ana.set_community_roles(roles(w.ed, &["convener"])).unwrap();
    olga.set_community_roles(roles(w.ana, &["steward"])).unwrap();
    refused(w.ana, "roles");
    undo(&olga, 1).unwrap();
    ana.set_policies(PoliciesEdit::new().with_commitment()).unwrap();
    olga.set_community_roles(roles(w.ana, &["steward"])).unwrap();
    refused(w.ana, "the community's rules");
    undo(&olga, 1).unwrap();
    let mia = ana.add_member(NewMember::new("Mia", "S").with_role("steward")).unwrap().id;
    olga.set_community_roles(roles(w.ana, &["steward"])).unwrap();
    refused(w.ana, "somebody with a role");
    assert_eq!(host.member(mia).unwrap().state, MemberState::Invited);
    // A former steward who still convenes.
    let stan = w.session(w.stan);
    stan.add_member(NewMember::new("Tom", "M")).unwrap();
    olga.set_community_roles(roles(w.stan, &["convener"])).unwrap();
    refused(w.stan, "members");
    olga.set_community_roles(roles(w.stan, &["steward"])).unwrap();
    stan.revise_organization(OrganizationEdit { name: Some("N".into()), ..OrganizationEdit::new(w.north) }).unwrap();
    olga.set_community_roles(roles(w.stan, &["convener"])).unwrap();
    refused(w.stan, "organizations");
    // A former facilitator who leads the resource's team, and may still change what it says.
    let task = NewResource::new("task", "T").with_body("x").with_team(w.team).published();
    let task = w.session(w.ben).add_resource(task).unwrap().id;
    host.add_membership(NewMembership::new(w.team, w.conny).with_role("lead")).unwrap();
    let conny = w.session(w.conny);
    conny.set_visibility(VisibilityOf { resource: task, visibility: "public".into() }).unwrap();
    olga.set_community_roles(roles(w.conny, &["member"])).unwrap();
    refused(w.conny, "an audience");
    conny.revise_resource(title(task, "Led")).unwrap();
    undo(&conny, 1).expect("its words");
    // Somebody who is out of the team.
    let lea = w.session(w.lea);
    lea.revise_team(TeamEdit { name: Some("Ours".into()), ..TeamEdit::new(w.team) }).unwrap();
    host.end_membership(Membership::id_of(w.lea, w.team, 1)).unwrap();
    refused(w.lea, "a team");
}

#[test]
fn a_regional_lead_takes_an_answer_back() {
    let w = World::new();
    let host = w.cop.steward();
    let region = NewTeam::new("regional", "R").with_region("ccsesa", "5").with_organization(w.north);
    let region = host.create_team(region).unwrap().id;
    host.add_membership(NewMembership::new(region, w.lea).with_role("lead")).unwrap();
    let nia = NewMember::new("Nia", "New").with_affiliation(NewAffiliation::new(w.north, "teacher"));
    let nia = host.request_participation(nia).unwrap().id;
    w.session(w.lea).approve_member(nia).unwrap();
    undo(&w.session(w.lea), 1).unwrap();
    let again = host.member(nia).unwrap();
    assert_eq!((again.state, again.decision), (MemberState::Requested, None));
    assert_eq!(w.session(w.lea).decline_member(nia).unwrap().state, MemberState::Ended);
}

#[test]
fn audiences_come_back_too() {
    let w = World::new();
    let ana = w.session(w.ana);
    let id = task(&ana).id;
    ana.publish_resource(id).unwrap();
    let sees = || [w.cop.as_guest().resource(id).is_ok(), w.session(w.ed).resource(id).is_ok()];
    ana.set_visibility(VisibilityOf { resource: id, visibility: "public".into() }).unwrap();
    assert_eq!(sees(), [true, true]);
    undo(&ana, 1).unwrap();
    assert_eq!(sees(), [false, false]);
    ana.grant_access(GrantOf { resource: id, grantee: Grantee::Member(w.ed).to_string() }).unwrap();
    assert_eq!(sees(), [false, true]);
    undo(&ana, 1).unwrap();
    assert_eq!(sees(), [false, false]);
    ana.seal_resource(SealOf { resource: id, sealed: true }).unwrap();
    assert!(w.session(w.stan).resource(id).is_err());
    undo(&ana, 1).unwrap();
    assert!(w.session(w.stan).resource(id).is_ok());
    undo(&ana, 1).unwrap();
    assert_eq!(ana.resource(id).unwrap().state, ResourceState::Draft);
    // A role in a team opens and closes drafts.
    let draft = ana.add_resource(NewResource::new("task", "T").with_team(w.team)).unwrap().id;
    let lead = TeamRolesOf { membership: Membership::id_of(w.ben, w.team, 1), roles: vec!["lead".into()] };
    w.session(w.lea).set_team_roles(lead).unwrap();
    assert!(w.session(w.ben).resource(draft).is_ok());
    undo(&w.session(w.lea), 1).unwrap();
    assert!(w.session(w.ben).resource(draft).is_err());
    let membership = w.session(w.ben).membership(Membership::id_of(w.ben, w.team, 1)).unwrap();
    assert_eq!((membership.state, membership.roles), (MembershipState::Active, [TeamRole::Member].into()));
}

#[test]
fn it_can_be_tried_out_and_goes_on_under_another_record_of_the_person() {
    let w = World::new();
    let twin = w.cop.steward().add_member(NewMember::new("Ana", "Twin")).unwrap().id;
    let id = task(&w.session(twin)).id;
    w.session(w.stan).merge_members(MergeOf { member: w.ana, duplicate: twin }).unwrap();
    let ana = w.session(w.ana);
    let head = w.cop.head().unwrap();
    assert!(ana.try_out(Op::Undo(UndoOf::from(1))).is_ok());
    assert_eq!(w.cop.head().unwrap(), head);
    assert!(ana.resource(id).is_ok());
    undo(&ana, 1).unwrap();
    assert!(ana.resource(id).is_err());
    assert!(ana.story(StoryId::new(id.uuid())).is_err());
}

#[derive(Clone, Debug)]
enum Step {
    Add,
    Title(usize, u8),
    Tags(usize, Vec<u8>),
    Publish(usize),
    Show(usize, bool),
    Delete(usize),
    Undo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..4usize;
    prop_oneof![
        2 => Just(Step::Add),
        2 => (which.clone(), any::<u8>()).prop_map(|(which, n)| Step::Title(which, n % 3)),
        2 => (which.clone(), proptest::collection::vec(0..3u8, 0..3)).prop_map(|(which, tags)| Step::Tags(which, tags)),
        1 => which.clone().prop_map(Step::Publish),
        1 => (which.clone(), any::<bool>()).prop_map(|(which, public)| Step::Show(which, public)),
        1 => which.prop_map(Step::Delete),
        3 => (1..4usize).prop_map(Step::Undo),
    ]
}

/// What there is, without what tells when it was written.
fn state(session: &Session) -> Vec<(ResourceId, Vec<cop_core::Value>)> {
    let all = session.resources(ResourceFilter::new(), PageRequest::default()).unwrap().items;
    all.into_iter().map(|resource| (resource.id, resource.values())).collect()
}

#[test]
fn a_standard_that_was_taken_back_is_recorded_again() {
    let w = World::new();
    let host = w.cop.steward();
    let framework = NewFramework { identifier: "f-1".into(), title: "F".into(), ..NewFramework::default() };
    let (f, s) = (Framework::id_of("f-1"), NewStandard::new(Framework::id_of("f-1"), "s-1", "Fractions"));
    host.record_framework(framework.clone()).unwrap();
    let standard = host.record_standard(s.clone()).unwrap();
    undo(&host, 2).unwrap();
    assert!(host.framework(f).is_err() && host.standard(standard.id).is_err());
    host.record_framework(framework).unwrap();
    let again = host.record_standard(s).unwrap();
    assert_eq!((host.framework(f).unwrap().title.as_str(), again.id), ("F", standard.id));
    w.log_amounts_to_the_rows();
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn undo_leads_back_through_all_there_was(steps in proptest::collection::vec(step(), 1..30)) {
        let w = World::new();
        let ana = w.session(w.ana);
        let mut made: Vec<ResourceId> = Vec::new();
        let mut past = vec![state(&ana)];
        for step in steps {
            let head = w.cop.head().unwrap();
            let of = |which: usize| made.get(which % made.len().max(1)).copied().unwrap_or(ResourceId::new(uuid::Uuid::nil()));
            let undone = match step {
                Step::Undo(count) => count,
                _ => 0,
            };
            let done = match step {
                Step::Add => {
                    made.push(task(&ana).id);
                    Ok(())
                }
                Step::Title(which, n) => ana.revise_resource(title(of(which), &format!("T{n}"))).map(drop),
                Step::Tags(which, tags) => {
                    let tags = tags.iter().map(|n| format!("t{n}")).collect();
                    ana.revise_resource(ResourceEdit { tags: Some(tags), ..ResourceEdit::new(of(which)) }).map(drop)
                }
                Step::Publish(which) => ana.publish_resource(of(which)).map(drop),
                Step::Show(which, public) => {
                    let visibility = if public { "public" } else { "community" }.to_owned();
                    ana.set_visibility(VisibilityOf { resource: of(which), visibility }).map(drop)
                }
                Step::Delete(which) => ana.delete_resource(of(which)).map(drop),
                Step::Undo(count) => undo(&ana, u32::try_from(count).unwrap()).map(drop),
            };
            if undone > 0 && past.len() > undone {
                past.truncate(past.len() - undone);
                prop_assert!(done.is_ok(), "{:?}", done);
            } else if undone > 0 {
                prop_assert!(done.is_err(), "there were not as many");
            } else if w.cop.head().unwrap() > head {
                past.push(state(&ana));
            }
            prop_assert_eq!(&state(&ana), past.last().unwrap());
        }
        w.log_amounts_to_the_rows();
    }
}

#[test]
fn what_stands_on_something_holds_it() {
    let w = World::new();
    let (host, stan, lea) = (w.cop.steward(), w.session(w.stan), w.session(w.lea));
    let in_use =
        |record: cop_core::RecordRef| (Precondition, vec![format!("{}:{} undo.in_use", record.kind, record.id)]);
    // A framework with a standard.
    let framework = NewFramework { identifier: "f".into(), title: "F".into(), ..NewFramework::default() };
    let framework = stan.record_framework(framework).unwrap().id;
    host.record_standard(NewStandard::new(framework, "s", "Fractions")).unwrap();
    assert_eq!(w.wrong(|| undo(&stan, 1)), in_use(framework.into()));
    let domain = stan.record_standard(NewStandard::new(framework, "d", "Number")).unwrap().id;
    let below = NewStandard { parent: Some("d".into()), ..NewStandard::new(framework, "c", "Fractions") };
    host.record_standard(below).unwrap();
    assert_eq!(w.wrong(|| undo(&stan, 1)), in_use(domain.into()));
    // A goal with one below it.
    let whole = lea.add_goal(cop_core::NewGoal::new("goal", "All reason").with_team(w.team)).unwrap().id;
    host.add_goal(cop_core::NewGoal::new("strategy", "Talk").with_team(w.team).with_parent(whole)).unwrap();
    assert_eq!(w.wrong(|| undo(&lea, 1)), in_use(whole.into()));
    // Somebody who leads a cycle, although the membership was taken back.
    let nia = host.add_member(NewMember::new("Nia", "New")).unwrap().id;
    host.add_membership(NewMembership::new(w.team, nia)).unwrap();
    let led = cop_core::NewCycle { lead: Some(nia), ..cop_core::NewCycle::new(w.team, "pdsa", "Strips") };
    lea.start_cycle(led).unwrap();
    undo(&host, 1).unwrap();
    assert_eq!(w.wrong(|| undo(&host, 1)), in_use(nia.into()));
    // A team that a convening is for.
    let team = stan.create_team(NewTeam::new("site", "Evening")).unwrap().id;
    let at = |text: &str| text.parse().unwrap();
    let new =
        cop_core::NewConvening::new("workshop", "Talks", at("2021-09-14T15:30:00"), at("2021-09-14T17:30:00"), "UTC");
    host.plan_convening(cop_core::NewConvening { teams: vec![team], ..new.online("https://meet.example.org/2") })
        .unwrap();
    assert_eq!(w.wrong(|| undo(&stan, 1)), in_use(team.into()));
    // A district with a school.
    let east = stan.add_organization(NewOrganization::new("district", "East")).unwrap().id;
    host.add_organization(NewOrganization::new("school", "East School").with_parent(east)).unwrap();
    assert_eq!(w.wrong(|| undo(&stan, 1)), in_use(east.into()));
    // A measure with an observation.
    let measure = cop_core::NewMeasure::new(w.team, "Reasoning", "Whoever explains it, by the tally", "count");
    let measure = lea.define_measure(measure).unwrap().id;
    let september =
        cop_core::Period { starts_on: crate::world::day("2021-08-01"), ends_on: crate::world::day("2021-08-31") };
    let observed = cop_core::NewObservation {
        value: Some(3.0),
        source: "tally".into(),
        ..cop_core::NewObservation::new(measure, september)
    };
    host.record_observation(observed).unwrap();
    assert_eq!(w.wrong(|| undo(&lea, 1)), in_use(measure.into()));
    w.log_amounts_to_the_rows();
}
