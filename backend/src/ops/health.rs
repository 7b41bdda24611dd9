//! `/health/live`: the process runs. `/health/ready`: it can serve, since its database answers. The IdP
//! is no part of that: without it the shop still sells.

use crate::{App, error};
use actix_web::{HttpResponse, web};
use shared::problem::{Problem, kinds};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

async fn ready(app: web::Data<App>) -> HttpResponse {
    match app.db.ping().await {
        Ok(()) => HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let detail = "The database does not answer. Try again in a moment.";
            error::respond(&Problem::new(kinds::UNAVAILABLE, "Not ready", 503, detail))
        }
    }
}
