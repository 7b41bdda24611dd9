use super::{checkout_context::CheckoutContext, form::FormField};
use crate::{
    orders::Totals,
    ui::{ErrorNote, Picture, Price, Skeleton},
};
use leptos::prelude::*;
use shared::{
    cart::LineItem,
    checkout::{Quote, country},
    paths::page,
};

/// What is bought and what it costs, as the shop counted it. The old sum stays until the new one is there.
#[component]
pub fn Review(checkout: CheckoutContext) -> impl IntoView {
    let retry = Callback::new(move |()| checkout.ask_for_quote());
    view! {
        <div class="review-body" class:is-updating=checkout.quoting aria-busy=move || checkout.quoting.get().to_string()>
            {move || match checkout.quote.get() {
                None => view! { <Skeleton lines=5 label="Adding up your order…"/> }.into_any(),
                Some(Err(error)) => view! { <ErrorNote error on_retry=retry/> }.into_any(),
                Some(Ok(quote)) => view! { <Quoted checkout quote/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Quoted(checkout: CheckoutContext, quote: Quote) -> impl IntoView {
    let Quote { items, totals } = quote;
    let pieces: u32 = items.iter().map(|item| item.quantity).sum();
    let there = move || {
        let code = checkout.value(FormField::Country).get();
        country(&code).map_or_else(String::new, |country| format!(" in {}", country.name))
    };
    view! {
        <p class="review-count">
            {if pieces == 1 { "1 item".to_owned() } else { format!("{pieces} items") }}
            " · "
            <a href=page::CART>"Change"</a>
        </p>
        <ul class="review-items">
            {items.into_iter().map(|item| view! { <ReviewItem item/> }).collect_view()}
        </ul>
        <Totals totals/>
        <p class="review-tax">{move || format!("Including {} VAT{}", totals.tax, there())}</p>
    }
}

#[component]
fn ReviewItem(item: LineItem) -> impl IntoView {
    let options = item
        .options
        .values()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let short = item.is_short().then(|| match item.available {
        0 => "Sold out".to_owned(),
        left => format!("Only {left} left"),
    });
    view! {
        <li class="review-item">
            <Picture src=item.picture small=true/>
            <div>
                <p class="review-name">{item.name}</p>
                <p class="review-detail">
                    {format!("{} × {}", item.quantity, item.unit_price)}
                    {(!options.is_empty()).then(|| format!(" · {options}"))}
                </p>
                {short.map(|short| view! { <p class="review-short">{short}</p> })}
            </div>
            <Price amount=item.total/>
        </li>
    }
}
