//! `POST /auth/logout`: ends the local session, always, and says where the browser goes next.

use super::signed_out_mark;
use crate::{
    Config, Result, cart, db,
    http::Json,
    oidc::{self, end_session_request},
    session::{self, SessionRow, Sessions, Visitor},
    trace::record,
};
use actix_web::{HttpResponse, web::Data};
use shared::{
    paths::page,
    session::{EndReason, LogoutRequest, LogoutResponse, LogoutScope},
    trace::{Step, Trace, TraceKind},
};

pub(super) async fn logout(
    config: Data<Config>,
    sessions: Data<Sessions>,
    oidc: Data<oidc::Client>,
    visitor: Visitor,
    Json(request): Json<LogoutRequest>,
) -> Result<HttpResponse> {
    let mut trace = Trace::begin(TraceKind::Logout, db::now());
    record(&mut trace, Step::LogoutRequested, request);
    // Read before the session takes it along.
    let id_token_hint = match &visitor.session {
        Some(row) => sessions.id_token_hint(&row.id).await?,
        None => None,
    };
    if let Some(row) = &visitor.session {
        record_end(row, &mut trace);
        let ids = std::slice::from_ref(&row.id);
        sessions.revoke(ids, EndReason::Logout).await?;
    }
    visitor.forget_session();
    let scope = request.scope;
    let provider = match scope {
        LogoutScope::Local => None,
        // Where the IdP is down, the local session has ended all the same.
        _ => oidc.provider().await.ok(),
    };
    let end_session = provider.and_then(|provider| {
        end_session_request::url(&oidc, &provider, id_token_hint.as_deref(), scope, &mut trace)
    });
    let next = match end_session {
        Some(url) => url.into(),
        None => format!("{}?state={}", page::SIGNED_OUT, LogoutScope::Local.into_str()),
    };
    Ok(HttpResponse::Ok()
        .cookie(cart::removal_cookie(&config))
        .cookie(signed_out_mark::cookie(&config))
        .json(LogoutResponse { next, trace }))
}

fn record_end(row: &SessionRow, trace: &mut Trace) {
    trace.provider.clone_from(&row.provider);
    let last_id_token = row.id_token_issued_at.map(|at| at.to_string());
    let parameters =
        [("session", Some(session::fingerprint(&row.id))), ("last ID token", last_id_token)];
    record(trace, Step::SessionEnded, parameters);
}
