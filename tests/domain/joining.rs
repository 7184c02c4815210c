//! Joining: asked for, answered in one's region, prepared for step by step, left, and begun again.

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted, Precondition};
use cop_core::{
    AffiliationOf, CommitmentOf, CommunityRolesOf, EndOfAffiliation, ErrorKind, HoursPolicy, Member, MemberDecision,
    MemberEvent, MemberFact, MemberId, MemberState, NewAffiliation, NewMember, NewMembership, NewTeam, OnboardingStep,
    OrganizationId, ParticipationPolicy, PoliciesEdit, Result, StepOf, TeamId,
};
use proptest::prelude::*;

use crate::world::{World, cases, day};

/// A regional team for the places, led by the member.
fn region(w: &World, places: &[OrganizationId], lead: MemberId) -> TeamId {
    let host = w.cop.steward();
    let mut new = NewTeam::new("regional", "Region").with_region("ccsesa", "5");
    new.organizations = places.to_vec();
    let team = host.create_team(new).unwrap().id;
    host.add_membership(NewMembership::new(team, lead).with_role("lead")).unwrap();
    team
}

/// Nia asks to take part, and works there.
fn asks(w: &World, place: OrganizationId) -> MemberId {
    let new = NewMember::new("Nia", "New").with_affiliation(NewAffiliation::new(place, "teacher"));
    let asked = w.cop.steward().request_participation(new).unwrap();
    assert_eq!(asked.state, MemberState::Requested);
    asked.id
}

fn problems<const N: usize>(kind: ErrorKind, problems: [&str; N]) -> (ErrorKind, Vec<String>) {
    (kind, problems.map(str::to_owned).to_vec())
}

fn facts(member: &Member) -> Vec<String> {
    member.facts.iter().map(MemberFact::to_string).collect()
}

fn step(member: MemberId, code: &str) -> StepOf {
    StepOf { member, step: code.to_owned() }
}

fn year(member: MemberId, year: &str) -> CommitmentOf {
    CommitmentOf { member, school_year: year.to_owned() }
}

#[test]
fn a_request_is_the_hosts_to_record_and_brings_no_role() {
    let w = World::new();
    for (name, session) in w.everybody().into_iter().filter(|(name, _)| *name != "host") {
        assert_eq!(
            w.refused(|| session.request_participation(NewMember::new("N", "N"))).kind(),
            NotPermitted,
            "{name}"
        );
    }
    let with_role = || w.cop.steward().request_participation(NewMember::new("N", "N").with_role("steward"));
    assert_eq!(w.wrong(with_role), problems(InvalidInput, ["roles member.roles"]));
    let nia = asks(&w, w.north);
    let session = w.session(nia);
    assert_eq!(session.member(nia).unwrap().id, nia, "who asked sees themselves");
    assert!(session.member(w.ana).is_err() && session.team(w.team).is_err(), "and nothing of the community");
}

#[test]
fn a_request_is_answered_by_the_leads_of_its_region_and_by_stewards() {
    for (who, may) in [
        ("lea", true),
        ("stan", true),
        ("olga", true),
        ("host", true),
        ("ben", false),
        ("conny", false),
        ("ana", false),
        ("ed", false),
    ] {
        let w = World::new();
        region(&w, &[w.north], w.lea);
        region(&w, &[w.south], w.ben);
        let nia = asks(&w, w.north);
        let other = asks(&w, w.north);
        let (_, session) = w.everybody().into_iter().find(|(name, _)| *name == who).unwrap();
        let answer = |member, reason: &str| MemberDecision { member, reason: Some(reason.to_owned()) };
        if !may {
            assert_eq!(w.refused(|| session.approve_member(answer(nia, "x"))).kind(), NotPermitted, "{who}");
            assert_eq!(w.refused(|| session.decline_member(answer(nia, "x"))).kind(), NotPermitted, "{who}");
            continue;
        }
        session.approve_member(answer(nia, "Welcome")).unwrap();
        let approved = w.cop.steward().member(nia).unwrap();
        let decision = approved.decision.unwrap();
        assert_eq!(
            (approved.state, decision.approved, decision.by),
            (MemberState::Onboarding, true, session.member_id())
        );
        assert_eq!(decision.reason.as_deref(), Some("Welcome"));
        let declined = session.decline_member(answer(other, "Not a school")).unwrap();
        assert_eq!(
            (declined.state, facts(&declined)),
            (MemberState::Ended, vec!["requested".into(), "declined".into()])
        );
        let decision = w.cop.steward().member(other).unwrap().decision.unwrap();
        assert_eq!((decision.approved, decision.by), (false, session.member_id()));
        assert_eq!(decision.reason.as_deref(), Some("Not a school"));
        let again = w.wrong(|| session.approve_member(nia));
        assert_eq!(again, problems(Precondition, ["member member.not_requested"]), "once");
        assert_eq!(w.wrong(|| session.decline_member(other)).1, ["member member.not_requested"]);
    }
}

#[test]
fn observers_and_guests_answer_nothing() {
    let w = World::new();
    let nia = asks(&w, w.north);
    assert_eq!(w.refused(|| w.session(w.obi).approve_member(nia)).kind(), NotFound);
    assert_eq!(w.refused(|| w.cop.as_guest().approve_member(nia)).kind(), NotPermitted);
    assert_eq!(w.refused(|| w.session(nia).approve_member(nia)).kind(), NotPermitted, "nobody admits themselves");
    let long = MemberDecision { member: nia, reason: Some("x".repeat(301)) };
    assert_eq!(w.wrong(|| w.session(w.stan).approve_member(long)), problems(InvalidInput, ["reason text.too_long"]));
}

#[test]
fn a_region_reaches_down_from_its_organizations() {
    let w = World::new();
    let whole = region(&w, &[w.county], w.ana);
    region(&w, &[w.south], w.ben);
    let nia = asks(&w, w.north);
    w.session(w.ana).approve_member(nia).expect("the county is above the district");
    // Nothing reaches upward, and who works nowhere has no region.
    let above = asks(&w, w.county);
    assert_eq!(w.refused(|| w.session(w.ben).approve_member(above)).kind(), NotPermitted);
    let nowhere = w.cop.steward().request_participation(NewMember::new("Noa", "Where")).unwrap().id;
    assert_eq!(w.refused(|| w.session(w.ana).approve_member(nowhere)).kind(), NotPermitted);
    w.session(w.stan).approve_member(nowhere).expect("the stewards look after them");
    // An archived region answers no more; neither does a team that is none.
    w.cop.steward().archive_team(whole).unwrap();
    assert_eq!(w.refused(|| w.session(w.ana).approve_member(above)).kind(), NotPermitted);
    let project = NewTeam::new("project", "No region").with_organization(w.county);
    let project = w.cop.steward().create_team(project).unwrap().id;
    w.cop.steward().add_membership(NewMembership::new(project, w.ana).with_role("lead")).unwrap();
    assert_eq!(w.refused(|| w.session(w.ana).approve_member(above)).kind(), NotPermitted);
}

#[test]
fn the_affiliations_of_the_day_decide_the_region() {
    let w = World::new();
    region(&w, &[w.north], w.lea);
    region(&w, &[w.south], w.ben);
    let nia = asks(&w, w.north);
    let host = w.cop.steward();
    let end = EndOfAffiliation { member: nia, organization: w.north, role: "teacher".into(), until: day("2021-09-01") };
    host.end_affiliation(end).unwrap();
    let moved = NewAffiliation { since: Some(day("2021-09-02")), ..NewAffiliation::new(w.south, "teacher") };
    host.add_affiliation(AffiliationOf { member: nia, affiliation: moved }).unwrap();
    assert_eq!(w.refused(|| w.session(w.ben).approve_member(nia)).kind(), NotPermitted, "not yet hers");
    w.go_to("2021-09-02T08:00:00Z");
    assert_eq!(w.refused(|| w.session(w.lea).approve_member(nia)).kind(), NotPermitted, "hers no longer");
    assert_eq!(w.session(w.ben).approve_member(nia).unwrap().state, MemberState::Onboarding);
}

#[test]
fn a_lead_who_leads_no_longer_answers_no_longer() {
    let w = World::new();
    let team = region(&w, &[w.north], w.lea);
    let nia = asks(&w, w.north);
    let membership = cop_core::Membership::id_of(w.lea, team, 1);
    let roles = cop_core::TeamRolesOf { membership, roles: vec!["facilitator".to_owned()] };
    w.cop.steward().set_team_roles(roles).unwrap();
    assert_eq!(w.refused(|| w.session(w.lea).approve_member(nia)).kind(), NotPermitted);
}

/// Orientation and an agreement are required, a tour is not; and one commits to the year.
fn strict(w: &World) {
    let mut edit = PoliciesEdit::new()
        .with_required_step("orientation", "Orientation")
        .with_required_step("agreement", "The agreement")
        .with_commitment();
    let tour = OnboardingStep { code: "tour".into(), label: "A tour".into(), required: false };
    edit.onboarding.get_or_insert_default().push(tour);
    w.session(w.olga).set_policies(edit).unwrap();
}

#[test]
fn everything_that_is_asked_of_newcomers_is_named_at_once() {
    let w = World::new();
    strict(&w);
    region(&w, &[w.north], w.lea);
    let nia = asks(&w, w.north);
    let me = w.session(nia);
    let missing = ["steps.orientation member.step_missing", "steps.agreement member.step_missing"];
    let all = [&["member member.not_approved"], &missing[..], &["commitments member.commitment_missing"]].concat();
    let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
    assert_eq!(w.wrong(|| me.activate_member(nia)), (Precondition, all.clone()));
    w.session(w.lea).approve_member(nia).unwrap();
    assert_eq!(w.wrong(|| me.activate_member(nia)), (Precondition, all[1..].to_vec()));
    w.session(w.lea).complete_step(step(nia, "orientation")).expect("the region's lead was there");
    assert_eq!(w.wrong(|| me.activate_member(nia)), (Precondition, all[2..].to_vec()));
    me.complete_step(step(nia, "agreement")).expect("one's own");
    assert_eq!(w.wrong(|| me.activate_member(nia)), (Precondition, all[3..].to_vec()));
    me.commit_to_year(year(nia, "2020-21")).unwrap();
    assert_eq!(w.wrong(|| me.activate_member(nia)), (Precondition, all[3..].to_vec()), "not this year");
    me.commit_to_year(year(nia, "2021-22")).unwrap();
    let active = me.activate_member(nia).unwrap();
    assert_eq!(active.state, MemberState::Active);
    assert_eq!(me.activate_member(nia).unwrap().revision, active.revision, "once is enough");
    assert!(me.member(w.ana).is_ok(), "and the community is there");
}

#[test]
fn nobody_becomes_active_but_by_an_act_of_their_own_or_by_the_host() {
    let w = World::new();
    strict(&w);
    let nia = asks(&w, w.north);
    w.session(w.stan).approve_member(nia).unwrap();
    for other in [w.stan, w.olga, w.conny, w.lea] {
        assert_eq!(w.refused(|| w.session(other).activate_member(nia)).kind(), NotPermitted);
    }
    // The host keeps the rules too, but makes no commitment in another's place.
    let host = w.cop.steward();
    let missing = ["steps.orientation member.step_missing", "steps.agreement member.step_missing"];
    assert_eq!(w.wrong(|| host.activate_member(nia)), problems(Precondition, missing));
    assert_eq!(w.refused(|| host.commit_to_year(year(nia, "2021-22"))).kind(), NotPermitted);
    for code in ["orientation", "agreement"] {
        host.complete_step(step(nia, code)).unwrap();
    }
    assert_eq!(host.activate_member(nia).unwrap().state, MemberState::Active);
}

#[test]
fn steps_are_those_of_the_community_and_recorded_by_who_may() {
    let w = World::new();
    strict(&w);
    region(&w, &[w.north], w.lea);
    region(&w, &[w.south], w.ben);
    let nia = asks(&w, w.north);
    let unknown = w.wrong(|| w.session(nia).complete_step(step(nia, "dance")));
    assert_eq!(unknown, problems(InvalidInput, ["step member.step_unknown"]));
    for other in [w.ben, w.conny, w.ana] {
        assert_eq!(w.refused(|| w.session(other).complete_step(step(nia, "tour"))).kind(), NotPermitted);
    }
    for who in [w.lea, w.stan, nia] {
        let done = w.session(who).complete_step(step(nia, "tour")).unwrap();
        assert_eq!(done.steps, ["tour".to_owned()].into(), "twice is once");
    }
}

#[test]
fn a_commitment_is_ones_own_and_once_a_year() {
    let w = World::new();
    let ana = w.session(w.ana);
    for other in [w.stan, w.olga, w.lea] {
        assert_eq!(w.refused(|| w.session(other).commit_to_year(year(w.ana, "2021-22"))).kind(), NotPermitted);
    }
    let bad = w.wrong(|| ana.commit_to_year(year(w.ana, "2021-23")));
    assert_eq!(bad, problems(InvalidInput, ["school_year school_year.span"]));
    let first = ana.commit_to_year(year(w.ana, "2021-22")).unwrap();
    w.go_to("2021-10-01T00:00:00Z");
    let again = ana.commit_to_year(year(w.ana, "2021-22")).unwrap();
    assert_eq!((again.commitments.len(), again.revision), (1, first.revision), "the first stands");
    assert_eq!(ana.commit_to_year(year(w.ana, "2022-23")).unwrap().commitments.len(), 2);
}

#[test]
fn the_school_year_begins_when_the_community_says() {
    for (month, date, committed, fits) in [
        (7, "2021-07-01T00:00:00Z", "2021-22", true),
        (7, "2021-06-30T23:59:59Z", "2021-22", false),
        (7, "2021-06-30T23:59:59Z", "2020-21", true),
        (9, "2021-08-31T12:00:00Z", "2020-21", true),
        (9, "2021-08-31T12:00:00Z", "2021-22", false),
        (9, "2021-09-01T12:00:00Z", "2021-22", true),
        (1, "2021-01-01T00:00:00Z", "2021-22", true),
    ] {
        let clock = crate::world::SharedClock(std::sync::Arc::new(cop_core::ManualClock::new(crate::world::at(date))));
        let options = cop_core::CommunityOptions::new().with_clock(clock);
        let cop = options.in_memory(cop_core::NewCommunity::new("Math CoP")).unwrap();
        let host = cop.steward();
        let policies = PoliciesEdit { school_year_starts_in: Some(month), ..PoliciesEdit::new().with_commitment() };
        host.set_policies(policies).unwrap();
        let nia = host.request_participation(NewMember::new("Nia", "New")).unwrap().id;
        host.approve_member(nia).unwrap();
        let me = cop.as_member(nia).unwrap();
        me.commit_to_year(year(nia, committed)).unwrap();
        assert_eq!(me.activate_member(nia).is_ok(), fits, "{committed} on {date}, from month {month}");
    }
}

#[test]
fn an_invited_member_accepts_or_just_begins() {
    let w = World::new();
    let ina = w.session(w.stan).add_member(NewMember::new("Ina", "Invited")).unwrap();
    assert_eq!((ina.state, facts(&ina)), (MemberState::Invited, vec!["invited".into()]));
    let me = w.session(ina.id);
    assert_eq!(w.refused(|| w.session(w.stan).accept_invitation(ina.id)).kind(), NotPermitted);
    assert_eq!(me.accept_invitation(ina.id).unwrap().state, MemberState::Onboarding);
    assert_eq!(w.wrong(|| me.accept_invitation(ina.id)), problems(Precondition, ["member member.not_invited"]));
    assert_eq!(me.activate_member(ina.id).unwrap().state, MemberState::Active);
    for other in [w.conny, w.ana, w.lea] {
        assert_eq!(w.refused(|| w.session(other).add_member(NewMember::new("N", "N"))).kind(), NotPermitted);
    }
    // Whoever asks where an invitation waits, or is invited after asking, is on the way in.
    let both = w.session(w.stan).add_member(NewMember::new("Bo", "Both")).unwrap().id;
    assert_eq!(w.session(both).ask_to_rejoin(both).unwrap().state, MemberState::Onboarding);
    let nia = asks(&w, w.north);
    assert_eq!(w.session(w.stan).invite_member(nia).unwrap().state, MemberState::Onboarding);
    assert_eq!(w.wrong(|| w.session(w.stan).invite_member(nia)), problems(Precondition, ["member member.not_outside"]));
    assert_eq!(
        w.wrong(|| w.session(w.ana).ask_to_rejoin(w.ana)),
        problems(Precondition, ["member member.not_outside"])
    );
}

#[test]
fn breaks_are_counted() {
    let w = World::new();
    let ana = w.session(w.ana);
    let task = ana.team(w.team).is_ok();
    assert!(task);
    assert_eq!(w.wrong(|| ana.resume_member(w.ana)), problems(Precondition, ["member member.not_paused"]));
    let paused = ana.pause_member(w.ana).unwrap();
    assert_eq!(paused.state, MemberState::Paused);
    assert!(ana.team(w.team).is_err(), "on a break one is out of it");
    assert_eq!(w.wrong(|| ana.pause_member(w.ana)), problems(Precondition, ["member member.not_active"]));
    assert_eq!(ana.activate_member(w.ana).unwrap().state, MemberState::Paused, "a break ends by resuming");
    ana.resume_member(w.ana).unwrap();
    assert!(ana.team(w.team).is_ok(), "everything is as before");
    w.session(w.stan).pause_member(w.ana).expect("a steward, too");
    let back = w.session(w.stan).resume_member(w.ana).unwrap();
    assert_eq!(facts(&back), ["activated", "paused", "paused:2", "resumed", "resumed:2"]);
    for other in [w.conny, w.lea, w.ben] {
        assert_eq!(w.refused(|| w.session(other).pause_member(w.ana)).kind(), NotPermitted);
    }
}

#[test]
fn who_left_comes_again_with_facts_of_a_second_time() {
    let w = World::new();
    let ana = w.session(w.ana);
    for other in [w.conny, w.lea, w.ben] {
        assert_eq!(w.refused(|| w.session(other).end_member(w.ana)).kind(), NotPermitted);
    }
    let left = ana.end_member(w.ana).unwrap();
    assert_eq!((left.state, facts(&left)), (MemberState::Ended, vec!["activated".into(), "left".into()]));
    assert_eq!(ana.end_member(w.ana).unwrap().revision, left.revision, "over is over");
    for refused in [w.wrong(|| ana.activate_member(w.ana)), w.wrong(|| ana.commit_to_year(year(w.ana, "2021-22")))] {
        assert_eq!(refused, problems(Precondition, ["member member.ended"]));
    }
    assert_eq!(ana.ask_to_rejoin(w.ana).unwrap().state, MemberState::Requested);
    assert_eq!(w.wrong(|| ana.activate_member(w.ana)), problems(Precondition, ["member member.not_approved"]));
    w.session(w.stan).approve_member(w.ana).unwrap();
    let back = ana.activate_member(w.ana).unwrap();
    assert_eq!(back.state, MemberState::Active);
    assert_eq!(facts(&back), ["requested:2", "approved:2", "activated", "activated:2", "left"]);
    assert!(ana.team(w.team).is_ok() && ana.member(w.ben).is_ok());
    // Removed, and invited a third time.
    let removed = w.session(w.stan).end_member(w.ana).unwrap();
    assert!(removed.facts.contains(&MemberFact::nth(MemberEvent::Removed, 2)));
    w.session(w.stan).invite_member(w.ana).unwrap();
    assert_eq!(ana.accept_invitation(w.ana).unwrap().state, MemberState::Onboarding);
    assert!(ana.activate_member(w.ana).unwrap().facts.contains(&MemberFact::nth(MemberEvent::Activated, 3)));
}

#[test]
fn who_left_during_a_break_does_not_come_back_into_it() {
    let w = World::new();
    let ana = w.session(w.ana);
    ana.pause_member(w.ana).unwrap();
    ana.end_member(w.ana).unwrap();
    ana.ask_to_rejoin(w.ana).unwrap();
    w.session(w.stan).approve_member(w.ana).unwrap();
    let back = ana.activate_member(w.ana).unwrap();
    assert_eq!(back.state, MemberState::Active);
    assert_eq!(ana.pause_member(w.ana).unwrap().state, MemberState::Paused);
    assert_eq!(ana.resume_member(w.ana).unwrap().state, MemberState::Active);
}

type Way = fn(&World) -> Result<Member>;

#[test]
fn the_last_owner_cannot_go() {
    let w = World::new();
    let olga = w.session(w.olga);
    let last = problems(Precondition, ["member member.last_owner"]);
    let ways: [(&str, Way); 5] = [
        ("pauses", |w| w.session(w.olga).pause_member(w.olga)),
        ("leaves", |w| w.session(w.olga).end_member(w.olga)),
        ("is removed", |w| w.session(w.stan).end_member(w.olga)),
        ("is erased", |w| w.session(w.olga).erase_member(w.olga)),
        ("is demoted", |w| {
            let roles = vec!["member".to_owned()];
            w.cop.steward().set_community_roles(CommunityRolesOf { member: w.olga, roles })
        }),
    ];
    for (why, way) in ways {
        assert_eq!(w.wrong(|| way(&w)), last, "{why}");
    }
    let roles = |member, role: &str| CommunityRolesOf { member, roles: vec![role.to_owned()] };
    olga.set_community_roles(roles(w.ana, "owner")).unwrap();
    // Who pauses is no owner for the time being.
    w.session(w.ana).pause_member(w.ana).unwrap();
    for (why, way) in ways {
        assert_eq!(w.wrong(|| way(&w)), last, "{why}, and the other owner is on a break");
    }
    w.session(w.ana).resume_member(w.ana).unwrap();
    for (why, way) in ways {
        let w = World::new();
        w.session(w.olga).set_community_roles(roles(w.ana, "owner")).unwrap();
        way(&w).unwrap_or_else(|error| panic!("{why}: {error}"));
    }
    assert_eq!(w.refused(|| olga.set_community_roles(roles(w.olga, "member"))).kind(), NotPermitted, "one's own roles");
    for other in [w.stan, w.conny, w.ben] {
        assert_eq!(w.refused(|| w.session(other).set_community_roles(roles(w.ed, "steward"))).kind(), NotPermitted);
    }
    let none = CommunityRolesOf { member: w.ed, roles: vec![] };
    assert_eq!(w.wrong(|| olga.set_community_roles(none)), problems(InvalidInput, ["roles roles.empty"]));
}

#[test]
fn the_rules_are_the_owners() {
    let w = World::new();
    for (name, session) in w.everybody() {
        let set = || session.set_policies(PoliciesEdit::new().with_commitment());
        match name {
            "olga" | "host" => assert!(set().unwrap().policies.commitment_required),
            _ => assert_eq!(w.refused(set).kind(), NotPermitted, "{name}"),
        }
    }
    let step = |code: &str, label: &str| OnboardingStep { code: code.into(), label: label.into(), required: true };
    let bad = PoliciesEdit {
        school_year_starts_in: Some(13),
        onboarding: Some(vec![step("a b", "A"), step("c", " "), step("c", "C")]),
        hours: Some(HoursPolicy { unit_minutes: 0, minimum_minutes: -1, cap_minutes: Some(-1), ..Default::default() }),
        participation: Some(ParticipationPolicy {
            version: String::new(),
            window_days: 0,
            core_attendance: f64::NAN,
            active_attendance: 1.1,
            ..Default::default()
        }),
        commitment_required: None,
        synonyms: Some(vec![["slip".to_owned()].into(), ["a".to_owned(), " ".to_owned()].into()]),
    };
    let expected = [
        "school_year_starts_in policy.month",
        "onboarding[0].code code.format",
        "onboarding[1].label text.empty",
        "onboarding[2].code policy.step_twice",
        "synonyms[0] policy.synonym_group",
        "synonyms[1] text.empty",
        "hours.unit_minutes policy.unit",
        "hours.minimum_minutes policy.minimum",
        "hours.cap_minutes policy.cap",
        "participation.version text.empty",
        "participation.window_days policy.window",
        "participation.core_attendance policy.share",
        "participation.active_attendance policy.share",
    ];
    assert_eq!(w.wrong(|| w.session(w.olga).set_policies(bad)), problems(InvalidInput, expected));
    let steps = (0..51).map(|n| step(&format!("s{n}"), "S")).collect();
    let many = PoliciesEdit { onboarding: Some(steps), ..PoliciesEdit::new() };
    assert_eq!(w.wrong(|| w.session(w.olga).set_policies(many)), problems(InvalidInput, ["onboarding policy.steps"]));
    let groups = vec![["a".to_owned(), "b".to_owned()].into(); 501];
    let many = PoliciesEdit { synonyms: Some(groups), ..PoliciesEdit::new() };
    let expected = problems(InvalidInput, ["synonyms policy.synonyms"]);
    assert_eq!(w.wrong(|| w.session(w.olga).set_policies(many)), expected);
    let kept = w.cop.about().unwrap().policies;
    let changed =
        w.session(w.olga).set_policies(PoliciesEdit { school_year_starts_in: Some(8), ..PoliciesEdit::new() });
    let expected = cop_core::Policies { school_year_starts_in: 8, ..kept };
    assert_eq!(changed.unwrap().policies, expected, "what is not said stays");
}

proptest! {
    #![proptest_config(cases(300))]

    /// Whatever is known of a member, and in whatever order it became known, their state is one.
    #[test]
    fn a_members_state_does_not_depend_on_the_order_of_facts(
        (facts, shuffled) in proptest::collection::vec((0..MemberEvent::CODES.len(), 1..4u32), 0..10).prop_flat_map(|all| {
            let facts: Vec<MemberFact> = all
                .into_iter()
                .map(|(event, number)| MemberFact::nth(MemberEvent::CODES[event].parse().unwrap(), number))
                .collect();
            let twice: Vec<_> = facts.iter().chain(&facts).copied().collect();
            (Just(facts), Just(twice).prop_shuffle())
        }),
        merged in any::<bool>(),
    ) {
        let state = |facts: &[MemberFact]| MemberState::of(&facts.iter().copied().collect(), merged);
        prop_assert_eq!(state(&facts), state(&shuffled));
        // As the log and the wire have them.
        let wire = serde_json::to_string(&shuffled).unwrap();
        prop_assert_eq!(state(&serde_json::from_str::<Vec<MemberFact>>(&wire).unwrap()), state(&facts));
        let erased = facts.iter().any(|fact| fact.event == MemberEvent::Erased);
        prop_assert_eq!(state(&facts) == MemberState::Erased, erased, "erased wins, and nothing else erases");
        prop_assert!(erased || !merged || state(&facts) == MemberState::Merged);
    }
}
