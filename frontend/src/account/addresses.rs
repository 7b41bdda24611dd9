use super::address_form::AddressForm;
use crate::{
    api::{self, ApiError},
    auth::use_visitor,
    orders::AddressLines,
    ui::{Button, ButtonKind, focus, spawn_busy, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    account::{MAX_ADDRESSES, SavedAddress},
    checkout::Address,
    paths::{api as path, with},
};

/// Takes the focus when what had it is gone.
const HEADING_ID: &str = "addresses-title";

#[derive(Clone)]
enum Shown {
    List,
    Form(Option<SavedAddress>),
}

/// Where the customer has things delivered to: the list, or the form of one of them.
#[component]
pub fn Addresses(addresses: Vec<SavedAddress>) -> impl IntoView {
    let addresses = RwSignal::new(addresses);
    let shown = RwSignal::new(Shown::List);
    let edit = Callback::new(move |saved| shown.set(Shown::Form(saved)));
    let done = Callback::new(move |list: Option<Vec<SavedAddress>>| {
        if let Some(list) = list {
            addresses.set(list);
        }
        shown.set(Shown::List);
        focus(HEADING_ID);
    });
    view! {
        <section class="card addresses" aria-labelledby=HEADING_ID>
            <h2 id=HEADING_ID tabindex="-1">"Addresses"</h2>
            {move || match shown.get() {
                Shown::List => view! { <AddressList addresses edit/> }.into_any(),
                Shown::Form(saved) => view! { <AddressForm saved done/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn AddressList(
    addresses: RwSignal<Vec<SavedAddress>>,
    edit: Callback<Option<SavedAddress>>,
) -> impl IntoView {
    let lead = move || match addresses.read().len() {
        0 => "None yet. What you save here or at the checkout fills in your next order.".to_owned(),
        MAX_ADDRESSES => {
            format!("You have {MAX_ADDRESSES}, as many as fit: remove one to add another.")
        }
        _ => "The default fills in your next order.".to_owned(),
    };
    let row = move |saved| view! { <AddressRow saved addresses edit/> };
    view! {
        <p>{lead}</p>
        <ul class="address-rows">{move || addresses.get().into_iter().map(row).collect_view()}</ul>
        <Show when=move || { addresses.read().len() < MAX_ADDRESSES }>
            <Button kind=ButtonKind::Secondary on:click=move |_| edit.run(None)>"Add an address"</Button>
        </Show>
    }
}

#[component]
fn AddressRow(
    saved: SavedAddress,
    addresses: RwSignal<Vec<SavedAddress>>,
    edit: Callback<Option<SavedAddress>>,
) -> impl IntoView {
    let (visitor, toasts) = (use_visitor(), use_toasts());
    let busy = RwSignal::new(false);
    let SavedAddress { id, address, is_default } = saved.clone();
    // Whom the buttons are about, for those who hear them alone.
    let whose = StoredValue::new(format!(": {}, {}", address.full_name, address.street));
    let make_default = move |_| {
        spawn_busy(busy, async move {
            let path = with(path::ACCOUNT_ADDRESS_DEFAULT, id.to_string());
            let answer = visitor.gated(api::put(&path, &())).await;
            toasts.say_result(&answer, "This address fills in your next order.");
            show(addresses, answer);
        });
    };
    let kept = StoredValue::new(address.clone());
    let remove = move |_| {
        let address = kept.get_value();
        spawn_busy(busy, async move {
            let path = with(path::ACCOUNT_ADDRESS, id.to_string());
            let answer = visitor.gated(api::delete(&path)).await;
            if answer.is_ok() {
                let put_back = Callback::new(move |()| {
                    let restored = visitor.gated(restore(address.clone(), is_default));
                    spawn_local(async move {
                        let answer = restored.await;
                        toasts.say_result(&answer, "The address is back.");
                        show(addresses, answer);
                    });
                });
                toasts.offer("The address is removed.", "Undo", put_back);
            }
            toasts.say_error(&answer);
            show(addresses, answer);
        });
    };
    view! {
        <li class="address-row">
            <AddressLines address/>
            {is_default.then(|| view! { <p class="verified">"✓ Default"</p> })}
            <div class="address-actions">
                <Button kind=ButtonKind::Quiet on:click=move |_| edit.run(Some(saved.clone()))>
                    "Edit"<span class="visually-hidden">{whose.get_value()}</span>
                </Button>
                {(!is_default).then(|| view! {
                    <Button kind=ButtonKind::Quiet busy on:click=make_default>
                        "Make default"<span class="visually-hidden">{whose.get_value()}</span>
                    </Button>
                })}
                <Button kind=ButtonKind::Quiet busy on:click=remove>
                    "Remove"<span class="visually-hidden">{whose.get_value()}</span>
                </Button>
            </div>
        </li>
    }
}

fn show(addresses: RwSignal<Vec<SavedAddress>>, answer: Result<Vec<SavedAddress>, ApiError>) {
    if let Ok(list) = answer
        && addresses.try_set(list).is_none()
    {
        // The button that was pressed is gone.
        focus(HEADING_ID);
    }
}

/// As it was before it was removed, under a new id.
async fn restore(address: Address, as_default: bool) -> Result<Vec<SavedAddress>, ApiError> {
    let list: Vec<SavedAddress> = api::post(path::ACCOUNT_ADDRESSES, &address).await?;
    match list.iter().find(|saved| as_default && saved.address == address) {
        Some(saved) => {
            let path = with(path::ACCOUNT_ADDRESS_DEFAULT, saved.id.to_string());
            api::put(&path, &()).await
        }
        None => Ok(list),
    }
}
