//! What the server's errors are to us. Of a message only what names tables, never what names values.

use tokio_postgres::Error as PgError;
use tokio_postgres::error::SqlState;

use crate::error::Error;

/// Whether the connection is of no use any more, and whoever did nothing yet may take another.
pub(super) fn is_lost(error: &PgError) -> bool {
    error.is_closed()
        || match error.code() {
            // Shut down, or starting up; connection exceptions.
            Some(code) => code.code().starts_with("57P") || code.code().starts_with("08"),
            // Not an answer of the server's: the way to it failed.
            None => true,
        }
}

/// Whether the server is a standby.
pub(super) fn is_read_only(error: &PgError) -> bool {
    error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
}

/// The error as one of ours.
pub(super) fn error(error: PgError) -> Error {
    let Some(database) = error.as_db_error() else {
        return io(format!("the server cannot be reached, or the connection to it was lost: {}", causes(&error)));
    };
    let (code, text) = (database.code().code(), database.message());
    match code {
        // lock_not_available; a serialization failure, as of a read on a standby that was in the way; a deadlock.
        "55P03" | "40001" | "40P01" => Error::Busy { waited_ms: super::PATIENCE.as_millis() as u64 },
        "25006" => io(format!("the place is read-only: {text}")),
        "57014" => io("the server took longer than it may".to_owned()),
        // A table that is missing, or holds what our rules do not let in, was changed by others.
        "42P01" | "42703" | "3F000" => Error::Corrupt(text.to_owned()),
        _ if code.starts_with("23") => Error::Corrupt(text.to_owned()),
        _ if code.starts_with("XX00") && code != "XX000" => Error::Corrupt(text.to_owned()),
        // Connections, authorisation, roles, resources, limits, operators, the system below.
        _ if ["08", "28", "3D", "42501", "53", "54", "55", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            io(format!("the server refused: {text} ({code})"))
        }
        _ => Error::Internal(format!("{text} ({code})")),
    }
}

pub(super) fn io(context: String) -> Error {
    Error::Io { context, source: None }
}

/// What the driver says, and what is behind it.
fn causes(error: &PgError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
