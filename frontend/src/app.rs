//! The route table, and what surrounds every page.

use crate::{
    account::{AccountRoute, SignedInRoute},
    activities::PageViewRecorder,
    auth::{self, SignInProblemRoute, SignedOutRoute},
    cart::{self, CartRoute},
    catalog::{CategoryPage, SearchRoute},
    checkout::{CheckoutDoneRoute, CheckoutRoute},
    explorer::SessionsRoute,
    home::HomePage,
    orders::{OrderRoute, OrdersRoute},
    product::ProductPage,
    shell::{Banner, Footer, SignInNotices, SkipLink},
    ui::{self, NotFound, ToastRegion},
    wishlist::WishlistRoute,
};
use leptos::prelude::*;
use leptos_router::{
    Lazy,
    components::{FlatRoutes, Route, Router},
    path,
};

/// Replaces the shell's first paint with the living app.
pub fn start() {
    ui::drop_trailing_slash();
    #[cfg(feature = "implicit")]
    if auth::begin_document() {
        return;
    }
    #[cfg(feature = "bff")]
    crate::api::take_first_answers();
    let document = document();
    if let Some(root) = document.get_element_by_id("app") {
        root.set_inner_html("");
        mount_to(wasm_bindgen::JsCast::unchecked_into(root), App).forget();
    }
}

/// Home, category and product come with the first load, since visitors arrive there; every other page is
/// a chunk of its own, fetched when it is first entered.
#[component]
fn App() -> impl IntoView {
    auth::provide_auth();
    cart::provide_cart();
    ui::provide_toasts();
    ui::provide_focus();
    ui::restore_scroll();
    view! {
        <Router>
            <SkipLink/>
            <Banner/>
            <SignInNotices/>
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/c/:category") view=CategoryPage/>
                    <Route path=path!("/p/:slug") view=ProductPage/>
                    <Route path=path!("/search") view={Lazy::<SearchRoute>::new()}/>
                    <Route path=path!("/cart") view={Lazy::<CartRoute>::new()}/>
                    <Route path=path!("/wishlist") view={Lazy::<WishlistRoute>::new()}/>
                    <Route path=path!("/checkout") view={Lazy::<CheckoutRoute>::new()}/>
                    <Route path=path!("/checkout/done/:number") view={Lazy::<CheckoutDoneRoute>::new()}/>
                    <Route path=path!("/account") view={Lazy::<AccountRoute>::new()}/>
                    <Route path=path!("/account/orders") view={Lazy::<OrdersRoute>::new()}/>
                    <Route path=path!("/account/orders/:number") view={Lazy::<OrderRoute>::new()}/>
                    <Route path=path!("/account/sessions") view={Lazy::<SignedInRoute>::new()}/>
                    <Route path=path!("/sessions") view={Lazy::<SessionsRoute>::new()}/>
                    <Route path=path!("/signed-out") view={Lazy::<SignedOutRoute>::new()}/>
                    <Route path=path!("/sign-in-problem") view={Lazy::<SignInProblemRoute>::new()}/>
                </FlatRoutes>
            </main>
            <Footer/>
            <ToastRegion/>
            <Warnings/>
            <PageViewRecorder/>
        </Router>
    }
}

/// Of what ends by itself.
#[cfg(feature = "bff")]
use auth::IdleWarning as Warnings;

/// A token that nears its end is renewed: nobody has to be warned.
#[cfg(feature = "implicit")]
#[component]
fn Warnings() -> impl IntoView {}

#[cfg(test)]
mod tests {
    use shared::paths::page;

    #[test]
    fn the_routes_are_the_pages_that_the_server_knows() {
        let source = include_str!("app.rs");
        let routes = source.split("path=path!(\"").skip(1);
        let routes: Vec<&str> = routes.filter_map(|rest| rest.split('"').next()).collect();
        // The line above is one, too.
        let routes: Vec<&str> = routes.into_iter().filter(|route| route.starts_with('/')).collect();
        let (mut routes, mut pages) = (routes, page::ALL.to_vec());
        routes.sort_unstable();
        pages.sort_unstable();
        assert_eq!(routes, pages);
    }
}
