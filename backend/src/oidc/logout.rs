//! `POST /auth/logout`: ends the local session, always, and says where the browser goes next.

use super::provider::Provider;
use crate::{
    App, Result, cart, db,
    input::Json,
    session::{self, Visitor},
};
use actix_web::{HttpResponse, web::Data};
use shared::{
    paths::page,
    session::{EndReason, LogoutRequest, LogoutResponse, LogoutScope},
};
use url::Url;

pub(super) async fn logout(
    app: Data<App>,
    visitor: Visitor,
    Json(request): Json<LogoutRequest>,
) -> Result<HttpResponse> {
    let next = match request.scope {
        LogoutScope::Local => signed_out("local"),
        LogoutScope::Idp => at_identity_provider(&app, &visitor).await?,
    };
    if let Some(row) = &visitor.session {
        session::end(
            &app.live,
            std::slice::from_ref(&row.id),
            EndReason::Logout,
            db::now(),
        )
        .await?;
    }
    session::forget_browser(&visitor);
    let guest_cart = cart::removal_cookie(&app.config);
    Ok(HttpResponse::Ok()
        .cookie(guest_cart)
        .json(LogoutResponse { next }))
}

/// Where the IdP's own session ends. An IdP that is down or knows no logout leaves the local one.
async fn at_identity_provider(app: &App, visitor: &Visitor) -> Result<String> {
    let id_token = match &visitor.session {
        Some(row) => session::id_token(&app.db, &app.config.secret_key, &row.id).await?,
        None => None,
    };
    let url = match app.oidc.provider().await {
        Ok(provider) => end_session_url(
            &provider,
            &app.oidc.settings.client_id,
            &app.config.public(page::SIGNED_OUT),
            id_token.as_deref(),
        ),
        Err(_) => None,
    };
    Ok(url.map_or_else(|| signed_out("local"), String::from))
}

/// `state` says what ended: the IdP hands its own back in the same parameter.
fn signed_out(state: &str) -> String {
    format!("{}?state={state}", page::SIGNED_OUT)
}

/// OpenID Connect RP-Initiated Logout 1.0 §2; Auth0's `/v2/logout` where a tenant has no such endpoint.
fn end_session_url(
    provider: &Provider,
    client_id: &str,
    signed_out: &str,
    id_token: Option<&str>,
) -> Option<Url> {
    if let Some(endpoint) = provider.end_session_endpoint() {
        let mut url = endpoint.clone();
        url.query_pairs_mut()
            .append_pair("client_id", client_id)
            .append_pair("post_logout_redirect_uri", signed_out)
            .append_pair("state", "idp");
        if let Some(id_token) = id_token {
            url.query_pairs_mut().append_pair("id_token_hint", id_token);
        }
        return Some(url);
    }
    let issuer = provider.metadata.issuer().url();
    if !issuer.host_str()?.ends_with(".auth0.com") {
        return None;
    }
    let mut url = issuer.join("/v2/logout").ok()?;
    url.query_pairs_mut()
        .append_pair("client_id", client_id)
        .append_pair("returnTo", &format!("{signed_out}?state=idp"));
    Some(url)
}
