//! The cart: a customer's own, or a guest's by a token in a cookie of its own or in a header. It belongs to no session,
//! so that a guest who was idle for a day still finds it.

mod changes;
mod entity;
mod holds;
mod merge;
mod queries;
mod rules;
mod shopper;
#[cfg(test)]
pub(crate) mod testing;
mod token;

pub use holds::{held_orders, held_since, hold, set_held_since, take_out};
pub use merge::merge;
pub use queries::{find, find_locked, lines, open, promotion, remove_expired};
pub use rules::{Line, line_item};
pub use shopper::{Owner, Shopper};
pub use token::{CartToken, LIFETIME, cookie_name, removal_cookie};

use crate::{
    Config, Error, Result, db,
    http::{
        Json,
        limits::{self, Limit},
    },
    session::{Customer, Sessions},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path},
};
use changes::{not_in_cart, nothing_in_cart};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use shared::{
    activities::ActivityName,
    cart::{AddLineItem, Cart, SetQuantity},
    ids::Sku,
    paths::api,
    promotions::{GiveCode, MAX_CODE},
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::CART).get(show))
        .service(web::resource(api::CART_ITEMS).post(add))
        .service(web::resource(api::CART_ITEM).put(set_quantity).delete(remove))
        .service(web::resource(api::CART_PROMOTION).put(give_code).delete(take_code))
        .service(web::resource(api::CART_MERGE).post(merge_guests).delete(forget_merge_report));
}

async fn show(db: Data<DatabaseConnection>, shopper: Shopper) -> Result<Json<Cart>> {
    let cart = match shopper.owner() {
        Some(owner) => queries::find(db.get_ref(), owner).await?,
        None => None,
    };
    Ok(Json(queries::show(db.get_ref(), cart.as_ref()).await?))
}

/// A customer's own cart, empty where there is none.
pub async fn of_customer(db: &impl ConnectionTrait, customer_id: i64) -> Result<Cart> {
    let cart = queries::find(db, Owner::Customer(customer_id)).await?;
    queries::show(db, cart.as_ref()).await
}

async fn add(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    request: HttpRequest,
    shopper: Shopper,
    Json(item): Json<AddLineItem>,
) -> Result<HttpResponse> {
    if begins_cart(&db, &shopper).await? {
        limits::spend(&request, Limit::FirstCarts)?;
    } else {
        limits::know(&request);
    }
    let (cart, new_token) = changes::add(&db, shopper.owner(), &item, db::now()).await?;
    let mut response = HttpResponse::Ok();
    if shopper.visitor.is_cookieless() {
        if let Some(token) = new_token {
            token.hand_out(&mut response, &shopper.visitor, &config);
        }
        return Ok(response.json(cart));
    }
    let session = shopper.visitor.ensure_session(&sessions).await?;
    let added = rules::describe(&cart, &item.sku, item.quantity);
    sessions.activities.record(&session.id, ActivityName::LineItemAdded, &added);
    if shopper.visitor.customer_id().is_none()
        && let Some(token) = new_token.or(shopper.token)
    {
        token.hand_out(&mut response, &shopper.visitor, &config);
    }
    Ok(response.json(cart))
}

/// Whether a guest's cart has to be made: nobody knows how many of them a stranger makes.
async fn begins_cart(db: &DatabaseConnection, shopper: &Shopper) -> Result<bool> {
    Ok(match shopper.owner() {
        Some(Owner::Customer(_)) => false,
        Some(owner @ Owner::Guest(_)) => queries::find(db, owner).await?.is_none(),
        None => true,
    })
}

async fn set_quantity(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    shopper: Shopper,
    sku: Path<String>,
    Json(SetQuantity { quantity }): Json<SetQuantity>,
) -> Result<Json<Cart>> {
    let sku: Sku = sku.parse().map_err(|_| not_in_cart())?;
    let owner = shopper.owner().ok_or_else(not_in_cart)?;
    let cart = changes::set_quantity(&db, owner, &sku, quantity, db::now()).await?;
    let now = rules::describe(&cart, &sku, quantity);
    shopper.visitor.record_activity(&sessions, ActivityName::QuantityChanged, &now);
    Ok(Json(cart))
}

async fn remove(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    shopper: Shopper,
    sku: Path<String>,
) -> Result<Json<Cart>> {
    let sku: Sku = sku.parse().map_err(|_| not_in_cart())?;
    let Some(owner) = shopper.owner() else {
        return Ok(Json(Cart::default()));
    };
    let (cart, removed) = changes::remove(&db, owner, &sku, db::now()).await?;
    if let Some(name) = removed {
        shopper.visitor.record_activity(&sessions, ActivityName::LineItemRemoved, &name);
    }
    Ok(Json(cart))
}

async fn give_code(
    db: Data<DatabaseConnection>,
    shopper: Shopper,
    Json(given): Json<GiveCode>,
) -> Result<Json<Cart>> {
    if given.code.chars().count() > MAX_CODE {
        return Err(Error::field("code", format!("A code has at most {MAX_CODE} characters.")));
    }
    let owner = shopper.owner().ok_or_else(nothing_in_cart)?;
    Ok(Json(changes::give_code(&db, owner, &given.code, db::now()).await?))
}

async fn take_code(db: Data<DatabaseConnection>, shopper: Shopper) -> Result<Json<Cart>> {
    let Some(owner) = shopper.owner() else {
        return Ok(Json(Cart::default()));
    };
    Ok(Json(changes::take_code(&db, owner, db::now()).await?))
}

/// A page without a session signed somebody in by itself: what a login's callback does with the guest's cart.
async fn merge_guests(
    db: Data<DatabaseConnection>,
    customer: Customer,
    shopper: Shopper,
) -> Result<Json<Cart>> {
    let guest = shopper.token.as_ref().map(CartToken::hash);
    let transaction = db::begin_write(&db).await?;
    merge(&transaction, guest.as_deref(), customer.id, db::now()).await?;
    transaction.commit().await?;
    Ok(Json(of_customer(db.get_ref(), customer.id).await?))
}

/// The customer has read what a login did to their cart: it is told once, on whichever device.
async fn forget_merge_report(
    db: Data<DatabaseConnection>,
    customer: Customer,
) -> Result<HttpResponse> {
    let transaction = db::begin_write(&db).await?;
    let cart = queries::find_locked(&transaction, Owner::Customer(customer.id)).await?;
    if let Some(cart) = cart {
        queries::record_merge(&transaction, cart.id, None, db::now()).await?;
    }
    transaction.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
