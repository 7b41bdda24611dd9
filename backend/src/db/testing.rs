//! A database of its own for a test of a rule that the database keeps: SQLite in a temporary folder, or, where
//! `STOREZERO_TEST_DATABASE` names a PostgreSQL server on which a role may create databases, one there.

use super::{connect, migrate};
use crate::crypto;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use std::ops::Deref;
use tempfile::TempDir;
use url::Url;

pub struct TestDatabase {
    connection: DatabaseConnection,
    _folder: TempDir,
}

impl Deref for TestDatabase {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.connection
    }
}

/// The URL of one with nothing in it, for as long as the folder exists.
pub async fn blank() -> (String, TempDir) {
    let folder = TempDir::new().unwrap();
    let server = std::env::var("STOREZERO_TEST_DATABASE").ok();
    let url = match server.filter(|server| server != "sqlite") {
        None => format!("sqlite://{}?mode=rwc", folder.path().join("shop.sqlite").display()),
        Some(server) => create_database(&server).await,
    };
    (url, folder)
}

/// Migrated, and empty.
pub async fn empty() -> TestDatabase {
    let (url, folder) = blank().await;
    let connection = connect(&url).await.unwrap();
    migrate(&connection).await.unwrap();
    TestDatabase { connection, _folder: folder }
}

async fn create_database(server: &str) -> String {
    let mut url: Url = server.parse().unwrap();
    let name = format!("storezero_unit_{}", hex::encode(crypto::random::<8>()));
    let admin = connect(server).await.unwrap();
    admin.execute_unprepared(&format!("create database {name}")).await.unwrap();
    admin.close().await.unwrap();
    url.set_path(&name);
    url.into()
}
