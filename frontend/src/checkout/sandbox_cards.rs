use super::checkout_context::CheckoutContext;
use leptos::prelude::*;
use shared::checkout::Card;

/// The sandbox provider's cards and what each of them does.
const CARDS: [(&str, &str); 4] = [
    ("4242 4242 4242 4242", "is accepted"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0025 0000 3155", "asks you to confirm"),
    ("4000 0000 0000 0119", "finds the provider down"),
];

/// No real card belongs into a demonstration: here are some that do.
#[component]
pub fn SandboxCards(checkout: CheckoutContext) -> impl IntoView {
    let card = move |(number, what): (&'static str, &'static str)| {
        let fill = move |_| {
            checkout.fill_card(Card {
                number: number.to_owned(),
                expiry: "12/39".to_owned(),
                security_code: "123".to_owned(),
            });
        };
        view! {
            <li>
                <button type="button" class="sandbox-card" on:click=fill>
                    <span class="sandbox-number">{number}</span>
                    <span>{what}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="sandbox">
            <p class="sandbox-title">"This is a sandbox: use one of its test cards"</p>
            <p>"Nothing is charged. Choose one to fill it in:"</p>
            <ul class="sandbox-cards">{CARDS.map(card).into_iter().collect_view()}</ul>
        </div>
    }
}
