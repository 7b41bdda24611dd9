//! `GET /api/identity-provider`: what the shop knows of its IdP, for the page that shows the sessions.

use crate::{Config, http::Json, oidc};
use actix_web::web::Data;
use shared::identity_provider::IdentityProviderView;

/// While the IdP cannot be reached, what configuration alone knows.
pub(super) async fn view(
    config: Data<Config>,
    oidc: Data<oidc::Client>,
) -> Json<IdentityProviderView> {
    let provider = oidc.provider().await.ok();
    let announced = provider.as_ref().map(|provider| provider.metadata.additional_metadata());
    let settings = oidc.settings();
    Json(IdentityProviderView {
        issuer: settings.issuer.clone(),
        account_url: settings.account_url.clone(),
        acr_mfa: settings.acr_mfa.clone(),
        federated_logout_available: oidc.ends_social_sessions(),
        backchannel_logout_supported: announced
            .is_some_and(|extra| extra.backchannel_logout_supported),
        no_backend_shop: config.cors_origins.first().cloned(),
        session_lifetimes: announced.and_then(|extra| extra.session_lifetimes),
    })
}
