//! `/health/live`: the process runs. `/health/ready`: it can serve, since its database answers. The IdP
//! is no part of that: without it the shop still sells.

use crate::error;
use actix_web::{HttpResponse, web};
use sea_orm::DatabaseConnection;
use shared::problem::{Problem, kinds};

pub fn routes(routes: &mut web::ServiceConfig) {
    // By HEAD too, as some load balancers ask: it must not fall through to the pages, which are always there.
    routes
        .service(
            web::resource("/health/live").route(web::get().to(live)).route(web::head().to(live)),
        )
        .service(
            web::resource("/health/ready").route(web::get().to(ready)).route(web::head().to(ready)),
        );
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

async fn ready(db: web::Data<DatabaseConnection>) -> HttpResponse {
    match db.ping().await {
        Ok(()) => HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let detail = "The database does not answer. Try again in a moment.";
            error::respond(&Problem::new(kinds::UNAVAILABLE, "Not ready", 503, detail))
        }
    }
}
