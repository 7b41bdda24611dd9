use super::{checkout_context::CheckoutContext, form_field::FormField};
use crate::ui::Field;
use leptos::prelude::*;
use shared::checkout::COUNTRIES;

/// One field of the form, with its fault once that may be shown.
#[component]
pub fn Entry(
    checkout: CheckoutContext,
    field: FormField,
    /// In characters.
    #[prop(default = 120)]
    maxlength: u32,
    #[prop(optional, into)] hint: MaybeProp<String>,
) -> impl IntoView {
    let kind = if field == FormField::Email { "email" } else { "text" };
    let options = match field {
        FormField::Country => COUNTRIES.map(|country| (country.code, country.name)).to_vec(),
        _ => Vec::new(),
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
            maxlength
            required=true
            options
            on:focusout=move |_| checkout.left(field)
        />
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
