//! "My Account": the customer whom the identity provider names, where they have things delivered to, and a first look at
//! their orders.

pub mod addresses;
mod data;
mod deletion;

use crate::{
    Config, Result, customers,
    http::Json,
    orders,
    session::{Customer, FreshCustomer},
};
use actix_web::web::{self, Data};
use sea_orm::DatabaseConnection;
use shared::{
    account::{Account, Next},
    paths::api,
};

/// Orders that "My Account" shows.
const RECENT: u32 = 3;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::ACCOUNT).get(account).delete(deletion::delete))
        .service(web::resource(api::ACCOUNT_DATA).get(data::data))
        .service(web::resource(api::ACCOUNT_MANAGE).get(manage))
        .service(web::resource(api::ACCOUNT_ADDRESSES).get(addresses::list).post(addresses::add))
        .service(
            web::resource(api::ACCOUNT_ADDRESS).put(addresses::change).delete(addresses::remove),
        )
        .service(web::resource(api::ACCOUNT_ADDRESS_DEFAULT).put(addresses::make_default));
}

async fn account(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    customer: Customer,
) -> Result<Json<Account>> {
    let row = customers::find(db.get_ref(), customer.id).await?;
    let (recent_orders, order_count) = orders::recent(db.get_ref(), customer.id, RECENT).await?;
    Ok(Json(Account {
        customer_since: row.created_at,
        customer: customers::view(&row),
        order_count,
        recent_orders,
        addresses: addresses::of_customer(db.get_ref(), customer.id).await?,
        identity_provider: config.oidc.issuer.clone(),
    }))
}

/// Where the identity provider lets a customer change email, phone and password.
async fn manage(config: Data<Config>, _: FreshCustomer) -> Json<Next> {
    Json(Next { next: config.oidc.account_url.clone() })
}
