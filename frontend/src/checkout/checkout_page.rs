use super::{
    checkout_context::{CheckoutContext, PLACE_ORDER_ID},
    form_field::FormField,
    form_state::Faults,
    kept_note::KeptNote,
    messages::{ConfirmPayment, FaultSummary, RefusalMessage},
    review::Review,
    sections::{AddressSection, Contact, Delivery, Payment},
};
use crate::{
    auth::{Visitor, on_restored, use_visitor},
    cart::{EmptyCart, use_cart},
    ui::{Button, PageHeading, lazy_page},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{ids::OrderNumber, paths::page, problem::kinds, session::CustomerView};

lazy_page!(CheckoutRoute, CheckoutPage);

/// Contact → address → delivery → payment → review, on one page and without an account.
#[component]
fn CheckoutPage() -> impl IntoView {
    let checkout = CheckoutContext::new();
    provide_context::<Faults>(Memo::new(move |_| checkout.faults()));
    follow(checkout);

    let cart = use_cart();
    let is_empty = Memo::new(move |_| {
        checkout.quote.with(|quote| match quote {
            Some(Ok(quote)) => quote.items.is_empty(),
            Some(Err(error)) => error.is(kinds::CART_EMPTY),
            None => cart.count() == Some(0),
        })
    });
    view! {
        <div class="page checkout">
            <PageHeading title="Check out"/>
            <KeptNote checkout/>
            <Show when=move || is_empty.get() fallback=move || view! { <CheckoutForm checkout/> }>
                <EmptyCart text="Put something into it, then come back here to check out.">
                    <a class="button button-primary" href=page::HOME>"Go shopping"</a>
                    <a class="button button-secondary" href=page::CART>"Go to the cart"</a>
                </EmptyCart>
            </Show>
        </div>
    }
}

/// Keeps the form in step with the world: storage, prices, the cart, and who sits here.
fn follow(checkout: CheckoutContext) {
    Effect::new(move || checkout.keep_draft());
    let cart = use_cart();
    let something_to_buy = Memo::new(move |_| cart.count().is_some_and(|count| count > 0));
    Effect::new(move || {
        checkout.delivery.track();
        checkout.value(FormField::Country).track();
        if something_to_buy.get() {
            checkout.refresh_quote();
        }
    });
    Effect::new(move || checkout.follow_cart());
    spawn_local(async move {
        // Without the cart, the quote says what is wrong.
        if cart.fetch().await.is_err() {
            checkout.refresh_quote();
        }
    });

    let visitor = use_visitor();
    Effect::new(move |before: Option<Option<CustomerView>>| {
        let before = before.flatten();
        visitor.with(|visitor| match visitor {
            // Nobody has left only because nobody has been asked.
            Visitor::Unknown | Visitor::Unreachable { .. } => before,
            Visitor::Customer { customer, .. } => {
                if before.as_ref() != Some(customer) {
                    let CustomerView { fingerprint, name, email, .. } = customer;
                    checkout.welcome(fingerprint, name, email.as_deref());
                }
                Some(customer.clone())
            }
            Visitor::Anonymous { .. } => {
                checkout.show_to_guest(visitor);
                None
            }
        })
    });
    on_restored(move || checkout.restored());
}

#[component]
fn CheckoutForm(checkout: CheckoutContext) -> impl IntoView {
    let navigate = use_navigate();
    let place = Callback::new(move |challenge: Option<String>| {
        let navigate = navigate.clone();
        checkout.place(challenge, move |number: OrderNumber| {
            let options = NavigateOptions {
                // Back leads to the shop, not to a form that is done with.
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(&format!("{}/done/{number}", page::CHECKOUT), options);
        });
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        place.run(None);
    };
    let approve = Callback::new(move |challenge: String| place.run(Some(challenge)));
    // Pressed before the price is there, it would order nothing.
    let busy = Signal::derive(move || {
        checkout.placing.get() || checkout.quoting.get() || checkout.quote.read().is_none()
    });
    view! {
        <form class="checkout-form" novalidate on:submit=submit>
            <div class="checkout-sections">
                <FaultSummary checkout/>
                <Contact checkout/>
                <AddressSection checkout/>
                <Delivery checkout/>
                <Payment checkout/>
            </div>
            <section class="review card">
                <h2>"Review"</h2>
                <Review checkout/>
                <RefusalMessage checkout/>
                <Button submit=true busy attr:id=PLACE_ORDER_ID>"Place order"</Button>
                <p class="fine-print">"A demonstration: nothing is charged and nothing is shipped."</p>
            </section>
        </form>
        <ConfirmPayment checkout on_approve=approve/>
    }
}
