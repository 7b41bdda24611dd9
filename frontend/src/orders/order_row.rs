use super::status::StatusBadge;
use crate::ui::{Moment, Picture};
use leptos::prelude::*;
use shared::{orders::OrderSummary, paths::page};

/// One order in a list. The whole card is the link.
#[component]
pub fn OrderRow(order: OrderSummary) -> impl IntoView {
    let more = order.count.saturating_sub(1);
    let what = match more {
        0 => order.first_name.clone(),
        1 => format!("{} and 1 more item", order.first_name),
        more => format!("{} and {more} more items", order.first_name),
    };
    let pictures =
        order.pictures.into_iter().map(|src| view! { <Picture src small=true/> }).collect_view();
    view! {
        <li class="order-row card">
            <div class="order-row-head">
                <a class="order-row-link" href=format!("{}/{}", page::ORDERS, order.number)>
                    "Order " <span class="order-number">{order.number.to_string()}</span>
                </a>
                <StatusBadge status=order.status/>
            </div>
            <p class="order-row-what">{what}</p>
            <div class="order-row-pictures">{pictures}</div>
            <p class="order-row-foot">
                <Moment at=order.placed_at/>
                <span class="price">{order.total.to_string()}</span>
            </p>
        </li>
    }
}
