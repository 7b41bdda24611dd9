//! A database with the catalogue, for tests of what is done with it.

use super::import;
use crate::db::{
    self,
    testing::{TestDatabase, empty},
};

pub async fn shop() -> TestDatabase {
    let db = empty().await;
    let transaction = db::begin_write(&db).await.unwrap();
    import(&transaction).await.unwrap();
    transaction.commit().await.unwrap();
    db
}
