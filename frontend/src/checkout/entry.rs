use super::{
    form_field::FormField,
    form_state::{Faults, FormState},
};
use crate::ui::Field;
use leptos::prelude::*;
use shared::checkout::COUNTRIES;

/// One field of the form, with its fault once that may be shown.
#[component]
pub fn Entry(
    form: FormState,
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
            value=form.value(field)
            error=shown_fault(form, field)
            hint=hint
            kind=kind
            autocomplete=field.autocomplete()
            inputmode=field.input_mode()
            maxlength
            required=true
            options
            on:focusout=move |_| form.left(field)
        />
    }
}

fn shown_fault(form: FormState, field: FormField) -> Signal<Option<String>> {
    let faults = use_context::<Faults>();
    Signal::derive(move || {
        let fault = faults.and_then(|faults| faults.with(|all| all.get(&field).cloned()));
        fault.filter(|_| form.shows_fault(field))
    })
}
