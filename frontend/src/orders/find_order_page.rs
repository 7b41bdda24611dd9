use crate::{
    api::{self, ApiError},
    ui::{Button, ErrorNote, Field, PageHeading, focus, lazy_page, spawn_busy},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    orders::{Order, OrderLookup},
    paths::{self, page},
};

/// Why nothing was found; it takes the focus when it appears.
const MESSAGE_ID: &str = "find-order-message";

lazy_page!(FindOrderRoute, FindOrderPage);

/// For guests in another browser than the one that they ordered with.
#[component]
fn FindOrderPage() -> impl IntoView {
    let navigate = use_navigate();
    let (number, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let was_submitted = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refusal: RwSignal<Option<ApiError>> = RwSignal::new(None);
    let asked = move || OrderLookup { number: number.get(), email: email.get() };
    let faults =
        Memo::new(move |_| if was_submitted.get() { asked().faults() } else { Vec::new() });
    let fault_of = move |field: &'static str| {
        Signal::derive(move || {
            faults.with(|all| Some(all.iter().find(|fault| fault.field == field)?.message.clone()))
        })
    };
    let find = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        was_submitted.set(true);
        refusal.set(None);
        if let Some(first) = faults.with_untracked(|all| all.first().cloned()) {
            return focus(&first.field);
        }
        let (asked, navigate) = (untrack(asked), navigate.clone());
        spawn_busy(busy, async move {
            let answer = api::post::<Order>(paths::api::ORDER_LOOKUP, &asked).await;
            match answer {
                // Whoever has gone elsewhere meanwhile stays there.
                _ if refusal.is_disposed() => {}
                Ok(order) => navigate(&page_of(&order), NavigateOptions::default()),
                Err(error) => {
                    refusal.set(Some(error));
                    focus(MESSAGE_ID);
                }
            }
        });
    };
    view! {
        <div class="page page-narrow find-order">
            <PageHeading title="Find your order"/>
            <p>
                "Ordered without an account? The order’s number and your email show how far it is. If you are signed in with \
                 that email, confirmed, the order goes to All Orders."
            </p>
            <form class="find-order-form card" novalidate on:submit=find>
                <Field
                    name="number"
                    label="Order number"
                    value=number
                    error=fault_of("number")
                    hint="It stands in the confirmation, like 7K2M-9QWX-4T0B."
                    autocomplete="off"
                    maxlength=40
                    required=true
                />
                <Field
                    name="email"
                    label="Email"
                    value=email
                    error=fault_of("email")
                    hint="The one that you ordered with."
                    kind="email"
                    autocomplete="email"
                    inputmode="email"
                    maxlength=254
                    required=true
                />
                <div id=MESSAGE_ID class="find-order-message" tabindex="-1">
                    {move || refusal.get().map(|error| view! { <ErrorNote error/> })}
                </div>
                <Button submit=true busy>"Find order"</Button>
            </form>
        </div>
    }
}

/// In All Orders, where it is kept there.
fn page_of(order: &Order) -> String {
    let number = order.summary.number.as_str();
    if order.in_account {
        format!("{}/{number}", page::ORDERS)
    } else {
        page::FOUND_ORDER.replace(":number", number)
    }
}
