use super::{fetch, put};
use crate::{
    api::{Latest, Turn},
    auth::{Visitor, use_visitor},
    ui::{Toasts, spawn_busy, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{catalog::ProductSummary, ids::Slug, paths::page};

/// Puts a product on the visitor's wishlist, and takes it off again.
#[component]
pub fn WishlistButton(slug: Slug, name: String) -> impl IntoView {
    let (visitor, toasts) = (use_visitor(), use_toasts());
    let wished = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let latest = Latest::new();
    let product = StoredValue::new((slug, name));
    let show = move |turn: Turn, wishlist: &[ProductSummary]| {
        if turn.is_latest() {
            let is_wished =
                product.with_value(|(slug, _)| wishlist.iter().any(|wish| wish.slug == *slug));
            wished.set(is_wished);
        }
    };
    let whose = Memo::new(move |_| visitor.with(Visitor::wishes_of));
    Effect::new(move || {
        let turn = latest.begin();
        if whose.read().is_none() {
            wished.set(false);
            return;
        }
        spawn_local(async move {
            // Without an answer the button offers to add, which does no harm to what is there.
            if let Ok(wishlist) = fetch().await {
                show(turn, &wishlist);
            }
        });
    });
    let toggle = move |_| {
        if busy.get_untracked() {
            return;
        }
        let turn = latest.begin();
        let wanted = !wished.get_untracked();
        let (slug, name) = product.get_value();
        spawn_busy(busy, async move {
            match put(&slug, wanted).await {
                Ok(wishlist) => {
                    show(turn, &wishlist);
                    say(toasts, &name, wanted);
                    visitor.something_was_kept();
                }
                Err(error) => toasts.say(error.detail()),
            }
        });
    };
    let label = move || {
        if wished.get() { "Remove from wishlist" } else { "Add to wishlist" }
    };
    view! {
        <button
            type="button"
            class="button button-secondary wishlist-button"
            class:is-busy=busy
            aria-pressed=move || wished.get().to_string()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=toggle
        >
            {label}
        </button>
    }
}

fn say(toasts: Toasts, name: &str, wanted: bool) {
    if wanted {
        let text = format!("{name} is on your wishlist.");
        toasts.offer_page(text, "View wishlist", page::WISHLIST);
    } else {
        toasts.say(format!("{name} is no longer on your wishlist."));
    }
}
