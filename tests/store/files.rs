//! Files that are no community's, damaged, newer, or in places that refuse: a typed error, and the file as it was.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use cop_core::store::contract;
use cop_core::{
    Community, Error, ErrorKind, MemberFilter, NewCommunity, NewResource, PageRequest, ResourceFilter, TeamFilter,
};
use cop_tests::random::{Random, number};
use tempfile::TempDir;

use crate::founded;

/// The bytes of every file in a folder: what must not change.
fn bytes(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    files.map(|path| (path.file_name().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect()
}

/// Opening is refused, and leaves everything as it was.
fn refused(path: &Path) -> Error {
    let folder = path.parent().unwrap();
    let before = bytes(folder);
    let error = Community::open(path).map(drop).expect_err("must be refused");
    assert!(bytes(folder) == before, "{}: a refused file was touched, or left something beside it", path.display());
    error
}

/// A small community in a file of its own, closed.
fn small(folder: &Path) -> PathBuf {
    let path = folder.join("math.cop");
    let (cop, ana) = founded(&path);
    let session = cop.as_member(ana).unwrap();
    for n in 0..40 {
        let body = "a text that fills pages ".repeat(40);
        session.add_resource(NewResource::new("task", format!("T{n}")).with_body(body).published()).unwrap();
    }
    path
}

fn sql(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn what_is_no_community_is_refused_untouched() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    for (path, kind) in [
        (at("empty.cop", b""), ErrorKind::Incompatible),
        (at("text.cop", b"Dear all,\nwelcome to the community.\n"), ErrorKind::Incompatible),
        (at("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x10\0"), ErrorKind::Incompatible),
        (
            at("almost.cop", b"SQLite format 2\0 and then something else that is long enough to be a header"),
            ErrorKind::Incompatible,
        ),
        (at("short.cop", b"SQLite format 3\0"), ErrorKind::Incompatible),
        (at("zeros.cop", &[0; 8192]), ErrorKind::Incompatible),
    ] {
        let error = refused(&path);
        assert_eq!(error.kind(), kind, "{}: {error}", path.display());
    }

    let other = folder.path().join("other.db");
    sql(&other, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')");
    assert_eq!(refused(&other).kind(), ErrorKind::Incompatible, "a database of nobody in particular");
    sql(&other, "PRAGMA application_id = 252006673");
    assert_eq!(refused(&other).kind(), ErrorKind::Incompatible, "another application's");
    // Says that it is ours, and has none of our tables.
    let empty = folder.path().join("hollow.cop");
    sql(&empty, "PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT); PRAGMA application_id = 1668247601");
    assert_eq!(refused(&empty).kind(), ErrorKind::Corrupt, "an empty shell");
}

#[test]
fn places_that_are_no_files_are_refused() {
    let folder = TempDir::new().unwrap();
    let inside = folder.path().join("folder.cop");
    std::fs::create_dir(&inside).unwrap();
    let source = |error: &Error| match error {
        Error::Io { source: Some(source), .. } => source.kind(),
        other => panic!("not the operating system's: {other:?}"),
    };
    assert_eq!(source(&refused(&inside)), std::io::ErrorKind::IsADirectory);
    assert_eq!(source(&refused(&folder.path().join("missing.cop"))), std::io::ErrorKind::NotFound);
    for odd in ["", "/dev/null", "/proc/self/mem"] {
        let error = Community::open(odd).map(drop).expect_err("no file");
        assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Incompatible), "{odd}: {error}");
    }
    let nul = Path::new("a\0b.cop");
    assert_eq!(Community::open(nul).map(drop).expect_err("no path").kind(), ErrorKind::Io);
    assert_eq!(Community::create(nul, NewCommunity::new("M")).map(drop).expect_err("no path").kind(), ErrorKind::Io);
    assert_eq!(Community::create("", NewCommunity::new("M")).map(drop).expect_err("no path").kind(), ErrorKind::Io);
    let pipe = folder.path().join("pipe.cop");
    if Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        // Nobody writes to it: whoever opened it would wait for ever.
        assert_eq!(refused(&pipe).kind(), ErrorKind::Io);
    } else {
        eprintln!("skipped: a named pipe, for mkfifo is missing");
    }
}

#[test]
fn newer_files_are_refused_untouched_and_compatible_ones_are_not() {
    let folder = TempDir::new().unwrap();
    let path = small(folder.path());
    sql(&path, "UPDATE scope SET schema = 900, compat = 1");
    drop(Community::open(&path).expect("newer, but it says that this version can read it"));
    sql(&path, "UPDATE scope SET compat = 899");
    let error = refused(&path);
    assert_eq!((error.kind(), error.code()), (ErrorKind::Incompatible, "file.incompatible"));
    sql(&path, "UPDATE scope SET schema = 1, compat = 1");
    contract::verify(&Community::open(&path).unwrap());
    sql(&path, "DELETE FROM scope");
    assert_eq!(refused(&path).kind(), ErrorKind::Corrupt, "the one row that says what this is");
}

#[test]
fn creating_never_touches_what_is_there() {
    let folder = TempDir::new().unwrap();
    let path = small(folder.path());
    let inside = folder.path().join("folder");
    std::fs::create_dir(&inside).unwrap();
    for taken in [path.clone(), inside.clone()] {
        let before = bytes(folder.path());
        let error = Community::create(&taken, NewCommunity::new("Another")).map(drop).expect_err("is taken");
        assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}");
        assert!(bytes(folder.path()) == before, "{} was touched", taken.display());
    }
    contract::verify(&Community::open(&path).unwrap());

    let free = inside.join("free.cop");
    let error = Community::create(&free, NewCommunity::new(" ")).map(drop).expect_err("a name is needed");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(bytes(&inside).is_empty(), "nothing is created before the input is known to be fine");
    let nowhere = inside.join("no folder").join("math.cop");
    let error = Community::create(&nowhere, NewCommunity::new("M")).map(drop).expect_err("there is no folder");
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(!nowhere.parent().unwrap().exists(), "folders are the caller's to make");
    Community::create(&free, NewCommunity::new("M")).expect("the place is free");
}

#[test]
fn what_is_left_of_another_file_is_not_taken_over() {
    let folder = TempDir::new().unwrap();
    let path = small(folder.path());
    // Somebody deletes a community's file, and not the log beside it.
    let cop = Community::open(&path).unwrap();
    cop.steward().add_resource(NewResource::new("task", "In the log")).unwrap();
    let leftover = folder.path().join("fresh.cop-wal");
    std::fs::copy(folder.path().join("math.cop-wal"), &leftover).unwrap();
    drop(cop);
    let fresh = Community::create(folder.path().join("fresh.cop"), NewCommunity::new("Fresh")).unwrap();
    assert_eq!(fresh.about().unwrap().name, "Fresh");
    assert_eq!((fresh.head().unwrap(), contract::verify(&fresh)), (1, 1));
}

#[test]
fn any_path_is_just_a_path() {
    let folder = TempDir::new().unwrap();
    for name in [
        "with space.cop",
        "frühling-分数.cop",
        "a?mode=memory.cop",
        "a#b%20c%.cop",
        "file:x?mode=memory",
        ":memory:",
        "'\"`$.cop",
    ] {
        let path = folder.path().join(name);
        let (cop, ana) = founded(&path);
        cop.as_member(ana).unwrap().add_resource(NewResource::new("task", "Kept")).unwrap();
        drop(cop);
        assert!(path.is_file(), "{name} is the file's name");
        let found = Community::open(&path).unwrap().steward().resources(ResourceFilter::new(), PageRequest::default());
        assert_eq!(found.unwrap().items.len(), 1, "{name}");
    }
    assert_eq!(bytes(folder.path()).len(), 7, "one file each, and nothing beside it");
}

/// Relative paths need a process of their own: the current folder belongs to all threads.
#[test]
fn relative_paths_stay_where_they_began() {
    const VARIABLE: &str = "COP_TEST_RELATIVE_PATHS";
    if std::env::var_os(VARIABLE).is_none() {
        let me = std::env::current_exe().unwrap();
        let name = "files::relative_paths_stay_where_they_began";
        let status = Command::new(me).args(["--exact", name, "--nocapture"]).env(VARIABLE, "1").status();
        assert!(status.unwrap().success(), "in a process of its own");
        return;
    }
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for name in ["math.cop", "./dotted.cop", "file:uri?mode=memory", ":memory:"] {
        std::env::set_current_dir(here.path()).unwrap();
        let (cop, ana) = founded(Path::new(name));
        assert!(here.path().join(name).is_file(), "{name} is the file's name");
        // New connections are opened after the change of folder.
        std::env::set_current_dir(there.path()).unwrap();
        let session = cop.as_member(ana).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| session.members(MemberFilter::new(), PageRequest::default()).unwrap());
            }
        });
        session.add_resource(NewResource::new("task", "Kept")).unwrap();
        contract::verify(&cop);
        drop((session, cop));
        let cop = Community::open(here.path().join(name)).unwrap();
        assert_eq!(cop.steward().resources(ResourceFilter::new(), PageRequest::default()).unwrap().items.len(), 1);
    }
    assert!(bytes(there.path()).is_empty(), "nothing was made elsewhere");
}

/// Asks for everything; damage is either noticed or does not matter, and nothing panics.
fn exercise(path: &Path) -> Result<(), Error> {
    let cop = Community::open(path)?;
    let host = cop.steward();
    cop.about()?;
    cop.head()?;
    cop.changes(0, 1000)?;
    for member in host.members(MemberFilter::new(), PageRequest::default())?.items {
        host.history(member.id)?;
    }
    host.teams(TeamFilter::new(), PageRequest::default())?;
    for resource in host.resources(ResourceFilter::new(), PageRequest::default())?.items {
        host.resource(resource.id)?;
        host.history(resource.id)?;
    }
    host.search("text")?;
    host.add_resource(NewResource::new("task", "Written into the ruins"))?;
    Ok(())
}

fn is_about_damage(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Corrupt | ErrorKind::Incompatible | ErrorKind::Io | ErrorKind::NotFound | ErrorKind::AlreadyExists
    )
}

#[test]
fn truncated_files_are_damaged() {
    let folder = TempDir::new().unwrap();
    let whole = std::fs::read(small(folder.path())).unwrap();
    let mut noticed = 0;
    for cut in [16, 99, 100, 512, 4095, 4096, 4097, 8192, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("cut.cop");
        std::fs::write(&path, &whole[..cut]).unwrap();
        if let Err(error) = exercise(&path) {
            assert!(is_about_damage(&error), "cut at {cut}: {error:?}");
            noticed += 1;
        }
    }
    assert!(noticed >= 9, "only {noticed} of 11 cuts were noticed");
}

#[test]
fn garbage_in_a_file_is_noticed_or_does_not_matter() {
    let folder = TempDir::new().unwrap();
    let whole = std::fs::read(small(folder.path())).unwrap();
    let pages = whole.len() / 4096;
    let (mut noticed, files) = (0, number("COP_DAMAGES", 150));
    for seed in 0..files {
        let mut random = Random::new(seed);
        let mut damaged = whole.clone();
        for _ in 0..1 + random.below(3) {
            let page = random.below(pages);
            match random.below(4) {
                // A page of noise, of zeros, another page in its place, or some bytes.
                0 => damaged[page * 4096..][..4096].iter_mut().for_each(|byte| *byte = random.bits() as u8),
                1 => damaged[page * 4096..][..4096].fill(0),
                2 => {
                    let other = random.below(pages) * 4096;
                    let copy = whole[other..other + 4096].to_vec();
                    damaged[page * 4096..][..4096].copy_from_slice(&copy);
                }
                _ => (0..8).for_each(|_| damaged[page * 4096 + random.below(4096)] = random.bits() as u8),
            }
        }
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("damaged.cop");
        std::fs::write(&path, &damaged).unwrap();
        if let Err(error) = exercise(&path) {
            assert!(is_about_damage(&error), "seed {seed}: {error:?}");
            noticed += 1;
        }
    }
    eprintln!("{files} damaged files, {noticed} noticed");
    assert!(noticed > files / 3, "damage is noticed: {noticed} of {files}");
}

/// A place with rules of its own, taken away again at the end.
struct Mount {
    folder: TempDir,
}

impl Mount {
    /// A file system in memory; none, and a word about it, where this user may not have one.
    fn of(options: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path()).output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            return Some(Self { folder });
        }
        eprintln!("skipped: needs the right to mount a file system");
        None
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn remount(&self, options: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.path()).status();
        assert!(status.unwrap().success(), "remounts");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_place_that_cannot_be_written_is_an_io_error() {
    let error = Community::create("/proc/math.cop", NewCommunity::new("M")).map(drop).expect_err("no such place");
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    let Some(mount) = Mount::of("size=4m") else { return };
    let path = small(mount.path());
    mount.remount("ro");
    let error = refused(&path);
    assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "io.failed"), "{error}");
    let new = Community::create(mount.path().join("new.cop"), NewCommunity::new("M")).map(drop);
    assert_eq!(new.expect_err("read-only").kind(), ErrorKind::Io);
    mount.remount("rw");
    contract::verify(&Community::open(&path).unwrap());
}

#[test]
fn a_place_that_becomes_read_only_is_an_io_error_and_then_goes_on() {
    let folder = TempDir::new().unwrap();
    let path = small(folder.path());
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    let writable = permissions.clone();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    if std::fs::OpenOptions::new().write(true).open(&path).is_ok() {
        // Permissions do not bind root, who can mount a read-only place instead: the test above.
        return;
    }
    let before = std::fs::read(&path).unwrap();
    match Community::open(&path) {
        // It can be read; what cannot be done is to write.
        Ok(cop) => {
            assert_eq!(cop.steward().add_resource(NewResource::new("task", "T")).unwrap_err().kind(), ErrorKind::Io)
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Io, "{error}"),
    }
    assert!(std::fs::read(&path).unwrap() == before, "the file was touched");
    std::fs::set_permissions(&path, writable).unwrap();
    contract::verify(&Community::open(&path).unwrap());
}

#[test]
fn a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_space() {
    let Some(mount) = Mount::of("size=3m") else { return };
    let path = mount.path().join("math.cop");
    let (cop, ana) = founded(&path);
    let session = cop.as_member(ana).unwrap();
    let ballast = mount.path().join("ballast");
    std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    let count = || session.resources(ResourceFilter::new(), PageRequest::first(1000)).unwrap().items.len();
    let add = |n: usize| {
        session
            .add_resource(NewResource::new("task", format!("T{n}")).with_body("a text that fills pages ".repeat(400)))
    };
    for round in 0..3 {
        let mut written = count();
        let error = loop {
            match add(written) {
                Ok(_) => written += 1,
                Err(error) => break error,
            }
            assert!(written < 1000, "the disk never fills up");
        };
        assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "io.full"), "round {round}: {error}");
        assert_eq!(count(), written, "what was acknowledged is there, what was refused is not");
        assert_eq!(add(0).unwrap_err().kind(), ErrorKind::Io, "still full");
        contract::verify(&cop);
        // Somebody makes room, and somebody else uses it up again.
        std::fs::remove_file(&ballast).unwrap();
        add(written).unwrap_or_else(|error| panic!("round {round}: there is space again: {error}"));
        assert_eq!(count(), written + 1);
        let _ = std::fs::write(&ballast, vec![0; 1 << 18]);
    }
    let written = count();
    drop((session, cop));
    let cop = Community::open(&path).expect("opens on a nearly full disk");
    assert_eq!(
        cop.as_member(ana).unwrap().resources(ResourceFilter::new(), PageRequest::first(1000)).unwrap().items.len(),
        written
    );
    contract::verify(&cop);
}

#[test]
fn a_community_that_does_not_fit_is_not_founded() {
    let Some(mount) = Mount::of("size=16k") else { return };
    let path = mount.path().join("math.cop");
    let error = Community::create(&path, NewCommunity::new("M")).map(drop).expect_err("too small a place");
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert_eq!(bytes(mount.path()).len(), 0, "nothing is left behind");
    mount.remount("size=4m");
    Community::create(&path, NewCommunity::new("M")).expect("there is room now");
}
