//! Carts for the tests of this feature and of checkout.

use super::{CartToken, Owner, changes, queries};
use crate::Result;
use sea_orm::DatabaseConnection;
use shared::cart::{AddLineItem, Cart};

pub fn item(sku: &str, quantity: u32) -> AddLineItem {
    AddLineItem { sku: sku.parse().unwrap(), quantity }
}

/// A new guest's token, whose cart holds this.
pub async fn guest(db: &DatabaseConnection, sku: &str, quantity: u32) -> CartToken {
    let (_, token) = changes::add(db, None, &item(sku, quantity), 1).await.unwrap();
    token.expect("a new token")
}

pub async fn add(db: &DatabaseConnection, owner: Owner<'_>, sku: &str, quantity: u32) {
    try_add(db, owner, &item(sku, quantity)).await.unwrap();
}

pub async fn contents(db: &DatabaseConnection, owner: Owner<'_>) -> Cart {
    let cart = queries::find(db, owner).await.unwrap();
    queries::show(db, cart.as_ref()).await.unwrap()
}

pub async fn try_add(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    item: &AddLineItem,
) -> Result<Cart> {
    Ok(changes::add(db, Some(owner), item, 1).await?.0)
}
