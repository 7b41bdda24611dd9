use super::sign_in_options::SignInWithOptions;
use crate::{
    auth::{Visitor, messages, use_visitor},
    ui::{lazy_part, on_click_outside, use_toasts},
};
use leptos::{html, prelude::*, task::spawn_local};
use shared::session::LogoutScope;
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
        None => unknown(),
        Some(None) => view! { <SignInWithOptions/> }.into_any(),
        Some(Some(_)) => AccountMenuPart::show(unknown),
    }
}

fn unknown() -> AnyView {
    view! { <span class="account-unknown" aria-hidden="true"></span> }.into_any()
}

lazy_part!(AccountMenuPart, AccountMenu);

/// The menu button pattern of the ARIA Authoring Practices Guide: arrows, Home and End move, Escape gives the
/// focus back to the button, Tab leaves.
#[component]
fn AccountMenu() -> impl IntoView {
    let visitor = use_visitor();
    let (name, email) = untrack(|| visitor.customer())
        .map(|customer| (customer.name, customer.email))
        .unwrap_or_default();
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
    on_click_outside(root, move || close(false));

    let focus = move |key: &str| {
        // The menu may be gone by the next frame.
        if let Some(menu) = menu.try_get_untracked().flatten() {
            focus_item(&menu, key);
        }
    };
    let show = move |key: &'static str| {
        open.set(true);
        // The items can take the focus once the menu is shown.
        request_animation_frame(move || focus(key));
    };
    let on_button_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => show("Home"),
            "ArrowUp" => show("End"),
            _ => return,
        }
        event.prevent_default();
    };
    let on_menu_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp" | "Home" | "End") => focus(key),
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
            if visitor.sign_out(scope, toasts).await {
                leaving.set(false);
            }
        });
    };
    let item = move |scope: LogoutScope| {
        let (label, what) = messages::sign_out(scope);
        let id = format!("sign-out-{}", scope.into_str());
        let what_id = format!("{id}-what");
        view! {
            <button
                type="button"
                role="menuitem"
                tabindex="-1"
                class="account-item"
                aria-labelledby=id.clone()
                aria-describedby=what_id.clone()
                aria-disabled=move || leaving.get().then_some("true")
                on:click=move |_| sign_out(scope)
            >
                <span class="account-item-label" id=id.clone()>{label}</span>
                <span class="account-item-what" id=what_id.clone()>{what}</span>
            </button>
        }
    };
    let scopes = untrack(|| visitor.sign_out_scopes());
    view! {
        <div class="account-menu" node_ref=root>
            <button
                type="button"
                class="button button-secondary account-button"
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-controls="account-popup"
                node_ref=button
                on:click=move |_| if open.get_untracked() { close(true) } else { show("Home") }
                on:keydown=on_button_key
            >
                <span class="account-name">{name}</span>
            </button>
            <div class="account-popup" id="account-popup" hidden=move || !open.get()>
                <p class="account-email">{email.unwrap_or_default()}</p>
                <div role="menu" aria-label="Sign out" node_ref=menu on:keydown=on_menu_key>
                    {scopes.iter().map(|scope| item(*scope)).collect_view()}
                </div>
            </div>
        </div>
    }
}

/// `key` as the pattern has it; the arrows go round.
fn focus_item(menu: &web_sys::HtmlDivElement, key: &str) {
    let children = menu.children();
    let items: Vec<HtmlElement> =
        (0..children.length()).filter_map(|index| children.item(index)?.dyn_into().ok()).collect();
    let Some(last) = items.len().checked_sub(1) else {
        return;
    };
    let focused = document().active_element();
    let is_focused = |item: &HtmlElement| focused.as_deref() == Some(item);
    let next = match (key, items.iter().position(is_focused)) {
        ("ArrowDown", Some(index)) if index < last => index + 1,
        ("ArrowUp", Some(index)) if index > 0 => index - 1,
        ("ArrowUp" | "End", _) => last,
        _ => 0,
    };
    // Fails for no element that is mounted.
    let _ = items[next].focus();
}
