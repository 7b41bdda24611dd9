use leptos::prelude::*;
use shared::catalog::Availability;

#[component]
pub fn StockWords(#[prop(into)] availability: Signal<Availability>) -> impl IntoView {
    let class = move || match availability.get() {
        Availability::InStock => "stock is-in-stock",
        Availability::Low { .. } => "stock is-low",
        Availability::SoldOut => "stock is-sold-out",
    };
    view! { <span class=class>{move || words(availability.get())}</span> }
}

pub fn words(availability: Availability) -> String {
    match availability {
        Availability::InStock => "In stock".to_owned(),
        Availability::Low { left } => format!("Only {left} left"),
        Availability::SoldOut => "Sold out".to_owned(),
    }
}
