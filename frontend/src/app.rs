//! The route table, and what surrounds every page.

use crate::{
    account::{AccountRoute, SignedInRoute},
    activities::PageViewRecorder,
    auth::{self, SignInProblemRoute, SignedOutRoute},
    cart::{self, CartDrawer, CartRoute},
    catalog::{CategoryRoute, SearchRoute},
    checkout::{CheckoutDoneRoute, CheckoutRoute},
    explorer::SessionsRoute,
    home::HomePage,
    orders::{FindOrderRoute, GuestOrderRoute, OrderRoute, OrdersRoute},
    product::ProductRoute,
    shell::{Banner, Footer, SignInNotices, SkipLink, TypedBeforeStart},
    ui::{self, NotFound, ToastRegion},
    wishlist::WishlistRoute,
};
use leptos::prelude::*;
use leptos_router::{
    PossibleRouteMatch,
    components::{FlatRoutes, Route, Router},
    path,
};
use std::sync::Arc;

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
        let typed = TypedBeforeStart::take();
        root.set_inner_html("");
        mount_to(wasm_bindgen::JsCast::unchecked_into(root), move || view! { <App typed/> })
            .forget();
    }
}

/// The start page comes with the first load; every other page is a chunk of its own, fetched when it is first entered.
#[component]
fn App(typed: TypedBeforeStart) -> impl IntoView {
    auth::provide_auth();
    cart::provide_cart();
    ui::provide_toasts();
    ui::provide_focus();
    ui::restore_scroll();
    let moves = !ui::media("(prefers-reduced-motion: reduce)").get_untracked();
    view! {
        <Router>
            <SkipLink/>
            <Banner typed/>
            <SignInNotices/>
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=NotFound transition=moves>
                    <Route path=at(path!("/")) view=HomePage/>
                    <Route path=at(path!("/c/:category")) view=CategoryRoute::page()/>
                    <Route path=at(path!("/p/:slug")) view=ProductRoute::page()/>
                    <Route path=at(path!("/search")) view=SearchRoute::page()/>
                    <Route path=at(path!("/cart")) view=CartRoute::page()/>
                    <Route path=at(path!("/wishlist")) view=WishlistRoute::page()/>
                    <Route path=at(path!("/checkout")) view=CheckoutRoute::page()/>
                    <Route path=at(path!("/checkout/done/:number")) view=CheckoutDoneRoute::page()/>
                    <Route path=at(path!("/account")) view=AccountRoute::page()/>
                    <Route path=at(path!("/account/orders")) view=OrdersRoute::page()/>
                    <Route path=at(path!("/account/orders/:number")) view=OrderRoute::page()/>
                    <Route path=at(path!("/orders/find")) view=FindOrderRoute::page()/>
                    <Route path=at(path!("/orders/:number")) view=GuestOrderRoute::page()/>
                    <Route path=at(path!("/account/sessions")) view=SignedInRoute::page()/>
                    <Route path=at(path!("/sessions")) view=SessionsRoute::page()/>
                    <Route path=at(path!("/signed-out")) view=SignedOutRoute::page()/>
                    <Route path=at(path!("/sign-in-problem")) view=SignInProblemRoute::page()/>
                </FlatRoutes>
            </main>
            <ToastRegion/>
            <CartDrawer/>
            <Footer/>
            <Warnings/>
            <PageViewRecorder/>
        </Router>
    }
}

/// The router is compiled for each type of path: this makes them one.
fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> AnyPath {
    Arc::new(path)
}

type AnyPath = Arc<dyn PossibleRouteMatch + Send + Sync>;

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
        let routes = source.split("at(path!(\"").skip(1);
        let routes: Vec<&str> = routes.filter_map(|rest| rest.split('"').next()).collect();
        // The line above is one, too.
        let routes: Vec<&str> = routes.into_iter().filter(|route| route.starts_with('/')).collect();
        let (mut routes, mut pages) = (routes, page::ALL.to_vec());
        routes.sort_unstable();
        pages.sort_unstable();
        assert_eq!(routes, pages);
    }
}
