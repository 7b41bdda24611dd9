//! Sessions for tests of what belongs to them.

use super::{SessionRow, entity::session};
use sea_orm::{DatabaseConnection, EntityTrait as _, IntoActiveModel as _};

pub async fn anonymous(db: &DatabaseConnection, id: &str) -> SessionRow {
    of(db, id, None).await
}

/// Anonymous or of this customer.
pub async fn of(db: &DatabaseConnection, id: &str, customer_id: Option<i64>) -> SessionRow {
    let row = SessionRow {
        customer_id,
        ..endless(id)
    };
    session::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(db)
        .await
        .unwrap();
    row
}

/// A session without a limit and without a login.
pub fn endless(id: &str) -> SessionRow {
    SessionRow {
        id: id.to_owned(),
        customer_id: None,
        created_at: 0,
        last_seen_at: 0,
        idle_deadline: i64::MAX,
        absolute_deadline: i64::MAX,
        persistent: false,
        ask_again: false,
        issuer: None,
        subject: None,
        sid: None,
        auth_time: None,
        acr: None,
        amr: None,
        id_token_issued_at: None,
        provider: None,
        user_agent: String::new(),
    }
}
