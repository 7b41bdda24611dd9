//! A customer for the tests of what belongs to one.

use super::{Identity, customer_at_login};
use sea_orm::DatabaseConnection;

pub async fn customer(db: &DatabaseConnection) -> i64 {
    let identity = Identity {
        issuer: "https://id.example".into(),
        subject: "ada".into(),
        name: "Ada".into(),
        email: None,
        email_verified: false,
    };
    customer_at_login(db, &identity, false, 1).await.unwrap()
}
