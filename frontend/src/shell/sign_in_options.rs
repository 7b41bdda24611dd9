use crate::{
    auth::{FRIENDBOOK, SignInLink, Visitor, use_keep_signed_in, use_visitor},
    ui::{duration, on_click_outside},
};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, KeyboardEvent, Node};

/// "Sign in", which goes at once, and beside it what can be chosen before. The disclosure pattern of the ARIA
/// Authoring Practices Guide: Escape gives the focus back to the button, and what was opened closes when the
/// focus leaves.
#[component]
pub fn SignInWithOptions() -> impl IntoView {
    let visitor = use_visitor();
    let keep = use_keep_signed_in();
    let by_friendbook = Memo::new(move |_| visitor.with(Visitor::can_sign_in_by_friendbook));
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();

    on_click_outside(root, move || open.set(false));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                // Fails for no element that is mounted.
                let _ = button.focus();
            }
        }
    };
    let on_focus_out = move |event: FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        // Without a next element the window lost the focus, or the pointer pressed on mere text.
        let has_left = next.is_some_and(|next| {
            root.get_untracked().is_some_and(|root| !root.contains(Some(&next)))
        });
        if has_left {
            open.set(false);
        }
    };
    view! {
        <div class="account-menu sign-in" node_ref=root on:keydown=on_key on:focusout=on_focus_out>
            <SignInLink class="button button-secondary sign-in-link"/>
            <button
                type="button"
                class="button button-secondary sign-in-more"
                aria-expanded=move || open.get().to_string()
                aria-controls="sign-in-options"
                node_ref=button
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="visually-hidden">"Sign-in options"</span>
            </button>
            <div
                class="account-popup sign-in-options"
                id="sign-in-options"
                role="group"
                aria-label="Sign-in options"
                hidden=move || !open.get()
            >
                {cfg!(feature = "bff").then(|| view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            aria-describedby="keep-signed-in-what"
                            prop:checked=move || keep.get()
                            on:change:target=move |event| keep.set(event.target().checked())
                        />
                        "Keep me signed in on this device"
                    </label>
                    <p class="fine-print" id="keep-signed-in-what">
                        "Also after you close the browser"
                        {move || visitor.kept_limits().map(|limits| {
                            let (idle, absolute) = (duration(limits.idle), duration(limits.absolute));
                            format!(": for {absolute} at most, or {idle} without a visit")
                        })}
                        ". Not for a device that others use."
                    </p>
                })}
                {move || by_friendbook.get().then(|| view! {
                    <SignInLink
                        label="Continue with Friendbook"
                        class="button button-secondary button-wide"
                        connection=FRIENDBOOK
                    />
                })}
            </div>
        </div>
    }
}
