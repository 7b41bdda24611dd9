use leptos::prelude::*;
use shared::{checkout::QuoteTotals, money::Money};

/// What an order costs, placed or not yet.
#[component]
pub fn Totals(totals: QuoteTotals) -> impl IntoView {
    let delivery = if totals.delivery == Money::ZERO {
        "Free".to_owned()
    } else {
        totals.delivery.to_string()
    };
    view! {
        <dl class="totals">
            <div><dt>"Subtotal"</dt><dd>{totals.subtotal.to_string()}</dd></div>
            <div><dt>"Delivery"</dt><dd>{delivery}</dd></div>
            <div class="totals-total"><dt>"Total"</dt><dd>{totals.total.to_string()}</dd></div>
        </dl>
    }
}
