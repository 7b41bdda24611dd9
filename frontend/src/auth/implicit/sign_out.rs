//! Signing out ends the identity provider's session: there is no other one here.

use super::{
    authorization_request::own_origin,
    own_traces::record,
    page_tokens::use_page_tokens,
    provider::{Provider, provider, reachable, with_query},
    settings::settings,
};
use crate::{
    auth::{
        IDENTITY_PROVIDER, Visitor, VisitorContext, private_storage, sign_out_mark,
        tab_channel::SIGNED_OUT, visitor_context::device_now,
    },
    ui::Toasts,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    paths::page,
    session::{EndReason, LogoutScope},
    trace::{Step, Trace, TraceKind},
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
        let mut trace = Trace::begin(TraceKind::PageLogout, device_now());
        trace.provider = untrack(|| self.with(|visitor| visitor.provider().map(str::to_owned)));
        record(&mut trace, Step::TokensForgotten, &[]).await;
        let federated = scope == LogoutScope::Federated;
        let way = end_session(&provider, scope.into_str(), federated, tokens.id_token(), trace);
        let way = way.await;
        private_storage::clear();
        sign_out_mark::set(scope.into_str());
        tokens.drop_tokens(None);
        self.forget();
        self.tabs.publish(SIGNED_OUT);
        // Fails for no form of this document.
        let _ = way.leave();
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
                Some(provider) => {
                    let trace = Trace::begin(TraceKind::PageLogout, device_now());
                    let way = end_session(&provider, state, false, id_token, trace).await;
                    way.leave().is_ok()
                }
                None => false,
            };
            if !left {
                leave_to_signed_out(state);
            }
        });
    }
}

/// Where the browser goes to sign out, and what it takes along.
struct EndSession {
    /// None where the identity provider knows no logout.
    endpoint: Option<String>,
    fields: Vec<(&'static str, String)>,
    state: &'static str,
    trace: Trace,
}

/// OpenID Connect RP-Initiated Logout 1.0 §2.
async fn end_session(
    provider: &Provider,
    state: &'static str,
    federated: bool,
    id_token: Option<String>,
    mut trace: Trace,
) -> EndSession {
    let mut fields = vec![("client_id", settings().client_id)];
    fields.extend(id_token.map(|id_token| ("id_token_hint", id_token)));
    let back = format!("{}{}", own_origin(), page::SIGNED_OUT);
    fields.push(("post_logout_redirect_uri", back));
    fields.push(("state", state.to_owned()));
    let mut endpoint = provider.end_session_endpoint.clone();
    if let Some(address) = &mut endpoint {
        let mut shown = vec![("to", address.clone())];
        shown.extend(fields.iter().cloned());
        if federated {
            shown.push(("federated", "1".to_owned()));
            *address = with_query(address, "federated=1");
        }
        record(&mut trace, Step::PageEndSessionRequest, &shown).await;
    }
    EndSession { endpoint, fields, state, trace }
}

impl EndSession {
    /// As a form: an address would carry the ID token.
    fn leave(self) -> Result<(), JsValue> {
        use_page_tokens().traces.add(self.trace);
        let Some(endpoint) = self.endpoint else {
            leave_to_signed_out(self.state);
            return Ok(());
        };
        let form: HtmlFormElement = document().create_element("form")?.unchecked_into();
        form.set_method("post");
        form.set_action(&endpoint);
        for (name, value) in &self.fields {
            let field: HtmlInputElement = document().create_element("input")?.unchecked_into();
            field.set_type("hidden");
            field.set_name(name);
            field.set_value(value);
            form.append_child(&field)?;
        }
        if let Some(body) = document().body() {
            body.append_child(&form)?;
        }
        form.submit()
    }
}

fn leave_to_signed_out(state: &str) {
    // Fails for no page of this origin.
    let _ = window().location().assign(&format!("{}?state={state}", page::SIGNED_OUT));
}
