//! The catalogue: categories, lists, search, product pages; and what other features need of it, names, offers
//! and the stock.

pub mod entity;
mod entry;
mod import;
mod index;
mod queries;
mod rules;
mod search;
mod snapshot;
#[cfg(test)]
pub(crate) mod testing;

pub use import::import;
pub use index::Named;
pub use queries::{Offer, Taken, full_name, offer, offers, return_stock, take_stock};
pub use snapshot::Catalog;

use crate::{
    Error, Result,
    http::{Json, Query},
    session::{Sessions, Visitor},
};
use actix_web::web::{self, Data, Path};
use sea_orm::DatabaseConnection;
use shared::{
    catalog::{Category, Product, ProductPage, ProductQuery},
    ids::Slug,
    paths::api,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::CATEGORIES).get(categories))
        .service(web::resource(api::PRODUCTS).get(products))
        .service(web::resource(api::PRODUCT).get(product));
}

async fn categories(catalog: Data<Catalog>) -> Result<Json<Vec<Category>>> {
    let index = catalog.current().await?;
    Ok(Json(index.categories().to_vec()))
}

async fn products(
    catalog: Data<Catalog>,
    sessions: Data<Sessions>,
    visitor: Visitor,
    Query(query): Query<ProductQuery>,
) -> Result<Json<ProductPage>> {
    let faults = rules::faults(&query);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    let index = catalog.current().await?;
    if let Some(category) = &query.category
        && !index.has_category(category)
    {
        return Err(Error::not_found("We have no such category. Choose one from the start page."));
    }
    if let Some((name, details)) = rules::activity(&query)
        && !visitor.is_in_background()
    {
        visitor.record_activity(&sessions, name, &details);
    }
    Ok(Json(index.page(&query)))
}

async fn product(
    catalog: Data<Catalog>,
    db: Data<DatabaseConnection>,
    slug: Path<String>,
) -> Result<Json<Product>> {
    let unknown =
        || Error::not_found("We have no such product. Search for it, or choose a category.");
    let slug: Slug = slug.parse().map_err(|_| unknown())?;
    let index = catalog.current().await?;
    let product = index.product(&slug).ok_or_else(unknown)?;
    let stock = queries::stock(db.get_ref(), &slug).await?;
    Ok(Json(rules::with_stock(product, &stock)))
}
