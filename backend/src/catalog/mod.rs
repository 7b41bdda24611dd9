//! The catalogue: categories, lists, search, product pages; and what carts and orders need of it, the
//! offers and the stock.

pub mod entity;
mod entry;
mod index;
mod queries;
mod rules;
mod search;
mod snapshot;

pub use queries::{Offer, Taken, offer, offers, return_stock, take_stock};
pub use snapshot::Catalog;

use crate::{App, Error, Result, input::Query};
use actix_web::web::{self, Data, Json, Path};
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

async fn categories(app: Data<App>) -> Result<Json<Vec<Category>>> {
    let index = app.catalog.current(&app.db).await?;
    Ok(Json(index.categories().to_vec()))
}

async fn products(app: Data<App>, Query(query): Query<ProductQuery>) -> Result<Json<ProductPage>> {
    let faults = rules::faults(&query);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    let index = app.catalog.current(&app.db).await?;
    match &query.category {
        Some(category) if !index.has_category(category) => Err(Error::not_found(
            "We have no such category. Choose one from the start page.",
        )),
        _ => Ok(Json(index.page(&query))),
    }
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
