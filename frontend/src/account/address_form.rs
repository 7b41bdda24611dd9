use crate::{
    api::{self, ApiError},
    auth::use_visitor,
    checkout::{
        AddressFields, Faults, FormField, FormState, address_faults, by_address_field,
        empty_address,
    },
    ui::{Button, ButtonKind, focus, spawn_busy, use_toasts},
};
use leptos::prelude::*;
use shared::{
    account::SavedAddress,
    checkout::Address,
    paths::{api as path, with},
};

/// A new address, or a saved one to be changed. `done` gets what the customer has now, or nothing where they gave it up.
#[component]
pub fn AddressForm(
    saved: Option<SavedAddress>,
    done: Callback<Option<Vec<SavedAddress>>>,
) -> impl IntoView {
    let (visitor, toasts) = (use_visitor(), use_toasts());
    let form = FormState::new();
    let busy = RwSignal::new(false);
    let title = if saved.is_some() { "Change this address" } else { "A new address" };
    let (id, address) = match saved {
        Some(SavedAddress { id, address, .. }) => (Some(id), address),
        None => (None, empty_address()),
    };
    form.show_address(address);
    let faults: Faults = Memo::new(move |_| form.with_found(address_faults(&form.address())));
    provide_context(faults);
    focus(&FormField::FullName.id());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        form.submit();
        if let Some(first) = faults.get_untracked().into_keys().next() {
            return focus(&first.id());
        }
        let address = untrack(|| form.address());
        spawn_busy(busy, async move {
            match visitor.gated(save(id, &address)).await {
                Ok(list) => {
                    toasts.say("The address is saved.");
                    let _ = done.try_run(Some(list));
                }
                Err(ApiError::Problem(problem))
                    if !problem.errors.is_empty() && !busy.is_disposed() =>
                {
                    form.note_found(by_address_field(problem.errors));
                }
                Err(error) => toasts.say(error.detail()),
            }
        });
    };
    view! {
        <form class="checkout-section address-form" novalidate on:submit=submit>
            <h3>{title}</h3>
            <AddressFields form/>
            <div class="address-actions">
                <Button submit=true busy>"Save address"</Button>
                <Button kind=ButtonKind::Secondary on:click=move |_| done.run(None)>"Cancel"</Button>
            </div>
        </form>
    }
}

async fn save(id: Option<i64>, address: &Address) -> Result<Vec<SavedAddress>, ApiError> {
    match id {
        Some(id) => api::put(&with(path::ACCOUNT_ADDRESS, id.to_string()), address).await,
        None => api::post(path::ACCOUNT_ADDRESSES, address).await,
    }
}
