use super::{
    buy_again::{BoughtAgainNote, BuyAgain},
    invoice::InvoiceHead,
    order_contents::OrderContents,
    status::{OrderTimeline, StatusBadge, steps},
};
use crate::ui::{Button, ButtonKind, Moment};
use leptos::prelude::*;
use shared::orders::Order;

/// Where the page says what has become of the order.
pub const STATE_ID: &str = "order-state";

/// An order from head to foot, on a screen and on paper.
#[component]
pub fn OrderView(
    order: Order,
    /// What else can be done about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let summary = &order.summary;
    let bought_again = RwSignal::new(None);
    let print = move |_| {
        // Fails only where printing is forbidden altogether.
        let _ = window().print();
    };
    let timeline = steps(&order);
    view! {
        <InvoiceHead number=summary.number.clone() placed_at=summary.placed_at/>
        <p class="order-head" id=STATE_ID tabindex="-1">
            "Placed on " <Moment at=summary.placed_at with_time=true/> " · " <StatusBadge status=summary.status/>
        </p>
        <div class="order-actions">
            <BuyAgain items=order.items.clone() told=bought_again/>
            <Button kind=ButtonKind::Secondary on:click=print>"Print invoice"</Button>
            {children.map(|children| children())}
        </div>
        <BoughtAgainNote told=bought_again/>
        <section class="order-progress card">
            <h2>"Where it is"</h2>
            <OrderTimeline steps=timeline/>
        </section>
        <OrderContents order/>
        <p class="invoice-foot">"storezero · a demonstration shop: nothing was charged and nothing is shipped."</p>
    }
}
