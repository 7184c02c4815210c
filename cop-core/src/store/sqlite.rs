//! SQLite behind the seam: one writer and a few readers on one file, or a database in memory.
//!
//! Write-ahead log, `synchronous=FULL`: an acknowledged write survives a power cut.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, InterruptHandle, OpenFlags, ToSql};
use uuid::Uuid;

use super::engine::{Dialect, Engine, Row, Tx};
use crate::error::{Error, Result};
use crate::model::Value;
use crate::model::record::{Cell, ColumnType};

/// "cop1" as a big-endian integer, at byte 68 of the file.
const APPLICATION_ID: i32 = 0x636f_7031;
/// How long a writer waits for another process's.
const BUSY: Duration = Duration::from_secs(5);
/// How long between two tries.
const TURN: Duration = Duration::from_millis(1);
/// How often the log is emptied before others' readers are left in peace.
const SCRUBS: usize = 50;
/// What a database takes of the machine.
#[derive(Clone, Copy)]
struct Footprint {
    /// Memory for pages, per connection at most, as SQLite takes it: in units of -1 KiB.
    cache: &'static str,
    /// How long the log may stay, in bytes, once nobody needs it.
    log: u64,
    /// Most idle readers kept open.
    readers: usize,
}

const USUAL: Footprint = Footprint { cache: "-16384", log: 16 << 20, readers: 8 };
const LOW: Footprint = Footprint { cache: "-2048", log: 4 << 20, readers: 2 };
/// Prepared statements kept per connection.
const STATEMENTS: usize = 64;
/// SQLite's smallest page, and so its smallest file, in bytes.
const SMALLEST_DATABASE: u64 = 512;

const DIALECT: Dialect =
    Dialect { row_key: "INTEGER PRIMARY KEY", id: "BLOB", text: "TEXT", real: "REAL", clustered: "WITHOUT ROWID" };

/// A database file, or one in memory, with its open connections.
pub(crate) struct Sqlite {
    place: Place,
    footprint: Footprint,
    writer: Mutex<Writer>,
    writer_back: Condvar,
    readers: Mutex<Vec<Connection>>,
    /// Whether calls are refused; changes under the lock of `busy` alone.
    suspended: AtomicBool,
    busy: Mutex<Busy>,
    busy_less: Condvar,
    #[cfg(target_os = "linux")]
    guard: super::guard::Guard,
}

/// The calls that have a connection, or are about to.
#[derive(Default)]
struct Busy {
    last: u64,
    /// Few: as many as threads.
    calls: Vec<(u64, Option<InterruptHandle>)>,
}

/// Where the one writing connection is.
enum Writer {
    Idle(Connection),
    Out,
    /// It had to be closed and could not be replaced yet.
    Lost,
}

enum Place {
    /// An absolute path, so that it means the same file after a change of directory, and never a URI.
    File(PathBuf),
    /// A name in SQLite's memory file system, shared by this value's connections alone.
    Memory(String),
}

impl Sqlite {
    /// Creates a file that must not exist yet; of several who try at once, one succeeds.
    pub fn create(path: &Path, low_memory: bool) -> Result<Self> {
        let place = absolute(path)?;
        std::fs::OpenOptions::new().write(true).create_new(true).open(&place).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Error::AlreadyExists { kind: "file", id: path.display().to_string() },
            _ => failed("create the file", error),
        })?;
        Self::start(Place::File(place.clone()), true, low_memory).inspect_err(|_| discard(&place))
    }

    /// Opens a community's file; leaves every other file as it is.
    pub fn open(path: &Path, low_memory: bool) -> Result<Self> {
        let place = absolute(path)?;
        inspect(&place)?;
        Self::start(Place::File(place), false, low_memory)
    }

    /// A new database in memory, gone with this value.
    pub fn in_memory(name: Uuid) -> Result<Self> {
        Self::start(Place::Memory(name.simple().to_string()), true, false)
    }

    fn start(place: Place, new: bool, low_memory: bool) -> Result<Self> {
        let footprint = if low_memory { LOW } else { USUAL };
        let writer = connect(&place, new, footprint)?;
        Ok(Self {
            #[cfg(target_os = "linux")]
            guard: super::guard::Guard::of(match &place {
                Place::File(path) => Some(path),
                Place::Memory(_) => None,
            }),
            place,
            footprint,
            writer: Mutex::new(Writer::Idle(writer)),
            writer_back: Condvar::new(),
            readers: Mutex::default(),
            suspended: AtomicBool::new(false),
            busy: Mutex::default(),
            busy_less: Condvar::new(),
        })
    }

    /// A call begins.
    fn enter(&self) -> Result<Call<'_>> {
        let mut busy = lock(&self.busy);
        if self.suspended.load(Ordering::Relaxed) {
            return Err(Error::Suspended);
        }
        busy.last += 1;
        let number = busy.last;
        busy.calls.push((number, None));
        Ok(Call { sqlite: self, number })
    }

    /// Closes the connections that nobody uses, the last one as `last` does.
    fn close_idle(&self, last: fn(Connection)) {
        lock(&self.readers).drain(..).for_each(close);
        let mut writer = lock(&self.writer);
        if matches!(*writer, Writer::Idle(_)) {
            let idle = std::mem::replace(&mut *writer, Writer::Lost);
            if let Writer::Idle(connection) = idle {
                last(connection);
            }
        }
    }

    /// Whether the log is soon taken over into the file.
    fn has_short_log(&self) -> bool {
        match &self.place {
            Place::File(path) => {
                std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() <= self.footprint.log)
            }
            Place::Memory(_) => false,
        }
    }

    fn begin<'a>(
        &self,
        connection: Connection,
        statement: &str,
        home: Home<'a>,
        call: Call<'a>,
    ) -> Result<Box<dyn Tx + 'a>> {
        let handle = connection.get_interrupt_handle();
        if let Some((_, of_call)) = lock(&self.busy).calls.iter_mut().find(|(number, _)| *number == call.number) {
            *of_call = Some(handle);
        }
        begin(connection, statement, home, call)
    }
}

/// A call that is under way; it ends when dropped.
struct Call<'a> {
    sqlite: &'a Sqlite,
    number: u64,
}

impl Call<'_> {
    fn check(&self) -> Result<()> {
        match self.sqlite.suspended.load(Ordering::Relaxed) {
            true => Err(Error::Interrupted),
            false => Ok(()),
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut busy = lock(&self.sqlite.busy);
        busy.calls.retain(|(number, _)| *number != self.number);
        // Only who suspends waits for it.
        if self.sqlite.suspended.load(Ordering::Relaxed) {
            self.sqlite.busy_less.notify_all();
        }
    }
}

/// Closes a connection without taking the log over into the file, which may take long: whoever opens it next does.
fn close(connection: Connection) {
    drop(connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true));
    drop(connection);
}

impl Engine for Sqlite {
    fn read(&self) -> Result<Box<dyn Tx + '_>> {
        let call = self.enter()?;
        let idle = lock(&self.readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.place, false, self.footprint)?,
        };
        self.begin(connection, "BEGIN", Home::Readers(self), call)
    }

    fn write(&self) -> Result<Box<dyn Tx + '_>> {
        let started = Instant::now();
        let call = self.enter()?;
        #[cfg(target_os = "linux")]
        if self.guard.look()? {
            // Its locks went with the other copy: they are taken anew.
            self.close_idle(close);
        }
        let mut writer = lock(&self.writer);
        loop {
            call.check()?;
            match std::mem::replace(&mut *writer, Writer::Out) {
                Writer::Idle(connection) => {
                    drop(writer);
                    return self.begin(connection, "BEGIN IMMEDIATE", Home::Writer(self), call);
                }
                Writer::Lost => match connect(&self.place, false, self.footprint) {
                    Ok(connection) => *writer = Writer::Idle(connection),
                    Err(error) => {
                        *writer = Writer::Lost;
                        return Err(error);
                    }
                },
                Writer::Out => {}
            }
            if matches!(*writer, Writer::Idle(_)) {
                continue;
            }
            let waited = started.elapsed();
            if waited >= BUSY {
                return Err(Error::Busy { waited_ms: waited.as_millis() as u64 });
            }
            writer = self.writer_back.wait_timeout(writer, BUSY - waited).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn scrub(&self) -> Result<bool> {
        if matches!(self.place, Place::Memory(_)) {
            return Ok(true);
        }
        let call = self.enter()?;
        // A reader that began before keeps the log; another look finds it gone.
        let connection = connect(&self.place, false, self.footprint)?;
        for _ in 0..SCRUBS {
            call.check()?;
            let busy: i64 =
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(fault)?;
            if busy == 0 {
                return Ok(true);
            }
            std::thread::sleep(TURN);
        }
        Ok(false)
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn suspend(&self, patience: Duration) -> Result<()> {
        if matches!(self.place, Place::Memory(_)) {
            return Ok(());
        }
        let started = Instant::now();
        let mut busy = lock(&self.busy);
        self.suspended.store(true, Ordering::Relaxed);
        self.writer_back.notify_all();
        while !busy.calls.is_empty() {
            // Again and again: a call may begin its next statement after it was told.
            busy.calls.iter().filter_map(|(_, handle)| handle.as_ref()).for_each(InterruptHandle::interrupt);
            let waited = started.elapsed();
            if waited >= patience {
                drop(busy);
                // What is in use is closed as soon as it is given back.
                self.close_idle(close);
                return Err(Error::Busy { waited_ms: waited.as_millis() as u64 });
            }
            let pause = TURN.min(patience - waited);
            busy = self.busy_less.wait_timeout(busy, pause).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(busy);
        // Whoever closes a file's last connection leaves the file alone, unless told not to.
        self.close_idle(if self.has_short_log() { drop } else { close });
        Ok(())
    }

    fn resume(&self) {
        let _busy = lock(&self.busy);
        self.suspended.store(false, Ordering::Relaxed);
    }

    fn is_suspended(&self) -> bool {
        self.suspended.load(Ordering::Relaxed)
    }

    fn check(&self) -> Result<Vec<String>> {
        let _call = self.enter()?;
        let connection = connect(&self.place, false, self.footprint)?;
        let mut statement = connection.prepare("PRAGMA integrity_check").map_err(fault)?;
        let found = statement.query_map([], |row| row.get::<_, String>(0)).map_err(fault)?;
        let found = found.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}

/// A lock that a panic elsewhere does not take away: what it guards is whole between statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Refuses what is not a community's file, without touching it.
///
/// Looks through SQLite, never through a file handle of our own: closing one would drop the locks that this
/// process's other connections to the file hold (POSIX; "How To Corrupt An SQLite Database File", 2.2).
fn inspect(path: &Path) -> Result<()> {
    let meta = std::fs::metadata(path).map_err(|error| failed("open the file", error))?;
    if meta.is_dir() {
        let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(failed("open the file: it is a directory", error));
    }
    if !meta.is_file() {
        // A pipe would keep us waiting for ever.
        let error = std::io::Error::from(std::io::ErrorKind::InvalidInput);
        return Err(failed("open the file: it is no regular file", error));
    }
    let foreign = || Error::Incompatible("not a community's file".to_owned());
    if meta.len() < SMALLEST_DATABASE {
        return Err(foreign());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let look = Connection::open_with_flags(unchanging(path), flags).and_then(|connection| {
        // After a crash or on a full disk the file may be half way through a checkpoint, and shorter than it says
        // without its log. That is for SQLite to mend; here only the header counts.
        connection.pragma_update(None, "writable_schema", true)?;
        connection.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0))
    });
    match look {
        Ok(APPLICATION_ID) => Ok(()),
        Ok(_) => Err(Error::Incompatible("a database of another application".to_owned())),
        Err(rusqlite::Error::SqliteFailure(failure, _)) if failure.code == ErrorCode::NotADatabase => Err(foreign()),
        Err(error) => Err(fault(error)),
    }
}

/// The path as a URI that tells SQLite to read the file alone: no log, no locks, no files beside it.
fn unchanging(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// Removes a file that this process created and could not fill, with what SQLite left beside it.
pub(crate) fn discard(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        drop(std::fs::remove_file(beside(path, suffix)));
    }
}

/// What SQLite calls a file that belongs to another.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Moves a file aside, with what SQLite left beside it, to the first name that is free.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf> {
    let named = |suffix: &str| beside(path, suffix);
    let free = (1u32..).map(|n| format!(".damaged-{n}")).find(|mark| !named(mark).exists()).unwrap_or_default();
    // The file last: until then it is found where it was.
    for suffix in ["-wal", "-journal", ""] {
        let from = named(suffix);
        match std::fs::rename(&from, named(&format!("{free}{suffix}"))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound || suffix.is_empty() => {
                return Err(failed("move the file aside", error));
            }
            _ => {}
        }
    }
    drop(std::fs::remove_file(named("-shm")));
    Ok(named(&free))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| failed("read the path", error))
}

fn failed(what: &str, source: std::io::Error) -> Error {
    Error::Io { context: format!("could not {what}"), source: Some(source) }
}

fn connect(place: &Place, create: bool, footprint: Footprint) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let mut connection = match place {
        Place::File(path) => Connection::open_with_flags(path, flags),
        Place::Memory(name) => {
            flags |= OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(format!("file:/{name}?vfs=memdb"), flags)
        }
    }
    .map_err(fault)?;
    connection.busy_handler(Some(try_again)).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else SQLite plans many a statement anew whenever other values are bound, to look at its statistics.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    if create {
        // Before there is a write-ahead log: who opens the file while it is open elsewhere, or after a crash,
        // looks for the id in the file itself.
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
    }
    if matches!(place, Place::File(_)) {
        connection.pragma_update(None, "journal_mode", "WAL").map_err(fault)?;
    }
    let log = footprint.log.to_string();
    for (name, value) in [
        ("synchronous", "FULL"),
        ("temp_store", "MEMORY"),
        ("journal_size_limit", log.as_str()),
        ("cache_size", footprint.cache),
    ] {
        connection.pragma_update(None, name, value).map_err(fault)?;
    }
    connection.pragma_update(None, "secure_delete", "ON").map_err(fault)?;
    Ok(connection)
}

/// Waits a little for another process's lock, at most about [`BUSY`] in all.
///
/// SQLite's own handler waits longer from time to time, so that a process that writes without pause starves all
/// others; short, even waits give each its turn.
fn try_again(tries: i32) -> bool {
    std::thread::sleep(TURN);
    u32::try_from(tries).is_ok_and(|tries| TURN * tries < BUSY)
}

/// Where a connection returns to.
#[derive(Clone, Copy)]
enum Home<'a> {
    Writer(&'a Sqlite),
    Readers(&'a Sqlite),
}

struct SqliteTx<'a> {
    connection: Option<Connection>,
    home: Home<'a>,
    open: bool,
    /// Ends after the connection was given back.
    call: Call<'a>,
}

fn begin<'a>(connection: Connection, statement: &str, home: Home<'a>, call: Call<'a>) -> Result<Box<dyn Tx + 'a>> {
    let started = Instant::now();
    let mut tx = SqliteTx { connection: Some(connection), home, open: false, call };
    run(tx.connection(), statement).map_err(|error| waited(error, started))?;
    tx.open = true;
    Ok(Box::new(tx))
}

/// Runs a statement that begins or ends a transaction; it is prepared once.
fn run(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.raw_execute().map(drop)
}

fn waited(error: rusqlite::Error, started: Instant) -> Error {
    match fault(error) {
        Error::Busy { .. } => Error::Busy { waited_ms: started.elapsed().as_millis() as u64 },
        other => other,
    }
}

impl SqliteTx<'_> {
    fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("a transaction has its connection until it is dropped")
    }
}

impl Tx for SqliteTx<'_> {
    fn exec(&self, sql: &str, values: &[Value]) -> Result<()> {
        debug_assert!(in_order(sql), "$n first appear in order: {sql}");
        self.call.check()?;
        let mut statement = self.connection().prepare_cached(sql).map_err(fault)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values.iter().map(Bound))).map_err(fault)?;
        while rows.next().map_err(fault)?.is_some() {}
        Ok(())
    }

    fn each(&self, sql: &str, values: &[Value], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        debug_assert!(in_order(sql), "$n first appear in order: {sql}");
        self.call.check()?;
        let mut statement = self.connection().prepare_cached(sql).map_err(fault)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values.iter().map(Bound))).map_err(fault)?;
        while let Some(found) = rows.next().map_err(fault)? {
            row(&SqliteRow(found))?;
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        let started = Instant::now();
        run(self.connection(), "COMMIT").map_err(|error| waited(error, started))?;
        self.open = false;
        Ok(())
    }
}

impl Drop for SqliteTx<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let rolled_back = !self.open || run(&connection, "ROLLBACK").is_ok() || connection.is_autocommit();
        let suspended = self.call.check().is_err();
        let usable = rolled_back && !suspended;
        match self.home {
            Home::Writer(sqlite) => {
                // A connection that cannot roll back is closed, which rolls back; the next writer opens a new one.
                let back = if usable {
                    Writer::Idle(connection)
                } else {
                    if rolled_back {
                        close(connection);
                    }
                    Writer::Lost
                };
                *lock(&sqlite.writer) = back;
                sqlite.writer_back.notify_one();
            }
            Home::Readers(sqlite) => {
                let mut readers = lock(&sqlite.readers);
                if usable && readers.len() < sqlite.footprint.readers {
                    readers.push(connection);
                } else if suspended {
                    close(connection);
                }
            }
        }
    }
}

struct SqliteRow<'a, 'b>(&'a rusqlite::Row<'b>);

impl Row for SqliteRow<'_, '_> {
    fn cell(&self, index: usize, column: ColumnType) -> Result<Cell<'_>> {
        let text =
            |bytes| std::str::from_utf8(bytes).map_err(|_| Error::Corrupt(format!("column {index} is not text")));
        let found = self.0.get_ref(index);
        // Looked at where it is: to move it takes as long as all the rest.
        let value = match &found {
            Ok(value) => value,
            Err(_) => return found.map(|_| Cell::Null).map_err(fault),
        };
        Ok(match (value, column) {
            (ValueRef::Null, _) => Cell::Null,
            (ValueRef::Integer(int), ColumnType::Int) => Cell::Int(*int),
            (ValueRef::Real(number), ColumnType::Real) => Cell::Real(*number),
            (ValueRef::Text(bytes), ColumnType::Text) => Cell::Text(text(bytes)?),
            (ValueRef::Text(bytes), ColumnType::Json) => Cell::Json(text(bytes)?),
            (ValueRef::Blob(bytes), ColumnType::Id) => {
                Cell::Id(Uuid::from_slice(bytes).map_err(|_| Error::Corrupt(format!("column {index} is not an id")))?)
            }
            _ => return Err(Error::Corrupt(format!("column {index} holds the wrong type"))),
        })
    }
}

/// A value on its way into SQLite.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Text(text) | Value::Json(text) => ValueRef::Text(text.as_bytes()),
            Value::Id(id) => ValueRef::Blob(id.as_bytes()),
            Value::Real(number) => ValueRef::Real(*number),
        }))
    }
}

/// SQLite numbers `$n` by first appearance, PostgreSQL by n: both agree when they appear in order.
fn in_order(sql: &str) -> bool {
    let mut next = 1;
    for piece in sql.split('$').skip(1) {
        let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<usize>() {
            Ok(n) if n == next => next += 1,
            Ok(n) if n < next => {}
            _ => return false,
        }
    }
    true
}

fn fault(error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = &error else {
        return Error::Internal(error.to_string());
    };
    let text = message.clone().unwrap_or_else(|| failure.to_string());
    let io = |context: &str| Error::Io { context: format!("{context}: {text}"), source: None };
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy { waited_ms: BUSY.as_millis() as u64 },
        ErrorCode::DatabaseCorrupt => Error::Corrupt(text),
        ErrorCode::NotADatabase => Error::Corrupt(text),
        ErrorCode::ReadOnly => io("the place is read-only"),
        ErrorCode::DiskFull => Error::Io { context: format!("the disk is full: {text}"), source: Some(full()) },
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => io("the file cannot be opened"),
        ErrorCode::SystemIoFailure => io("the file cannot be read or written"),
        ErrorCode::OperationInterrupted => Error::Interrupted,
        // The rules check what they write while nobody else can: what does not fit a table now is a table that is
        // not as it was left.
        ErrorCode::ConstraintViolation => Error::Corrupt(text),
        // Our statements are fixed: a table or column that is missing was lost by the file.
        ErrorCode::Unknown if text.starts_with("no such ") => Error::Corrupt(text),
        _ => Error::Internal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_must_appear_in_order() {
        assert!(in_order("a = $1 AND b = $2 AND c = $1"));
        assert!(!in_order("a = $2 AND b = $1"));
        assert!(super::super::schema::MIGRATIONS.windows(2).all(|pair| pair[0].number < pair[1].number));
    }

    #[test]
    fn memory_readers_see_what_the_writer_committed_and_nothing_else() {
        let sqlite = Sqlite::in_memory(Uuid::from_u128(7)).expect("opens");
        let tx = sqlite.write().expect("begins");
        tx.exec("CREATE TABLE t (a BIGINT)", &[]).expect("creates");
        tx.exec("INSERT INTO t (a) VALUES ($1)", &[Value::Int(5)]).expect("inserts");
        tx.commit().expect("commits");
        let dropped = sqlite.write().expect("begins");
        dropped.exec("INSERT INTO t (a) VALUES ($1)", &[Value::Int(6)]).expect("inserts");
        drop(dropped);
        let mut seen = Vec::new();
        let tx = sqlite.read().expect("begins");
        tx.each("SELECT a FROM t", &[], &mut |row| {
            seen.push(row.int(0)?);
            Ok(())
        })
        .expect("reads");
        assert_eq!(seen, [5]);
    }
}
