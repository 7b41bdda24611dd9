//! The types of single settings and how their text is read. An error says what is wrong with the text
//! and never repeats a secret.

use crate::crypto::SecretKey;
use std::{fmt::Display, str::FromStr, time::Duration};
use url::Url;

/// How long a session lives (DESIGN "Limits"): without activity, and at all; with an ordinary cookie,
/// and with one that outlives the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub idle: Duration,
    pub absolute: Duration,
    pub persistent_idle: Duration,
    pub persistent_absolute: Duration,
}

/// What an empty database is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Catalogue, and past orders of the demo accounts.
    Demo,
    Catalog,
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Seed {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "demo" => Ok(Self::Demo),
            "catalog" => Ok(Self::Catalog),
            "none" => Ok(Self::Nothing),
            _ => Err("is neither demo nor catalog nor none".to_owned()),
        }
    }
}

impl LogFormat {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("is neither text nor json".to_owned()),
        }
    }
}

pub(super) fn parse_display<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("is wrong: {error}"))
}

pub(super) fn not_empty(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("is empty".to_owned()),
        text => Ok(text.to_owned()),
    }
}

pub(super) fn flag(text: &str) -> Result<bool, String> {
    text.parse()
        .map_err(|_| "is neither true nor false".to_owned())
}

pub(super) fn http_url(text: &str) -> Result<Url, String> {
    let url: Url = text
        .parse()
        .map_err(|error| format!("is not a URL: {error}"))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err("is not an http or https URL".to_owned()),
    }
}

pub(super) fn issuer(text: &str) -> Result<String, String> {
    let url = http_url(text)?;
    match (url.query(), url.fragment()) {
        (None, None) => Ok(text.to_owned()),
        _ => Err("has a query or a fragment, which no issuer has".to_owned()),
    }
}

pub(super) fn origin(text: &str) -> Result<Url, String> {
    let url = http_url(text)?;
    if url.path() != "/"
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
    {
        return Err("has more than scheme, host and port".to_owned());
    }
    Ok(url)
}

pub(super) fn database_url(text: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    known
        .then(|| text.to_owned())
        .ok_or_else(|| "is neither a sqlite nor a postgres URL".to_owned())
}

pub(super) fn secret_key(text: &str) -> Result<SecretKey, String> {
    SecretKey::from_hex(text).ok_or_else(|| {
        "is not 64 hexadecimal digits (`openssl rand -hex 32` makes some)".to_owned()
    })
}

/// A whole number with one unit: `45s`, `30m`, `12h`, `7d`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let expected = || "is not a whole number followed by s, m, h or d".to_owned();
    let text = text.trim();
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or_else(expected)?;
    let number: u64 = number.parse().map_err(|_| expected())?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(expected()),
    };
    match number.checked_mul(unit) {
        Some(seconds @ 1..=31_536_000) => Ok(Duration::from_secs(seconds)),
        _ => Err("is not between one second and 365 days".to_owned()),
    }
}

pub(super) fn is_loopback(url: &str) -> bool {
    let url: Option<Url> = url.parse().ok();
    match url.as_ref().and_then(Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_unit() {
        assert_eq!(duration("45s"), Ok(Duration::from_secs(45)));
        assert_eq!(duration("7d"), Ok(Duration::from_hours(168)));
        for wrong in [
            "",
            "m",
            "30",
            "-1m",
            "1.5h",
            "30 m x",
            "400d",
            "18446744073709551615d",
            "1é",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
