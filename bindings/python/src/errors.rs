//! Every core error as the Python exception of its kind.
//!
//! The exceptions are written in Python (`copkit/errors.py`): there a class can have several bases, be
//! pickled and be type-checked.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use cop_core::{Error, ErrorKind, OnProgress, Progress, Result};
use pyo3::prelude::*;

macro_rules! exceptions {
    ($($kind:ident => $class:ident),* $(,)?) => {
        mod python {
            $(pyo3::import_exception!(copkit.errors, $class);)*
        }

        /// The kinds that have an exception class.
        pub const KINDS: &[ErrorKind] = &[$(ErrorKind::$kind),*];

        fn exception(kind: ErrorKind, arguments: Arguments) -> PyErr {
            match kind {
                $(ErrorKind::$kind => python::$class::new_err(arguments),)*
                // A kind this binding has not heard of; the code still tells.
                _ => python::InternalError::new_err(arguments),
            }
        }
    };
}

exceptions! {
    InvalidInput => InvalidInputError,
    NotFound => NotFoundError,
    AlreadyExists => AlreadyExistsError,
    Conflict => ConflictError,
    NotPermitted => NotPermittedError,
    Precondition => PreconditionError,
    Suppressed => SuppressedError,
    Unsupported => UnsupportedError,
    Incompatible => IncompatibleError,
    Corrupt => CorruptError,
    Busy => BusyError,
    Interrupted => InterruptedCallError,
    Io => IoError,
    Internal => InternalError,
}

/// Message, code, and for each problem its field, code and detail: what `CopError.__init__` takes.
type Arguments = (String, String, Vec<(String, String, String)>);

/// The exception of an error.
pub fn raise(error: &Error) -> PyErr {
    let problems = error.problems().iter().map(|p| (p.field.clone(), p.code.clone(), p.detail.clone())).collect();
    exception(error.kind(), (error.to_string(), error.code().to_owned(), problems))
}

/// The handle was shut down.
pub fn closed() -> PyErr {
    ended("handle.closed", "the community was shut down; open it again")
}

/// The transaction is over.
pub fn closed_transaction() -> PyErr {
    ended("transaction.ended", "the transaction is over; begin another")
}

fn ended(code: &str, detail: &str) -> PyErr {
    let problem = (String::new(), code.to_owned(), detail.to_owned());
    exception(ErrorKind::Precondition, (detail.to_owned(), code.to_owned(), vec![problem]))
}

/// The handle came through a fork: the file's locks and the index's writer belong to the parent process.
pub fn forked() -> PyErr {
    let message = "not supported: a community cannot be used across a fork; open it in this process, or start \
                   processes with the \"spawn\" method";
    exception(ErrorKind::Unsupported, (message.to_owned(), "handle.forked".to_owned(), Vec::new()))
}

/// Calls the core with the interpreter released, so that other threads run meanwhile.
///
/// A panic would reach Python as a `BaseException` that `except Exception` lets through; here it becomes an
/// `InternalError`. Its text goes to standard error only, as it may quote data.
pub fn call<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    match py.detach(|| catch_unwind(AssertUnwindSafe(work))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(raise(&error)),
        Err(_panic) => Err(raise(&Error::Internal("a defect; standard error says where".to_owned()))),
    }
}

/// How often a long call takes the interpreter to look for Ctrl-C and to tell how far it is.
const WATCH: Duration = Duration::from_millis(50);

/// As [`call`], for work that reports its progress: Ctrl-C and an exception of `callback` stop it and come out
/// as they are, `False` from it stops with `InterruptedCallError`.
pub fn watched<T: Send>(
    py: Python<'_>,
    callback: Option<Py<PyAny>>,
    work: impl FnOnce(OnProgress<'_>) -> Result<T> + Send,
) -> PyResult<T> {
    let mut raised = None;
    let mut last: Option<Instant> = None;
    let mut on_progress = |step: Progress| {
        let due = last.is_none_or(|last| last.elapsed() >= WATCH) || step.done == step.total;
        if !due {
            return ControlFlow::Continue(());
        }
        last = Some(Instant::now());
        let told = Python::attach(|py| {
            py.check_signals()?;
            match &callback {
                Some(callback) => callback.call1(py, (step.done, step.total))?.extract::<Option<bool>>(py),
                None => Ok(None),
            }
        });
        match told {
            Ok(Some(false)) => ControlFlow::Break(()),
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                raised = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let answer = call(py, || work(&mut on_progress));
    match raised {
        Some(error) => Err(error),
        None => answer,
    }
}
