//! Findings: noticed once, settled by people, noticed again where it holds again. Never a silent repair.

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted, Precondition};
use cop_core::{
    EndOfAffiliation, ErrorKind, Finding, FindingFilter, FindingId, FindingKind, FindingResolution, FindingState,
    FormationRule, Inspection, MemberEdit, MemberId, Membership, NewMember, NewMembership, NewTeam, Op, PageRequest,
    TeamEdit, UndoOf,
};
use proptest::prelude::*;

use crate::world::{World, cases, day};

fn problems<const N: usize>(kind: ErrorKind, problems: [&str; N]) -> (ErrorKind, Vec<String>) {
    (kind, problems.map(str::to_owned).to_vec())
}

fn all(w: &World) -> Vec<Finding> {
    w.cop.steward().findings(FindingFilter::new(), PageRequest::default()).unwrap().items
}

fn kinds(w: &World) -> Vec<FindingKind> {
    all(w).into_iter().map(|finding| finding.kind).collect()
}

fn address(w: &World, member: MemberId, email: &str) {
    let edit = MemberEdit { emails: Some(vec![email.to_owned()]), ..MemberEdit::new(member) };
    w.session(member).revise_member(edit).unwrap();
}

fn settle(w: &World, by: MemberId, finding: FindingId) -> Finding {
    w.session(by).resolve_finding(FindingResolution { finding, note: "Sisters.".into() }).unwrap()
}

/// The team must bring two districts together, and does.
fn of_two_districts() -> World {
    let w = World::new();
    let rule = FormationRule { min_distinct_districts: 2, ..FormationRule::default() };
    w.session(w.lea).revise_team(TeamEdit { formation: Some(rule), ..TeamEdit::new(w.team) }).unwrap();
    assert_eq!(kinds(&w), []);
    w
}

#[test]
fn the_same_address_is_noticed_once_settled_and_noticed_again() {
    let w = World::new();
    address(&w, w.ana, "share@example.org");
    assert_eq!(all(&w), []);
    address(&w, w.ben, "Share@Example.org");
    let found = all(&w);
    assert_eq!(found.len(), 1);
    let finding = &found[0];
    assert_eq!((&finding.kind, finding.state), (&FindingKind::DuplicateEmail, FindingState::Open));
    assert_eq!(finding.about, [w.ana.into(), w.ben.into()].into());
    assert!(
        !finding.detail.contains("example") && !finding.detail.contains("Ana"),
        "without names: {}",
        finding.detail
    );
    // Once, whoever notices it.
    address(&w, w.ana, "share@example.org");
    w.session(w.stan).inspect(Inspection {}).unwrap();
    w.session(w.conny).inspect(Inspection {}).unwrap();
    assert_eq!(all(&w), found);
    let settled = settle(&w, w.stan, finding.id);
    assert_eq!(settled.state, FindingState::Resolved);
    let resolution = settled.resolution.clone().unwrap();
    assert_eq!((resolution.by, resolution.note.as_str()), (Some(w.stan), "Sisters."));
    // It still holds: who looks again, notices again, and nothing is lost of what was said.
    w.session(w.stan).inspect(Inspection {}).unwrap();
    let again = all(&w);
    assert_eq!((again.len(), again[0].id, again[0].state), (1, finding.id, FindingState::Open));
    assert_eq!((again[0].facts.len(), again[0].resolution.clone()), (3, Some(resolution)));
    settle(&w, w.olga, finding.id);
    address(&w, w.ben, "ben@example.org");
    w.session(w.stan).inspect(Inspection {}).unwrap();
    assert_eq!(all(&w)[0].state, FindingState::Resolved, "what holds no longer is not raised");
    w.log_amounts_to_the_rows();
}

#[test]
fn a_new_member_with_a_known_address_is_noticed() {
    let w = World::new();
    address(&w, w.ana, "share@example.org");
    let mia = w.cop.steward().add_member(NewMember::new("Mia", "Test").with_email("share@example.org")).unwrap().id;
    let pair = |found: &Finding| found.about == [w.ana.into(), mia.into()].into();
    assert!(all(&w).iter().any(pair));
    let open = FindingFilter::new().with_state(FindingState::Open).with_kind(FindingKind::DuplicateEmail);
    let open = w.session(w.stan).findings(open.with_about(mia), PageRequest::default()).unwrap().items;
    assert_eq!(open.len(), 1);
    let three = w.cop.steward().add_member(NewMember::new("Tri", "Test").with_email("share@example.org")).unwrap().id;
    let about = FindingFilter::new().with_about(three);
    let found = w.cop.steward().findings(about, PageRequest::default()).unwrap().items;
    assert_eq!(found.len(), 2, "with each of the others");
}

#[test]
fn findings_are_for_those_who_facilitate_and_the_teams_leads() {
    let w = World::new();
    address(&w, w.ana, "share@example.org");
    address(&w, w.ben, "share@example.org");
    let edit =
        TeamEdit { formation: Some(FormationRule { min_members: 9, ..Default::default() }), ..TeamEdit::new(w.team) };
    w.session(w.conny).revise_team(edit).unwrap();
    let found = all(&w);
    let id = |kind: &FindingKind| found.iter().find(|finding| finding.kind == *kind).unwrap().id;
    let (people, team) = (id(&FindingKind::DuplicateEmail), id(&FindingKind::FormationRule));
    let note = |finding| FindingResolution { finding, note: "Seen.".into() };
    for (name, session) in w.everybody() {
        let expected = match name {
            "olga" | "stan" | "conny" | "host" => (true, true),
            "lea" => (false, true),
            _ => (false, false),
        };
        assert_eq!((session.finding(people).is_ok(), session.finding(team).is_ok()), expected, "{name}");
        let listed = session.findings(FindingFilter::new(), PageRequest::default()).unwrap().items.len();
        assert_eq!(listed, usize::from(expected.0) + usize::from(expected.1), "{name}: a list agrees");
        for (finding, sees) in [(people, expected.0), (team, expected.1)] {
            match sees {
                true => assert!(session.try_out(Op::ResolveFinding(note(finding))).is_ok(), "{name}"),
                false => {
                    let kind = if name == "guest" { NotPermitted } else { NotFound };
                    assert_eq!(w.refused(|| session.resolve_finding(note(finding))).kind(), kind, "{name}");
                }
            }
        }
        match name {
            "olga" | "stan" | "conny" | "host" => assert!(session.try_out(Op::Inspect(Inspection {})).is_ok()),
            _ => assert_eq!(w.refused(|| session.inspect(Inspection {})).kind(), NotPermitted, "{name}"),
        }
    }
    assert_eq!(settle(&w, w.lea, team).state, FindingState::Resolved);
    assert_eq!(
        w.wrong(|| w.session(w.stan).resolve_finding(note(team))),
        problems(Precondition, ["finding finding.resolved"])
    );
    let empty = FindingResolution { finding: people, note: " ".into() };
    assert_eq!(w.wrong(|| w.session(w.stan).resolve_finding(empty)), problems(InvalidInput, ["note text.empty"]));
    let long = FindingResolution { finding: people, note: "x".repeat(301) };
    assert_eq!(w.wrong(|| w.session(w.stan).resolve_finding(long)), problems(InvalidInput, ["note text.too_long"]));
}

#[test]
fn inspection_looks_over_people_and_teams() {
    let w = World::new();
    w.session(w.stan).inspect(Inspection {}).unwrap();
    assert_eq!(kinds(&w), [], "all is well");
    let end =
        EndOfAffiliation { member: w.ed, organization: w.south, role: "site_admin".into(), until: day("2021-09-10") };
    w.session(w.ed).end_affiliation(end).unwrap();
    let term = NewTeam::new("course", "C").with_term(day("2021-09-01"), day("2021-09-10"));
    let course = w.cop.steward().create_team(term).unwrap().id;
    w.cop.steward().add_membership(NewMembership::new(course, w.ben).with_role("lead")).unwrap();
    w.cop.steward().activate_team(course).unwrap();
    w.go_to("2021-09-10T12:00:00Z");
    w.session(w.stan).inspect(Inspection {}).unwrap();
    assert_eq!(kinds(&w), [], "the last day counts");
    w.go_to("2021-09-11T00:00:00Z");
    let before = w.cop.steward().member(w.ed).unwrap();
    w.session(w.stan).inspect(Inspection {}).unwrap();
    assert_eq!(kinds(&w), [FindingKind::NoAffiliation, FindingKind::TermOver]);
    assert_eq!(all(&w)[1].team, Some(course));
    assert_eq!(w.cop.steward().member(w.ed).unwrap(), before, "it repairs nothing");
    // Who takes part no longer is looked for no longer; who has always worked nowhere is no problem.
    settle(&w, w.stan, all(&w)[0].id);
    w.session(w.ed).end_member(w.ed).unwrap();
    w.session(w.stan).inspect(Inspection {}).unwrap();
    assert_eq!(all(&w)[0].state, FindingState::Resolved);
}

#[test]
fn inspection_notices_what_came_about_by_affiliations() {
    let w = of_two_districts();
    let end =
        EndOfAffiliation { member: w.ben, organization: w.south, role: "teacher".into(), until: day("2021-09-10") };
    w.session(w.ben).end_affiliation(end).unwrap();
    w.go_to("2021-09-11T00:00:00Z");
    assert_eq!(kinds(&w), [], "days pass unnoticed");
    w.session(w.conny).inspect(Inspection {}).unwrap();
    let found = all(&w);
    let detail = "min_distinct_districts: there are 1, 2 are needed";
    assert!(found.iter().any(|f| f.kind == FindingKind::FormationRule && f.detail == detail), "{found:?}");
}

#[test]
fn inspection_notices_a_lead_who_is_not_there() {
    let w = World::new();
    w.session(w.lea).pause_member(w.lea).unwrap();
    settle(&w, w.conny, all(&w)[0].id);
    w.session(w.conny).inspect(Inspection {}).unwrap();
    assert_eq!((kinds(&w), all(&w)[0].state), (vec![FindingKind::NoLead], FindingState::Open));
}

#[test]
fn a_finding_is_taken_back_with_what_it_was_raised_by() {
    let w = World::new();
    let undo = |member: MemberId| w.session(member).apply(Op::Undo(UndoOf::from(1)));
    address(&w, w.ana, "share@example.org");
    address(&w, w.ben, "share@example.org");
    let first = all(&w)[0].id;
    undo(w.ben).expect("who raised it need not see it");
    assert_eq!(all(&w), []);
    address(&w, w.ben, "share@example.org");
    let again = all(&w);
    assert_eq!((again[0].id, again[0].state), (first, FindingState::Open), "and is there again");
    w.log_amounts_to_the_rows();
    // Settling it can be taken back as well.
    settle(&w, w.stan, first);
    undo(w.stan).unwrap();
    assert_eq!((all(&w)[0].state, all(&w)[0].resolution.clone()), (FindingState::Open, None));
    undo(w.ben).unwrap();
    assert_eq!(all(&w), []);
    w.log_amounts_to_the_rows();
}

#[test]
fn a_finding_that_was_settled_holds_nothing_back() {
    let w = World::new();
    let edit =
        TeamEdit { formation: Some(FormationRule { min_members: 3, ..Default::default() }), ..TeamEdit::new(w.team) };
    w.session(w.conny).revise_team(edit).unwrap();
    let own = Membership::id_of(w.ben, w.team, 1);
    w.session(w.ben).end_membership(own).unwrap();
    let finding = all(&w)[0].id;
    settle(&w, w.lea, finding);
    let back = w.session(w.ben).apply(Op::Undo(UndoOf::from(1))).unwrap();
    assert_eq!(back.reference(), own.into(), "undo answers with what the operation was about");
    assert_eq!(w.session(w.ben).membership(own).unwrap().ended(), None);
    assert_eq!(all(&w)[0].state, FindingState::Resolved, "what was said of it stays said");
    // A lead takes back what they said.
    w.session(w.lea).apply(Op::Undo(UndoOf::from(1))).unwrap();
    assert_eq!(all(&w)[0].state, FindingState::Open);
    w.log_amounts_to_the_rows();
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_finding_is_open_while_it_was_raised_more_often_than_settled(
        (facts, shuffled) in proptest::collection::vec((any::<bool>(), 1..5u32), 0..10).prop_flat_map(|all| {
            use cop_core::FindingFact::{Raised, Resolved};
            let facts: Vec<_> = all.into_iter().map(|(raised, n)| if raised { Raised(n) } else { Resolved(n) }).collect();
            let twice: Vec<_> = facts.iter().chain(&facts).cloned().collect();
            (Just(facts), Just(twice).prop_shuffle())
        }),
    ) {
        use cop_core::FindingFact::{Raised, Resolved};
        let raised = facts.iter().filter_map(|f| if let Raised(n) = f { Some(*n) } else { None }).max().unwrap_or(0);
        let settled = facts.iter().filter_map(|f| if let Resolved(n) = f { Some(*n) } else { None }).max().unwrap_or(0);
        let expected = if raised > settled { FindingState::Open } else { FindingState::Resolved };
        prop_assert_eq!(FindingState::of(&facts.into_iter().collect()), expected);
        prop_assert_eq!(FindingState::of(&shuffled.into_iter().collect()), expected);
    }
}

#[test]
fn a_team_that_loses_one_it_needs_is_noticed() {
    let w = of_two_districts();
    let memberships = w.cop.steward().memberships(cop_core::MembershipFilter::new(), PageRequest::default()).unwrap();
    let ben = memberships.items.into_iter().find(|membership| membership.member == w.ben).unwrap().id;
    w.session(w.ben).end_membership(ben).unwrap();
    assert_eq!(kinds(&w), [FindingKind::FormationRule], "though he led nobody");
}

#[test]
fn an_undo_answers_with_what_the_operation_was_about() {
    let w = World::new();
    address(&w, w.ana, "share@example.org");
    address(&w, w.ben, "share@example.org");
    assert_eq!(all(&w).len(), 1);
    let back = w.session(w.ben).apply(Op::Undo(UndoOf::from(1))).unwrap();
    assert_eq!(back.reference(), w.ben.into(), "not with the finding that went as well");
}
