//! A transaction. What it writes is sent together with its next question, or with its end.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use r2d2::PooledConnection;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::{Client, Error as PgError, Row as PgRow, RowStream};
use uuid::Uuid;

use super::link::{Link, Manager, Prepared, poll_once};
use super::{Postgres, Taken, WRITE, fault};
use crate::error::{Error, Result};
use crate::model::record::{Cell, ColumnType};
use crate::model::{RecordKind, Value};
use crate::store::engine::{Row, Tx};
use crate::store::sql;

/// Statements that are sent together, at most.
const TOGETHER: usize = 2_048;
/// Bytes of text that are sent together, roughly and at most.
const TOGETHER_BYTES: usize = 1 << 20;
/// From so many inserted rows on they are copied into their tables.
const BULK: usize = 64;
/// How long the outcome of a commit is asked for, while the servers may be changing places.
const SUCCESSION: Duration = Duration::from_secs(15);
/// Rows that are taken from the connection at once.
const CHUNK: usize = 128;

/// A transaction on a connection of its own.
pub(super) struct PostgresTx<'a> {
    postgres: &'a Postgres,
    link: PooledConnection<Manager>,
    /// Held by the writer.
    turn: Option<Taken<'a>>,
    /// The question it began with, and the answer.
    answered: RefCell<Option<(&'static str, Vec<PgRow>)>>,
    pending: RefCell<Pending>,
    /// Answers to [`sql::FIND`] that were asked for ahead: by kind and key, until one of them changes.
    ahead: RefCell<HashMap<(String, String), Vec<PgRow>>>,
    /// The answers that are being read: an inner one while an outer one waits.
    answers: RefCell<Vec<Answer>>,
    /// The last entry of the log that it wrote.
    entry: RefCell<Option<Vec<Value>>>,
    /// The position of the log that it leaves.
    head: std::cell::Cell<i64>,
    /// Whether a statement failed: the server takes everything back then, whatever it is told.
    failed: std::cell::Cell<bool>,
    open: bool,
}

/// What is not sent yet.
#[derive(Default)]
struct Pending {
    statements: Vec<(Arc<Prepared>, Vec<Value>)>,
    bytes: usize,
}

/// An answer: the rows that are here, and where the others come from.
struct Answer {
    rows: VecDeque<PgRow>,
    rest: Option<Pin<Box<RowStream>>>,
}

impl<'a> PostgresTx<'a> {
    pub fn new(
        postgres: &'a Postgres,
        link: PooledConnection<Manager>,
        turn: Option<Taken<'a>>,
        answered: Option<(&'static str, Vec<PgRow>)>,
    ) -> Self {
        Self {
            postgres,
            link,
            turn,
            answered: RefCell::new(answered),
            pending: RefCell::default(),
            ahead: RefCell::default(),
            answers: RefCell::default(),
            entry: RefCell::default(),
            head: std::cell::Cell::new(0),
            failed: std::cell::Cell::new(false),
            open: true,
        }
    }

    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The statement, prepared.
    fn prepare(&self, sql: &str) -> Result<Arc<Prepared>> {
        if let Some(prepared) = self.link.prepared(sql) {
            return Ok(prepared);
        }
        self.settle()?;
        self.link.prepare(sql).map_err(|error| self.fault(error))
    }

    /// Takes in what is still on its way of earlier answers: the connection answers in order.
    fn settle(&self) -> Result<()> {
        let mut answers = self.answers.borrow_mut();
        let Some(answer) = answers.last_mut() else { return Ok(()) };
        let Some(mut rest) = answer.rest.take() else { return Ok(()) };
        let rows: Vec<PgRow> =
            self.link.wait(async { rest.as_mut().try_collect().await }).map_err(|error| self.fault(error))?;
        answer.rows.extend(rows);
        Ok(())
    }

    /// Sends what is pending.
    fn flush(&self) -> Result<()> {
        let pending = self.pending.take();
        if pending.statements.is_empty() {
            return Ok(());
        }
        self.settle()?;
        self.link.wait(write(self.link.client(), &pending.statements)).map_err(|error| self.fault(error))
    }

    fn fault(&self, error: PgError) -> Error {
        self.failed.set(true);
        if fault::is_lost(&error) {
            self.link.give_up();
        }
        fault::error(error)
    }

    /// Whether the commit took place whose answer was lost.
    ///
    /// Whoever still commits holds the writers' lock; who has it sees what became of it.
    fn was_committed(&self, entry: &[Value]) -> Result<bool> {
        let started = Instant::now();
        let link = loop {
            match self.postgres.begin(&self.postgres.primary, WRITE, sql::LOCK) {
                Ok((link, _)) => break link,
                // A standby takes a while to become the primary.
                Err(_) if started.elapsed() < SUCCESSION => {}
                Err(error) => return Err(error),
            }
        };
        let written = link.prepare(sql::CHANGE).and_then(|prepared| {
            let rows = link.wait(link.client().query(&prepared.statement, &prepared.bind(&entry[..1])))?;
            Ok(rows.first().is_some_and(|row| is_entry(row, entry)))
        });
        link.rollback();
        written.map_err(fault::error)
    }
}

impl Tx for PostgresTx<'_> {
    fn exec(&self, sql: &str, values: &[Value]) -> Result<()> {
        if sql.starts_with("CREATE ") {
            self.flush()?;
            self.settle()?;
            return self.link.wait(self.link.client().batch_execute(sql)).map_err(|error| self.fault(error));
        }
        let prepared = self.prepare(sql)?;
        match (sql, values) {
            (sql::APPEND, entry) => *self.entry.borrow_mut() = Some(entry.to_vec()),
            (sql::ADVANCE, [Value::Int(head), ..]) => self.head.set(*head),
            (sql::ADD_KEY | sql::DROP_KEY, [Value::Text(kind), Value::Text(key), ..]) => {
                let mut ahead = self.ahead.borrow_mut();
                if !ahead.is_empty() {
                    ahead.remove(&(kind.clone(), key.clone()));
                }
            }
            _ => {}
        }
        let mut pending = self.pending.borrow_mut();
        pending.bytes += values.iter().map(size).sum::<usize>();
        pending.statements.push((prepared, values.to_vec()));
        if pending.statements.len() < TOGETHER && pending.bytes < TOGETHER_BYTES {
            return Ok(());
        }
        drop(pending);
        self.flush()
    }

    fn each(&self, sql: &str, values: &[Value], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        if let Some((_, rows)) = self.answered.borrow_mut().take_if(|(question, _)| *question == sql) {
            return rows.iter().try_for_each(|found| row(&PostgresRow(found)));
        }
        if let (sql::FIND, [Value::Text(kind), Value::Text(key)]) = (sql, values)
            && let Some(rows) = self.ahead.borrow_mut().remove(&(kind.clone(), key.clone()))
        {
            return rows.iter().try_for_each(|found| row(&PostgresRow(found)));
        }
        // PostgreSQL has no text with this character, and would say so. All our conditions are that something is equal.
        if values.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            return Ok(());
        }
        let prepared = self.prepare(sql)?;
        self.settle()?;
        let touches = {
            let pending = self.pending.borrow();
            let written = |table: &str| pending.statements.iter().any(|(it, _)| it.writes.as_deref() == Some(table));
            prepared.reads_any(written)
        };
        let pending = if touches { self.pending.take() } else { Pending::default() };
        let client = self.link.client();
        let answer = self.link.wait(async {
            let rest = ask(client, &pending.statements, &prepared, values).await?;
            Answer { rows: VecDeque::new(), rest: Some(Box::pin(rest)) }.more().await
        });
        let answer = answer.map_err(|error| self.fault(error))?;
        let reading = Reading::begin(self, answer);
        while let Some(found) = reading.next()? {
            row(&PostgresRow(&found))?;
        }
        Ok(())
    }

    fn look_ahead(&self, keys: &mut dyn Iterator<Item = (RecordKind, String)>) -> Result<()> {
        let keys: Vec<[Value; 2]> =
            keys.map(|(kind, key)| [Value::Text(kind.name().to_owned()), Value::Text(key)]).collect();
        if keys.is_empty() {
            return Ok(());
        }
        self.flush()?;
        let prepared = self.prepare(sql::FIND)?;
        self.settle()?;
        let client = self.link.client();
        let answers = self.link.wait(async {
            let mut asked = Vec::with_capacity(keys.len());
            for key in &keys {
                let mut answer = Box::pin(async {
                    client.query_raw(&prepared.statement, prepared.bind(key)).await?.try_collect().await
                });
                let early = poll_once(answer.as_mut()).await;
                asked.push((answer, early));
            }
            let mut answers: Vec<Vec<PgRow>> = Vec::with_capacity(asked.len());
            for (answer, early) in asked {
                answers.push(match early {
                    Some(answer) => answer?,
                    None => answer.await?,
                });
            }
            Ok(answers)
        });
        let answers = answers.map_err(|error: PgError| self.fault(error))?;
        let mut ahead = self.ahead.borrow_mut();
        ahead.clear();
        for ([kind, key], rows) in keys.into_iter().zip(answers) {
            if let (Value::Text(kind), Value::Text(key)) = (kind, key) {
                ahead.insert((kind, key), rows);
            }
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        if self.failed.get() {
            return Err(fault::io("an earlier statement failed; nothing was written".to_owned()));
        }
        self.settle()?;
        let pending = self.pending.take();
        let client = self.link.client();
        let committed = self.link.wait(async {
            // Many rows are copied first; the rest goes out with the commit.
            let together = match is_bulk(&pending.statements) {
                true => {
                    write(client, &pending.statements).await?;
                    &[]
                }
                false => pending.statements.as_slice(),
            };
            let mut sent = send(client, together).await;
            let mut commit = pin!(client.batch_execute("COMMIT"));
            let early = poll_once(commit.as_mut()).await;
            received(&mut sent).await?;
            match early {
                Some(committed) => committed,
                None => commit.await,
            }
        });
        self.open = false;
        let Err(error) = committed else {
            drop(self.turn.take());
            self.postgres.reached(self.head.get());
            self.postgres.herald.tell();
            return Ok(());
        };
        let refused = error.as_db_error().is_some() && !fault::is_lost(&error);
        let said = self.fault(error);
        let entry = self.entry.take();
        match entry {
            // The server said why; the end that was sent with it took everything back.
            _ if refused => {
                self.link.rollback();
                Err(said)
            }
            None => Err(said),
            Some(entry) => match self.was_committed(&entry) {
                Ok(true) => Ok(()),
                Ok(false) => Err(fault::io("the connection to the server was lost; nothing was written".to_owned())),
                Err(_) => Err(Error::Unconfirmed),
            },
        }
    }
}

impl Drop for PostgresTx<'_> {
    fn drop(&mut self) {
        if !self.open || self.link.is_given_up() {
            return;
        }
        let is_read = self.answers.get_mut().drain(..).count() == 0;
        match self.turn.is_none() && is_read && !self.failed.get() {
            true => self.link.leave(),
            false => self.link.rollback(),
        }
    }
}

/// An answer that is being read; taken off when it was, or when nobody wants the rest.
struct Reading<'t, 'a> {
    tx: &'t PostgresTx<'a>,
    depth: usize,
}

impl<'t, 'a> Reading<'t, 'a> {
    fn begin(tx: &'t PostgresTx<'a>, answer: Answer) -> Self {
        let mut answers = tx.answers.borrow_mut();
        answers.push(answer);
        Self { tx, depth: answers.len() - 1 }
    }

    fn next(&self) -> Result<Option<PgRow>> {
        let mut answers = self.tx.answers.borrow_mut();
        let answer = &mut answers[self.depth];
        if answer.rows.is_empty()
            && let Some(rest) = answer.rest.take()
        {
            let more = Answer { rows: VecDeque::new(), rest: Some(rest) }.more();
            *answer = self.tx.link.wait(more).map_err(|error| self.tx.fault(error))?;
        }
        Ok(answer.rows.pop_front())
    }
}

impl Drop for Reading<'_, '_> {
    fn drop(&mut self) {
        self.tx.answers.borrow_mut().truncate(self.depth);
    }
}

impl Answer {
    /// With some more rows.
    async fn more(mut self) -> Result<Self, PgError> {
        if let Some(mut rest) = self.rest.take() {
            while self.rows.len() < CHUNK {
                match rest.next().await {
                    Some(row) => self.rows.push_back(row?),
                    None => return Ok(self),
                }
            }
            self.rest = Some(rest);
        }
        Ok(self)
    }
}

type Sent<'s> = Vec<(Pin<Box<dyn Future<Output = Result<u64, PgError>> + Send + 's>>, Option<Result<u64, PgError>>)>;

/// Sends statements, one after the other, without waiting for answers.
async fn send<'s>(client: &'s Client, statements: &'s [(Arc<Prepared>, Vec<Value>)]) -> Sent<'s> {
    let mut sent: Sent<'s> = Vec::with_capacity(statements.len());
    for (prepared, values) in statements {
        let mut answer: Pin<Box<dyn Future<Output = _> + Send + 's>> =
            Box::pin(client.execute_raw(&prepared.statement, prepared.bind(values)));
        let early = poll_once(answer.as_mut()).await;
        sent.push((answer, early));
    }
    sent
}

/// Waits for all answers; the first error is what went wrong, those after it follow from it.
async fn received(sent: &mut Sent<'_>) -> Result<(), PgError> {
    for (answer, early) in sent {
        match early.take() {
            Some(early) => early?,
            None => answer.await?,
        };
    }
    Ok(())
}

/// Sends statements and a question after them; answers with what comes back.
async fn ask(
    client: &Client,
    statements: &[(Arc<Prepared>, Vec<Value>)],
    question: &Prepared,
    values: &[Value],
) -> Result<RowStream, PgError> {
    let together = match is_bulk(statements) {
        true => {
            write(client, statements).await?;
            &[]
        }
        false => statements,
    };
    let mut sent = send(client, together).await;
    let mut answer = pin!(client.query_raw(&question.statement, question.bind(values)));
    let early = poll_once(answer.as_mut()).await;
    received(&mut sent).await?;
    match early {
        Some(answer) => answer,
        None => answer.await,
    }
}

/// Whether these are many rows for a few tables, in which their order between tables does not matter.
fn is_bulk(statements: &[(Arc<Prepared>, Vec<Value>)]) -> bool {
    statements.len() >= BULK && statements.iter().all(|(prepared, _)| prepared.is_insert())
}

/// Sends statements and waits until they are done.
async fn write(client: &Client, statements: &[(Arc<Prepared>, Vec<Value>)]) -> Result<(), PgError> {
    if !is_bulk(statements) {
        return received(&mut send(client, statements).await).await;
    }
    let mut kinds: Vec<&Arc<Prepared>> = Vec::new();
    for (prepared, _) in statements {
        if !kinds.iter().any(|kind| Arc::ptr_eq(kind, prepared)) {
            kinds.push(prepared);
        }
    }
    for kind in kinds {
        let sink = client.copy_in(&kind.copying(client).await?).await?;
        let mut writer = pin!(BinaryCopyInWriter::new(sink, kind.statement.params()));
        for (_, values) in statements.iter().filter(|(prepared, _)| Arc::ptr_eq(kind, prepared)) {
            writer.as_mut().write_raw(kind.bind(values)).await?;
        }
        writer.finish().await?;
    }
    Ok(())
}

/// What a value takes, roughly.
fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => text.len(),
        _ => 16,
    }
}

/// Whether a row of the log is what was written, to the last letter.
fn is_entry(row: &PgRow, entry: &[Value]) -> bool {
    entry.iter().enumerate().all(|(index, value)| {
        let column = match value {
            Value::Int(_) => ColumnType::Int,
            Value::Id(_) | Value::Null => ColumnType::Id,
            _ => ColumnType::Text,
        };
        cell_at(row, index, column).ok() == Some(Cell::from(value))
    })
}

struct PostgresRow<'a>(&'a PgRow);

impl Row for PostgresRow<'_> {
    fn cell(&self, index: usize, column: ColumnType) -> Result<Cell<'_>> {
        cell_at(self.0, index, column)
    }
}

fn cell_at(row: &PgRow, index: usize, column: ColumnType) -> Result<Cell<'_>> {
    let wrong = |_: PgError| Error::Corrupt(format!("column {index} holds the wrong type"));
    let found = match column {
        ColumnType::Int => row.try_get::<_, Option<i64>>(index).map_err(wrong)?.map(Cell::Int),
        ColumnType::Real => row.try_get::<_, Option<f64>>(index).map_err(wrong)?.map(Cell::Real),
        ColumnType::Text => row.try_get::<_, Option<&str>>(index).map_err(wrong)?.map(Cell::Text),
        ColumnType::Json => row.try_get::<_, Option<&str>>(index).map_err(wrong)?.map(Cell::Json),
        ColumnType::Id => row.try_get::<_, Option<Uuid>>(index).map_err(wrong)?.map(Cell::Id),
    };
    Ok(found.unwrap_or(Cell::Null))
}
