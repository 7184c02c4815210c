//! Two copies of SQLite in one process corrupt a file that both write: POSIX locks are the process's, and each copy
//! takes the other's for its own ("How To Corrupt An SQLite Database File", 2.2.1).
//!
//! A copy maps the index of the log (`-shm`) once, whoever opens the file through it; a second mapping is a second
//! copy. The kernel says when somebody opens that index, so that nothing needs to be looked up before most writes.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::inotify;
use rustix::io::Errno;

use crate::error::{Error, Result};

/// How long it is looked for a second copy after somebody has opened the index: mapping comes after opening.
const ALERT: Duration = Duration::from_secs(1);

/// Watches over one file.
pub(super) struct Guard(Option<Mutex<Watch>>);

struct Watch {
    index: PathBuf,
    kernel: OwnedFd,
    /// Whether the kernel watches the index, which is there once somebody has read.
    watches: bool,
    alert: Option<Instant>,
    /// Whether there was a second copy when last looked for.
    seen: bool,
}

impl Guard {
    /// A guard of the database at `path`; of none that is not in a file.
    pub fn of(path: Option<&PathBuf>) -> Self {
        let watch = path.and_then(|path| {
            let mut index = path.clone().into_os_string();
            index.push("-shm");
            let kernel = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC).ok()?;
            Some(Watch { index: index.into(), kernel, watches: false, alert: None, seen: false })
        });
        Self(watch.map(Mutex::new))
    }

    /// Refuses while a second copy has the file open. Whether there was one until now, with which all locks went.
    pub fn look(&self) -> Result<bool> {
        let Some(watch) = &self.0 else { return Ok(false) };
        let mut watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = !watch.watches && watch.begin();
        if watch.watches && watch.was_opened() {
            watch.alert = Some(Instant::now());
        }
        if !is_first && !watch.seen && watch.alert.is_none_or(|since| since.elapsed() >= ALERT) {
            return Ok(false);
        }
        let is_there = mappings(&watch.index) > 1;
        let was_there = std::mem::replace(&mut watch.seen, is_there);
        match is_there {
            true => Err(Error::SecondSqlite),
            false => Ok(was_there),
        }
    }
}

impl Watch {
    /// Begins to watch, if there is something to be watched.
    fn begin(&mut self) -> bool {
        let events = inotify::WatchFlags::OPEN | inotify::WatchFlags::DELETE_SELF;
        self.watches = inotify::add_watch(&self.kernel, &self.index, events).is_ok();
        self.watches
    }

    /// Whether somebody has opened the index since this was last asked.
    fn was_opened(&mut self) -> bool {
        let mut opened = false;
        let mut space = [MaybeUninit::uninit(); 1024];
        let mut events = inotify::Reader::new(&self.kernel, &mut space);
        loop {
            match events.next() {
                Ok(event) => {
                    opened = true;
                    // It is gone, and the next one must be watched anew.
                    let gone = inotify::ReadFlags::DELETE_SELF | inotify::ReadFlags::IGNORED;
                    self.watches &= !event.events().intersects(gone);
                }
                Err(Errno::INTR) => {}
                Err(_) => return opened,
            }
        }
    }
}

/// How often this process has mapped the beginning of a file.
fn mappings(index: &Path) -> usize {
    let (Ok(file), Ok(maps)) = (std::fs::metadata(index), std::fs::read_to_string("/proc/self/maps")) else { return 0 };
    let inode = file.ino().to_string();
    let is_beginning = |line: &&str| {
        // address, permissions, offset, device, inode, path
        let mut fields = line.split_ascii_whitespace().skip(2);
        let offset = fields.next();
        offset.is_some_and(|offset| offset.bytes().all(|digit| digit == b'0'))
            && fields.nth(1) == Some(inode.as_str())
            && line.ends_with("-shm")
    };
    maps.lines().filter(is_beginning).count()
}
