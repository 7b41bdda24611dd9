use super::{
    keep_order::KeepOrder,
    order_page::use_order_number,
    order_view::OrderView,
    visible_order::{NotHere, visible_order},
};
use crate::ui::{PageHeading, lazy_page, loaded};
use leptos::prelude::*;
use shared::paths::page;

lazy_page!(GuestOrderRoute, GuestOrderPage, with FindOrderRoute);

/// An order without an account, for the browser that placed or found it.
#[component]
fn GuestOrderPage() -> impl IntoView {
    let number = use_order_number();
    let order = visible_order(number);
    let retry = Callback::new(move |()| order.refetch());
    let title = Signal::derive(move || match (number.get(), order.get()) {
        (None, _) | (_, Some(Ok(None))) => "Order not found".to_owned(),
        (Some(number), _) => format!("Order {number}"),
    });
    view! {
        <div class="page order">
            <p class="back"><a href=page::FIND_ORDER>"← Find your order"</a></p>
            <PageHeading title/>
            {move || loaded(order.get(), 8, "Fetching your order…", retry, |order| match order {
                Some(order) => {
                    let (number, email) = (order.summary.number.clone(), order.email.clone());
                    let in_account = order.in_account;
                    view! {
                        <OrderView order/>
                        <KeepOrder number email in_account/>
                    }
                    .into_any()
                }
                None => view! { <NotHere/> }.into_any(),
            })}
        </div>
    }
}
