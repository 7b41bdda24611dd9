//! Bytes that are the same for everybody who asks (RFC 9110 §3.2): made and compressed once, asked for again by `ETag`.
//! What is made while the shop runs is compressed by gzip alone: brotli costs more than it saves there.

use super::header;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue,
            IF_NONE_MATCH, VARY,
        },
    },
    web::Bytes,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;

/// The browser asks each time whether it still holds.
pub const ASK_AGAIN: &str = "no-cache";

#[derive(Debug)]
pub struct Representation {
    content_type: HeaderValue,
    etag: HeaderValue,
    pub cache_control: &'static str,
    pub plain: Bytes,
    pub brotli: Option<Bytes>,
    pub gzip: Option<Bytes>,
}

impl Representation {
    pub fn new(content_type: HeaderValue, plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        // A weak one, since the compressed forms have it as well (RFC 9110 §8.8.3.3).
        let etag = format!("W/\"{}\"", &hex::encode(Sha256::digest(&plain))[..32]);
        Self {
            content_type,
            etag: HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("W/\"\"")),
            cache_control: ASK_AGAIN,
            plain,
            brotli: None,
            gzip: None,
        }
    }

    pub fn compressed(content_type: &'static str, plain: impl Into<Bytes>) -> Self {
        let mut representation = Self::new(HeaderValue::from_static(content_type), plain);
        // Writing to memory does not fail; without a compressed form the plain one is sent.
        representation.gzip = gzip(&representation.plain).ok();
        representation
    }

    pub fn json(value: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self::compressed("application/json", json_for_html(value)?))
    }

    /// How much memory it takes, in bytes.
    pub fn size(&self) -> usize {
        let forms = [Some(&self.plain), self.brotli.as_ref(), self.gzip.as_ref()];
        forms.into_iter().flatten().map(Bytes::len).sum()
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

    pub fn respond(&self, request: &HttpRequest) -> HttpResponse {
        self.respond_with(StatusCode::OK, request)
    }

    pub fn respond_with(&self, status: StatusCode, request: &HttpRequest) -> HttpResponse {
        // RFC 9110 §13.2.1: a condition counts where the answer would be 200 without it.
        let is_known = status == StatusCode::OK
            && header(request, IF_NONE_MATCH).is_some_and(|tags| {
                // The weak comparison of §8.8.3.2.
                let own = self.etag.to_str().unwrap_or_default().trim_start_matches("W/");
                tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == own)
            });
        let mut response =
            HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { status });
        response
            .insert_header((CACHE_CONTROL, self.cache_control))
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

/// JSON that may stand in a `<script>` as it is: no `</script>` and no `<!--` ends or opens anything there. `<` only
/// occurs within JSON's strings, where an escape means the same.
pub fn json_for_html(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

fn gzip(plain: &[u8]) -> std::io::Result<Bytes> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(plain)?;
    Ok(packed.finish()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn the_smallest_accepted_form_is_sent() {
        let mut file = Representation::new(HeaderValue::from_static("text/css"), "plain");
        file.brotli = Some(Bytes::from_static(b"br"));
        file.gzip = Some(Bytes::from_static(b"gzip"));
        assert_eq!(file.encoded("gzip, deflate, br").1, Some("br"));
        assert_eq!(file.encoded("gzip;q=1.0, br;q=0").1, Some("gzip"));
        assert_eq!(file.encoded("identity").1, None);
    }

    #[test]
    fn what_is_compressed_is_the_same_again() {
        let text = "a teapot, a teacup, a teaspoon. ".repeat(100);
        let page = Representation::compressed("text/html", text.clone());
        let gzip = page.gzip.unwrap();
        assert!(gzip.len() < text.len() / 10);
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&*gzip).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
    }

    #[test]
    fn json_says_the_same_and_cannot_end_a_script() {
        let name = "</script><!-- <script> & \"\u{2028}";
        let json = json_for_html(&name).unwrap();
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), name);
    }
}
