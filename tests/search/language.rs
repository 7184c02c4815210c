//! What a text asks for, and queries as texts and back.

use cop_core::{
    ConsentOf, MemberId, NewCycle, NewResource, NewStory, ResourceKind, SearchQuery, SearchSort, Session, StandardCode,
    TeamId, Visibility,
};
use cop_search::TantivyIndex;
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::world::{Checked, Count, World};

const CASES: u32 = 10_000;

/// Texts that are out to do harm.
fn text() -> impl Strategy<Value = String> {
    let parts = &[
        "a",
        "fractions",
        "5.NF.B.3",
        "\"",
        "\"\"",
        "“",
        "”",
        "-",
        "--",
        "OR",
        " OR ",
        "or",
        "*",
        "frac*",
        ":",
        ",",
        "(",
        "grade:",
        "grade:5",
        "Grade:K,potato",
        "kind:task",
        "kind:\"lesson plan\"",
        "subject:\"a b\"",
        "subject:\"",
        "standard:5.NF",
        "standard:?",
        "team:",
        "team:Fractions",
        "by:me",
        "by:",
        "lang:es",
        "year:2024",
        "year:2024-25",
        "after:2024-01-31",
        "before:x",
        "record:story",
        "foo:bar",
        "\0",
        "\n",
        "\u{301}",
        "分",
        " ",
        "  ",
        "\u{a0}",
        "\\",
        "-3",
        "-3/4",
        "-5.NF",
        "AND",
        "NOT",
        "\u{202e}",
    ][..];
    let part = prop_oneof![8 => select(parts).prop_map(str::to_owned), 1 => any::<String>()];
    vec((part, select(&["", " "][..])), 0..12)
        .prop_map(|parts| parts.into_iter().flat_map(|(part, space)| [part, space.to_owned()]).collect())
}

/// Queries as programs build them, of whatever users typed.
fn built() -> impl Strategy<Value = SearchQuery> {
    let codes = |codes: &'static [&'static str]| btree_set(select(codes), 0..3);
    let days = option::of(-800_000..3_000_000i32);
    let ids = || btree_set(any::<u128>(), 0..3);
    let vocabularies = (
        codes(&["resource", "story", "goal"]),
        codes(&["task", "video", "x.y-z:1"]),
        codes(&["KG", "05", "Other"]),
        codes(&["en", "es-419", "zh-Hant"]),
        codes(&["2020-21", "1999-00"]),
    );
    let standard = text().prop_filter("a code", |code| StandardCode::new(code).is_some());
    let free = (btree_set(text(), 0..3), btree_set(standard, 0..3));
    (text(), vocabularies, free, ids(), ids(), days.clone(), days).prop_map(
        |(text, (records, kinds, grades, languages, years), (subjects, standards), teams, by, from, before)| {
            let day = |days| chrono::NaiveDate::from_num_days_from_ce_opt(days);
            SearchQuery {
                records: records.iter().map(|name| cop_core::RecordKind::parse(name).expect("a kind")).collect(),
                kinds: kinds.iter().map(|code| code.parse().expect("a kind")).collect(),
                grades: grades.iter().map(|code| code.parse().expect("a grade")).collect(),
                languages: languages.iter().map(|code| code.parse().expect("a language")).collect(),
                school_years: years.iter().map(|code| code.parse().expect("a year")).collect(),
                subjects,
                standards,
                teams: teams.into_iter().map(|id| TeamId::new(uuid::Uuid::from_u128(id))).collect(),
                by: by.into_iter().map(|id| MemberId::new(uuid::Uuid::from_u128(id))).collect(),
                created_from: from.and_then(day),
                created_before: before.and_then(day),
                ..SearchQuery::new(text)
            }
        },
    )
}

fn hold<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    if let Err(error) = TestRunner::new(config).run(&strategy, property) {
        panic!("{error}");
    }
}

#[test]
fn every_text_is_read_once_and_for_all() {
    hold(text(), |text| {
        let query = SearchQuery::parse(&text);
        prop_assert_eq!(query.clone().parsed(), query.clone());
        prop_assert_eq!(SearchQuery::parse(&query.text), SearchQuery::new(query.text.clone()));
        prop_assert_eq!(SearchQuery::parse(&query.to_text()), query);
        Ok(())
    });
}

#[test]
fn queries_are_what_their_texts_say() {
    hold(built(), |query| {
        let read = SearchQuery::parse(&query.to_text());
        prop_assert_eq!(&read, &query.clone().parsed());
        if SearchQuery::parse(&query.text).text == query.text {
            prop_assert_eq!(read, query);
        }
        Ok(())
    });
}

#[test]
fn what_people_type_is_understood() {
    let filters = SearchQuery::parse(
        "fractions Grade:K,5 kind:Task,\"lesson plan\" record:story lang:es year:2024 year:2025-26 \
         after:2024-07-01 before:2025-07-01 subject:\"language arts\",math standard:5.NF",
    );
    let expected = SearchQuery::new("fractions")
        .with_grade("KG".parse().expect("a grade"))
        .with_grade("05".parse().expect("a grade"))
        .with_kind(ResourceKind::Task)
        .with_kind(ResourceKind::LessonPlan)
        .with_record(cop_core::RecordKind::Story)
        .with_language("es".parse().expect("a language"))
        .with_school_year("2024-25".parse().expect("a year"))
        .with_school_year("2025-26".parse().expect("a year"))
        .with_created_from("2024-07-01".parse().expect("a day"))
        .with_created_before("2025-07-01".parse().expect("a day"))
        .with_subject("language arts")
        .with_subject("math")
        .with_standard("5.NF");
    assert_eq!(filters, expected);
    // Of a value that is not understood, and of alternatives and exclusions, the text stays.
    for text in ["grade:potato x", "grade:5 OR grade:4", "-grade:5", "foo:bar", "team:Fractions", "grade: 5"] {
        assert_eq!(SearchQuery::parse(text), SearchQuery::new(text));
    }
    assert_eq!(SearchQuery::parse("grade:5,potato").text, "grade:potato");
}

/// Resources, their letters for titles; each is made a day after the one before.
fn library() -> (World, Count) {
    let count = Count::default();
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &count));
    let add = |title: &str, kind: &str, body: &str, with: &dyn Fn(NewResource) -> NewResource| {
        let new = NewResource::new(kind, title).with_body(body).with_visibility(Visibility::Public).published();
        world.cop.as_member(world.members[1]).expect("Ben").add_resource(with(new)).expect("a resource");
        world.clock.pass(24);
    };
    let grade = |grade: &'static str| move |new: NewResource| new.with_grade(grade);
    add("A", "task", "Fractions on a number line.", &grade("05"));
    add("B", "task", "Decimals on a number line. Compare -3 and 3.", &grade("04"));
    add("C", "video", "Fractals: a number, a line.", &grade("05"));
    add("D", "rubric", "Geometry and geometric terms.", &|new| {
        new.with_subject("Language Arts").with_standard("5.NF.B.3")
    });
    add("E", "task", "Nothing of the kind.", &|new| NewResource { language: Some("es".to_owned()), ..new });
    (world, count)
}

fn found(session: &Session, text: &str) -> String {
    found_by(session, SearchQuery::new(text))
}

fn found_by(session: &Session, query: SearchQuery) -> String {
    let query = query.with_sort(SearchSort::Title);
    session.search(query).expect("an answer").hits.into_iter().map(|hit| hit.title).collect()
}

#[test]
fn texts_find_what_they_ask_for() {
    let (world, count) = library();
    let guest = world.cop.as_guest();
    let table = [
        ("fractions decimals", "AB"),
        ("fractions OR decimals", "AB"),
        ("\"number line\"", "AB"),
        ("\"number line\" geometry", "AB"),
        ("\"number line\" OR geometry", "ABD"),
        ("\"number line\" OR geometry fractions", "ABD"),
        ("\"number line\" OR kind:rubric", "ABD"),
        // Alternatives of which one says nothing of the text narrow as a filter does.
        ("\"number line\" OR kind:rubric compare", "B"),
        ("grade:5 OR kind:rubric", "ACD"),
        ("grade:5 OR kind:rubric geometry", "D"),
        ("grade:5 OR kind:rubric \"number line\"", "A"),
        ("grade:5", "AC"),
        ("grade:4,5 -grade:4", "AC"),
        ("grade:5 grade:4", "ABC"),
        ("grade:5 kind:task", "A"),
        ("-kind:task,video", "D"),
        ("-\"number line\"", "CDE"),
        ("subject:\"language arts\"", "D"),
        ("standard:5.NF", "D"),
        ("5.NF.B.3", "D"),
        ("5.NF*", "D"),
        ("lang:es", "E"),
        ("after:2023-11-16", "CDE"),
        ("before:2023-11-16", "AB"),
        ("after:2023-11-15 before:2023-11-17", "BC"),
        ("frac*", "AC"),
        ("fractio*", "A"),
        ("geom*", "D"),
        ("ge* -geometr*", ""),
        ("frac* OR kind:rubric", "ACD"),
        ("-frac*", "BDE"),
        ("g*", ""),
        ("zz*", ""),
        ("-3", "B"),
        ("number -\"3\"", "AC"),
        ("foo:bar line", "ABC"),
        ("OR", ""),
        ("line OR", "ABC"),
        ("the OR \"number line\"", "AB"),
        ("grade:potato line", "ABC"),
        ("grade:potato OR grade:4", "B"),
    ];
    for (text, expected) in table {
        assert_eq!(found(&guest, text), expected, "{text}");
        assert_eq!(found_by(&guest, SearchQuery::parse(text)), expected, "{text}");
    }
    assert_eq!(count.get(), 2 * table.len() as u64);
}

#[test]
fn what_is_not_understood_is_said() {
    let (world, _) = library();
    for (text, expected) in [
        ("grade:5 line", &[][..]),
        ("grade:potato", &["grade:potato"]),
        ("Grade:5,potato,\"a b\" line", &["Grade:potato,\"a b\""]),
        ("-grade:4,x", &["-grade:x"]),
        ("grade:x OR grade:5", &["grade:x"]),
        ("after:yesterday -before:2024-01-01", &["after:yesterday", "-before:2024-01-01"]),
        ("after:2024-01-01 OR grade:5", &["after:2024-01-01"]),
        ("by:Ben team:Nobody", &["by:Ben", "team:Nobody"]),
        ("standard:??? year:20 lang:!", &["standard:???", "year:20", "lang:!"]),
        ("kind:!", &["kind:!"]),
        ("foo:bar grade: 5", &[]),
    ] {
        let answer = world.cop.as_guest().search(text).expect("an answer");
        assert_eq!(answer.not_understood, expected, "{text}");
    }
}

#[test]
fn teams_are_named_to_those_who_see_them() {
    let (world, _) = library();
    let (ben, cyd) = (world.members[1], world.members[2]);
    let ben = world.cop.as_member(ben).expect("Ben");
    let new = NewResource { team: Some(world.teams[0]), ..NewResource::new("task", "F").with_body("Text.") };
    ben.add_resource(new.with_visibility(Visibility::Public).published()).expect("a resource");
    let cyd = world.cop.as_member(cyd).expect("Cyd");
    for text in ["team:fractions", "team:\"FRACTIONS\"", &format!("team:{}", world.teams[0]), "team:fractions,Geometry"]
    {
        assert_eq!(found(&cyd, text), "F", "{text}");
    }
    assert_eq!(found(&cyd, "-team:fractions"), "ABCDE");
    assert_eq!(found(&cyd, "kind:rubric OR team:fractions"), "DF");
    // Guests see no teams: one that is hidden and one that is not there are the same.
    for name in ["Fractions", "Nobody"] {
        let answer = world.cop.as_guest().search(format!("team:{name}").as_str()).expect("an answer");
        assert_eq!(answer.not_understood, [format!("team:{name}")]);
        assert_eq!(answer.total, 6);
    }
}

#[test]
fn members_are_named_to_those_who_see_them() {
    let (world, _) = library();
    let [ana, ben] = [0, 1].map(|who| world.cop.as_member(world.members[who]).expect("a member"));
    let new = NewResource::new("task", "F").with_body("Text.").with_visibility(Visibility::Public);
    ana.add_resource(new.published()).expect("a resource");
    assert_eq!((found(&ben, "by:me"), found(&ana, "by:ME")), ("ABCDE".to_owned(), "F".to_owned()));
    for text in ["by:\"Ben Ruiz\"", "by:\"ben ruiz\"", &format!("by:{}", world.members[1])] {
        assert_eq!(found(&ana, text), "ABCDE", "{text}");
    }
    assert_eq!((found(&ana, "-by:me"), found(&ana, "by:me,\"Ben Ruiz\"")), ("ABCDE".to_owned(), "ABCDEF".to_owned()));
    // Guests see no members, and the host is none.
    for (session, name) in
        [(world.cop.as_guest(), "\"Ben Ruiz\""), (world.cop.as_guest(), "me"), (world.cop.steward(), "me")]
    {
        let answer = session.search(format!("by:{name}").as_str()).expect("an answer");
        assert_eq!((answer.total, answer.not_understood), (6, vec![format!("by:{name}")]));
    }
}

#[test]
fn who_made_it_is_found_where_it_may_be_known() {
    let (world, _) = library();
    let [_, ben, cyd, dan, ..] = world.members[..] else { panic!("six members") };
    let me = |member| world.cop.as_member(member).expect("a member");
    let story = |title: &str, attribution: Option<&str>| {
        let new = NewStory { kind: "testimonial".to_owned(), ..NewStory::default() };
        let new = NewStory { title: title.to_owned(), body: "It helped.".to_owned(), ..new };
        let story = me(cyd).tell_story(new).expect("a story").id;
        let (scope, attribution) = ("public".to_owned(), attribution.map(str::to_owned));
        me(cyd).grant_consent(ConsentOf { story, scope, attribution }).expect("consent");
    };
    story("N", Some("name"));
    story("U", Some("anonymous"));
    let cycle = NewCycle { visibility: Some("public".to_owned()), ..NewCycle::new(world.teams[0], "pdsa", "Y") };
    me(ben).start_cycle(cycle).expect("a cycle");
    let guest = world.cop.as_guest();
    assert_eq!(found(&guest, &format!("by:{ben}")), "ABCDEY");
    assert_eq!(found(&guest, &format!("by:{cyd}")), "N");
    assert_eq!(found(&guest, &format!("by:{cyd},{ben} -kind:task")), "CDNY");
    assert_eq!(found(&guest, &format!("by:{dan}")), "");
    // Nobody learns who told an unnamed story; they themselves know.
    assert_eq!(found(&me(ben), &format!("by:{cyd}")), "N");
    assert_eq!(found(&world.cop.steward(), &format!("by:{cyd}")), "N");
    assert_eq!(found(&me(cyd), &format!("by:{cyd}")), "NU");
    assert_eq!(found(&guest, &format!("record:story -by:{cyd}")), "U");
}

#[test]
fn prefixes_stand_for_what_is_seen() {
    let count = Count::default();
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &count));
    let host = world.cop.steward();
    let add = |body: String, visibility| {
        let new = NewResource::new("task", "T").with_body(body).with_visibility(visibility).published();
        host.add_resource(new).expect("a resource");
    };
    // Sixty words, of which the last ten are in two resources; and hidden ones in which the first are often.
    (0..60).for_each(|n| add(format!("qu{n}x"), Visibility::Public));
    (50..60).for_each(|n| add(format!("qu{n}x"), Visibility::Public));
    (0..20).for_each(|n| add(format!("qu{n}x qu{}x qu77x", 59 - n), Visibility::Community));
    let total = |text: &str| world.cop.as_guest().search(text).expect("an answer").total;
    // The ten of two resources, and of equals the first forty.
    assert_eq!(total("qu*"), 20 + 40);
    assert_eq!(total("qu7*"), 1);
    assert_eq!(total("qu77*"), 0);
    assert_eq!(total("qu7x*"), 1);
}
