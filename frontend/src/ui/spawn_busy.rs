use leptos::{prelude::*, task::spawn_local};

/// Runs what a button began, and keeps the button busy meanwhile. The page may be gone by its end.
pub fn spawn_busy(busy: RwSignal<bool>, task: impl Future<Output = ()> + 'static) {
    busy.set(true);
    spawn_local(async move {
        task.await;
        let _ = busy.try_set(false);
    });
}
