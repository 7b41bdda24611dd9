//! The API described by itself: `GET /api/openapi.json` for programs and `GET /api/docs` for people, both made of one
//! document (<https://spec.openapis.org/oas/v3.1.0>).
//!
//! `operations` names each operation, `problems` each kind of problem, `shared` has the types; `document` puts them
//! together, and `page` shows them. Swagger UI and its like bring styles and scripts that the Content-Security-Policy
//! forbids, so the page is plain HTML of the server's own.

mod document;
mod operations;
mod page;
mod problems;

pub use document::document;

use crate::{
    Error, Result,
    http::{representation::Representation, see_other},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Path},
};
use shared::paths::{PROBLEM, api};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<anyhow::Result<Representation>> =
    LazyLock::new(|| Representation::json(&document()));
static PAGE: LazyLock<anyhow::Result<Representation>> = LazyLock::new(|| {
    let page = page::page(&serde_json::to_value(document())?);
    Ok(Representation::compressed("text/html; charset=utf-8", page))
});

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(api::OPENAPI).get(openapi))
        .service(web::resource(api::DOCS).get(docs));
}

/// Outside of `/api`: where a problem's `type` leads.
pub fn problem_routes(routes: &mut web::ServiceConfig) {
    routes.service(web::resource(PROBLEM).get(problem));
}

async fn openapi(request: HttpRequest) -> Result<HttpResponse> {
    respond(&DOCUMENT, &request)
}

async fn docs(request: HttpRequest) -> Result<HttpResponse> {
    respond(&PAGE, &request)
}

fn respond(
    made: &'static anyhow::Result<Representation>,
    request: &HttpRequest,
) -> Result<HttpResponse> {
    match made {
        Ok(representation) => Ok(representation.respond(request)),
        Err(error) => Err(anyhow::anyhow!("the API's description: {error:#}").into()),
    }
}

async fn problem(name: Path<String>) -> Result<HttpResponse> {
    let known = problems::ALL.iter().find(|known| known.name() == *name);
    let known = known.ok_or_else(|| {
        Error::not_found("The API has no such problem. All it has are at /api/docs.")
    })?;
    Ok(see_other(&format!("{}#{}", api::DOCS, known.name())))
}
