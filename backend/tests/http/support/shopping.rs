//! What shoppers do, guests and customers alike.

use super::{answer::Answer, browser::Browser, people::Guest, spawn::TestApp};
use reqwest::Method;
use shared::{
    cart::{AddLineItem, Cart},
    checkout::{Address, Card, CheckoutRequest, DeliveryMethod, Quote, QuoteRequest},
    orders::{Order, OrderLookup},
    paths::{api, header, with},
};

/// A single variant at €64.90, plenty of it.
pub const KNIFE: &str = "HK-KNIFE";
/// One of four colours, at €18.90.
pub const TEACUP: &str = "HK-TEACUP-WHITE";

/// The sandbox's cards, by what they do.
pub const APPROVED: &str = "4242 4242 4242 4242";

impl Browser {
    pub async fn add(&self, sku: &str, quantity: u32) -> Answer {
        let item = AddLineItem { sku: sku.parse().expect("a SKU"), quantity };
        self.post(api::CART_ITEMS, &item).await
    }

    /// Puts a product on the wishlist.
    pub async fn wish(&self, slug: &str) -> Answer {
        self.fetch(Method::PUT, &with(api::WISHLIST_ITEM, slug)).send().await
    }

    pub async fn unwish(&self, slug: &str) -> Answer {
        self.delete(&with(api::WISHLIST_ITEM, slug)).await
    }

    pub async fn cart(&self) -> Cart {
        self.get(api::CART).await.json()
    }

    /// SKUs and quantities of the cart.
    pub async fn cart_lines(&self) -> Vec<(String, u32)> {
        lines(self.cart().await)
    }

    pub async fn quote(&self) -> Quote {
        let request = QuoteRequest { delivery: DeliveryMethod::Standard, country: "DE".into() };
        self.post(api::QUOTE, &request).await.json()
    }

    /// The form, filled in for what the cart holds now.
    pub async fn order_form(&self) -> CheckoutRequest {
        form(&self.quote().await)
    }

    pub async fn check_out(&self, form: &CheckoutRequest, idempotency_key: &str) -> Answer {
        self.fetch(Method::POST, api::CHECKOUT)
            .json(form)
            .header(header::IDEMPOTENCY_KEY, idempotency_key)
            .send()
            .await
    }

    /// Looks for a guest's order.
    pub async fn look_up(&self, number: &str, email: &str) -> Answer {
        self.post(api::ORDER_LOOKUP, &lookup(number, email)).await
    }

    /// The whole purchase of one line item.
    pub async fn buy(&self, sku: &str, quantity: u32) -> Order {
        self.add(sku, quantity).await.expect(200);
        let form = self.order_form().await;
        self.check_out(&form, &backend::crypto::token()).await.json()
    }
}

pub fn lookup(number: &str, email: &str) -> OrderLookup {
    OrderLookup { number: number.into(), email: email.into() }
}

/// SKUs and quantities.
pub fn lines(cart: Cart) -> Vec<(String, u32)> {
    cart.items.into_iter().map(|item| (item.sku.to_string(), item.quantity)).collect()
}

/// The form, filled in for what was quoted.
pub fn form(quote: &Quote) -> CheckoutRequest {
    CheckoutRequest {
        email: "ada@example.com".into(),
        address: Address {
            full_name: "Ada Lovelace".into(),
            street: "Torstraße 1".into(),
            postcode: "10115".into(),
            city: "Berlin".into(),
            country: "DE".into(),
        },
        delivery: DeliveryMethod::Standard,
        card: card(APPROVED),
        seen: quote.seen(),
        challenge: None,
    }
}

/// A guest with one line item in the cart, and the form for it.
pub async fn ready_to_order(shop: &TestApp, sku: &str, quantity: u32) -> (Guest, CheckoutRequest) {
    let guest = shop.guest();
    guest.add(sku, quantity).await.expect(200);
    let form = guest.order_form().await;
    (guest, form)
}

/// An `Idempotency-Key`.
pub fn new_key() -> String {
    backend::crypto::token()
}

pub fn card(number: &str) -> Card {
    Card { number: number.into(), expiry: "04/31".into(), security_code: "123".into() }
}
