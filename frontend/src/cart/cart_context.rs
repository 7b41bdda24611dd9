use super::CartRoute;
use crate::{
    api::{self, ApiError},
    auth::{Visitor, VisitorContext, use_visitor},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::LazyRoute;
use shared::{
    cart::{AddLineItem, Cart, SetQuantity},
    ids::Sku,
    paths::{self, api as path},
};

/// The one cart of this page: what the banner counts and the cart page lists.
#[derive(Clone, Copy)]
pub struct CartContext {
    cart: RwSignal<Option<Cart>>,
    /// Why the last look at it failed.
    failure: RwSignal<Option<ApiError>>,
    requests: StoredValue<Requests>,
    visitor: VisitorContext,
}

/// What was asked of the server, so that an older answer never overwrites a newer one.
#[derive(Default)]
struct Requests {
    newest: u64,
    under_way: u32,
    /// Whether several were under way at once, and one of them changed something: then only a further answer
    /// knows what all of them did.
    overlapped: bool,
    changed: bool,
}

pub fn provide_cart() {
    let context = CartContext {
        cart: RwSignal::new(None),
        failure: RwSignal::new(None),
        requests: StoredValue::new(Requests::default()),
        visitor: use_visitor(),
    };
    provide_context(context);
    context.look();
    // A login brings the customer's own cart, a logout takes it away: in this tab or in another one. Where a session
    // ended by itself, its customer is most likely still here and finds the cart as it was.
    context.visitor.on_change(move || {
        if !context.visitor.with(Visitor::may_come_back) {
            context.look();
        }
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

    /// Why nothing is known of the cart.
    pub fn failure(self) -> Option<ApiError> {
        self.failure.get()
    }

    /// A refresh that nobody waits for. Without an answer the banner shows no count; the cart page tells.
    pub fn look(self) {
        spawn_local(async move {
            let _ = self.refresh().await;
        });
    }

    /// After a login, a logout, or an order.
    pub async fn refresh(self) -> Result<(), ApiError> {
        let answer = self.ask(false, api::get(path::CART)).await;
        self.failure.set(answer.as_ref().err().cloned());
        answer
    }

    pub async fn add(self, sku: Sku, quantity: u32) -> Result<(), ApiError> {
        // Whoever puts something in looks into the cart next: its page is fetched meanwhile.
        spawn_local(CartRoute::preload());
        let item = AddLineItem { sku, quantity };
        self.ask(true, api::post(path::CART_ITEMS, &item)).await?;
        // The first line item begins a session.
        if untrack(|| self.visitor.with(|visitor| visitor.session().is_none())) {
            self.visitor.refresh();
        }
        Ok(())
    }

    pub async fn set_quantity(self, sku: Sku, quantity: u32) -> Result<(), ApiError> {
        let path = paths::with(path::CART_ITEM, sku.as_str());
        self.ask(true, api::put(&path, &SetQuantity { quantity }))
            .await
    }

    pub async fn remove(self, sku: Sku) -> Result<(), ApiError> {
        let path = paths::with(path::CART_ITEM, sku.as_str());
        self.ask(true, api::delete(&path)).await
    }

    async fn ask(
        self,
        changes: bool,
        request: impl Future<Output = Result<Cart, ApiError>>,
    ) -> Result<(), ApiError> {
        let tells_all = self.take_turn(changes, request).await?;
        if !tells_all {
            self.take_turn(false, api::get(path::CART)).await?;
        }
        Ok(())
    }

    /// Answers whether what it showed can be all of it.
    async fn take_turn(
        self,
        changes: bool,
        request: impl Future<Output = Result<Cart, ApiError>>,
    ) -> Result<bool, ApiError> {
        let turn = self.requests.write_value().begin(changes);
        let answer = request.await;
        let (is_newest, tells_all) = self.requests.write_value().end(turn);
        let cart = answer?;
        if is_newest {
            self.cart.set(Some(cart));
        }
        Ok(tells_all)
    }
}

impl Requests {
    fn begin(&mut self, changes: bool) -> u64 {
        self.newest += 1;
        self.under_way += 1;
        self.overlapped |= self.under_way > 1;
        self.changed |= changes;
        self.newest
    }

    /// Whether the request was the newest, and whether its answer knows of everything that was asked.
    fn end(&mut self, turn: u64) -> (bool, bool) {
        self.under_way -= 1;
        let mut tells_all = true;
        if self.under_way == 0 {
            tells_all = !(self.overlapped && self.changed);
            (self.overlapped, self.changed) = (false, false);
        }
        (turn == self.newest, tells_all)
    }
}

#[cfg(test)]
mod tests {
    use super::Requests;

    #[test]
    fn one_after_the_other_each_answer_is_taken_as_it_is() {
        let mut requests = Requests::default();
        for changes in [true, false, true] {
            let turn = requests.begin(changes);
            assert_eq!(requests.end(turn), (true, true));
        }
    }

    #[test]
    fn an_older_answer_is_not_shown_and_the_last_of_several_leads_to_another_look() {
        let mut requests = Requests::default();
        let (older, newer) = (requests.begin(true), requests.begin(false));
        assert_eq!(requests.end(newer), (true, true));
        assert_eq!(requests.end(older), (false, false));
        let look = requests.begin(false);
        assert_eq!(requests.end(look), (true, true));
    }

    #[test]
    fn two_looks_at_once_need_no_third() {
        let mut requests = Requests::default();
        let (older, newer) = (requests.begin(false), requests.begin(false));
        assert_eq!(requests.end(older), (false, true));
        assert_eq!(requests.end(newer), (true, true));
    }
}
