//! A page that another origin serves, and that has no cookies at the shop: it brings an access token along, or the
//! token of its cart.

use super::{Answer, Browser, Login, Provider, Request, Spawn, TestApp, parameter, test_idp};
use reqwest::{Method, Url};
use serde::Serialize;
use serde_json::{Value, json};
use shared::{
    cart::AddLineItem,
    checkout::{CheckoutRequest, DeliveryMethod, Quote, QuoteRequest},
    paths::{api, header},
};
use std::sync::Mutex;

/// Where the page comes from.
pub const ORIGIN: &str = "http://localhost:3001";

pub struct Page {
    browser: Browser,
    pub access_token: Option<String>,
    pub cart_token: Mutex<Option<String>>,
}

impl Spawn {
    /// The shop of a misbehaving provider, with pages elsewhere.
    pub fn with_pages_of(self, provider: &Provider) -> Self {
        self.with_provider(provider)
            .setting("STOREZERO_CORS_ORIGINS", ORIGIN)
            .setting("STOREZERO_API_AUDIENCE", super::provider::AUDIENCE)
    }
}

/// A shop with pages elsewhere, of the real provider.
pub async fn spawn_app_with_pages() -> TestApp {
    Spawn::default()
        .setting("STOREZERO_CORS_ORIGINS", ORIGIN)
        .setting("STOREZERO_API_AUDIENCE", &resource().await)
        .spawn()
        .await
}

/// The one API that the provider issues tokens for is that of the shop which its start page leads to.
async fn resource() -> String {
    let answer = reqwest::get(test_idp()).await.expect("the provider's start page");
    let html = answer.text().await.expect("the provider's start page");
    let link = html.split("\">Go to the shop").next().and_then(|before| before.rsplit('"').next());
    format!("{}/api", link.expect("a link to the shop"))
}

impl TestApp {
    /// Somebody on a page elsewhere whom nobody knows.
    pub fn page(&self) -> Page {
        Page { browser: self.browser(), access_token: None, cart_token: Mutex::default() }
    }

    pub fn page_with(&self, access_token: String) -> Page {
        Page { access_token: Some(access_token), ..self.page() }
    }

    /// Somebody who signed in on a page elsewhere by the Implicit Flow (OIDC Core §3.2), with all that a token of this
    /// API may be good for.
    pub async fn customer_on_page(&self, email: &str) -> Page {
        self.page_with(self.implicit_flow(email, "openid profile email orders account").await)
    }

    async fn implicit_flow(&self, email: &str, scope: &str) -> String {
        let issuer = self.app.config.oidc.issuer.clone();
        let callback = format!("{ORIGIN}/callback");
        let client = json!({
            "client_name": "storezero.io (test, without a backend)",
            "redirect_uris": [callback],
            "token_endpoint_auth_method": "none",
            "grant_types": ["implicit"],
            "response_types": ["id_token token"],
            "application_type": "native",
        });
        let registration = reqwest::Client::new().post(format!("{issuer}/reg")).json(&client);
        let client: Value =
            registration.send().await.expect("an answer").json().await.expect("a client");
        let query = [
            ("client_id", client["client_id"].as_str().expect("a client's id")),
            ("response_type", "id_token token"),
            ("redirect_uri", &callback),
            ("scope", scope),
            ("resource", &self.app.config.api_audience),
            ("nonce", "n"),
            ("state", "s"),
        ];
        let url = Url::parse_with_params(&format!("{issuer}/auth"), query).expect("an address");
        let page = ORIGIN.parse().expect("an origin");
        let person = Browser::new(page, self.address, issuer.parse().expect("an issuer"));
        let login_page = person.open_login_page(&Login { authorization_url: url }).await;
        let answer = person.submit_password(&login_page, email).await;
        // Whoever holds an address of this machine may be any program: the provider asks the person (RFC 8252 §8.6).
        let answer = match answer.redirect() {
            Some(_) => answer,
            None => person.submit(&answer, &[]).await,
        };
        let mut answer = answer.location();
        let fragment = answer.fragment().map(str::to_owned);
        answer.set_query(fragment.as_deref());
        parameter(&answer, "access_token").unwrap_or_else(|| panic!("no token: {answer}"))
    }
}

impl Page {
    /// As a script of the page asks: `credentials: "omit"`.
    pub fn fetch(&self, method: Method, path: &str) -> Request<'_> {
        let mut request = self
            .browser
            .fetch(method, path)
            .caused_by(&format!("{ORIGIN}/"))
            .header("origin", ORIGIN)
            .without("cookie");
        if let Some(token) = &self.access_token {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        if let Some(token) = &*self.cart_token.lock().expect("a token") {
            request = request.header(header::CART, token);
        }
        request
    }

    /// Keeps what the answer says of the cart. Whatever it answers, the page may read it and gets no cookie.
    pub async fn send(&self, request: Request<'_>) -> Answer {
        let answer = request.send().await;
        assert_eq!(answer.set_cookies(), Vec::<&str>::new(), "{}", answer.url);
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN), "{}", answer.url);
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{}", answer.url);
        if let Some(token) = answer.header(header::CART) {
            *self.cart_token.lock().expect("a token") = Some(token.to_owned());
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.fetch(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(self.fetch(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str) -> Answer {
        self.send(self.fetch(Method::PUT, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.fetch(Method::DELETE, path)).await
    }

    pub async fn add(&self, sku: &str, quantity: u32) -> Answer {
        self.post(api::CART_ITEMS, &AddLineItem { sku: sku.parse().expect("a SKU"), quantity })
            .await
    }

    /// The guest's cart into the customer's.
    pub async fn merge(&self) -> Answer {
        self.send(self.fetch(Method::POST, api::CART_MERGE)).await
    }

    pub async fn cart_lines(&self) -> Vec<(String, u32)> {
        super::shopping::lines(self.get(api::CART).await.json())
    }

    pub async fn order_form(&self) -> CheckoutRequest {
        let request = QuoteRequest { delivery: DeliveryMethod::Standard, country: "DE".into() };
        super::shopping::form(&self.post(api::QUOTE, &request).await.json::<Quote>())
    }

    pub async fn check_out(&self, form: &CheckoutRequest, idempotency_key: &str) -> Answer {
        let request = self.fetch(Method::POST, api::CHECKOUT).json(form);
        self.send(request.header(header::IDEMPOTENCY_KEY, idempotency_key)).await
    }
}
