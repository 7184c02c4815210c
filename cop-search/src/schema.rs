//! What the index knows of a document, and nothing more: no text is stored in it.
//!
//! Invariant: [`fingerprint`] changes with everything that is written here or with how it is read.

use cop_core::search::{
    Analyzer, DOCUMENT_VERSION, Document, SmolStr, completing_words, document_words, facet_values, filter_keys,
    title_key,
};
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Index, TantivyDocument, Term};

/// Counts the ways this file has written documents.
const SCHEMA: u32 = 4;
/// The facets, each in a column of its own.
pub(crate) const FACETS: [&str; 8] =
    ["kind", "grade", "subject", "standard", "language", "team", "school_year", "licence"];
pub(crate) const CLASS: &str = "class";
pub(crate) const LENGTH: &str = "length";
pub(crate) const ORDINAL: &str = "ordinal";
pub(crate) const CREATED: &str = "created";
pub(crate) const TITLE: &str = "title";
const WORD_LIST: &str = "word_list";

/// What an index must have been written with to be used.
pub(crate) fn fingerprint(analyzer: &dyn Analyzer) -> String {
    format!("schema-{SCHEMA} document-{DOCUMENT_VERSION} {}", analyzer.fingerprint())
}

/// The fields of the index.
pub(crate) struct Fields {
    /// The words, with positions.
    pub text: Field,
    /// The words that completions are made of, as [`completing`] writes them.
    pub completing: Field,
    /// The filter keys.
    pub key: Field,
    /// The document's dense number: what it is deleted by, and joined with the store.
    pub ordinal: Field,
    /// The audience class.
    pub class: Field,
    /// How many words it has, exactly.
    pub length: Field,
    /// When it was made, in milliseconds since 1970.
    pub created: Field,
    /// What titles are ordered by.
    pub title: Field,
    /// One per facet, in the order of [`FACETS`].
    pub facets: [Field; FACETS.len()],
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let indexed = |tokenizer, record| {
        // Lengths are kept exactly in a column, so tantivy's rounded ones are not needed.
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(false))
    };
    let column = || NumericOptions::default().set_fast();
    let mut schema = Schema::builder();
    let fields = Fields {
        text: schema.add_text_field("text", indexed(WORD_LIST, IndexRecordOption::WithFreqsAndPositions)),
        completing: schema.add_text_field("completing", indexed("raw", IndexRecordOption::Basic)),
        key: schema.add_text_field("key", indexed("raw", IndexRecordOption::Basic)),
        ordinal: schema.add_i64_field(ORDINAL, column().set_indexed()),
        class: schema.add_i64_field(CLASS, column()),
        length: schema.add_u64_field(LENGTH, column()),
        created: schema.add_i64_field(CREATED, column()),
        title: schema.add_text_field(TITLE, TextOptions::default().set_fast("raw")),
        facets: FACETS.map(|facet| schema.add_text_field(facet, TextOptions::default().set_fast("raw"))),
    };
    (schema.build(), fields)
}

/// Teaches an index to read [`document`]s.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(WORD_LIST, WordList::default());
}

impl Fields {
    /// The document as tantivy takes it.
    pub fn document(&self, ordinal: i64, class: i64, read: &Document, analyzer: &dyn Analyzer) -> TantivyDocument {
        let words = document_words(read, analyzer);
        let mut document = TantivyDocument::new();
        document.add_text(self.text, word_list(&words));
        for (folded, word) in completing_words(read, analyzer) {
            document.add_text(self.completing, completing(&folded, &word));
        }
        for key in filter_keys(read) {
            document.add_text(self.key, key);
        }
        document.add_i64(self.ordinal, ordinal);
        document.add_i64(self.class, class);
        document.add_u64(self.length, words.len() as u64);
        document.add_i64(self.created, read.created_at.timestamp_millis());
        document.add_text(self.title, title_key(&read.title));
        for (facet, value) in facet_values(read) {
            let field = FACETS.iter().position(|&name| name == facet).map(|at| self.facets[at]);
            document.add_text(field.expect("every facet has a column"), value);
        }
        document
    }

    /// The term by which the document with this ordinal is deleted.
    pub fn of(&self, ordinal: i64) -> Term {
        Term::from_field_i64(self.ordinal, ordinal)
    }
}

/// A word under what it is folded to, and once where that is the same.
pub(crate) fn completing(folded: &str, word: &str) -> String {
    let word = if word == folded { "" } else { word };
    format!("{folded}{NEXT}{word}")
}

/// The word of a [`completing`].
pub(crate) fn completed(term: &str) -> &str {
    match term.split_once(NEXT) {
        Some((folded, "")) => folded,
        Some((_, word)) => word,
        None => "",
    }
}

/// Between two words; analysed words have no control characters.
const NEXT: char = '\u{1f}';
/// Before a word's position, where it does not simply follow.
const JUMP: char = '\u{1d}';

/// Words and positions as one text for [`WordList`] to read. tantivy's own `PreTokenizedString` goes through
/// JSON on its way to the indexing thread.
fn word_list(words: &[(SmolStr, u32)]) -> String {
    let mut list = String::with_capacity(words.iter().map(|(term, _)| term.len() + 1).sum());
    let mut next = 0;
    for (term, position) in words {
        if *position != next {
            list.push(JUMP);
            list.push_str(&position.to_string());
        }
        list.push(NEXT);
        list.push_str(term);
        next = position + 1;
    }
    list
}

/// Reads a [`word_list`].
#[derive(Clone, Default)]
struct WordList(Token);

struct WordListStream<'a> {
    rest: &'a str,
    next: usize,
    token: &'a mut Token,
}

impl Tokenizer for WordList {
    type TokenStream<'a> = WordListStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordListStream<'a> {
        self.0.reset();
        WordListStream { rest: text, next: 0, token: &mut self.0 }
    }
}

impl TokenStream for WordListStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(jump) = self.rest.strip_prefix(JUMP) {
            let end = jump.find(NEXT).unwrap_or(jump.len());
            self.next = jump[..end].parse().unwrap_or(self.next);
            self.rest = &jump[end..];
        }
        let Some(word) = self.rest.strip_prefix(NEXT) else { return false };
        let ends = |byte: u8| byte == NEXT as u8 || byte == JUMP as u8;
        let end = word.bytes().position(ends).unwrap_or(word.len());
        self.token.text.clear();
        self.token.text.push_str(&word[..end]);
        self.token.position = self.next;
        self.token.position_length = 1;
        self.rest = &word[end..];
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_to_complete_are_kept_with_what_they_are_folded_to() {
        assert_eq!(
            ["lineal", "línea"].map(|word| completing("linea", word)),
            ["linea\u{1f}lineal", "linea\u{1f}línea"]
        );
        assert_eq!(["linea\u{1f}", "linea\u{1f}línea"].map(completed), ["linea", "línea"]);
        assert_eq!(completing("line", "line"), "line\u{1f}");
    }

    #[test]
    fn word_lists_keep_words_and_positions() {
        for words in [vec![], vec![("a", 0), ("b", 1), ("a", 101), ("1/2", 102), ("é", 300)], vec![("x", 7)]] {
            let words: Vec<(SmolStr, u32)> = words.into_iter().map(|(term, at)| (term.into(), at)).collect();
            let list = word_list(&words);
            let mut reader = WordList::default();
            let mut stream = reader.token_stream(&list);
            let mut read = Vec::new();
            stream.process(&mut |token| read.push((SmolStr::from(token.text.as_str()), token.position as u32)));
            assert_eq!(read, words);
        }
    }
}
