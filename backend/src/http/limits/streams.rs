//! The event streams that sessions have open.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The event streams that each session has open, the oldest first.
#[derive(Clone, Default)]
pub(super) struct Streams(Arc<Mutex<HashMap<String, VecDeque<Arc<Notify>>>>>);

/// One of them, as long as this exists.
pub struct OpenStream {
    streams: Streams,
    session_id: String,
    replaced: Arc<Notify>,
}

impl OpenStream {
    /// Resolves when newer ones have taken its place.
    pub async fn replaced(&self) {
        self.replaced.notified().await;
    }
}

impl Streams {
    /// One browser's tabs share one stream. One too many ends the oldest, which is likely to be that of a connection
    /// that broke off unseen: refused, a browser would have to ask again.
    pub(super) fn open(&self, session_id: &str, most: usize) -> OpenStream {
        let replaced = Arc::new(Notify::new());
        let mut streams = self.lock();
        let open = streams.entry(session_id.to_owned()).or_default();
        open.push_back(Arc::clone(&replaced));
        if open.len() > most
            && let Some(oldest) = open.pop_front()
        {
            oldest.notify_one();
        }
        OpenStream { streams: self.clone(), session_id: session_id.to_owned(), replaced }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Arc<Notify>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut streams = self.streams.lock();
        if let Some(open) = streams.get_mut(&self.session_id) {
            open.retain(|other| !Arc::ptr_eq(other, &self.replaced));
            if open.is_empty() {
                streams.remove(&self.session_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn a_stream_too_many_ends_the_oldest_of_its_session() {
        let streams = Streams::default();
        let open_stream = |session_id| streams.open(session_id, 2);
        let is_replaced = |stream: &OpenStream| stream.replaced().now_or_never().is_some();
        let other = open_stream("other");
        let first = open_stream("one");
        let second = open_stream("one");
        assert!(!is_replaced(&first));
        let third = open_stream("one");
        assert!(is_replaced(&first));
        drop(second);
        let fourth = open_stream("one");
        assert!(!is_replaced(&third) && !is_replaced(&fourth) && !is_replaced(&other));
        drop((first, third, fourth, other));
        assert!(streams.lock().is_empty());
    }
}
