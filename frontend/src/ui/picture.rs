use leptos::prelude::*;
use shared::catalog::{TINTS, picture_tint};

/// A product's picture on its tinted tile. The tint follows from the picture's path, so that a product has
/// the same one everywhere, in each of its colours: it stays when another one is chosen.
#[component]
pub fn Picture(
    #[prop(into)] src: Signal<String>,
    /// In place of the tint that follows from the path, where neighbours must differ.
    #[prop(optional)]
    own_tint: Option<usize>,
    /// Empty where the name stands beside it.
    #[prop(optional, into)]
    alt: String,
    /// The size of a line item instead of the width of its column.
    #[prop(optional)]
    small: bool,
    /// Whether it is above the fold when the page opens.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let class = format!(
        "picture tint-{}{}",
        own_tint.map_or_else(|| picture_tint(&src.read_untracked()), |own| own % TINTS),
        if small { " picture-small" } else { "" }
    );
    view! {
        <span class=class>
            <img
                src=src
                alt=alt
                width="256"
                height="256"
                loading=if eager { "eager" } else { "lazy" }
                decoding="async"
            />
        </span>
    }
}
