use crate::ui::Moment;
use leptos::prelude::*;
use shared::orders::{Order, OrderStatus, fulfilment};

/// The status as customers read it.
pub const fn label(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Placed => "Placed",
        OrderStatus::Packed => "Packed",
        OrderStatus::Shipped => "Shipped",
        OrderStatus::Delivered => "Delivered",
        OrderStatus::Cancelled => "Cancelled",
    }
}

#[component]
pub fn StatusBadge(status: OrderStatus) -> impl IntoView {
    view! { <span class=format!("status status-{}", status.into_str())>{label(status)}</span> }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStep {
    pub status: OrderStatus,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// It lies ahead, and is expected then.
    pub is_ahead: bool,
    pub is_current: bool,
}

/// What happened, then what is still to come. Nothing comes after a cancellation.
pub fn steps(order: &Order) -> Vec<OrderStep> {
    let summary = &order.summary;
    let happened = order.history.iter().map(|change| OrderStep {
        status: change.status,
        at: change.at,
        is_ahead: false,
        is_current: change.status == summary.status,
    });
    let ahead = fulfilment::ahead(summary.status, summary.placed_at, order.delivery);
    let ahead = ahead.map(|step| OrderStep {
        status: step.status,
        at: step.at,
        is_ahead: true,
        is_current: false,
    });
    happened.chain(ahead).collect()
}

#[component]
pub fn OrderTimeline(steps: Vec<OrderStep>) -> impl IntoView {
    let item = |OrderStep { status, at, is_ahead, is_current }: OrderStep| {
        let class = match status {
            _ if is_ahead => "step",
            OrderStatus::Cancelled => "step is-done is-cancelled",
            _ => "step is-done",
        };
        let with_time = !is_ahead;
        view! {
            <li class=class aria-current=is_current.then_some("step")>
                <span class="step-label">{label(status)}</span>
                <span class="step-time">
                    {is_ahead.then_some("expected ")} <Moment at with_time/>
                </span>
            </li>
        }
    };
    view! { <ol class="timeline">{steps.into_iter().map(item).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        checkout::{Address, CardBrand, DeliveryMethod, PaymentSummary, QuoteTotals},
        money::Money,
        orders::{OrderSummary, StatusChange},
    };

    fn order(status: OrderStatus, history: &[(OrderStatus, i64)]) -> Order {
        let change = |(status, at): &(OrderStatus, i64)| StatusChange { status: *status, at: *at };
        Order {
            summary: OrderSummary {
                number: "7K2M-9QWX-4T0B".parse().unwrap(),
                placed_at: 1,
                status,
                total: Money::ZERO,
                count: 1,
                pictures: Vec::new(),
                first_name: String::new(),
            },
            email: String::new(),
            address: Address::default(),
            delivery: DeliveryMethod::Standard,
            payment: PaymentSummary { brand: CardBrand::Visa, last4: String::new() },
            items: Vec::new(),
            totals: QuoteTotals::default(),
            vat: Vec::new(),
            history: history.iter().map(change).collect(),
            cancellable: status.is_cancellable(),
            in_account: true,
            promotion_code: None,
            mailed: false,
        }
    }

    fn states(steps: &[OrderStep]) -> Vec<(OrderStatus, bool)> {
        steps.iter().map(|step| (step.status, step.is_ahead)).collect()
    }

    #[test]
    fn a_timeline_shows_what_was_and_what_comes() {
        let history = [(OrderStatus::Placed, 1), (OrderStatus::Packed, 2)];
        let steps = steps(&order(OrderStatus::Packed, &history));
        assert_eq!(
            states(&steps),
            [
                (OrderStatus::Placed, false),
                (OrderStatus::Packed, false),
                (OrderStatus::Shipped, true),
                (OrderStatus::Delivered, true),
            ]
        );
        assert!(steps[1].is_current && !steps[0].is_current);
        assert!(steps.is_sorted_by_key(|step| step.at));
    }

    #[test]
    fn nothing_comes_after_a_cancellation() {
        let history = [(OrderStatus::Placed, 1), (OrderStatus::Cancelled, 2)];
        assert_eq!(
            states(&steps(&order(OrderStatus::Cancelled, &history))),
            [(OrderStatus::Placed, false), (OrderStatus::Cancelled, false)]
        );
    }
}
