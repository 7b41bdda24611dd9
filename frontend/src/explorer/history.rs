//! How the shop's session came to be what it is, as the shop tells it.

use crate::{
    api::{self, Latest},
    auth::{Visitor, use_visitor},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{paths, session_history::SessionHistory};

/// `None` until the shop has answered of the session that the visitor has now.
pub type History = Memo<Option<SessionHistory>>;

/// Asked for again whenever something happened to the session.
pub fn provide_history() {
    let visitor = use_visitor();
    let answered = RwSignal::new(None::<SessionHistory>);
    let session = visitor.session_fingerprint();
    let history: History =
        Memo::new(move |_| answered.get().filter(|answered| answered.session == session.get()));
    provide_context(history);
    let latest = Latest::new();
    Effect::new(move || {
        if visitor.with(Visitor::is_undecided) {
            return;
        }
        let answer = latest.take(api::get_in_background(paths::api::SESSION_HISTORY));
        spawn_local(async move {
            if let Some(Ok(answer)) = answer.await {
                // The page may have been left meanwhile.
                answered.try_set(Some(answer));
            }
        });
    });
}

pub fn use_history() -> History {
    expect_context()
}
