//! What can go wrong with the database, in the few kinds that callers treat differently.

use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failed statement or transaction. Cheap to clone: one failed commit answers everybody in its group.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A unique key is taken.
    #[error("already there: {0}")]
    Conflict(Arc<str>),
    /// Another writer holds the database; trying again helps.
    #[error("the database is busy: {0}")]
    Busy(Arc<str>),
    /// Not reachable, or cannot write (gone, full, read-only).
    #[error("the database is unavailable: {0}")]
    Unavailable(Arc<str>),
    /// It answered something that cannot be.
    #[error("the database is inconsistent: {0}")]
    Inconsistent(Arc<str>),
}

impl Error {
    /// Something stored that cannot be.
    #[must_use]
    pub fn inconsistent(what: &str) -> Self {
        Self::Inconsistent(what.into())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let text: Arc<str> = error.to_string().into();
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Self::Conflict(text);
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(text),
            DbErr::Exec(inner) | DbErr::Query(inner) => of_driver(inner, text),
            _ => Self::Inconsistent(text),
        }
    }
}

fn of_driver(error: &RuntimeErr, text: Arc<str>) -> Error {
    let RuntimeErr::SqlxError(error) = error else {
        return Error::Unavailable(text);
    };
    let Some(database) = error.as_database_error() else {
        return Error::Unavailable(text);
    };
    // SQLite: https://sqlite.org/rescode.html, the low byte is the primary code. PostgreSQL: Appendix A of its manual.
    match database.code().as_deref() {
        Some(code) if code.len() == 5 => match &code[..2] {
            "08" | "53" | "57" | "58" => Error::Unavailable(text),
            "40" | "55" => Error::Busy(text),
            _ => Error::Inconsistent(text),
        },
        Some(code) => match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => Error::Busy(text),
            Ok(8 | 10 | 13 | 14 | 23 | 26) => Error::Unavailable(text),
            _ => Error::Inconsistent(text),
        },
        None => Error::Inconsistent(text),
    }
}
