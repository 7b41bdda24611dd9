//! Signed in by tokens in this page's memory: the document's "SPAs with no backend using the Implicit Flow". Nothing of
//! the shop keeps the visitor signed in; whether they still are is asked of the identity provider's session.
//!
//! - a login: `authorization_request` → (the identity provider) → `authorization_response` → `sign_in`
//! - from then on: `renewal` → `frame` → (the identity provider, without a page) → `sign_in` again

mod authorization_request;
mod authorization_response;
mod code;
mod frame;
mod id_token;
mod keys;
mod own_traces;
mod page_tokens;
mod provider;
mod renewal;
mod settings;
mod sign_in;
mod sign_out;
mod signed_out_page;
mod tokens;
mod web_crypto;

pub use authorization_request::Flow;
pub use page_tokens::{SilentAnswer, use_page_tokens};
pub use settings::settings;
pub use signed_out_page::SignedOutRoute;
pub use tokens::TokenFacts;

use super::{VisitorContext, return_location::addressed_page};
use crate::api;
use leptos::task::spawn_local;
use shared::{
    paths::{self, page},
    session::SessionView,
};

/// Before anything is shown. Whether this document is only on the way to the identity provider.
pub fn begin_document() -> bool {
    api::connect(&settings().api);
    let leaves = authorization_request::leaves_for_login();
    if !leaves {
        authorization_response::take();
    }
    leaves
}

pub fn provide(visitor: VisitorContext) {
    let tokens = page_tokens::provide(visitor);
    let pending = authorization_response::pending();
    let is_about_a_problem = addressed_page().starts_with(page::SIGN_IN_PROBLEM);
    spawn_local(async move {
        // Deadlines and tokens are read by the shop's clock: this device's may be wrong.
        let told = api::get_in_background::<SessionView>(paths::api::SESSION).await;
        if let Ok(view) = told {
            visitor.note_server(&view);
        }
        match pending {
            Some(pending) => tokens.complete_login(pending).await,
            // What this page says of a login that failed stays true.
            None if is_about_a_problem => tokens.drop_tokens(None),
            None => tokens.arrive().await,
        }
    });
}
