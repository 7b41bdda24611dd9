use super::{product_path, rating::Rating, stock_message::StockMessage};
use crate::{
    api,
    cart::{say_added, use_cart},
    ui::{Picture, Price, spawn_busy, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    catalog::{Availability, ProductSummary},
    ids::Sku,
};

/// A product in a list. The whole card is the link, by its name's link being stretched over it: one stop
/// for the keyboard, one name for the screen reader.
#[component]
pub fn ProductCard(
    product: ProductSummary,
    /// Whether it is likely above the fold.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let prefetch = {
        let path = product_path(&product.slug);
        move |_| {
            let path = path.clone();
            spawn_local(async move { api::prefetch(&path).await });
        }
    };
    let buyable = product.only_sku.filter(|_| product.availability != Availability::SoldOut);
    view! {
        <article class="product-card">
            <Picture src=product.picture eager=eager/>
            <h3 class="product-card-name">
                <a href=format!("/p/{}", product.slug) on:pointerenter=prefetch>{product.name.clone()}</a>
            </h3>
            <Rating rating=product.rating count=product.rating_count/>
            <p class="product-card-price">
                <Price amount=product.price from=product.price_from/>
                {(product.availability != Availability::InStock).then(|| view! { <StockMessage availability=product.availability/> })}
            </p>
            {buyable.map(|sku| view! { <QuickAdd sku=sku name=product.name/> })}
        </article>
    }
}

/// Straight into the cart, for products that leave nothing to choose.
#[component]
fn QuickAdd(sku: Sku, name: String) -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let busy = RwSignal::new(false);
    let label = format!("Add {name} to cart");
    let add = move |_| {
        let (sku, name) = (sku.clone(), name.clone());
        spawn_busy(busy, async move {
            let answer = cart.add(sku, 1).await;
            say_added(cart, toasts, &answer, format!("{name} is in your cart."));
        });
    };
    view! {
        <button
            type="button"
            class="quick-add"
            aria-label=label
            title="Add to cart"
            aria-disabled=move || busy.get().then_some("true")
            on:click=add
        ></button>
    }
}
