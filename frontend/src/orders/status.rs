use crate::ui::Moment;
use leptos::prelude::*;
use shared::orders::{OrderStatus, StatusChange};

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
    /// Milliseconds since the Unix epoch; `None` while it lies ahead.
    pub at: Option<i64>,
    pub is_current: bool,
}

/// What happened, then what is still to come. Nothing comes after a cancellation.
pub fn steps(history: &[StatusChange], current: OrderStatus) -> Vec<OrderStep> {
    let happened = history.iter().map(|change| OrderStep {
        status: change.status,
        at: Some(change.at),
        is_current: change.status == current,
    });
    let ahead = OrderStatus::ALL
        .iter()
        .copied()
        .filter(|status| *status != OrderStatus::Cancelled && current != OrderStatus::Cancelled)
        .filter(|status| history.iter().all(|change| change.status != *status))
        .map(|status| OrderStep { status, at: None, is_current: false });
    happened.chain(ahead).collect()
}

#[component]
pub fn OrderTimeline(steps: Vec<OrderStep>) -> impl IntoView {
    let item = |step: OrderStep| {
        let class = match step.at {
            Some(_) if step.status == OrderStatus::Cancelled => "step is-done is-cancelled",
            Some(_) => "step is-done",
            None => "step",
        };
        view! {
            <li class=class aria-current=step.is_current.then_some("step")>
                <span class="step-label">{label(step.status)}</span>
                <span class="step-time">
                    {match step.at {
                        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
                        None => "to come".into_any(),
                    }}
                </span>
            </li>
        }
    };
    view! { <ol class="timeline">{steps.into_iter().map(item).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(status: OrderStatus, at: i64) -> StatusChange {
        StatusChange { status, at }
    }

    fn states(steps: &[OrderStep]) -> Vec<(OrderStatus, bool)> {
        steps.iter().map(|step| (step.status, step.at.is_some())).collect()
    }

    #[test]
    fn a_timeline_shows_what_was_and_what_comes() {
        let history = [change(OrderStatus::Placed, 1), change(OrderStatus::Packed, 2)];
        let steps = steps(&history, OrderStatus::Packed);
        assert_eq!(
            states(&steps),
            [
                (OrderStatus::Placed, true),
                (OrderStatus::Packed, true),
                (OrderStatus::Shipped, false),
                (OrderStatus::Delivered, false),
            ]
        );
        assert!(steps[1].is_current && !steps[0].is_current);
    }

    #[test]
    fn nothing_comes_after_a_cancellation() {
        let history = [change(OrderStatus::Placed, 1), change(OrderStatus::Cancelled, 2)];
        assert_eq!(
            states(&steps(&history, OrderStatus::Cancelled)),
            [(OrderStatus::Placed, true), (OrderStatus::Cancelled, true)]
        );
    }
}
