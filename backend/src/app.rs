//! The shop put together: what it needs to run, everything that it answers, and how it starts and stops.

use crate::{
    Config, account, auth, cart, catalog, checkout, db, explorer,
    http::{
        body, cookie_header, cors, csrf, headers, health, in_flight, limits, problems, site,
        telemetry::RequestSpan,
    },
    jobs, oidc, openapi, orders, pages, reviews, seed, session, wishlist,
};
use actix_web::{
    HttpServer,
    dev::Server,
    guard::fn_guard,
    middleware::from_fn,
    web::{self, Data},
};
use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use shared::paths::is_endpoint;
use std::{
    net::{Shutdown, TcpListener, TcpStream},
    os::fd::OwnedFd,
    time::Duration,
};
use tracing_actix_web::TracingLogger;

/// What is made once and lives as long as the process. A handler names those of them that it uses.
#[derive(Clone)]
pub struct App {
    pub config: Data<Config>,
    pub db: Data<DatabaseConnection>,
    pub sessions: Data<session::Sessions>,
    pub oidc: Data<oidc::Client>,
    pub catalog: Data<catalog::Catalog>,
    pub in_flight: Data<in_flight::InFlight>,
    pub limits: Data<limits::Limits>,
}

/// Seconds that requests in flight are waited for when the process is told to stop.
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
    tokio::spawn(jobs::sweep(app.sessions.clone(), app.db.clone(), app.limits.clone()));
    tokio::spawn(orders::deliver(app.config.clone(), app.db.clone()));
    tokio::spawn(jobs::look_for_identity_provider(app.oidc.clone()));
    tracing::info!(
        address = app.config.origin(),
        issuer = app.config.oidc.issuer,
        "the shop is open"
    );
    // From here on, so that whoever has had a first answer can also stop it properly.
    let told_to_stop = told_to_stop().context("cannot be told to stop by signals")?;
    let door = listener.try_clone()?;
    let server = server(&app, listener)?;
    let handle = server.handle();
    let (sessions, in_flight) = (app.sessions.clone(), app.in_flight);
    tokio::spawn(async move {
        told_to_stop.await;
        tracing::info!("told to stop: what is in flight is still answered");
        sessions.live.close();
        handle.pause().await;
        refuse_connections(door);
        in_flight.none(Duration::from_secs(SHUTDOWN_TIMEOUT)).await;
        handle.stop(true).await;
    });
    server.await?;
    app.sessions.activities.flush().await;
    tracing::info!("the shop is closed");
    Ok(())
}

/// Everything but the listening: database, migrations, seed, client of the IdP.
pub async fn start(config: Config) -> anyhow::Result<App> {
    if config.secret_key.is_ephemeral() {
        tracing::warn!("STOREZERO_SECRET_KEY is not set: sessions end when this process does");
    }
    if config.is_https() && config.trusted_proxies.is_empty() {
        tracing::warn!(
            "STOREZERO_TRUSTED_PROXIES is not set, while a proxy must be in front: all visitors count as one sender"
        );
    }
    let db =
        db::connect(&config.database_url).await.context("cannot open STOREZERO_DATABASE_URL")?;
    db::migrate(&db).await.context("cannot migrate the database")?;
    seed::seed(&db, &config).await.context("cannot seed the database")?;
    Ok(App {
        sessions: Data::new(session::Sessions::start(&config, db.clone())),
        oidc: Data::new(oidc::Client::new(&config)?),
        catalog: Data::new(catalog::Catalog::new(db.clone())),
        in_flight: Data::default(),
        limits: Data::new(limits::Limits::new(&config.requests)),
        config: Data::new(config),
        db: Data::new(db),
    })
}

/// Resolves at Ctrl-C or SIGTERM: then no new connections are taken, and requests in flight are answered.
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
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

/// actix alone would leave new connections waiting at the door until the process ends. Refused at once, they go to
/// another replica.
fn refuse_connections(door: TcpListener) {
    // Not every system can shut a listening socket down; where it cannot, they wait.
    let _ = TcpStream::from(OwnedFd::from(door)).shutdown(Shutdown::Both);
}

pub fn server(app: &App, listener: TcpListener) -> anyhow::Result<Server> {
    tokio::spawn(app.sessions.live.clone().listen());
    let site = Data::new(site::Site::read(&app.config.site)?);
    let pages = Data::new(pages::Pages::new(&site, &app.config).context("the built frontend")?);
    let app = app.clone();
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.config.clone())
            .app_data(app.db.clone())
            .app_data(app.sessions.clone())
            .app_data(app.oidc.clone())
            .app_data(app.catalog.clone())
            .app_data(app.in_flight.clone())
            .app_data(app.limits.clone())
            .app_data(site.clone())
            .app_data(pages.clone())
            .configure(|routes| surface(routes, &app))
            .wrap(from_fn(body::in_time))
            .wrap(headers::security(&app.config))
            .wrap(TracingLogger::<RequestSpan>::new())
    })
    .disable_signals()
    .shutdown_timeout(SHUTDOWN_TIMEOUT)
    .listen(listener)?
    .run();
    Ok(server)
}

/// The whole surface. Sessions exist below `/api` and `/auth` alone: files and pages touch none.
fn surface(routes: &mut web::ServiceConfig, app: &App) {
    routes
        .configure(health::routes)
        .configure(problems::extractors)
        .configure(explorer::source_routes)
        .configure(orders::mailbox_routes)
        .configure(openapi::problem_routes)
        .configure(pages::routes)
        .service(
            web::scope("")
                .guard(fn_guard(|context| is_endpoint(context.head().uri.path())))
                .configure(auth::routes)
                .configure(explorer::routes)
                .configure(catalog::routes)
                .configure(cart::routes)
                .configure(wishlist::routes)
                .configure(checkout::routes)
                .configure(orders::routes)
                .configure(reviews::routes)
                .configure(account::routes)
                .configure(openapi::routes)
                .default_service(web::to(problems::not_found))
                // The last one wrapped is the first one to see a request.
                .wrap(from_fn(limits::guard))
                .wrap(from_fn(session::open))
                .wrap(session::middleware(&app.config))
                .wrap(from_fn(session::persistence))
                .wrap(from_fn(csrf::protect))
                .wrap(from_fn(auth::bearer))
                .wrap(from_fn(cookie_header::readable))
                .wrap(from_fn(problems::as_problems))
                .wrap(from_fn(auth::faults_as_page))
                .wrap(from_fn(headers::private))
                .wrap(cors::cors(&app.config))
                .wrap(from_fn(cors::to_listed_origins))
                .wrap(from_fn(in_flight::count)),
        )
        .default_service(web::to(pages::serve));
}
