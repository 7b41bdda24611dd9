//! Staying signed in without a session of one's own: the document's silent authentication. The identity provider's
//! session is asked on arrival, at three quarters of each token's life, and when the API refuses a token.

use super::{
    authorization_request::{problem_page, silent_request},
    authorization_response::PendingLogin,
    frame,
    page_tokens::{PageTokens, SilentAnswer, TabMessage, use_page_tokens},
    provider::provider,
    sign_in,
    tokens::Tokens,
};
use crate::{
    api,
    auth::{
        VisitorContext,
        visitor_context::{after, device_now},
    },
};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use shared::session::{EndReason, SignInProblem};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::VisibilityState;

/// Tabs renew one after the other.
const LOCK: &str = "storezero.renewal";
/// After a question without an answer. Milliseconds.
const TRY_AGAIN_AFTER: i64 = 10_000;
/// A lock that nobody held is granted within so many milliseconds.
const AT_ONCE: i64 = 100;
/// How long the tab that renewed before may take to tell the others.
const NEWS_TAKES: Duration = Duration::from_millis(200);

impl PageTokens {
    pub(super) fn listen(self) {
        api::on_refused_token(move || Box::pin(self.renew()));
        self.channel.subscribe(move |text| match serde_json::from_str(text) {
            Ok(TabMessage::Held(tokens)) => self.hold(*tokens),
            Ok(TabMessage::CookiesBlocked) => self.set_cookies_blocked(true),
            Ok(TabMessage::Ended(reason)) if self.has_tokens() => self.drop_tokens(Some(reason)),
            // Of another version of this page.
            Ok(TabMessage::Ended(_)) | Err(_) => {}
        });
    }

    /// This document was opened by the answer to a login.
    pub(super) async fn complete_login(self, mut pending: PendingLogin) {
        let provider = provider().await;
        self.learn(provider.as_ref());
        let now = self.visitor.server_now();
        pending.record().await;
        let PendingLogin { mut sent, response } = pending;
        let completed = sign_in::complete(&mut sent, response, now).await;
        self.traces.add(sent.trace);
        match completed {
            Ok(tokens) => {
                self.publish(&TabMessage::Held(Box::new(tokens.clone())));
                self.hold(tokens);
                self.probe().await;
            }
            Err(problem) => {
                // Fails for no page of this origin.
                let _ = window().location().replace(&problem_page(problem, &sent.return_to));
            }
        }
    }

    /// This document was opened in any other way: is somebody signed in at the identity provider?
    pub(super) async fn arrive(self) {
        self.in_turn(self.generation.get_value()).await;
        if !self.has_tokens() {
            self.arrived_unknown();
        }
    }

    /// Other tokens than those that are held now, if the identity provider still knows who it is.
    pub(super) async fn renew(self) {
        self.in_turn(self.generation.get_value()).await;
    }

    /// A person wants to see it.
    pub fn ask(self) {
        self.is_wanted.set_value(true);
        spawn_local(self.renew());
    }

    /// Not behind a person's back: a hidden tab, or one without a network, renews when it is back.
    pub(super) fn renew_if_due(self) {
        let is_visible = document().visibility_state() == VisibilityState::Visible;
        let is_due = self.renew_at().is_some_and(|at| self.visitor.server_now() >= at);
        if is_due && is_visible && window().navigator().on_line() && !self.asking.get_untracked() {
            spawn_local(self.renew());
        }
    }

    pub(super) fn schedule(self) {
        if let Some(at) = self.renew_at() {
            self.renew_later(at - self.visitor.server_now());
        }
    }

    fn renew_later(self, milliseconds: i64) {
        let generation = self.generation.get_value();
        after(milliseconds, move || {
            if self.generation.get_value() == generation {
                self.renew_if_due();
            }
        });
    }

    /// Asks, unless another tab has brought new tokens meanwhile. `generation` counts those that are not enough.
    async fn in_turn(self, generation: u32) {
        let question = async move {
            if self.generation.get_value() == generation {
                self.question().await;
            }
        };
        one_at_a_time(question).await;
    }

    async fn question(self) {
        self.asking.set(true);
        self.visitor.asked_at.set_value(js_sys::Date::now());
        let generation = self.generation.get_value();
        let answer = self.ask_in_a_frame().await;
        self.asking.set(false);
        if self.generation.get_value() != generation {
            // Somebody signed in or out meanwhile, here or in another tab: this is the answer of before.
            return;
        }
        match answer {
            Some(Ok(tokens)) => {
                self.answer.set(Some(SilentAnswer::Tokens));
                if self.has_tokens() && !self.just_signed_in.get_value() {
                    self.renewals.update(|count| *count += 1);
                }
                self.set_cookies_blocked(false);
                self.publish(&TabMessage::Held(Box::new(tokens.clone())));
                self.hold(tokens);
            }
            Some(Err(
                problem @ (SignInProblem::LoginRequired | SignInProblem::InteractionRequired),
            )) => {
                self.answer.set(Some(SilentAnswer::Nobody(problem)));
                self.session_is_over(problem);
            }
            Some(Err(_)) => {
                self.answer.set(Some(SilentAnswer::Refused));
                self.without_answer();
            }
            None => {
                self.answer.set(Some(SilentAnswer::None));
                self.without_answer();
            }
        }
    }

    /// `None` without an answer: the frame was blocked, or the provider is away.
    async fn ask_in_a_frame(self) -> Option<Result<Tokens, SignInProblem>> {
        let is_wanted = self.is_wanted.get_value();
        self.is_wanted.set_value(false);
        let provider = provider().await;
        self.learn(provider.as_ref());
        let (address, mut sent) = silent_request(&provider?).await?;
        sent.trace.automatic = !is_wanted;
        let completed = match frame::ask(&address, &mut sent).await {
            Some(response) => {
                let now = self.visitor.server_now();
                Some(sign_in::complete(&mut sent, response, now).await)
            }
            None => None,
        };
        if self.just_signed_in.get_value() {
            self.traces.add_behind_newest(sent.trace);
        } else {
            self.traces.add(sent.trace);
        }
        completed
    }

    /// The identity provider knows nobody any more; unless it is only its cookie that does not arrive.
    fn session_is_over(self, problem: SignInProblem) {
        if !self.has_tokens() {
            return;
        }
        if self.just_signed_in.get_value() && problem == SignInProblem::LoginRequired {
            self.set_cookies_blocked(true);
            self.publish(&TabMessage::CookiesBlocked);
        }
        if self.are_cookies_blocked() {
            return self.without_answer();
        }
        let reason = EndReason::ProviderSessionEnded;
        self.publish(&TabMessage::Ended(reason));
        self.drop_tokens(Some(reason));
    }

    /// What is held is good until it runs out.
    fn without_answer(self) {
        let Some(expires_at) = self.expires_at() else {
            return;
        };
        let left = expires_at - self.visitor.server_now();
        if left <= 0 {
            return self.drop_tokens(Some(EndReason::TokenExpired));
        }
        // As it was, after a moment in which nothing was shown of it.
        self.show(None);
        if self.are_cookies_blocked() {
            self.renew_later(left);
        } else {
            self.renew_later(left.min(TRY_AGAIN_AFTER));
        }
    }

    /// Right after a login the identity provider knows who it is. Where a frame is told otherwise, its cookie is kept
    /// from frames, and no renewal will ever work.
    async fn probe(self) {
        self.set_cookies_blocked(false);
        self.just_signed_in.set_value(true);
        self.renew().await;
        self.just_signed_in.set_value(false);
    }
}

/// Runs `work` when no other tab of this browser, nor anything else on this page, does the like. Without Web Locks
/// (plain http elsewhere than on localhost) each runs as it comes.
async fn one_at_a_time(work: impl Future<Output = ()> + 'static) {
    let Some(locks) = locks() else {
        return work.await;
    };
    let asked_at = device_now();
    let work = async move {
        if device_now() - asked_at > AT_ONCE {
            wait(NEWS_TAKES).await;
        }
        work.await;
        Ok(JsValue::UNDEFINED)
    };
    let granted =
        Closure::once_into_js(move |_lock: JsValue| -> Promise { future_to_promise(work) });
    if let Some(done) = request(&locks, &granted) {
        // The work itself never fails.
        let _ = JsFuture::from(done).await;
    }
}

async fn wait(time: Duration) {
    let elapsed = Promise::new(&mut |resolve, _| {
        let end = move || {
            // Fails for no function of a promise.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        };
        set_timeout(end, time);
    });
    // A timer never fails.
    let _ = JsFuture::from(elapsed).await;
}

fn locks() -> Option<Object> {
    Reflect::get(&window().navigator(), &"locks".into()).ok()?.dyn_into().ok()
}

/// `locks.request(LOCK, granted)`
fn request(locks: &Object, granted: &JsValue) -> Option<Promise> {
    let request: Function = Reflect::get(locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call2(locks, &LOCK.into(), granted).ok()?.dyn_into().ok()
}

impl VisitorContext {
    /// Asks the identity provider again who it is.
    pub(in crate::auth) async fn fetch(self) {
        let tokens = use_page_tokens();
        if tokens.has_tokens() {
            tokens.renew().await;
        } else {
            tokens.arrive().await;
        }
    }

    /// The tab is looked at again, or online again.
    #[expect(clippy::unused_self, reason = "the form that it has in the other build")]
    pub(in crate::auth) fn look_again(self) {
        use_page_tokens().renew_if_due();
    }

    #[expect(clippy::unused_self, reason = "the form that it has in the other build")]
    pub(in crate::auth) fn signed_out_elsewhere(self) {
        use_page_tokens().drop_tokens(Some(EndReason::Logout));
    }
}
