//! One event stream for all tabs of a browser. With HTTP/1.1 a browser has six connections to a server: with a
//! stream in every tab, the seventh tab would wait for ever.
//!
//! The tabs agree by the Web Locks API: whoever holds the lock follows the stream, and publishes to the others that
//! something changed. When its tab closes, or is kept for the Back button, or frozen, the lock goes to another one.
//! Without Web Locks (plain http elsewhere than on localhost) there is no stream, and each tab asks when it is
//! looked at.

use super::web_lock;
use crate::{
    auth::{VisitorContext, on_restored},
    ui::listen,
};
use js_sys::{Function, Promise};
use leptos::{prelude::*, task::spawn_local};
use shared::paths::api;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, EventSource};

const LOCK: &str = "storezero.session.events";
/// The first wait after the shop refused a stream; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_mins(1);

#[derive(Clone, Copy)]
struct Stream {
    context: VisitorContext,
    is_leader: RwSignal<bool>,
    /// Takes the request for the lock back. A tab asks once: a second request would be granted to the same tab,
    /// just as it leaves.
    request: StoredValue<Option<AbortController>, LocalStorage>,
    /// Gives the lock back.
    release: StoredValue<Option<Function>, LocalStorage>,
    source: StoredValue<Option<EventSource>, LocalStorage>,
    wait: StoredValue<Duration>,
    /// Counts up to open the stream again although the session is the same.
    again: RwSignal<u32>,
}

pub fn follow(context: VisitorContext) {
    let stream = Stream {
        context,
        is_leader: RwSignal::new(false),
        request: StoredValue::new_local(None),
        release: StoredValue::new_local(None),
        source: StoredValue::new_local(None),
        wait: StoredValue::new(FIRST_WAIT),
        again: RwSignal::new(0),
    };
    stream.ask_for_lock();
    // Another session has a stream of its own, and no session has none.
    let session = context.session_fingerprint();
    Effect::new(move || {
        stream.again.get();
        let is_followed = session.get().is_some() && stream.is_leader.get();
        stream.close();
        if is_followed {
            stream.open();
        }
    });
    // A page that holds a lock or a connection is not kept for the Back button.
    listen(&window(), "pagehide", move |_| stream.leave());
    on_restored(move || stream.ask_for_lock());
    // A frozen tab passes nothing on: another one listens meanwhile.
    listen(&document(), "freeze", move |_| stream.leave());
    listen(&document(), "resume", move |_| {
        stream.ask_for_lock();
        // What another tab passed on meanwhile may not have arrived.
        context.refresh();
    });
}

impl Stream {
    fn ask_for_lock(self) {
        if self.request.with_value(Option::is_some) {
            return;
        }
        let Ok(request) = AbortController::new() else {
            return;
        };
        let signal = request.signal();
        let taken_back = signal.clone();
        let granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            // Granted in the moment of leaving: this gives it back at once.
            if taken_back.aborted() {
                return JsValue::UNDEFINED;
            }
            self.is_leader.set(true);
            // The lock is held until this promise is kept.
            Promise::new(&mut |resolve, _| self.release.set_value(Some(resolve))).into()
        });
        // Without Web Locks nobody leads.
        if let Some(held) = web_lock::request(LOCK, Some(&signal), &granted) {
            spawn_local(async move {
                // Rejected when the request is taken back, which is no error.
                let _ = JsFuture::from(held).await;
            });
        }
        self.request.set_value(Some(request));
    }

    fn leave(self) {
        self.is_leader.set(false);
        self.close();
        if let Some(request) = self.request.try_update_value(Option::take).flatten() {
            // Does nothing to a lock that is held already.
            request.abort();
        }
        if let Some(release) = self.release.try_update_value(Option::take).flatten() {
            // Fails for no function of a promise.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }

    fn open(self) {
        let Ok(source) = EventSource::new(api::SESSION_EVENTS) else {
            return;
        };
        let on_message = Closure::<dyn Fn()>::new(move || self.context.refresh_all_tabs());
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let was_open = StoredValue::new(false);
        let on_open = Closure::<dyn Fn()>::new(move || {
            self.wait.set_value(FIRST_WAIT);
            // After a break, news may have been missed.
            if was_open.get_value() {
                self.context.refresh_all_tabs();
            }
            was_open.set_value(true);
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        let on_error = Closure::<dyn Fn()>::new(move || self.try_later());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // They live as long as the stream, of which there are few in a document's life.
        on_message.forget();
        on_open.forget();
        on_error.forget();
        self.source.set_value(Some(source));
    }

    /// The browser itself connects again after a broken connection, but not after an answer like 503.
    fn try_later(self) {
        let is_closed = self.source.with_value(|source| {
            source.as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED)
        });
        if !is_closed {
            return;
        }
        let wait = self.wait.get_value();
        self.wait.set_value((wait * 2).min(LONGEST_WAIT));
        set_timeout(move || self.again.update(|count| *count += 1), wait);
    }

    fn close(self) {
        if let Some(source) = self.source.try_update_value(Option::take).flatten() {
            source.close();
        }
    }
}
