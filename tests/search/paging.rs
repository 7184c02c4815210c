//! Every record is on one page, whatever happens between pages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use cop_core::{
    ErrorKind, NewResource, Op, ResourceEdit, ResourceId, SearchCursor, SearchQuery, SearchSort, Visibility,
};
use cop_search::TantivyIndex;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::world::{Checked, Count, World};

const SORTS: [SearchSort; 4] = [SearchSort::Relevance, SearchSort::Newest, SearchSort::Oldest, SearchSort::Title];
const WORDS: [&str; 6] = ["fraction", "number", "line", "area", "ratio", "decimal"];

const KINDS: [&str; 2] = ["task", "video"];

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Event {
    Add(Vec<usize>),
    Revise(usize, Vec<usize>),
    Delete(usize),
    Wait,
}

fn words() -> impl Strategy<Value = Vec<usize>> {
    vec(0..WORDS.len(), 1..9)
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => words().prop_map(Event::Add),
        2 => (any::<prop::sample::Index>(), words()).prop_map(|(which, words)| Event::Revise(which.index(1 << 20), words)),
        1 => any::<prop::sample::Index>().prop_map(|which| Event::Delete(which.index(1 << 20))),
        1 => Just(Event::Wait),
    ]
}

fn resource(words: &[usize]) -> NewResource {
    let words: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
    let title = words[..words.len().min(2)].join(" ");
    NewResource::new("task", title).with_body(words.join(" ")).with_visibility(Visibility::Public).published()
}

/// Reads page after page while `events` happen; answers how many pages there were.
fn read(query: SearchQuery, library: &[Vec<usize>], events: &[Vec<Event>]) -> Result<usize, TestCaseError> {
    let count = Count::default();
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &count));
    let (host, guest) = (world.cop.steward(), world.cop.as_guest());
    let mut all: Vec<ResourceId> = Vec::new();
    for (at, words) in library.iter().enumerate() {
        all.push(host.add_resource(resource(words)).expect("a resource").id);
        world.clock.pass((at % 3) as i64);
    }
    let everything = guest.search(SearchQuery { limit: 1000, ..query.clone() }).expect("an answer");
    let mut unchanged: Vec<ResourceId> = everything.hits.iter().map(|hit| hit.id.into()).collect();

    let mut seen: Vec<ResourceId> = Vec::new();
    let mut scores = BTreeMap::new();
    let (mut query, mut pages, mut events) = (query, 0, events.iter());
    loop {
        let page = guest.search(query.clone()).expect("an answer");
        pages += 1;
        seen.extend(page.hits.iter().map(|hit| ResourceId::from(hit.id)));
        scores.extend(page.hits.iter().map(|hit| (ResourceId::from(hit.id), hit.score.to_bits())));
        let Some(next) = page.next else { break };
        query = query.after(next);
        for event in events.next().into_iter().flatten() {
            match event {
                Event::Add(words) => all.push(host.add_resource(resource(words)).expect("a resource").id),
                Event::Revise(which, words) => {
                    let (id, new) = (all[which % all.len()], resource(words));
                    let edit = ResourceEdit { title: Some(new.title), body: Some(new.body), ..ResourceEdit::new(id) };
                    if host.revise_resource(edit).is_ok() {
                        unchanged.retain(|other| *other != id);
                    }
                }
                Event::Delete(which) => {
                    let id = all[which % all.len()];
                    let _ = host.delete_resource(id);
                    unchanged.retain(|other| *other != id);
                }
                Event::Wait => world.clock.pass(5),
            }
        }
    }
    let kept: BTreeSet<ResourceId> = unchanged.iter().copied().collect();
    let paged: Vec<ResourceId> = seen.iter().copied().filter(|id| kept.contains(id)).collect();
    prop_assert_eq!(paged, unchanged, "{:?}", query);
    if query.sort == SearchSort::Relevance {
        for hit in everything.hits.iter().filter(|hit| kept.contains(&hit.id.into())) {
            prop_assert_eq!(scores[&ResourceId::from(hit.id)], hit.score.to_bits());
        }
    }
    Ok(pages)
}

#[test]
fn nothing_is_missed_and_nothing_comes_twice() {
    let query =
        (select(SORTS.to_vec()), select(vec!["", "fraction line", "\"number line\" area", "li* OR ratio"]), 1..6usize);
    let query = query.prop_map(|(sort, text, limit)| SearchQuery::new(text).with_sort(sort).with_limit(limit));
    let strategy = (query, vec(words(), 0..30), vec(vec(event(), 0..4), 30));
    let pages = std::cell::Cell::new(0);
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(query, library, events)| {
        pages.set(pages.get() + read(query, &library, &events)?);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    println!("{} pages", pages.get());
    assert!(pages.get() > 600, "only {} pages", pages.get());
}

/// The best records are looked at more closely: better ones that come between two pages do not take others' places.
#[test]
fn better_records_push_no_others_out_of_place() {
    let library: Vec<Vec<usize>> = (0..80).map(|n| [vec![0; 1 + n % 3], vec![2], vec![3; n % 9]].concat()).collect();
    let better = Event::Add(vec![0, 2, 0, 2, 0, 2, 0, 2]);
    let query = SearchQuery::new("fraction line").with_limit(7);
    for events in [vec![vec![better.clone(); 40]], vec![Vec::new(), vec![better; 20]]] {
        let pages = read(query.clone(), &library, &events).unwrap_or_else(|error| panic!("{error}"));
        assert!(pages > 10);
    }
}

/// More documents than one window of the index has, so that most windows are left out of a page.
#[test]
fn pages_of_a_large_library_are_its_list() {
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &Count::default()));
    let host = world.cop.steward();
    let add = |n: usize| {
        let words: Vec<usize> = (0..1 + n % 5).map(|at| (n / (at + 1) + at) % WORDS.len()).collect();
        Op::AddResource(NewResource { kind: KINDS[n % 2].to_owned(), ..resource(&words) })
    };
    host.batch((0..700).map(add).collect(), &mut |_| ControlFlow::Continue(())).expect("resources");
    for text in
        ["", "fraction line", "\"number line\" OR kind:video", "\"number line\" area", "kind:task OR kind:video"]
    {
        for sort in SORTS {
            let query = SearchQuery::new(text).with_sort(sort).without_facets();
            let list = host.search(query.clone().with_limit(1000)).expect("an answer");
            assert!(list.total > 10 && list.next.is_none(), "{text}");
            let (mut paged, mut next) = (Vec::new(), None);
            loop {
                let page = host.search(query.clone().with_limit(97).after(next)).expect("an answer");
                paged.extend(page.hits);
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(paged, list.hits, "{text} by {sort:?}");
        }
    }
}

/// An offset is what this is not: it counts, and what comes in between moves.
#[test]
fn an_offset_misses_what_moves() {
    let world = World::in_memory(TantivyIndex::in_memory());
    let host = world.cop.steward();
    for n in 0..4 {
        host.add_resource(resource(&[n])).expect("a resource");
        world.clock.pass(1);
    }
    let newest = SearchQuery::default().with_sort(SearchSort::Newest).with_limit(2);
    let titles = |query: SearchQuery| -> Vec<String> {
        host.search(query).expect("an answer").hits.into_iter().map(|hit| hit.title).collect()
    };
    let first = host.search(newest.clone()).expect("an answer");
    assert_eq!(titles(newest.clone()), ["area", "line"]);
    host.add_resource(resource(&[5])).expect("a resource");
    assert_eq!(titles(newest.clone().with_offset(2)), ["line", "number"], "one comes twice");
    assert_eq!(titles(newest.clone().after(first.next.clone())), ["number", "fraction"]);
    // Of those after the cursor, an offset skips.
    assert_eq!(titles(newest.after(first.next).with_offset(1)), ["fraction"]);
}

#[test]
fn a_cursor_is_of_one_question() {
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &Count::default()));
    let host = world.cop.steward();
    (0..5).for_each(|n| drop(host.add_resource(resource(&[0, n])).expect("a resource")));
    let query = SearchQuery::new("fraction grade:potato").with_limit(2);
    let next = host.search(query.clone()).expect("an answer").next;
    assert!(next.is_some());
    // Another page size, without facets, asked by somebody else, written otherwise: it is the same question.
    let same = SearchQuery { limit: 3, facets: false, ..SearchQuery::new("  fraction   grade:potato ") };
    assert_eq!(host.search(same.clone().after(next.clone())).expect("an answer").hits.len(), 3);
    assert!(world.cop.as_guest().search(same.after(next.clone())).is_ok());
    let others = [
        SearchQuery::new("fractions grade:potato"),
        query.clone().with_sort(SearchSort::Newest),
        query.clone().with_grade("05".parse().expect("a grade")),
    ];
    for other in others {
        let refused = host.search(other.after(next.clone())).expect_err("another question");
        assert_eq!((refused.kind(), refused.code()), (ErrorKind::InvalidInput, "search.cursor"));
        assert_eq!(refused.problems()[0].field, "after");
    }
    for text in ["", "x", "resource-5"] {
        let refused = host.search(query.clone().after(SearchCursor::from(text.to_owned()))).expect_err("no cursor");
        assert_eq!(refused.code(), "search.cursor");
    }
}
