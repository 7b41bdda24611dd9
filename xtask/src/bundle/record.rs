//! What is remembered of a built site, beside its folder (which is served as it is): what it was made of, so that an
//! unchanged site is not built again, and what its size table needs.

use std::path::{Path, PathBuf};

use anyhow::Result;
use fs_err as fs;
use serde_json::json;

use super::LazyRoutes;
use crate::files;

/// The lazy routes of the site, if it stands there and was made of the same.
pub fn unchanged(site: &Path, fingerprint: &str) -> Option<LazyRoutes> {
    let record = files::read_json(&file(site)).ok()?;
    if !site.is_dir() || record["fingerprint"] != fingerprint {
        return None;
    }
    serde_json::from_value(record["lazy_routes"].clone()).ok()
}

pub fn write(site: &Path, fingerprint: &str, lazy_routes: &LazyRoutes) -> Result<()> {
    let record = json!({"fingerprint": fingerprint, "lazy_routes": lazy_routes});
    Ok(fs::write(file(site), record.to_string())?)
}

/// Before the site is touched: one that is half replaced must not be taken for built.
pub fn forget(site: &Path) -> Result<()> {
    if file(site).exists() {
        fs::remove_file(file(site))?;
    }
    Ok(())
}

fn file(site: &Path) -> PathBuf {
    site.with_extension("json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_unchanged_only_if_it_stands_and_was_made_of_the_same() {
        let folder = std::env::temp_dir().join(format!("storezero-record-{}", std::process::id()));
        let site = folder.join("site");
        files::fresh_folder(&site).unwrap();
        let lazy_routes = LazyRoutes::from([("orders".into(), vec!["group_1".into()])]);
        assert_eq!(unchanged(&site, "a"), None);
        write(&site, "a", &lazy_routes).unwrap();
        assert_eq!(unchanged(&site, "a"), Some(lazy_routes));
        assert_eq!(unchanged(&site, "b"), None);
        fs::remove_dir(&site).unwrap();
        assert_eq!(unchanged(&site, "a"), None);
        forget(&site).unwrap();
        forget(&site).unwrap();
        fs::remove_dir_all(folder).unwrap();
    }
}
