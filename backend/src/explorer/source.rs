//! `GET /source/{file}`: the source of the code that handles the protocol's messages, as it was compiled.

use crate::{Error, Result};
use actix_web::{HttpResponse, http::header::CONTENT_TYPE, web::Path};

/// What is named by `Step::handled_by`, from the repository's root, and what stands in it.
const FILES: [(&str, &str); 18] = [
    ("backend/src/auth/backchannel_logout.rs", include_str!("../auth/backchannel_logout.rs")),
    ("backend/src/auth/callback.rs", include_str!("../auth/callback.rs")),
    ("backend/src/auth/login.rs", include_str!("../auth/login.rs")),
    ("backend/src/auth/logout.rs", include_str!("../auth/logout.rs")),
    ("backend/src/auth/silent_login.rs", include_str!("../auth/silent_login.rs")),
    ("backend/src/oidc/authenticate.rs", include_str!("../oidc/authenticate.rs")),
    ("backend/src/oidc/authorization_request.rs", include_str!("../oidc/authorization_request.rs")),
    ("backend/src/oidc/end_session_request.rs", include_str!("../oidc/end_session_request.rs")),
    ("backend/src/oidc/id_token.rs", include_str!("../oidc/id_token.rs")),
    ("backend/src/oidc/logout_token.rs", include_str!("../oidc/logout_token.rs")),
    ("backend/src/oidc/token_request.rs", include_str!("../oidc/token_request.rs")),
    ("backend/src/session/revoke.rs", include_str!("../session/revoke.rs")),
    (
        "frontend/src/auth/implicit/authorization_request.rs",
        include_str!("../../../frontend/src/auth/implicit/authorization_request.rs"),
    ),
    (
        "frontend/src/auth/implicit/authorization_response.rs",
        include_str!("../../../frontend/src/auth/implicit/authorization_response.rs"),
    ),
    (
        "frontend/src/auth/implicit/code.rs",
        include_str!("../../../frontend/src/auth/implicit/code.rs"),
    ),
    (
        "frontend/src/auth/implicit/frame.rs",
        include_str!("../../../frontend/src/auth/implicit/frame.rs"),
    ),
    (
        "frontend/src/auth/implicit/id_token.rs",
        include_str!("../../../frontend/src/auth/implicit/id_token.rs"),
    ),
    (
        "frontend/src/auth/implicit/sign_in.rs",
        include_str!("../../../frontend/src/auth/implicit/sign_in.rs"),
    ),
];

pub(super) async fn source(file: Path<String>) -> Result<HttpResponse> {
    let found = FILES.iter().find(|(name, _)| *name == file.as_str());
    let (_, text) = found.ok_or_else(|| {
        Error::not_found(
            "This is no file of the shop's login. Its whole source is in its repository.",
        )
    })?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(*text))
}

#[cfg(test)]
mod tests {
    use super::FILES;
    use shared::trace::Step;

    #[test]
    fn every_step_is_handled_where_its_link_leads() {
        for step in Step::ALL {
            let place = step.handled_by();
            let found = FILES.iter().find(|(name, _)| *name == place.file);
            let (_, text) = found.unwrap_or_else(|| panic!("{} cannot be read", place.file));
            let function = format!("fn {}(", place.function);
            assert!(text.contains(&function), "{step:?}: {place:?}");
            // The session ends in one function, whoever asked for it and recorded that.
            let is_recorded = text.contains(&format!("Step::{step:?}"));
            assert!(is_recorded || *step == Step::SessionEnded, "{step:?}: {place:?}");
        }
    }
}
