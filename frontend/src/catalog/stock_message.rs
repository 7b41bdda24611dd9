use leptos::prelude::*;
use shared::catalog::Availability;

#[component]
pub fn StockMessage(#[prop(into)] availability: Signal<Availability>) -> impl IntoView {
    let class = move || match availability.get() {
        Availability::InStock => "stock is-in-stock",
        Availability::Low { .. } => "stock is-low",
        Availability::SoldOut => "stock is-sold-out",
    };
    let message = move || match availability.get() {
        Availability::InStock => "In stock".to_owned(),
        Availability::Low { left } => format!("Only {left} left"),
        Availability::SoldOut => "Sold out".to_owned(),
    };
    view! { <span class=class>{message}</span> }
}
