//! Signing out ends the identity provider's session: there is no other one here.

use super::{
    authorization_request::own_origin,
    page_tokens::use_page_tokens,
    provider::{Provider, provider},
    settings::settings,
};
use crate::{
    auth::{IDENTITY_PROVIDER, Visitor, VisitorContext, private_storage, tab_channel::SIGNED_OUT},
    ui::Toasts,
};
use leptos::prelude::*;
use shared::{paths::page, session::LogoutScope};
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
        let Some(provider) = provider().await else {
            toasts.say(format!(
                "You are still signed in: {IDENTITY_PROVIDER} does not answer. Try again in a minute."
            ));
            return true;
        };
        let id_token = tokens.id_token();
        private_storage::clear();
        tokens.drop_tokens(None);
        self.forget();
        self.tabs.publish(SIGNED_OUT);
        // Fails for no form of this document.
        let _ = end_session(&provider, scope, id_token.as_deref());
        false
    }

    /// The shop has forgotten the customer; whom the identity provider knows is its own affair.
    pub fn account_deleted(self, _next: &str) {
        private_storage::clear();
        use_page_tokens().drop_tokens(None);
        self.tabs.publish(SIGNED_OUT);
        // Fails for no page of this origin.
        let _ = window().location().assign(&format!("{}?state=account-deleted", page::SIGNED_OUT));
    }
}

/// OpenID Connect RP-Initiated Logout 1.0 §2, as a form: an address would carry the ID token.
fn end_session(
    provider: &Provider,
    scope: LogoutScope,
    id_token: Option<&str>,
) -> Result<(), JsValue> {
    let form: HtmlFormElement = document().create_element("form")?.unchecked_into();
    form.set_method("post");
    let endpoint = provider.end_session_endpoint.as_deref().unwrap_or(page::SIGNED_OUT);
    let federated = if scope == LogoutScope::Federated { "?federated=1" } else { "" };
    form.set_action(&format!("{endpoint}{federated}"));
    let back = format!("{}{}", own_origin(), page::SIGNED_OUT);
    let client_id = settings().client_id;
    let fields = [
        ("client_id", Some(client_id.as_str())),
        ("id_token_hint", id_token),
        ("post_logout_redirect_uri", Some(back.as_str())),
        ("state", Some(scope.into_str())),
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
