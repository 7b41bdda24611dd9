//! Sessions in the database, read and made older.

use super::{SessionRow, entity::session};
use crate::{crypto, db};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, LockType},
};

/// Hexadecimal digits of a session's public name. Enough to tell a customer's few sessions apart; the id
/// itself stays in the backend.
const FINGERPRINT_LENGTH: usize = 12;

/// The public name of a session.
pub fn fingerprint(session_id: &str) -> String {
    crypto::short_fingerprint(session_id, FINGERPRINT_LENGTH)
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<SessionRow>, DbErr> {
    session::Entity::find_by_id(id).one(db).await
}

/// The session as it is now: until the transaction ends nobody signs in to it, and nobody ends it. For what
/// belongs to a session while it is anonymous, and to its customer afterwards.
pub async fn locked(
    transaction: &DatabaseTransaction,
    id: &str,
) -> Result<Option<SessionRow>, DbErr> {
    session::Entity::find_by_id(id)
        // Rows that hang on the session may be written meanwhile.
        .lock(LockType::NoKeyUpdate)
        .one(transaction)
        .await
}

/// These sessions, locked as by `locked`, and in one order, so that no two transactions wait for each other.
pub async fn locked_all<'a>(
    transaction: &DatabaseTransaction,
    ids: impl Iterator<Item = &'a str>,
) -> Result<Vec<SessionRow>, DbErr> {
    session::Entity::find()
        .filter(session::Column::Id.is_in(ids))
        .order_by_asc(session::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(transaction)
        .await
}

/// A customer's living sessions, on whichever device, the newest first.
pub async fn living_of(
    db: &impl ConnectionTrait,
    customer_id: i64,
) -> Result<Vec<SessionRow>, DbErr> {
    let now = db::now();
    session::Entity::find()
        .filter(session::Column::CustomerId.eq(customer_id))
        .filter(session::Column::IdleDeadline.gt(now))
        .filter(session::Column::AbsoluteDeadline.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .all(db)
        .await
}

/// Makes the session older by so many milliseconds. The database subtracts: a limit that slides meanwhile is not put
/// back to where it was.
pub async fn age(db: &impl ConnectionTrait, id: &str, by: i64) -> Result<(), DbErr> {
    use session::Column::{AbsoluteDeadline, CreatedAt, IdleDeadline, LastSeenAt};
    let mut older = session::Entity::update_many().filter(session::Column::Id.eq(id));
    for column in [CreatedAt, LastSeenAt, IdleDeadline, AbsoluteDeadline] {
        older = older.col_expr(column, Expr::col(column).sub(by));
    }
    older.exec(db).await?;
    Ok(())
}
