//! Which faults of the database pass by: it is locked, full, read-only, restarting or too busy. The request was in
//! order and can be sent again.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, sqlite::SqliteError},
};

/// Primary result codes, the low byte of the extended ones (<https://sqlite.org/rescode.html>): `BUSY`, `LOCKED`,
/// `READONLY`, `IOERR`, `FULL`, `CANTOPEN`.
const SQLITE_PASSING: [u32; 6] = [SQLITE_BUSY, 6, 8, 10, 13, 14];
const SQLITE_BUSY: u32 = 5;

/// Beginnings of `SQLSTATE` (PostgreSQL's appendix A): connection exceptions, insufficient resources such as a full
/// disk, an operator's intervention such as a restart, a fault of the system; a transaction that may only read, as on a
/// standby; a lock that was waited for too long; two transactions in each other's way.
const POSTGRES_PASSING: [&str; 8] = ["08", "53", "57", "58", "25006", "55P03", "40001", "40P01"];

pub(super) fn is_passing(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => match &**error {
            sqlx::Error::Database(error) => match sqlite_code(&**error) {
                Some(code) => SQLITE_PASSING.contains(&code),
                None => error
                    .code()
                    .is_some_and(|code| POSTGRES_PASSING.iter().any(|it| code.starts_with(it))),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::BeginFailed
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        },
        _ => false,
    }
}

/// Whether another connection holds SQLite's lock.
pub fn is_locked(error: &DbErr) -> bool {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error().and_then(sqlite_code) == Some(SQLITE_BUSY)
        }
        _ => false,
    }
}

fn sqlite_code(error: &dyn DatabaseError) -> Option<u32> {
    let error = error.try_downcast_ref::<SqliteError>()?;
    let extended: u32 = error.code()?.parse().ok()?;
    Some(extended & 0xff)
}
