//! The program `storezero-static`: sends the shop without a backend, which is files and nothing else. It has no API,
//! knows nobody and sets no cookie. Any server of static files can take its place, with a `config.json` written by
//! hand.

use actix_web::{
    HttpResponse, HttpServer,
    http::header::CACHE_CONTROL,
    middleware::DefaultHeaders,
    web::{self, Data},
};
use anyhow::{Context as _, ensure};
use backend::{
    app::told_to_stop,
    config::LogFormat,
    http::{
        headers,
        site::{self, Site},
        telemetry::{self, RequestSpan},
    },
};
use clap::Parser;
use serde::Serialize;
use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::ExitCode,
};
use tracing_actix_web::TracingLogger;
use url::Url;

/// Sends the files of the shop without a backend
#[derive(Parser)]
#[command(name = "storezero-static")]
struct Options {
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:3001")]
    listen: SocketAddr,
    /// Folder of the built shop
    #[arg(long, default_value = "target/site-no-backend")]
    site: PathBuf,
    /// The shop whose API the page asks
    #[arg(long, value_name = "URL", default_value = "http://localhost:3000")]
    api: Url,
    /// The identity provider, exactly as it names itself
    #[arg(long, value_name = "URL", default_value = "http://localhost:4000", value_parser = issuer)]
    issuer: String,
    /// The page's name at the identity provider
    #[arg(long, value_name = "ID", default_value = "storezero-spa")]
    client_id: String,
    /// The API's name at the identity provider [default: <API>/api]
    #[arg(long)]
    audience: Option<String>,
}

/// What the page has to know before it starts: `/config.json`.
#[derive(Clone, Serialize)]
struct PageConfig {
    api: String,
    audience: String,
    issuer: String,
    client_id: String,
}

impl From<&Options> for PageConfig {
    fn from(options: &Options) -> Self {
        let api = options.api.as_str().trim_end_matches('/');
        let audience = options.audience.clone().unwrap_or_else(|| format!("{api}/api"));
        Self {
            api: api.into(),
            audience,
            issuer: options.issuer.clone(),
            client_id: options.client_id.clone(),
        }
    }
}

/// Checked, but kept as text: issuers are compared as text (RFC 8414 §3.3).
fn issuer(text: &str) -> Result<String, url::ParseError> {
    Url::parse(text).map(|_| text.to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    telemetry::init(LogFormat::Text);
    match serve(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("storezero-static: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: &Options) -> anyhow::Result<()> {
    let listen = options.listen;
    let listener = TcpListener::bind(listen)
        .with_context(|| format!("cannot listen on {listen}: --listen chooses another address"))?;
    let folder = options.site.display();
    ensure!(
        options.site.join("index.html").is_file(),
        "there is no built shop in {folder}: `cargo xtask dist` makes it, --site names another folder"
    );
    let site = Data::new(Site::read(&options.site)?);
    let config = Data::new(PageConfig::from(options));
    let told_to_stop = told_to_stop().context("cannot be told to stop by signals")?;
    tracing::info!(address = %listen, api = config.api, issuer = config.issuer, "the shop without a backend is open");
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .configure(|routes| surface(routes, &site, &config))
            .wrap(security(&config))
            .wrap(TracingLogger::<RequestSpan>::new())
    })
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(async move {
        told_to_stop.await;
        handle.stop(true).await;
    });
    server.await?;
    tracing::info!("the shop without a backend is closed");
    Ok(())
}

/// `/auth/…` are pages here, which the browser's router knows.
fn surface(routes: &mut web::ServiceConfig, site: &Data<Site>, config: &Data<PageConfig>) {
    let config_json = web::resource("/config.json");
    routes
        .app_data(site.clone())
        .app_data(config.clone())
        .service(config_json.route(web::get().to(page_config)).route(web::head().to(page_config)))
        .service(web::scope("/api").default_service(web::to(no_api)))
        .default_service(web::to(site::serve));
}

async fn page_config(config: Data<PageConfig>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-cache")).json(&**config)
}

/// Not the shell: a page that asks the wrong server shall notice.
async fn no_api() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("There is no API here; /config.json names the server that has it.")
}

/// The page asks the shop's API and the identity provider, holds the latter in a hidden frame for silent renewals, and
/// signs out there by a form.
fn security(config: &PageConfig) -> DefaultHeaders {
    let origin = |url: &str| {
        let url = Url::parse(url).map(|url| url.origin().ascii_serialization());
        url.unwrap_or_default()
    };
    let (api, issuer) = (origin(&config.api), origin(&config.issuer));
    headers::of_pages(&format!("'self' {api} {issuer}"), &issuer, &format!("'self' {issuer}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{
        App,
        body::to_bytes,
        http::{
            Method,
            header::{ACCEPT_ENCODING, HeaderMap, IF_NONE_MATCH, SET_COOKIE},
        },
        test::{TestRequest, call_service, init_service},
    };
    use serde_json::{Value, json};
    use std::fs;

    struct Answer {
        status: u16,
        headers: HeaderMap,
        body: String,
    }

    impl Answer {
        fn header(&self, name: &str) -> &str {
            self.headers.get(name).map_or("", |value| value.to_str().unwrap())
        }
    }

    /// What each request is answered by a server with these arguments and a small site.
    async fn answers<const N: usize>(
        arguments: &[&str],
        requests: [TestRequest; N],
    ) -> [Answer; N] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("pkg/0f")).unwrap();
        for (name, content) in [
            ("index.html", "<title>shell</title>"),
            ("index.html.br", "brotli"),
            ("pkg/0f/boot.js", "boot()"),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let site = Data::new(Site::read(folder.path()).unwrap());
        let options = Options::parse_from([&["storezero-static"], arguments].concat());
        let config = Data::new(PageConfig::from(&options));
        let routes = |routes: &mut web::ServiceConfig| surface(routes, &site, &config);
        let server = init_service(App::new().configure(routes).wrap(security(&config))).await;
        let mut answers = Vec::new();
        for request in requests {
            let response = call_service(&server, request.to_request()).await;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = to_bytes(response.into_body()).await.unwrap();
            answers.push(Answer { status, headers, body: String::from_utf8(body.into()).unwrap() });
        }
        answers.try_into().ok().unwrap()
    }

    fn get(path: &str) -> TestRequest {
        TestRequest::get().uri(path)
    }

    #[actix_web::test]
    async fn pages_get_the_shell_files_are_sent_and_there_is_no_api() {
        let shell = "<title>shell</title>";
        let paths = ["/", "/account/orders", "/auth/login", "/callback?code=1", "/apiary"];
        for answer in answers(&[], paths.map(get)).await {
            assert_eq!((answer.status, answer.body.as_str()), (200, shell));
            assert_eq!(answer.header("cache-control"), "no-cache");
        }
        for answer in answers(&[], ["/api", "/api/cart", "/api/session"].map(get)).await {
            assert_eq!(answer.status, 404);
            assert!(!answer.body.contains(shell));
        }
        let script = get("/pkg/0f/boot.js");
        let compressed = get("/").insert_header((ACCEPT_ENCODING, "br"));
        let [script, compressed] = answers(&[], [script, compressed]).await;
        assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(compressed.header("content-encoding"), "br");
        let known = get("/").insert_header((IF_NONE_MATCH, compressed.header("etag")));
        assert_eq!(answers(&[], [known]).await[0].status, 304);
    }

    #[actix_web::test]
    async fn no_answer_sets_a_cookie_and_each_has_the_security_headers() {
        let visitor = |path| get(path).insert_header(("Cookie", "storezero=1; theme=dark"));
        let paths = [
            "/",
            "/auth/login",
            "/auth/callback?code=1&state=2",
            "/config.json",
            "/api/cart",
            "/x.js",
        ];
        let posts = [Method::POST, Method::PUT].map(|method| get("/api/cart").method(method));
        let asked = answers(&[], paths.map(visitor)).await;
        for answer in asked.into_iter().chain(answers(&[], posts).await) {
            assert!(!answer.headers.contains_key(SET_COOKIE));
            let policy = answer.header("content-security-policy");
            for part in [
                "script-src 'self' 'wasm-unsafe-eval'; ",
                "connect-src 'self' http://localhost:3000 http://localhost:4000; ",
                "frame-src http://localhost:4000; ",
                "form-action 'self' http://localhost:4000",
                "frame-ancestors 'none'; ",
            ] {
                assert!(policy.contains(part), "{policy}");
            }
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }

    #[actix_web::test]
    async fn the_page_learns_from_config_json_whom_to_ask() {
        let config = |arguments: &'static [&str]| async move {
            let [answer] = answers(arguments, [get("/config.json")]).await;
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("cache-control"), "no-cache");
            serde_json::from_str::<Value>(&answer.body).unwrap()
        };
        let usual = json!({
            "api": "http://localhost:3000",
            "audience": "http://localhost:3000/api",
            "issuer": "http://localhost:4000",
            "client_id": "storezero-spa",
        });
        assert_eq!(config(&[]).await, usual);
        let other = config(&[
            "--api=https://shop.example",
            "--issuer=https://id.example/realms/shop/",
            "--client-id=page",
            "--audience=urn:shop",
        ]);
        let other = other.await;
        assert_eq!(other["issuer"], "https://id.example/realms/shop/");
        assert_eq!((&other["client_id"], &other["audience"]), (&json!("page"), &json!("urn:shop")));
    }
}
