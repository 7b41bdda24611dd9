use crate::{
    orders::{KeepOrder, NotHere, OrderContents, use_order_number, visible_order},
    ui::{PageHeading, lazy_page, loaded},
};
use leptos::prelude::*;
use shared::{
    checkout::{DeliveryMethod, country},
    orders::{Order, OrderStatus},
    paths::page,
};

lazy_page!(CheckoutDoneRoute, DonePage, with CheckoutRoute);

/// The order, for the browser that placed it; a reload shows it again.
#[component]
fn DonePage() -> impl IntoView {
    let number = use_order_number();
    let order = visible_order(number);
    let retry = Callback::new(move |()| order.refetch());
    // One heading for all of it, so that it keeps the focus.
    let title = Signal::derive(move || match order.get() {
        Some(Ok(Some(_))) => "Thank you".to_owned(),
        Some(Ok(None)) => "Order not found".to_owned(),
        None | Some(Err(_)) => "Your order".to_owned(),
    });
    view! {
        <div class="page page-narrow done">
            <PageHeading title/>
            {move || loaded(order.get(), 6, "Fetching your order…", retry, |order| match order {
                Some(order) => view! { <Done order/> }.into_any(),
                None => view! { <NotHere/> }.into_any(),
            })}
        </div>
    }
}

#[component]
fn Done(order: Order) -> impl IntoView {
    let number = order.summary.number.clone();
    let (email, in_account) = (order.email.clone(), order.in_account);
    let mailed = order.mailed.then(|| view! { <Mailed email=email.clone()/> });
    let steps = next_steps(&order).into_iter().map(|step| view! { <li>{step}</li> });
    let steps = steps.collect_view();
    let follow = (!in_account).then(|| {
        let order_page = page::FOUND_ORDER.replace(":number", number.as_str());
        view! { <a class="button button-secondary" href=order_page>"See where it is"</a> }
    });
    view! {
        <p class="done-lead">"Your order " <strong class="order-number">{number.to_string()}</strong> " is placed."</p>
        {mailed}
        <h2>"What happens next"</h2>
        <ol class="done-steps">{steps}</ol>
        <KeepOrder number=number.clone() email in_account/>
        <OrderContents order/>
        <div class="door-actions">
            <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
            {follow}
        </div>
    }
}

#[component]
fn Mailed(email: String) -> impl IntoView {
    // The build without a backend does not know whether the shop is a demo.
    #[cfg(feature = "bff")]
    let mailbox = {
        let visitor = crate::auth::use_visitor();
        move || {
            visitor.is_demo().then(|| {
                view! { " Demo: it is in the " <a href=shared::paths::MAILBOX rel="external">"mailbox"</a> "." }
            })
        }
    };
    #[cfg(feature = "implicit")]
    let mailbox = ();
    view! { <p>"We write a confirmation to " <bdi>{email}</bdi> "." {mailbox}</p> }
}

fn next_steps(order: &Order) -> Vec<String> {
    let status = order.summary.status;
    if status == OrderStatus::Cancelled {
        return vec!["This order was cancelled; nothing more happens.".to_owned()];
    }
    let place = country(&order.address.country).map_or_else(
        || order.address.city.clone(),
        |country| format!("{}, {}", order.address.city, country.name),
    );
    let when = match order.delivery {
        DeliveryMethod::Standard => "within 2 to 4 working days",
        DeliveryMethod::Express => "on the next working day",
    };
    let packing = if order.in_account {
        "We pack your order. Until then you can cancel it in All Orders."
    } else {
        "We pack your order."
    };
    let packing = (status == OrderStatus::Placed).then(|| packing.to_owned());
    let travel = if status == OrderStatus::Delivered {
        format!("It has arrived in {place}.")
    } else {
        format!("It travels to {place} and arrives {when}.")
    };
    let questions = format!("Questions? Name the order’s number and the email {}.", order.email);
    packing.into_iter().chain([travel, questions]).collect()
}
