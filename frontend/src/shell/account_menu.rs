use super::sign_in_options::SignInWithOptions;
use crate::{
    auth::{Visitor, use_visitor, words},
    ui::{on_press_outside, use_toasts},
};
use leptos::{html, prelude::*, task::spawn_local};
use shared::session::{CustomerView, LogoutScope};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// "Sign in" with its options, or the customer's name with the menu "Sign out". Its place is kept while nobody knows.
#[component]
pub fn SignInOrMenu() -> impl IntoView {
    let visitor = use_visitor();
    let who = Memo::new(move |_| {
        visitor.with(|visitor| match visitor {
            Visitor::Unknown => None,
            other => Some(other.customer().cloned()),
        })
    });
    move || match who.get() {
        None => view! { <span class="account-unknown" aria-hidden="true"></span> }.into_any(),
        Some(None) => view! { <SignInWithOptions/> }.into_any(),
        Some(Some(customer)) => view! { <AccountMenu customer/> }.into_any(),
    }
}

/// The menu button pattern of the ARIA Authoring Practices Guide: arrows, Home and End move, Escape gives the
/// focus back to the button, Tab leaves.
#[component]
fn AccountMenu(customer: CustomerView) -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let leaving = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let menu = NodeRef::<html::Div>::new();

    let close = move |give_back: bool| {
        open.set(false);
        if give_back && let Some(button) = button.get_untracked() {
            // Fails for no element that is mounted.
            let _ = button.focus();
        }
    };
    on_press_outside(root, move || close(false));

    let focus = move |place: Place| {
        // The menu may be gone by the next frame.
        if let Some(menu) = menu.try_get_untracked().flatten() {
            focus_item(&menu, place);
        }
    };
    let show = move |place: Place| {
        open.set(true);
        // The items can take the focus once the menu is shown.
        request_animation_frame(move || focus(place));
    };
    let on_button_key = move |event: KeyboardEvent| {
        let place = match event.key().as_str() {
            "ArrowDown" => Place::First,
            "ArrowUp" => Place::Last,
            _ => return,
        };
        event.prevent_default();
        show(place);
    };
    let on_menu_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => focus(Place::Next),
            "ArrowUp" => focus(Place::Previous),
            "Home" => focus(Place::First),
            "End" => focus(Place::Last),
            "Escape" => close(true),
            "Tab" => return close(false),
            _ => return,
        }
        event.prevent_default();
    };
    let sign_out = move |scope: LogoutScope| {
        if leaving.get_untracked() {
            return;
        }
        leaving.set(true);
        spawn_local(async move {
            if visitor.sign_out_or_say(scope, toasts).await {
                leaving.set(false);
            }
        });
    };
    let item = move |scope: LogoutScope| {
        let (label, what) = words::sign_out(scope);
        let id = match scope {
            LogoutScope::Local => "sign-out-local",
            LogoutScope::Idp => "sign-out-idp",
            LogoutScope::Federated => "sign-out-federated",
        };
        view! {
            <button
                type="button"
                role="menuitem"
                tabindex="-1"
                class="account-item"
                aria-labelledby=id
                aria-describedby=format!("{id}-what")
                aria-disabled=move || leaving.get().then_some("true")
                on:click=move |_| sign_out(scope)
            >
                <span class="account-item-label" id=id>{label}</span>
                <span class="account-item-what" id=format!("{id}-what")>{what}</span>
            </button>
        }
    };
    // Only who came by way of a social provider has a session to end there.
    let ends_social_session = untrack(|| visitor.with(Visitor::can_sign_out_federated));
    let email = customer.email.unwrap_or_default();
    view! {
        <div class="account-menu" node_ref=root>
            <button
                type="button"
                class="button button-secondary account-button"
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-controls="account-popup"
                node_ref=button
                on:click=move |_| if open.get_untracked() { close(true) } else { show(Place::First) }
                on:keydown=on_button_key
            >
                <span class="account-name">{customer.name}</span>
            </button>
            <div class="account-popup" id="account-popup" hidden=move || !open.get()>
                <p class="account-email">{email}</p>
                <div role="menu" aria-label="Sign out" node_ref=menu on:keydown=on_menu_key>
                    {item(LogoutScope::Local)}
                    {item(LogoutScope::Idp)}
                    {ends_social_session.then(|| item(LogoutScope::Federated))}
                </div>
            </div>
        </div>
    }
}

#[derive(Clone, Copy)]
enum Place {
    First,
    Last,
    Next,
    Previous,
}

fn focus_item(menu: &web_sys::HtmlDivElement, place: Place) {
    let items: Vec<HtmlElement> = {
        let children = menu.children();
        (0..children.length())
            .filter_map(|index| children.item(index)?.dyn_into().ok())
            .collect()
    };
    let Some(last) = items.len().checked_sub(1) else {
        return;
    };
    let focused = document().active_element();
    let current = items.iter().position(|item| {
        focused
            .as_ref()
            .is_some_and(|focused| focused.is_same_node(Some(item)))
    });
    let next = match (place, current) {
        (Place::First, _) | (Place::Next, None) => 0,
        (Place::Last, _) | (Place::Previous, None | Some(0)) => last,
        (Place::Next, Some(index)) if index == last => 0,
        (Place::Next, Some(index)) => index + 1,
        (Place::Previous, Some(index)) => index - 1,
    };
    // Fails for no element that is mounted.
    let _ = items[next].focus();
}
