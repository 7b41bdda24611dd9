//! The logout token (OpenID Connect Back-Channel Logout 1.0 §2.4): the IdP says that a session of its own ended.

use super::{
    Client, SKEW, claims as texts,
    jwt::{self, OneOrSeveral},
};
use crate::{Result, crypto, db, session::EndedLogin, trace::record};
use jsonwebtoken::Header;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseConnection, EntityTrait as _,
    QueryFilter as _,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use shared::trace::{Step, Trace};

/// The event that makes a JWT a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A token older than this is not acted upon, however long it says that it lives. Seconds.
const OLDEST: i64 = 10 * 60;
/// Of `reason`, in bytes.
const LONGEST_REASON: usize = 40;

pub(super) mod entity {
    use sea_orm::entity::prelude::*;

    /// A logout token that was acted upon.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "logout_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub jti: String,
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// §2.4. What must not be there is read too; what is written is what the Explorer shows.
#[derive(Debug, Deserialize, Serialize)]
struct Claims {
    iss: String,
    sub: Option<String>,
    sid: Option<String>,
    jti: String,
    iat: i64,
    /// Why the session ended; the name and its words are our IdP's own. No rule depends on it: what is no such word
    /// counts as not said.
    #[serde(default, deserialize_with = "word")]
    reason: Option<String>,
    #[serde(skip_serializing)]
    aud: OneOrSeveral,
    #[serde(skip_serializing)]
    exp: i64,
    #[serde(skip_serializing)]
    nbf: Option<i64>,
    #[serde(default, skip_serializing)]
    events: Value,
    /// Even as `null`.
    #[serde(default, deserialize_with = "present", skip_serializing)]
    nonce: Option<Value>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let is_word = |text: &str| {
        (1..=LONGEST_REASON).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    let claim = Value::deserialize(deserializer)?;
    Ok(claim.as_str().filter(|text| is_word(text)).map(str::to_owned))
}

/// A logout token that may be acted upon.
#[derive(Debug)]
pub struct LogoutToken {
    pub ends: EndedLogin,
    jti: String,
}

/// §2.6, in its order. `now` in seconds since the Unix epoch.
///
/// # Errors
/// What is wrong with the token, for the log and for its sender.
#[tracing::instrument(skip_all)]
pub async fn validate(
    client: &Client,
    token: &str,
    now: i64,
    trace: &mut Trace,
) -> Result<LogoutToken, &'static str> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| "not a JWT")?;
    if !is_of_type(&header, client.settings().requires_logout_token_type) {
        return Err("typ is not logout+jwt");
    }
    if !jwt::is_accepted(&header) {
        return Err("alg is not accepted");
    }
    let provider = client.discovery.provider_with_key(header.kid.as_deref()).await;
    let provider = provider.map_err(|_| "the provider's keys cannot be fetched")?;
    let claims = jwt::verify_signature(&provider, token, &header)?;
    let claims =
        serde_json::from_value(claims).map_err(|_| "a claim is missing, or is not of its kind")?;
    let settings = client.settings();
    check_claims(&claims, &settings.issuer, &settings.client_id, now)?;
    record(trace, Step::LogoutTokenValidated, &claims);
    Ok(LogoutToken {
        jti: claims.jti,
        ends: EndedLogin {
            issuer: claims.iss,
            sid: claims.sid,
            subject: claims.sub,
            // A login within the same second counts as older: it is the one that this token ends.
            token_issued_at: claims.iat.saturating_mul(1000),
        },
    })
}

/// §2.4 recommends explicit typing. Of providers that leave it out (Auth0) the token is told from others by `events` and
/// the missing `nonce`; a type that names something else is refused in any case.
fn is_of_type(header: &Header, is_required: bool) -> bool {
    jwt::is_of_type(header, "logout+jwt") || (jwt::is_untyped(header) && !is_required)
}

fn check_claims(
    claims: &Claims,
    issuer: &str,
    client_id: &str,
    now: i64,
) -> Result<(), &'static str> {
    if claims.iss != issuer {
        return Err("iss is another issuer's");
    }
    if !claims.aud.contains(client_id) {
        return Err("aud is not this client");
    }
    if claims.iat > now + SKEW {
        return Err("issued in the future");
    }
    if claims.iat < now - OLDEST {
        return Err("issued too long ago");
    }
    if claims.exp.saturating_add(SKEW) < now {
        return Err("expired");
    }
    texts::check_not_before(claims.nbf, now)?;
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err("events does not name a back-channel logout");
    }
    if claims.nonce.is_some() {
        return Err("nonce must not be there");
    }
    if claims.sub.is_none() && claims.sid.is_none() {
        return Err("neither sub nor sid");
    }
    claims.sub.as_deref().map_or(Ok(()), texts::check_subject)?;
    if claims.sid.as_deref() == Some("") {
        return Err("sid is empty");
    }
    texts::check_text(claims.sid.as_deref())
}

impl LogoutToken {
    /// §2.6 (8): a token that was recorded elsewhere ends nothing a second time. `false` for one that was used before.
    pub async fn redeem(&self, db: &impl ConnectionTrait, now: i64) -> Result<bool> {
        let used = entity::ActiveModel { jti: Set(crypto::fingerprint(&self.jti)), at: Set(now) };
        Ok(db::insert_new(db, used).await?)
    }
}

/// Logout tokens that are too old anyway need not be remembered.
pub(super) async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    let oldest = now - 2 * (OLDEST + SKEW) * 1000;
    entity::Entity::delete_many().filter(entity::Column::At.lt(oldest)).exec(db).await?;
    Ok(())
}
