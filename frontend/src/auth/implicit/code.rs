//! A code for tokens (RFC 6749 §4.1.3), with the secret that only the page which began knows (RFC 7636 §4.5). The page is
//! a public client: it has no other secret to show.

use super::{
    authorization_request::Sent,
    own_traces::record,
    provider::{Provider, read_json},
    settings::settings,
};
use serde::Deserialize;
use shared::trace::Step;
use web_sys::{Headers, RequestInit};

/// RFC 6749 §5.1 and OIDC Core §3.1.3.3
#[derive(Deserialize)]
pub struct TokenResponse {
    pub access_token: String,
    pub id_token: String,
    pub expires_in: Option<i64>,
    #[serde(default)]
    pub scope: String,
}

pub async fn exchange(provider: &Provider, sent: &mut Sent, code: &str) -> Option<TokenResponse> {
    let parameters = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", settings().client_id),
        ("code", code.to_owned()),
        ("redirect_uri", sent.redirect_uri.clone()),
        ("code_verifier", sent.verifier.clone()?),
    ];
    record(&mut sent.trace, Step::PageTokenRequest, &parameters).await;
    let request = RequestInit::new();
    request.set_method("POST");
    let headers = Headers::new().ok()?;
    headers.set("Content-Type", "application/x-www-form-urlencoded").ok()?;
    request.set_headers(&headers);
    request.set_body(&serde_urlencoded::to_string(&parameters).ok()?.into());
    let answer: TokenResponse = read_json(&provider.token_endpoint, &request).await.ok()?;
    let told = vec![
        ("id_token", answer.id_token.clone()),
        ("access_token", answer.access_token.clone()),
        ("expires_in", answer.expires_in.map(|seconds| seconds.to_string()).unwrap_or_default()),
        ("scope", answer.scope.clone()),
    ];
    record(&mut sent.trace, Step::PageTokenResponse, &told).await;
    Some(answer)
}
