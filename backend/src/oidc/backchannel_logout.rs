//! `POST /auth/backchannel-logout`: the IdP says that a session of its own ended (OpenID Connect
//! Back-Channel Logout 1.0). No browser is involved, hence no cookie and no CSRF header.

use super::{client::Client, provider::Provider};
use crate::{
    App, Result, db,
    session::{self, EndedBy},
    trace::{Masked, here, note},
};
use actix_web::{
    HttpResponse,
    http::header::CACHE_CONTROL,
    web::{self, Data},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseConnection, EntityTrait as _,
    QueryFilter as _, sea_query::OnConflict,
};
use serde::Deserialize;
use serde_json::Value;
use shared::{
    session::EndReason,
    trace::{Step, Trace, TraceKind},
};

/// Asymmetric algorithms alone, for the reason given at ID tokens.
const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// The event that makes a JWT a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How far the IdP's clock and ours may be apart. Seconds.
const SKEW: i64 = 60;
/// A token older than this is not acted upon, however long it says that it lives. Seconds.
const OLDEST: i64 = 10 * 60;

pub(super) mod entity {
    use sea_orm::entity::prelude::*;

    /// A logout token that was acted upon.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "logout_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub jti: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Deserialize)]
pub(super) struct Form {
    logout_token: String,
}

/// §2.4. What must not be there is read too.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: Option<i64>,
    jti: String,
    #[serde(default)]
    events: Value,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// §2.8: 200, or 400 with an OAuth error; never stored.
pub(super) async fn backchannel_logout(
    app: Data<App>,
    form: Result<web::Form<Form>, actix_web::Error>,
) -> Result<HttpResponse> {
    let Ok(web::Form(Form { logout_token })) = form else {
        return Ok(refuse("the body is no form with a logout_token"));
    };
    let mut trace = Trace::begin(TraceKind::BackchannelLogout, db::now());
    let parameters = [("logout_token", Some(Masked(&logout_token).into()))];
    note(&mut trace, here!(), Step::LogoutToken, parameters);
    let claims = match validate(&app.oidc, &logout_token, db::now() / 1000).await {
        Ok(claims) => claims,
        Err(reason) => return Ok(refuse(reason)),
    };
    note_claims(&claims, &mut trace);
    let jti = claims.jti;
    let by = EndedBy {
        issuer: claims.iss,
        sid: claims.sid,
        subject: claims.sub,
        // A login within the same second counts as older: it is the one that this token ends.
        token_issued_at: claims.iat.saturating_mul(1000),
    };
    let now = db::now();
    session::note_end_by_identity_provider(&app.db, &by, now).await?;
    // Used up together with what it ends: a token whose sessions could not be ended counts when it is sent again.
    let transaction = db::begin_write(&app.db).await?;
    if !is_first_use(&transaction, &jti, now).await? {
        return Ok(refuse("jti was used before"));
    }
    let ended = session::end_by_identity_provider(&transaction, &by, &mut trace, now).await?;
    transaction.commit().await?;
    session::tell_of_end(&app.live, &ended, EndReason::BackchannelLogout).await;
    tracing::info!(ended = ended.len(), "the identity provider ended sessions");
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish())
}

fn note_claims(claims: &Claims, trace: &mut Trace) {
    let parameters = [
        ("iss", Some(claims.iss.clone())),
        ("sub", claims.sub.as_deref().map(|sub| Masked(sub).into())),
        ("sid", claims.sid.as_deref().map(|sid| Masked(sid).into())),
        ("jti", Some(Masked(&claims.jti).into())),
        ("iat", Some(claims.iat.to_string())),
    ];
    note(trace, here!(), Step::LogoutTokenValidated, parameters);
}

fn refuse(reason: &str) -> HttpResponse {
    tracing::warn!(reason, "a logout token was refused");
    HttpResponse::BadRequest()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({ "error": "invalid_request", "error_description": reason }))
}

/// §2.6, in its order. `now` in seconds.
async fn validate(client: &Client, token: &str, now: i64) -> Result<Claims, &'static str> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| "not a JWT")?;
    if !is_logout_token_type(header.typ.as_deref()) {
        return Err("typ is not logout+jwt");
    }
    if !ALGORITHMS.contains(&header.alg) {
        return Err("alg is not accepted");
    }
    let provider = match &header.kid {
        Some(kid) => client.provider_with_key(kid).await,
        None => client.provider().await,
    };
    let provider = provider.map_err(|_| "the provider's keys cannot be fetched")?;
    let claims = verify_signature(&provider, token, header.alg, header.kid.as_deref())?;
    check_claims(
        &claims,
        &client.settings.issuer,
        &client.settings.client_id,
        now,
    )?;
    Ok(claims)
}

/// §2.4: explicit typing, so that no other JWT of the provider passes for a logout token.
fn is_logout_token_type(typ: Option<&str>) -> bool {
    typ.is_some_and(|typ| {
        let typ = typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == "logout+jwt"
    })
}

fn verify_signature(
    provider: &Provider,
    token: &str,
    algorithm: Algorithm,
    kid: Option<&str>,
) -> Result<Claims, &'static str> {
    let key = match kid {
        Some(kid) => provider.keys.find(kid),
        None => provider.keys.keys.first(),
    };
    let key = key.ok_or("the provider has no such key")?;
    let key = DecodingKey::from_jwk(key).map_err(|_| "the provider's key is of no use")?;
    let mut validation = Validation::new(algorithm);
    // These are checked below, by our clock and with our words.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode(token, &key, &validation)
        .map(|data| data.claims)
        .map_err(|_| "the signature does not verify, or a claim is missing")
}

fn check_claims(
    claims: &Claims,
    issuer: &str,
    client_id: &str,
    now: i64,
) -> Result<(), &'static str> {
    let is_for_us = match &claims.aud {
        Audience::One(audience) => audience == client_id,
        Audience::Several(audiences) => audiences.iter().any(|audience| audience == client_id),
    };
    if claims.iss != issuer {
        return Err("iss is another issuer's");
    }
    if !is_for_us {
        return Err("aud is not this client");
    }
    if claims.iat > now + SKEW {
        return Err("issued in the future");
    }
    if claims.iat < now - OLDEST {
        return Err("issued too long ago");
    }
    if claims.exp.is_some_and(|exp| exp.saturating_add(SKEW) < now) {
        return Err("expired");
    }
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err("events does not name a back-channel logout");
    }
    if claims.nonce.is_some() {
        return Err("nonce must not be there");
    }
    if claims.sub.is_none() && claims.sid.is_none() {
        return Err("neither sub nor sid");
    }
    Ok(())
}

/// §2.6 (7): a token that was recorded elsewhere ends nothing a second time.
async fn is_first_use(db: &impl ConnectionTrait, jti: &str, now: i64) -> Result<bool> {
    let inserted = entity::Entity::insert(entity::ActiveModel {
        jti: Set(crate::crypto::fingerprint(jti)),
        at: Set(now),
    })
    .on_conflict(
        OnConflict::column(entity::Column::Jti)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(inserted == 1)
}

/// Logout tokens that are too old anyway need not be remembered.
pub(super) async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    let oldest = now - 2 * (OLDEST + SKEW) * 1000;
    entity::Entity::delete_many()
        .filter(entity::Column::At.lt(oldest))
        .exec(db)
        .await?;
    Ok(())
}
