use super::{entry::Entry, form::postcode_hint, form_field::FormField, form_state::FormState};
use leptos::prelude::*;

/// Where something is delivered to, in a form whose `Faults` are in the context.
#[component]
pub fn AddressFields(form: FormState) -> impl IntoView {
    let example = Signal::derive(move || {
        let code = form.value(FormField::Country).get();
        postcode_hint(&code).map(|example| format!("Like {example}"))
    });
    view! {
        <Entry form field=FormField::FullName/>
        <Entry form field=FormField::Street hint="Street and house number"/>
        <div class="checkout-pair is-postcode">
            <Entry form field=FormField::Postcode maxlength=12 hint=example/>
            <Entry form field=FormField::City/>
        </div>
        <Entry form field=FormField::Country/>
    }
}
