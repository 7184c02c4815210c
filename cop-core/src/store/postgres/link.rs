//! One connection, and what it has prepared.
//!
//! The driver is asynchronous, so that many statements can be under way at once, and is driven by whoever waits for
//! an answer, on the thread that asks: no thread stands between a call and its socket. Inside a tokio runtime, which
//! would not have it, a thread of its own waits.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error as PgError, Row as PgRow, Statement};

use super::address::Address;
use super::fault;
use crate::error::{Error, Result};
use crate::model::Value;

/// Prepared statements kept per connection; lists have many forms.
const STATEMENTS: usize = 256;
/// How long the server may take over one statement, and a writer between two.
const LIMITS: &str = "SET statement_timeout = '10min'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = error; SET jit = off";
/// How long a connection that is there may take to answer.
const MOMENT: Duration = Duration::from_secs(5);
/// How long a connection may take to say goodbye.
const FAREWELL: Duration = Duration::from_millis(100);

/// A connection.
pub(super) struct Link {
    runtime: Option<Runtime>,
    client: Option<Client>,
    driver: Option<JoinHandle<()>>,
    statements: RefCell<HashMap<String, Arc<Prepared>>>,
    given_up: Cell<bool>,
}

/// A prepared statement, and what it does.
pub(super) struct Prepared {
    pub statement: Statement,
    /// The tables it reads.
    reads: Vec<String>,
    /// The table it writes.
    pub writes: Option<String>,
    /// How to do the same to many rows at once, where that is possible.
    copy: Option<String>,
    copying: OnceLock<Statement>,
}

impl Link {
    pub fn connect(address: &Address) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let connected = wait(&runtime, async {
            let (client, connection) = address.config.connect(address.tls.clone()).await?;
            let driver = tokio::spawn(async { drop(connection.await) });
            client.batch_execute(&format!("SET search_path = \"{}\"; {LIMITS}", address.schema)).await?;
            Ok::<_, PgError>((client, driver))
        });
        let (client, driver) = connected.map_err(fault::error)?;
        Ok(Self {
            runtime: Some(runtime),
            client: Some(client),
            driver: Some(driver),
            statements: RefCell::default(),
            given_up: Cell::new(false),
        })
    }

    pub fn client(&self) -> &Client {
        self.client.as_ref().expect("a connection has its client until it is dropped")
    }

    /// Waits for an answer.
    pub fn wait<T: Send>(&self, answer: impl Future<Output = T> + Send) -> T {
        wait(self.runtime.as_ref().expect("a connection has its runtime until it is dropped"), answer)
    }

    /// Asks something that is asked once.
    pub fn ask(&self, sql: &str) -> Result<Vec<PgRow>, PgError> {
        self.wait(self.client().query_typed(sql, &[]))
    }

    /// Whether this connection is to one and the same process of the server, and another to another. A pooler that gives
    /// its connections away between transactions would let communities meet each other's settings and statements.
    pub fn is_a_session(&self, another: &Link) -> Result<bool> {
        let process = |link: &Link| -> Result<Option<i32>> {
            let asked = link.client().query_typed("SELECT pg_backend_pid()", &[]);
            // One that has a single connection waits for the other's transaction.
            let answer = link.wait(async { tokio::time::timeout(MOMENT, asked).await });
            let rows = answer.ok().transpose().map_err(fault::error)?;
            Ok(rows.and_then(|rows| rows.first()?.try_get(0).ok()))
        };
        let before = process(self)?;
        another.ask("BEGIN").map_err(fault::error)?;
        let others = process(another)?;
        let now = process(self);
        another.rollback();
        Ok(before.is_some() && now? == before && others != before)
    }

    /// Begins a transaction, and asks its first question in the same round trip.
    pub fn begin(&self, begin: &str, question: &str) -> Result<Vec<PgRow>, PgError> {
        let prepared = self.prepare(question)?;
        let client = self.client();
        self.wait(async {
            let mut begun = Box::pin(client.batch_execute(begin));
            let begun_early = poll_once(begun.as_mut()).await;
            let asked = client.query(&prepared.statement, &[]);
            let mut asked = Box::pin(asked);
            let asked_early = poll_once(asked.as_mut()).await;
            match begun_early {
                Some(begun) => begun?,
                None => begun.await?,
            }
            match asked_early {
                Some(asked) => asked,
                None => asked.await,
            }
        })
    }

    /// Takes everything back, and waits until it is.
    pub fn rollback(&self) {
        if self.wait(self.client().batch_execute("ROLLBACK")).is_err() {
            self.give_up();
        }
    }

    /// Ends a transaction that wrote nothing: says so and does not wait for an answer.
    pub fn leave(&self) {
        let client = self.client();
        self.wait(async {
            let ended = client.batch_execute("ROLLBACK");
            drop(poll_once(Box::pin(ended).as_mut()).await);
            // The driver gets its turn to write.
            tokio::task::yield_now().await;
        });
    }

    /// This connection is of no use any more.
    pub fn give_up(&self) {
        self.given_up.set(true);
    }

    pub fn is_given_up(&self) -> bool {
        self.given_up.get() || self.client().is_closed()
    }

    /// The statement, if it was prepared before.
    pub fn prepared(&self, sql: &str) -> Option<Arc<Prepared>> {
        self.statements.borrow().get(sql).cloned()
    }

    pub fn prepare(&self, sql: &str) -> Result<Arc<Prepared>, PgError> {
        if let Some(prepared) = self.prepared(sql) {
            return Ok(prepared);
        }
        let statement = self.wait(self.client().prepare(sql))?;
        let prepared = Arc::new(Prepared::new(sql, statement));
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS {
            statements.clear();
        }
        statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        drop(self.client.take());
        let Some(runtime) = self.runtime.take() else { return };
        // The driver says goodbye to the server, and ends.
        if let Some(driver) = self.driver.take().filter(|_| !self.given_up.get()) {
            wait(&runtime, async { drop(tokio::time::timeout(FAREWELL, driver).await) });
        }
        // Inside another runtime one may not wait for this one's end; there is nothing to wait for.
        runtime.shutdown_background();
    }
}

impl Prepared {
    fn new(sql: &str, statement: Statement) -> Self {
        let mut words = sql.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        let (mut reads, mut writes, mut previous) = (Vec::new(), None, "");
        for word in words.by_ref() {
            match previous {
                "FROM" if sql.starts_with("SELECT") => reads.push(word.to_owned()),
                "INTO" | "UPDATE" | "FROM" => writes = Some(word.to_owned()),
                _ => {}
            }
            previous = word;
        }
        let copy = writes.as_deref().and_then(|table| bulk(sql, table));
        Self { statement, reads, writes, copy, copying: OnceLock::new() }
    }

    /// Whether its answer depends on what is in one of these tables.
    pub fn reads_any(&self, tables: impl Fn(&str) -> bool) -> bool {
        self.writes.is_some() || self.reads.iter().any(|table| tables(table))
    }

    /// Whether many of it can be done as one.
    pub fn is_insert(&self) -> bool {
        self.copy.is_some()
    }

    /// The statement that does many of it as one.
    pub async fn copying(&self, client: &Client) -> Result<Statement, PgError> {
        if let Some(copying) = self.copying.get() {
            return Ok(copying.clone());
        }
        let copying = client.prepare(self.copy.as_deref().unwrap_or_default()).await?;
        Ok(self.copying.get_or_init(|| copying).clone())
    }

    /// The values as the driver takes them.
    pub fn bind<'a>(&self, values: &'a [Value]) -> Vec<&'a (dyn ToSql + Sync)> {
        self.statement.params().iter().zip(values).map(|(column, value)| bound(column, value)).collect()
    }
}

/// The statement that copies rows into a table, if `sql` inserts a row of nothing but values.
fn bulk(sql: &str, table: &str) -> Option<String> {
    let columns = sql.strip_prefix(&format!("INSERT INTO {table} ("))?.split_once(')')?.0;
    let places: Vec<String> = (1..=columns.split(',').count()).map(|n| format!("${n}")).collect();
    let whole = format!("INSERT INTO {table} ({columns}) VALUES ({})", places.join(", "));
    (whole == sql).then(|| format!("COPY {table} ({columns}) FROM STDIN BINARY"))
}

fn bound<'a>(column: &Type, value: &'a Value) -> &'a (dyn ToSql + Sync) {
    match value {
        Value::Int(int) => int,
        Value::Text(text) | Value::Json(text) => text,
        Value::Id(id) => id,
        Value::Real(number) => number,
        Value::Null => match *column {
            Type::TEXT => &None::<&str>,
            Type::UUID => &None::<uuid::Uuid>,
            Type::FLOAT8 => &None::<f64>,
            _ => &None::<i64>,
        },
    }
}

/// Lets a future send what it sends first; its output, if that is all.
pub(super) async fn poll_once<F: Future + ?Sized>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

fn wait<T: Send>(runtime: &Runtime, answer: impl Future<Output = T> + Send) -> T {
    if Handle::try_current().is_err() {
        return runtime.block_on(answer);
    }
    std::thread::scope(|scope| match scope.spawn(|| runtime.block_on(answer)).join() {
        Ok(answer) => answer,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// Makes the connections of a pool.
pub(super) struct Manager(pub Address);

impl r2d2::ManageConnection for Manager {
    type Connection = Link;
    type Error = Error;

    fn connect(&self) -> Result<Link> {
        Link::connect(&self.0)
    }

    fn is_valid(&self, link: &mut Link) -> Result<()> {
        link.wait(link.client().check_connection()).map_err(fault::error)
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        link.is_given_up()
    }
}
