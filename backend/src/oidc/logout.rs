//! `POST /auth/logout`: ends the local session, always, and says where the browser goes next.

use super::provider::Provider;
use crate::{
    App, Result, cart, db,
    input::Json,
    session::{self, Visitor},
    trace::{here, note, parameters_of},
};
use actix_web::{HttpResponse, web::Data};
use shared::{
    paths::page,
    session::{EndReason, LogoutRequest, LogoutResponse, LogoutScope},
    trace::{Step, Trace, TraceKind},
};
use url::Url;

pub(super) async fn logout(
    app: Data<App>,
    visitor: Visitor,
    Json(request): Json<LogoutRequest>,
) -> Result<HttpResponse> {
    let mut trace = Trace::begin(TraceKind::Logout, db::now());
    let scope = Some(request.scope.into_str().to_owned());
    note(
        &mut trace,
        here!(),
        Step::LogoutRequested,
        [("scope", scope)],
    );
    let end_session = match request.scope {
        LogoutScope::Local => None,
        scope => at_identity_provider(&app, &visitor, scope).await?,
    };
    if let Some(row) = &visitor.session {
        trace.provider.clone_from(&row.provider);
        let parameters = [
            ("session", Some(session::fingerprint(&row.id))),
            (
                "last ID token",
                row.id_token_issued_at.map(|at| at.to_string()),
            ),
        ];
        note(&mut trace, here!(), Step::SessionEnded, parameters);
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
    let next = match end_session {
        Some(url) => {
            parameters_of(
                &mut trace,
                here!(),
                Step::EndSessionRequest,
                &url,
                &["id_token_hint"],
            );
            url.into()
        }
        None => signed_out(LogoutScope::Local),
    };
    Ok(HttpResponse::Ok()
        .cookie(guest_cart)
        .cookie(session::signed_out_mark::cookie(&app.config))
        .json(LogoutResponse { next, trace }))
}

/// Where the IdP's own session ends; nowhere if it is down or knows no logout.
async fn at_identity_provider(
    app: &App,
    visitor: &Visitor,
    scope: LogoutScope,
) -> Result<Option<Url>> {
    let id_token_hint = match &visitor.session {
        Some(row) => session::id_token(&app.db, &app.config.secret_key, &row.id).await?,
        None => None,
    };
    let Ok(provider) = app.oidc.provider().await else {
        return Ok(None);
    };
    let request = EndSession {
        client_id: &app.oidc.settings.client_id,
        signed_out: app.config.public(page::SIGNED_OUT).into(),
        id_token_hint,
        scope,
    };
    Ok(request.url(&provider))
}

/// `state` says what ended: the IdP hands its own back in the same parameter.
fn signed_out(scope: LogoutScope) -> String {
    format!("{}?state={}", page::SIGNED_OUT, scope.into_str())
}

/// OpenID Connect RP-Initiated Logout 1.0 §2.
struct EndSession<'a> {
    client_id: &'a str,
    signed_out: String,
    id_token_hint: Option<String>,
    scope: LogoutScope,
}

impl EndSession<'_> {
    fn url(&self, provider: &Provider) -> Option<Url> {
        let mut url = match provider.end_session_endpoint() {
            Some(endpoint) => self.standard(endpoint.clone()),
            None if provider.is_auth0() => self.auth0(provider)?,
            None => return None,
        };
        if self.scope == LogoutScope::Federated && provider.ends_social_sessions() {
            url.query_pairs_mut().append_pair("federated", "1");
        }
        Some(url)
    }

    fn standard(&self, mut url: Url) -> Url {
        url.query_pairs_mut()
            .append_pair("client_id", self.client_id)
            .append_pair("post_logout_redirect_uri", &self.signed_out)
            .append_pair("state", self.scope.into_str());
        if let Some(id_token) = &self.id_token_hint {
            url.query_pairs_mut().append_pair("id_token_hint", id_token);
        }
        url
    }

    /// Tenants without the standard's endpoint have one of Auth0's own.
    fn auth0(&self, provider: &Provider) -> Option<Url> {
        let mut url = provider.metadata.issuer().url().join("/v2/logout").ok()?;
        let return_to = format!("{}?state={}", self.signed_out, self.scope.into_str());
        url.query_pairs_mut()
            .append_pair("client_id", self.client_id)
            .append_pair("returnTo", &return_to);
        Some(url)
    }
}
