//! Mentorships: proposed by the one, lived once the other accepts, over for good.

use std::collections::BTreeSet;

use cop_core::ErrorKind::{InvalidInput, NotFound, NotPermitted, Precondition};
use cop_core::{
    ErrorKind, MemberId, Mentorship, MentorshipEdit, MentorshipFact, MentorshipFilter, MentorshipId, MentorshipState,
    MergeOf, NewMember, NewMembership, NewMentorship, NewTeam, PageRequest, Result, TeamId,
};
use uuid::Uuid;

use crate::world::{World, day};

/// Lea mentors Ana.
fn lea_and_ana(w: &World) -> NewMentorship {
    NewMentorship::new("mentoring", w.lea, w.ana)
}

fn propose(w: &World, by: MemberId, new: NewMentorship) -> Result<Mentorship> {
    w.session(by).propose_mentorship(new)
}

fn problems<const N: usize>(kind: ErrorKind, problems: [&str; N]) -> (ErrorKind, Vec<String>) {
    (kind, problems.map(str::to_owned).to_vec())
}

#[test]
fn a_mentorship_is_what_its_facts_amount_to() {
    use MentorshipFact::{Accepted, Ended, Proposed};
    let cases: [(&[MentorshipFact], MentorshipState); 8] = [
        (&[], MentorshipState::Proposed),
        (&[Proposed], MentorshipState::Proposed),
        (&[Accepted], MentorshipState::Active),
        (&[Ended], MentorshipState::Ended),
        (&[Accepted, Proposed], MentorshipState::Active),
        (&[Ended, Proposed], MentorshipState::Ended),
        (&[Ended, Accepted], MentorshipState::Ended),
        (&[Ended, Accepted, Proposed], MentorshipState::Ended),
    ];
    for (facts, state) in cases {
        let forth: BTreeSet<_> = facts.iter().copied().collect();
        let back: BTreeSet<_> = facts.iter().rev().chain(facts).copied().collect();
        assert_eq!(MentorshipState::of(&forth), state, "{facts:?}");
        assert_eq!(MentorshipState::of(&back), state, "{facts:?}, the other way round and twice");
    }
}

#[test]
fn one_proposes_and_the_other_accepts() {
    for by_mentor in [true, false] {
        let w = World::new();
        let (proposes, accepts) = if by_mentor { (w.lea, w.ana) } else { (w.ana, w.lea) };
        let proposed = propose(&w, proposes, lea_and_ana(&w)).unwrap();
        assert_eq!(
            (proposed.state, proposed.proposed_by, proposed.accepts()),
            (MentorshipState::Proposed, proposes, accepts)
        );
        assert_eq!(w.refused(|| w.session(proposes).accept_mentorship(proposed.id)).kind(), NotPermitted);
        let active = w.session(accepts).accept_mentorship(proposed.id).unwrap();
        assert_eq!(active.state, MentorshipState::Active);
        assert_eq!(active.facts, [MentorshipFact::Proposed, MentorshipFact::Accepted].into());
        assert_eq!(
            w.session(accepts).accept_mentorship(proposed.id).unwrap().revision,
            active.revision,
            "once is enough"
        );
    }
}

#[test]
fn who_facilitates_proposes_for_the_mentor() {
    let w = World::new();
    let host = w.cop.steward();
    for session in [w.session(w.conny), w.session(w.stan), w.session(w.olga), host.clone()] {
        let proposed = session.propose_mentorship(lea_and_ana(&w)).unwrap();
        assert_eq!((proposed.proposed_by, proposed.accepts()), (w.lea, w.ana));
        assert_eq!(proposed.created_by, session.member_id());
        assert_eq!(w.refused(|| w.session(w.lea).accept_mentorship(proposed.id)).kind(), NotPermitted);
        if session.member_id().is_some() {
            assert_eq!(w.refused(|| session.accept_mentorship(proposed.id)).kind(), NotPermitted, "nor for the mentee");
        }
        session.end_mentorship(proposed.id).unwrap();
    }
    // What exists already, the host records whole.
    let proposed = host.propose_mentorship(lea_and_ana(&w)).unwrap().id;
    assert_eq!(host.accept_mentorship(proposed).unwrap().state, MentorshipState::Active);
    // A convener who is the mentee acts for herself.
    let own = propose(&w, w.conny, NewMentorship::new("coaching", w.lea, w.conny)).unwrap();
    assert_eq!((own.proposed_by, own.accepts()), (w.conny, w.lea));
}

#[test]
fn others_do_not_propose() {
    let w = World::new();
    for third in [w.ben, w.ed] {
        assert_eq!(w.refused(|| propose(&w, third, lea_and_ana(&w))).kind(), NotPermitted);
    }
    // Who sees no members cannot name them.
    assert_eq!(w.refused(|| propose(&w, w.obi, lea_and_ana(&w))).kind(), NotFound);
    let nobody = MemberId::new(Uuid::from_u128(1));
    assert_eq!(w.refused(|| propose(&w, w.lea, NewMentorship::new("advice", w.lea, nobody))).kind(), NotFound);
    assert_eq!(w.refused(|| propose(&w, w.lea, NewMentorship::new("advice", nobody, w.lea))).kind(), NotFound);
    // Who is not signed in writes nothing.
    assert_eq!(w.refused(|| w.cop.as_guest().propose_mentorship(lea_and_ana(&w))).kind(), NotPermitted);
}

#[test]
fn everything_wrong_with_a_proposal_is_said_at_once() {
    let w = World::new();
    let bad = NewMentorship {
        kind: "no code".to_owned(),
        goals: "x".repeat(200_001),
        since: Some(day("2300-01-01")),
        until: Some(day("2021-09-01")),
        ..NewMentorship::new("", w.lea, w.lea)
    };
    let expected = problems(
        InvalidInput,
        [
            "kind code.format",
            "goals text.too_long",
            "since date.range",
            "until date.order",
            "mentee mentorship.same_person",
        ],
    );
    assert_eq!(w.wrong(|| propose(&w, w.lea, bad)), expected);
    let day_long = NewMentorship { since: Some(day("2021-09-01")), until: Some(day("2021-09-01")), ..lea_and_ana(&w) };
    assert_eq!(propose(&w, w.lea, day_long).unwrap().until, Some(day("2021-09-01")));
}

#[test]
fn two_records_of_one_person_are_nobodys_mentor() {
    let w = World::new();
    let twin = w.cop.steward().add_member(NewMember::new("Lea", "Twin")).unwrap().id;
    w.session(w.stan).merge_members(MergeOf { member: w.lea, duplicate: twin }).unwrap();
    let refused = w.wrong(|| propose(&w, w.lea, NewMentorship::new("advice", w.lea, twin)));
    assert_eq!(refused, problems(InvalidInput, ["mentee mentorship.same_person"]));
    // Under either record it is the same tie, and either session can accept.
    let proposed = propose(&w, w.ana, NewMentorship::new("advice", twin, w.ana)).unwrap();
    assert_eq!(proposed.mentor, w.lea);
    let again = w.wrong(|| propose(&w, w.ana, NewMentorship::new("advice", w.lea, w.ana)));
    assert_eq!(again, problems(Precondition, ["mentee mentorship.exists"]));
    assert_eq!(w.session(twin).accept_mentorship(proposed.id).unwrap().state, MentorshipState::Active);
}

#[test]
fn a_tie_made_before_a_merge_is_the_persons_after_it() {
    let w = World::new();
    let twin = w.cop.steward().add_member(NewMember::new("Lea", "Twin")).unwrap().id;
    let proposed = propose(&w, w.ana, NewMentorship::new("advice", twin, w.ana)).unwrap();
    w.session(w.stan).merge_members(MergeOf { member: w.lea, duplicate: twin }).unwrap();
    let again = w.wrong(|| propose(&w, w.ana, NewMentorship::new("advice", w.lea, w.ana)));
    assert_eq!(again, problems(Precondition, ["mentee mentorship.exists"]));
    assert_eq!(w.session(w.lea).accept_mentorship(proposed.id).unwrap().state, MentorshipState::Active);
}

#[test]
fn both_take_part() {
    let w = World::new();
    let host = w.cop.steward();
    let ina = w.session(w.stan).add_member(NewMember::new("Ina", "Invited")).unwrap().id;
    let refused = w.wrong(|| host.propose_mentorship(NewMentorship::new("advice", ina, w.ana)));
    assert_eq!(refused, problems(Precondition, ["mentor member.not_active"]));
    let proposed = propose(&w, w.lea, lea_and_ana(&w)).unwrap().id;
    w.session(w.lea).pause_member(w.lea).unwrap();
    let refused = w.wrong(|| w.session(w.ana).accept_mentorship(proposed));
    assert_eq!(refused, problems(Precondition, ["mentor member.not_active"]), "also when it is accepted");
    w.session(w.ana).pause_member(w.ana).unwrap();
    let both = w.wrong(|| host.accept_mentorship(proposed));
    assert_eq!(both, problems(Precondition, ["mentor member.not_active", "mentee member.not_active"]));
    let both = w.wrong(|| host.propose_mentorship(NewMentorship::new("advice", w.lea, w.ana)));
    assert_eq!(both, problems(Precondition, ["mentor member.not_active", "mentee member.not_active"]));
}

#[test]
fn in_a_team_it_is_between_two_of_its_members() {
    let w = World::new();
    let host = w.cop.steward();
    let within = |team: TeamId, new: NewMentorship| NewMentorship { team: Some(team), ..new };
    assert_eq!(propose(&w, w.lea, within(w.team, lea_and_ana(&w))).unwrap().team, Some(w.team));
    let outside = w.wrong(|| propose(&w, w.lea, within(w.team, NewMentorship::new("advice", w.lea, w.ed))));
    assert_eq!(outside, problems(Precondition, ["mentee mentorship.not_in_team"]));
    let outside = w.wrong(|| host.propose_mentorship(within(w.team, NewMentorship::new("advice", w.stan, w.ed))));
    assert_eq!(outside, problems(Precondition, ["mentor mentorship.not_in_team", "mentee mentorship.not_in_team"]));
    // Who is only invited is not in it yet.
    w.session(w.lea).invite_to_team(NewMembership::new(w.team, w.ed)).unwrap();
    let invited = w.wrong(|| propose(&w, w.lea, within(w.team, NewMentorship::new("advice", w.lea, w.ed))));
    assert_eq!(invited, problems(Precondition, ["mentee mentorship.not_in_team"]));
    let missing = TeamId::new(Uuid::from_u128(1));
    assert_eq!(w.refused(|| propose(&w, w.lea, within(missing, lea_and_ana(&w)))).kind(), NotFound);
    let over = host.create_team(NewTeam::new("project", "Over")).unwrap().id;
    host.archive_team(over).unwrap();
    let refused = w.wrong(|| host.propose_mentorship(within(over, NewMentorship::new("advice", w.lea, w.ana))));
    let all = ["team team.archived", "mentor mentorship.not_in_team", "mentee mentorship.not_in_team"];
    assert_eq!(refused, problems(Precondition, all), "everything at once");
}

#[test]
fn one_tie_of_a_kind_at_a_time() {
    let w = World::new();
    let first = propose(&w, w.lea, lea_and_ana(&w)).unwrap().id;
    let again = |w: &World| w.wrong(|| propose(w, w.ana, lea_and_ana(w)));
    let exists = problems(Precondition, ["mentee mentorship.exists"]);
    assert_eq!(again(&w), exists, "proposed");
    w.session(w.ana).accept_mentorship(first).unwrap();
    assert_eq!(again(&w), exists, "active");
    propose(&w, w.lea, NewMentorship::new("coaching", w.lea, w.ana)).expect("of another kind");
    propose(&w, w.lea, NewMentorship::new("mentoring", w.ana, w.lea)).expect("the other way round");
    propose(&w, w.lea, NewMentorship::new("mentoring", w.lea, w.ben)).expect("with somebody else");
    w.session(w.ana).end_mentorship(first).unwrap();
    assert_ne!(propose(&w, w.ana, lea_and_ana(&w)).unwrap().id, first, "again, once it is over");
    // Leading together is the same both ways.
    propose(&w, w.lea, NewMentorship::new("co_leading", w.lea, w.ana)).unwrap();
    assert_eq!(w.wrong(|| propose(&w, w.ana, NewMentorship::new("co_leading", w.ana, w.lea))), exists);
}

#[test]
fn it_is_ended_by_either_of_the_two_or_who_facilitates_and_for_good() {
    for who in ["mentor", "mentee", "conny", "stan", "host", "lead"] {
        let w = World::new();
        let new = NewMentorship { team: Some(w.team), ..NewMentorship::new("mentoring", w.ana, w.ben) };
        let (mentor, mentee) = (w.ana, w.ben);
        let id = propose(&w, mentor, new).unwrap().id;
        w.session(mentee).accept_mentorship(id).unwrap();
        let session = match who {
            "mentor" => w.session(mentor),
            "mentee" => w.session(mentee),
            "conny" => w.session(w.conny),
            "stan" => w.session(w.stan),
            "host" => w.cop.steward(),
            _ => w.session(w.lea),
        };
        if who == "lead" {
            // The team's lead reads of it, and no more.
            assert_eq!(session.mentorship(id).unwrap().id, id);
            assert_eq!(w.refused(|| session.end_mentorship(id)).kind(), NotPermitted);
            assert_eq!(w.refused(|| w.session(w.ed).end_mentorship(id)).kind(), NotFound);
            continue;
        }
        let ended = session.end_mentorship(id).unwrap();
        assert_eq!(ended.state, MentorshipState::Ended, "{who}");
        assert_eq!(session.end_mentorship(id).unwrap().revision, ended.revision, "over is over");
        let over = problems(Precondition, ["mentorship mentorship.ended"]);
        assert_eq!(w.wrong(|| w.session(mentee).accept_mentorship(id)), over);
        assert_eq!(w.wrong(|| w.session(mentor).revise_mentorship(MentorshipEdit::new(id))), over);
    }
}

#[test]
fn a_proposal_is_declined_by_ending_it() {
    let w = World::new();
    let id = propose(&w, w.lea, lea_and_ana(&w)).unwrap().id;
    assert_eq!(w.session(w.ana).end_mentorship(id).unwrap().state, MentorshipState::Ended);
    assert_eq!(w.wrong(|| w.session(w.ana).accept_mentorship(id)).1, ["mentorship mentorship.ended"]);
}

#[test]
fn it_is_changed_by_the_two() {
    let w = World::new();
    let dated = NewMentorship { since: Some(day("2021-09-01")), ..lea_and_ana(&w) };
    let id = propose(&w, w.lea, NewMentorship { team: Some(w.team), ..dated }).unwrap().id;
    let goals = |text: &str| MentorshipEdit { goals: Some(text.to_owned()), ..MentorshipEdit::new(id) };
    for either in [w.lea, w.ana] {
        assert_eq!(w.session(either).revise_mentorship(goals("A question a week")).unwrap().goals, "A question a week");
    }
    for (other, kind) in [(w.conny, NotPermitted), (w.stan, NotPermitted), (w.ben, NotFound), (w.obi, NotFound)] {
        assert_eq!(w.refused(|| w.session(other).revise_mentorship(goals("x"))).kind(), kind);
    }
    let until = |text: &str| MentorshipEdit { until: Some(day(text)), ..MentorshipEdit::new(id) };
    let refused = w.wrong(|| w.session(w.ana).revise_mentorship(until("2021-08-31")));
    assert_eq!(refused, problems(InvalidInput, ["until date.order"]), "the first day stands from before");
    let changed = w.session(w.ana).revise_mentorship(until("2022-06-30")).unwrap();
    assert_eq!((changed.since, changed.until), (Some(day("2021-09-01")), Some(day("2022-06-30"))));
    let long = w.wrong(|| w.session(w.ana).revise_mentorship(goals(&"x".repeat(200_001))));
    assert_eq!(long, problems(InvalidInput, ["goals text.too_long"]));
    let missing = || w.session(w.ana).revise_mentorship(MentorshipEdit::new(MentorshipId::new(Uuid::nil())));
    assert_eq!(w.refused(missing).kind(), NotFound);
}

#[test]
fn the_two_their_lead_and_who_facilitates_read_of_it() {
    let w = World::new();
    let new = NewMentorship { team: Some(w.team), ..NewMentorship::new("mentoring", w.ana, w.ben) };
    let id = propose(&w, w.ana, new).unwrap().id;
    let other = propose(&w, w.ana, NewMentorship::new("advice", w.ana, w.ben)).unwrap().id;
    let cases = [
        (w.ana, true, true),
        (w.ben, true, true),
        (w.lea, true, false),
        (w.stan, true, true),
        (w.conny, true, true),
        (w.olga, true, true),
        (w.ed, false, false),
        (w.obi, false, false),
    ];
    for (member, in_team, outside) in cases {
        let session = w.session(member);
        assert_eq!((session.mentorship(id).is_ok(), session.mentorship(other).is_ok()), (in_team, outside));
        let listed = session.mentorships(MentorshipFilter::new().with_mentor(w.ana), PageRequest::default()).unwrap();
        assert_eq!(listed.items.len(), usize::from(in_team) + usize::from(outside), "a list agrees");
    }
    assert!(w.cop.as_guest().mentorship(id).is_err());
}
