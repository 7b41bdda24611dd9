use crate::{
    api::{self, ApiError},
    auth::use_visitor,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use shared::{
    cart::{AddLineItem, Cart, SetQuantity},
    ids::Sku,
    paths::{self, api as path},
};

/// The one cart of this page: what the banner counts and the cart page lists.
#[derive(Clone, Copy)]
pub struct CartContext {
    cart: RwSignal<Option<Cart>>,
    /// Counts what was asked of the server, so that an older answer never overwrites a newer one.
    asked: StoredValue<u64>,
}

pub fn provide_cart() {
    let context = CartContext {
        cart: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    provide_context(context);
    spawn_local(async move {
        // Without an answer the banner shows no count; the cart page asks again and tells.
        let _ = context.refresh().await;
    });
    // A login brings the customer's own cart, a logout takes it away: in this tab or in another one.
    use_visitor().on_change(move || {
        spawn_local(async move {
            let _ = context.refresh().await;
        });
    });
}

pub fn use_cart() -> CartContext {
    expect_context()
}

impl CartContext {
    /// `None` until the server has answered.
    pub fn get(self) -> Option<Cart> {
        self.cart.get()
    }

    /// Pieces; `None` until the server has answered.
    pub fn count(self) -> Option<u32> {
        self.cart.with(|cart| cart.as_ref().map(|cart| cart.count))
    }

    /// After a login, a logout, or an order.
    pub async fn refresh(self) -> Result<(), ApiError> {
        let turn = self.take_turn();
        let answer = api::get::<Cart>(path::CART).await;
        self.settle(turn, answer)
    }

    pub async fn add(self, sku: Sku, quantity: u32) -> Result<(), ApiError> {
        let turn = self.take_turn();
        let answer = api::post(path::CART_ITEMS, &AddLineItem { sku, quantity }).await;
        self.settle(turn, answer)
    }

    pub async fn set_quantity(self, sku: Sku, quantity: u32) -> Result<(), ApiError> {
        let turn = self.take_turn();
        let answer = put(&sku, &SetQuantity { quantity }).await;
        self.settle(turn, answer)
    }

    pub async fn remove(self, sku: Sku) -> Result<(), ApiError> {
        let turn = self.take_turn();
        let answer = api::delete(&paths::with(path::CART_ITEM, sku.as_str())).await;
        self.settle(turn, answer)
    }

    fn take_turn(self) -> u64 {
        let turn = self.asked.get_value() + 1;
        self.asked.set_value(turn);
        turn
    }

    fn settle(self, turn: u64, answer: Result<Cart, ApiError>) -> Result<(), ApiError> {
        let cart = answer?;
        if turn == self.asked.get_value() {
            self.cart.set(Some(cart));
        }
        Ok(())
    }
}

async fn put(sku: &Sku, body: &impl Serialize) -> Result<Cart, ApiError> {
    api::put(&paths::with(path::CART_ITEM, sku.as_str()), body).await
}
