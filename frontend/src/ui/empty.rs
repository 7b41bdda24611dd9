use leptos::prelude::*;

/// Nothing is here, and that is all right: says so, and offers a way on as its children.
#[component]
pub fn Empty(
    #[prop(into)] title: TextProp,
    #[prop(into)] text: TextProp,
    /// Path of a picture of the catalogue.
    #[prop(optional, into)]
    picture: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {picture.map(|src| view! { <img src=src alt="" width="96" height="96" loading="lazy"/> })}
            <p class="empty-title">{move || title.get()}</p>
            <p>{move || text.get()}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}
