use super::{
    account_menu::SignInOrMenu,
    search_box::{SearchBox, TypedBeforeStart},
};
use crate::cart::use_cart;
use leptos::prelude::*;
use leptos_router::components::A;
use shared::paths::page;

/// The same on every page and for everybody; its links are never hidden behind a menu. `shell.html` has
/// its first paint.
#[component]
pub fn Banner(typed: TypedBeforeStart) -> impl IntoView {
    let cart = use_cart();
    let count = Memo::new(move |_| cart.count().filter(|count| *count > 0));
    let spoken = move || match count.get() {
        None => String::new(),
        Some(1) => ", 1 item".to_owned(),
        Some(count) => format!(", {count} items"),
    };
    view! {
        <header class="banner">
            <a class="brand" href=page::HOME>"storezero"</a>
            <SearchBox typed/>
            <A href=page::WISHLIST exact=true attr:class="wishlist-link" attr:title="Wishlist">
                <span class="visually-hidden">"Wishlist"</span>
            </A>
            <nav class="banner-nav" aria-label="Shop">
                <A href=page::ORDERS exact=true attr:class="nav-orders">"All Orders"</A>
                <A href=page::ACCOUNT exact=true attr:class="nav-account">"My Account"</A>
                <A href=page::SESSIONS exact=true attr:class="nav-sessions">"Sessions"</A>
                <A href=page::CART exact=true attr:class="nav-cart">
                    "Cart"
                    <span class="cart-count" aria-hidden="true">
                        {move || count.get().map(|count| count.to_string())}
                    </span>
                    <span class="visually-hidden">{spoken}</span>
                </A>
            </nav>
            <div class="banner-account"><SignInOrMenu/></div>
        </header>
    }
}
