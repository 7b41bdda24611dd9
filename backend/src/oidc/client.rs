//! The shop as a client of its IdP: what it knows of the provider, cached, and how it asks for tokens.
//! The shop starts and sells while the IdP is down; only a login then says so.

use super::{
    http,
    id_token::ExtraClaims,
    provider::{Provider, with_causes},
};
use crate::config::Oidc;
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdTokenFields, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use url::Url;

/// How long discovery document and keys are taken as current.
const FRESH: Duration = Duration::from_hours(1);
/// An unknown `kid` fetches the keys again, but at most so often: anybody can send one.
const REFRESH_AT_MOST: Duration = Duration::from_mins(1);
/// After a failure the pages say for so long that signing in is not possible; each login tries again.
const REMEMBER_FAILURE: Duration = Duration::from_secs(10);

pub type TokenFields = IdTokenFields<
    ExtraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub type Tokens = StandardTokenResponse<TokenFields, CoreTokenType>;
pub type RelyingParty = openidconnect::Client<
    ExtraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

pub struct Client {
    pub settings: Oidc,
    http: reqwest::Client,
    known: RwLock<Known>,
    /// One fetch at a time: many logins that start together cost the IdP one.
    fetching: Mutex<()>,
}

#[derive(Default)]
struct Known {
    provider: Option<(Arc<Provider>, Instant)>,
    failed_at: Option<Instant>,
}

/// Why a code was not exchanged.
#[derive(Debug)]
pub enum ExchangeError {
    /// The IdP did not answer, or not as RFC 6749 §5 says.
    Unreachable(String),
    /// The IdP refused: the code was used before, expired, or is not ours.
    Refused(String),
}

/// The IdP cannot be asked now; the text is for the log.
#[derive(Debug)]
pub struct Unavailable(pub String);

impl Client {
    pub fn new(settings: Oidc) -> anyhow::Result<Self> {
        Ok(Self {
            settings,
            http: http::client()?,
            known: RwLock::default(),
            fetching: Mutex::new(()),
        })
    }

    /// Whether a login could begin now, as far as the last call to the IdP told.
    pub fn is_available(&self) -> bool {
        self.known()
            .failed_at
            .is_none_or(|at| at.elapsed() > REMEMBER_FAILURE)
    }

    /// Whether the provider, as far as it is known, ends social sessions too.
    pub fn ends_social_sessions(&self) -> bool {
        let known = self.known();
        known
            .provider
            .as_ref()
            .is_some_and(|(provider, _)| provider.ends_social_sessions())
    }

    /// The provider, from the cache or fetched now.
    pub async fn provider(&self) -> Result<Arc<Provider>, Unavailable> {
        self.provider_not_older_than(FRESH).await
    }

    /// The provider with this key, if it has it: keys rotate.
    pub async fn provider_with_key(&self, kid: &str) -> Result<Arc<Provider>, Unavailable> {
        let provider = self.provider().await?;
        let failed_lately = self
            .known()
            .failed_at
            .is_some_and(|at| at.elapsed() < REFRESH_AT_MOST);
        if provider.has_key(kid) || failed_lately {
            return Ok(provider);
        }
        self.provider_not_older_than(REFRESH_AT_MOST).await
    }

    async fn provider_not_older_than(&self, age: Duration) -> Result<Arc<Provider>, Unavailable> {
        if let Some(provider) = self.cached(age) {
            return Ok(provider);
        }
        let asked_at = Instant::now();
        let _one_at_a_time = self.fetching.lock().await;
        if let Some(provider) = self.cached(age) {
            return Ok(provider);
        }
        // Whoever waited for a fetch shares its failure too: one after another, ten logins would wait for a
        // silent provider ten times as long.
        if self.known().failed_at.is_some_and(|at| at >= asked_at) {
            return Err(Unavailable("it did not answer just now".to_owned()));
        }
        match Provider::discover(&self.http, &self.settings.issuer).await {
            Ok(provider) => {
                let provider = Arc::new(provider);
                let known = Known {
                    provider: Some((Arc::clone(&provider), Instant::now())),
                    failed_at: None,
                };
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
                Ok(provider)
            }
            Err(reason) => {
                tracing::warn!(
                    issuer = self.settings.issuer,
                    reason,
                    "the identity provider cannot be reached"
                );
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                known.failed_at = Some(Instant::now());
                Err(Unavailable(reason))
            }
        }
    }

    fn cached(&self, age: Duration) -> Option<Arc<Provider>> {
        let known = self.known();
        let (provider, fetched_at) = known.provider.as_ref()?;
        (fetched_at.elapsed() < age).then(|| Arc::clone(provider))
    }

    fn known(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// `redirect_uri` is the same in the authorization request and in the token request (RFC 6749 §4.1.3).
    pub fn relying_party(&self, provider: &Provider, redirect_uri: &Url) -> RelyingParty {
        RelyingParty::from_provider_metadata(
            provider.metadata.clone(),
            ClientId::new(self.settings.client_id.clone()),
            Some(ClientSecret::new(self.settings.client_secret.0.clone())),
        )
        .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()))
    }

    /// Exchanges the code for tokens (OIDC Core §3.1.3), with the PKCE verifier (RFC 7636 §4.5).
    pub async fn exchange(
        &self,
        relying_party: &RelyingParty,
        code: String,
        pkce_verifier: String,
    ) -> Result<Tokens, ExchangeError> {
        let send = |request| http::send(self.http.clone(), request);
        relying_party
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| ExchangeError::Unreachable(with_causes(&error)))?
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&send)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(answer) => {
                    ExchangeError::Refused(answer.error().to_string())
                }
                RequestTokenError::Request(error) => {
                    ExchangeError::Unreachable(with_causes(&error))
                }
                // The body may hold tokens: its text stays out of the log.
                RequestTokenError::Parse(_, body) if is_token_response(&body) => {
                    ExchangeError::Refused("the ID token is malformed".to_owned())
                }
                RequestTokenError::Parse(..) => ExchangeError::Unreachable(
                    "the token endpoint's answer is no token response".to_owned(),
                ),
                RequestTokenError::Other(text) => ExchangeError::Unreachable(text),
            })
    }
}

/// Whether a body that could not be read is a token response apart from its ID token (OIDC Core §3.1.3.3).
fn is_token_response(body: &[u8]) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    body.is_some_and(|body| body["access_token"].is_string() && body["id_token"].is_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use actix_web::{App, HttpResponse, HttpServer, web};
    use serde_json::{Value, json};
    use std::{net::TcpListener, sync::Mutex as StdMutex};

    /// The names of the keys that a provider publishes.
    type Keys = Arc<StdMutex<Vec<&'static str>>>;

    fn key(kid: &str) -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid,
            // RFC 7517 appendix A.1
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        })
    }

    fn client_of_provider(keys: &Keys) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        let keys = Arc::clone(keys);
        let server = HttpServer::new(move || {
            let (document, keys) = (document.clone(), Arc::clone(&keys));
            let document = move || {
                let document = document.clone();
                async move { HttpResponse::Ok().json(document) }
            };
            let keys = move || {
                let keys: Vec<Value> = keys.lock().unwrap().iter().map(|kid| key(kid)).collect();
                async move { HttpResponse::Ok().json(json!({ "keys": keys })) }
            };
            App::new()
                .route("/.well-known/openid-configuration", web::get().to(document))
                .route("/jwks", web::get().to(keys))
        });
        actix_web::rt::spawn(
            server
                .workers(1)
                .disable_signals()
                .listen(listener)
                .unwrap()
                .run(),
        );
        let settings = Oidc {
            issuer,
            client_id: "storezero".into(),
            client_secret: Secret("secret".into()),
            acr_mfa: "mfa".into(),
            account_url: "http://localhost/account".into(),
        };
        Client::new(settings).unwrap()
    }

    /// As if the last look had been so long ago.
    fn age(client: &Client, by: Duration) {
        let mut known = client.known.write().unwrap();
        let (_, fetched_at) = known.provider.as_mut().unwrap();
        *fetched_at = fetched_at.checked_sub(by).unwrap();
    }

    #[actix_web::test]
    async fn a_new_key_is_found_by_its_first_token_and_looked_for_once_a_minute() {
        let keys = Keys::default();
        keys.lock().unwrap().push("old");
        let client = client_of_provider(&keys);
        assert!(
            client
                .provider_with_key("old")
                .await
                .unwrap()
                .has_key("old")
        );

        keys.lock().unwrap().push("new");
        let within_the_minute = client.provider_with_key("new").await.unwrap();
        assert!(!within_the_minute.has_key("new"));
        age(&client, REFRESH_AT_MOST);
        let after_it = client.provider_with_key("new").await.unwrap();
        assert!(after_it.has_key("new") && after_it.has_key("old"));
    }
}
