//! The port: what an index is given, and what it must do.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use smol_str::SmolStr;
use uuid::Uuid;

use super::{Completion, Document, SearchHits, SearchQuery};
use crate::access::Viewer;
use crate::clock::Stamp;
use crate::error::{Error, Result};
use crate::model::{Language, RecordRef};
use crate::session::Progress;

/// A word of a text, as an index knows it. Several may have one position: a number and what it consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The form under which it is found. Texts have millions of words: a short one lies in here.
    pub term: SmolStr,
    /// Its place among the words of the text.
    pub position: u32,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Takes texts apart into words. An index and its oracle must use the same one.
pub trait Analyzer: Send + Sync {
    /// The words of `text`, written in `language`.
    fn words(&self, text: &str, language: &Language) -> Vec<Word>;

    /// The forms under which a query's text may be found in any language: one set of alternatives for each of
    /// its words, in order.
    fn query_words(&self, text: &str) -> Vec<Vec<String>>;

    /// How much of what a query's text begins with is one word although it has spaces or begins with a minus, which
    /// otherwise end a word and leave one out: `y = mx + b`, `-3`. None where that is so of no word there.
    fn whole(&self, text: &str) -> Option<usize> {
        let _ = text;
        None
    }

    /// Whether a query's word, with these forms, says so little that it only counts where it stands alone or
    /// in a phrase: `the`, `de`.
    fn is_common(&self, forms: &[String]) -> bool {
        let _ = forms;
        false
    }

    /// A word as it is compared with what is typed: without what people leave out on a phone.
    fn fold(&self, word: &str) -> String {
        word.to_lowercase()
    }

    /// Changes whenever the words of some text change, or how words are folded.
    fn fingerprint(&self) -> String;
}

impl Analyzer for &dyn Analyzer {
    fn words(&self, text: &str, language: &Language) -> Vec<Word> {
        (**self).words(text, language)
    }
    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        (**self).query_words(text)
    }
    fn whole(&self, text: &str) -> Option<usize> {
        (**self).whole(text)
    }
    fn is_common(&self, forms: &[String]) -> bool {
        (**self).is_common(forms)
    }
    fn fold(&self, word: &str) -> String {
        (**self).fold(word)
    }
    fn fingerprint(&self) -> String {
        (**self).fingerprint()
    }
}

/// The document that records shall be like, with its ordinal.
///
/// # Errors
/// `NotFound` where `viewer` does not see it.
pub fn likened(source: &dyn SearchSource, viewer: &Viewer, query: &SearchQuery) -> Result<Option<(i64, Document)>> {
    let Some(record) = query.like else { return Ok(None) };
    let missing = || Error::NotFound { kind: record.kind.name(), id: record.id.to_string() };
    source.document(viewer, record)?.ok_or_else(missing).map(Some)
}

/// Who is told how far a long work has come, and may stop it, if anybody.
pub type Told<'a> = Option<&'a dyn Fn(Progress) -> ControlFlow<()>>;

/// One consistent snapshot of the store, as an index sees it.
pub trait SearchSource {
    /// Which store it is.
    fn store_id(&self) -> Uuid;
    /// The position of the last change in this snapshot.
    fn head(&self) -> i64;
    /// The stamp of the change at `seq`; tells whether an index grew from this history.
    fn stamp_at(&self, seq: i64) -> Result<Option<Stamp>>;
    /// The current state of every record that is searched and changed after `seq`: kind by kind and class by class, so
    /// that an index has together what the same people see, and then in the order they were added; one without a
    /// document is not searched any more.
    fn changed_since(&self, seq: i64, each: &mut dyn FnMut(SourceDoc) -> Result<()>) -> Result<()>;
    /// How many records those are, at most.
    fn count_changed(&self, seq: i64) -> Result<u64>;
    /// Whether somebody was erased after `seq`: then nothing may be left of what is gone since, also in no file.
    fn erased_since(&self, seq: i64) -> Result<bool>;
    /// The audience classes that `viewer` may read, in order, each once.
    fn classes(&self, viewer: &Viewer) -> Result<Arc<[i64]>>;
    /// The document of this record, with its ordinal, if `viewer` may read it in this snapshot.
    fn document(&self, viewer: &Viewer, record: RecordRef) -> Result<Option<(i64, Document)>>;
    /// The community's own words that mean the same, by group.
    fn synonyms(&self) -> Result<Vec<BTreeSet<String>>>;
    /// The codes of the standards that are learned before or after one of these, or say the same or have to do with it.
    fn related(&self, viewer: &Viewer, codes: &BTreeSet<String>) -> Result<BTreeSet<String>>;
    /// The document at this ordinal, if `viewer` may read it in this snapshot.
    fn visible(&self, viewer: &Viewer, ordinal: i64) -> Result<Option<Document>>;
    /// The same of several, or only what they are called: title, kind and language.
    fn named(&self, viewer: &Viewer, ordinals: &[i64]) -> Result<Vec<Option<Document>>> {
        ordinals.iter().map(|&ordinal| self.visible(viewer, ordinal)).collect()
    }
}

/// A record as an index takes it in.
#[derive(Clone, Debug)]
pub struct SourceDoc {
    /// Its dense number in this store: the position of the change that added it.
    pub ordinal: i64,
    /// Its audience class.
    pub class: i64,
    /// What is searched of it; nothing when it was deleted.
    pub document: Option<Document>,
}

/// A full-text index beside the store: derived data, rebuilt whenever in doubt.
pub trait SearchIndex: Send + Sync {
    /// Answers `query` for `viewer` as of the snapshot `source`, after catching up with it.
    ///
    /// # Errors
    /// [`IndexError::Behind`] when the index already knows changes that are newer than the snapshot,
    /// [`IndexError::Unavailable`] when it cannot be used, and whatever the store answers with.
    fn search(&self, source: &dyn SearchSource, viewer: &Viewer, query: &SearchQuery)
    -> Result<SearchHits, IndexError>;

    /// What the last word of `text` may become for `viewer`: the `limit` words of titles and tags that most documents
    /// have which they see; of equals the first.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    fn complete(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Completion>, IndexError>;

    /// Catches up with `source` and keeps what was learnt; returns how many documents were taken in. What is asked
    /// meanwhile is answered without waiting, unless too much changed.
    ///
    /// # Errors
    /// As [`SearchIndex::search`]; `Interrupted` when `told` said so: nothing was kept then.
    fn catch_up(&self, source: &dyn SearchSource, told: Told<'_>) -> Result<u64, IndexError>;

    /// Builds the index from `source` alone, whatever it holds now; returns how many documents were indexed.
    ///
    /// # Errors
    /// As [`SearchIndex::search`], but never [`IndexError::Behind`].
    fn rebuild(&self, source: &dyn SearchSource) -> Result<u64, IndexError>;

    /// Lets go of every file and lock until it is asked again: the community is suspended, and nobody asks now.
    fn let_go(&self) {}

    /// The words this index knows texts by.
    fn analyzer(&self) -> &dyn Analyzer;
}

/// Why an index gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The index knows the store's changes up to `seq`, but the snapshot is older. Take a new one; when that is
    /// older still, the store is not the one the index grew from, and the index has to be rebuilt.
    #[error("the index is at {seq}, the snapshot is older")]
    Behind {
        /// How far the index has come.
        seq: i64,
    },
    /// The index cannot be used at the moment; the store can still be scanned.
    #[error("the index cannot be used now: {0}")]
    Unavailable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}
