//! The index alone, through `cop_core::search::SearchIndex`: no store, no rows read, no snippets cut.

use std::collections::HashSet;
use std::path::Path;

use cop_core::search::{SearchIndex, SearchQuery};
use cop_core::{SearchHits, Stamp, Viewer};
use cop_search::TantivyIndex;

use crate::Size;
use crate::bars::Bars;
use crate::corpus::{self, MEMBER, Query, Reader};
use crate::library::Library;
use crate::measure::{Answers, Contender, Times, ask, ask_once, folder_bytes, process};
use crate::opened;
use crate::peers::{Fts, Raw};

/// FTS5 is left out of more documents: it would take hours.
const MOST_FOR_FTS: usize = 300_000;
/// Among so many documents every word that is asked for occurs.
const MANY: usize = 5_000;

/// Measures an index in `folder`.
pub fn measure(size: &Size, folder: &Path, bars: &mut Bars) {
    let documents = size.documents;
    let all: Vec<String> = (1..=documents as u64 + size.writes).map(corpus::text).collect();
    let texts = &all[..documents];
    let readers = corpus::readers();
    let library =
        |at: usize, added| Library { documents: documents as u64, texts: &all, added, classes: &readers[at].classes };
    let store = folder.join("alone.cop");
    // The better of two: a busy machine makes a long work longer, and not both alike.
    let rounds = match documents {
        _ if size.kept => 0,
        ..=MOST_FOR_FTS => 2,
        _ => 1,
    };
    let (mut build, mut peer_build) = (f64::NAN, f64::NAN);
    let stored = folder.join("stored");
    for _ in 0..rounds {
        let index = TantivyIndex::beside(&store);
        let (built, time) = process(|| index.rebuild(&library(MEMBER, 0)).expect("built"));
        assert_eq!(built, documents as u64);
        build = build.min(time);
        let _ = std::fs::remove_dir_all(&stored);
        peer_build = peer_build.min(process(|| Raw::stored(&stored, texts)).1);
    }
    let peer_bytes = if rounds > 0 { folder_bytes(&stored) } else { 0 };
    let _ = std::fs::remove_dir_all(&stored);
    TantivyIndex::beside(&store).catch_up(&library(MEMBER, 0), None).expect("it is there");
    let bytes: usize = texts.iter().zip(1..).map(|(text, n)| text.len() + corpus::title(n).len() + 1).sum();
    let index_bytes = folder_bytes(&folder.join("alone.cop-index"));
    let segments = segments(&folder.join("alone.cop-index"));
    let opened = opened::measure(&store, documents);

    let raw = Raw::of_our_words(&folder.join("raw"), texts, segments.unwrap_or(1));
    println!("\n## The index alone: {documents} documents, {} MB of text\n", bytes / 1_000_000);
    println!(
        "{} segments, tantivy's {}. Microseconds of CPU time: mean (median, 99th percentile).\n",
        segments.map_or("?".to_owned(), |segments| segments.to_string()),
        raw.segments()
    );
    println!("| work | cop | tantivy, English stems, text stored | ratio |\n|---|---|---|---|");
    println!("| build, s of CPU time | {:.1} | {:.1} | {:.2}× |", build / 1e6, peer_build / 1e6, build / peer_build);
    let share = |size: u64| size as f64 / bytes as f64;
    println!(
        "| index, of the text's bytes | {:.2} | {:.2} | {:.2}× |",
        share(index_bytes),
        share(peer_bytes),
        share(index_bytes) / share(peer_bytes)
    );

    let world = World { size, library: &library, store: &store, readers: &readers, raw: &raw };
    let fts = (documents <= MOST_FOR_FTS && !size.kept).then(|| {
        Fts::new(texts, |n| readers[MEMBER].classes.binary_search(&corpus::class(n, documents as u64)).is_ok())
    });
    world.check();
    world.member(fts.as_ref(), bars);
    drop(fts);
    world.selectivity(bars);
    world.help(bars);
    match rounds {
        0 => bars.left_out("rebuild", "the index was there"),
        _ => bars.at_most("rebuild: CPU time to tantivy's, English stems, text stored", build / peer_build, 0.85, "×"),
    }
    bars.at_most("size of the index to the text", share(index_bytes), 0.45, "×");
    opened::report(opened.as_ref(), documents, bars);
    if !size.kept {
        own_write(&library, &store, size.writes, bars);
    }
}

/// How many segments the index in `folder` has, if it is one of tantivy's.
fn segments(folder: &Path) -> Option<usize> {
    let meta = std::fs::read_to_string(folder.join("meta.json")).ok()?;
    let meta: serde_json::Value = serde_json::from_str(&meta).ok()?;
    Some(meta.get("segments")?.as_array()?.len())
}

/// What is asked, and of whom.
struct World<'a, L> {
    size: &'a Size,
    library: &'a L,
    store: &'a Path,
    readers: &'a [Reader],
    raw: &'a Raw,
}

impl<'a, L: Fn(usize, u64) -> Library<'a>> World<'a, L> {
    /// An index, opened anew so that it remembers no words, that has seen these readers once.
    fn fresh(&self, readers: impl IntoIterator<Item = usize>) -> TantivyIndex {
        let index = TantivyIndex::beside(self.store);
        for reader in readers {
            answer(&index, &(self.library)(reader, 0), SearchQuery::default().with_limit(0));
        }
        index
    }

    /// Who sees everything finds as much as tantivy does.
    fn check(&self) {
        let index = self.fresh([0]);
        for query in corpus::queries(1, 20).iter().chain(&corpus::queries(3, 20)) {
            let ours = answer(&index, &(self.library)(0, 0), SearchQuery::new(&query.text).with_limit(0)).total;
            assert_eq!(ours, self.raw.count(query) as u64, "{}", query.text);
        }
    }

    /// The member's answers beside those of the peers.
    fn member(&self, fts: Option<&Fts>, bars: &mut Bars) {
        let documents = self.size.documents;
        let library = (self.library)(MEMBER, 0);
        let all = SearchQuery::default().with_limit(0);
        let seen = answer(&self.fresh([]), &library, all).total;
        println!(
            "\nA member who sees {seen} documents, {:.1} %; no rows read, no snippets cut:\n",
            percent(seen, documents)
        );
        println!(
            "| query | cop, words not asked before | asked again | tantivy, sees all | asked again | FTS5 | ratio to \
             tantivy | asked again | FTS5's to cop's | asked again |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|");
        for (name, queries) in [
            ("one word", corpus::queries(1, self.size.queries)),
            ("three words", corpus::queries(3, self.size.queries)),
            ("phrase of two", corpus::phrases(documents as u64, self.size.queries)),
        ] {
            for page in [false, true] {
                let index = self.fresh([MEMBER]);
                let ours = |query: &Query| {
                    let query = SearchQuery { facets: page, ..SearchQuery::new(&query.text) };
                    answer(&index, &library, query).hits.len()
                };
                let raw = |query: &Query| if page { self.raw.top_and_count(query) } else { self.raw.top(query) };
                let mut contenders: [Contender<'_, Query>; 2] = [Box::new(ours), Box::new(raw)];
                let answers = ask(&corpus::rehearsal(), &queries, &mut contenders);
                let [cop, tantivy] = answers.as_slice() else { unreachable!("two were asked") };
                let fts =
                    fts.map(|fts| ask_once(&queries, |query| if page { fts.page(query) } else { fts.top(query) }));
                let what = format!("{name}, {}", if page { "page: top 10, count, facets" } else { "top 10" });
                print(&what, cop, tantivy, fts.as_ref());
                if name != "phrase of two" {
                    let bar = if page { 1.5 } else { 1.25 };
                    let means = ratios(cop, tantivy);
                    bars.at_most(format!("{what}: mean to tantivy's, words not asked before"), means.0, bar, "×");
                    bars.at_most(format!("{what}: mean to tantivy's, asked again"), means.1, bar, "×");
                }
                if let (true, Some(fts)) = (page && name != "phrase of two", &fts) {
                    let times = |ours: &Times| fts.mean() / ours.mean();
                    bars.at_least(
                        format!("{what}: FTS5's mean to cop's, words not asked before"),
                        times(&cop.first),
                        200.0,
                        "×",
                    );
                    bars.at_least(format!("{what}: FTS5's mean to cop's, asked again"), times(&cop.again), 200.0, "×");
                }
                if page && documents >= 1_000_000 {
                    let p99 = cop.first.quantile(0.99) / 1e3;
                    bars.at_most(format!("{what}: 99th percentile, words not asked before"), p99, 10.0, " ms");
                    bars.at_most(
                        format!("{what}: 99th percentile, asked again"),
                        cop.again.quantile(0.99) / 1e3,
                        10.0,
                        " ms",
                    );
                }
            }
        }
        if fts.is_none() {
            println!("\nFTS5 is left out above {MOST_FOR_FTS} documents: it ranks every match.");
            bars.left_out("page: FTS5's mean to cop's", "left out above 300,000 documents");
        }
        if documents < 1_000_000 {
            bars.left_out("page: 99th percentile ≤ 10 ms", "asked for at 1,000,000 documents");
        }
    }

    /// Readers who see ever less, beside tantivy, who sees all.
    fn selectivity(&self, bars: &mut Bars) {
        println!("\nTop 10 for readers who see ever less, beside tantivy, who sees all:\n");
        println!(
            "| query | sees | documents | cop, words not asked before | asked again | tantivy | asked again | ratio | \
             asked again |\n|---|---|---|---|---|---|---|---|---|"
        );
        let last = self.readers.len() - 1;
        let of_what_they_see = (0..=last).map(|reader| (reader, self.words_of(reader), ""));
        let of_anything = (last, corpus::asked(), ", words they may not see");
        for (what, cases) in [
            ("words they see", of_what_they_see.collect::<Vec<_>>()),
            ("words they may not see, which are read as slips", vec![of_anything]),
        ] {
            let mut worst = (0.0f64, 0.0f64);
            for (name, count) in [("one word", 1), ("three words", 3)] {
                for (reader, words, which) in &cases {
                    let (library, index) = ((self.library)(*reader, 0), self.fresh([*reader]));
                    let seen = answer(&index, &library, SearchQuery::default().with_limit(0)).total;
                    let ours = |query: &Query| {
                        answer(&index, &library, SearchQuery::new(&query.text).without_facets()).hits.len()
                    };
                    let queries = corpus::queries_of(words, count, self.size.queries);
                    if queries.is_empty() {
                        continue;
                    }
                    let mut contenders: [Contender<'_, Query>; 2] =
                        [Box::new(ours), Box::new(|query: &Query| self.raw.top(query))];
                    let answers = ask(&[], &queries, &mut contenders);
                    let (first, again) = ratios(&answers[0], &answers[1]);
                    worst = (worst.0.max(first), worst.1.max(again));
                    println!(
                        "| {name}{which} | {} | {seen} | {} | {} | {} | {} | {first:.2}× | {again:.2}× |",
                        self.readers[*reader].sees,
                        answers[0].first,
                        answers[0].again,
                        answers[1].first,
                        answers[1].again
                    );
                }
            }
            let bar = format!("top 10 at any selectivity, {what}: worst mean to tantivy's");
            bars.at_most(format!("{bar}, words not asked before"), worst.0, 1.6, "×");
            bars.at_most(format!("{bar}, asked again"), worst.1, 1.6, "×");
        }
    }

    /// What helps a member while they type: half words completed, slips understood.
    fn help(&self, bars: &mut Bars) {
        let (library, index) = ((self.library)(MEMBER, 0), self.fresh([MEMBER]));
        let viewer = viewer();
        let words: Vec<String> = corpus::queries(1, self.size.queries)
            .into_iter()
            .map(|query| query.text)
            .filter(|it| it.len() > 4)
            .collect();
        let mut complete = |text: &String| index.complete(&library, &viewer, &text[..3], 5).expect("an answer").len();
        let completions = ask_once(&words, &mut complete);
        let completed = ask_once(&words, &mut complete);
        let slips: Vec<String> = words.iter().map(|word| slip(word)).collect();
        let mut search =
            |text: &String| answer(&index, &library, SearchQuery::new(text).without_facets()).respelled.len();
        let mended = ask_once(&slips, &mut search);
        let again = ask_once(&slips, &mut search);
        println!("\n| a member is helped | µs: mean (median, 99th percentile) | asked again |\n|---|---|---|");
        println!("| a word completed after three letters | {completions} | {completed} |");
        println!("| a search for a word with a slip | {mended} | {again} |");
        let milliseconds = |times: &Times| times.quantile(0.99) / 1e3;
        bars.at_most("completion: 99th percentile", milliseconds(&completions), 0.25, " ms");
        bars.at_most("did you mean: 99th percentile, words not asked before", milliseconds(&mended), 2.0, " ms");
        bars.at_most("did you mean: 99th percentile, asked again", milliseconds(&again), 2.0, " ms");
    }

    /// Of the words that are asked for those that a reader sees; who sees many documents sees them all.
    fn words_of(&self, reader: usize) -> Vec<String> {
        let library = (self.library)(reader, 0);
        let class = |n: u64| corpus::class(n, library.documents);
        let seen = (1..=library.documents).filter(|&n| library.classes.binary_search(&class(n)).is_ok());
        let texts: Vec<&str> = seen.map(|n| library.texts[n as usize - 1].as_str()).collect();
        let mut words = corpus::asked();
        if texts.len() < MANY {
            let known: HashSet<&str> = texts.iter().flat_map(|text| text.split(' ')).collect();
            words.retain(|word| known.contains(word.as_str()));
        }
        words
    }
}

/// After so many writes a host commits, in the background: then searches never do.
const COMMITTED: u64 = 100;

/// What the first search after an added resource takes more than the same search again.
fn own_write<'a>(library: &impl Fn(usize, u64) -> Library<'a>, store: &Path, times: u64, bars: &mut Bars) {
    let index = TantivyIndex::beside(store);
    answer(&index, &library(MEMBER, 0), SearchQuery::default());
    let words = corpus::queries(3, 5);
    let [mut firsts, mut agains, mut more, mut commits] = [const { Times::new() }; 4];
    let documents = library(MEMBER, 0).documents;
    for added in 1..=times {
        let library = library(MEMBER, added);
        // Its title, and words that others have too: what is known of these may be lost by adding.
        let text = format!("{} {}", corpus::unheard(documents + added), words[added as usize % 5].text);
        let ask = || answer(&index, &library, SearchQuery::new(&text).without_facets());
        let (found, first) = process(ask);
        let new = corpus::id(documents + added);
        assert!(found.hits.iter().any(|hit| hit.id == new), "what was added is found");
        let again = process(ask).1;
        firsts.push(first);
        agains.push(again);
        more.push(first - again);
        if added % COMMITTED == 0 {
            commits.push(process(|| index.catch_up(&library, None).expect("committed")).1);
        }
    }
    println!("\n| own write, {times} times | µs of CPU time: mean (median, 99th percentile) |\n|---|---|");
    println!("| first search after it | {firsts} |\n| the same again | {agains} |\n| difference | {more} |");
    println!("| a commit of {COMMITTED} writes, when nobody waits | {commits} |");
    bars.at_most("own write found, index alone: mean CPU time more than again", more.mean() / 1e3, 0.2, " ms");
}

/// An answer; the index must have come as far as the library already, or be able to.
pub fn answer(index: &TantivyIndex, library: &Library<'_>, query: SearchQuery) -> SearchHits {
    index.search(library, &viewer(), &query).expect("an answer")
}

fn viewer() -> Viewer {
    Viewer::guest(Stamp::from_bits(1_700_000_000_000 << 16).at().date_naive())
}

/// The word with two letters in its middle in the wrong order, or twice the one where they are the same.
fn slip(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    match letters[middle] == letters[middle - 1] {
        true => letters.insert(middle, letters[middle]),
        false => letters.swap(middle, middle - 1),
    }
    letters.into_iter().collect()
}

fn percent(part: u64, of: usize) -> f64 {
    part as f64 / of as f64 * 100.0
}

fn ratios(ours: &Answers, theirs: &Answers) -> (f64, f64) {
    (ours.first.mean() / theirs.first.mean(), ours.again.mean() / theirs.again.mean())
}

fn print(what: &str, cop: &Answers, tantivy: &Answers, fts: Option<&Times>) {
    let (first, again) = ratios(cop, tantivy);
    let to_fts = |ours: &Times| fts.map_or("–".to_owned(), |fts| format!("{:.0}×", fts.mean() / ours.mean()));
    let their = fts.map_or("–".to_owned(), Times::to_string);
    println!(
        "| {what} | {} | {} | {} | {} | {their} | {first:.2}× | {again:.2}× | {} | {} |",
        cop.first,
        cop.again,
        tantivy.first,
        tantivy.again,
        to_fts(&cop.first),
        to_fts(&cop.again)
    );
}
