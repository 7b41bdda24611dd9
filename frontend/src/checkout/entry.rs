use super::{checkout_context::CheckoutContext, form_field::FormField};
use crate::ui::Field;
use leptos::prelude::*;
use shared::checkout::COUNTRIES;

/// One text field of the form, with its fault once that may be shown.
#[component]
pub fn Entry(
    checkout: CheckoutContext,
    field: FormField,
    /// In characters.
    maxlength: u32,
    #[prop(optional, into)] hint: Signal<Option<String>>,
) -> impl IntoView {
    let kind = match field {
        FormField::Email => "email",
        _ => "text",
    };
    view! {
        <Field
            name=field.path()
            label=field.label()
            value=checkout.value(field)
            error=shown_fault(checkout, field)
            hint=hint
            kind=kind
            autocomplete=field.autocomplete()
            inputmode=field.input_mode()
            maxlength=maxlength
            required=true
            on:focusout=move |_| checkout.left(field)
        />
    }
}

/// The countries that the shop delivers to.
#[component]
pub fn CountryEntry(checkout: CheckoutContext) -> impl IntoView {
    const FIELD: FormField = FormField::Country;
    let value = checkout.value(FIELD);
    let error = shown_fault(checkout, FIELD);
    let error_id = format!("{}-error", FIELD.id());
    let described_by = {
        let error_id = error_id.clone();
        move || error.get().is_some().then(|| error_id.clone())
    };
    let options = COUNTRIES.map(|country| {
        view! {
            <option value=country.code selected=move || value.get() == country.code>
                {country.name}
            </option>
        }
    });
    view! {
        <div class="field" class:has-error=move || error.get().is_some()>
            <label for=FIELD.id()>{FIELD.label()}</label>
            <select
                id=FIELD.id()
                name=FIELD.path()
                autocomplete=FIELD.autocomplete()
                required
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described_by
                on:change=move |event| value.set(event_target_value(&event))
                on:focusout=move |_| checkout.left(FIELD)
            >
                {options.into_iter().collect_view()}
            </select>
            {move || error.get().map(|error| view! { <p class="field-error" id=error_id.clone()>{error}</p> })}
        </div>
    }
}

fn shown_fault(checkout: CheckoutContext, field: FormField) -> Signal<Option<String>> {
    let faults = use_context::<Faults>();
    Signal::derive(move || {
        let fault = faults.and_then(|Faults(faults)| faults.with(|all| all.get(&field).cloned()));
        fault.filter(|_| checkout.shows_fault(field))
    })
}

/// The form's faults, found once for all its fields.
#[derive(Clone, Copy)]
pub struct Faults(pub Memo<std::collections::BTreeMap<FormField, String>>);
