//! What is set up before people come: one in every role, a tree of organizations, teams, one record of every kind.

use chrono::{Days, NaiveDate};
use cop_core::{
    AffiliationOf, Application, ConsentOf, Convening, ConveningRef, Cycle, CycleRef, FormationRule, GrantOf,
    Inspection, InvitationTo, Measure, MemberId, MemberRef, Membership, MembershipShowing, Mentorship, MentorshipRef,
    MergeOf, NewAffiliation, NewConvening, NewCycle, NewEntry, NewFramework, NewGoal, NewMeasure, NewMember,
    NewMembership, NewMentorship, NewObservation, NewOrganization, NewPrediction, NewResource, NewStory, NewTeam,
    NewWalkIn, OnboardingStep, Op, OrganizationEdit, OrganizationId, Period, PoliciesEdit, RecordKind, Resource, Story,
    TeamEdit, TeamId, TeamRef,
};

use super::start;
use crate::access::Who;
use crate::model::Model;

/// A part of the beginning: who does what.
pub type Opening = fn(&Model) -> Vec<(Who, Op)>;

/// What is done in the beginning, part by part: each knows what the parts before it have made.
pub const OPENINGS: &[Opening] = &[names, places, work, words];

/// The people of the opening, in the order in which they are made.
const PEOPLE: [(&str, &str); 10] = [
    ("Olga", "owner"),
    ("Stan", "steward"),
    ("Conny", "convener"),
    ("Lea", "member"),
    ("Ana", "member"),
    ("Ben", "member"),
    ("Obi", "observer"),
    ("Ed", "member"),
    ("Fay", "member"),
    ("Anna", "member"),
];

/// Somebody of the opening.
fn person(model: &Model, name: &str) -> MemberId {
    let at = PEOPLE.iter().position(|(given, _)| *given == name).expect("one of the people");
    MemberId::new(model.ids(RecordKind::Member)[at])
}

fn team(model: &Model) -> TeamId {
    TeamId::new(model.ids(RecordKind::Team)[0])
}

fn by_host(ops: Vec<Op>) -> Vec<(Who, Op)> {
    ops.into_iter().map(|op| (Who::Host, op)).collect()
}

fn names(_: &Model) -> Vec<(Who, Op)> {
    let cds = |kind: &str, name: &str, cds: &str| Op::AddOrganization(NewOrganization::new(kind, name).with_cds(cds));
    let mut ops = vec![
        cds("county_office", "County", "01000000000000"),
        cds("district", "District", "01611190000000"),
        cds("school", "School", "01611190130229"),
        Op::AddOrganization(NewOrganization::new("university", "University")),
    ];
    for (name, role) in PEOPLE {
        // Ed and Fay share an address, which is a finding.
        let mailbox = if name == "Ed" { "fay".to_owned() } else { name.to_lowercase() };
        let email = format!("{mailbox}@example.org");
        ops.push(Op::AddMember(NewMember::new(name, "Test").with_role(role).with_email(email)));
    }
    ops.push(Op::CreateTeam(NewTeam::new("project", "Fractions")));
    ops.push(Op::CreateTeam(NewTeam::new("site", "Open door").with_admission("open")));
    ops.push(Op::CreateTeam(NewTeam::new("project", "On request").with_admission("request")));
    ops.push(Op::CreateTeam(NewTeam::new("project", "By application").with_question("Why?")));
    // Rita has asked to take part; nobody has answered yet.
    ops.push(Op::RequestParticipation(NewMember::new("Rita", "Test").with_email("rita@example.org")));
    by_host(ops)
}

fn places(model: &Model) -> Vec<(Who, Op)> {
    let organizations = model.ids(RecordKind::Organization);
    let (person, team) = (|name: &str| person(model, name), team(model));
    let at = |name: &str, organization: usize| {
        let affiliation = NewAffiliation::new(OrganizationId::new(organizations[organization]), "teacher");
        Op::AddAffiliation(AffiliationOf { member: person(name), affiliation })
    };
    let below = |child: usize, parent: usize| {
        let mut edit = OrganizationEdit::new(OrganizationId::new(organizations[child]));
        edit.parent = Some(OrganizationId::new(organizations[parent]));
        Op::ReviseOrganization(edit)
    };
    let given = |name: &str, title: &str, visibility: &str| {
        let mut new = NewResource::new("task", title).with_team(team).with_body("Fold a strip.").published();
        (new.owner, new.visibility) = (Some(person(name)), Some(visibility.to_owned()));
        Op::AddResource(new)
    };
    let joined = |name: &str, role: &str| Op::AddMembership(NewMembership::new(team, person(name)).with_role(role));
    let mut crowded = TeamEdit::new(team);
    crowded.formation = Some(FormationRule { min_members: 9, ..FormationRule::default() });
    by_host(vec![
        Op::SetPolicies(PoliciesEdit {
            onboarding: Some(vec![OnboardingStep {
                code: "orientation".into(),
                label: "Orientation".into(),
                required: false,
            }]),
            ..PoliciesEdit::new()
        }),
        Op::RecordFramework(NewFramework {
            identifier: "f-1".into(),
            title: "Standards".into(),
            ..NewFramework::default()
        }),
        given("Lea", "For all", "public"),
        given("Ana", "For us", "community"),
        given("Ana", "For the team", &format!("team:{team}")),
        given("Ben", "For the county", &format!("organization:{}", organizations[0])),
        given("Ed", "For nobody", "private"),
        below(1, 0),
        below(2, 1),
        at("Ana", 2),
        at("Ben", 1),
        at("Ed", 2),
        joined("Lea", "lead"),
        joined("Ana", "member"),
        joined("Ed", "member"),
        joined("Fay", "facilitator"),
        Op::ActivateTeam(TeamRef { team }),
        // They are too few now, which is a finding for those who lead the team.
        Op::ReviseTeam(crowded),
        Op::EndMember(MemberRef { member: person("Ed") }),
        // Anna is Ana, who signs in under both.
        Op::MergeMembers(MergeOf { member: person("Anna"), duplicate: person("Ana") }),
    ])
}

/// Work of a team, by those who are in it.
fn work(model: &Model) -> Vec<(Who, Op)> {
    let (person, team) = (|name: &str| person(model, name), team(model));
    let by = |name: &str| Who::Member(person(name));
    let day = start().date_naive();
    let convening = |title: &str, days: u64, hours: (u32, u32)| {
        let time = |hour| (day + Days::new(days)).and_hms_opt(hour, 0, 0).expect("a time of day");
        let new = NewConvening::new("workshop", title, time(hours.0), time(hours.1), "UTC");
        Op::PlanConvening(new.with_team(team).online("https://example.org/join"))
    };
    let shown = model.memberships_where(|m| m.member == person("Ana"));
    let teams = model.ids(RecordKind::Team);
    let mut ops = vec![
        (by("Stan"), Op::AddMember(NewMember::new("Ivo", "Test"))),
        (by("Ben"), Op::RequestToJoin(TeamRef { team: TeamId::new(teams[2]) })),
        (by("Lea"), Op::InviteToTeam(NewMembership::new(team, person("Ben")))),
        (by("Ana"), Op::AddResource(NewResource::new("task", "To be reviewed").with_team(team).with_body("Fold."))),
        (by("Conny"), Op::Inspect(Inspection {})),
        (by("Lea"), Op::AddGoal(NewGoal::new("problem", "Fractions are hard").with_team(team))),
        (by("Conny"), Op::AddGoal(NewGoal::new("goal", "Everybody learns"))),
        (by("Lea"), Op::DefineMeasure(NewMeasure::new(team, "Explained", "Students who explain.", "proportion"))),
        (by("Lea"), convening("Begun", 0, (0, 23))),
        (by("Fay"), convening("To come", 30, (20, 22))),
        (by("Ana"), Op::TellStory(NewStory::new("value_creation", "Strips", "We folded strips.").with_team(team))),
        (by("Ben"), Op::TellStory(NewStory::new("testimonial", "Quiet", "It helped.").anonymous())),
        (by("Lea"), Op::ProposeMentorship(NewMentorship::new("coaching", person("Lea"), person("Ana")))),
    ];
    let tie = NewMentorship { team: Some(team), ..NewMentorship::new("advice", person("Ana"), person("Fay")) };
    ops.push((by("Ana"), Op::ProposeMentorship(tie)));
    let application = Application { team: TeamId::new(teams[3]), answers: vec!["To learn.".to_owned()] };
    ops.push((by("Ben"), Op::ApplyToTeam(application)));
    let mut cycle = NewCycle::new(team, "custom", "Folding").starting(day).with_participant(person("Ana"));
    cycle.phases = vec!["try".to_owned(), "look".to_owned()];
    ops.push((by("Lea"), Op::StartCycle(cycle)));
    let show = |m: &Membership| Op::ShowMembership(MembershipShowing { membership: m.id, public: true });
    ops.extend(shown.first().map(|membership| (by("Ana"), show(membership))));
    ops
}

/// What is said about that work, and who was there.
fn words(model: &Model) -> Vec<(Who, Op)> {
    let (person, team) = (|name: &str| person(model, name), team(model));
    let by = |name: &str| Who::Member(person(name));
    let mut ops = vec![
        (by("Ana"), Op::AddEntry(NewEntry::new(team, "note", "We meet on Mondays."))),
        (by("Ana"), Op::AddEntry(NewEntry::new(team, "reflection", "I am tired.").private())),
    ];
    for measure in model.all::<Measure>(|_| true) {
        let first = NaiveDate::from_ymd_opt(2020, 6, 1).unwrap_or_default();
        let period = Period { starts_on: first, ends_on: first + Days::new(6) };
        ops.push((by("Lea"), Op::RecordObservation(NewObservation::new(measure.id, period).with_ratio(12.0, 20.0))));
    }
    for cycle in model.all::<Cycle>(|_| true) {
        let (question, predicted) = ("Will they explain?".to_owned(), "Two of three.".to_owned());
        ops.push((by("Ana"), Op::Predict(NewPrediction { cycle: cycle.id, question, predicted })));
        ops.push((by("Ana"), Op::AddEntry(NewEntry::new(cycle.id, "note", "We tried it."))));
        ops.push((by("Lea"), Op::AdvanceCycle(CycleRef { cycle: cycle.id })));
    }
    for convening in model.all::<Convening>(|_| true) {
        ops.push((by("Lea"), Op::ScheduleConvening(ConveningRef { convening: convening.id })));
        let invitation = InvitationTo { convening: convening.id, member: person("Ana"), role: None };
        ops.push((by("Lea"), Op::InviteToConvening(invitation)));
    }
    if let Some(begun) = model.all::<Convening>(|convening| convening.title == "Begun").first() {
        ops.push((by("Lea"), Op::AddWalkIn(NewWalkIn::new(begun.id, "Wanda").with_email("w@example.org"))));
    }
    for story in model.all::<Story>(|story| story.teller.is_some()) {
        let consent = ConsentOf { story: story.id, scope: "community".into(), attribution: Some("name".into()) };
        ops.push((by("Ana"), Op::GrantConsent(consent)));
    }
    // Everybody sees that Ben is in, but not what he wrote.
    for applied in model.memberships_where(|membership| !membership.answers.is_empty()) {
        ops.push((by("Conny"), Op::ApproveMembership(applied.id.into())));
        ops.push((by("Ben"), Op::ShowMembership(MembershipShowing { membership: applied.id, public: true })));
    }
    for tie in model.all::<Mentorship>(|tie| tie.mentee == person("Ana")) {
        ops.push((by("Ana"), Op::AcceptMentorship(MentorshipRef { mentorship: tie.id })));
        ops.push((by("Lea"), Op::AddEntry(NewEntry::new(tie.id, "note", "Observe one lesson."))));
    }
    for resource in model.all::<Resource>(|resource| resource.title == "To be reviewed") {
        ops.push((by("Ana"), Op::SubmitResource(resource.id.into())));
    }
    for resource in model.all::<Resource>(|resource| resource.title == "For nobody") {
        let grantee = format!("member:{}", person("Ben"));
        ops.push((Who::Host, Op::GrantAccess(GrantOf { resource: resource.id, grantee })));
    }
    ops
}
