use leptos::prelude::*;
use shared::money::Money;

#[component]
pub fn Price(
    #[prop(into)] amount: Signal<Money>,
    /// Whether this is the lowest of several prices.
    #[prop(optional)]
    from: bool,
) -> impl IntoView {
    view! {
        <span class="price">
            {from.then(|| view! { <span class="price-from">"from "</span> })}
            {move || amount.get().to_string()}
        </span>
    }
}

/// What is taken off, with a real minus sign.
pub fn minus(amount: Money) -> String {
    format!("\u{2212}{amount}")
}
