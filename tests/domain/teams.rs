//! Teams: formed of the people they need, joined by both sides, and told when they no longer are what they must be.

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted, Precondition};
use cop_core::{
    Application, EndReason, ErrorKind, Finding, FindingFilter, FindingKind, FormationRule, Member, MemberId,
    Membership, MembershipFact, MembershipFilter, MembershipId, MembershipReply, MembershipShowing, MembershipState,
    NewAffiliation, NewMember, NewMembership, NewTeam, PageRequest, TeamEdit, TeamId, TeamRole, TeamRolesOf, TeamState,
    UndoOf,
};
use proptest::prelude::*;

use crate::world::{Act, World, cases, day};

fn problems<const N: usize>(kind: ErrorKind, problems: [&str; N]) -> (ErrorKind, Vec<String>) {
    (kind, problems.map(str::to_owned).to_vec())
}

/// Ana's, Ben's or Lea's membership in the world's team.
fn of(w: &World, member: MemberId) -> MembershipId {
    Membership::id_of(member, w.team, 1)
}

fn rule(min_members: u32) -> FormationRule {
    FormationRule { min_members, ..FormationRule::default() }
}

fn require(w: &World, team: TeamId, rule: FormationRule) {
    w.cop.steward().revise_team(TeamEdit { formation: Some(rule), ..TeamEdit::new(team) }).unwrap();
}

/// The findings about a team, as their kind and what exactly.
fn findings(w: &World, team: TeamId) -> Vec<(FindingKind, String)> {
    let filter = FindingFilter::new().with_about(team);
    let found = w.cop.steward().findings(filter, PageRequest::default()).unwrap().items;
    found.into_iter().map(|Finding { kind, detail, .. }| (kind, detail)).collect()
}

#[test]
fn a_team_starts_its_work_when_it_is_what_it_must_be() {
    let w = World::new();
    let host = w.cop.steward();
    let wanted = FormationRule {
        min_members: 3,
        min_distinct_roles: 3,
        min_distinct_districts: 2,
        min_distinct_counties: 1,
        same_district: false,
    };
    let team = host.create_team(NewTeam::new("cross_district", "Ratios").with_formation(wanted)).unwrap().id;
    let everything = [
        "team team.no_lead",
        "formation.min_members formation.members",
        "formation.min_distinct_roles formation.roles",
        "formation.min_distinct_districts formation.districts",
        "formation.min_distinct_counties formation.counties",
    ];
    assert_eq!(w.wrong(|| host.activate_team(team)), problems(Precondition, everything));
    host.add_membership(NewMembership::new(team, w.lea).with_role("lead")).unwrap();
    host.add_membership(NewMembership::new(team, w.ana)).unwrap();
    let lea = w.session(w.lea);
    assert_eq!(
        w.wrong(|| lea.activate_team(team)),
        problems(Precondition, [everything[1], everything[2], everything[3]])
    );
    // Who is only invited does not count yet.
    lea.invite_to_team(NewMembership::new(team, w.ed)).unwrap();
    assert_eq!(w.wrong(|| lea.activate_team(team)).1.len(), 3);
    w.session(w.ed).accept_membership(Membership::id_of(w.ed, team, 1)).unwrap();
    let active = lea.activate_team(team).unwrap();
    assert_eq!(active.state, TeamState::Active, "a coach and a teacher of the north, an administrator of the south");
    assert_eq!(lea.activate_team(team).unwrap().revision, active.revision);
}

#[test]
fn one_district_is_one_district() {
    let w = World::new();
    let host = w.cop.steward();
    let together = FormationRule { same_district: true, ..FormationRule::default() };
    let team = host.create_team(NewTeam::new("district", "North").with_formation(together)).unwrap().id;
    host.add_membership(NewMembership::new(team, w.lea).with_role("lead")).unwrap();
    host.add_membership(NewMembership::new(team, w.ben)).unwrap();
    let apart = problems(Precondition, ["formation.same_district formation.same_district"]);
    assert_eq!(w.wrong(|| host.activate_team(team)), apart);
    host.end_membership(Membership::id_of(w.ben, team, 1)).unwrap();
    host.add_membership(NewMembership::new(team, w.ana)).unwrap();
    host.activate_team(team).expect("a district and a school of it");
    // A later violation is told, not prevented.
    assert_eq!(findings(&w, team), []);
    host.add_membership(NewMembership::new(team, w.ben)).unwrap();
    let told =
        (FindingKind::FormationRule, "same_district: the members come from 2 districts, not from one".to_owned());
    assert_eq!(findings(&w, team), [told]);
}

#[test]
fn the_rule_looks_at_who_takes_part_and_where_they_work_now() {
    let w = World::new();
    let host = w.cop.steward();
    let team = host.create_team(NewTeam::new("project", "P").with_formation(rule(2))).unwrap().id;
    host.add_membership(NewMembership::new(team, w.lea).with_role("lead")).unwrap();
    host.add_membership(NewMembership::new(team, w.ana)).unwrap();
    w.session(w.ana).pause_member(w.ana).unwrap();
    let one = problems(Precondition, ["formation.min_members formation.members"]);
    assert_eq!(w.wrong(|| host.activate_team(team)), one, "on a break");
    // Two records of one person are one person.
    let twin = host.add_member(NewMember::new("Lea", "Twin")).unwrap().id;
    host.add_membership(NewMembership::new(team, twin)).unwrap();
    host.merge_members(cop_core::MergeOf { member: w.lea, duplicate: twin }).unwrap();
    assert_eq!(w.wrong(|| host.activate_team(team)), one, "twice");
    w.session(w.ana).resume_member(w.ana).unwrap();
    host.activate_team(team).unwrap();
    let dated = host.create_team(NewTeam::new("project", "D")).unwrap().id;
    require(&w, dated, FormationRule { min_distinct_districts: 1, ..FormationRule::default() });
    let ina = host.add_member(NewMember::new("Ina", "Soon")).unwrap().id;
    host.add_membership(NewMembership::new(dated, ina).with_role("lead")).unwrap();
    let affiliation = NewAffiliation {
        since: Some(day("2021-09-02")),
        until: Some(day("2021-09-03")),
        ..NewAffiliation::new(w.north, "teacher")
    };
    host.add_affiliation(cop_core::AffiliationOf { member: ina, affiliation }).unwrap();
    for (now, fits) in [("2021-09-01", false), ("2021-09-02", true), ("2021-09-03", true), ("2021-09-04", false)] {
        w.go_to(&format!("{now}T12:00:00Z"));
        let tried = host.try_out(cop_core::Op::ActivateTeam(dated.into()));
        assert_eq!(tried.is_ok(), fits, "{now}");
    }
}

#[test]
fn who_leads_needs_to_be_there() {
    let w = World::new();
    let host = w.cop.steward();
    let team = host.create_team(NewTeam::new("project", "P")).unwrap().id;
    host.add_membership(NewMembership::new(team, w.ben).with_role("lead")).unwrap();
    w.session(w.ben).end_member(w.ben).unwrap();
    assert_eq!(w.wrong(|| host.activate_team(team)), problems(Precondition, ["team team.no_lead"]), "has left");
    host.archive_team(team).unwrap();
    let both = ["team team.no_lead", "team team.archived"];
    assert_eq!(w.wrong(|| host.activate_team(team)), problems(Precondition, both));
}

#[test]
fn a_team_at_work_that_loses_what_it_must_be_is_told_so() {
    let ways: [(&str, Act); 6] = [
        ("leaves the team", |w| drop(w.session(w.ben).end_membership(of(w, w.ben)).unwrap())),
        ("is removed", |w| drop(w.session(w.lea).end_membership(of(w, w.ben)).unwrap())),
        ("completes", |w| drop(w.session(w.lea).complete_membership(of(w, w.ben)).unwrap())),
        ("leaves the community", |w| drop(w.session(w.ben).end_member(w.ben).unwrap())),
        ("takes a break", |w| drop(w.session(w.ben).pause_member(w.ben).unwrap())),
        ("is erased", |w| drop(w.session(w.ben).erase_member(w.ben).unwrap())),
    ];
    for (why, way) in ways {
        let w = World::new();
        require(&w, w.team, rule(3));
        assert_eq!(findings(&w, w.team), [], "{why}: all is well");
        way(&w);
        let few = (FindingKind::FormationRule, "min_members: there are 2, 3 are needed".to_owned());
        assert_eq!(findings(&w, w.team), [few], "{why}");
        // Its lead and those who facilitate see it, its members do not.
        let seen =
            |member| w.session(member).findings(FindingFilter::new(), PageRequest::default()).unwrap().items.len();
        assert_eq!([w.lea, w.stan, w.ana, w.ed].map(seen), [1, 1, 0, 0], "{why}");
    }
}

#[test]
fn a_rule_that_a_team_at_work_does_not_keep_is_told_at_once() {
    let w = World::new();
    let wanted = FormationRule { min_members: 4, min_distinct_roles: 3, ..FormationRule::default() };
    require(&w, w.team, wanted);
    let all = "min_members: there are 3, 4 are needed; min_distinct_roles: there are 2, 3 are needed";
    assert_eq!(findings(&w, w.team), [(FindingKind::FormationRule, all.to_owned())]);
    require(&w, w.team, FormationRule::default());
    assert_eq!(w.cop.steward().team(w.team).unwrap().formation, None, "a rule that asks nothing is none");
}

#[test]
fn a_team_at_work_without_a_lead_is_told_so() {
    let ways: [(&str, Act); 4] = [
        ("leaves", |w| drop(w.session(w.lea).end_membership(of(w, w.lea)).unwrap())),
        ("leads no longer", |w| {
            let roles = TeamRolesOf { membership: of(w, w.lea), roles: vec!["member".to_owned()] };
            drop(w.session(w.conny).set_team_roles(roles).unwrap());
        }),
        ("leaves the community", |w| drop(w.session(w.lea).end_member(w.lea).unwrap())),
        ("takes a break", |w| drop(w.session(w.lea).pause_member(w.lea).unwrap())),
    ];
    for (why, way) in ways {
        let w = World::new();
        require(&w, w.team, rule(2));
        way(&w);
        assert_eq!(findings(&w, w.team).len(), 1, "{why}");
        assert_eq!(findings(&w, w.team)[0].0, FindingKind::NoLead, "{why}");
        // It is told once for every lead that goes, and not again when others do.
        let filter = || FindingFilter::new().with_about(w.team);
        let told = || w.cop.steward().findings(filter(), PageRequest::default()).unwrap().items.remove(0);
        let seen = cop_core::FindingResolution { finding: told().id, note: "Seen.".into() };
        w.session(w.conny).resolve_finding(seen).unwrap();
        require(&w, w.team, rule(1));
        w.session(w.ana).end_membership(of(&w, w.ana)).unwrap();
        assert_eq!(told().state, cop_core::FindingState::Resolved, "{why}");
        let w = World::new();
        let lead = TeamRolesOf { membership: of(&w, w.ana), roles: vec!["lead".to_owned()] };
        w.session(w.lea).set_team_roles(lead).unwrap();
        way(&w);
        assert_eq!(findings(&w, w.team), [], "{why}, but there is another");
    }
    // A forming team is told nothing yet.
    let w = World::new();
    let team = w.cop.steward().create_team(NewTeam::new("project", "P").with_formation(rule(2))).unwrap().id;
    let lead = w.cop.steward().add_membership(NewMembership::new(team, w.ed).with_role("lead")).unwrap().id;
    w.session(w.ed).end_membership(lead).unwrap();
    assert_eq!(findings(&w, team), []);
}

#[test]
fn other_roles_take_nobody_out_of_the_team() {
    let w = World::new();
    require(&w, w.team, rule(3));
    let roles = |membership, role: &str| TeamRolesOf { membership, roles: vec![role.to_owned()] };
    w.session(w.lea).set_team_roles(roles(of(&w, w.ana), "lead")).unwrap();
    w.session(w.ana).set_team_roles(roles(of(&w, w.lea), "member")).unwrap();
    assert_eq!(findings(&w, w.team), [], "three they were and three they are");
    for (who, kind) in [(w.ben, NotPermitted), (w.ed, NotFound), (w.lea, NotPermitted)] {
        let set = || w.session(who).set_team_roles(roles(of(&w, w.ben), "lead"));
        assert_eq!(w.refused(set).kind(), kind);
    }
    let own = || w.session(w.ana).set_team_roles(roles(of(&w, w.ana), "member"));
    assert_eq!(w.refused(own).kind(), NotPermitted, "nobody changes their own");
    let bad = w.wrong(|| w.session(w.ana).set_team_roles(roles(of(&w, w.ben), "king")));
    assert_eq!(bad, problems(InvalidInput, ["roles[0] code.unknown"]));
}

/// A team that asks two questions, led by Lea.
fn asking(w: &World) -> TeamId {
    let new = NewTeam::new("working_group", "UDL").with_term(day("2021-09-01"), day("2022-06-30"));
    let team = w.cop.steward().create_team(new.with_question("Why you?").with_question("Why now?")).unwrap().id;
    w.cop.steward().add_membership(NewMembership::new(team, w.lea).with_role("lead")).unwrap();
    team
}

fn answers(team: TeamId, answers: &[&str]) -> Application {
    Application { team, answers: answers.iter().map(|answer| (*answer).to_owned()).collect() }
}

#[test]
fn every_question_that_is_not_answered_is_named() {
    let w = World::new();
    let team = asking(&w);
    let ben = w.session(w.ben);
    let apply = |given: &[&str]| w.wrong(|| ben.apply_to_team(answers(team, given)));
    assert_eq!(apply(&[]), problems(InvalidInput, ["answers[0] text.empty", "answers[1] text.empty"]));
    assert_eq!(apply(&["Because."]), problems(InvalidInput, ["answers[1] text.empty"]));
    assert_eq!(apply(&[" ", "Now."]), problems(InvalidInput, ["answers[0] text.empty"]));
    assert_eq!(apply(&["A", "B", "C"]), problems(InvalidInput, ["answers application.answers"]));
    assert_eq!(apply(&["A", &"x".repeat(200_001)]), problems(InvalidInput, ["answers[1] text.too_long"]));
    let asked = w.wrong(|| ben.request_to_join(team));
    assert_eq!(asked, problems(Precondition, ["team team.application"]), "one applies, and does not just ask");
    let elsewhere = w.wrong(|| w.session(w.ed).apply_to_team(answers(w.team, &[])));
    assert_eq!(elsewhere, problems(Precondition, ["team team.no_application"]));
    let applied = ben.apply_to_team(answers(team, &["Because.", "Now."])).unwrap();
    assert_eq!(applied.state, MembershipState::Requested);
    let kept: Vec<_> =
        applied.answers.iter().map(|answer| (answer.question.as_str(), answer.answer.as_str())).collect();
    assert_eq!(kept, [("Why you?", "Because."), ("Why now?", "Now.")]);
    // Who applies again has answered anew; who is added has answered before.
    let again = ben.apply_to_team(answers(team, &["Because I can.", "Now."])).unwrap();
    assert_eq!((again.id, again.answers[0].answer.as_str()), (applied.id, "Because I can."));
    let added = w.cop.steward().add_membership(NewMembership::new(team, w.ben)).unwrap();
    assert_eq!((added.id, added.state, added.answers), (applied.id, MembershipState::Active, again.answers));
    assert_eq!(w.refused(|| w.cop.steward().apply_to_team(answers(team, &["A", "B"]))).kind(), NotPermitted);
    assert_eq!(w.refused(|| w.session(w.obi).apply_to_team(answers(team, &["A", "B"]))).kind(), NotFound);
}

#[test]
fn an_application_is_decided_by_a_lead_with_a_reason() {
    let w = World::new();
    let team = asking(&w);
    let apply = |who| w.session(who).apply_to_team(answers(team, &["A", "B"])).unwrap().id;
    let (ben, ed) = (apply(w.ben), apply(w.ed));
    let reply = |membership, reason: &str| MembershipReply { membership, reason: Some(reason.to_owned()) };
    for (who, kind) in [(w.ben, NotPermitted), (w.ana, NotFound), (w.obi, NotFound)] {
        assert_eq!(w.refused(|| w.session(who).approve_membership(ben)).kind(), kind);
        assert_eq!(w.refused(|| w.session(who).reject_membership(ben)).kind(), kind);
    }
    let long = w.wrong(|| w.session(w.lea).approve_membership(reply(ben, &"x".repeat(301))));
    assert_eq!(long, problems(InvalidInput, ["reason text.too_long"]));
    let approved = w.session(w.lea).approve_membership(reply(ben, "Knows UDL")).unwrap();
    let decision = approved.decision.clone().unwrap();
    assert_eq!((approved.state, decision.approved, decision.by), (MembershipState::Active, true, Some(w.lea)));
    assert_eq!(decision.reason.as_deref(), Some("Knows UDL"));
    let rejected = w.session(w.conny).reject_membership(reply(ed, "Full")).unwrap();
    let decision = rejected.decision.clone().unwrap();
    assert_eq!((rejected.ended(), decision.approved), (Some(EndReason::Rejected), false));
    // What is decided is decided.
    let again = problems(Precondition, ["membership membership.not_requested"]);
    assert_eq!(w.wrong(|| w.session(w.lea).approve_membership(ben)), again);
    assert_eq!(w.wrong(|| w.session(w.lea).reject_membership(ben)), again);
    let over = problems(Precondition, ["membership membership.ended"]);
    assert_eq!(w.wrong(|| w.session(w.lea).approve_membership(ed)), over);
    assert_eq!(w.wrong(|| w.session(w.lea).reject_membership(ed)), over);
    // An invitation is no request.
    let invited = w.session(w.lea).invite_to_team(NewMembership::new(w.team, w.ed)).unwrap().id;
    assert_eq!(w.wrong(|| w.session(w.lea).approve_membership(invited)), again);
    assert_eq!(w.wrong(|| w.session(w.lea).reject_membership(invited)), again);
}

#[test]
fn answers_and_decisions_are_read_by_the_member_and_who_leads() {
    let w = World::new();
    let team = asking(&w);
    w.cop.steward().add_membership(NewMembership::new(team, w.ana)).unwrap();
    let applied = w.session(w.ben).apply_to_team(answers(team, &["Secret", "B"])).unwrap().id;
    let reply = MembershipReply { membership: applied, reason: Some("Hushed".to_owned()) };
    w.session(w.lea).approve_membership(reply).unwrap();
    w.session(w.ben).show_membership(MembershipShowing { membership: applied, public: true }).unwrap();
    for (name, session) in w.everybody() {
        let one = session.membership(applied);
        let filter = MembershipFilter::new().with_member(w.ben).with_team(team);
        let listed = session.memberships(filter, PageRequest::default()).unwrap().items;
        assert_eq!(one.as_ref().ok(), listed.first(), "{name}: a list agrees");
        let Ok(one) = one else {
            assert!(["obi", "guest"].contains(&name), "{name} sees who is in the team");
            continue;
        };
        let whole = !one.answers.is_empty() && one.decision.is_some();
        assert_eq!(whole, ["olga", "stan", "conny", "lea", "ben", "host"].contains(&name), "{name}");
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(text.contains("Secret") || text.contains("Hushed"), whole, "{name}");
        assert_eq!(session.history(applied).is_ok(), whole, "{name}: nor does the history tell");
    }
}

#[test]
fn only_the_member_opens_a_membership_to_the_community() {
    let w = World::new();
    let show = |public| MembershipShowing { membership: of(&w, w.ben), public };
    for (who, kind) in [(w.lea, NotPermitted), (w.stan, NotPermitted), (w.ana, NotPermitted), (w.ed, NotFound)] {
        assert_eq!(w.refused(|| w.session(who).show_membership(show(true))).kind(), kind);
    }
    assert_eq!(w.refused(|| w.cop.steward().show_membership(show(true))).kind(), NotPermitted, "not even the host");
    assert!(w.session(w.ed).membership(of(&w, w.ben)).is_err());
    assert!(w.session(w.ben).show_membership(show(true)).unwrap().public);
    assert!(w.session(w.ed).membership(of(&w, w.ben)).is_ok());
    assert_eq!(w.refused(|| w.session(w.ana).show_membership(show(false))).kind(), NotPermitted);
    for who in [w.lea, w.conny, w.ben] {
        assert!(!w.session(who).show_membership(show(false)).unwrap().public, "who leads may close it");
        w.session(w.ben).show_membership(show(true)).unwrap();
    }
    assert!(!w.cop.steward().show_membership(show(false)).unwrap().public);
}

#[test]
fn a_lead_says_who_has_completed() {
    let w = World::new();
    for (who, kind) in [(w.ben, NotPermitted), (w.ana, NotPermitted), (w.ed, NotFound)] {
        assert_eq!(w.refused(|| w.session(who).complete_membership(of(&w, w.ben))).kind(), kind);
    }
    let done = w.session(w.lea).complete_membership(of(&w, w.ben)).unwrap();
    assert_eq!((done.state, done.ended()), (MembershipState::Ended, Some(EndReason::Completed)));
    let over = w.wrong(|| w.session(w.lea).complete_membership(of(&w, w.ben)));
    assert_eq!(over, problems(Precondition, ["membership membership.ended"]));
    let invited = w.session(w.lea).invite_to_team(NewMembership::new(w.team, w.ed)).unwrap().id;
    let early = w.wrong(|| w.session(w.lea).complete_membership(invited));
    assert_eq!(early, problems(Precondition, ["membership membership.not_active"]));
}

#[test]
fn one_joins_as_the_team_says() {
    let w = World::new();
    let host = w.cop.steward();
    let team = |admission: &str| {
        let team = host.create_team(NewTeam::new("project", "P").with_admission(admission)).unwrap().id;
        host.add_membership(NewMembership::new(team, w.lea).with_role("lead")).unwrap();
        team
    };
    let (open, request, invite, closed) = (team("open"), team("request"), team("invite_only"), team("closed"));
    let ed = w.session(w.ed);
    assert_eq!(ed.request_to_join(open).unwrap().state, MembershipState::Active);
    assert_eq!(ed.request_to_join(request).unwrap().state, MembershipState::Requested);
    for team in [invite, closed] {
        assert_eq!(w.wrong(|| ed.request_to_join(team)), problems(Precondition, ["team team.admission"]));
    }
    let lea = w.session(w.lea);
    let joins = |team| w.wrong(|| lea.invite_to_team(NewMembership::new(team, w.ed)));
    assert_eq!(joins(closed), problems(Precondition, ["team team.admission"]), "nobody joins any more");
    let invited = lea.invite_to_team(NewMembership::new(invite, w.ed).with_role("facilitator")).unwrap();
    assert_eq!((invited.state, invited.roles), (MembershipState::Invited, [TeamRole::Facilitator].into()));
    assert_eq!(w.refused(|| lea.accept_membership(invited.id)).kind(), NotPermitted);
    assert_eq!(ed.accept_membership(invited.id).unwrap().state, MembershipState::Active);
    // Who invites where somebody has asked agrees, and says as what.
    let asked = w.session(w.ben).request_to_join(request).unwrap().id;
    let crossed = lea.invite_to_team(NewMembership::new(request, w.ben).with_role("mentor")).unwrap();
    assert_eq!((crossed.id, crossed.state), (asked, MembershipState::Active));
    assert_eq!(crossed.roles, [TeamRole::Mentor].into());
    for (who, kind) in [(w.ana, NotPermitted), (w.obi, NotFound)] {
        let invite = || w.session(who).invite_to_team(NewMembership::new(invite, w.ben));
        assert_eq!(w.refused(invite).kind(), kind);
    }
    assert_eq!(w.refused(|| lea.invite_to_team(NewMembership::new(invite, w.lea))).kind(), NotPermitted);
    assert_eq!(w.refused(|| lea.add_membership(NewMembership::new(invite, w.ben))).kind(), NotPermitted);
}

#[test]
fn who_joins_takes_part_and_the_team_is_no_history() {
    let w = World::new();
    let host = w.cop.steward();
    let team = host.create_team(NewTeam::new("project", "P").with_admission("request")).unwrap().id;
    host.add_membership(NewMembership::new(team, w.lea).with_role("lead")).unwrap();
    let lea = w.session(w.lea);
    let invited = lea.invite_to_team(NewMembership::new(team, w.ed)).unwrap().id;
    let asked = w.session(w.ben).request_to_join(team).unwrap().id;
    for member in [w.ed, w.ben] {
        w.session(member).pause_member(member).unwrap();
    }
    let away = problems(Precondition, ["member member.not_active"]);
    assert_eq!(w.wrong(|| w.session(w.ed).accept_membership(invited)), away);
    assert_eq!(w.wrong(|| lea.approve_membership(asked)), away);
    assert_eq!(w.wrong(|| host.add_membership(NewMembership::new(team, w.ben))), away);
    host.archive_team(team).unwrap();
    let both = problems(Precondition, ["member member.not_active", "team team.archived"]);
    assert_eq!(w.wrong(|| w.session(w.ed).accept_membership(invited)), both);
    assert_eq!(w.wrong(|| lea.approve_membership(asked)), both);
    assert_eq!(w.wrong(|| host.add_membership(NewMembership::new(team, w.ed))), both);
    lea.reject_membership(asked).expect("a request can still be turned down");
    w.session(w.ed).end_membership(invited).expect("and an invitation declined");
}

#[test]
fn joining_again_after_a_request_was_taken_back_is_a_new_membership() {
    let w = World::new();
    let team = w.cop.steward().create_team(NewTeam::new("project", "P").with_admission("open")).unwrap().id;
    let ed = w.session(w.ed);
    let first = ed.request_to_join(team).unwrap();
    ed.apply(cop_core::Op::Undo(UndoOf::from(1))).unwrap();
    assert!(ed.membership(first.id).is_err());
    let second = ed.request_to_join(team).unwrap();
    assert_eq!((second.state, second.episode), (MembershipState::Active, 2));
}

#[test]
fn a_team_is_changed_by_its_lead() {
    let w = World::new();
    let edit = || TeamEdit { stage: Some("maturing".to_owned()), ..TeamEdit::new(w.team) };
    for (name, session) in w.everybody() {
        match name {
            "lea" | "conny" | "stan" | "olga" | "host" => assert!(session.revise_team(edit()).is_ok(), "{name}"),
            "obi" => assert_eq!(w.refused(|| session.revise_team(edit())).kind(), NotFound, "{name}"),
            _ => assert_eq!(w.refused(|| session.revise_team(edit())).kind(), NotPermitted, "{name}"),
        }
    }
    let lea = w.session(w.lea);
    let bad = TeamEdit {
        name: Some(" ".to_owned()),
        admission: Some("application".to_owned()),
        stage: Some("old".to_owned()),
        ends: Some(day("2021-01-01")),
        ..TeamEdit::new(w.team)
    };
    let expected = ["name text.empty", "questions team.questions", "stage code.unknown", "ends team.term"];
    assert_eq!(w.wrong(|| lea.revise_team(bad)), problems(InvalidInput, expected));
    let cleared = lea.revise_team(TeamEdit { stage: Some(String::new()), ..TeamEdit::new(w.team) }).unwrap();
    assert_eq!(cleared.stage, None);
    let backwards =
        TeamEdit { starts: Some(day("2021-02-01")), ends: Some(day("2021-01-01")), ..TeamEdit::new(w.team) };
    assert_eq!(w.wrong(|| lea.revise_team(backwards)), problems(InvalidInput, ["ends team.term"]));
    let many = TeamEdit { questions: Some(vec!["Q".to_owned(); 51]), ..TeamEdit::new(w.team) };
    assert_eq!(w.wrong(|| lea.revise_team(many)), problems(InvalidInput, ["questions team.questions"]));
    for (who, kind) in [(w.ana, NotPermitted), (w.obi, NotFound)] {
        assert_eq!(w.refused(|| w.session(who).archive_team(w.team)).kind(), kind);
    }
    assert_eq!(lea.archive_team(w.team).unwrap().state, TeamState::Archived);
}

#[test]
fn members_who_left_are_not_named_by_an_invitation() {
    let w = World::new();
    let gone: Member = w.session(w.ed).end_member(w.ed).unwrap();
    let invite = w.wrong(|| w.session(w.lea).invite_to_team(NewMembership::new(w.team, gone.id)));
    assert_eq!(invite, problems(Precondition, ["member member.not_active"]));
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_memberships_state_does_not_depend_on_the_order_of_facts(
        (facts, shuffled) in proptest::sample::subsequence(MembershipFact::CODES, 0..=MembershipFact::CODES.len())
            .prop_flat_map(|codes| {
                let facts: Vec<MembershipFact> = codes.into_iter().map(|code| code.parse().unwrap()).collect();
                let twice: Vec<_> = facts.iter().chain(&facts).copied().collect();
                (Just(facts), Just(twice).prop_shuffle())
            }),
    ) {
        use MembershipFact as F;
        let has = |fact| facts.contains(&fact);
        let over = [F::Rejected, F::Removed, F::Left, F::Completed].into_iter().any(has);
        let agreed = (has(F::Invited) || has(F::Approved)) && (has(F::Requested) || has(F::Accepted));
        let expected = match (over, agreed, has(F::Invited)) {
            (true, ..) => MembershipState::Ended,
            (_, true, _) => MembershipState::Active,
            (.., true) => MembershipState::Invited,
            _ => MembershipState::Requested,
        };
        prop_assert_eq!(MembershipState::of(&facts.iter().copied().collect()), expected);
        prop_assert_eq!(MembershipState::of(&shuffled.into_iter().collect()), expected);
    }
}

#[test]
fn a_membership_that_is_there_changes_only_what_is_said() {
    let w = World::new();
    let host = w.cop.steward();
    let add = |new: NewMembership| host.add_membership(new).unwrap();
    let before = add(NewMembership::new(w.team, w.ana));
    let with_role = add(NewMembership::new(w.team, w.ana).with_role("facilitator"));
    assert_eq!((with_role.id, with_role.roles.len()), (before.id, before.roles.len().max(1)));
    assert_ne!(with_role.roles, before.roles);
    assert_eq!(add(NewMembership::new(w.team, w.ana)).roles, with_role.roles, "no word of roles takes none away");
}

#[test]
fn a_team_is_founded_with_its_charter() {
    let w = World::new();
    let new = NewTeam::new("project", "P").with_charter(" Number talks ");
    let team = w.cop.steward().create_team(new).unwrap();
    assert_eq!((team.name.as_str(), team.charter.as_str()), ("P", "Number talks"));
}
