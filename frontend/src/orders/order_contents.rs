use super::{address_lines::AddressLines, invoice::VatTable, totals::Totals};
use crate::ui::{Picture, Price};
use leptos::prelude::*;
use shared::orders::{Order, OrderLine};

/// What was bought, where it goes and how it was paid: the same after checkout, in All Orders and on paper.
#[component]
pub fn OrderContents(order: Order) -> impl IntoView {
    let tax = format!("Including {} VAT in {}", order.totals.tax, order.address.country_name());
    view! {
        <section class="order-contents card">
            <h2>"Items"</h2>
            <ul class="order-lines">
                {order.items.into_iter().map(|line| view! { <OrderLineRow line/> }).collect_view()}
            </ul>
            <Totals totals=order.totals promotion_code=order.promotion_code/>
            <VatTable vat=order.vat totals=order.totals/>
            <p class="review-tax">{tax}</p>
        </section>
        <section class="order-facts card">
            <div>
                <h2>"Where it goes"</h2>
                <AddressLines address=order.address/>
            </div>
            <div>
                <h2>"Delivery"</h2>
                <p>{order.delivery.label()} ", " {order.delivery.days()}</p>
            </div>
            <div>
                <h2>"Payment"</h2>
                <p>{format!("{} ending in {}", order.payment.brand.label(), order.payment.last4)}</p>
            </div>
            <div>
                <h2>"Contact"</h2>
                <p class="order-email">{order.email}</p>
            </div>
        </section>
    }
}

#[component]
fn OrderLineRow(line: OrderLine) -> impl IntoView {
    let options = line
        .options
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <li class="order-line">
            <Picture src=line.picture small=true/>
            <div>
                <a class="order-line-name" href=format!("/p/{}?sku={}", line.slug, line.sku)>{line.name}</a>
                {(!options.is_empty()).then(|| view! { <p class="review-detail">{options}</p> })}
                <p class="review-detail">{format!("{} × {}", line.quantity, line.unit_price)}</p>
            </div>
            <Price amount=line.total/>
        </li>
    }
}
