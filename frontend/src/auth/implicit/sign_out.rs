//! Signing out ends the identity provider's session: there is no other one here.

use super::{
    authorization_request::own_origin,
    page_tokens::use_page_tokens,
    provider::{Provider, provider, reachable, with_query},
    settings::settings,
};
use crate::{
    auth::{
        IDENTITY_PROVIDER, Visitor, VisitorContext, private_storage, sign_out_mark,
        tab_channel::SIGNED_OUT,
    },
    ui::Toasts,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    paths::page,
    session::{EndReason, LogoutScope},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlFormElement, HtmlInputElement};

impl VisitorContext {
    /// What can be ended from here.
    pub fn sign_out_scopes(self) -> &'static [LogoutScope] {
        let is_social = self.with(Visitor::can_sign_out_federated);
        if is_social { &[LogoutScope::Idp, LogoutScope::Federated] } else { &[LogoutScope::Idp] }
    }

    /// Forgets the tokens and leaves for the identity provider's logout. Answers whether somebody is signed in still,
    /// because nobody could be told.
    pub async fn sign_out(self, scope: LogoutScope, toasts: Toasts) -> bool {
        let tokens = use_page_tokens();
        let Some(provider) = reachable().await else {
            toasts.say(format!(
                "You are still signed in: {IDENTITY_PROVIDER} does not answer. Try again in a minute."
            ));
            return true;
        };
        let id_token = tokens.id_token();
        private_storage::clear();
        sign_out_mark::set(scope.into_str());
        tokens.drop_tokens(None);
        self.forget();
        self.tabs.publish(SIGNED_OUT);
        let federated = scope == LogoutScope::Federated;
        // Fails for no form of this document.
        let _ = end_session(&provider, scope.into_str(), federated, id_token.as_deref());
        false
    }

    /// The shop has forgotten the customer. The session at the identity provider has to end with it: asked silently, it
    /// would bring tokens with which the account began anew.
    pub fn account_deleted(self, _next: &str) {
        let id_token = use_page_tokens().id_token();
        private_storage::clear();
        sign_out_mark::set(EndReason::AccountDeleted.into_str());
        use_page_tokens().drop_tokens(None);
        self.forget();
        self.tabs.publish(SIGNED_OUT);
        spawn_local(async move {
            let state = EndReason::AccountDeleted.into_str();
            let left = match provider().await {
                Some(provider) => end_session(&provider, state, false, id_token.as_deref()).is_ok(),
                None => false,
            };
            if !left {
                leave_to_signed_out(state);
            }
        });
    }
}

/// OpenID Connect RP-Initiated Logout 1.0 §2, as a form: an address would carry the ID token.
fn end_session(
    provider: &Provider,
    state: &str,
    federated: bool,
    id_token: Option<&str>,
) -> Result<(), JsValue> {
    let Some(endpoint) = &provider.end_session_endpoint else {
        leave_to_signed_out(state);
        return Ok(());
    };
    let form: HtmlFormElement = document().create_element("form")?.unchecked_into();
    form.set_method("post");
    if federated {
        form.set_action(&with_query(endpoint, "federated=1"));
    } else {
        form.set_action(endpoint);
    }
    let back = format!("{}{}", own_origin(), page::SIGNED_OUT);
    let client_id = settings().client_id;
    let fields = [
        ("client_id", Some(client_id.as_str())),
        ("id_token_hint", id_token),
        ("post_logout_redirect_uri", Some(back.as_str())),
        ("state", Some(state)),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            let field: HtmlInputElement = document().create_element("input")?.unchecked_into();
            field.set_type("hidden");
            field.set_name(name);
            field.set_value(value);
            form.append_child(&field)?;
        }
    }
    if let Some(body) = document().body() {
        body.append_child(&form)?;
    }
    form.submit()
}

fn leave_to_signed_out(state: &str) {
    // Fails for no page of this origin.
    let _ = window().location().assign(&format!("{}?state={state}", page::SIGNED_OUT));
}
