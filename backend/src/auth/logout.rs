//! `POST /auth/logout`: ends the local session, always, and says where the browser goes next.

use super::{end_session, signed_out_mark, signed_out_of_the_shop};
use crate::{
    Config, Result, cart, db,
    http::Json,
    oidc::{self, end_session_request},
    session::{self, SessionRow, Sessions, Visitor},
    trace::record,
};
use actix_web::{HttpResponse, web::Data};
use shared::{
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
    let end_session =
        provider.and_then(|provider| end_session_request(&oidc, &provider, id_token_hint, scope));
    let (next, leaving) = match &end_session {
        Some(request) => {
            request.record(&mut trace);
            end_session::way(&config, &sessions, scope, request)?
        }
        None => (signed_out_of_the_shop(), None),
    };
    let mut answer = HttpResponse::Ok();
    if let Some(cookie) = leaving {
        answer.cookie(cookie);
    }
    Ok(answer
        .cookie(cart::removal_cookie(&config))
        .cookie(signed_out_mark::cookie(&config))
        .json(LogoutResponse { next, trace }))
}

fn record_end(row: &SessionRow, trace: &mut Trace) {
    trace.provider.clone_from(&row.provider);
    let last_id_token = row.id_token_issued_at.map(|at| at.to_string());
    let parameters = [
        ("session", Some(session::fingerprint(&row.id))),
        ("sid", row.sid.clone()),
        ("last ID token", last_id_token),
    ];
    record(trace, Step::SessionEnded, parameters);
}
