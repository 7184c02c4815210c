//! The two handles, which close, refuse after a fork, and let other threads run.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use cop_core::interop::ImportOptions;
use cop_core::{Cursor, ListFilter, MemberId, Op, PageRequest, Problem, Result, SearchQuery};
use pyo3::prelude::*;

use crate::hits::Hits;
use crate::tables::{self, Table};
use crate::transaction::Transaction;
use crate::views::View;
use crate::{errors, json, server};

/// How often somebody who waits for changes looks for Ctrl-C.
const LOOK: Duration = Duration::from_millis(200);

/// How many files are open, and in which process. Lock-free, as a fork copies a lock in whatever state it is.
static FILES: AtomicUsize = AtomicUsize::new(0);
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// A file that is open.
///
/// A child that was forked meanwhile must not open any: the SQLite it inherits believes to hold the parent's
/// locks (sqlite.org/howtocorrupt.html, section 2.6).
pub struct OpenFile {
    /// Lives as long as the file is open, so that Python's own SQLite is kept away from it.
    _guard: Py<PyAny>,
}

impl OpenFile {
    fn begin(guard: Py<PyAny>) -> PyResult<Self> {
        let process = std::process::id();
        if PROCESS.load(Ordering::SeqCst) != process {
            if FILES.load(Ordering::SeqCst) > 0 {
                return Err(errors::forked());
            }
            PROCESS.store(process, Ordering::SeqCst);
        }
        FILES.fetch_add(1, Ordering::SeqCst);
        Ok(OpenFile { _guard: guard })
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        FILES.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What a community's handle shares with its sessions' handles, so that shutting it down closes the file
/// although sessions are still referred to.
struct Shared {
    process: u32,
    next: AtomicU64,
    open: RwLock<Option<Open>>,
}

struct Open {
    community: cop_core::Community,
    sessions: HashMap<u64, cop_core::Session>,
    /// Last, so that the file is closed before it counts as closed. Open transactions hold it, too.
    file: Option<Arc<OpenFile>>,
}

impl Shared {
    /// Refuses in a process that has got the handle by forking. Asked before every use of the lock, which
    /// another thread of the parent may have held at the time of the fork.
    fn check_process(&self) -> PyResult<()> {
        if self.is_forked() { Err(errors::forked()) } else { Ok(()) }
    }

    fn is_forked(&self) -> bool {
        self.process != std::process::id()
    }

    /// The lock is held only to look things up, never while the core works.
    fn with<T>(&self, look_up: impl FnOnce(&Open) -> Option<T>) -> PyResult<T> {
        self.check_process()?;
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().and_then(look_up).ok_or_else(errors::closed)
    }

    fn session(self: &Arc<Self>, session: cop_core::Session) -> PyResult<Session> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let sessions = open.as_mut().map(|open| &mut open.sessions).ok_or_else(errors::closed)?;
        let member = session.member_id();
        let key = self.next.fetch_add(1, Ordering::Relaxed);
        sessions.insert(key, session);
        Ok(Session { shared: Arc::clone(self), key, member })
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Closing SQLite in a forked child would take the parent's write-ahead log away.
        if self.is_forked() {
            std::mem::forget(self.open.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// An open community.
#[pyclass(frozen, module = "copkit._native")]
pub struct Community(Arc<Shared>);

impl Community {
    /// The handle of a community in a file.
    pub fn in_file(
        py: Python<'_>,
        guard: Py<PyAny>,
        work: impl FnOnce() -> Result<cop_core::Community> + Send,
    ) -> PyResult<Self> {
        let file = OpenFile::begin(guard)?;
        Ok(Self::new(errors::call(py, work)?, Some(file)))
    }

    /// The handle of a community that is in no file: in memory, or on a server.
    pub fn elsewhere(py: Python<'_>, work: impl FnOnce() -> Result<cop_core::Community> + Send) -> PyResult<Self> {
        Ok(Self::new(errors::call(py, work)?, None))
    }

    fn new(community: cop_core::Community, file: Option<OpenFile>) -> Self {
        let open = Open { community, sessions: HashMap::new(), file: file.map(Arc::new) };
        Self(Arc::new(Shared { process: std::process::id(), next: AtomicU64::new(0), open: RwLock::new(Some(open)) }))
    }

    fn community(&self) -> PyResult<cop_core::Community> {
        self.0.with(|open| Some(open.community.clone()))
    }
}

#[pymethods]
impl Community {
    /// Closes the file, as soon as calls that other threads have under way are done.
    fn shutdown(&self, py: Python<'_>) -> PyResult<()> {
        if self.0.is_forked() {
            return Ok(());
        }
        errors::call(py, || {
            let open = self.0.open.write().unwrap_or_else(PoisonError::into_inner).take();
            drop(open);
            Ok(())
        })
    }

    /// Whether it was shut down.
    #[getter]
    fn closed(&self) -> PyResult<bool> {
        self.0.check_process()?;
        Ok(self.0.open.read().unwrap_or_else(PoisonError::into_inner).is_none())
    }

    /// The community's own record.
    fn about(&self, py: Python<'_>) -> PyResult<String> {
        let community = self.community()?;
        errors::call(py, || json::write(&community.about()?))
    }

    /// The position of the last change.
    fn head(&self, py: Python<'_>) -> PyResult<i64> {
        let community = self.community()?;
        errors::call(py, || community.head())
    }

    /// Brings the search index up to date.
    fn catch_up(&self, py: Python<'_>) -> PyResult<u64> {
        let community = self.community()?;
        errors::call(py, || community.catch_up())
    }

    /// Waits for changes after a position, at most so many seconds, or until there are some; Ctrl-C ends it.
    #[pyo3(signature = (seq, timeout=None))]
    fn wait_for_changes(&self, py: Python<'_>, seq: i64, timeout: Option<f64>) -> PyResult<i64> {
        let (started, timeout) = (Instant::now(), timeout.map_or(Duration::MAX, seconds));
        loop {
            // Anew each time, so that it ends when another thread shuts the community down.
            let community = self.community()?;
            let rest = timeout.saturating_sub(started.elapsed());
            let head = errors::call(py, || community.wait_for_changes(seq, rest.min(LOOK)))?;
            if head > seq || rest <= LOOK {
                return Ok(head);
            }
            py.check_signals()?;
        }
    }

    /// Copies the community into a new file; answers with the checksum of both.
    fn copy_to(&self, py: Python<'_>, path: PathBuf) -> PyResult<String> {
        let community = self.community()?;
        errors::call(py, || Ok(community.copy_to(path)?.to_string()))
    }

    /// Copies the community to a PostgreSQL server; answers with the checksum of both.
    fn copy_at(&self, py: Python<'_>, address: &str) -> PyResult<String> {
        let community = self.community()?;
        errors::call(py, || Ok(server::copy_at(&community, address)?.to_string()))
    }

    /// A checksum of everything that is in it.
    fn checksum(&self, py: Python<'_>) -> PyResult<String> {
        let community = self.community()?;
        errors::call(py, || Ok(community.checksum()?.to_string()))
    }

    /// What is wrong with it, as JSON.
    fn check(&self, py: Python<'_>) -> PyResult<String> {
        let community = self.community()?;
        errors::call(py, || json::write(&community.check()?))
    }

    /// Makes derived data anew; answers with how much of it was wrong.
    fn repair(&self, py: Python<'_>) -> PyResult<u64> {
        let community = self.community()?;
        errors::call(py, || community.repair())
    }

    /// Whether it is suspended.
    #[getter]
    fn suspended(&self) -> PyResult<bool> {
        Ok(self.community()?.is_suspended())
    }

    /// Lets go of every file, after at most so many seconds.
    fn suspend(&self, py: Python<'_>, patience: f64) -> PyResult<()> {
        let community = self.community()?;
        errors::call(py, || community.suspend(seconds(patience)))
    }

    /// Lets calls in again.
    fn resume(&self) -> PyResult<()> {
        self.community()?.resume();
        Ok(())
    }

    /// The host's own session.
    fn steward(&self) -> PyResult<Session> {
        self.0.session(self.community()?.steward())
    }

    /// A session of somebody who is not signed in.
    fn as_guest(&self) -> PyResult<Session> {
        self.0.session(self.community()?.as_guest())
    }

    /// A session of a member.
    fn as_member(&self, py: Python<'_>, member: &str) -> PyResult<Session> {
        let community = self.community()?;
        let session = errors::call(py, || {
            let member: MemberId = member.parse().map_err(|problem: Problem| problem.at("member"))?;
            community.as_member(member)
        })?;
        self.0.session(session)
    }
}

/// What a number of seconds means; less than none is none.
fn seconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number).unwrap_or(if number > 0.0 { Duration::MAX } else { Duration::ZERO })
}

/// Someone's access to a community.
#[pyclass(frozen, module = "copkit._native")]
pub struct Session {
    shared: Arc<Shared>,
    key: u64,
    member: Option<MemberId>,
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.shared.is_forked() {
            let mut open = self.shared.open.write().unwrap_or_else(PoisonError::into_inner);
            let session = open.as_mut().and_then(|open| open.sessions.remove(&self.key));
            drop(open);
            drop(session);
        }
    }
}

impl Session {
    fn session(&self) -> PyResult<cop_core::Session> {
        self.shared.with(|open| open.sessions.get(&self.key).cloned())
    }

    fn call<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&cop_core::Session) -> Result<T> + Send) -> PyResult<T> {
        let session = self.session()?;
        errors::call(py, || {
            // Dropped in here: it may be the last one, and closing a file takes time.
            let session = session;
            work(&session)
        })
    }
}

#[pymethods]
impl Session {
    /// The member this session speaks for.
    #[getter]
    fn member_id(&self) -> Option<String> {
        self.member.map(|id| id.to_string())
    }

    /// Runs one operation, `{"op": …, "args": …}`; answers `{"kind": …, "record": …}`.
    fn apply(&self, py: Python<'_>, op: &str) -> PyResult<String> {
        self.call(py, |session| json::write(&session.apply(json::read::<Op>(op)?)?))
    }

    /// Whether one operation would be accepted; writes nothing.
    fn try_out(&self, py: Python<'_>, op: &str) -> PyResult<String> {
        self.call(py, |session| json::write(&session.try_out(json::read::<Op>(op)?)?))
    }

    /// Runs a list of operations in one transaction; answers a list.
    #[pyo3(signature = (ops, progress=None))]
    fn batch(&self, py: Python<'_>, ops: &str, progress: Option<Py<PyAny>>) -> PyResult<String> {
        let session = self.session()?;
        errors::watched(py, progress, |progress| json::write(&session.batch(json::read::<Vec<Op>>(ops)?, progress)?))
    }

    /// Runs an importer on the bytes of a file; answers its report.
    #[pyo3(signature = (format, bytes, options, progress=None))]
    fn import_from(
        &self,
        py: Python<'_>,
        format: &str,
        bytes: &[u8],
        options: &str,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        let session = self.session()?;
        errors::watched(py, progress, |progress| {
            let options = json::read::<ImportOptions>(options)?;
            let report = match format {
                "oneroster" => session.import_oneroster(bytes, &options, progress),
                "case" => session.import_case(bytes, &options, progress),
                "ca_directory" => session.import_ca_directory(bytes, &options, progress),
                "resources" => session.import_resources(bytes, &options, progress),
                _ => Err(Problem::new("format", "input.unknown", "no such format").into()),
            }?;
            json::write(&(&report, report.to_string()))
        })
    }

    /// A record, as `{"kind": …, "record": …}`.
    fn get(&self, py: Python<'_>, kind: &str, id: &str) -> PyResult<String> {
        self.call(py, |session| json::write(&session.record(json::reference(kind, id)?)?))
    }

    /// A page of the records that `{"kind": …, "filter": …}` asks for, and the cursor after it.
    #[pyo3(signature = (filter, limit, after=None))]
    fn list(
        &self,
        py: Python<'_>,
        filter: &str,
        limit: usize,
        after: Option<String>,
    ) -> PyResult<(String, Option<String>)> {
        self.call(py, |session| {
            let request = PageRequest { limit, after: after.map(Cursor::from) };
            let page = session.list(&json::read::<ListFilter>(filter)?, &request)?;
            Ok((json::write(&page.items)?, page.next.map(|cursor| cursor.as_str().to_owned())))
        })
    }

    /// Searches, by the query as JSON.
    fn search(&self, py: Python<'_>, query: &str) -> PyResult<Hits> {
        self.call(py, |session| {
            let query = json::read::<SearchQuery>(query)?;
            Hits::of(|| session.search(query))
        })
    }

    /// The same where only a text is asked for: without a way through JSON.
    fn search_text(&self, py: Python<'_>, text: String, limit: usize, facets: bool, snippets: bool) -> PyResult<Hits> {
        self.call(py, |session| {
            let query = SearchQuery { limit, facets, snippets, ..SearchQuery::new(text) };
            Hits::of(|| session.search(query))
        })
    }

    /// Completes the word that is being typed; answers as JSON.
    fn complete(&self, py: Python<'_>, text: &str, limit: usize) -> PyResult<String> {
        self.call(py, |session| json::write(&session.complete(text, limit)?))
    }

    /// One of the views, `{"view": …, "args": …}`, as JSON.
    fn view(&self, py: Python<'_>, view: &str) -> PyResult<String> {
        self.call(py, |session| json::read::<View>(view)?.look(session))
    }

    /// Columns of all records that `filter` asks for; see `tables`.
    fn table(&self, py: Python<'_>, filter: &str, columns: &str) -> PyResult<Table> {
        let session = self.session()?;
        errors::watched(py, None, |progress| {
            Table::scan(&session, &json::read::<ListFilter>(filter)?, json::read(columns)?, progress)
        })
    }

    /// How many records `filter` asks for.
    fn count(&self, py: Python<'_>, filter: &str) -> PyResult<usize> {
        self.call(py, |session| tables::count(session, &json::read::<ListFilter>(filter)?))
    }

    /// Begins a transaction that stays open.
    fn transaction(&self, py: Python<'_>) -> PyResult<Transaction> {
        let file = self.shared.with(|open| Some(open.file.clone()))?;
        Transaction::begin(py, self.session()?, file)
    }

    /// What happened to a record, as JSON.
    fn history(&self, py: Python<'_>, kind: &str, id: &str) -> PyResult<String> {
        self.call(py, |session| json::write(&session.history(json::reference(kind, id)?)?))
    }
}
