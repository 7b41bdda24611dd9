use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// A modal dialog on the platform's `<dialog>`: it traps the focus, closes with Escape, and gives the
/// focus back.
#[component]
pub fn Dialog(
    /// Unique on the page; the heading's id is made from it.
    id: &'static str,
    #[prop(into)] title: TextProp,
    open: RwSignal<bool>,
    #[prop(default = "dialog")] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let heading = format!("{id}-title");
    Effect::new(move || {
        let Some(dialog) = element.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only for an element outside the document, which a mounted one is not.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    // A click on the backdrop has the dialog itself as its target.
    let close_on_backdrop = move |event: web_sys::MouseEvent| {
        let target = event.target();
        if target.is_some_and(|target| target.has_type::<web_sys::HtmlDialogElement>()) {
            open.set(false);
        }
    };
    view! {
        <dialog
            id=id
            class=class
            node_ref=element
            aria-labelledby=heading.clone()
            on:close=move |_| open.set(false)
            on:click=close_on_backdrop
        >
            <div class="dialog-body">
                <h2 id=heading.clone()>{move || title.get()}</h2>
                <Show when=move || open.get()>{children()}</Show>
            </div>
        </dialog>
    }
}
