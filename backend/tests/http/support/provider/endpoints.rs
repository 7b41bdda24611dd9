//! Discovery, keys and tokens over HTTP.

use super::State;
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::StatusCode,
    web::{self, Bytes, Data, Form},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    net::TcpListener,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::sync::Semaphore;

/// How an endpoint replies.
#[derive(Clone, Debug)]
pub enum Reply {
    /// As it should, apart from what `Provider::issues` does to the ID token.
    InOrder,
    /// The same, as soon as the gate is opened.
    Held(Gate),
    Json(u16, Value),
    Text(u16, &'static str),
    /// Another address to ask, where the client's secret and the code would then go.
    Redirect(String),
    /// Nothing, ever.
    Silence,
    /// A first byte, and then nothing, ever.
    Stall,
    /// Bytes without end, as fast as they are taken.
    Flood,
}

impl Reply {
    /// `None` where the endpoint is to do what it is there for.
    async fn instead(self) -> Option<HttpResponse> {
        let json = "application/json";
        Some(match self {
            Self::InOrder => return None,
            Self::Held(gate) => {
                gate.wait().await;
                return None;
            }
            Self::Json(status, value) => respond(status).json(value),
            Self::Text(status, text) => respond(status).content_type("text/html").body(text),
            Self::Redirect(to) => respond(307).insert_header(("location", to)).finish(),
            Self::Silence => std::future::pending().await,
            Self::Stall => {
                let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]);
                respond(200).content_type(json).streaming(first.chain(stream::pending()))
            }
            Self::Flood => {
                let body = stream::repeat_with(|| {
                    Ok::<_, Infallible>(Bytes::from_static(&[b' '; 16 * 1024]))
                });
                respond(200).content_type(json).streaming(body)
            }
        })
    }
}

/// Holds requests up, so that a test can do something in between.
#[derive(Clone, Debug)]
pub struct Gate {
    arrived: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    pub fn closed() -> Self {
        Self { arrived: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)) }
    }

    /// Returns when a request stands at the gate.
    pub async fn arrival(&self) {
        let arrival = tokio::time::timeout(Duration::from_secs(10), self.arrived.acquire()).await;
        arrival.expect("a request arrives in time").expect("a gate").forget();
    }

    /// For the ones that wait and all that come.
    pub fn open(&self) {
        self.open.add_permits(1000);
    }

    async fn wait(&self) {
        self.arrived.add_permits(1);
        self.open.acquire().await.expect("a gate").forget();
    }
}

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: String,
    code: String,
    code_verifier: String,
    redirect_uri: String,
}

pub(super) fn discovery_document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/session/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // More than a client should take: it must not believe this list.
        "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    })
}

pub(super) async fn serve(state: &Arc<State>, listener: TcpListener) -> ServerHandle {
    let state = Data::from(Arc::clone(state));
    let starting = super::servers().spawn(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(keys))
                .route("/token", web::post().to(token))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .expect("the listener")
        .run();
        let handle = server.handle();
        super::spawn(server);
        handle
    });
    starting.await.expect("the provider starts")
}

async fn discovery(state: Data<State>) -> HttpResponse {
    state.asked.discovery.fetch_add(1, Ordering::SeqCst);
    let reply = state.discovery_reply.lock().expect("the reply").clone();
    match reply.instead().await {
        Some(response) => response,
        None => HttpResponse::Ok().json(&*state.discovery.lock().expect("the document")),
    }
}

async fn keys(state: Data<State>) -> HttpResponse {
    state.asked.keys.fetch_add(1, Ordering::SeqCst);
    let reply = state.keys_reply.lock().expect("the reply").clone();
    if let Some(response) = reply.instead().await {
        return response;
    }
    let keys = state.keys.lock().expect("the keys").clone();
    HttpResponse::Ok().json(json!({ "keys": keys }))
}

async fn token(state: Data<State>, request: HttpRequest, form: Form<TokenRequest>) -> HttpResponse {
    state.asked.tokens.fetch_add(1, Ordering::SeqCst);
    let reply = state.reply.lock().expect("the reply").clone();
    match reply.instead().await {
        Some(response) => response,
        None => tokens(&state, &request, &form),
    }
}

/// RFC 6749 §4.1.3: a code is exchanged once, by the client that it was made for.
fn tokens(state: &State, request: &HttpRequest, form: &TokenRequest) -> HttpResponse {
    // Each of them as in a form (RFC 6749 §2.3.1).
    let encoded =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = format!("{}:{}", super::CLIENT_ID, encoded(super::CLIENT_SECRET));
    let expected = format!("Basic {}", BASE64_STANDARD.encode(credentials));
    let authorization =
        request.headers().get("authorization").and_then(|value| value.to_str().ok());
    if authorization != Some(expected.as_str()) {
        return respond(401).json(json!({ "error": "invalid_client" }));
    }
    let is_complete = form.grant_type == "authorization_code"
        && form.code_verifier.len() >= 43
        && form.redirect_uri.ends_with("/auth/callback");
    let grant = state.grants.lock().expect("the grants").remove(&form.code).filter(|_| is_complete);
    let Some(grant) = grant else {
        return respond(400).json(json!({ "error": "invalid_grant" }));
    };
    let access_token = backend::crypto::token();
    let id_token = state.id_token(&grant, &access_token);
    let id_token = (state.issue.lock().expect("the issuing"))(id_token);
    respond(200).json(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": 300,
        "id_token": id_token,
    }))
}

fn respond(status: u16) -> actix_web::HttpResponseBuilder {
    HttpResponse::build(StatusCode::from_u16(status).expect("a status"))
}
