use super::order_view::{OrderView, STATE_ID};
use crate::{
    api::{self, ApiError},
    auth::{Gate, use_visitor},
    ui::{
        Button, ButtonKind, Dialog, Empty, PageHeading, focus, lazy_page, loaded, spawn_busy,
        use_toasts,
    },
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use shared::{
    ids::OrderNumber,
    orders::Order,
    paths::{self, page},
    problem::kinds,
};

lazy_page!(OrderRoute, OrderPage, with OrdersRoute);

#[component]
fn OrderPage() -> impl IntoView {
    let number = use_order_number();
    let title = Signal::derive(move || match number.get() {
        Some(number) => format!("Order {number}"),
        None => "Order not found".to_owned(),
    });
    view! {
        <div class="page order">
            <p class="back"><a href=page::ORDERS>"← All Orders"</a></p>
            <PageHeading title/>
            {move || match number.get() {
                Some(number) => view! { <Gate><OneOrder number=number.clone()/></Gate> }.into_any(),
                None => view! { <NoSuchOrder/> }.into_any(),
            }}
        </div>
    }
}

/// The number in the page's address, unless that is none.
pub fn use_order_number() -> Memo<Option<OrderNumber>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get_str("number")?.parse().ok())
}

#[component]
fn OneOrder(number: OrderNumber) -> impl IntoView {
    let visitor = use_visitor();
    let order: RwSignal<Option<Result<Order, ApiError>>> = RwSignal::new(None);
    let fetch = {
        let path = paths::with(paths::api::ORDER, number.as_str());
        Callback::new(move |()| {
            let path = path.clone();
            spawn_local(async move {
                let answer = visitor.gated(api::get::<Order>(&path)).await;
                order.set(Some(answer));
            });
        })
    };
    fetch.run(());
    move || match order.get() {
        Some(Err(error)) if error.is(kinds::NOT_FOUND) => view! { <NoSuchOrder/> }.into_any(),
        answer => loaded(answer, 8, "Fetching your order…", fetch, |found| {
            view! { <Found found order fetch/> }
        }),
    }
}

#[component]
fn NoSuchOrder() -> impl IntoView {
    view! {
        <Empty
            title="You have no order with this number."
            text="It may have been placed with another account, or as a guest."
        >
            <a class="button button-primary" href=page::ORDERS>"Show all orders"</a>
            <a class="button button-secondary" href=page::FIND_ORDER>"Find a guest’s order"</a>
        </Empty>
    }
}

#[component]
fn Found(
    found: Order,
    order: RwSignal<Option<Result<Order, ApiError>>>,
    /// Fetches it again.
    fetch: Callback<()>,
) -> impl IntoView {
    let number = found.summary.number.clone();
    let cancellable = found.cancellable;
    let cancelling = RwSignal::new(false);
    view! {
        <OrderView order=found>
            {cancellable.then(|| view! {
                <Button kind=ButtonKind::Quiet on:click=move |_| cancelling.set(true)>"Cancel order"</Button>
            })}
        </OrderView>
        <CancelDialog number open=cancelling order fetch/>
    }
}

/// Cancelling cannot be undone, so it is asked first.
#[component]
fn CancelDialog(
    number: OrderNumber,
    open: RwSignal<bool>,
    order: RwSignal<Option<Result<Order, ApiError>>>,
    fetch: Callback<()>,
) -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let path = StoredValue::new(paths::with(paths::api::ORDER_CANCEL, number.as_str()));
    let cancel = move |_| {
        spawn_busy(busy, async move {
            let path = path.get_value();
            let answer = visitor.gated(api::post::<Order>(&path, &())).await;
            open.set(false);
            toasts.say_result(&answer, "Your order is cancelled. Nothing will be charged.");
            if let Ok(cancelled) = answer {
                order.set(Some(Ok(cancelled)));
                // The button that opened the dialog is gone.
                focus(STATE_ID);
            } else {
                // Packed meanwhile: the page shows how far it is.
                fetch.try_run(());
            }
        });
    };
    view! {
        <Dialog id="cancel-order" title="Cancel this order?" open>
            <p>"It will not be packed, and nothing is charged. This cannot be undone, but you can buy the same again."</p>
            <div class="dialog-actions">
                <Button busy on:click=cancel>"Cancel the order"</Button>
                <Button kind=ButtonKind::Secondary on:click=move |_| open.set(false)>"Keep it"</Button>
            </div>
        </Dialog>
    }
}
