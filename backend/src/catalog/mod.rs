//! The catalogue: categories, lists, search, product pages; and what other features need of it, names, offers
//! and the stock.

pub mod entity;
mod entry;
mod index;
mod queries;
mod rules;
mod search;
mod snapshot;

pub use index::Named;
pub use queries::{Offer, Taken, full_name, offer, offers, return_stock, take_stock};
pub use snapshot::Catalog;

use crate::{App, Error, Result, input::Query, session::Visitor};
use actix_web::web::{self, Data, Json, Path};
use shared::{
    catalog::{Category, Product, ProductPage, ProductQuery, ProductSummary},
    ids::Slug,
    paths::api,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::CATEGORIES).get(categories))
        .service(web::resource(api::PRODUCTS).get(products))
        .service(web::resource(api::PRODUCT).get(product));
}

async fn categories(app: Data<App>) -> Result<Json<Vec<Category>>> {
    let index = app.catalog.current(&app.db).await?;
    Ok(Json(index.categories().to_vec()))
}

async fn products(
    app: Data<App>,
    visitor: Visitor,
    Query(query): Query<ProductQuery>,
) -> Result<Json<ProductPage>> {
    let faults = rules::faults(&query);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    let index = app.catalog.current(&app.db).await?;
    if let Some(category) = &query.category
        && !index.has_category(category)
    {
        return Err(Error::not_found(
            "We have no such category. Choose one from the start page.",
        ));
    }
    if let Some((name, details)) = rules::activity(&query)
        && !visitor.is_in_background()
    {
        visitor.did(&app, name, &details);
    }
    Ok(Json(index.page(&query)))
}

async fn product(app: Data<App>, slug: Path<String>) -> Result<Json<Product>> {
    let unknown =
        || Error::not_found("We have no such product. Search for it, or choose a category.");
    let slug: Slug = slug.parse().map_err(|_| unknown())?;
    let index = app.catalog.current(&app.db).await?;
    let product = index.product(&slug).ok_or_else(unknown)?;
    let stock = queries::stock(&app.db, &slug).await?;
    Ok(Json(rules::with_stock(product, &stock)))
}

pub async fn named(app: &App, slug: &Slug) -> Result<Option<Named>> {
    Ok(app.catalog.current(&app.db).await?.named(slug))
}

/// These products, in this order.
pub async fn summaries(app: &App, ids: &[i64]) -> Result<Vec<ProductSummary>> {
    Ok(app.catalog.current(&app.db).await?.summaries(ids))
}
