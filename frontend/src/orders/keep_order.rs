use crate::{
    api,
    auth::{SignInLink, use_visitor},
    ui::{Button, spawn_busy, use_toasts},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    ids::OrderNumber,
    orders::{Order, OrderLookup},
    paths::{self, page},
    session::CustomerView,
};

/// How an order gets into All Orders, or that it is there.
#[component]
pub fn KeepOrder(
    number: OrderNumber,
    /// What it was placed with.
    email: String,
    in_account: bool,
) -> impl IntoView {
    if in_account {
        let order_page = order_page(&number);
        return view! {
            <p>"You find this order, and how far it is, in " <a href=order_page>"All Orders"</a> "."</p>
        }
        .into_any();
    }
    let who = use_visitor().known_customer();
    (move || {
        let (number, email) = (number.clone(), email.clone());
        who.get().map(|customer| match customer {
            None => view! { <Invitation email/> }.into_any(),
            Some(customer) if is_theirs(&customer, &email) => {
                view! { <AddToOrders number email/> }.into_any()
            }
            Some(_) => view! { <OfAnother email/> }.into_any(),
        })
    })
    .into_any()
}

fn order_page(number: &OrderNumber) -> String {
    format!("{}/{number}", page::ORDERS)
}

/// The shop decides by the same rule.
fn is_theirs(customer: &CustomerView, email: &str) -> bool {
    let own = customer.email.as_deref().filter(|_| customer.email_verified);
    own.is_some_and(|own| own.to_lowercase() == email.to_lowercase())
}

/// A login at the backend knows which orders were placed or found with this browser; one in the page does not.
#[component]
fn Invitation(email: String) -> impl IntoView {
    let (after, return_to) = if cfg!(feature = "bff") {
        (
            ", and this order is in All Orders, on each of your devices. Otherwise it stays a guest’s: note its number, and \
             find it again by that and this address.",
            page::ORDERS,
        )
    } else {
        (
            ", then find this order by its number and this address: it is in All Orders from then on, on each of your \
             devices. Otherwise it stays a guest’s: note its number.",
            page::FIND_ORDER,
        )
    };
    view! {
        <section class="card done-invitation">
            <h2>"Keep this order"</h2>
            <p>"Sign in with the address " <bdi>{email}</bdi> {after}</p>
            <SignInLink label="Sign in or create an account" class="button button-secondary" return_to=return_to/>
        </section>
    }
}

#[component]
fn AddToOrders(number: OrderNumber, email: String) -> impl IntoView {
    let (navigate, toasts) = (use_navigate(), use_toasts());
    let busy = RwSignal::new(false);
    let order_page = order_page(&number);
    let asked = OrderLookup { number: number.into(), email };
    let add = move |_| {
        let (navigate, order_page, asked) = (navigate.clone(), order_page.clone(), asked.clone());
        spawn_busy(busy, async move {
            let answer = api::post::<Order>(paths::api::ORDER_LOOKUP, &asked).await;
            match answer {
                // Whoever has gone elsewhere meanwhile stays there.
                _ if busy.is_disposed() => {}
                Ok(order) if order.in_account => navigate(&order_page, NavigateOptions::default()),
                // What this page knows of the customer is out of date.
                Ok(_) => toasts.say("This order was not added. Sign in again, then try once more."),
                Err(error) => toasts.say(error.detail()),
            }
        });
    };
    view! {
        <section class="card done-invitation">
            <h2>"Keep this order"</h2>
            <p>"It was placed with your address, but not while you were signed in. In All Orders you find it on each of your devices."</p>
            <Button busy on:click=add>"Add to my orders"</Button>
        </section>
    }
}

#[component]
fn OfAnother(email: String) -> impl IntoView {
    view! {
        <section class="card done-invitation">
            <h2>"A guest’s order"</h2>
            <p>
                "It was placed with the address " <bdi>{email}</bdi>
                ". Only an account that has this address, confirmed, can keep it in All Orders. Note its number to find it \
                 again."
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_kept_by_whoever_has_its_address_confirmed() {
        let customer = |email: Option<&str>, email_verified| CustomerView {
            fingerprint: "ada".into(),
            name: "Ada Lovelace".into(),
            email: email.map(str::to_owned),
            email_verified,
        };
        assert!(is_theirs(&customer(Some("Ada@example.com"), true), "ada@Example.com"));
        assert!(!is_theirs(&customer(Some("ada@example.com"), false), "ada@example.com"));
        assert!(!is_theirs(&customer(Some("eve@example.com"), true), "ada@example.com"));
        assert!(!is_theirs(&customer(None, true), "ada@example.com"));
    }
}
