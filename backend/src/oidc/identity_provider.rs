//! `GET /api/identity-provider`: what the shop knows of its IdP, for the page that shows the sessions.

use crate::{App, Result};
use actix_web::web::{Data, Json};
use shared::identity_provider::IdentityProviderView;

/// While the IdP cannot be reached, what configuration alone knows.
pub(super) async fn view(app: Data<App>) -> Result<Json<IdentityProviderView>> {
    let provider = app.oidc.provider().await.ok();
    let announced = provider
        .as_ref()
        .map(|provider| provider.metadata.additional_metadata());
    Ok(Json(IdentityProviderView {
        issuer: app.oidc.settings.issuer.clone(),
        account_url: app.oidc.settings.account_url.clone(),
        acr_mfa: app.oidc.settings.acr_mfa.clone(),
        federated_logout_available: app.oidc.ends_social_sessions(),
        backchannel_logout_supported: announced
            .is_some_and(|extra| extra.backchannel_logout_supported),
        session_lifetimes: announced.and_then(|extra| extra.session_lifetimes),
    }))
}
