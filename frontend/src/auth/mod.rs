//! Who is asking, and how they sign in and out.

use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SignedOutRoute;

#[lazy_route]
impl LazyRoute for SignedOutRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Signed out"/> }.into_any()
    }
}

pub struct SignInProblemRoute;

#[lazy_route]
impl LazyRoute for SignInProblemRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Signing in did not work"/> }.into_any()
    }
}

/// Who looks at the page. `Unknown` until `GET /api/session` has answered: unknown is not signed out.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Visitor {
    #[default]
    Unknown,
}

pub fn provide_visitor() {
    provide_context(RwSignal::new(Visitor::default()).read_only());
}

/// "Sign in", or the account menu with "Sign out".
#[component]
pub fn SignInOrMenu() -> impl IntoView {
    view! { <a href=shared::paths::auth::LOGIN rel="external">"Sign in"</a> }
}
