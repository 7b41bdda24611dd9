use super::CartRoute;
use crate::{
    api::{self, ApiError, Latest},
    auth::{TabChannel, Visitor, VisitorContext, use_visitor},
    ui::visibility,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    cart::{AddLineItem, Cart, MergeReport, SetQuantity},
    ids::{OrderNumber, Sku},
    paths::{self, api as path},
    promotions::GiveCode,
};

/// The one cart of this page: what the banner counts and the cart page lists.
#[derive(Clone, Copy)]
pub struct CartContext {
    cart: RwSignal<Option<Cart>>,
    /// Why the last look at it failed.
    failure: RwSignal<Option<ApiError>>,
    latest: Latest,
    in_flight: StoredValue<InFlight>,
    drawer: RwSignal<bool>,
    visitor: VisitorContext,
    tabs: TabChannel,
}

/// The requests that have no answer yet.
#[derive(Default)]
struct InFlight {
    count: u32,
    /// Whether several were in flight at once, and one of them changed something: then only a further answer
    /// knows what all of them did.
    overlapped: bool,
    changed: bool,
}

/// What the tabs of one browser tell each other, so that none shows a cart of before.
const CHANGED: &str = "changed";

pub fn provide_cart() {
    let context = CartContext {
        cart: RwSignal::new(None),
        failure: RwSignal::new(None),
        latest: Latest::new(),
        in_flight: StoredValue::new(InFlight::default()),
        drawer: RwSignal::new(false),
        visitor: use_visitor(),
        tabs: TabChannel::open("storezero.cart"),
    };
    provide_context(context);
    context.refresh();
    // A login brings the customer's own cart, a logout takes it away: in this tab or in another one. A customer who is
    // still here after the session's end finds the cart as it was.
    context.visitor.on_change(move || {
        if !context.visitor.with(Visitor::is_still_here) {
            context.refresh();
        }
    });
    follow_other_tabs(context);
    #[cfg(feature = "implicit")]
    merge_guests_cart(context);
}

/// A tab that nobody looks at asks when somebody does.
fn follow_other_tabs(context: CartContext) {
    let is_stale = RwSignal::new(false);
    let is_visible = visibility();
    context.tabs.subscribe(move |_| is_stale.set(true));
    Effect::new(move || {
        if is_stale.get() && is_visible.get() {
            is_stale.set(false);
            context.refresh();
        }
    });
}

/// What a backend does within the login, the page asks for after it: a guest's cart becomes the customer's.
#[cfg(feature = "implicit")]
fn merge_guests_cart(context: CartContext) {
    let is_customer = Memo::new(move |_| context.visitor.is_customer());
    Effect::new(move || {
        if is_customer.get() && api::has_guest_cart() {
            spawn_local(async move {
                // Without an answer it stays, and the next login merges it.
                if context.request(true, api::post(path::CART_MERGE, &())).await.is_ok() {
                    api::forget_guest_cart();
                }
            });
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

    /// Items; `None` until the server has answered.
    pub fn count(self) -> Option<u32> {
        self.cart.with(|cart| cart.as_ref().map(|cart| cart.count))
    }

    /// The order that emptied it a moment ago.
    pub fn placed(self) -> Option<OrderNumber> {
        self.cart.with(|cart| cart.as_ref()?.placed.clone())
    }

    /// Why nothing is known of the cart.
    pub fn failure(self) -> Option<ApiError> {
        self.failure.get()
    }

    /// Opens the drawer.
    pub fn show(self) {
        self.drawer.set(true);
    }

    /// Whether the drawer is asked for.
    pub(super) fn drawer(self) -> RwSignal<bool> {
        self.drawer
    }

    /// Without an answer the banner shows no count; the cart page says why.
    pub fn refresh(self) {
        spawn_local(async move {
            let _ = self.look().await;
        });
    }

    /// After an order, or where something else may have changed it: the other tabs look as well.
    pub async fn fetch(self) -> Result<(), ApiError> {
        self.tabs.publish(CHANGED);
        self.look().await
    }

    async fn look(self) -> Result<(), ApiError> {
        let answer = self.request(false, api::get(path::CART)).await;
        self.failure.set(answer.as_ref().err().cloned());
        answer
    }

    /// What a login did to the cart, to be told once.
    pub(super) fn take_merged(self) -> Option<MergeReport> {
        self.cart.try_update(|cart| cart.as_mut()?.merged.take()).flatten()
    }

    pub async fn add(self, sku: Sku, quantity: u32) -> Result<(), ApiError> {
        // Whoever puts something in looks into the cart next: its page is fetched meanwhile.
        spawn_local((CartRoute::page().load)());
        let item = AddLineItem { sku, quantity };
        self.request(true, api::post(path::CART_ITEMS, &item)).await?;
        self.visitor.something_was_kept();
        Ok(())
    }

    pub async fn set_quantity(self, sku: Sku, quantity: u32) -> Result<(), ApiError> {
        let path = paths::with(path::CART_ITEM, sku.as_str());
        self.request(true, api::put(&path, &SetQuantity { quantity })).await
    }

    pub async fn remove(self, sku: Sku) -> Result<(), ApiError> {
        let path = paths::with(path::CART_ITEM, sku.as_str());
        self.request(true, api::delete(&path)).await
    }

    pub async fn give_code(self, code: String) -> Result<(), ApiError> {
        self.request(true, api::put(path::CART_PROMOTION, &GiveCode { code })).await
    }

    pub async fn take_code(self) -> Result<(), ApiError> {
        self.request(true, api::delete(path::CART_PROMOTION)).await
    }

    async fn request(
        self,
        changes: bool,
        request: impl Future<Output = Result<Cart, ApiError>>,
    ) -> Result<(), ApiError> {
        let is_complete = self.take_turn(changes, request).await?;
        if changes {
            self.tabs.publish(CHANGED);
        }
        if !is_complete {
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
        let turn = self.latest.begin();
        self.in_flight.write_value().begin(changes);
        let answer = request.await;
        let is_complete = self.in_flight.write_value().end();
        let cart = answer?;
        if turn.is_latest() {
            self.cart.set(Some(cart));
        }
        Ok(is_complete)
    }
}

impl InFlight {
    fn begin(&mut self, changes: bool) {
        self.count += 1;
        self.overlapped |= self.count > 1;
        self.changed |= changes;
    }

    /// Whether the answer knows of everything that was asked.
    fn end(&mut self) -> bool {
        self.count -= 1;
        if self.count > 0 {
            return true;
        }
        let Self { overlapped, changed, .. } = std::mem::take(self);
        !(overlapped && changed)
    }
}

#[cfg(test)]
mod tests {
    use super::InFlight;

    fn end_all(of_each_changes: &[bool]) -> Vec<bool> {
        let mut in_flight = InFlight::default();
        for changes in of_each_changes {
            in_flight.begin(*changes);
        }
        of_each_changes.iter().map(|_| in_flight.end()).collect()
    }

    #[test]
    fn one_after_the_other_each_answer_is_taken_as_it_is() {
        let mut in_flight = InFlight::default();
        for changes in [true, false, true] {
            in_flight.begin(changes);
            assert!(in_flight.end());
        }
    }

    #[test]
    fn the_last_of_several_at_once_leads_to_another_look() {
        assert_eq!(end_all(&[true, false]), [true, false]);
        assert_eq!(end_all(&[true, false, true]), [true, true, false]);
    }

    #[test]
    fn two_looks_at_once_need_no_third() {
        assert_eq!(end_all(&[false, false]), [true, true]);
    }
}
