//! PostgreSQL servers of our own: Debian's package, a free port, a data folder that is gone at the end.
//!
//! `COP_POSTGRES=/usr/lib/postgresql/16/bin` names another version's programs than the newest that is installed.
//! A server runs as a user who is not root, and ends with the process that started it, however that ends.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to start.
const STARTING: Duration = Duration::from_secs(60);

/// A server with its data folder.
pub struct Cluster {
    programs: PathBuf,
    /// Who runs it, where we are root.
    user: Option<(u32, u32)>,
    folder: PathBuf,
    port: u16,
    /// Ends with its input, and the server with it.
    keeper: Option<Child>,
}

/// What is made of a server before it first starts.
enum Beginning<'a> {
    Empty,
    /// A copy that follows another server, by this name.
    Standby(&'a Cluster, &'a str),
}

impl Cluster {
    /// The server that the tests of one process share; none, and a word about it, where none is installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// A server for one test, which may stop it.
    pub fn start() -> Option<Self> {
        Self::begin(Beginning::Empty)
    }

    /// A hot standby of this server, which says by `name` how far it is.
    pub fn standby(&self, name: &str) -> Self {
        Self::begin(Beginning::Standby(self, name)).expect("where one server runs, another does")
    }

    fn begin(beginning: Beginning<'_>) -> Option<Self> {
        let Some(programs) = programs() else {
            println!("skipped: PostgreSQL is not installed (postgresql)");
            return None;
        };
        let user = match id(&["-u"]) {
            Some(0) => match (id(&["-u", "postgres"]), id(&["-g", "postgres"])) {
                (Some(user), Some(group)) => Some((user, group)),
                _ => {
                    println!("skipped: PostgreSQL does not run as root, and there is no user postgres");
                    return None;
                }
            },
            _ => None,
        };
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cop-pg-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("makes a folder");
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).expect("gives the folder away");
        }
        let port = free_port();
        let mut cluster = Self { programs, user, folder, port, keeper: None };
        let data = cluster.data();
        match beginning {
            Beginning::Empty => {
                let data = data.to_str().expect("a path that is text");
                cluster.run(
                    "initdb",
                    &["--no-sync", "-A", "trust", "-U", "cop", "-E", "UTF8", "--locale=C.UTF-8", "-D", data],
                );
                let settings = "\nunix_socket_directories = ''\nlisten_addresses = '127.0.0.1'\nfsync = off\n\
                     max_connections = 200\nwal_level = replica\nshared_buffers = 128MB\nmax_wal_size = 2GB\n\
                     log_min_messages = fatal\nwal_keep_size = 256MB\n";
                let path = cluster.data().join("postgresql.conf");
                let usual = std::fs::read_to_string(&path).expect("reads the settings");
                std::fs::write(path, usual + settings).expect("writes the settings");
            }
            Beginning::Standby(primary, name) => {
                let from = format!("host=127.0.0.1 port={} user=cop application_name={name}", primary.port);
                let data = data.to_str().expect("a path that is text");
                cluster
                    .run("pg_basebackup", &["-D", data, "-R", "--no-sync", "-c", "fast", "-X", "stream", "-d", &from]);
                // The place in `-R`'s settings has our name already.
            }
        }
        cluster.resume();
        Some(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts the server, which was stopped or never ran.
    pub fn resume(&mut self) {
        let script = "\"$0\"/postgres -D \"$1\" -p \"$2\" >\"$1\"/../log 2>&1 & server=$!\n\
             word=$(cat); kill -INT $server; wait $server; [ \"$word\" = keep ] || rm -rf \"${1%/data}\"";
        let mut keeper = self.command("sh");
        keeper.args(["-c", script]).arg(&self.programs).arg(self.data()).arg(self.port.to_string());
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.keeper = Some(keeper.spawn().expect("starts a server"));
        let started = Instant::now();
        while !self.answers() {
            assert!(started.elapsed() < STARTING, "the server does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn answers(&self) -> bool {
        let look =
            self.command(self.programs.join("pg_isready")).args(["-q", "-h", "127.0.0.1"]).args(self.at()).status();
        look.is_ok_and(|status| status.success())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Stops the server as a loss of its process would: nothing is said or written any more.
    pub fn kill(&mut self) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("it runs");
        let pid = pid.lines().next().expect("a number").to_owned();
        // The server's children notice at once that it is gone, and go.
        assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kills").success());
        if let Some(keeper) = self.keeper.take() {
            end(keeper);
        }
        drop(std::fs::remove_file(self.data().join("postmaster.pid")));
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        let data = self.data();
        self.run("pg_ctl", &["promote", "-s", "-w", "-D", data.to_str().expect("a path that is text")]);
    }

    /// Puts a file into the data folder, for the server's eyes only.
    pub fn place(&self, name: &str, content: &[u8]) {
        let path = self.data().join(name);
        std::fs::write(&path, content).expect("writes a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("hides it");
        if let Some((user, group)) = self.user {
            chown(&path, Some(user), Some(group)).expect("gives it away");
        }
    }

    /// Runs SQL as the administrator; answers with what it prints, without headings.
    pub fn sql(&self, sql: &str) -> String {
        self.run(
            "psql",
            &["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", &format!("{}/postgres", self.server("cop")), "-c", sql],
        )
    }

    /// `postgres://user@host:port`.
    pub fn server(&self, user: &str) -> String {
        format!("postgres://{user}@{}", self.host())
    }

    /// `host:port`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of a community here.
    pub fn address(&self, schema: &str) -> String {
        format!("{}/postgres?schema={schema}", self.server("cop"))
    }

    /// The address of a community that no test had yet, on this server.
    pub fn new_address(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        self.address(&format!("t{}", COUNT.fetch_add(1, Ordering::SeqCst)))
    }

    fn at(&self) -> [String; 2] {
        ["-p".to_owned(), self.port.to_string()]
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        // The folder we are in may not be open to that user.
        command.current_dir("/").env("LC_ALL", "C");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(self.programs.join(program)).args(arguments).output().expect("runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }
}

/// Whether a place is the address of a community on a server, and not a file.
pub fn is_address(place: &str) -> bool {
    place.starts_with("postgres://")
}

/// PgBouncer before a server; ends when dropped.
pub struct Pooler {
    port: u16,
    process: Child,
}

impl Pooler {
    /// The address of a community behind it.
    pub fn address(&self, schema: &str) -> String {
        format!("postgres://cop@127.0.0.1:{}/postgres?schema={schema}", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Cluster {
    /// A pooler before this server, which keeps connections for as long as `mode` says; none, and a word about it, where
    /// none is installed.
    pub fn pooler(&self, mode: &str) -> Option<Pooler> {
        let Some(program) =
            ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|it| Path::new(it).is_file())
        else {
            println!("skipped: no pooler is installed (pgbouncer)");
            return None;
        };
        let port = free_port();
        self.place(
            "pgbouncer.ini",
            format!(
                "[databases]\n* = host=127.0.0.1 port={} user=cop\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\n",
                self.port
            )
            .as_bytes(),
        );
        let mut command = self.command(program);
        let process = command.arg("-q").arg(self.data().join("pgbouncer.ini")).stderr(Stdio::null()).spawn();
        let pooler = Pooler { port, process: process.expect("starts a pooler") };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < STARTING, "the pooler does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(pooler)
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("finds a port").port()
}

/// Lets the keeper end, and its server with it, but not the data.
fn end(mut keeper: Child) {
    drop(keeper.stdin.take().map(|mut input| input.write_all(b"keep")));
    drop(keeper.wait());
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            end(keeper);
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The programs of the newest version that is installed.
fn programs() -> Option<PathBuf> {
    if let Some(programs) = std::env::var_os("COP_POSTGRES") {
        return Some(programs.into());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.filter_map(|entry| Some(entry.ok()?.path())).max_by_key(|path| version(path))?.join("bin");
    newest.join("initdb").is_file().then_some(newest)
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
