//! The theory of improvement: who adds to it, what may be above what, and that it stays a graph without cycles.

use std::collections::{BTreeMap, BTreeSet};

use cop_core::{
    AimStatement, Error, ErrorKind, Goal, GoalClosing, GoalEdit, GoalId, GoalKind, GoalLink, GoalStatus, MeasureId,
    MemberId, NewGoal, NewTeam, Session, TeamEdit, TeamId, Visibility,
};
use cop_tests::random::{Random, number};
use uuid::Uuid;

use crate::world::{World, day};

/// Which kinds may be above which, as the domain has it.
const PARENTS: &[(&str, &[&str])] = &[
    ("goal", &[]),
    ("strategy", &["goal"]),
    ("objective", &["goal", "objective"]),
    ("outcome", &["goal"]),
    ("problem", &["goal", "objective"]),
    ("aim", &["problem", "objective", "goal"]),
    ("driver", &["aim", "driver"]),
    ("change_idea", &["driver", "aim"]),
];

/// One community goal of every kind, each below the others where it must be.
struct Theory {
    goals: BTreeMap<&'static str, GoalId>,
}

impl Theory {
    fn new(host: &Session) -> Self {
        let mut theory = Self { goals: BTreeMap::new() };
        let above = [
            ("goal", None),
            ("strategy", Some("goal")),
            ("objective", Some("goal")),
            ("outcome", Some("goal")),
            ("problem", Some("goal")),
            ("aim", Some("problem")),
            ("driver", Some("aim")),
            ("change_idea", Some("driver")),
        ];
        for (kind, parent) in above {
            let mut new = NewGoal::new(kind, format!("A {kind}"));
            new.parents.extend(parent.map(|parent| theory.of(parent)));
            new.school_year = Some("2021-22".to_owned());
            theory.goals.insert(kind, host.add_goal(new).unwrap().id);
        }
        theory
    }

    fn of(&self, kind: &str) -> GoalId {
        self.goals[kind]
    }
}

fn refused(kind: ErrorKind, problems: &[&str]) -> (ErrorKind, Vec<String>) {
    (kind, problems.iter().map(|problem| (*problem).to_owned()).collect())
}

fn missing(what: &str) -> (ErrorKind, Vec<String>) {
    refused(ErrorKind::NotFound, &[what])
}

fn not_permitted() -> (ErrorKind, Vec<String>) {
    refused(ErrorKind::NotPermitted, &["access.not_permitted"])
}

fn link(goal: GoalId, parent: GoalId) -> GoalLink {
    GoalLink { goal, parent }
}

fn closing(goal: GoalId, status: &str, superseded_by: Option<GoalId>) -> GoalClosing {
    GoalClosing { goal, status: status.to_owned(), superseded_by }
}

fn everybody(world: &World) -> Vec<(&'static str, MemberId)> {
    vec![
        ("olga", world.olga),
        ("stan", world.stan),
        ("conny", world.conny),
        ("lea", world.lea),
        ("ana", world.ana),
        ("ed", world.ed),
        ("obi", world.obi),
    ]
}

#[test]
fn a_team_adds_its_goals_and_those_who_facilitate_add_the_communitys() {
    let world = World::new();
    let of_team = NewGoal::new("problem", "Fractions as numbers").with_team(world.team);
    let of_all = NewGoal::new("goal", "Every student reasons");
    for (name, member) in everybody(&world) {
        let session = world.session(member);
        let answer = |new: &NewGoal| match session.add_goal(new.clone()) {
            Ok(_) => "added",
            Err(error) if error.kind() == ErrorKind::NotPermitted => "not permitted",
            Err(error) if error.kind() == ErrorKind::NotFound => "not found",
            Err(error) => panic!("{name}: {error}"),
        };
        let expected = match name {
            "olga" | "stan" | "conny" => ("added", "added"),
            "lea" | "ana" => ("added", "not permitted"),
            "ed" => ("not permitted", "not permitted"),
            // Mere observers do not know the team.
            _ => ("not found", "not permitted"),
        };
        assert_eq!((answer(&of_team), answer(&of_all)), expected, "{name}");
    }
    assert!(world.cop.steward().add_goal(of_team.clone()).is_ok());
    assert!(world.cop.steward().add_goal(of_all.clone()).is_ok());
    assert_eq!(world.wrong(|| world.cop.as_guest().add_goal(of_all.clone())), not_permitted());
    let nowhere = NewGoal { team: Some(TeamId::new(Uuid::from_u128(9))), ..of_team };
    assert_eq!(world.wrong(|| world.session(world.stan).add_goal(nowhere.clone())), missing("record.not_found"));
}

#[test]
fn a_goal_is_its_teams_or_the_communitys_unless_it_says_otherwise() {
    let world = World::new();
    let ana = world.session(world.ana);
    let own = ana.add_goal(NewGoal::new("problem", " Fractions  ").with_team(world.team).with_body("a\r\nb")).unwrap();
    assert_eq!((own.title.as_str(), own.body.as_str()), ("Fractions", "a\nb"));
    assert_eq!(
        (own.visibility, own.status, own.team),
        (Visibility::Team(world.team), GoalStatus::Open, Some(world.team))
    );
    assert_eq!(own.created_by, Some(world.ana));
    assert!(world.session(world.ben).goal(own.id).is_ok());
    assert_eq!(world.session(world.ed).goal(own.id).unwrap_err().kind(), ErrorKind::NotFound);
    let all = world.session(world.conny).add_goal(NewGoal::new("goal", "Reason")).unwrap();
    assert_eq!((all.visibility, all.team), (Visibility::Community, None));
    assert!(world.session(world.ed).goal(all.id).is_ok());

    let with = |visibility: String| NewGoal {
        visibility: Some(visibility),
        ..NewGoal::new("problem", "P").with_team(world.team)
    };
    let shown = ana.add_goal(with(format!("organization:{}", world.north))).unwrap();
    assert_eq!(shown.visibility, Visibility::Organization(world.north));
    for unknown in ["team", "organization"] {
        let new = with(format!("{unknown}:{}", Uuid::from_u128(9)));
        assert_eq!(world.wrong(|| ana.add_goal(new.clone())), missing("record.not_found"), "{unknown}");
    }
    let bad = with("everybody".to_owned());
    let unread = refused(ErrorKind::InvalidInput, &["visibility visibility.format"]);
    assert_eq!(world.wrong(|| ana.add_goal(bad.clone())), unread);
}

#[test]
fn a_teams_goal_is_not_meant_for_more_than_the_team_allows() {
    let world = World::new();
    let (lea, host) = (world.session(world.lea), world.cop.steward());
    let narrow = |visibility: &str| TeamEdit {
        default_visibility: Some("private".to_owned()),
        maximum_visibility: Some(visibility.to_owned()),
        ..TeamEdit::new(world.team)
    };
    host.revise_team(narrow("community")).unwrap();
    let new = |visibility: &str| NewGoal {
        visibility: Some(visibility.to_owned()),
        ..NewGoal::new("problem", "P").with_team(world.team)
    };
    let too_wide = refused(ErrorKind::Precondition, &["visibility goal.too_wide"]);
    assert_eq!(world.wrong(|| lea.add_goal(new("public"))), too_wide);
    let goal = lea.add_goal(new("community")).unwrap();
    let edit = |visibility: &str| GoalEdit { visibility: Some(visibility.to_owned()), ..GoalEdit::new(goal.id) };
    assert_eq!(world.wrong(|| lea.revise_goal(edit("public"))), too_wide);
    assert_eq!(lea.revise_goal(edit("private")).unwrap().visibility, Visibility::Private);
    let nobody = edit(&format!("team:{}", Uuid::from_u128(9)));
    assert_eq!(world.wrong(|| lea.revise_goal(nobody.clone())), missing("record.not_found"));
    // The community's own goals know no such bound.
    let public = NewGoal { visibility: Some("public".to_owned()), ..NewGoal::new("goal", "G") };
    assert!(host.add_goal(public).is_ok());
    // Where the team's records may not even be the team's, a goal that says nothing is as narrow as they are.
    host.revise_team(narrow("private")).unwrap();
    let goal = lea.add_goal(NewGoal::new("problem", "P").with_team(world.team)).unwrap();
    assert_eq!(goal.visibility, Visibility::Private);
}

#[test]
fn an_archived_team_has_no_new_goals() {
    let world = World::new();
    let host = world.cop.steward();
    let forming = host.create_team(NewTeam::new("project", "New")).unwrap().id;
    assert!(host.add_goal(NewGoal::new("problem", "P").with_team(forming)).is_ok(), "a forming team has goals");
    host.archive_team(world.team).unwrap();
    let new = NewGoal::new("problem", "P").with_team(world.team);
    let archived = refused(ErrorKind::Precondition, &["team team.archived"]);
    assert_eq!(world.wrong(|| host.add_goal(new.clone())), archived);
}

#[test]
fn every_kind_is_below_its_kinds_alone() {
    let world = World::new();
    let host = world.cop.steward();
    let theory = Theory::new(&host);
    let mut tried = 0;
    for (kind, allowed) in PARENTS {
        for (parent, _) in PARENTS {
            // A year later, so that an objective may continue the other.
            let new = NewGoal::new(*kind, "Below").with_parent(theory.of(parent)).with_school_year("2022-23");
            match allowed.contains(parent) {
                true => assert!(host.add_goal(new).is_ok(), "{kind} below {parent}"),
                false => {
                    let wrong = refused(ErrorKind::Precondition, &["parents[0] goal.parent_kind"]);
                    assert_eq!(world.wrong(|| host.add_goal(new.clone())), wrong, "{kind} below {parent}");
                }
            }
            tried += 1;
        }
    }
    assert_eq!(tried, GoalKind::CODES.len() * GoalKind::CODES.len());
    let several = NewGoal::new("aim", "A").with_parent(theory.of("goal")).with_parent(theory.of("driver"));
    let wrong = refused(ErrorKind::Precondition, &["parents[1] goal.parent_kind"]);
    assert_eq!(world.wrong(|| host.add_goal(several.clone())), wrong);
}

#[test]
fn goals_and_problems_stand_alone_and_no_others() {
    let world = World::new();
    let host = world.cop.steward();
    for (kind, _) in PARENTS {
        let new = NewGoal::new(*kind, "Alone").with_school_year("2021-22");
        match ["goal", "problem"].contains(kind) {
            true => assert!(host.add_goal(new).is_ok(), "{kind}"),
            false => {
                let wrong = refused(ErrorKind::InvalidInput, &["parents goal.parent_required"]);
                assert_eq!(world.wrong(|| host.add_goal(new.clone())), wrong, "{kind}");
            }
        }
    }
}

#[test]
fn everything_that_is_wrong_with_a_goal_is_said_at_once() {
    let world = World::new();
    let ana = world.session(world.ana);
    let measure = MeasureId::new(Uuid::from_u128(1));
    let bad = NewGoal {
        title: "  ".to_owned(),
        body: "a\0b".to_owned(),
        school_year: Some("2021-23".to_owned()),
        aim: Some(AimStatement { what: Some("x".repeat(301)), by_when: Some(day("1800-01-01")), ..Default::default() }),
        measures: vec![measure; 201],
        visibility: Some("all".to_owned()),
        ..NewGoal::new("driver", "").with_team(world.team)
    };
    let wrong = [
        "title text.empty",
        "body text.character",
        "school_year school_year.span",
        "aim goal.no_aim",
        "aim.what text.too_long",
        "aim.by_when date.range",
        "visibility visibility.format",
        "measures list.too_long",
        "parents goal.parent_required",
    ];
    assert_eq!(world.wrong(|| ana.add_goal(bad.clone())), refused(ErrorKind::InvalidInput, &wrong));
    let kind = NewGoal::new("dream", "D").with_team(world.team);
    assert_eq!(world.wrong(|| ana.add_goal(kind.clone())), refused(ErrorKind::InvalidInput, &["kind code.unknown"]));
    let many = NewGoal {
        parents: vec![GoalId::new(Uuid::from_u128(1)); 33],
        ..NewGoal::new("aim", "A").with_team(world.team)
    };
    let too_many = refused(ErrorKind::InvalidInput, &["parents list.too_long"]);
    assert_eq!(world.wrong(|| ana.add_goal(many.clone())), too_many);
    let unknown = NewGoal { measures: vec![measure], ..NewGoal::new("problem", "P").with_team(world.team) };
    assert_eq!(world.wrong(|| ana.add_goal(unknown.clone())), missing("record.not_found"));
    let error = world.refused(|| ana.add_goal(unknown.clone()));
    assert!(matches!(error, Error::NotFound { kind: "measure", .. }), "{error}");
}

#[test]
fn an_objective_is_of_a_year_and_continues_the_year_before() {
    let world = World::new();
    let host = world.cop.steward();
    let theory = Theory::new(&host);
    let (goal, last) = (theory.of("goal"), theory.of("objective"));
    let none = NewGoal::new("objective", "O").with_parent(goal);
    let year_required = refused(ErrorKind::InvalidInput, &["school_year goal.year_required"]);
    assert_eq!(world.wrong(|| host.add_goal(none.clone())), year_required);
    let below = |year: &str| NewGoal::new("objective", "O").with_parent(last).with_school_year(year);
    for year in ["2020-21", "2021-22", "2023-24"] {
        let wrong = refused(ErrorKind::Precondition, &["parents[0] goal.parent_year"]);
        assert_eq!(world.wrong(|| host.add_goal(below(year))), wrong, "{year}");
    }
    // What it continues may be over by then.
    host.close_goal(closing(last, "met", None)).unwrap();
    let next = host.add_goal(below("2022-23")).unwrap();
    let after = host.add_goal(NewGoal::new("objective", "O").with_parent(next.id).with_school_year("2023-24")).unwrap();

    let year = |id: GoalId, year: &str| GoalEdit { school_year: Some(year.to_owned()), ..GoalEdit::new(id) };
    assert_eq!(world.wrong(|| host.revise_goal(year(next.id, " "))), year_required);
    let both = refused(ErrorKind::Precondition, &["school_year goal.parent_year", "school_year goal.child_year"]);
    assert_eq!(world.wrong(|| host.revise_goal(year(next.id, "2023-24"))), both);
    let first = refused(ErrorKind::Precondition, &["school_year goal.parent_year"]);
    assert_eq!(world.wrong(|| host.revise_goal(year(after.id, "2024-25"))), first);
    // Goals of other kinds may have a year, and lose it again.
    let aim = host.revise_goal(year(theory.of("aim"), "2022-23")).unwrap();
    assert_eq!(aim.school_year.map(|year| year.to_string()).as_deref(), Some("2022-23"));
    assert_eq!(host.revise_goal(year(aim.id, "")).unwrap().school_year, None);
    // An objective between two goals only may move.
    let free = host.add_goal(NewGoal::new("objective", "Free").with_parent(goal).with_school_year("2021-22")).unwrap();
    assert!(host.revise_goal(year(free.id, "2025-26")).is_ok());
    let joined = refused(ErrorKind::Precondition, &["parent goal.parent_year"]);
    assert_eq!(world.wrong(|| host.link_goal(link(free.id, next.id))), joined);
}

#[test]
fn drivers_nest_three_deep_from_wherever_one_looks() {
    let world = World::new();
    let host = world.cop.steward();
    let aim = Theory::new(&host).of("aim");
    let driver = |parent: GoalId| host.add_goal(NewGoal::new("driver", "D").with_parent(parent)).map(|goal| goal.id);
    let first = driver(aim).unwrap();
    let second = driver(first).unwrap();
    let third = driver(second).unwrap();
    let too_deep = |field: &str| refused(ErrorKind::Precondition, &[&format!("{field} goal.driver_depth")]);
    assert_eq!(world.wrong(|| driver(third)), too_deep("parents[0]"));
    // A shorter way up does not make it less deep.
    let both = NewGoal::new("driver", "D").with_parent(aim).with_parent(third);
    assert_eq!(world.wrong(|| host.add_goal(both.clone())), too_deep("parents[1]"));
    // Two below one, or one below two, is as deep; two below two is deeper.
    let other = driver(aim).unwrap();
    let under = driver(other).unwrap();
    assert_eq!(world.wrong(|| host.link_goal(link(other, second))), too_deep("parent"));
    assert_eq!(world.wrong(|| host.link_goal(link(first, under))), too_deep("parent"));
    assert!(host.link_goal(link(under, second)).is_ok());
    // A change idea below the deepest is no driver.
    assert!(host.add_goal(NewGoal::new("change_idea", "I").with_parent(third)).is_ok());
    // Where the chain is broken there is room again.
    host.link_goal(link(second, aim)).unwrap();
    host.unlink_goal(link(second, first)).unwrap();
    assert!(driver(third).is_ok());
}

#[test]
fn no_goal_is_above_itself() {
    let world = World::new();
    let host = world.cop.steward();
    let theory = Theory::new(&host);
    let aim = theory.of("aim");
    let driver = || host.add_goal(NewGoal::new("driver", "D").with_parent(aim)).unwrap().id;
    let (one, two, three) = (driver(), driver(), driver());
    let cycle = |more: &[&str]| refused(ErrorKind::Precondition, more);
    assert!(world.wrong(|| host.link_goal(link(one, one))).1.contains(&"parent goal.cycle".to_owned()));
    host.link_goal(link(two, one)).unwrap();
    host.link_goal(link(three, two)).unwrap();
    let turned = cycle(&["parent goal.driver_depth", "parent goal.cycle"]);
    assert_eq!(world.wrong(|| host.link_goal(link(one, three))), turned);
    assert_eq!(world.wrong(|| host.link_goal(link(one, two))), turned);
    let problem = cycle(&["parent goal.parent_kind", "parent goal.cycle"]);
    assert_eq!(world.wrong(|| host.link_goal(link(theory.of("problem"), one))), problem);
    let itself = cycle(&["parent goal.parent_year", "parent goal.cycle"]);
    assert_eq!(world.wrong(|| host.link_goal(link(theory.of("objective"), theory.of("objective")))), itself);
}

#[test]
fn goals_are_linked_and_unlinked_and_the_last_one_above_stays() {
    let world = World::new();
    let host = world.cop.steward();
    let theory = Theory::new(&host);
    let (aim, goal, problem) = (theory.of("aim"), theory.of("goal"), theory.of("problem"));
    let linked = host.link_goal(link(aim, goal)).unwrap();
    assert_eq!(linked.parents, BTreeSet::from([goal, problem]));
    let head = world.cop.head().unwrap();
    assert_eq!(host.link_goal(link(aim, goal)).unwrap(), linked, "what is linked stays as it is");
    assert_eq!(host.unlink_goal(link(aim, theory.of("driver"))).unwrap(), linked, "and what is not, too");
    assert_eq!(world.cop.head().unwrap(), head);
    host.unlink_goal(link(aim, problem)).unwrap();
    let last = refused(ErrorKind::Precondition, &["parent goal.parent_required"]);
    assert_eq!(world.wrong(|| host.unlink_goal(link(aim, goal))), last);
    assert!(host.unlink_goal(link(problem, goal)).unwrap().parents.is_empty(), "a problem stands alone");
    assert!(host.unlink_goal(link(problem, goal)).is_ok());
    let wrong = refused(ErrorKind::Precondition, &["parent goal.parent_kind"]);
    assert_eq!(world.wrong(|| host.link_goal(link(aim, theory.of("strategy")))), wrong);
}

#[test]
fn at_most_32_goals_are_directly_above_one() {
    let world = World::new();
    let host = world.cop.steward();
    let goals: Vec<GoalId> = (0..33).map(|_| host.add_goal(NewGoal::new("goal", "G")).unwrap().id).collect();
    let problem = NewGoal { parents: goals[..32].to_vec(), ..NewGoal::new("problem", "P") };
    let problem = host.add_goal(problem).unwrap();
    assert_eq!(problem.parents.len(), 32);
    let too_many = refused(ErrorKind::Precondition, &["parent goal.too_many_parents"]);
    assert_eq!(world.wrong(|| host.link_goal(link(problem.id, goals[32]))), too_many);
    assert!(host.link_goal(link(problem.id, goals[31])).is_ok(), "it is there already");
}

#[test]
fn what_one_may_not_see_cannot_be_above_or_take_a_place() {
    let world = World::new();
    let (ana, stan) = (world.session(world.ana), world.session(world.stan));
    let hidden = NewGoal { visibility: Some("private".to_owned()), ..NewGoal::new("problem", "Hidden") };
    let hidden = stan.add_goal(hidden).unwrap().id;
    let never = GoalId::new(Uuid::from_u128(9));
    let own = ana.add_goal(NewGoal::new("problem", "P").with_team(world.team)).unwrap().id;
    let aim = ana.add_goal(NewGoal::new("aim", "A").with_team(world.team).with_parent(own)).unwrap().id;
    for unseen in [hidden, never] {
        let new = NewGoal::new("aim", "A").with_team(world.team).with_parent(unseen);
        assert_eq!(world.wrong(|| ana.add_goal(new.clone())), missing("record.not_found"));
        assert_eq!(world.wrong(|| ana.link_goal(link(aim, unseen))), missing("record.not_found"));
        assert_eq!(world.wrong(|| ana.link_goal(link(unseen, own))), missing("record.not_found"));
        assert_eq!(world.wrong(|| ana.unlink_goal(link(unseen, own))), missing("record.not_found"));
        assert_eq!(world.wrong(|| ana.revise_goal(GoalEdit::new(unseen))), missing("record.not_found"));
        assert_eq!(world.wrong(|| ana.close_goal(closing(unseen, "met", None))), missing("record.not_found"));
        let heir = closing(own, "superseded", Some(unseen));
        assert_eq!(world.wrong(|| ana.close_goal(heir.clone())), missing("record.not_found"));
    }
}

#[test]
fn a_goal_is_changed_by_its_maker_its_leads_and_those_who_facilitate() {
    let world = World::new();
    let above = world.cop.steward().add_goal(NewGoal::new("goal", "G")).unwrap().id;
    let made = world.session(world.ana).add_goal(NewGoal::new("problem", "P").with_team(world.team)).unwrap().id;
    let everything = |member: MemberId| {
        let session = world.session(member);
        let titled = GoalEdit { title: Some("Q".to_owned()), ..GoalEdit::new(made) };
        [
            session.revise_goal(titled).map(drop),
            session.link_goal(link(made, above)).map(drop),
            session.unlink_goal(link(made, above)).map(drop),
            session.try_out(cop_core::Op::CloseGoal(closing(made, "met", None))).map(drop),
        ]
    };
    for (name, member) in everybody(&world).into_iter().chain([("ben", world.ben)]) {
        for answer in everything(member) {
            match name {
                "ana" | "lea" | "conny" | "stan" | "olga" => assert!(answer.is_ok(), "{name}: {answer:?}"),
                "ben" => assert_eq!(answer.unwrap_err().kind(), ErrorKind::NotPermitted, "{name}"),
                _ => assert_eq!(answer.unwrap_err().kind(), ErrorKind::NotFound, "{name}"),
            }
        }
    }
}

#[test]
fn a_goal_is_revised_field_by_field() {
    let world = World::new();
    let host = world.cop.steward();
    let goal = host.add_goal(NewGoal::new("goal", "G")).unwrap();
    let edit = GoalEdit { title: Some("Reason".into()), body: Some("More".into()), ..GoalEdit::new(goal.id) };
    let revised = host.revise_goal(edit).unwrap();
    assert_eq!((revised.title.as_str(), revised.body.as_str()), ("Reason", "More"));
    let head = world.cop.head().unwrap();
    assert_eq!(host.revise_goal(GoalEdit::new(goal.id)).unwrap(), revised);
    assert_eq!(world.cop.head().unwrap(), head, "no change, no entry in the log");
    let bad = GoalEdit {
        title: Some(String::new()),
        body: Some("\0".into()),
        school_year: Some("2021".into()),
        aim: Some(AimStatement { what: Some("W".into()), ..Default::default() }),
        measures: Some(vec![MeasureId::new(Uuid::from_u128(1)); 201]),
        visibility: Some(String::new()),
        ..GoalEdit::new(goal.id)
    };
    let wrong = [
        "title text.empty",
        "body text.character",
        "school_year school_year.format",
        "aim goal.no_aim",
        "visibility visibility.format",
        "measures list.too_long",
    ];
    assert_eq!(world.wrong(|| host.revise_goal(bad.clone())), refused(ErrorKind::InvalidInput, &wrong));
    let unknown = GoalEdit { measures: Some(vec![MeasureId::new(Uuid::from_u128(1))]), ..GoalEdit::new(goal.id) };
    assert_eq!(world.wrong(|| host.revise_goal(unknown.clone())), missing("record.not_found"));
}

#[test]
fn only_an_aim_says_what_how_much_for_whom_by_when() {
    let world = World::new();
    let host = world.cop.steward();
    let problem = Theory::new(&host).of("problem");
    let new = |aim: AimStatement| NewGoal::new("aim", "A").with_parent(problem).with_aim(aim);
    let part = |text: &str| Some(text.to_owned());
    let whole = AimStatement {
        what: part("  Students who explain "),
        how_much: part("from 30 % to 60 %"),
        for_whom: part("grade 5"),
        by_when: Some(day("2022-06-01")),
    };
    let aim = host.add_goal(new(whole)).unwrap();
    let said = aim.aim.clone().unwrap();
    assert_eq!(said.what.as_deref(), Some("Students who explain"));
    assert!(said.is_complete());
    // An aim may be said in parts, and an empty part is none.
    let parts = AimStatement { what: part("W"), for_whom: part(" "), ..Default::default() };
    let edit = |said: AimStatement| GoalEdit { aim: Some(said), ..GoalEdit::new(aim.id) };
    let said = host.revise_goal(edit(parts)).unwrap().aim.unwrap();
    assert_eq!((said.what.as_deref(), said.is_complete(), said.for_whom), (Some("W"), false, None));
    assert_eq!(host.revise_goal(edit(AimStatement::default())).unwrap().aim, None);
    assert_eq!(host.add_goal(new(AimStatement { what: part(" "), ..Default::default() })).unwrap().aim, None);
    let long = || part(&"x".repeat(301));
    let bad = AimStatement { what: long(), how_much: long(), for_whom: part("a\nb"), by_when: Some(day("2300-01-01")) };
    let wrong = [
        "aim.what text.too_long",
        "aim.how_much text.too_long",
        "aim.for_whom text.character",
        "aim.by_when date.range",
    ];
    assert_eq!(world.wrong(|| host.add_goal(new(bad.clone()))), refused(ErrorKind::InvalidInput, &wrong));
    assert_eq!(world.wrong(|| host.revise_goal(edit(bad.clone()))), refused(ErrorKind::InvalidInput, &wrong));
}

#[test]
fn a_goal_is_met_dropped_or_superseded_once() {
    let world = World::new();
    let host = world.cop.steward();
    let problem = || host.add_goal(NewGoal::new("problem", "P")).unwrap().id;
    let (met, dropped, old, new) = (problem(), problem(), problem(), problem());
    assert_eq!(host.close_goal(closing(met, "met", None)).unwrap().status, GoalStatus::Met);
    assert_eq!(host.close_goal(closing(dropped, "dropped", None)).unwrap().status, GoalStatus::Dropped);

    let wrong = |input: GoalClosing| world.wrong(|| host.close_goal(input.clone()));
    let invalid = |problem: &str| refused(ErrorKind::InvalidInput, &[problem]);
    assert_eq!(wrong(closing(old, "open", None)), invalid("status goal.not_closed"));
    assert_eq!(wrong(closing(old, "done", None)), invalid("status code.unknown"));
    assert_eq!(wrong(closing(old, "superseded", None)), invalid("superseded_by goal.heir_required"));
    assert_eq!(wrong(closing(old, "met", Some(new))), invalid("superseded_by goal.heir_unexpected"));
    assert_eq!(wrong(closing(old, "superseded", Some(old))), invalid("superseded_by goal.own_heir"));
    let goal = host.add_goal(NewGoal::new("goal", "G")).unwrap().id;
    let heir_kind = refused(ErrorKind::Precondition, &["superseded_by goal.heir_kind"]);
    assert_eq!(wrong(closing(old, "superseded", Some(goal))), heir_kind);

    let closed = host.close_goal(closing(old, "superseded", Some(new))).unwrap();
    assert_eq!((closed.status, closed.superseded_by), (GoalStatus::Superseded, Some(new)));
    // Nothing takes the place of what took its place, however many steps lie between.
    let newer = problem();
    host.close_goal(closing(new, "superseded", Some(newer))).unwrap();
    let round = refused(ErrorKind::Precondition, &["superseded_by goal.heir_cycle"]);
    assert_eq!(wrong(closing(newer, "superseded", Some(old))), round);
    assert_eq!(wrong(closing(newer, "superseded", Some(new))), round);
    assert!(host.close_goal(closing(newer, "superseded", Some(met))).is_ok(), "by one that is met already");
}

#[test]
fn a_closed_goal_stays_as_it_is() {
    let world = World::new();
    let host = world.cop.steward();
    let theory = Theory::new(&host);
    let (aim, goal) = (theory.of("aim"), theory.of("goal"));
    host.close_goal(closing(aim, "dropped", None)).unwrap();
    let closed = |more: &[&str]| refused(ErrorKind::Precondition, &[&["goal goal.closed"], more].concat());
    let edit = GoalEdit { title: Some("New".into()), ..GoalEdit::new(aim) };
    assert_eq!(world.wrong(|| host.revise_goal(edit.clone())), closed(&[]));
    assert_eq!(world.wrong(|| host.link_goal(link(aim, goal))), closed(&[]));
    let last = closed(&["parent goal.parent_required"]);
    assert_eq!(world.wrong(|| host.unlink_goal(link(aim, theory.of("problem")))), last);
    assert_eq!(world.wrong(|| host.close_goal(closing(aim, "met", None))), closed(&[]));
    let both = closing(aim, "superseded", Some(goal));
    assert_eq!(world.wrong(|| host.close_goal(both.clone())), closed(&["superseded_by goal.heir_kind"]));
    assert_eq!(host.goal(aim).unwrap().status, GoalStatus::Dropped);
}

/// Whatever people put below whatever, no goal is above itself, no driver is below three, and none of those that
/// need one is without a parent.
#[test]
fn random_linking_keeps_the_theory_a_graph() {
    for seed in 0..number("GOAL_HISTORIES", 6) {
        let world = World::new();
        let host = world.cop.steward();
        let mut random = Random::new(seed);
        let mut all: Vec<GoalId> = Theory::new(&host).goals.into_values().collect();
        let (mut done, mut refused) = (0, 0);
        for _ in 0..150 {
            let (goal, parent) = (random.pick(&all).unwrap(), random.pick(&all).unwrap());
            let answer = match random.below(4) {
                0 => {
                    let kind = random.pick(&["driver", "driver", "objective", "aim", "change_idea"]).unwrap();
                    let year = random.pick(&["2021-22", "2022-23", "2023-24"]).unwrap();
                    let new = NewGoal::new(kind, "R").with_parent(parent).with_school_year(year);
                    host.add_goal(new).map(|goal| all.push(goal.id))
                }
                1 => host.unlink_goal(link(goal, parent)).map(drop),
                _ => host.link_goal(link(goal, parent)).map(drop),
            };
            match answer {
                Ok(()) => done += 1,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Precondition, "seed {seed}: {error}");
                    refused += 1;
                }
            }
        }
        let goals: BTreeMap<GoalId, Goal> = all.iter().map(|&id| (id, host.goal(id).unwrap())).collect();
        for goal in goals.values() {
            let drivers = deepest(&goals, goal, &mut Vec::new());
            assert!(drivers <= 3, "seed {seed}: {drivers} drivers deep");
            assert!(goal.kind.stands_alone() || !goal.parents.is_empty(), "seed {seed}");
        }
        assert!(done > 20 && refused > 20, "seed {seed} tried something: {done}, {refused}");
    }
}

/// How many drivers lie on the way up from a goal, itself among them; stops at a cycle.
fn deepest(goals: &BTreeMap<GoalId, Goal>, goal: &Goal, path: &mut Vec<GoalId>) -> usize {
    assert!(!path.contains(&goal.id), "a goal is above itself");
    path.push(goal.id);
    let above = goal.parents.iter().map(|parent| deepest(goals, &goals[parent], path)).max().unwrap_or(0);
    path.pop();
    above + usize::from(goal.kind == GoalKind::Driver)
}
