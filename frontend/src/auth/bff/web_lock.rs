//! The Web Locks API: of a browser's tabs, one at a time has the lock of a name. A tab that closes gives its own back.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

/// `navigator.locks.request(name, { signal }, granted)`: the lock is held until the promise that `granted` returns is
/// kept. `None` without Web Locks (plain http elsewhere than on localhost).
pub fn request(name: &str, signal: Option<&AbortSignal>, granted: &JsValue) -> Option<Promise> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    if let Some(signal) = signal {
        Reflect::set(&options, &"signal".into(), signal).ok()?;
    }
    request.call3(&locks, &name.into(), &options, granted).ok()?.dyn_into().ok()
}

/// Does the work while no other tab has the lock; without Web Locks, at once.
pub async fn alone<T>(name: &str, work: impl Future<Output = T>) -> T {
    let (is_ours, say_ours) = promise();
    let (is_done, say_done) = promise();
    let granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        keep(&say_ours);
        is_done.into()
    });
    if request(name, None, &granted).is_some() {
        // It is never rejected.
        let _ = JsFuture::from(is_ours).await;
    }
    let done = work.await;
    keep(&say_done);
    done
}

/// A promise, and what keeps it.
fn promise() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |keep, _| resolve = Some(keep));
    (promise, resolve.unwrap_or_default())
}

fn keep(resolve: &Function) {
    // Fails for no function of a promise.
    let _ = resolve.call0(&JsValue::UNDEFINED);
}
