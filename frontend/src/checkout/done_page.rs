use crate::{
    api,
    auth::{SignInLink, use_visitor},
    orders::{OrderContents, use_order_number},
    ui::{Empty, PageHeading, lazy_page, loaded},
};
use leptos::prelude::*;
use shared::{
    checkout::{DeliveryMethod, country},
    orders::{Order, OrderStatus},
    paths::{self, page},
    problem::kinds,
};

lazy_page!(CheckoutDoneRoute, DonePage, with CheckoutRoute);

/// The order, for the browser that placed it; a reload shows it again.
#[component]
fn DonePage() -> impl IntoView {
    let number = use_order_number();
    let order = LocalResource::new(move || {
        let number = number.get();
        async move {
            match number {
                Some(number) => {
                    let path = paths::with(paths::api::CHECKOUT_DONE, number.as_str());
                    match api::get::<Order>(&path).await {
                        Err(error) if error.is(kinds::NOT_FOUND) => Ok(None),
                        answer => answer.map(Some),
                    }
                }
                None => Ok(None),
            }
        }
    });
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
    let visitor = use_visitor();
    let who = visitor.known_customer();
    let is_customer = move || matches!(who.get(), Some(Some(_)));
    let steps = {
        let order = order.clone();
        move || {
            next_steps(&order, is_customer())
                .into_iter()
                .map(|step| view! { <li>{step}</li> })
                .collect_view()
        }
    };
    let order_page = format!("{}/{number}", page::ORDERS);
    let order_email = order.email.clone();
    let keep = move || {
        let order_page = order_page.clone();
        who.get().map(|customer| {
            if customer.is_some() {
                view! {
                    <p>
                        "You find this order, and how far it is, in "
                        <a href=order_page>"All Orders"</a>
                        "."
                    </p>
                }
                .into_any()
            } else {
                view! { <Invitation email=order_email.clone()/> }.into_any()
            }
        })
    };
    view! {
        <p class="done-lead">"Your order " <strong class="order-number">{number.to_string()}</strong> " is placed."</p>
        <h2>"What happens next"</h2>
        <ol class="done-steps">{steps}</ol>
        {keep}
        <OrderContents order/>
        <div class="door-actions">
            <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
        </div>
    }
}

/// A login at the backend knows which orders were placed with this browser; one in the page does not.
#[component]
fn Invitation(email: String) -> impl IntoView {
    let (title, before, after, return_to) = if cfg!(feature = "bff") {
        (
            "Keep this order",
            "Sign in with the address ",
            ", and this order is in All Orders, on each of your devices. Otherwise it stays a guest’s: note its number.",
            page::ORDERS,
        )
    } else {
        (
            "Next time, with one click less",
            "Sign in before you check out, and your name is filled in and every order waits for you in All Orders, on each \
             of your devices. This order stays a guest’s: note its number and ",
            ".",
            page::ACCOUNT,
        )
    };
    view! {
        <section class="card done-invitation">
            <h2>{title}</h2>
            <p>{before} <bdi>{email}</bdi> {after}</p>
            <SignInLink label="Sign in or create an account" class="button button-secondary" return_to=return_to/>
        </section>
    }
}

fn next_steps(order: &Order, is_customer: bool) -> Vec<String> {
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
    let packing = if is_customer {
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

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <Empty
            title="This browser knows no such order."
            text="The page after checkout can be seen only in the browser that placed the order. Orders placed while \
                  you were signed in are in All Orders."
        >
            <a class="button button-primary" href=page::ORDERS>"All Orders"</a>
            <a class="button button-secondary" href=page::HOME>"Continue shopping"</a>
        </Empty>
    }
}
