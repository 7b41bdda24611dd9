use leptos::prelude::*;

/// How many: a number to type, with a button on either side.
#[component]
pub fn Quantity(
    /// What it counts, as its accessible name.
    #[prop(into)]
    label: String,
    #[prop(into)] value: Signal<u32>,
    /// From 1; a value above it stays until it is changed.
    #[prop(into)]
    most: Signal<u32>,
    on_change: Callback<u32>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let is_least = move || value.get() <= 1;
    let is_most = move || value.get() >= most.get();
    let change = move |wanted: u32| on_change.run(wanted.clamp(1, most.get_untracked().max(1)));
    // At a limit they stay enabled, so that they keep the focus.
    let less = move |_| {
        if !untrack(is_least) {
            change(value.get_untracked() - 1);
        }
    };
    let more = move |_| {
        if !untrack(is_most) {
            change(value.get_untracked() + 1);
        }
    };
    let type_in = move |event: web_sys::Event| {
        let current = value.get_untracked();
        let wanted = event_target_value(&event)
            .parse()
            .unwrap_or(current)
            .clamp(1, most.get_untracked().max(1));
        // Shown even when the value stays the same: what was typed may not be what holds.
        event_target::<web_sys::HtmlInputElement>(&event).set_value(&wanted.to_string());
        if wanted != current {
            on_change.run(wanted);
        }
    };
    view! {
        <div class="quantity" role="group" aria-label=label.clone()>
            <button
                type="button"
                aria-label="One less"
                disabled=disabled
                aria-disabled=move || is_least().then_some("true")
                on:click=less
            >
                "−"
            </button>
            <input
                type="number"
                inputmode="numeric"
                min="1"
                max=move || most.get().max(1)
                step="1"
                aria-label=label.clone()
                prop:value=move || value.get().to_string()
                disabled=disabled
                on:change=type_in
            />
            <button
                type="button"
                aria-label="One more"
                disabled=disabled
                aria-disabled=move || is_most().then_some("true")
                on:click=more
            >
                "+"
            </button>
        </div>
    }
}
