//! The cart: a customer's own, or a guest's by a token in a cookie of its own. It belongs to no session, so
//! that a guest who was idle for a day still finds it.

mod changes;
mod entity;
mod merge;
mod queries;
mod rules;
mod shopper;
#[cfg(test)]
pub(crate) mod testing;
mod token;

pub use entity::cart::Model as CartRow;
pub use merge::merge_at_login;
pub use queries::{find, find_locked, lines, remove_expired, take_out};
pub use rules::{Line, line_item, subtotal};
pub use shopper::{Owner, Shopper};
pub use token::{CartToken, cookie_name, removal_cookie};

use crate::{App, Result, db, input};
use actix_web::{
    HttpResponse,
    web::{self, Data, Json, Path},
};
use changes::not_in_cart;
use sea_orm::ConnectionTrait;
use shared::{
    activities::ActivityName,
    cart::{AddLineItem, Cart, SetQuantity},
    ids::Sku,
    paths::api,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::CART).get(show))
        .service(web::resource(api::CART_ITEMS).post(add))
        .service(
            web::resource(api::CART_ITEM)
                .put(set_quantity)
                .delete(remove),
        );
}

async fn show(app: Data<App>, shopper: Shopper) -> Result<Json<Cart>> {
    let cart = match shopper.owner() {
        Some(owner) => queries::find(&app.db, owner).await?,
        None => None,
    };
    Ok(Json(queries::show(&app.db, cart.as_ref()).await?))
}

/// A customer's own cart, empty where there is none.
pub async fn of_customer(db: &impl ConnectionTrait, customer_id: i64) -> Result<Cart> {
    let cart = queries::find(db, Owner::Customer(customer_id)).await?;
    queries::show(db, cart.as_ref()).await
}

async fn add(
    app: Data<App>,
    shopper: Shopper,
    input::Json(item): input::Json<AddLineItem>,
) -> Result<HttpResponse> {
    let (cart, new_token) = changes::add(&app.db, shopper.owner(), &item, db::now()).await?;
    let session = shopper.visitor.ensure(&app).await?;
    let added = rules::pieces(&cart, &item.sku, item.quantity);
    app.activities
        .record(&session.id, ActivityName::LineItemAdded, &added);
    let mut response = HttpResponse::Ok();
    if shopper.visitor.customer_id().is_none()
        && let Some(token) = new_token.or(shopper.token)
    {
        response.cookie(token.cookie(&app.config));
    }
    Ok(response.json(cart))
}

async fn set_quantity(
    app: Data<App>,
    shopper: Shopper,
    sku: Path<String>,
    input::Json(SetQuantity { quantity }): input::Json<SetQuantity>,
) -> Result<Json<Cart>> {
    let sku: Sku = sku.parse().map_err(|_| not_in_cart())?;
    let owner = shopper.owner().ok_or_else(not_in_cart)?;
    let cart = changes::set_quantity(&app.db, owner, &sku, quantity, db::now()).await?;
    let now = rules::pieces(&cart, &sku, quantity);
    shopper
        .visitor
        .did(&app, ActivityName::QuantityChanged, &now);
    Ok(Json(cart))
}

async fn remove(app: Data<App>, shopper: Shopper, sku: Path<String>) -> Result<Json<Cart>> {
    let sku: Sku = sku.parse().map_err(|_| not_in_cart())?;
    let Some(owner) = shopper.owner() else {
        return Ok(Json(Cart::default()));
    };
    let (cart, removed) = changes::remove(&app.db, owner, &sku, db::now()).await?;
    if let Some(name) = removed {
        shopper
            .visitor
            .did(&app, ActivityName::LineItemRemoved, &name);
    }
    Ok(Json(cart))
}
