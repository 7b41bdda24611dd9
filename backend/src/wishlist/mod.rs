//! The wishlist: a customer's own, or, while nobody is signed in, one that ends with its session. A login makes the
//! session's the customer's.

mod changes;
mod entity;
mod queries;

pub use changes::adopt_at_login;

use crate::{App, Error, Result, catalog, db, session::Visitor};
use actix_web::web::{self, Data, Json, Path};
use queries::Owner;
use shared::{activities::ActivityName, catalog::ProductSummary, ids::Slug, paths::api};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::WISHLIST).get(show))
        .service(web::resource(api::WISHLIST_ITEM).put(add).delete(remove));
}

async fn show(app: Data<App>, visitor: Visitor) -> Result<Json<Vec<ProductSummary>>> {
    match &visitor.session {
        Some(session) => list(&app, Owner::of(session)).await,
        None => Ok(Json(Vec::new())),
    }
}

async fn add(
    app: Data<App>,
    visitor: Visitor,
    slug: Path<String>,
) -> Result<Json<Vec<ProductSummary>>> {
    let product = product(&app, &slug).await?;
    let session = visitor.ensure(&app).await?;
    if changes::add(&app.db, &session.id, product.id, db::now()).await? {
        app.activities
            .record(&session.id, ActivityName::WishlistAdded, &product.name);
    }
    list(&app, Owner::of(&session)).await
}

async fn remove(
    app: Data<App>,
    visitor: Visitor,
    slug: Path<String>,
) -> Result<Json<Vec<ProductSummary>>> {
    let product = product(&app, &slug).await?;
    let Some(session) = &visitor.session else {
        return Ok(Json(Vec::new()));
    };
    if queries::remove(&app.db, Owner::of(session), product.id).await? {
        visitor.did(&app, ActivityName::WishlistRemoved, &product.name);
    }
    list(&app, Owner::of(session)).await
}

pub async fn of_customer(app: &App, customer_id: i64) -> Result<Vec<ProductSummary>> {
    of(app, Owner::Customer(customer_id)).await
}

async fn list(app: &App, owner: Owner<'_>) -> Result<Json<Vec<ProductSummary>>> {
    Ok(Json(of(app, owner).await?))
}

/// The newest first.
async fn of(app: &App, owner: Owner<'_>) -> Result<Vec<ProductSummary>> {
    let ids = queries::newest_first(&app.db, owner).await?;
    catalog::summaries(app, &ids).await
}

async fn product(app: &App, slug: &str) -> Result<catalog::Named> {
    let unknown =
        || Error::not_found("We have no such product. Search for it, or choose a category.");
    let slug: Slug = slug.parse().map_err(|_| unknown())?;
    catalog::named(app, &slug).await?.ok_or_else(unknown)
}
