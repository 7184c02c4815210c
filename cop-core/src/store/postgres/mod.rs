//! PostgreSQL behind the seam: one community in one schema, shared by many servers.
//!
//! Invariants: the first statement of a write locks the one row of `scope`, which makes its writers take turns and
//! its log gap-free in the order of commits; a transaction is only begun again while it has done nothing; whether a
//! commit took place whose answer was lost is read in the log, under that lock.

mod address;
mod fault;
mod herald;
mod link;
mod tx;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use r2d2::{Pool, PooledConnection};
use tokio_postgres::Row as PgRow;

pub(crate) use address::Address;
use herald::Herald;
use link::{Link, Manager};
use tx::PostgresTx;

use super::engine::{Dialect, Engine, Tx};
use super::sql;
use crate::error::{Error, Problem, Result};

/// How long a write waits for its turn, and a call for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a read waits for a replica, before it goes to the primary.
const HURRY: Duration = Duration::from_millis(500);
/// How long a follower that hears nothing waits before it looks for itself.
const LOOK: Duration = Duration::from_secs(1);

const DIALECT: Dialect = Dialect {
    row_key: "BIGINT PRIMARY KEY",
    id: "UUID",
    text: "TEXT COLLATE \"C\"",
    real: "DOUBLE PRECISION",
    clustered: "",
};

/// All statements of a write see what the writers before it committed: they hold the lock.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// All statements of a read see one state.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A schema of a database, with its connections.
pub(crate) struct Postgres {
    schema: String,
    /// Whether the address names several servers, of which another may be the primary next time.
    has_heirs: bool,
    primary: Pool<Manager>,
    replica: Option<Replica>,
    /// Whether the schema is to be made.
    is_new: bool,
    turn: Turn,
    /// The last position that this value has seen: a replica that is behind it is not asked.
    reached: AtomicI64,
    herald: Herald,
}

impl Postgres {
    /// The place of a community that is to be founded.
    pub fn create(address: Address) -> Result<Self> {
        Self::start(address, None, true)
    }

    /// A community's schema; its reads go to `replica`, as long as that is not behind what was read or written here.
    pub fn open(address: Address, replica: Option<Address>) -> Result<Self> {
        let postgres = Self::start(address, replica, false)?;
        let exists = format!("SELECT oid FROM pg_class WHERE oid = to_regclass('\"{}\".scope')", postgres.schema);
        let link = get(&postgres.primary)?;
        if link.ask(&exists).map_err(fault::error)?.is_empty() {
            return Err(Error::NotFound { kind: "community", id: postgres.schema.clone() });
        }
        drop(link);
        Ok(postgres)
    }

    fn start(address: Address, replica: Option<Address>, is_new: bool) -> Result<Self> {
        // The first connection says at once, and exactly, why there can be none.
        let first = Link::connect(&address)?;
        if !first.is_a_session(&Link::connect(&address)?)? {
            let detail = "what stands between must keep sessions, not only transactions, on one connection";
            return Err(Problem::new("address", "postgres.pooler", detail).into());
        }
        drop(first);
        let (schema, has_heirs, herald) = (address.schema.clone(), address.has_heirs, Herald::new(address.clone()));
        Ok(Self {
            schema,
            has_heirs,
            primary: pool(address, PATIENCE),
            replica: replica.map(|address| Replica { pool: pool(address, HURRY), away_since: Mutex::default() }),
            is_new,
            turn: Turn::default(),
            reached: AtomicI64::new(0),
            herald,
        })
    }

    /// Begins a transaction with the question that it asks first anyway, in one round trip.
    ///
    /// A connection that was lost while nobody used it is replaced: nothing was done yet.
    fn begin(
        &self,
        pool: &Pool<Manager>,
        begin: &'static str,
        question: &str,
    ) -> Result<(PooledConnection<Manager>, Vec<PgRow>)> {
        let started = Instant::now();
        loop {
            let link = get(pool)?;
            match link.begin(begin, question) {
                Ok(answer) => return Ok((link, answer)),
                Err(error) => {
                    let elsewhere = self.has_heirs && fault::is_read_only(&error);
                    if fault::is_lost(&error) || elsewhere {
                        link.give_up();
                        if started.elapsed() < PATIENCE {
                            continue;
                        }
                    } else {
                        link.rollback();
                    }
                    return Err(match fault::error(error) {
                        Error::Busy { .. } => Error::Busy { waited_ms: started.elapsed().as_millis() as u64 },
                        other => other,
                    });
                }
            }
        }
    }

    fn read_from(&self, pool: &Pool<Manager>) -> Result<(PostgresTx<'_>, i64)> {
        let (link, answer) = self.begin(pool, READ, sql::HEAD)?;
        let head = answer.first().and_then(|row| row.try_get(1).ok()).unwrap_or_default();
        Ok((PostgresTx::new(self, link, None, Some((sql::HEAD, answer))), head))
    }

    fn reached(&self, head: i64) {
        self.reached.fetch_max(head, Ordering::Relaxed);
    }
}

impl Engine for Postgres {
    fn read(&self) -> Result<Box<dyn Tx + '_>> {
        if let Some(replica) = self.replica.as_ref().filter(|replica| !replica.is_away()) {
            match self.read_from(&replica.pool) {
                Ok((tx, head)) if head >= self.reached.load(Ordering::Relaxed) => {
                    self.reached(head);
                    return Ok(Box::new(tx));
                }
                Ok(_) => {}
                // Whatever is wrong with it, the primary can be asked.
                Err(_) => replica.is_away_now(),
            }
        }
        let (tx, head) = self.read_from(&self.primary)?;
        self.reached(head);
        Ok(Box::new(tx))
    }

    fn write(&self) -> Result<Box<dyn Tx + '_>> {
        let turn = self.turn.take()?;
        let (link, answer) = self.begin(&self.primary, WRITE, sql::LOCK)?;
        Ok(Box::new(PostgresTx::new(self, link, Some(turn), Some((sql::LOCK, answer)))))
    }

    fn alter(&self) -> Result<Box<dyn Tx + '_>> {
        let turn = self.turn.take()?;
        let schema = &self.schema;
        // Whoever else wants to change the tables of this community waits here, on whichever server they are.
        let lock = format!("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('cop {schema}', 0))");
        let (link, _) = self.begin(&self.primary, WRITE, &lock)?;
        let tx = PostgresTx::new(self, link, Some(turn), None);
        if self.is_new {
            let ask = |sql: String| tx.link().ask(&sql).map(|rows| !rows.is_empty()).map_err(fault::error);
            if ask(format!("SELECT 1 FROM pg_tables WHERE schemaname = '{schema}' AND tablename = 'scope'"))? {
                return Err(Error::AlreadyExists { kind: "community", id: schema.clone() });
            }
            // An administrator may have made it for a role that may not.
            if !ask(format!("SELECT 1 FROM pg_namespace WHERE nspname = '{schema}'"))? {
                tx.link().ask(&format!("CREATE SCHEMA \"{schema}\"")).map_err(fault::error)?;
            }
        }
        Ok(Box::new(tx))
    }

    fn scrub(&self) -> Result<bool> {
        // Dead rows are the server's to vacuum, its log and its backups the administrator's to let go.
        Ok(false)
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn wait(&self, heard: &mut u64, timeout: Duration) {
        self.herald.listen(heard, timeout.min(LOOK));
    }
}

/// A standby that is read from.
struct Replica {
    pool: Pool<Manager>,
    away_since: Mutex<Option<Instant>>,
}

impl Replica {
    /// Whether it could not be reached a moment ago.
    fn is_away(&self) -> bool {
        let away = self.away_since.lock().unwrap_or_else(PoisonError::into_inner);
        away.is_some_and(|since| since.elapsed() < PATIENCE)
    }

    fn is_away_now(&self) {
        *self.away_since.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

fn pool(address: Address, patience: Duration) -> Pool<Manager> {
    Pool::builder()
        .max_size(address.connections)
        .min_idle(Some(0))
        // A transaction begins with a round trip of its own, and is begun again elsewhere where that fails.
        .test_on_check_out(false)
        .connection_timeout(patience)
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build_unchecked(Manager(address))
}

fn get(pool: &Pool<Manager>) -> Result<PooledConnection<Manager>> {
    pool.get().map_err(|error| Error::Io { context: format!("no connection to the server: {error}"), source: None })
}

/// Whose turn it is to write among this process's threads: the others wait here, and not each with a connection.
#[derive(Default)]
struct Turn {
    taken: Mutex<bool>,
    back: Condvar,
}

/// The turn, given back when dropped.
struct Taken<'a>(&'a Turn);

impl Turn {
    fn take(&self) -> Result<Taken<'_>> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = self.back.wait_timeout_while(taken, PATIENCE, |taken| *taken);
        let (mut taken, waited) = waiting.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && *taken {
            return Err(Error::Busy { waited_ms: PATIENCE.as_millis() as u64 });
        }
        *taken = true;
        Ok(Taken(self))
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.back.notify_one();
    }
}
