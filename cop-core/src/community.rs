//! A community: one store with its clock, its ids and its search index. The entry point.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::access::{Viewer, redact};
use crate::change::{Actor, Change};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Problem, Result};
use crate::id::{IdSource, MemberId, RandomIds};
use crate::model::{AnyRecord, CommunityRecord, RecordKind};
use crate::ops::{Context, Kept, NewCommunity, Op, Reads, decide};
use crate::search::{
    Completion, IndexError, MAX_COMPLETIONS, PlainAnalyzer, ScanIndex, SearchHits, SearchIndex, SearchQuery,
    SearchSource, Told, title_key,
};
use crate::session::{OnProgress, Session};
use crate::store::engine::Engine;
use crate::store::{Snapshot, Source, Store, THE_COMMUNITY};

/// How often a search takes a newer snapshot when others write meanwhile.
const SNAPSHOTS: usize = 8;

/// An open community. Cheap to clone, and safe to share between threads.
///
/// Everything is read and written through a [`Session`], which speaks for someone.
///
/// ```
/// use cop_core::{Community, NewCommunity, NewMember, NewResource};
/// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
/// let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz"))?;
/// let task = cop.as_member(ana.id)?.add_resource(NewResource::new("task", "Fraction strips"))?;
/// // A draft is its owner's; to a guest it does not exist.
/// assert!(cop.as_guest().resource(task.id).is_err());
/// # Ok::<(), cop_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Community(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub store: Store,
    pub clock: Box<dyn Clock>,
    pub ids: Box<dyn IdSource>,
    index: Box<dyn SearchIndex>,
}

/// What [`Community::check`] found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Health {
    /// What is wrong with the file as such, in the database's words; nobody repairs that. Put a copy in its place.
    pub damage: Vec<String>,
    /// How many keys and audiences are not what the records amount to; [`Community::repair`] makes them so.
    pub derived: u64,
}

impl Health {
    /// Whether nothing was found.
    pub fn is_good(&self) -> bool {
        self.damage.is_empty() && self.derived == 0
    }
}

/// What a community is opened with.
///
/// ```
/// use cop_core::{CommunityOptions, NewCommunity, ScriptedIds};
/// let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
/// # Ok::<(), cop_core::Error>(())
/// ```
pub struct CommunityOptions {
    clock: Box<dyn Clock>,
    ids: Box<dyn IdSource>,
    index: Box<dyn SearchIndex>,
    low_memory: bool,
    #[cfg(feature = "postgres")]
    replica: Option<String>,
}

impl Default for CommunityOptions {
    fn default() -> Self {
        Self {
            clock: Box::new(SystemClock),
            ids: Box::new(RandomIds::default()),
            index: Box::new(ScanIndex::new(PlainAnalyzer)),
            low_memory: false,
            #[cfg(feature = "postgres")]
            replica: None,
        }
    }
}

impl CommunityOptions {
    /// The computer's clock, random ids, and search by scanning.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another source of time.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Another source of ids.
    #[must_use]
    pub fn with_ids(mut self, ids: impl IdSource + 'static) -> Self {
        self.ids = Box::new(ids);
        self
    }

    /// A search index.
    #[must_use]
    pub fn with_index(mut self, index: impl SearchIndex + 'static) -> Self {
        self.index = Box::new(index);
        self
    }

    /// Less memory and a shorter log, at some cost in time: for a phone. 2 MiB of pages for every thread that reads or
    /// writes at the same time, and a log of at most 4 MiB beside the file once nobody reads an old state.
    ///
    /// ```
    /// use cop_core::{CommunityOptions, NewCommunity};
    /// # let folder = std::env::temp_dir().join(format!("cop-low-memory-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let path = folder.join("math.cop");
    /// let cop = CommunityOptions::new().with_low_memory().create(&path, NewCommunity::new("Math CoP"))?;
    /// # drop(cop); std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_low_memory(mut self) -> Self {
        self.low_memory = true;
        self
    }

    /// Founds a community in a new file.
    ///
    /// # Errors
    /// `AlreadyExists` when there is a file; `InvalidInput` (nothing is created then); `Io`.
    #[cfg(feature = "sqlite")]
    pub fn create(self, path: impl AsRef<Path>, new: NewCommunity) -> Result<Community> {
        let path = path.as_ref();
        self.check(&new)?;
        let engine = crate::store::sqlite::Sqlite::create(path, self.low_memory)?;
        // The file is ours and new: what could not be founded leaves nothing behind.
        self.found(Box::new(engine), new).inspect_err(|_| crate::store::sqlite::discard(path))
    }

    /// Opens a community's file.
    ///
    /// # Errors
    /// `Io` when there is none, or a directory, or a place that cannot be written; `Incompatible` for another
    /// application's file and for one that a newer version wrote; `Corrupt`. The file stays as it is.
    #[cfg(feature = "sqlite")]
    pub fn open(self, path: impl AsRef<Path>) -> Result<Community> {
        let store = Store::open(Box::new(crate::store::sqlite::Sqlite::open(path.as_ref(), self.low_memory)?))?;
        Ok(self.community(store))
    }

    /// Founds a community in a schema of its own of a PostgreSQL database; see [`_postgres`](crate::_postgres).
    ///
    /// # Errors
    /// `InvalidInput` for an address that is none, with everything that is wrong with it; `AlreadyExists` when there is
    /// a community in the schema; `Io`, `Busy`. Nothing is created then.
    #[cfg(feature = "postgres")]
    pub fn create_at(self, address: &str, new: NewCommunity) -> Result<Community> {
        self.check(&new)?;
        let engine = crate::store::postgres::Postgres::create(crate::store::postgres::Address::parse(address)?)?;
        self.found(Box::new(engine), new)
    }

    /// Opens a community on a PostgreSQL server; see [`_postgres`](crate::_postgres).
    ///
    /// # Errors
    /// `InvalidInput` for an address that is none; `NotFound` when there is no community in the schema; `Incompatible`
    /// for one that a newer version wrote; `Io`, `Busy`, `Corrupt`.
    #[cfg(feature = "postgres")]
    pub fn connect(self, address: &str) -> Result<Community> {
        use crate::store::postgres::{Address, Postgres};
        let replica = self.replica.as_deref().map(Address::parse).transpose()?;
        let store = Store::open(Box::new(Postgres::open(Address::parse(address)?, replica)?))?;
        Ok(self.community(store))
    }

    /// The address of a hot standby that [`connect`](Self::connect) reads from, as long as it has everything that this
    /// handle has read or written; what it does not have yet is read at the primary, where everything is written.
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn with_replica(mut self, address: impl Into<String>) -> Self {
        self.replica = Some(address.into());
        self
    }

    /// Founds a community in memory; it is gone with the last clone of its handle.
    ///
    /// In memory nobody reads while somebody writes: inside a transaction, read through the transaction.
    ///
    /// # Errors
    /// `InvalidInput`.
    #[cfg(feature = "sqlite")]
    pub fn in_memory(self, new: NewCommunity) -> Result<Community> {
        self.check(&new)?;
        let engine = crate::store::sqlite::Sqlite::in_memory(new_store_id())?;
        self.found(Box::new(engine), new)
    }

    /// Whether the community could be founded, before anything is created.
    fn check(&self, new: &NewCommunity) -> Result<()> {
        let (viewer, ids) = (Viewer::host(self.clock.now().date_naive()), crate::id::ScriptedIds::new(0));
        let context =
            Context { reads: &Nothing, ids: &ids, actor: Actor::System, viewer: &viewer, now: self.clock.now() };
        decide(&context, &Op::FoundCommunity(new.clone())).map(drop)
    }

    pub(crate) fn found(self, engine: Box<dyn Engine>, new: NewCommunity) -> Result<Community> {
        let now = self.clock.now();
        let store = Store::create(engine, new_store_id(), |tx| {
            let now = tx.time(now);
            let viewer = Viewer::host(now.date_naive());
            let context = Context { reads: tx.reads(), ids: &*self.ids, actor: Actor::System, viewer: &viewer, now };
            let changes = decide(&context, &Op::FoundCommunity(new))?;
            tx.apply(changes, Actor::System, now).map(drop)
        })?;
        Ok(self.community(store))
    }

    fn community(self, store: Store) -> Community {
        Community(Arc::new(Inner { store, clock: self.clock, ids: self.ids, index: self.index }))
    }
}

#[cfg(feature = "sqlite")]
impl Community {
    /// Founds a community in a new file, conventionally `*.cop`.
    ///
    /// # Errors
    /// As [`CommunityOptions::create`].
    pub fn create(path: impl AsRef<Path>, new: NewCommunity) -> Result<Self> {
        CommunityOptions::new().create(path, new)
    }

    /// Opens a community's file.
    ///
    /// # Errors
    /// As [`CommunityOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        CommunityOptions::new().open(path)
    }

    /// Moves a damaged file aside, with what lies beside it: `math.cop` becomes `math.cop.damaged-1`, and its place is
    /// free for a copy. Nothing is deleted. Answers with where it is now. Nobody may have it open.
    ///
    /// # Errors
    /// `Io`.
    pub fn set_aside(path: impl AsRef<Path>) -> Result<std::path::PathBuf> {
        crate::store::sqlite::set_aside(path.as_ref())
    }

    /// Founds a community in memory.
    ///
    /// # Errors
    /// As [`CommunityOptions::in_memory`].
    pub fn in_memory(new: NewCommunity) -> Result<Self> {
        CommunityOptions::new().in_memory(new)
    }
}

#[cfg(feature = "sqlite")]
impl Community {
    /// Copies the community into a new file, as it is now, while others go on writing: a backup, or a move from a
    /// server. The copy is compared with what was copied before it is there; it is a store of its own, so that an index
    /// of this one is not taken for its index. Answers with the [`checksum`](Self::checksum) of both.
    ///
    /// ```
    /// use cop_core::{Community, NewCommunity};
    /// # let folder = std::env::temp_dir().join(format!("cop-copy-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let path = folder.join("backup.cop");
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// let checksum = cop.copy_to(&path)?;
    /// assert_eq!(Community::open(&path)?.checksum()?, checksum);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `AlreadyExists` when there is a file; `Io`, `Busy`, `Corrupt`. Nothing is left behind then.
    pub fn copy_to(&self, path: impl AsRef<Path>) -> Result<Uuid> {
        let path = path.as_ref();
        let engine = crate::store::sqlite::Sqlite::create(path, false)?;
        let copied = self.0.store.copy(&engine, new_store_id());
        drop(engine);
        copied.inspect_err(|_| crate::store::sqlite::discard(path))
    }
}

#[cfg(feature = "postgres")]
impl Community {
    /// Copies the community into a schema of a PostgreSQL database, as [`copy_to`](Self::copy_to) does into a file.
    ///
    /// # Errors
    /// As [`CommunityOptions::create_at`], and `Corrupt`. Nothing is left behind then.
    pub fn copy_at(&self, address: &str) -> Result<Uuid> {
        let engine = crate::store::postgres::Postgres::create(crate::store::postgres::Address::parse(address)?)?;
        self.0.store.copy(&engine, new_store_id())
    }

    /// Founds a community in a schema of its own of a PostgreSQL database.
    ///
    /// # Errors
    /// As [`CommunityOptions::create_at`].
    pub fn create_at(address: &str, new: NewCommunity) -> Result<Self> {
        CommunityOptions::new().create_at(address, new)
    }

    /// Opens a community on a PostgreSQL server: `postgres://user:password@host/database?schema=math`.
    ///
    /// # Errors
    /// As [`CommunityOptions::connect`].
    pub fn connect(address: &str) -> Result<Self> {
        CommunityOptions::new().connect(address)
    }
}

impl Community {
    /// A session of a member, whom the host has authenticated; of the person behind a record that was merged.
    ///
    /// # Errors
    /// `NotFound` when there is no such member.
    pub fn as_member(&self, member: MemberId) -> Result<Session> {
        let session = Session::new(self.clone(), Some(Actor::Member(member)));
        let person = session.viewer()?.member.unwrap_or(member);
        Ok(Session::new(self.clone(), Some(Actor::Member(person))))
    }

    /// A session of somebody who is not signed in: sees what is public.
    pub fn as_guest(&self) -> Session {
        Session::new(self.clone(), None)
    }

    /// The host's own session: looks after the community, imports, and needs no authorisation. Sealed
    /// resources do not exist for it either.
    pub fn steward(&self) -> Session {
        Session::new(self.clone(), Some(Actor::System))
    }

    /// What the community is.
    ///
    /// # Errors
    /// `Corrupt` when the store has lost it.
    pub fn about(&self) -> Result<CommunityRecord> {
        let snapshot = self.0.store.read()?;
        let found = snapshot.find_visible(
            &Viewer::guest(self.0.clock.now().date_naive()),
            RecordKind::Community,
            THE_COMMUNITY,
        )?;
        let record = found.into_iter().next().and_then(<CommunityRecord as crate::model::Record>::from_any);
        record.ok_or_else(|| Error::Corrupt("the community's own record is missing".to_owned()))
    }

    /// The position of the last change; grows with every write.
    ///
    /// # Errors
    /// `Io`, `Busy`, `Corrupt`.
    pub fn head(&self) -> Result<i64> {
        Ok(self.0.store.source()?.head())
    }

    /// Lets go of the file and of the index beside it, for an app that goes to the background: whatever is under way is
    /// interrupted and leaves nothing, all connections, files and locks are given back, and every call is refused with
    /// `store.suspended` until [`resume`](Self::resume). Takes as long as the longest step of what is under way, which is
    /// milliseconds, or about a second where a large index is being built. Does nothing where there is no file.
    ///
    /// The file alone is everything there is then, unless so much was being written that its log `*-wal` is long: that
    /// is left to whoever opens the file next.
    ///
    /// ```
    /// # use cop_core::{Community, ErrorKind, NewCommunity};
    /// # use std::time::Duration;
    /// # let folder = std::env::temp_dir().join(format!("cop-suspend-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let cop = Community::create(folder.join("math.cop"), NewCommunity::new("Math CoP"))?;
    /// cop.suspend(Duration::from_millis(250))?;
    /// assert!(cop.is_suspended());
    /// assert_eq!(cop.about().unwrap_err().code(), "store.suspended");
    /// cop.resume();
    /// assert_eq!(cop.about()?.name, "Math CoP");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Busy` when something is still under way after `patience`; what it holds is let go as soon as it ends.
    pub fn suspend(&self, patience: Duration) -> Result<()> {
        let suspended = self.0.store.suspend(patience);
        self.let_index_go();
        suspended
    }

    /// Ends a [`suspend`](Self::suspend). The file and the index are opened when they are next needed.
    pub fn resume(&self) {
        self.0.store.resume();
    }

    /// Whether it is [suspended](Self::suspend).
    pub fn is_suspended(&self) -> bool {
        self.0.store.is_suspended()
    }

    fn let_index_go(&self) {
        if self.is_suspended() {
            self.0.index.let_go();
        }
    }

    /// Looks whether the store is whole: its file as such, and what is derived from the records, by which they are found
    /// and shown. Writes nothing.
    ///
    /// # Errors
    /// `Io`, `Busy`; `Corrupt` for damage that cannot even be read.
    pub fn check(&self) -> Result<Health> {
        let damage = self.0.store.check()?;
        Ok(Health { damage, derived: self.0.store.write()?.repair()? })
    }

    /// Makes what is derived from the records anew, where it is not what it must be; answers with how much that was. The
    /// search index repairs itself.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn repair(&self) -> Result<u64> {
        let write = self.0.store.write()?;
        let repaired = write.repair()?;
        write.commit()?;
        Ok(repaired)
    }

    /// A checksum of everything that is in the store: equal for equal states on whatever engine, and for a copy.
    ///
    /// # Errors
    /// `Io`, `Busy`, `Corrupt`.
    pub fn checksum(&self) -> Result<Uuid> {
        self.0.store.checksum()
    }

    /// Waits for changes after position `seq`, at most so long; answers with the position of the last change, which
    /// is `seq` or less when there were none. Whoever follows the log waits here, and reads it with
    /// [`changes`](Self::changes) or [`catch_up`](Self::catch_up): that nothing is missed does not depend on who was
    /// told of what.
    ///
    /// ```
    /// # use cop_core::{Community, NewCommunity, NewTeam};
    /// # use std::time::Duration;
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// cop.steward().create_team(NewTeam::new("site", "Algebra"))?;
    /// let (mut seen, mut kinds) = (0, Vec::new());
    /// while cop.wait_for_changes(seen, Duration::ZERO)? > seen {
    ///     for change in cop.changes(seen, 100)? {
    ///         seen = change.seq;
    ///         kinds.push(change.kind.name());
    ///     }
    /// }
    /// assert_eq!(kinds, ["community", "team"]);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Io`, `Busy`, `Corrupt`.
    pub fn wait_for_changes(&self, seq: i64, timeout: Duration) -> Result<i64> {
        let (started, mut heard) = (Instant::now(), 0);
        loop {
            let head = self.head()?;
            let waited = started.elapsed();
            if head > seq || waited >= timeout {
                return Ok(head);
            }
            self.0.store.wait(&mut heard, timeout - waited);
        }
    }

    /// The change log after position `seq`, at most `limit` entries: for backups, followers and tests.
    /// The host's view: it holds what members may not see.
    ///
    /// # Errors
    /// `Io`, `Busy`, `Corrupt`.
    pub fn changes(&self, seq: i64, limit: usize) -> Result<Vec<Change>> {
        self.0.store.read()?.changes(seq, limit)
    }

    /// Brings the search index up to date now, instead of at a search that finds much changed, and writes down what
    /// searches only keep in memory; answers with the number of records it took in.
    ///
    /// # Errors
    /// `Io` when the index cannot be written; searching works all the same.
    pub fn catch_up(&self) -> Result<u64> {
        self.brought_up(None)
    }

    /// The same while others search: they do not wait, unless more changed than is kept in memory. `progress` is told how
    /// many records have been taken in, and may stop it.
    ///
    /// ```
    /// # use cop_core::{Community, NewCommunity};
    /// use std::ops::ControlFlow;
    ///
    /// # let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// let background = std::thread::spawn({
    ///     let cop = cop.clone();
    ///     move || {
    ///         cop.catch_up_with(&mut |progress| {
    ///             println!("{} of {}", progress.done, progress.total);
    ///             ControlFlow::Continue(())
    ///         })
    ///     }
    /// });
    /// cop.as_guest().search("fractions")?;
    /// background.join().expect("no panic")?;
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Community::catch_up`]; `Interrupted` when `progress` stopped it: what had been written down before stays.
    pub fn catch_up_with(&self, progress: OnProgress<'_>) -> Result<u64> {
        let progress = RefCell::new(progress);
        self.brought_up(Some(&|so_far| (progress.borrow_mut())(so_far)))
    }

    fn brought_up(&self, told: Told<'_>) -> Result<u64> {
        self.with_index(|source| self.0.index.catch_up(source, told)).map_err(|error| match error {
            IndexError::Store(error) => error,
            other => Error::Io { context: format!("the search index cannot be written: {other}"), source: None },
        })
    }

    pub(crate) fn search(&self, actor: Option<Actor>, query: &SearchQuery) -> Result<SearchHits> {
        query.check()?;
        self.ask(actor, |index, source, viewer| index.search(source, viewer, &named(query, source, viewer)?))
    }

    pub(crate) fn complete(&self, actor: Option<Actor>, text: &str, limit: usize) -> Result<Vec<Completion>> {
        if limit > MAX_COMPLETIONS {
            let problem = Problem::new("limit", "search.limit", format!("at most {MAX_COMPLETIONS} completions"));
            return Err(problem.into());
        }
        self.ask(actor, |index, source, viewer| index.complete(source, viewer, text, limit))
    }

    /// Asks the index, or the store itself where the index cannot be used.
    fn ask<T>(
        &self,
        actor: Option<Actor>,
        question: impl Fn(&dyn SearchIndex, &Source<'_>, &Viewer) -> Result<T, IndexError>,
    ) -> Result<T> {
        let index = &*self.0.index;
        let ask = |source: &Source<'_>, index: &dyn SearchIndex| {
            let viewer = match actor {
                Some(actor) => source.viewer(actor, self.0.clock.now())?,
                None => Arc::new(Viewer::guest(self.0.clock.now().date_naive())),
            };
            question(index, source, &viewer)
        };
        let answer = match self.with_index(|source| ask(source, index)) {
            // The store itself can always be asked, if more slowly; the answer is the same.
            Err(IndexError::Behind { .. } | IndexError::Unavailable(_)) => {
                ask(&self.0.store.source()?, &ScanIndex::new(index.analyzer()))
            }
            answer => answer,
        };
        answer.map_err(|error| match error {
            IndexError::Store(error) => error,
            other => Error::Internal(other.to_string()),
        })
    }

    /// Asks the index, with newer snapshots as long as it is ahead of them.
    fn with_index<T>(&self, ask: impl Fn(&Source<'_>) -> Result<T, IndexError>) -> Result<T, IndexError> {
        let answer = self.ask_index(ask);
        // Nobody may have waited for this.
        self.let_index_go();
        answer
    }

    fn ask_index<T>(&self, ask: impl Fn(&Source<'_>) -> Result<T, IndexError>) -> Result<T, IndexError> {
        let mut reached = 0;
        for _ in 0..SNAPSHOTS {
            let source = self.0.store.source()?;
            // The index had got there before this snapshot was taken. That the store has not means that its file
            // was put back to an older state.
            if source.head() < reached {
                self.0.index.rebuild(&source)?;
            }
            match ask(&source) {
                Err(IndexError::Behind { seq }) => reached = seq,
                answer => return answer,
            }
        }
        Err(IndexError::Unavailable("others write all the time".to_owned()))
    }
}

/// The id of a store that is founded or copied now.
fn new_store_id() -> Uuid {
    RandomIds::default().next(SystemClock.now())
}

/// The query with the ids of the teams and members that its text names, as far as `viewer` sees them.
fn named(query: &SearchQuery, snapshot: &Snapshot<'_>, viewer: &Viewer) -> Result<SearchQuery> {
    let mut query = query.clone();
    let mut seen: HashMap<RecordKind, HashMap<String, Vec<Uuid>>> = HashMap::new();
    query.name_ids(|kind, name| {
        if kind == RecordKind::Member && name.eq_ignore_ascii_case("me") {
            return Ok(viewer.member.into_iter().map(MemberId::uuid).collect());
        }
        if let Entry::Vacant(seen) = seen.entry(kind) {
            let names = seen.insert(HashMap::new());
            for record in snapshot.all(kind, viewer)? {
                let id = record.reference().id;
                let name = match redact(record, viewer) {
                    AnyRecord::Team(team) => team.name,
                    AnyRecord::Member(member) => member.display,
                    _ => continue,
                };
                names.entry(title_key(&name)).or_default().push(id);
            }
        }
        Ok(seen.get(&kind).and_then(|names| names.get(&title_key(name))).cloned().unwrap_or_default())
    })?;
    Ok(query)
}

/// An empty store, to try an operation on.
struct Nothing;

impl Reads for Nothing {
    fn kept(&self, _: RecordKind, _: Uuid) -> Result<Option<Kept>> {
        Ok(None)
    }
    fn find(&self, _: RecordKind, _: &str) -> Result<Vec<Uuid>> {
        Ok(Vec::new())
    }
    fn related(&self, _: RecordKind, _: &'static str, _: Uuid) -> Result<Vec<AnyRecord>> {
        Ok(Vec::new())
    }
    fn kept_with(&self, _: RecordKind, _: &'static str, _: Uuid) -> Result<Vec<Kept>> {
        Ok(Vec::new())
    }
    fn each(&self, _: RecordKind, _: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        Ok(())
    }
    fn each_deleted(&self, _: RecordKind, _: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        Ok(())
    }
    fn history(&self, _: RecordKind, _: Uuid) -> Result<Vec<Change>> {
        Ok(Vec::new())
    }
    fn recent(&self, _: i64, _: usize) -> Result<Vec<Change>> {
        Ok(Vec::new())
    }
}
