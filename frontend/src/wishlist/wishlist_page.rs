use super::{fetch, put};
use crate::{
    api::ApiError,
    auth::{Visitor, use_visitor},
    catalog::ProductCard,
    ui::{Button, ButtonKind, Empty, ErrorNote, PageHeading, Skeleton, focus_heading, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{LazyRoute, lazy_route};
use shared::{catalog::ProductSummary, paths::page};

pub struct WishlistRoute;

#[lazy_route]
impl LazyRoute for WishlistRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <WishlistPage/> }.into_any()
    }
}

type Wishlist = RwSignal<Option<Result<Vec<ProductSummary>, ApiError>>>;

/// `/wishlist`, of whoever is looking.
#[component]
fn WishlistPage() -> impl IntoView {
    let visitor = use_visitor();
    let wishlist: Wishlist = RwSignal::new(None);
    let asked = StoredValue::new(0_u64);
    let look = move || {
        let turn = asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        spawn_local(async move {
            let answer = fetch().await;
            // Another one may have been asked since, or the page be gone.
            if turn.is_some() && turn == asked.try_get_value() {
                wishlist.set(Some(answer));
            }
        });
    };
    let retry = Callback::new(move |()| look());
    look();
    // Where a session ended by itself, its customer is most likely still here and looks at it as it was.
    visitor.on_change(move || {
        if !visitor.with(Visitor::may_come_back) {
            wishlist.set(None);
            look();
        }
    });
    view! {
        <div class="page-head"><PageHeading title="Wishlist"/></div>
        {move || match wishlist.get() {
            None => view! { <Skeleton lines=6 label="Loading the wishlist…"/> }.into_any(),
            Some(Err(error)) => view! { <ErrorNote error on_retry=retry/> }.into_any(),
            Some(Ok(products)) if products.is_empty() => view! { <EmptyWishlist/> }.into_any(),
            Some(Ok(products)) => view! { <Wishes wishlist products/> }.into_any(),
        }}
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
            busy.set(true);
            spawn_local(async move {
                match put(&slug, false).await {
                    Ok(products) => {
                        let _ = wishlist.try_set(Some(Ok(products)));
                        // The button that was pressed is gone.
                        focus_heading();
                        toasts.say(format!("{name} is no longer on your wishlist."));
                    }
                    Err(error) => toasts.say(error.detail()),
                }
                let _ = busy.try_set(false);
            });
        };
        view! {
            <li class="wish">
                <ProductCard product=product/>
                <Button kind=ButtonKind::Quiet busy=busy on:click=remove attr:aria-label=label>"Remove"</Button>
            </li>
        }
    };
    view! { <ul class="product-grid">{products.into_iter().map(wish).collect_view()}</ul> }
}
