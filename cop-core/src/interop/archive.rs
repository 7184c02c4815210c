//! A zip archive from somebody else: read by exact names, within limits that are kept while reading.
//!
//! Nothing is ever written to a disk, and what an archive says about its sizes is not believed. Limits as
//! for "a bundle of CSV files": an archive that breaks one is refused as a whole.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::error::Problem;

/// Most files in an archive.
const MAX_ENTRIES: usize = 64;
/// Most bytes that all files read from an archive may expand to.
const MAX_EXPANDED: u64 = 1 << 30;
/// Most bytes that one byte may expand to; CSV text of real rosters stays below 40.
const MAX_RATIO: u64 = 200;
/// Where the ratio begins to matter.
const RATIO_FLOOR: u64 = 1 << 20;

/// An archive whose list of files is in order.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// By lower-case name: the name as written, and the place.
    names: BTreeMap<String, (String, usize)>,
    expanded: u64,
}

impl<'a> Archive<'a> {
    /// Reads the list of files, and refuses the archive when anything about it is wrong.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Vec<Problem>> {
        let unreadable = |_| vec![problem("zip.format", "not a readable zip archive")];
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
        if zip.len() > MAX_ENTRIES {
            return Err(vec![problem("zip.entries", format!("more than {MAX_ENTRIES} files"))]);
        }
        let mut problems = Vec::new();
        let mut names = BTreeMap::new();
        if zip.has_duplicate_names() {
            problems.push(problem("zip.duplicate", "two files have the same name"));
        }
        for index in 0..zip.len() {
            let Ok(entry) = zip.by_index_data(index) else {
                problems.push(problem("zip.format", "an unreadable entry"));
                continue;
            };
            let Some(name) = std::str::from_utf8(entry.name_raw()).ok().filter(|name| is_plain(name)) else {
                problems.push(problem("zip.name", format!("the name of file {} is not a plain file name", index + 1)));
                continue;
            };
            let mut refuse = |code, what| problems.push(Problem::new(name, code, what));
            if entry.encrypted() {
                refuse("zip.encrypted", "encrypted files are not read");
            }
            if entry.is_symlink() || !entry.is_file() {
                refuse("zip.link", "links and folders are not read");
            }
            if names.insert(name.to_lowercase(), (name.to_owned(), index)).is_some() {
                refuse("zip.duplicate", "two files have the same name");
            }
        }
        match zip.has_overlapping_entries() {
            Ok(false) => {}
            Ok(true) => problems.push(problem("zip.overlap", "files overlap")),
            Err(_) => problems.push(problem("zip.format", "an unreadable entry")),
        }
        if problems.is_empty() { Ok(Self { zip, names, expanded: 0 }) } else { Err(problems) }
    }

    /// The names of all files, as written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.values().map(|(name, _)| name.as_str())
    }

    /// The file of this name, in whatever case; none where there is none.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some((name, index)) = self.names.get(&name.to_lowercase()) else { return Ok(None) };
        let unreadable = || Problem::new(name.as_str(), "zip.damaged", "the file cannot be expanded");
        let mut file = self.zip.by_index(*index).map_err(|_| unreadable())?;
        let by_ratio = file.compressed_size().saturating_mul(MAX_RATIO).max(RATIO_FLOOR);
        let left = MAX_EXPANDED.saturating_sub(self.expanded);
        let mut expanded = Vec::with_capacity(usize::try_from(file.size().min(by_ratio).min(left)).unwrap_or(0));
        let limit = by_ratio.min(left);
        let read = file.by_ref().take(limit + 1).read_to_end(&mut expanded).map_err(|_| unreadable())? as u64;
        if read > limit {
            return Err(Problem::new(name.as_str(), "zip.bomb", "expands to more than is allowed"));
        }
        self.expanded += read;
        Ok(Some(expanded))
    }
}

/// A file name and nothing else: no path, no way up, nothing hidden.
fn is_plain(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && !name.contains("..")
        && name.chars().all(|c| !matches!(c, '/' | '\\' | ':') && !c.is_control())
}

fn problem(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new("archive", code, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_read() {
        for good in ["users.csv", "Users.CSV", "résumé.csv"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "../users.csv", "a/users.csv", "a\\b", "C:x", "a\0b", "a\nb", ".."] {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        for bytes in [&b""[..], b"PK", b"hello, world"] {
            let problems = Archive::open(bytes).err().expect("refused");
            assert_eq!(problems[0].code, "zip.format");
        }
    }
}
