//! The built frontend, read once into memory and sent as it was compressed at build time.
//!
//! Files under `pkg/<hash>/` never change under their name; everything else is asked for again by `ETag`.
//! What a path that looks like a page gets is the shop's to say (`pages`).

use super::representation::{ASK_AGAIN, Representation};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    web::{Bytes, Data},
};
use anyhow::Context as _;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

pub const SHELL: &str = "/index.html";

#[derive(Default)]
pub struct Site {
    files: HashMap<String, Representation>,
}

impl Site {
    /// Reads every file below `root`. A missing folder is told: the API works without it.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let mut site = Self::default();
        if !root.join("index.html").is_file() {
            tracing::warn!(folder = %root.display(), "there is no built frontend here: run `cargo xtask dist`");
            return Ok(site);
        }
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in
                std::fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?
            {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if !has_extension(&path, &["br", "gz"]) {
                    let name = url_path(root, &path)?;
                    let file = read_file(&path, &name)
                        .with_context(|| format!("read {}", path.display()))?;
                    site.files.insert(name, file);
                }
            }
        }
        Ok(site)
    }

    /// The file at this path of the site.
    pub fn file(&self, path: &str) -> Option<&Representation> {
        self.files.get(path)
    }
}

/// Whether a path that is no file may be a page of the SPA: its last part has no extension.
pub fn is_page(path: &str) -> bool {
    let is_asset = path.starts_with("/pkg/") || path.starts_with("/pictures/");
    let last = path.rsplit('/').next().unwrap_or_default();
    !is_asset && !last.contains('.')
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|text| text.to_str()).is_some_and(|text| extensions.contains(&text))
}

fn url_path(root: &Path, path: &Path) -> anyhow::Result<String> {
    let relative = path.strip_prefix(root)?;
    let parts: Vec<&str> = relative.iter().filter_map(|part| part.to_str()).collect();
    Ok(format!("/{}", parts.join("/")))
}

fn read_file(path: &Path, name: &str) -> anyhow::Result<Representation> {
    let variant = |extension: &str| {
        let mut path = path.as_os_str().to_owned();
        path.push(extension);
        std::fs::read(PathBuf::from(path)).ok().map(Bytes::from)
    };
    let content_type = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if content_type.type_() == "text" { "; charset=utf-8" } else { "" };
    let content_type = HeaderValue::from_str(&format!("{}{charset}", content_type.essence_str()))?;
    let mut file = Representation::new(content_type, std::fs::read(path)?);
    file.brotli = variant(".br");
    file.gzip = variant(".gz");
    file.cache_control = cache_control(name);
    Ok(file)
}

fn cache_control(name: &str) -> &'static str {
    if name.starts_with("/pkg/") {
        "public, max-age=31536000, immutable"
    } else if name.starts_with("/pictures/") {
        "public, max-age=86400"
    } else {
        ASK_AGAIN
    }
}

/// Files, and the same shell at every path that may be a page: all that a server of static files does.
#[expect(clippy::unused_async, reason = "a handler")]
pub async fn serve(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    if !is_read(&request) {
        return only_reading();
    }
    let path = request.path();
    let shell = || site.file(SHELL).filter(|_| is_page(path));
    site.file(path).or_else(shell).map_or_else(no_such_file, |file| file.respond(&request))
}

pub fn is_read(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

pub fn only_reading() -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET, HEAD")).finish()
}

pub fn no_such_file() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("There is no such file.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_get_the_shell_and_missing_files_do_not() {
        for page in ["/", "/account/orders", "/p/retro-camera", "/nowhere"] {
            assert!(is_page(page), "{page}");
        }
        for file in ["/pkg/0123/x", "/pictures/1f4f7", "/favicon.ico", "/a/b.js"] {
            assert!(!is_page(file), "{file}");
        }
    }
}
