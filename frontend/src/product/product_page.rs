use super::{product_buy::ProductBuy, share_button::ShareButton};
use crate::{
    catalog::{ProductGrid, Rating, fetch_product},
    ui::{ErrorNote, NotFound, PageHeading, Picture, Skeleton},
    wishlist::WishlistButton,
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::use_params_map;
use shared::{catalog::Product, ids::Slug, problem::kinds};

/// `/p/{slug}?sku=`
#[component]
pub fn ProductPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| {
        params
            .read()
            .get("slug")
            .and_then(|slug| slug.parse::<Slug>().ok())
    });
    // Built anew for each product, so that its heading takes the focus again.
    move || match slug.get() {
        Some(slug) => view! { <ProductBySlug slug=slug/> }.into_any(),
        None => NotFound().into_any(),
    }
}

#[component]
fn ProductBySlug(slug: Slug) -> impl IntoView {
    let product = LocalResource::new(move || {
        let slug = slug.clone();
        async move { fetch_product(&slug).await }
    });
    let retry = Callback::new(move |()| product.refetch());
    view! {
        <Suspense fallback=ProductSkeleton>
            {move || Suspend::new(async move {
                match product.await {
                    Ok(product) => EitherOf3::A(view! { <ProductDetails product=product/> }),
                    Err(error) if error.is(kinds::NOT_FOUND) => EitherOf3::B(NotFound()),
                    Err(error) => EitherOf3::C(view! {
                        <PageHeading title="Product"/>
                        <ErrorNote error=error on_retry=retry/>
                    }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn ProductDetails(product: Product) -> impl IntoView {
    let Product {
        summary,
        category_name,
        description,
        variants,
        related,
    } = product;
    let category_link = format!("/c/{}", summary.category);
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/">"Shop"</a>
            <a href=category_link>{category_name}</a>
        </nav>
        <div class="product">
            <div class="product-picture"><Picture src=summary.picture alt=summary.name.clone() eager=true/></div>
            <div class="product-details">
                <PageHeading title=summary.name.clone()/>
                <Rating rating=summary.rating count=summary.rating_count/>
                <ProductBuy slug=summary.slug.clone() name=summary.name.clone() variants=variants/>
                <div class="product-actions">
                    <WishlistButton slug=summary.slug.clone() name=summary.name.clone()/>
                    <ShareButton slug=summary.slug name=summary.name/>
                </div>
                <p class="product-description">{description}</p>
            </div>
        </div>
        {(!related.is_empty()).then(|| view! {
            <section class="related" aria-labelledby="related">
                <h2 id="related">"You may also like"</h2>
                <ProductGrid products=related below_fold=true/>
            </section>
        })}
    }
}

#[component]
fn ProductSkeleton() -> impl IntoView {
    view! {
        <div class="crumbs"></div>
        <div class="product">
            <div class="product-picture"><span class="skeleton-tile"></span></div>
            <div class="product-details"><Skeleton lines=6 label="Loading the product…"/></div>
        </div>
    }
}
