//! A customer for the tests of what belongs to one.

use super::{Identity, upsert};
use sea_orm::DatabaseConnection;

pub async fn customer(db: &DatabaseConnection) -> i64 {
    let identity = Identity {
        issuer: "https://id.example".into(),
        subject: "ada".into(),
        name: "Ada".into(),
        email: None,
        email_verified: false,
    };
    upsert(db, &identity, false, 1).await.unwrap()
}
