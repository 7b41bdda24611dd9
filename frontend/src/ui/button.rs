use leptos::{ev::MouseEvent, prelude::*};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    #[default]
    Primary,
    Secondary,
    /// Beside text, for what undoes or dismisses.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A button that does something on this page; what leads to another page is a link with the same classes.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    /// While true it keeps its size and its name, and does nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Whether it sends the form around it.
    #[prop(optional)]
    submit: bool,
    children: Children,
) -> impl IntoView {
    // Before whatever listens to the click, and before it sends a form.
    let refuse = move |event: MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:is-busy=busy
            aria-busy=move || busy.get().then_some("true")
            // Really disabled it would lose the focus of whoever pressed it.
            aria-disabled=move || busy.get().then_some("true")
            disabled=disabled
            on:click:capture=refuse
        >
            {children()}
        </button>
    }
}
