//! The tokens of one login or renewal, and what may be shown of them.

use super::{authorization_request::Flow, id_token::Claims, web_crypto};
use serde::{Deserialize, Serialize};
use shared::session::CustomerView;

/// They are told from one tab's memory to another's, and never written down.
#[derive(Clone, Deserialize, Serialize)]
pub struct Tokens {
    pub access_token: String,
    /// For the logout request alone, once its claims are read.
    pub id_token: String,
    pub claims: Claims,
    pub scope: String,
    /// By the server's clock, in milliseconds since the Unix epoch.
    pub received_at: i64,
    /// How long the access token lives, in milliseconds.
    pub lifetime: i64,
    /// Names the customer without being the provider's `sub`.
    pub fingerprint: String,
    pub flow: Flow,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

/// What the Session Explorer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    pub claims: Claims,
    pub scope: String,
    pub received_at: i64,
    pub expires_at: i64,
    pub flow: Flow,
}

impl Tokens {
    pub const fn expires_at(&self) -> i64 {
        self.received_at + self.lifetime
    }

    /// At three quarters of its life there is time for a second try.
    pub const fn renew_at(&self) -> i64 {
        self.received_at + self.lifetime / 4 * 3
    }

    pub fn customer(&self) -> CustomerView {
        let claims = &self.claims;
        let name = claims.name.clone().or_else(|| claims.email.clone());
        CustomerView {
            fingerprint: self.fingerprint.clone(),
            name: name.unwrap_or_else(|| "Customer".to_owned()),
            email: claims.email.clone(),
            email_verified: claims.email_verified.unwrap_or_default(),
        }
    }

    pub fn facts(&self) -> TokenFacts {
        TokenFacts {
            claims: self.claims.clone(),
            scope: self.scope.clone(),
            received_at: self.received_at,
            expires_at: self.expires_at(),
            flow: self.flow,
        }
    }
}

/// Tells customers apart: the issuer and its `sub` name one for good (OIDC Core §5.7).
pub async fn fingerprint(claims: &Claims) -> String {
    let who = format!("{} {}", claims.iss, claims.sub);
    web_crypto::sha256(&who).await.map(|hash| web_crypto::encode(&hash[..9])).unwrap_or_default()
}
