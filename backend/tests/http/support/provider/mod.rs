//! An identity provider that misbehaves on command, for what a real one never shows. It knows one client
//! and one person, and has no pages: what a browser would bring back, `grant` makes.

mod endpoints;
mod jwt;

pub use endpoints::{Gate, Reply};
pub use jwt::{Jwt, Key};

use super::{browser::Login, spawn::servers};
use actix_web::dev::ServerHandle;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use url::Url;

pub const CLIENT_ID: &str = "storezero";
/// With all that a form writes differently (RFC 6749 §2.3.1).
pub const CLIENT_SECRET: &str = "the+secret/of%20a:test & more";
/// The API that access tokens are for.
pub const AUDIENCE: &str = "https://api.shop.example";
/// The one person.
pub const SUBJECT: &str = "sam";
pub const NAME: &str = "Sam Example";
pub const SID: &str = "the-session-of-sam";

type Issue = Box<dyn Fn(Jwt) -> String + Send>;

struct State {
    issuer: String,
    /// By the code that waits to be exchanged.
    grants: Mutex<HashMap<String, Grant>>,
    reply: Mutex<Reply>,
    discovery_reply: Mutex<Reply>,
    keys_reply: Mutex<Reply>,
    issue: Mutex<Issue>,
    keys: Mutex<Vec<Value>>,
    discovery: Mutex<Value>,
    asked: Asked,
}

/// What a code stands for.
struct Grant {
    nonce: String,
    sid: String,
}

/// How often each endpoint was asked.
#[derive(Debug, Default)]
pub struct Asked {
    discovery: AtomicU32,
    keys: AtomicU32,
    tokens: AtomicU32,
}

impl Asked {
    pub fn for_discovery(&self) -> u32 {
        self.discovery.load(Ordering::SeqCst)
    }

    pub fn for_keys(&self) -> u32 {
        self.keys.load(Ordering::SeqCst)
    }

    pub fn for_tokens(&self) -> u32 {
        self.tokens.load(Ordering::SeqCst)
    }
}

pub struct Provider {
    pub issuer: String,
    state: Arc<State>,
    address: SocketAddr,
    server: Mutex<Option<ServerHandle>>,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let issuer = format!("http://localhost:{}", address.port());
        let state = Arc::new(State {
            grants: Mutex::default(),
            reply: Mutex::new(Reply::InOrder),
            discovery_reply: Mutex::new(Reply::InOrder),
            keys_reply: Mutex::new(Reply::InOrder),
            issue: Mutex::new(Box::new(|token| token.sign())),
            keys: Mutex::new(vec![Key::Ec.public(), Key::Rsa.public()]),
            discovery: Mutex::new(endpoints::discovery_document(&issuer)),
            asked: Asked::default(),
            issuer: issuer.clone(),
        });
        let server = endpoints::serve(&state, listener).await;
        Self { issuer, state, address, server: Mutex::new(Some(server)) }
    }

    /// Nothing answers at its address any more.
    pub async fn stop(&self) {
        let server = self.server.lock().expect("the server").take();
        server.expect("a running server").stop(false).await;
    }

    pub async fn start_again(&self) {
        let listener = TcpListener::bind(self.address).expect("the port of before");
        let server = endpoints::serve(&self.state, listener).await;
        *self.server.lock().expect("the server") = Some(server);
    }

    pub fn asked(&self) -> &Asked {
        &self.state.asked
    }

    /// How the token endpoint replies from now on.
    pub fn replies(&self, reply: Reply) {
        *self.state.reply.lock().expect("the reply") = reply;
    }

    /// How it answers for its discovery document from now on.
    pub fn replies_to_discovery(&self, reply: Reply) {
        *self.state.discovery_reply.lock().expect("the reply") = reply;
    }

    /// How it answers for its keys from now on.
    pub fn replies_to_keys(&self, reply: Reply) {
        *self.state.keys_reply.lock().expect("the reply") = reply;
    }

    /// How ID tokens are made from now on, from one that is in order.
    pub fn issues(&self, issue: impl Fn(Jwt) -> String + Send + 'static) {
        *self.state.issue.lock().expect("the issuing") = Box::new(issue);
    }

    /// Its keys from now on.
    pub fn publishes(&self, keys: Vec<Value>) {
        *self.state.keys.lock().expect("the keys") = keys;
    }

    /// Changes the discovery document.
    pub fn discovers(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.state.discovery.lock().expect("the document"));
    }

    /// The person agreed: where the browser of this login is sent back to, with a code.
    pub fn grant(&self, login: &Login) -> Url {
        self.grant_in(login, SID)
    }

    /// The same in another session of the person.
    pub fn grant_in(&self, login: &Login, sid: &str) -> Url {
        let code = backend::crypto::token();
        let mut callback = redirect_uri(login);
        callback
            .query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &login.state())
            .append_pair("iss", &self.issuer);
        let grant = Grant { nonce: login.parameter("nonce"), sid: sid.to_owned() };
        self.state.grants.lock().expect("the grants").insert(code, grant);
        callback
    }

    /// The same without a code: an error of OAuth or OIDC.
    pub fn refuse(&self, login: &Login, error: &str) -> Url {
        let mut callback = redirect_uri(login);
        callback
            .query_pairs_mut()
            .append_pair("error", error)
            .append_pair("error_description", "as the test wants it")
            .append_pair("state", &login.state())
            .append_pair("iss", &self.issuer);
        callback
    }

    /// An access token of the one person, good for all of the API (RFC 9068 §2).
    pub fn access_token(&self) -> Jwt {
        let now = jwt::now();
        Jwt {
            header: json!({ "alg": "ES256", "kid": Key::Ec.kid(), "typ": "at+jwt" }),
            claims: json!({
                "iss": self.issuer,
                "sub": SUBJECT,
                "aud": AUDIENCE,
                "client_id": "the-page",
                "iat": now,
                "exp": now + 600,
                "jti": backend::crypto::token(),
                "scope": "openid orders account",
                "auth_time": now,
                "name": NAME,
                "email": "sam@example.com",
                "email_verified": true,
            }),
            key: Key::Ec,
        }
    }

    /// A logout token for the one person's one session (OpenID Connect Back-Channel Logout 1.0 §2.4).
    pub fn logout_token(&self) -> Jwt {
        let now = jwt::now();
        Jwt {
            header: json!({ "alg": "ES256", "kid": Key::Ec.kid(), "typ": "logout+jwt" }),
            claims: json!({
                "iss": self.issuer,
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 120,
                "jti": backend::crypto::token(),
                "sub": SUBJECT,
                "sid": SID,
                "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
            }),
            key: Key::Ec,
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        if let Some(server) = self.server.get_mut().ok().and_then(Option::take) {
            drop(server.stop(false));
        }
    }
}

impl State {
    fn id_token(&self, grant: &Grant, access_token: &str) -> Jwt {
        let now = jwt::now();
        Jwt {
            header: json!({ "alg": "ES256", "kid": Key::Ec.kid(), "typ": "JWT" }),
            claims: json!({
                "iss": self.issuer,
                "sub": SUBJECT,
                "aud": CLIENT_ID,
                "exp": now + 300,
                "iat": now,
                "auth_time": now,
                "nonce": grant.nonce,
                "at_hash": jwt::at_hash(access_token),
                "sid": grant.sid,
                "name": NAME,
                "email": "sam@example.com",
                "email_verified": true,
            }),
            key: Key::Ec,
        }
    }
}

/// Takes part in a run only as long as the runtime of all servers lives.
fn spawn(server: actix_web::dev::Server) {
    servers().spawn(server);
}

fn redirect_uri(login: &Login) -> Url {
    let uri = login.parameter("redirect_uri");
    uri.parse().expect("a redirect URI")
}
