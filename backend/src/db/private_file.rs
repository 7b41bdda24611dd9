//! SQLite's file holds names, addresses and sessions: it is for the user who runs the shop, and for nobody else.

use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use std::{
    ffi::OsString,
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

const OWNER_ALONE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// Before SQLite opens it. What SQLite puts beside the file gets the rights of the file.
pub(super) fn ensure(url: &str) -> anyhow::Result<()> {
    let options: SqliteConnectOptions = url.parse()?;
    let file = options.get_filename();
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Ok(());
    }
    if url.contains("mode=rwc") {
        create(file)?;
    }
    for suffix in ["", "-wal", "-shm", "-journal"] {
        tighten(&beside(file, suffix))?;
    }
    Ok(())
}

/// A file that exists is not opened: closing it would give up the locks that this process holds on it
/// (POSIX.1-2017, `fcntl`).
fn create(file: &Path) -> io::Result<()> {
    let mut new = OpenOptions::new();
    match new.write(true).create_new(true).mode(OWNER_ALONE).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn tighten(file: &Path) -> io::Result<()> {
    let mode = match fs::metadata(file) {
        Ok(metadata) => metadata.permissions().mode(),
        // SQLite says better what is wrong, if anything is.
        Err(_) => return Ok(()),
    };
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let was = format!("{:o}", mode & 0o777);
    match fs::set_permissions(file, Permissions::from_mode(mode & !OTHERS)) {
        Ok(()) => {
            tracing::warn!(file = %file.display(), was, "other users could open the database: no longer");
            Ok(())
        }
        // Somebody else's, who may have a reason.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            tracing::warn!(file = %file.display(), was, "other users can open the database");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{connect, migrate};

    fn rights(folder: &Path) -> Vec<(String, u32)> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut rights: Vec<_> = entries
            .map(|entry| {
                let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
                (entry.file_name().into_string().unwrap(), mode)
            })
            .collect();
        rights.sort();
        rights
    }

    fn all_private() -> Vec<(String, u32)> {
        ["shop.sqlite", "shop.sqlite-shm", "shop.sqlite-wal"]
            .map(|name| (name.to_owned(), OWNER_ALONE))
            .to_vec()
    }

    fn url(folder: &Path) -> String {
        format!("sqlite://{}?mode=rwc", folder.join("shop.sqlite").display())
    }

    #[actix_web::test]
    async fn a_new_database_and_what_lies_beside_it_are_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        ensure(&url(folder.path())).unwrap();
        assert_eq!(rights(folder.path()), all_private()[..1], "before anything is in it");
        let db = connect(&url(folder.path())).await.unwrap();
        migrate(&db).await.unwrap();
        assert_eq!(rights(folder.path()), all_private());
    }

    #[actix_web::test]
    async fn one_that_others_could_open_is_closed_to_them_with_all_that_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = connect(&url(folder.path())).await.unwrap();
        migrate(&first).await.unwrap();
        for (name, _) in all_private() {
            let wide = Permissions::from_mode(0o664);
            fs::set_permissions(folder.path().join(name), wide).unwrap();
        }
        let second = connect(&url(folder.path())).await.unwrap();
        assert_eq!(rights(folder.path()), all_private());
        for db in [first, second] {
            migrate(&db).await.unwrap();
        }
    }

    #[actix_web::test]
    async fn what_is_in_memory_needs_no_file() {
        connect("sqlite::memory:").await.unwrap();
        assert!(!Path::new(":memory:").exists());
    }
}
