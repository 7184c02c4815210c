//! A disk on paper: what is on it when the power is cut.

use std::path::Path;

use cop_tests::random::Random;

use crate::shim::Event;

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// Files, each with what is certainly on the disk and what may be.
#[derive(Clone, Default)]
pub struct Disk {
    files: Vec<File>,
}

#[derive(Clone, Default)]
struct File {
    exists: bool,
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// How a disk keeps its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honesty {
    /// What was synced is there.
    Honest,
    /// The log's syncs are taken for done: worse than SQLite's `synchronous=NORMAL`, which syncs it before checkpoints.
    LogUnsynced,
    /// It says that it synced, and did nothing; as good as `synchronous=OFF`.
    Lying,
}

impl Disk {
    /// Takes in what happened; `names` are those of the files.
    pub fn take(&mut self, event: &Event, names: &[String], honesty: Honesty) {
        let (Event::Write { file, .. } | Event::Truncate { file, .. } | Event::Sync { file } | Event::Delete { file }) =
            event
        else {
            return;
        };
        if self.files.len() <= *file {
            self.files.resize(file + 1, File::default());
        }
        let it = &mut self.files[*file];
        match event {
            Event::Write { offset, bytes, .. } => {
                it.exists = true;
                it.pending.push(Change::Write(*offset as usize, bytes.clone()));
            }
            Event::Truncate { size, .. } => it.pending.push(Change::Truncate(*size as usize)),
            Event::Sync { .. } => {
                let ignored = match honesty {
                    Honesty::Honest => false,
                    Honesty::LogUnsynced => names[*file].ends_with("-wal"),
                    Honesty::Lying => true,
                };
                if !ignored {
                    it.exists = true;
                    for change in std::mem::take(&mut it.pending) {
                        apply(&mut it.durable, &change, &mut |_| true);
                    }
                }
            }
            Event::Delete { .. } => *it = File::default(),
            Event::Mark(_) => {}
        }
    }

    /// The power is cut: each sector that was not synced is there or not. Writes the files into a folder.
    pub fn cut(&self, names: &[String], folder: &Path, random: &mut Random) {
        for (file, name) in self.files.iter().zip(names).filter(|(file, _)| file.exists) {
            let mut content = file.durable.clone();
            // All, nothing, or whatever the disk had got to, in whatever order.
            let mood = random.below(4);
            for change in &file.pending {
                let whole = random.below(3);
                apply(&mut content, change, &mut |random_sector| match (mood, whole) {
                    (0, _) => false,
                    (1, _) => true,
                    (_, 0) => false,
                    (_, 1) => true,
                    _ => random_sector % 2 == 0 || random.one_in(2),
                });
            }
            std::fs::write(folder.join(name), content).unwrap();
        }
    }
}

/// Makes a change, as far as `kept` says of each sector.
fn apply(content: &mut Vec<u8>, change: &Change, kept: &mut dyn FnMut(usize) -> bool) {
    match change {
        Change::Write(offset, bytes) => {
            let mut at = 0;
            while at < bytes.len() {
                let from = offset + at;
                let until = ((from / SECTOR + 1) * SECTOR - offset).min(bytes.len());
                if kept(from / SECTOR) {
                    let end = offset + until;
                    if content.len() < end {
                        content.resize(end, 0);
                    }
                    content[from..end].copy_from_slice(&bytes[at..until]);
                }
                at = until;
            }
        }
        Change::Truncate(size) => {
            if kept(0) {
                content.resize(*size, 0);
            }
        }
    }
}
