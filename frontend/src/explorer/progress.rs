//! The visitor's progress: what this page finds from moment to moment, judged by `demonstrated` and kept by `seen`.

use super::{
    demonstrated::{Findings, Progress},
    evidence::{Evidence, use_evidence},
    seen::Seen,
};
use crate::{
    api,
    auth::{VisitorContext, use_visitor},
    ui::listen,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{paths::api::SESSION_TOKEN_USE, session::TokenUse, trace::Trace};
use web_sys::VisibilityState;

#[derive(Clone, Copy)]
pub struct ProgressContext {
    seen: Seen<Progress>,
    token_used_at: RwSignal<Option<i64>>,
    visitor: VisitorContext,
    evidence: Evidence,
}

/// After `provide_evidence`.
pub fn provide_progress() {
    let progress = ProgressContext {
        seen: Seen::kept(),
        token_used_at: RwSignal::new(None),
        visitor: use_visitor(),
        evidence: use_evidence(),
    };
    provide_context(progress);
    Effect::new(move || {
        progress.judge(|found| progress.seen.change(|before| before.after(found)));
    });
    progress.follow_token_use();
}

pub fn use_progress() -> ProgressContext {
    expect_context()
}

impl ProgressContext {
    pub fn with<T>(self, read: impl FnOnce(&Progress) -> T) -> T {
        self.seen.with(read)
    }

    /// What is known now, as signals.
    pub fn judge<T>(self, judge: impl FnOnce(&Findings<'_>) -> T) -> T {
        self.visitor.with(|visitor| {
            self.evidence.with_traces(|traces| {
                self.evidence.with_activities(|activities| {
                    let token_used_at = self.token_used_at.get();
                    judge(&Findings { visitor, traces, activities, token_used_at })
                })
            })
        })
    }

    pub fn note_silent_check(self, flow: &Trace) {
        self.seen.change(|before| before.after_silent_check(flow));
    }

    pub fn start_over(self) {
        let now = self.visitor.server_now();
        untrack(|| {
            self.visitor.with(|visitor| self.seen.change(|_| Progress::begin(now, visitor)));
        });
        self.evidence.clear_own();
    }

    /// Asks again when somebody else is signed in, and when the visitor comes back from the other shop.
    fn follow_token_use(self) {
        let customer = self.visitor.known_customer();
        Effect::new(move || {
            self.token_used_at.set(None);
            if customer.get().flatten().is_some() {
                self.ask_for_token_use();
            }
        });
        listen(&window(), "focus", move |_| {
            let is_visible = document().visibility_state() == VisibilityState::Visible;
            if is_visible && untrack(|| self.visitor.is_customer()) {
                self.ask_for_token_use();
            }
        });
    }

    fn ask_for_token_use(self) {
        let asked_for = untrack(|| self.visitor.customer());
        spawn_local(async move {
            let answer: Result<TokenUse, _> = api::get_in_background(SESSION_TOKEN_USE).await;
            // Meanwhile the page may have been left, or somebody else may have signed in.
            if let Ok(TokenUse { last_at }) = answer
                && untrack(|| self.visitor.customer()) == asked_for
            {
                self.token_used_at.try_set(last_at);
            }
        });
    }
}
