//! P2 and P3: random communities, viewers and queries; with a mutant that must be caught.

use cop_core::search::{Analyzer, Document, IndexError, ScanIndex, SearchIndex, SearchSource};
use cop_core::{
    Error, ErrorKind, ExternalId, GrantOf, NewAlignment, NewResource, PageRequest, Resource, ResourceEdit,
    ResourceFilter, ResourceId, SealOf, SearchHits, SearchQuery, Session, TeamRolesOf, Viewer, VisibilityOf,
};
use cop_search::{EduAnalyzer, TantivyIndex};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::world::{Checked, Count, World, options};

const CASES: u64 = 10_000;
const HISTORIES: u32 = 85;

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
    "the",
    "ratio-table",
    "line",
    "number",
];
const LANGUAGES: &[&str] = &["en", "es", "es-419", "fr"];
const KINDS: &[&str] = &["task", "video", "rubric"];
const GRADES: &[&str] = &["KG", "03", "05"];
const SUBJECTS: &[&str] = &["Mathematics", "science"];
const STANDARDS: &[&str] = &["5.NF.B.3", "5.NF.A.1", "3.NF.A.2.a", "MP1"];
const YEARS: &[&str] = &["2020-21", "2021-22"];
const LICENCES: &[&str] = &["CC-BY-4.0", "MIT"];

#[derive(Clone, Debug)]
struct Content {
    title: Vec<&'static str>,
    description: Vec<&'static str>,
    body: Vec<&'static str>,
    tags: Vec<&'static str>,
    language: &'static str,
    kind: &'static str,
    grades: Vec<&'static str>,
    subjects: Vec<&'static str>,
    standards: Vec<&'static str>,
    year: Option<&'static str>,
    licence: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Step {
    /// Owner (the host from 6 on), team (none from 2 on), audience, and whether it is published at once.
    Add {
        content: Content,
        owner: usize,
        team: usize,
        audience: usize,
        published: bool,
    },
    Revise {
        which: usize,
        content: Content,
    },
    Publish(usize),
    Retire(usize),
    Show {
        which: usize,
        audience: usize,
    },
    Grant {
        which: usize,
        grantee: usize,
        take_back: bool,
    },
    Seal(usize, bool),
    Delete(usize),
    Lead(usize, bool),
    EndMembership(usize),
    Ask {
        viewer: usize,
        queries: Vec<SearchQuery>,
    },
}

fn content() -> impl Strategy<Value = Content> {
    let texts =
        (vec(select(WORDS), 1..4), vec(select(WORDS), 0..8), vec(select(WORDS), 0..30), vec(select(WORDS), 0..3));
    let facets = (select(LANGUAGES), select(KINDS), vec(select(GRADES), 0..3), vec(select(SUBJECTS), 0..3));
    let more = (vec(select(STANDARDS), 0..3), option::of(select(YEARS)), option::of(select(LICENCES)));
    (texts, facets, more).prop_map(|((title, description, body, tags), (language, kind, grades, subjects), more)| {
        let (standards, year, licence) = more;
        Content { title, description, body, tags, language, kind, grades, subjects, standards, year, licence }
    })
}

fn query() -> impl Strategy<Value = SearchQuery> {
    let word = select(WORDS).prop_map(str::to_owned);
    let phrase = vec(select(WORDS), 1..4).prop_map(|words| format!("\"{}\"", words.join(" ")));
    let junk = select(&["((", "\"", "-", "AND", "*", "zzz", "kind:task"][..]).prop_map(str::to_owned);
    let piece = prop_oneof![6 => word, 2 => phrase, 1 => junk];
    let piece =
        (piece, prop::bool::weighted(0.15)).prop_map(|(piece, not)| format!("{}{piece}", if not { "-" } else { "" }));
    let filters = (
        option::weighted(0.15, select(KINDS)),
        option::weighted(0.15, select(GRADES)),
        option::weighted(0.15, select(SUBJECTS)),
        option::weighted(0.2, select(&["5.NF", "5.NF.3", "3.NF.2a", "5", "?"][..])),
        option::weighted(0.15, select(LANGUAGES)),
        option::weighted(0.1, select(YEARS)),
    );
    let page = (0..4usize, 0..12usize, prop::bool::weighted(0.8));
    (vec(piece, 0..5), filters, page).prop_map(|(pieces, filters, (offset, limit, facets))| {
        let mut query = SearchQuery::new(pieces.join(" ")).with_offset(offset).with_limit(limit);
        query.facets = facets;
        let (kind, grade, subject, standard, language, year) = filters;
        query.kinds.extend(kind.map(|code| code.parse::<cop_core::ResourceKind>().expect("a kind")));
        query.grades.extend(grade.map(|code| code.parse::<cop_core::Grade>().expect("a grade")));
        query.subjects.extend(subject.map(str::to_uppercase));
        query.standards.extend(standard.map(str::to_owned));
        query.languages.extend(language.map(|code| code.parse::<cop_core::Language>().expect("a language")));
        query.school_years.extend(year.map(|code| code.parse::<cop_core::SchoolYear>().expect("a year")));
        query
    })
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..25usize;
    prop_oneof![
        8 => (content(), 0..8usize, 0..6usize, 0..8usize, any::<bool>())
            .prop_map(|(content, owner, team, audience, published)| Step::Add { content, owner, team, audience, published }),
        3 => (which.clone(), content()).prop_map(|(which, content)| Step::Revise { which, content }),
        2 => which.clone().prop_map(Step::Publish),
        1 => which.clone().prop_map(Step::Retire),
        3 => (which.clone(), 0..8usize).prop_map(|(which, audience)| Step::Show { which, audience }),
        2 => (which.clone(), 0..9usize, prop::bool::weighted(0.3))
            .prop_map(|(which, grantee, take_back)| Step::Grant { which, grantee, take_back }),
        2 => (which.clone(), any::<bool>()).prop_map(|(which, sealed)| Step::Seal(which, sealed)),
        2 => which.prop_map(Step::Delete),
        1 => (0..4usize, any::<bool>()).prop_map(|(which, lead)| Step::Lead(which, lead)),
        1 => (0..4usize).prop_map(Step::EndMembership),
        6 => (0..8usize, vec(query(), 10..14)).prop_map(|(viewer, queries)| Step::Ask { viewer, queries }),
    ]
}

/// A community that is lived through.
struct Life {
    world: World,
    resources: Vec<ResourceId>,
    added: usize,
}

impl Life {
    fn new(index: impl SearchIndex + 'static) -> Self {
        Self { world: World::in_memory(index), resources: Vec::new(), added: 0 }
    }

    /// The session of a member, of the host, or of a guest.
    fn session(&self, who: usize) -> Session {
        match (self.world.members.get(who), who % 2) {
            (Some(&member), _) => self.world.cop.as_member(member).expect("a member"),
            (None, 0) => self.world.cop.steward(),
            _ => self.world.cop.as_guest(),
        }
    }

    fn audience(&self, which: usize) -> String {
        match which {
            0 | 1 => "public".to_owned(),
            2 => "community".to_owned(),
            3 => "private".to_owned(),
            4 | 5 => format!("team:{}", self.world.teams[which - 4]),
            _ => format!("organization:{}", self.world.organizations[which - 6]),
        }
    }

    fn grantee(&self, which: usize) -> String {
        match which {
            0..4 => format!("member:{}", self.world.members[which + 1]),
            4 | 5 => format!("team:{}", self.world.teams[which - 4]),
            _ => format!("organization:{}", self.world.organizations[which - 6]),
        }
    }

    /// Runs an operation on a resource, as its owner or as the host.
    fn change(
        &self,
        which: usize,
        op: impl Fn(&Session, ResourceId) -> cop_core::Result<Resource>,
    ) -> cop_core::Result<()> {
        let Some(&id) = self.resources.get(which) else { return Ok(()) };
        let mut done = Ok(());
        for who in (0..self.world.members.len()).chain([6]) {
            done = op(&self.session(who), id).map(drop);
            if done.is_ok() {
                break;
            }
        }
        done
    }

    /// Takes a step; that the rules refuse it is a part of life.
    fn step(&mut self, step: &Step) {
        let done: cop_core::Result<()> = match step {
            Step::Add { content, owner, team, audience, published } => {
                self.added += 1;
                let mut new = content.new_resource(&self.added.to_string());
                new.team = self.world.teams.get(*team).copied();
                new.visibility = Some(self.audience(*audience));
                new.published = *published;
                self.session(*owner).add_resource(new).map(|resource| self.resources.push(resource.id))
            }
            Step::Revise { which, content } => self.change(*which, |me, id| me.revise_resource(content.edit(id))),
            Step::Publish(which) => self.change(*which, |me, id| me.publish_resource(id)),
            Step::Retire(which) => self.change(*which, |me, id| me.retire_resource(id)),
            Step::Show { which, audience } => {
                let visibility = self.audience(*audience);
                self.change(*which, |me, id| {
                    me.set_visibility(VisibilityOf { resource: id, visibility: visibility.clone() })
                })
            }
            Step::Grant { which, grantee, take_back } => {
                let grantee = self.grantee(*grantee);
                self.change(*which, |me, id| {
                    let grant = GrantOf { resource: id, grantee: grantee.clone() };
                    if *take_back { me.revoke_access(grant) } else { me.grant_access(grant) }
                })
            }
            Step::Seal(which, sealed) => {
                self.change(*which, |me, id| me.seal_resource(SealOf { resource: id, sealed: *sealed }))
            }
            Step::Delete(which) => self.change(*which, |me, id| me.delete_resource(id)),
            Step::Lead(which, lead) => {
                let roles = vec![if *lead { "lead" } else { "member" }.to_owned()];
                let membership = self.world.memberships[*which];
                self.session(6).set_team_roles(TeamRolesOf { membership, roles }).map(drop)
            }
            Step::EndMembership(which) => self.session(6).end_membership(self.world.memberships[*which]).map(drop),
            Step::Ask { .. } => Ok(()),
        };
        if let Err(error) = done {
            let refused =
                [ErrorKind::NotPermitted, ErrorKind::Precondition, ErrorKind::NotFound, ErrorKind::InvalidInput];
            assert!(refused.contains(&error.kind()), "{step:?}: {error:?}");
        }
    }

    /// A community that holds only what `viewer` may see, to be asked by its host.
    fn stripped(&self, viewer: &Session) -> World {
        let visible = viewer.resources(ResourceFilter::new(), PageRequest::first(1000)).expect("a list").items;
        let world = World::in_memory(ScanIndex::new(EduAnalyzer::new()));
        let add = |tx: &cop_core::Transaction<'_>| -> cop_core::Result<()> {
            visible.iter().try_for_each(|resource| tx.add_resource(again(resource)).map(drop))
        };
        world.cop.steward().transaction(add).expect("the same resources");
        world
    }
}

impl Content {
    fn new_resource(&self, id: &str) -> NewResource {
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

    fn edit(&self, id: ResourceId) -> ResourceEdit {
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
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// The input that makes the same resource, as a draft of the host's.
fn again(resource: &Resource) -> NewResource {
    let new = |alignment: &cop_core::Alignment| NewAlignment {
        code: alignment.code.clone(),
        standard: None,
        kind: Some(alignment.kind.to_string()),
    };
    NewResource {
        kind: resource.kind.to_string(),
        title: resource.title.clone(),
        description: resource.description.clone(),
        body: resource.body.clone(),
        language: Some(resource.language.to_string()),
        grades: resource.grades.iter().map(ToString::to_string).collect(),
        subjects: resource.subjects.iter().cloned().collect(),
        alignments: resource.alignments.iter().map(new).collect(),
        tags: resource.tags.iter().cloned().collect(),
        licence: resource.licence.as_ref().map(ToString::to_string),
        school_year: resource.school_year.map(|year| year.to_string()),
        team: resource.team,
        external_ids: resource.external_ids.iter().cloned().collect(),
        ..NewResource::default()
    }
}

/// Lives a history through and compares every answer with that of the stripped community.
fn compare(index: impl SearchIndex + 'static, steps: &[Step], compared: &mut u64) -> Result<(), TestCaseError> {
    let mut life = Life::new(index);
    for step in steps {
        life.step(step);
        let Step::Ask { viewer, queries } = step else { continue };
        let viewer = life.session(*viewer);
        let stripped = life.stripped(&viewer);
        for query in queries {
            let answer = viewer.search(query.clone()).expect("an answer");
            let expected = stripped.cop.steward().search(query.clone()).expect("an answer");
            prop_assert_eq!(&answer, &expected, "{:?}", query);
            *compared += 1;
        }
    }
    Ok(())
}

fn histories(cases: u32, max_shrink_iters: u32) -> (TestRunner, impl Strategy<Value = Vec<Step>>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters, ..Config::default() };
    // Enough steps that a history fills up to 25 resources and asks about a dozen times in between.
    (TestRunner::new(config), vec(step(), 30..90))
}

#[test]
fn answers_are_those_of_a_community_of_the_visible() {
    let (mut runner, steps) = histories(HISTORIES, 500);
    let (count, compared) = (Count::default(), std::cell::Cell::new(0));
    let outcome = runner.run(&steps, |steps| {
        let mut cases = compared.get();
        let outcome = compare(Checked::new(TantivyIndex::in_memory(), &count), &steps, &mut cases);
        compared.set(cases);
        outcome
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    println!("{} answers equal the scan's, {} those of the visible alone", count.get(), compared.get());
    assert!(compared.get() >= CASES && count.get() >= CASES, "{} cases are too few", compared.get());
}

/// Filters what may be seen, but ranks with what may not: what search engines usually do.
struct Leaky(ScanIndex<EduAnalyzer>);

struct Everything<'a>(&'a dyn SearchSource);

impl SearchSource for Everything<'_> {
    fn store_id(&self) -> uuid::Uuid {
        self.0.store_id()
    }
    fn head(&self) -> i64 {
        self.0.head()
    }
    fn stamp_at(&self, seq: i64) -> cop_core::Result<Option<cop_core::Stamp>> {
        self.0.stamp_at(seq)
    }
    fn changed_since(
        &self,
        seq: i64,
        each: &mut dyn FnMut(cop_core::search::SourceDoc) -> cop_core::Result<()>,
    ) -> cop_core::Result<()> {
        self.0.changed_since(seq, each)
    }
    fn classes(&self, _: &Viewer) -> cop_core::Result<Vec<i64>> {
        Ok((0..1000).collect())
    }
    fn visible(&self, viewer: &Viewer, ordinal: i64) -> cop_core::Result<Option<Document>> {
        self.0.visible(viewer, ordinal)
    }
}

impl SearchIndex for Leaky {
    fn search(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        query: &SearchQuery,
    ) -> Result<SearchHits, IndexError> {
        let everything = SearchQuery { offset: 0, limit: 1000, ..query.clone() };
        let global = self.0.search(&Everything(source), viewer, &everything)?;
        let mut answer = self.0.search(source, viewer, &everything)?;
        answer.hits = global.hits.into_iter().filter(|hit| answer.hits.iter().any(|seen| seen.id == hit.id)).collect();
        answer.hits = answer.hits.into_iter().skip(query.offset).take(query.limit).collect();
        Ok(answer)
    }
    fn catch_up(&self, _: &dyn SearchSource) -> Result<u64, IndexError> {
        Ok(0)
    }
    fn rebuild(&self, _: &dyn SearchSource) -> Result<u64, IndexError> {
        Ok(0)
    }
    fn analyzer(&self) -> &dyn Analyzer {
        self.0.analyzer()
    }
}

#[test]
fn ranking_by_hidden_words_would_be_noticed() {
    let (mut runner, steps) = histories(20, 0);
    let outcome = runner.run(&steps, |steps| compare(Leaky(ScanIndex::new(EduAnalyzer::new())), &steps, &mut 0));
    assert!(outcome.is_err(), "the property does not see statistics that leak");
}

#[test]
fn limits_are_checked_before_anything_else() {
    let cop = options(TantivyIndex::in_memory()).in_memory(cop_core::NewCommunity::new("Math CoP")).expect("new");
    let refused = cop.as_guest().search(SearchQuery::new("x").with_limit(1001));
    assert!(matches!(refused, Err(Error::InvalidInput(_))), "{refused:?}");
}
