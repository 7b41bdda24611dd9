//! What customers say of products that they received. Everybody reads it; it takes a login, and an order that has
//! arrived, to write. One review of a product by each customer, which they may change and remove.

mod queries;
mod rules;

pub use queries::{of_customer, write};
pub use rules::author;

use crate::{
    Error, Result,
    catalog::{Catalog, Named},
    customers, db,
    http::{Json, Query},
    orders,
    session::{Customer, Sessions, Visitor},
};
use actix_web::web::{self, Data, Path};
use sea_orm::DatabaseConnection;
use shared::{
    activities::ActivityName,
    paths::api,
    problem::{Problem, kinds},
    reviews::{ReviewPage, ReviewQuery, Standing, WriteReview},
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::REVIEWS).get(list))
        .service(web::resource(api::OWN_REVIEW).put(put).delete(remove));
}

async fn list(
    db: Data<DatabaseConnection>,
    catalog: Data<Catalog>,
    visitor: Visitor,
    slug: Path<String>,
    Query(query): Query<ReviewQuery>,
) -> Result<Json<ReviewPage>> {
    let product = catalog.at(&slug).await?;
    let page = query.page.unwrap_or(1);
    if page == 0 {
        return Err(Error::field("page", "Pages are counted from 1."));
    }
    shown(&db, &product, visitor.customer_id(), page).await.map(Json)
}

async fn put(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    catalog: Data<Catalog>,
    visitor: Visitor,
    customer: Customer,
    slug: Path<String>,
    Json(review): Json<WriteReview>,
) -> Result<Json<ReviewPage>> {
    let product = catalog.at(&slug).await?;
    let review = review.tidied();
    let faults = review.faults();
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    if !orders::has_received(db.get_ref(), customer.id, &product.slug).await? {
        return Err(not_received());
    }
    let author = author(&customers::find(db.get_ref(), customer.id).await?.name);
    let is_new = queries::write(db.get_ref(), product.id, customer.id, &author, &review, db::now());
    if is_new.await.map_err(Error::of_customers_row)? {
        visitor.record_activity(&sessions, ActivityName::Reviewed, &product.name);
    }
    shown(&db, &product, Some(customer.id), 1).await.map(Json)
}

async fn remove(
    db: Data<DatabaseConnection>,
    catalog: Data<Catalog>,
    customer: Customer,
    slug: Path<String>,
) -> Result<Json<ReviewPage>> {
    let product = catalog.at(&slug).await?;
    queries::remove(db.get_ref(), product.id, customer.id).await?;
    shown(&db, &product, Some(customer.id), 1).await.map(Json)
}

async fn shown(
    db: &DatabaseConnection,
    product: &Named,
    customer_id: Option<i64>,
    page: u32,
) -> Result<ReviewPage> {
    let (reviews, total) = queries::page(db, product.id, page).await?;
    let standing = match customer_id {
        None => Standing::Guest,
        Some(id) => match queries::own(db, product.id, id).await? {
            Some(review) => Standing::Reviewed(review),
            None if orders::has_received(db, id, &product.slug).await? => Standing::MayReview,
            None => Standing::NotReceived,
        },
    };
    Ok(ReviewPage { reviews, total, page, pages: rules::pages(total), standing })
}

fn not_received() -> Error {
    let detail = "Only who has received this product from us can review it. Once your order has arrived, come back.";
    Problem::new(kinds::NOT_RECEIVED, "Not received yet", 403, detail).into()
}
