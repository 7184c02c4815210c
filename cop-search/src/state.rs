//! What a handle knows of its store: the documents that are committed, and what changed since.
//!
//! Invariant: a state is never changed. A later one shares with it what is the same.

use std::sync::Arc;

use cop_core::Stamp;
use cop_core::search::{Analyzer, SearchSource, SourceDoc};

use crate::fault::Fault;
use crate::generation::Generation;
use crate::part::Part;
use crate::recent::Recent;
use crate::schema::Fields;

/// What is known, at one position in the store's log.
#[derive(Clone)]
pub(crate) struct State {
    pub generation: Arc<Generation>,
    /// The last change that is known.
    pub seq: i64,
    /// That change's stamp: tells this history from another with as many changes.
    pub stamp: Option<Stamp>,
    /// By segment, the committed documents that are not what they were; in order.
    gone: Vec<Vec<u32>>,
    /// What is there in their place, and what is new; in the order they were added.
    recent: Vec<Arc<Recent>>,
}

impl State {
    /// What is committed, at a position up to which nothing changed since.
    pub fn of(generation: Generation, seq: i64, stamp: Option<Stamp>) -> Self {
        let gone = vec![Vec::new(); generation.len()];
        Self { generation: Arc::new(generation), seq, stamp, gone, recent: Vec::new() }
    }

    /// What is committed.
    pub fn committed(generation: Generation) -> Self {
        let (seq, stamp) = (generation.payload.seq, generation.payload.stamp);
        Self::of(generation, seq, stamp)
    }

    /// Whether nothing changed since the commit.
    pub fn is_committed(&self) -> bool {
        self.recent.is_empty() && self.gone.iter().all(Vec::is_empty)
    }

    /// The parts, each with its documents that are gone.
    pub fn parts(&self, fields: &Fields) -> Result<impl Iterator<Item = (Part<'_>, &[u32])>, Fault> {
        let segments = self.generation.segments(fields)?.iter().map(Part::Segment);
        let recent = (!self.recent.is_empty()).then_some((Part::Recent(&self.recent), [].as_slice()));
        Ok(segments.zip(self.gone.iter().map(Vec::as_slice)).chain(recent))
    }

    /// The document with this ordinal: the number of its part, and its own in there.
    pub fn find(&self, fields: &Fields, ordinal: i64) -> Result<Option<(usize, u32)>, Fault> {
        match self.recent.binary_search_by_key(&ordinal, |recent| recent.ordinal) {
            Ok(number) => Ok(Some((self.generation.len(), number as u32))),
            Err(_) => self.generation.find(fields, ordinal),
        }
    }

    /// The state at the snapshot's position, unless `most` changes would not do for what is kept then, or somebody was
    /// erased, whose words are to leave the files.
    pub fn advance(
        &self,
        source: &dyn SearchSource,
        most: i64,
        fields: &Fields,
        analyzer: &dyn Analyzer,
    ) -> Result<Option<Self>, Fault> {
        let kept = self.recent.len() + self.gone.iter().map(Vec::len).sum::<usize>();
        if source.head() - self.seq + kept as i64 > most {
            return Ok(None);
        }
        let mut changed = Vec::new();
        source.changed_since(self.seq, &mut |document| {
            changed.push(document);
            Ok(())
        })?;
        if changed.iter().any(|changed| changed.document.is_none()) && source.erased_since(self.seq)? {
            return Ok(None);
        }
        let mut next = Self { seq: source.head(), stamp: source.stamp_at(source.head())?, ..self.clone() };
        for document in changed {
            next.take(document, fields, analyzer)?;
        }
        Ok(Some(next))
    }

    /// Takes in what became of a document.
    fn take(&mut self, changed: SourceDoc, fields: &Fields, analyzer: &dyn Analyzer) -> Result<(), Fault> {
        let SourceDoc { ordinal, class, document } = changed;
        // Ordinals are positions in the log: what was added after the commit is not in it.
        if ordinal <= self.generation.payload.seq
            && let Some((segment, number)) = self.generation.find(fields, ordinal)?
            && let Err(at) = self.gone[segment].binary_search(&number)
        {
            self.gone[segment].insert(at, number);
        }
        let at = self.recent.binary_search_by_key(&ordinal, |recent| recent.ordinal);
        let recent = document.map(|document| Arc::new(Recent::of(ordinal, class, &document, analyzer)));
        match (at, recent) {
            (Ok(at), Some(recent)) => self.recent[at] = recent,
            (Ok(at), None) => drop(self.recent.remove(at)),
            (Err(at), Some(recent)) => self.recent.insert(at, recent),
            (Err(_), None) => {}
        }
        Ok(())
    }
}
