use crate::{
    auth::{messages, use_visitor},
    ui::{Button, ButtonKind, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::session::LogoutScope;

/// Each way out that there is for who is signed in.
#[component]
pub fn SignOutButtons() -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let button = move |scope: LogoutScope| {
        let (label, _) = messages::sign_out(scope);
        let sign_out = move |_| {
            spawn_local(async move {
                visitor.sign_out(scope, toasts).await;
            });
        };
        view! { <Button kind=ButtonKind::Secondary on:click=sign_out>{label}</Button> }
    };
    move || {
        if visitor.is_customer() {
            visitor.sign_out_scopes().iter().map(|scope| button(*scope)).collect_view().into_any()
        } else {
            view! { <p>"Nobody is signed in here."</p> }.into_any()
        }
    }
}
