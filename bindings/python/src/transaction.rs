//! A transaction that stays open from call to call.
//!
//! The core's lends itself to one closure. That closure runs in a thread of its own, and is asked step by step.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use cop_core::{Error, Op, RecordRef, Result, Session};
use pyo3::prelude::*;

use crate::handles::OpenFile;
use crate::{errors, json};

/// What the thread is asked.
enum Ask {
    Apply(Box<Op>, Sender<Result<String>>),
    Get(RecordRef, Sender<Result<String>>),
    Commit,
}

/// A transaction that is open; dropped without `commit`, it never was.
#[pyclass(frozen, module = "copkit._native")]
pub struct Transaction {
    process: u32,
    running: Mutex<Option<Running>>,
}

struct Running {
    asks: Sender<Ask>,
    thread: JoinHandle<Result<()>>,
    /// The file is open as long as this is under way, also when the community is shut down meanwhile.
    file: Option<Arc<OpenFile>>,
}

impl Transaction {
    /// Begins, as soon as no other writes.
    pub fn begin(py: Python<'_>, session: Session, file: Option<Arc<OpenFile>>) -> PyResult<Self> {
        let running = errors::call(py, || {
            let (asks, asked) = channel();
            let (ready, is_ready) = channel();
            let thread = std::thread::Builder::new().name("copkit transaction".to_owned()).spawn(move || {
                session.transaction(|tx| {
                    // Where nobody waits any more, nobody asks either.
                    let _ = ready.send(());
                    answer(tx, &asked)
                })
            });
            let thread = thread.map_err(|error| Error::Io { context: "start a thread".into(), source: Some(error) })?;
            match is_ready.recv() {
                Ok(()) => Ok(Running { asks, thread, file }),
                Err(_) => {
                    drop(asks);
                    end(thread)?;
                    Err(Error::Internal("a transaction that never began".to_owned()))
                }
            }
        })?;
        Ok(Self { process: std::process::id(), running: Mutex::new(Some(running)) })
    }

    fn is_forked(&self) -> bool {
        self.process != std::process::id()
    }

    fn ask(&self, py: Python<'_>, ask: impl FnOnce(Sender<Result<String>>) -> Result<Ask> + Send) -> PyResult<String> {
        if self.is_forked() {
            return Err(errors::forked());
        }
        let asks = self.running.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|it| it.asks.clone());
        let asks = asks.ok_or_else(errors::closed_transaction)?;
        errors::call(py, || {
            let (reply, answer) = channel();
            let gone = || Error::Internal("the transaction's thread is gone; standard error says why".to_owned());
            asks.send(ask(reply)?).map_err(|_| gone())?;
            answer.recv().map_err(|_| gone())?
        })
    }

    fn take(&self) -> Option<Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[pymethods]
impl Transaction {
    /// Runs one operation, which sees what this transaction wrote already; answers `{"kind": …, "record": …}`.
    fn apply(&self, py: Python<'_>, op: &str) -> PyResult<String> {
        self.ask(py, |reply| Ok(Ask::Apply(Box::new(json::read::<Op>(op)?), reply)))
    }

    /// A record, with what this transaction wrote already.
    fn get(&self, py: Python<'_>, kind: &str, id: &str) -> PyResult<String> {
        self.ask(py, |reply| Ok(Ask::Get(json::reference(kind, id)?, reply)))
    }

    /// Makes it so.
    fn commit(&self, py: Python<'_>) -> PyResult<()> {
        if self.is_forked() {
            return Err(errors::forked());
        }
        let Running { asks, thread, file } = self.take().ok_or_else(errors::closed_transaction)?;
        let ended = errors::call(py, || {
            // A thread that is gone says why it is.
            let _ = asks.send(Ask::Commit);
            end(thread)
        });
        drop(file);
        ended
    }

    /// Takes everything back; twice is fine.
    fn rollback(&self, py: Python<'_>) -> PyResult<()> {
        if self.is_forked() {
            return Ok(());
        }
        let Some(Running { asks, thread, file }) = self.take() else { return Ok(()) };
        let ended = errors::call(py, || {
            drop(asks);
            match end(thread) {
                Err(Error::Interrupted) => Ok(()),
                ended => ended,
            }
        });
        drop(file);
        ended
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(Running { asks, thread, file }) = self.take() else { return };
        if self.is_forked() {
            // Neither the thread nor its lock are in this process.
            std::mem::forget((asks, thread, file));
        } else {
            drop(asks);
            let _ = thread.join();
        }
    }
}

/// Answers until there is nobody who asks: then nothing is written.
fn answer(tx: &cop_core::Transaction<'_>, asked: &Receiver<Ask>) -> Result<()> {
    loop {
        // Whoever asked and does not wait for the answer was interrupted.
        match asked.recv() {
            Ok(Ask::Apply(op, reply)) => drop(reply.send(tx.apply(*op).and_then(|record| json::write(&record)))),
            Ok(Ask::Get(record, reply)) => {
                let missing = || Error::NotFound { kind: record.kind.name(), id: record.id.to_string() };
                let found = tx.get(record).and_then(|found| found.ok_or_else(missing));
                drop(reply.send(found.and_then(|record| json::write(&record))));
            }
            Ok(Ask::Commit) => return Ok(()),
            Err(_) => return Err(Error::Interrupted),
        }
    }
}

fn end(thread: JoinHandle<Result<()>>) -> Result<()> {
    thread.join().unwrap_or_else(|_| Err(Error::Internal("a defect; standard error says where".to_owned())))
}
