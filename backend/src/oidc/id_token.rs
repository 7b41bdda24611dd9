//! ID token validation (OIDC Core §3.1.3.7).

use super::{
    Provider, SKEW, claims as texts,
    jwt::{self, NumericDate, OneOrSeveral},
    types::Tokens,
};
use crate::{
    customers::Identity,
    session::{Login, used_second_factor},
    trace::record,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use oauth2::TokenResponse as _;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use shared::trace::{Step, Trace};
use std::borrow::Cow;

/// `auth_time` has whole seconds, an attempt milliseconds.
const A_SECOND: i64 = 1000;

/// OIDC Core §2 and §5.1, and of other specifications what the shop reads.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: OneOrSeveral,
    exp: NumericDate,
    iat: NumericDate,
    /// RFC 7519 §4.1.5
    nbf: Option<NumericDate>,
    auth_time: Option<NumericDate>,
    nonce: Option<String>,
    acr: Option<String>,
    amr: Option<OneOrSeveral>,
    azp: Option<String>,
    at_hash: Option<String>,
    /// OpenID Connect Back-Channel Logout 1.0 §2.1
    sid: Option<String>,
    /// The upstream provider that authenticated the person; the name is our IdP's own.
    provider: Option<String>,
    /// When that provider authenticated the person; the name is our IdP's own, too. It may be anything: no rule depends
    /// on it.
    upstream_auth_time: Option<Value>,
    /// When the IdP wants the session over (IPSIE's OpenID Connect SL1).
    session_expiry: Option<NumericDate>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    email: Option<String>,
    email_verified: Option<Value>,
}

/// What the attempt and the clock demand of the token.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// Whether the login asked for a new authentication.
    pub prompt_login: bool,
    /// Seconds.
    pub max_age: Option<i64>,
    pub acr: Option<&'a str>,
    /// Milliseconds since the Unix epoch, as `now`.
    pub attempt_began: i64,
    pub now: i64,
}

/// The `kid` of the token's signature: an unknown one makes the shop fetch the provider's keys.
pub(super) fn key_of(tokens: &Tokens) -> Option<String> {
    jsonwebtoken::decode_header(tokens.extra_fields().id_token.as_deref()?).ok()?.kid
}

#[tracing::instrument(skip_all)]
pub(super) fn validate(
    provider: &Provider,
    tokens: &Tokens,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<(Login, Identity), &'static str> {
    let id_token = tokens.extra_fields().id_token.as_deref();
    let id_token = id_token.ok_or("the token response has no ID token")?;
    let header = jsonwebtoken::decode_header(id_token).map_err(|_| "the ID token is no JWT")?;
    if !jwt::is_untyped(&header) {
        return Err("typ is another token's");
    }
    if !jwt::is_accepted(&header) {
        return Err("alg is not accepted");
    }
    let claims = jwt::verify_signature(provider, id_token, &header)?;
    let claims: Claims =
        serde_json::from_value(claims).map_err(|_| "a claim is missing, or is not of its kind")?;
    check_parties(&claims, expected)?;
    check_times(&claims, expected.now / 1000)?;
    // §3.1.3.7 (11)
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err("nonce is not the attempt's");
    }
    check_auth_time(claims.auth_time.map(|time| time.0), expected)?;
    if let Some(at_hash) = &claims.at_hash
        && *at_hash != hash_of(tokens.access_token().secret(), header.alg)
    {
        return Err("at_hash does not fit the access token");
    }
    let upstream = texts::past_time(claims.upstream_auth_time.as_ref(), expected.now / 1000);
    let (login, identity) = login_and_identity(claims, id_token.to_owned());
    check_texts(&login, &identity)?;
    check_second_factor(&login, expected.acr)?;
    trace.provider.clone_from(&login.provider);
    trace.asked = login.auth_time.map(|auth_time| auth_time > expected.attempt_began - A_SECOND);
    record(trace, Step::IdTokenValidated, shown(&login, expected.nonce, upstream));
    Ok((login, identity))
}

/// What the Explorer shows of a validated token. Times are seconds there, as in the token.
fn shown<'a>(
    login: &'a Login,
    nonce: &'a str,
    upstream_auth_time: Option<i64>,
) -> [(&'static str, Option<Cow<'a, str>>); 10] {
    let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
    let number = |seconds: i64| Cow::Owned(seconds.to_string());
    [
        ("iss", Some(Cow::Borrowed(&*login.issuer))),
        ("sub", Some(Cow::Borrowed(&*login.subject))),
        ("sid", text(&login.sid)),
        ("nonce", Some(Cow::Borrowed(nonce))),
        ("iat", Some(number(login.issued_at / 1000))),
        ("auth_time", login.auth_time.map(|time| number(time / 1000))),
        ("acr", text(&login.acr)),
        ("amr", text(&login.amr)),
        ("provider", text(&login.provider)),
        ("upstream_auth_time", upstream_auth_time.map(number)),
    ]
}

/// §3.1.3.7 (2–5): of the issuer, to the last slash, and made for us alone. No other audience is trusted.
fn check_parties(claims: &Claims, expected: &Expected<'_>) -> Result<(), &'static str> {
    if claims.iss != expected.issuer {
        return Err("iss is another issuer's");
    }
    if !claims.aud.is_only(expected.client_id) {
        return Err("aud is not this client alone");
    }
    if claims.azp.as_ref().is_some_and(|azp| azp != expected.client_id) {
        return Err("azp is another client's");
    }
    Ok(())
}

/// §3.1.3.7 (9, 10), in seconds.
fn check_times(claims: &Claims, now: i64) -> Result<(), &'static str> {
    if claims.exp.0 <= now {
        return Err("expired");
    }
    if claims.iat.0 > now + SKEW {
        return Err("issued in the future");
    }
    texts::check_not_before(claims.nbf.map(|nbf| nbf.0), now)
}

/// `at_hash` (§3.1.3.6): half of the hash that the signature is made with.
fn hash_of(access_token: &str, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::ES384 => Sha384::digest(access_token).to_vec(),
        // RFC 8032 §5.1
        Algorithm::EdDSA => Sha512::digest(access_token).to_vec(),
        _ => Sha256::digest(access_token).to_vec(),
    };
    BASE64_URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}

/// §3.1.3.7 (13): `auth_time` must be young enough when `max_age` or `prompt=login` asked for that.
fn check_auth_time(auth_time: Option<i64>, expected: &Expected<'_>) -> Result<(), &'static str> {
    let now = expected.now / 1000;
    let oldest_by_age = expected.max_age.map(|max_age| now - max_age);
    let oldest_by_prompt = expected.prompt_login.then_some(expected.attempt_began / 1000);
    let Some(oldest) = oldest_by_age.max(oldest_by_prompt) else {
        return Ok(());
    };
    match auth_time {
        None => Err("no auth_time, though one was asked for"),
        Some(auth_time) if auth_time.saturating_add(SKEW) < oldest => Err("auth_time is too old"),
        Some(_) => Ok(()),
    }
}

/// What is kept and shown of the token.
fn check_texts(login: &Login, identity: &Identity) -> Result<(), &'static str> {
    texts::check_subject(&login.subject)?;
    let optional = [&login.sid, &login.acr, &login.amr, &login.provider, &identity.email];
    optional.into_iter().try_for_each(|text| texts::check_text(text.as_deref()))?;
    texts::check_text(Some(&identity.name))
}

/// §3.1.3.7 (12): `acr` is what was asked for, which is a second factor and nothing else; `amr` may say so as well.
fn check_second_factor(login: &Login, asked: Option<&str>) -> Result<(), &'static str> {
    let (acr, amr) = (login.acr.as_deref(), login.amr.as_deref());
    match asked {
        Some(acr_mfa) if !used_second_factor(acr, amr, acr_mfa) => {
            Err("acr is not what was asked for")
        }
        _ => Ok(()),
    }
}

fn login_and_identity(claims: Claims, id_token: String) -> (Login, Identity) {
    let milliseconds = |time: NumericDate| time.0.saturating_mul(1000);
    let identity = Identity {
        issuer: claims.iss.clone(),
        subject: claims.sub.clone(),
        name: texts::display_name(
            claims.name,
            [claims.given_name.as_deref(), claims.family_name.as_deref()],
            claims.email.as_deref(),
        ),
        email_verified: claims.email.is_some() && texts::is_true(claims.email_verified.as_ref()),
        email: claims.email,
    };
    let login = Login {
        issuer: claims.iss,
        subject: claims.sub,
        sid: claims.sid,
        auth_time: claims.auth_time.map(milliseconds),
        acr: claims.acr,
        amr: claims.amr.map(OneOrSeveral::words),
        issued_at: milliseconds(claims.iat),
        provider: claims.provider,
        session_expiry: claims.session_expiry.map(milliseconds),
        id_token,
    };
    (login, identity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn expected(prompt_login: bool, max_age: Option<i64>) -> Expected<'static> {
        Expected {
            issuer: "https://id.example",
            client_id: "storezero",
            nonce: "n",
            prompt_login,
            max_age,
            acr: None,
            attempt_began: 1_000_000_000,
            now: 1_000_300_000,
        }
    }

    #[test]
    fn auth_time_counts_only_where_it_was_asked_for() {
        assert!(check_auth_time(None, &expected(false, None)).is_ok());
        assert!(check_auth_time(None, &expected(true, None)).is_err());
        assert!(check_auth_time(None, &expected(false, Some(600))).is_err());
    }

    #[test]
    fn max_age_and_prompt_demand_a_young_authentication() {
        assert!(check_auth_time(Some(1_000_300 - 600), &expected(false, Some(600))).is_ok());
        assert!(
            check_auth_time(Some(1_000_300 - 600 - SKEW - 1), &expected(false, Some(600))).is_err()
        );
        assert!(check_auth_time(Some(1_000_000), &expected(true, None)).is_ok());
        assert!(check_auth_time(Some(1_000_000 - SKEW - 1), &expected(true, None)).is_err());
    }

    fn claims(name: &str, value: impl Into<Value>) -> Claims {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "ada", "aud": "storezero", "iat": 1000, "exp": 1600,
        });
        claims[name] = value.into();
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn times_are_the_providers_within_a_minute_and_the_end_is_the_end() {
        let check = |name, value: Value| check_times(&claims(name, value), 1000);
        for future in ["iat", "nbf"] {
            assert!(check(future, (1000 + SKEW).into()).is_ok(), "{future}");
            assert!(check(future, (1000 + SKEW + 1).into()).is_err(), "{future}");
        }
        assert!(check("exp", 1001.into()).is_ok());
        assert!(check("exp", 1000.into()).is_err());
        assert!(check("exp", json!(1000.9)).is_err(), "with a fraction");
        assert!(check("exp", json!(-1e300)).is_err() && check("iat", json!(1e300)).is_err());
    }

    #[test]
    fn the_hash_of_an_access_token_is_made_as_the_signature() {
        // The example of OIDC Core §A.3.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(hash_of(token, Algorithm::RS256), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(hash_of(token, Algorithm::ES384).len(), 32);
        assert_eq!(hash_of(token, Algorithm::EdDSA).len(), 43);
    }

    #[test]
    fn the_second_factor_that_was_asked_for_must_have_been_used() {
        let login = |acr: Option<&str>, amr: Option<&str>| Login {
            issuer: String::new(),
            subject: String::new(),
            sid: None,
            auth_time: None,
            acr: acr.map(str::to_owned),
            amr: amr.map(str::to_owned),
            issued_at: 0,
            provider: None,
            session_expiry: None,
            id_token: String::new(),
        };
        assert!(check_second_factor(&login(None, None), None).is_ok());
        assert!(check_second_factor(&login(Some("mfa"), None), Some("mfa")).is_ok());
        assert!(check_second_factor(&login(None, Some("pwd otp")), Some("mfa")).is_ok());
        assert!(check_second_factor(&login(Some("pwd"), Some("pwd")), Some("mfa")).is_err());
        assert!(check_second_factor(&login(None, None), Some("mfa")).is_err());
    }
}
