//! A browser's cookies (RFC 6265bis), as far as shop and identity provider can tell the difference: paths,
//! `Secure`, `SameSite`, prefixes, expiry. Ports make no difference to cookies, and none here.

use std::{collections::BTreeMap, time::Duration};
use url::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    pub name: String,
    pub value: String,
    pub path: String,
    pub secure: bool,
    pub http_only: bool,
    /// As sent; `None` is treated as `Lax`, as browsers do.
    pub same_site: Option<String>,
    /// `None` for a cookie that ends with the browser.
    pub max_age: Option<Duration>,
}

/// How a request came about, as far as `SameSite` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    SameSite,
    /// A link or redirect that changes the page, from another site.
    CrossSiteNavigation,
    /// A form, a frame, an image or a script of another site.
    CrossSiteRequest,
}

#[derive(Clone, Debug, Default)]
pub struct Jar {
    by_host: BTreeMap<String, Vec<Cookie>>,
}

impl Jar {
    /// Keeps what a `Set-Cookie` header of `url` says, or drops the cookie that it ends.
    pub fn keep(&mut self, url: &Url, header: &str) {
        let Some(cookie) = Cookie::parse(header) else {
            return;
        };
        if !cookie.is_acceptable(url) {
            return;
        }
        let cookies = self.by_host.entry(host(url)).or_default();
        cookies.retain(|other| other.name != cookie.name || other.path != cookie.path);
        if cookie.max_age != Some(Duration::ZERO) {
            cookies.push(cookie);
        }
    }

    /// The `Cookie` header of a request, longer paths first (RFC 6265 §5.4).
    pub fn header(&self, url: &Url, cause: Cause) -> Option<String> {
        let mut cookies: Vec<&Cookie> =
            self.of(url).filter(|cookie| cookie.goes_to(url, cause)).collect();
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> =
            cookies.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    pub fn find(&self, url: &Url, name: &str) -> Option<&Cookie> {
        self.of(url).find(|cookie| cookie.name == name)
    }

    pub fn of(&self, url: &Url) -> impl Iterator<Item = &Cookie> {
        self.by_host.get(&host(url)).into_iter().flatten()
    }

    pub fn put(&mut self, url: &Url, cookie: Cookie) {
        let cookies = self.by_host.entry(host(url)).or_default();
        cookies.retain(|other| other.name != cookie.name || other.path != cookie.path);
        cookies.push(cookie);
    }

    pub fn drop_cookie(&mut self, url: &Url, name: &str) {
        if let Some(cookies) = self.by_host.get_mut(&host(url)) {
            cookies.retain(|cookie| cookie.name != name);
        }
    }

    /// What closing the browser leaves.
    pub fn close(&mut self) {
        for cookies in self.by_host.values_mut() {
            cookies.retain(|cookie| cookie.max_age.is_some());
        }
    }
}

impl Cookie {
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: false,
            http_only: false,
            same_site: None,
            max_age: None,
        };
        for attribute in parts {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match name.to_ascii_lowercase().as_str() {
                "path" => value.clone_into(&mut cookie.path),
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => cookie.same_site = Some(value.to_owned()),
                "max-age" => {
                    cookie.max_age = Some(Duration::from_secs(value.parse().unwrap_or_default()));
                }
                // oidc-provider ends its cookies by a date at the epoch and keeps none by a date otherwise.
                "expires" if cookie.max_age.is_none() => {
                    cookie.max_age =
                        Some(if value.contains(" 1970 ") { Duration::ZERO } else { Duration::MAX });
                }
                _ => {}
            }
        }
        Some(cookie)
    }

    fn is_acceptable(&self, url: &Url) -> bool {
        let is_https = url.scheme() == "https";
        let prefix_fits = if self.name.starts_with("__Host-") {
            self.secure && self.path == "/"
        } else {
            !self.name.starts_with("__Secure-") || self.secure
        };
        prefix_fits && (is_https || !self.secure)
    }

    fn goes_to(&self, url: &Url, cause: Cause) -> bool {
        let path = url.path();
        let below = path.strip_prefix(self.path.as_str());
        let path_fits = below.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        });
        let site_fits = match self.same_site.as_deref() {
            Some("None") => true,
            Some("Strict") => cause == Cause::SameSite,
            _ => cause != Cause::CrossSiteRequest,
        };
        path_fits && site_fits && (!self.secure || url.scheme() == "https")
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
