//! What the bundler needs of the file system beyond `fs_err`, which is `std::fs` with the path in every error.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

pub fn read_json(path: &Path) -> Result<Value> {
    serde_json::from_slice(&fs::read(path)?)
        .with_context(|| format!("{} is not JSON", path.display()))
}

/// Copies everything below a folder; a folder that is not there is empty.
pub fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for file in below(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        copy.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::copy(file, copy)?;
    }
    Ok(())
}

/// Empties a folder, or makes it.
pub fn fresh_folder(path: &Path) -> Result<()> {
    remove_folder(path)?;
    Ok(fs::create_dir_all(path)?)
}

pub fn remove_folder(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    Ok(())
}

/// All files below a folder, in a fixed order; a folder that is not there is empty.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                found.extend(below(&path)?);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
