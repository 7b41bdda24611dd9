//! "My Account": the customer whom the identity provider names, and a first look at their orders.

mod data;
mod deletion;
pub(crate) mod entity;
mod queries;
#[cfg(test)]
pub(crate) mod testing;

pub use queries::{customer_at_login, has_second_factor};

use crate::{
    App, Result, crypto, orders,
    session::{Customer, FreshCustomer},
};
use actix_web::web::{self, Data, Json};
use sea_orm::ConnectionTrait;
use shared::{
    account::{Account, Next},
    paths::api,
    session::CustomerView,
};

/// Orders that "My Account" shows.
const RECENT: u32 = 3;
/// Hexadecimal digits that tell the shop's customers apart.
const FINGERPRINT_LENGTH: usize = 16;

/// What a validated ID token says of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub name: String,
    pub email: Option<String>,
    pub email_verified: bool,
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource(api::ACCOUNT)
            .get(account)
            .delete(deletion::delete),
    )
    .service(web::resource(api::ACCOUNT_DATA).get(data::data))
    .service(web::resource(api::ACCOUNT_MANAGE).get(manage));
}

async fn account(app: Data<App>, customer: Customer) -> Result<Json<Account>> {
    let row = queries::customer(&app.db, customer.id).await?;
    let (recent_orders, order_count) = orders::recent(&app.db, customer.id, RECENT).await?;
    Ok(Json(Account {
        customer_since: row.created_at,
        customer: view(row),
        order_count,
        recent_orders,
        identity_provider: app.config.oidc.issuer.clone(),
    }))
}

/// Where the identity provider lets a customer change email, phone and password.
async fn manage(app: Data<App>, _: FreshCustomer) -> Json<Next> {
    Json(Next {
        next: app.config.oidc.account_url.clone(),
    })
}

pub async fn customer_view(db: &impl ConnectionTrait, customer_id: i64) -> Result<CustomerView> {
    Ok(view(queries::customer(db, customer_id).await?))
}

fn view(row: entity::customer::Model) -> CustomerView {
    CustomerView {
        fingerprint: crypto::short_fingerprint(
            &format!("{} {}", row.issuer, row.subject),
            FINGERPRINT_LENGTH,
        ),
        name: row.name,
        email: row.email,
        email_verified: row.email_verified,
    }
}
