//! Rules that need the store: states folded from facts, trees without cycles, and access that changes at once.

use std::collections::BTreeSet;

use super::{Check, EngineUnderTest, World, start, verify};
use crate::error::ErrorKind;
use crate::id::{MemberId, ResourceId};
use crate::model::{ExternalId, MemberState, MembershipState, PartOf, Visibility};
use crate::ops::{
    CommunityRolesOf, EndOfAffiliation, GrantOf, NewMember, NewMembership, NewOrganization, NewResource, NewTeam, Op,
    OrganizationEdit, SealOf, TeamRolesOf, VisibilityOf,
};
use crate::session::{MemberFilter, PageRequest, ResourceFilter};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a membership is what its facts amount to", membership_states),
    ("there is always an owner", last_owner),
    ("organizations form a tree", organizations_form_a_tree),
    ("teams nest six deep", team_depth),
    ("resources are no parts of themselves", parts),
    ("a change of visibility is effective at once", visibility_at_once),
    ("a change of roles and teams is effective at once", roles_at_once),
    ("an affiliation holds on its days only", affiliations_by_date),
];

fn membership_states(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let lead = world.as_member(world.lead);
    let cara = world.host().add_member(NewMember::new("Cara", "Test")).expect("adds").id;
    let cara_session = world.as_member(cara);
    let invite = || lead.invite_to_team(NewMembership::new(world.team, cara));
    // Invited, left, invited again, accepted: two episodes.
    let first = invite().expect("invites");
    assert_eq!((first.state, first.episode), (MembershipState::Invited, 1));
    assert_eq!(invite().expect("again").revision, first.revision, "one live episode");
    assert_eq!(cara_session.end_membership(first.id).expect("declines").state, MembershipState::Ended);
    let over = world.refused("an ended membership", || cara_session.accept_membership(first.id));
    assert_eq!((over.kind(), over.code()), (ErrorKind::Precondition, "membership.ended"));
    let second = invite().expect("invites");
    assert_eq!(second.episode, 2);
    assert_ne!(second.id, first.id);
    let joined = cara_session.accept_membership(second.id).expect("accepts");
    assert_eq!(joined.state, MembershipState::Active);
    assert_eq!(lead.end_membership(second.id).expect("removes").state, MembershipState::Ended);
    // Asking where one is asked is an agreement.
    let third = invite().expect("invites");
    assert_eq!(cara_session.request_to_join(world.team).expect("asks").state, MembershipState::Active);
    assert_eq!(lead.membership(third.id).expect("is there").facts.len(), 2);
    cara_session.end_membership(third.id).expect("leaves");
    // A request, turned down.
    let host = world.host();
    let asked = host.create_team(NewTeam::new("project", "Asked").with_admission("request")).expect("creates").id;
    host.add_membership(NewMembership::new(asked, world.lead).with_role("lead")).expect("adds");
    let request = cara_session.request_to_join(asked).expect("asks");
    assert_eq!(request.state, MembershipState::Requested);
    let own = world.refused("one's own approval", || cara_session.approve_membership(request.id));
    assert_eq!(own.kind(), ErrorKind::NotPermitted);
    assert_eq!(lead.reject_membership(request.id).expect("rejects").state, MembershipState::Ended);
    let request = cara_session.request_to_join(asked).expect("asks again");
    assert_eq!(lead.approve_membership(request.id).expect("approves").state, MembershipState::Active);
    let roles = TeamRolesOf { membership: request.id, roles: vec!["lead".into()] };
    assert!(lead.set_team_roles(roles).expect("sets").leads());
    world.refused("a closed team", || world.as_member(world.ben).request_to_join(world.team));
    verify(&world.cop);
}

fn last_owner(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let owner = world.as_member(world.owner);
    for (what, session) in [("the owner", &owner), ("the host", &world.host())] {
        let refusal = world.refused(what, || session.end_member(world.owner));
        assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::Precondition, "member.last_owner"), "{what}");
    }
    let roles = |member: MemberId, role: &str| CommunityRolesOf { member, roles: vec![role.to_owned()] };
    let refusal = world.refused("demotion", || world.host().set_community_roles(roles(world.owner, "member")));
    assert_eq!(refusal.code(), "member.last_owner");
    // Two who step down in one transaction: the second is the last.
    owner.set_community_roles(roles(world.ana, "owner")).expect("a second owner");
    let both = world.refused("both at once", || {
        world.host().transaction(|tx| {
            tx.set_community_roles(roles(world.owner, "member"))?;
            tx.set_community_roles(roles(world.ana, "member"))
        })
    });
    assert_eq!(both.code(), "member.last_owner");
    assert_eq!(owner.end_member(world.owner).expect("leaves").state, MemberState::Ended);
    // An owner who was only invited is none yet.
    let ana = world.as_member(world.ana);
    let invited = ana.add_member(NewMember::new("Ina", "Test").with_role("owner")).expect("invites an owner").id;
    let refusal = world.refused("the last active owner", || ana.end_member(world.ana));
    assert_eq!(refusal.code(), "member.last_owner");
    world.as_member(invited).activate_member(invited).expect("takes it up");
    ana.end_member(world.ana).expect("leaves now");
    verify(&world.cop);
}

fn organizations_form_a_tree(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    let below = |organization, parent| {
        let mut edit = OrganizationEdit::new(organization);
        edit.parent = Some(parent);
        host.revise_organization(edit)
    };
    let refusal = world.refused("a county below a school", || below(world.county, world.school));
    let codes: BTreeSet<&str> = refusal.problems().iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["organization.cycle", "organization.rank"]), "everything that is wrong");
    world.refused("a school below itself", || below(world.school, world.school));
    // Kinds without a rank: only the cycle counts.
    let network = |name: &str| host.add_organization(NewOrganization::new("network", name)).expect("adds").id;
    let ring = [network("A"), network("B"), network("C")];
    below(ring[1], ring[0]).expect("B below A");
    below(ring[2], ring[1]).expect("C below B");
    let refusal = world.refused("A below C", || below(ring[0], ring[2]));
    assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::Precondition, "organization.cycle"));
    below(ring[0], world.school).expect("a network below a school");
    below(world.school, world.county).expect("a school moves");
    let missing = world.refused("a parent that is none", || {
        host.add_organization(NewOrganization::new("school", "S").with_parent(world.team.uuid().into()))
    });
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    verify(&world.cop);
}

fn team_depth(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    let mut at = world.team;
    for depth in 2..=6 {
        let new = NewTeam::new("project", format!("Level {depth}")).with_parent(at);
        at = host.create_team(new).unwrap_or_else(|error| panic!("level {depth}: {error}")).id;
    }
    let refusal = world.refused("a seventh level", || host.create_team(NewTeam::new("site", "Deep").with_parent(at)));
    assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::Precondition, "team.depth"));
}

fn parts(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let part_of = |whole: ResourceId, title: &str| {
        let mut new = NewResource::new("task", title);
        new.part_of = Some(PartOf { resource: whole, position: 1 });
        ana.add_resource(new)
    };
    let mut at = ana.add_resource(NewResource::new("toolkit", "Whole")).expect("adds").id;
    for level in 0..16 {
        at = part_of(at, &format!("{level}")).unwrap_or_else(|error| panic!("level {level}: {error}")).id;
    }
    world.refused("too deep", || part_of(at, "deeper"));
    let id = ExternalId::new("x", "1");
    let mut own = NewResource::new("task", "Own").with_external_id(id.clone());
    own.part_of = Some(PartOf { resource: crate::model::Resource::id_of(&id), position: 1 });
    let refusal = world.refused("a part of itself", || ana.add_resource(own));
    assert_eq!(refusal.kind(), ErrorKind::NotFound, "it does not exist yet");
}

fn visibility_at_once(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let task =
        ana.add_resource(NewResource::new("task", "T").with_body("fraction strips").published()).expect("adds").id;
    let set = |visibility: Visibility| {
        ana.set_visibility(VisibilityOf { resource: task, visibility: visibility.to_string() }).expect("sets");
    };
    let seen = |session: &crate::Session| {
        let one = session.resource(task).is_ok();
        let listed = session.resources(ResourceFilter::new(), PageRequest::default()).expect("lists");
        assert_eq!(listed.items.len(), usize::from(one), "a list and a read agree");
        assert_eq!(session.search("fraction").expect("searches").total, u64::from(one), "a search agrees");
        one
    };
    let guest = world.cop.as_guest();
    let ben = world.as_member(world.ben);
    let lead = world.as_member(world.lead);
    let owner = world.as_member(world.owner);
    let now = || [&guest, &ben, &lead, &owner].map(seen);
    assert_eq!(now(), [false, false, false, true], "private");
    set(Visibility::Public);
    assert_eq!(now(), [true, true, true, true], "public");
    set(Visibility::Community);
    assert_eq!(now(), [false, true, true, true], "community");
    set(Visibility::Team(world.team));
    assert_eq!(now(), [false, false, true, true], "team");
    set(Visibility::Organization(world.county));
    assert_eq!(now(), [false, true, false, true], "organization, for those below");
    set(Visibility::Private);
    let grant = |grantee: String| GrantOf { resource: task, grantee };
    ana.grant_access(grant(format!("team:{}", world.team))).expect("grants");
    assert_eq!(now(), [false, false, true, true], "granted to the team");
    ana.seal_resource(SealOf { resource: task, sealed: true }).expect("seals");
    assert_eq!(now(), [false, false, true, false], "sealed");
    assert!(!seen(&world.host()), "the host does not see what is sealed either");
    ana.revoke_access(grant(format!("team:{}", world.team))).expect("revokes");
    assert_eq!(now(), [false, false, false, false], "the owner's alone");
    assert!(seen(&ana));
    verify(&world.cop);
}

fn roles_at_once(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let (host, ben) = (world.host(), world.as_member(world.ben));
    let task = NewResource::new("task", "T").with_team(world.team).with_body("x").published();
    let task = world.as_member(world.ana).add_resource(task).expect("adds").id;
    let draft = NewResource::new("task", "D").with_team(world.team);
    let draft = world.as_member(world.ana).add_resource(draft).expect("adds").id;
    let sees = || (ben.resource(task).is_ok(), ben.resource(draft).is_ok());
    assert_eq!(sees(), (false, false));
    let membership = host.add_membership(NewMembership::new(world.team, world.ben)).expect("adds").id;
    assert_eq!(sees(), (true, false), "in the team");
    let roles = |roles: &[&str]| TeamRolesOf { membership, roles: roles.iter().map(|r| (*r).to_owned()).collect() };
    host.set_team_roles(roles(&["lead"])).expect("sets");
    assert_eq!(sees(), (true, true), "leads it");
    host.set_team_roles(roles(&["member"])).expect("sets");
    assert_eq!(sees(), (true, false), "leads it no longer");
    host.end_membership(membership).expect("ends");
    assert_eq!(sees(), (false, false), "out of it");
    let set = |role: &str| {
        host.set_community_roles(CommunityRolesOf { member: world.ben, roles: vec![role.to_owned()] }).expect("sets");
    };
    set("steward");
    assert_eq!(sees(), (true, true), "stewards");
    set("member");
    assert_eq!(sees(), (false, false), "stewards no longer");
    let people = |session: &crate::Session| {
        session.members(MemberFilter::new(), PageRequest::default()).expect("lists").items.len()
    };
    assert_eq!(people(&ben), 6);
    host.end_member(world.ben).expect("ends");
    assert_eq!(people(&ben), 1, "who left still sees themselves");
    let refusal = world.refused("who left", || ben.apply(Op::AddResource(NewResource::new("task", "T"))));
    assert_eq!(refusal.kind(), ErrorKind::NotPermitted);
}

fn affiliations_by_date(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let today = start().date_naive();
    let task = NewResource::new("task", "T").with_body("x").published();
    let task = task.with_visibility(Visibility::Organization(world.county));
    let task = world.host().add_resource(task).expect("adds").id;
    let ben = world.as_member(world.ben);
    assert!(ben.resource(task).is_ok(), "the county's material reaches its schools");
    let end = EndOfAffiliation {
        member: world.ben,
        organization: world.school,
        role: "teacher".into(),
        until: today + chrono::Days::new(1),
    };
    ben.end_affiliation(end).expect("ends tomorrow");
    for (days, sees) in [(0, true), (1, true), (2, false), (1, true)] {
        world.clock.set(start() + chrono::Duration::days(days));
        assert_eq!(ben.resource(task).is_ok(), sees, "after {days} days");
    }
}
