//! Where a login leads back to: a path of this shop, and nothing else.

use serde::Deserialize;
use shared::paths::is_endpoint;
use std::fmt;
use url::Url;

/// A path with query and fragment, parsed as a browser would parse it. Never string-matched: browsers
/// read `/\evil`, `https:evil` or tabs within as another host.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct ReturnTo(String);

/// In bytes, as it is sent and as it is kept: it travels in the attempt's row and in redirects, whose headers stay
/// below 4 KB. No page of the shop has an address near it.
const LONGEST: usize = 1_024;
/// Reserved for examples (RFC 2606): a host that no `return_to` can name by chance.
const BASE: &str = "http://shop.invalid/";

impl ReturnTo {
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// `text` when it is a page of this shop, the home page otherwise.
    pub fn parse(text: &str) -> Self {
        Self::page_of_this_shop(text).map_or_else(Self::home, Self)
    }

    fn page_of_this_shop(text: &str) -> Option<String> {
        let is_plain = text.starts_with('/')
            && text.len() <= LONGEST
            && !text.contains(|c: char| c == '\\' || c.is_control());
        if !is_plain {
            return None;
        }
        let base: Url = BASE.parse().ok()?;
        let url = base.join(text).ok()?;
        let path = url.path();
        // A path that starts with two slashes would be read as a host by whoever resolves it next.
        let stays_here =
            url.origin() == base.origin() && url.username().is_empty() && !path.starts_with("//");
        // The protocol's own endpoints are no pages to come back to.
        let page = &url[url::Position::BeforePath..];
        (stays_here && !is_endpoint(path) && page.len() <= LONGEST).then(|| page.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ReturnTo {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl Default for ReturnTo {
    fn default() -> Self {
        Self::home()
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_shop_is_kept_with_query_and_fragment() {
        for page in [
            "/",
            "/account/orders?page=2&q=tea%20cup#latest",
            "/checkout#payment",
            "/search?q=https://example.com",
            "/p/caf%C3%A9",
            "/authors",
            "/%2F/evil.example",
        ] {
            assert_eq!(ReturnTo::parse(page).as_str(), page);
        }
    }

    #[test]
    fn anything_else_becomes_the_home_page() {
        let hostile = [
            "",
            "evil.example",
            "//evil.example",
            "///evil.example",
            "////evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "/\\/evil.example",
            "https://evil.example",
            "https:evil.example",
            "https:/evil.example",
            "http:\\\\evil.example",
            "HTTPS://evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "/\t/evil.example",
            "\t//evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            " //evil.example",
            "/x\0y",
            "/..//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e%2e//evil.example",
            "//user@evil.example",
            "@evil.example",
            "?next=//evil.example",
            "#//evil.example",
            "\u{ff0f}\u{ff0f}evil.example",
            "/\u{85}/evil.example",
            "/auth/login",
            "/auth",
            "/api/cart",
            "/x/../auth/callback",
        ];
        for text in hostile {
            assert_eq!(ReturnTo::parse(text).as_str(), "/", "{text:?}");
        }
    }

    #[test]
    fn a_page_with_too_long_an_address_becomes_the_home_page() {
        let longest = format!("/{}", "a".repeat(LONGEST - 1));
        assert_eq!(ReturnTo::parse(&longest).as_str(), longest);
        assert_eq!(ReturnTo::parse(&format!("{longest}a")).as_str(), "/");
        // Each of them is six bytes where it is written with percent signs.
        let umlauts = format!("/{}", "ä".repeat(LONGEST / 6));
        assert!(ReturnTo::parse(&umlauts).as_str().len() > LONGEST - 6);
        assert_eq!(ReturnTo::parse(&format!("{umlauts}ä")).as_str(), "/");
    }

    #[test]
    fn unicode_slashes_stay_part_of_a_path() {
        let kept = ReturnTo::parse("/\u{2044}\u{2044}evil.example");
        assert!(kept.as_str().starts_with("/%E2%81%84"), "{kept}");
    }
}
