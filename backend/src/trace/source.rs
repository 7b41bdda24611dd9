//! `GET /source/{file}`: the source of the code that handles the protocol's messages, as it was compiled.

use crate::{Error, Result};
use actix_web::{HttpResponse, http::header::CONTENT_TYPE, web::Path};

/// From the repository's root, and what stands in it.
const FILES: [(&str, &str); 8] = [
    (
        "backend/src/oidc/authorization_request.rs",
        include_str!("../oidc/authorization_request.rs"),
    ),
    (
        "backend/src/oidc/backchannel_logout.rs",
        include_str!("../oidc/backchannel_logout.rs"),
    ),
    (
        "backend/src/oidc/callback.rs",
        include_str!("../oidc/callback.rs"),
    ),
    (
        "backend/src/oidc/authenticate.rs",
        include_str!("../oidc/authenticate.rs"),
    ),
    (
        "backend/src/oidc/login.rs",
        include_str!("../oidc/login.rs"),
    ),
    (
        "backend/src/oidc/logout.rs",
        include_str!("../oidc/logout.rs"),
    ),
    (
        "backend/src/oidc/silent_login.rs",
        include_str!("../oidc/silent_login.rs"),
    ),
    (
        "backend/src/session/end.rs",
        include_str!("../session/end.rs"),
    ),
];

pub(super) async fn source(file: Path<String>) -> Result<HttpResponse> {
    let found = FILES.iter().find(|(name, _)| *name == file.as_str());
    let (_, text) = found.ok_or_else(|| {
        Error::not_found(
            "This is no file of the shop's login. Its whole source is in its repository.",
        )
    })?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body(*text))
}

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::path::Path;

    /// Each file of the backend that notes messages.
    fn files_that_note(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_that_note(&path, found);
            } else if std::fs::read_to_string(&path).unwrap().contains("here!()") {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }

    #[test]
    fn every_file_that_notes_messages_can_be_read() {
        let manifest = env!("CARGO_MANIFEST_DIR");
        let mut noting = Vec::new();
        for folder in ["src/oidc", "src/session"] {
            files_that_note(&Path::new(manifest).join(folder), &mut noting);
        }
        assert!(!noting.is_empty());
        for file in noting {
            let name = file.replace(manifest, "backend");
            assert!(FILES.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}
