//! Sessions for tests of what belongs to them.

use super::{SessionRow, entity::session};
use sea_orm::{DatabaseConnection, EntityTrait as _, IntoActiveModel as _};

pub async fn anonymous(db: &DatabaseConnection, id: &str) -> SessionRow {
    of(db, id, None).await
}

/// Anonymous or of this customer.
pub async fn of(db: &DatabaseConnection, id: &str, customer_id: Option<i64>) -> SessionRow {
    let row = SessionRow { customer_id, ..endless(id) };
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
        idle_deadline: i64::MAX,
        absolute_deadline: i64::MAX,
        ..SessionRow::default()
    }
}
