use crate::ui::minus;
use leptos::prelude::*;
use shared::{checkout::QuoteTotals, money::Money};

/// What an order costs, placed or not yet.
#[component]
pub fn Totals(totals: QuoteTotals, promotion_code: Option<String>) -> impl IntoView {
    let promotion = promotion_code.map(|code| {
        let discount = (totals.discount != Money::ZERO).then(|| minus(totals.discount));
        view! { <div><dt>"Promotion " {code}</dt><dd>{discount.unwrap_or_else(|| "Standard delivery".to_owned())}</dd></div> }
    });
    let delivery = if totals.delivery == Money::ZERO {
        "Free".to_owned()
    } else {
        totals.delivery.to_string()
    };
    view! {
        <dl class="totals">
            <div><dt>"Subtotal"</dt><dd>{totals.subtotal.to_string()}</dd></div>
            {promotion}
            <div><dt>"Delivery"</dt><dd>{delivery}</dd></div>
            <div class="totals-total"><dt>"Total"</dt><dd>{totals.total.to_string()}</dd></div>
        </dl>
    }
}
