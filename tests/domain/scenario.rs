//! The community of the two source documents, from 2016 to 2022, as a story: California's statewide Community of
//! Practice in mathematics, its regions and projects, a course, a working group, sessions, and what was learned.

use cop_core::{
    AimStatement, Application, AttendanceList, AttendanceStatus, CdsCode, CommitmentOf, Community, CommunityEdit,
    CommunityOptions, CommunityRolesOf, ConsentOf, ConveningId, CycleId, DecisionKind, DecisionOf, FormationRule,
    GoalId, HoursPolicy, ManualClock, MeasureId, MemberId, MemberState, MembershipReply, MembershipState,
    NewAffiliation, NewAttendance, NewCommunity, NewConvening, NewCycle, NewEntry, NewGoal, NewMeasure, NewMember,
    NewMembership, NewMentorship, NewObservation, NewOrganization, NewPrediction, NewResource, NewStory, NewTeam,
    NewWalkIn, OrganizationId, PageRequest, Period, Phase, PoliciesEdit, ResultOf, ScriptedIds, SearchQuery, Session,
    StepOf, TeamFilter, TeamId, TeamKind, Visibility,
};
use std::sync::Arc;

use super::world::{SharedClock, at, day};

/// Everybody and everything that has a name in the story.
struct Story {
    cop: Community,
    clock: SharedClock,
    /// The state's hub, a county office.
    riverside: OrganizationId,
    los_angeles: OrganizationId,
    schools: [OrganizationId; 3],
    university: OrganizationId,
    /// Who answers for the community.
    dana: MemberId,
    /// Leads of the regions.
    rosa: MemberId,
    luis: MemberId,
    /// Teachers, a coach, a site administrator, a university partner.
    teachers: Vec<MemberId>,
    coach: MemberId,
    principal: MemberId,
    professor: MemberId,
    regions: Vec<TeamId>,
}

#[test]
fn the_story_of_a_statewide_community() {
    let mut story = founding_in_2016();
    regional_teams_form(&mut story);
    a_project_starts_in_2018(&story);
    let course = the_course_of_2020(&story);
    let group = the_working_group_of_2021(&story);
    let (september, april) = the_year_2021_22(&story, group);
    two_cycles_are_closed(&story, course, group);
    looking_back(&story, september, april);
}

impl Story {
    fn host(&self) -> Session {
        self.cop.steward()
    }

    fn as_of(&self, member: MemberId) -> Session {
        self.cop.as_member(member).unwrap()
    }

    fn on(&self, time: &str) {
        self.clock.0.set(at(time));
    }
}

/// 2016: a county office carries the community; districts, schools and a university are on its map.
fn founding_in_2016() -> Story {
    let clock = SharedClock(Arc::new(ManualClock::new(at("2016-08-15T16:00:00Z"))));
    let options = CommunityOptions::new().with_clock(clock.clone()).with_ids(ScriptedIds::new(16));
    let options = options.with_index(cop_search::TantivyIndex::in_memory());
    let cop = options.in_memory(NewCommunity::new("California Mathematics Community of Practice")).unwrap();
    let host = cop.steward();
    let place = |kind: &str, name: &str, cds: Option<&str>| {
        let mut new = NewOrganization::new(kind, name);
        if let Some(cds) = cds {
            new = new.with_cds(cds);
            let code: CdsCode = cds.parse().unwrap();
            let parent = code.parent().filter(|parent| parent.to_string() != "00000000000000");
            let above = parent.map(|parent| cop_core::OrganizationFilter::new().with_cds(parent));
            let above = above.map(|filter| host.organizations(filter, PageRequest::first(1)).unwrap().items[0].id);
            new.parent = above;
        }
        host.add_organization(new).unwrap().id
    };
    let riverside = place("county_office", "Riverside County Office of Education", Some("33000000000000"));
    let los_angeles = place("county_office", "Los Angeles County Office of Education", Some("19000000000000"));
    place("district", "Moreno Valley Unified", Some("33671240000000"));
    place("district", "Riverside Unified", Some("33672150000000"));
    place("district", "Pasadena Unified", Some("19648810000000"));
    let schools = [
        place("school", "Vista Heights Middle", Some("33671240000001")),
        place("school", "University Heights Middle", Some("33672150000001")),
        place("school", "Octavia Butler Middle", Some("19648810000001")),
    ];
    let university = place("university", "State University", None);
    host.revise_community(CommunityEdit::new().with_hub(riverside)).unwrap();

    let person = |given: &str, place: OrganizationId, role: &str| {
        let new = NewMember::new(given, "Example").with_affiliation(NewAffiliation::new(place, role));
        host.add_member(new.with_email(format!("{}@example.org", given.to_lowercase()))).unwrap().id
    };
    let dana = person("Dana", riverside, "county_leader");
    let rosa = person("Rosa", riverside, "county_leader");
    let luis = person("Luis", los_angeles, "county_leader");
    let teachers = vec![
        person("Maya", schools[0], "teacher"),
        person("Noah", schools[0], "teacher"),
        person("Olivia", schools[1], "teacher"),
        person("Priya", schools[2], "teacher"),
    ];
    let coach = person("Quinn", schools[1], "coach");
    let principal = person("Rafael", schools[2], "site_admin");
    let professor = person("Sol", university, "university_partner");
    host.set_community_roles(CommunityRolesOf { member: dana, roles: vec!["owner".into(), "steward".into()] }).unwrap();
    Story {
        cop,
        clock,
        riverside,
        los_angeles,
        schools,
        university,
        dana,
        rosa,
        luis,
        teachers,
        coach,
        principal,
        professor,
        regions: Vec::new(),
    }
}

/// Regional leads look after the members of their counties; who wants to join asks, and their lead answers.
fn regional_teams_form(story: &mut Story) {
    story.on("2016-09-01T16:00:00Z");
    let dana = story.as_of(story.dana);
    for (name, code, county, lead) in
        [("Region 10", "10", story.riverside, story.rosa), ("Region 11", "11", story.los_angeles, story.luis)]
    {
        let new = NewTeam::new("regional", name).with_region("ccsesa", code).with_organization(county);
        let team = dana.create_team(new.with_admission("request")).unwrap().id;
        story.host().add_membership(NewMembership::new(team, lead).with_role("lead")).unwrap();
        dana.activate_team(team).unwrap();
        story.regions.push(team);
    }
    let rules = PoliciesEdit::new()
        .with_required_step("orientation", "Orientation to the community")
        .with_commitment()
        .with_hours(HoursPolicy { unit_minutes: 30, minimum_minutes: 60, ..HoursPolicy::default() });
    dana.set_policies(rules).unwrap();

    // A teacher of Pasadena asks to take part: Region 11 answers, Region 10 cannot.
    let newcomer = NewMember::new("Tara", "Example").with_affiliation(NewAffiliation::new(story.schools[2], "teacher"));
    let tara = story.host().request_participation(newcomer).unwrap().id;
    let (rosa, luis) = (story.as_of(story.rosa), story.as_of(story.luis));
    assert!(rosa.approve_member(tara).is_err(), "not her region");
    assert_eq!(luis.approve_member(tara).unwrap().state, MemberState::Onboarding);
    let myself = story.as_of(tara);
    let missing = myself.activate_member(tara).unwrap_err();
    assert_eq!(missing.problems().len(), 2, "the orientation and the commitment: {missing}");
    luis.complete_step(StepOf { member: tara, step: "orientation".into() }).unwrap();
    myself.commit_to_year(CommitmentOf { member: tara, school_year: "2016-17".into() }).unwrap();
    assert_eq!(myself.activate_member(tara).unwrap().state, MemberState::Active);
    story.teachers.push(tara);
}

/// 2018: MFSA, a project with teams at its sites.
fn a_project_starts_in_2018(story: &Story) {
    story.on("2018-08-20T16:00:00Z");
    let dana = story.as_of(story.dana);
    let project = dana.create_team(NewTeam::new("project", "MFSA")).unwrap().id;
    story.host().add_membership(NewMembership::new(project, story.coach).with_role("lead")).unwrap();
    for (name, school, teacher) in
        [("MFSA Vista Heights", 0, story.teachers[0]), ("MFSA University Heights", 1, story.teachers[2])]
    {
        let new = NewTeam::new("site", name).with_parent(project).with_organization(story.schools[school]);
        let site = dana.create_team(new).unwrap().id;
        story.host().add_membership(NewMembership::new(site, teacher).with_role("lead")).unwrap();
        dana.activate_team(site).unwrap();
    }
    dana.activate_team(project).unwrap();
    let sites = dana.teams(TeamFilter::new().with_parent(project), PageRequest::first(10)).unwrap().items;
    assert_eq!(sites.len(), 2);
}

/// 2020: the course, with a team on a shared problem of practice that must cross districts and roles.
fn the_course_of_2020(story: &Story) -> TeamId {
    story.on("2020-08-24T16:00:00Z");
    let dana = story.as_of(story.dana);
    let new = NewTeam::new("course", "Rethinking Math").with_term(day("2020-08-24"), day("2021-06-11"));
    let course = dana.create_team(new.with_admission("open")).unwrap().id;
    story.host().add_membership(NewMembership::new(course, story.professor).with_role("lead")).unwrap();
    dana.activate_team(course).unwrap();
    for &teacher in &story.teachers {
        assert_eq!(story.as_of(teacher).request_to_join(course).unwrap().state, MembershipState::Active);
    }

    let rule =
        FormationRule { min_members: 4, min_distinct_roles: 2, min_distinct_districts: 2, ..FormationRule::default() };
    let new = NewTeam::new("cross_district", "Discourse for multilingual learners").with_parent(course);
    let team = dana.create_team(new.with_formation(rule)).unwrap().id;
    story.host().add_membership(NewMembership::new(team, story.coach).with_role("lead")).unwrap();
    for &teacher in &story.teachers[..2] {
        story.host().add_membership(NewMembership::new(team, teacher)).unwrap();
    }
    let coach = story.as_of(story.coach);
    let missing = coach.activate_team(team).unwrap_err();
    assert_eq!(missing.code(), "formation.members", "three are not enough");
    story.host().add_membership(NewMembership::new(team, story.teachers[3])).unwrap();
    coach.activate_team(team).unwrap();
    team
}

/// 2021: a working group on Universal Design for Learning, which one joins by application.
fn the_working_group_of_2021(story: &Story) -> TeamId {
    story.on("2021-07-12T16:00:00Z");
    let dana = story.as_of(story.dana);
    let new = NewTeam::new("working_group", "UDL in mathematics")
        .with_term(day("2021-08-01"), day("2022-06-30"))
        .with_question("Which learners does your practice not reach yet?")
        .with_question("What will you bring?");
    let group = dana.create_team(new).unwrap().id;
    story.host().add_membership(NewMembership::new(group, story.coach).with_role("lead")).unwrap();
    dana.activate_team(group).unwrap();

    let maya = story.as_of(story.teachers[0]);
    assert_eq!(maya.request_to_join(group).unwrap_err().code(), "team.application");
    let unfinished = Application { team: group, answers: vec!["Newcomers to English".into()] };
    assert_eq!(maya.apply_to_team(unfinished).unwrap_err().problems()[0].field, "answers[1]");
    let answers = vec!["Newcomers to English".into(), "Tasks with many entry points".into()];
    let application = maya.apply_to_team(Application { team: group, answers }).unwrap();
    assert_eq!(application.state, MembershipState::Requested);
    let reply = MembershipReply { membership: application.id, reason: Some("A class we can learn from".into()) };
    assert_eq!(story.as_of(story.coach).approve_membership(reply).unwrap().state, MembershipState::Active);
    group
}

/// September 2021 and April 2022: the sessions, their materials, who came, and for how long.
fn the_year_2021_22(story: &Story, group: TeamId) -> (ConveningId, ConveningId) {
    story.on("2021-08-16T16:00:00Z");
    let dana = story.as_of(story.dana);
    let zone = "America/Los_Angeles";
    let time = |text: &str| text.parse().unwrap();
    let september = NewConvening::new(
        "convening",
        "Setting direction together",
        time("2021-09-21T15:30:00"),
        time("2021-09-21T17:30:00"),
        zone,
    );
    let september =
        dana.plan_convening(september.online("https://example.org/september").with_topic("equity")).unwrap().id;
    dana.schedule_convening(september).unwrap();
    for &teacher in &story.teachers {
        story.as_of(teacher).register(september).unwrap();
    }

    // After it: who was there. Olivia was called away early, Priya could not come, and a guest dropped in.
    story.on("2021-09-22T16:00:00Z");
    dana.hold_convening(september).unwrap();
    let [maya, noah, olivia, priya, tara] = story.teachers[..] else { panic!("five teachers") };
    let rows = vec![
        NewAttendance::new(september, maya),
        NewAttendance::new(september, noah),
        NewAttendance::new(september, olivia).with_minutes(45),
        NewAttendance::new(september, priya).with_status("excused"),
        NewAttendance::new(september, tara).with_role("presenter"),
    ];
    dana.record_attendances(AttendanceList { attendances: rows }).unwrap();
    let guest = dana.add_walk_in(NewWalkIn::new(september, "R. Example").with_email("rafael@example.org")).unwrap();
    let matched = cop_core::WalkInMatch { attendance: guest.id, member: story.principal };
    let rafael = dana.match_walk_in(matched).unwrap();
    assert_eq!((rafael.member, rafael.status), (Some(story.principal), AttendanceStatus::Attended));
    for (kind, title) in [("slides", "Setting direction: slides"), ("video", "Setting direction: recording")] {
        let new = NewResource::new(kind, title).with_link("https://example.org/archive").from_convening(september);
        dana.add_resource(new.with_school_year("2021-22").with_visibility(Visibility::Community).published()).unwrap();
    }

    // April: the working group shows its work, in two sessions of one day.
    story.on("2022-03-01T16:00:00Z");
    let coach = story.as_of(story.coach);
    let april = NewConvening::new(
        "workshop",
        "UDL: many ways in",
        time("2022-04-26T09:00:00"),
        time("2022-04-26T15:00:00"),
        zone,
    );
    let april = coach.plan_convening(april.with_team(group).at("Riverside")).unwrap().id;
    coach.schedule_convening(april).unwrap();
    let mut sessions = Vec::new();
    for (title, starts, ends) in [
        ("Low floor, high ceiling", "2022-04-26T09:00:00", "2022-04-26T11:30:00"),
        ("Consultancy", "2022-04-26T12:30:00", "2022-04-26T15:00:00"),
    ] {
        let session = NewConvening::new("course_session", title, time(starts), time(ends), zone).within(april);
        let session = coach.plan_convening(session.with_team(group).at("Riverside")).unwrap().id;
        coach.schedule_convening(session).unwrap();
        sessions.push(session);
    }
    story.on("2022-04-27T16:00:00Z");
    for &session in &sessions {
        coach.hold_convening(session).unwrap();
        coach.record_attendance(NewAttendance::new(session, maya)).unwrap();
    }
    coach.hold_convening(april).unwrap();
    (september, april)
}

/// Two cycles: the course team adopts what worked, the working group adapts, and tests again.
fn two_cycles_are_closed(story: &Story, course_team: TeamId, group: TeamId) {
    let first = a_pdsa_cycle(story, course_team, "2020-10-05", DecisionKind::Adopt);
    let adapted = a_pdsa_cycle(story, group, "2021-10-04", DecisionKind::Adapt);
    let coach = story.as_of(story.coach);
    for cycle in [first, adapted] {
        assert_eq!(coach.cycle(cycle).unwrap().phase, Phase::Closed);
    }
    let ramp = coach.cycles(cop_core::CycleFilter::new().with_team(group), PageRequest::first(10)).unwrap().items;
    assert_eq!(ramp.iter().filter(|cycle| cycle.previous == Some(adapted)).count(), 1, "the next turn is under way");
}

/// One turn of plan, do, study, act: what it needs is asked for at every step.
fn a_pdsa_cycle(story: &Story, team: TeamId, start: &str, decision: DecisionKind) -> CycleId {
    story.on(&format!("{start}T16:00:00Z"));
    let coach = story.as_of(story.coach);
    let (idea, measure) = theory_of_improvement(&coach, team);
    let cycle =
        coach.start_cycle(NewCycle::new(team, "pdsa", "Sentence frames in discussion").with_lens("UDL")).unwrap().id;
    let missing = coach.advance_cycle(cycle).unwrap_err();
    assert_eq!(missing.code(), "cycle.phase_guard");
    assert!(missing.problems().len() >= 4, "all that is missing at once: {missing}");

    let mut edit = cop_core::CycleEdit::new(cycle);
    edit.tests = Some(vec![idea]);
    edit.measures = Some(vec![measure]);
    edit.starts_on = Some(day(start));
    coach.revise_cycle(edit).unwrap();
    coach.add_entry(NewEntry::new(cycle, "plan", "Two classes, four weeks, one frame a week.")).unwrap();
    let predicted = NewPrediction {
        cycle,
        question: "How many students will explain their reasoning aloud?".into(),
        predicted: "Half of them".into(),
    };
    let prediction = coach.predict(predicted).unwrap().predictions.first().unwrap().id;
    assert_eq!(coach.advance_cycle(cycle).unwrap().phase, Phase::Do);

    let period = Period { starts_on: day(start), ends_on: day(start) + chrono::Days::new(27) };
    coach.record_observation(NewObservation::new(measure, period).with_ratio(31.0, 54.0)).unwrap();
    assert_eq!(coach.advance_cycle(cycle).unwrap().phase, Phase::Study);
    let learning = "More than half; most of them in the second language".to_owned();
    coach.record_result(ResultOf { cycle, prediction, outcome: "confirmed".into(), learning }).unwrap();
    assert_eq!(coach.advance_cycle(cycle).unwrap().phase, Phase::Act);
    let rationale = "It reached those it was meant for".to_owned();
    coach.decide_cycle(DecisionOf { cycle, kind: decision.to_string(), rationale, no_successor: None }).unwrap();
    if decision == DecisionKind::Adapt {
        let missing = coach.advance_cycle(cycle).unwrap_err();
        assert_eq!(missing.problems()[0].field, "successor", "{missing}");
        let next = NewCycle::new(team, "pdsa", "Sentence frames, written first").after(cycle);
        coach.start_cycle(next).unwrap();
    }
    assert_eq!(coach.advance_cycle(cycle).unwrap().phase, Phase::Closed);
    cycle
}

fn theory_of_improvement(coach: &Session, team: TeamId) -> (GoalId, MeasureId) {
    let problem = NewGoal::new("problem", "Few multilingual learners explain their reasoning aloud").with_team(team);
    let problem = coach.add_goal(problem).unwrap().id;
    let statement = AimStatement {
        what: Some("students who explain their reasoning aloud in a week".into()),
        how_much: Some("from a third to two thirds".into()),
        for_whom: Some("multilingual learners".into()),
        by_when: Some(day("2022-05-31")),
    };
    assert!(statement.is_complete());
    let aim = NewGoal::new("aim", "Two thirds explain their reasoning").with_team(team).with_parent(problem);
    let aim = coach.add_goal(aim.with_aim(statement)).unwrap().id;
    let driver = NewGoal::new("driver", "Language to explain with").with_team(team).with_parent(aim);
    let driver = coach.add_goal(driver).unwrap().id;
    let idea = NewGoal::new("change_idea", "Sentence frames").with_team(team).with_parent(driver);
    let idea = coach.add_goal(idea).unwrap().id;
    let measure = NewMeasure::new(
        team,
        "Explained aloud",
        "Students of the two classes who explain a step of theirs to the class in the week, by tally",
        "proportion",
    );
    let measure = coach.define_measure(measure.with_target("increase", 0.66)).unwrap().id;
    (idea, measure)
}

/// June 2022: hours, the archive, a story with its teller's consent, and what a newcomer finds.
fn looking_back(story: &Story, september: ConveningId, april: ConveningId) {
    story.on("2022-06-10T16:00:00Z");
    let [maya, _, olivia, priya, _] = story.teachers[..] else { panic!("five teachers") };
    let year = "2021-22".parse().unwrap();
    // Two hours in September, two times two and a half in April.
    assert_eq!(story.as_of(maya).hours(maya, year).unwrap().credited_minutes, 120 + 300);
    assert_eq!(
        story.as_of(olivia).hours(olivia, year).unwrap().credited_minutes,
        0,
        "45 minutes are below the minimum"
    );
    assert_eq!(story.as_of(priya).hours(priya, year).unwrap().credited_minutes, 0, "she was excused");

    let told =
        NewStory::new("value_creation", "The day Ana explained", "She wrote first, then spoke.").with_worth("applied");
    let me = story.as_of(maya);
    let told = me.tell_story(told.about(september).about(april)).unwrap().id;
    let newcomer = story.as_of(story.professor);
    assert!(newcomer.story(told).is_err(), "without consent it is not read");
    let consent = ConsentOf { story: told, scope: "community".into(), attribution: Some("role".into()) };
    me.grant_consent(consent).unwrap();
    let read = newcomer.story(told).unwrap();
    assert_eq!((read.teller, read.created_by), (None, None), "by role, not by name");

    let found = newcomer.search(SearchQuery::new("direction explained")).unwrap();
    let kinds: Vec<String> = found.hits.iter().map(|hit| hit.kind.to_string()).collect();
    for kind in ["slides", "video", "convening", "story"] {
        assert!(kinds.iter().any(|found| found == kind), "{kind} is among {kinds:?}");
    }

    let archive = newcomer.session_archive().unwrap();
    assert_eq!(archive[0].school_year, year);
    assert!(
        archive[0].convenings.iter().any(|held| held.resources.len() == 2),
        "September with its slides and recording"
    );

    let mentoring = NewMentorship::new("mentoring", story.coach, maya);
    let mentoring = story.as_of(story.coach).propose_mentorship(mentoring).unwrap().id;
    me.accept_mentorship(mentoring).unwrap();
    let regions = newcomer.teams(TeamFilter::new().with_kind(TeamKind::Regional), PageRequest::first(10)).unwrap();
    assert_eq!(regions.items.len(), story.regions.len());
    assert!(story.university != story.riverside);
}
