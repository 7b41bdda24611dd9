use super::use_cart;
use leptos::prelude::*;
use shared::cart::MergeReport;

/// What signing in did to the cart.
#[component]
pub fn MergeNote() -> impl IntoView {
    let cart = use_cart();
    let report = move || cart.get().and_then(|cart| cart.merged);
    view! {
        <div role="status">
            {move || report().map(|report| view! {
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
