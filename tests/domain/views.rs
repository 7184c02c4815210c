//! Views: what somebody sees of what the records amount to, and of what they said before.

use cop_core::{
    AimStatement, AnyRecord, ChecklistItem, CommitmentOf, ConsentOf, ConveningRef, ErrorKind, FormationRule, GoalId,
    GoalLink, MembershipShowing, MergeOf, NewAffiliation, NewConvening, NewCycle, NewEntry, NewGoal, NewMeasure,
    NewMember, NewMembership, NewMentorship, NewResource, NewStory, NewTeam, PoliciesEdit, RecordKind, RecordRef,
    Resource, ResourceEdit, ResourceId, Session, StepOf, Story, TeamEdit, TeamRole, ValueFilter, Visibility,
};

use crate::world::{World, at};

fn task(title: &str) -> NewResource {
    NewResource::new("task", title).with_body("Fold a strip.")
}

fn shared(title: &str) -> NewResource {
    task(title).with_visibility(Visibility::Community).published()
}

fn as_resource(record: AnyRecord) -> Resource {
    match record {
        AnyRecord::Resource(resource) => resource,
        other => panic!("a {} in place of a resource", other.kind()),
    }
}

// What was.

#[test]
fn an_audit_says_in_words_who_did_what() {
    let world = World::new();
    let ana = world.session(world.ana);
    let made = ana.add_resource(task("Strips")).unwrap();
    ana.revise_resource(ResourceEdit { title: Some("Fraction strips".to_owned()), ..ResourceEdit::new(made.id) })
        .unwrap();
    world.session(world.stan).publish_resource(made.id).unwrap();
    let lines = ana.audit(made.id).unwrap();
    let words: Vec<(&str, Option<cop_core::MemberId>)> =
        lines.iter().map(|line| (line.words.as_str(), line.actor)).collect();
    let expected = [
        ("added the resource", Some(world.ana)),
        ("changed the resource: title", Some(world.ana)),
        ("published the resource: state", Some(world.stan)),
    ];
    assert_eq!(words, expected);
    assert_eq!(lines[1].fields, ["title"]);
    let history = ana.history(made.id).unwrap();
    assert_eq!(
        history.iter().map(|step| step.seq).collect::<Vec<_>>(),
        lines.iter().map(|line| line.seq).collect::<Vec<_>>()
    );
}

#[test]
fn the_past_is_for_those_who_may_change_the_record() {
    let world = World::new();
    let made = world.session(world.ana).add_resource(shared("Strips")).unwrap().id;
    let draft = world.session(world.ana).add_resource(task("Draft")).unwrap().id;
    let calls: [fn(&Session, ResourceId) -> cop_core::Result<()>; 3] = [
        |session, id| session.history(id).map(drop),
        |session, id| session.audit(id).map(drop),
        |session, id| session.record_as_of(id, at("2021-09-01T17:00:00Z")).map(drop),
    ];
    for call in calls {
        for member in [world.ana, world.stan, world.conny] {
            assert!(call(&world.session(member), made).is_ok());
        }
        for member in [world.ben, world.lea] {
            assert_eq!(world.refused(|| call(&world.session(member), made)).kind(), ErrorKind::NotPermitted);
            assert_eq!(world.refused(|| call(&world.session(member), draft)).kind(), ErrorKind::NotFound);
        }
        assert_eq!(world.refused(|| call(&world.cop.as_guest(), made)).kind(), ErrorKind::NotFound);
        let nothing = ResourceId::new(uuid::Uuid::from_u128(7));
        assert_eq!(world.refused(|| call(&world.cop.steward(), nothing)).kind(), ErrorKind::NotFound);
    }
}

#[test]
fn a_record_is_shown_as_it_was() {
    let world = World::new();
    world.go_to("2021-09-02T10:00:00Z");
    let ana = world.session(world.ana);
    let made = ana.add_resource(task("Strips").with_tag("fractions")).unwrap();
    world.go_to("2021-09-03T10:00:00Z");
    let edit = ResourceEdit { title: Some("Fraction strips".to_owned()), ..ResourceEdit::new(made.id) };
    let revised = ana.revise_resource(edit).unwrap();
    let then = |text: &str| ana.record_as_of(made.id, at(text)).map(as_resource);
    assert_eq!(world.refused(|| then("2021-09-02T09:59:59.999Z")).kind(), ErrorKind::NotFound);
    assert_eq!(then("2021-09-02T10:00:00Z").unwrap(), made);
    assert_eq!(then("2021-09-03T09:59:59.999Z").unwrap(), made);
    assert_eq!(then("2021-09-03T10:00:00Z").unwrap(), revised);
    assert_eq!(then("2031-01-01T00:00:00Z").unwrap(), ana.resource(made.id).unwrap());
    world.go_to("2021-09-04T10:00:00Z");
    ana.delete_resource(made.id).unwrap();
    assert_eq!(world.refused(|| then("2021-09-03T10:00:00Z")).kind(), ErrorKind::NotFound, "what is deleted is gone");
    world.go_to("2021-09-05T10:00:00Z");
    ana.undo(1).unwrap();
    assert_eq!(world.refused(|| then("2021-09-04T12:00:00Z")).kind(), ErrorKind::NotFound, "it was deleted then");
    assert_eq!(then("2021-09-05T10:00:00Z").unwrap().title, "Fraction strips");
}

#[test]
fn every_record_there_is_now_is_what_it_is_as_of_now() {
    let world = World::new();
    let host = world.cop.steward();
    let mut seen = 0;
    for change in world.cop.changes(0, 10_000).unwrap() {
        let record = RecordRef { kind: change.kind, id: change.id };
        assert_eq!(host.record_as_of(record, at("2021-09-02T00:00:00Z")).unwrap(), host.record(record).unwrap());
        seen += usize::from(change.kind == RecordKind::Team || change.kind == RecordKind::Membership);
    }
    assert!(seen >= 4, "teams and memberships too");
}

#[test]
fn undo_takes_the_last_of_ones_own_operations_back() {
    let world = World::new();
    let ana = world.session(world.ana);
    let made = ana.add_resource(task("Strips")).unwrap();
    ana.revise_resource(ResourceEdit { title: Some("Other".to_owned()), ..ResourceEdit::new(made.id) }).unwrap();
    assert_eq!(as_resource(ana.undo(1).unwrap()).title, "Strips");
    assert_eq!(ana.audit(made.id).unwrap().last().unwrap().words, "took an operation back: title");
    ana.undo(1).unwrap();
    assert_eq!(world.refused(|| ana.resource(made.id)).kind(), ErrorKind::NotFound);
    assert_eq!(world.wrong(|| ana.undo(0)), (ErrorKind::InvalidInput, vec!["operations undo.count".to_owned()]));
    assert_eq!(world.refused(|| world.cop.as_guest().undo(1)).kind(), ErrorKind::NotPermitted);
}

// The way in.

/// A regional team for the county's north, which Lea leads, and three who ask to take part.
fn with_requests(world: &World) -> [cop_core::MemberId; 3] {
    let host = world.cop.steward();
    let region = NewTeam::new("regional", "North").with_region("ccsesa", "3").with_organization(world.north);
    let region = host.create_team(region).unwrap();
    host.add_membership(NewMembership::new(region.id, world.lea).with_role("lead")).unwrap();
    let asks = |given: &str, place: Option<cop_core::OrganizationId>| {
        let mut new = NewMember::new(given, "Asks").with_email(format!("{given}@example.org"));
        new.affiliations.extend(place.map(|at| NewAffiliation::new(at, "teacher")));
        host.request_participation(new).unwrap().id
    };
    [asks("Nora", Some(world.north)), asks("Sol", Some(world.south)), asks("Una", None)]
}

#[test]
fn requests_are_shown_to_those_who_may_answer_them() {
    let world = World::new();
    let [nora, sol, una] = with_requests(&world);
    let open = |session: &Session| session.join_requests().unwrap().iter().map(|member| member.id).collect::<Vec<_>>();
    for member in [world.stan, world.olga] {
        assert_eq!(open(&world.session(member)), [nora, sol, una]);
    }
    assert_eq!(open(&world.cop.steward()), [nora, sol, una]);
    assert_eq!(open(&world.session(world.lea)), [nora]);
    for member in [world.conny, world.ana, world.obi, nora] {
        assert_eq!(open(&world.session(member)), [], "a convener or member answers no requests");
    }
    assert_eq!(open(&world.cop.as_guest()), []);
    // Whoever is shown a request can answer it; addresses are for stewards.
    assert!(world.session(world.lea).join_requests().unwrap()[0].emails.is_empty());
    assert_eq!(world.session(world.stan).join_requests().unwrap()[0].emails.len(), 1);
    world.session(world.lea).approve_member(nora).unwrap();
    world.session(world.stan).decline_member(una).unwrap();
    assert_eq!(open(&world.session(world.lea)), []);
    assert_eq!(open(&world.session(world.stan)), [sol]);
    world.session(una).ask_to_rejoin(una).unwrap();
    assert_eq!(open(&world.session(world.stan)), [sol, una]);
}

fn words(items: &[ChecklistItem]) -> Vec<String> {
    let number = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
    let done = |item: &ChecklistItem| if item.done { "x" } else { " " };
    let need = |item: &ChecklistItem| if item.required { "!" } else { "?" };
    items
        .iter()
        .map(|i| format!("[{}] {}{} {}/{}", done(i), i.code, need(i), number(i.found), number(i.needed)))
        .collect()
}

#[test]
fn a_newcomer_works_through_the_onboarding() {
    let world = World::new();
    let mut rules = PoliciesEdit::new().with_required_step("orientation", "Orientation").with_commitment();
    rules.onboarding.get_or_insert_default().push(cop_core::OnboardingStep {
        code: "survey".to_owned(),
        label: "Survey".to_owned(),
        required: false,
    });
    world.session(world.olga).set_policies(rules).unwrap();
    let new = NewMember::new("New", "Test").with_affiliation(NewAffiliation::new(world.north, "teacher"));
    let new = world.cop.steward().request_participation(new).unwrap().id;
    let me = world.session(new);
    let first = me.onboarding_checklist(new).unwrap();
    let expected = [
        "[ ] member.agreed! -/-",
        "[ ] onboarding.orientation! -/-",
        "[ ] onboarding.survey? -/-",
        "[ ] commitment.year! -/-",
        "[x] member.affiliation? -/-",
    ];
    assert_eq!((words(&first.items), first.ready), (expected.map(str::to_owned).to_vec(), false));
    assert_eq!(first.school_year, Some("2021-22".parse().unwrap()));
    assert!(me.activate_member(new).is_err());
    world.session(world.stan).approve_member(new).unwrap();
    me.complete_step(StepOf { member: new, step: "orientation".to_owned() }).unwrap();
    me.commit_to_year(CommitmentOf { member: new, school_year: "2020-21".to_owned() }).unwrap();
    assert!(!me.onboarding_checklist(new).unwrap().ready, "that was last year");
    me.commit_to_year(CommitmentOf { member: new, school_year: "2021-22".to_owned() }).unwrap();
    assert!(me.onboarding_checklist(new).unwrap().ready);
    me.activate_member(new).unwrap();
    assert!(world.session(world.ed).onboarding_checklist(new).unwrap().ready, "the member's record says all of it");
    let obi = world.session(world.obi);
    assert_eq!(world.refused(|| obi.onboarding_checklist(new)).kind(), ErrorKind::NotFound);
}

#[test]
fn a_team_is_launched_item_by_item() {
    let world = World::new();
    let mut rules = PoliciesEdit::new().with_required_step("orientation", "Orientation");
    rules.commitment_required = Some(true);
    world.session(world.olga).set_policies(rules).unwrap();
    let host = world.cop.steward();
    let rule =
        FormationRule { min_members: 2, min_distinct_roles: 2, min_distinct_districts: 2, ..FormationRule::default() };
    let team = host.create_team(NewTeam::new("cross_district", "Launch").with_formation(rule)).unwrap().id;
    let list = || host.launch_checklist(team).unwrap();
    let expected = [
        "[ ] team.lead! 0/1",
        "[ ] formation.members! 0/2",
        "[ ] formation.roles! 0/2",
        "[ ] formation.districts! 0/2",
        "[ ] team.term? -/-",
        "[ ] team.charter! -/-",
        "[ ] onboarding.orientation! 0/0",
        "[ ] convening.orientation! 0/1",
        "[ ] commitment.year! 0/0",
        "[ ] cycle.started! 0/1",
    ];
    assert_eq!((words(&list().items), list().ready), (expected.map(str::to_owned).to_vec(), false));
    host.add_membership(NewMembership::new(team, world.lea).with_role("lead")).unwrap();
    host.add_membership(NewMembership::new(team, world.ben)).unwrap();
    host.revise_team(TeamEdit { charter: Some("Number talks".to_owned()), ..TeamEdit::new(team) }).unwrap();
    for member in [world.lea, world.ben] {
        host.complete_step(StepOf { member, step: "orientation".to_owned() }).unwrap();
    }
    let year = "2021-22".to_owned();
    world.session(world.ben).commit_to_year(CommitmentOf { member: world.ben, school_year: year }).unwrap();
    let expected = [
        "[x] team.lead! 1/1",
        "[x] formation.members! 2/2",
        "[x] formation.roles! 2/2",
        "[x] formation.districts! 2/2",
        "[ ] team.term? -/-",
        "[x] team.charter! -/-",
        "[x] onboarding.orientation! 2/2",
        "[ ] convening.orientation! 0/1",
        "[ ] commitment.year! 1/2",
        "[ ] cycle.started! 0/1",
    ];
    assert_eq!((words(&list().items), list().ready), (expected.map(str::to_owned).to_vec(), false));
    for member in [world.lea, world.ben, world.conny, world.stan] {
        assert_eq!(world.session(member).launch_checklist(team).unwrap(), list());
    }
    for member in [world.ana, world.ed] {
        let session = world.session(member);
        assert_eq!(world.refused(|| session.launch_checklist(team)).kind(), ErrorKind::NotPermitted);
    }
    let obi = world.session(world.obi);
    assert_eq!(world.refused(|| obi.launch_checklist(team)).kind(), ErrorKind::NotFound);
}

#[test]
fn a_launched_team_has_met_for_an_orientation_and_begun_a_cycle() {
    let world = World::new();
    let host = world.cop.steward();
    let item = |code: &str| {
        let list = host.launch_checklist(world.team).unwrap();
        words(&list.items).into_iter().find(|words| words.contains(code)).unwrap()
    };
    let orientation = |title: &str, starts: &str, ends: &str| {
        let new = NewConvening::new(
            "orientation",
            title,
            starts.parse().unwrap(),
            ends.parse().unwrap(),
            "America/Los_Angeles",
        );
        let planned = host.plan_convening(new.online("https://meet.example.org/x")).unwrap();
        host.schedule_convening(planned.id).unwrap().id
    };
    world.go_to("2021-09-10T20:00:00Z");
    let last_year = orientation("Last year", "2021-06-01T09:00:00", "2021-06-01T10:00:00");
    host.hold_convening(ConveningRef { convening: last_year }).unwrap();
    assert_eq!(item("convening.orientation"), "[ ] convening.orientation! 0/1");
    let this_year = orientation("This year", "2021-09-09T09:00:00", "2021-09-09T10:00:00");
    assert_eq!(item("convening.orientation"), "[ ] convening.orientation! 0/1", "announced, not held");
    host.hold_convening(ConveningRef { convening: this_year }).unwrap();
    assert_eq!(item("convening.orientation"), "[x] convening.orientation! 1/1");
    assert_eq!(item("cycle.started"), "[ ] cycle.started! 0/1");
    world.session(world.lea).start_cycle(NewCycle::new(world.team, "pdsa", "First")).unwrap();
    assert_eq!(item("cycle.started"), "[x] cycle.started! 1/1");
}

// A member's page.

#[test]
fn a_page_shows_each_what_they_may_know() {
    let world = World::new();
    let ana = world.session(world.ana);
    let mut edit = cop_core::MemberEdit::new(world.ana);
    edit.emails = Some(vec!["ana@example.org".to_owned()]);
    ana.revise_member(edit).unwrap();
    ana.commit_to_year(CommitmentOf { member: world.ana, school_year: "2021-22".to_owned() }).unwrap();
    for (member, teams, emails, hours) in [
        (world.ana, 1, 1, true),
        (world.stan, 1, 1, true),
        (world.conny, 1, 1, true),
        (world.lea, 1, 0, false),
        (world.ben, 1, 0, false),
        (world.ed, 0, 0, false),
    ] {
        let page = world.session(member).member_page(world.ana).unwrap();
        assert_eq!((page.teams.len(), page.profile.emails.len(), page.hours.is_some()), (teams, emails, hours));
        assert_eq!((page.committed, page.school_year), (true, Some("2021-22".parse().unwrap())));
        assert_eq!(page.profile, world.session(member).member(world.ana).unwrap());
    }
    ana.show_membership(MembershipShowing {
        membership: ana.member_page(world.ana).unwrap().teams[0].membership,
        public: true,
    })
    .unwrap();
    let page = world.session(world.ed).member_page(world.ana).unwrap();
    assert_eq!((page.teams[0].team, page.teams[0].name.as_str()), (world.team, "Fractions"));
    assert_eq!(page.teams[0].roles, [TeamRole::Member].into());
    let obi = world.session(world.obi);
    assert_eq!(world.refused(|| obi.member_page(world.ana)).kind(), ErrorKind::NotFound);
    assert!(obi.member_page(world.obi).unwrap().hours.is_some());
    assert_eq!(world.refused(|| world.cop.as_guest().member_page(world.ana)).kind(), ErrorKind::NotFound);
    ana.end_membership(page.teams[0].membership).unwrap();
    assert!(ana.member_page(world.ana).unwrap().teams.is_empty(), "who has left is in the team no more");
}

#[test]
fn a_page_is_the_persons_whatever_record_one_asks_for() {
    let world = World::new();
    world.session(world.stan).merge_members(MergeOf { member: world.ana, duplicate: world.ed }).unwrap();
    let root = world.ana.min(world.ed);
    for asked in [world.ana, world.ed] {
        let page = world.session(world.lea).member_page(asked).unwrap();
        assert_eq!((page.profile.id, page.teams.len()), (root, 1));
    }
}

#[test]
fn a_page_has_the_cycles_stories_and_ties_that_one_may_see() {
    let world = World::new();
    let (ana, lea) = (world.session(world.ana), world.session(world.lea));
    let led = lea.start_cycle(NewCycle::new(world.team, "pdsa", "Lea's").with_participant(world.ana)).unwrap().id;
    let told = ana.tell_story(NewStory::new("testimonial", "Mine", "It helped.").with_team(world.team)).unwrap().id;
    let tie = lea.propose_mentorship(NewMentorship::new("coaching", world.lea, world.ana)).unwrap().id;
    let page = |viewer, of| world.session(viewer).member_page(of).unwrap();
    let cycles = |viewer, of| page(viewer, of).cycles.iter().map(|c| (c.cycle, c.leads)).collect::<Vec<_>>();
    assert_eq!(cycles(world.ana, world.ana), [(led, false)]);
    assert_eq!(cycles(world.ana, world.lea), [(led, true)]);
    assert_eq!(cycles(world.ed, world.lea), [], "the team's cycle is the team's");
    let ties = |viewer| page(viewer, world.ana).mentorships.iter().map(|tie| tie.id).collect::<Vec<_>>();
    assert_eq!((ties(world.lea), ties(world.stan), ties(world.ben)), (vec![tie], vec![tie], vec![]));
    let stories = |viewer| page(viewer, world.ana).stories.iter().map(|story: &Story| story.id).collect::<Vec<_>>();
    assert_eq!((stories(world.ana), stories(world.stan), stories(world.ben)), (vec![told], vec![], vec![]));
    let consent = |attribution: &str| ConsentOf {
        story: told,
        scope: "community".to_owned(),
        attribution: Some(attribution.to_owned()),
    };
    ana.grant_consent(consent("role")).unwrap();
    assert_eq!((stories(world.stan), stories(world.ben)), (vec![], vec![]), "a page would name the teller");
    ana.grant_consent(consent("name")).unwrap();
    assert_eq!((stories(world.stan), stories(world.ben)), (vec![told], vec![told]));
}

// The theory of improvement.

#[test]
fn a_driver_diagram_shows_the_visible_part_of_the_theory() {
    let world = World::new();
    let lea = world.session(world.lea);
    let own = |kind: &str, title: &str, parent: Option<GoalId>| {
        let new = NewGoal { parents: parent.into_iter().collect(), ..NewGoal::new(kind, title).with_team(world.team) };
        lea.add_goal(NewGoal { visibility: Some("community".to_owned()), ..new }).unwrap().id
    };
    let measure =
        lea.define_measure(NewMeasure::new(world.team, "Talkers", "Students who explain", "count")).unwrap().id;
    let problem = own("problem", "Talk", None);
    let statement = AimStatement { what: Some("Explain".to_owned()), ..AimStatement::default() };
    let mut aim =
        NewGoal::new("aim", "More talk").with_team(world.team).with_parent(problem).with_aim(statement.clone());
    aim.measures.push(measure);
    aim.visibility = Some("community".to_owned());
    let aim = lea.add_goal(aim).unwrap().id;
    let tasks = own("driver", "Tasks", Some(aim));
    let routines = own("driver", "Routines", Some(aim));
    let idea = own("change_idea", "Number talks", Some(tasks));
    lea.link_goal(GoalLink { goal: idea, parent: routines }).unwrap();
    let hidden = NewGoal::new("driver", "Hidden").with_team(world.team).with_parent(aim);
    let hidden = lea.add_goal(NewGoal { visibility: Some(format!("team:{}", world.team)), ..hidden }).unwrap().id;
    own("change_idea", "Below what is hidden", Some(hidden));
    let cycle = lea.start_cycle(NewCycle::new(world.team, "pdsa", "Two weeks").testing(idea)).unwrap().id;
    let diagram = lea.driver_diagram(aim).unwrap();
    assert_eq!((diagram.statement.clone(), diagram.measures[0].measure), (Some(statement), measure));
    let text = [
        "Aim: More talk",
        "  What: Explain",
        "  Measure (outcome): Talkers",
        "  Primary driver: Tasks",
        "    Change idea: Number talks",
        "      PDSA: Two weeks (plan)",
        "  Primary driver: Routines",
        "    Change idea: Number talks",
        "      PDSA: Two weeks (plan)",
        "  Primary driver: Hidden",
        "    Change idea: Below what is hidden",
    ];
    assert_eq!(diagram.to_text().lines().collect::<Vec<_>>(), text);
    assert_eq!(diagram.below[0].below[0].tests[0].cycle, cycle);
    let outside = world.session(world.ed).driver_diagram(aim).unwrap();
    let text = [
        "Aim: More talk",
        "  What: Explain",
        "  Primary driver: Tasks",
        "    Change idea: Number talks",
        "  Primary driver: Routines",
        "    Change idea: Number talks",
    ];
    assert_eq!(outside.to_text().lines().collect::<Vec<_>>(), text, "neither the team's measure nor its cycle");
    assert_eq!(outside.to_mermaid().lines().count(), 1 + 4 + 4, "one line for each node and edge");
    assert_eq!(
        world.wrong(|| lea.driver_diagram(tasks)),
        (ErrorKind::InvalidInput, vec!["aim goal.not_an_aim".to_owned()])
    );
    assert_eq!(world.refused(|| world.session(world.ed).driver_diagram(hidden)).kind(), ErrorKind::NotFound);
    assert_eq!(world.refused(|| world.cop.as_guest().driver_diagram(aim)).kind(), ErrorKind::NotFound);
}

// What is left of it.

#[test]
fn the_archive_has_what_was_held_and_may_be_seen() {
    let world = World::new();
    world.go_to("2021-12-01T16:00:00Z");
    let host = world.cop.steward();
    let hold = |new: NewConvening| {
        let planned = host.plan_convening(new.online("https://meet.example.org/x")).unwrap();
        host.schedule_convening(planned.id).unwrap();
        host.hold_convening(planned.id).unwrap().id
    };
    let new = |title: &str, on: &str| {
        let (starts, ends) = (format!("{on}T15:00:00"), format!("{on}T16:00:00"));
        NewConvening::new("convening", title, starts.parse().unwrap(), ends.parse().unwrap(), "America/Los_Angeles")
    };
    let fall = hold(new("Fall", "2021-09-14"));
    let spring = hold(new("Spring", "2021-05-04"));
    let of_team = hold(new("Team", "2021-10-05").with_team(world.team));
    host.plan_convening(new("Winter", "2022-01-11")).unwrap();
    let video = |title: &str| NewResource::new("video", title).with_link("https://video.example.org/1");
    let public = |new: NewResource| host.add_resource(new.with_visibility(Visibility::Public).published()).unwrap().id;
    let recording = public(video("Recording").from_convening(fall));
    let slides = public(video("Team's slides").from_convening(of_team).with_school_year("2021-22"));
    let old = public(video("Before all this").with_school_year("2016-17"));
    host.add_resource(video("Draft").from_convening(fall)).unwrap();
    let shown = |session: &Session| -> Vec<(String, Vec<String>, Vec<ResourceId>)> {
        let years = session.session_archive().unwrap();
        let titles = |year: &cop_core::ArchiveYear| year.convenings.iter().map(|c| c.title.clone()).collect();
        years
            .iter()
            .map(|y| (y.school_year.to_string(), titles(y), y.resources.iter().map(|r| r.resource).collect()))
            .collect()
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let expected = [
        ("2021-22".to_owned(), words(&["Fall", "Team"]), vec![]),
        ("2020-21".to_owned(), words(&["Spring"]), vec![]),
        ("2016-17".to_owned(), vec![], vec![old]),
    ];
    assert_eq!(shown(&world.session(world.ana)), expected);
    let years = world.session(world.ana).session_archive().unwrap();
    assert_eq!(years[0].convenings[0].convening, fall);
    assert_eq!(years[0].convenings[0].resources.iter().map(|r| r.resource).collect::<Vec<_>>(), [recording]);
    assert_eq!(years[1].convenings[0].convening, spring);
    // What comes from a convening that one may not see is found by its year.
    assert_eq!(shown(&world.session(world.ed))[0], ("2021-22".to_owned(), words(&["Fall"]), vec![slides]));
    let guest = [("2021-22".to_owned(), vec![], vec![slides]), ("2016-17".to_owned(), vec![], vec![old])];
    assert_eq!(shown(&world.cop.as_guest()), guest);
}

#[test]
fn the_matrix_counts_the_stories_that_one_may_read() {
    let world = World::new();
    let tell = |member, new: NewStory| world.session(member).tell_story(new).unwrap().id;
    let of_team =
        tell(world.ana, NewStory::new("value_creation", "A", "a").with_team(world.team).with_worth("applied"));
    let own = tell(world.ed, NewStory::new("testimonial", "B", "b").with_worth("applied").with_worth("trust"));
    let consent = ConsentOf { story: of_team, scope: "community".to_owned(), attribution: None };
    world.session(world.ana).grant_consent(consent).unwrap();
    let matrix = |member| world.session(member).value_matrix(ValueFilter::new()).unwrap();
    let applied =
        |member| matrix(member).values.iter().find(|cell| cell.value.code() == "applied").unwrap().ids.clone();
    assert_eq!((applied(world.stan), applied(world.ben)), (vec![of_team, own], vec![of_team]));
    assert_eq!(applied(world.ed), [of_team, own]);
    assert_eq!(
        (matrix(world.stan).values.len(), matrix(world.ben).values.len()),
        (6, 5),
        "a hidden story's code is hidden"
    );
    assert_eq!(matrix(world.ben).teams.iter().map(|row| row.team).collect::<Vec<_>>(), [Some(world.team)]);
    let filter = ValueFilter::new().with_team(world.team);
    assert_eq!(world.session(world.stan).value_matrix(filter).unwrap().stories, 1);
    let none = ValueFilter::new().with_school_year("2020-21".parse().unwrap());
    assert_eq!(world.session(world.stan).value_matrix(none).unwrap().stories, 0);
    world.session(world.ana).withdraw_consent(of_team).unwrap();
    assert_eq!((matrix(world.stan).stories, matrix(world.ben).stories), (1, 0));
    let text = serde_json::to_string(&matrix(world.stan)).unwrap();
    assert_eq!(serde_json::from_str::<cop_core::ValueMatrix>(&text).unwrap(), matrix(world.stan));
}

#[test]
fn notes_are_no_part_of_an_audit_of_what_they_are_about() {
    let world = World::new();
    let made = world.session(world.ana).add_resource(shared("Strips")).unwrap().id;
    world.session(world.ben).add_entry(NewEntry::new(made, "comment", "Nice.")).unwrap();
    assert_eq!(world.session(world.ana).audit(made).unwrap().len(), 1);
}
