//! `GET /api/account/data`: everything that the shop keeps of a customer, in one file that a person can read
//! (GDPR article 15 and 20).

use super::addresses;
use crate::{
    Result, cart,
    catalog::Catalog,
    customers, db, orders, reviews,
    session::{self, FreshCustomer, Sessions, activities},
    wishlist,
};
use actix_web::{HttpResponse, http::header::CONTENT_DISPOSITION, web::Data};
use sea_orm::DatabaseConnection;
use shared::account::AccountData;

pub(super) async fn data(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    catalog: Data<Catalog>,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    sessions.activities.flush().await;
    let db = db.get_ref();
    let row = customers::find(db, customer.id).await?;
    let living = session::living_of(db, customer.id).await?;
    let data = AccountData {
        at: db::now(),
        customer_since: row.created_at,
        identity_provider: row.issuer.clone(),
        subject: row.subject.clone(),
        second_factor: row.second_factor,
        customer: customers::view(&row),
        addresses: addresses::of_customer(db, customer.id).await?,
        orders: orders::all_of(db, customer.id).await?,
        cart: cart::of_customer(db, customer.id).await?,
        wishlist: wishlist::of_customer(db, &catalog, customer.id).await?,
        reviews: reviews::of_customer(db, customer.id).await?,
        sessions: living.into_iter().map(|row| customer.signed_in(row)).collect(),
        activities: activities::of_customer(db, customer.id).await?,
    };
    let body = serde_json::to_string_pretty(&data).map_err(anyhow::Error::from)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"storezero-data.json\""))
        .body(body))
}
