//! Sessions in the database, read and made older.

use super::{SessionRow, entity::session, history, memory::Known};
use crate::{crypto, customers::CustomerRow, db};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    ExprTrait as _, FromQueryResult as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Statement,
    sea_query::{CaseStatement, Expr, LockType},
};
use std::sync::Arc;

/// Hexadecimal digits of a session's public name. Enough to tell a customer's few sessions apart; the id
/// itself stays in the backend.
const FINGERPRINT_LENGTH: usize = 12;

/// The public name of a session.
pub fn fingerprint(session_id: &str) -> String {
    crypto::short_fingerprint(session_id, FINGERPRINT_LENGTH)
}

const OPENED_BY: &str = "
    select session.*, c.id as c_id, c.issuer as c_issuer, c.subject as c_subject, c.name as c_name, c.email as c_email,
        c.email_verified as c_email_verified, c.second_factor as c_second_factor, c.created_at as c_created_at
    from session_key
        join session on session.id = session_key.session_id
        left join customer c on c.id = session.customer_id
    where session_key.key_hash = $1";

/// The session that the key of this hash opens, past its limits or not, and its customer. Every request with a session
/// asks this, so it is one query whose text is made once.
pub(super) async fn opened_by(
    db: &impl ConnectionTrait,
    key_hash: &str,
) -> Result<Option<Known>, DbErr> {
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), OPENED_BY, [key_hash.into()]);
    let Some(row) = db.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let session = SessionRow::from_query_result(&row, "")?;
    let customer = CustomerRow::from_query_result_optional(&row, "c_")?;
    Ok(Some(Known { session: Arc::new(session), customer: customer.map(Arc::new) }))
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

/// Makes the session older by so many milliseconds, and notes that it is not as old as it says; one that was `in_use` all the
/// while has its idle limit where it was, but not past the absolute one. The database subtracts: a limit that slides
/// meanwhile is not put back to where it was.
pub async fn age(db: &impl ConnectionTrait, id: &str, by: i64, in_use: bool) -> Result<(), DbErr> {
    use session::Column::{AbsoluteDeadline, CreatedAt, IdleDeadline, LastSeenAt};
    let earlier = |column| Expr::col(column).sub(by);
    let mut older = session::Entity::update_many().filter(session::Column::Id.eq(id));
    for column in [CreatedAt, AbsoluteDeadline] {
        older = older.col_expr(column, earlier(column));
    }
    if in_use {
        let is_past = Expr::col(IdleDeadline).gt(earlier(AbsoluteDeadline));
        let capped = CaseStatement::new()
            .case(is_past, earlier(AbsoluteDeadline))
            .finally(Expr::col(IdleDeadline));
        older = older.col_expr(IdleDeadline, capped.into());
    } else {
        for column in [LastSeenAt, IdleDeadline] {
            older = older.col_expr(column, earlier(column));
        }
    }
    if older.exec(db).await?.rows_affected == 1 {
        history::note_age(db, id, by).await?;
    }
    Ok(())
}
