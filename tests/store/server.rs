//! A community on a server: addresses, roles, encryption, runtimes, lost connections, moving there and back.

use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use std::time::Duration;

use cop_core::store::contract;
use cop_core::{
    Community, CommunityOptions, ErrorKind, NewCommunity, NewMember, NewResource, PageRequest, ResourceFilter,
    ResourceId, Session,
};
use cop_tests::postgres::Cluster;
use tempfile::TempDir;

use crate::founded_at;
use crate::proxy::{Cut, Proxy};

fn titles(session: &Session) -> Vec<String> {
    let page = session.resources(ResourceFilter::new(), PageRequest::first(1000)).unwrap();
    page.items.into_iter().map(|resource| resource.title).collect()
}

fn task(title: impl Into<String>) -> NewResource {
    NewResource::new("task", title)
}

#[test]
fn what_is_not_there_is_a_typed_error() {
    let Some(server) = Cluster::shared() else { return };
    let address = server.new_address();
    let error = Community::connect(&address).map(drop).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, "record.not_found"), "{error}");
    Community::create_at(&address, NewCommunity::new("Math CoP")).unwrap();
    let error = Community::create_at(&address, NewCommunity::new("Another")).map(drop).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::AlreadyExists, "record.already_exists"), "{error}");
    assert_eq!(Community::connect(&address).unwrap().about().unwrap().name, "Math CoP", "and it is as it was");

    let error = Community::connect("postgres://127.0.0.1:1/postgres").map(drop).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "io.failed"), "{error}");
    let error = Community::connect(&format!("{}/nowhere", server.server("cop"))).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    let error = Community::connect(&format!("{}/postgres", server.server("nobody"))).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    let error = Community::connect("math.cop").map(drop).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "postgres.address"), "{error}");
}

#[test]
fn of_many_who_found_one_community_one_does() {
    let Some(server) = Cluster::shared() else { return };
    let (address, barrier) = (server.new_address(), Barrier::new(4));
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|n| {
                let (address, barrier) = (&address, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    Community::create_at(address, NewCommunity::new(format!("CoP {n}")))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (made, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(|result| result.is_ok());
    assert_eq!(made.len(), 1, "exactly one founds it");
    for error in refused.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}");
    }
}

#[test]
fn communities_of_one_database_know_nothing_of_each_other() {
    let Some(server) = Cluster::shared() else { return };
    let [(one, ana), (two, _)] = [(); 2].map(|()| founded_at(&server.new_address()));
    one.as_member(ana).unwrap().add_resource(task("Mine")).unwrap();
    assert_eq!((one.head().unwrap(), two.head().unwrap()), (3, 2));
    assert!(two.as_member(ana).is_err());
}

#[test]
fn the_owner_makes_the_tables_and_others_use_them() {
    let Some(server) = Cluster::shared() else { return };
    server.sql(
        "CREATE ROLE school_owner LOGIN; CREATE ROLE school_app LOGIN; CREATE ROLE school_reader LOGIN;
         GRANT CREATE ON DATABASE postgres TO school_owner",
    );
    let at = |role: &str| format!("{}/postgres?schema=school", server.server(role));
    let error = Community::create_at(&at("school_app"), NewCommunity::new("Math CoP")).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "who may not make a schema: {error}");
    let (_, ana) = founded_at(&at("school_owner"));
    assert!(Community::connect(&at("school_app")).is_err(), "nothing was granted yet");
    server.sql(
        "GRANT USAGE ON SCHEMA school TO school_app, school_reader;
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA school TO school_app;
         GRANT SELECT ON ALL TABLES IN SCHEMA school TO school_reader",
    );
    let app = Community::connect(&at("school_app")).unwrap();
    let me = app.as_member(ana).unwrap();
    me.add_resource(task("By the application")).unwrap();
    app.steward()
        .batch((0..200).map(|n| cop_core::Op::AddMember(NewMember::new(format!("P{n}"), "T"))).collect(), &mut |_| {
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    let reader = Community::connect(&at("school_reader")).unwrap();
    assert_eq!(titles(&reader.as_member(ana).unwrap()), ["By the application"]);
    let error = reader.as_member(ana).unwrap().add_resource(task("By a reader")).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "io.failed"), "{error}");
    me.erase_member(ana).unwrap();
    contract::verify(&app);
}

#[test]
fn inside_a_runtime_it_is_used_as_anywhere() {
    let Some(server) = Cluster::shared() else { return };
    let address = server.new_address();
    for runtime in [tokio::runtime::Builder::new_multi_thread(), tokio::runtime::Builder::new_current_thread()] {
        let mut runtime = runtime;
        let runtime = runtime.enable_all().build().unwrap();
        runtime.block_on(async {
            let cop = match Community::connect(&address) {
                Ok(cop) => cop,
                Err(_) => Community::create_at(&address, NewCommunity::new("Math CoP")).unwrap(),
            };
            cop.steward().add_resource(task("From a task")).unwrap();
            let also = cop.clone();
            let blocking = tokio::task::spawn_blocking(move || also.steward().add_resource(task("And beside it")));
            blocking.await.unwrap().unwrap();
            assert!(cop.steward().add_resource(task("")).is_err());
            // The handle, its connections and its herald are dropped in here.
        });
    }
    assert_eq!(Community::connect(&address).unwrap().head().unwrap(), 5);
}

#[test]
fn a_connection_that_was_lost_meanwhile_is_made_anew() {
    let Some(mut server) = Cluster::start() else { return };
    let (cop, ana) = founded_at(&server.new_address());
    let me = cop.as_member(ana).unwrap();
    me.add_resource(task("Before")).unwrap();
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cop'");
    assert_eq!(titles(&me), ["Before"], "for reading");
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cop'");
    me.add_resource(task("After")).unwrap();
    // In the midst of a transaction it is an error, and nothing of it is there.
    let error = me.transaction(|tx| {
        tx.add_resource(task("Half"))?;
        server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cop'");
        tx.add_resource(task("Other half"))
    });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(titles(&me), ["Before", "After"]);
    // A server that went away and came back has all it acknowledged.
    server.kill();
    let error = me.add_resource(task("Nowhere")).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "io.failed"), "{error}");
    server.resume();
    me.add_resource(task("Again")).unwrap();
    assert_eq!(titles(&me), ["Before", "After", "Again"]);
    contract::verify(&cop);
}

#[test]
fn what_became_of_a_commit_whose_answer_was_lost_is_found_out() {
    let Some(server) = Cluster::shared() else { return };
    let address = server.new_address();
    let (cop, ana) = founded_at(&address);
    let proxy = Proxy::to(server.host());
    let far = Community::connect(&address.replacen(&server.host(), &proxy.address.to_string(), 1)).unwrap();
    let me = far.as_member(ana).unwrap();
    for n in 0..3 {
        proxy.cut(Cut::BeforeCommit);
        let error = me.add_resource(task(format!("Not there {n}"))).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "io.failed"), "{error}");
        proxy.cut(Cut::AfterCommit);
        me.add_resource(task(format!("There {n}"))).unwrap();
    }
    proxy.cut(Cut::ForGood);
    let error = me.add_resource(task("Who knows")).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Io, "store.unconfirmed"), "{error}");
    assert_eq!(titles(&cop.as_member(ana).unwrap()), ["There 0", "There 1", "There 2", "Who knows"]);
    contract::verify(&cop);
}

#[test]
fn a_writer_that_waits_in_vain_for_another_server_is_told_so() {
    let Some(server) = Cluster::shared() else { return };
    let address = server.new_address();
    let (cop, ana) = founded_at(&address);
    let other = Community::connect(&address).unwrap();
    let held = cop.steward().transaction(|tx| {
        tx.add_resource(task("Mine"))?;
        assert_eq!(titles(&other.as_member(ana)?), [""; 0], "others read on");
        let refusal = other.steward().add_resource(task("Yours")).unwrap_err();
        assert_eq!((refusal.kind(), refusal.code()), (ErrorKind::Busy, "store.busy"), "{refusal}");
        Ok(())
    });
    held.unwrap();
    other.steward().add_resource(task("Yours")).expect("it is our turn now");
    contract::verify(&cop);
}

#[test]
fn what_crosses_a_network_is_encrypted_for_the_server_that_was_meant() {
    let Some(server) = Cluster::start() else { return };
    if server.sql("SHOW ssl_library").is_empty() {
        println!("skipped: this PostgreSQL was built without encryption");
        return;
    }
    let folder = TempDir::new().unwrap();
    let Some((key, certificate)) = certificate(folder.path(), "127.0.0.1") else {
        println!("skipped: there is no openssl to make a certificate with");
        return;
    };
    let (_, other) = certificate_of_another(folder.path());
    server.place("server.key", &std::fs::read(key).unwrap());
    server.place("server.crt", &std::fs::read(&certificate).unwrap());
    server.sql("ALTER SYSTEM SET ssl = on");
    server.sql("SELECT pg_reload_conf()");
    let address = server.new_address();
    founded_at(&address);
    let with = |file: &Path| format!("{address}&sslmode=verify-full&sslrootcert={}", file.display());
    let cop = retry(|| Community::connect(&with(&certificate)));
    let encrypted = "SELECT count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
         WHERE ssl AND application_name = 'cop'";
    cop.head().unwrap();
    assert_eq!(server.sql(encrypted), "t");
    let error = Community::connect(&with(&other)).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "another's certificate: {error}");
    let elsewhere = with(&certificate).replacen("127.0.0.1", "localhost", 1);
    let error = Community::connect(&elsewhere).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "another's name: {error}");
}

#[test]
fn a_pooler_keeps_sessions_or_is_refused() {
    let Some(server) = Cluster::start() else { return };
    founded_at(&server.address("math"));
    founded_at(&server.address("science"));
    let Some(pooler) = server.pooler("session") else { return };
    for schema in ["math", "science"] {
        let cop = Community::connect(&pooler.address(schema)).unwrap();
        cop.steward().add_resource(task(schema)).unwrap();
        assert_eq!(titles(&cop.steward()), [schema]);
        assert_eq!(cop.wait_for_changes(0, Duration::ZERO).unwrap(), cop.head().unwrap());
    }
    drop(pooler);
    for mode in ["transaction", "statement"] {
        let Some(pooler) = server.pooler(mode) else { return };
        let error = Community::connect(&pooler.address("math")).map(drop).unwrap_err();
        let code = if mode == "transaction" { "postgres.pooler" } else { "io.failed" };
        assert_eq!(error.code(), code, "{mode}: {error}");
    }
}

/// A server takes a moment to take in its settings.
fn retry<T>(work: impl Fn() -> cop_core::Result<T>) -> T {
    (0..50)
        .find_map(|_| {
            std::thread::sleep(Duration::from_millis(100));
            work().ok()
        })
        .expect("it works in the end")
}

fn certificate(folder: &Path, name: &str) -> Option<(std::path::PathBuf, std::path::PathBuf)> {
    let (key, certificate) = (folder.join(format!("{name}.key")), folder.join(format!("{name}.crt")));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"])
        .args(["-addext", &format!("subjectAltName=IP:{name}"), "-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output();
    made.is_ok_and(|made| made.status.success()).then_some((key, certificate))
}

fn certificate_of_another(folder: &Path) -> (std::path::PathBuf, std::path::PathBuf) {
    certificate(folder, "127.0.0.2").unwrap()
}

#[test]
fn a_community_moves_to_a_server_and_back() {
    let Some(server) = Cluster::shared() else { return };
    let folder = TempDir::new().unwrap();
    let (file, back, address) = (folder.path().join("a.cop"), folder.path().join("b.cop"), server.new_address());
    let (cop, ana) = crate::founded(&file);
    let me = cop.as_member(ana).unwrap();
    for n in 0..300 {
        me.add_resource(task(format!("Task {n}")).with_body("½ × ¼\n".repeat(n))).unwrap();
    }
    let gone = me.add_resource(task("Gone")).unwrap().id;
    me.delete_resource(gone).unwrap();
    let sum = cop.copy_at(&address).unwrap();
    assert_eq!(sum, cop.checksum().unwrap());
    let moved = Community::connect(&address).unwrap();
    assert_eq!(moved.checksum().unwrap(), sum, "the server has what the file has");
    assert_eq!(moved.changes(0, usize::MAX).unwrap(), cop.changes(0, usize::MAX).unwrap());
    contract::verify(&moved);
    assert_eq!(moved.copy_to(&back).unwrap(), sum);
    let back = Community::open(&back).unwrap();
    assert_eq!(back.checksum().unwrap(), sum, "and back");
    contract::verify(&back);
    // Each goes on alone.
    moved.as_member(ana).unwrap().add_resource(task("There")).unwrap();
    back.as_member(ana).unwrap().add_resource(task("Here")).unwrap();
    assert_ne!(moved.checksum().unwrap(), back.checksum().unwrap());
    // What is there already is left alone.
    let error = cop.copy_at(&address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}");
    assert_eq!(cop.copy_to(&file).unwrap_err().kind(), ErrorKind::AlreadyExists);
}

#[test]
fn a_backup_is_taken_while_others_write() {
    let folder = TempDir::new().unwrap();
    let (cop, ana) = crate::founded(&folder.path().join("math.cop"));
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let me = cop.as_member(ana).unwrap();
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                let pair = me.transaction(|tx| {
                    tx.add_resource(task("left"))?;
                    tx.add_resource(task("right"))
                });
                pair.unwrap();
            }
        });
        for n in 0..5 {
            let path = folder.path().join(format!("backup-{n}.cop"));
            let sum = cop.copy_to(&path).unwrap();
            let backup = Community::open(&path).unwrap();
            assert_eq!(backup.checksum().unwrap(), sum);
            assert_eq!(backup.head().unwrap() % 2, 0, "no half of a transaction");
            contract::verify(&backup);
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
    });
}

#[test]
fn an_audience_may_be_as_large_as_it_likes() {
    let Some(server) = Cluster::shared() else { return };
    let (cop, ana) = founded_at(&server.new_address());
    let task = cop.as_member(ana).unwrap().add_resource(task("For many")).unwrap().id;
    grant_to_many(&cop, ana, task);
}

fn grant_to_many(cop: &Community, owner: cop_core::MemberId, task: ResourceId) {
    let me = cop.as_member(owner).unwrap();
    for n in 0..150 {
        let member = cop.steward().add_member(NewMember::new(format!("P{n}"), "Test")).unwrap().id;
        me.grant_access(cop_core::GrantOf { resource: task, grantee: format!("member:{member}") }).unwrap();
    }
    contract::verify(cop);
}

#[test]
fn a_waiting_follower_hears_of_what_another_server_writes() {
    let Some(server) = Cluster::shared() else { return };
    let address = server.new_address();
    let (cop, ana) = founded_at(&address);
    let other = CommunityOptions::new().connect(&address).unwrap();
    let head = cop.head().unwrap();
    assert_eq!(other.wait_for_changes(head, Duration::from_millis(50)).unwrap(), head, "nothing yet");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| other.wait_for_changes(head, Duration::from_secs(60)).unwrap());
        cop.as_member(ana).unwrap().add_resource(task("News")).unwrap();
        assert_eq!(waiting.join().unwrap(), head + 1);
    });
}
