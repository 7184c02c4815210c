//! One state of the index: its segments, and the position in the store's log that they stand for.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use cop_core::Stamp;
use serde::{Deserialize, Serialize};
use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Index, IndexReader, InvertedIndexReader, ReloadPolicy, SegmentReader, TERMINATED, Term};
use uuid::Uuid;

use crate::fault::Fault;
use crate::schema::{CLASS, CREATED, FACETS, Fields, LENGTH, ORDINAL, TITLE};

/// How often a state is read that changes while it is read.
const READS: usize = 50;

/// What tantivy commits together with the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// How the index was written.
    pub fingerprint: String,
    /// From which store.
    pub store: Uuid,
    /// Up to which change.
    pub seq: i64,
    /// That change's stamp: tells this history from another with as many changes.
    pub stamp: Option<Stamp>,
    /// How many documents that makes: tells a delete that tantivy lost.
    pub documents: u64,
}

/// One state of the index.
pub(crate) struct Generation {
    pub payload: Payload,
    readers: Vec<SegmentReader>,
    segments: Late<Vec<Segment>>,
}

impl Generation {
    /// The last committed state.
    pub fn read(index: &Index) -> Result<Self, Fault> {
        for _ in 0..READS {
            let before = index.load_metas()?;
            let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            let searcher = reader.searcher();
            // Another process may have committed in between: then the segments are not this payload's.
            let after = index.load_metas()?;
            if (before.opstamp, &before.payload) != (after.opstamp, &after.payload) {
                continue;
            }
            let payload = after.payload.as_deref().ok_or_else(|| Fault::Index("nothing was committed".to_owned()))?;
            let payload: Payload = serde_json::from_str(payload).map_err(|error| Fault::Index(error.to_string()))?;
            if searcher.num_docs() != payload.documents {
                let found = searcher.num_docs();
                return Err(Fault::Index(format!("{found} documents in place of {}", payload.documents)));
            }
            return Ok(Self { payload, readers: searcher.segment_readers().to_vec(), segments: Late::new() });
        }
        Err(Fault::Index("it changes all the time".to_owned()))
    }

    /// How many segments it has.
    pub fn len(&self) -> usize {
        self.readers.len()
    }

    /// The segments, opened when they are first asked for: who only writes does not wait for it.
    pub fn segments(&self, fields: &Fields) -> Result<&[Segment], Fault> {
        let open = || self.readers.iter().map(|reader| Segment::open(reader, fields)).collect();
        self.segments.get(open).map(Vec::as_slice)
    }

    /// The document with this ordinal, if it is indexed: its segment, and its number in there.
    pub fn find(&self, fields: &Fields, ordinal: i64) -> Result<Option<(usize, u32)>, Fault> {
        for (number, reader) in self.readers.iter().enumerate() {
            let ordinals = reader.inverted_index(fields.ordinal)?;
            let Some(mut docs) = ordinals.read_postings(&fields.of(ordinal), IndexRecordOption::Basic)? else {
                continue;
            };
            while docs.doc() != TERMINATED {
                if !reader.is_deleted(docs.doc()) {
                    return Ok(Some((number, docs.doc())));
                }
                docs.advance();
            }
        }
        Ok(None)
    }
}

/// A segment with everything that queries read of it, opened once: what every search reads at once, the rest when it is
/// first asked for.
pub(crate) struct Segment {
    pub reader: SegmentReader,
    pub ordinals: Arc<dyn ColumnValues<i64>>,
    pub classes: Arc<dyn ColumnValues<i64>>,
    lengths: Arc<dyn ColumnValues<u64>>,
    pub created: Arc<dyn ColumnValues<i64>>,
    text: Arc<InvertedIndexReader>,
    titles: Late<Option<StrColumn>>,
    facets: Late<Vec<Option<StrColumn>>>,
    /// The field of the words that completions are made of.
    completing: Field,
}

/// What is opened when it is first asked for.
struct Late<T>(OnceLock<T>);

impl<T> Late<T> {
    fn new() -> Self {
        Self(OnceLock::new())
    }

    fn get(&self, open: impl FnOnce() -> Result<T, Fault>) -> Result<&T, Fault> {
        match self.0.get() {
            Some(opened) => Ok(opened),
            None => open().map(|opened| self.0.get_or_init(|| opened)),
        }
    }
}

impl Segment {
    /// Opens what every search reads of it.
    pub fn open(reader: &SegmentReader, fields: &Fields) -> Result<Self, Fault> {
        let columns = reader.fast_fields();
        Ok(Self {
            ordinals: full(columns.i64(ORDINAL)?, reader)?,
            classes: full(columns.i64(CLASS)?, reader)?,
            lengths: full(columns.u64(LENGTH)?, reader)?,
            created: full(columns.i64(CREATED)?, reader)?,
            text: reader.inverted_index(fields.text)?,
            titles: Late::new(),
            facets: Late::new(),
            completing: fields.completing,
            reader: reader.clone(),
        })
    }

    /// What titles are ordered by; none where the segment has no documents.
    pub fn titles(&self) -> Result<Option<&StrColumn>, Fault> {
        self.titles.get(|| Ok(self.reader.fast_fields().str(TITLE)?)).map(Option::as_ref)
    }

    /// The facets' values, in the order of [`FACETS`]; none where no document has a value.
    pub fn facets(&self) -> Result<&[Option<StrColumn>], Fault> {
        let columns = || FACETS.iter().map(|facet| Ok(self.reader.fast_fields().str(facet)?)).collect();
        self.facets.get(columns).map(Vec::as_slice)
    }

    /// How many words each document has.
    pub fn lengths(&self) -> Vec<u32> {
        (0..self.reader.max_doc()).map(|document| self.lengths.get_val(document) as u32).collect()
    }

    /// What is known of a word, to read where it occurs.
    pub fn term(&self, fields: &Fields, word: &str) -> Result<Option<TermInfo>, Fault> {
        Ok(self.text.get_term_info(&Term::from_field_text(fields.text, word))?)
    }

    /// Reads where a word occurs, and how often, document by document.
    pub fn postings(&self, word: &TermInfo) -> Result<SegmentPostings, Fault> {
        Ok(self.text.read_postings_from_terminfo(word, IndexRecordOption::WithFreqs)?)
    }

    /// The same in blocks.
    pub fn blocks(&self, word: &TermInfo) -> Result<BlockSegmentPostings, Fault> {
        Ok(self.text.read_block_postings_from_terminfo(word, IndexRecordOption::WithFreqs)?)
    }

    /// Which documents a word occurs in, in blocks.
    pub fn documents(&self, word: &TermInfo) -> Result<BlockSegmentPostings, Fault> {
        Ok(self.text.read_block_postings_from_terminfo(word, IndexRecordOption::Basic)?)
    }

    /// Where a word occurs, and at which places.
    pub fn positions(&self, fields: &Fields, word: &str) -> Result<Option<SegmentPostings>, Fault> {
        let term = Term::from_field_text(fields.text, word);
        Ok(self.text.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?)
    }

    /// Hands out every word that begins with `prefix`, with the documents it is in, in blocks.
    pub fn continued(
        &self,
        prefix: &str,
        mut each: impl FnMut(&str, BlockSegmentPostings) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        terms_from(&self.text, prefix, |word, info| each(word, self.documents(info)?))
    }

    /// Hands out the documents of every word of titles and tags, in blocks.
    pub fn each_completing(&self, mut each: impl FnMut(BlockSegmentPostings)) -> Result<(), Fault> {
        let completing = self.reader.inverted_index(self.completing)?;
        let mut terms = completing.terms().stream()?;
        while terms.advance() {
            each(completing.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?);
        }
        Ok(())
    }

    /// The numbers of the words of titles and tags whose folded form begins with `prefix`: one after the other.
    pub fn completing(&self, prefix: &str) -> Result<Range<usize>, Fault> {
        let completing = self.reader.inverted_index(self.completing)?;
        let terms = completing.terms();
        let number = |first: &[u8]| -> Result<usize, Fault> {
            let mut from = terms.range().ge(first).into_stream()?;
            Ok(if from.advance() { from.term_ord() as usize } else { terms.num_terms() })
        };
        // No text has this byte.
        let after = [prefix.as_bytes(), &[u8::MAX]].concat();
        Ok(number(prefix.as_bytes())?..number(&after)?)
    }

    /// The term of such a word by its number.
    pub fn completing_term(&self, number: usize) -> Result<String, Fault> {
        let mut term = Vec::new();
        match self.reader.inverted_index(self.completing)?.terms().ord_to_term(number as u64, &mut term)? {
            true => String::from_utf8(term).map_err(|error| Fault::Index(error.to_string())),
            false => Err(Fault::Index("a word is missing".to_owned())),
        }
    }

    /// Such a word by its term: its number, and to read where it is.
    pub fn completing_word(&self, term: &str) -> Result<Option<(usize, TermInfo)>, Fault> {
        let completing = self.reader.inverted_index(self.completing)?;
        let terms = completing.terms();
        Ok(terms.term_ord(term)?.zip(terms.get(term)?).map(|(number, info)| (number as usize, info)))
    }

    /// The documents that have such a word in their title or tags.
    pub fn having(&self, word: &TermInfo) -> Result<SegmentPostings, Fault> {
        let completing = self.reader.inverted_index(self.completing)?;
        Ok(completing.read_postings_from_terminfo(word, IndexRecordOption::Basic)?)
    }

    /// The documents with a filter key.
    pub fn keyed(&self, fields: &Fields, key: &str) -> Result<Option<SegmentPostings>, Fault> {
        let term = Term::from_field_text(fields.key, key);
        Ok(self.reader.inverted_index(fields.key)?.read_postings(&term, IndexRecordOption::Basic)?)
    }
}

/// Hands out every term of a field that begins with `prefix`.
fn terms_from(
    field: &InvertedIndexReader,
    prefix: &str,
    mut each: impl FnMut(&str, &TermInfo) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut terms = field.terms().range().ge(prefix).into_stream()?;
    while terms.advance() {
        if !terms.key().starts_with(prefix.as_bytes()) {
            break;
        }
        let term = std::str::from_utf8(terms.key()).map_err(|error| Fault::Index(error.to_string()))?;
        each(term, terms.value())?;
    }
    Ok(())
}

/// The values of a column in which every document has one.
fn full<T>(column: Column<T>, reader: &SegmentReader) -> Result<Arc<dyn ColumnValues<T>>, Fault>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static,
{
    match column.values.num_vals() == reader.max_doc() && column.num_docs() == reader.max_doc() {
        true => Ok(column.values),
        false => Err(Fault::Index("a document without its numbers".to_owned())),
    }
}
