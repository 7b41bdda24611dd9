//! The wishlist: a customer's own, or, while nobody is signed in, one that ends with its session. A login makes the
//! session's the customer's.

mod changes;
mod entity;
mod queries;

pub use changes::adopt;

use crate::{
    Result,
    catalog::Catalog,
    db,
    http::Json,
    session::{Sessions, Visitor},
};
use actix_web::web::{self, Data, Path};
use queries::Owner;
use sea_orm::DatabaseConnection;
use shared::{activities::ActivityName, catalog::ProductSummary, paths::api};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::WISHLIST).get(show))
        .service(web::resource(api::WISHLIST_ITEM).put(add).delete(remove));
}

async fn show(
    db: Data<DatabaseConnection>,
    catalog: Data<Catalog>,
    visitor: Visitor,
) -> Result<Json<Vec<ProductSummary>>> {
    Ok(Json(match Owner::of_visitor(&visitor) {
        Some(owner) => of(&db, &catalog, owner).await?,
        None => Vec::new(),
    }))
}

async fn add(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    catalog: Data<Catalog>,
    visitor: Visitor,
    slug: Path<String>,
) -> Result<Json<Vec<ProductSummary>>> {
    let product = catalog.at(&slug).await?;
    if let Some(bearer) = &visitor.bearer {
        let owner = Owner::Customer(bearer.customer_id);
        changes::add(&db, owner, product.id, db::now()).await?;
        return Ok(Json(of(&db, &catalog, owner).await?));
    }
    let session = visitor.ensure_session(&sessions).await?;
    if changes::add(&db, Owner::Session(&session.id), product.id, db::now()).await? {
        sessions.activities.record(&session.id, ActivityName::WishlistAdded, &product.name);
    }
    Ok(Json(of(&db, &catalog, Owner::of(&session)).await?))
}

async fn remove(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    catalog: Data<Catalog>,
    visitor: Visitor,
    slug: Path<String>,
) -> Result<Json<Vec<ProductSummary>>> {
    let product = catalog.at(&slug).await?;
    let Some(owner) = Owner::of_visitor(&visitor) else {
        return Ok(Json(Vec::new()));
    };
    if queries::remove(db.get_ref(), owner, product.id).await? {
        visitor.record_activity(&sessions, ActivityName::WishlistRemoved, &product.name);
    }
    Ok(Json(of(&db, &catalog, owner).await?))
}

pub async fn of_customer(
    db: &DatabaseConnection,
    catalog: &Catalog,
    customer_id: i64,
) -> Result<Vec<ProductSummary>> {
    of(db, catalog, Owner::Customer(customer_id)).await
}

/// The newest first.
async fn of(
    db: &DatabaseConnection,
    catalog: &Catalog,
    owner: Owner<'_>,
) -> Result<Vec<ProductSummary>> {
    let ids = queries::newest_first(db, owner).await?;
    catalog.summaries(&ids).await
}
