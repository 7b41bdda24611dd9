//! What the shop knows of its IdP, cached. The shop starts and sells while the IdP is down; only a login then says so.

use super::{http, provider::Provider};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long discovery document and keys are taken as current.
const FRESH: Duration = Duration::from_hours(1);
/// An unknown `kid` fetches the keys again, but at most so often: anybody can send one.
const REFRESH_AT_MOST: Duration = Duration::from_mins(1);
/// After a failure the pages say for so long that signing in is not possible; each login tries again.
const REMEMBER_FAILURE: Duration = Duration::from_secs(10);
/// After a failure, requests whose tokens no known key fits ask again after so long.
const PAUSE: Duration = Duration::from_secs(1);

pub struct Discovery {
    issuer: String,
    pub http: reqwest::Client,
    known: RwLock<Known>,
    /// One fetch at a time: many logins that start together cost the IdP one.
    fetching: Mutex<()>,
}

#[derive(Default)]
struct Known {
    provider: Option<(Arc<Provider>, Instant)>,
    failed_at: Option<Instant>,
}

/// The IdP cannot be asked now; the text is for the log.
#[derive(Debug)]
pub struct Unavailable(pub String);

impl Discovery {
    pub fn new(issuer: &str) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: issuer.to_owned(),
            http: http::client()?,
            known: RwLock::default(),
            fetching: Mutex::new(()),
        })
    }

    /// Whether a login could begin now, as far as the last call to the IdP told.
    pub fn is_available(&self) -> bool {
        self.known().failed_at.is_none_or(|at| at.elapsed() > REMEMBER_FAILURE)
    }

    /// The provider as it is known, however old that is.
    pub fn known_provider(&self) -> Option<Arc<Provider>> {
        self.cached(Duration::MAX)
    }

    /// The provider, from the cache or fetched now.
    pub async fn provider(&self) -> Result<Arc<Provider>, Unavailable> {
        self.provider_not_older_than(FRESH).await
    }

    /// The provider with the key that a token names, if it has it: keys rotate.
    pub async fn provider_with_key(&self, kid: Option<&str>) -> Result<Arc<Provider>, Unavailable> {
        let provider = self.provider().await?;
        if self.failed_lately() || kid.is_none_or(|kid| provider.has_key(kid)) {
            return Ok(provider);
        }
        self.provider_not_older_than(REFRESH_AT_MOST).await
    }

    /// The same for tokens that come with every request. While the IdP is down its keys are taken as they were known
    /// last; of a key that is not among them nothing can be said then. It is not asked for each request anew.
    pub async fn provider_with_known_key(
        &self,
        kid: Option<&str>,
    ) -> Result<Arc<Provider>, Unavailable> {
        let known = self.known_provider().filter(|it| kid.is_none_or(|kid| it.has_key(kid)));
        match known {
            Some(known) if self.failed_lately() => Ok(known),
            Some(known) => Ok(self.provider_with_key(kid).await.unwrap_or(known)),
            None if self.failed_within(PAUSE) => {
                Err(Unavailable("it did not answer just now".to_owned()))
            }
            None => self.provider_not_older_than(REFRESH_AT_MOST).await,
        }
    }

    fn failed_lately(&self) -> bool {
        self.failed_within(REFRESH_AT_MOST)
    }

    fn failed_within(&self, time: Duration) -> bool {
        self.known().failed_at.is_some_and(|at| at.elapsed() < time)
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
        match Provider::discover(&self.http, &self.issuer).await {
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
                    issuer = self.issuer,
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
}

#[cfg(test)]
mod tests {
    use super::*;
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

    fn discovery_of_provider(keys: &Keys) -> Discovery {
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
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Discovery::new(&issuer).unwrap()
    }

    /// As if the last look had been so long ago.
    fn age(discovery: &Discovery, by: Duration) {
        let mut known = discovery.known.write().unwrap();
        let (_, fetched_at) = known.provider.as_mut().unwrap();
        *fetched_at = fetched_at.checked_sub(by).unwrap();
    }

    #[actix_web::test]
    async fn a_new_key_is_found_by_its_first_token_and_looked_for_once_a_minute() {
        let keys = Keys::default();
        keys.lock().unwrap().push("old");
        let discovery = discovery_of_provider(&keys);
        assert!(discovery.provider_with_key(Some("old")).await.unwrap().has_key("old"));

        keys.lock().unwrap().push("new");
        let within_the_minute = discovery.provider_with_key(Some("new")).await.unwrap();
        assert!(!within_the_minute.has_key("new"));
        age(&discovery, REFRESH_AT_MOST);
        let after_it = discovery.provider_with_key(Some("new")).await.unwrap();
        assert!(after_it.has_key("new") && after_it.has_key("old"));
    }

    #[actix_web::test]
    async fn while_the_provider_is_down_its_keys_are_those_that_were_known_last() {
        let keys = Keys::default();
        keys.lock().unwrap().push("old");
        let provider = discovery_of_provider(&keys).provider().await.unwrap();
        let down = Discovery::new("http://localhost:1").unwrap();
        assert!(down.provider_with_known_key(Some("old")).await.is_err());

        let long_ago = Instant::now().checked_sub(2 * FRESH).unwrap();
        *down.known.write().unwrap() =
            Known { provider: Some((provider, long_ago)), failed_at: None };
        for _ in 0..2 {
            assert!(down.provider_with_known_key(Some("old")).await.unwrap().has_key("old"));
        }
        assert!(down.provider_with_known_key(Some("new")).await.is_err());
        // A login takes nothing on trust.
        assert!(down.provider_with_key(Some("old")).await.is_err());
    }
}
