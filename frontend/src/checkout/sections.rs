//! The parts of the form, from contact to payment.

use super::{
    address_fields::AddressFields,
    checkout_context::CheckoutContext,
    entry::Entry,
    form_field::FormField,
    sandbox_cards::SandboxCards,
    saved_addresses::{DeliverTo, SaveAddress},
};
use crate::{
    auth::{SignInLink, use_visitor},
    ui::{RadioChoice, RadioGroup},
};
use leptos::prelude::*;
use shared::{checkout::DeliveryMethod, money::Money};

#[component]
pub fn Contact(checkout: CheckoutContext) -> impl IntoView {
    let visitor = use_visitor();
    let who = visitor.known_customer();
    let offer = move || {
        who.get().map(|customer| match customer {
            Some(customer) => view! { <p class="checkout-who">{format!("Signed in as {}", customer.name)}</p> }.into_any(),
            None => view! {
                <p class="checkout-who">
                    "Been here before? "
                    <SignInLink class="link"/>
                    " to have your details filled in. What you typed stays. You need no account to order."
                </p>
            }
            .into_any(),
        })
    };
    view! {
        <section class="checkout-section card">
            <h2>"Contact"</h2>
            {offer}
            <Entry form=checkout.form field=FormField::Email maxlength=254 hint="Only used for this order."/>
        </section>
    }
}

#[component]
pub fn AddressSection(checkout: CheckoutContext) -> impl IntoView {
    view! {
        <section class="checkout-section card">
            <h2>"Where it goes"</h2>
            <DeliverTo checkout/>
            <AddressFields form=checkout.form/>
            <SaveAddress checkout/>
        </section>
    }
}

#[component]
pub fn Delivery(checkout: CheckoutContext) -> impl IntoView {
    let choice = move |method: DeliveryMethod| {
        let detail = Signal::derive(move || {
            let subtotal = checkout.quote.with(|quote| match quote {
                Some(Ok(quote)) => Some(quote.totals.subtotal),
                _ => None,
            });
            let price = subtotal.map(|subtotal| method.price(subtotal));
            match price {
                Some(Money::ZERO) => format!("{} · free", method.days()),
                Some(price) => format!("{} · {price}", method.days()),
                None => method.days().to_owned(),
            }
        });
        RadioChoice::new(method.into_str(), method.label()).detail(detail)
    };
    let choices: Vec<_> = DeliveryMethod::ALL.iter().copied().map(choice).collect();
    let choose = Callback::new(move |chosen: String| {
        if let Ok(method) = chosen.parse::<DeliveryMethod>() {
            checkout.delivery.set(method);
        }
    });
    view! {
        <section class="checkout-section card">
            <RadioGroup
                name="delivery"
                legend="Delivery"
                choices=choices
                value=Signal::derive(move || checkout.delivery.get().into_str().to_owned())
                on_choose=choose
            />
            <p class="fine-print">{format!("Standard is free from {} on.", DeliveryMethod::FREE_FROM)}</p>
        </section>
    }
}

#[component]
pub fn Payment(checkout: CheckoutContext) -> impl IntoView {
    view! {
        <section class="checkout-section card">
            <h2>"Payment"</h2>
            <SandboxCards checkout/>
            <Entry form=checkout.form field=FormField::CardNumber maxlength=23/>
            <div class="checkout-pair">
                <Entry form=checkout.form field=FormField::Expiry maxlength=9 hint="Month and year, like 04/31"/>
                <Entry form=checkout.form field=FormField::SecurityCode maxlength=4 hint="3 or 4 digits on the card"/>
            </div>
        </section>
    }
}
