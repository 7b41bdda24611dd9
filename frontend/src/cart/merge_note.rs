use super::use_cart;
use crate::{
    api::{self, ApiError},
    ui::visibility,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{cart::MergeReport, paths::api as path};

/// What signing in did to the cart: told once, as long as this page is looked at.
#[component]
pub fn MergeNote() -> impl IntoView {
    let cart = use_cart();
    let told = RwSignal::new(None::<MergeReport>);
    let is_visible = visibility();
    Effect::new(move || {
        let is_news = cart.get().is_some_and(|cart| cart.merged.is_some());
        if is_news && is_visible.get() {
            told.set(cart.take_merged());
            spawn_local(async {
                // Without an answer it is told once more.
                let _: Result<(), ApiError> = api::delete(path::CART_MERGE).await;
            });
        }
    });
    view! {
        <div role="status">
            {move || told.get().map(|report| view! {
                <div class="note note-good cart-merged">
                    <p class="note-title">"Your carts are one now."</p>
                    {messages(&report).into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                </div>
            })}
        </div>
    }
}

fn messages(report: &MergeReport) -> Vec<String> {
    let mut lines = Vec::new();
    match report.added {
        0 => {}
        1 => lines.push("One item from before you signed in was added.".to_owned()),
        added => lines.push(format!("{added} items from before you signed in were added.")),
    }
    if !report.capped.is_empty() {
        lines.push(format!(
            "Fewer are in stock than both carts held: {}.",
            report.capped.join(", ")
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_is_told_with_what_could_not_be_kept() {
        let report = MergeReport { added: 2, capped: vec!["Teacup".to_owned(), "Kite".to_owned()] };
        assert_eq!(
            messages(&report),
            [
                "2 items from before you signed in were added.",
                "Fewer are in stock than both carts held: Teacup, Kite."
            ]
        );
        assert!(messages(&MergeReport::default()).is_empty());
    }
}
