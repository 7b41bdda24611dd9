//! What of the `Cookie` header counts.
//!
//! Cookies ignore ports, and on plain http anybody on the same host may plant one, so the header holds what others
//! wrote. A server must then be no more generous than a browser: one raw byte beyond UTF-8 makes actix-web see no
//! cookie at all, and where it decodes `%5F%5FHost-` or trims a no-break space off a name, the prefix `__Host-`, by
//! which browsers keep strangers from writing our cookies, protects nothing.

use actix_web::{
    Error,
    body::MessageBody,
    cookie::Cookie,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{COOKIE, HeaderValue},
    middleware::Next,
};
use std::collections::HashMap;

/// Part of the names of all our cookies.
const OURS: &str = "storezero";

/// Middleware outside of everything that reads cookies: leaves those that can be told apart.
pub async fn readable(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.headers().contains_key(COOKIE) {
        let sent = request.headers().get_all(COOKIE).map(HeaderValue::as_bytes);
        let readable = HeaderValue::from_str(&pairs(sent).join("; "));
        let headers = request.headers_mut();
        headers.remove(COOKIE);
        if let Ok(value) = readable
            && !value.is_empty()
        {
            headers.insert(COOKIE, value);
        }
    }
    next.call(request).await
}

/// Of two cookies of one name neither counts: nobody knows which one a stranger planted.
fn pairs<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Vec<&'a str> {
    let pairs: Vec<(&str, &str)> =
        headers.flat_map(|header| header.split(|byte| *byte == b';')).filter_map(pair).collect();
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for (name, _) in &pairs {
        *seen.entry(name).or_default() += 1;
    }
    for (name, count) in &seen {
        if *count > 1 && name.contains(OURS) {
            tracing::warn!(name, "several cookies of one name were sent: none of them counts");
        }
    }
    pairs.into_iter().filter(|(name, _)| seen[name] == 1).map(|(_, pair)| pair).collect()
}

/// The name, and the whole.
fn pair(bytes: &[u8]) -> Option<(&str, &str)> {
    let pair = std::str::from_utf8(bytes.trim_ascii()).ok()?;
    let (name, _) = pair.split_once('=')?;
    let cookie = Cookie::parse_encoded(pair).ok()?;
    let is_plain = pair.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    // As it is read is as it was written.
    (is_plain && cookie.name() == name).then_some((name, pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(header: &[u8]) -> String {
        pairs(std::iter::once(header)).join("; ")
    }

    #[test]
    fn ordinary_cookies_stay_as_they_are() {
        let header = b"storezero=a%3Db%2F; theme=\"dark mode\"; empty=; x=1=2; __Host-y={\"a\":1}";
        assert_eq!(kept(header).as_bytes(), header);
        assert_eq!(kept(b"a=1;b=2 ;  c=3"), "a=1; b=2; c=3");
        let two = [b"a=1".as_slice(), b"b=2"];
        assert_eq!(pairs(two.into_iter()), ["a=1", "b=2"]);
    }

    #[test]
    fn a_neighbours_malformed_cookie_takes_nobody_elses_along() {
        let malformed: [&[u8]; 12] = [
            b"caf\xe9=1",
            b"a=\xff\xfe",
            b"a=%FF",
            b"=x",
            b"x",
            b"=",
            b"",
            b"%zz%FF=1",
            b"a=\x01",
            b"a b\xa0=1",
            "a=caf\u{e9}".as_bytes(),
            b"a\tb=\t1",
        ];
        for neighbour in malformed {
            for header in
                [[neighbour, b"; mine=1"].concat(), [b"mine=1;", neighbour, b";"].concat()]
            {
                assert_eq!(kept(&header), "mine=1", "{}", header.escape_ascii());
            }
        }
    }

    #[test]
    fn a_name_counts_only_as_a_browser_would_have_guarded_it() {
        for planted in [
            "%5F%5FHost-storezero=evil",
            "__Host-%73torezero=evil",
            "\u{2000}__Host-storezero=evil",
            "\u{a0}__Host-storezero=evil",
            "__Host-storezero\u{3000}=evil",
            "__Host-storezero =evil",
        ] {
            assert_eq!(kept(planted.as_bytes()), "", "{planted}");
            let both = format!("{planted}; __Host-storezero=mine");
            assert_eq!(kept(both.as_bytes()), "__Host-storezero=mine", "{planted}");
        }
    }

    #[test]
    fn two_cookies_of_one_name_are_nobodys() {
        assert_eq!(kept(b"storezero=a; x=1; storezero=b"), "x=1");
        let apart = [b"storezero=a".as_slice(), b"storezero=b; x=1"];
        assert_eq!(pairs(apart.into_iter()), ["x=1"]);
    }
}
