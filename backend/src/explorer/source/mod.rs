//! `GET /source/{file}`: the source of the code that handles the protocol's messages, as it was compiled: a page with
//! numbered lines on which one function is marked, or the bare text.

mod extent;
mod view;

use crate::{
    Config, Error, Result,
    http::{Query, header, representation::Representation},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERER, VARY},
    web::{Data, Path},
};
use serde::Deserialize;
use shared::paths::page;
use url::Url;

/// What is named by `Step::handled_by`, from the repository's root, and what stands in it.
const FILES: [(&str, &str); 21] = [
    ("backend/src/auth/backchannel_logout.rs", include_str!("../../auth/backchannel_logout.rs")),
    ("backend/src/auth/callback.rs", include_str!("../../auth/callback.rs")),
    ("backend/src/auth/devices.rs", include_str!("../../auth/devices.rs")),
    ("backend/src/auth/login.rs", include_str!("../../auth/login.rs")),
    ("backend/src/auth/logout.rs", include_str!("../../auth/logout.rs")),
    ("backend/src/auth/silent_login.rs", include_str!("../../auth/silent_login.rs")),
    ("backend/src/oidc/authenticate.rs", include_str!("../../oidc/authenticate.rs")),
    (
        "backend/src/oidc/authorization_request.rs",
        include_str!("../../oidc/authorization_request.rs"),
    ),
    ("backend/src/oidc/end_session_request.rs", include_str!("../../oidc/end_session_request.rs")),
    ("backend/src/oidc/id_token.rs", include_str!("../../oidc/id_token.rs")),
    ("backend/src/oidc/logout_token.rs", include_str!("../../oidc/logout_token.rs")),
    ("backend/src/oidc/token_request.rs", include_str!("../../oidc/token_request.rs")),
    ("backend/src/session/revoke.rs", include_str!("../../session/revoke.rs")),
    (
        "frontend/src/auth/implicit/authorization_request.rs",
        include_str!("../../../../frontend/src/auth/implicit/authorization_request.rs"),
    ),
    (
        "frontend/src/auth/implicit/authorization_response.rs",
        include_str!("../../../../frontend/src/auth/implicit/authorization_response.rs"),
    ),
    (
        "frontend/src/auth/implicit/code.rs",
        include_str!("../../../../frontend/src/auth/implicit/code.rs"),
    ),
    (
        "frontend/src/auth/implicit/frame.rs",
        include_str!("../../../../frontend/src/auth/implicit/frame.rs"),
    ),
    (
        "frontend/src/auth/implicit/id_token.rs",
        include_str!("../../../../frontend/src/auth/implicit/id_token.rs"),
    ),
    (
        "frontend/src/auth/implicit/sign_in.rs",
        include_str!("../../../../frontend/src/auth/implicit/sign_in.rs"),
    ),
    (
        "frontend/src/auth/implicit/sign_out.rs",
        include_str!("../../../../frontend/src/auth/implicit/sign_out.rs"),
    ),
    (
        "frontend/src/auth/logout_return.rs",
        include_str!("../../../../frontend/src/auth/logout_return.rs"),
    ),
];

const STYLE: &str = include_str!("view.css");

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SourceQuery {
    /// Which one is marked.
    function: Option<String>,
    plain: Option<String>,
}

pub(super) async fn source(
    config: Data<Config>,
    request: HttpRequest,
    file: Path<String>,
    Query(query): Query<SourceQuery>,
) -> Result<HttpResponse> {
    let found = FILES.iter().find(|(name, _)| *name == file.as_str());
    let (name, text) = found.ok_or_else(|| {
        Error::not_found(
            "This is no file of the shop's login. Its whole source is in its repository.",
        )
    })?;
    if query.plain.as_deref() == Some("1") {
        let plain = HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(*text);
        return Ok(plain);
    }
    let view = view::View {
        file: name,
        text,
        function: query.function.as_deref().and_then(|name| extent::of(text, name)),
        back: &way_back(&config, &request),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((VARY, "Referer"))
        .body(view.page()))
}

pub(super) async fn style(request: HttpRequest) -> HttpResponse {
    Representation::compressed("text/css; charset=utf-8", STYLE).respond(&request)
}

/// To the Explorer that the reader came from: the shop's own, or that of a listed page on another origin.
fn way_back(config: &Config, request: &HttpRequest) -> String {
    let came_from = header(request, REFERER)
        .and_then(|referer| referer.parse::<Url>().ok())
        .map(|referer| referer.origin().ascii_serialization());
    let elsewhere = config.cors_origins.iter().find(|&origin| Some(origin) == came_from.as_ref());
    format!("{}{}", elsewhere.map_or("", String::as_str), page::SESSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::Step;

    #[test]
    fn every_step_is_handled_where_its_link_leads() {
        for step in Step::ALL {
            let place = step.handled_by();
            let found = FILES.iter().find(|(name, _)| *name == place.file);
            let (_, text) = found.unwrap_or_else(|| panic!("{} cannot be read", place.file));
            let function = extent::of(text, place.function);
            let function = function.unwrap_or_else(|| panic!("{step:?}: {place:?}"));
            let lines: Vec<&str> = text.lines().collect();
            let code = lines[function.first - 1..function.last].join("\n");
            assert_eq!(code.matches('{').count(), code.matches('}').count(), "{place:?}");
            // The session ends in one function, whoever asked for it and recorded that.
            let is_recorded = text.contains(&format!("Step::{step:?}"));
            assert!(is_recorded || *step == Step::SessionEnded, "{step:?}: {place:?}");
        }
    }
}
