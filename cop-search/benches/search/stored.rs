//! `Session::search` as a program calls it: who asks is looked up, ten records are read and ten snippets cut.

use std::ops::ControlFlow;
use std::path::Path;

use cop_core::{
    Community, MemberId, NewCommunity, NewMember, NewMembership, NewResource, NewTeam, Op, SearchQuery, TeamId,
    Visibility,
};

use crate::Size;
use crate::bars::Bars;
use crate::corpus::{self, Query, random};
use crate::measure::{Contender, Times, ask, process};
use crate::peers::Raw;

/// A member is in four of them.
const TEAMS: u64 = 200;
/// How often the file is opened.
const OPENED: usize = 9;

/// Measures a community in `folder`.
pub fn measure(size: &Size, folder: &Path, bars: &mut Bars) {
    let resources = size.resources;
    let file = folder.join("bench.cop");
    let member = found(&file, resources as u64);
    let texts: Vec<String> = (1..=resources as u64).map(corpus::text).collect();
    let raw = Raw::stored(&folder.join("stored"), &texts);
    let open = || {
        let cop = cop_search::open(&file).expect("open");
        let all = SearchQuery::default().with_limit(0);
        let seen = cop.as_member(member).expect("a member").search(all).expect("an answer").total;
        (cop, seen)
    };
    println!("\n## A store in a file: {resources} resources, of which a member sees {}\n", open().1);
    println!(
        "tantivy reads ten stored texts and cuts ten snippets too; everybody sees everything there. Microseconds of \
         CPU time: mean (median, 99th percentile).\n"
    );
    println!("| query | cop, words not asked before | asked again | tantivy | asked again | ratio | asked again |");
    println!("|---|---|---|---|---|---|---|");
    for (words, name) in [(1, "one word"), (3, "three words")] {
        for (page, limit, what) in [
            (false, 10, "top 10 with snippets"),
            (true, 10, "page: top 10 with snippets, count, facets"),
            (true, 0, "count and facets, no hits"),
        ] {
            let (cop, _) = open();
            let me = cop.as_member(member).expect("a member");
            let ours = |query: &Query| {
                let query = SearchQuery { facets: page, limit, ..SearchQuery::new(&query.text) };
                me.search(query).expect("an answer").hits.len()
            };
            let theirs = |query: &Query| if limit > 0 { raw.hits(query) } else { raw.count(query) };
            let mut contenders: [Contender<'_, Query>; 2] = [Box::new(ours), Box::new(theirs)];
            let answers = ask(&corpus::rehearsal(), &corpus::queries(words, size.queries), &mut contenders);
            let [cop, tantivy] = answers.as_slice() else { unreachable!("two were asked") };
            let ratio = |ours: &Times, theirs: &Times| ours.mean() / theirs.mean();
            println!(
                "| {name}, {what} | {} | {} | {} | {} | {:.2}× | {:.2}× |",
                cop.first,
                cop.again,
                tantivy.first,
                tantivy.again,
                ratio(&cop.first, &tantivy.first),
                ratio(&cop.again, &tantivy.again)
            );
        }
    }
    println!("\n| work | µs of CPU time: mean (median, 99th percentile) |\n|---|---|");
    own_write(&open().0, member, size.writes, bars);
    let mut opened = Times::default();
    for _ in 0..OPENED {
        let answer = || cop_search::open(&file).expect("open").as_guest().search("").expect("an answer").total;
        opened.push(process(answer).1);
    }
    println!("| open and answer a guest, of {OPENED} times | {opened} |");
}

/// What the first search after an own write takes more than the same search again.
fn own_write(cop: &Community, member: MemberId, times: u64, bars: &mut Bars) {
    let me = cop.as_member(member).expect("a member");
    let (mut writes, mut firsts, mut agains, mut more) =
        (Times::default(), Times::default(), Times::default(), Times::default());
    let words = corpus::queries(3, 5);
    for n in 0..times {
        let unheard = corpus::unheard(n);
        let new = NewResource::new("task", unheard.clone()).with_body(corpus::text(n + 1));
        let (added, write) = process(|| me.add_resource(new).expect("added"));
        let text = format!("{unheard} {}", words[n as usize % 5].text);
        let ask = || me.search(SearchQuery::new(&text).without_facets()).expect("an answer");
        let (hits, first) = process(ask);
        assert!(hits.hits.iter().any(|hit| hit.id == added.id.uuid()), "what was added is found");
        let again = process(ask).1;
        writes.push(write);
        firsts.push(first);
        agains.push(again);
        more.push(first - again);
    }
    println!("| write one resource, {times} times | {writes} |\n| first search after it | {firsts} |");
    println!("| the same again | {agains} |\n| difference | {more} |");
    bars.at_most("own write found, through the store: mean CPU time more than again", more.mean() / 1e3, 0.2, " ms");
}

/// Founds a community with so many resources; the member sees 41 % of them.
fn found(file: &Path, resources: u64) -> MemberId {
    let cop = cop_search::create(file, NewCommunity::new("Bench")).expect("a community");
    let host = cop.steward();
    let member = host.add_member(NewMember::new("Ana", "Ruiz")).expect("a member").id;
    let other = host.add_member(NewMember::new("Ben", "Ruiz")).expect("a member").id;
    let team = |n| host.create_team(NewTeam::new("site", format!("Team {n}"))).expect("a team").id;
    let teams: Vec<TeamId> = (0..TEAMS).map(team).collect();
    for &team in &teams[..4] {
        host.add_membership(NewMembership::new(team, member)).expect("a membership");
    }
    let op = |n: u64| {
        let drawn = random(n ^ 0xacce55);
        let visibility = match drawn % 100 {
            0..40 => Visibility::Public,
            40..95 => Visibility::Team(teams[(drawn / 100 % TEAMS) as usize]),
            _ => Visibility::Private,
        };
        let document = corpus::document(n, corpus::text(n));
        let mut new = NewResource::new(document.kind.code(), document.title)
            .with_body(document.texts.concat())
            .with_grade(document.grades.first().expect("one").code())
            .with_licence(document.licence.expect("one").code())
            .with_school_year(document.school_year.expect("one").to_string())
            .with_visibility(visibility)
            .published();
        for subject in document.subjects {
            new = new.with_subject(subject);
        }
        Op::AddResource(NewResource { owner: Some(other), ..new })
    };
    host.batch((1..=resources).map(op).collect(), &mut |_| ControlFlow::Continue(())).expect("resources");
    cop.catch_up().expect("indexed");
    member
}
