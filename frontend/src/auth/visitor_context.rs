use super::{
    arrival::Arrival,
    private_storage,
    return_location::{addressed_page, same_page},
    sign_in_mark,
    tab_channel::{SIGNED_OUT, TabChannel},
    visitor::{Visitor, VisitorIdentity},
};
#[cfg(feature = "bff")]
use crate::api::Latest;
use crate::{
    api::ApiError,
    ui::{every, listen},
};
use leptos::{ev, prelude::*, task::spawn_local};
#[cfg(feature = "bff")]
use shared::session::{EndReason, SessionFacts};
use shared::{
    problem::kinds,
    session::{CustomerView, SessionLimits, SessionView},
};
use std::{pin::pin, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Event, PageTransitionEvent, VisibilityState};

/// The longest delay of `setTimeout`: a signed 32-bit number of milliseconds.
const LONGEST_TIMEOUT: i64 = i32::MAX as i64;
/// Two events that mean the same arrive together (`focus`, `visibilitychange`): one question is enough.
const ASK_AT_MOST_EVERY: f64 = 1_000.0;

/// The one place in the SPA that knows who is looking, and the whole of what pages know of signing in: who it is, the
/// requests that need them (`gated`), and the way out (`sign_out`). It never starts a login by itself.
///
/// How the answer is found is the build's: `bff` asks the backend for the session, `implicit` asks the identity
/// provider for tokens. Each implements `fetch`, `look_again`, `signed_out_elsewhere` and `sign_out`.
#[derive(Clone, Copy)]
pub struct VisitorContext {
    pub(super) visitor: RwSignal<Visitor>,
    /// By how many milliseconds the server's clock is ahead of this device's.
    clock_ahead: RwSignal<i64>,
    #[cfg(feature = "bff")]
    pub(super) latest: Latest,
    pub(super) asked_at: StoredValue<f64>,
    /// How the browser arrived at which page, until that page's `Gate` has asked for it.
    arrived: StoredValue<Option<(String, Arrival)>>,
    /// Why another tab said that nobody is signed in any more.
    #[cfg(feature = "bff")]
    pub(super) ended_elsewhere: StoredValue<Option<EndReason>>,
    pub(super) tabs: TabChannel,
    #[cfg(feature = "bff")]
    is_demo: RwSignal<bool>,
    kept_limits: RwSignal<Option<SessionLimits>>,
}

/// Knows nobody yet, and listens to whatever may change the answer: the tab is looked at again, another tab signed in
/// or out. `page` is where this document arrived.
pub(super) fn provide_visitor(page: String, arrival: Arrival) -> VisitorContext {
    let context = VisitorContext {
        visitor: RwSignal::new(Visitor::Unknown),
        clock_ahead: RwSignal::new(0),
        #[cfg(feature = "bff")]
        latest: Latest::new(),
        asked_at: StoredValue::new(f64::NEG_INFINITY),
        arrived: StoredValue::new(Some((page, arrival))),
        #[cfg(feature = "bff")]
        ended_elsewhere: StoredValue::new(None),
        tabs: TabChannel::open("storezero.session"),
        #[cfg(feature = "bff")]
        is_demo: RwSignal::new(false),
        kept_limits: RwSignal::new(None),
    };
    provide_context(context);
    context.listen();
    context
}

pub fn use_visitor() -> VisitorContext {
    expect_context()
}

impl VisitorContext {
    pub fn with<T>(self, read: impl FnOnce(&Visitor) -> T) -> T {
        self.visitor.with(read)
    }

    pub fn customer(self) -> Option<CustomerView> {
        self.with(|visitor| visitor.customer().cloned())
    }

    /// Who is signed in, if anybody; `None` until that is known.
    #[expect(clippy::option_option, reason = "not known yet is not nobody")]
    pub fn known_customer(self) -> Memo<Option<Option<CustomerView>>> {
        Memo::new(move |_| {
            self.with(|visitor| (!visitor.is_undecided()).then(|| visitor.customer().cloned()))
        })
    }

    pub fn is_customer(self) -> bool {
        self.with(|visitor| visitor.customer().is_some())
    }

    #[cfg(feature = "bff")]
    pub fn session(self) -> Option<SessionFacts> {
        self.with(|visitor| visitor.session().cloned())
    }

    pub fn has_session(self) -> bool {
        self.with(|visitor| visitor.session().is_some())
    }

    /// Tells one session from another.
    pub fn session_fingerprint(self) -> Memo<Option<String>> {
        Memo::new(move |_| self.with(|visitor| Some(visitor.session()?.fingerprint.clone())))
    }

    /// Calls `react` when another customer, or nobody, has taken the place of who was looking before.
    pub fn on_change(self, react: impl Fn() + 'static) {
        Effect::new(move |known: Option<Option<Option<VisitorIdentity>>>| {
            let known = known.flatten();
            let visitor = self.visitor.get();
            if visitor.is_undecided() {
                return known;
            }
            let identity = visitor.identity();
            if known.is_some_and(|known| known != identity) {
                react();
            }
            Some(identity)
        });
    }

    /// The server's time in milliseconds since the Unix epoch, which its deadlines are to be compared with.
    pub fn server_now(self) -> i64 {
        device_now() + self.clock_ahead.get_untracked()
    }

    /// The same as a signal, for countdowns: it ticks every second.
    pub fn server_clock(self) -> ReadSignal<i64> {
        let (clock, set_clock) = signal(self.server_now());
        every(Duration::from_secs(1), move || set_clock.set(self.server_now()));
        clock
    }

    /// Year and month by the server's clock (UTC), which a card's expiry is compared with.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit into 53 bits")]
    pub fn server_month(self) -> (i32, u32) {
        let date = js_sys::Date::new(&((device_now() + self.clock_ahead.get()) as f64).into());
        (i32::try_from(date.get_utc_full_year()).unwrap_or(i32::MAX), date.get_utc_month() + 1)
    }

    /// Whether the shop is a demo, which may age a session.
    #[cfg(feature = "bff")]
    pub fn is_demo(self) -> bool {
        self.is_demo.get()
    }

    /// What "Keep me signed in" would mean, once the shop has answered.
    pub fn kept_limits(self) -> Option<SessionLimits> {
        self.kept_limits.get()
    }

    /// How the browser arrived at `page`. Asking uses the answer up: whoever comes again has asked for it.
    pub(super) fn take_arrival(self, page: &str) -> Arrival {
        let arrived = self.arrived.try_update_value(Option::take).flatten();
        match arrived {
            Some((at, arrival)) if same_page(&at, page) => arrival,
            _ => Arrival::Asked,
        }
    }

    /// Until the shop is asked again, nothing is shown of who was looking.
    pub(super) fn forget(self) {
        self.visitor.set(Visitor::Unknown);
    }

    /// Asks again who is looking. Until the answer is there the last one stands.
    pub fn refresh(self) {
        spawn_local(self.fetch());
    }

    /// Sends a request that needs a customer. Where the shop answers that nobody is signed in, it is asked again who
    /// is looking, and the `Gate` around the page acts on it.
    pub async fn gated<T>(
        self,
        request: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        // A request's future lives on the heap once, not in every future around it.
        let answer = pin!(request).await;
        if let Err(error) = &answer
            && error.is(kinds::SIGN_IN_REQUIRED)
        {
            self.fetch().await;
        }
        answer
    }

    /// What the backend says beside who it is: its time, and what it is.
    pub(super) fn note_server(self, view: &SessionView) {
        self.clock_ahead.set(view.now - device_now());
        #[cfg(feature = "bff")]
        self.is_demo.set(view.is_demo);
        // Kept is a session of the shop's, which the other build has none of.
        self.kept_limits.set(cfg!(feature = "bff").then_some(view.kept_limits));
    }

    /// After something was put away for the visitor: where the shop has sessions, it may have begun one.
    pub fn something_was_kept(self) {
        if cfg!(feature = "bff") && !untrack(|| self.has_session()) {
            self.refresh();
        }
    }

    fn listen(self) {
        let looked_at = move || {
            let is_visible = document().visibility_state() == VisibilityState::Visible;
            let age = js_sys::Date::now() - self.asked_at.get_value();
            if is_visible && age >= ASK_AT_MOST_EVERY {
                self.look_again();
            }
        };
        listen(&window(), "focus", move |_| looked_at());
        listen(&document(), "visibilitychange", move |_| looked_at());
        listen(&window(), "online", move |_| looked_at());
        listen(&window(), "pagehide", move |event| {
            if is_kept_for_the_back_button(&event) {
                self.forget();
            }
        });
        on_restored(move || {
            sign_in_mark::take();
            self.arrived.set_value(None);
            self.forget();
            self.refresh();
        });
        // At once, not in an effect: it must hear of it before the router does, which then builds the page. The app
        // lives as long as its document: this listener is never removed.
        let _ = window_event_listener(ev::popstate, move |_| {
            self.arrived.set_value(Some((addressed_page(), Arrival::ByHistory)));
        });
        self.tabs.subscribe(move |message| {
            if message == SIGNED_OUT {
                private_storage::clear();
                self.signed_out_elsewhere();
            } else {
                self.refresh();
            }
        });
    }
}

/// Calls `react` when the Back button brings this document back as it was left.
pub fn on_restored(react: impl Fn() + 'static) {
    listen(&window(), "pageshow", move |event| {
        if is_kept_for_the_back_button(&event) {
            react();
        }
    });
}

fn is_kept_for_the_back_button(event: &Event) -> bool {
    event.unchecked_ref::<PageTransitionEvent>().persisted()
}

/// This device's clock, in milliseconds since the Unix epoch.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds fit into 53 bits")]
pub(super) fn device_now() -> i64 {
    js_sys::Date::now() as i64
}

/// Calls `act` in so many milliseconds; at once where that is in the past.
pub(super) fn after(milliseconds: i64, act: impl FnOnce() + 'static) {
    let wait = milliseconds.clamp(0, LONGEST_TIMEOUT);
    set_timeout(act, Duration::from_millis(u64::try_from(wait).unwrap_or_default()));
}
