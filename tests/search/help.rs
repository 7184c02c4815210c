//! What helps while asking and after: half words, words with a slip, reasons, and more of the same.

use cop_core::{
    Clock, Completion, ErrorKind, NewAssociation, NewFramework, NewResource, NewStandard, NodeRef, PoliciesEdit,
    SearchHits, SearchQuery, Session, Visibility,
};
use cop_search::TantivyIndex;

use crate::world::{Checked, Count, World};

/// Public resources, and a private one of Ben's. Every answer is compared with the scan's, before and after the index
/// is committed.
fn library() -> World {
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &Count::default()));
    let ben = world.cop.as_member(world.members[1]).expect("Ben");
    let task = |title: &str, body: &str| NewResource::new("task", title).with_body(body);
    for (title, body) in [
        ("Comparing fractions", "Which of two fractions is greater? Fold strips of paper."),
        ("Fractions on a number line", "Place thirds and sixths."),
        ("Fracciones en la recta numérica", "Ubica tercios y sextos."),
        ("Exit ticket", "One question before they leave."),
        ("Standard 5.NF.B.3", "Fractions as division."),
    ] {
        let new = task(title, body).with_visibility(Visibility::Public).published();
        ben.add_resource(new).expect("a resource");
    }
    let hidden = task("Fractals and tickets", "Fold strips of paper, fractions of them.").with_tag("fractal");
    ben.add_resource(hidden.with_visibility(Visibility::Private)).expect("a resource");
    world
}

fn completed(session: &Session, text: &str) -> Vec<(String, u64)> {
    let answer = session.complete(text, 5).expect("an answer");
    answer.into_iter().map(|Completion { text, count }| (text, count)).collect()
}

fn titles(answer: &SearchHits) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.title.as_str()).collect()
}

#[test]
fn half_a_word_is_completed_from_what_is_seen() {
    let world = library();
    let (guest, ben) = (world.cop.as_guest(), world.cop.as_member(world.members[1]).expect("Ben"));
    for committed in [false, true] {
        if committed {
            world.cop.catch_up().expect("caught up");
        }
        let said = |words: &[(&str, u64)]| words.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(completed(&guest, "Fra"), said(&[("fractions", 2), ("fracciones", 1)]));
        let all = [("fractions", 2), ("fracciones", 1), ("fractal", 1), ("fractals", 1)];
        assert_eq!(completed(&ben, "fra"), said(&all), "a tag counts as a title does");
        assert_eq!(completed(&guest, "compare numer"), said(&[("compare numérica", 1)]), "accents may be left out");
        assert_eq!(completed(&guest, "\"number LI"), said(&[("\"number line", 1)]));
        assert_eq!(completed(&guest, "5.n"), said(&[("5.nf.b.3", 1)]));
        for nothing in ["", "f", "fractions ", "on", "fold", "fractals", "zz", "fra*"] {
            assert_eq!(completed(&guest, nothing), [], "{nothing}");
        }
    }
    let refused = guest.complete("fra", 21).expect_err("too many");
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::InvalidInput, "search.limit"));
    assert_eq!(guest.complete("fra", 0).expect("an answer"), []);
}

#[test]
fn what_a_slip_was_read_as_is_said() {
    let world = library();
    let guest = world.cop.as_guest();
    let answer = guest.search("exit tikcet").expect("an answer");
    assert_eq!(titles(&answer), ["Exit ticket"]);
    let said: Vec<_> = answer.respelled.iter().map(|it| (it.word.as_str(), it.read_as.clone())).collect();
    assert_eq!(said, [("tikcet", vec!["ticket".to_owned()])]);
    // Only what is seen is meant: Ben's fractals are nobody else's.
    assert_eq!(guest.search("fractas").expect("an answer").respelled, []);
    let ben = world.cop.as_member(world.members[1]).expect("Ben").search("fractas").expect("an answer");
    assert_eq!(ben.respelled[0].read_as, ["fractal"], "a tag of his");
    assert_eq!(guest.search("fractions").expect("an answer").respelled, []);
}

#[test]
fn a_score_is_explained() {
    let world = library();
    let guest = world.cop.as_guest();
    let query = SearchQuery::new("number line \"thirds and sixths\" fracc* tikcet");
    assert!(guest.search(query.clone()).expect("an answer").hits.iter().all(|hit| hit.explanation.is_empty()));
    let answer = guest.search(query.explained()).expect("an answer");
    let hit = &answer.hits[0];
    assert_eq!(hit.title, "Fractions on a number line");
    let said: Vec<(&str, u32, Option<u64>)> =
        hit.explanation.iter().map(|it| (it.words.as_str(), it.times, it.records)).collect();
    let expected =
        [("number", 3, Some(1)), ("line", 3, Some(1)), ("thirds and sixths", 1, Some(1)), ("number … line", 3, None)];
    assert_eq!(said, expected);
    let sum: f32 = hit.explanation.iter().map(|it| it.score).sum();
    assert!((sum - hit.score).abs() < 1e-4, "{sum} {}", hit.score);
    let text = &hit.explanation[0].text;
    assert_eq!(*text, format!("“number” stands there 3 times, and in 1 of 5 records: {:.2}", hit.explanation[0].score));
    assert!(hit.explanation[3].text.starts_with("“number” and “line” stand near each other 3 times: "));
    // By another order hits have a score too; nothing was looked at closely for it.
    let by_title = guest.search(SearchQuery::new("tikcet").explained().with_sort(cop_core::SearchSort::Title));
    let reasons = by_title.expect("an answer").hits.remove(0).explanation;
    assert_eq!((reasons.len(), reasons[0].words.as_str()), (1, "tikcet"), "as it was written");
}

#[test]
fn more_of_the_same_is_found() {
    let world = library();
    let (guest, ben) = (world.cop.as_guest(), world.cop.as_member(world.members[1]).expect("Ben"));
    let id = |session: &Session, title: &str| {
        let found = session.search(title).expect("an answer").hits;
        found.into_iter().find(|hit| hit.title == title).expect("it is there").reference()
    };
    let comparing = id(&guest, "Comparing fractions");
    for committed in [false, true] {
        if committed {
            world.cop.catch_up().expect("caught up");
        }
        let like =
            |session: &Session, query: SearchQuery| session.search(query.with_like(comparing)).expect("an answer");
        let answer = like(&guest, SearchQuery::default());
        assert_eq!(titles(&answer), ["Fractions on a number line", "Standard 5.NF.B.3"]);
        assert_eq!((answer.total, answer.next), (2, None));
        assert_eq!(titles(&like(&ben, SearchQuery::default()))[0], "Fractals and tickets");
        assert_eq!(titles(&like(&guest, SearchQuery::new("thirds"))), ["Fractions on a number line"], "narrowed");
        assert_eq!(like(&guest, SearchQuery::default().with_limit(1)).next, None, "there is one page");
    }
    let hidden = id(&ben, "Fractals and tickets");
    let refused = guest.search(SearchQuery::default().with_like(hidden)).expect_err("not there");
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    let next = guest.search(SearchQuery::new("fractions").with_limit(1)).expect("an answer").next;
    let refused = guest.search(SearchQuery::new("fractions").with_like(comparing).after(next)).expect_err("no pages");
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::InvalidInput, "search.cursor"));
}

#[test]
fn a_search_is_widened_by_words_that_mean_the_same() {
    let world = library();
    let guest = world.cop.as_guest();
    let found = |text: &str| -> Vec<String> {
        let query = SearchQuery::new(text);
        let narrow = guest.search(query.clone()).expect("an answer").total;
        let wide = guest.search(query.widened()).expect("an answer");
        assert!(narrow <= wide.total, "{text}");
        let mut titles: Vec<String> = wide.hits.into_iter().map(|hit| hit.title).collect();
        titles.sort();
        titles
    };
    let number_line = "Fractions on a number line".to_owned();
    let recta = "Fracciones en la recta numérica".to_owned();
    assert_eq!(found("\"recta numérica\""), [recta.clone(), number_line.clone()], "a phrase for a phrase");
    assert_eq!(found("salida -exit"), [""; 0]);
    assert_eq!(found("exit slip"), ["Exit ticket"], "words that stand one after the other");
    assert_eq!(found("\"exit slip\""), ["Exit ticket"]);
    let fractions = ["Comparing fractions".to_owned(), recta, number_line.clone(), "Standard 5.NF.B.3".to_owned()];
    assert_eq!(found("fracciones"), fractions);
    assert_eq!(found("fracciones -recta"), [&fractions[0], &fractions[2], &fractions[3]].map(String::clone));
    let explained = guest.search(SearchQuery::new("fracciones").widened().explained()).expect("an answer");
    assert_eq!(explained.hits[0].explanation[0].words, "fracciones", "as it was written");
    // The community's own.
    assert_eq!(found("bar diagram"), [""; 0]);
    let own = vec![["bar diagram".to_owned(), "number line".to_owned(), "tape".to_owned()].into()];
    world.cop.steward().set_policies(PoliciesEdit { synonyms: Some(own), ..PoliciesEdit::new() }).expect("set");
    for words in ["bar diagram", "tape"] {
        assert_eq!(found(words), ["Fractions on a number line"], "{words}");
    }
}

#[test]
fn a_search_is_widened_by_standards_that_have_to_do_with_each_other() {
    let world = library();
    let host = world.cop.steward();
    let framework = NewFramework { identifier: "F".into(), title: "F".into(), ..NewFramework::default() };
    let framework = host.record_framework(framework).expect("a framework").id;
    for (identifier, code) in [("A", "4.NF.B.4"), ("B", "5.NF.B.3"), ("C", "6.RP.A.1"), ("D", "7.G.A.1")] {
        let standard = NewStandard { code: Some(code.to_owned()), ..NewStandard::new(framework, identifier, "S") };
        host.record_standard(standard).expect("a standard");
        let new = NewResource::new("task", code).with_body("Text.").with_standard(code);
        host.add_resource(new.with_visibility(Visibility::Public).published()).expect("a resource");
    }
    for (from, kind, to) in [("a", "precedes", "b"), ("b", "isRelatedTo", "c"), ("d", "isPeerOf", "b")] {
        let node =
            |identifier: &str| NodeRef { identifier: identifier.into(), uri: String::new(), title: String::new() };
        host.record_association(NewAssociation {
            framework,
            identifier: format!("{from}{to}"),
            kind: kind.to_owned(),
            origin: node(from),
            destination: node(to),
            sequence: None,
            extra: Default::default(),
        })
        .expect("an association");
    }
    let found = |query: SearchQuery| -> Vec<String> {
        let answer = world.cop.as_guest().search(query.with_sort(cop_core::SearchSort::Title)).expect("an answer");
        answer.hits.into_iter().map(|hit| hit.title).collect()
    };
    for query in [SearchQuery::new("standard:5NFB3"), SearchQuery::default().with_standard("5.NF.3")] {
        assert_eq!(found(query.clone()), ["5.NF.B.3"]);
        assert_eq!(found(query.widened()), ["4.NF.B.4", "5.NF.B.3", "6.RP.A.1"]);
    }
    assert_eq!(found(SearchQuery::new("standard:7.G.A.1").widened()), ["7.G.A.1"], "a level is no relation");
}

#[test]
fn newer_records_count_more_where_that_is_wanted() {
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &Count::default()));
    let steward = world.cop.steward();
    let add = |title: &str, days: i64| {
        let new = NewResource::new("task", title).with_body("Number talks.").with_visibility(Visibility::Public);
        steward.add_resource(new.published()).expect("a resource");
        world.clock.pass(24 * days);
    };
    let begun = world.clock.now();
    add("Number talks, first", 3 * 365);
    add("Number talks again", 1);
    let guest = world.cop.as_guest();
    let query = SearchQuery::new("number talks").explained();
    let first = |query: &SearchQuery| guest.search(query.clone()).expect("an answer");
    assert_eq!(titles(&first(&query)), ["Number talks, first", "Number talks again"], "of equals the first");
    let answer = first(&query.clone().preferring_recent());
    assert_eq!(titles(&answer), ["Number talks again", "Number talks, first"]);
    let [newer, older] = answer.hits.as_slice() else { panic!("two are found") };
    // 1 / (1 + 0.15 · ln(1 + years until today began)), of what both count by their words.
    let today = world.clock.now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let factors = [1095, 0].map(|days| {
        let age = today - (begun + chrono::TimeDelta::days(days));
        1.0 / (1.0 + 0.15 * (1.0 + age.num_seconds() as f64 / 86_400.0 / 365.25).ln())
    });
    assert!((f64::from(older.score / newer.score) - factors[1] / factors[0]).abs() < 1e-5);
    let reason = older.explanation.last().expect("a reason");
    let text = format!("It was made on {}, and newer records count more: {:.2}", reason.words, reason.score);
    assert!(reason.score < 0.0 && reason.text == text, "{reason:?}");
    // The next page is scored as of the day of the first.
    let page = guest.search(query.clone().preferring_recent().with_limit(1)).expect("an answer");
    world.clock.pass(24 * 365);
    let next = query.preferring_recent().with_limit(1).after(page.next.expect("one more"));
    assert_eq!(first(&next).hits[0].score, older.score);
}
