//! The access token as a JWT (RFC 9068): what a page without a session is let in by. The API is its audience; for
//! the page it is a text without meaning.

use super::{
    Client, SKEW, claims as texts,
    jwt::{self, OneOrSeveral},
};
use crate::customers::Identity;
use serde::Deserialize;
use serde_json::Value;

/// A token that is good for this API. Times are milliseconds since the Unix epoch.
#[derive(Debug)]
pub struct AccessToken {
    pub identity: Identity,
    pub issued_at: i64,
    pub auth_time: Option<i64>,
    pub acr: Option<String>,
    /// Separated by spaces.
    pub amr: Option<String>,
    scope: String,
}

/// What is wrong, in the words of an `error_description`: ASCII without quotation marks (RFC 6750 §3), and without
/// anything of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Invalid(&'static str),
    /// Nothing is wrong with it that could be known now.
    Unavailable,
}

/// RFC 9068 §2.2. Those about the person are their IdP's to add; the shop reads those of OIDC Core §5.1.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: Option<String>,
    aud: OneOrSeveral,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    #[serde(default)]
    scope: String,
    auth_time: Option<i64>,
    acr: Option<String>,
    amr: Option<OneOrSeveral>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    email: Option<String>,
    email_verified: Option<Value>,
}

impl AccessToken {
    /// RFC 8693 §4.2: words, separated by spaces.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}

/// §4. `now` in seconds since the Unix epoch.
#[tracing::instrument(skip_all)]
pub async fn validate(client: &Client, token: &str, now: i64) -> Result<AccessToken, Refusal> {
    let invalid = |reason| Err(Refusal::Invalid(reason));
    let Ok(header) = jsonwebtoken::decode_header(token) else {
        return invalid("The access token is no signed JWT.");
    };
    // An ID token is the client's to read, and no key to anything.
    if !jwt::is_of_type(&header, "at+jwt") {
        return invalid("The token is of another type than an access token.");
    }
    if !jwt::is_accepted(&header) {
        return invalid("The access token is signed in a way that is not accepted.");
    }
    let provider = client.discovery.provider_with_known_key(header.kid.as_deref()).await;
    let provider = provider.map_err(|_| Refusal::Unavailable)?;
    let Ok(claims) = jwt::verify_signature(&provider, token, &header) else {
        return invalid("The signature of the access token does not verify.");
    };
    let Ok(claims) = serde_json::from_value(claims) else {
        return invalid("A claim of the access token is missing, or is not of its kind.");
    };
    let (issuer, audience) = (&client.settings().issuer, &client.config.api_audience);
    check_claims(&claims, issuer, audience, now).map_err(Refusal::Invalid)?;
    Ok(access_token(claims))
}

fn check_claims(
    claims: &Claims,
    issuer: &str,
    audience: &str,
    now: i64,
) -> Result<(), &'static str> {
    if claims.iss != issuer {
        return Err("The access token is of another issuer.");
    }
    if !claims.aud.contains(audience) {
        return Err("The access token is for another audience.");
    }
    if claims.exp.saturating_add(SKEW) <= now {
        return Err("The access token has expired.");
    }
    if claims.nbf.is_some_and(|nbf| nbf > now + SKEW) {
        return Err("The access token is not valid yet.");
    }
    if claims.iat > now + SKEW {
        return Err("The access token was issued in the future.");
    }
    if texts::check_subject(claims.sub.as_deref().unwrap_or_default()).is_err() {
        return Err("The access token names nobody.");
    }
    let Claims { name, given_name, family_name, email, .. } = claims;
    for text in [name, given_name, family_name, email] {
        if texts::check_text(text.as_deref()).is_err() {
            return Err("A claim of the access token is too long, or no text.");
        }
    }
    Ok(())
}

fn access_token(claims: Claims) -> AccessToken {
    let milliseconds = |seconds: i64| seconds.saturating_mul(1000);
    AccessToken {
        issued_at: milliseconds(claims.iat),
        auth_time: claims.auth_time.map(milliseconds),
        acr: claims.acr,
        amr: claims.amr.map(OneOrSeveral::words),
        scope: claims.scope,
        identity: Identity {
            issuer: claims.iss,
            subject: claims.sub.unwrap_or_default(),
            name: texts::display_name(
                claims.name,
                [claims.given_name.as_deref(), claims.family_name.as_deref()],
                claims.email.as_deref(),
            ),
            email_verified: claims.email.is_some()
                && texts::is_true(claims.email_verified.as_ref()),
            email: claims.email,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_000_000;

    fn claims() -> Value {
        json!({
            "iss": "https://id.example", "sub": "ada", "aud": "https://shop.example/api",
            "iat": NOW, "exp": NOW + 600,
        })
    }

    fn checked(name: &str, value: impl Into<Value>) -> Result<(), &'static str> {
        let mut claims = claims();
        claims[name] = value.into();
        let claims = serde_json::from_value(claims).unwrap();
        check_claims(&claims, "https://id.example", "https://shop.example/api", NOW)
    }

    #[test]
    fn times_may_be_apart_by_a_minute_and_no_more() {
        assert!(checked("exp", NOW - SKEW + 1).is_ok());
        assert!(checked("exp", NOW - SKEW).is_err());
        for future in ["nbf", "iat"] {
            assert!(checked(future, NOW + SKEW).is_ok(), "{future}");
            assert!(checked(future, NOW + SKEW + 1).is_err(), "{future}");
        }
        assert!(checked("exp", i64::MAX).is_ok());
        assert!(checked("exp", i64::MIN).is_err());
    }

    #[test]
    fn each_fault_has_words_of_its_own() {
        let faults = [
            checked("iss", "https://id.example/"),
            checked("aud", json!(["https://shop.example", "https://shop.example/api/"])),
            checked("exp", NOW - 3600),
            checked("nbf", NOW + 3600),
            checked("iat", NOW + 3600),
            checked("sub", ""),
        ];
        let words: std::collections::HashSet<&str> =
            faults.into_iter().map(|fault| fault.expect_err("a fault")).collect();
        assert_eq!(words.len(), 6);
        for text in words {
            // RFC 6750 §3: what may stand in an error_description.
            assert!(text.bytes().all(|b| matches!(b, b' '..=b'~') && !b"\"\\".contains(&b)));
        }
    }

    #[test]
    fn a_scope_is_a_whole_word() {
        let mut claims = claims();
        claims["scope"] = "openid orders-all account".into();
        let token = access_token(serde_json::from_value(claims).unwrap());
        assert!(token.has_scope("account"));
        assert!(!token.has_scope("orders") && !token.has_scope("orders account"));
    }
}
