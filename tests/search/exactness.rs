//! P2 and P3: random communities, viewers and queries; with a mutant that must be caught.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use cop_core::search::{Analyzer, Completion, Document, IndexError, ScanIndex, SearchIndex, SearchSource, Told};
use cop_core::{
    AnyRecord, Error, ErrorKind, MemberId, RecordKind, RecordRef, SearchHit, SearchHits, SearchQuery, Session, Snippet,
    Viewer,
};
use cop_search::{EduAnalyzer, TantivyIndex};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::life::{Life, Step, step};
use crate::world::{Checked, Count, options};

const CASES: u64 = 10_000;
/// `COP_HISTORIES` for another number.
const HISTORIES: u32 = 120;

/// How many answers were compared, and what was in them.
#[derive(Clone, Default)]
struct Compared {
    answers: u64,
    /// Those of them that found something.
    found: u64,
    /// How often there was a next page.
    pages: u64,
    /// Those that say what a word was read as, those of records like another, and hits with an explanation.
    corrected: u64,
    alike: u64,
    explained: u64,
    completions: u64,
    hits: BTreeMap<RecordKind, u64>,
}

/// Compares what is found of somebody's with what the found records say, as the viewer may read them.
fn whose(viewer: &Session, query: &SearchQuery, member: MemberId) -> Result<(), TestCaseError> {
    let every = SearchQuery { offset: 0, limit: 1000, ..query.clone() };
    let made_by = |record: AnyRecord| match record {
        AnyRecord::Story(story) => [story.teller, story.created_by].contains(&Some(member)),
        AnyRecord::Cycle(cycle) => [cycle.lead, cycle.created_by].contains(&Some(member)),
        other => other.header().created_by == Some(member),
    };
    let mut expected = viewer.search(every.clone()).expect("an answer").hits;
    expected.retain(|hit| made_by(viewer.record(hit.reference()).expect("a record that is seen")));
    let found = viewer.search(every.with_by(member)).expect("an answer");
    prop_assert_eq!(found.total, expected.len() as u64);
    prop_assert_eq!(found.hits, expected, "{:?} by {}", query, member);
    Ok(())
}

/// Lives a history through and compares every answer with that of the stripped community, page after page or only
/// the first.
fn compare(
    index: impl SearchIndex + 'static,
    steps: &[Step],
    paged: bool,
    compared: &mut Compared,
) -> Result<(), TestCaseError> {
    let mut life = Life::new(index);
    for step in steps {
        life.step(step);
        let Step::Ask { viewer, queries, begun } = step else { continue };
        let viewer = life.session(*viewer);
        let (stripped, names) = life.stripped(&viewer);
        let known: HashMap<RecordRef, RecordRef> = names.iter().map(|(there, here)| (*here, *there)).collect();
        let completions = viewer.complete(begun, 3).expect("an answer");
        prop_assert_eq!(&completions, &stripped.cop.steward().complete(begun, 3).expect("an answer"), "{}", begun);
        compared.completions += completions.len() as u64;
        for (query, by, like) in queries {
            if let Some(by) = by {
                whose(&viewer, query, life.world.members[*by])?;
            }
            let (mut query, mut again) = (query.clone(), query.clone());
            if let Some(like) = like.and_then(|like| life.record(like)) {
                query = query.with_like(like);
                let Some(there) = known.get(&like) else {
                    // What is not seen does not exist, not even as an example.
                    let refused = viewer.search(query).map_err(|error| error.kind());
                    prop_assert_eq!(refused, Err(ErrorKind::NotFound));
                    continue;
                };
                again = again.with_like(*there);
            }
            loop {
                let answer = viewer.search(query.clone()).expect("an answer");
                let mut expected = stripped.cop.steward().search(again.clone()).expect("an answer");
                for hit in &mut expected.hits {
                    hit.id = names[&hit.reference()].id;
                }
                // What is called by its name alone, without the rest being read, is what is seen otherwise too.
                let short = SearchQuery { snippets: false, explain: false, ..query.clone() };
                let short = viewer.search(short).expect("an answer");
                let cut = |hit: SearchHit| SearchHit { snippet: Snippet::default(), explanation: Vec::new(), ..hit };
                let hits = answer.hits.iter().cloned().map(cut).collect();
                prop_assert_eq!(short, SearchHits { hits, ..answer.clone() }, "{:?}", query);
                // Cursors name places in a log, which differ.
                let (next, other) = (answer.next.clone(), expected.next.take());
                let page = SearchHits { next: None, ..answer };
                prop_assert_eq!(&page, &expected, "{:?}", query);
                prop_assert!(!paged || next.is_some() == other.is_some(), "{:?}", query);
                compared.answers += 1;
                compared.found += u64::from(page.total > 0);
                compared.alike += u64::from(query.like.is_some() && page.total > 0);
                compared.corrected += u64::from(!page.respelled.is_empty());
                compared.explained += page.hits.iter().filter(|hit| !hit.explanation.is_empty()).count() as u64;
                for hit in page.hits {
                    let sum: f64 = hit.explanation.iter().map(|reason| f64::from(reason.score)).sum();
                    prop_assert!(!query.explain || (sum - f64::from(hit.score)).abs() < 1e-4, "{:?}", hit);
                    *compared.hits.entry(hit.record).or_default() += 1;
                }
                if !paged || next.is_none() {
                    break;
                }
                compared.pages += 1;
                (query, again) = (query.after(next).with_offset(0), again.after(other).with_offset(0));
            }
        }
    }
    Ok(())
}

fn histories(cases: u32, max_shrink_iters: u32) -> (TestRunner, impl Strategy<Value = Vec<Step>>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters, ..Config::default() };
    // Enough steps that a history fills up to 25 records and asks about a dozen times in between.
    (TestRunner::new(config), vec(step(), 30..90))
}

#[test]
fn answers_are_those_of_a_community_of_the_visible() {
    let cases = std::env::var("COP_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(HISTORIES);
    let (mut runner, steps) = histories(cases, 500);
    let (count, compared) = (Count::default(), std::cell::RefCell::new(Compared::default()));
    let outcome = runner.run(&steps, |steps| {
        compare(Checked::new(TantivyIndex::in_memory(), &count), &steps, true, &mut compared.borrow_mut())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let Compared { answers, found, pages, corrected, alike, explained, completions, hits } = compared.into_inner();
    println!("{} answers equal the scan's, {answers} those of the visible alone", count.get());
    println!(
        "{corrected} correct a word; {alike} like a record; {explained} explained hits; {completions} completions"
    );
    assert!(cases < HISTORIES || corrected > 200 && alike > 50 && explained > 300 && completions > 100);
    println!("{found} found something; {pages} next pages; hits: {hits:?}");
    assert!(cases < HISTORIES || answers >= CASES && count.get() >= CASES, "{answers} cases are too few");
    assert!(found > answers / 6, "too little is found: {found} of {answers}");
    assert!(cases < HISTORIES || pages > 500, "too few have a next page: {pages}");
    for kind in cop_core::search::SEARCHED {
        assert!(hits.get(&kind).is_some_and(|hits| *hits > 100), "a {kind} is hardly ever found");
    }
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
    fn count_changed(&self, seq: i64) -> cop_core::Result<u64> {
        self.0.count_changed(seq)
    }
    fn erased_since(&self, seq: i64) -> cop_core::Result<bool> {
        self.0.erased_since(seq)
    }
    fn classes(&self, _: &Viewer) -> cop_core::Result<Arc<[i64]>> {
        Ok((0..1000).collect())
    }
    fn document(&self, viewer: &Viewer, record: RecordRef) -> cop_core::Result<Option<(i64, Document)>> {
        self.0.document(viewer, record)
    }
    fn synonyms(&self) -> cop_core::Result<Vec<BTreeSet<String>>> {
        self.0.synonyms()
    }
    fn related(&self, viewer: &Viewer, codes: &BTreeSet<String>) -> cop_core::Result<BTreeSet<String>> {
        self.0.related(viewer, codes)
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
        let everything = SearchQuery { offset: 0, limit: 1000, after: None, ..query.clone() };
        let global = self.0.search(&Everything(source), viewer, &everything)?;
        let mut answer = self.0.search(source, viewer, &everything)?;
        answer.hits = global.hits.into_iter().filter(|hit| answer.hits.iter().any(|seen| seen.id == hit.id)).collect();
        answer.hits = answer.hits.into_iter().skip(query.offset).take(query.limit).collect();
        Ok(answer)
    }
    fn complete(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Completion>, IndexError> {
        self.0.complete(source, viewer, text, limit)
    }
    fn catch_up(&self, _: &dyn SearchSource, _: Told<'_>) -> Result<u64, IndexError> {
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
    let noticed = std::cell::Cell::new(false);
    let outcome = runner.run(&steps, |steps| {
        let outcome = compare(Leaky(ScanIndex::new(EduAnalyzer::new())), &steps, false, &mut Compared::default());
        noticed.set(noticed.get() || outcome.is_err());
        outcome
    });
    assert!(outcome.is_err() && noticed.get(), "the property does not see statistics that leak");
}

#[test]
fn limits_are_checked_before_anything_else() {
    let cop = options(TantivyIndex::in_memory()).in_memory(cop_core::NewCommunity::new("Math CoP")).expect("new");
    let refused = cop.as_guest().search(SearchQuery::new("x").with_limit(1001));
    assert!(matches!(refused, Err(Error::InvalidInput(_))), "{refused:?}");
}
