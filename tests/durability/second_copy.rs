//! A second copy of SQLite in this process, as a notebook has with Python's own module: what we write then is refused.
#![expect(unsafe_code, reason = "the other copy is a C library, loaded while we run")]

use std::ffi::{CString, c_char, c_int, c_void};
use std::path::Path;

use cop_core::store::contract;
use cop_core::{Community, ErrorKind, NewResource};
use libloading::{Library, Symbol};
use tempfile::TempDir;

use crate::faults::founded;

type Open = unsafe extern "C" fn(*const c_char, *mut *mut c_void) -> c_int;
type Exec = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_void, *const c_void, *const c_void) -> c_int;
type Close = unsafe extern "C" fn(*mut c_void) -> c_int;

/// The system's SQLite, with a connection.
struct Other<'a> {
    library: &'a Library,
    connection: *mut c_void,
}

impl<'a> Other<'a> {
    fn open(library: &'a Library, path: &Path) -> Self {
        let name = CString::new(path.to_str().unwrap()).unwrap();
        let mut connection = std::ptr::null_mut();
        // SAFETY: sqlite3_open takes a name that ends with 0 and a place for the connection.
        let opened = unsafe {
            let open: Symbol<'_, Open> = library.get(b"sqlite3_open").unwrap();
            open(name.as_ptr(), &mut connection)
        };
        assert_eq!(opened, 0);
        Self { library, connection }
    }

    fn run(&self, sql: &str) -> c_int {
        let sql = CString::new(sql).unwrap();
        // SAFETY: sqlite3_exec takes a connection, SQL that ends with 0, and may have no callback.
        unsafe {
            let exec: Symbol<'_, Exec> = self.library.get(b"sqlite3_exec").unwrap();
            exec(self.connection, sql.as_ptr(), std::ptr::null(), std::ptr::null(), std::ptr::null())
        }
    }
}

impl Drop for Other<'_> {
    fn drop(&mut self) {
        // SAFETY: sqlite3_close takes a connection, once.
        unsafe {
            let close: Symbol<'_, Close> = self.library.get(b"sqlite3_close").unwrap();
            close(self.connection);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_would_corrupt_the_file_is_refused() {
    // SAFETY: SQLite does nothing when it is loaded.
    let Ok(library) = (unsafe { Library::new("libsqlite3.so.0") }) else {
        println!("skipped: there is no other copy of SQLite (libsqlite3-0)");
        return;
    };
    let (mut refused, times) = (0, 100);
    for n in 0..times {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("math.cop");
        let (cop, ana) = founded(&path);
        let me = cop.as_member(ana).unwrap();
        let task = |title: &str| NewResource::new("task", title);
        let before = me.add_resource(task("Before")).unwrap();
        {
            let other = Other::open(&library, &path);
            assert_eq!(other.run("SELECT count(*) FROM member"), 0);
            if n % 2 == 0 {
                assert_eq!(other.run("BEGIN IMMEDIATE; UPDATE member SET bio = 'x'"), 0);
            }
            match me.add_resource(task("Meanwhile")) {
                Err(error) => {
                    assert_eq!(
                        (error.kind(), error.code()),
                        (ErrorKind::Unsupported, "store.second_sqlite"),
                        "{error}"
                    );
                    refused += 1;
                }
                Ok(_) => eprintln!("{n}: not noticed"),
            }
            assert_eq!(me.resource(before.id).unwrap(), before, "reading goes on");
        }
        // Another handle of ours, in the same copy, is none of that.
        let second = Community::open(&path).unwrap();
        second.steward().add_resource(task("By a second handle")).unwrap();
        me.add_resource(task("After")).unwrap();
        drop((me, cop, second));
        let cop = Community::open(&path).unwrap();
        assert!(cop.check().unwrap().is_good());
        contract::verify(&cop);
    }
    eprintln!("{refused} of {times} writes beside a second copy were refused");
    assert_eq!(refused, times);
}
