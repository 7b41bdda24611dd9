//! `POST /auth/backchannel-logout`: the IdP says that a session of its own ended (OpenID Connect
//! Back-Channel Logout 1.0). No browser is involved, hence no cookie and no CSRF header.

use crate::{
    Result, db,
    http::{
        fetch_metadata,
        limits::{self, Limit},
    },
    oidc::{self, logout_token},
    session::{self, Filter, Sessions, revoke},
    trace::record,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::CACHE_CONTROL,
    web::{Data, Form},
};
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use shared::{
    session::EndReason,
    trace::{Step, Trace, TraceKind},
};

#[derive(Deserialize, Serialize)]
pub(super) struct Body {
    logout_token: String,
}

/// §2.8: 200, or 400 with an OAuth error; never stored.
pub(super) async fn backchannel_logout(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    body: Result<Form<Body>, actix_web::Error>,
) -> Result<HttpResponse> {
    if fetch_metadata::require_no_browser(&request).is_err() {
        return Ok(refuse("a browser sent it"));
    }
    let Ok(Form(body)) = body else {
        return Ok(refuse("the body is no form with a logout_token"));
    };
    let now = db::now();
    let mut trace = Trace::begin(TraceKind::BackchannelLogout, now);
    record(&mut trace, Step::LogoutToken, &body);
    let validated = logout_token::validate(&oidc, &body.logout_token, now / 1000, &mut trace).await;
    let token = match validated {
        Ok(token) => token,
        Err(reason) => return Ok(refuse(reason)),
    };
    limits::spend_overall(&request, Limit::BackchannelLogouts)?;
    // Used up together with what it ends: a token whose sessions could not be ended counts when it is sent again.
    let transaction = db::begin_write(&db).await?;
    session::let_logins_finish(&transaction).await?;
    if !token.redeem(&transaction, now).await? {
        return Ok(refuse("jti was used before"));
    }
    token.ends.remember(&transaction, now).await?;
    // Before it happens: the trace is stored with the keys of the sessions that end.
    record(&mut trace, Step::SessionEnded, ());
    record(&mut trace, Step::LogoutTokenAnswered, ());
    let ended = revoke(
        &transaction,
        Filter::Login(&token.ends),
        EndReason::BackchannelLogout,
        Some(&trace),
        now,
    )
    .await?;
    transaction.commit().await?;
    sessions.live.publish(&ended).await;
    tracing::info!(ended = ended.len(), "the identity provider ended sessions");
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).finish())
}

fn refuse(reason: &str) -> HttpResponse {
    tracing::warn!(reason, "a logout token was refused");
    HttpResponse::BadRequest()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({ "error": "invalid_request", "error_description": reason }))
}
