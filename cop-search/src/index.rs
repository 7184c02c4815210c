//! The index that follows the store's log.
//!
//! Invariants: an answer is always given by a state that stands exactly where the asker's snapshot does;
//! whatever cannot be read, was written differently, grew from another history or has lost a delete is built
//! anew from the store, unasked; the index is written only by whoever has the [`Turn`], and in the user's
//! write path never. Few changes are kept in memory, by every process for itself; who has many commits them.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use crate::analysis::EduAnalyzer;
use crate::batch::Batch;
use crate::evaluate::Evaluation;
use crate::fault::{Fault, guarded};
use crate::generation::Generation;
use crate::memory::Memory;
use crate::place::{Place, Turn};
use crate::schema::{Fields, fingerprint, schema};
use crate::state::State;
use cop_core::Viewer;
use cop_core::search::{Analyzer, Completion, IndexError, SearchHits, SearchIndex, SearchQuery, SearchSource, Told};

/// How long a search waits for another process that writes the index, which is probably indexing just what
/// this one needs.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks at what the other process has done.
const LOOK: Duration = Duration::from_millis(5);
/// From so many changes on they are committed.
const MOST_RECENT: i64 = 256;
/// So many are kept in memory while another process commits.
const MOST_MEANWHILE: i64 = 2_048;

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
    current: Mutex<Option<Arc<State>>>,
    /// Held by the thread that brings the committed index up to date.
    place: Mutex<Place>,
    memory: Memory,
    low_memory: bool,
}

impl TantivyIndex {
    /// The index of the store in the file `store`, in a folder beside it: `math.cop-index` of `math.cop`. It is
    /// made when first needed, and may be deleted at any time when the community is not open.
    pub fn beside(store: impl AsRef<Path>) -> Self {
        Self::at(Place::beside(store.as_ref()))
    }

    /// An index in the folder `path`, as a server has it whose store is elsewhere.
    pub fn in_folder(path: impl AsRef<Path>) -> Self {
        Self::at(Place::folder(path.as_ref()))
    }

    /// An index in memory.
    pub fn in_memory() -> Self {
        Self::at(Place::Memory(None))
    }

    /// Takes less memory, at some cost in time: an eighth of what is remembered of earlier searches, and never more than
    /// 15 MB to write the index with.
    ///
    /// ```
    /// use cop_core::{CommunityOptions, NewCommunity};
    /// use cop_search::TantivyIndex;
    /// let options = CommunityOptions::new().with_index(TantivyIndex::in_memory().with_low_memory());
    /// let cop = options.in_memory(NewCommunity::new("Math CoP"))?;
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_low_memory(self) -> Self {
        Self { memory: Memory::of(8), low_memory: true, ..self }
    }

    fn at(place: Place) -> Self {
        Self {
            analyzer: EduAnalyzer::new(),
            fields: schema().1,
            current: Mutex::new(None),
            place: Mutex::new(place),
            memory: Memory::default(),
            low_memory: false,
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
        self.evaluate(source, viewer, |evaluation| evaluation.answer(query))
    }

    fn complete(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Completion>, IndexError> {
        self.evaluate(source, viewer, |evaluation| evaluation.complete(text, limit))
    }

    fn catch_up(&self, source: &dyn SearchSource, told: Told<'_>) -> Result<u64, IndexError> {
        self.follow(source, Until::Committed, told).map(|(_, indexed)| indexed)
    }

    fn rebuild(&self, source: &dyn SearchSource) -> Result<u64, IndexError> {
        self.renew(source).map(|(_, indexed)| indexed)
    }

    fn let_go(&self) {
        // Whoever writes holds files and the turn no longer than that takes; only what is read stays open.
        *lock(&self.current) = None;
    }

    fn analyzer(&self) -> &dyn Analyzer {
        &self.analyzer
    }
}

/// A state, and how many documents were committed for it.
type Followed = (Arc<State>, u64);

/// How far the index is to be brought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The changes are known.
    Known,
    /// They are in what is committed.
    Committed,
}

impl TantivyIndex {
    /// Asks the state at the snapshot's position.
    fn evaluate<T>(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        ask: impl Fn(&Evaluation<'_>) -> Result<T, Fault>,
    ) -> Result<T, IndexError> {
        let mut state = self.state(source)?;
        for rebuilt in [false, true] {
            let evaluation = Evaluation {
                state: &state,
                fields: &self.fields,
                analyzer: &self.analyzer,
                memory: &self.memory,
                source,
                viewer,
            };
            match guarded(|| ask(&evaluation)) {
                Ok(answer) => return Ok(answer),
                Err(Fault::Outside(error)) => return Err(error),
                // Some damage shows only where it is read.
                Err(Fault::Index(_)) if !rebuilt => state = self.renew(source)?.0,
                Err(Fault::Index(why)) => return Err(IndexError::Unavailable(why)),
            }
        }
        Err(IndexError::Unavailable("it was damaged twice".to_owned()))
    }

    /// The state of the index at the snapshot's position.
    fn state(&self, source: &dyn SearchSource) -> Result<Arc<State>, IndexError> {
        match self.known(source, Until::Known, MOST_RECENT)? {
            Some(state) => Ok(state),
            None => self.follow(source, Until::Known, None).map(|(state, _)| state),
        }
    }

    /// The snapshot's state, if this handle holds it or is no more than `most` changes behind.
    fn known(&self, source: &dyn SearchSource, until: Until, most: i64) -> Result<Option<Arc<State>>, IndexError> {
        let current = lock(&self.current).clone();
        let Some(state) = current.filter(|it| it.generation.payload.store == source.store_id()) else {
            return Ok(None);
        };
        match state.seq {
            seq if seq > source.head() => return Err(IndexError::Behind { seq }),
            seq if seq == source.head() => {
                return Ok(Some(state).filter(|it| until == Until::Known || it.is_committed()));
            }
            _ if until == Until::Committed => return Ok(None),
            _ => {}
        }
        match guarded(|| self.advance(&state, source, most)) {
            Ok(Some(next)) => {
                let next = Arc::new(next);
                let mut current = lock(&self.current);
                // Another thread may have come further, or have built the index anew.
                if current.as_ref().is_some_and(|it| Arc::ptr_eq(it, &state)) {
                    *current = Some(Arc::clone(&next));
                }
                Ok(Some(next))
            }
            Err(Fault::Outside(error)) => Err(error),
            // From what is committed it can be done in any case.
            Ok(None) | Err(Fault::Index(_)) => Ok(None),
        }
    }

    /// A state with the changes since, if they are no more than `most` and of the same history.
    fn advance(&self, state: &State, source: &dyn SearchSource, most: i64) -> Result<Option<State>, Fault> {
        match source.stamp_at(state.seq)? == state.stamp {
            true => state.advance(source, most, &self.fields, &self.analyzer),
            false => Ok(None),
        }
    }

    /// Brings the index to the snapshot's position.
    fn follow(&self, source: &dyn SearchSource, until: Until, told: Told<'_>) -> Result<Followed, IndexError> {
        let mut place = match self.place.try_lock() {
            Ok(place) => place,
            // Another thread is at it: what little changed is not waited for.
            Err(TryLockError::WouldBlock) => match self.known(source, until, MOST_MEANWHILE)? {
                Some(state) => return Ok((state, 0)),
                None => lock(&self.place),
            },
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        };
        // It may have done it.
        if let Some(state) = self.known(source, until, MOST_RECENT)? {
            return Ok((state, 0));
        }
        self.settle(&mut place, |place| self.follow_in(place, source, until, told))
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
            self.build(place, &turn, source, None)
        })
    }

    /// Runs `work`, in memory if it cannot be done on disk; what it leads to is the current state then.
    fn settle(
        &self,
        place: &mut Place,
        work: impl Fn(&mut Place) -> Result<(State, u64), Fault>,
    ) -> Result<Followed, IndexError> {
        let mut done = guarded(|| work(place));
        if let (Err(Fault::Index(_)), Place::Folder(_)) = (&done, &*place) {
            // A disk that is full, or not ours to write on: the index can do without.
            *place = Place::Memory(None);
            done = guarded(|| work(place));
        }
        match done {
            Ok((state, indexed)) => {
                let state = Arc::new(state);
                *lock(&self.current) = Some(Arc::clone(&state));
                Ok((state, indexed))
            }
            Err(Fault::Outside(error)) => Err(error),
            Err(Fault::Index(why)) => Err(IndexError::Unavailable(why)),
        }
    }

    fn follow_in(
        &self,
        place: &mut Place,
        source: &dyn SearchSource,
        until: Until,
        told: Told<'_>,
    ) -> Result<(State, u64), Fault> {
        if until == Until::Known
            && let Some(state) = self.recall(place, source, MOST_RECENT)?
        {
            return Ok((state, 0));
        }
        let started = Instant::now();
        let turn = loop {
            if let Some(turn) = place.take_turn()? {
                break turn;
            }
            // Perhaps the other process has just done what is needed here, or most of it.
            if let Some(state) = self.recall(place, source, MOST_MEANWHILE)?
                && (until == Until::Known || state.is_committed())
            {
                return Ok((state, 0));
            }
            wait(started)?;
        };
        // From here on nobody else writes.
        let Ok(Some(generation)) = self.look(place) else { return self.build(place, &turn, source, told) };
        match self.standing(&generation, source)? {
            Standing::Here => Ok((State::committed(generation), 0)),
            Standing::Ahead(seq) => Err(IndexError::Behind { seq }.into()),
            Standing::Elsewhere => self.build(place, &turn, source, told),
            Standing::Before => match guarded(|| self.grow(place, &turn, generation, source, told)) {
                Err(Fault::Index(_)) => self.build(place, &turn, source, told),
                grown => grown,
            },
        }
    }

    /// What is committed with the changes since, if they are no more than `most`.
    fn recall(&self, place: &mut Place, source: &dyn SearchSource, most: i64) -> Result<Option<State>, Fault> {
        // What cannot be read is built anew by whoever has the turn.
        let Ok(Some(generation)) = self.look(place) else { return Ok(None) };
        match self.standing(&generation, source)? {
            Standing::Here => Ok(Some(State::committed(generation))),
            Standing::Before => match guarded(|| self.advance(&State::committed(generation), source, most)) {
                Err(Fault::Index(_)) => Ok(None),
                advanced => advanced,
            },
            Standing::Ahead(_) | Standing::Elsewhere => Ok(None),
        }
    }

    /// What is committed; none where there is no index yet.
    fn look(&self, place: &mut Place) -> Result<Option<Generation>, Fault> {
        guarded(|| match place.open()? {
            Some(index) => Generation::read(&index).map(Some),
            None => Ok(None),
        })
    }

    /// Where what is committed stands in the snapshot's history.
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

    /// As how many `changes` are to be treated: many are given more memory.
    fn size_of(&self, changes: i64) -> i64 {
        if self.low_memory { 0 } else { changes }
    }

    /// Commits what changed since.
    fn grow(
        &self,
        place: &mut Place,
        turn: &Turn,
        from: Generation,
        source: &dyn SearchSource,
        told: Told<'_>,
    ) -> Result<(State, u64), Fault> {
        let since = from.payload.seq;
        let total = told.map_or(Ok(0), |_| source.count_changed(since))?;
        let changes = self.size_of(source.head() - since);
        let batch = Batch::new(&self.fields, &self.analyzer, place.open()?, changes);
        let mut batch = batch.telling(told, total);
        batch.documents = from.payload.documents;
        batch.purges = source.erased_since(since)?;
        let fed = source.changed_since(since, &mut |doc| {
            batch.step(|batch| {
                batch.remove(doc.ordinal, from.find(&self.fields, doc.ordinal)?.is_some())?;
                match doc.document {
                    Some(document) => batch.add(doc.ordinal, doc.class, &document),
                    None => Ok(()),
                }
            })
        });
        let touched = batch.touched;
        match batch.commit(fed, source)? {
            Some(index) => {
                place.seal(turn);
                Ok((State::committed(Generation::read(&index)?), touched))
            }
            // Nothing that is indexed changed: the next commit will say how far the log was read.
            None => Ok((State::of(from, source.head(), source.stamp_at(source.head())?), 0)),
        }
    }

    /// Builds the index from the store alone.
    fn build(
        &self,
        place: &mut Place,
        turn: &Turn,
        source: &dyn SearchSource,
        told: Told<'_>,
    ) -> Result<(State, u64), Fault> {
        let total = told.map_or(Ok(0), |_| source.count_changed(0))?;
        let index = place.create(turn)?;
        let batch = Batch::new(&self.fields, &self.analyzer, Some(index), self.size_of(source.head()));
        let mut batch = batch.telling(told, total);
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
        place.seal(turn);
        Ok((State::committed(Generation::read(&index)?), touched))
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

#[cfg(test)]
mod tests {
    use cop_core::{NewCommunity, NewMember, NewStory};

    use super::*;
    use crate::generation::Segment;

    /// In how many segments of the index in `folder` a word occurs, in records that are gone also.
    fn segments_with(store: &Path, word: &str) -> usize {
        let fields = schema().1;
        let index = Place::beside(store).open().expect("open").expect("an index");
        let generation = Generation::read(&index).expect("a state");
        let has = |segment: &&Segment| segment.term(&fields, word).expect("read").is_some();
        generation.segments(&fields).expect("opened").iter().filter(has).count()
    }

    #[test]
    fn the_words_of_who_is_erased_leave_the_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("math.cop");
        let cop = crate::create(&store, NewCommunity::new("Math CoP")).expect("a community");
        let [ana, ben] =
            ["Ana", "Ben"].map(|name| cop.steward().add_member(NewMember::new(name, "Ruiz")).expect("a member").id);
        let tell = |member, text: &str| {
            let story = NewStory::new("testimonial", "A day", text);
            cop.as_member(member).expect("a member").tell_story(story).expect("a story");
        };
        tell(ana, "We folded quarzfeld.");
        tell(ben, "We folded paper.");
        cop.catch_up().expect("caught up");
        tell(ana, "And quarzfeld again.");
        cop.catch_up().expect("caught up");
        tell(ana, "Quarzfeld.");
        assert_eq!((segments_with(&store, "quarzfeld"), segments_with(&store, "paper")), (2, 1));
        cop.as_member(ana).expect("a member").erase_member(ana).expect("erased");
        assert_eq!((segments_with(&store, "quarzfeld"), segments_with(&store, "paper")), (0, 1));
        assert_eq!(cop.as_member(ben).expect("a member").search("folded").expect("an answer").total, 1);
    }
}
