//! Says which files of an index are known to be whole, so that opening it need not read them all.
//!
//! Files that were written, or compared with their checksums, are whole as long as nobody changes them and the machine
//! runs on: only a power cut tears what was not yet on the disk. So a seal names the files with their sizes and times,
//! and the start of the machine. Where that start has no name (it has one on Linux and Android), no seal is made.

use std::fmt::Write;
use std::path::Path;
use std::time::UNIX_EPOCH;
use std::{fs, io};

use tantivy::index::SegmentId;

/// What the kernel calls the time since the machine was started.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";
/// Where the seal lies.
pub(crate) const FILE: &str = "cop.seal";

/// A seal on the files of a folder as they are; none where the start of the machine has no name.
pub(crate) fn of(folder: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(BOOT) {
        Ok(boot) => of_files(folder, boot.trim()).map(Some),
        Err(_) => Ok(None),
    }
}

fn of_files(folder: &Path, boot: &str) -> io::Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_of_a_segment(name)) else { continue };
        let metadata = entry.metadata()?;
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        files.push((name.to_owned(), metadata.len(), changed));
    }
    files.sort_unstable();
    let mut seal = format!("{boot}\n");
    for (name, bytes, changed) in files {
        writeln!(seal, "{name} {bytes} {changed}").expect("a text takes everything");
    }
    Ok(seal)
}

/// Whether a folder bears this seal.
pub(crate) fn is_on(folder: &Path, seal: &str) -> bool {
    fs::read_to_string(folder.join(FILE)).is_ok_and(|found| found == seal)
}

/// Whether tantivy would call a file of a segment so.
pub(crate) fn is_of_a_segment(name: &str) -> bool {
    name.split_once('.').is_some_and(|(id, kind)| !kind.is_empty() && SegmentId::from_uuid_string(id).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_breaks_the_seal() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let file = folder.join("0123456789abcdef0123456789abcdef.term");
        fs::write(&file, "words").expect("written");
        fs::write(folder.join("meta.json"), "{}").expect("written");
        let seal = of_files(folder, "this start").expect("a seal");
        assert!(!is_on(folder, &seal));
        fs::write(folder.join(FILE), &seal).expect("sealed");
        assert!(is_on(folder, &seal));

        assert!(!is_on(folder, &of_files(folder, "another start").expect("a seal")));
        fs::write(folder.join("meta.json"), "{\"a\": 1}").expect("written");
        assert!(is_on(folder, &of_files(folder, "this start").expect("a seal")), "no file of a segment");
        let times = fs::metadata(&file).expect("there").modified().expect("a time");
        let touched = fs::File::options().write(true).open(&file).expect("opened");
        touched.set_modified(times + std::time::Duration::from_nanos(1)).expect("touched");
        assert!(!is_on(folder, &of_files(folder, "this start").expect("a seal")));
        touched.set_modified(times).expect("put back");
        assert!(is_on(folder, &of_files(folder, "this start").expect("a seal")));
        fs::write(folder.join("0123456789abcdef0123456789abcdee.term"), "more").expect("written");
        assert!(!is_on(folder, &of_files(folder, "this start").expect("a seal")));
    }
}
