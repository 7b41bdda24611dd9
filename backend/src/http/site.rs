//! The built frontend, read once into memory and sent as it was compressed at build time.
//!
//! Files under `pkg/<hash>/` never change under their name; everything else is asked for again by `ETag`.
//! A path that is no file and looks like a page gets the shell: the browser's router takes it from there.

use super::header;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue,
            IF_NONE_MATCH, VARY,
        },
    },
    web::{Bytes, Data},
};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

const SHELL: &str = "/index.html";

#[derive(Default)]
pub struct Site {
    files: HashMap<String, File>,
}

struct File {
    content_type: HeaderValue,
    etag: HeaderValue,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    is_immutable: bool,
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
                    let file = File::read(&path, &name)
                        .with_context(|| format!("read {}", path.display()))?;
                    site.files.insert(name, file);
                }
            }
        }
        Ok(site)
    }

    fn find(&self, path: &str) -> Option<&File> {
        match self.files.get(path) {
            Some(file) => Some(file),
            None if is_page(path) => self.files.get(SHELL),
            None => None,
        }
    }
}

/// Whether a path that is no file may be a page of the SPA: its last part has no extension.
fn is_page(path: &str) -> bool {
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

impl File {
    fn read(path: &Path, name: &str) -> anyhow::Result<Self> {
        let plain: Bytes = std::fs::read(path)?.into();
        let variant = |extension: &str| {
            let mut path = path.as_os_str().to_owned();
            path.push(extension);
            std::fs::read(PathBuf::from(path)).ok().map(Bytes::from)
        };
        let etag = format!("\"{}\"", &hex::encode(Sha256::digest(&plain))[..32]);
        let content_type = mime_guess::from_path(path).first_or_octet_stream();
        let charset = if content_type.type_() == "text" { "; charset=utf-8" } else { "" };
        Ok(Self {
            content_type: HeaderValue::from_str(&format!(
                "{}{charset}",
                content_type.essence_str()
            ))?,
            etag: HeaderValue::from_str(&etag)?,
            brotli: variant(".br"),
            gzip: variant(".gz"),
            plain,
            is_immutable: name.starts_with("/pkg/"),
        })
    }

    fn cache_control(&self, path: &str) -> &'static str {
        if self.is_immutable {
            "public, max-age=31536000, immutable"
        } else if path.starts_with("/pictures/") {
            "public, max-age=86400"
        } else {
            "no-cache"
        }
    }

    /// The smallest form that the browser takes.
    fn encoded(&self, accepted: &str) -> (&Bytes, Option<&'static str>) {
        let accepts = |encoding: &str| {
            accepted.split(',').any(|item| {
                let mut parts = item.split(';').map(str::trim);
                parts.next() == Some(encoding) && !parts.any(|part| part == "q=0")
            })
        };
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
            _ => (&self.plain, None),
        }
    }

    fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let is_known = header(request, IF_NONE_MATCH).is_some_and(|tags| {
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == self.etag.as_bytes())
        });
        let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((CACHE_CONTROL, self.cache_control(request.path())))
            .insert_header((ETAG, self.etag.clone()))
            .insert_header((VARY, "Accept-Encoding"));
        if is_known {
            return response.finish();
        }
        let (body, encoding) = self.encoded(header(request, ACCEPT_ENCODING).unwrap_or_default());
        if let Some(encoding) = encoding {
            response.insert_header((CONTENT_ENCODING, encoding));
        }
        response.insert_header((CONTENT_TYPE, self.content_type.clone())).body(body.clone())
    }
}

/// The default of everything that is neither API nor protocol.
pub async fn serve(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return HttpResponse::MethodNotAllowed().insert_header(("Allow", "GET, HEAD")).finish();
    }
    match site.find(request.path()) {
        Some(file) => file.respond(&request),
        None => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("There is no such file."),
    }
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

    #[test]
    fn the_smallest_accepted_form_is_sent() {
        let file = File {
            content_type: HeaderValue::from_static("text/css"),
            etag: HeaderValue::from_static("\"x\""),
            plain: Bytes::from_static(b"plain"),
            brotli: Some(Bytes::from_static(b"br")),
            gzip: Some(Bytes::from_static(b"gzip")),
            is_immutable: true,
        };
        assert_eq!(file.encoded("gzip, deflate, br").1, Some("br"));
        assert_eq!(file.encoded("gzip;q=1.0, br;q=0").1, Some("gzip"));
        assert_eq!(file.encoded("identity").1, None);
    }
}
