use crate::{
    auth::{messages, use_visitor},
    ui::{Button, ButtonKind, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::session::LogoutScope;

/// Each way out that there is for who is signed in.
#[component]
pub fn SignOutButtons(
    /// Before it leads away.
    #[prop(optional)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let visitor = use_visitor();
    move || {
        if visitor.is_customer() {
            let buttons = visitor.sign_out_scopes().iter().map(|scope| {
                view! { <SignOutButton scope=*scope on_press/> }
            });
            buttons.collect_view().into_any()
        } else {
            view! { <p>"Nobody is signed in here."</p> }.into_any()
        }
    }
}

#[component]
pub fn SignOutButton(scope: LogoutScope, on_press: Option<Callback<()>>) -> impl IntoView {
    let (visitor, toasts) = (use_visitor(), use_toasts());
    let (label, _) = messages::sign_out(scope);
    let sign_out = move |_| {
        if let Some(on_press) = on_press {
            on_press.run(());
        }
        spawn_local(async move {
            visitor.sign_out(scope, toasts).await;
        });
    };
    view! { <Button kind=ButtonKind::Secondary on:click=sign_out>{label}</Button> }
}
