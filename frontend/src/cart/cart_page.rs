use super::{
    cart_line::CartLine, cart_summary::CartSummary, empty_cart::EmptyCart, merge_note::MergeNote,
    use_cart,
};
use crate::ui::{PageHeading, lazy_page, loaded};
use leptos::prelude::*;
use shared::{cart::LineItem, paths::page};

lazy_page!(CartRoute, CartPage);

/// `/cart`. What the banner knows is shown at once; prices and stock are asked for again.
#[component]
fn CartPage() -> impl IntoView {
    let cart = use_cart();
    let refresh = Callback::new(move |()| cart.refresh());
    // Nothing known and nothing failed: the first answer is on its way.
    if untrack(|| cart.count().is_some() || cart.failure().is_some()) {
        refresh.run(());
    }
    let is_known = Memo::new(move |_| cart.count().is_some());
    let is_empty = Memo::new(move |_| cart.count() == Some(0));
    let waiting =
        move || loaded(cart.failure().map(Err), 6, "Loading the cart…", refresh, |()| ());
    view! {
        <div class="page-head"><PageHeading title="Cart"/></div>
        {move || match (is_known.get(), is_empty.get()) {
            (false, _) => waiting(),
            (true, true) => view! {
                <EmptyCart text="What you add stays here for 30 days, even without an account.">
                    <a class="button button-primary" href=page::HOME>"Go to the shop"</a>
                </EmptyCart>
            }
            .into_any(),
            (true, false) => view! { <FilledCart/> }.into_any(),
        }}
    }
}

#[component]
fn FilledCart() -> impl IntoView {
    let cart = use_cart();
    let items = move || cart.get().map(|cart| cart.items).unwrap_or_default();
    // A line is built once for its SKU, so that a new answer keeps the focus; its contents are a signal.
    let line = move |item: LineItem| {
        let sku = item.sku.clone();
        let current = Memo::new(move |before: Option<&LineItem>| {
            let found =
                cart.get().and_then(|cart| cart.items.into_iter().find(|line| line.sku == sku));
            found.or_else(|| before.cloned()).unwrap_or_else(|| item.clone())
        });
        view! { <CartLine item=current/> }
    };
    view! {
        <MergeNote/>
        <div class="cart">
            <ul class="cart-lines"><For each=items key=|item| item.sku.clone() children=line/></ul>
            <CartSummary/>
        </div>
    }
}
