//! Compression ahead of time: the server sends the finished `.br` and `.gz` files and never compresses itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files;

/// Brotli's highest quality: slow, but paid once, here.
const BROTLI_QUALITY: i32 = 11;

/// Writes `.br` and `.gz` beside every file of a folder that compression makes smaller.
pub fn everything_below(folder: &Path) -> Result<()> {
    let mut todo: Vec<_> = files::below(folder)?
        .into_iter()
        .filter(|file| is_compressible(file))
        .map(|file| folder.join(file))
        .collect();
    // The largest first, so that no thread is left with it at the end.
    todo.sort_by_cached_key(|file| {
        std::cmp::Reverse(fs::metadata(file).map_or(0, |about| about.len()))
    });

    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some(file) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
            let content = files::read(file)?;
            files::write(&with_suffix(file, "br"), brotli(&content)?)?;
            files::write(&with_suffix(file, "gz"), gzip(&content)?)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().ok().context("compression panicked")?)
    })
}

/// Pictures and fonts are compressed already.
pub fn is_compressible(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        [
            "css",
            "html",
            "js",
            "json",
            "map",
            "svg",
            "txt",
            "wasm",
            "webmanifest",
            "xml",
            "ico",
        ]
        .contains(&extension)
    })
}

/// `frontend.js` → `frontend.js.br`
pub fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_was_compressed_reads_as_before() {
        let content = "one session, two sessions, three sessions "
            .repeat(50)
            .into_bytes();
        let mut from_brotli = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&content).unwrap()[..], &mut from_brotli).unwrap();
        assert_eq!(from_brotli, content);
        let mut from_gzip = Vec::new();
        flate2::read::GzDecoder::new(&gzip(&content).unwrap()[..])
            .read_to_end(&mut from_gzip)
            .unwrap();
        assert_eq!(from_gzip, content);
    }

    #[test]
    fn text_and_wasm_are_compressed_and_pictures_are_not() {
        for name in [
            "index.html",
            "pkg/0/frontend_bg.wasm",
            "robots.txt",
            "favicon.svg",
        ] {
            assert!(is_compressible(Path::new(name)), "{name}");
        }
        for name in [
            "pictures/1f4f7.webp",
            "pkg/0/frontend.js.br",
            "photo.png",
            "LICENSE",
        ] {
            assert!(!is_compressible(Path::new(name)), "{name}");
        }
    }
}
