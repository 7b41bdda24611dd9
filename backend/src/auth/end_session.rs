//! `GET /auth/end-session`: takes the ID token to the IdP as the hint of a logout, in a form, so that it stands in no
//! address. The token comes from an encrypted cookie of a minute, since the session that kept it has ended; no script of
//! the shop's pages gets to read it.

use crate::{
    Config, Result,
    http::{Query, cookies, escape::html, fetch_metadata, see_other},
    oidc::{self, EndSessionRequest, end_session_request},
    session::Sessions,
};
use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, time::Duration},
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    web::Data,
};
use serde::{Deserialize, Serialize};
use shared::{
    paths::{auth, page},
    session::LogoutScope,
};

const COOKIE: &str = "storezero-leaving";
/// In place of the token, until the browser is closed: whoever comes by the Back button has been at the IdP.
const USED: &str = "used";
const LIVES: Duration = Duration::minutes(1);
const SCRIPT: &str = include_str!("end_session/submit.js");
/// Without `form-action`: the IdP may send the browser on to a social provider, wherever that is.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Deserialize, Serialize)]
pub(super) struct Leaving {
    scope: LogoutScope,
}

/// Where the browser goes to bring this request to the IdP, and the cookie that it needs for it.
pub(super) fn way(
    config: &Config,
    sessions: &Sessions,
    scope: LogoutScope,
    request: &EndSessionRequest,
) -> Result<(String, Option<Cookie<'static>>)> {
    let Some(hint) = request.hint() else {
        return Ok((request.url().into(), None));
    };
    let mut cookie = cookies::strict(config, COOKIE, sessions.seal_hint(hint)?);
    cookie.set_max_age(LIVES);
    let query = serde_urlencoded::to_string(Leaving { scope }).unwrap_or_default();
    Ok((format!("{}?{query}", auth::END_SESSION), Some(cookie)))
}

pub(super) async fn leave(
    config: Data<Config>,
    sessions: Data<Sessions>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    Query(Leaving { scope }): Query<Leaving>,
) -> Result<HttpResponse> {
    fetch_metadata::require_document_navigation(&request)?;
    let cookie = cookies::value(&request, &config, COOKIE);
    let by_back_button = cookie.as_deref() == Some(USED);
    if by_back_button || fetch_metadata::is_from_another_site(&request) {
        return Ok(see_other(page::HOME));
    }
    // Without it, since a minute has passed or the browser keeps no cookies, the IdP asks whether to sign out.
    let hint = cookie.and_then(|cookie| sessions.open_hint(&cookie));
    let provider = oidc.provider().await.ok().filter(|_| scope != LogoutScope::Local);
    let end_session =
        provider.and_then(|provider| end_session_request(&oidc, &provider, hint, scope));
    let mut answer = match end_session {
        Some(request) => form(&request),
        None => see_other(&super::signed_out_of_the_shop()),
    };
    let used = cookies::strict(&config, COOKIE, USED);
    answer.add_cookie(&used).map_err(anyhow::Error::from)?;
    Ok(answer)
}

pub(super) async fn script() -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8")).body(SCRIPT)
}

fn form(request: &EndSessionRequest) -> HttpResponse {
    let fields = request.parameters.iter().map(|(name, value)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", html(value))
    });
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Signing out</title>\n\
         <form method=\"post\" action=\"{}\">\n{}<button>Sign out</button>\n</form>\n\
         <script src=\"{}\"></script>\n</html>\n",
        html(request.endpoint.as_str()),
        fields.collect::<String>(),
        auth::END_SESSION_SCRIPT,
    );
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(page)
}
