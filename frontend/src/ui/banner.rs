use super::SearchBox;
use crate::{auth::SignInOrMenu, cart::use_cart};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::paths::page;

/// The same on every page and for everybody; its links are never hidden behind a menu.
#[component]
pub fn Banner() -> impl IntoView {
    let cart = use_cart();
    let count = move || cart.count();
    view! {
        <header class="banner">
            <a class="brand" href=page::HOME>"storezero"</a>
            <SearchBox/>
            <nav class="banner-nav" aria-label="Shop">
                <A href=page::ORDERS exact=true>"All Orders"</A>
                <A href=page::ACCOUNT exact=true>"My Account"</A>
                <A href=page::SESSIONS exact=true>"Sessions"</A>
                <A href=page::CART exact=true attr:class="cart-link">
                    "Cart"
                    <span class="cart-count">{move || count().map(|count| count.to_string())}</span>
                </A>
            </nav>
            <div class="banner-account"><SignInOrMenu/></div>
        </header>
    }
}
