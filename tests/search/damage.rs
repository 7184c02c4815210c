//! P3: whatever happens to the index's folder while the community is closed, the next search is right.

use std::fs;
use std::path::{Path, PathBuf};

use cop_core::search::ScanIndex;
use cop_core::{NewCommunity, NewResource, SearchHits, SearchQuery, Session, Visibility};
use cop_search::{EduAnalyzer, TantivyIndex};
use tempfile::TempDir;

use crate::world::{Checked, Count, options};

const QUERIES: [&str; 5] = ["", "fraction", "\"number line\"", "fraction number -area", "5NFB3 area"];

fn resource(n: usize) -> NewResource {
    let words = ["fraction", "number line", "area model", "5.NF.B.3", "ratio", "the line number"];
    let title = format!("{} {}", words[n % 6], words[(n / 6) % 6]);
    let body = format!("{} {}", words[(n / 2) % 6], words[n % 5].repeat(n % 3));
    NewResource::new("task", title).with_body(body + ".").with_visibility(Visibility::Public).published()
}

/// A community on disk.
struct Disk {
    _kept: TempDir,
    file: PathBuf,
}

impl Disk {
    /// With an index of several segments, one of them with deletions.
    fn new() -> Self {
        let kept = tempfile::tempdir().expect("a folder");
        let file = kept.path().join("math.cop");
        let cop = cop_search::create(&file, NewCommunity::new("Math CoP")).expect("a community");
        let mut ids = Vec::new();
        for batch in 0..3 {
            for n in 0..8 {
                ids.push(cop.steward().add_resource(resource(batch * 8 + n)).expect("a resource").id);
            }
            cop.catch_up().expect("caught up");
        }
        cop.steward().delete_resource(ids[3]).expect("deleted");
        cop.catch_up().expect("caught up");
        Self { _kept: kept, file }
    }

    fn index(&self) -> PathBuf {
        self.file.with_extension("cop-index")
    }

    /// Adds resources without looking at the index.
    fn write(&self, count: usize) {
        let scan = ScanIndex::new(EduAnalyzer::new());
        let cop = options(scan).with_clock(cop_core::SystemClock).with_ids(cop_core::RandomIds::default());
        let cop = cop.open(&self.file).expect("open");
        (0..count).for_each(|n| drop(cop.steward().add_resource(resource(n)).expect("a resource")));
    }

    /// Searches through a new handle, where every answer is compared with the scan's, and commits what it keeps in
    /// memory; then another must find nothing to do.
    fn check(&self, what: &str) -> Vec<SearchHits> {
        let open = |count: &Count| options(Checked::new(TantivyIndex::beside(&self.file), count)).open(&self.file);
        let count = Count::default();
        let cop = open(&count).expect("open");
        let answers = search(&cop.steward());
        assert_eq!(count.get(), QUERIES.len() as u64, "{what}");
        cop.catch_up().expect("caught up");
        let healed = open(&count).expect("open");
        assert_eq!(healed.catch_up().expect("caught up"), 0, "{what} is not healed");
        answers
    }
}

fn search(session: &Session) -> Vec<SearchHits> {
    QUERIES.iter().map(|text| session.search(SearchQuery::new(*text)).expect("an answer")).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_none_or(|it| it != "lock")).collect();
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("a folder");
    for file in files(from) {
        fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("copied");
    }
}

#[test]
fn a_missing_index_is_built() {
    let disk = Disk::new();
    let before = disk.check("an untouched index");
    fs::remove_dir_all(disk.index()).expect("removed");
    assert_eq!(disk.check("a missing index"), before);
    assert!(disk.index().join("meta.json").exists());
}

#[test]
fn any_damaged_file_is_noticed() {
    let disk = Disk::new();
    let before = disk.check("an untouched index");
    let sound = disk.index().with_extension("sound");
    copy(&disk.index(), &sound);
    type Damage = (&'static str, fn(Vec<u8>) -> Option<Vec<u8>>);
    let damages: [Damage; 7] = [
        ("deleted", |_| None),
        ("emptied", |_| Some(Vec::new())),
        ("cut in half", |bytes| Some(bytes[..bytes.len() / 2].to_vec())),
        ("cut by a byte", |bytes| Some(bytes[..bytes.len().saturating_sub(1)].to_vec())),
        ("overwritten", |bytes| Some((0..bytes.len()).map(|n| (n * 37 + 11) as u8).collect())),
        ("changed in the middle", |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            Some(bytes)
        }),
        ("lengthened", |mut bytes| {
            bytes.extend_from_slice(b"garbage");
            Some(bytes)
        }),
    ];
    let mut cases = 0;
    for file in files(&sound) {
        let name = file.file_name().expect("a name");
        for (damage, apply) in damages {
            copy(&sound, &disk.index());
            let path = disk.index().join(name);
            match apply(fs::read(&file).expect("read")) {
                Some(bytes) => fs::write(&path, bytes).expect("written"),
                None => fs::remove_file(&path).expect("removed"),
            }
            assert_eq!(disk.check(&format!("{} {damage}", name.display())), before);
            cases += 1;
        }
    }
    println!("{cases} damages healed");
}

#[test]
fn an_index_of_an_older_version_is_built_anew() {
    let disk = Disk::new();
    let before = disk.check("an untouched index");
    let meta = disk.index().join("meta.json");
    let text = fs::read_to_string(&meta).expect("read");
    let older = text.replace("schema-", "schema-0");
    assert_ne!(text, older);
    fs::write(&meta, older).expect("written");
    assert_eq!(disk.check("an older index"), before);
    assert!(!fs::read_to_string(&meta).expect("read").contains("schema-0"));
}

#[test]
fn the_index_of_another_community_is_not_used() {
    let (disk, other) = (Disk::new(), Disk::new());
    let before = disk.check("an untouched index");
    other.write(3);
    other.check("an index behind");
    copy(&other.index(), &disk.index());
    assert_eq!(disk.check("a foreign index"), before);
}

#[test]
fn an_index_behind_catches_up() {
    let disk = Disk::new();
    let old = disk.index().with_extension("old");
    copy(&disk.index(), &old);
    disk.write(5);
    disk.check("an index that missed a writer");
    copy(&old, &disk.index());
    disk.check("an index put back");
}

#[test]
fn a_store_put_back_takes_its_index_with_it() {
    let disk = Disk::new();
    let backup = disk.file.with_extension("backup");
    fs::copy(&disk.file, &backup).expect("copied");
    let before = disk.check("an untouched index");
    disk.write(5);
    disk.check("an index behind");
    // The index is ahead now.
    fs::copy(&backup, &disk.file).expect("copied");
    assert_eq!(disk.check("an index ahead"), before);
    // And here its position exists again, in another history.
    disk.write(5);
    disk.check("an index behind");
    fs::copy(&backup, &disk.file).expect("copied");
    disk.write(9);
    disk.check("an index of another history");
}

#[test]
fn leftovers_of_killed_writers_are_swept() {
    let disk = Disk::new();
    let (leftover, foreign) = (disk.index().join(".tmpAbC123"), disk.index().join("notes.txt"));
    fs::write(&leftover, "x").expect("written");
    fs::write(&foreign, "mine").expect("written");
    disk.write(1);
    disk.check("an index behind");
    assert!(!leftover.exists());
    fs::write(disk.index().join("meta.json"), "garbage").expect("written");
    disk.check("a damaged index");
    assert!(foreign.exists(), "only the index's own files are deleted");
}

#[test]
fn a_place_that_cannot_be_written_does_not_matter() {
    let disk = Disk::new();
    fs::remove_dir_all(disk.index()).expect("removed");
    fs::write(disk.index(), "a file in the folder's place").expect("written");
    let count = Count::default();
    let cop = options(Checked::new(TantivyIndex::beside(&disk.file), &count)).open(&disk.file).expect("open");
    search(&cop.steward());
    assert_eq!(count.get(), QUERIES.len() as u64);
    assert!(disk.index().is_file());
}
