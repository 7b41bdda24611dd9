use leptos::prelude::*;

/// 0.0 to 5.0, and by how many customers.
#[component]
pub fn Rating(rating: f32, count: u32) -> impl IntoView {
    let spoken = format!("Rated {rating:.1} out of 5 by {count} customers");
    (count > 0).then(|| {
        view! {
            <span class="rating">
                <span class="visually-hidden">{spoken}</span>
                <span aria-hidden="true">{format!("{rating:.1}")} <span class="rating-count">{format!(" ({count})")}</span></span>
            </span>
        }
    })
}
