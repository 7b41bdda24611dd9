use super::{Button, ButtonKind, PageHeading, spawn_busy};
use crate::storage::Kept::InTab;
use js_sys::{Function, Promise, Reflect};
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::{ChooseView, hooks::use_url};
use std::{future::pending, pin::Pin};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The releases that this tab has left by a reload, with spaces between them.
const KEY: &str = "storezero.left-releases";

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// What the router's own `Lazy` does, compiled once for all pages instead of once for each.
#[derive(Clone, Copy)]
pub struct LazyPage {
    pub chunk: fn() -> Boxed<Result<AnyView, SplitLoaderError>>,
    pub load: fn() -> Boxed<()>,
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        let styles = page_styles();
        let page = page_of_chunk((self.chunk)().await).await;
        arrival(styles).await;
        page
    }

    async fn preload(&self) {
        (self.load)().await;
    }
}

/// For what the start page shows of another one.
pub async fn fetch_page_styles() {
    arrival(page_styles()).await;
}

async fn arrival(styles: Option<Promise>) {
    if let Some(styles) = styles {
        // It is never rejected.
        let _ = JsFuture::from(styles).await;
    }
}

/// Begins to fetch what `boot.js` keeps for the other pages than the first.
fn page_styles() -> Option<Promise> {
    let fetch = Reflect::get(&window(), &"pageStyles".into()).ok()?.dyn_into::<Function>().ok()?;
    fetch.call0(&JsValue::UNDEFINED).ok()?.dyn_into().ok()
}

/// `lazy_page!(CartRoute, CartPage)`: a page that is a chunk of its own, fetched when it is first entered. Chunks are
/// split by type, so each page needs a type of its own. `lazy_page!(OrderRoute, OrderPage, with OrdersRoute)` is in the
/// chunk of another page, from which most come to it: what two chunks have in common is chunks too, and the first visit
/// carries the list of them all.
macro_rules! lazy_page {
    ($route:ident, $page:ident) => {
        crate::ui::lazy_page!($route, $page, with $route);
    };
    ($route:ident, $page:ident, with $chunk:ident) => {
        pub struct $route;

        const _: () = {
            use leptos::{prelude::AnyView, wasm_split};

            #[wasm_split::wasm_split($chunk, wasm_split_path = wasm_split, preload(load), fallible)]
            fn chunk() -> Result<AnyView, wasm_split::SplitLoaderError> {
                Ok(leptos::prelude::IntoAny::into_any($page()))
            }

            impl $route {
                pub fn page() -> crate::ui::LazyPage {
                    crate::ui::LazyPage {
                        chunk: || Box::pin(chunk()),
                        // Whoever enters the page tries again, and is told.
                        load: || Box::pin(async { drop(load().await) }),
                    }
                }
            }
        };
    };
}

pub(crate) use lazy_page;

/// A chunk that did not come is most likely one of a release that the server has no longer: a reload fetches what it
/// has now. Once for each release, since a reload that does not help must not be repeated.
async fn page_of_chunk(chunk: Result<AnyView, SplitLoaderError>) -> AnyView {
    let Ok(page) = chunk else {
        let release = release();
        let left = InTab.get(KEY).unwrap_or_default();
        let has_left = left.split(' ').any(|it| it == release);
        if !has_left && shop_answers().await && InTab.set(KEY, &format!("{left} {release}")) {
            load_anew();
            // Until then, what is shown stays.
            pending::<()>().await;
        }
        return view! { <ChunkMissing/> }.into_any();
    };
    page
}

/// The address of the first script: the folder that it lies in is named by its content.
fn release() -> String {
    let script = document().query_selector("script[src]").ok().flatten();
    script.and_then(|script| script.get_attribute("src")).unwrap_or_default()
}

/// Without the shop a reload would show the browser's own page instead of this one.
async fn shop_answers() -> bool {
    JsFuture::from(window().fetch_with_str("/")).await.is_ok()
}

/// The page that the router is about to show. It writes that into the address bar only once it has it.
fn load_anew() {
    let location = window().location();
    let (path, address) = use_url().with_untracked(|url| {
        let mark = if url.search().is_empty() { "" } else { "?" };
        let address = format!("{}{mark}{}{}", url.path(), url.search(), url.hash());
        (url.path().to_owned(), address)
    });
    // Neither fails for a page of this shop.
    let _ = if location.pathname().ok() == Some(path) {
        location.reload()
    } else {
        location.assign(&address)
    };
}

#[component]
fn ChunkMissing() -> impl IntoView {
    let busy = RwSignal::new(false);
    let retry = move |_| {
        spawn_busy(busy, async {
            if shop_answers().await {
                let _ = window().location().reload();
            }
        });
    };
    view! {
        <PageHeading title="This page did not load"/>
        <div class="error-note" role="alert">
            <p>
                "A part of the shop could not be fetched. Either you are offline, or the shop is being renewed at this \
                 moment. Nothing that you did is lost."
            </p>
            <Button kind=ButtonKind::Secondary busy=busy on:click=retry>"Try again"</Button>
        </div>
    }
}
