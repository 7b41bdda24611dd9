//! What this browser does to its session, and says to the other tabs.

use super::own_traces;
use crate::{
    api::{self, ApiError},
    auth::{
        Visitor, VisitorContext, private_storage, sign_out_mark,
        tab_channel::{CHANGED, SIGNED_OUT},
    },
    ui::Toasts,
};
use leptos::prelude::window;
use serde_json::Value;
use shared::{
    paths,
    session::{AgeSession, EndReason, LogoutRequest, LogoutResponse, LogoutScope, SessionView},
};

impl VisitorContext {
    /// "Stay signed in": somebody is here.
    pub async fn extend_session(self) -> Result<(), ApiError> {
        let view: SessionView = api::post(paths::api::SESSION_TOUCH, &()).await?;
        self.tabs.publish(CHANGED);
        self.apply(view);
        Ok(())
    }

    /// As if so much time had passed, where the shop is a demo.
    pub async fn age_session(self, by: AgeSession) -> Result<(), ApiError> {
        api::post_in_background::<()>(paths::api::SESSION_AGE, &by).await?;
        self.tabs.publish(CHANGED);
        self.fetch().await;
        Ok(())
    }

    /// Ends the session, forgets what was private here, and leaves for the page that says what ended. On an
    /// error nothing has changed.
    async fn try_sign_out(self, scope: LogoutScope) -> Result<(), ApiError> {
        let LogoutResponse::<Value> { next, trace } =
            api::post(paths::auth::LOGOUT, &LogoutRequest { scope }).await?;
        private_storage::clear();
        own_traces::add(trace);
        // The document may be kept for the Back button: it must hold nothing of the customer.
        self.forget();
        self.tabs.publish(SIGNED_OUT);
        // Fails for no address that a backend of ours answers.
        let _ = window().location().assign(&next);
        Ok(())
    }

    /// What can be ended from here: only who came by way of a social provider has a session to end there.
    pub fn sign_out_scopes(self) -> &'static [LogoutScope] {
        use LogoutScope::{Federated, Idp, Local};
        let is_social = self.with(Visitor::can_sign_out_federated);
        if is_social { &[Local, Idp, Federated] } else { &[Local, Idp] }
    }

    /// For a button: says why somebody is still signed in, and answers whether they are.
    pub async fn sign_out(self, scope: LogoutScope, toasts: Toasts) -> bool {
        let answer = self.try_sign_out(scope).await;
        if let Err(error) = &answer {
            toasts.say(format!("You are still signed in. {}", error.detail()));
        }
        answer.is_err()
    }

    /// The shop has forgotten the customer; the rest is what a logout does.
    pub fn account_deleted(self, next: &str) {
        private_storage::clear();
        sign_out_mark::set(EndReason::AccountDeleted.into_str());
        self.forget();
        self.tabs.publish(CHANGED);
        // Fails for no address of this shop.
        let _ = window().location().assign(next);
    }
}
