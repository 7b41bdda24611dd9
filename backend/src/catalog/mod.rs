//! The catalogue: categories, lists, search, product pages, what was looked at lately; and what other features need of it, names, offers
//! and the stock.

pub mod entity;
mod entry;
mod facets;
mod import;
mod index;
mod queries;
mod recently_viewed;
mod rules;
mod search;
mod snapshot;
mod synonyms;
#[cfg(test)]
pub(crate) mod testing;
mod vocabulary;
mod words;

pub use import::import;
pub use index::Named;
pub use queries::{Offer, Taken, offer, offers, return_stock, take_stock};
pub use snapshot::{Answer, Catalog, Snapshot};

use crate::{
    Error, Result,
    http::Query,
    session::{Sessions, Visitor},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path},
};
use shared::{catalog::ProductQuery, ids::Slug, paths::api};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::CATEGORIES).get(categories))
        .service(web::resource(api::PRODUCTS).get(products))
        .service(web::resource(api::PRODUCT).get(product))
        .service(web::resource(api::RECENTLY_VIEWED).get(recently_viewed::show));
}

async fn categories(catalog: Data<Catalog>, request: HttpRequest) -> Result<HttpResponse> {
    let answer = catalog.current().await?.categories_answer()?;
    Ok(answer.body.respond(&request))
}

async fn products(
    catalog: Data<Catalog>,
    sessions: Data<Sessions>,
    visitor: Visitor,
    request: HttpRequest,
    Query(query): Query<ProductQuery>,
) -> Result<HttpResponse> {
    let faults = rules::faults(&query);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    let snapshot = catalog.current().await?;
    if !snapshot.has_category_of(&query) {
        return Err(Error::not_found("We have no such category. Choose one from the start page."));
    }
    if let Some((name, details)) = rules::activity(&query)
        && !visitor.is_in_background()
    {
        visitor.record_activity(&sessions, name, &details);
    }
    Ok(snapshot.products_answer(&query)?.body.respond(&request))
}

async fn product(
    catalog: Data<Catalog>,
    request: HttpRequest,
    slug: Path<String>,
) -> Result<HttpResponse> {
    let slug: Slug = slug.parse().map_err(|_| unknown_product())?;
    let answer = catalog.current().await?.product_answer(&slug)?.ok_or_else(unknown_product)?;
    Ok(answer.body.respond(&request))
}

fn unknown_product() -> Error {
    Error::not_found("We have no such product. Search for it, or choose a category.")
}

/// Whether the API answers this query with a list.
pub fn is_answered(query: &ProductQuery, snapshot: &Snapshot) -> bool {
    rules::faults(query).is_empty() && snapshot.has_category_of(query)
}
