//! What a search costs, beside raw tantivy and SQLite's FTS5 on the same texts in the same run.
//!
//! `cargo bench -p cop-search`; `COP_BENCH_DOCUMENTS=200000` for another size. Prints Markdown. The peers answer with
//! ids alone: tantivy without regard to who asks, FTS5 with a visibility join. Ours is `Session::search` as a program
//! calls it: who asks is looked up, and ten records are read and ten snippets cut; "without hits" is what of it the
//! index and the look-up take.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use cop_core::search::Analyzer;
use cop_core::{
    Community, Language, MemberId, NewCommunity, NewMember, NewMembership, NewResource, NewTeam, Op, SearchQuery,
    TeamId, Visibility,
};
use cop_search::EduAnalyzer;
use rusqlite::Connection;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::WhitespaceTokenizer;
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

const TEAMS: usize = 200;
const VOCABULARY: u64 = 20_000;
const WORDS: u64 = 190;
const QUERIES: usize = 200;

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    let smoke = !std::env::args().any(|argument| argument == "--bench");
    let size = std::env::var("COP_BENCH_DOCUMENTS").ok().and_then(|text| text.parse().ok());
    let documents: usize = size.unwrap_or(if smoke { 200 } else { 20_000 });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bench.cop");

    let texts: Vec<String> = (0..documents as u64).map(text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let (cop, member, public) = community(&file, &texts);
    let begun = Instant::now();
    let indexed = cop.catch_up().expect("built");
    let build = begun.elapsed();
    let index_bytes: u64 = std::fs::read_dir(folder.path().join("bench.cop-index"))
        .expect("an index")
        .filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()))
        .sum();
    let me = cop.as_member(member).expect("a member");
    let seen = me.search(SearchQuery::default().without_facets()).expect("an answer").total;
    println!("{indexed} documents, {} MB of text, {seen} visible ({} public)\n", bytes / 1_000_000, public);

    let raw = Raw::new(&texts);
    let fts = fts(&texts);
    println!(
        "| query | cop-search p50 | mean | without hits | tantivy p50 | mean | FTS5 p50 | mean | p50 to tantivy | to FTS5 |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, words, page) in [
        ("one word, top 10", 1, false),
        ("three words, top 10", 3, false),
        ("one word, page with counts and facets", 1, true),
        ("three words, page with counts and facets", 3, true),
    ] {
        let queries: Vec<Vec<String>> = (0..QUERIES as u64).map(|n| query(n, words)).collect();
        let ours = measure(&queries, |query| {
            let mut query = SearchQuery::new(query.join(" "));
            query.facets = page;
            me.search(query).expect("an answer").hits.len()
        });
        let bare = measure(&queries, |query| {
            let mut query = SearchQuery::new(query.join(" ")).with_limit(0);
            query.facets = page;
            me.search(query).expect("an answer").hits.len()
        });
        let tantivy = measure(&queries, |query| raw.search(query, page));
        let fts5 = measure(&queries, |query| search_fts(&fts, query, page));
        println!(
            "| {name} | {:.0} µs | {:.0} µs | {:.0} µs | {:.0} µs | {:.0} µs | {:.0} µs | {:.0} µs | {:.1}× | {:.2}× |",
            ours.0,
            ours.1,
            bare.0,
            tantivy.0,
            tantivy.1,
            fts5.0,
            fts5.1,
            ours.0 / tantivy.0,
            ours.0 / fts5.0
        );
    }

    let mut caught_up: Vec<f64> = (0..40)
        .map(|n| {
            let new = NewResource::new("task", format!("one more {n}")).with_body(text(n));
            cop.steward().add_resource(new).expect("added");
            let begun = Instant::now();
            assert_eq!(cop.catch_up().expect("caught up"), 1);
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    caught_up.sort_by(f64::total_cmp);
    println!("\n| work | time |\n|---|---|");
    println!(
        "| rebuild | {build:.2?}, {:.1} MB/s; index {:.2} of the text |",
        bytes as f64 / 1e6 / build.as_secs_f64(),
        index_bytes as f64 / bytes as f64
    );
    println!("| catch up with one added resource | {:.1} ms p50, {:.1} ms at most |", caught_up[20], caught_up[39]);
    drop((me, cop));
    let reopened = measure(&vec![Vec::new(); 9], |_| {
        let cop = cop_search::open(&file).expect("open");
        cop.as_guest().search("").expect("an answer").hits.len()
    });
    println!("| open, check and answer one query | {:.1} ms p50 |", reopened.0 / 1000.0);
}

/// p50 and mean in µs of wall time.
fn measure(queries: &[Vec<String>], mut run: impl FnMut(&[String]) -> usize) -> (f64, f64) {
    for query in queries.iter().take(20) {
        std::hint::black_box(run(query));
    }
    let mut times: Vec<f64> = queries
        .iter()
        .map(|query| {
            let begun = Instant::now();
            std::hint::black_box(run(query));
            begun.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times.iter().sum::<f64>() / times.len() as f64)
}

/// SplitMix64 (Steele et al. 2014): the same numbers on every machine.
fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A word by its rank, with frequencies as natural as rank^-1 (Zipf).
fn word(seed: u64) -> String {
    let uniform = random(seed) as f64 / u64::MAX as f64;
    name((VOCABULARY as f64).powf(uniform) as u64)
}

fn name(rank: u64) -> String {
    const SYLLABLES: [&str; 16] =
        ["ma", "to", "ri", "ne", "lo", "sa", "ku", "pe", "di", "fra", "zu", "vo", "bra", "mi", "gu", "xe"];
    let mut rest = rank + 16;
    let mut name = String::new();
    while rest > 0 {
        name.push_str(SYLLABLES[(rest % 16) as usize]);
        rest /= 16;
    }
    name
}

fn text(n: u64) -> String {
    let length = WORDS / 2 + random(n) % WORDS;
    (0..length).map(|at| word(n << 20 | at)).collect::<Vec<_>>().join(" ")
}

/// Words of middling to high frequency, as people ask.
fn query(n: u64, words: u64) -> Vec<String> {
    (0..words).map(|at| name(10 + random(n << 8 | at | 1 << 60) % 1_000)).collect()
}

fn community(file: &Path, texts: &[String]) -> (Community, MemberId, usize) {
    let cop = cop_search::create(file, NewCommunity::new("Bench")).expect("a community");
    let host = cop.steward();
    let member = host.add_member(NewMember::new("Ana", "Ruiz")).expect("a member").id;
    let other = host.add_member(NewMember::new("Ben", "Ruiz")).expect("a member").id;
    let teams: Vec<TeamId> =
        (0..TEAMS).map(|n| host.create_team(NewTeam::new("site", format!("Team {n}"))).expect("a team").id).collect();
    for &team in &teams[..4] {
        host.add_membership(NewMembership::new(team, member)).expect("a membership");
    }
    let mut public = 0;
    let ops = texts.iter().zip(0u64..).map(|(text, n)| {
        let kinds = ["task", "video", "rubric", "slides", "tool", "lesson_plan"];
        let new = NewResource::new(kinds[n as usize % 6], word(n << 20 | 7))
            .with_body(text.clone())
            .with_grade(["KG", "01", "02", "03", "04", "05", "06", "07", "08"][random(n) as usize % 9])
            .with_subject(["Mathematics", "Science", "Literacy"][random(n + 1) as usize % 3])
            .published();
        let visibility = match random(n ^ 0xacce55) % 100 {
            0..40 => {
                public += 1;
                Visibility::Public
            }
            40..95 => Visibility::Team(teams[random(n ^ 0x7ea) as usize % TEAMS]),
            _ => Visibility::Private,
        };
        Op::AddResource(NewResource { owner: Some(other), ..new.with_visibility(visibility) })
    });
    let ops = ops.collect();
    host.batch(ops, &mut |_| ControlFlow::Continue(())).expect("resources");
    (cop, member, public)
}

/// tantivy as it comes, on the words we index.
struct Raw {
    searcher: Searcher,
    field: tantivy::schema::Field,
    analyzer: EduAnalyzer,
}

impl Raw {
    fn new(texts: &[String]) -> Self {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("space")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register("space", WhitespaceTokenizer::default());
        let analyzer = EduAnalyzer::new();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 200_000_000).expect("a writer");
        for text in texts {
            let words = analyzer.words(text, &Language::english());
            let words: Vec<String> = words.into_iter().map(|word| word.term).collect();
            let mut document = TantivyDocument::new();
            document.add_text(field, words.join(" "));
            writer.add_document(document).expect("added");
        }
        writer.commit().expect("committed");
        Self { searcher: index.reader().expect("a reader").searcher(), field, analyzer }
    }

    fn search(&self, words: &[String], count: bool) -> usize {
        let stemmed = self.analyzer.words(&words.join(" "), &Language::english());
        let terms = stemmed.into_iter().map(|word| Term::from_field_text(self.field, &word.term));
        let terms = terms.map(|term| -> (Occur, Box<dyn Query>) {
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        });
        let query = BooleanQuery::new(terms.collect());
        let top = TopDocs::with_limit(10).order_by_score();
        match count {
            true => self.searcher.search(&query, &(top, Count)).expect("an answer").0.len(),
            false => self.searcher.search(&query, &top).expect("an answer").len(),
        }
    }
}

fn fts(texts: &[String]) -> Connection {
    let db = Connection::open_in_memory().expect("a database");
    db.execute_batch(
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, visible INTEGER, kind INTEGER);
         CREATE VIRTUAL TABLE fts USING fts5(text, content='', tokenize='porter unicode61');
         BEGIN;",
    )
    .expect("tables");
    for (text, n) in texts.iter().zip(0i64..) {
        let visible = i64::from(random(n as u64 ^ 0xacce55) % 100 < 41);
        db.prepare_cached("INSERT INTO doc VALUES (?, ?, ?)")
            .expect("sql")
            .execute((n, visible, n % 6))
            .expect("a row");
        db.prepare_cached("INSERT INTO fts (rowid, text) VALUES (?, ?)")
            .expect("sql")
            .execute((n, text))
            .expect("a row");
    }
    db.execute_batch("COMMIT; INSERT INTO fts (fts) VALUES ('optimize')").expect("committed");
    db
}

fn search_fts(db: &Connection, words: &[String], page: bool) -> usize {
    let asked = words.join(" OR ");
    let rows = |sql: &str| -> usize {
        let mut statement = db.prepare_cached(sql).expect("sql");
        let rows = statement.query_map([&asked], |row| row.get::<_, i64>(0)).expect("rows");
        rows.fold(0, |sum, row| sum + usize::from(row.expect("a row") >= 0))
    };
    let mut found = rows(
        "SELECT fts.rowid FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ? AND visible ORDER BY rank LIMIT 10",
    );
    if page {
        found += rows("SELECT count(*) FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ? AND visible");
        found += rows(
            "SELECT count(*), kind FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ? AND visible GROUP BY kind",
        );
    }
    found
}
