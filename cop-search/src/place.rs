//! Where the index lies: a folder beside the store, or memory.
//!
//! Invariants: only files that tantivy made are ever deleted, and only by whoever has the turn; the file that
//! the turn is a lock on is never deleted. What lies in the folder is derived data, so in doubt it goes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tantivy::index::SegmentId;
use tantivy::{Index, IndexSettings, TantivyError};

use crate::schema::{register, schema};
use crate::seal;
use crate::unsynced::{UNFINISHED, Unsynced, write_at_once};

/// Locked by the process that writes.
const TURN: &str = "cop.lock";

/// Where an index lies.
pub(crate) enum Place {
    /// In a folder, shared with other processes.
    Folder(Folder),
    /// In this process's memory; none before it is first built.
    Memory(Option<Index>),
}

/// A folder with an index in it, or none yet.
pub(crate) struct Folder {
    path: PathBuf,
    /// Whether this handle knows that the files are whole.
    checked: bool,
}

/// The right to write in a place, given back when dropped.
pub(crate) struct Turn(#[expect(dead_code, reason = "holds the lock until dropped")] Option<File>);

impl Place {
    /// The folder of the index that belongs to the store at `store`: `math.cop-index` of `math.cop`.
    pub fn beside(store: &Path) -> Self {
        // What the path means must not change with the working directory.
        let mut path = std::path::absolute(store).unwrap_or_else(|_| store.to_owned()).into_os_string();
        path.push("-index");
        Self::folder(Path::new(&path))
    }

    /// This folder, made when first needed.
    pub fn folder(path: &Path) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Place::Folder(Folder { path, checked: false })
    }

    /// Takes the turn to write, if nobody else has it.
    pub fn take_turn(&self) -> io::Result<Option<Turn>> {
        let Place::Folder(folder) = self else { return Ok(Some(Turn(None))) };
        std::fs::create_dir_all(&folder.path)?;
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(folder.path.join(TURN))?;
        match file.try_lock() {
            Ok(()) => {
                folder.sweep()?;
                Ok(Some(Turn(Some(file))))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The index that lies here, if one does.
    pub fn open(&mut self) -> tantivy::Result<Option<Index>> {
        match self {
            Place::Memory(index) => Ok(index.clone()),
            Place::Folder(folder) => folder.open(),
        }
    }

    /// Remembers that the files are whole, for whoever opens them next. Needs the turn.
    pub fn seal(&self, _: &Turn) {
        if let Place::Folder(folder) = self {
            folder.seal(seal::of(&folder.path).ok().flatten());
        }
    }

    /// A new, empty index, in place of any other. Needs the turn.
    pub fn create(&mut self, _: &Turn) -> tantivy::Result<Index> {
        let index = match self {
            Place::Memory(_) => Index::create_in_ram(schema().0),
            Place::Folder(folder) => {
                folder.clear()?;
                let index = Index::create(Unsynced::open(&folder.path)?, schema().0, IndexSettings::default())?;
                folder.checked = true;
                index
            }
        };
        register(&index);
        if let Place::Memory(kept) = self {
            *kept = Some(index.clone());
        }
        Ok(index)
    }
}

impl Folder {
    fn open(&mut self) -> tantivy::Result<Option<Index>> {
        if !self.path.join("meta.json").exists() {
            return Ok(None);
        }
        let index = Index::open(Unsynced::open(&self.path)?)?;
        register(&index);
        if !self.checked {
            // Of the files before they are looked at: who changes them meanwhile breaks it.
            let seal = seal::of(&self.path)?;
            if !seal.as_ref().is_some_and(|seal| seal::is_on(&self.path, seal)) {
                self.check(&index)?;
                self.seal(seal);
            }
            self.checked = true;
        }
        Ok(Some(index))
    }

    /// Compares the files with their checksums. tantivy's own check trusts its list of files, which may be stale.
    fn check(&self, index: &Index) -> tantivy::Result<()> {
        let segments: Vec<String> = index.searchable_segment_ids()?.iter().map(SegmentId::uuid_string).collect();
        for entry in std::fs::read_dir(&self.path)? {
            let name = PathBuf::from(entry?.file_name());
            let of_segment = name.to_str().is_some_and(|name| segments.iter().any(|it| name.starts_with(it)));
            if of_segment && !index.directory().validate_checksum(&name)? {
                return Err(TantivyError::InvalidArgument(format!("{} is damaged", name.display())));
            }
        }
        Ok(())
    }

    /// Puts a seal on the files. Where that cannot be done they are compared again.
    fn seal(&self, seal: Option<String>) {
        if let Some(seal) = seal {
            let _ = write_at_once(&self.path, seal::FILE.as_ref(), seal.as_bytes());
        }
    }

    /// Deletes what a killed writer left behind: tantivy never does.
    fn sweep(&self) -> io::Result<()> {
        self.delete(|name| name.starts_with(UNFINISHED))
    }

    /// Deletes the index.
    fn clear(&self) -> io::Result<()> {
        self.delete(|name| {
            let ours = matches!(name, "meta.json" | ".managed.json" | seal::FILE) || name.starts_with(UNFINISHED);
            ours || seal::is_of_a_segment(name)
        })
    }

    fn delete(&self, ours: impl Fn(&str) -> bool) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            let named = entry.file_name().to_str().is_some_and(&ours);
            if named && !entry.file_type()?.is_dir() {
                match std::fs::remove_file(entry.path()) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
