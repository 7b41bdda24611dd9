//! ID token validation (OIDC Core §3.1.3.7). openidconnect checks signature, issuer, audience, expiry and
//! nonce; the rest is checked here.

use super::{
    SKEW, claims as texts,
    types::{ExtraClaims, RelyingParty, Tokens},
};
use crate::{
    customers::Identity,
    session::{Login, used_second_factor},
    trace::record,
};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, IdTokenClaims, Nonce, OAuth2TokenResponse as _,
    TokenResponse as _,
    core::{CoreGenderClaim, CoreJwsSigningAlgorithm},
};
use shared::trace::{Step, Trace};
use std::borrow::Cow;

/// Asymmetric algorithms alone, whatever discovery offers: with HS256 anybody who knows the client secret
/// could make tokens, and with `none` everybody.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 5] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// `auth_time` has whole seconds, an attempt milliseconds.
const A_SECOND: i64 = 1000;

type Claims = IdTokenClaims<ExtraClaims, CoreGenderClaim>;

/// What the attempt and the clock demand of the token.
pub(super) struct Expected<'a> {
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
    jsonwebtoken::decode_header(tokens.id_token()?.to_string()).ok()?.kid
}

#[tracing::instrument(skip_all)]
pub(super) fn validate(
    relying_party: &RelyingParty,
    tokens: &Tokens,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<(Login, Identity), String> {
    let id_token = tokens.id_token().ok_or("the token response has no ID token")?;
    let verifier = relying_party.id_token_verifier().set_allowed_algs(ALGORITHMS);
    let nonce = Nonce::new(expected.nonce.to_owned());
    let claims = id_token.claims(&verifier, &nonce).map_err(|error| reason(&error))?;
    check_authorized_party(claims, expected.client_id)?;
    check_issue_time(claims.issue_time().timestamp(), expected.now / 1000)?;
    texts::check_not_before(claims.additional_claims().nbf, expected.now / 1000)?;
    check_auth_time(claims.auth_time().map(|time| time.timestamp()), expected)?;
    if let Some(at_hash) = claims.access_token_hash() {
        let key = id_token.signing_key(&verifier).map_err(|error| error.to_string())?;
        let algorithm = id_token.signing_alg().map_err(|error| error.to_string())?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
            .map_err(|error| error.to_string())?;
        if actual != *at_hash {
            return Err("at_hash does not fit the access token".to_owned());
        }
    }
    let login = login(claims, id_token.to_string());
    let identity = identity(claims);
    check_texts(&login, &identity)?;
    check_second_factor(&login, expected.acr)?;
    trace.provider.clone_from(&login.provider);
    trace.asked = login.auth_time.map(|auth_time| auth_time > expected.attempt_began - A_SECOND);
    record(trace, Step::IdTokenValidated, shown(&login, expected.nonce));
    Ok((login, identity))
}

/// What the Explorer shows of a validated token.
fn shown<'a>(login: &'a Login, nonce: &'a str) -> [(&'static str, Option<Cow<'a, str>>); 8] {
    let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
    let auth_time = login.auth_time.map(|time| (time / 1000).to_string().into());
    [
        ("iss", Some(Cow::Borrowed(&*login.issuer))),
        ("sub", Some(Cow::Borrowed(&*login.subject))),
        ("sid", text(&login.sid)),
        ("nonce", Some(Cow::Borrowed(nonce))),
        ("auth_time", auth_time),
        ("acr", text(&login.acr)),
        ("amr", text(&login.amr)),
        ("provider", text(&login.provider)),
    ]
}

/// §3.1.3.7 (4, 5): a token that was made for another party is not for us, even where we are in `aud`.
fn check_authorized_party(claims: &Claims, client_id: &str) -> Result<(), String> {
    match claims.authorized_party() {
        Some(party) if party.as_str() != client_id => Err("azp is another client's".to_owned()),
        None if claims.audiences().len() > 1 => Err("several audiences and no azp".to_owned()),
        _ => Ok(()),
    }
}

/// §3.1.3.7 (10), in seconds.
fn check_issue_time(issued_at: i64, now: i64) -> Result<(), String> {
    if issued_at > now + SKEW {
        return Err("issued in the future".to_owned());
    }
    Ok(())
}

/// §3.1.3.7 (13): `auth_time` must be young enough when `max_age` or `prompt=login` asked for that.
fn check_auth_time(auth_time: Option<i64>, expected: &Expected<'_>) -> Result<(), String> {
    let now = expected.now / 1000;
    let oldest_by_age = expected.max_age.map(|max_age| now - max_age);
    let oldest_by_prompt = expected.prompt_login.then_some(expected.attempt_began / 1000);
    let Some(oldest) = oldest_by_age.max(oldest_by_prompt) else {
        return Ok(());
    };
    match auth_time {
        None => Err("no auth_time, though one was asked for".to_owned()),
        Some(auth_time) if auth_time.saturating_add(SKEW) < oldest => {
            Err("auth_time is too old".to_owned())
        }
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
fn check_second_factor(login: &Login, asked: Option<&str>) -> Result<(), String> {
    let (acr, amr) = (login.acr.as_deref(), login.amr.as_deref());
    match asked {
        Some(acr_mfa) if !used_second_factor(acr, amr, acr_mfa) => {
            Err("acr is not what was asked for".to_owned())
        }
        _ => Ok(()),
    }
}

fn login(claims: &Claims, id_token: String) -> Login {
    let milliseconds = |seconds: i64| seconds.saturating_mul(1000);
    let extra = claims.additional_claims();
    let amr = claims
        .auth_method_refs()
        .map(|methods| methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(" "));
    Login {
        issuer: claims.issuer().to_string(),
        subject: claims.subject().to_string(),
        sid: extra.sid.clone(),
        auth_time: claims.auth_time().map(|time| milliseconds(time.timestamp())),
        acr: claims.auth_context_ref().map(|acr| acr.as_str().to_owned()),
        amr,
        issued_at: milliseconds(claims.issue_time().timestamp()),
        provider: extra.provider.clone(),
        session_expiry: extra.session_expiry.map(milliseconds),
        id_token,
    }
}

fn identity(claims: &Claims) -> Identity {
    let email = claims.email().map(|email| email.to_string());
    let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
    let given = claims.given_name().and_then(|name| name.get(None)).map(|name| name.as_str());
    let family = claims.family_name().and_then(|name| name.get(None)).map(|name| name.as_str());
    Identity {
        issuer: claims.issuer().to_string(),
        subject: claims.subject().to_string(),
        name: texts::display_name(name, [given, family], email.as_deref()),
        email_verified: email.is_some() && claims.email_verified() == Some(true),
        email,
    }
}

/// The failed check, without the token's contents.
fn reason(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "aud is not this client",
        ClaimsVerificationError::InvalidIssuer(_) => "iss is another issuer's",
        ClaimsVerificationError::InvalidNonce(_) => "nonce is not the attempt's",
        ClaimsVerificationError::InvalidSubject(_) => "sub is not as expected",
        ClaimsVerificationError::SignatureVerification(_) => "the signature does not verify",
        _ => "not a valid ID token",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(prompt_login: bool, max_age: Option<i64>) -> Expected<'static> {
        Expected {
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

    #[test]
    fn a_token_from_the_future_is_refused() {
        assert!(check_issue_time(1000 + SKEW, 1000).is_ok());
        assert!(check_issue_time(1000 + SKEW + 1, 1000).is_err());
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
