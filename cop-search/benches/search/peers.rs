//! The peers: tantivy as it comes, and SQLite's FTS5.

use std::borrow::Cow;
use std::path::Path;

use cop_core::Language;
use cop_core::search::{Analyzer, document_words};
use cop_search::EduAnalyzer;
use frostem::{Algorithm, Stemmer};
use rusqlite::Connection;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query as _, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer,
    WhitespaceTokenizer,
};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

use crate::corpus::{self, Query};

/// What tantivy needs least CPU time with.
const BUDGET: usize = 50_000_000;

/// tantivy as it comes: everybody sees everything.
pub struct Raw {
    searcher: Searcher,
    field: Field,
    words: fn(&Searcher, &str) -> Vec<String>,
}

impl Raw {
    /// An index of the words that we index, in at most so many segments.
    pub fn of_our_words(folder: &Path, texts: &[String], segments: usize) -> Self {
        let analyzer = EduAnalyzer::new();
        let words = |at: usize| {
            let document = corpus::document(at as u64 + 1, texts[at].clone());
            let words = document_words(&document, &analyzer).into_iter().map(|(word, _)| word);
            words.collect::<Vec<_>>().join(" ")
        };
        let written = Index::open_in_dir(folder).ok();
        let (index, field) = match written.and_then(|index| Some((index.schema().get_field("text").ok()?, index))) {
            Some((field, index)) => (index, field),
            None => write(folder, "space", false, (0..texts.len()).map(words), segments),
        };
        let words = |_: &Searcher, text: &str| -> Vec<String> {
            let words = EduAnalyzer::new().words(text, &Language::english());
            words.into_iter().map(|word| word.term.to_string()).collect()
        };
        Self { searcher: index.reader().expect("a reader").searcher(), field, words }
    }

    /// An index as tantivy's documentation makes one, with its English stemmer and the texts stored in it.
    pub fn stored(folder: &Path, texts: &[String]) -> Self {
        let texts = texts.iter().zip(1..).map(|(text, n)| format!("{}\n{text}", corpus::title(n)));
        let (index, field) = write(folder, "en_stem", true, texts, usize::MAX);
        let words = |searcher: &Searcher, text: &str| {
            let mut words = Vec::new();
            let mut tokenizer = searcher.index().tokenizers().get("en_stem").expect("it is registered");
            tokenizer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
            words
        };
        Self { searcher: index.reader().expect("a reader").searcher(), field, words }
    }

    /// How many segments it has.
    pub fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    fn query(&self, query: &Query) -> Box<dyn tantivy::query::Query> {
        let words = (self.words)(&self.searcher, &query.words.join(" "));
        let mut terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(self.field, word)).collect();
        let term = |term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
        match terms.len() {
            1 => term(terms.remove(0)),
            _ if query.phrase => Box::new(PhraseQuery::new(terms)),
            _ => {
                let should = |word| -> (Occur, Box<dyn tantivy::query::Query>) { (Occur::Should, term(word)) };
                Box::new(BooleanQuery::new(terms.into_iter().map(should).collect()))
            }
        }
    }

    /// The first ten.
    pub fn top(&self, query: &Query) -> usize {
        let top = TopDocs::with_limit(10).order_by_score();
        self.searcher.search(&*self.query(query), &top).expect("an answer").len()
    }

    /// The first ten, and how many there are.
    pub fn top_and_count(&self, query: &Query) -> usize {
        let top = TopDocs::with_limit(10).order_by_score();
        self.searcher.search(&*self.query(query), &(top, Count)).expect("an answer").1
    }

    /// How many there are.
    pub fn count(&self, query: &Query) -> usize {
        self.query(query).count(&self.searcher).expect("an answer")
    }

    /// The first ten, read and with snippets; and how many there are.
    pub fn hits(&self, query: &Query) -> usize {
        let asked = self.query(query);
        let top = TopDocs::with_limit(10).order_by_score();
        let (top, count) = self.searcher.search(&*asked, &(top, Count)).expect("an answer");
        let snippets = SnippetGenerator::create(&self.searcher, &*asked, self.field).expect("a generator");
        for (_, address) in top {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            std::hint::black_box(snippets.snippet_from_doc(&document));
        }
        count
    }
}

/// Writes an index with one thread, and merges its smallest segments until there are no more than so many.
fn write(
    folder: &Path,
    tokenizer: &str,
    stored: bool,
    texts: impl Iterator<Item = String>,
    segments: usize,
) -> (Index, Field) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let field = schema.add_text_field("text", if stored { options | STORED } else { options });
    std::fs::create_dir_all(folder).expect("a folder");
    let index = Index::create_in_dir(folder, schema.build()).expect("an index");
    index.tokenizers().register("space", WhitespaceTokenizer::default());
    let stem = TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(40));
    index.tokenizers().register("en_stem", stem.filter(LowerCaser).filter(EnglishStemmer).build());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, BUDGET).expect("a writer");
    for text in texts {
        let mut document = TantivyDocument::new();
        document.add_text(field, text);
        writer.add_document(document).expect("added");
    }
    writer.commit().expect("committed");
    writer.wait_merging_threads().expect("merged");
    loop {
        let mut metas = index.searchable_segment_metas().expect("segments");
        if metas.len() <= segments.max(1) {
            return (index, field);
        }
        metas.sort_by_key(|meta| meta.num_docs());
        let smallest: Vec<_> = metas.iter().take(1 + metas.len() - segments).map(|meta| meta.id()).collect();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, BUDGET).expect("a writer");
        writer.merge(&smallest).wait().expect("merged");
        writer.wait_merging_threads().expect("merged");
    }
}

/// tantivy's own stemming filter, with the version of the stemmer that we have: its feature would compile another.
#[derive(Clone)]
struct EnglishStemmer;

#[derive(Clone)]
struct Stemming<T>(T);

struct StemmingStream<T> {
    tail: T,
    stemmer: Stemmer,
    buffer: String,
}

impl TokenFilter for EnglishStemmer {
    type Tokenizer<T: Tokenizer> = Stemming<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Stemming<T> {
        Stemming(tokenizer)
    }
}

impl<T: Tokenizer> Tokenizer for Stemming<T> {
    type TokenStream<'a> = StemmingStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        let stemmer = Stemmer::new(Algorithm::English);
        StemmingStream { tail: self.0.token_stream(text), stemmer, buffer: String::new() }
    }
}

impl<T: TokenStream> TokenStream for StemmingStream<T> {
    fn advance(&mut self) -> bool {
        if !self.tail.advance() {
            return false;
        }
        let token = self.tail.token_mut();
        match self.stemmer.stem(&token.text) {
            Cow::Owned(stem) => token.text = stem,
            Cow::Borrowed(stem) => {
                self.buffer.clear();
                self.buffer.push_str(stem);
                std::mem::swap(&mut token.text, &mut self.buffer);
            }
        }
        true
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}

/// FTS5 without the texts, beside a table that says what the reader sees.
pub struct Fts(Connection);

impl Fts {
    /// Indexes the texts; `visible` says of a document's number whether it is seen.
    pub fn new(texts: &[String], visible: impl Fn(u64) -> bool) -> Self {
        let db = Connection::open_in_memory().expect("a database");
        db.execute_batch(
            "CREATE TABLE document (id INTEGER PRIMARY KEY, visible INTEGER, grade TEXT);
             CREATE VIRTUAL TABLE fts USING fts5(text, content='', tokenize='porter unicode61');
             BEGIN;",
        )
        .expect("tables");
        for (text, n) in texts.iter().zip(1..) {
            let document = corpus::document(n, text.clone());
            let grade = document.grades.first().expect("one").code();
            let mut insert = db.prepare_cached("INSERT INTO document VALUES (?, ?, ?)").expect("sql");
            insert.execute((n as i64, visible(n), grade)).expect("a row");
            let mut insert = db.prepare_cached("INSERT INTO fts (rowid, text) VALUES (?, ?)").expect("sql");
            insert.execute((n as i64, format!("{}\n{text}", document.title))).expect("a row");
        }
        db.execute_batch("COMMIT; INSERT INTO fts (fts) VALUES ('optimize')").expect("committed");
        Self(db)
    }

    /// The first ten that are seen.
    pub fn top(&self, query: &Query) -> usize {
        self.rows("fts.rowid", "ORDER BY rank LIMIT 10", query)
    }

    /// The first ten that are seen, how many there are, and how many for each of the nine grades.
    pub fn page(&self, query: &Query) -> usize {
        self.top(query) + self.rows("count(*)", "", query) + self.rows("count(*)", "GROUP BY grade", query)
    }

    fn rows(&self, columns: &str, rest: &str, query: &Query) -> usize {
        let asked = if query.phrase { query.text.clone() } else { query.words.join(" OR ") };
        let sql = format!(
            "SELECT {columns} FROM fts JOIN document ON document.id = fts.rowid WHERE fts MATCH ? AND visible {rest}"
        );
        let mut statement = self.0.prepare_cached(&sql).expect("sql");
        let rows = statement.query_map([&asked], |row| row.get::<_, i64>(0)).expect("rows");
        rows.map(|row| row.expect("a row") as usize).sum()
    }
}
