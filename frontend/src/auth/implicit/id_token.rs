//! The ID token, checked in the browser as OIDC Core §3.2.2.11 has it: the page is the Relying Party.

use super::{
    keys::{SignatureFault, verified_claims},
    own_traces::record,
    web_crypto,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use shared::trace::{Step, Trace};

/// By how many seconds clocks may differ.
const SKEW: i64 = 60;
/// An ID token that is older was not made for this request, however well its nonce fits. Seconds.
const OLDEST: i64 = 10 * 60;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub azp: Option<String>,
    /// Seconds since the Unix epoch, like `iat` and `auth_time`.
    pub exp: i64,
    pub iat: i64,
    pub nonce: Option<String>,
    pub at_hash: Option<String>,
    pub auth_time: Option<i64>,
    pub acr: Option<String>,
    #[serde(default)]
    pub amr: Vec<String>,
    pub sid: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub email_verified: Option<bool>,
    /// The social provider that vouched for the person; the name is our identity provider's own.
    pub provider: Option<String>,
    /// When that provider authenticated the person, in seconds since the Unix epoch; the name is our identity provider's
    /// own, too. No rule depends on it: what is no number counts as not said.
    #[serde(default, deserialize_with = "whole_seconds")]
    pub upstream_auth_time: Option<i64>,
}

/// Perhaps with a fraction (RFC 7519 §2), which does not matter here.
fn whole_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is too large is the largest there is"
    )]
    let whole = |seconds: f64| seconds.floor() as i64;
    Ok(Value::deserialize(deserializer)?.as_f64().map(whole))
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What the token must be to answer this page's own request.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// The `at_hash` of the access token that came along. Required where both came through the browser's address.
    pub at_hash: &'a str,
    pub is_at_hash_required: bool,
    /// How many seconds ago the person may have authenticated, if that was asked for.
    pub max_age: Option<i64>,
}

/// Why a token is refused. The words are for the Session Explorer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Malformed,
    Signature,
    KeysUnreachable,
    OtherIssuer,
    OtherAudience,
    OtherNonce,
    OtherAccessToken,
    Expired,
    FromTheFuture,
    TooOld,
    NoSubject,
    AuthenticatedTooLongAgo,
}

impl Fault {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Malformed => {
                "no ID token that is accepted here, or signed by an algorithm that is not (alg)"
            }
            Self::Signature => "the signature is none of the identity provider's",
            Self::KeysUnreachable => "the identity provider's keys cannot be fetched",
            Self::OtherIssuer => "iss is another issuer",
            Self::OtherAudience => "aud is another client",
            Self::OtherNonce => "nonce is not that of the request",
            Self::OtherAccessToken => "at_hash is that of another access token",
            Self::Expired => "exp has passed",
            Self::FromTheFuture => "iat is in the future",
            Self::TooOld => "iat is too long ago",
            Self::NoSubject => "sub is empty",
            Self::AuthenticatedTooLongAgo => "auth_time is longer ago than max_age",
        }
    }
}

/// `now` in seconds since the Unix epoch.
pub async fn validate(
    token: &str,
    expected: &Expected<'_>,
    now: i64,
    trace: &mut Trace,
) -> Result<Claims, Fault> {
    let claims = verified_claims(token).await.map_err(|fault| match fault {
        SignatureFault::Malformed => Fault::Malformed,
        SignatureFault::KeysUnreachable => Fault::KeysUnreachable,
        SignatureFault::Wrong => Fault::Signature,
    })?;
    let claims: Claims = serde_json::from_slice(&claims).map_err(|_| Fault::Malformed)?;
    check(&claims, expected, now)?;
    record(trace, Step::PageValidation, &told(&claims, now)).await;
    Ok(claims)
}

/// What the Session Explorer shows of them, and of the upstream time what can be one.
fn told(claims: &Claims, now: i64) -> Vec<(&'static str, String)> {
    let number = |seconds: i64| seconds.to_string();
    let upstream = claims.upstream_auth_time.filter(|time| (1..=now + SKEW).contains(time));
    let all = [
        ("iss", Some(claims.iss.clone())),
        ("sub", Some(claims.sub.clone())),
        ("nonce", claims.nonce.clone()),
        ("at_hash", claims.at_hash.clone()),
        ("sid", claims.sid.clone()),
        ("iat", Some(number(claims.iat))),
        ("auth_time", claims.auth_time.map(number)),
        ("acr", claims.acr.clone()),
        ("amr", (!claims.amr.is_empty()).then(|| claims.amr.join(" "))),
        ("provider", claims.provider.clone()),
        ("upstream_auth_time", upstream.map(number)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// OIDC Core §3.2.2.9: the left half of the access token's SHA-256.
pub async fn at_hash(access_token: &str) -> Option<String> {
    let hash = web_crypto::sha256(access_token).await.ok()?;
    Some(web_crypto::encode(&hash[..hash.len() / 2]))
}

fn check(claims: &Claims, expected: &Expected<'_>, now: i64) -> Result<(), Fault> {
    let demand = |holds: bool, fault: Fault| if holds { Ok(()) } else { Err(fault) };
    demand(claims.iss == expected.issuer, Fault::OtherIssuer)?;
    demand(is_for(claims, expected.client_id), Fault::OtherAudience)?;
    demand(claims.nonce.as_deref() == Some(expected.nonce), Fault::OtherNonce)?;
    let is_bound = match claims.at_hash.as_deref() {
        Some(at_hash) => at_hash == expected.at_hash,
        None => !expected.is_at_hash_required,
    };
    demand(is_bound, Fault::OtherAccessToken)?;
    demand(claims.exp > now - SKEW, Fault::Expired)?;
    demand(claims.iat <= now + SKEW, Fault::FromTheFuture)?;
    demand(claims.iat >= now - OLDEST, Fault::TooOld)?;
    demand(!claims.sub.is_empty(), Fault::NoSubject)?;
    let is_fresh = expected.max_age.is_none_or(|max_age| {
        claims.auth_time.is_some_and(|auth_time| now - auth_time <= max_age.saturating_add(SKEW))
    });
    demand(is_fresh, Fault::AuthenticatedTooLongAgo)
}

/// OIDC Core §3.1.3.7 (3) to (5)
fn is_for(claims: &Claims, client_id: &str) -> bool {
    let is_named = match &claims.aud {
        Audience::One(audience) => audience == client_id,
        Audience::Several(audiences) => audiences.iter().any(|audience| audience == client_id),
    };
    let is_authorized = match (&claims.azp, &claims.aud) {
        (Some(azp), _) => azp == client_id,
        (None, Audience::Several(audiences)) => audiences.len() == 1,
        (None, Audience::One(_)) => true,
    };
    is_named && is_authorized
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    fn claims() -> Claims {
        Claims {
            iss: "https://id.example".into(),
            sub: "ada".into(),
            aud: Audience::One("spa".into()),
            azp: None,
            exp: NOW + 3600,
            iat: NOW,
            nonce: Some("n".into()),
            at_hash: Some("h".into()),
            auth_time: Some(NOW - 100),
            acr: None,
            amr: Vec::new(),
            sid: None,
            name: None,
            email: None,
            email_verified: None,
            provider: None,
            upstream_auth_time: None,
        }
    }

    const EXPECTED: Expected<'_> = Expected {
        issuer: "https://id.example",
        client_id: "spa",
        nonce: "n",
        at_hash: "h",
        is_at_hash_required: true,
        max_age: None,
    };

    fn fault(claims: &Claims) -> Option<Fault> {
        check(claims, &EXPECTED, NOW).err()
    }

    #[test]
    fn the_answer_to_this_request_passes() {
        assert_eq!(fault(&claims()), None);
        let several = Claims {
            aud: Audience::Several(vec!["spa".into(), "api".into()]),
            azp: Some("spa".into()),
            ..claims()
        };
        assert_eq!(fault(&several), None);
    }

    #[test]
    fn each_claim_of_somebody_elses_is_a_fault_of_its_own() {
        let several = Audience::Several(vec!["spa".into(), "api".into()]);
        let cases = [
            (Claims { iss: "https://other.example".into(), ..claims() }, Fault::OtherIssuer),
            (Claims { aud: Audience::One("other".into()), ..claims() }, Fault::OtherAudience),
            (Claims { aud: several, ..claims() }, Fault::OtherAudience),
            (Claims { azp: Some("other".into()), ..claims() }, Fault::OtherAudience),
            (Claims { nonce: Some("old".into()), ..claims() }, Fault::OtherNonce),
            (Claims { nonce: None, ..claims() }, Fault::OtherNonce),
            (Claims { at_hash: Some("other".into()), ..claims() }, Fault::OtherAccessToken),
            (Claims { at_hash: None, ..claims() }, Fault::OtherAccessToken),
            (Claims { exp: NOW - SKEW, ..claims() }, Fault::Expired),
            (Claims { iat: NOW + SKEW + 1, ..claims() }, Fault::FromTheFuture),
            (Claims { iat: NOW - OLDEST - 1, ..claims() }, Fault::TooOld),
            (Claims { sub: String::new(), ..claims() }, Fault::NoSubject),
        ];
        for (claims, expected) in cases {
            assert_eq!(fault(&claims), Some(expected));
        }
    }

    #[test]
    fn the_upstream_time_is_told_where_it_can_be_one_and_refuses_nobody() {
        let told_of = |time: Value| {
            let mut json = serde_json::to_value(claims()).unwrap();
            json["upstream_auth_time"] = time;
            let claims: Claims = serde_json::from_value(json).unwrap();
            assert_eq!(fault(&claims), None);
            let told = told(&claims, NOW);
            told.into_iter().find(|(name, _)| *name == "upstream_auth_time").map(|(_, value)| value)
        };
        assert_eq!(told_of(900.into()).as_deref(), Some("900"));
        assert_eq!(told_of(900.5.into()).as_deref(), Some("900"));
        for other in [Value::Null, "900".into(), 0.into(), (NOW + SKEW + 1).into(), 1e300.into()] {
            assert_eq!(told_of(other.clone()), None, "{other}");
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        assert_eq!(fault(&Claims { exp: NOW - SKEW + 1, ..claims() }), None);
        assert_eq!(fault(&Claims { iat: NOW + SKEW, ..claims() }), None);
        assert_eq!(fault(&Claims { iat: NOW - OLDEST, ..claims() }), None);
    }

    #[test]
    fn at_hash_may_be_missing_where_the_access_token_came_from_the_token_endpoint() {
        let expected = Expected { is_at_hash_required: false, ..EXPECTED };
        assert_eq!(check(&Claims { at_hash: None, ..claims() }, &expected, NOW), Ok(()));
        let other = Claims { at_hash: Some("other".into()), ..claims() };
        assert_eq!(check(&other, &expected, NOW), Err(Fault::OtherAccessToken));
    }

    #[test]
    fn a_fresh_login_is_one_of_the_time_that_was_asked_for() {
        let expected = Expected { max_age: Some(100), ..EXPECTED };
        assert_eq!(check(&claims(), &expected, NOW), Ok(()));
        let old = Claims { auth_time: Some(NOW - 100 - SKEW - 1), ..claims() };
        assert_eq!(check(&old, &expected, NOW), Err(Fault::AuthenticatedTooLongAgo));
        let silent = Claims { auth_time: None, ..claims() };
        assert_eq!(check(&silent, &expected, NOW), Err(Fault::AuthenticatedTooLongAgo));
    }
}
