use super::{fetch, put};
use crate::{
    api::{ApiError, Latest},
    auth::{Visitor, use_visitor},
    catalog::ProductCard,
    ui::{
        Button, ButtonKind, Empty, PageHeading, focus_heading, lazy_page, loaded, spawn_busy,
        use_toasts,
    },
};
use leptos::{prelude::*, task::spawn_local};
use shared::{catalog::ProductSummary, paths::page};

lazy_page!(WishlistRoute, WishlistPage);

type Wishlist = RwSignal<Option<Result<Vec<ProductSummary>, ApiError>>>;

/// `/wishlist`, of whoever is looking.
#[component]
fn WishlistPage() -> impl IntoView {
    let visitor = use_visitor();
    let wishlist: Wishlist = RwSignal::new(None);
    let latest = Latest::new();
    let refresh = move || {
        let answer = latest.take(fetch());
        spawn_local(async move {
            if let Some(answer) = answer.await {
                wishlist.set(Some(answer));
            }
        });
    };
    let retry = Callback::new(move |()| refresh());
    refresh();
    // A customer who is still here after the session's end looks at it as it was.
    visitor.on_change(move || {
        if !visitor.with(Visitor::is_still_here) {
            wishlist.set(None);
            refresh();
        }
    });
    view! {
        <div class="page-head"><PageHeading title="Wishlist"/></div>
        {move || loaded(wishlist.get(), 6, "Loading the wishlist…", retry, |products| {
            if products.is_empty() {
                view! { <EmptyWishlist/> }.into_any()
            } else {
                view! { <Wishes wishlist products/> }.into_any()
            }
        })}
    }
}

#[component]
fn EmptyWishlist() -> impl IntoView {
    view! {
        <Empty
            title="Your wishlist is empty."
            text="“Add to wishlist” on a product’s page keeps it here: until your session ends, or for good once you sign in."
        >
            <a class="button button-primary" href=page::HOME>"Go to the shop"</a>
        </Empty>
    }
}

#[component]
fn Wishes(wishlist: Wishlist, products: Vec<ProductSummary>) -> impl IntoView {
    let toasts = use_toasts();
    let wish = move |product: ProductSummary| {
        let busy = RwSignal::new(false);
        let (slug, name) = (product.slug.clone(), product.name.clone());
        let label = format!("Remove {name} from wishlist");
        let remove = move |_| {
            let (slug, name) = (slug.clone(), name.clone());
            spawn_busy(busy, async move {
                match put(&slug, false).await {
                    Ok(products) => {
                        let _ = wishlist.try_set(Some(Ok(products)));
                        // The button that was pressed is gone.
                        focus_heading();
                        toasts.say(format!("{name} is no longer on your wishlist."));
                    }
                    Err(error) => toasts.say(error.detail()),
                }
            });
        };
        view! {
            <li class="wish">
                <ProductCard product=product/>
                <Button kind=ButtonKind::Quiet busy=busy on:click=remove attr:aria-label=label>"Remove"</Button>
            </li>
        }
    };
    view! {
        <h2 class="visually-hidden">"Products"</h2>
        <ul class="product-grid">{products.into_iter().map(wish).collect_view()}</ul>
    }
}
