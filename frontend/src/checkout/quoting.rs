//! What the cart costs, delivered there: asked for again whenever that may have changed.

use super::{checkout_context::CheckoutContext, form_field::FormField};
use crate::api;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    cart::{Cart, LineItem},
    checkout::{Quote, QuoteRequest},
    ids::Sku,
    paths::api as path,
};

impl CheckoutContext {
    pub fn refresh_quote(self) {
        spawn_local(self.fetch_quote());
    }

    pub(super) async fn fetch_quote(self) {
        // The page may be gone by the time that something else has been waited for.
        if self.quoting.is_disposed() {
            return;
        }
        self.quoting.set(true);
        let request = QuoteRequest {
            delivery: self.delivery.get_untracked(),
            country: self.value(FormField::Country).get_untracked(),
        };
        let answer = api::post::<Quote>(path::QUOTE, &request);
        if let Some(answer) = self.latest_quote.take(answer).await {
            self.quoting.set(false);
            self.quote.set(Some(answer));
        }
    }

    /// Another tab, or a login, changed the cart since it was quoted.
    pub fn follow_cart(self) {
        let cart = self.cart.get();
        let quoted = self.quote.with_untracked(|quote| match quote {
            Some(Ok(quote)) => Some((quantities(&quote.items), quote.promotion_code.clone())),
            Some(Err(_)) => Some((Vec::new(), None)),
            None => None,
        });
        if let (Some(cart), Some(quoted)) = (cart, quoted)
            && (quantities(&cart.items), counting_code(&cart)) != quoted
            && !self.placing.get_untracked()
        {
            if cart.items.is_empty() {
                self.quote.set(None);
            } else {
                self.refresh_quote();
            }
        }
    }
}

fn counting_code(cart: &Cart) -> Option<String> {
    cart.promotion.as_ref().filter(|it| it.refused.is_none()).map(|it| it.code.clone())
}

fn quantities(items: &[LineItem]) -> Vec<(Sku, u32)> {
    items.iter().map(|item| (item.sku.clone(), item.quantity)).collect()
}
