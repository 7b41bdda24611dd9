//! The cart: a customer's own, or a guest's by a token in a cookie of its own. It belongs to no session, so
//! that a guest who was idle for a day still finds it.

mod entity;
mod merge;
mod queries;
mod rules;
mod shopper;
mod token;

pub use entity::cart::Model as CartRow;
pub use merge::merge_at_login;
pub use queries::{find, find_locked, lines, remove_expired, take_out};
pub use rules::{Line, line_item, subtotal};
pub use shopper::{Owner, Shopper};
pub use token::{CartToken, cookie_name, removal_cookie};

use crate::{App, Error, Result, catalog, db, input};
use actix_web::{
    HttpResponse,
    web::{self, Data, Json, Path},
};
use shared::{
    cart::{AddLineItem, Cart, SetQuantity},
    ids::Sku,
    paths::api,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(api::CART, web::get().to(show))
        .route(api::CART_ITEMS, web::post().to(add))
        .service(
            web::resource(api::CART_ITEM)
                .route(web::put().to(set_quantity))
                .route(web::delete().to(remove)),
        );
}

async fn show(app: Data<App>, shopper: Shopper) -> Result<Json<Cart>> {
    let cart = match shopper.owner() {
        Some(owner) => queries::find(&app.db, owner).await?,
        None => None,
    };
    Ok(Json(queries::show(&app.db, cart.as_ref()).await?))
}

async fn add(
    app: Data<App>,
    shopper: Shopper,
    input::Json(item): input::Json<AddLineItem>,
) -> Result<HttpResponse> {
    let now = db::now();
    let transaction = db::begin_write(&app.db).await?;
    let offer = catalog::offer(&transaction, &item.sku)
        .await?
        .ok_or_else(unknown_product)?;
    let (cart, new_token) = queries::open(&transaction, shopper.owner(), now).await?;
    let lines = queries::lines(&transaction, cart.id).await?;
    let quantity =
        rules::add(&lines, &offer, item.quantity).map_err(|refusal| refusal.of(&offer))?;
    queries::put(&transaction, cart.id, offer.variant_id, quantity, now).await?;
    let cart = queries::changed(&transaction, cart, now).await?;
    transaction.commit().await?;
    shopper.visitor.ensure(&app).await?;
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
    let transaction = db::begin_write(&app.db).await?;
    let cart = queries::find_locked(&transaction, owner)
        .await?
        .ok_or_else(not_in_cart)?;
    let lines = queries::lines(&transaction, cart.id).await?;
    let line = lines
        .iter()
        .find(|line| line.offer.sku == sku)
        .ok_or_else(not_in_cart)?;
    let quantity =
        rules::set(&lines, &line.offer, quantity).map_err(|refusal| refusal.of(&line.offer))?;
    let now = db::now();
    queries::put(&transaction, cart.id, line.offer.variant_id, quantity, now).await?;
    let cart = queries::changed(&transaction, cart, now).await?;
    transaction.commit().await?;
    Ok(Json(cart))
}

/// Removing what is not there any more is no fault: the shopper has what they wanted.
async fn remove(app: Data<App>, shopper: Shopper, sku: Path<String>) -> Result<Json<Cart>> {
    let sku: Sku = sku.parse().map_err(|_| not_in_cart())?;
    let Some(owner) = shopper.owner() else {
        return Ok(Json(Cart::default()));
    };
    let transaction = db::begin_write(&app.db).await?;
    let Some(cart) = queries::find_locked(&transaction, owner).await? else {
        return Ok(Json(Cart::default()));
    };
    if let Some(offer) = catalog::offer(&transaction, &sku).await? {
        queries::remove(&transaction, cart.id, offer.variant_id).await?;
    }
    let cart = queries::changed(&transaction, cart, db::now()).await?;
    transaction.commit().await?;
    Ok(Json(cart))
}

fn unknown_product() -> Error {
    Error::field(
        "sku",
        "We have no such product. Look it up in the catalogue.",
    )
}

fn not_in_cart() -> Error {
    Error::not_found("This product is not in your cart. Reload the page to see what is.")
}
