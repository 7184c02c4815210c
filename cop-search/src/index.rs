//! The index that follows the store's log.
//!
//! Invariants: an answer is always given by a generation that stands exactly where the asker's snapshot does;
//! whatever cannot be read, was written differently, grew from another history or has lost a delete is built
//! anew from the store, unasked; the index is written only by whoever has the [`Turn`], and in the user's
//! write path never.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::analysis::EduAnalyzer;
use crate::batch::Batch;
use crate::evaluate::Evaluation;
use crate::fault::{Fault, guarded};
use crate::generation::Generation;
use crate::memory::Memory;
use crate::place::{Place, Turn};
use crate::schema::{Fields, fingerprint, schema};
use cop_core::Viewer;
use cop_core::search::{Analyzer, IndexError, SearchHits, SearchIndex, SearchQuery, SearchSource};

/// How long a search waits for another process that writes the index, which is probably indexing just what
/// this one needs.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks at what the other process has done.
const LOOK: Duration = Duration::from_millis(5);
/// Full-text search over a community's library, kept beside its store and always as new as the store.
///
/// ```
/// use cop_core::{CommunityOptions, NewCommunity, ScriptedIds};
/// use cop_search::TantivyIndex;
/// let options = CommunityOptions::new().with_ids(ScriptedIds::new(1)).with_index(TantivyIndex::in_memory());
/// let cop = options.in_memory(NewCommunity::new("Math CoP"))?;
/// # Ok::<(), cop_core::Error>(())
/// ```
pub struct TantivyIndex {
    analyzer: EduAnalyzer,
    fields: Fields,
    /// The latest state this handle knows.
    current: Mutex<Option<Arc<Generation>>>,
    /// Held by the thread that brings the index up to date.
    place: Mutex<Place>,
    memory: Memory,
}

impl TantivyIndex {
    /// The index of the store in the file `store`, in a folder beside it: `math.cop-index` of `math.cop`. It is
    /// made when first needed, and may be deleted at any time when the community is not open.
    pub fn beside(store: impl AsRef<Path>) -> Self {
        Self::at(Place::beside(store.as_ref()))
    }

    /// An index in memory.
    pub fn in_memory() -> Self {
        Self::at(Place::Memory(None))
    }

    fn at(place: Place) -> Self {
        Self {
            analyzer: EduAnalyzer::new(),
            fields: schema().1,
            current: Mutex::new(None),
            place: Mutex::new(place),
            memory: Memory::default(),
        }
    }
}

impl SearchIndex for TantivyIndex {
    fn search(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        query: &SearchQuery,
    ) -> Result<SearchHits, IndexError> {
        query.check()?;
        let mut generation = self.generation(source)?;
        for rebuilt in [false, true] {
            let evaluation = Evaluation {
                generation: &generation,
                fields: &self.fields,
                analyzer: &self.analyzer,
                memory: &self.memory,
                source,
                viewer,
            };
            match guarded(|| evaluation.answer(query)) {
                Ok(hits) => return Ok(hits),
                Err(Fault::Outside(error)) => return Err(error),
                // Some damage shows only where it is read.
                Err(Fault::Index(_)) if !rebuilt => generation = self.renew(source)?.0,
                Err(Fault::Index(why)) => return Err(IndexError::Unavailable(why)),
            }
        }
        Err(IndexError::Unavailable("it was damaged twice".to_owned()))
    }

    fn catch_up(&self, source: &dyn SearchSource) -> Result<u64, IndexError> {
        match self.known(source)? {
            Some(_) => Ok(0),
            None => self.follow(source).map(|(_, indexed)| indexed),
        }
    }

    fn rebuild(&self, source: &dyn SearchSource) -> Result<u64, IndexError> {
        self.renew(source).map(|(_, indexed)| indexed)
    }

    fn analyzer(&self) -> &dyn Analyzer {
        &self.analyzer
    }
}

/// A generation, and how many documents were indexed for it.
type Followed = (Arc<Generation>, u64);

impl TantivyIndex {
    /// The state of the index at the snapshot's position.
    fn generation(&self, source: &dyn SearchSource) -> Result<Arc<Generation>, IndexError> {
        match self.known(source)? {
            Some(generation) => Ok(generation),
            None => self.follow(source).map(|(generation, _)| generation),
        }
    }

    /// The state this handle holds already, if it is the snapshot's.
    fn known(&self, source: &dyn SearchSource) -> Result<Option<Arc<Generation>>, IndexError> {
        let current = lock(&self.current).clone();
        let Some(generation) = current.filter(|it| it.payload.store == source.store_id()) else { return Ok(None) };
        match generation.payload.seq {
            seq if seq > source.head() => Err(IndexError::Behind { seq }),
            seq if seq == source.head() => Ok(Some(generation)),
            _ => Ok(None),
        }
    }

    /// Brings the index to the snapshot's position.
    fn follow(&self, source: &dyn SearchSource) -> Result<Followed, IndexError> {
        let mut place = lock(&self.place);
        // Another thread may have done it while this one waited.
        if let Some(generation) = self.known(source)? {
            return Ok((generation, 0));
        }
        self.settle(&mut place, |place| self.follow_in(place, source))
    }

    /// Builds the index anew.
    fn renew(&self, source: &dyn SearchSource) -> Result<Followed, IndexError> {
        let mut place = lock(&self.place);
        self.settle(&mut place, |place| {
            let started = Instant::now();
            let turn = loop {
                match place.take_turn()? {
                    Some(turn) => break turn,
                    None => wait(started)?,
                }
            };
            self.build(place, &turn, source)
        })
    }

    /// Runs `work`, in memory if it cannot be done on disk; what it leads to is the current state then.
    fn settle(
        &self,
        place: &mut Place,
        work: impl Fn(&mut Place) -> Result<(Generation, u64), Fault>,
    ) -> Result<Followed, IndexError> {
        let mut done = guarded(|| work(place));
        if let (Err(Fault::Index(_)), Place::Folder(_)) = (&done, &*place) {
            // A disk that is full, or not ours to write on: the index can do without.
            *place = Place::Memory(None);
            done = guarded(|| work(place));
        }
        match done {
            Ok((generation, indexed)) => {
                let generation = Arc::new(generation);
                *lock(&self.current) = Some(Arc::clone(&generation));
                Ok((generation, indexed))
            }
            Err(Fault::Outside(error)) => Err(error),
            Err(Fault::Index(why)) => Err(IndexError::Unavailable(why)),
        }
    }

    fn follow_in(&self, place: &mut Place, source: &dyn SearchSource) -> Result<(Generation, u64), Fault> {
        let started = Instant::now();
        let turn = loop {
            if let Some(turn) = place.take_turn()? {
                break turn;
            }
            // Perhaps the other process has just done what is needed here.
            if let Ok(Some(generation)) = self.look(place)
                && let Standing::Here = self.standing(&generation, source)?
            {
                return Ok((generation, 0));
            }
            wait(started)?;
        };
        // From here on nobody else writes.
        let Ok(Some(generation)) = self.look(place) else { return self.build(place, &turn, source) };
        match self.standing(&generation, source)? {
            Standing::Here => Ok((generation, 0)),
            Standing::Ahead(seq) => Err(IndexError::Behind { seq }.into()),
            Standing::Elsewhere => self.build(place, &turn, source),
            Standing::Before => match guarded(|| self.grow(place, generation, source)) {
                Err(Fault::Index(_)) => self.build(place, &turn, source),
                grown => grown,
            },
        }
    }

    /// The state that is committed; none where there is no index yet.
    fn look(&self, place: &mut Place) -> Result<Option<Generation>, Fault> {
        guarded(|| match place.open()? {
            Some(index) => Generation::read(&index, &self.fields).map(Some),
            None => Ok(None),
        })
    }

    /// Where a state stands in the snapshot's history.
    fn standing(&self, generation: &Generation, source: &dyn SearchSource) -> Result<Standing, Fault> {
        let payload = &generation.payload;
        if payload.fingerprint != fingerprint(&self.analyzer) || payload.store != source.store_id() {
            return Ok(Standing::Elsewhere);
        }
        if payload.seq > source.head() {
            return Ok(Standing::Ahead(payload.seq));
        }
        Ok(match source.stamp_at(payload.seq)? == payload.stamp {
            false => Standing::Elsewhere,
            true if payload.seq == source.head() => Standing::Here,
            true => Standing::Before,
        })
    }

    /// Adds to a state what changed since.
    fn grow(&self, place: &mut Place, from: Generation, source: &dyn SearchSource) -> Result<(Generation, u64), Fault> {
        let since = from.payload.seq;
        let mut batch = Batch::new(&self.fields, &self.analyzer, place.open()?, source.head() - since);
        batch.documents = from.payload.documents;
        let fed = source.changed_since(since, &mut |doc| {
            batch.step(|batch| {
                batch.remove(doc.ordinal, from.has(&self.fields, doc.ordinal)?)?;
                match doc.document {
                    Some(document) => batch.add(doc.ordinal, doc.class, &document),
                    None => Ok(()),
                }
            })
        });
        let touched = batch.touched;
        match batch.commit(fed, source)? {
            Some(index) => Ok((Generation::read(&index, &self.fields)?, touched)),
            // Nothing that is indexed changed: the next commit will say how far the log was read.
            None => Ok((from.moved(source.head(), source.stamp_at(source.head())?), 0)),
        }
    }

    /// Builds the index from the store alone.
    fn build(&self, place: &mut Place, turn: &Turn, source: &dyn SearchSource) -> Result<(Generation, u64), Fault> {
        let mut batch = Batch::new(&self.fields, &self.analyzer, Some(place.create(turn)?), source.head());
        // Also an empty community's index knows where it stands.
        batch.writer()?;
        let fed = source.changed_since(0, &mut |doc| {
            batch.step(|batch| match doc.document {
                Some(document) => batch.add(doc.ordinal, doc.class, &document),
                None => Ok(()),
            })
        });
        let touched = batch.touched;
        let index = batch.commit(fed, source)?.ok_or_else(|| Fault::Index("it was not written".to_owned()))?;
        Ok((Generation::read(&index, &self.fields)?, touched))
    }
}

/// Where a state of the index stands in a store's history.
enum Standing {
    /// Where the snapshot stands.
    Here,
    /// At an earlier change.
    Before,
    /// At a later one, which the snapshot does not know.
    Ahead(i64),
    /// In none, or in another's.
    Elsewhere,
}

fn wait(started: Instant) -> Result<(), Fault> {
    if started.elapsed() > PATIENCE {
        return Err(IndexError::Unavailable("another process writes it".to_owned()).into());
    }
    std::thread::sleep(LOOK);
    Ok(())
}

/// A lock that a panic elsewhere does not take away: what it guards is replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
