//! storezero's backend: a shop, and a Backend For Frontend that runs the OpenID Connect Authorization
//! Code Flow and holds the local session. `surface` lists everything that can be asked of it.

pub mod account;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod config;
pub mod crypto;
pub mod db;
pub mod error;
pub mod input;
pub mod oidc;
pub mod ops;
pub mod orders;
pub mod session;
pub mod trace;
pub mod wishlist;

pub use config::Config;
pub use error::{Error, Result};

use actix_web::{
    HttpServer,
    dev::Server,
    guard::fn_guard,
    middleware::from_fn,
    web::{self, Data},
};
use anyhow::Context as _;
use ops::{
    csrf, health, problems, security_headers, site, sweeper, telemetry::RequestSpan, under_way,
};
use sea_orm::DatabaseConnection;
use shared::paths::{auth, is_endpoint};
use std::{net::TcpListener, time::Duration};
use tracing_actix_web::TracingLogger;

/// What every handler may reach, as `web::Data<App>`.
pub struct App {
    pub config: Config,
    pub db: DatabaseConnection,
    pub live: session::Live,
    pub activities: session::Activities,
    pub oidc: oidc::Client,
    pub catalog: catalog::Catalog,
    pub under_way: under_way::UnderWay,
}

/// Seconds that requests under way are waited for when the process is told to stop.
const SHUTDOWN_TIMEOUT: u64 = 10;

/// Runs the shop until it is told to stop.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).with_context(|| {
        format!(
            "cannot listen on {}: is the port in use? STOREZERO_LISTEN chooses another one",
            config.listen
        )
    })?;
    let app = start(config).await?;
    tokio::spawn(sweeper::run(app.clone()));
    tokio::spawn(look_for_identity_provider(app.clone()));
    tracing::info!(
        address = app.config.origin(),
        issuer = app.config.oidc.issuer,
        "the shop is open"
    );
    // From here on, so that whoever has had a first answer can also stop it properly.
    let told_to_stop = told_to_stop().context("cannot be told to stop by signals")?;
    let (live, under_way) = (app.live.clone(), app.under_way.clone());
    let activities = app.activities.clone();
    let server = server(app, listener)?;
    let handle = server.handle();
    tokio::spawn(async move {
        told_to_stop.await;
        tracing::info!("told to stop: what is under way is still answered");
        live.close();
        handle.pause().await;
        under_way.none(Duration::from_secs(SHUTDOWN_TIMEOUT)).await;
        handle.stop(true).await;
    });
    server.await?;
    activities.flush().await;
    tracing::info!("the shop is closed");
    Ok(())
}

/// Everything but the listening: database, migrations, seed, client of the IdP.
pub async fn start(config: Config) -> anyhow::Result<Data<App>> {
    if config.secret_key.is_ephemeral() {
        tracing::warn!("STOREZERO_SECRET_KEY is not set: sessions end when this process does");
    }
    let db = db::connect(&config.database_url)
        .await
        .context("cannot open STOREZERO_DATABASE_URL")?;
    db::migrations::migrate(&db)
        .await
        .context("cannot migrate the database")?;
    db::seed::seed(&db, &config)
        .await
        .context("cannot seed the database")?;
    let oidc = oidc::Client::new(config.oidc.clone())?;
    let live = session::Live::new(db.clone());
    let activities = session::Activities::start(db.clone());
    Ok(Data::new(App {
        config,
        db,
        live,
        activities,
        oidc,
        catalog: catalog::Catalog::default(),
        under_way: under_way::UnderWay::default(),
    }))
}

/// A first look, so that a wrong issuer is told in the log at start and not at the first login.
async fn look_for_identity_provider(app: Data<App>) {
    if app.oidc.provider().await.is_ok() {
        tracing::info!(
            redirect_uri = app.config.public(auth::CALLBACK).as_str(),
            silent_redirect_uri = app.config.public(auth::SILENT).as_str(),
            "the identity provider answers; the shop's client there needs these redirect URIs"
        );
    }
}

/// Resolves at Ctrl-C or SIGTERM: then no new connections are taken, and requests under way are answered.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

pub fn server(app: Data<App>, listener: TcpListener) -> anyhow::Result<Server> {
    tokio::spawn(app.live.clone().listen());
    let site = Data::new(site::Site::read(&app.config.site)?);
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.clone())
            .app_data(site.clone())
            .configure(|routes| surface(routes, &app))
            .wrap(security_headers::headers(&app.config))
            .wrap(TracingLogger::<RequestSpan>::new())
    })
    .disable_signals()
    .shutdown_timeout(SHUTDOWN_TIMEOUT)
    .listen(listener)?
    .run();
    Ok(server)
}

/// The whole surface. Sessions exist below `/api` and `/auth` alone: files and the shell touch none.
fn surface(routes: &mut web::ServiceConfig, app: &Data<App>) {
    routes
        .configure(health::routes)
        .configure(problems::extractors)
        .configure(trace::source_routes)
        .service(
            web::scope("")
                .guard(fn_guard(|context| is_endpoint(context.head().uri.path())))
                .configure(session::routes)
                .configure(oidc::routes)
                .configure(trace::routes)
                .configure(catalog::routes)
                .configure(cart::routes)
                .configure(wishlist::routes)
                .configure(checkout::routes)
                .configure(orders::routes)
                .configure(account::routes)
                .default_service(web::to(problems::not_found))
                // The last one wrapped is the first one to see a request.
                .wrap(from_fn(session::slide))
                .wrap(session::middleware(app))
                .wrap(from_fn(session::persistence))
                .wrap(from_fn(csrf::protect))
                .wrap(from_fn(problems::as_problems))
                .wrap(from_fn(security_headers::private))
                .wrap(from_fn(under_way::count)),
        )
        .default_service(web::to(site::serve));
}
