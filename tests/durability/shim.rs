//! SQLite's own file system with somebody listening: it notes what is written to which file, and what is synced, and
//! refuses a write when told to.
#![expect(unsafe_code, reason = "SQLite's file systems are C structures of function pointers, which it calls")]

use std::collections::HashMap;
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::ffi;

/// What happened to the files in a folder, in order.
#[derive(Clone, Debug)]
pub enum Event {
    Write {
        file: usize,
        offset: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        file: usize,
        size: u64,
    },
    Sync {
        file: usize,
    },
    Delete {
        file: usize,
    },
    /// Something the test wants to remember.
    Mark(u64),
}

/// How a write is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk reports an error, also when it is asked to sync.
    Error,
    /// The disk is full.
    Full,
}

#[derive(Default)]
struct State {
    /// Only files in this folder are listened to.
    folder: PathBuf,
    names: Vec<String>,
    events: Vec<Event>,
    records: bool,
    /// So many writes, cuts and syncs from now on one is refused.
    refusal: Option<(usize, Fault)>,
    refused: bool,
    /// Open files, by the address of what SQLite knows them by.
    open: HashMap<usize, Opened>,
    /// For each table of functions that SQLite has for files, ours.
    tables: Vec<(usize, usize)>,
}

/// A file that is listened to.
#[derive(Clone, Copy)]
struct Opened {
    number: usize,
    /// The address of the functions that SQLite has for it.
    usual: usize,
}

impl Opened {
    fn usual(self) -> &'static ffi::sqlite3_io_methods {
        // SAFETY: a table of functions of SQLite's, which is a constant of it.
        unsafe { &*(self.usual as *const ffi::sqlite3_io_methods) }
    }
}

fn state() -> MutexGuard<'static, State> {
    static STATE: OnceLock<Mutex<State>> = OnceLock::new();
    STATE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens to a folder until dropped; one at a time.
pub struct Listening(#[expect(dead_code, reason = "held until dropped")] MutexGuard<'static, ()>);

impl Listening {
    pub fn to(folder: &Path) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        install();
        renew(folder.to_owned());
        Self(turn)
    }

    /// From now on everything is noted.
    pub fn record(&self) {
        state().records = true;
    }

    /// Notes something of the test's own.
    pub fn mark(&self, what: u64) {
        state().events.push(Event::Mark(what));
    }

    /// What was noted, with the names of the files.
    pub fn recorded(&self) -> (Vec<Event>, Vec<String>) {
        let mut state = state();
        (std::mem::take(&mut state.events), state.names.clone())
    }

    /// Refuses the write after `writes` others.
    pub fn refuse(&self, writes: usize, fault: Fault) {
        let mut state = state();
        state.refusal = Some((writes, fault));
        state.refused = false;
    }

    /// Refuses nothing any more; answers whether something was refused.
    pub fn relent(&self) -> bool {
        let mut state = state();
        state.refusal = None;
        state.refused
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        renew(PathBuf::new());
    }
}

/// Forgets what was noted, but neither files that are open nor functions.
fn renew(folder: PathBuf) {
    let mut state = state();
    let (open, tables) = (std::mem::take(&mut state.open), std::mem::take(&mut state.tables));
    *state = State { folder, open, tables, ..State::default() };
}

impl State {
    /// The number of the file with this name, if it is listened to.
    fn number(&mut self, name: &str) -> Option<usize> {
        let path = Path::new(name);
        if self.folder.as_os_str().is_empty() || path.parent() != Some(&self.folder) {
            return None;
        }
        let name = path.file_name()?.to_str()?;
        Some(self.names.iter().position(|it| it == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        }))
    }

    /// Whether this write is refused.
    fn refuses(&mut self) -> Option<Fault> {
        let (left, fault) = self.refusal.as_mut()?;
        let fault = *fault;
        if *left > 0 {
            *left -= 1;
            return None;
        }
        self.refusal = None;
        self.refused = true;
        Some(fault)
    }

    fn note(&mut self, event: Event) {
        if self.records {
            self.events.push(event);
        }
    }
}

/// The file system that is listened to.
struct Real {
    vfs: *mut ffi::sqlite3_vfs,
}

// SAFETY: SQLite's own file system is made once and never changes.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

static REAL: OnceLock<Real> = OnceLock::new();

/// Takes the place of the usual file system, once.
fn install() {
    REAL.get_or_init(|| {
        // SAFETY: SQLite gives out its default file system, of which we register a copy with other functions under
        // another name; both live for ever. The functions of a file system do not ask which structure they are in.
        unsafe {
            let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!vfs.is_null(), "SQLite has a file system");
            let mut ours = Box::new(std::ptr::read(vfs));
            ours.zName = c"listening".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            assert_eq!(ffi::sqlite3_vfs_register(Box::leak(ours), 1), ffi::SQLITE_OK);
            Real { vfs }
        }
    });
}

fn real() -> &'static Real {
    REAL.get().expect("installed before it is called")
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let vfs = real().vfs;
    // SAFETY: called by SQLite with what its own function takes; a file that was opened has its table of functions.
    unsafe {
        let done = (*vfs).xOpen.expect("there")(vfs, name, file, flags, flags_out);
        if done == ffi::SQLITE_OK && !name.is_null() && !(*file).pMethods.is_null() {
            let path = CStr::from_ptr(name).to_string_lossy();
            let mut state = state();
            if let Some(number) = state.number(&path) {
                let usual = (*file).pMethods as usize;
                let known = state.tables.iter().find(|(it, _)| *it == usual).map(|(_, ours)| *ours);
                let ours = known.unwrap_or_else(|| {
                    let mut ours = Box::new(std::ptr::read((*file).pMethods));
                    ours.xWrite = Some(write);
                    ours.xTruncate = Some(truncate);
                    ours.xSync = Some(sync);
                    ours.xClose = Some(close);
                    let ours = Box::leak(ours) as *const _ as usize;
                    state.tables.push((usual, ours));
                    ours
                });
                (*file).pMethods = ours as *const ffi::sqlite3_io_methods;
                state.open.insert(file as usize, Opened { number, usual });
            }
        }
        done
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const std::ffi::c_char, sync: c_int) -> c_int {
    let vfs = real().vfs;
    // SAFETY: called by SQLite with what its own function takes.
    unsafe {
        let done = (*vfs).xDelete.expect("there")(vfs, name, sync);
        let path = CStr::from_ptr(name).to_string_lossy();
        let mut state = state();
        if let Some(file) = state.number(&path).filter(|_| done == ffi::SQLITE_OK) {
            state.note(Event::Delete { file });
        }
        done
    }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, bytes: *const c_void, size: c_int, offset: i64) -> c_int {
    let mut state = state();
    let opened = state.open[&(file as usize)];
    match state.refuses() {
        Some(Fault::Error) => return ffi::SQLITE_IOERR_WRITE,
        Some(Fault::Full) => return ffi::SQLITE_FULL,
        None => {}
    }
    // SAFETY: SQLite hands over so many bytes.
    let content = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), size as usize) }.to_vec();
    state.note(Event::Write { file: opened.number, offset: offset as u64, bytes: content });
    drop(state);
    // SAFETY: called by SQLite with what its own function takes.
    unsafe { opened.usual().xWrite.expect("there")(file, bytes, size, offset) }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    let mut state = state();
    let opened = state.open[&(file as usize)];
    if state.refuses().is_some() {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    state.note(Event::Truncate { file: opened.number, size: size as u64 });
    drop(state);
    // SAFETY: called by SQLite with what its own function takes.
    unsafe { opened.usual().xTruncate.expect("there")(file, size) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let mut state = state();
    if state.refuses().is_some() {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    let file = state.open[&(file as usize)].number;
    state.note(Event::Sync { file });
    // The power is only cut on paper: nothing needs to reach the disk.
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let opened = state().open.remove(&(file as usize)).expect("it was opened");
    // SAFETY: called by SQLite with what its own function takes.
    unsafe { opened.usual().xClose.expect("there")(file) }
}
