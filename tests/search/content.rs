//! What random records say, and the inputs that make and change them.

use chrono::{NaiveDateTime, TimeDelta};
use cop_core::{
    ConveningEdit, ConveningId, CycleEdit, CycleId, ExternalId, GoalEdit, GoalId, NewAlignment, NewConvening, NewCycle,
    NewGoal, NewResource, NewStory, ResourceEdit, ResourceId, SearchQuery, SearchSort, StoryEdit, StoryId, TeamId,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Few enough that they meet often.
const WORDS: &[&str] = &[
    "fraction",
    "fractions",
    "Fracción",
    "fracciones",
    "number",
    "line",
    "area",
    "áreas",
    "5.NF.B.3",
    "5NFB3",
    "5.NF.A.1",
    "3/4",
    "½",
    "2.5",
    "50%",
    "-3",
    "2x²",
    "y = mx + b",
    "the",
    "ratio-table",
    "line",
    "number",
    "recta numérica",
];
const LANGUAGES: &[&str] = &["en", "es", "es-419", "fr"];
const KINDS: &[&str] = &["task", "video", "rubric"];
const GRADES: &[&str] = &["KG", "03", "05"];
const SUBJECTS: &[&str] = &["Mathematics", "science"];
const STANDARDS: &[&str] = &["5.NF.B.3", "5.NF.A.1", "3.NF.A.2.a", "MP1"];
const YEARS: &[&str] = &["2020-21", "2021-22"];
const LICENCES: &[&str] = &["CC-BY-4.0", "MIT"];

/// What a record says; of what its kind has no place for, nothing comes.
#[derive(Clone, Debug)]
pub struct Content {
    pub title: Vec<&'static str>,
    description: Vec<&'static str>,
    pub body: Vec<&'static str>,
    tags: Vec<&'static str>,
    language: &'static str,
    kind: &'static str,
    grades: Vec<&'static str>,
    subjects: Vec<&'static str>,
    standards: Vec<&'static str>,
    year: Option<&'static str>,
    licence: Option<&'static str>,
}

pub fn content() -> impl Strategy<Value = Content> {
    let texts =
        (vec(select(WORDS), 1..4), vec(select(WORDS), 0..8), vec(select(WORDS), 0..30), vec(select(WORDS), 0..3));
    let facets = (select(LANGUAGES), select(KINDS), vec(select(GRADES), 0..3), vec(select(SUBJECTS), 0..3));
    let more = (vec(select(STANDARDS), 0..3), option::of(select(YEARS)), option::of(select(LICENCES)));
    (texts, facets, more).prop_map(|((title, description, body, tags), (language, kind, grades, subjects), more)| {
        let (standards, year, licence) = more;
        Content { title, description, body, tags, language, kind, grades, subjects, standards, year, licence }
    })
}

/// The days on which random records are made; see `life`.
const DAYS: &[&str] = &["2023-11-14", "2023-11-15", "2023-11-16", "2023-11-17"];

fn piece() -> impl Strategy<Value = String> {
    let word = select(WORDS).prop_map(str::to_owned);
    let phrase = vec(select(WORDS), 1..4).prop_map(|words| format!("\"{}\"", words.join(" ")));
    let prefix = select(&["frac*", "Fracci*", "nu*", "5.NF*", "li*", "ár*", "a*", "zz*"][..]).prop_map(str::to_owned);
    let filter = select(
        &["kind:video", "kind:task,goal", "grade:5", "lang:es", "record:goal,story", "standard:5.NF", "year:2021"][..],
    );
    let filter = filter.prop_map(str::to_owned);
    let junk = select(&["((", "\"", "-", "-3", "AND", "OR", "*", "zzz", "grade:potato", "foo:bar", "after:x"][..]);
    let slip = select(&["fractoin", "nubmer", "lne", "areaa", "fraccoin", "rubirc"][..]).prop_map(str::to_owned);
    prop_oneof![12 => word, 4 => phrase, 3 => prefix, 1 => slip, 1 => filter, 2 => junk.prop_map(str::to_owned)]
}

/// A piece, an exclusion, or alternatives.
fn clause() -> impl Strategy<Value = String> {
    let not = prop::bool::weighted(0.15);
    let single = (piece(), not).prop_map(|(piece, not)| format!("{}{piece}", if not { "-" } else { "" }));
    let filter = select(&["kind:task", "grade:KG,03", "lang:es", "record:goal"][..]).prop_map(str::to_owned);
    let several = vec(prop_oneof![3 => piece(), 1 => filter], 2..4).prop_map(|pieces| pieces.join(" OR "));
    prop_oneof![5 => single, 1 => several]
}

pub fn query() -> impl Strategy<Value = SearchQuery> {
    let filters = (
        option::weighted(0.08, select(&["task", "video", "rubric", "goal", "story"][..])),
        option::weighted(0.08, select(GRADES)),
        option::weighted(0.08, select(SUBJECTS)),
        option::weighted(0.08, select(&["5.NF", "5.NF.3", "3.NF.2a", "5", "?"][..])),
        option::weighted(0.08, select(LANGUAGES)),
        option::weighted(0.05, select(YEARS)),
    );
    let days = (option::weighted(0.08, select(DAYS)), option::weighted(0.08, select(DAYS)));
    let records = vec(select(&cop_core::search::SEARCHED[..]), 0..3);
    let records = option::weighted(0.2, records);
    let offset = prop_oneof![3 => Just(0usize), 1 => 0..4usize];
    let sort = prop_oneof![
        4 => Just(SearchSort::Relevance),
        1 => select(vec![SearchSort::Newest, SearchSort::Oldest, SearchSort::Title]),
    ];
    let sometimes = prop::bool::weighted;
    let page = (offset, 0..12usize, sometimes(0.8), sometimes(0.2), sometimes(0.15), sometimes(0.2), sort);
    (vec(clause(), 0..5), filters, days, records, page).prop_map(|(clauses, filters, days, records, page)| {
        let (offset, limit, facets, explain, widen, prefer_recent, sort) = page;
        let mut query = SearchQuery::new(clauses.join(" ")).with_offset(offset).with_limit(limit).with_sort(sort);
        (query.facets, query.explain, query.widen) = (facets, explain, widen);
        query.prefer_recent = prefer_recent;
        query.records.extend(records.into_iter().flatten());
        let (kind, grade, subject, standard, language, year) = filters;
        query.kinds.extend(kind.map(|code| code.parse::<cop_core::ResourceKind>().expect("a kind")));
        query.grades.extend(grade.map(|code| code.parse::<cop_core::Grade>().expect("a grade")));
        query.subjects.extend(subject.map(str::to_uppercase));
        query.standards.extend(standard.map(str::to_owned));
        query.languages.extend(language.map(|code| code.parse::<cop_core::Language>().expect("a language")));
        query.school_years.extend(year.map(|code| code.parse::<cop_core::SchoolYear>().expect("a year")));
        query.created_from = days.0.map(|day| day.parse().expect("a day"));
        query.created_before = days.1.map(|day| day.parse().expect("a day"));
        query
    })
}

impl Content {
    pub fn new_resource(&self, id: &str) -> NewResource {
        NewResource {
            kind: self.kind.to_owned(),
            title: self.title.join(" "),
            description: self.description.join(" "),
            body: self.body.join(", "),
            language: Some(self.language.to_owned()),
            grades: owned(&self.grades),
            subjects: owned(&self.subjects),
            alignments: self.alignments(),
            tags: owned(&self.tags),
            licence: self.licence.map(str::to_owned),
            school_year: self.year.map(str::to_owned),
            external_ids: vec![ExternalId::new("test", id)],
            ..NewResource::default()
        }
    }

    pub fn edit(&self, id: ResourceId) -> ResourceEdit {
        ResourceEdit {
            kind: Some(self.kind.to_owned()),
            title: Some(self.title.join(" ")),
            description: Some(self.description.join(" ")),
            body: Some(self.body.join(", ")),
            language: Some(self.language.to_owned()),
            grades: Some(owned(&self.grades)),
            subjects: Some(owned(&self.subjects)),
            alignments: Some(self.alignments()),
            tags: Some(owned(&self.tags)),
            licence: self.licence.map(str::to_owned),
            school_year: self.year.map(str::to_owned),
            ..ResourceEdit::new(id)
        }
    }

    fn alignments(&self) -> Vec<NewAlignment> {
        let new = |code: &&str| NewAlignment { code: (*code).to_owned(), standard: None, kind: None };
        self.standards.iter().map(new).collect()
    }

    pub fn new_story(&self, team: Option<TeamId>) -> NewStory {
        NewStory {
            kind: "testimonial".to_owned(),
            title: self.title.join(" "),
            body: format!("{}.", self.body.join(", ")),
            language: Some(self.language.to_owned()),
            team,
            ..NewStory::default()
        }
    }

    pub fn new_goal(&self, team: Option<TeamId>, audience: String) -> NewGoal {
        NewGoal {
            kind: "problem".to_owned(),
            title: self.title.join(" "),
            body: self.body.join(", "),
            team,
            school_year: self.year.map(str::to_owned),
            visibility: Some(audience),
            ..NewGoal::default()
        }
    }

    pub fn new_cycle(&self, team: TeamId, audience: String) -> NewCycle {
        NewCycle {
            question: self.description.join(" "),
            lenses: owned(&self.tags),
            school_year: self.year.map(str::to_owned),
            visibility: Some(audience),
            ..NewCycle::new(team, "pdsa", self.title.join(" "))
        }
    }

    pub fn new_convening(&self, team: Option<TeamId>, audience: String) -> NewConvening {
        let starts: NaiveDateTime = "2023-11-20T15:30:00".parse().expect("a time");
        let ends = starts + TimeDelta::hours(2);
        NewConvening {
            body: self.body.join(", "),
            teams: team.into_iter().collect(),
            join_url: Some("https://example.org/join".to_owned()),
            topics: owned(&self.tags),
            visibility: Some(audience),
            ..NewConvening::new("workshop", self.title.join(" "), starts, ends, "UTC")
        }
    }

    pub fn edit_story(&self, story: StoryId) -> StoryEdit {
        let body = format!("{}.", self.body.join(", "));
        StoryEdit { title: Some(self.title.join(" ")), body: Some(body), ..StoryEdit::new(story) }
    }

    pub fn edit_goal(&self, goal: GoalId) -> GoalEdit {
        GoalEdit { title: Some(self.title.join(" ")), body: Some(self.body.join(", ")), ..GoalEdit::new(goal) }
    }

    pub fn edit_cycle(&self, cycle: CycleId) -> CycleEdit {
        CycleEdit {
            title: Some(self.title.join(" ")),
            question: Some(self.description.join(" ")),
            lenses: Some(owned(&self.tags)),
            ..CycleEdit::new(cycle)
        }
    }

    pub fn edit_convening(&self, convening: ConveningId) -> ConveningEdit {
        ConveningEdit {
            title: Some(self.title.join(" ")),
            body: Some(self.body.join(", ")),
            topics: Some(owned(&self.tags)),
            ..ConveningEdit::new(convening)
        }
    }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
