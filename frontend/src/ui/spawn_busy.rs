use leptos::{prelude::*, task::spawn_local};

/// Runs what a button began, unless it is busy with that already. The page may be gone by its end.
pub fn spawn_busy(busy: RwSignal<bool>, task: impl Future<Output = ()> + 'static) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        task.await;
        let _ = busy.try_set(false);
    });
}
