use super::{SessionRow, entity::session};
use sea_orm::{
    DatabaseTransaction, DbErr, EntityTrait as _, QuerySelect as _, sea_query::LockType,
};

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
