//! Who is looking, asked of the backend: `GET /api/session`.

use super::last_session;
use crate::{
    api,
    auth::{Visitor, VisitorContext, tab_channel::CHANGED, visitor_context::after},
};
use leptos::prelude::*;
use shared::{
    paths,
    session::{EndReason, SessionView},
};

/// The server's limit has surely passed by then, whatever the answer's way took.
const AFTER_DEADLINE: i64 = 1_500;
/// Within this time, in milliseconds, a key that the shop hands out has surely arrived.
const KEY_ON_ITS_WAY: i64 = 1_000;

impl VisitorContext {
    /// Here and in the other tabs.
    pub(super) fn refresh_all_tabs(self) {
        self.tabs.publish(CHANGED);
        self.refresh();
    }

    /// The tab is looked at again.
    pub(in crate::auth) fn look_again(self) {
        self.refresh();
    }

    pub(in crate::auth) fn signed_out_elsewhere(self) {
        self.ended_elsewhere.set_value(Some(EndReason::Logout));
        self.refresh();
    }

    pub(in crate::auth) async fn fetch(self) {
        self.asked_at.set_value(js_sys::Date::now());
        let request = api::get_in_background::<SessionView>(paths::api::SESSION);
        match self.latest.take(request).await {
            Some(Ok(view)) => self.apply(view),
            // Somebody who was known stays so: a bad connection is no logout, and each request is checked anyway.
            Some(Err(error)) if self.visitor.with_untracked(Visitor::is_undecided) => {
                let reason = error.detail().to_owned();
                self.visitor.set(Visitor::Unreachable { reason });
            }
            None | Some(Err(_)) => {}
        }
    }

    pub(super) fn apply(self, view: SessionView) {
        self.note_server(&view);
        let visitor = Visitor::from(view).or_ended(self.ended_elsewhere.get_value());
        if visitor.customer().is_some() {
            self.ended_elsewhere.set_value(None);
        }
        // Tabs without a session follow no stream.
        if visitor.session().is_some_and(|session| last_session::note(session, visitor.customer()))
        {
            self.tabs.publish(CHANGED);
        }
        self.refresh_after_deadline(&visitor);
        self.refresh_after_new_key(&visitor);
        if self.visitor.with_untracked(|known| *known != visitor) {
            self.visitor.set(visitor);
        }
    }

    fn refresh_after_deadline(self, visitor: &Visitor) {
        let Some(session) = visitor.session() else {
            return;
        };
        let turn = self.latest.current();
        let deadline = session.idle_deadline.min(session.absolute_deadline);
        let left = (deadline - self.server_now()).max(0);
        after(left + AFTER_DEADLINE, move || {
            if turn.is_latest() {
                self.refresh();
            }
        });
    }

    /// A session that is gone for no reason goes on under another key: a login in another tab replaced it, and this
    /// question was asked before the browser had the new one.
    fn refresh_after_new_key(self, visitor: &Visitor) {
        let is_gone = matches!(visitor, Visitor::Anonymous { session: None, ended: None, .. });
        if is_gone && self.visitor.with_untracked(|known| known.session().is_some()) {
            let turn = self.latest.current();
            after(KEY_ON_ITS_WAY, move || {
                if turn.is_latest() {
                    self.refresh();
                }
            });
        }
    }
}
