use super::{
    decision::Arrival,
    event_stream,
    journey::{Navigation, Place, arrival, same_page},
    last_session, own_traces, private, sign_in_mark, step_up,
    visitor::{Stay, Visitor},
};
use crate::{
    api::{self, ApiError},
    ui::Toasts,
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    paths,
    problem::kinds,
    session::{
        AgeSession, EndReason, LogoutRequest, LogoutResponse, LogoutScope, SessionLimits,
        SessionView,
    },
};
use std::{pin::pin, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};

/// Two events that mean the same arrive together (`focus`, `visibilitychange`): one question is enough.
const ASK_AT_MOST_EVERY: f64 = 1_000.0;
/// The server's limit has surely passed by then, whatever the answer's way took.
const AFTER_DEADLINE: i64 = 1_500;
/// The longest delay of `setTimeout`: a signed 32-bit number of milliseconds.
const LONGEST_TIMEOUT: i64 = i32::MAX as i64;

/// The one place in the SPA that knows who is looking. It never starts a login by itself.
#[derive(Clone, Copy)]
pub struct VisitorContext {
    visitor: RwSignal<Visitor>,
    /// By how many milliseconds the server's clock is ahead of this device's.
    clock_ahead: RwSignal<i64>,
    /// Counts what was asked, so that an older answer never overwrites a newer one.
    asked: StoredValue<u64>,
    asked_at: StoredValue<f64>,
    /// How the browser arrived at which page, until that page's `Gate` has asked for it.
    arrived: StoredValue<Option<(String, Arrival)>>,
    /// Why another tab said that the session is over.
    heard: StoredValue<Option<EndReason>>,
    channel: StoredValue<Option<web_sys::BroadcastChannel>, LocalStorage>,
    is_demo: RwSignal<bool>,
    kept_limits: RwSignal<Option<SessionLimits>>,
}

/// Asks who is looking, and keeps asking where the answer may have changed: when the tab is looked at again,
/// when another tab signed in or out, when a limit has passed.
pub fn provide_visitor() {
    let mark = sign_in_mark::take();
    let page = here().return_to();
    let arrived = arrival(mark.as_deref(), &page, navigation());
    step_up::provide_intent(arrived == Arrival::CameBack);
    let context = VisitorContext {
        visitor: RwSignal::new(Visitor::Unknown),
        clock_ahead: RwSignal::new(0),
        asked: StoredValue::new(0),
        asked_at: StoredValue::new(f64::NEG_INFINITY),
        arrived: StoredValue::new(Some((page, arrived))),
        heard: StoredValue::new(None),
        channel: StoredValue::new_local(web_sys::BroadcastChannel::new("storezero.session").ok()),
        is_demo: RwSignal::new(false),
        kept_limits: RwSignal::new(None),
    };
    provide_context(context);
    context.listen();
    event_stream::follow(context);
    context.refresh();
}

pub fn use_visitor() -> VisitorContext {
    expect_context()
}

const SIGNED_OUT: &str = "signed-out";
/// The event stream said so to the tab that listens to it.
const CHANGED: &str = "changed";

impl VisitorContext {
    pub fn get(self) -> Visitor {
        self.visitor.get()
    }

    pub fn with<T>(self, read: impl FnOnce(&Visitor) -> T) -> T {
        self.visitor.with(read)
    }

    /// Calls `react` when another customer, or nobody, has taken the place of who was looking before.
    pub fn on_change(self, react: impl Fn() + 'static) {
        Effect::new(move |known: Option<Option<Option<Stay>>>| {
            let known = known.flatten();
            let visitor = self.visitor.get();
            if visitor.is_undecided() {
                return known;
            }
            let stay = visitor.stay();
            if known.is_some_and(|known| known != stay) {
                react();
            }
            Some(stay)
        });
    }

    /// The server's time in milliseconds since the Unix epoch, which its deadlines are to be compared with.
    pub fn server_now(self) -> i64 {
        now() + self.clock_ahead.get_untracked()
    }

    /// The shop has forgotten the customer; the rest is what a logout does. `next` says so.
    pub fn account_deleted(self, next: &str) {
        private::forget();
        self.visitor.set(Visitor::Unknown);
        self.tell_other_tabs(CHANGED);
        // Fails for no address of this shop.
        let _ = window().location().assign(next);
    }

    /// Whether the shop lets this session's time be hurried.
    pub fn is_demo(self) -> bool {
        self.is_demo.get()
    }

    /// What "Keep me signed in" would mean, once the shop has told.
    pub fn kept_limits(self) -> Option<SessionLimits> {
        self.kept_limits.get()
    }

    /// "Stay signed in": somebody is here.
    pub async fn stay(self) -> Result<(), ApiError> {
        let view: SessionView = api::post(paths::api::SESSION_TOUCH, &()).await?;
        self.tell_other_tabs(CHANGED);
        self.know(view);
        Ok(())
    }

    /// Makes this session older, where the shop is a demo.
    pub async fn age_session(self, minutes: i64) -> Result<(), ApiError> {
        let request = AgeSession { minutes };
        api::post_in_background::<()>(paths::api::SESSION_AGE, &request).await?;
        self.tell_other_tabs(CHANGED);
        self.ask().await;
        Ok(())
    }

    /// Something happened to the session: every tab asks for itself what.
    pub(super) fn hear(self) {
        self.tell_other_tabs(CHANGED);
        self.refresh();
    }

    /// How the browser arrived at `page`. Asking uses the answer up: whoever comes again has asked for it.
    pub(super) fn take_arrival(self, page: &str) -> Arrival {
        let arrived = self.arrived.try_update_value(Option::take).flatten();
        match arrived {
            Some((at, arrival)) if same_page(&at, page) => arrival,
            _ => Arrival::Asked,
        }
    }

    /// Asks again who is looking. Until the answer is there the last one stands.
    pub fn refresh(self) {
        spawn_local(async move { self.ask().await });
    }

    /// Sends a request that needs a customer. Where the shop answers that nobody is signed in, the visitor is
    /// asked for again, and the `Gate` around the page acts on it.
    pub async fn gated<T>(
        self,
        request: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        // A request's future lives on the heap once, not in every future around it.
        let answer = pin!(request).await;
        if let Err(error) = &answer
            && error.is(kinds::SIGN_IN_REQUIRED)
        {
            self.ask().await;
        }
        answer
    }

    /// Ends the session, forgets what was private here, and leaves for the page that says what ended. On an
    /// error nothing has changed.
    async fn sign_out(self, scope: LogoutScope) -> Result<(), ApiError> {
        let LogoutResponse { next, trace } =
            api::post(paths::auth::LOGOUT, &LogoutRequest { scope }).await?;
        private::forget();
        own_traces::keep(trace);
        // The document may be kept for the Back button: it must hold nothing of the customer.
        self.visitor.set(Visitor::Unknown);
        self.tell_other_tabs(SIGNED_OUT);
        // Fails for no address that a backend of ours answers.
        let _ = window().location().assign(&next);
        Ok(())
    }

    /// As `sign_out`, for a button: says why somebody is still signed in, and answers whether they are.
    pub async fn sign_out_or_say(self, scope: LogoutScope, toasts: Toasts) -> bool {
        match self.sign_out(scope).await {
            Ok(()) => false,
            Err(error) => {
                toasts.say(format!("You are still signed in. {}", error.detail()));
                true
            }
        }
    }

    async fn ask(self) {
        let turn = self.asked.get_value() + 1;
        self.asked.set_value(turn);
        self.asked_at.set_value(js_sys::Date::now());
        let answer = api::get_in_background::<SessionView>(paths::api::SESSION).await;
        if turn != self.asked.get_value() {
            return;
        }
        match answer {
            Ok(view) => self.know(view),
            // Somebody who was known stays so: a bad connection is no logout, and each request is checked anyway.
            Err(error) => {
                if self.visitor.with_untracked(Visitor::is_undecided) {
                    self.visitor.set(Visitor::Unreachable {
                        reason: error.detail().to_owned(),
                    });
                }
            }
        }
    }

    fn know(self, view: SessionView) {
        self.clock_ahead.set(view.now - now());
        self.is_demo.set(view.is_demo);
        self.kept_limits.set(Some(view.kept_limits));
        let visitor = Visitor::from(view).or_ended(self.heard.get_value());
        if let Visitor::Customer { session, .. } = &visitor {
            self.heard.set_value(None);
            // Tabs without a session follow no stream.
            if last_session::note(&session.fingerprint) {
                self.tell_other_tabs(CHANGED);
            }
        }
        self.ask_after_deadline(&visitor);
        if self.visitor.with_untracked(|known| *known != visitor) {
            self.visitor.set(visitor);
        }
    }

    fn ask_after_deadline(self, visitor: &Visitor) {
        let turn = self.asked.get_value();
        let Some(session) = visitor.session() else {
            return;
        };
        let deadline = session.idle_deadline.min(session.absolute_deadline);
        let wait =
            (deadline - self.server_now() + AFTER_DEADLINE).clamp(AFTER_DEADLINE, LONGEST_TIMEOUT);
        let ask = move || {
            if turn == self.asked.get_value() {
                self.refresh();
            }
        };
        set_timeout(
            ask,
            Duration::from_millis(u64::try_from(wait).unwrap_or_default()),
        );
    }

    fn listen(self) {
        let looked_at = move || {
            let visible = document().visibility_state() == web_sys::VisibilityState::Visible;
            let lately = js_sys::Date::now() - self.asked_at.get_value() < ASK_AT_MOST_EVERY;
            if visible && !lately {
                self.refresh();
            }
        };
        // The app lives as long as its document: these listeners are never removed.
        let _ = window_event_listener(ev::focus, move |_| looked_at());
        let _ = window_event_listener_untyped("visibilitychange", move |_| looked_at());
        let _ = window_event_listener_untyped("online", move |_| looked_at());
        let hide = move |event: web_sys::Event| {
            if is_persisted(&event) {
                self.visitor.set(Visitor::Unknown);
            }
        };
        let _ = window_event_listener_untyped("pagehide", hide);
        let restore = move |event: web_sys::Event| {
            if is_persisted(&event) {
                sign_in_mark::take();
                self.arrived.set_value(None);
                self.visitor.set(Visitor::Unknown);
                self.refresh();
            }
        };
        let _ = window_event_listener_untyped("pageshow", restore);
        // Heard before the router hears it, which then builds the page.
        let _ = window_event_listener(ev::popstate, move |_| {
            self.arrived
                .set_value(Some((here().return_to(), Arrival::ByHistory)));
        });
        self.listen_to_other_tabs();
    }

    fn listen_to_other_tabs(self) {
        let heard =
            Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
                if event.data().as_string().as_deref() == Some(SIGNED_OUT) {
                    private::forget();
                    self.heard.set_value(Some(EndReason::Logout));
                }
                self.refresh();
            });
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            }
        });
        // It lives as long as the channel, which lives as long as the document.
        heard.forget();
    }

    fn tell_other_tabs(self, what: &str) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                // Fails only for a closed channel; the other tabs then find out when they are looked at.
                let _ = channel.post_message(&what.into());
            }
        });
    }
}

/// The page in the address bar.
pub(super) fn here() -> Place {
    let location = window().location();
    Place::new(
        &location.pathname().unwrap_or_default(),
        &location.search().unwrap_or_default(),
        &location.hash().unwrap_or_default(),
    )
}

/// How the browser came to load this document.
fn navigation() -> Navigation {
    let kind = window().performance().and_then(|performance| {
        let entry = performance.get_entries_by_type("navigation").get(0);
        js_sys::Reflect::get(&entry, &"type".into())
            .ok()?
            .as_string()
    });
    Navigation::parse(&kind.unwrap_or_default())
}

pub fn is_persisted(event: &web_sys::Event) -> bool {
    event
        .dyn_ref::<web_sys::PageTransitionEvent>()
        .is_some_and(web_sys::PageTransitionEvent::persisted)
}

/// This device's clock, in milliseconds since the Unix epoch.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds fit into 53 bits"
)]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
